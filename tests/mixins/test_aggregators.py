from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import BeneficiaryCommon

# Numbers that may be added up: amounts, and counts of things, people and minutes. All
# other numbers (days, ages, scores, versions, rounds) are averaged, or not offered.
SUMMED = {
    "beneficiary.beneficiary": {"headcount", "housing_rent"},
    "beneficiary.compliance.transfer": {"amount"},
    "beneficiary.decision": {
        "abstain_count",
        "accept_count",
        "ahead_count",
        "amount_granted",
        "amount_proposed",
        "amount_requested",
        "reject_count",
    },
    "beneficiary.delivery": {"amount", "amount_kept", "quantity"},
    "beneficiary.disbursement.line": {"amount"},
    "beneficiary.export.log": {"record_count"},
    "beneficiary.household.member": {"income"},
    "beneficiary.income.line": {"amount"},
    "beneficiary.interaction": {"letter_attachment_count", "minutes"},
    "beneficiary.interaction.report": {"minutes"},
    "beneficiary.notice": {"tries"},
    "beneficiary.referral": {"proposed_amount"},
    "beneficiary.request": {"amount_planned", "amount_requested"},
    "beneficiary.request.migration": {"amount_granted", "amount_requested"},
    "beneficiary.request.report": {"amount_granted", "amount_requested"},
    "beneficiary.request.step": {"minutes"},
    "beneficiary.service.budget": {"amount"},
}


@tagged("post_install", "-at_install")
class TestAggregators(BeneficiaryCommon):
    """R29: what pivots, graphs and groups work out of a number makes sense."""

    def _group(self, records, aggregate):
        [group] = call_kw(
            records.with_user(self.manager),
            "formatted_read_group",
            [[("id", "in", records.ids)]],
            {"groupby": [], "aggregates": [aggregate]},
        )
        return group[aggregate]

    def test_all_numbers(self):
        """R29: only amounts and counts are added up; a new number is decided here."""
        for name, model in self.env.items():
            if not name.startswith("beneficiary.") or model._abstract:
                continue
            summed = {
                field.name
                for field in model._fields.values()
                if field.aggregator == "sum"
                and field.store
                and field.name != "id"
                and not model._transient
            }
            with self.subTest(model=name):
                self.assertLessEqual(summed, SUMMED.get(name, set()))

    def test_satisfaction(self):
        """R29: requests that were not rated do not lower the average."""
        rated = self._make_request("delivered")
        rated.with_user(self.applicant)._portal_rate("4", "")
        requests = rated | self._make_request("declared")
        self.assertEqual(self._group(requests, "rating_last_value:avg"), 4)
        self.assertFalse(self._group(requests - rated, "rating_last_value:avg"))

    def test_days_of_a_period(self):
        """R21, R29: days are averaged, and a request not raised yet has none."""
        raised = self._make_request("in_review") | self._make_request("in_review")
        requests = raised | self._make_request("declared")
        days = raised[0].review_days
        self.assertEqual(self._group(requests, "review_days:avg"), days)
        options = call_kw(
            requests.with_user(self.manager),
            "fields_get",
            [],
            {"attributes": ["aggregator"]},
        )
        self.assertEqual(options["review_days"]["aggregator"], "avg")
        self.assertFalse(options["round"].get("aggregator"))

    def test_service_limits(self):
        """R45, R29: a service without a limit does not lower the average limit."""
        service = self.service.copy({"max_age": 18})
        services = service | self.service
        self.service.max_age = 0
        self.assertEqual(self._group(services, "max_age:avg"), 18)
