from ast import literal_eval
from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon

START, STOP = datetime(2026, 3, 29, 21), datetime(2026, 3, 30, 20, 59)
LEAVES = "resource.calendar.leaves"


@tagged("post_install", "-at_install")
class TestHolidayAccess(BeneficiaryCommon):
    """Only responsible users can change the days that move reply dates (R21)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls.env.ref("beneficiary_relations.resource_calendar_riyadh")
        cls.calendar = cls.shared.copy({"company_id": cls.company.id})
        cls.company.beneficiary_calendar_id = cls.calendar
        cls.admin = cls._make_user("br_admin", "delegate", cls.company)
        cls.admin.group_ids = cls.env.ref("base.group_system")
        # As "hr" creates one for each colleague.
        cls.resource = cls.env["resource.resource"].create(
            {
                "name": "Colleague",
                "user_id": cls.stranger.id,
                "company_id": cls.company.id,
                "calendar_id": cls.calendar.id,
            }
        )

    def _vals(self, **vals):
        return {
            "name": "Feast",
            "calendar_id": self.calendar.id,
            "date_from": START,
            "date_to": STOP,
            **vals,
        }

    def _make(self, **vals):
        """Return a leave that was created with superuser rights."""
        companies = self.env(context={"allowed_company_ids": self.company.ids})
        return companies[LEAVES].create(self._vals(**vals))

    def test_time_off_of_one_person(self):
        """R21: personal time off moves no date, and cannot become a holiday."""
        colleagues = (self.stranger, self.delegate, self.officer, self.auditor)
        leave_id = self._call_as(
            self.stranger, LEAVES, "create", self._vals(resource_id=self.resource.id)
        )
        leave = self.env[LEAVES].browse(leave_id)
        self.assertFalse(
            leave.filtered_domain(self.company._get_beneficiary_holiday_domain())
        )
        with self.assertRaisesRegex(AccessError, "managers"):
            self._call_as(
                self.stranger, LEAVES, "write", leave.ids, {"resource_id": False}
            )
        for user in colleagues:
            for vals in (self._vals(), self._vals(calendar_id=False)):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                ):
                    self._call_as(user, LEAVES, "create", vals)

    def test_managers_of_the_association(self):
        """R21, R43: only managers enter holidays, only of the own association."""
        leave_id = self._call_as(self.manager, LEAVES, "create", self._vals())
        leave = self.env[LEAVES].browse(leave_id)
        self.assertTrue(
            leave.filtered_domain(self.company._get_beneficiary_holiday_domain())
        )
        self._call_as(self.manager, LEAVES, "write", leave.ids, {"name": "Eid"})
        self.assertEqual(leave.name, "Eid")
        self._call_as(self.manager, LEAVES, "unlink", leave.ids)
        self.assertFalse(leave.exists())
        other = self.shared.copy({"company_id": self.other.id})
        self.other.beneficiary_calendar_id = other
        with self.assertRaises(AccessError):
            self._call_as(
                self.manager, LEAVES, "create", self._vals(calendar_id=other.id)
            )
        with self.assertRaises(AccessError):
            self._call_as(self.outsider, LEAVES, "unlink", self._make().ids)

    def test_holidays_of_all(self):
        """R21: only administrators change the holidays of all associations."""
        everybodys = self._make(calendar_id=False)
        self.env.cr.execute(
            "UPDATE resource_calendar_leaves SET company_id = NULL WHERE id = %s",
            [everybodys.id],
        )
        everybodys.invalidate_recordset()
        for method, *args in (("write", {"name": "Mine"}), ("unlink",)):
            with self.assertRaises(AccessError):
                self._call_as(self.manager, LEAVES, method, everybodys.ids, *args)
        self._call_as(
            self.admin, LEAVES, "write", everybodys.ids, {"name": "Royal order"}
        )
        self._call_as(self.admin, LEAVES, "unlink", everybodys.ids)

    def test_hours_of_the_office(self):
        """R21: only managers change the working days that the clock counts."""
        # Another addon may allow all users to write working schedules.
        for model in ("resource.calendar", "resource.calendar.attendance"):
            self.env["ir.model.access"].create(
                {
                    "name": model,
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref("base.group_user").id,
                    "perm_read": True,
                    "perm_write": True,
                    "perm_create": True,
                    "perm_unlink": True,
                }
            )
        line = self.calendar.attendance_ids[0]
        doors = (
            ("resource.calendar", "write", self.calendar.ids, {"tz": "Asia/Tokyo"}),
            (
                "resource.calendar",
                "write",
                self.calendar.ids,
                {"attendance_ids": [Command.delete(line.id)]},
            ),
            ("resource.calendar", "unlink", self.calendar.ids),
            ("resource.calendar.attendance", "unlink", line.ids),
            ("resource.calendar.attendance", "write", line.ids, {"dayofweek": "4"}),
            (
                "resource.calendar.attendance",
                "create",
                {
                    "calendar_id": self.calendar.id,
                    "name": "Friday",
                    "dayofweek": "4",
                    "hour_from": 8,
                    "hour_to": 9,
                },
            ),
        )
        for user in (self.stranger, self.officer, self.outsider):
            for door in doors:
                with (
                    self.subTest(user=user.login, door=door),
                    self.assertRaises(AccessError),
                ):
                    self._call_as(user, *door)
        self._call_as(self.manager, *doors[0])
        self.assertEqual(self.company._get_beneficiary_timezone(), "Asia/Tokyo")
        # A calendar that the other association uses too.
        shared = ("resource.calendar", "write", self.shared.ids, {"tz": "Asia/Tokyo"})
        for user in (self.manager, self.outsider):
            with self.assertRaises(AccessError):
                self._call_as(user, *shared)
        self._call_as(self.admin, *shared)

    def test_who_was_off_is_gone(self):
        """R21: deleting a colleague does not turn their time off into a holiday."""
        leave = self._make(resource_id=self.resource.id)
        self.resource.unlink()
        self.assertFalse(leave.exists())

    @freeze_time("2026-03-29 21:30:00")
    def test_proposed_day(self):
        """R21: the form proposes today as holiday, from midnight in Riyadh."""
        action = self.env.ref("beneficiary_relations.holiday_action").sudo()
        context = literal_eval(action.context)
        with Form(
            self.env[LEAVES].with_user(self.manager).with_context(context)
        ) as form:
            form.name = "Feast"
        leave = form.record
        self.assertEqual(leave.date_from, START)
        self.assertEqual(leave.date_to, datetime(2026, 3, 30, 20, 59, 59))
