from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError

from .refusal import PLACES


class RoleMixin(models.AbstractModel):
    """Users named on a record have the role it needs: one table of roles (R43).

    A user named on a record is notified of it and answers for it. So this must be an
    active colleague of this association who has the role. The check runs only when the
    field is written: a colleague who leaves stays named on earlier work.
    """

    _name = "beneficiary.role.mixin"
    _description = "People with a Part"

    # {field of users: roles, one of which is needed}; ``res.users`` has the names.
    _role_fields = {}

    def _validate_fields(self, field_names, excluded_names=()):
        # Not a constraint: a constraint would check all fields when one is written.
        field_names = {*field_names}
        written = field_names - {*excluded_names}
        for name in sorted(self._role_fields.keys() & written):
            self._check_role_field(name)
        return super()._validate_fields(field_names, excluded_names)

    def _check_role_field(self, name):
        """Raise if a user in the field ``name`` does not have the needed role.

        :raise ValidationError: names only the field: the acting user may not know the
            person
        """
        roles = self._role_fields[name]
        for record in self:
            company = record._get_role_company()
            # The superuser stands for nobody, for example in demo data.
            users = record[name].filtered(lambda user: user.id != SUPERUSER_ID)
            if not all(user._has_part(roles, company) for user in users) or (
                name == "delegate_id" and not record._is_of_branch(users)
            ):
                error = ValidationError(
                    self.env._(
                        "“%(field)s” is for a colleague of this association who has "
                        "that role. Choose one from the list; an administrator gives "
                        "roles under Settings / Users.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
                error.context = {PLACES: [{"model": self._name, "fields": [name]}]}
                raise error

    def _is_of_branch(self, delegate):
        """Whether ``delegate`` speaks for the record's branch office, if it has one."""
        branch = self.branch_id.sudo()  # applicants do not read branches
        return not branch or delegate <= branch.delegate_ids

    def _get_role_company(self):
        return self if self._name == "res.company" else self.company_id

    @api.model
    def _get_role_domain(self, *roles, company="company_id"):
        """Return the domain of the users who may be chosen in a field.

        :param company: name of the record's field that holds the association
        """
        # ``ref`` would query whether each group exists.
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        groups = [get_id(f"beneficiary_relations.group_{role}") for role in roles]
        return f"[('all_group_ids', 'in', {groups}), ('company_ids', 'in', {company})]"
