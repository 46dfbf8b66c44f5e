from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestInteractionTour(HttpCase, BeneficiaryCommon):
    """A telephone call is logged in Arabic, only with the keyboard."""

    def test_officer_logs_a_call(self):
        """R5, R44: an officer logs a call from any screen.

        The caller's number finds the file.
        """
        self.officer.lang = "ar_001"
        self._make_request("submitted")
        self.start_tour(
            "/odoo/beneficiary-requests",
            "beneficiary_backend_call",
            login=self.officer.login,
        )
        interaction = self.file.interaction_ids
        self.assertEqual(interaction.subject, "سؤال عن موعد الرد")
        self.assertEqual(interaction.officer_id, self.officer)
        self.assertEqual(interaction.channel_id, self._channel("phone"))
