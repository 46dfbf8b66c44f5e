from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..mixins.id_guard_mixin import OURS


class RatingRating(models.Model):
    """Only managers of the association read the ratings of our records (R30, R43).

    Only the method of the rated record writes a rating. In plain Odoo any internal
    user could read, group and rewrite all ratings.
    """

    _inherit = "rating.rating"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        compute="_compute_company_id",
        store=True,
        index="btree_not_null",
        help="The association of the rated record, if the record belongs to the "
        "beneficiary relations.",
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="The colleague who recorded the rating, if the person did not rate by "
        "themselves.",
    )
    recorded_channel_id = fields.Many2one(
        "beneficiary.channel", string="Given On", readonly=True
    )

    # No constraint for ratings of other applications: there people rate again.
    _beneficiary_once = models.UniqueIndex(
        "(res_model, res_id)"
        " WHERE res_model IN ('beneficiary.request', 'beneficiary.interaction')",
        "This was rated already: a service is rated once.",
    )

    @api.depends("res_model", "res_id")
    def _compute_company_id(self):
        self.company_id = False
        for name, ratings in self._filter_ours().grouped("res_model").items():
            # Superuser: the user may not be allowed to read the rated record.
            records = self.env[name].sudo().browse(ratings.mapped("res_id")).exists()
            companies = {record.id: record.company_id for record in records}
            for rating in ratings:
                rating.company_id = companies.get(rating.res_id)

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._check_written_by_method()
        return ratings

    def write(self, vals):
        self._check_written_by_method()
        result = super().write(vals)
        # Checked again: ``vals`` may point another rating at one of our records.
        self._check_written_by_method()
        return result

    def _check_written_by_method(self):
        if not self.env.su and self.sudo()._filter_ours():
            raise AccessError(
                self.env._("A rating is given by the applicant, and changed by nobody.")
            )

    def _filter_ours(self):
        """Return the ratings of our records, and ratings on messages of our records."""
        return self.filtered(
            lambda rating: (
                (rating.res_model or "").startswith(OURS)
                or rating.message_id._filter_beneficiary_messages()
            )
        )
