from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import identity, person


class BeneficiaryImport(models.Model):
    """Import of files, with the identity number (in any script) as the key (R44).

    A person without a number is known by name, with birth date or telephone. A sheet
    that has the number later finds that person's file, where one of these agrees.
    """

    _inherit = "beneficiary.beneficiary"
    _import_key = ("identity_number",)
    _import_key_also = (
        "name",
        "birth_date",
        "birth_date_hijri",
        "identity_type",
        "nationality_id",
        "phone",
    )
    _import_columns = (
        ("kind", ""),
        ("name", "مثال"),
        ("identity_type", ""),
        ("identity_number", "1000000008"),
        ("nationality_id", ""),
        ("identity_reason", ""),
        ("birth_date", "1990-01-31"),
        ("gender", ""),
        ("marital_state", ""),
        ("phone", "0500000001"),
        ("phone2", ""),
        ("email", "example@example.com"),
        ("street", ""),
        ("city", ""),
        ("short_address", "ABCD1234"),
        ("sponsor_name", ""),
        ("sponsor_number", ""),
        ("branch_id", ""),
    )

    @api.model
    def _clean_import_key(self, number, name, birth, hijri, kind, state, phone):
        # An invalid one is no file's number, and its row is refused later.
        row = self._read_import_person(name, number, birth or hijri, kind, state, phone)
        return row if row.number or row.name else None

    @api.model
    def _get_known_by(self, key):
        return key.known_by

    @api.model
    def _find_import_files(self, cells):
        """Return the ids of the files that cells of other sheets name.

        A number that a file had before, or that a file had which was merged into it,
        leads to the file that stays.

        :param cells: identity numbers or file numbers, without spaces or marks
        :return: ``{cell: id}`` of the files that the acting user may know
        """
        numbers = {identity.any_number(cell): cell for cell in cells}
        files = self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", self.env.company.id)
            & (
                Domain("identity_number", "in", list(numbers))
                | Domain("file_number", "in", list(cells))
            )
            & Domain("merged_into_id", "=", False),
            ["identity_number", "file_number"],
        )
        found = {
            cell: file.id
            for file in files
            for cell in (file.file_number, numbers.get(file.identity_number))
            if cell in cells
        }
        former = self._find_former_numbers(
            [number for number, cell in numbers.items() if cell not in found]
        )
        return {numbers[number]: file.id for number, file in former.items()} | found

    @api.model
    def _find_former_numbers(self, numbers):
        """Return the file of each number that people or merged files had before.

        :param numbers: identity numbers or file numbers in their stored form
        :return: ``{number: file}`` of the files that the acting user may know; a number
            that two files had is left out
        """
        if not numbers:
            return {}
        self.flush_model(["former_numbers", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id
                     FROM beneficiary_beneficiary
                    WHERE company_id = %s
                      AND former_numbers IS NOT NULL
                      AND string_to_array(former_numbers, ' ') && %s""",
                self.env.company.id,
                list(numbers),
            )
        )
        files = self.search_fetch([("id", "in", [row[0] for row in rows])])
        found = {}
        for file in files:
            for number in set(numbers).intersection(file.former_numbers.split()):
                found.setdefault(number, []).append(file)
        return {number: only for number, (only, *more) in found.items() if not more}

    @api.model
    def _get_archived_problems(self, keys, tried, known):
        """Also name the file that stays, for the row of a file that was merged."""
        problems = super()._get_archived_problems(keys, tried, known)
        for number in problems:
            file = self.browse(known[keys[number]])
            if file.sudo().merged_into_id:
                problems[number] = self._get_known_identity_message(file.sudo())
        return problems

    @api.model
    def _find_import_keys(self, keys):
        numbers = [row.number for row in keys if row.number]
        files = self.with_context(active_test=False).search_fetch(
            [
                ("identity_number", "in", numbers),
                ("company_id", "=", self.env.company.id),
            ],
            ["identity_number", "nationality_id"],
        )
        by_number = files.grouped("identity_number")
        found = {
            row: file.id
            for row in keys
            if row.number in by_number
            and (file := self._find_by_number(by_number[row.number], row))
        }
        known = {row.number for row in keys} & by_number.keys()
        others = [row for row in keys if row.number not in known]
        return found | self._find_unnumbered(others)

    @api.model
    def _find_unnumbered(self, rows):
        """Return ``{row: id}`` of the files without a number that rows mean."""
        names = list({row.name for row in rows})
        files = self.search_fetch(
            Domain("name_key", "in", names)
            & Domain("identity_number", "=", False)
            & Domain("company_id", "=", self.env.company.id),
            ["name", "birth_date", "birth_date_hijri", "is_birth_year_only", "phone"],
        )
        by_name = {}
        for file in files:
            named = file._as_import_person()
            by_name.setdefault(named.name, []).append((named, file.id))
        found, taken = {}, set()
        for row in sorted(rows, key=lambda row: row.number):
            same = [
                file_id
                for named, file_id in by_name.get(row.name, ())
                if file_id not in taken and self._is_same_unnumbered(row, named)
            ]
            if len(same) == 1:
                found[row] = same[0]
                taken.update(same)
        return found

    @api.model
    def _is_same_unnumbered(self, row, named):
        """Whether a row means the file ``named``; the name alone proves no number."""
        if person.is_contrary(row, named):
            return False
        is_again = not row.number and person.is_unknown(row, named)
        return person.is_proved(row, named) or is_again

    def _load_records_write(self, values):
        """Refuse to turn a person into a namesake in number of another state."""
        state = values.get("nationality_id")
        if (
            state
            and self.identity_type in identity.FOREIGN_TYPES
            and state != self.nationality_id.id
        ):
            raise ValidationError(
                self.env._(
                    "%(file)s has the number %(number)s from another state. Correct "
                    "the nationality in the sheet, or enter this person by hand.",
                    file=self.display_name,
                    number=self.identity_number,
                )
            )
        return super()._load_records_write(values)
