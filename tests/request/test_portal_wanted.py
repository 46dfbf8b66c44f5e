from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import PortalCase, select


@tagged("post_install", "-at_install", "without_demo")
class TestPortalWanted(PortalCase):
    """One rule for what is still wanted of a paper (R12, R14, R38)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.applicant.lang = cls.officer.lang = "en_US"
        cls.today = cls.company._get_beneficiary_today()

    def _get_card(self, request, kind=None, step="papers"):
        page = self._get(f"/my/requests/{request.id}/edit/{step}")
        kind = kind or self.identity_type
        return page.get_element_by_id(f"o_br_paper_{kind.id}")

    def test_expired(self):
        """R14, R38: an expired paper is wanted, on all pages and at the desk, and the
        day it ended stands in both calendars."""
        paper = self._make_document(
            self.file, self.identity_type, expiry_date=self.today - timedelta(days=3)
        )
        request = self._make_request()
        text = " ".join(self._get_card(request).text_content().split())
        self.assertNotIn("We have this paper", text)
        self.assertIn("ended on", text)
        self.assertIn("AH)", text)
        self.assertIn(paper._format_both(paper.valid_until).split(" (")[0], text)
        self.assertTrue(self._get_card(request, step="check") is not None)
        (missing,) = request._portal_get_missing()
        self.assertIn("AH)", missing)
        self.assertEqual(request._portal_get_open_step(), "papers")
        # The desk names the same, by the same rule.
        self.assertEqual(request._get_missing_types(), self.identity_type)
        sentences = request.with_user(self.officer)._guard_papers_valid({})
        self.assertEqual([str(sentence) for sentence in sentences], [missing])

    def test_valid(self):
        """R38: a valid paper is held, and its last day stands in both calendars."""
        self._make_document(self.file, self.identity_type)
        request = self._make_request()
        text = self._get_card(request).text_content()
        self.assertIn("We have this paper", text)
        self.assertIn("AH)", text)
        self.assertFalse(request._get_missing_types())

    def test_other_side(self):
        """R12: a paper without its other side is held and still wanted."""
        self.identity_type.sides = "both"
        self._make_document(self.file, self.identity_type)
        request = self._make_request()
        text = self._get_card(request).text_content()
        self.assertNotIn("We have this paper", text)
        self.assertIn("The back", text)
        self.assertTrue(request._portal_get_missing())

    def test_optional(self):
        """R45: an optional paper that has expired is said to be so, and not missing."""
        letter = self.env["beneficiary.document.type"].create({"name": "Letter"})
        self.service.document_line_ids = [
            Command.create({"type_id": letter.id, "is_required": False})
        ]
        self._make_document(self.file, self.identity_type)
        self._make_document(
            self.file, letter, expiry_date=self.today - timedelta(days=3)
        )
        request = self._make_request()
        self.assertIn("ended on", self._get_card(request, letter).text_content())
        self.assertFalse(request._portal_get_missing())

    def test_judged_when_it_was_sent(self):
        """R14: a paper that ends after the request was sent is not wanted anew."""
        paper = self._make_document(
            self.file, self.identity_type, expiry_date=self.today + timedelta(days=3)
        )
        request = self._make_request("submitted")
        month = timedelta(days=30)
        request._write_flow({"submitted_on": fields.Datetime.now() - month})
        self.env.flush_all()
        paper.write(
            {
                "handed_on": fields.Datetime.now() - month,
                "expiry_date": self.today - timedelta(days=3),
            }
        )
        page = self._get(f"/my/requests/{request.id}")
        self.assertTrue(select(page, ".o_br_held"))
        self.assertFalse(select(page, ".o_br_missing"))
        self.assertFalse(request._get_missing_types())
