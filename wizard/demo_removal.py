from odoo import api, fields, models
from odoo.exceptions import AccessError


class DemoRemoval(models.TransientModel):
    """Asks before the demo associations are deleted (R53).

    It holds no rule: the method of the association checks, and deletes.

    :Who may: administrators, because accounts and associations go.
    """

    _name = "beneficiary.demo.removal"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Removal of the Demo Data"

    has_demo = fields.Boolean(compute="_compute_demo")
    demo_html = fields.Html(string="Demo Associations", compute="_compute_demo")
    has_made = fields.Boolean(compute="_compute_demo")
    made_html = fields.Html(string="Added by People", compute="_compute_demo")
    takes_made = fields.Boolean(
        string="Delete these too: they were made for trying the application"
    )

    @api.depends_context("uid")
    def _compute_demo(self):
        self._check_administrator()
        words = self.env["beneficiary.policy"]
        demo = self.env["res.company"]._get_demo_associations()
        made = demo._describe_made_in_demo()
        for removal in self:
            removal.has_demo = bool(demo)
            removal.demo_html = words._list_html(demo.mapped("name"))
            removal.has_made = bool(made)
            removal.made_html = words._list_html(made)

    def action_remove(self):
        """Delete the demo associations, and open the app anew."""
        self.ensure_one()
        self._check_administrator()
        demo = self.env["res.company"]._get_demo_associations()
        demo._remove_demo(takes_made=self.takes_made)
        return {"type": "ir.actions.client", "tag": "reload"}

    def _check_administrator(self):
        if not self.env.su and not self.env.user._is_system():
            raise AccessError(self.env._("Only administrators remove the demo data."))
