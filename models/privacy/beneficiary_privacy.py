from odoo import models


class BeneficiaryPrivacy(models.Model):
    """What the person of a file decided and asked about their data (R51)."""

    _inherit = "beneficiary.beneficiary"

    def action_view_consents(self):
        """Open what the person decided about the uses of their data."""
        return self._view_privacy("beneficiary.consent", "consent_action")

    def action_view_data_requests(self):
        """Open what the person asked about their data."""
        return self._view_privacy("beneficiary.data.request", "data_request_action")

    def _view_privacy(self, model, action):
        self.ensure_one()
        self.check_access("read")
        self.env[model].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"beneficiary_relations.{action}"
        )
        action["domain"] = [("beneficiary_id", "=", self.id)]
        action["context"] = {"default_beneficiary_id": self.id}
        return action
