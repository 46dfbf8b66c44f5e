from odoo import api, models

from ...rules import arabic, person


class HouseholdImport(models.Model):
    """Import of dependants. The key is the file, and the dependant in it.

    Dependants are known by their identity number. Small children have none yet: they
    are known by name and birth date, or by name alone where the sheet or the dependant
    has no birth date. So a sheet that is imported twice makes no second dependant, nor
    does one that has the number, or the day of birth, which was not known before.
    """

    _inherit = "beneficiary.household.member"
    _import_key = ("beneficiary_id", "name")
    _import_key_also = (
        "identity_number",
        "birth_date",
        "birth_date_hijri",
        "identity_type",
        "nationality_id",
    )
    _import_columns = (
        ("beneficiary_id", "1000000008"),
        ("name", "مثال"),
        ("relation", ""),
        ("gender", ""),
        ("identity_type", ""),
        ("identity_number", "1000000016"),
        ("nationality_id", ""),
        ("identity_reason", ""),
        ("birth_date", "2015-01-31"),
        ("schooling", ""),
    )

    @api.model
    def _clean_import_key(self, file, name, number, birth, hijri, kind, state):
        file = "".join(arabic.number_line(str(file or "")).split())
        row = self._read_import_person(name, number, birth or hijri, kind, state)
        return (file, row) if file and (row.number or row.name) else None

    @api.model
    def _get_known_by(self, key):
        file, row = key
        return file, row.known_by

    @api.model
    def _find_import_keys(self, keys):
        files = self.env["beneficiary.beneficiary"]._find_import_files(
            {file for file, _row in keys}
        )
        members = self.with_context(active_test=False).search_fetch(
            [("beneficiary_id", "in", list(set(files.values())))],
            [
                "beneficiary_id",
                "name",
                "identity_number",
                "nationality_id",
                "birth_date",
                "birth_date_hijri",
                "is_birth_year_only",
            ],
        )
        by_file = members.grouped(lambda member: member.beneficiary_id.id)
        found, taken = {}, set()
        # Who is known by name alone is one person: rows without a number come first.
        for key in sorted(keys, key=lambda key: (key[1].number, key[1].name)):
            own = by_file.get(files.get(key[0]), self.browse())
            if member := own._find_import_member(key[1], taken):
                found[key] = member.id
                taken.add(member.id)
        return found

    def _find_import_member(self, row, taken):
        """Return the dependant that a row means, or nobody.

        :param row: a :class:`rules.person.Person`
        :param taken: ids of the dependants that other rows mean
        """
        if row.number and (found := self._find_by_number(self, row)):
            return found
        same = self.filtered(
            lambda member: (
                member.id not in taken
                and not (row.number and member.identity_number)
                and not person.is_contrary(row, member._as_import_person())
            )
        )
        return same if len(same) == 1 else self.browse()
