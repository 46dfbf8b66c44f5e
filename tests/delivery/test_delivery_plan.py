from datetime import date, timedelta

from freezegun import freeze_time

from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import DAY, MODEL, DeliveryCase


@tagged("post_install", "-at_install")
class TestDeliveryPlan(DeliveryCase):
    def _open_plan(self):
        wizard = self.env["beneficiary.delivery.plan"].with_user(self.officer)
        return Form(wizard.with_context(default_request_id=self.request.id))

    def test_instalments(self):
        """R25: a grant is planned in instalments; the last one takes the rounding."""
        with self._open_plan() as form:
            self.assertEqual((form.granted, form.total, form.count), (500, 500, 1))
            form.count = 3
            form.first_date = date(2026, 3, 31)
            form.goods = "A basket"
            form.place = "The branch"
            self.assertEqual(len(form.line_ids), 3)
        form.record.action_confirm()
        deliveries = self.request.delivery_ids
        self.assertEqual(
            deliveries.mapped("planned_date"),
            [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)],
        )
        self.assertEqual(deliveries.mapped("amount"), [166.66, 166.66, 166.68])
        self.assertEqual(set(deliveries.mapped("goods")), {"A basket"})
        self.assertEqual(set(deliveries.mapped("place")), {"The branch"})
        self.assertEqual(deliveries.mapped("state"), ["planned"] * 3)
        self.assertEqual(len(set(deliveries.mapped("name"))), 3)
        self.assertEqual(self.request.amount_planned, 500)
        self.assertEqual(self.request.delivery_count, 3)

    def test_what_is_left(self):
        """R25: a second plan starts from the granted amount that is not planned yet."""
        self._plan(120)
        self._plan(80).action_cancel("Twice by mistake")
        with self._open_plan() as form:
            self.assertEqual(form.total, 380)

    def test_lines_are_changed(self):
        """R25: the officer can change the goods and quantity of each instalment."""
        with self._open_plan() as form:
            form.count = 2
            form.goods = "A basket"
            with form.line_ids.edit(1) as line:
                line.goods = "A blanket"
                line.quantity = 4
        form.record.action_confirm()
        self.assertEqual(
            [(line.goods, line.quantity) for line in self.request.delivery_ids],
            [("A basket", 1), ("A blanket", 4)],
        )

    def test_refused_plans(self):
        """R25: an invalid plan is refused with a clear message, over RPC too."""
        for vals, words in (
            ({"count": 0}, "from 1 to 120"),
            ({"count": 10**9}, "from 1 to 120"),
            ({"count": 2, "months": 0}, "from 1 to 120 months"),
            ({"total": -1}, "cannot be negative"),
            ({"total": 0.01, "count": 2}, "too small"),
        ):
            vals = {"request_id": self.request.id, "goods": "x", **vals}
            with self.subTest(vals=vals):
                self.assertRefused(words, self._plan_over_rpc, vals)
        plan = self.env["beneficiary.delivery.plan"].create(
            {"request_id": self.request.id, "line_ids": []}
        )
        self.assertRefused("at least one instalment", plan.action_confirm)

    def _plan_over_rpc(self, vals):
        wizards = self.env["beneficiary.delivery.plan"].with_user(self.officer)
        (created,) = call_kw(wizards, "create", [[vals]], {})
        call_kw(wizards, "action_confirm", [[created]], {})

    def test_never_more_than_granted(self):
        """R25: neither create, write nor import plans more than was granted."""
        self._plan(300)
        second = self._plan(200)
        words = "would come to .*50[01].0[01]; .*500.00 was granted"
        self.assertRefused(words, self._plan, 0.01)
        self.assertRefused(words, second.with_user(self.officer).write, {"amount": 201})
        second.with_user(self.officer).action_cancel("A mistake")
        rows = [[self.request.name, "Rice", "2026-03-20", "200.01"]]
        loaded = self.env[MODEL].with_user(self.officer)
        columns = ["request_id", "goods", "planned_date", "amount"]
        result = loaded.load(columns, rows)
        self.assertFalse(result["ids"])
        self.assertIn("was granted", result["messages"][0]["message"])
        rows[0][-1] = "200"
        self.assertTrue(loaded.load(columns, rows)["ids"])

    def test_value_of_goods(self):
        """R25: without a granted amount, goods may have any value, and cash none."""
        self.request = self._make_request("registered", amount_requested=0)
        for kind in ("in_kind", "activity", "maintenance"):
            self._use_kind(kind)
            self.assertEqual(self._plan(350).amount, 350)
        for kind in ("cash", "coupon"):
            self._use_kind(kind)
            self.assertRefused("0.00 was granted", self._plan, 1)

    def test_total_is_kept_in_the_row(self):
        """R25: planning writes the request's row, so that concurrent plans conflict."""
        before = self._read_total()
        self._plan(300)
        self.assertEqual((before, self._read_total()), (0, 300))

    def _read_total(self):
        """Return the total that the database has stored, without a flush."""
        self.env.cr.execute(
            "SELECT amount_planned FROM beneficiary_request WHERE id = %s",
            [self.request.id],
        )
        return self.env.cr.fetchone()[0] or 0

    def test_only_registered(self):
        """R24, R25: deliveries are planned only while the request is registered."""
        for state in ("draft", "in_review", "accepted", "rejected", "delivered"):
            request = self._make_request(state)
            with self.subTest(state=state):
                words = "is not registered"
                self.assertRefused(words, self._plan_delivery, request)

    def test_content(self):
        """R45: cash needs an amount; goods and works need a description."""
        for kind, vals, words in (
            ("cash", {"amount": 0, "goods": "Money"}, "amount of each cash"),
            ("coupon", {"amount": 0, "goods": " "}, "amount of each coupon"),
            ("in_kind", {"goods": " \n"}, "what is handed over"),
            ("activity", {"goods": False}, "what is handed over"),
            ("maintenance", {"goods": ""}, "what is handed over"),
        ):
            self._use_kind(kind)
            with self.subTest(kind=kind):
                self.assertRefused(words, self._plan, **vals)
        for kind, vals in (
            ("cash", {"goods": False}),
            ("coupon", {"goods": False}),
            ("coupon", {"amount": 0}),
            ("in_kind", {"amount": 0}),
        ):
            self._use_kind(kind)
            self.assertEqual(self._plan(**vals).kind, kind)

    def test_fund(self):
        """R45: a delivery is paid from the fund of its service, and from no other."""
        self._use_kind("cash", fund="restricted", fund_purpose="For orphans")
        delivery = self._plan()
        self.assertEqual(delivery.fund, "restricted")
        words = "paid from the fund “Restricted to a Purpose”.* names “Zakat”"
        self.assertRefused(words, self._plan, fund="zakat")
        self.assertRefused(
            words, delivery.with_user(self.officer).write, {"fund": "zakat"}
        )
        # The service has another fund now: the planned delivery is refused.
        self.service.fund = "general"
        self.assertEqual(delivery.fund, "restricted")
        self.assertRefused("names “Restricted to a Purpose”", self._hand_over, delivery)

    def test_due(self):
        """Issue 4: due and late by the association's day, in lists and alone."""
        days = [DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]
        late, due, later = (self._plan(planned_date=day) for day in days)
        cancelled = self._plan(planned_date=days[0])
        cancelled.action_cancel("A mistake")
        everything = late | due | later | cancelled
        # Half past midnight in Riyadh, still the day before in UTC.
        with freeze_time("2026-03-14 21:30:00"):
            self._assert_due(everything, late | due, late)
        with freeze_time("2026-03-15 20:59:00"):
            self._assert_due(everything, late | due, late)
        with freeze_time("2026-03-15 21:00:00"):
            self._assert_due(everything, late | due | later, late | due)

    def _assert_due(self, everything, due, late):
        everything.invalidate_recordset()
        deliveries = everything.with_user(self.officer)
        for name, expected in (("is_due", due), ("is_late", late)):
            ids = [("id", "in", everything.ids)]
            self.assertEqual(deliveries.filtered(name), expected)
            for value, found in ((True, expected), (False, everything - expected)):
                self.assertEqual(deliveries.search([*ids, (name, "=", value)]), found)

    def test_queries(self):
        """Scale: lists and planning take as many queries for 2N as for N."""
        specification = {
            name: {"fields": {"display_name": {}}}
            if self.env[MODEL]._fields[name].type == "many2one"
            else {}
            for name in ("name", "beneficiary_id", "request_id", "is_late", "amount")
        }
        deliveries = self.env[MODEL].with_user(self.officer)
        vals = {"request_id": self.request.id, "planned_date": DAY, "goods": "x"}
        planned, listed = [], []
        for count in (4, 4, 8, 16):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            made = deliveries.create(
                [{**vals, "amount": 1} for _number in range(count)]
            )
            self.env.flush_all()
            planned.append(self.env.cr.sql_log_count - start)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            deliveries.web_search_read([("id", "in", made.ids)], specification)
            listed.append(self.env.cr.sql_log_count - start)
        self.assertEqual(planned[1:3], [planned[3]] * 2)
        self.assertEqual(listed[1:3], [listed[3]] * 2)
