import base64
import io
from datetime import timedelta
from itertools import product
from urllib.parse import urlencode

from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, ormcache
from odoo.tools.urls import urljoin

from ...rules import clock, hijri

# White modules around a QR code, without which cameras do not find it.
QUIET = 4


class ResCompany(models.Model):
    _inherit = "res.company"

    beneficiary_licence_number = fields.Char(
        string="Licence Number",
        help="Printed in the letterhead of every official paper.",
    )
    beneficiary_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Office Calendar",
        ondelete="restrict",
        help="Working days and public holidays by which replies are released. "
        "Empty: Sunday to Thursday, Riyadh time.",
    )
    beneficiary_grace_days = fields.Integer(
        string="Grace Days",
        default=7,
        help="A held reply is overdue this many days after the review period.",
    )
    beneficiary_release_time = fields.Float(
        string="Release Time",
        default=9.0,
        help="Hour of a working day at which held replies leave.",
    )
    beneficiary_file_review_months = fields.Integer(
        string="Review of Files",
        default=12,
        help="Months after which an active file is reviewed again; 0: never.",
    )
    beneficiary_referral_days = fields.Integer(
        string="Days to Answer a Referral",
        default=5,
        help="Days that the social researcher has, from the day after it was sent.",
    )
    beneficiary_referral_unit = fields.Selection(
        [("working", "Working Days"), ("calendar", "Calendar Days")],
        string="Days of a Referral Are",
        default="working",
    )
    beneficiary_paper_reminder_days = fields.Integer(
        string="Remind of Papers",
        default=30,
        help="A renewal is requested this many days before a paper ends. 0 means "
        "never.",
    )

    beneficiary_pause_when_returned = fields.Boolean(
        string="Pause While Returned",
        default=True,
        help="While a request waits for its applicant, the due date of the reply "
        "moves. The earliest release day does not move.",
    )
    beneficiary_appeal_days = fields.Integer(
        string="Days to Appeal",
        default=30,
        help="A rejection may be appealed for this many days after the reply.",
    )

    beneficiary_signin_by_code = fields.Boolean(
        string="Sign-In by Code",
        default=True,
        help="People who follow a file sign in with their mobile or identity number "
        "and a code that is sent to them.",
    )
    beneficiary_signin_opens_account = fields.Boolean(
        string="First Code Opens the Account",
        help="Whoever has a file gets in with a code, without an invitation.",
    )
    beneficiary_newcomers = fields.Selection(
        [("open", "Open"), ("invited", "By Invitation"), ("closed", "Closed")],
        string="Newcomers on the Portal",
        default="closed",
        help="Who may make themselves known on the portal: everybody, people with the "
        "association's link, or nobody. An officer checks each of them.",
    )
    # Part of the link for newcomers; a new one makes the link void.
    beneficiary_newcomer_nonce = fields.Char(copy=False, groups=fields.NO_ACCESS)

    # Checked here and not by the database: its refusals are not readable over RPC.

    @api.constrains("beneficiary_grace_days")
    def _check_beneficiary_grace_days(self):
        if any(company.beneficiary_grace_days < 0 for company in self):
            raise ValidationError(self.env._("Grace days cannot be negative."))

    @api.constrains("beneficiary_appeal_days")
    def _check_beneficiary_appeal_days(self):
        if any(company.beneficiary_appeal_days < 1 for company in self):
            raise ValidationError(
                self.env._("A rejection may be appealed for at least one day.")
            )

    @api.constrains("beneficiary_file_review_months")
    def _check_beneficiary_file_review_months(self):
        if any(company.beneficiary_file_review_months < 0 for company in self):
            raise ValidationError(
                self.env._("Months until the review of a file cannot be negative.")
            )

    @api.constrains("beneficiary_paper_reminder_days")
    def _check_beneficiary_paper_reminder_days(self):
        if any(company.beneficiary_paper_reminder_days < 0 for company in self):
            raise ValidationError(
                self.env._("Days before a paper ends cannot be negative.")
            )

    @api.constrains("beneficiary_referral_days")
    def _check_beneficiary_referral_days(self):
        if any(company.beneficiary_referral_days < 1 for company in self):
            raise ValidationError(
                self.env._("A researcher has at least one day to answer a referral.")
            )

    @api.constrains("beneficiary_release_time")
    def _check_beneficiary_release_time(self):
        if any(not 0 <= company.beneficiary_release_time < 24 for company in self):
            raise ValidationError(
                self.env._(
                    "The release time is an hour of the day, from 00:00 to 23:59."
                )
            )

    @api.constrains("beneficiary_calendar_id")
    def _check_beneficiary_calendar_id(self):
        self.beneficiary_calendar_id._check_has_working_days()

    def write(self, vals):
        if "beneficiary_calendar_id" in vals:
            self.env.registry.clear_cache()  # the cache keeps its time zone
        return super().write(vals)

    def _get_beneficiary_policy(self):
        """Return the policy in force of this company, or an empty record (R1)."""
        self.ensure_one()
        return self.env["beneficiary.policy"]._get_in_force(self)

    @ormcache("self.id")
    def _get_beneficiary_audience(self):
        """Return the audience of the policy in force: beneficiary or member (R2)."""
        company = self.sudo()  # screens are worded for everybody, applicants included
        return company._get_beneficiary_policy().audience or "beneficiary"

    @api.model
    def _get_beneficiary_associations(self):
        """Return, as superuser, the companies that run a policy (R43)."""
        policies = self.env["beneficiary.policy"].sudo()  # every user may ask
        groups = policies._read_group([("company_id", "!=", False)], ["company_id"])
        # Not everybody may read all associations.
        return self.sudo().union(*(company for (company,) in groups))

    @api.model
    def _has_beneficiary_signin(self):
        """Whether any association lets people sign in by code (R46)."""
        associations = self._get_beneficiary_associations()
        return any(associations.mapped("beneficiary_signin_by_code"))

    def _get_beneficiary_signin_square(self, target):
        """Return a QR code (base64 of a PNG) that opens the sign-in by code (R46).

        :param target: the page of the portal that opens after it
        """
        query = urlencode({"redirect": target})
        square = QRCode(None, QRErrorCorrectLevel.M)
        square.addData(urljoin(self.get_base_url(), f"/my/signin?{query}"))
        square.make()
        side = square.getModuleCount()
        picture = Image.new("1", (side + 2 * QUIET, side + 2 * QUIET), 1)
        for row, column in product(range(side), repeat=2):
            if square.isDark(row, column):
                picture.putpixel((column + QUIET, row + QUIET), 0)
        picture = picture.resize([pixels * 6 for pixels in picture.size])
        content = io.BytesIO()
        picture.save(content, "PNG")
        return base64.b64encode(content.getvalue())

    def _get_beneficiary_calendar(self):
        """Return the resource calendar with this company's working days."""
        self.ensure_one()
        return self.beneficiary_calendar_id or self.env["resource.calendar"].browse(
            self.env["ir.model.data"]._xmlid_to_res_id(
                "beneficiary_relations.resource_calendar_riyadh"
            )
        )

    @ormcache("self.id")
    def _get_beneficiary_timezone(self):
        company = self.sudo()  # applicants do not read calendars
        return company._get_beneficiary_calendar().tz or "Asia/Riyadh"

    def _get_beneficiary_today(self):
        """Return today's date in the association's time zone, not the user's."""
        zone = self._get_beneficiary_timezone()
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _format_beneficiary_day(self, day):
        """Return a date as papers write it, or "" (R40)."""
        return format_date(self.env, day, date_format="d MMMM y") if day else ""

    @api.model
    def _format_beneficiary_hijri(self, day):
        """Return the Hijri side of a date as papers write it (R38, R40).

        :return: "" where the Umm al-Qura table has no such day, or without a day
        """
        return hijri.long_text(day or None, self.env.lang or "")

    def _get_beneficiary_paper_days(self):
        """Return today, and the last day on which a paper counts as ending soon."""
        today = self._get_beneficiary_today()
        days = self.sudo().beneficiary_paper_reminder_days  # settings of the office
        return today, today + timedelta(days=days)

    def _get_beneficiary_lang(self):
        """Return the language of what the system itself writes in this association.

        This is the language of the association's contact. Odoo sets English there when
        it is installed, so the language of the manager counts before English.
        """
        self.ensure_one()
        lang = self.sudo().partner_id.lang  # not everybody reads this contact
        if lang and lang != "en_US":
            return lang
        return self._get_beneficiary_manager().lang or lang or self.env.lang

    def _get_beneficiary_manager(self):
        """Return the manager who is told of waiting work, or an empty record."""
        self.ensure_one()
        # Called for many requests: ``ref`` would query whether the group exists.
        group = self.env["ir.model.data"]._xmlid_to_res_id(
            "beneficiary_relations.group_manager"
        )
        managers = self.env["res.groups"].browse(group).all_user_ids
        managers = managers.filtered(lambda user: self in user.company_ids)
        return managers.filtered(lambda user: not user._is_system())[:1] or managers[:1]

    def _get_beneficiary_referral_due_date(self):
        """Return the due date of a referral that is sent now."""
        company = self.sudo()  # not everyone reads the settings of the office
        return self._get_beneficiary_due_day(
            fields.Datetime.now(),
            company.beneficiary_referral_days,
            company.beneficiary_referral_unit or "working",
        )

    def _get_beneficiary_appeal_end(self, moment):
        """Return the end (UTC) of the time to appeal against a rejection (R42).

        :param moment: when the rejection leaves (UTC)
        """
        days = self.sudo().beneficiary_appeal_days  # settings of the office
        day = self._get_beneficiary_due_day(moment, days)
        return self._get_beneficiary_end_of_day(day)

    def _get_beneficiary_due_day(self, moment, days, unit="calendar"):
        """Return the working day by which something that began at ``moment`` is due.

        :param moment: UTC; its own day is not counted
        :param days: number of days
        :param unit: ``calendar`` for every day, ``working`` for days of the office
        """
        self.ensure_one()
        calendar = self._get_beneficiary_work_calendar(moment)
        zone = self._get_beneficiary_timezone()
        return clock.due_day(moment, days, unit, calendar, zone)

    def _get_beneficiary_end_of_day(self, day):
        """Return the last second (UTC) of a date in the association's time zone."""
        return clock.end_of_day(day, self._get_beneficiary_timezone())

    def _get_beneficiary_work_calendar(self, start):
        """Return the working days in the form that the review clock needs.

        :param start: UTC datetime from which public holidays are read
        :rtype: rules.clock.WorkCalendar
        """
        calendar = self.sudo()._get_beneficiary_calendar()  # not everyone reads leaves
        calendar._check_has_working_days()
        return clock.WorkCalendar(
            calendar._get_working_weekdays(),
            clock.days_off(
                (
                    (begin, end)
                    for begin, end in self._get_beneficiary_holidays()
                    if end >= start
                ),
                self._get_beneficiary_timezone(),
            ),
            calendar._get_closing_hours(),
        )

    @ormcache("self.id")
    def _get_beneficiary_holidays(self):
        """Return the beginning and the end (UTC) of this association's holidays."""
        leaves = self.env["resource.calendar.leaves"].sudo()  # not everyone reads them
        leaves = leaves.search(self._get_beneficiary_holiday_domain())
        return tuple((leave.date_from, leave.date_to) for leave in leaves)

    def _get_beneficiary_holiday_domain(self):
        """Return the domain of this association's public holidays.

        A public holiday is time off of no single resource, in the office calendar or in
        all calendars.
        """
        self.ensure_one()
        calendar = self.sudo()._get_beneficiary_calendar()  # not everyone reads it
        return (
            Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
            & Domain("calendar_id", "in", [calendar.id, False])
            & Domain("company_id", "in", [self.id, False])
        )
