from odoo import fields, models

from ...rules import flow
from ..mixins.refusal import Problem


class RequestReply(models.Model):
    """Whether the reply was given, and what of a request waits for a person (R20).

    A request is closed only with proof that its reply was given: a notice left, the
    applicant opened the reply on the portal, or somebody told them and wrote down how.
    """

    _inherit = "beneficiary.request"

    reply_read_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the reply was first opened on the portal.",
    )
    attention = fields.Html(
        string="What Needs a Person",
        compute="_compute_attention",
        sanitize=False,
        groups="beneficiary_relations.group_delegate,"
        "beneficiary_relations.group_auditor",
    )
    pending_notice_id = fields.Many2one(
        "beneficiary.notice",
        string="Notice to Be Told",
        compute="_compute_attention",
        groups="beneficiary_relations.group_delegate,"
        "beneficiary_relations.group_auditor",
    )

    def _compute_attention(self):
        """Show on top what waits for a person: only what there is, is read."""
        for request in self:
            notices = request.pending_notice_count and request.notice_ids
            pending = (notices or self.env["beneficiary.notice"])._get_pending()
            request.pending_notice_id = pending.filtered(
                lambda notice: notice.event != "rating"
            )[:1]
            request.attention = self._list_html(
                [
                    *pending._describe_pending(),
                    *request._get_referral_attention(),
                    *request._get_delivery_attention(),
                ]
            )

    def _get_referral_attention(self):
        """Return sentences about a declined referral that nobody has followed up."""
        if self.state not in flow.PREPARING or not self.referral_count:
            return []
        latest = self.referral_ids.sorted("id")[-1:]
        if latest.state != "declined":
            return []
        return [
            self.env._(
                "The researcher declined the referral: “%(reason)s”. Refer the request "
                "again, or go on without an answer.",
                reason=latest.close_reason,
            )
        ]

    def _get_delivery_attention(self):
        """Return sentences about deliveries that did not reach the person."""
        if self.state not in ("registered", "delivered") or not self.delivery_count:
            return []
        lost = self.delivery_ids.filtered(
            lambda delivery: delivery.state in ("returned", "misdelivered")
        )
        return [
            self.env._(
                "Delivery %(number)s did not reach the person: plan it again, or write "
                "why it is not delivered.",
                number=delivery.name,
            )
            for delivery in lost
            if not delivery.correction_ids & self._get_kept_deliveries()
        ]

    def _get_reply_notices(self):
        """Return the notices of the reply of this round."""
        return self.notice_ids.filtered(
            lambda notice: notice.event == "reply" and notice.round == self.round
        )

    def _guard_reply(self, given):
        """R20: nobody is left without the reply.

        No notice was made for the dead and for migrated requests.
        """
        notices = self._get_reply_notices()
        is_read = (
            self.released_on
            and self.reply_read_on
            and (self.reply_read_on >= self.released_on)
        )
        if not notices or is_read or any(notice._is_settled() for notice in notices):
            return []
        if notices._get_pending():
            sentence = self.env._(
                "The reply has not reached the applicant. Send it again, or tell them "
                "and press “Record as Told”."
            )
        else:
            sentence = self.env._(
                "The reply is still in the queue. Close the request once it has left."
            )
        return [Problem(sentence, self, "attention", "notice_ids")]

    def action_send_again(self):
        """Send the failed notices of these requests once more, where that can help.

        :raise AccessError: unless the acting user is an officer
        :raise UserError: when no failed notice is left to send
        """
        self.check_access("read")
        for request in self:
            request._check_role(flow.OFFICERS)
        failed = self.notice_ids._get_pending().filtered(
            lambda notice: notice.state == "failed"
        )
        if not failed:
            sentence = self.env._("No notice has failed: there is nothing to send.")
            self._refuse([sentence])
        return failed.action_try_again()

    def _portal_read_reply(self):
        """Record that the applicant has opened the reply: the proof that they have it.

        Only the first time counts. Nothing is recorded before the reply has left.
        """
        self._portal_check()
        request = self.sudo()  # applicants may not write requests
        if request._is_reply_unread():
            request._write_flow({"reply_read_on": fields.Datetime.now()})

    def _is_reply_unread(self):
        self.ensure_one()
        released = self.released_on
        return bool(
            released and not (self.reply_read_on and self.reply_read_on >= released)
        )

    def _portal_get_page(self):
        page = super()._portal_get_page()
        page["is_reply_unread"] = page["reply"] and self.sudo()._is_reply_unread()
        return page

    # -- the amount --------------------------------------------------------------------

    amount_granted = fields.Monetary(
        string="Amount Approved",
        compute="_compute_amount_granted",
        compute_sudo=True,
        help="What the committee approved; shown once the reply has left.",
    )

    def _compute_amount_granted(self):
        """Nobody learns of a decision from here before its reply has left (R21)."""
        for request in self:
            request.amount_granted = (
                request._get_granted_amount() if request.released_on else 0
            )
