from odoo import api, models
from odoo.exceptions import ValidationError

from ...rules import kin


class HouseholdPersons(models.Model):
    """Dependants are other people than the head, and each is listed once (R32)."""

    _inherit = "beneficiary.household.member"

    @api.constrains(
        "beneficiary_id",
        "name",
        "identity_number",
        "identity_type",
        "nationality_id",
        "birth_date",
        "active",
    )
    def _check_persons(self):
        living = self.filtered("active")
        living._check_not_the_person()
        for member in living:
            own = member._get_kin()
            for other in member.beneficiary_id.household_member_ids - member:
                if kin.indistinct(own, other._get_kin()):
                    raise ValidationError(
                        self.env._(
                            "%(person)s is already a dependant of this file. If this "
                            "is somebody else, write the identity number or the birth "
                            "date of both.",
                            person=other.name,
                        )
                    )

    @api.constrains("beneficiary_id", "relation", "active")
    def _check_spouses(self):
        for file in self.filtered("active").beneficiary_id:
            spouses = file.household_member_ids.filtered(
                lambda member: member.relation == "spouse"
            )
            if len(spouses) > kin.MOST_SPOUSES.get(file.gender, len(spouses)):
                raise ValidationError(
                    self.env._(
                        "These cannot all be spouses of %(person)s now: %(spouses)s. "
                        "Archive those who no longer are.",
                        person=file.name,
                        spouses=self._list_words(spouses.mapped("name")),
                    )
                )

    def _get_same_person_message(self):
        return self.env._(
            "%(number)s is the identity number of the person of the file, who is no "
            "dependant of their own. Compare it with the card of %(person)s.",
            number=self.identity_number,
            person=self.name,
        )

    def _move_to_file(self, name, file):
        """Leave dependants who are on the surviving file already on the merged one."""
        if name != "beneficiary_id":
            return super()._move_to_file(name, file)
        known = [person._get_kin() for person in file.household_member_ids]
        kept = self.filtered(
            lambda member: (
                kin.same_number(file._get_kin(), member._get_kin())
                or any(
                    kin.indistinct(member._get_kin(), person)
                    for person in [file._get_kin(), *known]
                )
            )
        )
        return super(HouseholdPersons, self - kept)._move_to_file(name, file)
