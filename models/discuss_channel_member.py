from odoo import api, models


class DiscussChannelMember(models.Model):
    """Who is in a channel reads and is sent all that is said there."""

    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        """Add no applicant to a channel but by who may write to them (R43)."""
        members = super().create(vals_list)
        members.sudo().partner_id._check_may_be_written_to(self.env.user)
        return members
