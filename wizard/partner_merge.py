from odoo import models


class PartnerMerge(models.TransientModel):
    """Refuses to merge the contacts of files: managers merge the files instead."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        self.env["res.partner"].browse(partner_ids)._check_no_applicants()
        return super()._merge(partner_ids, dst_partner, extra_checks)
