from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Stored on the contact itself so that the record rule which hides people in
    # need from other staff costs no join. Written by the file, never by hand.
    is_beneficiary_contact = fields.Boolean(
        string="Contact of a Beneficiary File",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="base.group_system",
    )

    def _check_may_be_written_to(self, user):
        """Raise where ``user`` would write to an applicant whom they may not know.

        Messages and invitations of any record reach people (R43).
        """
        hidden = self.sudo().filtered("is_beneficiary_contact")
        if not hidden or user.id == SUPERUSER_ID:
            return
        if hidden.with_user(user)._filtered_access("read") != hidden:
            raise AccessError(
                self.env._(
                    "Among these recipients is somebody to whom the relations office "
                    "alone writes. Take them off the list."
                )
            )
