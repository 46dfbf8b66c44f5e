from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .disbursement_common import LIST, PAID_ON, DisbursementCase, make_iban


@tagged("post_install", "-at_install")
class TestDisbursement(DisbursementCase):
    """A list of disbursement, until it goes to the bank."""

    def test_gather(self):
        """R52: a list takes the cash deliveries of its days that no list has yet."""
        self._plan(100)
        self._plan(50, planned_date=date(2026, 3, 31))
        self._plan(50, planned_date=date(2026, 4, 1))
        form = Form(self.env[LIST].with_user(self.officer))
        form.date_from, form.date_to = date(2026, 3, 1), date(2026, 3, 31)
        self.assertEqual((form.waiting_count, form.waiting_amount), (2, 150))
        disbursement = form.save()
        disbursement.action_gather()
        # One payment serves several deliveries of a file.
        [line] = disbursement.line_ids
        self.assertEqual((line.amount, len(line.delivery_ids)), (150, 2))
        self.assertEqual(line.account, make_iban(1))
        self.assertEqual(line.request_names, self.request.name)
        self.assertEqual(line.fund, self.service.fund)
        self.assertEqual((disbursement.line_count, disbursement.amount_total), (1, 150))
        self.assertEqual(disbursement.waiting_count, 0)
        # A second list finds nothing; a second call takes what was planned since.
        words = "No cash delivery is planned"
        self.assertRefused(words, self._make_list)
        self._plan(25)
        disbursement.action_gather()
        self.assertEqual(disbursement.line_ids.mapped("amount"), [175])

    def test_choices(self):
        """R52: a list is of one fund, service or branch, where these are chosen."""
        self._plan(100)
        for vals in (
            {"fund": "zakat"},
            {"service_id": self.service.copy().id},
            {"branch_id": self._make_branch(self.delegate, "South").id},
        ):
            with self.subTest(vals=vals):
                self.assertRefused("No cash delivery", self._make_list, **vals)
        disbursement = self._make_list(
            fund=self.service.fund,
            service_id=self.service.id,
            branch_id=self.branch.id,
        )
        self.assertEqual(len(disbursement.line_ids), 1)
        self.assertRefused(
            "were gathered by these days", disbursement.write, {"date_to": PAID_ON}
        )

    def test_several_requests(self):
        """R52: one payment may serve several requests of a file."""
        second = self._make_request("registered", amount_requested=300)
        self._plan(100)
        self._plan_delivery(second, amount=200)
        [line] = self._make_list().line_ids
        self.assertEqual(line.amount, 300)
        self.assertEqual(line.delivery_ids.request_id, self.request | second)
        self.assertIn(second.name, line.request_names)

    def test_one_list_only(self):
        """R52: nobody puts a delivery into a list by hand, or into two lists."""
        delivery = self._plan(100)
        line = self._make_list().line_ids
        for user in (self.officer, self.manager):
            for records, vals in (
                (delivery, {"disbursement_line_id": line.id}),
                (delivery, {"disbursement_line_id": False}),
                (line, {"delivery_ids": [(5,)]}),
                (line, {"amount": 5}),
            ):
                with self.assertRaises(UserError):
                    call_kw(records.with_user(user), "write", [records.ids, vals], {})
        self.assertEqual(delivery.disbursement_line_id, line)

    def test_take_out(self):
        """R52: a payment that is taken out of a draft waits for another list."""
        delivery = self._plan(100)
        disbursement = self._make_list()
        disbursement.line_ids.unlink()
        self.assertFalse(delivery.disbursement_line_id)
        self.assertEqual(disbursement.waiting_count, 1)
        # What is cancelled or handed over otherwise leaves the draft too.
        disbursement.action_gather()
        delivery.with_user(self.officer).action_cancel("A mistake")
        self.assertFalse(disbursement.line_ids)
        disbursement.unlink()

    def test_problems(self):
        """R52: what stands against a payment is said beside it, and stops approval."""
        [first, second, third] = self._plan_many(3)
        first.beneficiary_id.iban = False
        second.beneficiary_id._write_flow({"state": "suspended"})
        third.beneficiary_id._write_flow({"state": "deceased"})
        disbursement = self._make_list()
        self.assertEqual(disbursement.blocked_count, 3)
        problems = "\n".join(disbursement.line_ids.mapped("problems"))
        for words in ("has no IBAN", "suspended or closed", "has died"):
            self.assertIn(words, problems)
        with self.assertRaises(UserError) as caught:
            disbursement.with_user(self.manager).action_approve()
        places = caught.exception.context["beneficiary_places"]
        self.assertEqual(
            {place["id"] for place in places},
            set(disbursement.line_ids.beneficiary_id.ids),
        )
        self.env.cr.execute(
            "UPDATE beneficiary_beneficiary SET iban = 'SA00' WHERE id = %s",
            [first.beneficiary_id.id],
        )
        self.env.invalidate_all()
        self.assertIn("not valid", "\n".join(disbursement.line_ids.mapped("problems")))

    def test_budget_advice(self):
        """R45, R52: a list beyond what is not paid out yet says so, and is approved."""
        self._make_budget(150)
        self._plan(100)
        first = self._make_approved()
        self.assertFalse(first.budget_advice)
        first.action_pay_waiting(paid_on=self.company._get_beneficiary_today())
        self._plan(100)
        second = self._make_list()
        self.assertIn("this list pays", second.budget_advice)
        second.with_user(self.manager).action_approve()

    def test_two_people(self):
        """R52: officers do not approve, and no manager approves the own list alone."""
        self._plan(100)
        disbursement = self._make_list()
        with self.assertRaises(AccessError):
            disbursement.action_approve()
        disbursement.line_ids.unlink()
        disbursement.with_user(self.manager).action_gather()
        self.assertEqual(disbursement.prepared_by_id, self.manager)
        self.assertRefused(
            "You prepared this list yourself.*br_manager2",
            disbursement.with_user(self.manager).action_approve,
        )
        self.manager2.active = False
        disbursement.with_user(self.manager).action_approve()
        self.assertEqual(disbursement.approved_by_id, self.manager)

    def test_own_file(self):
        """R52: nobody approves a payment to the own file."""
        self._plan(100)
        disbursement = self._make_list()
        self.file.portal_user_ids |= self.manager
        self.assertRefused(
            "Ask a colleague", disbursement.with_user(self.manager).action_approve
        )

    def test_frozen(self):
        """R52: an approved list, its payments and its deliveries do not change."""
        delivery = self._plan(100)
        disbursement = self._make_approved()
        line = disbursement.line_ids
        self.assertRegex(disbursement.name, r"^DL/2026/\d{4}$")
        self.assertEqual(line.name, f"{disbursement.name}-0001")
        for user in (self.officer, self.manager):
            for records, method, args in (
                (disbursement, "write", [{"date_to": "2026-04-30"}]),
                (disbursement, "write", [{"state": "draft"}]),
                (disbursement, "write", [{"line_ids": [(2, line.id)]}]),
                (disbursement, "unlink", []),
                (disbursement, "action_gather", []),
                (line, "write", [{"iban": make_iban(9)}]),
                (line, "write", [{"state": "paid"}]),
                (line, "unlink", []),
                (delivery, "write", [{"amount": 1}]),
                (delivery, "write", [{"planned_date": "2026-04-01"}]),
                (delivery, "action_cancel", ["A mistake"]),
                (delivery, "action_hand_over", []),
            ):
                with (
                    self.subTest(user=user.login, method=method, args=args),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    call_kw(records.with_user(user), method, [records.ids, *args], {})
        # The account stays as it was approved.
        self.file.iban = make_iban(2)
        self.assertEqual((line.iban, line.account), (make_iban(1), make_iban(1)))

    def test_reopen(self):
        """R52: a manager opens a list again until the file for the bank is made."""
        self._plan(100)
        disbursement = self._make_approved()
        number = disbursement.name
        managed = disbursement.with_user(self.manager)
        self.assertRefused("Write the reason", managed.action_reopen)
        managed.action_reopen("A payment is missing")
        self.assertEqual(disbursement.state, "draft")
        self.assertFalse(disbursement.line_ids.iban)
        self.file.iban = make_iban(2)
        managed.action_approve()
        self.assertEqual(disbursement.name, number)
        self.assertEqual(disbursement.line_ids.iban, make_iban(2))
        disbursement.action_export()
        self.assertRefused("the bank may have it", managed.action_reopen, "Again")

    def test_cancelled_request(self):
        """R52: a request that ends leaves what is with the bank to the bank."""
        delivery = self._plan(100)
        disbursement = self._make_approved()
        self.request.with_user(self.officer).action_cancel("No longer needed")
        self.assertEqual(delivery.state, "planned")
        disbursement.line_ids.action_return("Account closed")
        self.assertEqual(delivery.state, "returned")
        self.assertFalse(delivery.correction_ids)

    def test_roles(self):
        """R43, R52: the office and the auditor read lists; nobody else does."""
        self._plan(100)
        disbursement = self._make_list()
        self.assertTrue(disbursement.with_user(self.auditor).read(["amount_total"]))
        for user in (self.delegate, self.researcher, self.member, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                disbursement.with_user(user).read(["name"])
        for method in ("action_gather", "action_approve", "action_export"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(disbursement.with_user(self.auditor), method)()

    def test_masked(self):
        """R52: who may not read bank data sees the last digits of an account."""
        self._plan(100)
        line = self._make_approved().line_ids
        reader = self._make_user("br_reader", "delegate", self.company)
        masked = line.with_user(reader).sudo().account
        self.assertEqual(masked, f"…{make_iban(1)[-4:]}")
        with self.assertRaises(AccessError):
            line.with_user(reader).read(["iban"])
