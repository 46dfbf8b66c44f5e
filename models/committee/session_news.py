import base64
from functools import partial

from odoo import fields, models

from .member_news import News

LIST_PATH = "/odoo/beneficiary-sessions"


class SessionNews(models.Model):
    """What the called members are told of a session, in their own language (R19).

    Odoo's own invitations stay unsent: their words are not ours to translate, and they
    give no reason when a session moves.
    """

    _inherit = "beneficiary.committee.session"

    def _tell_users(self, users, get_title, reason=None, before=None, asks=False):
        """Tell ``users`` of this session, all but the one who acts.

        :param get_title: function that takes the environment of the reader and returns
            the heading
        :param reason: why, as it was written
        :param before: the begin until now, if it moved
        :param asks: whether they are asked to come: they get the meeting for their
            calendar, and buttons to answer
        """
        self.ensure_one()
        told = users - self.env.user
        files = self._make_calendar_file() if asks and told else ()
        self.env["beneficiary.member.news"]._tell(
            self.company_id,
            [
                (
                    user,
                    partial(
                        self._get_news,
                        user=user,
                        get_title=get_title,
                        reason=reason,
                        before=before,
                        files=files if asks else (),
                    ),
                )
                for user in told
            ],
        )

    def _get_news(self, env, user, get_title, reason, before, files):
        session = self.with_env(env)
        facts = [
            (env._("Committee"), session.committee_id.name),
            (env._("Begins"), session._describe_moment(session.start)),
            (env._("Until now"), before and session._describe_moment(before)),
            (env._("Meeting Place"), session.place),
            (env._("Reason for It"), reason),
        ]
        return News(
            title=f"{get_title(env)} · {session.name}",
            facts=tuple(fact for fact in facts if fact[1]),
            path=f"{LIST_PATH}/{session.id}",
            button=env._("Open the session"),
            list_path=LIST_PATH,
            answers=session._get_answers(user) if files else (),
            attachment_ids=tuple(files),
        )

    def _describe_moment(self, moment):
        """Return day, in both calendars, and hour, in the association's time zone."""
        hour = self._format_hour(moment)
        return f"{self._format_both(self._get_local_day(moment))} · {hour}"

    def _get_answers(self, user):
        """Return the buttons by which ``user`` accepts or declines the meeting."""
        invitation = self.calendar_event_id.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == user.sudo().partner_id
        )[:1]
        if not invitation:
            return ()
        given = f"?token={invitation.access_token}&id={self.calendar_event_id.id}"
        return (
            (self.env._("I will come"), f"/calendar/meeting/accept{given}"),
            (self.env._("I cannot come"), f"/calendar/meeting/decline{given}"),
        )

    def _make_calendar_file(self):
        """Return the ids of a file with which the meeting enters any calendar."""
        event = self.sudo().calendar_event_id  # invited members share no calendar
        content = event._get_ics_file().get(event.id)
        if not content:
            return ()
        file = self.env["ir.attachment"].sudo()  # it belongs to the e-mails alone
        return tuple(
            file.create(
                {
                    "name": "invitation.ics",
                    "datas": base64.b64encode(content),
                    "mimetype": "text/calendar",
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            ).ids
        )

    # -- events ------------------------------------------------------------------------

    def _tell_invited(self, users):
        """Invite members who were not called until now, if the session is to come."""
        if self.start > fields.Datetime.now():
            self._tell_users(
                users, lambda env: env._("You are invited to a session"), asks=True
            )

    def _tell_moved(self, reason, before):
        self._tell_users(
            self._get_called_seats().user_id,
            lambda env: env._("The session is held at another time"),
            reason=reason,
            before=before,
            asks=True,
        )

    def _tell_new_place(self):
        self._tell_users(
            self._get_called_seats().user_id,
            lambda env: env._("The session is held at another place"),
        )

    def _tell_cancelled(self, reason):
        self._tell_users(
            self._get_called_seats().user_id,
            lambda env: env._("The session is cancelled"),
            reason=reason,
        )

    def _tell_to_sign(self, users):
        self._tell_users(users, lambda env: env._("Sign the minutes of the session"))
