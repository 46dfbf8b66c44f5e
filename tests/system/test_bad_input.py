from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon
from ..request.common import DECIDED, RAISED, ClockCase

# Values that a caller of RPC may send in place of a text.
NO_TEXTS = ([1], {"reason": "x"}, 7, True, datetime(2026, 3, 15))


@tagged("post_install", "-at_install")
class TestBadInput(BeneficiaryCommon):
    """Bad input is refused with an explanation, whoever sends it."""

    def _refuse(self, request, method, message, **given):
        """Check that the officer's call over RPC is refused with ``message``."""
        records = request.with_user(self.officer)
        with self.assertRaisesRegex(UserError, message):
            call_kw(records, method, [request.ids], given)

    def test_votes(self):
        """R10, R19: a choice and its reason are texts; other types are no vote."""
        decision = self._make_request("in_review").decision_ids.with_user(self.member)
        for given in ([["accept"]], [{"a": 1}], [5], ["reject", 5], ["reject", ["x"]]):
            with (
                self.subTest(given=given),
                self.assertRaisesRegex(UserError, "must be given as text"),
            ):
                call_kw(decision, "action_vote", [decision.ids, *given], {})
        self.assertFalse(any(decision.sudo().vote_ids.mapped("choice")))

    def test_texts_of_steps(self):
        """R10: evidence and reasons are texts; a list or a number is refused."""
        request = self._make_request("submitted")
        for value in NO_TEXTS:
            with self.subTest(value=value):
                words = "must be given as text"
                self._refuse(request, "action_verify", words, evidence=value)
                self._refuse(request, "action_return", words, reason=value)
                self._refuse(request, "action_cancel", words, reason=value)
        self._advance(request, "verified")
        for name in ("signed_by", "signature", "paper", "witness_1", "waiver"):
            with self.subTest(name=name):
                self._refuse(request, "action_declare", f"“{name}”", **{name: [1]})
        channel = self._channel("phone").id
        words = "“text” must be given as text"
        self._refuse(request, "action_notify", words, channel_id=channel, text=["Told"])
        for value in ([channel], "phone", {"id": channel}):
            with self.subTest(channel=value):
                self._refuse(
                    request, "action_notify", "Choose", channel_id=value, text="Told"
                )

    def test_minutes_of_reception(self):
        """R11: the minutes are a whole number, and at most one day."""
        request = self._make_request()
        for minutes in (-1, 1441, 2.5, "ten", [10]):
            with self.subTest(minutes=minutes):
                self._refuse(
                    request,
                    "action_submit",
                    "Minutes given are a whole number",
                    evidence="Asked",
                    minutes=minutes,
                )
        self.assertEqual(request.state, "draft")

    def test_amount(self):
        """R5: a requested amount cannot be negative."""
        request = self._make_request().with_user(self.officer)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "cannot be negative"),
        ):
            request.amount_requested = -1

    def test_notice_that_reaches_nobody(self):
        """R17: a person without e-mail and portal access needs another channel."""
        self.file.write({"email": False, "portal_user_ids": [Command.clear()]})
        request = self._make_request("verified")
        given = {"channel_id": self._channel("website").id, "text": "As it says"}
        self._refuse(request, "action_notify", "neither e-mail nor portal", **given)
        self.file.portal_user_ids = self.applicant
        request.with_user(self.officer).action_notify(**given)
        self.assertEqual(request._get_steps("notify").channel_id.code, "website")

    def test_settings(self):
        """R21: settings that the clock cannot use are refused when they are saved."""
        for values, words in (
            ({"beneficiary_grace_days": -1}, "Grace days cannot be negative"),
            ({"beneficiary_release_time": 24}, "an hour of the day"),
            ({"beneficiary_release_time": -0.5}, "an hour of the day"),
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(ValidationError, words):
                    self.company.write(values)
                with self.assertRaisesRegex(ValidationError, words):
                    self.env["res.config.settings"].create(values)
        self.company.write({"beneficiary_release_time": 23.99})


@tagged("post_install", "-at_install")
class TestCalendarWithoutDays(ClockCase):
    def test_chosen(self):
        """R21: a working schedule without working days is no office calendar."""
        calendar = self.env["resource.calendar"].create(
            {"name": "Never", "attendance_ids": [Command.clear()]}
        )
        with self.assertRaisesRegex(ValidationError, "“Never” has no working day"):
            self.company.beneficiary_calendar_id = calendar

    def test_emptied_later(self):
        """R21: if the calendar loses its hours later, the office is told what to do."""
        calendar = self.env["resource.calendar"].create({"name": "Ours"})
        self.company.beneficiary_calendar_id = calendar
        request = self._raise_at(RAISED)
        calendar.attendance_ids.unlink()
        with self.assertRaisesRegex(UserError, "“Ours” has no working day"):
            self._decide_at(DECIDED, request)
