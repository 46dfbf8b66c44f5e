from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import seal


class Declaration(models.Model):
    """A signed statement that the data of a request are correct (R16).

    Names who is directly responsible, and keeps what was declared, sealed by its
    digest: a later change of the data voids the declaration, which stays on record.

    :Who may: made by the request's own step, never edited; read with the request.
    """

    _name = "beneficiary.declaration"
    _inherit = [
        "beneficiary.sealed.mixin",
        "beneficiary.signature.mixin",
        "beneficiary.mixin",
    ]
    _description = "Declaration"
    _order = "request_id, id desc"
    _rec_name = "signed_by"
    _sealed_fields = (
        "request_id",
        "policy_id",
        "round",
        "text",
        "method",
        "signed_by",
        "signature",
        "paper",
        "witness_1",
        "witness_2",
        "waiver",
        "signed_on",
        "taken_by_id",
        "digest",
    )

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="restrict"
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
    method = fields.Selection(required=True)
    signed_by = fields.Char()
    signed_on = fields.Datetime(string="Declared On", required=True)
    taken_by_id = fields.Many2one("res.users", required=True)
    payload = fields.Text(groups=fields.NO_ACCESS)
    salt = fields.Char(groups=fields.NO_ACCESS)
    digest = fields.Char(
        required=True, help="SHA-256 of what was declared, and a salt."
    )
    voided_on = fields.Datetime()
    void_reason = fields.Text()

    def get_formview_action(self, access_uid=None):
        """A declaration is read on its request."""
        self.check_access("read")
        return self.request_id.get_formview_action(access_uid)

    @api.model
    def _get_sealable_domain(self):
        return Domain.TRUE  # signed when it is made

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
                    "signed_by": given.get("signed_by"),
                    **self._prepare_signature_vals(given),
                    "signed_on": fields.Datetime.now(),
                    "taken_by_id": self.env.uid,
                    "payload": payload,
                    "salt": salt,
                    "digest": seal.digest(payload, salt),
                }
            )
        return self.sudo().create(vals_list)  # nobody writes them by hand

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
