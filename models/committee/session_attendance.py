from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...rules import session_flow
from ...rules.upload import has_content

STATUSES = [("present", "Present"), ("excused", "Excused"), ("absent", "Absent")]


class SessionAttendance(models.Model):
    """A member's line on the attendance list: present or not, and signature (R19).

    A line is made for every member in office when the session opens. It has no status
    until the chair or the secretary marks it.

    :Who may: chair or secretary mark the attendance; each member who was present signs
        the minutes for themselves, and nobody for another. Everybody who may read the
        session may read its lines; only methods write them.
    """

    _name = "beneficiary.session.attendance"
    _inherit = [
        "beneficiary.upload.mixin",
        "beneficiary.sealed.part.mixin",
        "beneficiary.mixin",
    ]
    _description = "Attendance"
    _order = "session_id, role, id"
    _rec_name = "user_id"
    _check_company_auto = True
    _sealed_fields = ("user_id", "role", "status", "signature", "signed_on")
    _sealed_whole = "session_id"
    _upload_fields = {"signature": None}

    session_id = fields.Many2one(
        "beneficiary.committee.session", required=True, index=True, ondelete="cascade"
    )
    session_state = fields.Selection(
        related="session_id.state", string="State of the Session"
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True
    )
    member_id = fields.Many2one(
        "beneficiary.committee.member",
        string="Seat",
        required=True,
        index=True,
        ondelete="restrict",
    )
    # The member and role at that time; the seat may belong to another member later.
    user_id = fields.Many2one("res.users", string="Member", required=True, index=True)
    role = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.committee.member"]
            ._fields["role"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    status = fields.Selection(STATUSES, string="Attendance")
    signature = fields.Image(attachment=True, max_width=1024, max_height=1024)
    signed_on = fields.Datetime()
    can_mark = fields.Boolean(compute="_compute_can_mark")

    _member_unique = models.Constraint(
        "UNIQUE (session_id, member_id)", "A member is on the attendance list once."
    )

    @api.depends("session_id.state")
    @api.depends_context("uid")
    def _compute_can_mark(self):
        for line in self:
            session = line.session_id
            line.can_mark = session.can_keep and session.state in session_flow.ROLL_OPEN

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_roll_open()
        return lines

    def write(self, vals):
        self._check_roll_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Members who were called to a session stay on its list.")
        )

    def _check_roll_open(self):
        if any(line.session_id.state not in session_flow.ROLL_OPEN for line in self):
            raise UserError(
                self.env._("Attendance is kept from the opening until the closing.")
            )

    # -- actions -----------------------------------------------------------------------

    def action_mark_present(self):
        """Mark these members as present."""
        return self._mark("present")

    def action_mark_excused(self):
        """Mark these members as absent, and excused."""
        return self._mark("excused")

    def action_mark_absent(self):
        """Mark these members as absent."""
        return self._mark("absent")

    def _mark(self, status):
        self.check_access("read")
        for session in self.session_id:
            session._check_role(session_flow.KEEPERS)
        # As superuser: users may not write lines directly.
        lines = self.sudo().filtered(lambda line: line.status != status)
        lines._take_turns()
        lines._check_nothing_decided()
        lines.write({"status": status})
        lines.session_id._void_signatures()  # the signed minutes list the present
        lines.session_id._ask_signatures()
        return True

    def _take_turns(self):
        """Serialise with votes that are closed in the open sessions of these lines."""
        self.session_id.filtered(lambda session: session.state == "open")._take_turns()

    def _check_nothing_decided(self):
        """Raise if those who are marked as present have decided something meanwhile."""
        present = self.filtered(lambda line: line.status == "present")
        for session, lines in present.grouped("session_id").items():
            if decided := session._get_decided_by_presence():
                raise UserError(
                    self.env._(
                        "%(requests)s was decided while these were present: "
                        "%(members)s. This stays so; write in the minutes who left, "
                        "and when.",
                        requests=self._list_words(decided.request_id.mapped("name")),
                        members=self._list_words(lines.user_id.mapped("name")),
                    )
                )

    def _sign(self, signature):
        """Sign the minutes as the acting user, to whom this line belongs."""
        self.ensure_one()
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Each member signs for themselves."))
        if not has_content(signature):
            raise UserError(self.env._("Draw your signature."))
        self.write({"signature": signature, "signed_on": fields.Datetime.now()})
        self.session_id._ask_signatures()
