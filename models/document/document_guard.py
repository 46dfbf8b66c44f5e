from odoo import api, models
from odoo.exceptions import UserError

from .document import CONTENT_FIELDS, KEPT_FIELDS, MATCH_FIELDS


class DocumentGuard(models.Model):
    """Guards the fields of a paper, and unmatches a paper that changes (R13).

    This file is loaded last, so that its ``create`` and ``write`` run before all
    others.
    """

    _inherit = "beneficiary.document"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_content_vals(vals)
        documents = self._without_defaults(MATCH_FIELDS | KEPT_FIELDS)
        return super(DocumentGuard, documents).create(vals_list)

    def write(self, vals):
        self._check_content_vals(vals)
        if CONTENT_FIELDS & vals.keys():
            vals = {**vals, **dict.fromkeys(MATCH_FIELDS, False)}
        return super().write(vals)

    def _move_to_file(self, name, file):
        """Move the paper to another file, and keep it matched: it does not change."""
        return super().write({name: file.id})

    @api.model
    def _check_content_vals(self, vals):
        """Refuse values that are not written by hand."""
        if MATCH_FIELDS & vals.keys():
            raise UserError(
                self.env._("Use the button to record what a paper was matched against.")
            )
        if KEPT_FIELDS & vals.keys():
            raise UserError(
                self.env._("Versions and reminders of papers are not written by hand.")
            )

    def _write_kept(self, vals):
        """Write kept fields, past this class's own refusal."""
        return super().write(vals)
