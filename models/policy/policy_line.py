from odoo import api, fields, models


class PolicyLine(models.AbstractModel):
    """Base of the ordered lines of a policy, which are frozen with the policy."""

    _name = "beneficiary.policy.line.mixin"
    _inherit = ["beneficiary.whole.mixin", "beneficiary.mixin"]
    _description = "Line of a Policy"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "beneficiary.policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_writable()
        return lines

    def write(self, vals):
        self._check_writable()
        result = super().write(vals)
        if "policy_id" in vals:
            self._check_writable()  # the new policy may be frozen too
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        self._check_writable()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_writable()

    def _check_writable(self):
        self.policy_id._check_not_frozen()


class PolicyClause(models.Model):
    """A point of the policy's text, in the board's order (R1).

    The preamble and the general objective are points too: each has its own place in a
    comparison, on paper and in ``doc/clauses.md``.
    """

    _name = "beneficiary.policy.clause"
    _inherit = ["beneficiary.policy.line.mixin"]
    _description = "Clause of a Policy"
    _order = "policy_id, kind, sequence, id"

    kind = fields.Selection(
        # In the order of the text, which is their alphabetical order: lists sort by it.
        [
            ("foreword", "Preamble"),
            ("goal", "General Objective"),
            ("objective", "Objective"),
            ("practice", "Practice"),
        ],
        required=True,
        default="objective",
    )
    name = fields.Text(required=True, translate=True)


class PolicyChannel(models.Model):
    """A channel that the policy allows, under the name the policy gives it (R4)."""

    _name = "beneficiary.policy.channel"
    _inherit = ["beneficiary.policy.line.mixin"]
    _description = "Channel of a Policy"
    _order = "policy_id, sequence, id"

    channel_id = fields.Many2one(
        "beneficiary.channel", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(
        string="Name in the Policy",
        translate=True,
        help="Empty: the channel's own name.",
    )

    _channel_unique = models.Constraint(
        "UNIQUE (policy_id, channel_id)", "The policy already names this channel."
    )

    @api.depends("name", "channel_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name or line.channel_id.name

    def _get_key_and_name(self):
        return self.channel_id.id, self.name


class PolicyTool(models.Model):
    """A document that the policy gives to the officer (R8)."""

    _name = "beneficiary.policy.tool"
    _inherit = ["beneficiary.policy.line.mixin"]
    _description = "Tool of a Policy"
    _order = "policy_id, sequence, id"

    tool_id = fields.Many2one(
        "beneficiary.tool", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(
        string="Name in the Policy",
        translate=True,
        help="Empty: the document's own name.",
    )
    document_id = fields.Many2one(
        "beneficiary.tool",
        string="Current Version",
        compute="_compute_document_id",
        help="The association's latest version of the document.",
    )
    version = fields.Char(compute="_compute_document_id")
    file_name = fields.Char(string="File", compute="_compute_document_id")

    _tool_unique = models.Constraint(
        "UNIQUE (policy_id, tool_id)", "The policy already names this document."
    )

    @api.depends("name", "tool_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name or line.tool_id.name

    @api.depends("tool_id.code", "policy_id.company_id")
    def _compute_document_id(self):
        """Find the association's own document of the same code, the latest of them."""
        tools = self.env["beneficiary.tool"]
        for policy, lines in self.grouped("policy_id").items():
            own = tools.search(
                [
                    ("company_id", "in", policy.company_id.ids),
                    ("code", "in", lines.tool_id.mapped("code")),
                ],
                order="id",
            )
            latest = {tool.code: tool for tool in own}
            for line in lines:
                document = latest.get(line.tool_id.code, line.tool_id)
                line.document_id = document
                line.version = document.version
                line.file_name = document.file_name

    def _get_key_and_name(self):
        return self.tool_id.code, self.name

    def action_download(self):
        """Download the file of the document, in its latest version."""
        self.ensure_one()
        self.check_access("read")
        url = f"/web/content/beneficiary.tool/{self.document_id.id}/file"
        return {
            "type": "ir.actions.act_url",
            "url": f"{url}?filename_field=file_name&download=true",
            "target": "self",
        }


class PolicyStep(models.Model):
    """A step that every request goes through, with the policy's text for it (R10)."""

    _name = "beneficiary.policy.step"
    _inherit = ["beneficiary.policy.line.mixin"]
    _description = "Step of a Policy"
    _order = "policy_id, sequence, id"

    code = fields.Selection(
        selection="_selection_code",
        required=True,
        help="Which part of a request's life this step regulates.",
    )
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    is_conditional = fields.Boolean(
        help="Used only if needed, for example a referral to the researcher."
    )

    _code_unique = models.Constraint(
        "UNIQUE (policy_id, code)", "The policy already has this step."
    )

    @api.model
    def _selection_code(self):
        return [
            ("receive", self.env._("Reception")),
            ("verify", self.env._("Verification")),
            ("refer", self.env._("Referral to the Social Researcher")),
            ("declare", self.env._("Declaration")),
            ("notify", self.env._("Notice of the Committee and Period")),
            ("register", self.env._("Registration")),
            ("deliver", self.env._("Delivery")),
        ]


class PolicySignatory(models.Model):
    """A signatory of the board's approval, by role and name (R36)."""

    _name = "beneficiary.policy.signatory"
    _inherit = ["beneficiary.policy.line.mixin"]
    _description = "Signatory of a Policy"
    _order = "policy_id, sequence, id"

    name = fields.Char(string="Role", required=True, translate=True)
    person_name = fields.Char(string="Signed By")

    def _check_writable(self):
        """Allow signatories until the approval is recorded, also once in force."""
        self.policy_id._check_approval_open()
