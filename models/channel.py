from odoo import fields, models


class Channel(models.Model):
    """A way in which the association and the people it serves reach each other.

    A catalogue shared by all associations; each policy orders the channels it
    allows (R4). Managers edit it, all staff read it.
    """

    _name = "beneficiary.channel"
    _inherit = ["beneficiary.mixin"]
    _description = "Communication Channel"
    _order = "sequence, id"

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

    _code_unique = models.Constraint(
        "UNIQUE (code)", "A channel with this code already exists."
    )
