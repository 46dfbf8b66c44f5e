from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import person
from ..mixins.identity_mixin import UNIQUE_NUMBER
from ..mixins.typed_search_mixin import trigram_index

# The two fields by which a dependant names a file, each with the other one.
OTHER_FILE = {
    "beneficiary_id": "member_file_id",
    "member_file_id": "beneficiary_id",
}


class HouseholdMember(models.Model):
    """A dependant of the person or family that a file is about.

    A dependant who no longer depends on the file's person is archived, and totals
    count the others. A dependant who asks for support in their own name has a file of
    their own, linked here.

    :Who may: officers, and delegates for the files of their branches; researchers,
        auditors and the committee read. Health and income only with their groups.
    :Parts: a file each, beside this one
        ``household_import``: dependants from a sheet
        ``household_persons``: each is listed once
    """

    _name = "beneficiary.household.member"
    _word_fields = frozenset(["name"])
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.identity.mixin",
        "beneficiary.birth.mixin",
        "beneficiary.kin.mixin",
        "beneficiary.declared.mixin",
        "beneficiary.person.import",
        "beneficiary.trace.line.mixin",
        "beneficiary.file.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Dependant"
    _order = "beneficiary_id, birth_date, id"
    _check_company_auto = True
    _once_a_file = "identity_number"
    _traced_on = ("beneficiary_id", "household_member_ids")
    _traced_fields = (
        "name",
        "relation",
        "identity_number",
        "birth_date",
        "death_date",
        "income",
        "health_state",
        "active",
    )
    _declared_fields = frozenset(
        [
            "beneficiary_id",
            "name",
            "relation",
            "identity_type",
            "identity_number",
            "identity_reason",
            "nationality_id",
            "birth_date",
            "income",
            "active",
        ]
    )

    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(required=True)
    relation = fields.Selection(
        [
            ("spouse", "Spouse"),
            ("child", "Son or Daughter"),
            ("parent", "Parent"),
            ("sibling", "Brother or Sister"),
            ("grandchild", "Grandchild"),
            ("fostered", "Fostered Child"),
            ("other", "Other"),
        ],
        required=True,
        default="child",
    )
    gender = fields.Selection([("female", "Female"), ("male", "Male")])
    schooling = fields.Selection(
        [
            ("none", "Not at School"),
            ("nursery", "Nursery"),
            ("primary", "Primary"),
            ("intermediate", "Intermediate"),
            ("secondary", "Secondary"),
            ("university", "University"),
            ("finished", "Finished"),
        ]
    )
    health_state = fields.Char(
        groups="beneficiary_relations.group_health",
        help="Illness or disability that needs care; empty when healthy.",
    )
    income = fields.Monetary(
        string="Monthly Income", groups="beneficiary_relations.group_finance"
    )
    member_file_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="Own File",
        check_company=True,
        index="btree_not_null",
        copy=False,
        help="The dependant's own file, when they ask for support themselves.",
    )
    death_date = fields.Date(
        string="Died On",
        copy=False,
        span="past",
        help="Who has died is no longer a dependant, and is archived.",
    )
    active = fields.Boolean(default=True)

    _identity_unique = models.UniqueIndex(
        f"(beneficiary_id, {UNIQUE_NUMBER}) WHERE identity_number IS NOT NULL",
        "This household already has a dependant with this identity number.",
    )
    _identity_index = models.Index(
        "(company_id, identity_number) WHERE identity_number IS NOT NULL"
    )
    _name_trigram = trigram_index("name")
    _identity_trigram = trigram_index("identity_number", "identity_number IS NOT NULL")
    _income_positive = models.Constraint(
        "CHECK (income IS NULL OR income >= 0)", "An income cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create([self._without_the_dead(vals) for vals in vals_list])
        members._record_deaths()
        return members

    def write(self, vals):
        if "death_date" in vals and not vals["death_date"]:
            self.filtered("death_date")._refuse_the_dead()
        result = super().write(self._without_the_dead(vals))
        if vals.get("death_date"):
            self._record_deaths()
        return result

    @api.model
    def _without_the_dead(self, vals):
        """Return ``vals``, archived if they say that the person has died."""
        return {**vals, "active": False} if vals.get("death_date") else vals

    def _record_deaths(self):
        """Record in their own files that these dependants have died."""
        files = self.filtered("death_date")._find_own_files()
        for member, file in files.items():
            if file and not file._is_deceased():
                file.action_record_death(
                    fields.Date.to_string(member.death_date),
                    self.env._(
                        "Recorded for a dependant of the file %(file)s.",
                        file=member.beneficiary_id.file_number,
                    ),
                )

    def _find_own_files(self):
        """Return the own file of each dependant: named on the line, or by its number.

        :return: ``{dependant: file}``; the file is empty where there is none
        """
        unnamed = self.filtered(lambda member: not member.member_file_id)
        found = unnamed._find_files_by_number()
        return {
            member: found.get(member, member.member_file_id) - member.beneficiary_id
            for member in self
        }

    def _refuse_the_dead(self):
        """Raise if the own file of a dependant says that they have died."""
        # As superuser: the file may be of another branch; nothing of it is told.
        for member, file in self.sudo()._find_own_files().items():
            if file._is_deceased():
                raise ValidationError(
                    self.env._(
                        "%(person)s has died, as their own file says. Write the day of "
                        "death here too. If it is a mistake, a manager takes the death "
                        "back in that file, and this line follows.",
                        person=member.name,
                    )
                )

    @api.constrains(
        "active",
        "death_date",
        "identity_number",
        "identity_type",
        "member_file_id",
        "nationality_id",
    )
    def _check_alive(self):
        """Raise for a dependant who lives here, and has died in their own file."""
        living = self.filtered(lambda member: member.active and not member.death_date)
        living._refuse_the_dead()

    @api.constrains("active", "death_date", "birth_date")
    def _check_death_date(self):
        for member in self.filtered("death_date"):
            if problems := member.beneficiary_id._get_death_day_problems(
                member.death_date, member.birth_date
            ):
                raise ValidationError("\n".join(problems))
            if member.active:
                raise ValidationError(
                    self.env._(
                        "%(person)s has died, and stays archived. If that is a "
                        "mistake, empty the day of death first.",
                        person=member.name,
                    )
                )

    @api.constrains("beneficiary_id", "member_file_id")
    def _check_files(self):
        """Raise if the acting user may not read the dependant's own file (R6).

        The dependant's own file must also be another one than the household's.
        """
        # Constraints run as superuser, but the acting user must be able to read it.
        self.member_file_id.sudo(False).check_access("read")
        if any(member.member_file_id == member.beneficiary_id for member in self):
            raise ValidationError(
                self.env._("A dependant's own file is another file than this one.")
            )

    def _move_to_file(self, name, file):
        """Unlink the own file of a dependant who turns out to be the file's person."""
        same = self.filtered(lambda member: file in member[OTHER_FILE[name]])
        same.member_file_id = False
        moved = self - same if name == "member_file_id" else self
        if name == "beneficiary_id":
            moved -= moved._get_doubles(file)
        return super(HouseholdMember, moved)._move_to_file(name, file)

    def _get_doubles(self, file):
        """Return the dependants that ``file`` lists already: at most one is numbered.

        A line of that file without a number gets the number of its double.
        """
        known = self.with_context(active_test=False).search(
            [("beneficiary_id", "=", file.id)]
        )
        doubles = self.browse()
        for member in self:
            one = member._as_import_person()
            same = known.filtered(
                lambda other, member=member, one=one: (
                    not (other.identity_number and member.identity_number)
                    and not person.is_contrary(one, other._as_import_person())
                )
            )
            if len(same) != 1:
                continue
            doubles |= member
            if member.identity_number:
                same.write(
                    {
                        "identity_type": member.identity_type,
                        "identity_number": member.identity_number,
                        "nationality_id": member.nationality_id.id,
                    }
                )
        return doubles
