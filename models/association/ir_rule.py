from odoo import models
from odoo.exceptions import AccessError

from ...rules import arabic
from ..mixins.id_guard_mixin import OURS


class IrRule(models.Model):
    """Rules follow the terms of seats; refusals name nothing that is hidden (R43).

    In debug mode Odoo lists the refused records, with names that it reads as superuser.
    """

    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Evaluate the rules of a committee's member again when a term begins or ends.

        Odoo keeps an evaluated rule until somebody changes something; a day passes
        without.
        """
        yield from super()._compute_domain_context_values()
        yield self.env.user._get_beneficiary_seats()

    def _make_access_error(self, operation, records):
        error = super()._make_access_error(operation, records)
        if not records._name.startswith(OURS) and not (
            records._name == "res.partner"
            # The user may not read the record: that is what the error is about.
            and any(records.sudo().mapped("is_beneficiary_contact"))
        ):
            return error
        nameless = AccessError(self._get_refusal(operation, records))
        # The client offers to switch to another association of the user.
        if context := getattr(error, "context", None):
            nameless.context = context
        return nameless

    def _get_refusal(self, operation, records):
        """Return the sentence that refuses ``operation``, and says what to do."""
        branches = self.env["beneficiary.branch"]
        if (
            operation == "create"
            and "branch_id" in records._fields
            and branches._is_for_delegate()
        ):
            if own := branches.search(branches._get_own_domain()):
                return self.env._(
                    "You work for these branch offices: %(branches)s. Choose one of "
                    "them in the field “%(field)s”.",
                    branches=arabic.listed(own.mapped("name"), self.env.lang or ""),
                    field=records._fields["branch_id"]._description_string(self.env),
                )
            return self.env._(
                "You work for no branch office yet. Ask a manager to name you as a "
                "delegate under Configuration / Branches."
            )
        return self.env._(
            "This is not open to you: %(kind)s. If you need it for your work, ask a "
            "manager of the association.",
            kind=self.env["ir.model"]._get(records._name).name,
        )
