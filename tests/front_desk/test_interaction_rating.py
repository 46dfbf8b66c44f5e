import re

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..request.common import PortalCase, select

LINK = re.compile(r"/rate/([\w-]{43})")


@tagged("post_install", "-at_install", "without_demo")
class TestInteractionRating(PortalCase):
    """R29, R41: whoever got an answer is asked how they were served."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.contact = self._complain(beneficiary_id=self.file.id)

    def _complain(self, **vals):
        contacts = self.env["beneficiary.interaction"].with_user(self.officer)
        return contacts.create(
            {
                "subject": "Long waiting",
                "kind": "complaint",
                "channel_id": self._channel("phone").id,
                "owner_id": self.officer.id,
                **vals,
            }
        )

    def _answer(self, contact):
        contact.write(
            {
                "answer": "A second desk is open now.",
                "answer_channel_id": self._channel("phone").id,
            }
        )
        contact.action_answer()

    def _get_texts(self):
        mails = self.env["mail.mail"].search([("auto_delete", "=", True)])
        return [
            *map(str, mails.mapped("body_html")),
            *self.env["sms.sms"].search([]).mapped("body"),
        ]

    def _get_tokens(self):
        return {token for text in self._get_texts() for token in LINK.findall(text)}

    def _get_rating(self, contact):
        return self.env["rating.rating"].search(
            [("res_model", "=", contact._name), ("res_id", "=", contact.id)]
        )

    def test_asked_at_the_end(self):
        """R29: once the answer is closed, a link leaves by e-mail and text, once."""
        self._answer(self.contact)
        self.assertFalse(self._get_tokens())
        self.contact.action_close()
        tokens = self._get_tokens()
        self.assertEqual(len(tokens), 1, "one secret for both messages")
        (token,) = tokens
        text = self.env["sms.sms"].search([], limit=1, order="id desc")
        self.assertEqual(text._get_sms_company(), self.company, "its own provider")
        self.assertFalse(text.mail_message_id.body, "no colleague reads the secret")
        page = self._get(f"/rate/{token}")
        self.assertEqual(len(select(page, "input[name=rate]")), 5)
        self.assertNotIn(self.contact.subject, page.text_content())
        self._post(f"/rate/{token}", {"rate": "1", "words": "Nobody called"})
        rating = self._get_rating(self.contact)
        self.assertEqual((rating.rating, rating.company_id), (1, self.company))
        improvement = self.env["beneficiary.improvement"].search(
            [("rating_id", "=", rating.id)]
        )
        self.assertEqual(improvement.source, "rating")
        # Reopened and closed again: it is not asked again, and not rated twice.
        self.contact.action_reopen()
        self._answer(self.contact)
        self.contact.action_close()
        self.assertEqual(self._get_tokens(), tokens)
        self._post(f"/rate/{token}", {"rate": "5"})
        self.assertEqual(self._get_rating(self.contact).rating, 1)

    @mute_logger("odoo.http")
    def test_reopened(self):
        """R29: while it is open again, a link that was sent rates nothing."""
        self._answer(self.contact)
        self.contact.action_close()
        self.contact.action_reopen()
        (token,) = self._get_tokens()
        self.assertEqual(self.url_open(f"/rate/{token}").status_code, 404)
        self._post(f"/rate/{token}", {"rate": "5"})
        self.assertFalse(self._get_rating(self.contact))

    def test_visitors(self):
        """R41: a supporter is asked at the address that was left; without, nobody."""
        for vals, count in (
            ({"party_phone": "0501234567"}, 1),
            ({"party_email": "x@example.com"}, 1),
            ({"party_phone": "0112345678"}, 0),
            ({}, 0),
        ):
            with self.subTest(vals=vals):
                before = self._get_tokens()
                contact = self._complain(
                    party_kind="supporter", party_name="Supporter", **vals
                )
                self._answer(contact)
                contact.action_close()
                self.assertEqual(len(self._get_tokens() - before), count)

    def test_who_asks_not(self):
        """R29: by their wish, and after their death, people are not asked."""
        self.file.notice_by_email = self.file.notice_by_sms = False
        self._answer(self.contact)
        self.contact.action_close()
        self.assertFalse(self._get_tokens())

    def test_readers(self):
        """R30: only managers of the association read the rating of an answer."""
        self._answer(self.contact)
        self.contact.action_close()
        self.contact.sudo()._create_rating(2, "Nobody called")
        rating = self._get_rating(self.contact)
        self.assertTrue(rating.with_user(self.manager).read(["feedback"]))
        for user in (self.officer, self.auditor, self.outsider, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rating.with_user(user).read(["feedback"])
        with self.assertRaises(AccessError):
            self._call_as(
                self.manager, "rating.rating", "write", rating.ids, {"rating": 5}
            )
