from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_time

ACTIVITY = "beneficiary_relations.mail_activity_type_appointment"
TODO = "mail.mail_activity_data_todo"
# The person is reminded this long before.
REMINDER = timedelta(hours=24)


class AppointmentNews(models.Model):
    """What the officer has to do, and what the person is told, and when (R33)."""

    _inherit = "beneficiary.appointment"

    reminded_on = fields.Datetime(readonly=True, copy=False)

    _to_remind = models.Index(
        "(start, id) WHERE state = 'agreed' AND reminded_on IS NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_vals({"reminded_on"} & vals.keys())
        clean = self._without_defaults({"reminded_on"})
        appointments = super(AppointmentNews, clean).create(vals_list)
        appointments = appointments.with_env(self.env)
        appointments._plan_turn()
        return appointments

    def write(self, vals):
        self._refuse_vals({"reminded_on"} & vals.keys())
        result = super().write(vals)
        if "officer_id" in vals:
            self._plan_turn()
        return result

    def _do_move(self, target, given):
        result = super()._do_move(target, given)
        self._sync_event()
        self._plan_turn()
        return result

    # -- the officer -------------------------------------------------------------------

    def _plan_turn(self):
        """Plan the one activity of the officer that the state asks for."""
        appointments = self.sudo()  # a person who chooses plans for the office
        appointments.activity_unlink([ACTIVITY])
        wanted = []
        for appointment in appointments:
            if words := appointment._get_turn_words():
                wanted.append((appointment, appointment.officer_id, words))
        appointments._schedule_activities(ACTIVITY, wanted, lambda one: one._get_due())

    def _get_turn_words(self):
        """Return what the officer does next, as a function of an environment."""
        if self.state == "asked":
            return lambda env: env._("Offer times for a call or visit")
        if self.state == "agreed":
            return lambda env: env._("Call or visit the person, and record it")
        return None

    def _get_due(self):
        today = self.company_id._get_beneficiary_today()
        return self._get_local_day(self.start) if self.start else today

    # -- the person --------------------------------------------------------------------

    def _after_offer(self, target):
        self._tell_person_of("offered")

    def _after_agree(self, target):
        """Confirm what the office agreed; who chose alone sees it on the page."""
        soon = fields.Datetime.now() + REMINDER
        for appointment in self:
            is_soon = appointment.start <= soon
            appointment._write_flow({"reminded_on": is_soon and fields.Datetime.now()})
        if not self._is_done_by_person():
            self._tell_person_of("agreed")

    def _after_ask_again(self, target):
        if not self._is_done_by_person():
            self._tell_person_of("again")

    def _after_cancel(self, target):
        if not self._is_done_by_person():
            self._tell_person_of("cancelled")

    def _is_done_by_person(self):
        return self.env.user._is_portal()

    def _tell_person_of(self, event):
        """Tell the person; an officer tells those that no message reaches."""
        for missed in self._tell_person(event):
            officer = missed.officer_id
            missed.sudo().activity_schedule(
                TODO,
                user_id=officer.id,
                date_deadline=missed.company_id._get_beneficiary_today(),
                summary=missed.with_context(lang=officer.lang).env._(
                    "Tell the applicant by hand: no electronic message can reach them"
                ),
            )

    def _get_told_words(self, event):
        association = self.company_id.name
        number = self.name
        when = self.start and self._format_moment(self.start)
        subject, text, link = {
            "offered": lambda: (
                self.env._("Choose a time: %(number)s", number=number),
                self.env._(
                    "We offer you times for %(what)s. Choose one on your page, or say "
                    "that none of them fits.",
                    what=self._get_label("kind"),
                ),
                self.env._("Choose a time"),
            ),
            "agreed": lambda: (
                self.env._("Agreed: %(number)s, %(when)s", number=number, when=when),
                self.env._(
                    "%(what)s: %(when)s. You can change or cancel it on your page.",
                    what=self._get_label("kind"),
                    when=when,
                ),
                self.env._("Open your page"),
            ),
            "reminder": lambda: (
                self.env._("Reminder: %(number)s, %(when)s", number=number, when=when),
                self.env._(
                    "We remind you of this: %(what)s, %(when)s. If you have no time, "
                    "change or cancel it on your page.",
                    what=self._get_label("kind"),
                    when=when,
                ),
                self.env._("Open your page"),
            ),
            "again": lambda: (
                self.env._("Another time is needed: %(number)s", number=number),
                self.env._(
                    "The time that was agreed is not possible. We shall offer you "
                    "others. The reason: %(reason)s",
                    reason=self.reason,
                ),
                self.env._("Open your page"),
            ),
            "cancelled": lambda: (
                self.env._("Cancelled: %(number)s", number=number),
                self.env._(
                    "We have cancelled this: %(what)s. The reason: %(reason)s",
                    what=self._get_label("kind"),
                    reason=self.reason,
                ),
                self.env._("Open your page"),
            ),
        }[event]()
        return f"{subject}. {association}", text, link

    def _format_moment(self, moment):
        """Return a moment (UTC) as the person reads it: day in both calendars, hour."""
        local = self._get_local_time(moment)
        day = self._format_both(local.date())
        hour = format_time(self.env, local.time(), time_format="short")
        return self._list_words([day, hour])

    # -- reminders ---------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Remind people of what is agreed for the next day, once each (R22, R33)."""
        now = fields.Datetime.now()
        due = Domain("state", "=", "agreed")
        due &= Domain("reminded_on", "=", False)
        due &= Domain("start", ">", now) & Domain("start", "<=", now + REMINDER)
        self._sweep(due, lambda appointments: appointments._remind(), order="start, id")

    def _remind(self):
        self._write_flow({"reminded_on": fields.Datetime.now()})
        self._tell_person_of("reminder")

    def _postpone(self, error):
        """Leave a reminder that fails to the officer, and go on with the others."""
        self._write_flow({"reminded_on": fields.Datetime.now()})
        self.activity_schedule(
            TODO,
            user_id=self.officer_id.id,
            date_deadline=self.company_id._get_beneficiary_today(),
            summary=self.with_context(lang=self.officer_id.lang).env._(
                "Remind the person: the message failed"
            ),
        )
