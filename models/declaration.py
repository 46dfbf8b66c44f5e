from odoo import api, fields, models

from ..rules import seal


class Declaration(models.Model):
    """A signed statement that the data of a request are correct (R16).

    Names who is directly responsible, and keeps what was declared, sealed by its
    digest: a later change of the data voids the declaration, which stays on record.

    :Who may: made by the request's own step, never edited; read with the request.
    """

    _name = "beneficiary.declaration"
    _inherit = ["beneficiary.mixin"]
    _description = "Declaration"
    _order = "request_id, id desc"
    _rec_name = "signed_by"

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    policy_id = fields.Many2one(
        "beneficiary.policy",
        string="Policy Version",
        required=True,
        ondelete="restrict",
        help="The version whose text was signed.",
    )
    round = fields.Integer(required=True)
    text = fields.Text(help="As it was signed, in the language of the person.")
    method = fields.Selection(
        [
            ("screen", "Signed on Screen"),
            ("portal", "Signed on the Portal"),
            ("paper", "Signed on Paper"),
            ("thumbprint", "Thumbprint Before Witnesses"),
            ("waived", "Not Applicable"),
        ],
        string="How It Was Given",
        required=True,
    )
    signed_by = fields.Char()
    signature = fields.Image(attachment=True, max_width=1024, max_height=1024)
    paper = fields.Binary(string="Signed Paper", attachment=True)
    witness_1 = fields.Char(string="First Witness")
    witness_2 = fields.Char(string="Second Witness")
    waiver = fields.Text(
        string="Why Nobody Can Sign", help="Groups, places and animals cannot."
    )
    signed_on = fields.Datetime(string="Declared On", required=True)
    taken_by_id = fields.Many2one("res.users", required=True)
    payload = fields.Text(groups=fields.NO_ACCESS)
    salt = fields.Char(groups=fields.NO_ACCESS)
    digest = fields.Char(
        string="Seal", required=True, help="SHA-256 of what was declared, and a salt."
    )
    voided_on = fields.Datetime()
    void_reason = fields.Text()

    @api.model
    def _sign(self, requests, given):
        """Record that ``requests`` were declared now; returns the declarations.

        :param given: what was given to ``action_declare``
        """
        vals_list = []
        for request in requests:
            file = request.beneficiary_id
            policy = request.policy_id
            payload = seal.canonical(request._get_declared_data())
            salt = seal.new_salt()
            vals_list.append(
                {
                    "request_id": request.id,
                    "policy_id": policy.id,
                    "round": request.round,
                    "text": policy.with_context(
                        lang=file.lang or self.env.lang
                    ).declaration_text,
                    "method": self._get_method(given),
                    "signed_by": given.get("signed_by"),
                    "signature": given.get("signature"),
                    "paper": given.get("paper"),
                    "witness_1": given.get("witness_1"),
                    "witness_2": given.get("witness_2"),
                    "waiver": given.get("waiver"),
                    "signed_on": fields.Datetime.now(),
                    "taken_by_id": self.env.uid,
                    "payload": payload,
                    "salt": salt,
                    "digest": seal.digest(payload, salt),
                }
            )
        return self.sudo().create(vals_list)  # nobody writes them by hand

    @api.model
    def _get_method(self, given):
        if given.get("waiver"):
            return "waived"
        if given.get("witness_1"):
            return "thumbprint"
        if not given.get("signature"):
            return "paper"
        return "portal" if self.env.user._is_portal() else "screen"

    def _is_intact(self):
        """Whether the data of the request still are what was declared (R16)."""
        self.ensure_one()
        declaration = self.sudo()  # the salt is nobody's to read
        text = seal.canonical(declaration.request_id._get_declared_data())
        return seal.is_intact(text, declaration.salt, declaration.digest)

    def _void(self, reason):
        """Mark declarations as void; the statement itself stays on record."""
        # A change of the file voids it, whoever makes the change.
        self.sudo().filtered(lambda declaration: not declaration.voided_on).write(
            {"voided_on": fields.Datetime.now(), "void_reason": reason}
        )
