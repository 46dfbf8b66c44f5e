from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestListsTour(HttpCase, BeneficiaryCommon):
    """Lists of a day's work: what is typed is found, and many are done at once."""

    def setUp(self):
        super().setUp()
        self.requests = self._make_request() | self._make_request()
        self.officer.lang = "ar_001"

    def test_assign(self):
        """Mass actions: chosen requests are handed over, and the list shows it."""
        colleague = self._make_user("br_colleague", "officer", self.company)
        self.start_tour(
            "/odoo/beneficiary-requests",
            "beneficiary_list_assign",
            login=self.officer.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self.requests.officer_id, colleague)

    def test_search(self):
        """R44: ٣٣ in the search of the list finds the request that ends with 33."""
        self.requests[0]._write_flow({"name": "REQ/2026/00033"})
        self.requests[1]._write_flow({"name": "REQ/2033/00001"})
        self.start_tour(
            "/odoo/beneficiary-requests",
            "beneficiary_list_search",
            login=self.officer.login,
        )
