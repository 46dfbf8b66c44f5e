from odoo import api, fields, models
from odoo.exceptions import UserError


class RequestLetter(models.AbstractModel):
    """The letters of a request's replies, for staff and for the applicant."""

    _name = "beneficiary.request.letter"
    _description = "Letters of a Request"

    letter_number = fields.Char(
        string="Letter", compute="_compute_letter_number", compute_sudo=True
    )

    @api.depends("decision_ids.letter_number")
    def _compute_letter_number(self):
        for request in self:
            request.letter_number = request._get_letters()[:1].letter_number

    def _get_letters(self):
        """Return the decisions that were told by a letter, latest first."""
        return self.decision_ids.filtered("letter_number").sorted("id", reverse=True)

    def action_print_letter(self):
        """Print the letter of the last reply that was released (R20, R40)."""
        self.ensure_one()
        self.check_access("read")
        letter = self.sudo()._get_letters()[:1]  # delegates read no decisions
        if not letter:
            raise UserError(
                self.env._(
                    "There is no letter yet: it is numbered when the reply leaves."
                )
            )
        return letter.sudo(False).action_print_letter()

    def _portal_get_letter(self, decision_id):
        """Return the decision of that id as superuser, where its letter may be read.

        :return: an empty record until the reply has left (R21), or when the decision
            is of another request
        """
        self._portal_check()
        letters = self.sudo()._get_letters()
        return letters.filtered(lambda letter: letter.id == decision_id)
