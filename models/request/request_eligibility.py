from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...rules import eligibility, flow

# The states in which the advice is shown.
STUDIED = frozenset(["in_review", *flow.PREPARING])


class RequestEligibility(models.Model):
    """Advice from the criteria of the service; it is never a decision (R45).

    The form shows the advice to staff. No guard reads it, no field stores it, and the
    applicant never sees it.
    """

    _inherit = "beneficiary.request"

    eligibility_advice = fields.Html(
        string="Advice", compute="_compute_eligibility_advice", sanitize=False
    )

    @api.depends(
        "service_id",
        "beneficiary_id.kind",
        "beneficiary_id.category_ids",
        "beneficiary_id.birth_date",
        "amount_requested",
        "submitted_on",
        "state",
    )
    def _compute_eligibility_advice(self):
        """Advise until the request is decided."""
        studied = self.filtered(lambda request: request.state in STUDIED)
        (self - studied).eligibility_advice = False
        for request, advice in studied._get_advice().items():
            request.eligibility_advice = advice

    def _get_advice(self):
        """List the criteria that each request does not meet.

        :return: ``{request: HTML}``; an empty text if there are none
        """
        texts = {}
        for request, case in self._get_cases().items():
            criteria = request.service_id._get_criteria()
            items = Markup("").join(
                Markup("<li>%s</li>") % request._get_advice_sentence(advice)
                for advice in eligibility.advise(criteria, case)
            )
            texts[request] = items and Markup("<ul class='mb-0'>%s</ul>") % items
        return texts

    def _get_cases(self):
        """Return the case that the rules judge, for each request."""
        now = fields.Datetime.now()
        # Use the day of submission, so that the advice does not change with time.
        days = {
            request: request._get_local_day(request.submitted_on or now)
            for request in self
        }
        delivered_on = self._get_last_deliveries()
        household_on = self._get_last_household_help()
        others = self._get_other_requests()
        budgets = self._get_budgets()
        income = self.beneficiary_id._fields["income_per_head"]
        knows_income = self.beneficiary_id._has_field_access(income, "read")
        cases = {}
        for request in self:
            file = request.beneficiary_id
            # What no criterion asks for is not read.
            criteria = request.service_id._get_criteria()
            asks_income = knows_income and criteria.max_income
            budget = budgets.filtered(
                lambda budget, request=request: (
                    budget.service_id == request.service_id._origin
                    and budget.date_from <= days[request] <= budget.date_to
                )
            )
            cases[request] = eligibility.Case(
                day=days[request],
                kind=file.kind,
                categories=frozenset(
                    criteria.categories and file.category_ids._origin.ids
                ),
                is_person=file._is_person(),
                birth_date=file.birth_date or None,
                income=file.income_per_head if asks_income else None,
                delivered_on=delivered_on.get(request),
                household_on=household_on.get(request),
                open_requests=others.get(request, ()),
                amount=request.amount_requested,
                budget_left=budget.remaining if budget else None,
            )
        return cases

    def _get_last_deliveries(self):
        """Return the day each file last received the same service, by request."""
        limited = self._filter_limited()
        if not limited:
            return {}
        groups = limited._read_deliveries(limited.beneficiary_id)
        latest = {}
        for request in limited:
            earlier = [
                moment
                for delivered, moment in groups
                if delivered != request._origin
                and delivered.beneficiary_id == request.beneficiary_id._origin
                and delivered.service_id == request.service_id._origin
            ]
            if earlier:
                latest[request] = request._get_local_day(max(earlier))
        return latest

    def _filter_limited(self):
        """Return the requests for services that are delivered once in some months."""
        return self.filtered(
            lambda request: request.service_id._get_criteria().interval_months
        )

    def _read_deliveries(self, files):
        """Return delivered requests of ``files`` for these services, with the moment.

        Deliveries of other branches count too.
        """
        return (
            self.env["beneficiary.request.step"]
            .sudo()
            ._read_group(
                [
                    ("code", "=", "deliver"),
                    ("voided_on", "=", False),
                    ("request_id.beneficiary_id", "in", files.ids),
                    ("request_id.service_id", "in", self.service_id.ids),
                ],
                ["request_id"],
                ["done_on:max"],
            )
        )

    def _get_last_household_help(self):
        """Return the day the household was last helped by the same service, by request.

        The file itself does not count, but the files of its dependants, and those on
        which its person is a dependant: a spouse, a parent. A reply of acceptance
        counts like a delivery. The advice names a day and no person, because the
        reader may be a delegate of another branch.
        """
        limited = self._filter_limited()
        if not limited:
            return {}
        files_sudo = limited.beneficiary_id._origin.sudo()
        households = files_sudo._get_related_files()
        relatives = files_sudo.union(*households.values())
        if relatives == files_sudo:
            return {}
        helped = limited._read_deliveries(relatives) + [
            (accepted, accepted.released_on)
            for accepted in self.sudo().search(
                [
                    ("beneficiary_id", "in", relatives.ids),
                    ("service_id", "in", limited.service_id.ids),
                    ("state", "in", ("accepted", "registered")),
                    ("released_on", "!=", False),
                ]
            )
        ]
        latest = {}
        for request in limited:
            file_sudo = request.beneficiary_id._origin.sudo()
            moments = [
                moment
                for other, moment in helped
                if other.beneficiary_id in households[file_sudo] - file_sudo
                and other.service_id == request.service_id._origin
            ]
            if moments:
                latest[request] = request._get_local_day(max(moments))
        return latest

    def _get_other_requests(self):
        """Return the numbers of each file's other open requests for the service."""
        found = self.sudo().search_fetch(
            [
                ("beneficiary_id", "in", self.beneficiary_id.ids),
                ("service_id", "in", self.service_id.ids),
                ("state", "not in", [*flow.CLOSED, "delivered", "rejected"]),
            ],
            ["beneficiary_id", "service_id", "name"],
            order="id",
        )
        same = found.grouped(
            lambda request: (request.beneficiary_id.id, request.service_id.id)
        )
        return {
            request: tuple(others.mapped("name"))
            for request in self
            if (
                others := same.get(
                    (request.beneficiary_id._origin.id, request.service_id._origin.id),
                    self.browse(),
                )
                - request._origin
            )
        }

    def _get_budgets(self):
        """Return the budgets of these services, if the user may read budgets."""
        budgets = self.env["beneficiary.service.budget"]
        services = self.service_id._origin.filtered(
            lambda service: service.sudo()._has_budgets()  # it shows no amount
        )
        if not services or not budgets.has_access("read"):
            return budgets
        return budgets.search([("service_id", "in", services.ids)])

    def _get_advice_sentence(self, advice):
        """Return the sentence for ``advice``, an object of :mod:`rules.eligibility`."""
        params = advice.params
        if advice.code == "too_soon":
            return self.env._(
                "This service was delivered on %(date)s; the next delivery is due from "
                "%(again)s on.",
                date=format_date(self.env, params["delivered_on"]),
                again=format_date(self.env, params["again_on"]),
            )
        if advice.code == "household":
            return self.env._(
                "Somebody else of the household was helped by this service on "
                "%(date)s; the next help is due from %(again)s on. Compare the files "
                "of the household before you raise the request.",
                date=format_date(self.env, params["helped_on"]),
                again=format_date(self.env, params["again_on"]),
            )
        if advice.code == "open_requests":
            return self.env._(
                "This file already has an open request for this service: %(numbers)s. "
                "Cancel one of them if it is the same need.",
                numbers=self._list_words(params["numbers"]),
            )
        if advice.code == "income":
            return self.env._(
                "The monthly income is %(income)s per head; the service is meant for "
                "up to %(limit)s.",
                income=self.currency_id.format(params["income"]),
                limit=self.currency_id.format(params["limit"]),
            )
        if advice.code == "budget":
            return self.env._(
                "The budget of this period does not suffice: %(amount)s is left.",
                amount=self.currency_id.format(params["left"]),
            )
        sentences = {
            "kind": self.env._("This service is not meant for this kind of file."),
            "category": self.env._("The file has none of the service's categories."),
            "age_unknown": self.env._(
                "This service is meant for certain ages; the file has no date of birth."
            ),
            "too_young": self.env._(
                "Aged %(age)s; the service is meant for ages from %(limit)s."
            ),
            "too_old": self.env._(
                "Aged %(age)s; the service is meant for ages up to %(limit)s."
            ),
        }
        if "limit" in params:
            years = self._count_in_words(params["limit"], "year")
            params = {**params, "limit": years}
        return sentences[advice.code] % params
