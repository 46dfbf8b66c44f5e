from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import BeneficiaryCommon

IBAN = "SA0380000000608010167519"
FINANCE_FIELDS = {
    "beneficiary.beneficiary": {
        "income_line_ids": [],
        "income_total": 0,
        "income_is_recorded": False,
        "expense_total": 0,
        "income_per_head": 0,
        "iban": IBAN,
        "bank_account_holder": "سالم",
        "housing_rent": 100,
    },
    "beneficiary.household.member": {"income": 100},
}
HEALTH_FIELDS = {
    "beneficiary.beneficiary": {
        "health_conditions": "Asthma",
        "chronic_illness": "Asthma",
        "disability": "visual",
    },
    "beneficiary.household.member": {"health_state": "Asthma"},
}
# Computed fields without a column: nobody can search, sort or group by them.
UNSTORED = {
    "income_total",
    "income_is_recorded",
    "expense_total",
    "income_per_head",
}


class HouseholdCase(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = branch

    def _make_member(self, **vals):
        return self.env["beneficiary.household.member"].create(
            {"beneficiary_id": self.file.id, "name": "Example", **vals}
        )


@tagged("post_install", "-at_install")
class TestHousehold(HouseholdCase):
    def test_totals(self):
        """R32: members, minors, income and expenses are counted by present data."""
        self._make_member(income=800, birth_date="1990-01-01")
        gone = self._make_member(income=100, birth_date="2020-01-01")
        file = self.file.with_user(self.officer)
        with Form(file) as form:
            with form.income_line_ids.new() as line:
                line.type = "salary"
                line.amount = 1200
            with form.income_line_ids.new() as line:
                line.type = "food"
                line.amount = 400
            form.housing_kind = "rented"
            form.housing_rent = 1000
        self.assertEqual((file.member_count, file.minor_count), (2, 1))
        self.assertEqual((file.income_total, file.expense_total), (2100, 1400))
        self.assertEqual(file.income_per_head, 700)
        gone.active = False
        self.assertEqual((file.member_count, file.minor_count), (1, 0))
        self.assertEqual((file.income_total, file.income_per_head), (2000, 1000))
        file.kind = "organisation"  # not counted as a head itself
        self.assertEqual(file.income_per_head, 2000)

    def test_coming_of_age(self):
        """R32: a person is a minor until the association's day of the 18th birthday."""
        self._make_member(birth_date="2008-03-15")
        for moment, minors in (
            ("2026-03-14 20:59:00", 1),  # still the day before in Riyadh
            ("2026-03-14 21:00:00", 0),
        ):
            self.env.invalidate_all()
            with freeze_time(moment), self.subTest(moment=moment):
                self.assertEqual(self.file.minor_count, minors)

    def test_queries(self):
        """R32: totals of many files need as many queries as those of one."""
        files = self.env["beneficiary.beneficiary"].create(
            [{"name": str(n), "company_id": self.company.id} for n in range(20)]
        )
        self.env["beneficiary.household.member"].create(
            [{"beneficiary_id": file.id, "name": "x"} for file in files]
        )
        names = ["member_count", "minor_count", "income_total", "income_per_head"]
        counts = []
        for number in (1, 5, 15):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            files[:number].with_user(self.officer).read(names)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])

    def test_identifiers_of_dependants(self):
        """R44: a dependant's identity number is checked and stored like the file's."""
        member = self._make_member(identity_number="١٠٠٠٠٠٠٠١٦")
        self.assertEqual(member.identity_number, "1000000016")
        for vals in (
            {"identity_number": "1234567890"},
            {"identity_number": "2000000006"},
            {"birth_date": "2999-01-01"},
            {"member_file_id": self.file.id},
        ):
            with self.subTest(**vals), self.assertRaises(ValidationError):
                self._make_member(**vals)

    def test_import_of_dependants(self):
        """R44: an import of dependants follows the same rules, in either calendar."""
        model = self.env["beneficiary.household.member"].with_user(self.officer)
        result = call_kw(
            model,
            "load",
            [
                ["beneficiary_id", "name", "identity_number", "birth_date_hijri"],
                [
                    [self.file.file_number, "هند", "١٠٠٠٠٠٠٠١٦", "١٤٢١/٠١/٠١"],
                    [self.file.file_number, "منى", "1000000024", "1421-13-01"],
                ],
            ],
            {},
        )
        self.assertFalse(result["ids"])
        refusals = {m["record"]: m["message"] for m in result["messages"]}
        self.assertIn("no day of the calendar", refusals[1])
        self.assertFalse(self.file.household_member_ids)

    def test_import_names_the_file(self):
        """R44: an import finds the file by number, identity or name, in any script."""
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        for name in (self.file.file_number, "1000000008", "١٠٠٠٠٠٠٠٠٨", "سالم المثال"):
            with self.subTest(name):
                found = files.name_search(name, operator="=")
                self.assertEqual([id_ for id_, _name in found], self.file.ids)

    def test_a_dependant_of_a_foreign_file(self):
        """R6: a delegate cannot link anything to a file of another branch."""
        far = self.file.copy({"branch_id": False})
        members = self.env["beneficiary.household.member"].with_user(self.delegate)
        vals = {"beneficiary_id": self.file.id, "name": "Example"}
        member = members.create(vals)
        for refused in ({"member_file_id": far.id}, {"beneficiary_id": far.id}):
            with self.assertRaises(AccessError):
                members.create({**vals, **refused})
            with self.assertRaises(AccessError):
                member.write(refused)


