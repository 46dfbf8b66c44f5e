import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules.arabic import ascii_digits

READERS = "beneficiary_relations.group_manager"
RATES = range(1, 6)
MOST_WORDS = 2000


class RequestRating(models.AbstractModel):
    """The applicant rates what was delivered: a right, used once (R29, R30).

    Ratings improve the service and rate no person: no operator is ever named, and
    managers alone read them. They are given on the applicant's own page; the links
    that Odoo sends by e-mail, which need no login, are never made.
    """

    _name = "beneficiary.request.rating"
    _inherit = ["rating.mixin"]
    _description = "Rating of a Request"

    rating_ids = fields.One2many(groups=READERS)
    rating_last_value = fields.Float(groups=READERS)
    rating_last_feedback = fields.Text(groups=READERS)
    rating_last_image = fields.Binary(groups=READERS)
    rating_last_text = fields.Selection(groups=READERS)
    rating_count = fields.Integer(groups=READERS)
    rating_avg = fields.Float(groups=READERS)
    rating_avg_text = fields.Selection(groups=READERS)
    rating_percentage_satisfaction = fields.Float(groups=READERS)

    # -- Odoo's own doors to a rating --------------------------------------------------

    def _rating_get_operator(self):
        """Nobody is rated (R30)."""
        return self.env["res.partner"]

    def _rating_get_access_token(self, partner=None):
        """Make no token: its holder could rate without signing in."""
        return ""

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        raise AccessError(self.env._("The applicant rates a request on the portal."))

    def rating_send_request(self, template, lang=False, force_send=True):
        raise AccessError(self.env._("The applicant rates a request on the portal."))

    def _search_rating_avg(self, operator, value):
        """Odoo searches before it asks who may read the field."""
        if not self._has_field_access(self._fields["rating_avg"], "read"):
            raise AccessError(self.env._("Ratings are read by managers."))
        return super()._search_rating_avg(operator, value)

    def _after_deliver(self, target):
        """Ask who can rate it, on their page: the person's right (R29)."""
        requests = self.sudo().filtered(
            lambda request: (
                request.origin == "lived" and request.beneficiary_id._get_portal_users()
            )
        )
        self.env["beneficiary.notice"]._queue(requests, "rating")

    # -- the applicant rates -----------------------------------------------------------

    def _portal_get_page(self):
        return {**super()._portal_get_page(), "rating": self._get_rating()}

    def _portal_get_actions(self):
        actions = super()._portal_get_actions()
        if self._portal_can_rate():
            actions.add("rate")
        return actions

    def _portal_can_rate(self):
        """Whether this request was delivered here, and not rated yet."""
        self.ensure_one()
        request = self.sudo()  # applicants read neither states nor decisions
        return (
            request.portal_state in ("delivered", "closed")
            and request.origin == "lived"
            and request._portal_get_reply().outcome == "accepted"
            and not request._get_rating()
        )

    def _get_rating(self):
        """Return the rating of this request as superuser; empty when there is none."""
        self.ensure_one()
        return self.sudo().rating_ids[:1]

    def _portal_rate(self, rate, words):
        """Rate the request, as its applicant.

        :param rate: from 1 to 5, as it was sent
        :param words: what the applicant adds; may be empty
        :raise AccessError: when the request is not the acting user's
        :raise UserError: when it was not delivered, was rated already, or ``rate`` is
            none
        """
        self._portal_check("rate")
        value = self._read_rate(rate)
        if not value:
            raise UserError(self.env._("Choose how satisfied you are, from 1 to 5."))
        if len(words) > MOST_WORDS:
            raise UserError(
                self.env._("Write at most %(count)s letters, please.", count=MOST_WORDS)
            )
        self._create_rating(value, words)

    def _create_rating(self, value, words):
        # Applicants write nothing of ours themselves.
        ratings = self.env["rating.rating"].sudo()
        vals = {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "partner_id": self.env.user.partner_id.id,
            "access_token": False,
        }
        try:
            with self.env.cr.savepoint():
                rating = ratings.create(vals)
                # Of two at once one is refused here; what follows reads the table.
                rating.flush_recordset()
        except psycopg2.IntegrityError as error:
            raise UserError(ratings._sql_error_to_message(error)) from error
        rating.write({"rating": value, "feedback": words, "consumed": True})

    @api.model
    def _read_rate(self, text):
        """Return the rate that was sent, in digits of any script; 0 for none (R44)."""
        digits = ascii_digits(text or "").strip()
        value = int(digits) if digits.isdecimal() and len(digits) == 1 else 0
        return value if value in RATES else 0
