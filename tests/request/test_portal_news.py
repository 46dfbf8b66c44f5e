import base64

from odoo.tests import tagged

from ..common import PIXEL
from ..upload_cases import make_png
from .common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalNews(PortalCase):
    """R26: the office gets one activity about what an applicant sends."""

    def _get_news(self, request):
        return request.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("beneficiary_relations.mail_activity_type_portal")
            )
        )

    def _send_paper(self, request, content=None):
        return self._post(
            f"/my/requests/{request.id}/papers",
            files=self._upload("card.png", content or base64.b64decode(PIXEL)),
        )

    def test_request_of_nobody(self):
        """A request without an officer gives one manager an activity."""
        self._make_user("br_manager2", "manager", self.company)
        self._post_form({"description": "Food", "action": "send"})
        request = self._get_latest()
        self.assertEqual(request.state, "submitted")
        news = self._get_news(request)
        self.assertEqual(len(news), 1)
        self.assertIn(self.company, news.user_id.company_ids)
        self.assertTrue(news.user_id.has_group("beneficiary_relations.group_manager"))

    def test_draft_is_private(self):
        """A draft gives nobody an activity."""
        self._post_form({"description": "Food"})
        request = self._get_latest()
        self.assertEqual(request.state, "draft")
        self._send_paper(request)
        self.assertTrue(self.file.document_ids)
        self.assertFalse(self._get_news(request))

    def test_paper_for_the_officer(self):
        """The request's officer gets one activity for any number of later papers."""
        request = self._make_request("submitted")
        self.assertEqual(request.officer_id, self.officer)
        self.assertFalse(self._get_news(request))
        for width in (8, 9):  # the same picture twice would be one paper
            self._send_paper(request, make_png(width, 8))
        self.assertEqual(len(self.file.document_ids), 2)
        self.assertEqual(self._get_news(request).user_id, self.officer)
        self.assertEqual(len(self._get_news(request)), 1)

    def test_seen(self):
        """Verifying, returning or cancelling the request ends the activity."""
        for move, given in (
            ("action_return", {"reason": "A paper is missing"}),
            ("action_cancel", {"reason": "Asked twice"}),
        ):
            request = self._make_request("submitted")
            self._send_paper(request)
            self.assertTrue(self._get_news(request))
            getattr(request.with_user(self.officer), move)(**given)
            self.assertFalse(self._get_news(request))
        request = self._make_request("submitted")
        request.with_user(self.applicant)._portal_tell_office()
        self.assertTrue(self._get_news(request))
        self._advance(request, "verified")
        self.assertFalse(self._get_news(request))

    def test_withdrawn(self):
        """The request's officer learns of a withdrawal; a draft has no officer."""
        self.officer.lang = "en_US"
        for state, told in (
            ("in_review", self.officer),
            ("draft", self.env["res.users"]),
        ):
            request = self._make_request(state)
            request.with_user(self.applicant)._portal_withdraw("I found work")
            self.assertEqual(request.state, "cancelled")
            self.assertEqual(self._get_news(request).user_id, told)
        request = self._make_request("verified")
        request.with_user(self.applicant)._portal_withdraw("I found work")
        self.assertIn("withdrew", self._get_news(request).summary)

    def test_many_at_once(self):
        """More requests need only a few more queries."""
        counts = []
        for number in (2, 4):
            requests = self.env["beneficiary.request"].union(
                *(self._make_request("submitted") for _time in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests._portal_tell_office()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._get_news(requests)), number)
        self.assertLess(counts[1] - counts[0], 20)
