from odoo import api, fields, models

# Fields of the form that each move gets; the request decides what it needs.
MOVE_FIELDS = {
    "submit": ("evidence", "minutes"),
    "verify": ("evidence",),
    "return": ("reason",),
    "declare": (
        "signed_by",
        "signature",
        "paper",
        "witness_1",
        "witness_2",
        "waiver",
    ),
    "notify": ("channel_id", "text"),
    "release": ("reason",),
    "register": ("evidence",),
    "deliver": ("evidence", "reason"),
    "cancel": ("reason",),
    "appeal": ("reason", "channel_id"),
    "reopen": ("reason",),
    "redeliver": ("reason",),
    "reissue_letter": ("correction", "reason"),
}


class RequestMove(models.TransientModel):
    """The form for a step of a request.

    It holds no rule: it passes the input to the method of the request.
    """

    _name = "beneficiary.request.move"
    _inherit = ["beneficiary.form.mixin", "beneficiary.upload.mixin"]
    _description = "Step of a Request"
    _upload_fields = {"signature": None, "paper": "paper_name"}

    request_id = fields.Many2one("beneficiary.request", required=True)
    move = fields.Selection(
        [
            ("submit", "Receive and Submit"),
            ("verify", "Verify"),
            ("return", "Return"),
            ("declare", "Sign the Declaration"),
            ("notify", "Give the Notice"),
            ("release", "Release the Reply"),
            ("register", "Register"),
            ("deliver", "Deliver"),
            ("cancel", "Cancel"),
            ("appeal", "File an Appeal"),
            ("reopen", "Reopen"),
            ("redeliver", "Deliver Again"),
            ("reissue_letter", "Reissue the Letter"),
        ],
        required=True,
    )
    evidence = fields.Text()
    minutes = fields.Integer(string="Minutes Given")
    reason = fields.Text()
    correction = fields.Text(string="What Is Corrected")
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    service_id = fields.Many2one(related="request_id.service_id", related_sudo=False)
    amount_requested = fields.Monetary(
        related="request_id.amount_requested", related_sudo=False
    )
    undelivered_amount = fields.Monetary(
        string="Not Delivered", compute="_compute_undelivered_amount"
    )
    signers = fields.Char(string="Who May Sign", compute="_compute_from_request")
    signed_by = fields.Char()
    signature = fields.Image(max_width=1024, max_height=1024)
    paper = fields.Binary(string="Signed Paper")
    paper_name = fields.Char()
    witness_1 = fields.Char(string="First Witness")
    witness_2 = fields.Char(string="Second Witness")
    waiver = fields.Text(string="Why Nobody Can Sign")
    can_sign = fields.Boolean(compute="_compute_from_request")
    declaration_text = fields.Text(compute="_compute_from_request")
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_from_request"
    )
    channel_id = fields.Many2one("beneficiary.channel")
    text = fields.Text(
        string="What Was Said",
        compute="_compute_text",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("request_id")
    def _compute_from_request(self):
        self._check_targets()
        for wizard in self:
            policy = wizard.request_id.policy_id
            signers = wizard.request_id.beneficiary_id._get_signers(self.env.user)
            wizard.signers = wizard.request_id._list_words(signers)
            wizard.can_sign = wizard.request_id.beneficiary_id._can_sign()
            lang = wizard.request_id.beneficiary_id.lang or self.env.lang
            wizard.declaration_text = policy.with_context(lang=lang).declaration_text
            wizard.allowed_channel_ids = policy._get_channels()

    @api.depends("request_id")
    def _compute_undelivered_amount(self):
        """Only for registered requests: earlier, the amount would reveal the grant."""
        self._check_targets()
        for wizard in self:
            request = wizard.request_id
            wizard.undelivered_amount = (
                request.state == "registered" and request._get_undelivered_amount()
            )

    @api.depends("request_id")
    def _compute_text(self):
        self._check_targets()
        for wizard in self:
            wizard.text = wizard.request_id.policy_id.notice_text

    def action_confirm(self):
        """Take the step with the input of the form."""
        self.ensure_one()
        names = MOVE_FIELDS[self.move]
        return self._pass_on(self.request_id, f"action_{self.move}", names)
