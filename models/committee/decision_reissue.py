from odoo import fields, models

from ..association.res_company_sequence import LETTER


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
        }

    def _get_letter_file_name(self):
        return self._get_letter()[0].replace("/", "-")
