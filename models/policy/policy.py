from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache

from ...rules import clock
from ..mixins.archive_mixin import ARCHIVE_FIELDS

# The board's approval may be recorded after the policy runs, once (R36, R37).
APPROVAL_FIELDS = {
    "approval_body",
    "approval_date",
    "approval_hijri",
    "approval_session",
    "approval_term",
    "approval_stamp",
    "signatory_ids",
}
# Whether the text is shown to the public is no part of it, nor its next review.
PUBLIC_FIELDS = {"is_published", "review_due", "approval_scan", "approval_scan_name"}


class Policy(models.Model):
    """A version of the board's policy on how beneficiaries are treated (R1).

    It switches channels, tools, steps, the review period and the wording on, and
    every request carries the version that was in force when it was made.

    :Who may: managers draft a policy and put it in force; all staff read it.
    :States: draft -> in force -> superseded. One policy is in force per
        association. Once in force the text is frozen: to amend it, make a new
        version. A draft without an association is a template that ships with the
        addon: associations start from a copy of it.
    """

    _name = "beneficiary.policy"
    _inherit = [
        "beneficiary.archive.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
    ]
    _description = "Beneficiary Relations Policy"
    _order = "company_id, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    version = fields.Integer(default=1, required=True, copy=False, aggregator=None)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("in_force", "In Force"),
            ("superseded", "Superseded"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    in_force_on = fields.Date(readonly=True, copy=False)
    audience = fields.Selection(
        [("beneficiary", "Beneficiaries"), ("member", "General-Assembly Members")],
        required=True,
        default="beneficiary",
        tracking=True,
        help="Whom the policy speaks of; switches the wording of screens, portal "
        "and papers.",
    )
    officer_title = fields.Char(
        translate=True,
        help="Title of the relations officer, if the policy uses a different one.",
    )
    preamble = fields.Text(compute="_compute_texts")
    general_objective = fields.Text(compute="_compute_texts")
    declaration_text = fields.Text(
        translate=True,
        help="What the applicant signs: the data are correct, and the signer is "
        "directly responsible for them.",
    )
    notice_text = fields.Text(
        translate=True,
        help="What the applicant is told before the committee studies the request.",
    )
    clause_ids = fields.One2many(
        "beneficiary.policy.clause",
        "policy_id",
        string="Clauses",
        copy=True,
    )
    channel_line_ids = fields.One2many(
        "beneficiary.policy.channel", "policy_id", string="Channels", copy=True
    )
    tool_line_ids = fields.One2many(
        "beneficiary.policy.tool", "policy_id", string="Tools", copy=True
    )
    step_ids = fields.One2many(
        "beneficiary.policy.step", "policy_id", string="Steps", copy=True
    )
    signatory_ids = fields.One2many(
        "beneficiary.policy.signatory", "policy_id", string="Signatories"
    )

    review_mode = fields.Selection(
        [
            ("floor", "Reply not before the period has passed"),
            ("deadline", "Reply by the end of the period"),
            ("window", "Reply not before the period, and soon after it"),
        ],
        required=True,
        default="window",
        tracking=True,
    )
    review_days = fields.Integer(
        string="Review Period",
        required=True,
        default=14,
        tracking=True,
        aggregator="avg",
    )
    review_unit = fields.Selection(
        [("calendar", "Calendar Days"), ("working", "Working Days")],
        required=True,
        default="calendar",
        tracking=True,
    )
    review_minimum_days = fields.Integer(
        string="Least Days",
        required=True,
        default=14,
        tracking=True,
        help="The policy says 'not less than two weeks': a held reply never leaves "
        "before this many times 24 hours, in whatever unit the period is counted.",
        aggregator="avg",
    )

    approval_body = fields.Char(
        string="Approving Body",
        translate=True,
        copy=False,
        tracking=True,
        help="The body that approved the policy, for example the board of directors.",
    )
    approval_date = fields.Date(
        string="Approved On", copy=False, span="past", tracking=True
    )
    approval_hijri = fields.Char(
        string="Approved On (Hijri)",
        hijri_of="approval_date",
        compute="_compute_hijri_texts",
        store=True,
        readonly=False,
        copy=False,
        help="Both dates are the same day by the Umm al-Qura calendar.",
    )
    approval_session = fields.Char(string="Board Session", copy=False, tracking=True)
    approval_term = fields.Char(string="Board Term", copy=False, tracking=True)
    approval_stamp = fields.Boolean(string="Stamped", copy=False, tracking=True)
    approval_recorded = fields.Boolean(
        compute="_compute_approval_recorded",
        search="_search_approval_recorded",
        help="A policy whose approval is not recorded may run; it is shown as such.",
    )
    is_approval_closed = fields.Boolean(compute="_compute_is_approval_closed")
    supersedes_id = fields.Many2one(
        "beneficiary.policy", index="btree_not_null", readonly=True, copy=False
    )
    supersedes_text = fields.Char(
        string="Replaces",
        translate=True,
        help="The earlier rules that this policy replaces, in its own words.",
    )
    active = fields.Boolean(default=True)

    _one_in_force = models.UniqueIndex(
        "(company_id) WHERE state = 'in_force'",
        "The association already has a policy in force. Supersede it first.",
    )
    _in_force_of_company = models.Constraint(
        "CHECK (state = 'draft' OR company_id IS NOT NULL)",
        "A template cannot be put in force: make the association's version of it.",
    )
    _review_days_positive = models.Constraint(
        "CHECK (review_days > 0 AND review_minimum_days >= 0)",
        "The review period is at least one day.",
    )

    @api.depends("clause_ids.kind", "clause_ids.name")
    @api.depends_context("lang")
    def _compute_texts(self):
        """Join the points of the preamble and of the general objective (R1)."""
        for policy in self:
            policy.preamble = policy._join_clauses("foreword")
            policy.general_objective = policy._join_clauses("goal")

    def _join_clauses(self, kind):
        return "\n".join(self._get_clauses(kind).mapped("name")) or False

    def _get_clauses(self, kind):
        """Return the clauses of one kind, in the board's order."""
        return self.clause_ids.filtered(lambda clause: clause.kind == kind)

    @api.depends("approval_date")
    def _compute_approval_recorded(self):
        for policy in self:
            policy.approval_recorded = bool(policy.approval_date)

    @api.depends("state")
    def _compute_is_approval_closed(self):
        """Whether the saved approval is final; while it is being typed, it is not."""
        for policy in self:
            recorded = policy._origin.approval_date
            policy.is_approval_closed = not policy.company_id or bool(
                policy.state != "draft" and recorded
            )

    def _search_approval_recorded(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("approval_date", "!=" if True in value else "=", False)]

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(self.env._("A policy is drafted first, then put in force."))
        policies = self._without_defaults({"state", "in_force_on", "supersedes_id"})
        return super(Policy, policies).create(vals_list)

    def write(self, vals):
        if "state" in vals:
            raise UserError(
                self.env._("Use the buttons to put a policy in force or to amend it.")
            )
        if not vals.get("active", True) and "in_force" in self.mapped("state"):
            raise UserError(
                self.env._(
                    "This policy is in force. Put another one in force first, then "
                    "archive it."
                )
            )
        if vals.keys() - ARCHIVE_FIELDS - APPROVAL_FIELDS - PUBLIC_FIELDS:
            self._check_not_frozen()
        elif APPROVAL_FIELDS & vals.keys():
            self._check_approval_open()
        # Signatories are written first: they are refused once there is a date.
        if "signatory_ids" in vals:
            super().write({"signatory_ids": vals["signatory_ids"]})
            vals = {name: vals[name] for name in vals if name != "signatory_ids"}
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        """Translations are the board's text too, and do not pass through ``write``."""
        self._check_not_frozen()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for policy, vals in zip(self, vals_list, strict=True):
            company = policy.company_id or self.env.company
            vals["company_id"] = (default or {}).get("company_id", company.id)
            vals["supersedes_text"] = policy.supersedes_text
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()

    def _get_archive_problems(self):
        return self._get_open_request_problems([("policy_id", "=", self.id)])

    @api.model
    def _get_use_problems(self, domain):
        """Return a sentence that names the policies in force in ``domain``, if any."""
        policies = self.search(domain + [("state", "=", "in_force")])
        if not policies:
            return []
        return [
            self.env._(
                "The policy in force names it: %(policies)s. Put a version without it "
                "in force first.",
                policies=self._list_words(policies.mapped("name")),
            )
        ]

    def _check_not_frozen(self):
        """Raise if one of these policies is, or was, in force: its text is frozen."""
        if any(policy.state != "draft" for policy in self):
            raise UserError(
                self.env._(
                    "The text of a policy is frozen once it is in force. Make a new "
                    "version and change that."
                )
            )

    def _check_approval_open(self):
        """Raise if a recorded approval of a policy in force would change."""
        self.filtered("approval_recorded")._check_not_frozen()

    # -- actions -----------------------------------------------------------------------

    def action_new_version(self):
        """Copy this policy, or template, into a draft of the current association."""
        self.ensure_one()
        self._check_manager()
        draft = self.copy({"name": self.name})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("beneficiary_relations.group_manager"):
            raise AccessError(self.env._("Only managers can put a policy in force."))

    def _write_state(self, vals):
        """Write states and clear the cache of policies in force.

        No other method writes states.
        """
        result = super().write(vals)
        self.env.registry.clear_cache()
        for model in ("beneficiary.channel", "beneficiary.tool"):
            self.env[model].invalidate_model(["display_name"])
        return result

    # -- what requests, contacts and screens read from a policy ------------------------

    @api.model
    def _get_in_force(self, company):
        """Return the policy in force of ``company``, or an empty record."""
        return self.browse(self._get_in_force_id(company.id))

    @api.model
    @ormcache("company_id")
    def _get_in_force_id(self, company_id):
        policy = self.sudo().search(  # which policy runs is no secret
            [("company_id", "=", company_id), ("state", "=", "in_force")], limit=1
        )
        return policy.id

    @api.model
    def _get_in_force_on(self, company, day):
        """Return the policy that ruled ``company`` on ``day``, or an empty record.

        For a day before the first policy, the first policy is returned.
        """
        policy_id = False
        for start, id_ in self._get_in_force_periods(company.id):
            if policy_id and start > day:
                break
            policy_id = id_
        return self.browse(policy_id)

    @api.model
    @ormcache("company_id")
    def _get_in_force_periods(self, company_id):
        """Return (first day in force, id) of the company's policies, oldest first."""
        policies = (
            self.sudo()  # which policy ruled is no secret
            .with_context(active_test=False)
            .search(
                [("company_id", "=", company_id), ("state", "!=", "draft")],
                order="in_force_on, version, id",
            )
        )
        return tuple((policy.in_force_on, policy.id) for policy in policies)

    def _count_review_days(self, days):
        """Return a number of days of review in words, in this policy's unit (R21)."""
        unit = "working day" if self.review_unit == "working" else "day"
        return self._count_in_words(days, unit)

    def _get_review_period(self):
        """Return the review period of this policy for the rules (R21)."""
        self.ensure_one()
        company = self.company_id
        return clock.ReviewPeriod(
            mode=self.review_mode,
            days=self.review_days,
            unit=self.review_unit,
            minimum_days=self.review_minimum_days,
            grace_days=company.beneficiary_grace_days,
            release_hour=company.beneficiary_release_time,
            timezone=company._get_beneficiary_timezone(),
        )

    def _has_step(self, code):
        """Whether the policy asks for the step ``code`` (R3, R10)."""
        self.ensure_one()
        if self._is_frozen():
            return code in self._get_step_codes()
        return code in self.step_ids.mapped("code")

    def _get_channels(self):
        """Return the allowed channels in the policy's order (R4)."""
        if self._is_frozen():
            lines = self.sudo()._get_line_names("channel_line_ids")  # no secret
            return self.env["beneficiary.channel"].browse([id_ for id_, _name in lines])
        return self.channel_line_ids.channel_id

    def _has_tools(self):
        """Whether the policy gives documents to the officer (R8)."""
        if self._is_frozen():
            return bool(self.sudo()._get_line_names("tool_line_ids"))  # no secret
        return bool(self.tool_line_ids)

    def _is_frozen(self):
        """Whether this is one policy whose lines change no more, so they are kept."""
        return len(self) == 1 and self == self._origin and self._is_approved()

    @ormcache("self.id")
    def _is_approved(self):
        return self.sudo().state != "draft"  # no secret

    @ormcache("self.id")
    def _get_step_codes(self):
        return frozenset(self.sudo().step_ids.mapped("code"))  # no secret

    def _get_desk_channels(self):
        """Return the allowed channels on which the front desk talks to a person."""
        return self._get_channels().filtered(lambda channel: not channel.is_portal)

    def _get_tools(self):
        """Return the documents that the policy gives to the officer, as they are now.

        Each is the association's latest version (R8).
        """
        return self.tool_line_ids.document_id

    def _get_strange_tools(self, tools):
        """Return those of ``tools`` that this policy does not name, in any version."""
        known = set(self.tool_line_ids.tool_id.mapped("code"))
        return tools.filtered(lambda tool: tool.code not in known)

    @ormcache("self.id", "lines", "self.env.lang")
    def _get_line_names(self, lines):
        """Return ``(key, name)`` of the lines in the board's order (R2, R4).

        The lines of a policy that is or was in force are frozen, so they are kept.

        :param lines: "channel_line_ids" or "tool_line_ids"
        :return: the key by which the named model knows its line, and the name that the
            policy gives it, which may be empty
        """
        self.ensure_one()
        return tuple(line._get_key_and_name() for line in self[lines])

    def _get_channel_name(self, channel):
        """Return the policy's name for ``channel`` (R2)."""
        line = self.channel_line_ids.filtered(lambda line: line.channel_id == channel)
        return line.display_name or channel.name

    def _get_form_title(self):
        """Return the title of the printed request form (R9)."""
        self.ensure_one()
        source = self.env._("Beneficiary Support Request")
        return self._word(source)

    def _word(self, text):
        """Return ``text`` in the wording of this policy's audience (R2)."""
        self.ensure_one()
        return self._get_audience_wording(self.audience).get(text, text)

    def _get_channel_problems(self, channel, branch, delegate):
        """Return the reasons why a contact or request may not use ``channel`` (R4, R6).

        :return: translated sentences; empty when the channel may be used
        """
        if not self:
            return [
                self.env._(
                    "The association has no policy in force. A manager puts one in "
                    "force under Configuration / Policies."
                )
            ]
        problems = []
        if channel not in self._get_channels():
            problems.append(
                self.env._(
                    "The policy does not allow the channel “%(channel)s”.",
                    channel=channel.name,
                )
            )
        elif channel.requires_branch:
            if not branch:
                problems.append(self.env._("Choose the branch office."))
            # The applicant may not read branches.
            if not delegate or delegate not in branch.sudo().delegate_ids:
                problems.append(self.env._("Choose a delegate of that branch office."))
        return problems
