from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import flow, referral_flow
from ...rules.evidence import says_nothing
from ..mixins.refusal import Problem

# Set when the referral is made; after that only its moves write these fields.
SENT_FIELDS = frozenset(["request_id", "kind", "question", "researcher_id", "due_on"])
# Only the moves write these fields: create, write, import and RPC refuse them.
MOVE_FIELDS = frozenset(
    [
        "state",
        "sender_id",
        "sent_on",
        "accepted_on",
        "answered_on",
        "answered_by_id",
        "closed_on",
        "closed_by_id",
        "close_reason",
        "escalation",
    ]
)
ACTIVITY_TYPES = [
    "beneficiary_relations.mail_activity_type_referral",
    "beneficiary_relations.mail_activity_type_study_visit",
]


class ReferralFlow(models.Model):
    """The moves of a referral, by :data:`rules.referral_flow.TRANSITIONS`."""

    _inherit = "beneficiary.referral"
    _transitions = referral_flow.TRANSITIONS
    _next_depends = ("state", "researcher_id")

    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("accepted", "Taken On"),
            ("answered", "Answered"),
            ("declined", "Declined"),
            ("revoked", "Revoked"),
        ],
        default="sent",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    sender_id = fields.Many2one(
        "res.users",
        string="Sent By",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    sent_on = fields.Datetime(
        default=fields.Datetime.now, required=True, readonly=True, copy=False
    )
    accepted_on = fields.Datetime(readonly=True, copy=False)
    answer = fields.Text(copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closed_on = fields.Datetime(
        string="Declined or Revoked On", readonly=True, copy=False
    )
    closed_by_id = fields.Many2one(
        "res.users", string="Declined or Revoked By", readonly=True, copy=False
    )
    close_reason = fields.Text(
        string="Why Declined or Revoked", readonly=True, copy=False
    )

    # What the acting user may do now. Only screens use this; the moves check again.
    can_answer = fields.Boolean(compute="_compute_can")
    can_revoke = fields.Boolean(compute="_compute_can")
    can_reopen = fields.Boolean(compute="_compute_can")

    @api.depends("state", "researcher_id", "sender_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for referral in self:
            roles = referral._get_roles()
            is_open = referral.state in referral_flow.OPEN
            referral.can_answer = is_open and bool(roles & referral_flow.ANSWER.roles)
            referral.can_revoke = is_open and bool(roles & referral_flow.REVOKE.roles)
            referral.can_reopen = referral.state == "answered" and bool(
                roles & referral_flow.REOPEN.roles
            )

    def _get_next_step(self):
        if not self.can_answer:
            return False
        if self.kind == "case_study" and self.state == "sent":
            return "accept"
        if self.kind == "case_study" and self._get_study_problems():
            return False  # it is written first
        return "answer"

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_vals(MOVE_FIELDS & vals.keys())
        referrals = self._without_defaults(MOVE_FIELDS)
        return super(ReferralFlow, referrals).create(vals_list)

    def write(self, vals):
        self._refuse_vals((MOVE_FIELDS | SENT_FIELDS) & vals.keys())
        if "answer" in vals and any(
            referral.state not in referral_flow.OPEN for referral in self
        ):
            raise UserError(
                self.env._("An answer cannot be changed after it was sent.")
            )
        return super().write(vals)

    def _write_flow(self, vals):
        return super().write(vals)

    # -- moves -------------------------------------------------------------------------

    def action_accept(self):
        """The named researcher accepts the referral."""
        return self._move("accept")

    def action_answer(self, answer=None):
        """Answer and send back; the step is recorded on the request (R15).

        :param answer: for a clarification, the text to tell the applicant; None takes
            the text of the field. A case study is its own answer.
        """
        return self._move("answer", answer=answer)

    def action_decline(self, reason=None):
        """The named researcher sends the referral back, with the reason."""
        return self._move("decline", reason=reason)

    def action_revoke(self, reason=None):
        """The sender or a manager takes the referral back, with the reason."""
        return self._move("revoke", reason=reason)

    def action_reassign(self, researcher_id=None, due_date=None):
        """A manager sends the referral to another researcher.

        :param researcher_id: id of the user
        :param due_date: new date by which to answer; None keeps the current date
        """
        due_date = fields.Date.to_date(self._read_date("due_on", due_date))
        researcher = self._read_id("res.users", researcher_id)
        return self._move("reassign", researcher=researcher, due_date=due_date)

    def action_reopen(self, reason=None):
        """The researcher or a manager takes up a referral that was answered by mistake.

        :param reason: the mistake, as it stays on record
        """
        return self._move("reopen", reason=reason)

    def _get_roles(self):
        """Return the roles of the acting user on this referral.

        Superuser rights (``sudo``) give no role: the user behind them counts.
        """
        self.ensure_one()
        user = self.env.user
        held = user._get_beneficiary_roles()
        roles = held & {flow.MANAGER}
        if user == self.researcher_id and flow.RESEARCHER in held:
            roles.add(referral_flow.RESEARCHER)
        if user == self.sender_id and flow.FRONT_DESK & held:
            roles.add(referral_flow.SENDER)
        return roles

    def _get_role_refusal(self, roles):
        if referral_flow.RESEARCHER in roles:
            return self.env._(
                "This referral was sent to %(researcher)s, who alone answers it. A "
                "manager may send it to another researcher.",
                researcher=self.researcher_id.sudo().name,
            )
        if referral_flow.SENDER in roles:
            return self.env._("Only the sender or a manager can take a referral back.")
        return self.env._("Only a manager sends a referral to another researcher.")

    def _withdraw(self, reason):
        """Revoke the open ones of these referrals, because their request has ended."""
        ongoing = self.filtered(lambda referral: referral.state in referral_flow.OPEN)
        ongoing._do_move("revoked", {"reason": reason})

    # -- guards ------------------------------------------------------------------------

    def _guard_alive(self, given):
        return self.request_id._guard_alive(given)

    def _guard_answer(self, given):
        if self.kind == "case_study":
            return self._get_study_problems()
        if not says_nothing(given["answer"] or self.answer):
            return []
        return [Problem(self.env._("Write the answer."), self, "answer")]

    def _guard_researcher(self, given):
        problems = []
        if not given["researcher"]:
            sentence = self.env._("Choose a social researcher.")
            problems.append(Problem(sentence, None, "researcher_id"))
        elif given["researcher"] == self.researcher_id:
            problems.append(self.env._("This researcher has the referral already."))
        due_date = given["due_date"]
        if due_date and due_date < self.company_id._get_beneficiary_today():
            sentence = self.env._("The date by which to answer has passed.")
            problems.append(Problem(sentence, None, "due_date"))
        return problems

    def _guard_before_committee(self, given):
        if self.request_id.state in flow.PREPARING:
            return []
        return [
            self.env._(
                "The committee has this answer, or had it. Send another referral that "
                "corrects it."
            )
        ]

    # -- what each move writes, and its effects ----------------------------------------

    def _do_accept(self, target, given):
        self._write_flow({"accepted_on": fields.Datetime.now()})

    def _after_accept(self, target):
        self.filtered(lambda referral: referral.kind == "case_study")._open_study()

    def _do_answer(self, target, given):
        self._write_flow(
            {"answered_on": fields.Datetime.now(), "answered_by_id": self.env.uid}
        )
        for referral in self:
            if referral.kind == "clarification":
                answer = given["answer"] or referral.answer
                referral._write_flow({"answer": answer.strip()})

    def _after_answer(self, target):
        for referral in self:
            evidence = referral._get_evidence()
            referral.request_id._record_step("refer", evidence=evidence)
            referral.activity_feedback(
                ACTIVITY_TYPES, user_id=referral.researcher_id.id
            )
        self.activity_unlink(ACTIVITY_TYPES)
        self._tell_sender(lambda env: env._("The researcher answered"))

    def _do_reopen(self, target, given):
        """Void the step of this answer; the answer stays until it is written anew."""
        for referral in self:
            evidence = referral._get_evidence()
            answered = referral.request_id.step_ids.filtered(
                lambda step, evidence=evidence: (
                    step.code == "refer" and step.evidence == evidence
                )
            )
            answered._void(given["reason"], keep=())
            referral._message_log(
                body=self.env._(
                    "Answered by mistake: %(reason)s (the answer was: %(answer)s)",
                    reason=given["reason"].strip(),
                    answer=evidence,
                )
            )
        now = fields.Datetime.now()
        self._write_flow({"answered_on": False, "answered_by_id": False})
        self.filtered(lambda referral: not referral.accepted_on)._write_flow(
            {"accepted_on": now}
        )

    def _after_reopen(self, target):
        self.activity_unlink(ACTIVITY_TYPES)
        self._ask_researcher()

    def _do_decline(self, target, given):
        self._end(given["reason"])

    def _after_decline(self, target):
        self.activity_unlink(ACTIVITY_TYPES)
        self._tell_sender(lambda env: env._("The researcher declined: read why"))

    def _do_revoke(self, target, given):
        self._end(given["reason"])

    def _after_revoke(self, target):
        self.activity_unlink(ACTIVITY_TYPES)

    def _end(self, reason):
        self._write_flow(
            {
                "closed_on": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "close_reason": reason.strip(),
            }
        )

    def _do_reassign(self, target, given):
        self._write_flow(
            {
                "researcher_id": given["researcher"].id,
                "accepted_on": False,
                "escalation": "0_none",
            }
        )
        if day := given["due_date"]:
            for company, referrals in self.grouped("company_id").items():
                end = company._get_beneficiary_end_of_day(day)
                referrals._write_flow({"due_on": end})

    def _after_reassign(self, target):
        self.activity_unlink(ACTIVITY_TYPES)
        self._ask_researcher()

    def _get_evidence(self):
        """Return the evidence for the request's step: the kind and the result.

        For a case study this is only the recommendation, because its findings have
        narrower access rights.
        """
        if self.kind == "clarification":
            return self.env._("Clarification: %(answer)s", answer=self.answer)
        return self.env._(
            "Case study: %(recommendation)s",
            recommendation=self._get_label("recommendation"),
        )

    def _ask_researcher(self):
        """Plan an activity for the researcher to answer."""
        for referral in self:
            referral._plan(
                referral.researcher_id,
                (lambda env: env._("Case study"))
                if referral.kind == "case_study"
                else lambda env: env._("A question about the procedure"),
                referral._get_local_day(referral.due_on),
            )

    def _tell_sender(self, summary):
        for referral in self:
            today = referral.company_id._get_beneficiary_today()
            referral._plan(referral.sender_id, summary, today)

    def _plan(self, user, summary, deadline):
        """Plan one activity for ``user`` on each of these referrals.

        :param summary: function that takes the environment of the user and returns
            the words
        """
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY_TYPES[0],
            date_deadline=deadline,
            summary=summary(self.with_context(lang=user.lang).env),
            user_id=user.id,
        )
