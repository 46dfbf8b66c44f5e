from odoo import Command, fields, models

# What the meeting in people's calendars says of the session.
SHOWN_FIELDS = frozenset(["start", "stop", "place"])


class SessionCalendar(models.Model):
    """The meeting in the members' calendars, kept in step one way.

    Private, and read by who is invited alone (record rules): whom a committee
    studies, and when, is nobody else's. It names committee and number, no person.
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
        result = super().write(vals)
        if SHOWN_FIELDS & vals.keys():
            self._sync_calendar_event()
        return result

    def unlink(self):
        events = self.sudo().calendar_event_id  # theirs, whoever planned them
        result = super().unlink()
        events.unlink()
        return result

    def _sync_calendar_event(self):
        """Make the meeting say what the session says: when, where, for whom."""
        events = (
            self.env["calendar.event"]
            .sudo()  # members are invited who share no calendar with the planner
            .with_context(skip_contact_description=True)
        )
        for session in self:
            vals = session._prepare_event_vals()
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

    def _prepare_event_vals(self):
        """Return what the meeting does not say yet."""
        self.ensure_one()
        event = self.sudo().calendar_event_id
        # In the language of who planned it, whoever changes the session.
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
        # Invitations would go out again where nothing has changed.
        if (invited := seats.user_id.sudo().partner_id) != event.partner_ids:
            vals["partner_ids"] = [Command.set(invited.ids)]
        return vals
