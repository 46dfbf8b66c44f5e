from odoo import fields, models
from odoo.exceptions import UserError
from odoo.models import LOG_ACCESS_COLUMNS

from ...rules.evidence import says_nothing

# All fields that an erasure writes.
ERASURE = {
    "text",
    "salt",
    "erased_on",
    "erased_by_id",
    "erase_reason",
    *LOG_ACCESS_COLUMNS,
}


class SealPayload(models.Model):
    """The content that one link of the chain seals: text and salt of its digest.

    The payload is kept beside the chain, so that a duty to erase does not break the
    chain. Text and salt are erased, the link stays, and verification reports that they
    were erased by duty.

    :Who may: only the verification reads text and salt. Managers and auditors read who
        erased them, when and why. Nobody writes, not even the superuser; the addon
        erases with :meth:`_erase`.
    """

    _name = "beneficiary.seal.payload"
    _inherit = ["beneficiary.kept.mixin", "beneficiary.mixin"]
    _description = "Sealed Content"
    _order = "seal_id desc"
    _rec_name = "seal_id"
    _check_company_auto = True

    seal_id = fields.Many2one(
        "beneficiary.seal",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="seal_id.company_id", store=True, precompute=True
    )
    text = fields.Text(groups=fields.NO_ACCESS)
    salt = fields.Char(groups=fields.NO_ACCESS)
    erased_on = fields.Datetime()
    erased_by_id = fields.Many2one("res.users", ondelete="restrict")
    erase_reason = fields.Text(string="Why It Was Erased")

    _erased = models.Index("(company_id, seal_id) WHERE erased_on IS NOT NULL")

    def _is_refused(self, vals):
        # Only an erasure passes, and it leaves neither text nor salt.
        return bool(vals.keys() - ERASURE or vals.get("text") or vals.get("salt"))

    def _erase(self, reason):
        """Erase text and salt by duty, and record the user, the time and the reason.

        From then on the fields of the sealed records can be changed: the caller makes
        these records anonymous too.

        :param reason: the duty, in words
        """
        if says_nothing(reason):
            raise UserError(self.env._("Write why this has to be erased."))
        payloads = self.sudo()  # nobody may read the content
        payloads = payloads.filtered(lambda payload: not payload.erased_on)
        erased = payloads._write_past(
            {
                "text": False,
                "salt": False,
                "erased_on": fields.Datetime.now(),
                "erased_by_id": self.env.uid,
                "erase_reason": reason,
            }
        )
        payloads.flush_recordset()  # the guard of the records reads the database
        return erased
