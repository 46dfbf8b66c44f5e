from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...rules import quorum, session_flow
from ...rules.evidence import says_nothing

# Choices that need a reason.
REASONED = {"reject", "recused"}
# Roles in the committee that close a vote.
LEADERS = {"chair", "secretary"}
# Reasons why a vote could never be closed, with the message to the managers, who can
# change it.
SHORTAGES = {
    "shortage": lambda env: env._(
        "Too few members may study this request: seat members or substitutes in its "
        "committee"
    ),
    "leaderless": lambda env: env._(
        "Nobody may close the vote on this request: seat a secretary in its committee"
    ),
}


class DecisionBallot(models.Model):
    """The members who study a request: ballots, recusal, substitutes (R19, R42).

    Members with an interest are recused from the start. These are the applicant,
    officers who verified the request or matched its data, members with an interest in
    the register, and, on an appeal, members who voted on the decision appealed
    against. Substitutes are called while recusals leave fewer members than the quorum
    of the whole committee.
    """

    _inherit = "beneficiary.decision"

    vote_ids = fields.One2many("beneficiary.vote", "decision_id", string="Votes")
    revision = fields.Integer(
        help="Counts changes of the vote, so that simultaneous changes are made one "
        "after the other.",
        aggregator=None,
    )
    ballots_on = fields.Date(
        help="The day on which was last looked at whether terms and interests that "
        "begin or end by date change who studies it."
    )
    shortage = fields.Char(
        string="Why It Cannot Be Decided", compute="_compute_shortage"
    )

    _ballots_due = models.Index("(company_id, ballots_on) WHERE state = 'open'")

    @api.depends("vote_ids.choice", "state")
    def _compute_shortage(self):
        # Searched as superuser: ``vote_ids`` has only the votes that a reader may see.
        ballots = self.env["beneficiary.vote"].sudo()
        ballots = ballots.search_fetch([("decision_id", "in", self.ids)])
        by_decision = ballots.grouped("decision_id")
        for decision in self:
            of_decision = by_decision.get(decision._origin, ballots.browse())
            # As superuser: some readers may not read the committee with its rule.
            problems = decision.sudo()._get_shortage(of_decision)
            decision.shortage = " ".join(problems.values())

    # -- dealing -----------------------------------------------------------------------

    def _refresh_ballots(self):
        """Serialise with voting and closing, then update the ballots.

        For callers other than :meth:`action_vote` and :meth:`action_close_vote`.
        """
        self._take_turns()
        self._update_ballots()

    def _update_ballots(self):
        """Update the ballots of open studies: seats, interests and terms of today."""
        # As superuser: the managers who edit seats may not read ballots.
        decisions = self.sudo().filtered(lambda decision: decision.state == "open")
        seats = decisions.committee_id._get_members_in_office()
        interested = self.env["beneficiary.committee.interest"]._find(
            decisions.request_id
        )
        vals_list = []
        for decision in decisions:
            reasons = {
                vote.user_id: vote.reason  # recused in any seat they have now
                for vote in decision.vote_ids
                if vote.choice == "recused"
            } | decision.request_id._get_recusal_reasons(
                interested[decision.request_id]
            )
            decision._recuse(reasons)
            decision._update_chair()
            vals_list += decision._prepare_ballots(seats, reasons)
        if dealt := self.env["beneficiary.vote"]._deal(vals_list):
            dealt.decision_id._call_to_sessions()
        decisions.vote_ids._end_asking()
        short = {
            decision: decision._get_shortage(decision.vote_ids)
            for decision in decisions
        }
        for code, summary in SHORTAGES.items():
            of_code = decisions.filtered(
                lambda decision, code=code: code in short[decision]
            )
            of_code._tell_managers(code, summary)
            # If the shortage comes again, the managers are told again.
            (decisions - of_code)._forget_told(code)

    @api.model
    def _cron_follow_terms(self):
        """Update the open studies and coming sessions, once a day each (R19).

        Terms and interests begin and end by date, without any action of a user.
        """
        opened = Domain("state", "=", "open")
        for (company,) in self._read_group(opened, ["company_id"]):
            today = company._get_beneficiary_today()
            stale = Domain("ballots_on", "=", False) | Domain("ballots_on", "<", today)
            ours = opened & Domain("company_id", "=", company.id)
            if not self._sweep(
                ours & stale,
                lambda decisions: decisions._follow_terms(),
                order="ballots_on, id",
            ):
                return
        sessions = self.env["beneficiary.committee.session"].search(
            [("state", "in", list(session_flow.AGENDA_OPEN))]
        )
        for some in sessions._group_by_association():
            self._treat(
                some,
                lambda some: some._call_members(),
                give_up=lambda session, error: None,
            )

    def _follow_terms(self):
        """Update the ballots of these studies, of one association, for today."""
        # First, so that both are one UPDATE with what `_take_turns` writes. When a row
        # is written again in its transaction, PostgreSQL looks up and locks the
        # request of the study as well: it would collide with whoever moves it.
        self.ballots_on = self.company_id._get_beneficiary_today()
        self._refresh_ballots()

    def _postpone(self, error):
        """Try a study again tomorrow if its ballots could not be updated."""
        self.ballots_on = self.company_id._get_beneficiary_today()

    def _recuse(self, reasons):
        """Recuse the members in ``reasons``, and take back their votes."""
        self.ensure_one()
        for vote in self.vote_ids:
            if vote.choice != "recused" and vote.user_id in reasons:
                if vote.choice:
                    self._log_taken_back(vote, reasons[vote.user_id])
                vote._write_choice("recused", reasons[vote.user_id])

    def _log_taken_back(self, vote, reason):
        """Note that a vote was cast and taken back, without the choice."""
        self.request_id._message_log(
            body=self.env._(
                "The vote of %(name)s was taken back. %(reason)s",
                name=vote.user_id.name,
                reason=reason,
            )
        )
        self._tell_managers(
            f"taken_back_{vote.id}", lambda env: env._("A vote was taken back")
        )

    def _update_chair(self):
        """Mark the ballot of the present chair: it has the casting vote."""
        self.ensure_one()
        for vote in self.vote_ids:
            if vote.is_chair != (vote.member_id.role == "chair"):
                vote.is_chair = not vote.is_chair

    def _prepare_ballots(self, seats, reasons):
        """Return values of the missing ballots of members in office.

        :param seats: seats in office today, of this and other committees
        :param reasons: ``{user: why recused}``
        """
        self.ensure_one()
        seats = seats.filtered(lambda seat: seat.committee_id == self.committee_id)
        substitutes = seats.filtered(lambda seat: seat.role == "substitute")
        new = seats - substitutes - self.vote_ids.member_id
        new += self._call_substitutes(seats - substitutes, substitutes, reasons)
        return [
            {
                "decision_id": self.id,
                "member_id": seat.id,
                "user_id": seat.user_id.id,
                "is_chair": seat.role == "chair",
                **self._prepare_recusal(reasons.get(seat.user_id)),
            }
            for seat in new
        ]

    @api.model
    def _prepare_recusal(self, reason):
        return {"choice": "recused", "reason": reason} if reason else {}

    def _call_substitutes(self, members, substitutes, reasons):
        """Return the substitutes to call now, in the order of the list.

        Substitutes with an interest do not count: the next one is called as well.
        """
        votes = self.vote_ids.filtered(lambda vote: vote.choice == "recused")
        recused = votes.member_id | (members | substitutes).filtered(
            lambda seat: seat.user_id in reasons
        )
        wanted = quorum.substitutes(
            len(members), len(members & recused), self.committee_id._get_rule()
        )
        called = substitutes.browse()
        for seat in substitutes:
            if wanted <= 0:
                break
            called += seat
            wanted -= seat not in recused
        return called - self.vote_ids.member_id

    def _get_shortage(self, ballots):
        """Return why the vote on this study could never be closed, and what to do.

        :param ballots: all ballots of this decision
        :return: ``{code: sentence}``
        """
        self.ensure_one()
        if self.state != "open":
            return {}
        base = ballots.filtered(
            lambda vote: vote.choice != "recused" and vote._counts()
        )
        problems = {}
        if missing := quorum.missing(len(base), self.committee_id._get_rule()):
            problems["shortage"] = self.env._(
                "No quorum is possible: others are recused, or voted on the decision "
                "appealed against. Members missing: %(missing)s. A manager seats "
                "members or substitutes under Committees.",
                missing=missing,
            )
        if not LEADERS & set(base.member_id.mapped("role")):
            problems["leaderless"] = self.env._(
                "Nobody may close the vote: neither a chair nor a secretary is in "
                "office who has no interest, and did not vote on the decision appealed "
                "against. A manager seats a secretary under Committees."
            )
        return problems

    # -- voting ------------------------------------------------------------------------

    def _check_open_to_votes(self):
        """Raise unless the user may read these studies, and their persons are alive.

        One query answers both; only a refusal takes more.
        """
        living = self.env["beneficiary.request"]._get_living_domain()
        wanted = Domain("id", "in", self.ids) & Domain("request_id", "any!", living)
        if len(self.search(wanted)) == len(self):
            return
        self._check_readable()
        for request in self.sudo().request_id:  # members read few fields of a file
            request._refuse(request._guard_alive({}))

    def action_vote(self, choice, reason=None):
        """Cast, or change, the acting member's own vote.

        :param choice: accept, reject, abstain or recused
        :param reason: needed to reject and to step aside
        """
        self._check_input(choice=choice, reason=reason)
        self._check_open_to_votes()
        for decision in self.sudo():  # members may not write decisions
            decision._take_turns()
            vote = decision._get_own_vote()
            if choice not in dict(vote._fields["choice"].selection):
                raise UserError(self.env._("Accept, reject, abstain or step aside."))
            if choice in REASONED and says_nothing(reason):
                raise UserError(self.env._("Write the reason of your vote."))
            vote._write_choice(choice, reason)
            if choice == "recused":
                decision._update_ballots()  # may call a substitute
        return True

    @api.model
    def _check_input(self, **given):
        """Raise unless the values are texts: RPC may send anything."""
        requests = self.env["beneficiary.request"]
        if problems := requests._get_input_problems(given):
            raise UserError("\n".join(problems))

    def action_open_vote(self):
        """Open the small form on which a member votes.

        A button may set the choice by ``default_choice`` in the context.
        """
        self.ensure_one()
        self.check_access("read")
        context = {"default_decision_id": self.id}
        if choice := self.env.context.get("default_choice"):
            context["default_choice"] = choice
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Vote"),
            "res_model": "beneficiary.vote.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def _get_own_vote(self):
        """Return the ballot that the acting user may fill in now, or raise why not.

        All ballots are updated only if this one may be out of date. The others are
        updated before the vote is closed.
        """
        self.ensure_one()
        user = self.env.user
        vote = self._get_vote_of(user)
        is_sure = vote and vote._counts() and not self.appeal_id
        if not is_sure or self.request_id._may_recuse(user):
            self._update_ballots()
            vote = self._get_vote_of(user)
        if not vote or not vote._counts():
            raise AccessError(
                self.env._("Only members of the committee in office vote on a request.")
            )
        self._check_open()
        if self._is_recused(user):
            raise AccessError(
                self.env._("You are recused from this request, and have no vote.")
            )
        return vote

    def _get_vote_of(self, user):
        """Return the ballot of ``user``.

        A member who took a new seat has several ballots: the one of the present seat is
        returned. For a member who left, it is the last one.
        """
        votes = self.vote_ids.filtered(lambda vote: vote.user_id == user)
        return votes.filtered(lambda vote: vote._counts())[:1] or votes[-1:]

    def _is_recused(self, user):
        """Whether ``user`` is recused from this study."""
        return any(
            vote.choice == "recused" and vote.user_id == user for vote in self.vote_ids
        )

    def _take_turns(self):
        """Increment ``revision`` before anything else, to serialise transactions.

        Of two concurrent transactions on one decision, PostgreSQL makes the second one
        fail. It is retried, and then it sees the votes of the first one.
        """
        for decision in self:
            decision.revision += 1
        self.flush_recordset(["revision"])
        # Read all votes anew: only some of them may be in the cache.
        self.invalidate_recordset(["vote_ids"])

    def _check_open(self):
        if self.state != "open":
            raise UserError(self.env._("This vote was already closed."))

    def _clear_votes(self):
        """Clear the votes cast and ask for them again: the proposal has changed."""
        cast = self._get_cast_votes()
        cast._keep("proposal")
        cast.write({"choice": False, "reason": False, "voted_on": False})
        waiting = self.vote_ids.filtered(lambda vote: not vote.choice)
        waiting._ask_anew(self._describe_last_proposal)

    def _get_cast_votes(self):
        """Return the ballots that accept, reject or abstain."""
        return self.vote_ids.filtered(lambda vote: vote.choice in quorum.CAST)

    # -- counting ----------------------------------------------------------------------

    def _get_result(self):
        """Return the result of the votes as they stand (R19).

        The base are the members in office now, with their present roles.
        """
        self.ensure_one()
        rule = self.committee_id._get_rule()
        return quorum.decide(self._get_ballots().values(), rule, self._counts_ahead())

    def _get_ballots(self):
        """Return ``{vote: ballot}`` of the members in office, for the rule."""
        self.ensure_one()
        return {
            vote: quorum.Ballot(vote.choice or None, vote.is_chair)
            for vote in self.vote_ids
            if vote._counts()
        }
