import base64
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.delivery.delivery import PLAN_FIELDS
from ...models.delivery.delivery_flow import DERIVED_FIELDS, MOVE_FIELDS
from ..common import PIXEL, pdf_base64
from .common import DAY, MODEL, DeliveryCase

# Values that are not text, as an RPC client could send them.
NO_TEXTS = ([1], {"reason": "x"}, 7, True)


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCase):
    def test_on_the_spot(self):
        """R25: one step records hand-over and receipt, with who, when and how."""
        delivery = self._plan()
        delivery.with_user(self.delegate).action_receive(
            signature=PIXEL, handed_on="2026-03-15", place="At home"
        )
        self.assertEqual(
            delivery.read(
                ["state", "handed_on", "place", "received_by", "method"], load=""
            )[0],
            {
                "id": delivery.id,
                "state": "received",
                "handed_on": DAY,
                "place": "At home",
                "received_by": "سالم المثال",
                "method": "screen",
            },
        )
        self.assertEqual(delivery.handed_by_id, self.delegate)
        self.assertEqual(delivery.recorded_by_id, self.delegate)
        self.assertTrue(delivery.received_on)
        self.assertIn(delivery.name, str(self.request.message_ids[:1].body))

    def test_in_two_steps(self):
        """R25: one colleague hands over; another takes the receipt later."""
        delivery = self._plan()
        delivery.with_user(self.officer).action_hand_over(
            handed_on=DAY, handed_by_id=self.delegate.id
        )
        self.assertEqual(delivery.state, "handed")
        self.assertEqual(delivery.place, "The office")
        self.assertEqual(delivery.handed_by_id, self.delegate)
        delivery.with_user(self.manager).action_receive(
            paper=pdf_base64(), paper_name="../receipt.exe"
        )
        self.assertEqual((delivery.state, delivery.method), ("received", "paper"))
        self.assertEqual(delivery.paper_name, "receipt.pdf")
        self.assertEqual(delivery.handed_by_id, self.delegate)

    def test_hand_over_is_complete(self):
        """R25: a hand-over needs day, place and colleague; all gaps named at once."""
        delivery = self._plan(place=False)
        day, place, who = (
            "Write the day of the hand-over.",
            "Write where it was handed over.",
            "Choose the colleague who handed it over: an officer or delegate of the "
            "association.",
        )
        self.assertMissing(
            delivery, "hand_over", day, place, who, handed_by_id=self.researcher.id
        )
        for user in (self.outsider, self.applicant, self.auditor):
            given = {"handed_on": DAY, "place": "Here", "handed_by_id": user.id}
            self.assertMissing(delivery, "hand_over", who, **given)
        for handed_on, words in (
            ("2026-03-16", "The day of the hand-over is still to come."),
            (
                "2026-03-14",
                "Nothing is handed over before the request was registered.",
            ),
        ):
            self.assertMissing(
                delivery, "hand_over", words, handed_on=handed_on, place="Here"
            )
        self.assertEqual(delivery.state, "planned")

    def test_receipt_is_complete(self):
        """R25: a receipt needs a signature or the signed paper.

        A person gets no waiver.
        """
        delivery = self._plan()
        self._hand_over(delivery)
        nothing = "The receipt needs a signature, or the signed paper."
        self.assertMissing(delivery, "receive", nothing)
        self.assertMissing(
            delivery,
            "receive",
            "A person signs the receipt: no exception.",
            nothing,
            waiver="In a hurry",
        )
        witnesses = (
            "A thumbprint needs the scanned paper and the names of two witnesses."
        )
        for given in (
            {"signature": PIXEL, "witness_1": "One", "witness_2": "Two"},
            {"paper": PIXEL, "witness_1": "One"},
        ):
            self.assertMissing(delivery, "receive", witnesses, **given)
        self.assertRefused(
            "not a photo or a PDF",
            delivery.action_receive,
            paper=base64.b64encode(b"<html></html>"),
        )
        delivery.action_receive(paper=PIXEL, witness_1="One", witness_2="Two")
        self.assertEqual(delivery.method, "thumbprint")

    def test_who_receives(self):
        """R33: the person signs, or a representative with scope and period for it."""
        delivery = self._plan()
        self._hand_over(delivery)
        wrong_name = (
            "The receipt is signed in the name of سالم المثال. Who receives for "
            "another person is a representative of the file, with a scope that allows "
            "receipt."
        )
        self.assertMissing(
            delivery, "receive", wrong_name, received_by="His cousin", signature=PIXEL
        )
        nobody = (
            "Choose a representative of this file whose scope allows receipt, in "
            "effect on the day of the hand-over."
        )
        other = self.file.copy({"name": "Other"})
        for vals in (
            {"scope": "requests"},
            {"date_from": DAY + timedelta(days=1)},
            {"date_from": date(2026, 1, 1), "date_to": DAY - timedelta(days=1)},
            {"beneficiary_id": other.id},
        ):
            with self.subTest(vals=vals):
                refused = self._make_representative(**vals)
                self.assertMissing(
                    delivery,
                    "receive",
                    nobody,
                    representative_id=refused.id,
                    signature=PIXEL,
                )
        collector = self._make_representative(scope="receipt")
        delivery.with_user(self.officer).action_receive(
            representative_id=collector.id, signature=PIXEL
        )
        self.assertEqual(delivery.received_by, "خالد المثال")
        self.assertEqual(delivery.representative_id, collector)

    def _make_representative(self, **vals):
        return self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": self.file.id,
                "name": "خالد المثال",
                "date_from": DAY,
                **vals,
            }
        )

    def test_name_in_any_spelling(self):
        """R25: the receiver's name is accepted in another spelling."""
        delivery = self._plan()
        self._hand_over(delivery)
        delivery.action_receive(received_by="سالم  المثـال", signature=PIXEL)
        self.assertEqual(delivery.received_by, "سالم المثال")

    def test_place_receives(self):
        """R32: at a place any person present signs; otherwise a reason is needed."""
        self.file.write({"kind": "place"})
        first, second = self._plan(), self._plan()
        for delivery in (first, second):
            self._hand_over(delivery)
        self.assertMissing(
            first, "receive", "Write the name of the receiver.", signature=PIXEL
        )
        self.assertMissing(
            first,
            "receive",
            "Write the name of the receiver.",
            "The receipt needs a signature, the signed paper, or why nobody can sign.",
        )
        first.action_receive(received_by="The imam", signature=PIXEL)
        self.assertEqual(first.received_by, "The imam")
        second.action_receive(waiver="Left at the water point")
        self.assertEqual((second.method, second.state), ("waived", "received"))

    def test_not_to_oneself(self):
        """R25: a colleague who is a portal user of the file cannot hand over."""
        self.file.portal_user_ids |= self.officer
        self.assertMissing(
            self._plan(),
            "hand_over",
            "You cannot hand over to your own file. Ask a colleague.",
            handed_on=DAY,
        )

    def test_cancelled(self):
        """R25: a delivery is cancelled with a reason, and only before the hand-over."""
        delivery = self._plan()
        self.assertMissing(delivery, "cancel", "Write the reason.", reason=" ")
        delivery.with_user(self.officer).action_cancel("Planned twice")
        self.assertEqual(delivery.cancel_reason, "Planned twice")
        self.assertEqual(self.request.amount_planned, 0)
        handed = self._plan()
        self._hand_over(handed)
        for closed in (delivery, handed):
            with self.assertRaisesRegex(UserError, "not possible in the state"):
                closed.with_user(self.manager).action_cancel("A mistake")

    def test_roles(self):
        """Roles: the front desk hands over and takes receipts.

        Only officers and managers cancel.
        """
        moves = {
            "hand_over": {"handed_on": DAY},
            "receive": {"handed_on": DAY, "signature": PIXEL},
            "cancel": {"reason": "A mistake"},
        }
        actors = (
            "delegate",
            "officer",
            "manager",
            "researcher",
            "chair",
            "auditor",
            "applicant",
            "stranger",
            "outsider",
        )
        allowed = set()
        for move, given in moves.items():
            for actor in actors:
                user = getattr(self, actor)
                delivery = self._plan(1).with_user(user)
                delivery = delivery.with_context(
                    allowed_company_ids=user.company_id.ids
                )
                try:
                    call_kw(delivery, f"action_{move}", [delivery.ids], given)
                except AccessError:
                    continue
                allowed.add((move, actor))
        desk = {"delegate", "officer", "manager"}
        self.assertEqual(
            allowed,
            {(move, actor) for move in ("hand_over", "receive") for actor in desk}
            | {("cancel", "officer"), ("cancel", "manager")},
        )

    def test_other_branch(self):
        """R6: a delegate of another branch does not find the delivery."""
        far = self._make_user("br_far", "delegate", self.company)
        delivery = self._plan().with_user(far)
        self.assertFalse(delivery.search([("id", "=", delivery.id)]))
        with self.assertRaises(AccessError):
            call_kw(delivery, "action_hand_over", [delivery.ids], {"handed_on": DAY})

    def test_moves_alone_write(self):
        """R25: create and write refuse fields of the moves; defaults are ignored."""
        delivery = self._plan()
        kept = MOVE_FIELDS | DERIVED_FIELDS
        values = delivery._convert_to_write(delivery.read(list(kept))[0])
        vals = {"request_id": self.request.id, "goods": "x", "planned_date": DAY}
        for user in (self.officer, self.manager, self.env.user):
            deliveries = delivery.with_user(user)
            for name in kept:
                with self.subTest(user=user.login, field=name):
                    with self.assertRaisesRegex(UserError, "written by the steps"):
                        deliveries.write({name: values[name]})
                    with self.assertRaisesRegex(UserError, "written by the steps"):
                        deliveries.create([vals, {**vals, name: values[name]}])
        with self.assertRaisesRegex(UserError, "written by the steps"):
            delivery.write({"request_id": self._make_request("registered").id})
        born = (
            delivery.with_user(self.officer)
            .with_context(default_state="received", default_received_by="x")
            .create(vals)
        )
        self.assertEqual((born.state, born.received_by), ("planned", False))

    def test_fields_are_sorted(self):
        """R25: each stored field is of the plan, of a move, or from the request."""
        stored = {
            name
            for name, field in self.env[MODEL]._fields.items()
            if field.type != "one2many" and (field.store or field.type == "binary")
        }
        self.assertEqual(
            stored - set(MAGIC_COLUMNS),
            MOVE_FIELDS | DERIVED_FIELDS | PLAN_FIELDS | {"request_id"},
        )

    def test_settled_is_not_changed(self):
        """R25: deliveries handed over or cancelled do not change; none is deleted."""
        handed, cancelled, planned = self._plan(), self._plan(), self._plan()
        self._hand_over(handed)
        cancelled.action_cancel("A mistake")
        for name in PLAN_FIELDS:
            for delivery in (handed, cancelled, planned | handed):
                with self.assertRaisesRegex(UserError, "Only what is still planned"):
                    delivery.with_user(self.manager).write({name: delivery[0][name]})
        planned.with_user(self.officer).write({"amount": 50, "planned_date": DAY})
        for delivery in (planned, handed):
            with self.assertRaises(AccessError):
                delivery.with_user(self.manager).unlink()

    def test_bad_input(self):
        """R25: RPC values of a wrong type are refused with a clear message."""
        delivery = self._plan().with_user(self.officer)
        for value in NO_TEXTS:
            for move, name in (
                ("cancel", "reason"),
                ("hand_over", "place"),
                ("receive", "signature"),
                ("receive", "received_by"),
                ("receive", "waiver"),
            ):
                with self.subTest(name=name, value=value):
                    self.assertRefused(
                        f"“{name}” must be given",
                        call_kw,
                        delivery,
                        f"action_{move}",
                        [delivery.ids],
                        {name: value},
                    )
        for value in ("tomorrow", [1], 7, {"day": 1}, "31/02/2026", "15/3/26"):
            with self.assertRaisesRegex(UserError, "is not a date|no day of"):
                delivery.action_hand_over(handed_on=value)
        for value in ("x", [self.delegate.id], -1, 10**12):
            with self.assertRaisesRegex(
                UserError, "Choose the colleague who handed it over"
            ):
                delivery.action_hand_over(handed_on=DAY, handed_by_id=value)
        self.assertEqual(delivery.state, "planned")

    def test_day_in_either_calendar(self):
        """R25, R38: the day of a hand-over is typed as every other day is."""
        for typed in ("15/03/2026", "26/09/1447", "١٤٤٧/٩/٢٦ هـ", "2026-03-15"):
            with self.subTest(typed=typed):
                delivery = self._plan(amount=10).with_user(self.officer)
                values = {"handed_on": typed}
                call_kw(delivery, "action_hand_over", [delivery.ids], values)
                self.assertEqual(delivery.handed_on, DAY)
        values = {"handed_on": "15/03/2026", "signature": PIXEL}
        delivery = self._plan(amount=10).with_user(self.officer)
        call_kw(delivery, "action_receive", [delivery.ids], values)
        self.assertEqual(delivery.handed_on, DAY)

    def test_form(self):
        """Issue 4: the dialog of the delivery's form makes the move."""
        delivery = self._plan()
        wizard = self.env["beneficiary.delivery.move"].with_user(self.delegate)
        context = {"default_delivery_id": delivery.id, "default_move": "receive"}
        with Form(wizard.with_context(**context)) as form:
            self.assertEqual(form.handed_on, DAY)
            self.assertEqual(form.place, "The office")
            self.assertEqual(form.received_by, "سالم المثال")
            form.signature = PIXEL
        form.record.action_confirm()
        self.assertEqual(delivery.state, "received")
        with Form(delivery.with_user(self.officer)) as form:
            self.assertEqual(form.received_by, "سالم المثال")


