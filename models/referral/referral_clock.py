from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import clock, referral_flow

# An answer is due at the last second of a day. From the start of the day before,
# less than two days are left.
TOMORROW = timedelta(days=2)


class ReferralClock(models.Model):
    """The due date of a referral, and the reminders about it (R15, R22).

    The due date is stored once, as the last second of a day in the association's
    time. Values that depend on today ("overdue") are computed, and have a search
    method.
    """

    _inherit = "beneficiary.referral"

    due_on = fields.Datetime(
        string="Answer Expected",
        compute="_compute_due_on",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        copy=False,
        tracking=True,
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    escalation = fields.Selection(
        [
            ("0_none", "None"),
            ("1_reminded", "Researcher Reminded"),
            ("2_manager", "Manager Told"),
        ],
        default="0_none",
        required=True,
        readonly=True,
        copy=False,
    )

    _due = models.Index("(due_on, id) WHERE state IN ('sent', 'accepted')")

    @api.depends("request_id")
    def _compute_due_on(self):
        """Use the association's number of days, unless the sender set a date."""
        for company, referrals in self.grouped("company_id").items():
            if company:
                referrals.due_on = company._get_beneficiary_end_of_day(
                    company._get_beneficiary_referral_due_date()
                )

    @api.depends("due_on", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for referral in self:
            referral.is_overdue = (
                referral.state in referral_flow.OPEN
                and bool(referral.due_on)
                and referral.due_on < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self._open_domain() & Domain("due_on", "<", "now")
        return Domain.OR(overdue if wanted else ~overdue for wanted in value)

    @api.model
    def _open_domain(self):
        return Domain("state", "in", list(referral_flow.OPEN))

    # -- holidays ----------------------------------------------------------------------

    @api.model
    def _get_due_by_calendar(self):
        """Return, as superuser, the open referrals that are due by the calendar.

        Holidays move them; those with a date of the sender's are not among them.
        """
        # Who enters holidays may have no right to read referrals.
        referrals = self.sudo().search(
            self._open_domain()
            & Domain("company_id.beneficiary_referral_unit", "=", "working")
        )
        due = referrals._get_calendar_dates()
        return referrals.filtered(lambda referral: referral.due_on == due[referral])

    def _get_calendar_dates(self):
        """Return ``{referral: when it is due by the calendar of its association}``."""
        dates = {}
        for company, referrals in self.grouped("company_id").items():
            first = min(referrals.mapped("sent_on"))
            calendar = company._get_beneficiary_work_calendar(first)
            zone = company._get_beneficiary_timezone()
            for referral in referrals:
                day = clock.due_day(
                    referral.sent_on,
                    company.beneficiary_referral_days,
                    "working",
                    calendar,
                    zone,
                )
                dates[referral] = clock.end_of_day(day, zone)
        return dates

    def _follow_calendar(self):
        """Set the dates of these referrals anew, after a change of holidays."""
        for referral, due in self._get_calendar_dates().items():
            if referral.due_on != due:
                # Not late any more: it is reminded of again at the new date.
                referral._write_flow({"due_on": due, "escalation": "0_none"})

    # -- the scheduled action ----------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Remind researchers the day before, and tell managers about late ones (R22).

        The level is recorded, so that a second run tells nobody twice.
        """
        now = fields.Datetime.now()
        living = self.env["beneficiary.request"]._get_living_domain()
        running = self._open_domain() & Domain("request_id", "any", living)
        for escalation, until in (("1_reminded", now + TOMORROW), ("2_manager", now)):
            untold = Domain("escalation", "<", escalation)
            if not self._sweep(
                running & untold & Domain("due_on", "<", until),
                lambda referrals, escalation=escalation: referrals._escalate(
                    escalation
                ),
                order="due_on, id",
            ):
                return

    def _escalate(self, escalation):
        """Escalate these referrals of one association one level; record the level."""
        if escalation == "1_reminded":
            self._remind_researchers()
        else:
            self._tell_manager()
        self._write_flow({"escalation": escalation})

    def _remind_researchers(self):
        for (researcher, day), referrals in self.grouped(
            lambda referral: (
                referral.researcher_id,
                referral._get_local_day(referral.due_on),
            )
        ).items():
            referrals._plan(
                researcher, lambda env: env._("The answer is due soon"), day
            )

    def _tell_manager(self):
        self._plan(
            self.request_id[:1]._get_manager_users(),
            lambda env: env._("The researcher has not answered in time"),
            self.company_id._get_beneficiary_today(),
        )

    def _postpone(self, error):
        """Skip to the next level: every list shows the referral as overdue anyway."""
        told = {"0_none": "1_reminded", "1_reminded": "2_manager"}
        self._write_flow({"escalation": told[self.escalation]})
