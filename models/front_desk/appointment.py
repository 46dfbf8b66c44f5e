from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import appointment_flow, flow
from ..mixins.typed_search_mixin import trigram_index


class Appointment(models.Model):
    """A call or a visit that a person asked for, or the office plans (R33).

    The office offers times from the calendar of the officer; the person chooses one on
    the portal, asks for others, or cancels. The agreed time stands in the officer's
    calendar. What was said is logged as a contact, as every contact is (R5).

    :Who may: officers plan and keep all of the association; delegates those of the
        people of their branches. Researchers and auditors read. A person sees and
        answers their own on the portal.
    :States: asked -> offered -> agreed -> held; missed, and asked for again; cancelled.
    :Parts: a file each, beside this one
        ``appointment_slot``: the offered times
        ``appointment_flow``: the moves
        ``appointment_calendar``: the agreed time in the calendar
        ``appointment_news``: what the officer and the person are told, and when
        ``appointment_portal``: what the person sees and does
    """

    _name = "beneficiary.appointment"
    _inherit = [
        "beneficiary.next.mixin",
        "beneficiary.flow.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.told.mixin",
        "beneficiary.voice.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
        "mail.activity.mixin",
    ]
    _description = "Call or Visit"
    _order = "id desc"
    _check_company_auto = True
    _role_fields = {"officer_id": (flow.DELEGATE,)}
    _number_fields = frozenset(["name"])

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    branch_id = fields.Many2one(
        related="beneficiary_id.branch_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    kind = fields.Selection(
        [
            ("call", "Telephone Call"),
            ("office", "Visit to the Association"),
            ("home", "Visit to the Person"),
        ],
        required=True,
        default="call",
        tracking=True,
    )
    subject = fields.Char(required=True, tracking=True)
    words = fields.Text(
        string="Wishes", help="What the person wrote: when they have time, and where."
    )
    officer_id = fields.Many2one(
        "res.users",
        compute="_compute_officer_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        domain=lambda self: self._get_role_domain(flow.DELEGATE),
        help="The colleague who calls or visits.",
    )
    minutes = fields.Integer(
        string="Minutes Planned", default=30, required=True, aggregator=None
    )
    place = fields.Char(help="Where the person comes to, or is visited. They read it.")
    slot_ids = fields.One2many(
        "beneficiary.appointment.slot", "appointment_id", string="Offered Times"
    )
    interaction_ids = fields.One2many(
        "beneficiary.interaction", "appointment_id", string="Interactions"
    )

    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0)", "A call or visit takes at least one minute."
    )
    _company_order = models.Index("(company_id, id DESC)")
    _name_trigram = trigram_index("name")

    @api.depends("beneficiary_id")
    def _compute_officer_id(self):
        """The officer of the file, else who plans it, else who reads the e-mails."""
        for appointment in self:
            company = appointment.company_id or self.env.company
            officers = appointment.officer_id + appointment.beneficiary_id.officer_id
            able = (officers + self.env.user).filtered(
                lambda user, company=company: user._has_part((flow.DELEGATE,), company)
            )
            appointment.officer_id = able[:1] or company._get_beneficiary_mail_officer()

    @api.depends("name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Use kind and number. Calendars show the name, so it names no person."""
        for appointment in self:
            kind = appointment.kind and appointment._get_label("kind")
            appointment.display_name = f"{kind or ''} {appointment.name}".strip()

    @api.constrains("officer_id", "company_id", "beneficiary_id")
    def _check_officer(self):
        """The colleague reads the file, or could not keep the appointment (R6)."""
        for appointment in self:
            officer = appointment.officer_id
            if officer != self.env.ref("base.user_root") and not (
                appointment._is_read_by(officer)
            ):
                raise ValidationError(
                    self.env._(
                        "%(officer)s does not see this person's file. Choose another "
                        "colleague.",
                        officer=officer.name,
                    )
                )

    @api.constrains("beneficiary_id")
    def _check_file_access(self):
        """Users plan only for people whose file they may read (R6)."""
        # Constraints run as superuser, but the acting user needs the access.
        self.beneficiary_id.sudo(False).check_access("read")

    def _get_mail_author(self, email):
        return self.beneficiary_id._get_mail_author(email)

    # -- whose turn it is --------------------------------------------------------------

    @api.model
    def _get_is_due_this_week_domain(self):
        return self._get_open_domain() & Domain("start", "<", "today +7d")

    @api.model
    def _get_waits_for_applicant_domain(self):
        return Domain("state", "=", "offered")

    @api.model
    def _get_waits_for_me_domain(self):
        return self._get_is_mine_domain() & (
            Domain("state", "=", "asked")
            | (Domain("state", "=", "agreed") & Domain("start", "<", "now"))
        )

    @api.model
    def _get_open_domain(self):
        return Domain("state", "in", [*appointment_flow.OPEN])

    # -- actions -----------------------------------------------------------------------

    def action_record(self):
        """Open the small form to log what was said; saving it ends the appointment."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["beneficiary.interaction"].action_new()
        action["context"] = {
            "default_appointment_id": self.id,
            "default_beneficiary_id": self.beneficiary_id.id,
            "default_company_id": self.company_id.id,
            "default_branch_id": self.branch_id.id,
            "default_subject": self.subject,
            "default_kind": "follow_up",
            "default_direction": "out",
            "default_minutes": self.minutes,
            "default_channel_id": self._get_channel().id,
        }
        return action

    def _get_channel(self):
        """Return the channel of the policy on which this is logged; may be empty."""
        code = "phone" if self.kind == "call" else "interview"
        channels = self.company_id._get_beneficiary_policy().sudo()._get_channels()
        return channels.filtered(lambda channel: channel.code == code)[:1]

    def _get_stop(self, start):
        return start + timedelta(minutes=self.minutes)
