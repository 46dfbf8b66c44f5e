from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from ..messages.common import NoticeCase


@tagged("post_install", "-at_install", "with_demo")
class TestDeathTour(HttpCase, NoticeCase):
    """A person dies while the decided request is held, in Arabic (R10, R21)."""

    def _run_cron(self, moment):
        """Run the scheduled action; the registry of a tour is in test mode already."""
        with freeze_time(moment):
            self.assertIs(self.cron.method_direct_trigger(), True)

    def test_death_and_household(self):
        """R10: the officer records it, nothing leaves, and the household goes on."""
        self.officer.lang = "ar_001"
        self.env["beneficiary.household.member"].create(
            [
                {
                    "beneficiary_id": self.file.id,
                    "name": name,
                    "relation": relation,
                    "identity_number": number,
                }
                for name, relation, number in (
                    ("زوجة المثال", "spouse", "1000000032"),
                    ("ابنة المثال", "child", False),
                )
            ]
        )
        request = self._make_request("decided")
        self.start_tour(
            "/odoo/beneficiary-files", "beneficiary_death", login=self.officer.login
        )
        self.env.invalidate_all()
        self.assertEqual(self.file.state, "deceased")
        release_on = request.release_on
        self._run_cron(release_on + timedelta(hours=1))
        self.assertEqual(request.state, "decided")
        self.assertFalse(request.released_on)
        self.assertFalse(request.notice_ids.filtered(lambda one: one.event == "reply"))

        self.start_tour(
            "/odoo/beneficiary-files",
            "beneficiary_succession",
            login=self.officer.login,
        )
        self.env.invalidate_all()
        head = self.file.successor_id
        self.assertEqual(head.name, "زوجة المثال")
        self.assertEqual(request.beneficiary_id, head)
        self.assertEqual(head.household_member_ids.name, "ابنة المثال")
        self._run_cron(release_on + timedelta(hours=1))
        self.assertEqual(request.state, "accepted")
        notices = request.notice_ids.filtered(lambda one: one.event == "reply")
        self.assertEqual(notices.mapped("channel"), ["hand"], "no address of the dead")
