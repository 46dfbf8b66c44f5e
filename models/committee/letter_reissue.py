from odoo import api, fields, models
from odoo.fields import Domain


class LetterReissue(models.Model):
    """A letter in place of one with a mistake (R20, R40).

    The decision and its first letter stay as they were sealed. The new letter has its
    own number and date, names the one that it replaces, and says what was wrong.

    :Who may: managers reissue a letter, and nobody edits one. Who reads a decision
        reads its letters.
    """

    _name = "beneficiary.letter.reissue"
    _inherit = ["beneficiary.sealed.mixin", "beneficiary.mixin"]
    _description = "Reissued Letter"
    _order = "id desc"
    _check_company_auto = True
    _sealed_fields = (
        "name",
        "date",
        "decision_id",
        "replaces",
        "replaces_date",
        "correction",
        "reason",
        "reissued_by_id",
    )

    name = fields.Char(string="Number", required=True)
    date = fields.Date(required=True)
    decision_id = fields.Many2one(
        "beneficiary.decision", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="decision_id.company_id", store=True, precompute=True, index=True
    )
    replaces = fields.Char(string="In Place of the Letter", required=True)
    replaces_date = fields.Date(string="Of", required=True)
    correction = fields.Text(
        required=True, help="What was wrong and what is right, as the applicant reads."
    )
    reason = fields.Text(
        required=True, help="How the mistake came about, for the office."
    )
    reissued_by_id = fields.Many2one("res.users", required=True)

    _name_unique = models.UniqueIndex(
        "(company_id, name)", "A letter with this number already exists."
    )

    @api.model
    def _get_sealable_domain(self):
        return Domain.TRUE  # a letter is final as soon as it is issued
