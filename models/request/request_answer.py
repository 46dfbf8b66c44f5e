from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules import flow

# Fields that take an answer. The model writes all the others itself.
OWN_INPUT = {"yes_no": "yes_no", "choice": "option_id"}
INPUT_FIELDS = {"value", *OWN_INPUT.values()}


class RequestAnswer(models.Model):
    """The applicant's answer to a question of the service (R12, R45).

    A new request gets one line for each question. Each answer is parsed by the kind
    of its question and stored twice: as a typed value, for statistics, and as text
    in the applicant's language. The line also stores the question as it was asked.

    :Who may: officers and delegates answer with the applicant until the request is
        verified. Users who may read the request may read its answers. Portal users
        answer only through the controller.
    """

    _name = "beneficiary.request.answer"
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.trace.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Answer of a Request"
    _order = "request_id, question_id"
    _rec_name = "label"
    _traced_on = ("request_id", "answer_ids")
    _traced_fields = ("label", "value", "yes_no", "option_id")

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    question_id = fields.Many2one(
        "beneficiary.service.question",
        string="Question Asked",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(related="question_id.kind")
    is_required = fields.Boolean(related="question_id.is_required")
    help = fields.Char(related="question_id.help")
    label = fields.Char(
        string="As Asked",
        required=True,
        readonly=True,
        help="The question in the applicant's language, as it stood.",
    )
    value = fields.Text(
        string="Answer",
        help="In the applicant's language, as it was given. Numbers and dates are "
        "written in digits of any script.",
    )
    number = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    date = fields.Date(readonly=True, span="any")
    yes_no = fields.Selection([("yes", "Yes"), ("no", "No")], string="Yes or No")
    option_id = fields.Many2one(
        "beneficiary.service.question.option",
        string="Choice",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('question_id', '=', question_id)]",
    )

    _question_unique = models.UniqueIndex(
        "(request_id, question_id)", "This question is already on the request."
    )

    @api.model
    def _ask(self, requests):
        """Add a line for each question of the service of each request."""
        vals_list = []
        for request in requests:
            questions = request.service_id.question_ids._filter_askable()
            vals_list += [
                {
                    "request_id": request.id,
                    "question_id": question.id,
                    "label": question.name,
                }
                for question in questions.with_context(
                    lang=request._get_applicant_lang()
                )
            ]
        # Users may not add lines, neither directly nor with a default in the context.
        answers = self.sudo()._without_defaults(self._fields)
        return answers._create_lines(vals_list)

    def _get_input(self):
        """Return the answer as a form shows it, for ``question._parse`` to read."""
        self.ensure_one()
        return self.yes_no or self.option_id.name or self.value or ""

    def write(self, vals):
        self.check_access("write")
        self._check_input(vals)
        for line in self:
            super(RequestAnswer, line).write(line._prepare_vals(vals))
        return True

    def _check_input(self, vals):
        if not vals.keys() <= INPUT_FIELDS:
            raise UserError(self.env._("Only the value of an answer can be changed."))
        if any(line.request_id.state not in flow.EDITABLE for line in self):
            raise UserError(
                self.env._(
                    "Answers can no longer be changed. Return the request first, with "
                    "a reason."
                )
            )

    def _prepare_vals(self, vals):
        """Return the values to store for ``vals``, in the applicant's language."""
        question = self.question_id
        given = self._get_given(vals)
        lang = self.request_id._get_applicant_lang()
        return question.with_context(lang=lang)._prepare_answer_vals(given)

    def _get_given(self, vals):
        """Return the answer in ``vals``, as ``question._parse`` does.

        :raise ValidationError: when the value does not answer the question
        """
        question = self.question_id
        fits = {"value", OWN_INPUT.get(question.kind, "value")}
        if any(vals[name] for name in vals.keys() - fits):
            raise ValidationError(question._get_answer_message("not_its_kind"))
        if question.kind == "choice" and "option_id" in vals:
            options = question.option_ids
            option = options.filtered(lambda option: option.id == vals["option_id"])
            if vals["option_id"] and not option:
                raise ValidationError(question._get_answer_message("not_an_option"))
            return option or None
        if question.kind == "yes_no" and "yes_no" in vals:
            return question._parse(vals["yes_no"])
        return question._parse(vals.get("value"))
