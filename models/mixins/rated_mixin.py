import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from ...rules.arabic import ascii_digits

RATES = range(1, 6)
MOST_WORDS = 2000


class Links(dict):
    """The links that one message is rendered with, in a context.

    It is an object, and nobody can send an object over RPC: whoever renders a template
    gets the address of the page, and never a secret of somebody else.
    """


class RatedMixin(models.AbstractModel):
    """A record that the person it served rates once, which is their right (R29).

    Ratings improve the service and rate no person: they name no officer, and only
    managers read them (R30). A low one begins an improvement (R31).
    """

    _name = "beneficiary.rated.mixin"
    _description = "Rated Service"

    def _can_be_rated(self):
        """Whether the service of this record has ended, and nobody rated it yet."""
        raise NotImplementedError

    def _get_rated_words(self):
        """Return in a few words what is rated, without a word about the person."""
        raise NotImplementedError

    def _get_rating_page(self):
        """Return the address of the page on which the person rates, signed in."""
        raise NotImplementedError

    def _get_rating_lang(self):
        """Return the language of the person who rates."""
        raise NotImplementedError

    def _get_rating_partner(self):
        """Return, as superuser, the contact of the person who rates; may be empty."""
        return self.env["res.partner"].sudo()

    def _get_rating(self):
        """Return the rating of this record as superuser; empty when there is none."""
        self.ensure_one()
        ratings = self.env["rating.rating"].sudo()
        return ratings.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1
        )

    # -- the link that needs no sign-in ------------------------------------------------

    def _with_rating_links(self):
        """Return these records with a new link each, for one message that leaves."""
        links = self.env["beneficiary.rating.link"]
        made = Links({record.id: links._make(record) for record in self})
        return self.with_context(beneficiary_rating_links=made)

    def _get_rating_url(self):
        """Return the address to rate this record, for the text of a message.

        It holds the secret only in the message to the person itself.
        """
        self.ensure_one()
        links = self.env.context.get("beneficiary_rating_links")
        if isinstance(links, Links) and self.id in links:
            return links[self.id]
        return f"{self.get_base_url()}{self._get_rating_page()}"

    def _is_open_by_link(self):
        """Whether a link rates this record now: nobody speaks for the dead."""
        self.ensure_one()
        is_dead = self.sudo().beneficiary_id._is_deceased()
        return not is_dead and self._can_be_rated()

    def _rate_by_link(self, rate, words):
        """Rate this record, as whoever follows the link that was sent to the person.

        :param rate: from 1 to 5, as it was sent
        :param words: the person's own words; may be empty
        :raise UserError: when the record cannot be rated (any more), or when ``rate``
            is not a number from 1 to 5
        """
        self.ensure_one()
        record = self.sudo()  # the visitor has no rights
        if not record._is_open_by_link():
            raise UserError(self.env._("This is not possible any more."))
        record._create_rating(
            record._check_rate(rate),
            words,
            partner_id=record._get_rating_partner().id,
        )
        record._after_rated()

    def _after_rated(self):
        """Do what follows once the person rated this record without the office."""

    # -- the rating --------------------------------------------------------------------

    def _create_rating(self, value, words, **origin):
        """Keep a rating of this record, and begin an improvement if it is low (R31).

        :raise UserError: when the words are too long, or the record was rated already
        """
        if len(words) > MOST_WORDS:
            raise UserError(
                self.env._("Write at most %(count)s letters, please.", count=MOST_WORDS)
            )
        # Applicants have no right to write records.
        ratings = self.env["rating.rating"].sudo()
        vals = {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "access_token": False,
            **origin,
        }
        try:
            with self.env.cr.savepoint():
                rating = ratings.create(vals)
                # The unique index refuses the second of two concurrent ratings here.
                # The code below needs the row in the table.
                rating.flush_recordset()
        except psycopg2.IntegrityError as error:
            raise UserError(ratings._sql_error_to_message(error)) from error
        rating.write({"rating": value, "feedback": words, "consumed": True})
        self.env["beneficiary.improvement"]._begin_from_rating(rating)

    @api.model
    def _check_rate(self, text):
        """Return the rate in ``text``, or raise that one must be chosen."""
        if value := self._read_rate(text):
            return value
        raise UserError(self.env._("Choose how satisfied you are, from 1 to 5."))

    @api.model
    def _read_rate(self, text):
        """Return the rate in ``text``, in digits of any script; 0 if invalid (R44)."""
        digits = ascii_digits(text or "").strip()
        value = int(digits) if digits.isdecimal() and len(digits) == 1 else 0
        return value if value in RATES else 0
