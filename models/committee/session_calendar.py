from odoo import Command, fields, models

from ...rules import session_flow

# Fields of the session that are shown by the meeting in people's calendars.
SHOWN_FIELDS = frozenset(["start", "stop", "place"])


class SessionCalendar(models.Model):
    """The meeting in the members' calendars, always updated from the session.

    The meeting is private, and only the invited members may read it (record rules):
    nobody else may know when a committee meets. It names the committee and the number
    of the session, and no person.
    """

    _inherit = "beneficiary.committee.session"

    calendar_event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def write(self, vals):
        moved = self.filtered(
            lambda session: (
                session.state in session_flow.AGENDA_OPEN
                and "place" in vals
                and (vals["place"] or "") != (session.place or "")
            )
        )
        result = super().write(vals)
        if SHOWN_FIELDS & vals.keys():
            self._sync_calendar_event()
        for session in moved:
            session._tell_new_place()
        return result

    def unlink(self):
        events = self.sudo().calendar_event_id  # also if another user planned them
        result = super().unlink()
        events.unlink()
        return result

    def _sync_calendar_event(self):
        """Copy the time, place and members of the session to its meeting."""
        events = (
            self.env["calendar.event"]
            .sudo()  # invited members may share no calendar with the planner
            # The session itself tells its members, in their language.
            .with_context(skip_contact_description=True, no_mail_to_attendees=True)
        )
        for session in self:
            vals = session._prepare_event_vals()
            known = session.sudo().calendar_event_id.partner_ids.sudo()
            if event := session.sudo().calendar_event_id:
                if vals:
                    event.with_env(events.env).write(vals)
            else:
                event = events.create(
                    {
                        **vals,
                        "privacy": "private",
                        "user_id": self.env.uid,
                        "res_model_id": self.env["ir.model"]._get_id(self._name),
                        "res_id": session.id,
                    }
                )
                session._write_flow({"calendar_event_id": event.id})
            if session.state in session_flow.AGENDA_OPEN:
                called = session._get_called_seats().user_id
                session._tell_invited(called - known.user_ids)

    def _prepare_event_vals(self):
        """Return the values in which the meeting differs from the session."""
        self.ensure_one()
        event = self.sudo().calendar_event_id
        # Always in the language of the user who planned the session.
        planner = event.user_id or self.env.user
        vals = {
            "name": self.with_context(lang=planner.lang).display_name,
            "start": self.start,
            "stop": self.stop,
            "location": self.place,
            "active": self.state != "cancelled",
        }
        vals = {name: value for name, value in vals.items() if event[name] != value}
        seats = self._get_called_seats()
        # Odoo would send unchanged invitations again.
        if (invited := seats.user_id.sudo().partner_id) != event.partner_ids:
            vals["partner_ids"] = [Command.set(invited.ids)]
        return vals
