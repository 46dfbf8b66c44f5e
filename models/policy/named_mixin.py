from odoo import api, models


class NamedMixin(models.AbstractModel):
    """A channel or a document, under the name and in the order of the policy (R2, R4).

    The policy is the one of the record on screen: its form passes it in the context, as
    ``beneficiary_policy``. Everywhere else it is the policy in force of the current
    association.
    """

    _name = "beneficiary.named.mixin"
    _inherit = ["beneficiary.kept.name.mixin"]
    _description = "Named by the Policy"

    # The lines of the policy that name records of this model, and the field of this
    # model that a line stands for.
    _policy_lines = None
    _policy_key = "id"

    @api.depends("name")
    @api.depends_context("beneficiary_policy", "company", "lang")
    def _compute_display_name(self):
        names = dict(self._get_policy_names())
        for record in self:
            record.display_name = (
                names.get(record[self._policy_key])
                or (record.id and record._read_name())
                or record.name
            )

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Suggest records in the policy's order; also its names for them are found."""
        lines = [key for key, _name in self._get_policy_names()]
        found = self.browse(
            id_ for id_, _name in super().name_search("", domain, limit=None)
        )
        if name and operator in ("ilike", "like", "=ilike", "=like", "="):
            plain = super().name_search(name, domain, operator, limit=None)
            ids = {id_ for id_, _name in plain}
            found = found.filtered(
                lambda record: (
                    record.id in ids
                    or name.casefold() in (record.display_name or "").casefold()
                )
            )
        elif name:
            return super().name_search(name, domain, operator, limit)
        places = {key: place for place, key in enumerate(lines)}
        found = found.sorted(
            lambda record: places.get(record[self._policy_key], len(places))
        )
        return [(record.id, record.display_name) for record in found[:limit]]

    @api.model
    def _get_policy_names(self):
        """Return the lines of the policy, as its ``_get_line_names`` does."""
        policy = self._get_naming_policy()
        return policy._get_line_names(self._policy_lines) if policy else ()

    @api.model
    def _get_naming_policy(self):
        """Return, as superuser, the policy whose names the acting user sees."""
        policies = self.env["beneficiary.policy"].sudo()  # its names are no secret
        asked = self.env.context.get("beneficiary_policy")
        if type(asked) is int:
            policy = policies.browse(asked).exists()
            if policy.state in ("in_force", "superseded") and (
                policy.company_id in self.env.companies
            ):
                return policy
        return policies._get_in_force(self.env.company)
