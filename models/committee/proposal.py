from odoo import fields, models


class Proposal(models.Model):
    """A change of what the committee votes on: the old and the new proposal (R19).

    :Who may: only the decision's method makes one. Who reads a decision reads how its
        proposal changed.
    """

    _name = "beneficiary.proposal"
    _inherit = ["beneficiary.sealed.part.mixin", "beneficiary.mixin"]
    _description = "Change of a Proposal"
    _order = "id desc"
    _rec_name = "decision_id"
    _check_company_auto = True
    _sealed_fields = (
        "amount_before",
        "amount",
        "conditions_before",
        "conditions",
        "reason",
        "proposed_by_id",
        "proposed_on",
    )
    _sealed_whole = "decision_id"

    decision_id = fields.Many2one(
        "beneficiary.decision", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="decision_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_before = fields.Monetary(string="Amount Until Then", aggregator=None)
    amount = fields.Monetary(string="New Amount", aggregator=None)
    conditions_before = fields.Text(string="Conditions Until Then")
    conditions = fields.Text(string="New Conditions")
    reason = fields.Text(string="Why It Changed")
    proposed_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    proposed_on = fields.Datetime(required=True)
