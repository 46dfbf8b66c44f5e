from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import seal
from ...rules.evidence import says_nothing


class Verification(models.Model):
    """One item of a file, matched against its source by a named officer (R13).

    Verifications are added by a method and never edited. For each item the last one
    whose data are unchanged is valid. Officers add them; everybody who may read the
    file may read them.
    """

    _name = "beneficiary.verification"
    _inherit = ["beneficiary.whole.mixin", "beneficiary.mixin"]
    _description = "Verified Item"
    _order = "beneficiary_id, id desc"
    _rec_name = "item"

    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="beneficiary_id.company_id", store=True, precompute=True
    )
    branch_id = fields.Many2one(related="beneficiary_id.branch_id")
    item = fields.Selection(selection="_selection_item", required=True)
    source = fields.Char(
        string="Source Seen",
        required=True,
        help="The original, the register or the person it was compared with.",
    )
    result = fields.Selection(
        [("matched", "Matches"), ("differs", "Differs")],
        required=True,
        default="matched",
    )
    note = fields.Text()
    matched_by_id = fields.Many2one("res.users", required=True)
    matched_on = fields.Datetime(required=True)
    salt = fields.Char(required=True, groups=fields.NO_ACCESS)
    digest = fields.Char(required=True, groups=fields.NO_ACCESS)
    is_current = fields.Boolean(
        string="Stands",
        compute="_compute_is_current",
        compute_sudo=True,
        help="The data are as they were when they were matched.",
    )

    @api.model
    def _selection_item(self):
        return [
            ("identity", self.env._("Identity")),
            ("address", self.env._("Address")),
            ("household", self.env._("Household")),
            ("income", self.env._("Income and Expenses")),
        ]

    @api.model
    def _get_item_labels(self):
        return dict(self._selection_item())

    @api.depends("digest")
    def _compute_is_current(self):
        for verification in self:
            verification.is_current = verification._stands()

    def _stands(self):
        """Whether the present data are still those that were matched."""
        self.ensure_one()
        text = seal.canonical(self.beneficiary_id._get_item_data(self.item))
        return seal.is_intact(text, self.salt, self.digest)

    @api.model
    def _record(self, file, matches):
        """Add a verification of ``file`` for each of ``matches``.

        See :meth:`beneficiary.beneficiary._verify_items`.
        """
        items = file._get_items()
        vals_list = []
        for match in matches:
            if match["item"] not in items:
                raise UserError(self.env._("There are no such data in the file."))
            if says_nothing(match["source"]):
                raise UserError(
                    self.env._("Write what the data were compared with: the source.")
                )
            salt = seal.new_salt()
            text = seal.canonical(items[match["item"]])
            vals_list.append(
                {
                    **match,
                    "source": match["source"].strip(),
                    "beneficiary_id": file.id,
                    "matched_by_id": self.env.uid,
                    "matched_on": fields.Datetime.now(),
                    "salt": salt,
                    "digest": seal.digest(text, salt),
                }
            )
        recorded = self.sudo().create(vals_list)  # users may not create them by hand
        # A member who verified data of a request is recused from its study.
        file._update_open_studies()
        return recorded
