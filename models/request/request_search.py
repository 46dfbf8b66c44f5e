from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import arabic, flow
from ..mixins.desk_mixin import WEEK
from ..mixins.typed_search_mixin import trigram_index

TYPED = ("ilike", "like", "=ilike", "=like")


class RequestSearch(models.Model):
    """How a request is found: by number, by person, by whose turn it is (R44).

    Referrals, deliveries, decisions and notices are found through their request. What
    finds the person's file is stored in the request's row too: PostgreSQL can then
    combine its index with those of the numbers, and reads no other table.
    """

    _inherit = "beneficiary.request"

    search_key = fields.Char(
        related="beneficiary_id.search_key",
        store=True,
        precompute=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )

    _name_trigram = trigram_index("name")
    _search_key_trigram = trigram_index("search_key")

    @api.depends("name", "beneficiary_id.display_name")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        """Say beside the number whose request it is, where people choose one."""
        result = super()._compute_display_name()
        if self.env.context.get("formatted_display_name"):
            for request in self.filtered("beneficiary_id"):
                person = request.beneficiary_id.name
                request.display_name = f"{request.name}\t--{person}--"
        return result

    @api.model
    def _search_display_name(self, operator, value):
        """Find by number in any digits, by the number of earlier records, by person."""
        if operator == "in":  # an import refers to a request by its number
            lines = {arabic.number_line(name) for name in value if name}
            return super()._search_display_name(operator, {*value, *lines})
        found = super()._search_display_name(operator, value)
        if operator not in TYPED or not value or self.env.user._is_portal():
            return found
        return self._get_numbers_domain(value) | self._get_key_domain(
            "search_key", value
        )

    @api.model
    def _get_numbers_domain(self, value):
        """Return the domain of the requests with this number, or this one of before."""
        return self._get_number_domain("name", value) | Domain(
            "origin_reference", "=", arabic.number_line(value)
        )

    # -- whose turn it is --------------------------------------------------------------

    @api.model
    def _get_is_mine_domain(self):
        """Return the domain of the requests whose officer or delegate I am."""
        return super()._get_is_mine_domain() | Domain("delegate_id", "=", self.env.uid)

    @api.model
    def _get_is_due_this_week_domain(self):
        """Return the domain of the requests whose reply is due within the week (R22).

        A request that came back from its committee still owes a reply.
        """
        back = Domain("raised_on", "!=", False) & Domain(
            "state", "in", list(flow.PREPARING)
        )
        owing = Domain("state", "=", "in_review") | back
        return owing & Domain("reply_due_on", "<", WEEK)

    @api.model
    def _get_waits_for_applicant_domain(self):
        """Return the domain of the requests that came back, or are to be signed (R16).

        While a request waits for its applicant, the clock is paused (R21).
        """
        came_back = Domain("state", "=", "draft") & Domain(
            "note_to_applicant", "!=", False
        )
        paused = Domain("pause_ids", "any", [("date_end", "=", False)])
        return came_back | paused | Domain("state", "=", "verified")

    @api.model
    def _get_waits_for_me_domain(self):
        """Return the domain of the requests in which the next move is mine.

        It is mine as officer or delegate, as member who has not voted, or as researcher
        who has not answered.
        """
        office = self._get_is_mine_domain() & Domain(
            "state", "in", list(flow.OFFICE_TURN)
        )
        ballots = self.env["beneficiary.vote"]._get_waiting_domain()
        referrals = self.env["beneficiary.referral"]._get_waits_for_me_domain()
        # Not everybody reads decisions; one's own ballots are no secret.
        voting = Domain("vote_ids", "any!", ballots)
        return (
            (office & ~self._get_waits_for_applicant_domain())
            | Domain("decision_ids", "any!", voting)
            | Domain("referral_ids", "any!", referrals)
        )
