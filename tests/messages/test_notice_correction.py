from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import NoticeCase


@tagged("post_install", "-at_install")
class TestNoticeCorrection(NoticeCase):
    """What was told by hand on a wrong channel, or not at all, is corrected (R20)."""

    def _tell(self):
        self.file.write({"email": False, "phone": False})
        notice = self._return().notice_ids.filtered(lambda one: one.channel == "hand")
        notice.with_user(self.officer).action_told(
            channel_id=self._channel("phone").id, text="Told the neighbour"
        )
        return notice

    def _untell(self, notice, user, reason="It was another person"):
        records = notice.with_user(user)
        return call_kw(records, "action_untell", [records.ids, reason], {})

    def test_told_by_mistake(self):
        """R20: the notice waits again; what was recorded is in a note."""
        notice = self._tell()
        self.assertEqual(notice.state, "told")
        contact = self.env["beneficiary.interaction"].search(
            [("request_id", "=", notice.request_id.id)]
        )
        self._untell(notice, self.manager)
        self.assertEqual(notice.state, "waiting")
        self.assertTrue(contact.exists())
        notes = "".join(notice.request_id.message_ids.mapped("body"))
        for words in ("It was another person", "Told the neighbour"):
            self.assertIn(words, notes)
        notice.with_user(self.officer).action_told(
            channel_id=self._channel("phone").id, text="Told the father"
        )
        self.assertEqual(notice.state, "told")

    def test_who_may(self):
        """R20: managers do, with a reason, and only what was told by hand."""
        notice = self._tell()
        for user in (self.officer, self.delegate, self.auditor):
            with self.assertRaises(AccessError):
                self._untell(notice, user)
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self._untell(notice, self.manager, " ")
        self._untell(notice, self.manager)
        with self.assertRaisesRegex(UserError, "Nobody was told"):
            self._untell(notice, self.manager)
