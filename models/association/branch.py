from odoo import fields, models

from ...rules import flow


class Branch(models.Model):
    """A branch office and the delegates who speak for it (R6).

    Delegates see the files, requests and contacts of their own branches only.
    """

    _name = "beneficiary.branch"
    _inherit = ["beneficiary.mixin"]
    _description = "Branch Office"
    _order = "name, id"
    _check_company_auto = True
    _role_fields = {"delegate_ids": (flow.DELEGATE,)}

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    delegate_ids = fields.Many2many(
        "res.users",
        "beneficiary_branch_delegate_rel",
        string="Delegates",
        domain=lambda self: self._get_role_domain(flow.DELEGATE),
    )
    active = fields.Boolean(default=True)

    # Unique by source term: a translated name is one JSON value with all languages.
    _name_unique = models.UniqueIndex(
        "(company_id, (name->>'en_US'))",
        "The association already has a branch of this name.",
    )
