from odoo import api, fields, models
from odoo.tools.urls import urljoin

NEWCOMER_PATH = "/my/new"


class ResConfigSettingsNewcomer(models.TransientModel):
    """The link by which an association invites people who are not known yet (R47)."""

    _inherit = "res.config.settings"

    beneficiary_newcomer_link = fields.Char(
        string="Link for Newcomers",
        compute="_compute_beneficiary_newcomer_link",
        help="Whoever opens this link can make themselves known.",
    )

    @api.depends("company_id")
    def _compute_beneficiary_newcomer_link(self):
        for settings in self:
            company = settings.company_id
            invitation = self.env["beneficiary.newcomer"]._get_invitation(company)
            settings.beneficiary_newcomer_link = urljoin(
                company.get_base_url(), f"{NEWCOMER_PATH}?invitation={invitation}"
            )

    def action_new_newcomer_link(self):
        """Give the association another link; the one before opens nothing any more.

        :raise AccessError: unless the acting user may change the settings
        """
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("write")
        self.env["beneficiary.newcomer"]._void_invitations(self.company_id)
        return {"type": "ir.actions.client", "tag": "reload"}
