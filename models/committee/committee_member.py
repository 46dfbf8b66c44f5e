from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, ormcache

from ...rules import flow, session_flow
from .committee import Seat


class CommitteeMember(models.Model):
    """A person's seat in a committee: role and term.

    Managers edit seats, and each change leaves a note on the committee. A substitute
    studies and votes only when called. Substitutes are called in the order of the list
    when recusals leave too few members for a quorum.
    """

    _name = "beneficiary.committee.member"
    _inherit = ["beneficiary.mixin"]
    _description = "Committee Member"
    _order = "committee_id, role, sequence, id"
    _rec_name = "user_id"
    _check_company_auto = True
    _role_fields = {"user_id": (flow.COMMITTEE,)}

    committee_id = fields.Many2one(
        "beneficiary.committee", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="committee_id.company_id", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        domain=lambda self: self._get_role_domain(flow.COMMITTEE),
    )
    role = fields.Selection(
        [
            ("chair", "Chair"),
            ("secretary", "Secretary"),
            ("member", "Ordinary Member"),
            ("substitute", "Substitute"),
        ],
        required=True,
        default="member",
    )
    sequence = fields.Integer(
        default=10, help="The order in which substitutes are called."
    )
    date_from = fields.Date(string="In Office From")
    date_to = fields.Date(string="In Office Until")

    _term_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_from <= date_to)",
        "A term ends after it begins.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env.registry.clear_cache()  # of the seats
        members._log_seats({})
        self._update_ballots(members.committee_id)
        return members

    def write(self, vals):
        if {"user_id", "committee_id"} & vals.keys():
            self._check_unused(vals)
        before, committees = self._describe_seats(), self.committee_id
        result = super().write(vals)
        self.env.registry.clear_cache()  # of the seats
        self._log_seats(before)
        self._update_ballots(committees | self.committee_id)
        return result

    def unlink(self):
        before, committees = self._describe_seats(), self.committee_id
        result = super().unlink()
        self.env.registry.clear_cache()  # of the seats
        self._log_seats(before)
        self._update_ballots(committees)
        return result

    @api.model
    @ormcache("user_id")
    def _get_seats_of(self, user_id):
        """Return all seats of a user, whatever their terms.

        Every change of a seat clears the cache.

        :return: tuples of the committee's id, its association's id, and the
            :class:`Seat`
        """
        seats = self.sudo().search([("user_id", "=", user_id)])  # no secret
        return tuple(
            (seat.committee_id.id, seat.company_id.id, seat._get_seat())
            for seat in seats
        )

    def _get_seat(self):
        self.ensure_one()
        return Seat(self.id, self.user_id.id, self.role, self.date_from, self.date_to)

    # -- notes of changes --------------------------------------------------------------

    def _describe_seats(self):
        """Return the committee of each seat, and a text with its member and term.

        :return: ``{seat: (committee, words)}``
        """
        return {seat: (seat.committee_id, seat._get_words()) for seat in self}

    def _get_words(self):
        self.ensure_one()
        words = [self.user_id.name, self._get_label("role")]
        if self.date_from:
            day = format_date(self.env, self.date_from)
            words.append(self.env._("from %(date)s", date=day))
        if self.date_to:
            day = format_date(self.env, self.date_to)
            words.append(self.env._("until %(date)s", date=day))
        return " · ".join(words)

    def _log_seats(self, before):
        """Leave one note on each committee about the changes of its seats.

        :param before: what :meth:`_describe_seats` returned before the change
        """
        after = self.exists()._describe_seats()
        notes = defaultdict(list)
        for seat in self:
            old_committee, old = before.get(seat, (None, None))
            committee, new = after.get(seat, (None, None))
            if committee != old_committee:
                if old:
                    notes[old_committee].append(
                        self.env._("Seat removed: %(seat)s.", seat=old)
                    )
                if new:
                    notes[committee].append(self.env._("New seat: %(seat)s.", seat=new))
            elif old != new:
                notes[committee].append(
                    self.env._(
                        "Seat changed: %(old)s. It is now: %(new)s.", old=old, new=new
                    )
                )
        for committee, lines in notes.items():
            committee._message_log(body=Markup("<br/>").join(lines))

    # -- ballots -----------------------------------------------------------------------

    def _check_unused(self, vals):
        """Raise if a seat with ballots would get another person or committee."""
        moved = self.filtered(
            lambda member: any(
                member[name].id != vals[name]
                for name in ("user_id", "committee_id")
                if name in vals
            )
        )
        if (
            self.env["beneficiary.vote"]
            .sudo()  # managers may not read the votes of open studies
            .search_count([("member_id", "in", moved.ids)], limit=1)
        ):
            raise UserError(
                self.env._(
                    "Requests were studied from this seat. End its term, and add a "
                    "new seat for the other person."
                )
            )

    @api.model
    def _update_ballots(self, committees):
        """Update the open studies and sessions of these committees after a change.

        New members get a ballot in the open studies and a place in the sessions.
        Members who left are no longer asked to vote and no longer invited.
        """
        committees = [("committee_id", "in", committees.ids)]
        # As superuser: managers, who edit seats, may not read open studies.
        self.env["beneficiary.decision"].sudo().search(
            [*committees, ("state", "=", "open")]
        )._refresh_ballots()
        self.env["beneficiary.committee.session"].sudo().search(
            [*committees, ("state", "in", list(session_flow.AGENDA_OPEN))]
        )._call_members()

    @api.model
    def _get_in_office_domain(self, date):
        begun = Domain("date_from", "=", False) | Domain("date_from", "<=", date)
        running = Domain("date_to", "=", False) | Domain("date_to", ">=", date)
        # A member whose account is archived is not in office, whatever the term says.
        return begun & running & Domain("user_id.active", "=", True)

    @api.constrains("committee_id", "user_id", "role", "date_from", "date_to")
    def _check_overlap(self):
        """Raise unless a person has one seat and a committee one chair at any time."""
        for member in self:
            others = member.committee_id.member_ids - member
            clashes = others.filtered(member._overlaps)
            if member.user_id in clashes.user_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s already has a seat in this committee during that "
                        "term. End the earlier term first.",
                        name=member.user_id.name,
                    )
                )
            if member.role == "chair" and "chair" in clashes.mapped("role"):
                raise ValidationError(
                    self.env._(
                        "A committee has one chair at a time. End the present "
                        "chair's term first."
                    )
                )

    def _overlaps(self, other):
        """Whether the two terms have a day in common."""
        self.ensure_one()
        begins = (
            not other.date_to or not self.date_from or self.date_from <= other.date_to
        )
        ends = (
            not self.date_to or not other.date_from or other.date_from <= self.date_to
        )
        return begins and ends
