from odoo import api, fields, models

from ...rules import flow


class RequestEscalation(models.Model):
    """Reminders about a late reply: to members, study leaders and managers (R22).

    Lateness never accepts or rejects an applicant.
    """

    _inherit = "beneficiary.request"

    shortage = fields.Char(
        string="Why It Cannot Be Decided",
        compute="_compute_shortage",
        compute_sudo=True,  # managers need it, but may not read an open study
    )

    @api.depends("decision_ids.shortage", "state")
    def _compute_shortage(self):
        for request in self:
            studied = request.state == "in_review"  # only an open decision lacks votes
            request.shortage = studied and request._get_current_decision().shortage

    def _escalate(self, escalation, audience):
        """Remind the people who must act next, each in their language; note the level.

        :param escalation: the level to write on these requests
        :param audience: name of the method that returns the users to remind
        """
        summary = {
            "1_member": lambda env: env._("The reply is due soon: it waits for you"),
            "2_chair": lambda env: env._("The reply is late: it waits for you"),
            "3_manager": lambda env: env._(
                "The reply is late, and who it waits for was told"
            ),
        }[escalation]
        seats = self.committee_id._get_members_in_office()  # read once for all requests
        nobody = seats.browse()
        seats = seats.grouped("committee_id")
        wanted = [
            (request, user)
            for request in self
            for user in getattr(request, audience)(
                seats.get(request.committee_id, nobody)
            )
        ]
        self._tell_late(wanted, summary)
        self._get_current_decisions()._remind(wanted, summary)
        self._write_flow({"escalation": escalation})

    def _tell_late(self, wanted, summary):
        """Plan an activity for each (request, user): the user looks at the request.

        :param summary: function that takes the environment of the user and returns
            the words
        """
        self._schedule_activities(
            flow.LATE,
            [(request, user, summary) for request, user in wanted],
        )

    def _end_lateness(self):
        """Delete the activities that were planned for a late or failed reply."""
        self.activity_unlink([flow.LATE])

    def _tell_office(self, xmlid, summary=False):
        """Plan an activity for the officer of each request, else for a manager.

        :param xmlid: xmlid of the activity type
        :param summary: as :meth:`_schedule_activities` takes it; by default the
            summary of the type
        """
        self._schedule_activities(
            xmlid,
            [
                (request, user, summary)
                for request in self
                for user in request._get_news_user()
            ],
        )

    def _get_waited_for_users(self, seats):
        """Return the members who have not voted; if all have, the study leaders.

        :param seats: the seats in office in the committee of this request
        """
        self.ensure_one()
        waited_for = self._get_current_decision().vote_ids.filtered(
            lambda vote: not vote.choice and vote.member_id in seats
        )
        return waited_for.user_id or self._get_leading_users(seats)

    def _get_leading_users(self, seats):
        """Return who can close the vote: the chair, else the secretary, else a manager.

        A request that came back from its committee has no vote: return its officer.
        """
        self.ensure_one()
        decision = self._get_current_decision()
        if not decision:
            return self.officer_id or self._get_manager_users()
        for role in ("chair", "secretary"):
            leading = seats.filtered(
                lambda seat, role=role: (
                    seat.role == role and not decision._is_recused(seat.user_id)
                )
            ).user_id
            if leading:
                return leading
        return self._get_manager_users()

    def _get_manager_users(self, seats=None):
        return self.company_id._get_beneficiary_manager()
