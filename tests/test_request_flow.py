from odoo.tests import tagged

from .common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestRequestFlow(BeneficiaryCommon):
    def test_seven_steps(self):
        """R10: a request travels all steps in order, each with doer and time."""
        request = self._make_request("closed")
        self.assertEqual(request.state, "closed")
        self.assertEqual(
            request.step_ids.mapped("code"),
            ["receive", "verify", "declare", "notify", "register", "deliver"],
        )
        self.assertTrue(all(request.step_ids.mapped("done_on")))
