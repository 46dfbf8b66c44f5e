from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "without_demo", "beside_apps")
class TestVoiceTour(HttpCase, BeneficiaryCommon):
    """A person writes, and agrees on a visit, in Arabic, on a phone."""

    browser_size = "360x640"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.applicant.lang = "ar_001"
        self.file.officer_id = self.officer

    def _tour(self, name):
        self.start_tour("/my/contacts", name, login=self.applicant.login)
        self.env.invalidate_all()

    def test_complaint_and_answer(self):
        """R27, R48: a complaint is written, added to, and answered on the page."""
        self._tour("beneficiary_portal_voice")
        written = self.env["beneficiary.interaction"].search(
            [("asked_by_id", "=", self.applicant.id), ("number", "!=", False)]
        )
        self.assertEqual((written.kind, written.owner_id), ("complaint", self.manager))
        written.with_user(self.manager).write(
            {
                "answer": "نعتذر، وقد فتحنا شباكًا ثانيًا.",
                "answer_channel_id": self._channel("website").id,
            }
        )
        written.with_user(self.manager).action_answer()
        self._tour("beneficiary_portal_answer")

    def test_visit(self):
        """R33: a visit is asked for, a time chosen, and the visit cancelled."""
        self._tour("beneficiary_portal_ask_visit")
        visit = self.env["beneficiary.appointment"].search(
            [("asked_by_id", "=", self.applicant.id)]
        )
        visit.with_user(self.officer).action_suggest()
        visit.with_user(self.officer).action_offer()
        self._tour("beneficiary_portal_choose_visit")
        self.assertEqual((visit.state, visit.kind), ("cancelled", "home"))
