from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...rules import appointment_flow

LONGEST_SUBJECT = 120
LONGEST_WORDS = 2000
# How many calls and visits may wait for one file at a time.
MOST_OPEN = 5


class AppointmentPortal(models.Model):
    """What the person sees and does about calls and visits on the portal (R33).

    Portal users have no rights on appointments. Controllers call the ``_portal_*``
    methods, which find the appointments of the user's own files, check that the state
    allows the move, and act for the user as superuser.
    """

    _inherit = "beneficiary.appointment"

    @api.model
    def _portal_domain(self, files=None):
        """Return the domain of the calls and visits that the user may see.

        :param files: the files that the user follows, if they are at hand
        """
        if files is None:
            files = self.env["beneficiary.beneficiary"]._get_portal_files()
        return Domain("beneficiary_id", "in", files.ids)

    @api.model
    def _portal_find(self, visit_id):
        """Return the user's own appointment as superuser, or an empty record."""
        return self.sudo().search(self._portal_domain() & Domain("id", "=", visit_id))

    @api.model
    def _portal_ask(self, file, values, key=None):
        """Ask for a call or a visit, for the acting portal user.

        :param file: a file that the user may act for
        :param values: ``kind``, ``subject`` and ``words``; nothing else is used
        :param key: the key of the form; a form that arrives again asks for nothing
        :return: the appointment, as superuser
        :raise AccessError: when the user may not act for the file
        :raise UserError: when something is missing, or enough are open already
        """
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        if file not in files:
            raise AccessError(self.env._("This file is not yours."))
        if values["kind"] not in self._fields["kind"].get_values(self.env):
            raise UserError(self.env._("Choose a call or a visit."))
        vals = {
            "beneficiary_id": file.id,
            "company_id": file.sudo().company_id.id,
            "kind": values["kind"],
            "subject": self._portal_read_words(values["subject"], LONGEST_SUBJECT),
            "words": values["words"] and self._portal_read_words(values["words"]),
            "asked_by_id": self.env.uid,
        }
        return self._portal_make(vals, key, lambda: self._portal_check_open(file))

    @api.model
    def _portal_check_open(self, file):
        waiting = self.sudo().search_count(
            Domain("beneficiary_id", "=", file.id) & self._get_open_domain(),
            limit=MOST_OPEN,
        )
        if waiting >= MOST_OPEN:
            raise UserError(
                self.env._(
                    "Several calls and visits are open already. Cancel one that you no "
                    "longer need, or wait for it."
                )
            )

    @api.model
    def _portal_read_words(self, text, longest=LONGEST_WORDS):
        refusal = self.env._("Write what it is about.")
        return self._portal_read(text, longest, refusal)

    def _portal_once(self, key, act):
        """Call ``act`` unless the acting user sent the form with this key before."""
        if self._portal_is_known(key):
            return
        visit = self.sudo()
        if key:
            visit._claim_submission(key)
        act()
        if key:
            visit._keep_submission(key, visit)

    def _portal_choose(self, slot_id):
        """Agree on an offered time; see ``action_agree``."""
        self._portal_check("choose")
        return self.sudo().action_agree(slot_id)

    def _portal_ask_again(self, reason):
        """Say that no offered time fits, or that the agreed one does no more."""
        self._portal_check("change")
        return self.sudo().action_ask_again(self._portal_read_words(reason))

    def _portal_cancel(self, reason):
        """Cancel it, with the reason if the person gives one."""
        self._portal_check("cancel")
        lang = self.sudo().company_id._get_beneficiary_lang()
        reason = reason or self.with_context(lang=lang).env._(
            "Cancelled by the person on the portal"
        )
        return self.sudo().action_cancel(self._portal_read_words(reason))

    def _portal_check(self, action):
        """Raise unless the acting user may do ``action`` now, one of the actions."""
        self.ensure_one()
        if not self._portal_find(self.id):
            raise AccessError(self.env._("This is not yours."))
        if action not in self.sudo()._portal_get_actions():
            raise UserError(self.env._("This is not possible any more."))

    def _portal_get_actions(self):
        """Return what the person may do now: ``choose``, ``change`` and ``cancel``."""
        actions = {
            "asked": {"cancel"},
            "offered": {"choose", "change", "cancel"},
            "agreed": {"change", "cancel"},
        }.get(self.state, set())
        if self.state == "agreed" and self._is_over():
            return set()
        return actions

    def _is_over(self):
        return bool(self.start and self.start <= fields.Datetime.now())

    # -- what the person sees ----------------------------------------------------------

    def _portal_get_status(self):
        """Return label, colour, icon and turn of this appointment, for the person."""
        self.ensure_one()
        return {
            "asked": {
                "label": self.env._("We are looking for a time"),
                "colour": "light",
                "icon": "fa-hourglass-half",
                "turn": "office",
            },
            "offered": {
                "label": self.env._("Choose a time"),
                "colour": "warning",
                "icon": "fa-hand-pointer-o",
                "turn": "person",
            },
            "agreed": {
                "label": self.env._("Agreed"),
                "colour": "light",
                "icon": "fa-calendar-check-o",
                "turn": "",
            },
            "held": {
                "label": self.env._("Took place"),
                "colour": "light",
                "icon": "fa-check",
                "turn": "",
            },
            "missed": {
                "label": self.env._("Did not take place"),
                "colour": "light",
                "icon": "fa-times",
                "turn": "",
            },
            "cancelled": {
                "label": self.env._("Cancelled"),
                "colour": "light",
                "icon": "fa-ban",
                "turn": "",
            },
        }[self.state]

    def _portal_get_lines(self):
        """Return what the list shows of these appointments, as a list of dicts."""
        return [
            {
                "visit": visit,
                "kind": visit._get_label("kind"),
                "when": visit.start and visit._format_moment(visit.start),
                "status": visit._portal_get_status(),
                "url": visit._get_portal_path(),
            }
            for visit in self.sudo()
        ]

    def _portal_get_page(self):
        """Return the values of the page of this appointment."""
        self.ensure_one()
        visit = self.sudo()
        actions = visit._portal_get_actions()
        return {
            "status": visit._portal_get_status(),
            "kind": visit._get_label("kind"),
            "when": visit.start and visit._format_moment(visit.start),
            "actions": actions,
            "slots": [
                {
                    "id": slot.id,
                    "when": visit._format_moment(slot.start),
                    "problem": slot.problem,
                }
                for slot in visit.slot_ids
                if "choose" in actions
            ],
        }

    @api.model
    def _portal_get_waiting(self, files):
        """Return what waits for the acting user here: times to choose from.

        :param files: the files that the user follows, as superuser
        :return: a list of dicts with text, url, button and date
        """
        waiting = self.sudo().search(
            self._portal_domain(files) & Domain("state", "=", "offered")
        )
        return [
            {
                "text": self.env._(
                    "%(what)s: choose one of the times that we offer.",
                    what=visit._get_label("kind"),
                ),
                "url": visit._get_portal_path(),
                "button": self.env._("Choose a time"),
                "date": min(visit.slot_ids.mapped("start"), default=False),
            }
            for visit in waiting
        ]

    @api.model
    def _portal_get_card(self, files):
        """Return the card of this section on the home page, for the acting user."""
        return {
            "label": self.env._("Calls, visits and letters"),
            "text": self.env._("Ask, complain or suggest; ask for a call or a visit"),
            "url": "/my/contacts",
            "icon": "fa-comments-o",
            "counted": self.sudo()._search(self._portal_get_open_domain(files)),
        }

    @api.model
    def _portal_get_upcoming(self):
        """Return the user's open calls and visits, as superuser."""
        return self.sudo().search(self._portal_get_open_domain())

    @api.model
    def _portal_get_open_domain(self, files=None):
        """Return the domain of the open ones; see :meth:`_portal_domain`."""
        is_open = Domain("state", "in", [*appointment_flow.OPEN])
        return self._portal_domain(files) & is_open

    def _get_portal_path(self):
        return f"/my/visits/{self.id}"
