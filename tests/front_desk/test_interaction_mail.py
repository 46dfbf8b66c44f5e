from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from ..common import AssociationMixin, pdf_base64

MAIL = """MIME-Version: 1.0
Date: Mon, 02 Mar 2026 10:00:00 +0300
From: {sender}
To: {to}
Subject: {subject}
Message-ID: {message_id}
{more}Content-Type: multipart/mixed; boundary="X"

--X
Content-Type: text/html; charset=utf-8

<p>I have a question.</p><script>alert(1)</script>
--X
Content-Type: application/pdf; name="paper.pdf"
Content-Disposition: attachment; filename="paper.pdf"
Content-Transfer-Encoding: base64

{paper}
--X--
"""


@tagged("post_install", "-at_install")
class TestInteractionMail(AssociationMixin, MailCommon):
    """E-mails to the association's address become contacts (R5, R7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_associations()
        cls.company.alias_domain_id = cls.mail_alias_domain
        cls.company.write(
            {
                "beneficiary_mail_officer_id": cls.officer.id,
                "beneficiary_alias_name": "care",
            }
        )
        cls.address = f"care@{cls.alias_domain}"

    def _receive(self, sender, message_id="<1@example.com>", subject="Help", more=""):
        """Pass an e-mail to the gateway, and return the new contacts."""
        before = self.env["beneficiary.interaction"].search([])
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                None,
                MAIL.format(
                    sender=sender,
                    to=self.address,
                    subject=subject,
                    message_id=message_id,
                    more=more,
                    paper=pdf_base64().decode(),
                ),
            )
        return self.env["beneficiary.interaction"].search([]) - before

    def test_from_a_person_with_a_file(self):
        """R7: an e-mail is matched to a file, in upper or lower case."""
        interaction = self._receive('"Salem" <SALEM@example.com>')
        self.assertEqual(interaction.beneficiary_id, self.file)
        self.assertEqual(interaction.company_id, self.company)
        self.assertEqual(interaction.channel_id, self._channel("website"))
        self.assertEqual((interaction.direction, interaction.subject), ("in", "Help"))
        self.assertEqual(interaction.officer_id, self.officer)
        self.assertEqual(interaction.activity_ids.user_id, self.officer)
        message = interaction.message_ids.filtered(
            lambda message: message.message_type == "email"
        )
        self.assertTrue(message.is_internal)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))
        self.assertIn("I have a question.", message.body)
        self.assertNotIn("script", message.body)
        self.assertEqual(message.attachment_ids.mapped("name"), ["paper.pdf"])
        self.assertEqual(message.attachment_ids.res_id, interaction.id)

    def test_from_somebody_unknown(self):
        """R41: an unknown sender becomes a visitor, without a contact of Odoo."""
        partners = self.env["res.partner"].search_count([])
        interaction = self._receive("زائر <Visitor@Example.com>")
        self.assertEqual(interaction.party_kind, "visitor")
        self.assertEqual(interaction.party_name, "زائر")
        self.assertEqual(interaction.party_email, "visitor@example.com")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_shared_address(self):
        """An e-mail from an address of two files is matched to neither."""
        self.file.copy({"name": "Sister", "email": "salem@example.com"})
        self.assertFalse(self._receive("salem@example.com").beneficiary_id)

    def test_other_association(self):
        """R43: an e-mail is not matched to a file of another association."""
        self.file.email = False
        self.env["beneficiary.beneficiary"].create(
            {
                "name": "Other",
                "company_id": self.other.id,
                "email": "salem@example.com",
            }
        )
        interaction = self._receive("salem@example.com")
        self.assertFalse(interaction.beneficiary_id)
        self.assertEqual(interaction.company_id, self.company)

    def test_from_users(self):
        """E-mails from any user reach the office, even if the user has no rights."""
        for number, user in enumerate((self.applicant, self.stranger, self.delegate)):
            with self.subTest(user=user.login):
                interaction = self._receive(user.email, f"<{number}@example.com>")
                self.assertEqual(len(interaction), 1)

    def test_reply_joins_its_contact(self):
        """A reply is added to its contact as an internal note."""
        interaction = self._receive("salem@example.com")
        interaction.activity_ids.action_feedback()
        note = interaction.with_user(self.officer).message_post(body="We look into it")
        more = f"In-Reply-To: {note.message_id}\nReferences: {note.message_id}\n"
        self.assertFalse(
            self._receive("salem@example.com", "<2@example.com>", more=more)
        )
        reply = interaction.message_ids.filtered(
            lambda message: message.message_id == "<2@example.com>"
        )
        self.assertTrue(reply.is_internal)
        self.assertEqual(len(interaction.activity_ids), 1, "it waits for an answer")

    def test_same_mail_twice(self):
        """A message that is delivered twice becomes one contact."""
        self.assertTrue(self._receive("salem@example.com"))
        self.assertFalse(self._receive("salem@example.com"))

    def test_loop(self):
        """Too many e-mails from one sender are ignored after a while."""
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", 3
        )
        with self.mock_mail_gateway():
            taken = [
                len(self._receive("robot@example.com", f"<{number}@example.com>"))
                for number in range(5)
            ]
        self.assertEqual(taken, [1, 1, 1, 0, 0])

    def test_policy_without_website(self):
        """R4: if the policy has no website, e-mails count for its first channel."""
        draft = self.company._get_beneficiary_policy().copy()
        draft.channel_line_ids.filtered("channel_id.is_portal").unlink()
        draft.action_put_in_force()
        interaction = self._receive("salem@example.com")
        self.assertEqual(interaction.channel_id, self._channel("interview"))

    def test_settings(self):
        """The address needs an officer of the association and a policy in force."""
        with self.assertRaisesRegex(ValidationError, "has that role"):
            self.company.beneficiary_mail_officer_id = self.outsider
        company = self.env["res.company"].create({"name": "Without a policy"})
        self.officer.company_ids |= company
        with self.assertRaisesRegex(ValidationError, "policy in force"):
            company.write(
                {
                    "beneficiary_mail_officer_id": self.officer.id,
                    "beneficiary_alias_name": "help",
                }
            )
        self.company.beneficiary_alias_name = False
        self.company.beneficiary_mail_officer_id = False
