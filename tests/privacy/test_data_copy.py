import json

from odoo.tests import tagged

from ..common import BeneficiaryCommon

REQUEST = "beneficiary.data.request"


@tagged("post_install", "-at_install", "without_demo")
class TestDataCopy(BeneficiaryCommon):
    """R51: the copy holds all that the person may know, and nothing else."""

    def setUp(self):
        super().setUp()
        self.file.household_member_ids = [
            (0, 0, {"name": "Child of Salem", "health_state": "Asthma"})
        ]
        self.file.notes = "<p>Secret of the office</p>"
        self.file.iban = "SA0380000000608010167519"
        self.copy = self._ask()

    def _ask(self, user=None):
        requests = self.env[REQUEST].with_user(user or self.officer)
        asked = requests.create({"beneficiary_id": self.file.id, "kind": "copy"})
        return asked.with_user(self.env.user) if user is None else asked

    def _get_text(self, copy=None):
        copy = (copy or self.copy).with_context(lang="en_US")
        self.env.flush_all()
        self.env.invalidate_all()
        return json.dumps(copy._get_copy_data(), ensure_ascii=False)

    def test_what_is_held(self):
        """R51: file, household, bank data, requests, replies, messages, ratings."""
        request = self._make_request("delivered", description="A food basket for four")
        request.with_user(self.officer).message_post(
            body="Come on Sunday", subtype_xmlid="mail.mt_comment"
        )
        request.with_user(self.officer).message_post(
            body="Note among staff", subtype_xmlid="mail.mt_note"
        )
        request._create_rating(4, "On time")
        self.env["beneficiary.consent"].create(
            {"beneficiary_id": self.file.id, "purpose": "study"}
        )
        data = self.copy._get_copy_data()
        text = self._get_text()
        for value in (
            self.file.name,
            self.file.identity_number,
            self.file.iban,
            "Child of Salem",
            "Asthma",
            request.name,
            "A food basket for four",
            "Come on Sunday",
            "On time",
        ):
            with self.subTest(value=value):
                self.assertIn(value, text)
        self.assertEqual(data["replies"][0]["outcome"], "accepted")
        self.assertEqual(data["consents"][0]["decision"], "given")
        for secret in ("Secret of the office", "Note among staff", "As studied by"):
            self.assertNotIn(secret, text)

    def test_before_the_reply(self):
        """R21: before the reply leaves, the copy is the same whatever was decided."""
        accepted = self._make_request("in_review")
        rejected = self._make_request("in_review")
        before = self.copy._get_copy_data()
        self._decide(accepted, "accepted")
        self._decide(rejected, "rejected")
        self.env.flush_all()
        self.env.invalidate_all()
        after = self.copy._get_copy_data()
        for data in (before, after):
            del data["made_on"]
        self.assertEqual(before, after)

    def test_confidential(self):
        """R27: a confidential contact is not in the copy: guardians may take it."""
        for is_confidential in (True, False):
            self.env["beneficiary.interaction"].with_user(self.manager).create(
                {
                    "subject": f"Complaint {is_confidential}",
                    "kind": "complaint",
                    "channel_id": self._channel("phone").id,
                    "beneficiary_id": self.file.id,
                    "owner_id": self.manager.id,
                    "is_confidential": is_confidential,
                    "answer": "A draft of an answer",
                }
            )
        text = self._get_text()
        self.assertIn("Complaint False", text)
        self.assertNotIn("Complaint True", text)
        self.assertNotIn("A draft of an answer", text)

    def test_nobody_else(self):
        """R43: the copy holds nothing of another person's file."""
        other = self.env["beneficiary.beneficiary"].create(
            {"name": "Somebody Else", "company_id": self.company.id}
        )
        self._make_request("submitted", beneficiary_id=other.id, description="Other")
        text = self._get_text()
        self.assertNotIn("Somebody Else", text)
        self.assertNotIn('"Other"', text)

    def test_rights_of_staff(self):
        """R30: a copy that an officer makes holds no rating: they may not read it."""
        self._make_request("delivered")._create_rating(1, "Too late")
        self.assertIn("Too late", self._get_text())
        self.assertNotIn("Too late", self._get_text(self._ask(self.officer)))

    def test_on_paper(self):
        """R40, R51: the paper has the number, and the same facts in words."""
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "beneficiary_relations.data_copy_action", self.copy.ids
        )
        page = html.decode()
        for value in (self.copy.name, self.file.name, self.file.iban, "Child of Salem"):
            self.assertIn(value, page)
        self.assertNotIn("Secret of the office", page)
        self.assertIn('dir="rtl"', page, "in the person's language")

    def test_flat(self):
        """R51: twice the requests take the same number of queries, but for answers."""
        counts = []
        for _round in range(2):
            for _number in range(3):
                self._make_request("submitted")
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.copy._get_copy_data()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])
