import base64

from odoo.tests import tagged

from ..common import PIXEL, pdf_base64
from .common import PortalCase, select


@tagged("post_install", "-at_install", "without_demo")
class TestPortalTwice(PortalCase):
    """R44: papers that arrive twice are kept once."""

    def _send(self, path, content, data=None, times=2):
        content = base64.b64decode(content)
        for _time in range(times):
            response = self._post(path, data, files=self._upload("card.png", content))
            self.assertEqual(response.status_code, 200)

    def test_new_request(self):
        """R44: the form of a new request, sent twice, makes one paper."""
        (field,) = select(self._get("/my/requests/new"), "[name=submission_key]")
        form = {
            "file_id": self.file.id,
            "service_id": self.service.id,
            "description": "سلة",
            "action": "save",
            "submission_key": field.get("value"),
        }
        self._send("/my/requests/new", PIXEL, form)
        self.assertEqual(self.file.document_ids.mapped("version"), [1])
        self._send("/my/requests/new", PIXEL, {**form, "action": "send"})
        self.assertEqual(self._get_latest().state, "submitted")
        self.assertEqual(self.file.document_ids.mapped("version"), [1])

    def test_papers(self):
        """R44: the form of papers, sent twice, makes one; another scan is newer."""
        request = self._make_request("submitted")
        papers = f"/my/requests/{request.id}/papers"
        self._send(papers, PIXEL)
        first = self.file.document_ids
        self.assertEqual(first.version, 1)
        self._send(papers, pdf_base64())
        self.assertEqual(len(self.file.document_ids), 2)
        self._send(papers, PIXEL)
        self.assertEqual(len(self.file.document_ids), 3)

    def test_both_sides(self):
        """R44: a paper with two sides is the same only if both are."""
        self.identity_type.sides = "both"
        request = self._make_request("submitted")
        upload = request.with_user(self.applicant)._portal_upload
        sides = ("front.png", PIXEL), ("back.pdf", pdf_base64())
        both = upload(self.identity_type, *sides)
        self.assertEqual(upload(self.identity_type, *sides), both)
        turned = upload(self.identity_type, *reversed(sides))
        self.assertEqual((turned - both).version, 2)

    def test_matched_paper(self):
        """R13: the scan that an officer has matched stays matched."""
        request = self._make_request("submitted")
        paper = self._make_document(self.file, self.identity_type)
        paper.with_user(self.officer).action_match("The card")
        upload = request.with_user(self.applicant)._portal_upload
        self.assertEqual(upload(self.identity_type, ("card.png", PIXEL)), paper)
        self.assertTrue(paper.matched_on)
