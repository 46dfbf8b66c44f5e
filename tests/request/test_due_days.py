from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..front_desk.common import InteractionCase

# Sunday 15 March 2026, 10:00 in Riyadh.
SUNDAY = datetime(2026, 3, 15, 7)


@tagged("post_install", "-at_install")
class TestDueDays(InteractionCase):
    """R21, R48: nothing is due on a day on which the association does not work."""

    def _set_holiday(self, first, last):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company._get_beneficiary_calendar().id,
                "company_id": self.company.id,
                "date_from": f"{first} 21:00:00",
                "date_to": f"{last} 20:59:59",
            }
        )

    def _raise(self, moment=SUNDAY):
        with freeze_time(moment):
            return self._make_request("in_review")

    def test_a_reply(self):
        """R21: the due date of a reply moves from a Saturday to the Sunday after."""
        request = self._raise(datetime(2026, 3, 14, 7))  # plus three weeks: a Saturday
        self.assertEqual(request.reply_due_on, datetime(2026, 4, 5, 7))

    def test_a_holiday_that_is_entered_later(self):
        """R21: a holiday moves the due date, and one of another association does not;
        neither moves the floor of a period in calendar days."""
        request = self._raise()
        self.assertEqual(request.reply_due_on, datetime(2026, 4, 5, 7))
        floor = request.review_floor_on
        with freeze_time(SUNDAY):
            self._set_holiday("2026-04-04", "2026-04-06")
        self.assertEqual(request.reply_due_on, datetime(2026, 4, 7, 7))
        self.assertEqual(request.review_floor_on, floor)

    def test_a_pause(self):
        """R21: what is added for a wait of the applicant does not end on a Friday."""
        request = self._raise()
        with freeze_time("2026-03-16 07:00:00"):
            request.with_user(self.manager).action_return(reason="The lease")
        with freeze_time("2026-03-21 07:00:00"):
            request.with_user(self.officer).action_resume()
        # Five days after Sunday 5 April is a Friday.
        self.assertEqual(request.reply_due_on, datetime(2026, 4, 12, 7))

    def test_siblings(self):
        """R15, R42, R48: a complaint, a referral and the time to appeal as well."""
        self.company.beneficiary_answer_days = 5
        self.company.beneficiary_referral_days = 5
        self.company.beneficiary_referral_unit = "calendar"
        self.company.beneficiary_appeal_days = 5
        with freeze_time(SUNDAY):
            complaint = self._log(kind="complaint")
            self.assertEqual(complaint.answer_due_on, date(2026, 3, 22))
            due = self.company._get_beneficiary_referral_due_date()
            self.assertEqual(due, date(2026, 3, 22))
            end = self.company._get_beneficiary_appeal_end(SUNDAY)
        self.assertEqual(end, datetime(2026, 3, 22, 20, 59, 59))
