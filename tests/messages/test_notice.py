import threading
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.mixins.sweep_mixin import SweepMixin
from ...models.request.request_effect import RequestEffect
from ...models.request.request_escalation import RequestEscalation
from ...models.request.request_release import RETRY_MINUTES
from ..request.common import DECIDED, DUE, MINUTE, RAISED, RELEASE
from ..workers import WorkersCase
from .common import CompleteCase

CLOCK_LOGGER = "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"
DAY = timedelta(days=1)


def count_messages(file):
    """Return how many messages of each kind the person of ``file`` got."""
    env, partner = file.env, file.partner_id
    # Somebody in the demo data has the same number.
    texts = (
        env["sms.sms"]
        .search([("number", "=", file.phone)])
        .filtered(
            lambda text: text.mail_message_id.res_id in (0, *file.request_ids.ids)
        )
    )
    if not partner:
        return {"mails": 0, "notifications": 0, "messages": 0, "texts": len(texts)}
    reached = Domain("recipient_ids", "in", partner.ids) | Domain(
        "email_to", "ilike", file.email
    )
    return {
        "mails": env["mail.mail"].search_count(reached),
        "notifications": env["mail.notification"].search_count(
            [("res_partner_id", "=", partner.id), ("mail_mail_id", "=", False)]
        ),
        "messages": env["mail.message"].search_count(
            [("partner_ids", "in", partner.ids)]
        ),
        "texts": len(texts),
    }


