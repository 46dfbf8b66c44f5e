from odoo.tests import tagged

from ...rules import arabic
from ..common import BeneficiaryCommon
from ..system.common import luhn

OPTIONS = {"quoting": '"', "has_headers": True}
FILES = "beneficiary.beneficiary"
MEMBERS = "beneficiary.household.member"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@tagged("post_install", "-at_install")
class TestSheet(BeneficiaryCommon):
    """Sheets as Arabic Excel and registers have them (R44)."""

    def _preview(self, content, model=FILES):
        wizard = self.env["base_import.import"].with_user(self.officer)
        return (
            wizard.with_context(lang="ar_001")
            .create(
                {
                    "res_model": model,
                    "file": content,
                    "file_name": "sheet.csv",
                    "file_type": "text/csv",
                }
            )
            .parse_preview(dict(OPTIONS))
        )

    def _load(self, model, columns, rows):
        records = self.env[model].with_user(self.officer)
        return records.with_context(lang="en_US").load(columns, rows)

    def test_encodings(self):
        """R44: Windows-1256, UTF-8 and UTF-16 are recognised, with any separator."""
        lines = [["الاسم", "السجل المدني", "رقم الجوال"]]
        lines += [["نورة المثال", "1000000016", "0500000002"]] * 3
        for encoding in ("cp1256", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
            for separator in ",;\t":
                text = "\r\n".join(separator.join(line) for line in lines)
                with self.subTest(encoding=encoding, separator=separator):
                    preview = self._preview(text.encode(encoding))
                    self.assertNotIn("error", preview)
                    self.assertEqual(preview["headers"], lines[0])
                    self.assertEqual(
                        preview["matches"],
                        {0: ["name"], 1: ["identity_number"], 2: ["phone"]},
                    )

    def test_titles(self):
        """R44: the usual titles are mapped, in any spelling, on three models."""
        for model, titles in (
            (
                FILES,
                {
                    "اسم المستفيد": "name",
                    "رقم الهويه": "identity_number",
                    "الجوال": "phone",
                    "جوال آخر": "phone2",
                    "تاريخ الميلاد": "birth_date",
                    "البريد الالكتروني": "email",
                    "المدينه": "city",
                    "العنوان الوطني المختصر": "short_address",
                    "الأيبان": "iban",
                },
            ),
            (
                MEMBERS,
                {
                    "هوية رب الاسرة": "beneficiary_id",
                    "اسم التابع": "name",
                    "السجل المدنى": "identity_number",
                    "صلة القرابه": "relation",
                    "الجنس": "gender",
                },
            ),
            (
                "beneficiary.document",
                {
                    "هوية المستفيد": "beneficiary_id",
                    "نوع الوثيقة": "type_id",
                    "رقم الوثيقة": "number",
                    "تاريخ الانتهاء": "expiry_date",
                },
            ),
        ):
            with self.subTest(model=model):
                sheet = f"{','.join(titles)}\n{','.join('س' for _title in titles)}\n"
                preview = self._preview(sheet.encode("cp1256"), model)
                found = {
                    title: preview["matches"].get(index, [None])[0]
                    for index, title in enumerate(titles)
                }
                self.assertEqual(found, titles)

    def test_hijri_title(self):
        """R44: a column of Hijri birth dates is mapped to the date of birth."""
        for title in ("تاريخ الميلاد هجري", "تاريخ الميلاد بالهجري", "الميلاد هجري"):
            preview = self._preview(f"الاسم,{title}\nمثال,1405/09/01\n".encode())
            self.assertIn("birth_date", preview["matches"][1][0])

    def test_dependants_without_number(self):
        """R44: a sheet imported twice makes no second dependant."""
        columns = ["beneficiary_id", "name", "birth_date"]
        rows = [
            ["١٠٠٠٠٠٠٠٠٨", "نورة المثال", "2015-01-31"],
            ["1000000008", "أحمد المثال", "2017-02-01"],
            [" 1000000008\u200f", "سارة المثال", ""],
        ]
        first = self._load(MEMBERS, columns, rows)
        self.assertFalse(first["messages"])
        rows[1][1] = "\u200fاحمد  المثال"
        rows[2][2] = "2020-01-01"  # what was missing is filled in
        rows[0][0] = self.file.file_number
        again = self._load(MEMBERS, columns, rows)
        self.assertEqual(first["ids"], again["ids"])
        self.assertEqual(len(self.file.household_member_ids), 3)
        alone = self._load(MEMBERS, columns[:2], [row[:2] for row in rows])
        self.assertEqual(first["ids"], alone["ids"])
        other = self._load(MEMBERS, columns, [[rows[0][0], rows[0][1], "2019-05-05"]])
        self.assertNotIn(other["ids"][0], first["ids"])

    def test_dependants_by_number(self):
        """R44: a number in another form is the same dependant."""
        columns = ["beneficiary_id", "name", "identity_number"]
        ids = set()
        for number in (
            "1000000016",
            "١٠٠٠٠٠٠٠١٦",
            " 1000 000016\u200f",
            "\ufeff1000000016",
        ):
            result = self._load(MEMBERS, columns, [["1000000008", "نورة", number]])
            self.assertFalse(result["messages"])
            ids |= set(result["ids"])
        self.assertEqual(len(ids), 1)

    def test_two_hundred_mixed_rows(self):
        """R44: of 200 rows each is right or refused by name, and a retry is safe."""
        columns = ["name", "identity_number", "phone", "email"]
        faults = {
            3: (0, "\u200f\u200e", "Name"),
            33: (2, "1-800-FLOWERS", "telephone"),
            63: (2, "0500000001 / 0500000002", "Other Telephone"),
            93: (3, "لا يوجد", "e-mail"),
            123: (1, "1000000001", "identity"),
        }
        scripts = ({}, ARABIC_DIGITS, PERSIAN_DIGITS)
        rows = []
        for number in range(200):
            script = scripts[number % 3]
            rows.append(
                [
                    f"\ufeffمثال\u200f {number}\ufe0f",
                    f"\u202a{luhn(number + 3_000_000)}\u202c".translate(script),
                    f"05{number + 10_000_000}\u200f".translate(script),
                    f"\u200ea{number}@example.com\ufe0f",
                ]
            )
        wrong = [list(row) for row in rows]
        for number, (column, value, _word) in faults.items():
            wrong[number][column] = value
        result = self._load(FILES, columns, wrong)
        self.assertFalse(result["ids"])
        messages = {line["record"]: line["message"] for line in result["messages"]}
        self.assertEqual(messages.keys(), faults.keys())
        for number, (_column, _value, word) in faults.items():
            self.assertIn(word, messages[number])
        first = self._load(FILES, columns, rows)
        self.assertFalse(first["messages"])
        self.assertEqual(self._load(FILES, columns, rows)["ids"], first["ids"])
        for number, file in enumerate(self.env[FILES].browse(first["ids"])):
            self.assertEqual(file.name, f"مثال {number}")
            self.assertEqual(file.identity_number, luhn(number + 3_000_000))
            self.assertEqual(file.phone, f"+9665{number + 10_000_000}")
            self.assertEqual(file.email, f"a{number}@example.com")
            self.assertEqual(file.name, arabic.one_line(file.name))
