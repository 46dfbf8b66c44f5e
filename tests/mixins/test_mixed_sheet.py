from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon
from ..system.common import luhn

ROWS = 200
COLUMNS = ["name", "identity_number", "phone", "email", "birth_date"]
BORN = date(1985, 5, 20)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
# How one day is written in registers, one way a row.
DATES = (
    "1985-05-20",
    "20/05/1985",
    "01/09/1405",
    "1405-09-01",
    "1405/9/1 هـ",
    "٢٠/٠٥/١٩٨٥",
    "۱۴۰۵/۰۹/۰۱",
    "\u200f01/09/1405\u200e",
)
# How a number arrives: as it is, in other digits, with spaces, with marks of a chat.
NUMBERS = (
    str,
    lambda number: number.translate(ARABIC),
    lambda number: number.translate(PERSIAN),
    lambda number: f"{number[:4]} {number[4:]}",
    lambda number: f"\u202a{number}\u202c",
    lambda number: f"\ufeff{number}",
)
# Mistakes of every twentieth row, each with a word of what is said.
MISTAKES = (
    ({"birth_date": "31/02/1985"}, "31/02/1985"),
    ({"birth_date": "قبل رمضان"}, "قبل رمضان"),
    ({"identity_number": "١٠٠٠٠٠٠٠٠١"}, "هوية"),
    ({"phone": "٠٥٠"}, "هاتف"),
    ({"email": "لا يوجد"}, "بريد"),
    ({"name": "\u200f"}, "الاسم"),
)


@tagged("post_install", "-at_install", "without_demo")
class TestMixedSheet(BeneficiaryCommon):
    """R38, R44: one sheet, typed by many hands."""

    def _make_rows(self, mistakes=False):
        rows = []
        for number in range(ROWS):
            write = NUMBERS[number % len(NUMBERS)]
            row = {
                "name": f"مثال {number}",
                "identity_number": write(luhn(number + 2_000_000)),
                "phone": write(f"05{number + 50_000_000}"),
                "email": f"\u200fexample{number}@example.com ",
                "birth_date": DATES[number % len(DATES)],
            }
            if mistakes and number % 20 == 7:
                row |= MISTAKES[number // 20 % len(MISTAKES)][0]
            rows.append([row[name] for name in COLUMNS])
        return rows

    def _load(self, rows):
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        files = files.with_context(lang="ar_001", import_file=True)
        with mute_logger("odoo.sql_db"):
            return files.load(COLUMNS, rows)

    def test_all_right(self):
        """R38, R44: two hundred rows are read right, and once when they come again."""
        for _time in range(2):
            result = self._load(self._make_rows())
            self.assertEqual(result["messages"], [])
            files = self.env["beneficiary.beneficiary"].browse(result["ids"])
            self.assertEqual(len(files), ROWS)
            self.assertEqual(set(files.mapped("birth_date")), {BORN})
            for number, file in enumerate(files):
                self.assertEqual(file.identity_number, luhn(number + 2_000_000))
                self.assertEqual(file.phone, f"+9665{number + 50_000_000}")
                self.assertEqual(file.email, f"example{number}@example.com")
        count = self.env["beneficiary.beneficiary"].search_count(
            [("name", "like", "مثال %"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(count, ROWS)

    def test_refused_by_name(self):
        """R38, R44: each wrong row is named with what is wrong; nothing is imported."""
        result = self._load(self._make_rows(mistakes=True))
        self.assertFalse(result["ids"])
        said = {message["record"]: message["message"] for message in result["messages"]}
        self.assertEqual(sorted(said), list(range(7, ROWS, 20)))
        for number, sentence in said.items():
            word = MISTAKES[number // 20 % len(MISTAKES)][1]
            with self.subTest(number=number):
                self.assertIn(word, sentence)
