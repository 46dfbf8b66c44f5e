"""The number of queries of what is written: creation, moves, votes, scheduled actions.

Users write with their own context: changes are traced, and notes are left.
"""

import random
from datetime import timedelta
from functools import partial

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from ..common import PIXEL
from ..request.common import DUE, RAISED, ClockCase
from .common import luhn

N = 6
# Queries of one call, whatever the number of records.
MOST_OF_ONE = 26
MOST_OF_A_MOVE = 17
MOST_OF_A_VOTE = 18
MOST_OF_A_TOLD_MOVE = 21
MOST_OF_A_SEARCH = 3
MOST_OF_NOTHING = 10
# Queries of one more record.
MOST_OF_ONE_MORE = 3
# For one overdue request, whose members are reminded one by one.
MOST_OF_ONE_OVERDUE = 1.2
SIGNER = "سالم المثال"


class WritesCase(ClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = 0

    def _make_files(self, count, **vals):
        first, type(self).made = self.made, self.made + count
        return self.env["beneficiary.beneficiary"].create(
            [
                {
                    "name": SIGNER,
                    "company_id": self.company.id,
                    "phone": f"05000{first + number:05}",
                    "identity_number": luhn(70_000_000 + first + number),
                    **vals,
                }
                for number in range(count)
            ]
        )

    def _prepare_requests(self, files):
        return [
            {
                "company_id": self.company.id,
                "beneficiary_id": file.id,
                "service_id": self.service.id,
                "channel_id": self._channel("phone").id,
                "description": file.name,
            }
            for file in files
        ]

    def _as(self, user, records):
        """Return the records as a call of the user's browser has them."""
        context = {"lang": "en_US", "allowed_company_ids": self.company.ids}
        return records.with_user(user).with_context(context).browse(records.ids)

    def _make_requests(self, count, **vals):
        requests = self.env["beneficiary.request"].with_user(self.officer)
        made = requests.create(self._prepare_requests(self._make_files(count, **vals)))
        return made.with_user(self.env.user)

    def _match(self, requests):
        """Make the papers of these requests, and match them and the files."""
        files = requests.beneficiary_id
        for file in files:
            self._make_document(file, self.identity_type)
        files.document_ids.with_user(self.officer).action_match("The original")
        files.with_user(self.officer).action_match("The card")

    def _study(self, count):
        """Return requests before the committee, with ballots that wait."""
        with freeze_time(RAISED):
            requests = self._make_requests(count)
            requests._start_clock()
            requests._write_flow({"state": "in_review"})
            self.env["beneficiary.decision"]._open(requests)
        return requests


@tagged("post_install", "-at_install", "with_demo")
class TestQueriesOfMoves(WritesCase):
    """Creation, moves and votes of requests."""

    def test_creation(self):
        """W1-W3: a batch takes as many queries as its half; one takes few."""
        requests = self._as(self.officer, self.env["beneficiary.request"])
        ways = {
            "quiet": ({"tracking_disable": True}, {"officer_id": False}),
            "own": ({}, {}),
            "assigned": ({}, {"officer_id": self.manager.id}),
        }
        for way, (context, more) in ways.items():
            counts = []
            for count in (1, N, 2 * N):
                vals_list = [
                    {**vals, **more}
                    for vals in self._prepare_requests(self._make_files(count))
                ]
                create = partial(requests.with_context(**context).create, vals_list)
                counts.append(self._count_queries(create))
            with self.subTest(way=way):
                self.assertEqual(counts[1], counts[2])
                self.assertLessEqual(counts[1], MOST_OF_ONE + 4)  # the manager follows
                if way == "own":
                    one = self._prepare_requests(self._make_files(1))
                    count = self._count_queries(partial(requests.create, one))
                    self.assertLessEqual(count, MOST_OF_ONE)

    def test_deletion(self):
        """W8: drafts are deleted in a flat number of queries."""
        counts = []
        for count in (1, N, 2 * N):
            drafts = self._as(self.manager, self._make_requests(count))
            counts.append(self._count_queries(drafts.unlink))
        self.assertEqual(counts[1], counts[2])

    def test_import(self):
        """I1: a sheet of files takes few queries for one more row."""
        files = self._as(self.manager, self.env["beneficiary.beneficiary"])
        counts = []
        for count, first in ((1, 0), (N, 100), (2 * N, 200)):
            rows = [
                [f"Person {place}", f"05990{place:05}", luhn(80_000_000 + place)]
                for place in range(first, first + count)
            ]
            names = ["name", "phone", "identity_number"]
            counts.append(self._count_queries(partial(files.load, names, rows)))
        self.assertLessEqual((counts[2] - counts[1]) / N, MOST_OF_ONE_MORE)

    def test_moves(self):
        """W5: one more request of a batch takes few queries, with all its traces."""
        given = {
            "submit": {"evidence": "Asked", "minutes": 5},
            "verify": {"evidence": "Compared"},
            "declare": {"signed_by": SIGNER, "signature": PIXEL},
            "notify": {
                "text": "Told in person",
                "channel_id": self._channel("phone").id,
            },
            "raise": {},
        }
        counts = {name: [] for name in given}
        for count in (1, N, 2 * N):
            requests = self._make_requests(count)
            self._match(requests)
            for name, values in given.items():
                records = self._as(self.officer, requests)
                move = partial(getattr(records, f"action_{name}"), **values)
                counts[name].append(self._count_queries(move))
                self.assertEqual(
                    len(requests.message_ids), len(set(requests.message_ids))
                )
        for name, (_first, small, large) in counts.items():
            with self.subTest(move=name):
                self.assertLessEqual((large - small) / N, MOST_OF_ONE_MORE, counts)

    def test_one_move(self):
        """W4: one move is a few queries, also one that the applicant is told of.

        The note of the move, the step and the notices are there.
        """
        requests = self._make_requests(2)
        self._match(requests)  # nothing is missing that the applicant is told of
        for request in requests:
            submit = partial(
                self._as(self.officer, request).action_submit,
                evidence="Asked",
                minutes=5,
            )
            submitted = self._count_queries(submit)
            notes = request.message_ids
            back = partial(
                self._as(self.officer, request).action_return, reason="The income"
            )
            returned = self._count_queries(back)
            self.assertEqual(request.step_ids.mapped("code"), ["receive"])
            notice = request.notice_ids.filtered(lambda one: one.event == "returned")
            self.assertEqual((notice.channel, notice.state), ("sms", "queued"))
            self.assertEqual(notice.notification_id.sms_id.state, "outgoing")
            self.assertEqual(
                notice.notification_id.sms_number, notice.notification_id.sms_id.number
            )
            self.assertTrue(
                self.env["sms.tracker"].search_count(
                    [("mail_notification_id", "=", notice.notification_id.id)]
                )
            )
            # The note of the move, and the text message.
            self.assertEqual(len(request.message_ids - notes), 2)
        # The second request counts: the first one has filled the lasting caches.
        self.assertLessEqual(submitted, MOST_OF_A_MOVE)
        self.assertLessEqual(returned, MOST_OF_A_TOLD_MOVE)

    def test_one_vote(self):
        """W4: a vote is a few queries."""
        for request in self._study(2):
            counts = []
            for user in (self.member, self.chair):
                decision = self._as(user, request.decision_ids)
                counts.append(
                    self._count_queries(partial(decision.action_vote, "accept"))
                )
        self.assertLessEqual(max(counts), MOST_OF_A_VOTE)

    def test_near_duplicates(self):
        """D1: the files like one file are found in as many queries among 2N as N."""
        for count in (N, 2 * N):
            file = self._make_files(count)[0]
            found = self._count_queries(file._find_near_duplicates)
            self.assertLessEqual(found, MOST_OF_A_SEARCH + 2)  # the file itself is read

    def test_seats(self):
        """The seats in office are those whose terms include today, for all terms.

        Random terms, compared with the search that they stand for; each change counts
        at once (R19).
        """
        chance = random.Random(15)
        days = [timedelta(chance.randint(-40, 40)) for _turn in range(12)]
        users = self._make_users(
            *((f"br_seat_{number}", "committee", self.company) for number in range(6))
        )
        today = self.company._get_beneficiary_today()
        seats = self.env["beneficiary.committee.member"].create(
            [
                {
                    "committee_id": self.committee.id,
                    "user_id": user.id,
                    "date_from": chance.choice([False, today + min(two)]),
                    "date_to": chance.choice([False, today + max(two)]),
                }
                for user, two in zip(
                    users, zip(days[::2], days[1::2], strict=True), strict=True
                )
            ]
        )

        def check():
            found = seats.search(
                Domain("committee_id", "=", self.committee.id)
                & seats._get_in_office_domain(self.company._get_beneficiary_today())
            )
            in_office = self.committee._get_members_in_office()
            self.assertEqual(in_office.ids, found.ids)

        for shift in range(-45, 46, 3):
            with freeze_time(f"{today + timedelta(shift)} 09:00:00"):
                check()
        seats[0].write({"date_from": False, "date_to": False})
        check()
        seats[1].user_id.active = False
        check()
        seats[2].unlink()
        check()


@tagged("post_install", "-at_install", "with_demo")
class TestQueriesOfSweeps(WritesCase):
    """Scheduled actions: nothing due costs nothing, much due is done in batches."""

    def _run(self, call):
        """Run a scheduled action's method as the scheduler does; return its queries."""
        progress = type(self.env["ir.cron"])
        self.patch(progress, "_commit_progress", lambda *args, **kwargs: float("inf"))
        return self._count_queries(call)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.env.ref("beneficiary_relations.mail_activity_type_late")

    def test_overdue(self):
        """C1: members are reminded in batches, each by one activity a request."""
        counts = []
        for count in (1, N, 2 * N):
            requests = self._study(count)
            with freeze_time(DUE - timedelta(days=1)):
                counts.append(self._run(requests._cron_review))
            late = requests.activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.late
            )
            self.assertEqual(
                sorted(activity.res_id for activity in late), sorted(3 * requests.ids)
            )
            self.assertEqual(set(requests.mapped("escalation")), {"1_member"})
        for_each = (counts[2] - counts[1]) / N
        self.assertLessEqual(for_each, MOST_OF_ONE_OVERDUE, counts)

    def test_terms(self):
        """Ballots of the open studies follow the terms in a flat number of queries."""
        decisions = self.env["beneficiary.decision"]
        counts = []
        for count in (1, N, 2 * N):
            decisions.search([("state", "=", "open")])._withdraw()
            studies = self._study(count).decision_ids
            studies.ballots_on = False
            counts.append(self._run(decisions._cron_follow_terms))
            self.assertTrue(all(studies.mapped("ballots_on")))
        self.assertLessEqual((counts[2] - counts[1]) / N, 1, counts)

    def test_nothing_due(self):
        """C2: no scheduled action reads more for 2N open requests than for N."""
        actions = self.env["ir.cron"].search(
            [("model_id.model", "=like", "beneficiary.%"), ("state", "=", "code")]
        )
        self.assertGreaterEqual(len(actions), 12)
        calls = {
            action.name: getattr(
                self.env[action.model_id.model],
                action.code.strip().removeprefix("model.").removesuffix("()"),
            )
            for action in actions
        }
        counts = []
        for count in (N, 2 * N):
            self._study(count)
            with freeze_time(RAISED):
                for _turn in range(2):  # the first one does what is due
                    for call in calls.values():
                        self._run(call)
                counts.append({name: self._run(call) for name, call in calls.items()})
        self.assertEqual(counts[0], counts[1])
        # These two look after each association by itself.
        each = {
            self.env.ref(f"beneficiary_relations.{name}").name
            for name in ("ir_cron_policy", "ir_cron_terms")
        }
        associations = self.env["beneficiary.policy"].search_count(
            [("state", "=", "in_force")]
        )
        for name, count in counts[1].items():
            with self.subTest(action=name):
                times = associations if name in each else 1
                self.assertLessEqual(count, MOST_OF_NOTHING * times)

    def test_escalation(self):
        """R22: each request gets the highest level that its date asks for.

        Random states and dates, compared with the rule in plain words.
        """
        chance = random.Random(22)
        now = DUE
        requests = self._study(24)
        for request in requests:
            request._write_flow(
                {
                    "state": chance.choice(
                        ["in_review", "submitted", "verified", "draft", "rejected"]
                    ),
                    "reply_due_on": now + timedelta(hours=chance.randint(-200, 200)),
                    "raised_on": chance.choice([RAISED, RAISED, False]),
                    "escalation": chance.choice(["0_none", "0_none", "1_member"]),
                }
            )
        before = {request: request.escalation for request in requests}
        with freeze_time(now):
            self._run(requests._cron_review)
        for request in requests:
            runs = request.state == "in_review" or (
                request.state in ("submitted", "verified") and request.raised_on
            )
            level = before[request]
            for days, name in ((3, "1_member"), (0, "2_chair"), (-3, "3_manager")):
                if runs and request.reply_due_on < now + timedelta(days=days):
                    level = max(level, name)
            with self.subTest(state=request.state, due=request.reply_due_on):
                self.assertEqual(request.escalation, level)
