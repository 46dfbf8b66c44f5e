from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import date_utils

ACTIVITY = "beneficiary_relations.mail_activity_type_policy_reading"
# The roles that apply the policy, the leading one first: a line names one of them.
ROLES = ("manager", "officer", "delegate", "researcher", "committee")


class PolicyAcknowledgement(models.Model):
    """One member of staff reads one version of the policy (R35).

    A line is opened when the policy is circulated, or when somebody joins the staff
    after that. It asks until that person has read the text and says so.

    :Who may: everybody confirms their own reading, and nobody another person's. Staff
        read their own lines; managers and auditors read all lines. Only the methods
        here write.
    """

    _name = "beneficiary.policy.acknowledgement"
    _inherit = [
        "beneficiary.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.thread.mixin",
        "mail.activity.mixin",
    ]
    _description = "Acknowledgement of a Policy"
    _order = "circulated_on desc, id desc"
    _check_company_auto = True

    policy_id = fields.Many2one(
        "beneficiary.policy", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="policy_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Reader", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(
        [
            ("manager", "Manager"),
            ("officer", "Relations Officer"),
            ("delegate", "Branch Delegate"),
            ("researcher", "Social Researcher"),
            ("committee", "Committee Member"),
        ],
        required=True,
        readonly=True,
        help="The role of this person at the time of reading; until then, at the time "
        "of circulation.",
    )
    circulated_on = fields.Datetime(required=True, readonly=True)
    read_on = fields.Datetime(readonly=True)
    reminded_on = fields.Datetime(string="Last Reminded On", readonly=True)
    # The day of the next reminder; empty where none follows.
    remind_on = fields.Date(string="Next Reminder On", readonly=True)
    policy_state = fields.Selection(related="policy_id.state", string="Policy Is")
    is_mine = fields.Boolean(compute="_compute_is_mine", search="_search_is_mine")
    text = fields.Html(compute="_compute_text", sanitize=False)

    _reader_once = models.Constraint(
        "UNIQUE (policy_id, user_id)", "This person already has this policy to read."
    )
    _remind = models.Index("(remind_on, id) WHERE read_on IS NULL")

    @api.depends("user_id", "policy_id.name", "policy_id.version")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(policy)s, version %(version)s",
                policy=line.policy_id.name or "",
                version=line.policy_id.version,
            )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for line in self:
            line.is_mine = line.user_id == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("user_id", "=" if True in value else "!=", self.env.uid)]

    @api.depends("policy_id")
    @api.depends_context("lang")
    def _compute_text(self):
        for line in self:
            line.text = self.env["ir.qweb"]._render(
                "beneficiary_relations.policy_text",
                {"sections": line.policy_id._get_sections()},
            )

    # -- actions -----------------------------------------------------------------------

    def action_acknowledge(self):
        """Record that the acting user has read the policy of their own line (R35).

        :raise AccessError: on the line of another person
        :raise UserError: when the policy is no longer in force
        """
        self.ensure_one()
        self.check_access("read")
        if not self.is_mine:
            raise AccessError(
                self.env._("Everybody confirms their own reading of the policy.")
            )
        if self.read_on:
            return True
        if self.policy_state != "in_force":
            raise UserError(
                self.env._(
                    "This version is no longer in force. Read the version that "
                    "superseded it."
                )
            )
        line = self.sudo()  # nobody has the right to write lines
        role = next((role for role in ROLES if self._has_role(role)), line.role)
        line.write({"read_on": fields.Datetime.now(), "role": role, "remind_on": False})
        line.activity_unlink([ACTIVITY])
        return True

    def action_view_policy(self):
        self.ensure_one()
        return self.policy_id.get_formview_action()

    def _has_role(self, role):
        return self.user_id.has_group(f"beneficiary_relations.group_{role}")

    # -- circulation -------------------------------------------------------------------

    @api.model
    def _get_readers(self, company):
        """Return ``{user: leading role}`` of the staff who apply the policy."""
        users = self.env["res.users"].sudo()  # not everybody reads all colleagues
        readers = {}
        for role in ROLES:
            group = self.env.ref(f"beneficiary_relations.group_{role}")
            for user in users.search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                    ("id", "!=", SUPERUSER_ID),
                ]
            ):
                readers.setdefault(user, role)
        return readers

    @api.model
    def _open(self, policy):
        """Open the lines of the readers of ``policy`` who have none yet.

        The unread lines of colleagues who have left go: nobody waits for them.

        :param policy: a policy in force
        :return: the new lines
        """
        lines = self.sudo()  # nobody has the right to make lines
        readers = self._get_readers(policy.company_id)
        known = lines.search([("policy_id", "=", policy.id)])
        known.filtered(
            lambda line: not line.read_on and line.user_id not in readers
        ).unlink()
        opened = lines.create(
            [
                {
                    "policy_id": policy.id,
                    "user_id": reader.id,
                    "role": role,
                    "circulated_on": fields.Datetime.now(),
                    "remind_on": self._get_next_reminder(policy.company_id),
                }
                for reader, role in readers.items()
                if reader not in known.exists().user_id
            ]
        )
        opened._plan_reading(lambda env: env._("Read the policy in force"))
        return opened

    @api.model
    def _get_next_reminder(self, company):
        """Return the day of the next reminder, or False when none is wanted."""
        days = company.sudo().beneficiary_policy_reminder_days  # settings of the office
        return days and date_utils.add(company._get_beneficiary_today(), days=days)

    def _plan_reading(self, summary):
        """Plan one activity for the reader of each line, and delete earlier ones."""
        self.activity_unlink([ACTIVITY])
        wanted = [(line, line.user_id, summary) for line in self]
        return self._schedule_activities(ACTIVITY, wanted)

    @api.model
    def _remind_readers(self, company):
        """Remind the readers of ``company`` who have not read its policy (R22, R35).

        :return: whether there is time left, as :meth:`_sweep` says
        """
        return self._sweep(
            Domain("company_id", "=", company.id)
            & Domain("policy_id.state", "=", "in_force")
            & Domain("read_on", "=", False)
            & Domain("remind_on", "<=", company._get_beneficiary_today()),
            lambda lines: lines._remind(),
            order="remind_on, id",
        )

    def _remind(self):
        """Remind the readers of these lines, and set the day of the next reminder.

        :param self: lines of one association
        """
        self.write(
            {
                "reminded_on": fields.Datetime.now(),
                "remind_on": self._get_next_reminder(self.company_id),
            }
        )
        self._plan_reading(
            lambda env: env._("Reminder: you have not read the policy in force")
        )

    def _postpone(self, error):
        """Try the reminder that failed again tomorrow."""
        today = self.company_id._get_beneficiary_today()
        self.write({"remind_on": date_utils.add(today, days=1)})

    def _end(self):
        """Ask for these readings no more: their version is superseded."""
        self.filtered("remind_on").write({"remind_on": False})
        self.activity_unlink([ACTIVITY])

    # -- paper -------------------------------------------------------------------------

    def _get_read_text(self):
        """Return when the policy was read, as the record of acknowledgement says it."""
        self.ensure_one()
        if not self.read_on:
            return self.env._("Not read yet")
        return self._format_paper_both(self.read_on)
