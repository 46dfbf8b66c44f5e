from odoo import fields, models
from odoo.exceptions import UserError

from ...rules import flow

# Fields of the file itself whose values the applicant declares to be correct.
IDENTITY_FIELDS = ("name", "kind", "identity_type", "identity_number", "birth_date")
# What else belongs to an identity of these types.
TYPE_FIELDS = {
    "gcc": ("nationality_id",),
    "passport": ("nationality_id",),
    "none": ("identity_reason",),
}
ADDRESS_FIELDS = ("street", "city", "short_address")
HOUSEHOLD_FIELDS = (
    "name",
    "relation",
    "identity_type",
    "identity_number",
    "birth_date",
    "income",
)


def _get_plain(value):
    """Return a value of a field as the digest takes it: a country by its code."""
    return (value.code if isinstance(value, models.BaseModel) else value) or None


class BeneficiaryVerification(models.Model):
    """The verified items of a file: valid while the matched data are unchanged.

    Each verification keeps a digest of the data that were matched. It is valid for as
    long as the present data give the same digest; nothing has to mark an item as
    changed.
    """

    _inherit = "beneficiary.beneficiary"
    _declared_fields = frozenset(
        [
            *IDENTITY_FIELDS,
            "nationality_id",
            "identity_reason",
            *ADDRESS_FIELDS,
            "headcount",
            "housing_rent",
        ]
    )

    verification_ids = fields.One2many(
        "beneficiary.verification", "beneficiary_id", string="Verified Data"
    )

    def _get_declared_files(self):
        return self

    def _get_item_data(self, item):
        """Return the data of ``item`` in a form for the digest; empty if none.

        :param item: code of :meth:`beneficiary.verification._selection_item`
        """
        self.ensure_one()
        file = self.sudo()  # the acting user may not read all items
        return getattr(file, f"_get_{item}_data")()

    def _get_identity_data(self):
        if not (self.identity_number or self.identity_type == "none"):
            return {}
        names = (*IDENTITY_FIELDS, *TYPE_FIELDS.get(self.identity_type, ()))
        return {name: _get_plain(self[name]) for name in names}

    def _get_address_data(self):
        if not (self.street or self.short_address):
            return {}
        return {name: self[name] or None for name in ADDRESS_FIELDS}

    def _get_household_data(self):
        return [
            {
                name: _get_plain(member[name])
                for name in (
                    *HOUSEHOLD_FIELDS,
                    *TYPE_FIELDS.get(member.identity_type, ()),
                )
            }
            for member in self.household_member_ids.sorted("id")
        ]

    def _get_income_data(self):
        lines = [[line.type, line.amount] for line in self.income_line_ids.sorted("id")]
        rent = [["rent", self.housing_rent]] if self.housing_rent else []
        return lines + rent

    def _describe_item(self, item):
        """Return the data of ``item`` for an officer to compare, one line each."""
        self.ensure_one()
        if item == "household":
            return self.household_member_ids._describe(
                "name", "relation", "identity_number", "birth_date"
            )
        if item == "income":
            return self.income_line_ids._describe("type", "amount", "source")
        return self._describe(*self._get_item_data(item))

    def _get_items(self):
        """Return ``{item: data}`` for the items that have data in this file."""
        self.ensure_one()
        items = self.env["beneficiary.verification"]._get_item_labels()
        data = {item: self._get_item_data(item) for item in items}
        return {item: values for item, values in data.items() if values}

    def _get_verified(self):
        """Return ``{item: verification}`` with the last valid one of each item."""
        self.ensure_one()
        return {
            verification.item: verification
            # As superuser: the user who signs may not read the verifications.
            for verification in self.sudo().verification_ids.sorted("id")
            if verification._stands()
        }

    def action_match(self, source):
        """Record that the acting officer compared all items of these files (R13).

        :param source: what the data were compared with, in words
        """
        for file in self:
            file._verify_items(
                [{"item": item, "source": source} for item in file._get_items()]
            )
        return True

    def _verify_items(self, matches):
        """Record that the acting officer matched items with their sources (R13).

        :param matches: list of dicts with ``item`` and ``source``, and optionally
            ``result`` and ``note``
        """
        self.ensure_one()
        self.check_access("write")
        if not flow.OFFICERS & self.env.user._get_beneficiary_roles():
            raise UserError(self.env._("Officers match data with their sources."))
        if self.env.user in self._get_interested_users():
            raise UserError(self.env._("You cannot verify the data of your own file."))
        return self.env["beneficiary.verification"]._record(self, matches)

    def _void_changed_declarations(self):
        """Void the declarations of open requests whose declared data changed (R16)."""
        if not self:
            return
        # As superuser: the user who changes the file may not reach all its requests.
        self.env["beneficiary.request"].sudo().search(
            [
                ("beneficiary_id", "in", self.ids),
                ("state", "in", list(flow.DECLARED)),
                ("declaration_id.voided_on", "=", False),
            ]
        )._void_changed_declarations()
