from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Stored on the contact itself so that the record rule which hides people in
    # need from other staff costs no join. Written by the file, never by hand.
    is_beneficiary_contact = fields.Boolean(
        string="Contact of a Beneficiary File",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="base.group_system",
    )
