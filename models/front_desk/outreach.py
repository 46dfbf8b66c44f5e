from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import flow
from ..mixins.refusal import Problem, refusal
from .outreach_line import CONTACTED


class Outreach(models.Model):
    """People to contact on the association's own initiative (R28).

    The outreach counts the results, and so shows how far it has come.

    :Who may: officers plan an outreach from the list of files and work through it.
        Delegates work through the people of their branches. Researchers and auditors
        read.
    :States: draft -> running -> done.
    """

    _name = "beneficiary.outreach"
    _inherit = ["beneficiary.mixin", "beneficiary.thread.mixin", "mail.activity.mixin"]
    _description = "Outreach"
    _order = "id desc"
    _check_company_auto = True
    _role_fields = {"officer_id": (flow.OFFICER,)}

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    purpose = fields.Text(
        help="The reason for this outreach, and the people to contact."
    )
    script = fields.Text(string="What to Say")
    channel_id = fields.Many2one(
        "beneficiary.channel",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_allowed_channel_ids"
    )
    officer_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=lambda self: self._get_role_domain(flow.OFFICER),
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("done", "All Done")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "beneficiary.outreach.line", "outreach_id", string="People"
    )
    line_count = fields.Integer(string="People to Reach", compute="_compute_progress")
    contacted_count = fields.Integer(
        string="People Contacted", compute="_compute_progress"
    )
    reached_count = fields.Integer(string="Were Reached", compute="_compute_progress")
    no_answer_count = fields.Integer(
        string="Without Answer", compute="_compute_progress"
    )
    wrong_number_count = fields.Integer(
        string="Wrong Number", compute="_compute_progress"
    )
    declined_count = fields.Integer(string="Who Declined", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")

    @api.depends("company_id")
    def _compute_allowed_channel_ids(self):
        for outreach in self:
            policy = outreach.company_id._get_beneficiary_policy()
            outreach.allowed_channel_ids = policy._get_channels()

    @api.depends("line_ids.state")
    def _compute_progress(self):
        counts = {
            (outreach, state): count
            for outreach, state, count in self.env[
                "beneficiary.outreach.line"
            ]._read_group(
                [("outreach_id", "in", self.ids)], ["outreach_id", "state"], ["__count"]
            )
        }
        for outreach in self:
            of = {state: counts.get((outreach, state), 0) for state in CONTACTED}
            contacted = sum(of.values())
            total = contacted + counts.get((outreach, "to_contact"), 0)
            outreach.line_count = total
            outreach.contacted_count = contacted
            outreach.reached_count = of["reached"]
            outreach.no_answer_count = of["no_answer"]
            outreach.wrong_number_count = of["wrong_number"]
            outreach.declined_count = of["declined"]
            outreach.progress = 100 * contacted / total if total else 0

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any("state" in vals for vals in vals_list):
            self._refuse_state()
        clean = self._without_defaults({"state"})
        return super(Outreach, clean).create(vals_list)

    def write(self, vals):
        if "state" in vals:
            self._refuse_state()
        return super().write(vals)

    def _refuse_state(self):
        raise UserError(
            self.env._("An outreach is started and ended with its buttons.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(outreach.state != "draft" for outreach in self):
            raise UserError(self.env._("Only a draft can be deleted. End it instead."))

    # -- actions -----------------------------------------------------------------------

    @api.model
    def action_plan(self, file_ids):
        """Draft an outreach to files, and open it.

        :param list file_ids: ids of the files; closed files are left out
        """
        self.check_access("create")
        files = self.env["beneficiary.beneficiary"].browse(file_ids).exists()
        files.check_access("read")
        files = files.filtered(lambda file: file.state not in ("closed", "deceased"))
        if not files:
            raise UserError(self.env._("Choose files that are not closed."))
        if len(files.company_id) > 1:
            raise UserError(self.env._("Choose files of one association."))
        channels = files.company_id._get_beneficiary_policy()._get_channels()
        outreach = self.create(
            {
                "name": self.env._("New outreach"),
                "company_id": files.company_id.id,
                "channel_id": (
                    channels.filtered(lambda channel: channel.code == "phone")
                    or channels
                )[:1].id,
                "line_ids": [
                    fields.Command.create({"beneficiary_id": file.id}) for file in files
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": outreach.id,
            "views": [(False, "form")],
        }

    def action_start(self):
        """Start the outreach: from now on results can be written."""
        self.check_access("write")
        for outreach in self:
            if outreach.state != "draft" or not outreach.line_ids:
                sentence = self.env._(
                    "Only a draft with people to reach can be started."
                )
                raise refusal(Problem(sentence, outreach, "line_ids"))
            if outreach.channel_id not in outreach.allowed_channel_ids:
                sentence = self.env._("Choose a channel that the policy allows.")
                raise refusal(Problem(sentence, outreach, "channel_id"))
        return super().write({"state": "running"})

    def action_done(self):
        """End the outreach; people who were not contacted keep that result."""
        self.check_access("write")
        if any(outreach.state != "running" for outreach in self):
            raise UserError(self.env._("Only a running outreach can be ended."))
        return super().write({"state": "done"})

    def action_reopen(self):
        """Go on with an outreach that was ended by mistake."""
        self.check_access("write")
        if any(outreach.state != "done" for outreach in self):
            raise UserError(self.env._("Only an outreach that has ended goes on."))
        return super().write({"state": "running"})

    def action_view_lines(self):
        """Open the list of people, to work through it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.outreach_line_action"
        )
        action["domain"] = [("outreach_id", "=", self.id)]
        action["context"] = {"search_default_filter_to_contact": self.state != "done"}
        return action
