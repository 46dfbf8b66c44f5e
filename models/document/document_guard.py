from odoo import api, models
from odoo.exceptions import UserError

from .document import CONTENT_FIELDS, KEPT_FIELDS, MATCH_FIELDS


class DocumentGuard(models.Model):
    """What of a paper is written by hand, and what a change of it undoes (R13).

    Loaded last: it stands before all else that is done when a paper is written.
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
        """The paper is the same, and stays matched: it only changes its folder."""
        return super().write({name: file.id})

    @api.model
    def _check_content_vals(self, vals):
        """Refuse what is not written by hand."""
        if MATCH_FIELDS & vals.keys():
            raise UserError(
                self.env._("Use the button to record what a paper was matched against.")
            )
        if KEPT_FIELDS & vals.keys():
            raise UserError(
                self.env._("Versions and reminders of papers are not written by hand.")
            )

    def _write_kept(self, vals):
        """The one writer of kept fields: past this model's own refusal."""
        return super().write(vals)
