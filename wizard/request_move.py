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


# The step that can be taken together with a move, if nothing is missing for it.
FOLLOWED_BY = {"submit": "verify", "notify": "raise", "deliver": "close"}


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
    next_evidence = fields.Text(string="Evidence of the Verification")
    next_move = fields.Selection(
        [("verify", "Verify"), ("raise", "Raise to the Committee"), ("close", "Close")],
        compute="_compute_next_move",
    )
    # Prompts have no default: who takes the step says what was done.
    answered = fields.Selection(
        [
            ("telephone", "Questions answered by telephone"),
            ("office", "Questions answered at the office"),
            ("visit", "Questions answered at the person's home"),
        ],
        string="Reception",
    )
    compared = fields.Selection(
        [
            ("original", "Compared with the originals"),
            ("copy", "Compared with copies"),
            ("site", "Compared with the sites of the ministries"),
        ],
        string="Comparison",
    )
    registered = fields.Selection(
        [
            ("complete", "Registered: the requirements are complete"),
            ("completed", "Registered after what was missing was completed"),
        ],
        string="Registration",
    )
    handed = fields.Selection(
        [
            ("receipt", "Handed over against a signed receipt"),
            ("transfer", "Transferred to the account, with a receipt"),
        ],
        string="Hand-over",
    )
    minutes = fields.Integer(string="Minutes Given")
    reason = fields.Text(
        compute="_compute_reason", compute_sudo=False, store=True, readonly=False
    )
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
    signed_by = fields.Char(
        compute="_compute_signed_by", compute_sudo=False, store=True, readonly=False
    )
    signature = fields.Image(max_width=1024, max_height=1024)
    paper = fields.Binary(string="Signed Paper")
    paper_name = fields.Char()
    witness_1 = fields.Char(string="First Witness")
    witness_2 = fields.Char(string="Second Witness")
    waiver = fields.Text(string="Why Nobody Can Sign")
    can_sign = fields.Boolean(compute="_compute_from_request")
    declaration_text = fields.Text(compute="_compute_from_request")
    policy_id = fields.Many2one(related="request_id.policy_id", related_sudo=False)
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_from_request"
    )
    channel_id = fields.Many2one(
        "beneficiary.channel",
        compute="_compute_channel_id",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
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

    @api.depends("request_id", "move")
    def _compute_reason(self):
        """Begin the words to the applicant with what is known to be missing."""
        self._check_targets()
        for wizard in self:
            wizard.reason = (
                wizard.move == "return" and wizard.request_id._get_return_text()
            )

    @api.depends("request_id")
    def _compute_text(self):
        self._check_targets()
        for wizard in self:
            wizard.text = wizard.request_id.policy_id.notice_text

    @api.depends("request_id", "move")
    def _compute_signed_by(self):
        """Where only one person may sign, their name stands there already."""
        self._check_targets()
        for wizard in self:
            file = wizard.request_id.beneficiary_id
            is_signed = wizard.move == "declare" and file._can_sign()
            signers = file._get_signers(self.env.user) if is_signed else []
            wizard.signed_by = len(signers) == 1 and signers[0]

    @api.depends("request_id", "move")
    def _compute_channel_id(self):
        """A notice is given as the person last called or came."""
        self._check_targets()
        for wizard in self:
            request = wizard.request_id
            is_told = wizard.move == "notify" and request
            wizard.channel_id = is_told and request._get_usual_channel()

    @api.depends("request_id", "move")
    def _compute_next_move(self):
        self._check_targets()
        for wizard in self:
            following = FOLLOWED_BY.get(wizard.move)
            can_follow = (
                following
                and wizard.request_id
                and wizard.request_id._may_follow(wizard.move, following)
            )
            wizard.next_move = can_follow and following

    @api.onchange("answered", "registered", "handed")
    def _onchange_prompts(self):
        prompts = {"submit": "answered", "register": "registered", "deliver": "handed"}
        if prompt := prompts.get(self.move):
            self._suggest(prompt, "evidence")

    @api.onchange("compared")
    def _onchange_compared(self):
        self._suggest(
            "compared", "evidence" if self.move == "verify" else "next_evidence"
        )

    def action_confirm(self):
        """Take the step with the input of the form."""
        self.ensure_one()
        names = MOVE_FIELDS[self.move]
        return self._pass_on(self.request_id, f"action_{self.move}", names)

    def action_confirm_next(self):
        """Take the step and the one after it; each is recorded on its own (R10).

        Both are checked like steps that are taken one by one. If the second one is
        refused, the first one is not taken either.
        """
        action = self.action_confirm()
        following = FOLLOWED_BY.get(self.move)
        if following == "verify":
            self.request_id.action_verify(evidence=self.next_evidence)
        elif following:
            getattr(self.request_id, f"action_{following}")()
        return action

    def action_confirm_plan(self):
        """Register the request, and go on with the plan of its deliveries."""
        self.action_confirm()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.delivery_plan_action"
        )
        action["context"] = {
            "dialog_size": "large",
            "default_request_id": self.request_id.id,
        }
        return action