@tagged("post_install", "-at_install")
class TestRequestDeliveries(DeliveryCase):
    def assertGuard(self, *sentences):
        """Check that checklist and move both ask for exactly these ``sentences``."""
        request = self.request.with_user(self.officer)
        request.invalidate_recordset()
        self.assertEqual(request._get_missing(), list(sentences))
        with self.assertRaises(UserError) as caught:
            request.action_deliver(evidence="Handed over")
        heading = f"{request.name} cannot go on yet:"
        self.assertEqual(str(caught.exception), "\n- ".join([heading, *sentences]))

    def test_all_is_received(self):
        """R25: a request can be delivered once every delivery has a signed receipt."""
        none = "No delivery is planned. Plan at least one."
        self.assertGuard(none)
        wrong = self._plan()
        wrong.action_cancel("A mistake")
        self.assertGuard(none)
        first, second = self._plan(), self._plan(400)
        self.assertGuard(
            f"Delivery {first.name} has not been handed over.",
            f"Delivery {second.name} has not been handed over.",
        )
        self._hand_over(first)
        self._receive(second)
        self.assertGuard(f"The receipt of delivery {first.name} is not signed.")
        first.action_receive(signature=PIXEL)
        self.assertEqual(self.request.state, "registered", "Nothing moves by itself")
        self.request.with_user(self.officer).action_deliver(evidence="All of it")
        self.assertEqual(self.request.state, "delivered")

    def test_part_is_not_the_whole(self):
        """R25: a request is not delivered while granted money is in no delivery."""
        first = self._plan(100)
        rest = (
            "$\xa0400.00 of the $\xa0500.00 granted is in no delivery. Plan it, or "
            "write why it is not delivered."
        )
        self.assertGuard(f"Delivery {first.name} has not been handed over.", rest)
        self._receive(first)
        self.assertGuard(rest)
        request = self.request.with_user(self.officer)
        self.assertRefused("in no delivery", request.action_deliver, "Part", " ")
        self._receive(self._plan(400))
        request.action_deliver(evidence="All of it", reason="None is left")
        self.assertEqual(request.state, "delivered")
        self.assertFalse(request.undelivered_reason)

    def test_part_is_enough(self):
        """R25: a grant used only in part can end with a reason, which is kept."""
        self._receive(self._plan(100))
        wizard = self.env["beneficiary.request.move"].with_user(self.officer)
        context = {"default_request_id": self.request.id, "default_move": "deliver"}
        with Form(wizard.with_context(**context)) as form:
            self.assertEqual(form.undelivered_amount, 400)
            form.evidence = "One instalment"
            form.reason = "He found work"
        form.record.action_confirm()
        self.assertEqual(self.request.state, "delivered")
        with Form(self.request.with_user(self.officer)) as form:
            self.assertEqual(form.undelivered_reason, "He found work")
        self.assertIn("He found work", str(self.request.message_ids.mapped("body")))

    def test_goods_are_not_counted(self):
        """R25: for goods without a value, the rest of the grant is not checked."""
        self._receive(self._plan(0))
        self.assertEqual(self.request._get_missing(), [])

    def test_migrated(self):
        """R25: a migrated request is delivered without a delivery recorded here."""
        self.request._write_flow({"origin": "migrated"})
        self.assertEqual(self.request._get_missing(), [])
        self.request.with_user(self.officer).action_deliver(evidence="As recorded")
        self.assertEqual(self.request.state, "delivered")

    def test_request_is_cancelled(self):
        """R25: cancelling a request cancels only the deliveries still planned."""
        planned, handed = self._plan(), self._plan()
        self._hand_over(handed)
        self.request.with_user(self.officer).action_cancel(reason="Moved away")
        self.assertEqual(planned.state, "cancelled")
        self.assertEqual(planned.cancel_reason, "Moved away")
        self.assertEqual(handed.state, "handed")
        handed.with_user(self.officer).action_receive(signature=PIXEL)
        self.assertEqual(handed.state, "received")

    def test_from_the_request(self):
        """Issue 4: the request opens its own deliveries."""
        mine, other = (
            self._plan(),
            self._plan_delivery(self._make_request("registered")),
        )
        action = self.request.with_user(self.officer).action_view_deliveries()
        found = self.env[MODEL].search(action["domain"])
        self.assertEqual(found & (mine | other), mine)
        self.assertEqual(mine.action_view_request()["res_id"], self.request.id)

    def test_goes_with_the_file(self):
        """Issue 3: a merge of files takes the deliveries along."""
        delivery = self._plan()
        other = self.file.copy({"name": "Survivor"})
        self.request._move_to_file("beneficiary_id", other)
        self.assertEqual(delivery.beneficiary_id, other)

    @mute_logger("odoo.sql_db")
    def test_request_is_kept(self):
        """R25: a request with deliveries is not deleted."""
        self._plan()
        with self.assertRaises(UserError):
            self.request.with_user(self.manager).unlink()


