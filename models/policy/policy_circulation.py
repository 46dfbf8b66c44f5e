from odoo import api, fields, models
from odoo.exceptions import UserError

ACKNOWLEDGEMENT = "beneficiary.policy.acknowledgement"


class PolicyCirculation(models.Model):
    """The policy in force goes to all staff, who confirm that they have read it (R35).

    :Who may: managers circulate it. A scheduled action asks colleagues who joined
        later, and reminds those who have not read it.
    """

    _name = "beneficiary.policy"
    _inherit = ["beneficiary.policy", "beneficiary.sweep.mixin"]

    acknowledgement_ids = fields.One2many(
        ACKNOWLEDGEMENT, "policy_id", string="Acknowledgements"
    )
    circulated_on = fields.Datetime(compute="_compute_circulation", compute_sudo=True)
    reader_count = fields.Integer(
        string="Readers",
        compute="_compute_circulation",
        compute_sudo=True,
        aggregator=None,
    )
    read_count = fields.Integer(
        string="Have Read It",
        compute="_compute_circulation",
        compute_sudo=True,
        aggregator=None,
    )
    has_unread = fields.Boolean(compute="_compute_has_unread")

    @api.depends("acknowledgement_ids.read_on", "acknowledgement_ids.circulated_on")
    def _compute_circulation(self):
        groups = {
            policy: values
            for policy, *values in self.env[ACKNOWLEDGEMENT]._read_group(
                [("policy_id", "in", self.ids)],
                ["policy_id"],
                ["circulated_on:min", "__count", "read_on:count"],
            )
        }
        for policy in self:
            first, readers, read = groups.get(policy._origin, (False, 0, 0))
            policy.circulated_on = first
            policy.reader_count = readers
            policy.read_count = read

    @api.depends("state", "acknowledgement_ids.read_on")
    @api.depends_context("uid")
    def _compute_has_unread(self):
        """Whether the acting user is asked to read this policy."""
        waiting = self.env[ACKNOWLEDGEMENT].search(self._get_unread_domain()).policy_id
        for policy in self:
            policy.has_unread = policy._origin in waiting

    def _get_unread_domain(self):
        return [
            ("policy_id", "in", self.ids),
            ("policy_id.state", "=", "in_force"),
            ("user_id", "=", self.env.uid),
            ("read_on", "=", False),
        ]

    def _write_state(self, vals):
        result = super()._write_state(vals)
        if vals.get("state") == "superseded":
            self.sudo().acknowledgement_ids._end()  # nobody writes lines
        return result

    # -- actions -----------------------------------------------------------------------

    def action_circulate(self):
        """Ask all staff to read this policy, and show who has read it (R35)."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "in_force":
            raise UserError(
                self.env._("Put the policy in force first: then it is circulated.")
            )
        self._circulate()
        return self.action_view_acknowledgements()

    def action_read(self):
        """Open this policy for reading, with the button that confirms it."""
        self.ensure_one()
        self.check_access("read")
        line = self.env[ACKNOWLEDGEMENT].search(
            [("policy_id", "=", self.id), ("user_id", "=", self.env.uid)], limit=1
        )
        if not line:
            raise UserError(
                self.env._("This policy has not been circulated to you to be read.")
            )
        return line.get_formview_action()

    def action_view_acknowledgements(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.acknowledgement_action"
        )
        return {
            **action,
            "domain": [("policy_id", "=", self.id)],
            "context": {},
        }

    def _circulate(self):
        """Open a line for each reader who has none, and note it on the policy."""
        opened = self.env[ACKNOWLEDGEMENT]._open(self)
        if opened:
            self.message_post(
                body=self.env._(
                    "Circulated. New readers: %(count)s", count=len(opened)
                ),
                subtype_xmlid="mail.mt_note",
            )

    # -- scheduled action --------------------------------------------------------------

    @api.model
    def _cron_follow_up(self):
        """Ask new colleagues, remind readers, and ask for the review (R22, R35, R49).

        One failing association does not stop the others; it is tried again with the
        next run.
        """
        policies = self.search([("state", "=", "in_force")], order="company_id")
        for number, policy in enumerate(policies._group_by_association(), 1):
            self._treat(policy, self._follow_up, lambda _policy, _error: None)
            self.env["ir.cron"]._commit_progress(1, remaining=len(policies) - number)
        for company in policies.company_id:
            if not self.env[ACKNOWLEDGEMENT]._remind_readers(company):
                return

    @api.model
    def _follow_up(self, policy):
        """Do what is due today for a policy in force."""
        if policy.circulated_on:
            policy._circulate()
        policy._ask_for_review()