@tagged("post_install", "-at_install")
class TestCategory(HouseholdCase):
    def test_what_does_not_fit_is_refused(self):
        """R32: a category of another kind is refused, also if the kind changes."""
        orphan = self.env.ref("beneficiary_relations.category_orphan")
        fasting = self.env.ref("beneficiary_relations.category_fasting")
        self.file.category_ids = orphan
        categories = self.env["beneficiary.category"].with_user(self.officer)
        view = self.file.get_view(view_type="form")["arch"]
        [field] = etree.fromstring(view).xpath("//field[@name='category_ids']")
        names = {"kind": self.file.kind, "company_id": self.company.id}
        offered = categories.search(safe_eval(field.get("domain"), names))
        self.assertIn(orphan, offered)
        self.assertNotIn(fasting, offered)
        with self.assertRaisesRegex(ValidationError, "does not fit"):
            self.file.category_ids |= fasting
        with self.assertRaisesRegex(ValidationError, "does not fit"):
            self.file.kind = "place"
        orphan.kind_ids = False
        self.file.category_ids = orphan
        self.file.kind = "place"  # a category without kinds is meant for all

    def test_of_another_association(self):
        """R43: a category of another association is refused."""
        theirs = self.env["beneficiary.category"].create(
            {"name": "Theirs", "code": "theirs", "company_id": self.other.id}
        )
        with self.assertRaises(UserError):
            self.file.category_ids = theirs