@tagged("post_install", "-at_install")
class TestDeliveryReport(DeliveryCase):
    def _print(self, delivery, lang="en_US"):
        self.file.lang = lang
        reports = self.env["ir.actions.report"].with_user(self.officer)
        report = "beneficiary_relations.delivery_report_action"
        return reports._render_qweb_html(report, delivery.ids)[0].decode()

    def test_signed(self):
        """R40: number, both calendars, amount in figures and words, goods, names."""
        self.company.currency_id = self.env.ref("base.SAR")
        delivery = self._plan(350.5)
        self._receive(delivery)
        html = self._print(delivery)
        for expected in (
            delivery.name,
            "26 Ramadan 1447 AH",
            "350.50",
            "Three Hundred And Fifty Riyal and Fifty Halala",
            "A food basket",
            "سالم المثال",
            "The office",
            "br_officer",
            "data:image/png;base64",
        ):
            self.assertIn(expected, html)
        self.assertNotIn("First witness", html)

    def test_before_it_is_signed(self):
        """R25: an unsigned receipt has empty places for names and witnesses."""
        html = self._print(self._plan(0))
        self.assertIn("First witness", html)
        self.assertNotIn("In words", html)
        self.assertNotIn("br_officer", html)

    def test_arabic(self):
        """R44: the receipt, with the amount in words, is in the person's language."""
        self.company.currency_id = self.env.ref("base.SAR")
        html = self._print(self._plan(350), "ar_001")
        self.assertIn('dir="rtl"', html)
        self.assertIn("ثلاثمائة وخمسون ريالًا", html)
