from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...rules import answer, arabic

# The meaning of an answer depends on these. They are kept once there is an answer.
MEANING_FIELDS = frozenset(["name", "kind", "service_id"])


class ServiceQuestion(models.Model):
    """A question that a service asks its applicants: data, not code.

    A request gets the questions that its service has when the request is made. A
    question with answers keeps its meaning: to change it, archive it and add another
    one.

    :Who may: managers edit questions with the service; all staff read them.
    """

    _name = "beneficiary.service.question"
    _inherit = ["beneficiary.trace.line.mixin", "beneficiary.mixin"]
    _description = "Question of a Service"
    _order = "service_id, sequence, id"
    _check_company_auto = True
    _traced_on = ("service_id", "question_ids")
    _traced_fields = ("name", "kind", "is_required", "active")

    service_id = fields.Many2one(
        "beneficiary.service", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question Text", required=True, translate=True)
    kind = fields.Selection(
        [
            ("text", "Text"),
            ("number", "Number"),
            ("date", "Date"),
            ("yes_no", "Yes or No"),
            ("choice", "Choice"),
        ],
        string="Kind of Answer",
        required=True,
        default="text",
    )
    option_ids = fields.One2many(
        "beneficiary.service.question.option",
        "question_id",
        string="Options",
        copy=True,
    )
    is_required = fields.Boolean(string="Required")
    help = fields.Char(
        translate=True, help="Help text shown to the applicant beside the question."
    )
    is_answered = fields.Boolean(compute="_compute_is_answered", compute_sudo=True)
    active = fields.Boolean(default=True)

    def _compute_is_answered(self):
        answers = self.env["beneficiary.request.answer"]
        answered = {
            question.id
            for (question,) in answers._read_group(
                self._get_answer_domain(), ["question_id"]
            )
        }
        for question in self:
            question.is_answered = question._origin.id in answered

    def write(self, vals):
        if MEANING_FIELDS & vals.keys():
            self._refuse_if_answered()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        self._refuse_if_answered()

    def _refuse_if_answered(self):
        answers = self.env["beneficiary.request.answer"].sudo()  # answers of any branch
        if answers.search_count(self._get_answer_domain(), limit=1):
            raise UserError(
                self.env._(
                    "Requests have answered this question, so it keeps its meaning. "
                    "Archive it and add another one."
                )
            )

    def _get_answer_domain(self):
        return Domain("question_id", "in", self.ids) & Domain("value", "!=", False)

    def _filter_askable(self):
        """Return the questions that can be answered: a choice needs options."""
        return self.filtered(
            lambda question: (
                question.active and (question.kind != "choice" or question.option_ids)
            )
        )

    # -- answers -----------------------------------------------------------------------

    def _parse(self, text):
        """Return the answer that a person typed, as a value of its kind (R44).

        :param text: numbers and dates in digits of any script; an option, or yes or no,
            in the user's language
        :return: by kind a str, float, date, "yes" or "no", or an option's record; None
            for an empty text
        :raise ValidationError: says what to do, when the text does not answer the
            question
        """
        self.ensure_one()
        text = str(text or "").strip()
        if arabic.is_blank(text):
            return None
        try:
            return getattr(self, f"_parse_{self.kind}")(text)
        except answer.AnswerError as error:
            raise ValidationError(self._get_answer_message(error.code)) from error

    def _parse_text(self, text):
        return text

    def _parse_number(self, text):
        return answer.number(text)

    def _parse_date(self, text):
        return answer.day(text)

    def _parse_yes_no(self, text):
        key = arabic.search_key(text)
        for code, label in self._get_yes_no_labels().items():
            if key in (code, arabic.search_key(label)):
                return code
        raise answer.AnswerError("not_yes_no", value=text)

    def _parse_choice(self, text):
        key = arabic.search_key(text)
        for option in self.option_ids:
            if key == arabic.search_key(option.name):
                return option
        raise answer.AnswerError("not_an_option", value=text)

    def _get_yes_no_labels(self):
        answers = self.env["beneficiary.request.answer"]
        return dict(answers._fields["yes_no"]._description_selection(self.env))

    def _get_answer_message(self, code):
        messages = {
            "number_malformed": self.env._(
                "“%(question)s”: write a number in digits alone, for example 1500.",
                question=self.name,
            ),
            "date_malformed": self.env._(
                "“%(question)s”: write the day, month and year, for example "
                "15/03/2026.",
                question=self.name,
            ),
            "not_yes_no": self.env._(
                "“%(question)s”: answer with yes or no.", question=self.name
            ),
            "not_its_kind": self.env._(
                "“%(question)s” is not answered in this way.", question=self.name
            ),
            "not_an_option": self.env._(
                "“%(question)s”: choose one of its options.", question=self.name
            ),
        }
        return messages[code]

    def _prepare_answer_vals(self, given):
        """Return the values to store for a given answer, in this language.

        :param given: the value that :meth:`_parse` returned
        """
        self.ensure_one()
        vals = {
            "label": self.name,
            "value": False,
            "number": False,
            "date": False,
            "yes_no": False,
            "option_id": False,
        }
        if given is None:
            return vals
        kept = {
            "text": lambda: {"value": given},
            "number": lambda: {"number": given, "value": answer.plain(given)},
            "date": lambda: {"date": given, "value": given.isoformat()},
            "yes_no": lambda: {
                "yes_no": given,
                "value": self._get_yes_no_labels()[given],
            },
            "choice": lambda: {
                "option_id": given.id,
                "value": given.with_env(self.env).name,
            },
        }
        return {**vals, **kept[self.kind]()}
