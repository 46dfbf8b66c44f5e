from odoo import fields, models


class NoticeStop(models.Model):
    """Notices that are stopped before they reach the person.

    Nobody writes to the dead, and nobody is asked for what they have done already. What
    has left stays as it is. If the death was recorded by mistake, the notices that were
    stopped and are still needed wait for an officer: they are late already.
    """

    _inherit = "beneficiary.notice"

    stop_reason = fields.Text(string="Why Not Sent", readonly=True, copy=False)

    def _stop_for_death(self):
        self._stop(self.env._("The person has died: nothing is sent in this name."))

    def _drop_needless(self):
        """Take back those of these notices that ask for what was done in the meantime.

        They have not left, so nobody was told anything: no trace of them is needed.
        """
        (self - self._filter_needed())._drop()

    def _drop(self):
        """Take back those of these notices that have not left yet."""
        dropped = self.filtered(lambda notice: notice.state in ("queued", "waiting"))
        if dropped:
            # Odoo deletes messages one by one, and reads each with its own queries if
            # they are not read together before.
            requests = dropped.request_id.with_prefetch()
            messages = dropped.mail_message_id.with_prefetch()
            messages.unlink()  # with what is queued of them
            dropped.unlink()
            requests.notice_ids._end_activities(requests)

    def _filter_needed(self):
        return self.filtered(
            lambda notice: notice._get_subject()._needs_notice(notice.event)
        )

    def _leave_out_the_dead(self):
        """Stop the notices to people who have died, and return the other ones."""
        dead = self.filtered(
            lambda notice: notice.request_id.beneficiary_id._is_deceased()
        )
        dead._stop_for_death()
        return self - dead

    def _stop(self, reason):
        """Stop those of these notices that have not reached the person."""
        stopped = self.filtered(
            lambda notice: notice.state in ("queued", "failed", "waiting")
        )
        messages = stopped.mail_message_id
        queued = self.env["mail.mail"].sudo()
        queued.search([("mail_message_id", "in", messages.ids)]).cancel()
        texts = self.env["sms.sms"].sudo()
        texts.search(
            [("mail_message_id", "in", messages.ids), ("state", "=", "outgoing")]
        ).action_set_canceled()
        stopped.write({"stop_reason": reason, "retry_on": False})
        stopped.notification_id.write({"notification_status": "canceled"})

    def _go_on(self):
        """Let an officer deal with those of these notices that were stopped."""
        stopped = self.filtered("stop_reason")._filter_needed()
        stopped.write({"stop_reason": False})
        stopped._ask_officers(
            self.env._("A notice was stopped by mistake: send it again, or tell them")
        )
