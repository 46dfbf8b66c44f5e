from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules import flow


class Interaction(models.Model):
    """One contact with a person on one channel, incoming or outgoing (R5).

    The policy in force at the time of the contact says which channels and documents
    the contact may name (R4, R8). Complaints, disputes and suggestions are also
    answered, see :class:`~.interaction_complaint.InteractionComplaint`.

    :Who may: officers log and read all contacts of the association. Delegates log and
        read the contacts of their branches and of the people there. Researchers and
        auditors read. Only the owner and managers read a confidential contact.
    :Parts: a file each, beside this one
        ``interaction_party``: the person of the contact
        ``interaction_complaint``: what is owed an answer, and the answers
        ``interaction_portal``: what a person writes and reads on the portal
        ``interaction_rating``: how the person was served
        ``interaction_news``: who deals with it
        ``interaction_mail``: e-mails to the association
        ``interaction_desk``: whose turn it is
    """

    _name = "beneficiary.interaction"
    _inherit = [
        "beneficiary.next.mixin",
        "beneficiary.whatsapp.mixin",
        "beneficiary.branch.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.assigned.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
        "mail.activity.mixin",
    ]
    _description = "Interaction"
    _order = "date desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True
    # Officers and managers are delegates too.
    _role_fields = {
        "officer_id": (flow.DELEGATE,),
        "delegate_id": (flow.DELEGATE,),
        "owner_id": (flow.DELEGATE,),
    }

    subject = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    policy_id = fields.Many2one(
        "beneficiary.policy",
        compute="_compute_policy_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The policy that was in force at the time of the contact.",
    )
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_allowed_channel_ids"
    )
    channel_id = fields.Many2one(
        "beneficiary.channel",
        required=True,
        check_company=True,
        index=True,
        tracking=True,  # a wrong channel is corrected, and stays to be read
    )
    channel_requires_branch = fields.Boolean(related="channel_id.requires_branch")
    channel_is_letter = fields.Boolean(related="channel_id.is_letter")
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")],
        required=True,
        default="in",
        tracking=True,
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        index=True,
        span="past",
        tracking=True,
    )
    minutes = fields.Integer(string="Minutes Given", tracking=True)
    officer_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=lambda self: self._get_role_domain(flow.DELEGATE),
        tracking=True,
    )
    kind = fields.Selection(
        [
            ("question", "Inquiry"),
            ("request", "Application"),
            ("complaint", "Complaint"),
            ("dispute", "Dispute"),
            ("suggestion", "Suggestion"),
            ("outreach", "Outreach"),
            ("follow_up", "Follow-up"),
            ("volunteering", "Volunteering"),
        ],
        required=True,
        default="question",
        tracking=True,
    )
    outcome = fields.Text(
        tracking=True, help="What was answered, and what happens next."
    )
    allowed_tool_ids = fields.Many2many(
        "beneficiary.tool", compute="_compute_allowed_tool_ids"
    )
    policy_tool_ids = fields.One2many(
        related="policy_id.tool_line_ids", string="Tools of the Policy"
    )
    tool_ids = fields.Many2many(
        "beneficiary.tool",
        "beneficiary_interaction_tool_rel",
        string="Documents Shown",
        help="Documents shown or handed to the person.",
    )
    letter_number = fields.Char(copy=False)
    letter_date = fields.Date(copy=False, span="past")
    letter_date_hijri = fields.Char(
        string="Letter Date (Hijri)",
        hijri_of="letter_date",
        compute="_compute_hijri_texts",
        store=True,
        readonly=False,
        copy=False,
    )
    letter_attachment_count = fields.Integer(
        string="Attachments of the Letter", copy=False
    )
    request_id = fields.Many2one(
        "beneficiary.request", check_company=True, index="btree_not_null", copy=False
    )
    origin_id = fields.Many2one(
        "beneficiary.interaction",
        string="Follows",
        check_company=True,
        index="btree_not_null",
        copy=False,
        help="The contact that this one answers or follows up.",
    )
    follow_up_ids = fields.One2many(
        "beneficiary.interaction", "origin_id", string="Followed By"
    )
    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "Minutes given cannot be negative."
    )
    _letter_attachments_positive = models.Constraint(
        "CHECK (letter_attachment_count >= 0)",
        "A letter cannot have fewer than no attachments.",
    )
    _file_history = models.Index(
        "(beneficiary_id, date DESC) WHERE beneficiary_id IS NOT NULL"
    )
    _company_history = models.Index("(company_id, date DESC, id DESC)")
    _visitors = models.Index(
        "(company_id, date DESC, id DESC) WHERE beneficiary_id IS NULL"
    )

    # -- computed ----------------------------------------------------------------------

    @api.depends("company_id", "date")
    def _compute_policy_id(self):
        policies = self.env["beneficiary.policy"]
        for interaction in self:
            interaction.policy_id = policies._get_in_force_on(
                interaction.company_id, interaction._get_contact_day()
            )

    @api.depends("policy_id")
    def _compute_allowed_channel_ids(self):
        for interaction in self:
            interaction.allowed_channel_ids = interaction.policy_id._get_channels()

    @api.depends("policy_id")
    def _compute_allowed_tool_ids(self):
        for interaction in self:
            interaction.allowed_tool_ids = interaction.policy_id._get_tools()

    @api.depends("beneficiary_id")
    def _compute_branch_id(self):
        """Use the person's branch; for a visitor, the branch of the acting delegate."""
        result = super()._compute_branch_id()
        self.filtered(
            lambda interaction: not interaction.branch_id
        ).branch_id = self.env["beneficiary.branch"]._get_only_own()
        return result

    @api.depends("subject", "is_confidential", "owner_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide the subject of a confidential contact, also in links to it."""
        for interaction in self:
            if interaction.sudo()._is_open_to(self.env.user):
                interaction.display_name = interaction.subject
            else:
                interaction.display_name = self.env._("Confidential")

    # -- constraints -------------------------------------------------------------------

    @api.constrains("channel_id", "company_id", "branch_id", "delegate_id", "date")
    def _check_channel(self):
        for interaction in self:
            problems = interaction.policy_id._get_channel_problems(
                interaction.channel_id, interaction.branch_id, interaction.delegate_id
            )
            if problems:
                raise ValidationError("\n".join(problems))

    @api.constrains("channel_id", "letter_number", "letter_date")
    def _check_letter(self):
        """A letter needs a number and a date, so that it can be found again (R40)."""
        for interaction in self.filtered("channel_id.is_letter"):
            if not interaction.letter_number or not interaction.letter_date:
                raise ValidationError(
                    self.env._("Write the number and the date of the letter.")
                )

    @api.constrains("tool_ids", "policy_id")
    def _check_tools(self):
        """R8: officers show only documents that the policy lists as tools."""
        for interaction in self.filtered("tool_ids"):
            policy = interaction.policy_id
            if unknown := policy._get_strange_tools(interaction.tool_ids):
                raise ValidationError(
                    self.env._(
                        "The policy does not name the document “%(document)s” among "
                        "its tools.",
                        document=unknown[0].name,
                    )
                )

    @api.constrains("beneficiary_id", "request_id", "origin_id")
    def _check_file_access(self):
        """Users may link only records that they may read (delegates, R6)."""
        # Constraints run as superuser, but the acting user needs the access.
        for linked in (self.beneficiary_id, self.request_id, self.origin_id):
            linked.sudo(False).check_access("read")

    @api.onchange("branch_id")
    def _onchange_branch_id(self):
        if len(self.branch_id.delegate_ids) == 1:
            self.delegate_id = self.branch_id.delegate_ids

    def _get_contact_day(self):
        """Return the day of the contact, in the association's time."""
        self.ensure_one()
        return self._get_local_day(self.date or fields.Datetime.now())

    # -- actions -----------------------------------------------------------------------

    def action_open_request(self):
        """Open the request that came from this contact, or begin one (R7)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.request_action"
        )
        action["views"] = [(False, "form")]
        action["res_id"] = self.request_id.id
        if not self.request_id:
            if not self.beneficiary_id:
                raise UserError(self.env._("Make a file for the person first."))
            action["context"] = {
                "default_beneficiary_id": self.beneficiary_id.id,
                "default_channel_id": self.channel_id.id,
                "default_branch_id": self.branch_id.id,
                "default_delegate_id": self.delegate_id.id,
                # Others may read the request, but not a confidential contact.
                "default_description": not self.is_confidential and self.subject,
                "default_interaction_ids": [(4, self.id)],
            }
        return action

    def action_new(self):
        """Open the small form for the next contact, after this one was saved."""
        self.check_access("create")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.interaction_action_new"
        )

    def action_follow_up(self):
        """Begin a follow-up contact on the same file and request."""
        self.ensure_one()
        self.check_access("read")
        action = self.action_new()
        action["context"] = {
            f"default_{name}": value
            for name, value in self._prepare_follow_up_vals().items()
        }
        return action

    def _prepare_follow_up_vals(self):
        """Return the values of a contact back to this person, linked to this one."""
        self.ensure_one()
        return {
            "origin_id": self.id,
            "direction": "out",
            "kind": "follow_up",
            "subject": self.subject,
            "company_id": self.company_id.id,
            "channel_id": self.channel_id.id,
            "party_kind": self.party_kind,
            "beneficiary_id": self.beneficiary_id.id,
            "party_name": self.party_name,
            "party_phone": self.party_phone,
            "party_email": self.party_email,
            "branch_id": self.branch_id.id,
            "delegate_id": self.delegate_id.id,
            "request_id": self.request_id.id,
            "is_confidential": self.is_confidential,
            "owner_id": self.is_confidential and self.owner_id.id,
        }

    def action_plan_call(self):
        """Plan a call to the person, for the user or a colleague."""
        return self._plan("mail.mail_activity_data_call")

    def action_plan_visit(self):
        """Plan a visit to the person, for the user or a colleague."""
        return self._plan("beneficiary_relations.mail_activity_type_visit")

    def _plan(self, activity_type):
        self.check_access("write")
        # If the activity type was deleted, the form asks for one.
        kind = self.env.ref(activity_type, raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an Activity"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "default_activity_type_id": kind and kind.id,
            },
        }
