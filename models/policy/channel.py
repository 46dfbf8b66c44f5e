from odoo import fields, models
from odoo.tools import ormcache


class Channel(models.Model):
    """A way in which the association and the people it serves reach each other.

    Each policy orders the channels it allows, and may give them other names (R4).
    Channels without a company are shared. Managers add channels of their association;
    all staff read them.
    """

    _name = "beneficiary.channel"
    _inherit = [
        "beneficiary.archive.mixin",
        "beneficiary.catalogue.mixin",
        "beneficiary.named.mixin",
        "beneficiary.mixin",
    ]
    _description = "Communication Channel"
    _order = "sequence, id"
    _check_company_auto = True
    _policy_lines = "channel_line_ids"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    icon = fields.Char(help="Font Awesome icon shown beside the channel.")
    requires_branch = fields.Boolean(
        help="A contact on this channel names a branch office and its delegate."
    )
    is_letter = fields.Boolean(
        string="Is Letters",
        help="A contact on this channel has the number and the date of a letter.",
    )
    is_portal = fields.Boolean(
        string="Is the Portal", help="Requests made on the portal carry this channel."
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A channel with this code already exists."
    )

    @ormcache("self.id")
    def _needs_branch(self):
        """Whether a contact on this channel names a branch office; kept in memory."""
        return self.sudo().requires_branch  # no secret

    def write(self, vals):
        if "requires_branch" in vals:
            self.env.registry.clear_cache()  # screens show branches where one is needed
        return super().write(vals)

    def _get_archive_problems(self):
        problems = self._get_open_request_problems([("channel_id", "=", self.id)])
        return problems + self.env["beneficiary.policy"]._get_use_problems(
            [("channel_line_ids.channel_id", "in", self.ids)]
        )
