from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import MODEL, DeliveryCase


@tagged("post_install", "-at_install")
class TestDeliveryAmounts(DeliveryCase):
    """R25: totals have what the person gets; the request says what was approved."""

    def test_totals(self):
        """R25: what was cancelled, came back or went wrong is no part of a total."""
        deliveries = self._plan(200)
        cancelled = self._plan(50)
        cancelled.with_user(self.officer).action_cancel(reason="Twice")
        returned = self._received(60)
        returned.with_user(self.officer).action_take_back(reason="The address is old")
        lost = self._received(70)
        lost.with_user(self.officer).action_misdeliver(
            reason="A neighbour took it", owed_by="Neighbour"
        )
        deliveries |= cancelled | returned | lost
        rows = self._call_as(
            self.officer,
            MODEL,
            "formatted_read_group",
            [("id", "in", deliveries.ids)],
            [],
            ["amount_kept:sum"],
        )
        self.assertEqual(rows[0]["amount_kept:sum"], 200)
        self.assertEqual(self.request.amount_planned, 200)
        described = self.env[MODEL].fields_get(["amount", "amount_kept"])
        self.assertFalse(described["amount"].get("aggregator"))
        self.assertEqual(described["amount_kept"]["aggregator"], "sum")

    def test_nobody_writes_the_amount_that_counts(self):
        """R25: it follows from the delivery."""
        delivery = self._plan(100)
        with self.assertRaises(UserError):
            self._call_as(
                self.manager, MODEL, "write", delivery.ids, {"amount_kept": 5}
            )

    def test_amount_approved(self):
        """R21, R25: the request shows what was approved, once the reply has left."""
        self.assertEqual(self.request.with_user(self.officer).amount_granted, 500)
        held = self._make_request("decided")
        for user in (self.officer, self.delegate, self.manager, self.member):
            with self.subTest(user=user.login):
                held.invalidate_recordset()
                self.assertFalse(held.with_user(user).amount_granted)
        self._advance(held, "accepted")
        held.invalidate_recordset()
        self.assertEqual(held.with_user(self.officer).amount_granted, 500)
        form = Form(held.with_user(self.officer))
        self.assertEqual(form.amount_granted, 500)