@tagged("post_install", "-at_install")
class TestSensitiveData(HouseholdCase):
    """Privacy: users without clearance learn nothing of income, bank and health."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member_of_household = cls.env["beneficiary.household.member"].create(
            {"beneficiary_id": cls.file.id, "name": "Example", "income": 100}
        )
        cls.line = cls.env["beneficiary.income.line"].create(
            {"beneficiary_id": cls.file.id, "type": "salary", "amount": 100}
        )
        cls.file.iban = IBAN
        export = cls.env.ref("base.group_allow_export")
        for user in cls.delegate | cls.officer | cls.chair:
            user.group_ids |= export

    def _get_record(self, model, user):
        records = {
            "beneficiary.beneficiary": self.file,
            "beneficiary.household.member": self.member_of_household,
        }
        return records[model].with_user(user)

    def test_who_reads_what(self):
        """Privacy: officers read finance, managers and researchers health as well."""
        finance, health = FINANCE_FIELDS, HEALTH_FIELDS
        for user, readable in (
            (self.delegate, ()),
            (self.officer, (finance,)),
            (self.manager, (finance, health)),
            (self.researcher, (finance, health)),
            (self.auditor, (finance, health)),
            (self.chair, ()),
            (self.applicant, ()),
        ):
            for group in (finance, health):
                for model, values in group.items():
                    records = self.env[model].with_user(user)
                    for name in values:
                        with self.subTest(user=user.login, model=model, field=name):
                            self.assertEqual(
                                records._has_field_access(
                                    records._fields[name], "read"
                                ),
                                group in readable,
                            )

    def _ask(self, record, name, value):
        """Return all RPC calls by which a client could read or change a field."""
        ids, domain = record.ids, [(name, "=", value)]
        questions = {
            "read": ([ids, [name]], {}),
            "web_read": ([ids, {name: {}}], {}),
            "export_data": ([ids, [name]], {}),
            "write": ([ids, {name: value}], {}),
        }
        if name not in UNSTORED:
            questions |= {
                "search": ([domain], {}),
                "search_count": ([domain], {}),
                "search_read": ([[], [name]], {}),
                "formatted_read_group": ([[], [name], ["__count"]], {}),
                "web_search_read": ([[], {name: {}}], {}),
            }
        return questions.items()

    def test_refused_without_the_clearance(self):
        """Privacy: read, search, group, export and write are refused over RPC."""
        for user, group in (
            (self.delegate, FINANCE_FIELDS),
            (self.delegate, HEALTH_FIELDS),
            (self.officer, HEALTH_FIELDS),
        ):
            for model, values in group.items():
                record = self._get_record(model, user)
                for name, value in values.items():
                    for method, (args, kwargs) in self._ask(record, name, value):
                        with (
                            self.subTest(user=user.login, field=name, method=method),
                            self.assertRaises(AccessError),
                        ):
                            call_kw(record, method, args, kwargs)

    def test_not_in_the_views(self):
        """Privacy: fields that the user may not read are not in the views."""
        view = self.file.with_user(self.delegate).get_view(view_type="form")["arch"]
        for name in (*FINANCE_FIELDS["beneficiary.beneficiary"], "disability"):
            self.assertNotIn(f'"{name}"', view)
        Form(self.file.with_user(self.delegate))

    def test_income_lines(self):
        """Privacy: income lines need access to the file and the clearance."""
        line = self.line.with_user(self.delegate)
        self.assertFalse(line.search([]))
        self.assertFalse(line.search_count([]))
        self.assertEqual(
            line.formatted_read_group([], [], ["amount:sum"])[0]["amount:sum"], 0
        )
        for method, args in (
            ("read", [line.ids, ["amount"]]),
            ("export_data", [line.ids, ["amount"]]),
            ("write", [line.ids, {"amount": 1}]),
            ("create", [{"beneficiary_id": self.file.id, "type": "food", "amount": 1}]),
            ("unlink", [line.ids]),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                call_kw(line, method, args, {})

    def test_granted(self):
        """Privacy: a delegate's clearance is valid only in their own branch."""
        self.delegate.group_ids |= self.env.ref("beneficiary_relations.group_finance")
        line = self.line.with_user(self.delegate)
        line.amount = 200
        self.assertEqual(self.file.with_user(self.delegate).income_total, 300)
        far = self.file.copy({"branch_id": False})
        self.line.copy({"beneficiary_id": far.id})
        self.assertEqual(line.search([]), line)

    def test_iban(self):
        """R44: an IBAN is checked, in any script, and stored in one form."""
        file = self.file.with_user(self.officer)
        file.iban = "sa٠٣ 8000 0000 6080 1016 7519"
        self.assertEqual(file.iban, IBAN)
        for wrong in ("SA0380000000608010167518", "GB29NWBK60161331926819", "SA03"):
            with self.assertRaisesRegex(ValidationError, "not a Saudi IBAN"):
                file.iban = wrong

    def test_hidden_in_the_chatter(self):
        """Safety: a note of the change of sensitive data shows its values to nobody who
        may not read them; an account and an illness are not copied at all."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        file = self.file.with_user(self.manager)
        file.write({"iban": False, "disability": "visual", "housing_rent": 100})
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = self.file.message_ids[:1].sudo().tracking_value_ids
        told = {value.field_id.name: value.old_value_char for value in values}
        self.assertEqual(told.pop("iban"), f"•••{IBAN[-4:]}")
        self.assertFalse(told.pop("disability"))
        self.assertEqual(set(told), {"housing_rent"})
        self.assertNotIn("visual", str(values.read()).lower())
        for user in (self.delegate, self.applicant):
            env = self.env(user=user.id, su=False)
            self.assertFalse(values._filter_has_field_access(env))
