from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Interaction(models.Model):
    """One contact on one channel, in or out, with anybody the association meets (R5).

    :Who may: officers log and read all contacts of the association, delegates
        those of their branches; researchers and auditors read.
    """

    _name = "beneficiary.interaction"
    _inherit = [
        "beneficiary.file.mixin",
        "beneficiary.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Interaction"
    _order = "date desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    subject = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    policy_id = fields.Many2one(
        "beneficiary.policy",
        compute="_compute_policy_id",
        store=True,
        index="btree_not_null",
    )
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_allowed_channel_ids"
    )
    channel_id = fields.Many2one("beneficiary.channel", required=True, index=True)
    channel_requires_branch = fields.Boolean(related="channel_id.requires_branch")
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True, default="in"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    minutes = fields.Integer(string="Minutes Given")
    officer_id = fields.Many2one(
        "res.users", required=True, index=True, default=lambda self: self.env.user
    )
    party_kind = fields.Selection(
        [
            ("beneficiary", "Beneficiary"),
            ("supporter", "Supporter"),
            ("volunteer", "Volunteer"),
            ("visitor", "Visitor Not Yet Known"),
        ],
        string="Party",
        required=True,
        default="beneficiary",
    )
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    party_name = fields.Char(string="Name")
    party_phone = fields.Char(string="Telephone")
    kind = fields.Selection(
        [
            ("question", "Question"),
            ("request", "Request"),
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("outreach", "Outreach"),
            ("follow_up", "Follow-up"),
            ("volunteering", "Volunteering"),
        ],
        required=True,
        default="question",
    )
    outcome = fields.Text(help="What was answered, and what happens next.")
    tool_ids = fields.Many2many(
        "beneficiary.tool",
        "beneficiary_interaction_tool_rel",
        string="Documents Shown",
        help="Documents shown or handed to the person.",
    )
    branch_id = fields.Many2one(
        "beneficiary.branch", check_company=True, index="btree_not_null"
    )
    delegate_id = fields.Many2one("res.users", index="btree_not_null")
    branch_delegate_ids = fields.Many2many(
        related="branch_id.delegate_ids", string="Delegates of the Branch"
    )
    request_id = fields.Many2one(
        "beneficiary.request", check_company=True, index="btree_not_null", copy=False
    )

    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "Minutes given cannot be negative."
    )
    _file_history = models.Index(
        "(beneficiary_id, date DESC) WHERE beneficiary_id IS NOT NULL"
    )

    @api.depends("company_id", "request_id")
    def _compute_policy_id(self):
        for interaction in self:
            interaction.policy_id = (
                interaction.request_id.policy_id
                or interaction.policy_id
                or interaction.company_id._get_beneficiary_policy()
            )

    @api.depends("policy_id")
    def _compute_allowed_channel_ids(self):
        for interaction in self:
            interaction.allowed_channel_ids = interaction.policy_id._get_channels()

    @api.constrains("channel_id", "company_id", "branch_id", "delegate_id")
    def _check_channel(self):
        for interaction in self:
            problems = interaction.policy_id._get_channel_problems(
                interaction.channel_id, interaction.branch_id, interaction.delegate_id
            )
            if problems:
                raise ValidationError("\n".join(problems))

    @api.constrains("party_kind", "beneficiary_id", "party_name")
    def _check_party(self):
        for interaction in self:
            if not interaction.beneficiary_id and not interaction.party_name:
                raise ValidationError(
                    self.env._("Choose a file, or write the person's name.")
                )

    @api.onchange("branch_id")
    def _onchange_branch_id(self):
        if len(self.branch_id.delegate_ids) == 1:
            self.delegate_id = self.branch_id.delegate_ids

    def action_open_request(self):
        """Open the request that came of this contact, or begin one (R7)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.request_action"
        )
        action["views"] = [(False, "form")]
        action["res_id"] = self.request_id.id
        if not self.request_id:
            action["context"] = {
                "default_beneficiary_id": self.beneficiary_id.id,
                "default_channel_id": self.channel_id.id,
                "default_branch_id": self.branch_id.id,
                "default_delegate_id": self.delegate_id.id,
                "default_interaction_ids": [(4, self.id)],
            }
        return action
