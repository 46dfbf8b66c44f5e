import io
from datetime import datetime

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import AssociationMixin, BeneficiaryCommon
from ..system.common import luhn

COLUMNS = ["name", "kind", "identity_number", "phone", "short_address"]
ROWS = 10_000
# Mistakes for every fiftieth row, in turn, each with a word of its error message.
MISTAKES = (
    ({"identity_number": "1000000001"}, "هوية"),
    ({"phone": "12"}, "هاتف"),
    ({"short_address": "ABC"}, "العنوان"),
    ({"kind": "nobody"}, "nobody"),
    ({"name": ""}, "الاسم"),
)


@tagged("post_install", "-at_install", "without_demo")
class TestImport(BeneficiaryCommon):
    def _make_rows(self, count, mistakes=False):
        rows = []
        for number in range(count):
            row = {
                "name": f"مثال {number}",
                "kind": "person",
                "identity_number": luhn(number + 1_000_000),
                "phone": f"05{number + 10_000_000}",
                "short_address": "",
            }
            if mistakes and number % 50 == 25:
                row |= MISTAKES[number // 50 % len(MISTAKES)][0]
            rows.append([row[name] for name in COLUMNS])
        return rows

    def _load(self, model, columns, rows, user=None):
        # Like the import screen, in the language of the importing user.
        records = self.env[model].with_user(user or self.officer)
        companies = records.env.user.company_id.ids
        records = records.with_context(
            lang="ar_001", import_file=True, allowed_company_ids=companies
        )
        with mute_logger("odoo.sql_db"):
            return records.load(columns, rows)

    def _count(self):
        return self.env["beneficiary.beneficiary"].search_count(
            [("company_id", "=", self.company.id)]
        )

    def test_ten_thousand_files(self):
        """R44: errors name the rows in Arabic, nothing is imported, a retry is safe."""
        before = self._count()
        result = self._load(
            "beneficiary.beneficiary", COLUMNS, self._make_rows(ROWS, True)
        )
        errors = {
            message["rows"]["from"]: message["message"]
            for message in result["messages"]
            if message["type"] == "error"
        }
        self.assertFalse(result["ids"])
        self.assertEqual(self._count(), before)
        self.assertEqual(set(errors), {n for n in range(ROWS) if n % 50 == 25})
        for number, text in errors.items():
            self.assertIn(MISTAKES[number // 50 % len(MISTAKES)][1], text)
        for _run in range(2):
            result = self._load(
                "beneficiary.beneficiary", COLUMNS, self._make_rows(ROWS)
            )
            self.assertFalse(result["messages"])
            self.assertEqual(self._count(), before + ROWS)

    def test_same_person_twice(self):
        """R44: two rows of one person are an error, in digits of any script."""
        arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
        rows = self._make_rows(3)
        rows[2][2] = rows[0][2].translate(arabic)
        before = self._count()
        result = self._load("beneficiary.beneficiary", COLUMNS, rows)
        self.assertFalse(result["ids"])
        self.assertEqual([m["record"] for m in result["messages"]], [2])
        self.assertEqual(self._count(), before)

    def test_known_person_is_updated(self):
        """R44: a row of a known person updates the file; other fields stay."""
        result = self._load(
            "beneficiary.beneficiary",
            ["name", "identity_number"],
            [["سالم بن سعد المثال", "١٠٠٠٠٠٠٠٠٨"]],
        )
        self.assertEqual(result["ids"], self.file.ids)
        self.assertEqual(self.file.name, "سالم بن سعد المثال")

    def test_other_identities(self):
        """R44: a passport number is accepted if its type is given by label."""
        kinds = self.env["beneficiary.beneficiary"].with_context(lang="ar_001")
        kinds = dict(kinds.fields_get(["identity_type"])["identity_type"]["selection"])
        for _run in range(2):
            result = self._load(
                "beneficiary.beneficiary",
                ["name", "identity_type", "identity_number"],
                [["زائر مثال", kinds["other"], "A٠١٢٣"]],
            )
            self.assertFalse(result["messages"])
        file = self.env["beneficiary.beneficiary"].browse(result["ids"])
        self.assertEqual(file.identity_number, "A0123")

    def test_other_association(self):
        """R43: the same person in another association is another file."""
        result = self._load(
            "beneficiary.beneficiary",
            ["name", "identity_number"],
            [["سالم المثال", "1000000008"]],
            user=self.outsider,
        )
        self.assertFalse(result["messages"])
        self.assertNotEqual(result["ids"], self.file.ids)

    def test_papers(self):
        """R44: papers find their file by identity number, and are updated."""
        columns = ["beneficiary_id", "type_id", "number", "expiry_date"]
        kind = self.identity_type.with_context(lang="ar_001").name
        rows = [["1000000008", kind, "1000000008", "2040-01-01"]]
        first = self._load("beneficiary.document", columns, rows)
        self.assertFalse(first["messages"])
        rows[0][3] = "2041-01-01"
        again = self._load("beneficiary.document", columns, rows)
        self.assertEqual(first["ids"], again["ids"])
        self.assertEqual(str(self.file.document_ids.expiry_date), "2041-01-01")

    def test_papers_by_file_number(self):
        """R44: a paper found by file number keeps its scan and its match."""
        paper = self._make_document(self.file, self.identity_type)
        paper.with_user(self.officer).action_match("The card")
        kind = self.identity_type.with_context(lang="ar_001").name
        columns = ["beneficiary_id", "type_id", "number", "expiry_date"]
        day = str(paper.expiry_date)
        for name in (self.file.file_number, "1000000008", "١٠٠٠٠٠٠٠٠٨"):
            row = [name, kind, "1000000008", day]
            result = self._load("beneficiary.document", columns, [row])
            with self.subTest(name=name):
                self.assertEqual(result["ids"], paper.ids)
        self.assertTrue(paper.is_current and paper.matched_on and paper.file)

    def test_dependants(self):
        """R44: dependants find their household, and are updated."""
        columns = ["beneficiary_id", "name", "identity_number", "birth_date"]
        rows = [["١٠٠٠٠٠٠٠٠٨", "نورة المثال", "1000000016", "2015-01-31"]]
        first = self._load("beneficiary.household.member", columns, rows)
        self.assertFalse(first["messages"])
        rows[0][1] = "نورة سالم المثال"
        again = self._load("beneficiary.household.member", columns, rows)
        self.assertEqual(first["ids"], again["ids"])
        self.assertEqual(self.file.household_member_ids.name, "نورة سالم المثال")

    # -- requests of the past ----------------------------------------------------------

    def _migrate(self, user=None, **vals):
        row = {
            "reference": "1445/1",
            "beneficiary_id": "1000000008",
            "service_id": self.service.name,
            "channel_id": self._channel("phone").with_context(lang="ar_001").name,
            "description": "سلة غذائية",
            "state": "closed",
            "submitted_on": "2024-03-03 09:00:00",
            "decided_on": "2024-03-20 09:00:00",
            "outcome": "rejected",
            "reason": "الدخل أعلى من الحد",
            **vals,
        }
        return self._load(
            "beneficiary.request.migration",
            list(row),
            [list(row.values())],
            user=user or self.manager,
        )

    def _get_migrated(self):
        return self.env["beneficiary.request"].search([("origin", "=", "migrated")])

    def test_closed_request(self):
        """Portal: an imported closed request keeps its state; nobody is notified."""
        mails = self.env["mail.mail"].search_count([])
        self.assertFalse(self._migrate()["messages"])
        request = self._get_migrated()
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.origin_reference, "1445/1")
        self.assertEqual(request.decision_ids.outcome, "rejected")
        self.assertEqual(request.submitted_on, datetime(2024, 3, 3, 9))
        self.assertFalse(request.step_ids or request.notice_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(self._migrate()["messages"])
        self.assertEqual(self._get_migrated(), request)

    def test_corrected_request(self):
        """R24: the corrected row corrects its request, and what was wrong stays."""
        self.service.delivery_kind = "cash"
        accepted = {"outcome": "accepted", "reason": ""}
        self._migrate(**accepted, amount_granted="1000")
        request = self._get_migrated()
        wrong = request.decision_ids
        for _time in range(2):
            result = self._migrate(**accepted, amount_granted="1500")
            self.assertFalse(result["messages"])
        self.assertEqual(len(result["changes"]), 0)
        right = request._get_current_decision()
        self.assertEqual(request.decision_ids, wrong | right)
        self.assertEqual((wrong.amount_granted, right.amount_granted), (1000, 1500))
        self.assertTrue(wrong.superseded_on and not right.superseded_on)
        self.assertIn("1500", str(request.message_ids[0].body).replace(",", ""))
        self.assertFalse(request.notice_ids)
        other = self.file.copy({"name": "منى المثال", "identity_number": "1000000016"})
        self._migrate(beneficiary_id="1000000016", description="إيجار")
        self.assertEqual(self._get_migrated(), request)
        self.assertEqual(request.beneficiary_id, other)
        self.assertEqual(request.description, "إيجار")
        self.assertEqual(request._get_current_decision().outcome, "rejected")
        self._migrate(state="cancelled", decided_on="", outcome="")
        self.assertEqual(request.state, "cancelled")

    def test_correction_that_comes_too_late(self):
        """R24: a request that went on is corrected by its moves, not by a sheet."""
        self._migrate()
        request = self._get_migrated()
        result = self._migrate(user=self.auditor, description="إيجار")
        self.assertFalse(result["ids"])
        line = self.env["beneficiary.request.migration"].search([])
        stranger = line.with_user(self.outsider)
        with self.assertRaises(AccessError):
            stranger._load_records_write({"description": "إيجار"})
        request.with_user(self.manager).action_reopen(reason="Imported wrongly")
        self.assertFalse(self._migrate()["messages"])
        result = self._migrate(description="إيجار")
        self.assertFalse(result["ids"])
        self.assertIn(request.name, result["messages"][0]["message"])
        running = {"state": "in_review", "raised_on": "2024-03-05 07:00:00"}
        running |= {"reference": "1445/2", "decided_on": "", "outcome": ""}
        self.assertFalse(self._migrate(**running)["messages"])
        self.assertFalse(self._migrate(**running, description="إيجار")["ids"])
        self.assertEqual(request.description, "سلة غذائية")

    def test_running_request(self):
        """Portal, R21: an imported request in review continues on its own clock."""
        self._migrate(
            state="in_review",
            raised_on="2024-03-05 07:00:00",
            decided_on="",
            outcome="",
        )
        request = self._get_migrated()
        self.assertEqual(request.state, "in_review")
        self.assertEqual(request.review_floor_on, datetime(2024, 3, 19, 7))
        self.assertEqual(len(request.decision_ids.vote_ids), 3)
        self._decide(request)
        self.assertEqual(request.state, "decided")
        self._migrate(reference="1445/2", state="accepted", outcome="")
        accepted = self._get_migrated() - request
        self.assertEqual(accepted._get_current_decision().outcome, "accepted")

    def test_what_is_missing(self):
        """Portal: an incomplete line is refused, and the error says what is missing."""
        result = self._migrate(decided_on="")
        self.assertIn("1445/1", result["messages"][0]["message"])
        result = self._migrate(decided_on="2023-03-20 09:00:00")
        self.assertFalse(result["ids"])
        self.assertFalse(self._get_migrated())

    def test_money_that_was_granted(self):
        """Portal, R25: an accepted request for money needs the granted amount."""
        self.service.delivery_kind = "cash"
        lines = self.env["beneficiary.request.migration"].with_context(lang="ar_001")
        (label,) = lines.fields_get(["amount_granted"], ["string"]).values()
        for state in ("accepted", "closed"):
            result = self._migrate(state=state, outcome="accepted")
            self.assertIn(label["string"], result["messages"][0]["message"])
        self.assertFalse(self._migrate(reference="1445/2")["messages"])
        rejected = self._get_migrated()
        self._migrate(state="accepted", outcome="", amount_granted="1000")
        accepted = self._get_migrated() - rejected
        # Papers of the past are not required: the request can be delivered.
        accepted._write_flow({"state": "registered"})
        self.assertEqual(self._plan_delivery(accepted, amount=1000).state, "planned")

    def test_who_migrates(self):
        """Portal: only managers import requests; imported lines stay unchanged."""
        for user in (self.officer, self.delegate, self.auditor):
            with self.assertRaises(AccessError):
                self.env["beneficiary.request.migration"].with_user(user).create({})
        self._migrate()
        line = self.env["beneficiary.request.migration"].search([])
        with self.assertRaises(UserError):
            line.with_user(self.manager).write({"state": "accepted"})
        for name in ("origin", "origin_reference"):
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self._make_request().with_user(self.manager).write({name: "migrated"})


@tagged("post_install", "-at_install")
class TestImportTemplate(AssociationMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_associations()

    def test_templates(self):
        """R44: the import screen recognises the column titles of each template."""
        self.manager.lang = "ar_001"
        self.authenticate("br_manager", "br_manager")
        for name in (
            "beneficiary.beneficiary",
            "beneficiary.household.member",
            "beneficiary.document",
            "beneficiary.request.migration",
        ):
            model = self.env[name].with_user(self.manager).with_context(lang="ar_001")
            (template,) = model.get_import_templates()
            response = self.url_open(template["template"])
            sheet = load_workbook(io.BytesIO(response.content)).active
            titles = [cell.value for cell in sheet[1]]
            preview = (
                self.env["base_import.import"]
                .with_user(self.manager)
                .with_context(lang="ar_001")
                .create(
                    {
                        "res_model": name,
                        "file": response.content,
                        "file_name": "template.xlsx",
                        "file_type": response.headers["Content-Type"],
                    }
                )
                .parse_preview({"has_headers": True})
            )
            found = [preview["matches"][index] for index in range(len(titles))]
            self.assertEqual(
                found, [[field] for field, _example in model._import_columns], titles
            )

    def test_not_for_everybody(self):
        """R43: users who may not create get no template; other models have none."""
        self.authenticate("br_auditor", "br_auditor")
        for name in ("beneficiary.beneficiary", "res.partner", "nonsense"):
            response = self.url_open(f"/beneficiary_relations/import_template/{name}")
            self.assertEqual(response.status_code, 404)
