from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import seal


class Declaration(models.Model):
    """A signed statement that the data of a request are correct (R16).

    It names the person who is directly responsible. A digest seals the declared
    data. A later change of the data voids the declaration, but the declaration stays
    on record.

    :Who may: only the request's step makes a declaration, and nobody edits it. Users
        who may read the request may read its declarations.
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
    _device_field = "taken_by_id"
    _sealed_fields = (
        "request_id",
        "policy_id",
        "round",
        "text",
        "method",
        "signed_by",
        "on_behalf_of",
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
    round = fields.Integer(required=True, aggregator=None)
    text = fields.Text(help="As it was signed, in the language of the person.")
    method = fields.Selection(required=True)
    signed_by = fields.Char()
    on_behalf_of = fields.Char(
        help="The person of the file, where a representative signed."
    )
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
        """Open the request: a declaration has no page of its own."""
        self.check_access("read")
        return self.request_id.get_formview_action(access_uid)

    @api.model
    def _get_sealable_domain(self):
        return Domain.TRUE  # a declaration is final as soon as it is made

    @api.model
    def _sign(self, requests, given):
        """Record that ``requests`` were declared now, and return the declarations.

        :param given: the arguments of ``action_declare``
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
                    "on_behalf_of": file._get_principal(given.get("signed_by")),
                    **self._prepare_signature_vals(given),
                    "signed_on": fields.Datetime.now(),
                    "taken_by_id": self.env.uid,
                    "payload": payload,
                    "salt": salt,
                    "digest": seal.digest(payload, salt),
                }
            )
        return self.sudo().create(vals_list)  # users may not create them

    def _is_intact(self):
        """Whether the data of the request are still the declared data (R16)."""
        self.ensure_one()
        declaration = self.sudo()  # no user may read the salt
        text = seal.canonical(declaration.request_id._get_declared_data())
        return seal.is_intact(text, declaration.salt, declaration.digest)

    def _void(self, reason):
        """Mark these declarations as void; their text stays on record."""
        # Superuser: any user who changes the file voids the declaration.
        self.sudo().filtered(lambda declaration: not declaration.voided_on).write(
            {"voided_on": fields.Datetime.now(), "void_reason": reason}
        )
