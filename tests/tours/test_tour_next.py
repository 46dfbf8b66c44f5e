from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestNextTour(HttpCase, BeneficiaryCommon):
    """What a form says is missing is found with one click, and is never stale."""

    def _tour(self, name, record, path):
        self.officer.lang = "ar_001"
        self.start_tour(f"/odoo/{path}/{record.id}", name, login=self.officer.login)
        self.env.invalidate_all()

    @mute_logger("odoo.http")  # it logs the refusal
    def test_a_refusal_leads_to_its_field(self):
        """R27, R44: one click leads from the refusal to the field in a hidden tab."""
        complaint = (
            self.env["beneficiary.interaction"]
            .with_user(self.officer)
            .create(
                {
                    "subject": "Long waiting",
                    "kind": "complaint",
                    "channel_id": self._channel("phone").id,
                    "beneficiary_id": self.file.id,
                }
            )
        )
        self._tour("beneficiary_next_refusal", complaint, "beneficiary-interactions")
        self.assertEqual(complaint.answer, "نعتذر عن التأخير")

    def test_nothing_is_stale_after_a_dialog(self):
        """R13: a paper matched in the dialog of its line is no longer asked for."""
        request = self._make_request("submitted")
        paper = self._make_document(self.file, self.identity_type)
        self.file.with_user(self.officer).action_match("The card")
        self._tour("beneficiary_next_dialog", request, "beneficiary-requests")
        self.assertEqual(paper.source, "الأصل")
