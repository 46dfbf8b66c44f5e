from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "without_demo", "beside_apps")
class TestRightsTour(HttpCase, BeneficiaryCommon):
    """Rating by a link, and one's own data, on the narrowest phone (R29, R51)."""

    browser_size = "360x640"
    touch_enabled = True

    def test_rate_by_link(self):
        """R29: somebody who is not signed in rates with faces, in both languages."""
        for lang in ("ar_001", "en_US"):
            with self.subTest(lang=lang):
                self.file.lang = lang
                request = self._make_request("delivered")
                url = self.env["beneficiary.rating.link"]._make(request)
                self.start_tour(urlsplit(url).path, "beneficiary_rate_by_link")
                rating = request._get_rating()
                self.assertEqual((rating.rating, rating.feedback), (4, "شكرا لكم"))

    def test_my_data(self):
        """R51: consents, copy, correction and erasure, in both languages."""
        requests = self.env["beneficiary.data.request"]
        for lang in ("ar_001", "en_US"):
            with self.subTest(lang=lang):
                self.applicant.lang = lang
                mine = requests.search([("beneficiary_id", "=", self.file.id)])
                mine.unlink()
                self.start_tour("/my/data", "beneficiary_my_data", login="br_applicant")
                mine = requests.search([("beneficiary_id", "=", self.file.id)])
                self.assertEqual(
                    sorted(mine.mapped("kind")), ["copy", "correction", "erasure"]
                )
                consents = self.env["beneficiary.consent"].search(
                    [("beneficiary_id", "=", self.file.id)]
                )
                self.assertEqual(consents[0].decision, "withdrawn")
