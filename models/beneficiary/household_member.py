from odoo import api, fields, models
from odoo.exceptions import ValidationError

# The other of the two files that a dependant names.
OTHER_FILE = {
    "beneficiary_id": "member_file_id",
    "member_file_id": "beneficiary_id",
}


class HouseholdMember(models.Model):
    """A dependant of the person or family that a file is about.

    Archived when they depend on the file no longer: totals count those who do. A
    dependant who asks for support in their own name has a file, linked here.

    :Who may: officers, and delegates for the files of their branches; researchers,
        auditors and the committee read. Health and income only with their groups.
    :Parts: a file each, beside this one
        ``household_import``: dependants from a sheet
    """

    _name = "beneficiary.household.member"
    _inherit = [
        "beneficiary.identity.mixin",
        "beneficiary.birth.mixin",
        "beneficiary.declared.mixin",
        "beneficiary.person.import",
        "beneficiary.file.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Dependant"
    _order = "beneficiary_id, birth_date, id"
    _check_company_auto = True
    _once_a_file = "identity_number"
    _declared_fields = frozenset(
        [
            "beneficiary_id",
            "name",
            "relation",
            "identity_type",
            "identity_number",
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
    active = fields.Boolean(default=True)

    _identity_unique = models.UniqueIndex(
        "(beneficiary_id, identity_number) WHERE identity_number IS NOT NULL",
        "This household already has a dependant with this identity number.",
    )
    _identity_index = models.Index(
        "(company_id, identity_number) WHERE identity_number IS NOT NULL"
    )
    _income_positive = models.Constraint(
        "CHECK (income IS NULL OR income >= 0)", "An income cannot be negative."
    )

    @api.constrains("beneficiary_id", "member_file_id")
    def _check_files(self):
        """Nothing is attached to a file that one may not read (delegates, R6)."""
        # Constraints run as superuser: it is the acting user who must reach the file.
        self.member_file_id.sudo(False).check_access("read")
        if any(member.member_file_id == member.beneficiary_id for member in self):
            raise ValidationError(
                self.env._("A dependant's own file is another file than this one.")
            )

    def _move_to_file(self, name, file):
        """Whoever turns out to be the person of the file has no file beside it."""
        same = self.filtered(lambda member: file in member[OTHER_FILE[name]])
        same.member_file_id = False
        moved = self - same if name == "member_file_id" else self
        return super(HouseholdMember, moved)._move_to_file(name, file)
