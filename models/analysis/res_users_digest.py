from odoo import api, models


class ResUsersDigest(models.Model):
    """Who becomes a manager gets the monthly digest, until they unsubscribe."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._subscribe_to_beneficiary_digest()
        return users

    def write(self, vals):
        if "group_ids" not in vals:
            return super().write(vals)
        before = self._filter_beneficiary_managers()
        result = super().write(vals)
        (self - before)._subscribe_to_beneficiary_digest()
        return result

    def _filter_beneficiary_managers(self):
        return self.filtered(
            lambda user: user.has_group("beneficiary_relations.group_manager")
        )

    def _subscribe_to_beneficiary_digest(self):
        """Subscribe the managers among these users, if the digest was not deleted."""
        digest = self.env.ref(
            "beneficiary_relations.digest_monthly", raise_if_not_found=False
        )
        if digest and (managers := self._filter_beneficiary_managers()):
            digest._action_subscribe_users(managers)
