from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import conversation, flow
from ..association.res_company_sequence import REQUEST


class Request(models.Model):
    """A support request: what a beneficiary asks for, and its whole life after that.

    :Who may: officers make and read the association's requests; delegates make and
        read the requests of their branches. Researchers and auditors read.
        Committee members read the requests that are before their committee. Roles
        decide who may take each step, as ``rules/flow.py`` lists them. Portal users
        read a few fields of their own requests; their input passes through the
        controller.
    :States: draft -> submitted -> verified -> declared -> in review -> decided (the
        reply is held) -> accepted -> registered -> delivered -> closed, or rejected
        -> closed; returned for completion, or cancelled.
    :Parts: a file each, beside this one
        ``request_flow``: the moves
        ``request_guard``: the checks that can refuse a move
        ``request_pages``: how much stands on the pages of its form
        ``request_effect``: what each move writes
        ``request_service``: what the service asks for
        ``request_defaults``: what a form proposes
        ``request_eligibility``: the service's criteria, as advice
        ``request_declaration``: what is declared and signed
        ``request_clock``: when the reply is due, and what moves that date
        ``request_due``: how urgent its reply is
        ``request_release``: how the reply is held, and how it leaves
        ``request_reply``: the proof that it was given, and what needs a person
        ``request_escalation``: reminders about a late reply
        ``request_preview``: the date of the reply, in words
        ``request_appeal``: appeal and reopening
        ``request_delivery``: what is handed over
        ``request_reissue``: a letter that had a mistake
        ``request_rating``: the applicant's rating
        ``request_story``: everything that happened, on one page
        ``request_portal``: what the applicant sees and does
        ``request_portal_page``: the words of the applicant's pages
        ``request_turn``: where it stands for the applicant, and whose turn it is
        ``request_notice``: when the applicant is told that it is their turn
        ``request_migration``: requests from earlier records
        ``request_search``: how it is found, and whose turn it is
        ``request_each``: what is done with many requests at once
    """

    _name = "beneficiary.request"
    _inherit = [
        "beneficiary.pages.mixin",
        "beneficiary.next.mixin",
        "beneficiary.flow.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.rated.mixin",
        "rating.mixin",
        "beneficiary.whatsapp.mixin",
        "beneficiary.branch.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.assigned.mixin",
        "beneficiary.file.mixin",
        "beneficiary.mixin",
        "portal.mixin",
        "beneficiary.thread.mixin",
        "mail.activity.mixin",
    ]
    _description = "Support Request"
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _has_applicant = True
    _role_fields = {"officer_id": (flow.OFFICER,), "delegate_id": (flow.DELEGATE,)}

    name = fields.Char(string="Number", default="/", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one(
        "beneficiary.policy", readonly=True, copy=False, index="btree_not_null"
    )
    policy_tool_ids = fields.One2many(
        related="policy_id.tool_line_ids", string="Tools of the Policy"
    )
    has_policy_tools = fields.Boolean(compute="_compute_has_policy_tools")
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    beneficiary_kind = fields.Selection(related="beneficiary_id.kind")
    partner_id = fields.Many2one(
        related="beneficiary_id.partner_id",
        groups="beneficiary_relations.group_officer",
    )
    service_id = fields.Many2one(
        "beneficiary.service",
        required=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    channel_id = fields.Many2one(
        "beneficiary.channel",
        required=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    channel_requires_branch = fields.Boolean(compute="_compute_channel_requires_branch")
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel",
        compute="_compute_allowed_channel_ids",
        compute_sudo=True,  # what a policy allows is no secret
        context={"active_test": False},  # no look at each: the list leaves them out
    )
    officer_id = fields.Many2one(
        "res.users",
        string="Relations Officer",
        default=lambda self: self._default_officer_id(),
        domain=lambda self: self._get_role_domain(flow.OFFICER),
        tracking=True,
    )
    committee_id = fields.Many2one(
        "beneficiary.committee",
        compute="_compute_committee_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        tracking=True,
    )
    description = fields.Text(string="What Is Asked For", tracking=True)
    amount_requested = fields.Monetary(tracking=True)
    # Stored in the request's row, so that PostgreSQL makes one of two concurrent
    # changes fail and be retried.
    amount_planned = fields.Monetary(
        string="Planned and Delivered",
        compute="_compute_amount_planned",
        compute_sudo=True,
        store=True,
        precompute=True,
        help="The total of all deliveries that are not cancelled.",
    )
    verification_ids = fields.One2many(related="beneficiary_id.verification_ids")
    interaction_ids = fields.One2many(
        "beneficiary.interaction", "request_id", string="Interactions"
    )
    decision_ids = fields.One2many(
        "beneficiary.decision", "request_id", string="Decisions", readonly=True
    )
    notice_ids = fields.One2many(
        "beneficiary.notice", "request_id", string="Notices", readonly=True
    )

    _amount_requested_positive = models.Constraint(
        "CHECK (amount_requested >= 0)", "The amount asked for cannot be negative."
    )
    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This request number is already in use."
    )
    # The file is in it for the list of files with open requests.
    _open_order = models.Index(
        "(company_id, id DESC) INCLUDE (beneficiary_id)"
        " WHERE state NOT IN ('closed', 'cancelled')"
    )
    # The columns of the cards: the first ones of each state.
    _open_columns = models.Index(
        "(state, company_id, id DESC) WHERE state NOT IN ('closed', 'cancelled')"
    )
    _committee_open = models.Index("(committee_id, id DESC) WHERE state = 'in_review'")
    _file_history = models.Index("(beneficiary_id, id DESC)")
    # Whose files the members of a committee read.
    _raised_files = models.Index(
        "(committee_id, beneficiary_id) WHERE raised_on IS NOT NULL"
    )
    # Each answers a count of its groups without the table, as the rule of associations
    # asks for it. They stand in for indexes of these columns alone.
    # Which files a delegate reads because of a request.
    _branch_files = models.Index(
        "(branch_id, beneficiary_id) WHERE branch_id IS NOT NULL"
    )
    _by_state = models.Index("(state, company_id)")
    _by_service = models.Index("(service_id, company_id)")
    _by_committee = models.Index("(committee_id, company_id)")
    _by_officer = models.Index("(officer_id, company_id)")
    _by_channel = models.Index("(channel_id, company_id)")

    @api.model
    def _default_officer_id(self):
        user = self.env.user
        return user if user.has_group("beneficiary_relations.group_officer") else False

    @api.depends("service_id")
    def _compute_committee_id(self):
        for request in self:
            if request.state in flow.EDITABLE:
                request.committee_id = request.service_id.committee_id

    @api.depends("channel_id.requires_branch")
    def _compute_channel_requires_branch(self):
        for request in self:
            needed = request.channel_id._origin._needs_branch()
            request.channel_requires_branch = needed

    @api.depends("policy_id", "company_id")
    def _compute_allowed_channel_ids(self):
        for request in self:
            request.allowed_channel_ids = request._get_policy()._get_channels()

    @api.depends("policy_id")
    def _compute_has_policy_tools(self):
        for request in self:
            request.has_policy_tools = request.policy_id._has_tools()

    @api.model
    def _complete_vals(self, vals_list):
        """Add the number and the policy that the association gives a new request."""
        by_company = {}
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            by_company.setdefault(company, []).append(vals)
        for company, company_vals in by_company.items():
            association = self.env["res.company"].browse(company)
            policy = association._get_beneficiary_policy()
            numbers = (
                self.env["ir.sequence"]
                .with_company(association)
                ._next_by_code_batch(REQUEST, len(company_vals))
            )
            for vals, number in zip(company_vals, numbers, strict=True):
                vals.update(name=number, policy_id=policy.id)

    def _add_precomputed_values(self, vals_list):
        """Compute as superuser: who makes a request may not read all its fields.

        All stored fields are computed before the row is written. Otherwise it would be
        written twice, and all that it refers to would be looked up again.
        """
        return super(Request, self.sudo())._add_precomputed_values(vals_list)

    def _get_current_decision(self):
        """Return the decision of the current round, or an empty record."""
        self.ensure_one()
        if not self.raised_on and self.origin == "lived":
            return self.env["beneficiary.decision"]  # nothing was studied yet
        return self._get_current_decisions()

    def _get_current_decisions(self):
        """Return the decisions of the current rounds of these requests."""
        decisions = self.decision_ids
        current = decisions.filtered(
            lambda decision: (
                decision.round == decision.request_id.round
                and decision.state != "withdrawn"
            )
        )
        # A filter forgets what is read together: ballots would be read one by one.
        return current.with_prefetch(decisions._prefetch_ids)

    def _get_conversation_roles(self, users):
        """Treat users who study a request as committee members only."""
        committee = self.sudo().committee_id  # the name of the committee is no secret
        seated = {seat.user_id for seat in committee._get_seats_in_office()}
        members = users.filtered(lambda user: user.id in seated)
        studying = dict.fromkeys(members, {conversation.MEMBER})
        return super()._get_conversation_roles(users) | studying

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Recused members without another role may not post or plan (R19)."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "create" and self.env.user._is_only_member():
            recused = self.filtered(lambda request: request._is_recused())
            operations.update(dict.fromkeys(recused, "write"))
        return operations

    def _get_applicant_contacts(self):
        return self.sudo().beneficiary_id._get_applicant_contacts()

    def _get_told_contacts(self):
        return self.sudo().beneficiary_id._get_told_contacts()

    def _group_by_conversation(self):
        return self.grouped("committee_id").values()

    def _filter_traced(self):
        """Leave out what applicants write in their drafts: nobody was told it yet."""
        if not self.env.user._is_portal():
            return super()._filter_traced()
        told = self.sudo().filtered(lambda request: request.state != "draft")
        return told.with_env(self.env)

    # -- paper -------------------------------------------------------------------------

    def _get_letterhead(self):
        """Return the values of the letterhead on this request's papers (R40)."""
        self.ensure_one()
        date = self._get_local_day(self.submitted_on or fields.Datetime.now())
        return {
            "number": self.name,
            "date": date,
            "attachment_count": len(self.sudo().document_ids.filtered("file_name")),
        }

    # -- the WhatsApp message about this request ---------------------------------------

    def _prepare_whatsapp_vals(self):
        return {
            "beneficiary_id": self.beneficiary_id.id,
            "request_id": self.id,
            "company_id": self.company_id.id,
        }

    def _get_whatsapp_phone(self):
        return self.beneficiary_id._get_whatsapp_phone()

    # -- actions -----------------------------------------------------------------------

    def action_view_file(self):
        self.ensure_one()
        return self.beneficiary_id.get_formview_action()

    def action_view_decision(self):
        """Open the decision of the current round, if the user may read it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.decision_action"
        )
        action["domain"] = [("request_id", "=", self.id)]
        if decision := self._get_current_decision()._filtered_access("read"):
            action.update(views=[(False, "form")], res_id=decision.id)
        return action

    def action_open_vote(self):
        """Open the small form on which the acting member votes."""
        self.ensure_one()
        self.check_access("read")
        return self._get_current_decision().action_open_vote()

    def action_view_interactions(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.interaction_action"
        )
        action["domain"] = [("request_id", "=", self.id)]
        action["context"] = {
            "default_request_id": self.id,
            "default_beneficiary_id": self.beneficiary_id.id,
        }
        return action

    # -- referrals ---------------------------------------------------------------------

    def action_view_referrals(self):
        """Open the clarifications and case studies of this request."""
        self.ensure_one()
        self.check_access("read")
        self.env["beneficiary.referral"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.referral_action"
        )
        action["domain"] = [("request_id", "=", self.id)]
        action["context"] = {"default_request_id": self.id}
        return action

    # -- letters -----------------------------------------------------------------------

    letter_number = fields.Char(
        string="Letter", compute="_compute_letter_number", compute_sudo=True
    )

    @api.depends("decision_ids.letter_number", "decision_ids.reissue_ids")
    def _compute_letter_number(self):
        for request in self:
            # A letter answers a request that was raised, or an earlier record of one.
            may_have = request.raised_on or request.origin != "lived"
            letter = may_have and request._get_letters()[:1]
            request.letter_number = letter._get_letter()[0] if letter else False

    def _get_letters(self):
        """Return the decisions that have a letter, latest first."""
        return self.decision_ids.filtered("letter_number").sorted("id", reverse=True)

    def action_print_letter(self):
        """Print the letter of the latest released reply (R20, R40)."""
        self.ensure_one()
        self.check_access("read")
        letter = self.sudo()._get_letters()[:1]  # delegates read no decisions
        if not letter:
            raise UserError(
                self.env._(
                    "There is no letter yet: it is numbered when the reply leaves."
                )
            )
        return letter.sudo(False).action_print_letter()

    def _portal_get_letter(self, decision_id):
        """Return the decision ``decision_id`` as superuser, if its letter may be read.

        :return: an empty record if the reply has not left yet (R21), or if the
            decision belongs to another request
        """
        self._portal_check()
        letters = self.sudo()._get_letters()
        return letters.filtered(lambda letter: letter.id == decision_id)
