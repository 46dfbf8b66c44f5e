from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

RAMADAN = date(1985, 5, 20)


@tagged("post_install", "-at_install")
class TestDates(BeneficiaryCommon):
    """R38, R44: the date that is typed is the date that is kept, at every door."""

    def _create(self, model, **vals):
        records = self.env[model].with_user(self.officer)
        return records.browse(call_kw(records, "create", [vals], {}))

    def _load(self, model, columns, rows):
        records = self.env[model].with_user(self.officer)
        with mute_logger("odoo.sql_db"):
            result = call_kw(records, "load", [columns, rows], {})
        return records.browse(result["ids"] or []), result["messages"]

    # -- read ------------------------------------------------------------------------

    def test_hijri_year_over_rpc(self):
        """R38: a Hijri year is read as one, in the Gregorian field too."""
        for typed in ("1405-09-01", "01/09/1405", "١/٩/١٤٠٥هـ"):
            with self.subTest(typed=typed):
                file = self._create(
                    "beneficiary.beneficiary", name="Example", birth_date=typed
                )
                self.assertEqual(file.birth_date, RAMADAN)
                self.assertEqual(file.birth_date_hijri, "1405-09-01")
                self.assertFalse(file.is_birth_year_only)

    def test_year_alone(self):
        """R38: of a year alone, the record says that nothing more is known."""
        file = self._create(
            "beneficiary.beneficiary", name="Example", birth_date_hijri="1405"
        )
        self.assertTrue(file.is_birth_year_only)
        self.assertEqual(file.birth_date_hijri, "1405")
        self.assertEqual(file.birth_date, date(1985, 3, 22))
        file.birth_date = "1985-05-20"
        self.assertFalse(file.is_birth_year_only)
        self.assertEqual(file.birth_date_hijri, "1405-09-01")

    def test_card_text_is_kept(self):
        """R38: what a card says in Hijri stays, where Umm al-Qura has another day."""
        member = self._create(
            "beneficiary.household.member",
            name="Example",
            beneficiary_id=self.file.id,
            birth_date_hijri="30/11/1444",
        )
        self.assertEqual(member.birth_date_hijri, "1444-11-30")
        self.assertEqual(member.birth_date, date(2023, 6, 19))

    def test_papers(self):
        """R14, R38: a paper's dates are typed in either calendar."""
        paper = self._create(
            "beneficiary.document",
            beneficiary_id=self.file.id,
            type_id=self.identity_type.id,
            issue_date="01/09/1440",
            expiry_date_hijri="1450/09/01",
        )
        self.assertEqual(paper.issue_date, date(2019, 5, 6))
        self.assertEqual(paper.expiry_date, date(2029, 1, 16))
        self.assertEqual(paper.issue_date_hijri, "1440-09-01")
        self.assertEqual(paper.valid_until, date(2029, 1, 16))

    def test_import(self):
        """R38, R44: a column of mixed dates is read, or refused with its row."""
        typed = {
            "01/09/1405": RAMADAN,
            "1405-9-1": RAMADAN,
            "١٤٠٥/٠٩/٠١ هـ": RAMADAN,
            "20/05/1985": RAMADAN,
            "1985-05-20": RAMADAN,
            "٢٠/٥/١٩٨٥": RAMADAN,
            "1405": date(1985, 3, 22),
            "": False,
        }
        rows = [[f"Example {n}", text] for n, text in enumerate(typed)]
        columns = ["name", "birth_date"]
        files, messages = self._load("beneficiary.beneficiary", columns, rows)
        self.assertEqual(messages, [])
        self.assertEqual(files.mapped("birth_date"), list(typed.values()))
        self.assertEqual(
            files.mapped("is_birth_year_only"), [False] * 6 + [True, False]
        )
        wrong = ["31/02/2000", "أمس", "1405-13-01", "1/1/1290", "2999-01-01"]
        rows = [[f"Example {n}", text] for n, text in enumerate(wrong)]
        files, messages = self._load("beneficiary.beneficiary", columns, rows)
        self.assertFalse(files)
        self.assertEqual({m["record"] for m in messages}, set(range(5)))

    def test_import_screen(self):
        """R38: the preview shows both dates; another model's sheet is Odoo's own."""
        sheet = "name,birth_date\nExample,01/09/1405\nOther,٢٠/٠٥/١٩٨٥\n"
        wizard = (
            self.env["base_import.import"]
            .with_user(self.officer)
            .create(
                {
                    "res_model": "beneficiary.beneficiary",
                    "file": sheet.encode(),
                    "file_type": "text/csv",
                    "file_name": "files.csv",
                }
            )
        )
        options = {
            "quoting": '"',
            "separator": ",",
            "encoding": "utf-8",
            "has_headers": True,
            "headers": True,
        }
        preview = wizard.parse_preview(dict(options))
        self.assertIn(["01/09/1405 = 1985-05-20", "٢٠/٠٥/١٩٨٥"], preview["preview"])
        columns = ["name", "birth_date"]
        result = wizard.execute_import(columns, columns, {**options, "skip": 0})
        self.assertEqual(result["messages"], [])
        files = self.env["beneficiary.beneficiary"].browse(result["ids"])
        self.assertEqual(files.mapped("birth_date"), [RAMADAN, RAMADAN])

    def test_numbers_in_a_sheet(self):
        """R44: amounts and counts of a sheet in Arabic digits, with their marks."""
        members, messages = self._load(
            "beneficiary.beneficiary",
            ["name", "kind", "headcount"],
            [["Pilgrims", "group", "١٬٢٠٠"], ["Workers", "group", "۴۵\u200f"]],
        )
        self.assertEqual(messages, [])
        self.assertEqual(members.mapped("headcount"), [1200, 45])

    # -- in the form -----------------------------------------------------------------

    def test_shown_in_both_before_it_is_kept(self):
        """R38: the form answers a Hijri date with the Gregorian one at once."""
        with Form(self.file.with_user(self.officer)) as form:
            form.birth_date = date(1405, 9, 1)
            self.assertEqual(form.birth_date, RAMADAN)
            self.assertEqual(form.birth_date_hijri, "1405-09-01")
            form.birth_date_hijri = "30/11/1444"
            self.assertEqual(form.birth_date, date(2023, 6, 19))
            self.assertEqual(form.birth_date_hijri, "1444-11-30")
            form.birth_date_hijri = "1405"
            self.assertTrue(form.is_birth_year_only)
        self.assertEqual(self.file.birth_date_hijri, "1405")
        self.assertEqual(self.file.birth_date, date(1985, 3, 22))

    def test_form_keeps_a_wrong_text(self):
        """R38: a text that is no date stays in the form, and saving refuses it."""
        form = Form(self.file.with_user(self.officer))
        with mute_logger("odoo.tests.form.onchange"):  # the form's warning
            form.birth_date_hijri = "1405-13-01"
        self.assertEqual(form.birth_date_hijri, "1405-13-01")
        with self.assertRaisesRegex(ValidationError, "no day of the calendar"):
            form.save()

    def test_search(self):
        """R38, R44: a search finds what was typed in other digits, or in Hijri."""
        self.file.birth_date = RAMADAN
        request = self._make_request("submitted")
        requests = self.env["beneficiary.request"].with_user(self.officer)
        number = request.name.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        for records, domain in (
            (requests, [("name", "ilike", number)]),
            (requests, [("name", "=", number)]),
            (files, [("birth_date", "=", "1405-09-01")]),
            (files, [("birth_date", ">=", "01/09/1405"), ("birth_date", "!=", False)]),
            (files, [("registration_number", "=", False)]),
        ):
            with self.subTest(domain=domain):
                found = call_kw(records, "search_count", [domain], {})
                self.assertEqual(found, 1)

    def test_search_for_typed_values(self):
        """R38, R44: numbers and lists are read too, or refused in words."""
        self.file.birth_date = RAMADAN
        self._make_request("submitted", amount_requested=950)
        requests = self.env["beneficiary.request"].with_user(self.officer)
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        for records, domain, count in (
            (requests, [("amount_requested", "=", "٩٥٠")], 1),
            (requests, [("amount_requested", ">=", "٩٤٩٫٥")], 1),
            (requests, [("amount_requested", "in", ["١", "950.00"])], 1),
            (requests, [("amount_requested", "in", [950])], 1),
            (files, [("birth_date", "in", ["1405-09-01"])], 1),
            (files, [("birth_date", "in", ["20/05/1985", "1999-01-01"])], 1),
            (files, [("birth_date", "not in", ["01/09/1405"])], 0),
            (files, [("headcount", "=", "١٬٢٠٠")], 0),
        ):
            with self.subTest(domain=domain):
                if records == files:
                    domain = [("id", "=", self.file.id), *domain]
                found = call_kw(records, "search_count", [domain], {})
                self.assertEqual(found, count)
        for records, domain, message in (
            (requests, [("amount_requested", "=", "ألف")], "not a number"),
            (requests, [("amount_requested", "in", ["950,50"])], "not a number"),
            (files, [("birth_date", "in", ["1405-13-01"])], "no day of the calendar"),
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, message),
            ):
                call_kw(records, "search_count", [domain], {})

    def test_search_for_copied_texts(self):
        """R44: marks and spaces of a copied number hide no dependant and no paper."""
        child = self._create(
            "beneficiary.household.member",
            beneficiary_id=self.file.id,
            name="نورة المثال",
            identity_number="1000000016",
        )
        paper = self._make_document(self.file, self.identity_type, number="A-12/4")
        for record, name, texts in (
            (child, "identity_number", ("\u200f1000000016", "1000 000 016", "٠٠٠٠١٦")),
            (child, "name", ("\u200fنورة", "نورة\u200f المثال\ufeff")),
            (paper, "number", ("\u200fA-12/4\u200e", "12/4", "١٢/٤")),
        ):
            records = record.with_user(self.officer)
            for text in texts:
                with self.subTest(name=name, text=text):
                    domain = [("id", "=", record.id), (name, "ilike", text)]
                    found = call_kw(records, "search_count", [domain], {})
                    self.assertEqual(found, 1)

    def test_no_such_hour(self):
        """R38: a time of day that there is not is refused in words."""
        contact = self._make_interaction()
        for typed in ("1448/06/18 25:00", "2026-11-28 25:00", "2026-01-04 10:61:00"):
            with (
                self.subTest(typed=typed),
                self.assertRaisesRegex(ValidationError, "00:00 to 23:59"),
            ):
                call_kw(contact, "write", [contact.ids, {"date": typed}], {})
        call_kw(contact, "write", [contact.ids, {"date": "15/07/1447 07:30"}], {})
        self.assertEqual(contact.date, datetime(2026, 1, 4, 7, 30))

    # -- plausible -------------------------------------------------------------------

    def test_spans(self):
        """R12, R14: dates that cannot be true are refused, whichever model has them."""
        paper = self._make_document(self.file, self.identity_type)
        contact = self._make_interaction()
        service = self._make_service_budget()
        for record, name, wrong in (
            (self.file, "birth_date", "1850-01-01"),
            (self.file, "birth_date", "2999-01-01"),
            (paper, "issue_date", "2999-01-01"),
            (paper, "issue_date", "1820-01-01"),
            (paper, "expiry_date", "2199-01-01"),
            (paper, "handed_on", "1850-01-01 10:00:00"),
            (contact, "date", "2999-01-01 10:00:00"),
            (contact, "letter_date", "2999-01-01"),
            (service, "date_to", "2199-01-01"),
        ):
            with (
                self.subTest(model=record._name, name=name, wrong=wrong),
                self.assertRaisesRegex(ValidationError, "Check the year|in the future"),
            ):
                record.write({name: wrong})

    def _make_interaction(self):
        return self._create(
            "beneficiary.interaction",
            subject="Example",
            beneficiary_id=self.file.id,
            channel_id=self.env.ref("beneficiary_relations.channel_phone").id,
        )

    def _make_service_budget(self):
        return self.env["beneficiary.service.budget"].create(
            {
                "service_id": self.service.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 1,
            }
        )

    def test_every_date_has_a_span(self):
        """R12: no date that people type can be of any year."""
        loose = {
            f"{name}.{field.name}"
            for name, model in self.env.registry.items()
            if name.startswith("beneficiary.") and not model._abstract
            for field in model._fields.values()
            if field.type in ("date", "datetime")
            and field.store
            and not (field.readonly or field.related)
            and field.name not in self.env[name]._get_typed_dates()
        }
        self.assertEqual(loose, set())

    def test_today_in_riyadh(self):
        """R12: whether a day is past is asked in the association's time zone."""
        with (
            freeze_time("2026-03-14 20:59:00"),  # still 14 March in Riyadh
            self.assertRaisesRegex(ValidationError, "in the future"),
        ):
            self.file.birth_date = "2026-03-15"
        with freeze_time("2026-03-14 21:00:00"):
            self.file.birth_date = "2026-03-15"

    # -- printed ---------------------------------------------------------------------

    def test_beyond_the_table(self):
        """R38, R40: a day that the table lacks has no Hijri side, and no error."""
        for day in (date(1920, 1, 1), date(2080, 1, 1)):
            self.assertEqual(self.file._format_hijri(day), "")
            self.assertEqual(self.file._format_hijri_long(day), "")
            self.assertNotIn("AH", self.file._format_both(day))
        request = self._make_request("submitted")
        with freeze_time("2080-01-01"):
            request._write_flow({"submitted_on": datetime(2079, 12, 1)})
            page, _kind = self.env["ir.actions.report"]._render_qweb_html(
                "beneficiary_relations.request_report_action", request.ids
            )
        self.assertIn(request.name.encode(), page)

    def test_long_form(self):
        """R38, R40: papers name the Hijri month, in Arabic with Arabic digits."""
        day = date(2026, 11, 28)
        arabic = self.file.with_context(lang="ar_001")
        self.assertEqual(arabic._format_hijri_long(day), "١٨ جمادى الآخرة ١٤٤٨هـ")
        self.assertEqual(
            self.file._format_hijri_long(day), "18 Jumada al-Akhirah 1448 AH"
        )
