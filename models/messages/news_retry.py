from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .notice_retry import LASTING_FAILURES

# Odoo's queues, and the state of what did not leave.
QUEUES = {"mail.mail": "exception", "sms.sms": "error"}
# How long it is tried again, each hour, before the office is asked.
PATIENCE = timedelta(days=1)
BATCH = 500


class NewsRetry(models.AbstractModel):
    """News that did not leave: tried again for a day, then the office is asked (R22).

    An answer, the time of a visit and a decided change go through Odoo's queues, which
    try once. They hold no state of their own: a failed message that is younger than a
    day goes back into the queue, an older one is cancelled there and becomes the task
    of who looks after its record. Notices of requests are followed one by one, see
    ``beneficiary.notice``.
    """

    _name = "beneficiary.news.retry"
    _description = "News That Did Not Leave"

    @api.model
    def _cron_follow_up(self):
        """Send failed news again; ask the office about what fails for a day (R22)."""
        for queue, failed in QUEUES.items():
            domain = self._get_own_domain() & Domain("state", "=", failed)
            messages = self.env[queue].search(domain, order="id", limit=BATCH)
            messages = messages.try_lock_for_update().filtered_domain(domain)
            self._follow_up(messages)
            self.env["ir.cron"]._commit_progress(len(messages))

    def _get_own_domain(self):
        """Return the domain of what associations tell people, notices left out."""
        associations = self.env["res.company"]._search([]).subselect("partner_id")
        told = self.env.registry.descendants(["beneficiary.told.mixin"], "_inherit")
        return (
            Domain("mail_message_id.author_id", "in", associations)
            & Domain("mail_message_id.is_internal", "=", True)
            & (
                Domain("mail_message_id.model", "in", list(told))
                | Domain("mail_message_id.model", "=", False)
            )
        )

    def _follow_up(self, messages):
        since = fields.Datetime.now() - PATIENCE
        again = messages.filtered(
            lambda message: (
                message.mail_message_id.date > since
                and message.failure_type not in LASTING_FAILURES
                and not self._is_for_the_dead(message)
            )
        )
        given_up = messages - again
        if messages._name == "mail.mail":
            again.mark_outgoing()
            given_up.cancel()
        else:
            again.action_set_outgoing()
            given_up.action_set_canceled()
        for message in given_up:
            if not self._is_for_the_dead(message):
                self._get_record(message)._tell_of_bounce(
                    lambda env: env._(
                        "A message did not reach the person: correct the file, or tell "
                        "them by hand"
                    )
                )

    def _get_record(self, message):
        """Return the record that the message is about, empty if there is none."""
        about = message.mail_message_id
        return (
            self.env[about.model or "beneficiary.beneficiary"]
            .browse(about.res_id or [])
            .exists()
        )

    def _is_for_the_dead(self, message):
        """Whether the person of the message has died since."""
        record = self._get_record(message)
        return "beneficiary_id" in record._fields and (
            record.beneficiary_id._is_deceased()
        )
