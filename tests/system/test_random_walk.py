import logging
import os
import random
from collections import Counter
from datetime import datetime, time, timedelta
from fractions import Fraction
from math import ceil

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PIXEL, BeneficiaryCommon

_logger = logging.getLogger(__name__)

STEPS = 2000
# In rare cases some move has not succeeded by then, and the walk continues.
MOST_STEPS = 4 * STEPS
START = datetime(2026, 3, 15, 7)
LASTING = timedelta(days=100 * 365)
# The rules of these tests, written a second time: two weeks, and a week of grace.
FLOOR = timedelta(days=14)
GRACE = timedelta(days=7)
# Replies leave at nine in Riyadh, three hours ahead of UTC, from Sunday to Thursday.
AHEAD = timedelta(hours=3)
RELEASE_HOUR = 6
# Offices close at four, and the last hour is left to the applicant.
LAST_HOUR = 12
FRIDAY, SATURDAY = 4, 5
WEEKEND = timedelta(days=2)
QUORUMS = (("number", 2), ("number", 3), ("share", 51), ("share", 67))
# Share of the votes cast that must be for; a simple majority is more than half.
SHARES = {"simple": None, "two_thirds": Fraction(2, 3), "all": Fraction(1)}
CAST = ("accept", "reject", "abstain")
CHOICES = (*("accept", "reject") * 8, "abstain", "recused")
# How often each move is tried; moves that end a study are rare.
WEIGHTS = {
    "vote": 30,
    "close": 10,
    "decide": 8,
    "notify_and_raise": 14,
    "prepare": 10,
    "release": 8,
    "cron": 8,
    "wait": 5,
    "new": 6,
    "appeal": 5,
    "reopen": 6,
    "propose": 2,
    "postpone": 2,
    "return": 2,
    "register": 2,
    "end_term": 1,
    "interest": 1,
    "plan_session": 3,
    "hold_session": 4,
    "close_session": 4,
    "seal": 3,
    "change_declared_data": 0.5,
    "change_rule": 2,
    "cancel": 1,
}
IDENTITIES = ("1000000016", "1000000024", "1000000032", "1000000040", "1000000057")
# Number of requests in the walk; the oldest ones are dropped.
MOST = 10


class NothingYet(UserError):
    """Raised if the walk has no request yet for a move, or enough requests."""

    def __init__(self):
        super().__init__("-")


