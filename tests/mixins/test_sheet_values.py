from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

FILES = "beneficiary.beneficiary"
MEMBERS = "beneficiary.household.member"
MIGRATIONS = "beneficiary.request.migration"
# Odoo guesses a format with the month first from each of these columns.
DAY_FIRST = (
    ["05-06-1985", "01-02-1990"],
    ["05.06.1985", "01.02.1990"],
    ["05 06 1985", "01 02 1990"],
    ["05/06/1985", "01/02/1990"],
    ["٠٥-٠٦-١٩٨٥", "٠١-٠٢-١٩٩٠"],
)
NUMBERS = {
    "1,500": 1500,
    "950.5": 950.5,
    "٩٥٠": 950,
    "١٬٥٠٠٫٧٥": 1500.75,
    "1 500": 1500,
    "٩٥٠٫٥٠": 950.5,
}
UNCLEAR = (
    "950,50",
    "1,5",
    "٩٥٠،٥٠",
    "١٢٬٣٤",
    "1,50,000",
    "1.500,00",
    "1.500",
    "nan",
    "1e3",
    "100%",
)


@tagged("post_install", "-at_install", "without_demo")
class TestSheetValues(BeneficiaryCommon):
    """R38, R44: what a sheet says is read in one way, or its row is refused."""

    def _import(self, model, columns, rows, **chosen):
        """Import as the screen does: with the formats that Odoo guessed.

        :param chosen: options that the user chose instead
        """
        lines = [";".join(row) for row in [columns, *rows]]
        options = {"quoting": '"', "has_headers": True, "separator": ";"}
        wizard = self.env["base_import.import"].with_user(self.manager)
        wizard = wizard.create(
            {
                "res_model": model,
                "file": "\n".join(lines).encode(),
                "file_name": "sheet.csv",
                "file_type": "text/csv",
            }
        )
        guessed = wizard.parse_preview(options)["options"]
        options = {**guessed, **chosen, "skip": 0}
        result = wizard.execute_import(columns, columns, options)
        return self.env[model].browse(result["ids"] or []), result["messages"]

    def _import_dates(self, dates, **chosen):
        rows = [[f"مثال {number}", text] for number, text in enumerate(dates)]
        return self._import(FILES, ["name", "birth_date"], rows, **chosen)

    def test_the_day_comes_first(self):
        """R38: the month never comes first, whatever Odoo guesses from a column."""
        for column in DAY_FIRST:
            with self.subTest(column=column):
                files, messages = self._import_dates(column)
                self.assertEqual(messages, [])
                self.assertEqual(
                    files.mapped("birth_date"), [date(1985, 6, 5), date(1990, 2, 1)]
                )

    def test_one_way_in_one_column(self):
        """R38: a day above twelve far below does not change how the others are read."""
        column = ["03-04-1985"] * 13 + ["25-12-1985"]
        files, messages = self._import_dates(column)
        self.assertEqual(messages, [])
        self.assertEqual(
            files.mapped("birth_date"), [date(1985, 4, 3)] * 13 + [date(1985, 12, 25)]
        )

    def test_a_month_in_letters(self):
        """R38: a month in letters is read, in the format that the user chose."""
        for date_format, column in (
            ("%d-%b-%Y", ["05-Jun-1985", "01-Feb-1990"]),
            ("%b %d %Y", ["Jun 05 1985", "Feb 01 1990"]),
            # A month in digits never comes first.
            ("%m-%d-%Y", ["05-06-1985", "01-02-1990"]),
        ):
            with self.subTest(date_format=date_format):
                files, messages = self._import_dates(column, date_format=date_format)
                self.assertEqual(messages, [])
                self.assertEqual(
                    files.mapped("birth_date"), [date(1985, 6, 5), date(1990, 2, 1)]
                )

    def test_unclear_dates(self):
        """R38: two digits of a year, and a month above twelve, are refused by name."""
        for column in (
            ["05/06/85", "01/02/90"],
            ["05-06-85", "01-02-90"],
            ["12/31/1985", "12/30/1985"],
            ["1985-31-12", "1985-30-12"],
        ):
            with self.subTest(column=column):
                files, messages = self._import_dates(column)
                self.assertFalse(files)
                self.assertEqual({m["record"] for m in messages}, {0, 1})
                self.assertIn(column[1], messages[1]["message"])

    def _as_members(self, texts):
        return [
            ["1000000008", f"تابع {number}", text] for number, text in enumerate(texts)
        ]

    def test_amounts(self):
        """R44: amounts are read right, one by one, by load and on the screen."""
        columns = ["beneficiary_id", "name", "income"]
        for texts in (list(NUMBERS), list(reversed(NUMBERS))):
            expected = [NUMBERS[text] for text in texts]
            members, messages = self._import(MEMBERS, columns, self._as_members(texts))
            self.assertEqual(messages, [])
            self.assertEqual(members.mapped("income"), expected)
        rows = self._as_members(NUMBERS)
        result = self._call_as(self.manager, MEMBERS, "load", columns, rows)
        self.assertEqual(result["messages"], [])
        members = self.env[MEMBERS].browse(result["ids"])
        self.assertEqual(members.mapped("income"), list(NUMBERS.values()))

    def test_unclear_amounts(self):
        """R44: an amount that could be another one is refused, with what to write."""
        columns = ["beneficiary_id", "name", "income"]
        rows = self._as_members(UNCLEAR)
        result = self._call_as(self.manager, MEMBERS, "load", columns, rows)
        self.assertFalse(result["ids"])
        self.assertEqual(len(result["messages"]), len(UNCLEAR))
        for text, message in zip(UNCLEAR, result["messages"], strict=True):
            self.assertIn(f"“{text}” is not a number", message["message"])
        for text in UNCLEAR:
            with self.subTest(text=text):
                members, messages = self._import(
                    MEMBERS, columns, self._as_members([text, text])
                )
                self.assertFalse(members)
                self.assertEqual({m["record"] for m in messages}, {0, 1})

    def test_other_numbers(self):
        """R44: so are counts of people, and amounts of the past."""
        for model, columns, row in (
            (FILES, ["name", "kind", "headcount"], ["مثال", "group", "1,5"]),
            (
                MIGRATIONS,
                [
                    "reference",
                    "beneficiary_id",
                    "service_id",
                    "channel_id",
                    "amount_granted",
                ],
                [
                    "1445/1",
                    "1000000008",
                    self.service.name,
                    self._channel("phone").name,
                    "1500,50",
                ],
            ),
        ):
            with self.subTest(model=model):
                with mute_logger("odoo.sql_db"):  # what else the row lacks
                    result = self._call_as(self.manager, model, "load", columns, [row])
                self.assertFalse(result["ids"])
                said = " ".join(message["message"] for message in result["messages"])
                self.assertIn(f"“{row[-1]}” is not a number", said)
