from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ...rules import appointment_flow, flow
from ..association.res_company_sequence import APPOINTMENT
from ..mixins.refusal import Problem

# Only the moves write these fields: create, write, import and RPC refuse them.
MOVE_FIELDS = frozenset(
    ["name", "state", "start", "stop", "agreed_on", "reason", "asked_by_id", "event_id"]
)
# What a calendar or a list holds on to once it has begun.
PLAN_FIELDS = frozenset(["beneficiary_id", "company_id", "kind", "minutes", "place"])


class AppointmentFlow(models.Model):
    """The moves of a call or visit, by :data:`rules.appointment_flow.TRANSITIONS`."""

    _inherit = "beneficiary.appointment"
    _transitions = appointment_flow.TRANSITIONS
    _next_depends = ("state", "slot_ids", "start")

    state = fields.Selection(
        [
            ("asked", "Waits for the Office"),
            ("offered", "Times Offered"),
            ("agreed", "Agreed"),
            ("held", "Took Place"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        default="asked",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    start = fields.Datetime(string="Begins", readonly=True, copy=False, tracking=True)
    stop = fields.Datetime(string="Ends", readonly=True, copy=False)
    agreed_on = fields.Datetime(readonly=True, copy=False)
    reason = fields.Text(readonly=True, copy=False)
    asked_by_id = fields.Many2one(
        "res.users",
        string="Asked For By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        default=lambda self: self.env.user,
    )

    # Two people who choose at the same moment do not get the same officer.
    _officer_once = models.UniqueIndex(
        "(officer_id, start) WHERE state = 'agreed'",
        "The colleague has another appointment at this time. Choose another time.",
    )

    def _get_next_step(self):
        if self.state in appointment_flow.OFFERING:
            return "offer" if self.slot_ids else "suggest"
        return self.state == "agreed" and "record"

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.uid != SUPERUSER_ID:
            for vals in vals_list:
                self._refuse_vals(MOVE_FIELDS & vals.keys())
        clean = self._without_defaults(MOVE_FIELDS)
        appointments = super(AppointmentFlow, clean).create(vals_list)
        appointments = appointments.with_env(self.env)
        for company, asked in appointments.grouped("company_id").items():
            sequences = self.env["ir.sequence"].with_company(company)
            numbers = sequences._next_by_code_batch(APPOINTMENT, len(asked))
            for appointment, number in zip(asked, numbers, strict=True):
                appointment._write_flow({"name": number})
        return appointments

    def write(self, vals):
        self._refuse_vals(MOVE_FIELDS & vals.keys())
        settled = self.filtered(lambda one: one.state not in appointment_flow.OFFERING)
        if settled:
            self._refuse_vals(PLAN_FIELDS & vals.keys())
        return super().write(vals)

    def _write_flow(self, vals):
        return super().write(vals)

    def _move_to_file(self, name, file):
        """Set the file past ``write``: a merge does not change what was agreed."""
        return self._write_flow({name: file.id})

    def _get_roles(self):
        self.ensure_one()
        user = self.env.user
        if self.env.uid == SUPERUSER_ID:
            return {flow.SYSTEM} | user._get_beneficiary_roles()
        if user._is_portal():
            # Superuser: applicants may not read the file, or the people named on it.
            people = self.sudo().beneficiary_id._get_portal_users()
            return {flow.APPLICANT} if user in people else set()
        return user._get_beneficiary_roles()

    # -- moves -------------------------------------------------------------------------

    def action_offer(self):
        """Offer the times to the person, who is told of them."""
        return self._move("offer")

    def action_agree(self, slot_id=None):
        """Agree on one of the offered times.

        :param slot_id: id of the offered time
        """
        self.ensure_one()
        return self._move("agree", slot=self._find_slot(slot_id))

    def action_ask_again(self, reason=None):
        """Ask for other times, with the reason, which both sides read."""
        return self._move("ask_again", reason=reason)

    def action_cancel(self, reason=None):
        """Cancel, with the reason, which both sides read."""
        return self._move("cancel", reason=reason)

    def action_hold(self):
        """Note that it took place; the contact was logged."""
        return self._move("hold")

    def action_miss(self, reason=None):
        """Note that it did not take place, and why."""
        return self._move("miss", reason=reason)

    def _find_slot(self, slot_id):
        """Return the offered time of this record with this id as text, or ""."""
        slots = self.sudo().slot_ids.filtered(lambda slot: slot.id == slot_id)
        return str(slots.id or "")

    # -- guards ------------------------------------------------------------------------

    def _guard_alive(self, given):
        if self.beneficiary_id._is_deceased():
            return [self.env._("The person has died. Cancel this instead.")]
        return []

    def _guard_times(self, given):
        """There is at least one time, and each can still be chosen."""
        if not self.slot_ids:
            sentence = self.env._("Write at least one time, or let times be suggested.")
            return [Problem(sentence, self, "slot_ids")]
        problems = {slot.problem for slot in self.slot_ids if slot.problem}
        return [Problem(problem, self, "slot_ids") for problem in sorted(problems)]

    def _guard_time(self, given):
        slot = self.slot_ids.filtered(lambda one: str(one.id) == given.get("slot"))
        if not slot:
            return [self.env._("Choose one of the offered times.")]
        return [slot.problem] if slot.problem else []

    def _guard_recorded(self, given):
        if self.interaction_ids:
            return []
        return [self.env._("Log the call or visit first, with the button “Record It”.")]

    def _guard_begun(self, given):
        if self.start and self.start <= fields.Datetime.now():
            return []
        return [self.env._("It has not begun yet. Cancel it, or ask for another time.")]

    @api.model
    def _stop_for_death(self, files):
        """Cancel what is open for people who have died: nobody calls or visits them."""
        stopped = self.sudo().search(
            Domain("beneficiary_id", "in", files.ids) & self._get_open_domain()
        )
        for company, appointments in stopped.grouped("company_id").items():
            office = appointments.with_context(lang=company._get_beneficiary_lang())
            reason = office.env._("The person has died.")
            office._do_move("cancelled", {"reason": reason})

    # -- what a move writes ------------------------------------------------------------

    def _do_agree(self, target, given):
        slot = self.slot_ids.filtered(lambda one: str(one.id) == given["slot"])
        self._write_flow(
            {
                "start": slot.start,
                "stop": self._get_stop(slot.start),
                "agreed_on": fields.Datetime.now(),
                "reason": False,
            }
        )

    def _do_ask_again(self, target, given):
        self._write_flow({"start": False, "stop": False, "reason": given.get("reason")})

    def _do_cancel(self, target, given):
        self._write_flow({"reason": given.get("reason")})

    _do_miss = _do_cancel

    def _log_move(self, move, target, given):
        reason = given.get("reason")
        if reason:
            body = self._describe_move(target, reason)
            self._message_log_batch({one.id: body for one in self})
