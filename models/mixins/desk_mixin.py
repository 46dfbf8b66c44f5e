from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What waits for somebody: few records of many, found in several ways.
WAITING = frozenset(["waits_for_applicant", "waits_for_me"])
# What is due before this day is due within the week; what is late is due too.
WEEK = "today +7d"


class DeskMixin(models.AbstractModel):
    """The questions with which a day begins, the same on every list.

    Which are mine, which are my branch's, which are due this week, which wait for the
    applicant, and which wait for me? Each model answers with one domain for each
    question: ``_get_<question>_domain``. Filters, lists and RPC all use that domain.

    The answers concern the acting user, so nothing is stored.
    """

    _name = "beneficiary.desk.mixin"
    _description = "Whose Turn It Is"
    # Whether a record is one's own, and of one's branch, because its request is.
    _follows_request = False

    is_mine = fields.Boolean(
        string="Mine",
        compute="_compute_desk",
        search=lambda self, *given: self._search_desk("is_mine", *given),
        exportable=False,
    )
    is_of_my_branch = fields.Boolean(
        string="Of My Branch",
        compute="_compute_desk",
        search=lambda self, *given: self._search_desk("is_of_my_branch", *given),
        exportable=False,
    )
    is_due_this_week = fields.Boolean(
        string="Due This Week",
        compute="_compute_desk",
        search=lambda self, *given: self._search_desk("is_due_this_week", *given),
        exportable=False,
        help="Within seven days, or late already.",
    )
    waits_for_applicant = fields.Boolean(
        string="Up to the Applicant",
        compute="_compute_desk",
        search=lambda self, *given: self._search_desk("waits_for_applicant", *given),
        exportable=False,
    )
    waits_for_me = fields.Boolean(
        string="Waits for Me",
        compute="_compute_desk",
        search=lambda self, *given: self._search_desk("waits_for_me", *given),
        exportable=False,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_desk(self):
        # Searched in the database: the user may not read all that the answers lead to.
        saved = Domain("id", "in", self._origin.ids)
        for question in self._get_desk_questions():
            found = self.with_context(active_test=False).search(
                saved & self._get_desk_domain(question)
            )
            for record in self:
                record[question] = record._origin in found

    @api.model
    def _get_desk_questions(self):
        return [
            "is_mine",
            "is_of_my_branch",
            "is_due_this_week",
            "waits_for_applicant",
            "waits_for_me",
        ]

    @api.model
    def _search_desk(self, question, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._get_found_domain(question)
        return Domain.OR(found if wanted else ~found for wanted in value)

    @api.model
    def _get_found_domain(self, question):
        """Return the domain with which the records are looked for in the whole table.

        For records that are at hand ``_get_desk_domain`` asks less of PostgreSQL.
        """
        found = self._get_desk_domain(question)
        return self._unite(found) if question in WAITING else found

    @api.model
    def _unite(self, found):
        """Return a domain of the same records that lets indexes find them.

        For alternatives with sub-queries PostgreSQL would read the whole table. Each
        alternative is found for itself instead, and their records are united.

        :param found: the domain; without alternatives it is returned as it is
        """
        if getattr(found, "OPERATOR", "") != "|":
            return found
        records = self.with_context(active_test=False)
        parts = [
            records._search(part, bypass_access=True).select()
            for part in found.children
        ]
        return Domain("id", "any!", SQL("(%s)", SQL(" UNION ").join(parts)))

    @api.model
    def _get_desk_domain(self, question):
        return getattr(self, f"_get_{question}_domain")()

    @api.model
    def _get_request_domain(self, question):
        """Return the domain of the records whose request answers ``question`` so."""
        requests = self.env["beneficiary.request"]
        return Domain("request_id", "any!", requests._get_desk_domain(question))

    # -- the answers, for a model that has none ----------------------------------------

    @api.model
    def _get_is_mine_domain(self):
        if self._follows_request:
            return self._get_request_domain("is_mine")
        return Domain("officer_id", "=", self.env.uid)

    @api.model
    def _get_is_of_my_branch_domain(self):
        """Return the domain of the records of branches that the user is delegate of."""
        if self._follows_request:
            return self._get_request_domain("is_of_my_branch")
        return self._get_branches_domain()

    @api.model
    def _get_branches_domain(self):
        """Return the domain of the records whose branch is one of the user's."""
        # For a sub-query PostgreSQL walks through all records of all branches.
        mine = self.env["beneficiary.branch"]._get_ids_of(self.env.uid)
        return Domain("branch_id", "in", mine)

    @api.model
    def _get_is_due_this_week_domain(self):
        return Domain.FALSE

    @api.model
    def _get_waits_for_applicant_domain(self):
        return Domain.FALSE

    @api.model
    def _get_waits_for_me_domain(self):
        return Domain.FALSE
