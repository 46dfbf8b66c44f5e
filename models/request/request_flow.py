from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...rules import flow
from ...rules.evidence import says_nothing
from ...rules.flow import LATE, NEXT_STEP, PORTAL_NEWS, VOTE
from ..mixins.refusal import Problem

# Only the moves write these fields: create, write, import and RPC refuse them.
FLOW_FIELDS = frozenset(
    [
        "state",
        "round",
        "name",
        "access_token",
        "origin",
        "origin_reference",
        "policy_id",
        "submitted_on",
        "verified_by_id",
        "note_to_applicant",
        "completed_on",
        "verified_document_ids",
        "declaration_id",
        "declaration_ids",
        "raised_on",
        "review_days",
        "review_grace_days",
        "review_floor_on",
        "reply_due_on",
        "release_on",
        "released_on",
        "early_release_reason",
        "escalation",
        "clock_error",
        "clock_retry_on",
        "pause_ids",
        "step_ids",
        "referral_ids",
        "decision_ids",
        "appeal_ids",
        "appeal_id",
        "reopen_reason",
        "notice_ids",
        "reply_read_on",
        "amount_planned",
        "undelivered_reason",
    ]
)
# What the applicant asked for: it can be changed only until the verification.
ASKED_FIELDS = frozenset(
    [
        "beneficiary_id",
        "service_id",
        "channel_id",
        "delegate_id",
        "branch_id",
        "description",
        "amount_requested",
    ]
)
# What nobody has to do any more in these states. When a request is raised, the earlier
# recipients of reminders have acted, and the new ones have not been reminded.
ENDED_ACTIVITIES = {
    "in_review": [LATE],
    "decided": [VOTE, LATE],
    "accepted": [LATE],
    "rejected": [LATE],
    "cancelled": [LATE],
}


