import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import PIXEL, pdf_base64
from .common import PortalCase, select


@tagged("post_install", "-at_install", "without_demo")
class TestPortalRequestPage(PortalCase):
    """The page of a request: steps, dates, pause and appeal (R10, R21, R26, R42)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.applicant.lang = "en_US"

    def _get_text(self, request, selector):
        page = self._get(f"/my/requests/{request.id}")
        return " ".join(node.text_content() for node in select(page, selector))

    def test_steps_have_a_doer(self):
        """R10, R30: each step that was taken has its day and a role, and no name."""
        request = self._make_request("verified")
        self._sign(request)
        text = self._get_text(request, ".o_br_timeline")
        self.assertIn("AH)", text)
        self.assertIn("You", self._get_text(request, ".o_br_doer"))
        title = request.policy_id.officer_title or "The association"
        self.assertIn(title, self._get_text(request, ".o_br_doer"))
        self.assertNotIn(self.officer.name, text)
        guardian = self._make_guardian()
        guardian.lang = "en_US"
        self._sign_in(guardian)
        self.assertIn("The applicant", self._get_text(request, ".o_br_doer"))

    def test_window_of_the_reply(self):
        """R21, R38: the first and the last day of the reply, in both calendars."""
        request = self._make_request("in_review")
        self.assertEqual(request.policy_id.review_mode, "window")
        text = self._get_text(request, ".o_br_review")
        for moment in (request.review_floor_on, request.reply_due_on):
            day = request.with_context(lang="en_US")._format_day(moment)
            self.assertIn(day, text)
        self.assertEqual(text.count("AH)"), 2)

    def test_pause(self):
        """R21: a paused period says since when, and why."""
        request = self._make_request("in_review")
        request.with_user(self.manager).action_return(reason="أحضر عقد الإيجار")
        text = self._get_text(request, ".o_br_note")
        self.assertIn("أحضر عقد الإيجار", text)
        start = request.pause_ids.date_start
        self.assertIn(request.with_context(lang="en_US")._format_day(start), text)

    def test_appeal_with_files(self):
        """R42: an appeal has its last day in both calendars, and takes files."""
        request = self._make_request("rejected")
        self.assertIn("AH)", self._get_text(request, "details.o_br_appeal"))
        path = f"/my/requests/{request.id}/appeal"
        files = [
            ("appeal_files", ("دخل.png", base64.b64decode(PIXEL))),
            ("appeal_files", ("b.pdf", base64.b64decode(pdf_base64()))),
        ]
        for wrong in (
            [*files, ("appeal_files", ("c.png", b"MZ\x90\x00"))],
            files * 3,
        ):
            response = self._post(path, {"appeal": "تغير دخلي"}, files=wrong)
            self.assertIn("تغير دخلي", response.text, "what was typed is kept")
            self.assertFalse(request.appeal_ids)
        self._post(path, {"appeal": "تغير دخلي"}, files=files)
        appeal = request.appeal_id
        self.assertEqual(
            sorted(appeal.attachment_ids.mapped("name")), ["b.pdf", "دخل.png"]
        )
        self.assertFalse(any(appeal.attachment_ids.mapped("public")))
        self.assertIn("دخل.png", self._get_text(request, ".o_br_appeal_files"))
        for user in (self.applicant, self.neighbour):
            self._sign_in(user)
            for file in appeal.attachment_ids:
                response = self.url_open(f"/web/content/{file.id}")
                self.assertNotIn(file.raw, response.content)
        with self.assertRaises(AccessError):
            appeal.attachment_ids.with_user(self.officer).unlink()
