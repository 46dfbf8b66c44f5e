from odoo import fields, models
from odoo.exceptions import UserError

from ...rules import flow, hijri
from ..association.res_company_sequence import LETTER


class LetterReissue(models.Model):
    """A letter in place of one with a mistake (R20, R40).

    The decision and its first letter stay as they were sealed. The new letter has its
    own number and date, names the one that it replaces, and says what was wrong.

    :Who may: managers reissue a letter, and nobody edits one. Who reads a decision
        reads its letters.
    """

    _name = "beneficiary.letter.reissue"
    _inherit = ["beneficiary.mixin"]
    _description = "Reissued Letter"
    _order = "id desc"
    _check_company_auto = True

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


class DecisionReissue(models.Model):
    """The letters of a decision: the first one, and those in its place."""

    _inherit = "beneficiary.decision"

    reissue_ids = fields.One2many(
        "beneficiary.letter.reissue", "decision_id", string="Reissued Letters"
    )

    def _get_letter(self):
        """Return number, date and reissue of the letter that counts now."""
        self.ensure_one()
        reissue = self.reissue_ids.sorted("id")[-1:]
        number, date = self.letter_number, self.letter_date
        return reissue.name or number, reissue.date or date, reissue

    def _reissue_letter(self, correction, reason):
        """Give this decision a new letter in place of its last one.

        The caller has checked who may, and that the words are not empty.
        """
        self.ensure_one()
        number, date, _reissue = self._get_letter()
        sequences = self.env["ir.sequence"].with_company(self.company_id)
        [new_number] = sequences._next_by_code_batch(LETTER, 1)
        self.env["beneficiary.letter.reissue"].create(
            {
                "name": new_number,
                "date": self.company_id._get_beneficiary_today(),
                "decision_id": self.id,
                "replaces": number,
                "replaces_date": date,
                "correction": correction.strip(),
                "reason": reason.strip(),
                "reissued_by_id": self.env.uid,
            }
        )

    def _get_letterhead(self):
        number, date, _reissue = self._get_letter()
        return {
            **super()._get_letterhead(),
            "number": number,
            "date": date,
            "hijri_date": hijri.to_hijri(date),
        }

    def _get_letter_file_name(self):
        return self._get_letter()[0].replace("/", "-")


class RequestReissue(models.Model):
    _inherit = "beneficiary.request"

    def action_reissue_letter(self, correction=None, reason=None):
        """Number the letter of the latest reply anew: the last one had a mistake (R40).

        :param correction: what was wrong and what is right; the applicant reads it
        :param reason: how the mistake came about, for the office
        """
        self.ensure_one()
        self.check_access("read")
        self._check_role(frozenset([flow.MANAGER]))
        self._refuse(
            self._get_input_problems({"correction": correction, "reason": reason})
        )
        problems = []
        if not (correction or "").strip():
            problems.append(
                self.env._("Write what was wrong in the letter, and what is right.")
            )
        if not (reason or "").strip():
            problems.append(self.env._("Write the reason."))
        self._refuse(problems)
        letter = self.sudo()._get_letters()[:1]  # nobody writes letters by hand
        if not letter:
            raise UserError(
                self.env._(
                    "There is no letter yet: it is numbered when the reply leaves."
                )
            )
        replaced = letter._get_letter()[0]
        letter._reissue_letter(correction, reason)
        self._message_log(
            body=self.env._(
                "The letter %(old)s was replaced by %(new)s: %(reason)s",
                old=replaced,
                new=letter._get_letter()[0],
                reason=reason.strip(),
            )
        )
        self._tell_office(
            flow.NEXT_STEP,
            lambda env: env._("A letter was reissued: give it to the applicant"),
        )
        return True
