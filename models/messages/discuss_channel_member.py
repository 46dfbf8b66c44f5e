from odoo import api, models


class DiscussChannelMember(models.Model):
    """Members of a channel read everything said there, and are notified of it."""

    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        """Adding an applicant to a channel needs the right to write to them (R43)."""
        members = super().create(vals_list)
        members.sudo().partner_id._check_may_be_written_to(self.env.user)
        return members
