from odoo import api, fields, models


class Appeal(models.Model):
    """An appeal against a rejection: allowed once, inside the appeal period (R42).

    The appeal begins a new round with its own clock. It is studied by members who did
    not vote on the first decision, or by the committee that is named for appeals.

    :Who may: the applicant files the appeal on the portal, or the office files it for
        the applicant. Only the request's step makes an appeal, and nobody edits it.
        Users who may read the request may read its appeal.
    """

    _name = "beneficiary.appeal"
    _inherit = ["beneficiary.mixin"]
    _description = "Appeal"
    _order = "id desc"
    _rec_name = "request_id"
    _check_company_auto = True

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    decision_id = fields.Many2one(
        "beneficiary.decision",
        string="Against the Decision",
        required=True,
        index=True,
        ondelete="restrict",
    )
    reason = fields.Text(required=True)
    filed_on = fields.Datetime(required=True)
    filed_by_id = fields.Many2one("res.users", required=True)
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        domain=[("res_model", "=", "beneficiary.appeal"), ("res_field", "=", False)],
        string="Files of the Appeal",
        readonly=True,
    )
    on_portal = fields.Boolean(string="Filed on the Portal")

    _once = models.Constraint(
        "UNIQUE (request_id)", "A request is appealed against once."
    )

    @api.model
    def _file(self, requests, reason):
        """Record that the rejection of ``requests`` is appealed against now."""
        return self.sudo().create(  # users may not create them
            [
                {
                    "request_id": request.id,
                    "decision_id": request._get_current_decision().id,
                    "reason": reason,
                    "filed_on": fields.Datetime.now(),
                    "filed_by_id": self.env.uid,
                    "on_portal": self.env.user._is_portal(),
                }
                for request in requests
            ]
        )

    def _attach(self, files):
        """Keep the files that came with this appeal, cleaned like any other upload.

        :param files: pairs of name and content (base64)
        :raise ValidationError: for a file that is neither a photo nor a PDF
        :raise UserError: when there are too many
        """
        self.ensure_one()
        self.env["ir.attachment"].sudo().create(  # users may not add files later
            [
                {**vals, "res_model": self._name, "res_id": self.id}
                for vals in self.env["beneficiary.upload.mixin"]._prepare_files(files)
            ]
        )