@tagged("post_install", "-at_install", "with_demo")
class TestRandomWalk(BeneficiaryCommon):
    """All users make random moves at random times. After each step, the test checks the
    rules of the addon, which are written here a second time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seed = int(os.environ.get("BR_SEED") or random.randrange(10**6))
        cls.cron = cls.env.ref("beneficiary_relations.ir_cron_review")
        cls.terms_cron = cls.env.ref("beneficiary_relations.ir_cron_terms")
        cls.seal_cron = cls.env.ref("beneficiary_relations.ir_cron_seal")
        cls.company.beneficiary_pause_when_returned = True
        cls.secretary = cls._make_user("br_secretary", "committee", cls.company)
        cls.member3 = cls._make_user("br_member3", "committee", cls.company)
        cls.substitute = cls._make_user("br_substitute", "committee", cls.company)
        cls.committee.member_ids = [
            Command.create({"user_id": user.id, "role": role})
            for user, role in (
                (cls.secretary, "secretary"),
                (cls.member3, "member"),
                (cls.substitute, "substitute"),
            )
        ]
        cls.seats = cls.committee.member_ids
        cls.files = cls.env["beneficiary.beneficiary"].create(
            [
                {
                    "name": f"مثال {number}",
                    "identity_number": identity,
                    "phone": f"050000001{number}",
                    "email": f"walk{number}@example.com",
                    "company_id": cls.company.id,
                }
                for number, identity in enumerate(IDENTITIES)
            ]
        )

    def test_walk(self):
        """R18-R23, R42: the rules hold after any moves in any order."""
        _logger.info("random walk: BR_SEED=%s", self.seed)  # should it hang
        self.random = random.Random(self.seed)
        self._hand_in_papers()
        self._try_change_rule()
        self.place = "at the start"
        try:
            # One outer freeze: the outermost freeze costs by far the most time.
            with freeze_time(START):
                self._walk()
        except Exception as error:
            # The printed error names the seed, with which the walk can be repeated.
            error.add_note(f"BR_SEED={self.seed} {self.place}")
            raise

    def _hand_in_papers(self):
        """Give each file a paper that outlasts the walk, which takes years: once the
        papers have expired, every new request is refused and the walk stands still."""
        with freeze_time(START):
            for file in self.files:
                self._make_document(
                    file, self.identity_type, expiry_date=START.date() + LASTING
                )

    def _walk(self):
        self.now = START
        self.requests = self.env["beneficiary.request"]
        self.sessions = self.env["beneficiary.committee.session"]
        self.was_recused, self.counted, self.sealed = set(), set(), {}
        self.done = Counter()
        with mute_logger(
            "odoo.sql_db", "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"
        ):
            for step, move in enumerate(self._choose_moves()):
                self.place = f"step {step} {move}"
                self.now += timedelta(minutes=self.random.choice((1, 30, 300)))
                self._take(move)
                self._check()
        self.place = f"after step {step}"
        verdict = self.env["beneficiary.seal"]._verify(self.company)
        self.assertEqual(verdict.code, "intact", verdict)
        # A walk of refused moves only would prove nothing.
        for move in WEIGHTS:
            self.assertTrue(self.done[move], f"{move} never succeeded: {self.done}")

    def _choose_moves(self):
        """Yield random moves, and more of them until each has succeeded once."""
        for step in range(MOST_STEPS):
            if step >= STEPS and all(self.done[move] for move in WEIGHTS):
                return
            yield self.random.choices(list(WEIGHTS), WEIGHTS.values())[0]

    def _take(self, move):
        """Make one move; a refused move leaves no trace."""
        with freeze_time(self.now):
            try:
                with self.env.cr.savepoint():
                    getattr(self, f"_try_{move}")()
                    self.env.flush_all()
            except UserError:
                self.env.invalidate_all()
            else:
                self.done[move] += 1

    # -- the moves ---------------------------------------------------------------------

    def _any(self, *states):
        """Return a random request, in one of ``states`` if possible."""
        found = self.requests.filtered(lambda request: request.state in states)
        found = found or self.requests
        if not found:
            raise NothingYet
        return self.random.choice(found)

    def _any_study(self):
        decision = self._any("in_review").decision_ids[:1]
        if not decision:
            raise NothingYet
        return decision

    def _anybody(self, *users):
        return self.random.choice(users)

    def _try_new(self):
        self.file = self.random.choice(self.files)
        self.requests = (self.requests | self._make_request("declared"))[-MOST:]

    def _try_notify_and_raise(self):
        request = self._any("declared").with_user(self.officer)
        request.action_notify(channel_id=self._channel("phone").id, text="Told")
        request.action_raise()

    def _try_prepare(self):
        request = self._any("submitted", "verified")
        if request.state in ("submitted", "verified"):
            self._advance(request, "declared")

    def _try_vote(self):
        decision = self._any_study()
        user = self._anybody(*self.seats.user_id, self.manager, self.officer)
        recused = (decision.id, user.id) in self.was_recused
        in_office = self._is_in_office(user)
        choice = self.random.choice(CHOICES)
        decision.with_user(user).action_vote(choice, "As studied")
        self.assertFalse(recused, "a recused member voted")
        self.assertTrue(in_office, "who has no seat voted")

    def _is_in_office(self, user):
        return any(self._get_seated().filtered(lambda seat: seat.user_id == user))

    def _get_seated(self):
        """Return the seats whose term has not ended today in Riyadh."""
        today = (self.now + AHEAD).date()
        return self.seats.filtered(
            lambda seat: not seat.date_to or seat.date_to >= today
        )

    def _try_close(self):
        decision = self._any_study()
        user = self._anybody(self.chair, self.secretary, self.member)
        decision.with_user(user).action_close_vote("Why", self.rejection_reason.id)
        if decision.state == "open":
            self.assertIsNone(self._get_outcome(decision), "the votes make a decision")

    def _try_decide(self):
        """All members who may vote choose the same, and the vote is closed."""
        decision = self._any_study()
        if decision.request_id.state != "in_review":
            raise NothingYet
        choice = self._anybody("accept", "reject")
        for vote in decision.vote_ids.filtered(lambda vote: vote.choice != "recused"):
            if self._is_in_office(vote.user_id):
                decision.with_user(vote.user_id).action_vote(choice, "As studied")
        decision.with_user(self._anybody(self.chair, self.secretary)).action_close_vote(
            "Why", self.rejection_reason.id
        )

    def _try_propose(self):
        decision = self._any_study()
        decision.with_user(self._anybody(self.chair, self.secretary)).action_propose(
            self.random.choice((100, 500)),
            self.random.choice(("", "Bring the lease")),
            "As discussed",
        )

    def _try_postpone(self):
        decision = self._any_study()
        decision.with_user(self.chair).action_postpone("A paper is awaited")

    def _try_return(self):
        request = self._any("in_review", "declared")
        user = self._anybody(self.manager, self.chair, self.officer)
        request.with_user(user).action_return("A paper is missing")

    def _try_release(self):
        request = self._any("decided")
        user, reason = self._anybody(
            (self.officer, None),
            (self.officer, "Urgent"),
            (self.manager, None),
            (self.chair, "Urgent"),
        )
        request.with_user(user).action_release(reason)

    def _try_cron(self):
        with self.enter_registry_test_mode():
            self.terms_cron.method_direct_trigger()
            self.cron.method_direct_trigger()

    def _try_wait(self):
        self.now += timedelta(days=self.random.choice((1, 5, 15)))

    def _try_register(self):
        request = self._any("accepted").with_user(self.officer)
        request.action_register(evidence="Registered")

    def _try_appeal(self):
        self._any("rejected").with_user(self.officer).action_appeal(
            "Look again", self._channel("phone").id
        )

    def _try_reopen(self):
        user = self._anybody(self.manager, self.officer)
        self._any("rejected").with_user(user).action_reopen("New papers")

    def _try_cancel(self):
        self._any("in_review", "decided").with_user(self.officer).action_cancel(
            "No more"
        )

    def _try_change_declared_data(self):
        request = self._any("declared", "in_review")
        request.beneficiary_id.with_user(self.officer).name += "ا"

    def _try_change_rule(self):
        quorum_type, quorum = self.random.choice(QUORUMS)
        self.committee.with_user(self.manager).write(
            {
                "quorum_type": quorum_type,
                "quorum": quorum,
                "majority": self.random.choice(list(SHARES)),
            }
        )

    def _try_end_term(self):
        seat = self.random.choice(self.seats.filtered(lambda s: s.role == "member"))
        seat.with_user(self.manager).date_to = (
            False if seat.date_to else self.now.date() - timedelta(days=1)
        )

    def _try_interest(self):
        if len(self._get_interests()) > 1:
            raise NothingYet
        user = self._anybody(self.member2, self.member3)
        self.env["beneficiary.committee.interest"].with_user(user).create(
            {
                "name": "Example",
                "identity_number": self.random.choice(self.files).identity_number,
                "date_from": self.now.date(),
                "date_to": self.now.date() + timedelta(days=20),
            }
        )

    def _get_interests(self):
        """Return the interests that are in effect today in Riyadh."""
        today = (self.now + AHEAD).date()
        return self.env["beneficiary.committee.interest"].search(
            [
                ("company_id", "=", self.company.id),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )

    def _try_plan_session(self):
        session = self.env["beneficiary.committee.session"].create(
            {
                "committee_id": self.committee.id,
                "start": self.now + timedelta(days=1),
                "stop": self.now + timedelta(days=1, hours=2),
            }
        )
        session.with_user(self.chair).action_fill_agenda()
        self.sessions |= session

    def _try_hold_session(self):
        session = self._any_session("open")
        if session.state == "open":
            session.attendance_ids.with_user(self.secretary).action_mark_present()
            session.with_user(self.secretary).action_end()
        else:
            session = self._any_session("planned")
            session.with_user(self.chair).action_open()

    def _try_close_session(self):
        session = self._any_session("minutes")
        for line in session.attendance_ids:
            session.with_user(line.user_id).action_sign(signature=PIXEL)
        session.with_user(self.chair).action_close()

    def _any_session(self, *states):
        """Return a random session, in one of ``states`` if possible."""
        found = self.sessions.filtered(lambda session: session.state in states)
        found = found or self.sessions
        if not found:
            raise NothingYet
        return self.random.choice(found)

    def _try_seal(self):
        with self.enter_registry_test_mode():
            self.seal_cron.method_direct_trigger()

    # -- the rules ---------------------------------------------------------------------

    def _check(self):
        self.env.invalidate_all()
        self.interests = self._get_interests()
        for request in self.requests:
            self._check_clock(request)
            for decision in request.decision_ids:
                self._check_votes(decision)
                self._check_decision(decision)
                self._check_reply(decision)
            self._check_notices(request)
        with freeze_time(self.now):
            self._check_sight()
        self._check_sealed()

    def _check_clock(self, request):
        """Every date can be computed again from the log of pauses."""
        if not request.raised_on:
            return
        self.assertEqual(request.review_floor_on, request.raised_on + FLOOR)
        paused = sum(
            (
                pause.date_end - pause.date_start
                for pause in request.pause_ids
                if pause.date_end and pause.date_start >= request.raised_on
            ),
            timedelta(),
        )
        # Nothing is due on a weekend: each move of the date may go on to Sunday.
        due = request.reply_due_on
        self.assertNotIn((due + AHEAD).weekday(), (FRIDAY, SATURDAY))
        longest = WEEKEND * (1 + len(request.pause_ids))
        weekends = due - (request.review_floor_on + GRACE + paused)
        self.assertTrue(timedelta() <= weekends <= longest, weekends)
        for decision in request.decision_ids:
            if decision.state == "taken" and decision.round == request.round:
                self.assertEqual(
                    request.release_on,
                    self._get_release(
                        max(request.review_floor_on, decision.decided_on), due
                    ),
                )

    def _get_release(self, earliest, due):
        """Return the first release hour on a working day, not before ``earliest``.

        A reply that would be late by then leaves at once, if an hour of work is left.
        """
        release = earliest.replace(hour=RELEASE_HOUR, minute=0, second=0)
        while release < earliest or release.weekday() in (FRIDAY, SATURDAY):
            release += timedelta(days=1)
        is_working = earliest.weekday() not in (FRIDAY, SATURDAY)
        is_open = time(RELEASE_HOUR) <= earliest.time() <= time(LAST_HOUR)
        return earliest if release > due and is_working and is_open else release

    def _check_votes(self, decision):
        for vote in decision.vote_ids:
            key = (decision.id, vote.user_id.id)
            if key in self.was_recused:
                self.assertEqual(vote.choice, "recused", "recusal is for good")
            elif vote.choice == "recused":
                self.was_recused.add(key)
        voters = self._get_voters(decision)
        self.assertFalse(
            voters & self._get_voters(decision.appeal_id.decision_id),
            "who voted on the decision appealed against votes on the appeal",
        )
        if decision.state != "withdrawn" and decision not in self.counted:
            number = decision.beneficiary_id.identity_number
            interested = self.interests.filtered(
                lambda interest: interest.identity_number == number
            )
            self.assertFalse(voters & interested.user_id, "an interest was declared")

    def _get_voters(self, decision):
        return decision.vote_ids.filtered(lambda vote: vote.choice in CAST).user_id

    def _check_sight(self):
        """Members read other votes only after casting their own, never if recused."""
        request = self.random.choice(self.requests or [self.requests])
        decision = request.decision_ids.filtered(lambda line: line.state == "open")[:1]
        for vote in decision.vote_ids.filtered(lambda vote: not vote.member_id.date_to):
            seen = self.env["beneficiary.vote"].with_user(vote.user_id)
            count = seen.search_count([("decision_id", "=", decision.id)])
            has_cast = vote.choice in ("accept", "reject", "abstain")
            self.assertEqual(count, len(decision.vote_ids) if has_cast else 1)

    def _check_decision(self, decision):
        """A decision needs a quorum, and follows from the votes."""
        self.assertEqual(
            bool(decision.outcome),
            decision.state == "taken"
            or (decision.state == "withdrawn" and bool(decision.decided_on)),
        )
        if decision.state != "taken" or decision in self.counted:
            return
        # Checked once, at the moment of the decision: seats change later.
        self.counted.add(decision)
        self.assertEqual(decision.decided_on, self.now)
        base, accept, reject, abstain = self._count(decision)
        self.assertEqual(
            (
                decision.base_count,
                decision.needed_count,
                decision.accept_count,
                decision.reject_count,
                decision.abstain_count,
            ),
            (base, self._get_needed(base), accept, reject, abstain),
        )
        self.assertEqual(decision.outcome, self._get_outcome(decision))
        if decision.outcome == "rejected":
            self.assertTrue(decision.reason and decision.rejection_reason_id)

    def _count(self, decision):
        """Return the number of members in office who are not recused, and of their
        votes for, against and abstained, by the present seats."""
        seated = self._get_seated()
        ballots = decision.vote_ids.filtered(
            lambda vote: vote.member_id in seated and vote.choice != "recused"
        )
        # Substitutes count only if they were called; all other members have a ballot.
        members = seated.filtered(lambda seat: seat.role != "substitute")
        self.assertLessEqual(members, decision.vote_ids.member_id)
        votes = Counter(ballots.mapped("choice"))
        return len(ballots), *(votes[choice] for choice in CAST)

    def _get_needed(self, base):
        """Return the quorum for ``base`` members, by the words of the rule."""
        if self.committee.quorum_type == "number":
            return self.committee.quorum
        return max(2, ceil(Fraction(base * self.committee.quorum, 100)))

    def _get_outcome(self, decision):
        """Return the outcome that the present votes give, or None."""
        base, accept, reject, abstain = self._count(decision)
        cast = accept + reject
        if not cast or cast + abstain < self._get_needed(base):
            return None
        if share := SHARES[self.committee.majority]:
            return "accepted" if Fraction(accept, cast) >= share else "rejected"
        if accept == reject:
            chair = decision.vote_ids.filtered(
                lambda vote: vote.member_id.role == "chair"
            )
            return {"accept": "accepted", "reject": "rejected"}.get(chair.choice)
        return "accepted" if 2 * accept > cast else "rejected"

    def _check_reply(self, decision):
        """A reply needs a decision, and a reason if it leaves before the floor."""
        if not decision.released_on:
            return
        self.assertEqual(decision.state, "taken")
        if decision.released_on < decision.raised_on + FLOOR:
            self.assertTrue(decision.early_release_reason)

    def _check_notices(self, request):
        """There is one notice for each event, round, occasion and channel."""
        told = Counter(
            (notice.event, notice.round, notice.occasion, notice.channel)
            for notice in request.notice_ids
        )
        self.assertLessEqual(set(told.values()), {1})
        replies = {line.round for line in request.decision_ids.filtered("released_on")}
        self.assertEqual({key[1] for key in told if key[0] == "reply"}, replies)

    def _check_sealed(self):
        """Answered decisions and closed sessions never change."""
        for decision in self.requests.decision_ids.filtered("released_on"):
            values = decision.read(
                [
                    "outcome",
                    "amount_granted",
                    "conditions",
                    "reason",
                    "decided_on",
                    "released_on",
                    "state",
                    "accept_count",
                    "reject_count",
                ]
            )
            values += decision.vote_ids.read(["user_id", "choice", "reason"])
            self.assertEqual(self.sealed.setdefault(decision, values), values)
        for session in self.sessions.filtered(lambda one: one.state == "closed"):
            values = session.read(["name", "minutes", "closed_on", "state"])
            values += session.attendance_ids.read(["status", "signed_on"])
            values += session.item_ids.read(["outcome", "request_id"])
            self.assertEqual(self.sealed.setdefault(session, values), values)
