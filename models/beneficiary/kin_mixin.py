from odoo import models
from odoo.exceptions import ValidationError

from ...rules import arabic, identity, kin


class KinMixin(models.AbstractModel):
    """Somebody with a name and perhaps an identity number, as :mod:`rules.kin` sees it.

    A file, its dependants and its representatives are different people: nobody depends
    on themselves, represents themselves or is listed twice.
    """

    _name = "beneficiary.kin.mixin"
    _description = "Person of a Household"

    def _get_kin(self):
        """Return this person as :class:`rules.kin.Person`."""
        self.ensure_one()
        state = self.identity_type in identity.FOREIGN_TYPES and self.nationality_id.id
        number = self.identity_number and (self.identity_number, state)
        born = "birth_date" in self._fields and self.birth_date
        return kin.Person(
            arabic.search_key(self.name or ""), number or None, born or None
        )

    def _check_not_the_person(self):
        """Raise if one of these is the person of the file they are entered on."""
        for line in self:
            file = line.beneficiary_id
            if not file._is_person():
                continue
            person, own = file._get_kin(), line._get_kin()
            if kin.same_number(person, own):
                raise ValidationError(line._get_same_person_message())
            if kin.indistinct(person, own):
                raise ValidationError(
                    self.env._(
                        "%(person)s has the same name as the person of the file. If "
                        "this is somebody else, write the identity number of both.",
                        person=line.name,
                    )
                )

    def _get_same_person_message(self):
        """Return the sentence that refuses the identity number of the file's person."""
        raise NotImplementedError
