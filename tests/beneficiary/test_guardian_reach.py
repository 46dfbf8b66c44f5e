from datetime import date, timedelta

from freezegun import freeze_time

from odoo.service.model import call_kw
from odoo.tests import tagged

from ..messages.common import NoticeCase

FILE = "beneficiary.beneficiary"
PHONE = "+966500000033"
EMAIL = "guardian@example.com"


@tagged("post_install", "-at_install")
class TestGuardianReach(NoticeCase):
    """R20, R33: a guardian's telephone and e-mail reach the ward."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ward = cls.env[FILE].create(
            {"name": "طفل المثال", "identity_number": "1000000024"}
        )
        cls.guardian = cls.env["beneficiary.representative"].create(
            {
                "beneficiary_id": cls.ward.id,
                "name": "وليّ المثال",
                "phone": "٠٥٠٠٠٠٠٠٣٣",
                "email": EMAIL,
                "date_from": "2020-01-01",
            }
        )

    def _read(self, user=None):
        self.env.invalidate_all()
        [values] = call_kw(
            self.env(user=user or self.officer, context={})[FILE],
            "read",
            [
                self.ward.ids,
                ["is_told_by_hand", "guardian_names", "notice_phone", "notice_email"],
            ],
            {},
        )
        return values

    def _get_channels(self, **vals):
        request = self._return(beneficiary_id=self.ward.id, **vals)
        return request, sorted(request.notice_ids.mapped("channel"))

    def test_ward_without_an_address(self):
        """R20: notices of a ward without telephone and e-mail reach the guardian."""
        request, channels = self._get_channels()
        self.assertEqual(channels, ["email", "sms"])
        self._send_texts()
        self.assertEqual([number for _company, number, _text in self.texts], [PHONE])
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "in", request.notice_ids.mail_message_id.ids)]
        )
        self.assertEqual(mail.recipient_ids.email_normalized, EMAIL)
        values = self._read()
        self.assertFalse(values["is_told_by_hand"])
        self.assertEqual(values["guardian_names"], self.guardian.name)
        self.assertEqual(values["notice_phone"], PHONE)

    def test_who_is_reached(self):
        """R20: minors through the guardian, adults with an address by themselves."""
        own = {"phone": "0500000044", "email": "ward@example.com"}
        for born, addresses, is_guardian in (
            (date(2015, 5, 1), own, True),
            (date(1980, 5, 1), own, False),
            (date(1980, 5, 1), {"email": "ward@example.com", "phone": False}, False),
            (date(1980, 5, 1), {"email": False, "phone": "0112345678"}, True),
            (False, own, False),
        ):
            with self.subTest(born=born, addresses=addresses):
                self.ward.write({"birth_date": born, **addresses})
                values = self._read()
                self.assertEqual(values["guardian_names"] != "", is_guardian)
                self.assertEqual(values["notice_email"] == EMAIL, is_guardian)

    def test_scope_and_period(self):
        """R33: a former guardian, and one who only collects, are not written to."""
        day = self.company._get_beneficiary_today()
        for vals in (
            {"date_to": day - timedelta(days=1)},
            {"date_from": day + timedelta(days=1)},
            {"scope": "receipt"},
            {"phone": "0112345678", "email": False},
        ):
            with self.subTest(vals=vals):
                before = {name: self.guardian[name] for name in vals}
                self.guardian.write(vals)
                self.assertTrue(self._read()["is_told_by_hand"])
                self.assertEqual(self._get_channels()[1], ["hand"])
                self.guardian.write(before)

    def test_the_period_ends_by_date(self):
        """R33: nothing reaches the guardian once the period is over."""
        self.guardian.date_to = self.company._get_beneficiary_today()
        contact = self.ward._get_or_create_contacts()
        self.assertEqual(contact.email_normalized, EMAIL)
        self.env.invalidate_all()
        with freeze_time(self.env.cr.now() + timedelta(days=2)):
            request, channels = self._get_channels()
            self.assertEqual(channels, ["hand"])
            request.with_user(self.officer).message_post(
                body="Come in", subtype_xmlid="mail.mt_comment"
            )
        self.assertFalse(contact.email)

    def test_two_guardians(self):
        """R20: every guardian who acts receives the e-mail."""
        self.guardian.copy({"name": "وليّ ثان", "email": "second@example.com"})
        self.assertEqual(
            set(self._read()["notice_email"].split(", ")), {EMAIL, "second@example.com"}
        )
        self.assertEqual(self._get_channels()[1], ["email", "sms"])

    def test_wishes(self):
        """R20: who wants no electronic notice is told by hand, guardian or not."""
        self.ward.write({"notice_by_email": False, "notice_by_sms": False})
        self.assertTrue(self._read()["is_told_by_hand"])

    def test_answer_of_the_guardian(self):
        """R26: what a guardian writes from the recorded address is the ward's word."""
        self.assertTrue(self.ward._get_mail_author(EMAIL))
        self.guardian.date_to = "2020-12-31"
        self.assertFalse(self.ward._get_mail_author(EMAIL))
