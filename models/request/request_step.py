from odoo import api, fields, models

from ...rules.evidence import EMPTY_MARKS

# As PostgreSQL writes them in an index.
MARKS = EMPTY_MARKS.encode("unicode_escape").decode()


class RequestStep(models.Model):
    """One completed step: which step, by whom, when and on what evidence (R10).

    Only the moves of the request add lines, and nobody edits them. A return for
    completion voids the lines but keeps them on record. Users who may read the
    request may read its steps.
    """

    _name = "beneficiary.request.step"
    _inherit = ["beneficiary.whole.mixin", "beneficiary.mixin"]
    _description = "Step Taken"
    _order = "request_id, id"
    _rec_name = "code"

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    round = fields.Integer(required=True, aggregator=None)
    code = fields.Selection(
        selection=lambda self: self.env["beneficiary.policy.step"]._selection_code(),
        string="Step",
        required=True,
    )
    doer_id = fields.Many2one("res.users", string="Done By", required=True)
    done_on = fields.Datetime(required=True)
    evidence = fields.Text()
    minutes = fields.Integer()
    channel_id = fields.Many2one("beneficiary.channel")
    voided_on = fields.Datetime()
    voided_by_id = fields.Many2one("res.users")
    void_reason = fields.Text()

    # What compliance and the analysis read of all steps at once.
    _valid = models.Index(
        "(request_id, code, done_on) INCLUDE (doer_id, minutes) WHERE voided_on IS NULL"
    )
    _measured = models.Index(
        "(code, request_id, done_on)"
        " WHERE voided_on IS NULL AND code IN ('verify', 'register', 'deliver')"
    )
    _voided = models.Index("(request_id) WHERE voided_on IS NOT NULL")
    _silent = models.Index(
        "(request_id) WHERE voided_on IS NULL AND code != 'declare'"
        f" AND btrim(COALESCE(evidence, ''), E'{MARKS}') = ''"
    )

    @api.model
    def _record(self, requests, code, evidence=None, minutes=0, channel=None):
        """Add a line for ``code`` to each request, done now by the acting user."""
        now = fields.Datetime.now()
        return self.sudo()._create_lines(  # users have no right to write lines
            [
                {
                    "request_id": request.id,
                    "round": request.round,
                    "code": code,
                    "doer_id": self.env.uid,
                    "done_on": now,
                    "evidence": evidence,
                    "minutes": minutes,
                    "channel_id": channel.id if channel else False,
                }
                for request in requests
            ]
        )

    def _void(self, reason, keep=("receive",)):
        """Mark lines as void; they stay on record.

        :param keep: codes of steps that stay valid. The reception always stays
            valid, because the person was received
        """
        self.sudo().filtered(  # users have no right to write lines
            lambda step: not step.voided_on and step.code not in keep
        ).write(
            {
                "voided_on": fields.Datetime.now(),
                "voided_by_id": self.env.uid,
                "void_reason": reason,
            }
        )
