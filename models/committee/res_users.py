from odoo import fields, models

from ...rules import identity

PREFERENCES = ["committee_news_by"]


class ResUsers(models.Model):
    _inherit = "res.users"

    committee_news_by = fields.Selection(
        [("email", "E-mail"), ("sms", "Text Message")],
        string="Committee Messages By",
        default="email",
        help="How a member of a committee hears of votes, minutes to sign and "
        "sessions. A text message counts what waits, and leads to it.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + PREFERENCES

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + PREFERENCES

    def _get_beneficiary_committee_ids(self, *roles):
        """Return the ids of the committees in which this user is in office, for rules.

        :param roles: of the seat; without any, a seat of each role counts
        """
        return [
            committee_id
            for committee_id, role in self._get_beneficiary_seats()
            if not roles or role in roles
        ]

    def _get_beneficiary_seats(self):
        """Return the seats in which this user is in office today.

        :return: tuples of the committee's id and the role
        """
        self.ensure_one()
        seats = self.env["beneficiary.committee.member"]._get_seats_of(self.id)
        companies = self.env["res.company"]
        today = {
            company_id: companies.browse(company_id)._get_beneficiary_today()
            for company_id in {company_id for _committee_id, company_id, _seat in seats}
        }
        return tuple(
            (committee_id, seat.role)
            for committee_id, company_id, seat in seats
            if seat.is_in_office(today[company_id])
        )

    # -- how a member is told ----------------------------------------------------------

    def _is_told_by_text(self):
        """Whether the member prefers text messages, or has no e-mail, and has a phone.

        Nobody goes without news because of a preference that does not work.
        """
        self.ensure_one()
        wants_text = self.committee_news_by == "sms" or not self.email
        return wants_text and bool(self._get_text_number())

    def _get_text_number(self):
        """Return the number to which text messages of this user go, or nothing."""
        self.ensure_one()
        partner = self.partner_id
        return partner._phone_format(fname="phone") or identity.dialled(
            partner.phone or ""
        )
