from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import PIXEL
from .common import DAY, DeliveryCase

CAME_BACK = "The bank sent it back: the account is closed."
MOVES = {
    "take_back": {"reason": CAME_BACK},
    "misdeliver": {"reason": "Given to a namesake.", "owed_by": "A namesake"},
    "void": {"reason": "The amount was wrong."},
}
TARGETS = {
    "take_back": "returned",
    "misdeliver": "misdelivered",
    "void": "voided",
}


@tagged("post_install", "-at_install")
class TestDeliveryCorrection(DeliveryCase):
    """What went wrong with a delivery is recorded with a reason, and planned again."""

    def _deliver(self, amount=500):
        """Deliver and close the request with one delivery; return the delivery."""
        delivery = self._received(amount)
        request = self.request.with_user(self.officer)
        request.action_deliver(evidence="Sent by transfer", reason="The rest later")
        self._deliver_notices(request)
        request.action_close()
        return delivery.sudo()

    def _correct(self, delivery, move, user=None, **given):
        records = delivery.with_user(user or self.manager)
        values = {**MOVES[move], **given}
        return call_kw(records, f"action_{move}", [delivery.ids], values)

    def test_transfer_came_back(self):
        """R25: a transfer that came back is planned again, with both on record."""
        delivery = self._deliver()
        signed = delivery.read(["signature", "received_by", "received_on", "handed_on"])
        self._correct(delivery, "take_back", self.officer)
        self.assertEqual(delivery.state, "returned")
        self.assertEqual(delivery.correction_reason, CAME_BACK)
        self.assertEqual(delivery.corrected_by_id, self.officer)
        # What was recorded stays, and the request is delivered again.
        self.assertEqual(
            delivery.read(["signature", "received_by", "received_on", "handed_on"]),
            signed,
        )
        self.assertEqual(self.request.state, "registered")
        self.assertEqual(self.request.amount_planned, 0)
        self.assertEqual(self.request._get_undelivered_amount(), 500)
        voided = self.request.step_ids.filtered(lambda step: step.code == "deliver")
        self.assertEqual(voided.void_reason, CAME_BACK)
        self.assertIn(CAME_BACK, "".join(self.request.message_ids.mapped("body")))
        next_step = self.env.ref("beneficiary_relations.mail_activity_type_next_step")
        self.assertTrue(
            self.request.activity_ids.filtered(
                lambda activity: activity.activity_type_id == next_step
            )
        )
        call_kw(
            delivery.with_user(self.officer), "action_plan_again", [delivery.ids], {}
        )
        again = delivery.correction_ids
        self.assertEqual(again.state, "planned")
        self.assertEqual((again.amount, again.corrects_id), (500, delivery))
        self.assertNotEqual(again.name, delivery.name)
        self._receive(again)
        request = self.request.with_user(self.officer)
        request.action_deliver(evidence="Sent to the new account")
        self.assertEqual(self.request.state, "delivered")
        with self.assertRaisesRegex(UserError, again.name):
            delivery.with_user(self.officer).action_plan_again()

    def test_receipt_by_mistake(self):
        """R25: a receipt that was signed by mistake is void, kept, and signed anew."""
        delivery = self._received()
        self._correct(delivery, "void")
        self.assertEqual(delivery.state, "voided")
        self.assertTrue(delivery.signature)
        delivery.with_user(self.officer).action_plan_again()
        again = delivery.correction_ids.with_user(self.officer)
        again.action_hand_over(handed_on=DAY, place="Office")
        again.action_receive(signature=PIXEL)
        self.assertEqual(again.state, "received")

    def test_wrong_amount(self):
        """R25: an amount that was wrong at the hand-over is corrected by another."""
        delivery = self._received(500)
        self.assertRefused("would come to", self._plan, 50)
        with self.assertRaises(UserError):
            delivery.with_user(self.officer).write({"amount": 450})
        self._correct(delivery, "void")
        self._plan(450)
        self.assertEqual(delivery.amount, 500)
        self.assertEqual(self.request.amount_planned, 450)

    def test_wrong_person(self):
        """R25: who received it instead owes it; the person gets theirs."""
        delivery = self._received(500)
        with self.assertRaisesRegex(UserError, "who received it instead"):
            self._correct(delivery, "misdeliver", owed_by=" ")
        self._correct(delivery, "misdeliver", self.officer)
        self.assertEqual(delivery.state, "misdelivered")
        self.assertEqual(delivery.owed_by, "A namesake")
        delivery.with_user(self.officer).action_plan_again()
        self._receive(delivery.correction_ids)
        # It is settled later; the first reason stays.
        self._correct(delivery, "take_back", self.officer)
        self.assertEqual(delivery.state, "returned")
        self.assertEqual(
            delivery.correction_reason, f"Given to a namesake.\n{CAME_BACK}"
        )
        self.assertEqual(self.request.amount_planned, 500)

    def test_who_may(self):
        """R25: officers, and for what was recorded by mistake managers, do this."""
        users = (
            self.officer,
            self.manager,
            self.delegate,
            self.researcher,
            self.member,
            self.auditor,
            self.applicant,
            self.outsider,
        )
        for move in MOVES:
            allowed = {self.manager} if move == "void" else {self.officer, self.manager}
            for user in users:
                delivery = self._received(10)
                with self.subTest(move=move, user=user.login):
                    if user in allowed:
                        self._correct(delivery, move, user)
                        self.assertEqual(delivery.state, TARGETS[move])
                    else:
                        with self.assertRaises(UserError):
                            self._correct(delivery, move, user)
                        self.assertEqual(delivery.state, "received")

    def test_refused(self):
        """R25: each correction needs a reason, and something to correct."""
        planned, received = self._plan(10), self._received(20)
        for move in MOVES:
            with self.subTest(move=move):
                with self.assertRaisesRegex(UserError, "Write the reason"):
                    self._correct(received, move, reason=" ")
                with self.assertRaisesRegex(UserError, "not possible in the state"):
                    self._correct(planned, move)
        for delivery in (planned, received):
            with self.assertRaisesRegex(UserError, "is planned again"):
                delivery.with_user(self.officer).action_plan_again()
        for name in ("state", "correction_reason", "owed_by", "corrects_id"):
            with self.assertRaisesRegex(UserError, "written by the steps"):
                received.with_user(self.manager).write({name: False})

    def test_a_debtor_who_can_be_read(self):
        """R25, R44: marks alone do not say who owes it, nor why."""
        delivery = self._received()
        for text in ("\u200f", "\u2800", "\u0640\u064e"):
            for name, message in (
                ("owed_by", "who received it instead"),
                ("reason", "Write the reason"),
            ):
                with (
                    self.subTest(text=text, name=name),
                    self.assertRaisesRegex(UserError, message),
                ):
                    self._correct(delivery, "misdeliver", **{name: text})
        self.assertFalse(delivery.owed_by)

    def test_own_file(self):
        """R25: nobody takes back a delivery to themselves."""
        delivery = self._received()
        self.file.sudo().partner_id = self.manager.partner_id
        for move in MOVES:
            with self.assertRaisesRegex(UserError, "your own file"):
                self._correct(delivery, move)

    def test_portal(self):
        """R26: the applicant is not shown as received what came back."""
        delivery = self._received()
        self._correct(delivery, "take_back")
        request = self.request.with_user(self.applicant)
        [line] = request._portal_get_deliveries()
        self.assertEqual(line["delivery"].state, "returned")
        self.assertFalse(line["is_mine"])
        self.assertFalse(request._portal_get_receipt(delivery.id))


