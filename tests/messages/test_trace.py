from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

IBAN = "SA0380000000608010167519"
FILE = "beneficiary.beneficiary"


@tagged("post_install", "-at_install")
class TestTrace(BeneficiaryCommon):
    """Who changed what, and what it was before, stays on the record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = cls.branch
        cls.request = cls._make_request(cls(), "submitted")

    def setUp(self):
        super().setUp()
        self._commit()  # what was made in this transaction is new, and not traced

    def _commit(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _change(self, record, vals, user=None):
        """Write over RPC, and return the notes that this leaves."""
        last = self.env["mail.message"].search([], limit=1, order="id desc").id
        user = user or self.officer
        self._call_as(user, record._name, "write", record.ids, vals)
        self._commit()
        return self.env["mail.message"].search(
            [
                ("id", ">", last),
                ("tracking_value_ids", "!=", False),
                ("model", "=like", "beneficiary.%"),  # not the contact's own
            ]
        )

    def _read(self, note, user=None):
        """Return ``{field: (former, present)}`` as ``user`` reads the note."""
        values = note.sudo().tracking_value_ids
        if user:
            values = values._filter_has_field_access(self.env(user=user.id, su=False))
        return {
            value["fieldInfo"]["changedField"]: (value["oldValue"], value["newValue"])
            for value in values._tracking_value_format()
        }

    def test_file(self):
        """Trace: what says who somebody is and how they are reached is told, with the
        former value and the author; an account by its last digits alone."""
        south = self._make_branch(self.delegate, "South")
        category = self.env.ref("beneficiary_relations.category_widow")
        note = self._change(
            self.file,
            {
                "name": "سالم بن سعد المثال",
                "birth_date": "1980-01-02",
                "phone": "0500000002",
                "email": "other@example.com",
                "identity_number": "1000000016",
                "officer_id": self.manager.id,
                "branch_id": south.id,
                "category_ids": [Command.link(category.id)],
                "iban": IBAN,
                "chronic_illness": "Diabetes",
            },
            self.manager,
        )
        self.assertEqual(len(note), 1)
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        told = self._read(note)
        self.assertEqual(told["Name"], ("سالم المثال", "سالم بن سعد المثال"))
        self.assertEqual(told["Phone"], ("+966500000001", "+966500000002"))
        self.assertEqual(told["Branch"], ("North", "South"))
        self.assertEqual(told["Categories"][1], category.name)
        self.assertEqual(told["IBAN"], (False, "•••7519"))
        self.assertEqual(told["Chronic Illness"], (False, "•••"))
        self.assertEqual(
            set(told),
            {
                "Name",
                "Birth Date",
                "Phone",
                "Email",
                "Identity Number",
                "Relations Officer",
                "Branch",
                "Categories",
                "IBAN",
                "Chronic Illness",
            },
        )
        stored = self.env["mail.tracking.value"].search(
            [("mail_message_id", "=", note.id)]
        )
        self.assertNotIn(IBAN[:-4], str(stored.read()))
        self.assertNotIn("Diabetes", str(stored.read()))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_reads(self):
        """R43: hidden values are told to nobody who may not read the field, and an
        applicant reads nothing of it."""
        note = self._change(self.file, {"iban": IBAN, "phone": "0500000002"})
        self.assertEqual(set(self._read(note, self.delegate)), {"Phone"})
        self.assertEqual(set(self._read(note, self.officer)), {"Phone", "IBAN"})
        self.assertFalse(self._read(note, self.applicant))
        theirs = self.env["mail.message"].with_user(self.applicant)
        self.assertNotIn(note, theirs.search([("model", "=", FILE)]))
        for user in (self.applicant, self.delegate):
            with self.assertRaises(AccessError):
                self._call_as(user, "mail.tracking.value", "search_read", [])

    def test_no_key_hides_it(self):
        """Trace: a key of the context, which imports send too, hides no change."""
        for key, phone in (
            ("tracking_disable", "0500000003"),
            ("mail_notrack", "0500000004"),
        ):
            with self.subTest(key=key):
                file = self.file.with_context(**{key: True}).with_user(self.officer)
                file.write({"phone": phone})
                self._commit()
                note = self.file.message_ids[:1]
                self.assertEqual(note.author_id, self.officer.partner_id)
                self.assertEqual(self._read(note)["Phone"][1][-1], phone[-1])

    def test_lines(self):
        """Trace: changes of dependants, income and representatives in one go are one
        note on the file; income is told to those who may read it."""
        child, gone = self.env["beneficiary.household.member"].create(
            [
                {"beneficiary_id": self.file.id, "name": name, "birth_date": born}
                for name, born in (("نورة", "2015-01-31"), ("سارة", "2016-01-31"))
            ]
        )
        line = self.env["beneficiary.income.line"].create(
            {"beneficiary_id": self.file.id, "type": "salary", "amount": 3000}
        )
        self._commit()
        note = self._change(
            self.file,
            {
                "household_member_ids": [
                    Command.update(child.id, {"birth_date": "2014-01-31", "income": 5}),
                    Command.update(gone.id, {"active": False}),
                    Command.create({"name": "منى", "relation": "spouse"}),
                ],
                "income_line_ids": [Command.update(line.id, {"amount": 4000})],
                "representative_ids": [
                    Command.create({"name": "الوكيل", "date_from": "2020-01-01"})
                ],
            },
        )
        self.assertEqual(len(note), 1)
        told = self._read(note)
        former, present = told["Household"]
        self.assertIn("نورة · Son or Daughter · 2015-01-31", former)
        self.assertIn(
            "نورة · Son or Daughter · 2014-01-31 (changed: Monthly Income)", present
        )
        self.assertIn("سارة · Son or Daughter · 2016-01-31 · Archived", present)
        self.assertIn("منى · Spouse", present)
        self.assertIn("3000", told["Income and Expenses"][0])
        self.assertIn("4000", told["Income and Expenses"][1])
        self.assertEqual(told["Representatives"][0], "")
        self.assertEqual(
            set(self._read(note, self.delegate)), {"Household", "Representatives"}
        )
        last = self.file.message_ids[:1]
        self._call_as(self.manager, line._name, "unlink", line.ids)
        self._commit()
        note = self.file.message_ids.filtered(lambda note: note.id > last.id)
        self.assertEqual(self._read(note)["Income and Expenses"][1], "")

    def test_request(self):
        """Trace: what is asked for, who deals with it, the answers and the deliveries
        of a request are told on it."""
        question = self.env["beneficiary.service.question"].create(
            {"service_id": self.service.id, "name": "How many rooms?", "kind": "number"}
        )
        request = self._make_request("submitted")
        self._commit()
        note = self._change(
            request,
            {
                "amount_requested": 700,
                "officer_id": self.manager.id,
                "answer_ids": [
                    Command.update(request.answer_ids.id, {"value": "3"}),
                ],
            },
        )
        told = self._read(note)
        self.assertEqual(told["Amount Requested"], (500, 700))
        self.assertEqual(told["Relations Officer"], ("br_officer", "br_manager"))
        self.assertIn(f"{question.name} · 3", told["Answers"][1])
        self._advance(request, "registered")
        delivery = self._plan_delivery(request, amount=0)
        self._commit()
        note = self._change(delivery, {"goods": "Two baskets"})
        self.assertEqual(note.res_id, request.id)
        former, present = self._read(note)["Deliveries"]
        self.assertIn("A food basket", former)
        self.assertIn("Two baskets", present)

    def test_drafts_of_applicants(self):
        """Trace: what applicants change in drafts of their own was told to nobody."""
        draft = self._make_request()
        self._commit()
        last = draft.message_ids[:1].id
        for request in (draft, self.request):
            request.with_user(self.applicant).sudo().write({"amount_requested": 900})
        self._commit()
        self.assertFalse(draft.message_ids.filtered(lambda note: note.id > last))
        note = self.request.message_ids[:1]
        self.assertEqual(self._read(note)["Amount Requested"], (500, 900))
        self.assertEqual(note.author_id, self.applicant.partner_id)

    def test_rules_of_the_house(self):
        """Trace: services, branches and drafts of a policy, which the board would ask
        about, tell who changed them."""
        policy = self.company._get_beneficiary_policy().copy()
        self._commit()
        for record, vals, words in (
            (self.service, {"max_income_per_head": 900}, "Maximum Income per Head"),
            (
                self.service,
                {
                    "document_line_ids": [
                        Command.update(
                            self.service.document_line_ids.id, {"is_required": False}
                        )
                    ]
                },
                "Documents",
            ),
            (self.branch, {"delegate_ids": [Command.clear()]}, "Delegates"),
            (policy, {"review_days": 30}, "Review Period"),
            (self.committee, {"name": "Another Committee"}, "Name"),
        ):
            with self.subTest(model=record._name, words=words):
                note = self._change(record, vals, self.manager)
                self.assertEqual(note.author_id, self.manager.partner_id)
                self.assertEqual(set(self._read(note)), {words})

    def _count(self, records, vals, is_traced=True):
        records = records.with_context(
            tracking_disable=False, mail_notrack=not is_traced
        )
        self._commit()
        self.env.invalidate_all()
        # As in each call: the session knows its user.
        self.assertTrue(self.env.user.partner_id.email_formatted)
        start = self.env.cr.sql_log_count
        records.write(vals)
        self._commit()
        return self.env.cr.sql_log_count - start

    def test_queries(self):
        """Scale: a trace adds two queries to a write, of one record or of many. What
        is stored of another record is its name, which may have to be read."""
        files = self.env[FILE].create(
            [{"name": f"مثال {n}", "company_id": self.company.id} for n in range(6)]
        )
        requests = self.request | self._make_request() | self._make_request()
        self._commit()
        people = (self.officer.id, self.manager.id)
        for records, name, values, names in (
            (files[:1], "phone", ("0500000011", "0500000012"), 0),
            (files, "phone", ("0500000013", "0500000014"), 0),
            (files[:1], "officer_id", people, 2),
            (files, "officer_id", people, 2),
            (requests, "amount_requested", (600, 700), 0),
        ):
            with self.subTest(name=name, count=len(records)):
                self._count(records, {name: values[1]})  # fills the caches
                plain = self._count(records, {name: values[0]}, is_traced=False)
                traced = self._count(records, {name: values[1]})
                self.assertLessEqual(traced - plain, 2 + names)
