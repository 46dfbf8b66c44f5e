from datetime import date

from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestTypedValuesTour(HttpCase, BeneficiaryCommon):
    """What an officer types in Arabic is what is kept, or it is refused in red."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.lang = "ar_001"

    def _tour(self, name, path):
        self.start_tour(f"/odoo/{path}", name, login=self.officer.login)
        self.env.invalidate_all()

    def test_amounts(self):
        """R44: an amount in Arabic digits is read; what is no amount is no zero."""
        request = self._make_request()
        path = f"beneficiary-requests/{request.id}"
        self._tour("beneficiary_typed_amount", path)
        self.assertEqual(request.amount_requested, 950)
        self._tour("beneficiary_typed_search", "beneficiary-requests")

    def test_other_numbers(self):
        """R44: a quantity or a count that is not clear is refused in red, too."""
        delivery = self._plan_delivery(self._make_request("registered"))
        path = f"beneficiary-deliveries/{delivery.id}"
        self._tour("beneficiary_typed_quantity", path)
        self.assertEqual(delivery.quantity, 2.5)
        group = self.env["beneficiary.beneficiary"].create(
            {"name": "مجموعة المثال", "kind": "group", "company_id": self.company.id}
        )
        self._tour("beneficiary_typed_count", f"beneficiary-files/{group.id}")
        self.assertEqual(group.headcount, 1200)

    def test_dates(self):
        """R38: a Hijri date in the Gregorian field; a day that there is not."""
        self._tour("beneficiary_typed_date", f"beneficiary-files/{self.file.id}")
        self.assertEqual(self.file.birth_date, date(1985, 5, 20))
