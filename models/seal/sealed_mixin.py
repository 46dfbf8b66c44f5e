from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SealedMixin(models.AbstractModel):
    """A record that is sealed into the chain of its association once it is final.

    A model names its fields in ``_sealed_fields``, and says in
    :meth:`_get_sealable_domain` when its records are final; the scheduled action does
    the rest. The model needs a stored ``company_id``.
    """

    _name = "beneficiary.sealed.mixin"
    _inherit = ["beneficiary.sealed.guard.mixin"]
    _description = "Sealed Record"

    seal_id = fields.Many2one(
        "beneficiary.seal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The link of the chain that seals this record.",
    )

    _to_seal = models.Index("(company_id, id) WHERE seal_id IS NULL")

    @api.model
    def _get_sealable_domain(self):
        """Return the domain of records that are final and may be sealed."""
        raise NotImplementedError

    @api.model
    def _get_unsealed_domain(self):
        """Return the domain of records that the scheduled action has to seal."""
        return Domain("seal_id", "=", False) & Domain(self._get_sealable_domain())

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_seal(vals)
        records = self._without_defaults({"seal_id"})
        return super(SealedMixin, records).create(vals_list)

    def write(self, vals):
        self._refuse_seal(vals)
        return super().write(vals)

    @api.model
    def _refuse_seal(self, vals):
        if "seal_id" in vals:
            raise UserError(self.env._("Only the system seals records."))

    def _set_seals(self, links):
        """Store the links that seal these records, in the same order."""
        self._write_multi([{"seal_id": link.id} for link in links])
        self.invalidate_recordset(["seal_id"])
