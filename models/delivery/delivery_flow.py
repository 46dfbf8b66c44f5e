from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_escape

from ...rules import delivery_flow, flow
from ..association.res_company_sequence import DELIVERY
from ..mixins.refusal import Problem
from .delivery import PLAN_FIELDS

# Only the moves write these fields: create, write, import and RPC refuse them.
MOVE_FIELDS = frozenset(
    [
        "state",
        "handed_on",
        "handed_by_id",
        "received_by",
        "representative_id",
        "received_on",
        "recorded_by_id",
        "method",
        "signature",
        "paper",
        "paper_name",
        "witness_1",
        "witness_2",
        "waiver",
        "cancel_reason",
        "correction_reason",
        "corrected_on",
        "corrected_by_id",
        "owed_by",
        "corrects_id",
        "plan_number",
        "disbursement_line_id",
    ]
)
# Derived from the request, so nobody may write these fields.
DERIVED_FIELDS = frozenset(
    ["name", "company_id", "beneficiary_id", "service_id", "kind", "amount_kept"]
)


class DeliveryFlow(models.Model):
    """The moves of a delivery, by :data:`rules.delivery_flow.TRANSITIONS` (R25)."""

    _inherit = "beneficiary.delivery"
    _transitions = delivery_flow.TRANSITIONS

    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("handed", "Handed Over"),
            ("received", "Received"),
            ("returned", "Came Back"),
            ("misdelivered", "Went to Somebody Else"),
            ("voided", "Recorded by Mistake"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        group_expand=True,
    )
    handed_on = fields.Date(
        string="Handed Over On", readonly=True, copy=False, span="past"
    )
    handed_by_id = fields.Many2one(
        "res.users", string="Handed Over By", readonly=True, copy=False
    )
    place = fields.Char(string="Place of the Hand-over")
    cancel_reason = fields.Text(string="Why Cancelled", readonly=True, copy=False)

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_new(vals_list)
        kept = MOVE_FIELDS | DERIVED_FIELDS
        for vals in vals_list:
            self._refuse_vals(kept & vals.keys())
        deliveries = self._without_defaults(kept)
        return super(DeliveryFlow, deliveries).create(self._add_numbers(vals_list))

    def write(self, vals):
        settled = self.filtered(lambda delivery: delivery.state != "planned")
        if PLAN_FIELDS & vals.keys() and settled:
            raise UserError(
                self.env._(
                    "Only what is still planned can be changed, and these are not: "
                    "%(deliveries)s.",
                    deliveries=self._list_words(settled.mapped("name")),
                )
            )
        self._refuse_vals((MOVE_FIELDS | DERIVED_FIELDS | {"request_id"}) & vals.keys())
        return super().write(vals)

    def _write_flow(self, vals):
        return super().write(vals)

    @api.model
    def _add_numbers(self, vals_list):
        """Return ``vals_list`` with numbers from the sequence of each association."""
        numbered = [dict(vals) for vals in vals_list]
        requests = self.env["beneficiary.request"].sudo()  # create checks access later
        by_company = {}
        for vals in numbered:
            company = requests.browse(vals.get("request_id")).company_id
            by_company.setdefault(company, []).append(vals)
        for company, company_vals in by_company.items():
            numbers = (
                self.env["ir.sequence"]
                .with_company(company or self.env.company)
                ._next_by_code_batch(DELIVERY, len(company_vals))
            )
            for vals, number in zip(company_vals, numbers, strict=True):
                vals["name"] = number
        return numbered

    # -- moves -------------------------------------------------------------------------

    def action_hand_over(self, handed_on=None, place=None, handed_by_id=None):
        """Record the hand-over; the receipt is signed later.

        :param handed_on: day of the hand-over, in the association's time and in either
            calendar
        :param place: place of the hand-over; None keeps the planned place
        :param handed_by_id: id of the colleague who handed over; None is the acting
            user
        """
        return self._move(
            "hand", **self._read_hand_over(handed_on, place, handed_by_id)
        )

    def action_receive(
        self,
        received_by=None,
        representative_id=None,
        signature=None,
        paper=None,
        paper_name=None,
        witness_1=None,
        witness_2=None,
        waiver=None,
        handed_on=None,
        place=None,
        handed_by_id=None,
    ):
        """Record the signed receipt; for a planned delivery also record the hand-over.

        :param received_by: name of the receiver; for a person the person's own name,
            or empty
        :param representative_id: id of the representative who received for the file
        :param signature: image of the signature, base64
        :param paper: scan of the signed receipt, base64
        :param paper_name: name of that scan
        :param witness_1: name of a witness to a thumbprint on that paper
        :param witness_2: name of the other witness
        :param waiver: the reason why nobody can sign (groups, places, animals)
        :param handed_on: see :meth:`action_hand_over`, as for the next two
        """
        return self._move(
            "receive",
            received_by=received_by,
            representative=self._read_id(
                "beneficiary.representative", representative_id
            ),
            signature=signature,
            paper=paper,
            paper_name=paper_name,
            witness_1=witness_1,
            witness_2=witness_2,
            waiver=waiver,
            **self._read_hand_over(handed_on, place, handed_by_id),
        )

    def action_cancel(self, reason=None):
        """Cancel a planned delivery, with the reason."""
        return self._move("cancel", reason=reason)

    @api.model
    def _read_hand_over(self, handed_on, place, handed_by_id):
        """Return the details of a hand-over as arguments for the moves."""
        user = self.env.user
        if handed_by_id:
            user = self._read_id("res.users", handed_by_id)
        day = fields.Date.to_date(self._read_date("handed_on", handed_on))
        return {"handed_on": day, "place": place, "handed_by": user}

    def _get_roles(self):
        """Return the roles of the acting user on this delivery.

        Superuser rights (``sudo``) give no role: the user behind them counts.
        """
        self.ensure_one()
        user = self.env.user
        if not user._is_portal():
            return user._get_beneficiary_roles()
        return {flow.APPLICANT} if self._is_receiver(user) else set()

    def _get_turns(self):
        # A hand-over consumes the granted amount: the next one is checked after it.
        return list(self)

    def _log_move(self, move, target, given):
        """Leave an internal note of the move on the request."""
        move_text = self._describe_move(target, given.get("reason"))
        self.request_id._message_log_batch(
            bodies={
                request.id: Markup("<br/>").join(
                    html_escape(f"{delivery.name}: ") + move_text
                    for delivery in deliveries
                )
                for request, deliveries in self.grouped("request_id").items()
            }
        )
        return super()._log_move(move, target, given)

    def _withdraw(self, reason):
        """Cancel the planned ones of these deliveries: their request has ended."""
        planned = self.filtered(lambda delivery: delivery.state == "planned")
        planned._do_move("cancelled", {"reason": reason})

    # -- guards ------------------------------------------------------------------------

    def _guard_file(self, given):
        return self.request_id._guard_file(given)

    def _guard_alive(self, given):
        return self.request_id._guard_alive(given)

    def _guard_hand_over(self, given):
        problems = []
        if self.request_id.state != "registered":
            problems.append(
                self.env._("The request is not registered: nothing is handed over.")
            )
        if problem := self._get_fund_problem():
            problems.append(problem)
        problems += [
            Problem(problem, None, "handed_on")
            for problem in self._get_day_problems(given["handed_on"])
        ]
        if not (given["place"] or self.place or "").strip():
            sentence = self.env._("Write where it was handed over.")
            problems.append(Problem(sentence, None, "place"))
        user = given["handed_by"]
        if not user or not user._has_part(flow.FRONT_DESK, self.company_id):
            sentence = self.env._(
                "Choose the colleague who handed it over: an officer or delegate of "
                "the association."
            )
            problems.append(Problem(sentence, None, "handed_by_id"))
        elif user in self.beneficiary_id._get_interested_users():
            problems.append(
                self.env._("You cannot hand over to your own file. Ask a colleague.")
            )
        return problems

    def _get_day_problems(self, day):
        """Return what is wrong with the day of a hand-over, as sentences."""
        if not day:
            return [self.env._("Write the day of the hand-over.")]
        if day > self.company_id._get_beneficiary_today():
            return [self.env._("The day of the hand-over is still to come.")]
        registered = self.request_id._get_steps("register")[-1:].done_on
        if registered and day < self._get_local_day(registered):
            return [
                self.env._("Nothing is handed over before the request was registered.")
            ]
        return []

    # -- what each move writes ---------------------------------------------------------

    def _do_hand(self, target, given):
        for delivery in self:
            place = (given["place"] or delivery.place).strip()
            delivery._write_flow(
                {
                    "handed_on": given["handed_on"],
                    "place": place,
                    "handed_by_id": given["handed_by"].id,
                }
            )

    def _do_cancel(self, target, given):
        self._write_flow({"cancel_reason": given["reason"].strip()})
