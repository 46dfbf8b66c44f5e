from odoo import SUPERUSER_ID, api, fields, models

from ...rules.satisfaction import LOW


class ImprovementRating(models.Model):
    """An improvement that a low rating began (R31).

    A manager owns it, and only managers see which rating it was (R30): its other
    readers learn that somebody was not satisfied, and what was changed.
    """

    _inherit = "beneficiary.improvement"

    rating_id = fields.Many2one(
        "rating.rating",
        string="Comes of the Rating",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="beneficiary_relations.group_manager",
    )

    def action_open_rated(self):
        """Open the record whose service was rated.

        :raise AccessError: unless the acting user may read the rating
        """
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["rating_id"], "read")
        self.rating_id.check_access("read")
        return self.rating_id.action_open_rated_object()

    @api.model
    def _begin_from_rating(self, rating):
        """Begin an improvement if ``rating`` is low (R31).

        :param rating: the rating as superuser
        """
        if rating.rating > LOW:
            return
        company = rating.company_id
        owner = company._get_beneficiary_manager()
        lang = owner.lang or company._get_beneficiary_lang()
        office = self.with_user(SUPERUSER_ID).with_context(
            lang=lang, allowed_company_ids=company.ids
        )
        office.create(
            {
                "name": office.env._("A person was not satisfied: find out why"),
                "company_id": company.id,
                "source": "rating",
                "rating_id": rating.id,
                "owner_id": owner.id or SUPERUSER_ID,
                "due_on": company.sudo()._get_beneficiary_due_day(
                    fields.Datetime.now(), company.sudo().beneficiary_answer_days
                ),
            }
        )