@tagged("post_install", "-at_install")
class TestRequestCorrection(DeliveryCase):
    """What was decided or registered by mistake is taken back, with a reason."""

    def test_acceptance(self):
        """R19, R42: an acceptance by mistake is studied anew, and grants no more."""
        self._plan()
        decision = self.request.decision_ids
        budget = self.env["beneficiary.service.budget"].create(
            {
                "service_id": self.service.id,
                "date_from": DAY.replace(month=1, day=1),
                "date_to": DAY.replace(month=12, day=31),
                "amount": 1000,
            }
        )
        self.assertEqual(budget.spent, 500)
        number = decision.letter_number
        self.request.with_user(self.manager).action_reopen(reason="The wrong service")
        self.assertEqual(self.request.state, "submitted")
        self.assertEqual(self.request.delivery_ids.state, "cancelled")
        self.assertEqual(decision.letter_number, number)
        self.assertTrue(decision.superseded_on)
        budget.invalidate_recordset()
        self.assertEqual(budget.spent, 0)
        self._advance(self.request, "registered")
        budget.invalidate_recordset()
        self.assertEqual(budget.spent, 500)

    def test_not_what_was_handed_over(self):
        """R42: an acceptance stays while something is handed over."""
        self._received()
        with self.assertRaisesRegex(UserError, "were handed over"):
            self.request.with_user(self.manager).action_reopen(reason="Wrong")

    def test_delivered_by_mistake(self):
        """R25: a manager takes back that a request was delivered."""
        self._received(500)
        officer = self.request.with_user(self.officer)
        officer.action_deliver(evidence="All handed over")
        with self.assertRaises(AccessError):
            officer.action_redeliver(reason="Too early")
        self.request.with_user(self.manager).action_redeliver(reason="Too early")
        self.assertEqual(self.request.state, "registered")

    def test_cancelled_by_mistake(self):
        """R42: a manager reopens what was cancelled; a new clock runs."""
        request = self._make_request("in_review")
        request.with_user(self.officer).action_cancel(reason="The wrong number")
        with self.assertRaises(AccessError):
            request.with_user(self.officer).action_reopen(reason="A mistake")
        request.with_user(self.manager).action_reopen(reason="A mistake")
        self.assertEqual(request.state, "submitted")
        self.assertFalse(request.raised_on)
        self.assertEqual(request.round, 2)
        self._advance(request, "decided")

    def test_decided_by_mistake(self):
        """R19, R21: before the reply leaves, the committee takes its decision back."""
        request = self._make_request("decided")
        decision = request.decision_ids
        request.with_user(self.chair).action_return(reason="The amount is wrong")
        self.assertEqual(request.state, "submitted")
        self.assertEqual(decision.state, "withdrawn")
        self._advance(request, "decided")
