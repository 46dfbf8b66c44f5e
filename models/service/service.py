from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...rules import eligibility
from ..mixins.refusal import PLACES


class Service(models.Model):
    """A service that an association offers, and the people it is meant for (R45).

    A service names its papers and questions, the committee that studies requests for
    it, and the fund that pays. Its criteria for people advise the staff, and decide
    nothing.

    :Who may: managers edit their services, all staff read them. The portal offers
        published services that are meant for the applicant's kind of file.
    :Catalogue: services without an association ship with the addon. Nobody reads them
        but the assistant of the first hour, which copies those that a manager chooses.
    """

    _name = "beneficiary.service"
    _inherit = [
        "beneficiary.kept.name.mixin",
        "beneficiary.kind.fit.mixin",
        "beneficiary.archive.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
    ]
    _description = "Service"
    _is_short_list = True
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(copy=False)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    delivery_kind = fields.Selection(
        [
            ("cash", "Cash"),
            ("in_kind", "In Kind"),
            ("coupon", "Coupon"),
            ("activity", "Activity"),
            ("maintenance", "Maintenance"),
        ],
        required=True,
        default="in_kind",
        tracking=True,
    )
    fund = fields.Selection(
        [
            ("general", "General"),
            ("zakat", "Zakat"),
            ("waqf", "Waqf"),
            ("restricted", "Restricted to a Purpose"),
        ],
        required=True,
        default="general",
        tracking=True,
    )
    fund_purpose = fields.Text(
        string="Purpose of the Fund",
        tracking=True,
        help="The purpose of the donation, in the donors' words.",
    )
    committee_id = fields.Many2one(
        "beneficiary.committee",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    review_days = fields.Integer(
        string="Days of Review",
        tracking=True,
        help="Longer review period for this service, in the policy's unit of days. 0 "
        "means the policy's period.",
        aggregator="avg",
    )
    portal_published = fields.Boolean(
        string="Offered on the Portal",
        compute="_compute_portal_published",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Only services whose requests a committee studies can be offered.",
    )
    document_line_ids = fields.One2many(
        "beneficiary.service.document",
        "service_id",
        string="Documents",
        copy=True,
        tracking=True,
    )
    question_ids = fields.One2many(
        "beneficiary.service.question",
        "service_id",
        string="Questions",
        copy=True,
        tracking=True,
    )
    category_ids = fields.Many2many(
        "beneficiary.category",
        "beneficiary_service_category_rel",
        string="Eligible Categories",
        check_company=True,
        tracking=True,
        help="One of these categories is enough. Empty means every category.",
    )
    min_age = fields.Integer(
        string="Minimum Age",
        tracking=True,
        help="In completed years; 0 when it does not matter.",
        aggregator="avg",
    )
    max_age = fields.Integer(
        string="Maximum Age",
        tracking=True,
        help="In completed years; 0 when it does not matter.",
        aggregator="avg",
    )
    interval_months = fields.Integer(
        string="Months Between Deliveries",
        tracking=True,
        help="From a delivery of this service to the next one; 0 when it does not "
        "matter.",
        aggregator="avg",
    )
    max_income_per_head = fields.Monetary(
        string="Maximum Income per Head",
        tracking=True,
        help="Per month; 0 means no limit.",
        aggregator="avg",
    )
    budget_ids = fields.One2many(
        "beneficiary.service.budget",
        "service_id",
        string="Budgets",
        tracking=True,
        groups="beneficiary_relations.group_officer,"
        "beneficiary_relations.group_committee,beneficiary_relations.group_auditor",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another service of the association has this code.",
    )
    _catalogue_is_not_studied = models.Constraint(
        "CHECK (company_id IS NOT NULL OR (committee_id IS NULL AND NOT "
        "portal_published))",
        "A service of no association is in the catalogue only: nobody offers or "
        "studies it.",
    )
    _restricted_fund_has_purpose = models.Constraint(
        "CHECK (fund != 'restricted' OR trim(coalesce(fund_purpose, '')) != '')",
        "Write the purpose of the restricted fund.",
    )

    _ages_ordered = models.Constraint(
        "CHECK (min_age >= 0 AND max_age >= 0 AND (max_age = 0 OR min_age <= max_age))",
        "Ages are positive, and the minimum is not above the maximum.",
    )
    _interval_positive = models.Constraint(
        "CHECK (interval_months >= 0)", "Months between deliveries cannot be negative."
    )

    _income_positive = models.Constraint(
        "CHECK (max_income_per_head >= 0)", "The maximum income cannot be negative."
    )

    _review_days_positive = models.Constraint(
        "CHECK (review_days >= 0)", "Days of review cannot be negative."
    )

    @api.constrains("review_days", "company_id")
    def _check_review_days(self):
        """Refuse a review that is shorter than the board's promise (R21)."""
        for service in self.filtered(lambda service: service.review_days > 0):
            policy = service.company_id._get_beneficiary_policy()
            least = policy.review_days
            if service.review_days < least:
                raise ValidationError(
                    self.env._(
                        "The policy in force gives the review %(period)s: a service "
                        "may ask for more, not for less.",
                        period=policy._count_review_days(least),
                    )
                )

    @api.depends("committee_id")
    def _compute_portal_published(self):
        """Offer a new service that has a committee, and no service without one."""
        for service in self:
            offered = not service._origin or service._origin.portal_published
            service.portal_published = offered and bool(service.committee_id)

    @api.constrains("portal_published", "committee_id", "active")
    def _check_offered_is_studied(self):
        """Refuse to offer a service whose requests no committee would study (R45).

        :raise ValidationError: leads to the committee
        """
        for service in self:
            if service.active and service.portal_published and not service.committee_id:
                error = ValidationError(
                    self.env._(
                        "“%(service)s” is offered on the portal, and no committee "
                        "studies its requests. Choose its committee first.",
                        service=service.name,
                    )
                )
                error.context = {
                    PLACES: [{"model": self._name, "fields": ["committee_id"]}]
                }
                raise error

    def _get_archive_problems(self):
        return self._get_open_request_problems([("service_id", "=", self.id)])

    def _get_criteria(self):
        """Return the criteria of this service in the form that the rules need."""
        return self._origin.sudo()._read_criteria()  # all staff read services

    @ormcache("self.id")
    def _read_criteria(self):
        return eligibility.Criteria(
            kinds=frozenset(self.kind_ids.mapped("value")),
            categories=frozenset(self.category_ids.ids),
            min_age=self.min_age,
            max_age=self.max_age,
            interval_months=self.interval_months,
            max_income=self.max_income_per_head,
        )

    @ormcache("self.id")
    def _read_papers(self):
        """Return (id of the kind of paper, kinds of file, whether it is required)."""
        return tuple(
            (
                line.type_id.id,
                frozenset(line.kind_ids.mapped("value")),
                line.is_required,
            )
            for line in self.document_line_ids
        )

    def _get_review_days(self):
        """Return the days of review that this service asks for; 0 for the policy's."""
        return self._origin.sudo()._read_review_days()  # all staff read services

    @ormcache("self.id")
    def _read_review_days(self):
        return self.review_days

    @ormcache("self.id")
    def _has_budgets(self):
        return bool(self.budget_ids)

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()  # see `_read_criteria` and what follows it
        return result

    def _get_document_types(self, file, required_only=False):
        """Return the kinds of paper that this service asks of a file (R45).

        A person without an identity is asked for no card. The papers that stand in for
        one are asked for; any one of them is enough, so none of them is required.

        :param file: the file; its kind decides which papers are asked for
        :param required_only: leave out optional papers
        """
        types = self.env["beneficiary.document.type"].browse(
            dict.fromkeys(
                type_id
                for type_id, kinds, is_required in self._origin.sudo()._read_papers()
                if not kinds or file.kind in kinds
                if is_required or not required_only
            )
        )
        if not file._has_no_identity():
            return types
        types = types.filtered(lambda kind: kind.identity_proof != "card")
        return types if required_only else types | file._get_identity_substitutes()