class RequestFlow(models.Model):
    """The moves of a request, by :data:`rules.flow.TRANSITIONS`.

    Each move also records the step of the policy that it performs, if there is one.
    """

    _inherit = "beneficiary.request"
    _transitions = flow.TRANSITIONS

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("verified", "Verified"),
            ("declared", "Declared"),
            ("in_review", "In Review"),
            ("decided", "Decided, Reply Held"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("registered", "Registered"),
            ("delivered", "Delivered"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        group_expand=True,
    )
    round = fields.Integer(
        default=1, required=True, readonly=True, copy=False, aggregator=None
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    note_to_applicant = fields.Text(
        readonly=True,
        copy=False,
        help="Why the request came back, as the applicant reads it.",
    )
    step_ids = fields.One2many(
        "beneficiary.request.step", "request_id", string="Steps", readonly=True
    )
    referral_ids = fields.One2many(
        "beneficiary.referral", "request_id", string="Referrals", readonly=True
    )
    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._check_new(vals_list)
        for vals in vals_list:
            self._refuse_vals(FLOW_FIELDS & vals.keys())
        self._complete_vals(vals_list)
        requests = self._without_defaults(FLOW_FIELDS)
        return super(RequestFlow, requests).create(vals_list)

    def write(self, vals):
        self._refuse_vals(FLOW_FIELDS & vals.keys())
        if ASKED_FIELDS & vals.keys() and any(
            request.state not in flow.EDITABLE for request in self
        ):
            raise UserError(
                self.env._(
                    "What was asked for can no longer be changed. Return the request "
                    "first, with a reason."
                )
            )
        if "committee_id" in vals and any(
            request.state not in flow.PREPARING for request in self
        ):
            raise UserError(self.env._("The request is already before its committee."))
        return super().write(vals)

    def _write_flow(self, vals):
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(request.state != "draft" for request in self):
            raise UserError(
                self.env._("Only a draft can be deleted. Cancel the request instead.")
            )

    def _move_to_file(self, name, file):
        """Set the file past ``write``: a merge does not change what was asked for."""
        return self._write_flow({name: file.id})

    # -- moves -------------------------------------------------------------------------

    def action_submit(self, evidence=None, minutes=0):
        """Step 1: the person was received, and their questions were answered (R11).

        :param evidence: the answers, in words
        :param minutes: minutes spent with the person
        """
        return self._move("submit", evidence=evidence, minutes=minutes)

    def action_verify(self, evidence=None):
        """Step 2: the information is complete, valid and matched (R12-R14)."""
        return self._move("verify", evidence=evidence)

    def action_return(self, reason=None):
        """Send the request back for completion; a new round begins."""
        return self._move("return", reason=reason)

    def action_declare(
        self,
        signed_by=None,
        signature=None,
        paper=None,
        witness_1=None,
        witness_2=None,
        waiver=None,
    ):
        """Step 4: the declaration that the data are correct (R16).

        :param signed_by: name of the responsible person, who signs
        :param signature: image of the signature, base64
        :param paper: scan of the signed paper, base64
        :param witness_1: name of a witness to a thumbprint on that paper
        :param witness_2: name of the other witness
        :param waiver: the reason why nobody can sign (groups, places, animals)
        """
        return self._move(
            "declare",
            signed_by=signed_by,
            signature=signature,
            paper=paper,
            witness_1=witness_1,
            witness_2=witness_2,
            waiver=waiver,
        )

    def action_raise(self):
        """Raise to the committee: the review clock starts (R18, R21)."""
        return self._move("raise")

    def action_release(self, reason=None):
        """Let the reply go out (R20, R21).

        :param reason: the reason, if the reply leaves before the end of the period
        """
        return self._move("release", reason=reason)

    def action_register(self, evidence=None):
        """Step 6: registration, once the requirements are complete (R24)."""
        return self._move("register", evidence=evidence)

    def action_deliver(self, evidence=None, reason=None):
        """Step 7: the service was provided (R25).

        :param evidence: what was done, in words
        :param reason: the reason, if a part of the grant is not delivered
        """
        return self._move("deliver", evidence=evidence, reason=reason)

    def action_close(self):
        """Close a request that was delivered or rejected."""
        return self._move("close")

    def action_cancel(self, reason=None):
        """Cancel (officer) or withdraw (applicant), with the reason."""
        return self._move("cancel", reason=reason)

    def action_notify(self, channel_id=None, text=None):
        """Step 5: tell the applicant about the committee and its period (R17).

        :param channel_id: id of the channel on which the person was told
        :param text: what was said
        """
        self.check_access("read")
        channel = self._read_id("beneficiary.channel", channel_id)
        for request in self:
            request._check_role(flow.FRONT_DESK)
            request._refuse(self._get_input_problems({"text": text}))
            problems = request.sudo()._guard_alive({})
            if request.state not in ("verified", "declared"):
                problems.append(
                    self.env._("The notice is given once the request is verified.")
                )
            if says_nothing(text):
                sentence = self.env._("Write what the applicant was told.")
                problems.append(Problem(sentence, None, "text"))
            if channel not in request.policy_id._get_channels():
                sentence = self.env._("Choose a channel that the policy allows.")
                problems.append(Problem(sentence, None, "channel_id"))
            elif channel.is_portal and not request.beneficiary_id._is_reached_online():
                problems.append(
                    self.env._(
                        "Choose another channel: the person has neither e-mail nor "
                        "portal access."
                    )
                )
            request._refuse(problems)
        self._record_step("notify", evidence=text, channel=channel)
        if channel.is_portal:
            self.env["beneficiary.notice"]._queue(self, "review_notice")
        else:
            self._log_contacts("review_notice", channel, text)
        return True

    def _log_contacts(self, event, channel, text):
        """Log that the applicants were told of ``event`` by a person (R5, R20).

        :param event: an event of the notices
        :return: the contacts, one of each request
        """
        return self.env["beneficiary.interaction"].create(
            [request._prepare_contact_vals(event, channel, text) for request in self]
        )

    def _prepare_contact_vals(self, event, channel, text):
        vals = {
            "subject": self.env["beneficiary.notice"]._get_label("event", event),
            "company_id": self.company_id.id,
            "beneficiary_id": self.beneficiary_id.id,
            "request_id": self.id,
            "branch_id": self.branch_id.id,
            "channel_id": channel.id,
            "direction": "out",
            "kind": "follow_up",
            "outcome": text,
        }
        if channel.requires_branch:
            vals["delegate_id"] = self.delegate_id.id or self.env.uid
        if channel.is_letter:
            letter = self.sudo()._get_letters()[:1]  # number and date are no secret
            if event in ("reply", "letter") and letter:
                number, day, _reissue = letter._get_letter()
            else:
                number, day = self.name, self.company_id._get_beneficiary_today()
            vals.update(letter_number=number, letter_date=day)
        return vals

    def _find_moves(self, name):
        """Return the move to the decided outcome, if the move could end in several."""
        found = super()._find_moves(name)
        if len(found) < 2:
            return found
        # Roles are checked later; delegates may not read decisions.
        outcome = self.sudo()._get_current_decision().outcome
        return [(target, move) for target, move in found if target == outcome]

    def _check_role(self, roles):
        # Groups first: they cost nothing, and committee seats need a query.
        if roles & self.env.user._get_beneficiary_roles():
            return None
        return super()._check_role(roles)

    def _get_roles(self):
        """Return the roles of the acting user on this request.

        Superuser rights (``sudo``) give no role: the user behind them counts.
        """
        self.ensure_one()
        user = self.env.user
        if self.env.uid == SUPERUSER_ID:
            return {flow.SYSTEM} | user._get_beneficiary_roles()
        if user._is_portal():
            # Superuser: applicants may not read the file, or the people named on it.
            applicants = self.sudo().beneficiary_id._get_portal_users()
            return {flow.APPLICANT} if user in applicants else set()
        return user._get_beneficiary_roles() | self._get_seat_roles()

    def _get_seat_roles(self):
        """Return the acting user's roles from a seat in the committee.

        Members who are recused from this study have none (R19).
        """
        self.ensure_one()
        request = self.sudo()  # the name of the committee is no secret
        roles = request.committee_id._get_seat_roles(self.env.user)
        return roles if roles and not self._is_recused() else set()

    def _is_recused(self):
        """Whether the acting user has an interest in the study of this round (R19)."""
        self.ensure_one()
        return self.sudo()._get_current_decision()._is_recused(self.env.user)

    def _do_move(self, target, given):
        # Moving a request shows that its news was seen and its next step taken.
        ended = [PORTAL_NEWS, NEXT_STEP, *ENDED_ACTIVITIES.get(target, ())]
        self.activity_unlink(ended)
        return super()._do_move(target, given)

    def _log_move(self, move, target, given):
        """Record the policy's step, and leave an internal note of the move."""
        if move.step:
            self._record_step(
                move.step,
                evidence=given.get("evidence"),
                minutes=given.get("minutes", 0),
            )
        body = self._describe_move(target, given.get("reason"))
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return super()._log_move(move, target, given)
