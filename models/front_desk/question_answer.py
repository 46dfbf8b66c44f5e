import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import arabic

# Identity, telephone or account numbers: they reveal the person who asked.
_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){7,}")


class QuestionAnswer(models.Model):
    """A question about the procedure and its answer, for everybody at the desk (R15).

    An entry repeats the answer of a clarification in new words, and says nothing about
    the person who asked. All branches read the entry, but not the referral behind it.

    :Who may: researchers and managers write, and managers delete. The relations
        office, delegates of all branches and auditors read.
    """

    _name = "beneficiary.question.answer"
    _inherit = ["beneficiary.mixin"]
    _description = "Question and Answer"
    _order = "id desc"
    _rec_name = "question"
    _check_company_auto = True

    question = fields.Text(required=True)
    answer = fields.Text(required=True)
    service_id = fields.Many2one(
        "beneficiary.service", check_company=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_beneficiary_today()
    )
    # Delegates must not learn whose request a question came from.
    referral_id = fields.Many2one(
        "beneficiary.referral",
        string="Came From",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="beneficiary_relations.group_officer,"
        "beneficiary_relations.group_researcher,beneficiary_relations.group_auditor",
    )
    search_key = fields.Char(compute="_compute_search_key", store=True, prefetch=False)
    active = fields.Boolean(default=True)

    _referral_unique = models.UniqueIndex(
        "(referral_id) WHERE referral_id IS NOT NULL",
        "The answer to this referral is among the questions and answers already.",
    )
    _search_key_trigram = models.Index(
        lambda registry: (
            "USING gin (search_key gin_trgm_ops)" if registry.has_trigram else ""
        )
    )

    @api.depends("question", "answer")
    def _compute_search_key(self):
        for entry in self:
            entry.search_key = arabic.search_key(f"{entry.question} {entry.answer}")

    @api.model
    def _search_display_name(self, operator, value):
        """Find by words of the question or the answer, in any spelling."""
        if operator not in ("ilike", "like", "=ilike", "=like") or not value:
            return super()._search_display_name(operator, value)
        words = arabic.search_key(value).split()
        return Domain.AND(self._get_in_key_domain("search_key", word) for word in words)

    @api.constrains("referral_id")
    def _check_referral(self):
        """An entry may link only an answered clarification that the user may read."""
        for entry in self:
            # Constraints run as superuser, but the acting user needs the access.
            entry.referral_id.sudo(False).check_access("read")
            referral = entry.referral_id
            if referral and (referral.kind, referral.state) != (
                "clarification",
                "answered",
            ):
                raise ValidationError(
                    self.env._("Only an answered clarification is shared.")
                )

    @api.constrains("question", "answer", "referral_id")
    def _check_nobody_is_named(self):
        """An entry must not reveal who asked, because every branch reads it."""
        for entry in self:
            text = f"{entry.question}\n{entry.answer}"
            name = arabic.search_key(entry.referral_id.beneficiary_id.name or "")
            named = name and name in arabic.search_key(text)
            if named or _LONG_NUMBER.search(arabic.ascii_digits(text)):
                raise ValidationError(
                    self.env._(
                        "Leave out what tells who asked: names, identity numbers, "
                        "telephone numbers. Everybody at the desk reads this."
                    )
                )