@tagged("post_install", "-at_install", "without_demo")
class TestNotice(CompleteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # With tracking on, messages that Odoo sends by itself are counted too.
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.file = cls.file.with_env(cls.env)

    def _hold(self, outcome="accepted", **vals):
        """Return a request whose reply is held until :data:`RELEASE`."""
        return self._decide_at(DECIDED, self._raise_at(RAISED, **vals), outcome)

    def _late_activities(self, request):
        late = self.env.ref("beneficiary_relations.mail_activity_type_late")
        return request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == late
        )

    def test_one_reply_from_all_sources(self):
        """R20, R22: a reply is one message, however often the action runs."""
        request = self._hold()
        self.assertFalse(request.notice_ids)
        self.assertEqual(sum(count_messages(self.file).values()), 0)
        for hours in range(3):
            self._run_cron(RELEASE + timedelta(hours=hours))
        self.assertEqual(request.state, "accepted")
        self.assertEqual(request.released_on, RELEASE)
        self.assertEqual(
            [
                (notice.event, notice.channel)
                for notice in request.notice_ids.sorted("id")
            ],
            [("reply", "email"), ("reply", "sms")],
        )
        self.assertEqual(
            count_messages(self.file),
            {"mails": 1, "notifications": 0, "messages": 0, "texts": 1},
        )
        notice = request.notice_ids.filtered(lambda notice: notice.channel == "email")
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", notice.mail_message_id.id)]
        )
        self.assertEqual(mail.recipient_ids, self.file.partner_id)
        self.assertEqual(mail.message_id, notice._get_message_id())
        self.assertEqual(mail.state, "outgoing")

    def test_the_reply_tells_no_outcome(self):
        """R21: the mail says that there is a reply, and never the outcome."""
        bodies = set()
        for outcome in ("accepted", "rejected"):
            request = self._hold(outcome)
            self._run_cron(RELEASE)
            self.assertEqual(request.state, outcome)
            body = "".join(
                f"{message.subject} {message.body}"
                for message in request.notice_ids.sorted("id").mail_message_id
            )
            for word in (request.name, f"requests/{request.id}"):
                body = body.replace(word, "…")
            bodies.add(body)
        self.assertEqual(len(bodies), 1)

    def test_nothing_before_the_release(self):
        """R21: while a decision is held, the applicant gets no message at all."""
        for outcome in ("accepted", "rejected"):
            self._hold(outcome)
            self._run_cron(RELEASE - MINUTE)
        self.assertEqual(sum(count_messages(self.file).values()), 0)

    def test_several_requests_of_one_person(self):
        """R20: each request has its own reply, and a stable Message-ID."""
        requests = self._hold() | self._hold("rejected") | self._hold()
        self._run_cron(RELEASE)
        self._run_cron(RELEASE)
        self.assertEqual(count_messages(self.file)["mails"], 3)
        messages = requests.notice_ids.mail_message_id
        self.assertEqual(len(set(messages.mapped("message_id"))), 6)

    def test_person_without_email(self):
        """R20: a person without an e-mail address is told by text message only."""
        self.file.email = False
        request = self._hold()
        self._run_cron(RELEASE)
        self.assertEqual(request.state, "accepted")
        self.assertEqual(request.notice_ids.mapped("channel"), ["sms"])
        self.assertFalse(request.clock_error)
        self.assertFalse(self.file.partner_id, "no contact is made for nothing")

    def test_notice_on_the_portal(self):
        """R17: a notice on the portal also sends one message on each other channel."""
        request = self._make_request("declared").with_user(self.officer)
        for _time in range(2):
            request.action_notify(self._channel("website").id, "As the policy says")
        notices = request.sudo().notice_ids
        self.assertEqual(set(notices.mapped("event")), {"review_notice"})
        sent = count_messages(self.file)
        self.assertEqual((sent["mails"], sent["texts"]), (1, 1))

    def test_once_by_the_database(self):
        """R22: a unique index refuses a second notice of the same event."""
        request = self._hold()
        self._run_cron(RELEASE)
        notice = request.notice_ids[0]
        self.assertFalse(self.env["beneficiary.notice"]._queue(request, "reply"))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "already queued"),
        ):
            notice.copy()
        request._write_flow({"round": 2})
        self.assertTrue(self.env["beneficiary.notice"]._queue(request, "reply"))

    def test_notices_are_nobodys_to_write(self):
        """R20: users can read the notices that were sent, and never change them."""
        request = self._hold()
        self._run_cron(RELEASE)
        for user in (self.manager, self.officer, self.auditor):
            notice = request.notice_ids[0].with_user(user)
            self.assertEqual(notice.event, "reply")
            for attempt in (
                lambda notice=notice: notice.write({"round": 9}),
                lambda notice=notice: notice.unlink(),
                lambda notice=notice: notice.copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    # -- one bad record ---------------------------------------------------------------

    def _fail_for(self, bad, method):
        """Let ``method`` fail for every batch of requests that contains ``bad``."""
        original = getattr(RequestEffect, method)
        self.attempts = 0

        def failing(requests, *args):
            if bad in requests:
                self.attempts += len(requests) == 1
                raise ZeroDivisionError("a fault of one record")
            return original(requests, *args)

        return patch.object(RequestEffect, method, failing)

    def test_one_bad_record(self):
        """R22: one bad record is marked and retried; the others leave exactly once."""
        before, bad, after = (self._hold() for _number in range(3))
        with self._fail_for(bad, "_after_release"), mute_logger(CLOCK_LOGGER):
            self._run_cron(RELEASE)
            self.assertEqual((before | after).mapped("state"), ["accepted"] * 2)
            self.assertEqual(bad.state, "decided")
            self.assertTrue(bad.clock_error)
            self.assertFalse(bad.released_on or bad.notice_ids)
            self.assertEqual(
                bad.clock_retry_on, RELEASE + timedelta(minutes=RETRY_MINUTES)
            )
            self._run_cron(RELEASE + timedelta(minutes=RETRY_MINUTES - 1))
            self.assertEqual(self.attempts, 1, "it waits for its turn")
            self._run_cron(RELEASE + timedelta(minutes=RETRY_MINUTES + 1))
            self.assertEqual(self.attempts, 2)
        self._run_cron(RELEASE + timedelta(minutes=2 * RETRY_MINUTES + 2))
        self.assertEqual(bad.state, "accepted")
        self.assertFalse(bad.clock_error or bad.clock_retry_on)
        sent = count_messages(self.file)
        self.assertEqual((sent["mails"], sent["texts"]), (3, 3))
        self.assertEqual(len((before | bad | after).notice_ids), 6)

    def test_a_fault_in_the_message(self):
        """R22: if the message cannot be made, the reply is not released either."""
        request = self._hold()
        with (
            patch.object(
                type(self.env["mail.template"]),
                "_generate_template",
                side_effect=ValueError("a fault of the template"),
            ),
            mute_logger(CLOCK_LOGGER),
        ):
            self._run_cron(RELEASE)
        self.assertEqual(request.state, "decided")
        self.assertTrue(request.clock_error)

    # -- lateness ---------------------------------------------------------------------

    def test_escalation(self):
        """R22: members, chair and manager are each told once of a delay."""
        request = self._raise_at(RAISED)
        with freeze_time(DECIDED):
            request.decision_ids.with_user(self.member).action_vote("accept")
        for moment, told, escalation in (
            (DUE - 4 * DAY, set(), "0_none"),
            (DUE - 2 * DAY, {self.chair, self.member2}, "1_member"),
            (DUE + MINUTE, {self.chair}, "2_chair"),
            (DUE + 4 * DAY, {self.manager}, "3_manager"),
            (DUE + 400 * DAY, set(), "3_manager"),
        ):
            with self.subTest(moment=moment):
                known = self._late_activities(request)
                for _time in range(2):
                    self._run_cron(moment)
                fresh = self._late_activities(request) - known
                self.assertEqual(sorted(fresh.user_id.ids), sorted(u.id for u in told))
                self.assertEqual(len(fresh), len(told))
                self.assertEqual(request.escalation, escalation)
        self.assertEqual(request.state, "in_review")
        self.assertEqual(request.decision_ids.state, "open")
        self.assertEqual(sum(count_messages(self.file).values()), 0)

    def test_escalation_stays_in_the_association(self):
        """R43: only a manager of the own association is told."""
        request = self._raise_at(RAISED)
        self._run_cron(DUE + 4 * DAY)
        for user in self._late_activities(request).user_id:
            self.assertIn(self.company, user.company_ids)
            self.assertNotEqual(user, self.outsider)

    def test_late_replies_are_still_given(self):
        """R22: a late committee can still decide, and its reply is released."""
        request = self._raise_at(RAISED)
        self._run_cron(DUE + DAY)
        self._decide_at(DUE + 2 * DAY, request)
        self.assertEqual(request.state, "decided")
        self._run_cron(request.release_on)
        self.assertEqual(request.state, "accepted")

    def test_a_fault_in_a_reminder(self):
        """R22: if a reminder fails for one request, the others are still sent."""
        bad, good = self._raise_at(RAISED), self._raise_at(RAISED)
        original = RequestEscalation._escalate

        def failing(requests, *args):
            if bad in requests:
                raise ZeroDivisionError("a fault of one record")
            return original(requests, *args)

        with (
            patch.object(RequestEscalation, "_escalate", failing),
            mute_logger(CLOCK_LOGGER),
        ):
            self._run_cron(DUE - DAY)
        self.assertEqual((bad.escalation, good.escalation), ("0_none", "1_member"))
        self.assertTrue(bad.clock_error)


@tagged("post_install", "-at_install", "with_demo")
class TestNoticeConcurrency(WorkersCase):
    """Two workers release the same replies."""

    def _prepare(self):
        with freeze_time(datetime.now() - timedelta(days=60)):
            requests = [self._make_request("in_review") for _number in range(4)]
            for request in requests:
                self._decide(request)
        self.request_ids = [request.id for request in requests]
        self.file_id = self.file.id

    def _work(self):
        """Run the scheduled action on a connection of its own."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["beneficiary.request"]._cron_review()

    def _assert_once(self):
        """Check that every reply was released, and was sent exactly once."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            requests = env["beneficiary.request"].browse(self.request_ids)
            self.assertEqual(set(requests.mapped("state")), {"accepted"})
            self.assertEqual(len(requests.notice_ids), 2 * len(requests))
            self.assertFalse(any(requests.mapped("clock_error")))
            numbers = requests.decision_ids.mapped("letter_number")
            self.assertEqual(
                sorted(int(number[-5:]) for number in numbers),
                list(range(1, len(requests) + 1)),
            )
            file = env["beneficiary.beneficiary"].browse(self.file_id)
            self.assertEqual(
                count_messages(file),
                {
                    "mails": len(requests),
                    "notifications": 0,
                    "messages": 0,
                    "texts": len(requests),
                },
            )

    def test_rows_held_by_another_worker(self):
        """R22: a worker skips the requests that another worker is releasing."""
        working, looked = threading.Event(), threading.Event()
        treat = SweepMixin._treat

        def slow_treat(requests, *args):
            working.set()
            self.assertTrue(looked.wait(10))
            return treat(requests, *args)

        def second():
            self.assertTrue(working.wait(10))
            self._work()
            looked.set()

        with patch.object(SweepMixin, "_treat", slow_treat):
            self._run_workers(self._work, second)
        self._assert_once()

    def test_rows_released_since_they_were_found(self):
        """R22: a worker does not release requests again that another has released."""
        found, released = threading.Event(), threading.Event()
        model = self.registry["beneficiary.request"]
        lock = model.try_lock_for_update

        def late_lock(requests, **kwargs):
            if threading.current_thread().name == "late" and not found.is_set():
                found.set()
                self.assertTrue(released.wait(10))
            return lock(requests, **kwargs)

        def late():
            threading.current_thread().name = "late"
            self._work()

        def quick():
            self.assertTrue(found.wait(10))
            self._work()
            released.set()

        with (
            patch.object(model, "try_lock_for_update", late_lock),
            mute_logger("odoo.sql_db"),
        ):
            self._run_workers(late, quick)
        self._assert_once()

    def test_numbers_held_by_another_worker(self):
        """R40: the second worker waits for the first one, then draws other numbers."""
        drawn = threading.Event()
        model = self.registry["ir.sequence"]
        draw = model._draw_without_gaps

        def slow_draw(sequence, count):
            numbers = draw(sequence, count)
            if not drawn.is_set():
                drawn.set()
                time.sleep(0.5)
            return numbers

        def second():
            self.assertTrue(drawn.wait(10))
            self._work()

        with (
            patch.object(model, "_draw_without_gaps", slow_draw),
            mute_logger("odoo.sql_db"),
            patch(
                "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin.BATCH", 1
            ),
        ):
            self._run_workers(self._work, second)
        self._assert_once()

    def test_two_workers_race(self):
        """R22: two workers that start together release each reply once."""
        start = threading.Barrier(2)

        def worker():
            start.wait(10)
            self._work()

        with (
            mute_logger("odoo.sql_db"),
            patch(
                "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin.BATCH", 1
            ),
        ):
            self._run_workers(worker, worker)
        self._assert_once()
