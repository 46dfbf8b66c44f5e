from collections import defaultdict
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import ValidationError

from ...rules import arabic, identity


class HouseholdImport(models.Model):
    """Import of dependants. The key is the file, and the dependant in it.

    Dependants are known by their identity number. Small children have none yet: they
    are known by name and birth date, or by name alone where the sheet or the dependant
    has no birth date. So a sheet that is imported twice makes no second dependant.
    """

    _inherit = "beneficiary.household.member"
    _import_key = ("beneficiary_id", "name")
    _import_key_also = ("identity_number", "birth_date", "birth_date_hijri")
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
    def _clean_import_key(self, file, name, number, birth, hijri):
        file = "".join(arabic.number_line(str(file or "")).split())
        if not file:
            return None
        if number := identity.any_number(str(number or "")):
            return (file, "number", number)
        name_key = arabic.search_key(str(name or ""))
        birth = self._read_import_birth(birth or hijri)
        return (file, name_key, birth) if name_key else None

    @api.model
    def _read_import_birth(self, cell):
        """Return the birth date of a cell as a text, or "" if there is none.

        Of a date that cannot be read the row is refused later.
        """
        with suppress(ValidationError):
            return cell and str(self._read_date("birth_date", cell)) or ""
        return ""

    @api.model
    def _find_import_keys(self, keys):
        files = self.env["beneficiary.beneficiary"]._find_import_files(
            {file for file, _part, _value in keys}
        )
        members = defaultdict(list)
        for member in self.with_context(active_test=False).search_fetch(
            [("beneficiary_id", "in", list(set(files.values())))],
            ["beneficiary_id", "name", "identity_number", "birth_date"],
        ):
            members[member.beneficiary_id.id].append(member)
        return {
            key: found
            for key in keys
            if (found := self._find_import_member(members[files.get(key[0])], key))
        }

    @api.model
    def _find_import_member(self, members, key):
        """Return the id of the dependant among ``members`` whom ``key`` means."""
        _file, part, value = key
        if part == "number":
            same = [member for member in members if member.identity_number == value]
        else:
            same = [
                member
                for member in members
                if arabic.search_key(member.name) == part
                and not (value and member._has_other_birth_date(value))
            ]
        return same[0].id if len(same) == 1 else None

    def _has_other_birth_date(self, birth):
        return bool(self.birth_date) and str(self.birth_date) != birth
