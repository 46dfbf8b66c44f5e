from odoo import api, fields, models

from ...rules import flow
from ...rules.flow import NEXT_STEP


class RequestAppeal(models.Model):
    """The ways to a new study of a request (R42).

    Either the applicant appeals against a rejection, or a manager reopens the request
    with a reason. A manager also takes back an acceptance or a cancellation that was a
    mistake, as long as nothing is handed over. All stay visible. Each begins a new
    round with its own clock. The earlier decision keeps its dates, its reply and its
    votes.
    """

    _inherit = "beneficiary.request"

    appeal_ids = fields.One2many(
        "beneficiary.appeal", "request_id", string="Appeals", readonly=True
    )
    appeal_id = fields.Many2one(
        "beneficiary.appeal",
        string="Studied on Appeal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The appeal that the present study, or the last one, is about.",
    )
    appeal_until = fields.Datetime(
        compute="_compute_appeal_until", help="The end of the appeal period."
    )
    reopen_reason = fields.Text(string="Why It Was Reopened", readonly=True, copy=False)

    @api.depends("decision_ids.appeal_until", "round")
    def _compute_appeal_until(self):
        for request in self.sudo():  # delegates may not read decisions
            request.appeal_until = request._get_current_decision().appeal_until

    # -- actions -----------------------------------------------------------------------

    def action_appeal(self, reason=None, channel_id=None):
        """Appeal against the rejection (R42): other members study the request again.

        :param reason: the reason, in the applicant's words
        :param channel_id: id of the channel on which the applicant appealed, and was
            told about the committee and its period; ignored for portal users
        """
        channel = self._read_id("beneficiary.channel", channel_id)
        return self._move("appeal", reason=reason, channel=channel)

    def action_reopen(self, reason=None):
        """Reopen a request: it is prepared, declared and studied again.

        :param reason: what is new, or what was wrong; the applicant reads this text
        """
        return self._move("reopen", reason=reason)

    # -- guards ------------------------------------------------------------------------

    def _guard_rejected(self, given):
        if self._get_current_decision().outcome == "rejected":
            return []
        return [self.env._("Only a rejection is studied again.")]

    def _guard_was_submitted(self, given):
        if self.submitted_on:
            return []
        return [self.env._("It was cancelled as a draft. Make a new request.")]

    def _guard_appeal_channel(self, given):
        """R17: the appeal needs a channel to tell the committee and its period."""
        if "channel" not in given or self._get_appeal_channel(given):
            return []
        return [self.env._("Choose a channel that the policy allows.")]

    def _get_appeal_channel(self, given):
        channels = self.policy_id._get_channels()
        if self.env.user._is_portal():
            return channels.filtered("is_portal")[:1]
        return channels & given["channel"]

    def _guard_appeal(self, given):
        if self.appeal_ids:
            return [
                self.env._(
                    "This request was already appealed, and only one appeal is "
                    "possible. A manager may reopen it, with a reason."
                )
            ]
        until = self.appeal_until
        if not until:
            return [self.env._("Only a rejection is studied again.")]
        if fields.Datetime.now() > until:
            return [
                self.env._(
                    "The period for an appeal ended on %(date)s. A manager may reopen "
                    "the request, with a reason.",
                    date=self._format_moment(until),
                )
            ]
        return []

    # -- what the moves write ----------------------------------------------------------

    def _do_appeal(self, target, given):
        for appeal in self.env["beneficiary.appeal"]._file(self, given["reason"]):
            appeal.request_id._write_flow({"appeal_id": appeal.id})
        self._begin_round(given["reason"], keep=("receive", "verify", "declare"))
        for request in self:
            committee = request.committee_id.appeal_committee_id
            if committee:
                request._write_flow({"committee_id": committee.id})
        # Filing an appeal tells the applicant the committee and the period (R17).
        for request in self:
            request._record_step(
                "notify",
                evidence=request.policy_id._has_step("notify")
                and request.policy_id.notice_text,
                channel=request._get_appeal_channel(given),
            )
        self._start_clock()

    def _after_appeal(self, target):
        self.env["beneficiary.decision"]._open(self)
        self.env["beneficiary.notice"]._queue(self, "review_notice")

    def _do_reopen(self, target, given):
        self._begin_round(given["reason"])
        self._reset_clock()  # also if it was cancelled before a reply
        self.sudo().decision_ids._supersede()  # managers may not write decisions
        self._write_flow({"reopen_reason": given["reason"]})
        for request in self.filtered("appeal_id"):
            # The request is no longer under appeal: it goes back to the committee of
            # the first study.
            committee = request.appeal_id.decision_id.committee_id
            request._write_flow({"appeal_id": False, "committee_id": committee.id})

    def _after_reopen(self, target):
        self.env["beneficiary.notice"]._queue(self, "reopened")
        self._tell_office(
            NEXT_STEP, lambda env: env._("Reopened by the manager: verify it anew")
        )

    def _is_just_reopened(self):
        """Whether the note to the applicant is the reason of the reopening."""
        self.ensure_one()
        reason = self.reopen_reason
        return bool(reason) and self.note_to_applicant == reason

    def _begin_round(self, reason, keep=("receive",)):
        """Begin a round: void the steps of the last round, and keep them on record.

        :param keep: codes of the steps that stay valid
        """
        self.step_ids._void(reason, keep)
        if "declare" not in keep:
            self.declaration_id._void(reason)
            self._write_flow(
                {
                    "note_to_applicant": reason,
                    "completed_on": False,
                    "declaration_id": False,
                }
            )
            # Most requests come back before anybody verified them.
            self.filtered("verified_by_id")._write_flow(
                {"verified_by_id": False, "verified_document_ids": [(5,)]}
            )
        for request in self:
            request._write_flow({"round": request.round + 1, "escalation": "0_none"})
        # If the last reply has left, the new round gets its own clock.
        self.filtered("released_on")._reset_clock()

    # -- portal ------------------------------------------------------------------------

    def _portal_appeal(self, reason, files=()):
        """Appeal as the applicant; see :meth:`action_appeal`.

        :param files: pairs of name and content (base64), photos and PDFs
        """
        self._portal_check("appeal")
        self.sudo().action_appeal(reason=reason)
        self.sudo().appeal_id._attach(files)
        self._portal_tell_office(
            lambda env: env._("The applicant appeals against the rejection")
        )
        return True

    def _portal_can_appeal(self):
        """Whether the applicant may appeal now; only a released rejection allows it."""
        self.ensure_one()
        request = self.sudo()
        # Without a period there is no rejection: earlier appeals need not be read.
        return (
            request.portal_state in flow.states_before("appeal")
            and bool(request.appeal_until)
            and not request._guard_appeal({})
        )
