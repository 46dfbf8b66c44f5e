import threading
from functools import partial

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.service.model import call_kw, retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..workers import WorkersCase


class VoteWorkersCase(WorkersCase):
    """A committee with a request to vote on, and each member in another transaction."""

    def _prepare(self):
        self.secretary = self._make_user("br_secretary", "committee", self.company)
        self.committee.member_ids = [
            Command.create({"user_id": self.secretary.id, "role": "secretary"})
        ]
        request = self._make_request("in_review")
        self.request_id = request.id
        self.decision_id = request.decision_ids.id
        self.reason_id = self.rejection_reason.id
        self.user_ids = {
            name: getattr(self, name).id
            for name in ("chair", "secretary", "member", "member2")
        }

    def _call(self, name, method, *args):
        """Call ``method`` of the decision like the server for a browser."""
        return self._call_on(
            "beneficiary.decision", self.decision_id, name, method, *args
        )

    def _call_on(self, model, record_id, name, method, *args):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[name], {})
            return retrying(
                partial(call_kw, env[model], method, [[record_id], *args], {}), env
            )

    def _vote(self, name, choice):
        return self._call(name, "action_vote", choice, "As studied")

    def _close(self, name):
        return self._call(name, "action_close_vote", "As studied", self.reason_id)

    def _run_jobs(self, *jobs):
        """Run ``jobs`` together; return each one's error, or None if it succeeded."""
        told = [None] * len(jobs)

        def run(number, job):
            try:
                job()
            except UserError as error:
                told[number] = str(error)

        with mute_logger("odoo.sql_db", "odoo.service.model", "odoo.http"):
            self._run_workers(*(partial(run, *line) for line in enumerate(jobs)))
        return told

    def _read(self):
        """Return the choices by member, and the decision's own values."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            decision = env["beneficiary.decision"].browse(self.decision_id)
            names = {user_id: name for name, user_id in self.user_ids.items()}
            votes = {
                names[vote.user_id.id]: vote.choice
                for vote in decision.vote_ids.filtered("choice")
            }
            return votes, decision.read()[0], decision.request_id.read(["state"])[0]


@tagged("post_install", "-at_install", "with_demo")
class TestVoteConcurrency(VoteWorkersCase):
    """Members vote, close and propose at the same moment."""

    def _at_once(self, *jobs):
        """Run ``jobs`` together; return each one's error, or None if it succeeded.

        All of them read the decision before any of them writes to it.
        """
        start = threading.Barrier(len(jobs))
        take_turns = self.registry["beneficiary.decision"]._take_turns
        waited = threading.local()

        def together(decision):
            if not getattr(waited, "done", False):
                waited.done = True
                decision.vote_ids.mapped("choice")
                start.wait(10)
            return take_turns(decision)

        self.patch(self.registry["beneficiary.decision"], "_take_turns", together)
        return self._run_jobs(*jobs)

    def test_two_members_vote_at_once(self):
        """R19: two votes at the same moment are both kept, and nobody is refused."""
        told = self._at_once(
            partial(self._vote, "member", "accept"),
            partial(self._vote, "member2", "reject"),
        )
        self.assertEqual(told, [None, None])
        votes, _decision, _request = self._read()
        self.assertEqual(votes, {"member": "accept", "member2": "reject"})

    def test_a_vote_while_the_chair_closes(self):
        """R19: a vote cast while the chair closes counts, or is refused as too late."""
        for name in ("chair", "secretary", "member"):
            self._vote(name, "accept")
        told = self._at_once(
            partial(self._close, "chair"), partial(self._vote, "member2", "reject")
        )
        votes, decision, request = self._read()
        self.assertIsNone(told[0])
        self.assertEqual(decision["state"], "taken")
        self.assertEqual(request["state"], "decided")
        if told[1]:
            self.assertIn("already closed", told[1])
            self.assertNotIn("member2", votes)
        self.assertEqual(decision["reject_count"], int("member2" in votes))

    def test_two_close_at_once(self):
        """R19: two close at once: there is one decision and one clear message."""
        for name in ("chair", "secretary", "member"):
            self._vote(name, "accept")
        told = self._at_once(
            partial(self._close, "chair"), partial(self._close, "secretary")
        )
        self.assertEqual(sorted(bool(message) for message in told), [False, True])
        self.assertIn("already closed", "".join(filter(None, told)))
        _votes, decision, request = self._read()
        self.assertEqual(
            (decision["outcome"], request["state"]), ("accepted", "decided")
        )

    def test_a_proposal_while_a_member_votes(self):
        """R19: a vote counts only for the proposal that the member saw."""
        self._vote("chair", "accept")
        self._at_once(
            partial(self._call, "secretary", "action_propose", 100, "Bring the lease"),
            partial(self._vote, "member", "accept"),
        )
        votes, decision, _request = self._read()
        self.assertEqual(decision["amount_proposed"], 100)
        self.assertNotIn("chair", votes)
        self.assertLessEqual(votes.keys(), {"member"})


@tagged("post_install", "-at_install", "with_demo")
class TestSessionConcurrency(VoteWorkersCase):
    """The chair ends the session while the secretary closes a vote in it."""

    def _prepare(self):
        prepared = super()._prepare()
        chair = self.env["res.users"].browse(self.user_ids["chair"])
        session = self.env["beneficiary.committee.session"].create(
            {
                "committee_id": self.committee.id,
                "start": "2026-03-22 07:00:00",
                "stop": "2026-03-22 09:00:00",
            }
        )
        session.with_user(chair).action_fill_agenda()
        session.with_user(chair).action_open()
        session.with_user(chair).attendance_ids.action_mark_present()
        self.session_id = session.id
        decision = self.env["beneficiary.decision"].browse(self.decision_id)
        for name in ("chair", "secretary", "member"):
            decision.with_user(self.user_ids[name]).action_vote("accept")
        return prepared

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            session = env["beneficiary.committee.session"].browse(self.session_id)
            session._write_flow({"state": "planned"})
            session.item_ids.unlink()
            session.unlink()
        return super()._clean_up()

    def _end(self):
        return self._call_on(
            "beneficiary.committee.session", self.session_id, "chair", "action_end"
        )

    def _read_session(self):
        """Return the outcome of the item, and the session's own values."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            session = env["beneficiary.committee.session"].browse(self.session_id)
            return session.item_ids.outcome, session.read()[0]

    def _patch_session(self, name, before=None, after=None):
        """Add code to the sessions' method ``name`` for its first call."""
        model = self.registry["beneficiary.committee.session"]
        method = getattr(model, name)
        pending = {"before": before, "after": after}

        def patched(session, *args):
            if more := pending.pop("before", None):
                more(session)
            result = method(session, *args)
            if more := pending.pop("after", None):
                more(session)
            return result

        self.patch(model, name, patched)

    def test_closed_since_the_end_began(self):
        """R19: ending the session is retried, and its minutes have the decision."""
        began, closed = threading.Event(), threading.Event()

        def read_and_wait(session):
            session.sudo().item_ids.decision_id.mapped("state")
            began.set()
            closed.wait(10)

        def close():
            began.wait(10)
            self._close("secretary")
            closed.set()

        self._patch_session("_check_move", before=read_and_wait)
        self.assertEqual(self._run_jobs(self._end, close), [None, None])
        outcome, session = self._read_session()
        self.assertEqual((outcome, session["state"]), ("decided", "minutes"))
        self.assertIn("3 for, 0 against", session["minutes"])
        self.assertNotIn("Not Reached", session["minutes"])

    def test_returned_since_the_end_began(self):
        """R19: the minutes report a request returned meanwhile as returned."""
        began, returned = threading.Event(), threading.Event()

        def read_and_wait(session):
            session.sudo().item_ids.decision_id.mapped("state")
            began.set()
            returned.wait(10)

        def give_back():
            began.wait(10)
            self._call_on(
                "beneficiary.request",
                self.request_id,
                "secretary",
                "action_return",
                "The lease is missing",
            )
            returned.set()

        self._patch_session("_check_move", before=read_and_wait)
        self.assertEqual(self._run_jobs(self._end, give_back), [None, None])
        outcome, session = self._read_session()
        self.assertEqual((outcome, session["state"]), ("returned", "minutes"))

    def test_a_vote_while_the_session_ends(self):
        """R19: a vote cast while the chair ends the session is kept.

        Nothing is decided, and nobody is refused.
        """
        began, voted = threading.Event(), threading.Event()

        def wait(session):
            session.sudo().item_ids.decision_id.vote_ids.mapped("choice")
            began.set()
            voted.wait(10)

        def vote():
            began.wait(10)
            self._vote("member2", "reject")
            voted.set()

        self._patch_session("_do_move", before=wait)
        self.assertEqual(self._run_jobs(self._end, vote), [None, None])
        votes, decision, request = self._read()
        self.assertEqual(votes["member2"], "reject")
        self.assertEqual(len(votes), 4)
        self.assertEqual((decision["state"], request["state"]), ("open", "in_review"))
        outcome, session = self._read_session()
        self.assertEqual((outcome, session["state"]), ("not_reached", "minutes"))

    def test_ends_while_a_vote_is_closed(self):
        """R19: a session cannot end while a vote in it is being closed."""
        closing, tried = threading.Event(), threading.Event()

        def wait(session):
            closing.set()
            tried.wait(10)

        def end():
            closing.wait(10)
            try:
                self._end()
            finally:
                tried.set()

        self._patch_session("_take_turns", after=wait)
        told = self._run_jobs(end, partial(self._close, "secretary"))
        self.assertIn("Try again in a moment", told[0])
        self.assertIsNone(told[1])
        self.assertEqual(self._read_session()[1]["state"], "open")
        self._end()
        self.assertEqual(self._read_session()[0], "decided")

    def test_closes_while_the_session_ends(self):
        """R19: a vote is not closed in a session that has just ended."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["beneficiary.committee"].browse(self.committee.id).circular = False
        ending, closing = threading.Event(), threading.Event()

        def wait(session):
            ending.set()
            closing.wait(10)

        def close():
            ending.wait(10)
            self._close("secretary")

        self._patch_session("_do_move", before=wait)
        self._patch_session("_take_turns", before=lambda session: closing.set())
        told = self._run_jobs(self._end, close)
        self.assertIsNone(told[0])
        self.assertIn("only in its sessions", told[1])
        outcome, session = self._read_session()
        self.assertEqual((outcome, session["state"]), ("not_reached", "minutes"))
        self.assertEqual(self._read()[1]["state"], "open")
