from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rules import flow

# Hours to wait after each failed try. After the last try an officer is asked.
RETRY_HOURS = (1, 4, 16)
# Failures that another try cannot mend until somebody corrects something.
LASTING_FAILURES = frozenset(
    [
        "mail_bounce",
        "mail_email_invalid",
        "mail_email_missing",
        "sms_acc",
        "sms_country_not_supported",
        "sms_invalid_destination",
        "sms_number_format",
        "sms_number_missing",
        "sms_registration_needed",
    ]
)


class NoticeRetry(models.Model):
    """Retries of failed notices: a few tries, then an officer takes over (R22).

    The notice stays on record until the person was reached.
    """

    _inherit = "beneficiary.notice"

    tries = fields.Integer(default=1, readonly=True, copy=False)
    retry_on = fields.Datetime(
        string="Looked At Again",
        default=lambda self: self._get_retry_on(1),
        readonly=True,
        copy=False,
    )

    _retry_due = models.Index(
        "(retry_on, id) WHERE state = 'failed' AND retry_on IS NOT NULL"
    )

    def action_try_again(self):
        """Send the failed notices once more, to the address that the file has now.

        :raise AccessError: unless the acting user is an officer
        :raise UserError: when a notice did not fail, or the file has no such address
        """
        self.check_access("read")
        for notice in self:
            notice.request_id._check_role(flow.OFFICERS)
            if notice.state != "failed":
                raise UserError(self.env._("Only a failed notice can be sent again."))
            if not notice._has_address():
                raise UserError(
                    self.env._(
                        "%(person)s can no longer be reached on this channel. Correct "
                        "the file, or tell the person yourself and write down how.",
                        person=notice.request_id.beneficiary_id.name,
                    )
                )
        self.sudo()._try_again()  # nobody writes notices by hand
        self._end_activities()
        return True

    def action_try_each(self):
        """Send those of these notices again that can be, and say which cannot.

        :return: a client action with the message
        """
        return self._on_each(lambda notices: notices.action_try_again())

    def _try_again(self):
        for tries, notices in self.grouped("tries").items():
            notices.write(
                {"tries": tries + 1, "retry_on": self._get_retry_on(tries + 1)}
            )
        for channel, notices in self.grouped("channel").items():
            getattr(notices, f"_resend_{channel}")()

    @api.model
    def _get_retry_on(self, tries):
        """Return when a notice that was sent ``tries`` times is checked again."""
        hours = RETRY_HOURS[min(tries, len(RETRY_HOURS)) - 1]
        return fields.Datetime.now() + timedelta(hours=hours)

    def _has_address(self):
        self.ensure_one()
        file = self.request_id.sudo().beneficiary_id  # delegates read no notice's file
        return self.channel in file._get_notice_channels()

    # -- the scheduled action ----------------------------------------------------------

    @api.model
    def _cron_follow_up(self):
        """Send failed notices again; ask an officer if that does not help (R22)."""
        due = Domain("retry_on", "<=", fields.Datetime.now())
        if self._sweep(
            Domain("state", "=", "queued") & (due | Domain("retry_on", "=", False)),
            lambda notices: notices._look_for_messages(),
            order="retry_on, id",
        ):
            self._sweep(
                Domain("state", "=", "failed") & due,
                lambda notices: notices._follow_up(),
                order="retry_on, id",
            )

    def _look_for_messages(self):
        """Mark notices without a queued message as failed; check the rest later."""
        lost = self.filtered(lambda notice: notice._is_lost())
        (self - lost).retry_on = self._get_retry_on(1)
        lost.retry_on = fields.Datetime.now()
        # A cancelled mail can still be sent again, so its notification stays.
        notifications = lost.notification_id
        cancelled = notifications.filtered("mail_mail_id")
        cancelled.notification_status = "canceled"
        (notifications - cancelled).unlink()
        lost.modified(["notification_id"])

    def _is_lost(self):
        """Whether no message is left that would send this notice."""
        self.ensure_one()
        notification = self.notification_id
        if self.channel == "email":
            return notification.mail_mail_id.state in (False, "cancel")
        # A text that the provider is sending may be deleted: its report still comes.
        return notification.notification_status != "process" and not notification.sms_id

    def _follow_up(self):
        again = self.filtered(
            lambda notice: (
                notice.tries <= len(RETRY_HOURS)
                and notice.notification_id.failure_type not in LASTING_FAILURES
                and notice._has_address()
            )
        )
        again._try_again()
        given_up = self - again
        given_up.retry_on = False
        given_up.filtered(lambda notice: notice._needs_officer())._ask_officers(
            lambda env: env._(
                "A notice did not arrive: correct the file, or tell the person"
            )
        )

    def _postpone(self, error):
        """Check a notice that could not be made again later."""
        self.retry_on = self._get_retry_on(self.tries)
