from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...rules import flow

READERS = "beneficiary_relations.group_manager"
# Where a request has come to its end, as its person sees it.
RATED_STATES = ("delivered", "rejected", "closed")


class RequestRating(models.Model):
    """The applicant's rating of a request that has come to its end (R29, R30).

    Delivered requests are rated, and refused ones once their reply has left (R21); the
    message that asks about a refused one leaves when it is closed.
    Applicants rate on their own page, or by the link that was sent to them. Who has no
    address gives the rating to the front desk. Odoo's own links are never made: they
    would stand in the conversation, for staff to follow.
    """

    _inherit = "beneficiary.request"

    rating_ids = fields.One2many(groups=READERS)
    rating_last_value = fields.Float(
        groups=READERS,
        compute="_compute_rating_last_value",  # Odoo's own
        store=True,
        precompute=True,
    )
    rating_last_feedback = fields.Text(groups=READERS)
    rating_last_image = fields.Binary(groups=READERS)
    rating_last_text = fields.Selection(groups=READERS)
    rating_count = fields.Integer(groups=READERS)
    rating_avg = fields.Float(groups=READERS)
    rating_avg_text = fields.Selection(groups=READERS)
    rating_percentage_satisfaction = fields.Float(groups=READERS)
    can_record_rating = fields.Boolean(compute="_compute_can_record_rating")

    @api.depends("state", "origin")
    def _compute_can_record_rating(self):
        for request in self:
            request.can_record_rating = not request._get_unratable_problems()

    # -- Odoo's own ways to a rating ---------------------------------------------------

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
        """Check the access to the field first: Odoo checks it after the search."""
        if not self._has_field_access(self._fields["rating_avg"], "read"):
            raise AccessError(self.env._("Ratings are read by managers."))
        return super()._search_rating_avg(operator, value)

    # -- the person is asked -----------------------------------------------------------

    def _after_deliver(self, target):
        self._ask_for_rating()

    def _after_close(self, target):
        """Ask whose request was refused, after the reply: with it, it would tell of it.

        Telephones are shared, and accepted requests are rated later (R21).
        """
        self._ask_for_rating()

    def _ask_for_rating(self):
        """Ask for a rating, which is the person's right (R29). Places are not asked."""
        requests = self.sudo().filtered(
            lambda request: (
                request._can_be_rated()
                and (
                    request.beneficiary_id._can_sign()
                    or request.beneficiary_id._get_portal_users()
                )
            )
        )
        self.env["beneficiary.notice"]._queue(requests, "rating")

    def _can_be_rated(self):
        self.ensure_one()
        request = self.sudo()  # applicants may not read states or decisions
        if request.state not in RATED_STATES or request.origin != "lived":
            return False  # without a look at the decision
        ends = {
            "accepted": ("delivered", "closed"),
            "rejected": ("rejected", "closed"),
        }
        # Without a reply that has left there is no outcome, and nothing to rate (R21).
        states = ends.get(request._portal_get_reply().outcome, ())
        return request.portal_state in states and not request._get_rating()

    def _get_rated_words(self):
        return self.env._("Your request %(number)s", number=self.name)

    def _get_rating_page(self):
        return self.access_url

    def _get_rating_lang(self):
        return self.beneficiary_id.lang

    def _get_rating_partner(self):
        return self.sudo().beneficiary_id.partner_id

    @api.model
    def _portal_get_waiting(self, files):
        """Ask for the ratings that the person was asked for and has not given (R29)."""
        requests = self.sudo().search(
            self._portal_domain(files)
            & Domain("portal_state", "in", list(RATED_STATES))
            & Domain("rating_ids", "=", False)
            & Domain("notice_ids", "any", [("event", "=", "rating")])
        )
        return super()._portal_get_waiting(files) + [
            {
                "text": self.env._(
                    "How was our service? Rate request %(number)s, %(service)s.",
                    number=request.name,
                    service=request.service_id.name,
                ),
                "url": f"{request.access_url}#o_br_rating",
                "button": self.env._("Rate our service"),
                "date": False,
            }
            for request in requests
            if request._can_be_rated()
        ]

    # -- the applicant rates -----------------------------------------------------------

    def _portal_get_page(self):
        page = super()._portal_get_page()
        page["rating"] = self._was_ever_answered() and self._get_rating()
        return page

    def _portal_get_actions(self, missing=None):
        actions = super()._portal_get_actions(missing)
        if self._can_be_rated():
            actions.add("rate")
        return actions

    def _get_rating(self):
        self.ensure_one()
        return self.sudo().rating_ids[:1]

    def _portal_rate(self, rate, words):
        """Rate the request, as its applicant.

        :param rate: from 1 to 5, as it was sent
        :param words: the applicant's own words; may be empty
        :raise AccessError: when the request is not the acting user's
        :raise UserError: when the request cannot be rated (any more), or when ``rate``
            is not a number from 1 to 5
        """
        self._portal_check("rate")
        self._create_rating(
            self._check_rate(rate), words, partner_id=self.env.user.partner_id.id
        )
        self._after_rated()

    def _after_rated(self):
        """End the notice by which the office was to ask the person by hand."""
        portal = self.env["beneficiary.channel"].sudo()  # closed to applicants
        portal = portal.search(
            Domain("is_portal", "=", True)
            & Domain("company_id", "in", [False, self.company_id.id]),
            order="company_id",  # the association's own first
            limit=1,
        )
        self.sudo().notice_ids._end_asking(
            portal.id, self.env._("Rated by the person.")
        )

    # -- the front desk records a rating -----------------------------------------------

    def action_record_rating(self, rate=None, words=None, channel_id=None):
        """Record a rating that a person gave by telephone or on paper (R29, R33).

        The rating names the user who recorded it, so that staff cannot rate their
        own work unnoticed.

        :param rate: from 1 to 5, as text
        :param words: the person's own words; may be empty
        :param channel_id: id of the channel on which the answer came
        :raise AccessError: unless the acting user belongs to the front desk
        :raise UserError: when the request was not delivered or was rated already, or
            when the rate or the channel is not valid
        """
        self.ensure_one()
        self.check_access("read")
        self._check_role(flow.FRONT_DESK)
        self._refuse(self._get_input_problems({"rate": rate, "words": words}))
        channel = self._read_id("beneficiary.channel", channel_id)
        self._refuse(self._get_recording_problems(rate, channel))
        self._create_rating(
            self._read_rate(rate),
            (words or "").strip(),
            partner_id=self.sudo().beneficiary_id.partner_id.id,
            recorded_by_id=self.env.uid,
            recorded_channel_id=channel.id,
        )
        note = self.env._(
            "The person's rating was recorded. Channel: %(channel)s.",
            channel=channel.display_name,
        )
        self.sudo()._message_log(body=note)  # some recorders may not write
        self.sudo().notice_ids._end_asking(channel.id, note)
        return True

    def _get_recording_problems(self, rate, channel):
        problems = self._get_unratable_problems()
        if not self._read_rate(rate):
            problems.append(self.env._("Choose how satisfied the person is."))
        if channel not in self._get_rating_channels():
            problems.append(self.env._("Choose a channel that the policy allows."))
        return problems

    def _get_unratable_problems(self):
        """Return why the front desk cannot record a rating of this request."""
        self.ensure_one()
        if not self._can_be_rated():
            return [
                self.env._(
                    "Only a delivered or refused request that is not rated yet can be "
                    "rated."
                )
            ]
        if problems := self.sudo()._guard_alive({}):
            return problems
        # A request can be rated only once, so staff may not rate for a person who has a
        # portal account.
        if self.sudo().beneficiary_id._get_portal_users():
            return [self.env._("The person has an account, and rates on the portal.")]
        return []

    def _get_rating_channels(self):
        """Return the channels on which an answer can reach the front desk.

        The website is not among them: there people rate by themselves.
        """
        company = self.company_id or self.env.company
        return company._get_beneficiary_policy()._get_desk_channels()
