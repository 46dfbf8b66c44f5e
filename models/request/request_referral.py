from odoo import fields, models


class RequestReferral(models.AbstractModel):
    """The door from a request to its referrals (R15)."""

    _name = "beneficiary.request.referral"
    _description = "Referrals of a Request"

    referral_count = fields.Integer(compute="_compute_referral_count")

    def _compute_referral_count(self):
        counts = dict(
            self.env["beneficiary.referral"]._read_group(
                [("request_id", "in", self.ids)], ["request_id"], ["__count"]
            )
        )
        for request in self:
            request.referral_count = counts.get(request, 0)

    def action_view_referrals(self):
        """Open the clarifications and case studies of this request."""
        self.ensure_one()
        self.check_access("read")
        self.env["beneficiary.referral"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.referral_action"
        )
        action["domain"] = [("request_id", "=", self.id)]
        action["context"] = {"default_request_id": self.id}
        return action
