from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceQuestionOption(models.Model):
    """One of the answers that a question offers.

    Managers edit options with the service; all staff read them. An option that was
    chosen keeps its words: to change it, archive it and add another one.
    """

    _name = "beneficiary.service.question.option"
    _inherit = ["beneficiary.mixin"]
    _description = "Option of a Question"
    _order = "question_id, sequence, id"

    question_id = fields.Many2one(
        "beneficiary.service.question",
        string="Service Question",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="question_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Option", required=True, translate=True)
    active = fields.Boolean(default=True)

    def write(self, vals):
        if {"name", "question_id"} & vals.keys():
            self._refuse_if_chosen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_chosen(self):
        self._refuse_if_chosen()

    def _refuse_if_chosen(self):
        answers = self.env["beneficiary.request.answer"].sudo()  # answers of any branch
        if answers.search_count([("option_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Requests have chosen this option, so it keeps its words. Archive "
                    "it and add another one."
                )
            )
