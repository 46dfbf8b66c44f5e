from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_death import DIED, DeathCase


@tagged("post_install", "-at_install")
class TestDeathNotices(DeathCase):
    """Nobody writes to the dead, or is asked to, for whatever request (R20, R29)."""

    def _cancel(self, **vals):
        request = self._make_request("submitted", **vals)
        request.with_user(self.officer).action_cancel(reason="Not needed")
        return request

    def _assert_silent(self, request):
        notices = request.notice_ids
        self.assertTrue(notices)
        self.assertEqual(set(notices.mapped("state")), {"stopped"})
        self.assertFalse(self._get_plans(request))

    def test_a_cancelled_request(self):
        """R20: the notice of a cancellation does not leave after the death."""
        request = self._cancel()
        self.assertIn("sms", request.notice_ids.mapped("channel"))
        self._record_death()
        self._send_texts()
        self._follow_up(self.env.cr.now() + timedelta(days=3))
        self.assertFalse(self.texts)
        self._assert_silent(request)

    def test_told_by_hand(self):
        """R20: nobody is asked any longer to tell a person who has died."""
        self.file.write({"phone": False, "email": False})
        self.file.portal_user_ids = False
        request = self._cancel()
        self.assertTrue(self._get_plans(request))
        self._record_death()
        self._assert_silent(request)

    def test_a_closed_request(self):
        """R29: nobody is asked how satisfied a person was who has died."""
        self.file.portal_user_ids = False
        request = self._make_request("registered")
        self.file.notice_by_email = self.file.notice_by_sms = False
        self._advance(request, "closed")
        self.assertTrue(self._get_plans(request))
        self._record_death()
        rating = request.notice_ids.filtered(lambda one: one.event == "rating")
        self.assertEqual(rating.state, "stopped")
        self.assertFalse(self._get_plans(request))

    def test_it_fails_after_the_death(self):
        """R22: a notice that comes back after the death is followed up by nobody."""
        request = self._cancel()
        self._send_texts()
        notice = self._get_notice(request, "sms")
        self.assertEqual(notice.state, "sent")
        self._record_death()
        notice.notification_id.notification_status = "exception"
        self._follow_up(self.env.cr.now() + timedelta(days=3))
        self.assertEqual(notice.state, "stopped")
        self.assertFalse(self._get_plans(request))

    def test_told_by_mistake(self):
        """R20: what was told by mistake is not told again after the death."""
        self.file.write({"phone": False, "email": False})
        self.file.portal_user_ids = False
        request = self._cancel()
        request.notice_ids.with_user(self.officer).action_told(
            self._channel("phone").id, "Told"
        )
        self._record_death()
        request.notice_ids.with_user(self.manager).action_untell(reason="Mistake")
        self._assert_silent(request)

    def test_texts_of_colleagues(self):
        """R20: a text that waits on the file is not sent; a colleague's is."""
        contact = self.file._get_or_create_contacts()
        texts = self.env["sms.sms"].create(
            [
                {"number": "+966500000001", "body": "Come in", "partner_id": one.id}
                for one in (contact, self.officer.partner_id)
            ]
        )
        self._record_death()
        self.assertEqual(texts.mapped("state"), ["canceled", "outgoing"])

    def test_a_letter_again(self):
        """R40: no letter is reissued to a person who has died."""
        request = self._make_request("accepted")
        self._record_death()
        with self.assertRaisesRegex(UserError, DIED):
            request.with_user(self.manager).action_reissue_letter("Right", "A slip")
        self.assertFalse(
            self._tasks(request, "beneficiary_relations.mail_activity_type_next_step")
        )
