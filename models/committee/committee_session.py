from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_time

from ..association.res_company_sequence import SESSION


class CommitteeSession(models.Model):
    """A meeting of a committee: its agenda, its attendance and its minutes (R19).

    Votes belong to the decisions. They may be cast before or during the session, and
    closed in it; ``decision_session`` says which of them count. The minutes name each
    request by its number, with the counts, the reasons, and the reasons of the
    overruled members *without names*: members who stepped aside from a request read
    the minutes too, and must not learn from them how each of the others voted.

    :Who may: chair and secretary in office plan, open and end it, and write its
        minutes; the chair closes it; managers plan, postpone and cancel. Members in
        office read all sessions of their own committee, managers and auditors those
        of the association. Each member who was present signs for themselves.
    :States: planned -> open -> minutes -> closed. While planned it can be postponed,
        with a reason. It can be cancelled, with a reason, until something was decided
        in it. A closed session is frozen for everybody: only a later session corrects
        it.
    :Parts: a file each, beside this one
        ``session_flow``: the moves
        ``session_agenda``: the agenda
        ``session_roll_call``: called and present members
        ``session_minutes``: the minutes
        ``session_calendar``: the meeting in calendars
        ``session_news``: what the called members are told
    """

    _name = "beneficiary.committee.session"
    _inherit = [
        "beneficiary.next.mixin",
        "beneficiary.flow.mixin",
        "beneficiary.upload.mixin",
        "beneficiary.sealed.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
        "mail.activity.mixin",
    ]
    _description = "Session of a Committee"
    _order = "start desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _sealed_fields = (
        "name",
        "committee_id",
        "start",
        "stop",
        "place",
        "corrects_id",
        "state",
        "opened_on",
        "ended_on",
        "quorum_needed",
        "counts_ahead",
        "closed_on",
        "closed_by_id",
        "minutes",
        "signed_paper",
        "attendance_ids",
        "item_ids",
    )

    name = fields.Char(string="Number", default="/", readonly=True, copy=False)
    committee_id = fields.Many2one(
        "beneficiary.committee", required=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(
        related="committee_id.company_id", store=True, precompute=True, index=True
    )
    start = fields.Datetime(string="Begins", required=True, tracking=True)
    stop = fields.Datetime(string="Ends", required=True)
    place = fields.Char(string="Meeting Place", tracking=True)
    corrects_id = fields.Many2one(
        "beneficiary.committee.session",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        domain="[('committee_id', '=', committee_id), ('state', '=', 'closed')]",
        help="The closed session that this session corrects.",
    )
    corrected_by_ids = fields.One2many(
        "beneficiary.committee.session",
        "corrects_id",
        readonly=True,
    )

    _dates_ordered = models.Constraint(
        "CHECK (start < stop)", "A session ends after it begins."
    )
    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This session number is already in use."
    )
    _one_open = models.UniqueIndex(
        "(committee_id) WHERE state = 'open'",
        "This committee is in session already. End that session first.",
    )
    _committee_order = models.Index("(committee_id, start DESC, id DESC)")

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self._may_plan_any(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Offer the button for a new session only to users who may plan one."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._may_plan_any():
            arch.set("create", "0")
        return arch, view

    @api.model
    def _may_plan_any(self):
        """Whether the acting user leads a committee today, or is a manager."""
        user = self.env.user
        if user.has_group("beneficiary_relations.group_manager"):
            return True
        seats = self.env["beneficiary.committee.member"].sudo()  # the user's own
        today = self.env.company._get_beneficiary_today()
        return bool(
            seats.search_count(
                Domain("user_id", "=", user.id)
                & Domain("role", "in", ("chair", "secretary"))
                & seats._get_in_office_domain(today),
                limit=1,
            )
        )

    @api.model
    def _get_sealable_domain(self):
        return [("state", "=", "closed")]

    @api.depends("name", "committee_id.name")
    def _compute_display_name(self):
        """Use committee and number. Calendars show the name, so it names no person."""
        for session in self:
            session.display_name = f"{session.committee_id.name or ''} {session.name}"

    @api.constrains("corrects_id", "committee_id")
    def _check_corrects(self):
        """Raise unless the corrected session is a closed one of the same committee."""
        for session in self:
            corrected = session.corrects_id
            if corrected and (
                corrected.state != "closed"
                or corrected.committee_id != session.committee_id
                or corrected.start > session.start
            ):
                raise ValidationError(
                    self.env._(
                        "A session corrects an earlier one of its own committee that "
                        "is closed. Until it is closed, change that session itself."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sessions = super().create(vals_list)
        numbers = self.env["ir.sequence"]
        for company, planned in sessions.grouped("company_id").items():
            drawn = numbers.with_company(company)._next_by_code_batch(
                SESSION, len(planned)
            )
            for session, number in zip(planned, drawn, strict=True):
                session._write_flow({"name": number})
        sessions._sync_calendar_event()
        return sessions

    def _get_held_fields(self):
        """Return the names of the fields with its begin and end.

        These are the planned times until the session has begun or ended.
        """
        self.ensure_one()
        return (
            "opened_on" if self.opened_on else "start",
            "ended_on" if self.ended_on else "stop",
        )

    # -- paper -------------------------------------------------------------------------

    def _get_letterhead(self, name="start"):
        """Return the values for the letterhead of this session's papers (R40).

        :param name: the field whose day is the date of the paper
        """
        self.ensure_one()
        return {
            "number": self.name,
            "date": self._get_local_day(self[name]),
            "attachment_count": int(bool(self.signed_paper_name)),
        }

    def _format_moment(self, name):
        """Return the moment in the field ``name`` in the association's time zone.

        Papers and minutes then show the same hour for every reader.
        """
        self.ensure_one()
        hour = self._get_local_time(self[name]).strftime("%H:%M")
        return self._list_words([self._format_paper_day(self[name]), hour])

    def _format_hour(self, moment):
        """Return the hour of ``moment`` in the association's time zone."""
        zone = self.company_id._get_beneficiary_timezone()
        return format_time(self.env, moment, tz=zone, time_format="short")
