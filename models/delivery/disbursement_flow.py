from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import disbursement_flow
from ..association.res_company_sequence import DISBURSEMENT
from ..mixins.refusal import Problem
from .disbursement import CRITERIA

# Only the moves write these fields: create, write, import and RPC refuse them.
MOVE_FIELDS = frozenset(
    [
        "name",
        "state",
        "prepared_by_id",
        "approved_by_id",
        "approved_on",
        "reopen_reason",
        "exported_on",
    ]
)
# Of more problems than these, only the number is told.
MOST_TOLD = 10


class DisbursementFlow(models.Model):
    """The moves of a list, by :data:`rules.disbursement_flow.TRANSITIONS` (R52)."""

    _inherit = "beneficiary.disbursement"
    _transitions = disbursement_flow.TRANSITIONS
    _next_depends = ("state", "line_ids", "exported_on")

    state = fields.Selection(
        [
            # Labels differ from those of other models, so that each of them can be
            # translated in the feminine form that Arabic needs here.
            ("draft", "Being Prepared"),
            ("approved", "List Approved"),
            ("done", "Answered by the Bank"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    prepared_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    reopen_reason = fields.Text(string="Why Opened Again", readonly=True, copy=False)

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._check_new(vals_list)
        for vals in vals_list:
            self._refuse_vals(MOVE_FIELDS & vals.keys())
        return super(DisbursementFlow, self._without_defaults(MOVE_FIELDS)).create(
            vals_list
        )

    def write(self, vals):
        self._refuse_vals(MOVE_FIELDS & vals.keys())
        frozen = self.filtered(lambda one: one.state in disbursement_flow.FROZEN)
        if frozen and (CRITERIA | {"line_ids"}) & vals.keys():
            raise UserError(
                self.env._(
                    "This list of disbursement was approved, and is not changed any "
                    "more: %(lists)s.",
                    lists=self._list_words(frozen.mapped("name")),
                )
            )
        if CRITERIA & vals.keys() and self.line_ids:
            raise UserError(
                self.env._(
                    "Payments were gathered by these days and choices already. Remove "
                    "them from the list first, or make another list."
                )
            )
        return super().write(vals)

    def _write_flow(self, vals):
        return super().write(vals)

    # -- moves -------------------------------------------------------------------------

    def action_approve(self):
        """Approve the list: it gets its number, and is frozen with its deliveries."""
        return self._move("approve")

    def action_reopen(self, reason=None):
        """Make an approved list a draft again, with the reason.

        :param reason: why, as it stays on record
        """
        return self._move("reopen", reason=reason)

    def _get_roles(self):
        return self.env.user._get_beneficiary_roles()

    def _get_next_step(self):
        if self.state == "draft":
            return "approve" if self.line_ids else "gather"
        if self.state == "approved":
            return "answer" if self.exported_on else "export"
        return False

    def _log_move(self, move, target, given):
        """Leave a note of the move on the list."""
        body = self._describe_move(target, given.get("reason"))
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return super()._log_move(move, target, given)

    # -- guards ------------------------------------------------------------------------

    def _guard_payments(self, given):
        """R52: each payment can be made today."""
        if not self.line_ids:
            return [self.env._("There is no payment in this list: gather them first.")]
        problems = [
            Problem(f"{line.beneficiary_id.display_name}: {problem}", *place)
            for line in self.line_ids
            for problem, *place in line._get_blocks()
        ]
        rest = len(problems) - MOST_TOLD
        if rest <= 0:
            return problems
        more = self.env._(
            "And as many more: %(count)s. The list shows them beside the payments.",
            count=rest,
        )
        return [*problems[:MOST_TOLD], more]

    def _guard_second(self, given):
        """R52: two people stand behind a list, if the association has two managers."""
        if self.prepared_by_id != self.env.user or not self._get_other_managers():
            return []
        return [
            self.env._(
                "You prepared this list yourself. Another manager approves it: "
                "%(managers)s.",
                managers=self._list_words(self._get_other_managers().mapped("name")),
            )
        ]

    def _get_other_managers(self):
        """Return the other people who may approve this list, as superuser."""
        group = self.env.ref("beneficiary_relations.group_manager").sudo()
        return group.all_user_ids.filtered(
            lambda user: (
                user != self.env.user
                and user._has_part({"manager"}, self.company_id)
                and not user._is_system()
            )
        )

    def _guard_own(self, given):
        return self._get_interest_problems(self.line_ids.beneficiary_id)

    def _get_interest_problems(self, files):
        """Return a sentence if the acting user has an interest in one of ``files``."""
        if self.env.user not in files._get_interested_users():
            return []
        return [
            self.env._(
                "Your own file, or one that you act for, is among the payments. Ask a "
                "colleague."
            )
        ]

    def _guard_not_exported(self, given):
        if not self.exported_on:
            return []
        return [
            self.env._(
                "The file for the bank was made: the bank may have it. Record what the "
                "bank answers; what it did not pay is planned again."
            )
        ]

    def _guard_unanswered(self, given):
        if all(line.state == "waiting" for line in self.line_ids):
            return []
        return [self.env._("The bank has answered already.")]

    # -- what each move writes ---------------------------------------------------------

    def _do_approve(self, target, given):
        for disbursement in self:
            if disbursement.name == "/":
                sequences = self.env["ir.sequence"].with_company(
                    disbursement.company_id
                )
                disbursement._write_flow({"name": sequences.next_by_code(DISBURSEMENT)})
            disbursement.line_ids._freeze()
        self._write_flow(
            {"approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()}
        )

    def _do_reopen(self, target, given):
        self.line_ids._thaw()
        self._write_flow(
            {
                "approved_by_id": False,
                "approved_on": False,
                "reopen_reason": given["reason"].strip(),
            }
        )

    def _finish(self):
        """Close the lists of these that the bank has answered in full."""
        answered = self.filtered(
            lambda one: (
                one.state == "approved"
                and "waiting" not in one.line_ids.mapped("state")
            )
        )
        answered._do_move("done", {})
