from odoo import fields, models
from odoo.fields import Domain

from ...rules import flow
from ...rules.flow import NEXT_STEP


class RequestEffect(models.Model):
    """What each move of a request writes, and what follows; only the flow calls it."""

    _inherit = "beneficiary.request"

    def _do_submit(self, target, given):
        self._resume_clock()  # only raised requests have a clock
        self._write_flow({"note_to_applicant": False})
        first = self.filtered(lambda request: not request.submitted_on)
        first._write_flow({"submitted_on": fields.Datetime.now()})
        # These drafts were made before any policy was in force.
        unruled = self.filtered(lambda request: not request.policy_id)
        for company, requests in unruled.grouped("company_id").items():
            requests._write_flow({"policy_id": company._get_beneficiary_policy().id})

    def _do_return(self, target, given):
        # Before and after its study, a request has no decision that could end.
        studied = self.filtered(lambda request: request.state in flow.STUDIED)
        studied.sudo().decision_ids._withdraw()  # officers may not write decisions
        self._pause_clock(given["reason"])
        self._begin_round(given["reason"])
        self.filtered(lambda request: request.state == "in_review")._tell_office(
            NEXT_STEP,
            lambda env: env._("Returned by the committee: complete it and raise it"),
        )

    def _after_return(self, target):
        self.env["beneficiary.notice"]._queue(self, "returned")

    def _do_raise(self, target, given):
        self._start_clock()
        self.filtered(lambda request: request.escalation != "0_none")._write_flow(
            {"escalation": "0_none"}
        )

    def _after_raise(self, target):
        self.env["beneficiary.decision"]._open(self)

    def _do_decide(self, target, given):
        self._hold_reply()

    def _do_release(self, target, given):
        self._stop_clock(given.get("reason"))

    def _after_release(self, target):
        self._get_current_decisions()._number_letters()
        self.env["beneficiary.notice"]._queue(self, "reply")
        if target == "accepted":
            self._tell_office(
                NEXT_STEP, lambda env: env._("Accepted: the registration is next")
            )

    def _do_cancel(self, target, given):
        self._write_flow({"note_to_applicant": given["reason"]})
        self.sudo().decision_ids._withdraw()  # as above
        self.sudo().referral_ids._withdraw(given["reason"])
        self.sudo().pause_ids._end()  # the applicant has nothing left to complete

    def _record_step(self, code, evidence=None, minutes=0, channel=None):
        """Add a line for step ``code`` to each of these requests.

        Where the policy leaves the step out, there is a line only if somebody wrote
        what was done: nothing that was typed is lost.
        """
        return self.env["beneficiary.request.step"]._record(
            self.filtered(
                lambda request: evidence or request.policy_id._has_step(code)
            ),
            code,
            evidence=evidence,
            minutes=minutes,
            channel=channel,
        )

    def _get_recusal_reasons(self, interested):
        """Return the users who may not vote on this request, each with the reason.

        :param interested: users who declared an interest in the request
        :return: ``{user: reason}``
        """
        self.ensure_one()
        verifiers = self.step_ids.filtered(lambda step: step.code == "verify").doer_id
        appealed = self.appeal_id.decision_id.vote_ids
        stood_aside = appealed.filtered(lambda vote: vote.choice == "recused")
        voters = appealed.filtered("choice") - stood_aside
        groups = (
            (
                stood_aside.user_id,
                self.env._("The member stood aside from the first study."),
            ),
            (interested, self.env._("The member declared an interest.")),
            (
                voters.user_id,
                self.env._("The member voted on the decision appealed against."),
            ),
            (
                self.document_ids.matched_by_id
                | self.beneficiary_id.verification_ids.matched_by_id,
                self.env._("The member matched data or papers of the request."),
            ),
            (verifiers, self.env._("The member verified the request.")),
            (
                self.beneficiary_id._get_interested_users(),
                self.env._("The member is the applicant."),
            ),
        )
        return {user: reason for users, reason in groups for user in users}

    def _may_recuse(self, user):
        """Whether a reason of :meth:`_get_recusal_reasons` can hold for ``user``.

        A quick check for each vote, in two queries. If in doubt, the answer is yes:
        :meth:`_get_recusal_reasons` then decides.
        """
        self.ensure_one()
        file = Domain.OR(
            [
                [("document_ids.matched_by_id", "=", user.id)],
                [("verification_ids.matched_by_id", "=", user.id)],
                [("portal_user_ids", "=", user.id)],
                [("partner_id.user_ids", "=", user.id)],
                [("representative_ids.user_id", "=", user.id)],
            ]
        )
        verified = Domain("code", "=", "verify") & Domain("doer_id", "=", user.id)
        part = Domain("beneficiary_id", "any", file) | Domain(
            "step_ids", "any", verified
        )
        requests = self.sudo().with_context(active_test=False)
        return bool(
            requests.search_count(Domain("id", "=", self.id) & part, limit=1)
            or self.env["beneficiary.committee.interest"]
            .sudo()  # voters may not be allowed to read these
            .search_count([("user_id", "=", user.id)], limit=1)
        )

    def _get_steps(self, code=None):
        """Return the lines of this request that are not void, latest last."""
        self.ensure_one()
        return self.step_ids.filtered(
            lambda step: not step.voided_on and code in (None, step.code)
        ).sorted("id")
