from datetime import date, datetime

from odoo import api, fields, models
from odoo.tools import SQL

# The sections of the portal, in the order of the home page. A model is a section by
# its ``_portal_get_card``, and asks for something by its ``_portal_get_waiting``.
PORTAL_SECTIONS = (
    "beneficiary.request",
    "beneficiary.service",
    "beneficiary.beneficiary",
    "beneficiary.change",
    "beneficiary.household.member",
    "beneficiary.document",
    "beneficiary.delivery",
    "beneficiary.appointment",
    "beneficiary.data.request",
    "beneficiary.policy",
)


class PortalSectionMixin(models.AbstractModel):
    """What a model gives to the home page of the portal: a card, and what waits.

    The home page of an applicant is one list of what waits for them, and below it one
    card for each section. :data:`PORTAL_SECTIONS` names the models that it asks.
    """

    _name = "beneficiary.portal.section.mixin"
    _inherit = ["beneficiary.date.mixin"]
    _description = "Section of the Portal"

    @api.model
    def _portal_get_waiting(self, files):
        """Return what waits for the acting user, in this section.

        The number of queries is the same for one record and for many.

        :param files: the files that the user follows, as superuser
        :return: list of dicts: ``text`` (a whole sentence that says what to do),
            ``url``, ``button`` (the words on it) and ``date`` (a date, a moment in UTC,
            or False: the day that matters, such as the last one)
        """
        return []

    @api.model
    def _portal_get_card(self, files):
        """Return the card of this section for the acting user.

        :param files: the files that the user follows, as superuser
        :return: dict of ``label``, ``text``, ``url``, ``icon`` (of Font Awesome) and
            ``counted`` (a ``Query`` of the records to count, or None where there is
            nothing to count); an empty dict where the user has no such section
        """
        return {}

    @api.model
    def _portal_get_home(self):
        """Return the home page of the acting user, who follows a file (R26).

        :return: dict of ``waiting``, the most urgent first, and of ``cards``; see the
            two methods above. Each line that waits has its ``day`` in both calendars,
            and each card its ``count``. The dict is empty for users without a file.
        """
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        if not files:
            return {}
        sections = [self.env[name] for name in PORTAL_SECTIONS]
        waiting = [line for one in sections for line in one._portal_get_waiting(files)]
        for line in waiting:
            line["date"] = self._portal_read_day(line["date"])
            line["day"] = line["date"] and self._format_both(line["date"])
        waiting.sort(key=lambda line: line["date"] or date.max)
        cards = [one._portal_get_card(files) for one in sections]
        return {
            "waiting": waiting,
            "cards": self._portal_count([card for card in cards if card]),
        }

    @api.model
    def _portal_count(self, cards):
        """Return the cards, each with its ``count``: all are counted in one query."""
        counts = [
            SQL("NULL")
            if card["counted"] is None
            else card["counted"].subselect(SQL("COUNT(*)"))
            for card in cards
        ]
        (counts,) = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(counts)))
        return [
            {**card, "count": count} for card, count in zip(cards, counts, strict=True)
        ]

    @api.model
    def _portal_read_day(self, value):
        """Return the day of a date or a moment (UTC) in the association's time zone."""
        if not isinstance(value, datetime):
            return value or False
        zone = self.env.company._get_beneficiary_timezone()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), value
        ).date()
