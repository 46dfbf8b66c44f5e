from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError


class RoleMixin(models.AbstractModel):
    """Users named on a record have the role it needs: one table of roles (R43).

    Whoever is named for a record is told of it, and is answered for it: a colleague
    who is at work, in this association, in the role. Asked when the field is written,
    never again: who leaves stays named on what they did.
    """

    _name = "beneficiary.role.mixin"
    _description = "People with a Part"

    # {field of users: roles of which one is needed}; see ``res.users`` for the names.
    _role_fields = {}

    def _validate_fields(self, field_names, excluded_names=()):
        # Not a constraint: that would ask all fields where one was written.
        field_names = {*field_names}
        written = field_names - {*excluded_names}
        for name in sorted(self._role_fields.keys() & written):
            self._check_role_field(name)
        return super()._validate_fields(field_names, excluded_names)

    def _check_role_field(self, name):
        """Raise where somebody in the field ``name`` has no such part.

        :raise ValidationError: names the field alone: the person may be a stranger
        """
        roles = self._role_fields[name]
        for record in self:
            company = record._get_role_company()
            # Nobody's, such as demo data, is the system's.
            users = record[name].filtered(lambda user: user.id != SUPERUSER_ID)
            if not all(user._has_part(roles, company) for user in users) or (
                name == "delegate_id" and not record._is_of_branch(users)
            ):
                raise ValidationError(
                    self.env._(
                        "“%(field)s” is for a colleague of this association who has "
                        "that role. Choose one from the list; an administrator gives "
                        "roles under Settings / Users.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _is_of_branch(self, delegate):
        """Whether ``delegate`` speaks for the branch office that is named, if any."""
        branch = self.branch_id.sudo()  # applicants do not read branches
        return not branch or delegate <= branch.delegate_ids

    def _get_role_company(self):
        return self if self._name == "res.company" else self.company_id

    @api.model
    def _get_role_domain(self, *roles, company="company_id"):
        """Return the domain of who may be chosen, for a field beside ``company``."""
        groups = [self.env.ref(f"beneficiary_relations.group_{role}") for role in roles]
        return (
            f"[('all_group_ids', 'in', {[group.id for group in groups]}),"
            f" ('company_ids', 'in', {company})]"
        )
