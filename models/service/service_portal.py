from odoo import api, models

from ...rules import eligibility, flow


class ServicePortal(models.Model):
    """What a service asks and gives, in words for applicants and for the public (R45).

    The public pages show published services, and no data of people. On the portal a
    person also reads whether a request of theirs runs, and from when the service is
    given again.
    """

    _inherit = "beneficiary.service"

    @api.model
    def _portal_get_card(self, files):
        return {
            "label": self.env._("Services"),
            "text": self.env._("What you may ask for, and what it takes"),
            "url": "/my/services",
            "icon": "fa-list-ul",
            "counted": None,
        }

    @api.model
    def _public_get_services(self, company):
        """Return, as superuser, the published services of an association."""
        return self.sudo().search(
            [("company_id", "=", company.id), ("portal_published", "=", True)]
        )

    def _public_get_conditions(self):
        """Return the conditions of this service as sentences."""
        self.ensure_one()
        conditions = []
        if self.kind_ids:
            conditions.append(
                self.env._(
                    "It is for: %(kinds)s.",
                    kinds=self._list_words(self.kind_ids.mapped("name")),
                )
            )
        if self.category_ids:
            conditions.append(
                self.env._(
                    "It is meant for one of these categories: %(categories)s.",
                    categories=self._list_words(self.category_ids.mapped("name")),
                )
            )
        conditions += self._get_age_conditions()
        if self.max_income_per_head:
            conditions.append(
                self.env._(
                    "The monthly income is up to %(amount)s per head.",
                    amount=self.currency_id.format(self.max_income_per_head),
                )
            )
        if self.interval_months:
            conditions.append(
                self.env._(
                    "It is given again after %(period)s.",
                    period=self._count_in_words(self.interval_months, "month"),
                )
            )
        return conditions

    def _get_age_conditions(self):
        low = self.min_age and self._count_in_words(self.min_age, "year")
        high = self.max_age and self._count_in_words(self.max_age, "year")
        if low and high:
            sentence = self.env._("The age is from %(low)s to %(high)s.")
        elif low:
            sentence = self.env._("The age is %(low)s or more.")
        elif high:
            sentence = self.env._("The age is %(high)s or less.")
        else:
            return []
        return [sentence % {"low": low, "high": high}]

    def _public_get_papers(self):
        """Return the papers of this service: ``name`` and ``is_required``."""
        self.ensure_one()
        return [
            {"name": line.type_id.name, "is_required": line.is_required}
            for line in self.document_line_ids
        ]

    def _public_describe(self):
        """Return each of these services with its conditions and papers."""
        return [
            {
                "service": service,
                "conditions": service._public_get_conditions(),
                "papers": service._public_get_papers(),
            }
            for service in self
        ]

    @api.model
    def _portal_get_offers(self):
        """Return what the acting user may ask for, by file.

        The number of queries does not depend on how many requests there are.

        :return: list of dicts: ``file``, ``problem`` (why nothing can be asked for, or
            an empty text) and ``services``, each as :meth:`_public_describe` returns
            it, with ``running`` (open requests for it) and ``again`` (from when it
            is given again, as a sentence, or an empty text)
        """
        requests = self.env["beneficiary.request"]
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        running = self._portal_get_running(files)
        given = self._portal_get_last_given(files)
        offers = []
        for file in files:
            services = requests._portal_get_services(file)._public_describe()
            for line in services:
                slot = (file, line["service"])
                line["running"] = running.get(slot, requests.browse())
                line["again"] = line["service"]._portal_get_again(file, given.get(slot))
            problem = requests._portal_get_file_problem(file)
            offers.append({"file": file, "problem": problem, "services": services})
        return offers

    @api.model
    def _portal_get_running(self, files_sudo):
        """Return, as superuser, the open requests by file and service."""
        groups = (
            self.env["beneficiary.request"]
            .sudo()
            ._read_group(
                [
                    ("beneficiary_id", "in", files_sudo.ids),
                    ("state", "not in", [*flow.CLOSED, "delivered", "rejected"]),
                ],
                ["beneficiary_id", "service_id"],
                ["id:recordset"],
            )
        )
        return {(file, service): found for file, service, found in groups}

    @api.model
    def _portal_get_last_given(self, files_sudo):
        """Return the moment (UTC) of the last delivery by file and service."""
        steps = self.env["beneficiary.request.step"].sudo()
        groups = steps._read_group(
            [
                ("code", "=", "deliver"),
                ("voided_on", "=", False),
                ("request_id.beneficiary_id", "in", files_sudo.ids),
                ("request_id.service_id.interval_months", ">", 0),
            ],
            ["request_id"],
            ["done_on:max"],
        )
        latest = {}
        for request, moment in groups:
            slot = (request.beneficiary_id, request.service_id)
            latest[slot] = max(latest.get(slot, moment), moment)
        return latest

    def _portal_get_again(self, file_sudo, given_on):
        """Return from when the service is given again, as a sentence."""
        if not given_on:
            return ""
        case = eligibility.Case(
            day=self.company_id._get_beneficiary_today(),
            kind=file_sudo.kind,
            delivered_on=self._get_local_day(given_on),
        )
        criteria = eligibility.Criteria(interval_months=self.interval_months)
        for advice in eligibility.advise(criteria, case):
            return self.env._(
                "You have received it. It is given again from %(date)s on.",
                date=self._format_both(advice.params["again_on"]),
            )
        return ""
