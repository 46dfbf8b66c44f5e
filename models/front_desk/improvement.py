from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...rules import flow
from ...rules.evidence import says_nothing
from ..mixins.refusal import Problem, refusal

ACTIVITY = "beneficiary_relations.mail_activity_type_improvement"
# Only the moves write these fields.
MOVE_FIELDS = frozenset(["state", "closed_on"])


class Improvement(models.Model):
    """A change that the association makes because of people's feedback (R31).

    An improvement comes from a complaint, a suggestion or a low rating. It has an
    owner and a due date. Its outcome says what was changed, or why nothing was.

    :Who may: managers plan improvements. The owner writes the outcome and ends the
        improvement. Officers, researchers and auditors read. If it comes from a
        confidential complaint, only users who may read the complaint read it.
    :States: open -> done, or dropped.
    """

    _name = "beneficiary.improvement"
    _inherit = ["beneficiary.mixin", "beneficiary.thread.mixin", "mail.activity.mixin"]
    _description = "Improvement"
    _order = "due_on, id"
    _check_company_auto = True
    _role_fields = {"owner_id": (flow.OFFICER, flow.RESEARCHER)}

    name = fields.Char(string="What Is to Change", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    interaction_id = fields.Many2one(
        "beneficiary.interaction",
        string="Comes Of",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    source = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("rating", "Low Rating"),
            ("other", "Other"),
        ],
        required=True,
        compute="_compute_source",
        store=True,
        readonly=False,
        precompute=True,
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=lambda self: self._get_role_domain(flow.OFFICER, flow.RESEARCHER),
        tracking=True,
    )
    due_on = fields.Date(string="Due", required=True, tracking=True)
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    outcome = fields.Text(help="What was changed, or why nothing was.")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    closed_on = fields.Date(string="Ended On", readonly=True, copy=False)

    _open_due = models.Index("(company_id, due_on) WHERE state = 'open'")

    @api.depends("interaction_id")
    def _compute_source(self):
        kinds = {
            "complaint": "complaint",
            "dispute": "complaint",
            "suggestion": "suggestion",
        }
        for improvement in self:
            kind = improvement.interaction_id.kind
            improvement.source = kinds.get(kind) or improvement.source or "other"

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        for improvement in self:
            due = improvement.state == "open" and improvement.due_on
            improvement.is_overdue = bool(
                due and due < improvement.company_id._get_beneficiary_today()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_beneficiary_today()
        late = Domain("state", "=", "open") & Domain("due_on", "<", today)
        return late if True in value else ~late

    @api.constrains("owner_id", "interaction_id", "company_id")
    def _check_owner(self):
        """The owner must work for the association and be able to read this."""
        for improvement in self:
            owner, company = improvement.owner_id, improvement.company_id
            if owner.id == SUPERUSER_ID:  # owned by nobody, such as demo data
                continue
            seen = improvement.with_user(owner).with_context(
                allowed_company_ids=company.ids
            )
            if company not in owner.company_ids or not seen.has_access("read"):
                raise ValidationError(
                    self.env._(
                        "%(owner)s may not read this. Choose another owner.",
                        owner=owner.name,
                    )
                )

    @api.constrains("interaction_id")
    def _check_interaction_access(self):
        # Constraints run as superuser, but the acting user needs the access.
        self.interaction_id.sudo(False).check_access("read")

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_move_vals(vals)
        clean = self._without_defaults(MOVE_FIELDS)
        improvements = super(Improvement, clean).create(vals_list)
        improvements._plan_for_owner()
        return improvements

    def write(self, vals):
        self._refuse_move_vals(vals)
        if not self._is_manager() and vals.keys() - {"outcome"}:
            raise AccessError(
                self.env._("Managers plan improvements; owners write the outcome.")
            )
        if "outcome" in vals and any(done.state != "open" for done in self):
            raise UserError(self.env._("This improvement has ended. Reopen it first."))
        result = super().write(vals)
        if {"owner_id", "due_on"} & vals.keys():
            self._plan_for_owner()
        return result

    def _plan_for_owner(self):
        """Plan one activity for the owner, and delete all earlier ones."""
        self.activity_unlink([ACTIVITY])
        for improvement in self.filtered(lambda each: each.state == "open"):
            improvement.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY,
                date_deadline=improvement.due_on,
                user_id=improvement.owner_id.id,
            )

    def _is_manager(self):
        return self.env.su or self.env.user.has_group(
            "beneficiary_relations.group_manager"
        )

    @api.model
    def _refuse_move_vals(self, vals):
        if MOVE_FIELDS & vals.keys():
            raise UserError(self.env._("An improvement is ended with its buttons."))

    # -- moves -------------------------------------------------------------------------

    def action_done(self):
        """End the improvement as done; the outcome says what was changed."""
        return self._end("done")

    def action_drop(self):
        """End the improvement without a change; the outcome says why."""
        return self._end("dropped")

    def action_reopen(self):
        """Reopen the improvement; only managers may."""
        self.check_access("write")
        if not self._is_manager():
            raise AccessError(self.env._("Managers reopen an improvement."))
        super().write({"state": "open", "closed_on": False})
        self._plan_for_owner()
        return True

    def _end(self, state):
        self.check_access("write")
        for improvement in self:
            if improvement.state != "open":
                raise UserError(self.env._("This improvement has already ended."))
            if says_nothing(improvement.outcome):
                sentence = self.env._("Write the outcome first.")
                raise refusal(Problem(sentence, improvement, "outcome"))
        today = self.env.company._get_beneficiary_today()
        super().write({"state": state, "closed_on": today})
        self.activity_feedback([ACTIVITY])
        return True
