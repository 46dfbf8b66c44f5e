from odoo import api, fields, models

from ..rules import flow


class ReferralSend(models.TransientModel):
    """Asks for the question, the researcher and the date, and sends it (R15)."""

    _name = "beneficiary.referral.send"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Refer to the Social Researcher"

    request_id = fields.Many2one("beneficiary.request", required=True)
    company_id = fields.Many2one(related="request_id.company_id", related_sudo=False)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.referral"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    researcher_id = fields.Many2one(
        "res.users",
        string="Social Researcher",
        required=True,
        domain=lambda self: self._get_role_domain(flow.RESEARCHER),
    )
    question = fields.Text(string="What Is Asked", required=True)
    due_date = fields.Date(
        string="Answer By",
        compute="_compute_due_date",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("request_id")
    def _compute_due_date(self):
        """The association's number of days from now; the sender can change it."""
        self._check_targets()
        for wizard in self.filtered("request_id"):
            company = wizard.request_id.company_id
            wizard.due_date = company._get_beneficiary_referral_due_date()

    def action_confirm(self):
        """Send the referral."""
        self.ensure_one()
        self.env["beneficiary.referral"]._send(
            self.request_id, self.researcher_id, self.question, self.kind, self.due_date
        )
        return {"type": "ir.actions.act_window_close"}
