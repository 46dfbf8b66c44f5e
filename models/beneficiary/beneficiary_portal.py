from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...rules import arabic, file_flow

# What the person's page shows of the file, in groups; empty values are left out.
FACTS = {
    "person": (
        "name",
        "file_number",
        "kind",
        "identity_type",
        "identity_number",
        "nationality_id",
        "birth_date",
        "gender",
        "marital_state",
        "category_ids",
        "headcount",
        "registration_number",
    ),
    "reach": (
        "phone",
        "phone2",
        "email",
        "street",
        "city",
        "short_address",
        "location",
        "notice_email",
        "notice_phone",
    ),
    "life": (
        "housing_kind",
        "housing_condition",
        "education_level",
        "employment_state",
        "employer",
        "job",
    ),
}
# For the person, and for who acts for them in everything.
CLOSE_FACTS = {
    "money": ("housing_rent", "iban", "bank_account_holder"),
    "health": ("health_conditions", "chronic_illness", "disability"),
}
PHONES = {"phone", "phone2", "notice_phone"}
# Of an account number only its end is shown: somebody may look over the shoulder.
SHOWN_END = 4


class BeneficiaryPortal(models.Model):
    """What the person reads of the file on the portal, in plain words (R26, R51).

    Applicants may read only a few fields of their file, so these methods read it as
    superuser, after they checked that the acting user follows it. Notes and whatever
    else the association writes for itself are not shown.
    """

    _inherit = "beneficiary.beneficiary"

    open_change_count = fields.Integer(
        string="Proposed Changes", compute="_compute_open_change_count"
    )

    def _compute_open_change_count(self):
        changes = self.env["beneficiary.change"]
        counts = {}
        if changes.has_access("read"):  # committees read no proposals
            counts = dict(
                changes._read_group(
                    [("beneficiary_id", "in", self.ids), ("state", "=", "proposed")],
                    ["beneficiary_id"],
                    ["__count"],
                )
            )
        for file in self:
            file.open_change_count = counts.get(file._origin, 0)

    @api.model
    def _portal_get_card(self, files):
        return {
            "label": self.env._("My file"),
            "text": self.env._("What the association holds, and how to correct it"),
            "url": "/my/file",
            "icon": "fa-user",
            "counted": None,
        }

    @api.model
    def _portal_get(self, file_id):
        """Return, as superuser, the file with this id if the user follows it."""
        return self._get_portal_files().filtered(lambda file: file.id == file_id)

    def _portal_check_own(self):
        """Raise unless the acting user follows these files on the portal."""
        if self.sudo() - self._get_portal_files():
            raise AccessError(self.env._("This file is not yours."))

    def _portal_get_own_representation(self):
        """Return by which representations the user acts for this file; often none."""
        acting = self.sudo().representative_ids._filter_acting()
        return acting.filtered(lambda line: line.user_id == self.env.user)

    def _portal_sees_all(self):
        """Whether the user sees income, bank and health data of this file."""
        if self.env.user in self.sudo().portal_user_ids:
            return True
        return "all" in self._portal_get_own_representation().mapped("scope")

    def _portal_get_page(self):
        """Return the values that the page of this file shows, by name (R26)."""
        self.ensure_one()
        self._portal_check_own()
        file = self.sudo()
        groups = {**FACTS, **(CLOSE_FACTS if self._portal_sees_all() else {})}
        return {
            "state": file._portal_get_state(),
            "groups": [
                {"name": name, "title": self._portal_get_titles()[name], "facts": facts}
                for name, names in groups.items()
                if (facts := [*file._portal_get_facts(names), *self._get_more(name)])
            ],
            "members": file.household_member_ids,
            "is_person": file._is_person(),
            "representatives": file._portal_get_representatives(),
            "acting": [
                self.env._(
                    "You act for this person: %(scope)s. %(period)s.",
                    scope=line._get_label("scope"),
                    period=line._portal_get_period(),
                )
                for line in file._portal_get_own_representation()
            ],
            "changes": self.env["beneficiary.change"]._portal_find(
                Domain("beneficiary_id", "=", file.id)
            ),
        }

    def _get_more(self, group):
        """Return facts of other records that belong to the group ``money``."""
        if group != "money":
            return []
        return [
            (line._get_label("type"), line.currency_id.format(line.amount))
            for line in self.sudo().income_line_ids
        ]

    @api.model
    def _portal_get_titles(self):
        return {
            "person": self.env._("About the person"),
            "reach": self.env._("How we reach you"),
            "life": self.env._("Home and work"),
            "money": self.env._("Income and bank"),
            "health": self.env._("Health"),
        }

    def _portal_get_facts(self, names):
        """Return label and text of each of these fields that has a value."""
        facts = []
        for name in names:
            if text := self._portal_describe(name):
                facts.append((self._fields[name]._description_string(self.env), text))
        return facts

    def _portal_describe(self, name):
        field, value = self._fields[name], self[name]
        if not value or (name == "file_number" and value == "/"):
            return ""
        if name == "iban":
            return f"… {value[-SHOWN_END:]}"
        if name in PHONES:
            return arabic.isolated(value, self.env.lang or "")
        if field.type == "monetary":
            return self.currency_id.format(value)
        if field.type == "date":
            return self._format_both(value)
        if field.type == "selection":
            return self._get_label(name)
        if field.type == "many2many":
            return self._list_words(value.mapped("display_name"))
        return value.display_name if field.relational else str(value)

    def _portal_get_state(self):
        """Return the state of the file as a sentence for its person."""
        served = self.state in file_flow.SERVED
        if served and self.state == "new":
            return self.env._("The association still checks your file.")
        if served:
            return self.env._("Your file is active.")
        return self.env._(
            "Your file is suspended or closed. Call the association to learn why, and "
            "what to do."
        )

    def _portal_get_representatives(self):
        """Return who speaks for this file, with scope and period in words (R33)."""
        lines = self.representative_ids
        acting = lines._filter_acting()
        return [
            {
                "line": line,
                "is_acting": line in acting,
                "period": line._portal_get_period(),
                "is_me": line.user_id == self.env.user,
            }
            for line in lines
        ]
