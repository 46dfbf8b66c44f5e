from odoo.tests import tagged

from ..common import BeneficiaryCommon

RTL = '<div dir="rtl">'
LTR = '<div dir="ltr">'


@tagged("post_install", "-at_install")
class TestMailDirection(BeneficiaryCommon):
    """E-mails have the direction of their reader's language (R44)."""

    def _get_new_mails(self, before):
        return self.env["mail.mail"].search([]) - before

    def test_templates(self):
        """R44: each template about our records, in Arabic and in English."""
        models = {
            "beneficiary.request": self._make_request("submitted"),
            "beneficiary.delivery": None,
            "beneficiary.document": None,
        }
        models["beneficiary.document"] = self._make_document(
            self.file, self.identity_type
        )
        templates = self.env["mail.template"].search(
            [("model", "in", [name for name, record in models.items() if record])]
        )
        self.assertGreater(len(templates), 5)
        for lang, mark in (("ar_001", RTL), ("en_US", LTR)):
            self.file.lang = lang
            for template in templates:
                record = models[template.model]
                values = template._generate_template(record.ids, ("body_html",))
                with self.subTest(lang=lang, template=template.name):
                    body = values[record.id]["body_html"]
                    self.assertTrue(body.startswith(mark), body[:80])

    def test_comment(self):
        """R44: a comment on a request reaches an Arabic reader from right to left."""
        request = self._make_request("submitted")
        self.applicant.partner_id.lang = "ar_001"
        before = self.env["mail.mail"].search([])
        request.with_user(self.officer).with_context(
            mail_notify_force_send=False
        ).message_post(body="مرحبًا", subtype_xmlid="mail.mt_comment")
        mails = self._get_new_mails(before)
        self.assertTrue(mails)
        for mail in mails:
            self.assertIn(RTL, mail.body_html)

    def test_activity(self):
        """R44: the e-mail about an activity has the direction of its assignee."""
        request = self._make_request("submitted")
        for lang, mark in (("ar_001", RTL), ("en_US", LTR)):
            self.manager.lang = lang
            self.manager.notification_type = "email"
            before = self.env["mail.mail"].search([])
            request.with_user(self.officer).activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.manager.id
            )
            with self.subTest(lang=lang):
                (mail,) = self._get_new_mails(before)
                self.assertIn(mark, mail.body_html)

    def test_direct(self):
        """R44: messages that nobody else reads, and the plain part of a page."""
        before = self.env["mail.mail"].search([])
        self.env["beneficiary.direct.message"]._send(
            self.company, {"email": "a@example.com"}, "ar_001", "س", "ص", "https://x"
        )
        self.assertTrue(self._get_new_mails(before).body_html.startswith(RTL))
        directed = self.env["res.lang"]._set_text_direction
        page = "<html><head/><body style='x'><p>1</p></body></html>"
        self.assertEqual(
            directed(page, "ar_001"),
            f"<html><head/><body style='x'>{RTL}<p>1</p></div></body></html>",
        )
