from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...rules import arabic, flow
from ...rules.evidence import says_nothing
from ..association.res_company_sequence import DATA_REQUEST
from ..mixins.refusal import Problem, refusal

ACTIVITY = "beneficiary_relations.mail_activity_type_data_request"
TELL = "mail.mail_activity_data_todo"
# Days within which the law wants an answer; they are no setting.
ANSWER_DAYS = 30
# Only the moves and the server write these fields.
MOVE_FIELDS = frozenset(["state", "name", "answered_on", "answered_by_id", "on_portal"])


class DataRequest(models.Model):
    """What a person asks about their own data: a copy, correction, erasure (R51).

    It has a number, an owner and thirty days. The answer says what was done, or why it
    was not; the person reads it on the portal.

    :Who may: officers record what people ask by letter or at the desk. The owner and
        managers answer; managers reopen. Auditors read. Applicants ask on the portal.
    :States: open -> done, or declined; open again if a manager reopens it.
    """

    _name = "beneficiary.data.request"
    _inherit = [
        "beneficiary.next.mixin",
        "beneficiary.file.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
        "beneficiary.owned.mixin",
    ]
    _description = "Request About Personal Data"
    _order = "id desc"
    _check_company_auto = True
    _owner_activity = ACTIVITY
    _role_fields = {"owner_id": (flow.OFFICER,)}  # noqa: RUF012 - Odoo's own way

    name = fields.Char(string="Number", default="/", readonly=True, copy=False)
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="beneficiary_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("copy", "Copy of the Data"),
            ("correction", "Correction"),
            ("erasure", "Erasure"),
        ],
        required=True,
        default="correction",
        tracking=True,
    )
    text = fields.Text(string="What Is Asked")
    asked_on = fields.Datetime(
        required=True, default=fields.Datetime.now, span="past", tracking=True
    )
    on_portal = fields.Boolean(string="Asked on the Portal", readonly=True, copy=False)
    due_on = fields.Date(
        string="Answer Due",
        compute="_compute_due_on",
        store=True,
        precompute=True,
        help="Thirty days after the person asked.",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=lambda self: self._get_role_domain(flow.OFFICER),
        tracking=True,
        help="The colleague who makes sure that the person gets an answer.",
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("declined", "Not Granted")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    answer = fields.Text(
        copy=False, help="What was done, or why it was not; the person reads it."
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "A request about data with this number already exists.",
    )
    _company_order = models.Index("(company_id, id DESC)")
    _open_due = models.Index("(company_id, due_on) WHERE state = 'open'")

    # -- computed ----------------------------------------------------------------------

    @api.depends("asked_on", "company_id")
    def _compute_due_on(self):
        for request in self:
            request.due_on = (
                request.asked_on
                and request.company_id
                and request._get_local_day(request.asked_on)
                + timedelta(days=ANSWER_DAYS)
            )

    def _get_next_step(self):
        return self.state == "open" and "done"

    @api.constrains("kind", "text")
    def _check_text(self):
        """Raise unless a correction says what is wrong."""
        for request in self:
            if request.kind == "correction" and arabic.is_blank(request.text):
                raise ValidationError(
                    self.env._("Write what is wrong, and what is right.")
                )

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        clean = self._without_defaults(MOVE_FIELDS)
        create = super(DataRequest, clean).create
        return self._create_once(
            vals_list, lambda new: self._create_numbered(new, create)
        )

    def _create_numbered(self, vals_list, create):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_move_vals(vals)
        requests = create(vals_list).with_env(self.env)
        for company, own in requests.grouped("company_id").items():
            sequences = self.env["ir.sequence"].with_company(company)
            numbers = sequences._next_by_code_batch(DATA_REQUEST, len(own))
            for request, number in zip(own, numbers, strict=True):
                request._write_past({"name": number})
        requests._plan_for_owner()
        return requests

    def write(self, vals):
        self._refuse_move_vals(vals)
        if any(request.state != "open" for request in self):
            raise UserError(
                self.env._("This was answered already. A manager can reopen it.")
            )
        result = super().write(vals)
        if {"owner_id", "asked_on"} & vals.keys():
            self._plan_for_owner()
        return result

    @api.model
    def _refuse_move_vals(self, vals):
        if MOVE_FIELDS & vals.keys():
            raise UserError(
                self.env._("A request about data is answered with its buttons.")
            )

    def _write_past(self, vals):
        """Write the fields of the moves past :meth:`write`, which refuses them."""
        return super().write(vals)

    def _move_to_file(self, name, file):
        """Let answered ones follow their file, too, when two files become one."""
        self._write_past({name: file.id})

    # -- moves -------------------------------------------------------------------------

    def action_done(self):
        """Answer that it was done; the person is told that there is an answer."""
        return self._answer("done")

    def action_decline(self):
        """Answer that it is not done, and why; the person is told of it."""
        return self._answer("declined")

    def action_reopen(self):
        """Reopen the request; only managers may."""
        self.check_access("write")
        if not self._is_manager():
            raise AccessError(self.env._("Managers reopen a request about data."))
        self._write_past(
            {"state": "open", "answered_on": False, "answered_by_id": False}
        )
        self._plan_for_owner()
        return True

    def _answer(self, state):
        self.check_access("write")
        for request in self:
            if request.state != "open":
                raise UserError(self.env._("This was answered already."))
            if request.owner_id != self.env.user and not self._is_manager():
                raise AccessError(
                    self.env._("Only the owner or a manager can answer this.")
                )
            if says_nothing(request.answer):
                sentence = self.env._("Write the answer first.")
                raise refusal(Problem(sentence, request, "answer"))
        self._end(state)
        for request in self:
            request._tell_person()
        return True

    def _end(self, state):
        self._write_past(
            {
                "state": state,
                "answered_on": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            }
        )
        self.activity_feedback([ACTIVITY])

    def _is_manager(self):
        return self.env.user.has_group("beneficiary_relations.group_manager")

    def _tell_person(self):
        """Tell the person that there is an answer, or ask the owner to do it."""
        if self.beneficiary_id._tell_directly(
            lambda env: env._("The answer to your request about your data"),
            lambda env: env._(
                "Your request %(number)s about your data has an answer. Read it here:",
                number=self.name,
            ),
            "/my/data",
        ):
            self._ask_owner_to_tell()

    def _ask_owner_to_tell(self):
        lang = self.owner_id.lang
        self.with_context(mail_activity_quick_update=True, lang=lang).activity_schedule(
            TELL,
            summary=self.with_context(lang=lang).env._(
                "No message reaches the person: tell them the answer"
            ),
            user_id=self.owner_id.id,
        )

    # -- paper -------------------------------------------------------------------------

    def _get_letterhead(self):
        """Return the values of the letterhead on the copy of the data (R40)."""
        self.ensure_one()
        date = self._get_local_day(self.asked_on)
        return {
            "number": self.name,
            "date": date,
            "attachment_count": 0,
        }
