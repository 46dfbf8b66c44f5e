from contextlib import closing, nullcontext
from datetime import datetime

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.committee.session_flow import HAND_FIELDS, MOVE_FIELDS, PLAN_FIELDS
from ...models.committee.session_item import KEPT_FIELDS
from ...rules import flow, session_flow
from ..common import PIXEL
from .common import START, STOP, SessionCase

ACTORS = (
    "delegate",
    "officer",
    "manager",
    "researcher",
    "chair",
    "secretary",
    "member",
    "far_chair",
    "former",
    "auditor",
    "applicant",
    "stranger",
    "outsider",
    "superuser",
)
KEEPERS = {"chair", "secretary"}
PLANNERS = KEEPERS | {"manager", "superuser"}

# The states of a session, written independently of the rules: for each state the
# possible moves, with the next state and the users who may make the move.
TABLE = {
    "planned": {
        "open": ("open", KEEPERS),
        "postpone": ("planned", PLANNERS),
        "cancel": ("cancelled", PLANNERS),
    },
    "open": {"end": ("minutes", KEEPERS), "cancel": ("cancelled", PLANNERS)},
    "minutes": {"close": ("closed", {"chair"})},
    "closed": {},
    "cancelled": {},
}
GIVEN = {
    "postpone": {"reason": "The chair travels", "start": "2099-01-01 07:00:00"},
    "cancel": {"reason": "Nothing to study"},
}


@tagged("post_install", "-at_install", "with_demo")
class TestSessionFlow(SessionCase):
    def _attempt(self, session, move, actor):
        """Make ``move`` over RPC; return the new state, or None if it was refused."""
        record = self._as(actor, session)
        try:
            call_kw(record, f"action_{move}", [record.ids], GIVEN.get(move, {}))
        except UserError:
            return None
        return session.state

    def _trace(self, session):
        """Return all values of ``session`` that a move can change."""
        session.invalidate_recordset()
        return [
            session[name] for name in sorted(MOVE_FIELDS | PLAN_FIELDS | HAND_FIELDS)
        ] + [len(session.message_ids), session.calendar_event_id.start]

    @mute_logger("odoo.sql_db")
    def test_every_move(self):
        """R19: each state, move and user is allowed or refused as in the table."""
        sessions = {
            state: self._reach(state)
            for state in ("closed", "minutes", "cancelled", "planned", "open")
        }
        # All data for the moves are complete, so that only the role can be refused.
        self._mark_all(sessions["open"])
        self._sign_all(sessions["minutes"])
        before = {state: self._trace(session) for state, session in sessions.items()}
        wrong, allowed = [], 0
        for state, session in sessions.items():
            for move in ("open", "postpone", "cancel", "end", "close"):
                target, actors = TABLE[state].get(move, (None, ()))
                if move == "open":
                    sessions["open"]._write_flow({"state": "closed"})
                for actor in ACTORS:
                    expected = target if actor in actors else None
                    # A refused move is not rolled back: it must leave no trace.
                    undo = self.env.cr.savepoint() if expected else nullcontext()
                    with closing(undo) if expected else undo:
                        got = self._attempt(session, move, actor)
                    allowed += bool(got)
                    if got != expected:
                        wrong.append((state, move, actor, got, expected))
                    self.env.invalidate_all()
                if move == "open":
                    sessions["open"]._write_flow({"state": "open"})
        self.assertEqual(wrong, [])
        possible = [actors for moves in TABLE.values() for _, actors in moves.values()]
        self.assertEqual(allowed, sum(map(len, possible)))
        self.assertEqual(
            before, {state: self._trace(session) for state, session in sessions.items()}
        )

    def test_table(self):
        """R19: the table in the rules is the same as this test's own table."""
        selection = self.env["beneficiary.committee.session"]._fields["state"].selection
        states = [state for state, _label in selection]
        self.assertEqual(states, list(session_flow.TRANSITIONS))
        self.assertEqual(states, list(session_flow.WRITABLE))
        actors = {
            flow.COMMITTEE: KEEPERS,
            flow.CHAIR: {"chair"},
            flow.MANAGER: {"manager", "superuser"},
        }
        for state, moves in TABLE.items():
            written = {
                move.name: (target, set().union(*(actors[role] for role in move.roles)))
                for target, move in session_flow.TRANSITIONS[state].items()
            }
            self.assertEqual(written, moves)

    def test_numbers(self):
        """R19: sessions are numbered consecutively in each association."""
        first, second = self._plan(), self._plan()
        year = first.create_date.year
        self.assertRegex(first.name, rf"^MTG/{year}/\d{{4}}$")
        self.assertEqual(int(second.name[-4:]), int(first.name[-4:]) + 1)
        self.assertEqual(first.display_name, f"Research Committee {first.name}")
        other = self.env["beneficiary.committee"].create(
            {"name": "Theirs", "company_id": self.other.id}
        )
        theirs = self.env["beneficiary.committee.session"].create(
            {"committee_id": other.id, "start": START, "stop": STOP}
        )
        self.assertEqual(theirs.name, f"MTG/{year}/0001")
        self.assertEqual(int(self._plan().name[-4:]), int(second.name[-4:]) + 1)

    @mute_logger("odoo.sql_db")
    def test_one_at_a_time(self):
        """R19: a committee has only one open session at a time."""
        self._reach("open")
        later = self._plan()
        with self.assertRaisesRegex(ValidationError, "in session already"):
            self._as("chair", later).action_open()

    def test_cancel_opened(self):
        """R19: a session opened by mistake can be cancelled, and blocks no other."""
        before, request = self._raise(2)
        session, other = self._plan(), self._plan()
        self._as("chair", session).action_fill_agenda()
        with freeze_time("2030-01-01 07:00:00"):  # outside the session
            self._decide(before)
        with freeze_time("2030-01-03 07:00:00"):
            self._as("chair", session).action_open()
            with closing(self.env.cr.savepoint()):
                self._decide(request)
                with self.assertRaisesRegex(UserError, f"was held: {request.name}"):
                    self._as("manager", session).action_cancel("Opened by mistake")
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "Write the reason"):
                self._as("chair", session).action_cancel()
            self._as("manager", session).action_cancel("Opened by mistake")
        self.assertEqual(
            (session.state, session.cancel_reason), ("cancelled", "Opened by mistake")
        )
        self.assertFalse(session.calendar_event_id.active)
        self._as("chair", other).action_open()
        self._as("chair", other).action_fill_agenda()
        self.assertEqual(other.item_ids.request_id, request)

    @mute_logger("odoo.sql_db")
    def test_dates(self):
        """R19: a session ends after it begins; postponing keeps its duration."""
        with self.assertRaisesRegex(ValidationError, "ends after it begins"):
            self._plan(stop=START)
        session = self._plan()
        chair = self._as("chair", session)
        with freeze_time("2026-03-20 07:00:00"):
            for start in (None, "2026-03-19 07:00:00"):
                with self.assertRaisesRegex(UserError, "has not passed"):
                    chair.action_postpone("The hall is taken", start)
            with self.assertRaisesRegex(UserError, "Write the reason"):
                chair.action_postpone(" ", "2026-03-29 07:00:00")
            chair.action_postpone("The hall is taken", "2026-03-29 07:00:00")
        self.assertEqual(session.stop, datetime(2026, 3, 29, 9))
        self.assertIn("The hall is taken", session.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "Write the reason"):
            chair.action_cancel()

    def test_kept_fields_are_refused(self):
        """Safety: only the moves themselves write their fields."""
        session = self._plan()
        sessions = self._as("chair", self.env["beneficiary.committee.session"])
        vals = {"committee_id": self.committee.id, "start": START, "stop": STOP}
        for name in sorted(MOVE_FIELDS):
            for actor in ("chair", "manager", "superuser"):
                with self.assertRaises(UserError, msg=name):
                    self._as(actor, session).write({name: False})
            with self.assertRaises(UserError, msg=name):
                sessions.create({**vals, name: False})
        for name in sorted(PLAN_FIELDS):
            with self.assertRaises(UserError, msg=name):
                self._as("chair", session).write({name: False})
        made = sessions.with_context(
            default_state="closed", default_name="X", default_minutes="<p>X</p>"
        ).create(vals)
        self.assertEqual((made.state, made.minutes), ("planned", False))
        self.assertNotEqual(made.name, "X")

    def test_written_by_hand(self):
        """R19: each field is written in its states, by chair or secretary."""
        for state in ("planned", "open", "minutes"):
            session = self._reach(state)
            for name in sorted(HAND_FIELDS - {"item_ids", "corrects_id"}):
                vals = {name: PIXEL if name == "signed_paper" else "Words"}
                with self.subTest(state=state, name=name):
                    if name in session_flow.WRITABLE[state]:
                        self._as("secretary", session).write(vals)
                    else:
                        with self.assertRaises(UserError):
                            self._as("secretary", session).write(vals)
                    for actor in ("member", "far_chair", "former", "officer"):
                        with self.assertRaises(UserError):
                            self._as(actor, session).write(vals)
            session._write_flow({"state": "cancelled"})

    @mute_logger("odoo.sql_db")
    def test_closed_is_frozen(self):
        """R19: a closed session cannot be changed, not even by the superuser."""
        request = self._raise()
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        self._mark_all(session)
        self._as("chair", session).action_end()
        paper = self._as("secretary", session)
        paper.write({"signed_paper": PIXEL, "signed_paper_name": "minutes.png"})
        self._as("chair", session).action_close()
        line, item = session.attendance_ids[0], session.item_ids
        for actor in ("chair", "manager", "superuser"):
            su = actor == "superuser"
            for record, vals in (
                (session, {"minutes": "<p>Otherwise</p>"}),
                (session, {"place": "Elsewhere"}),
                (session, {"signed_paper": False}),
                (session, {"item_ids": [Command.clear()]}),
                (item, {"note": "Otherwise"}),
                (line, {"status": "absent"}),
                (line, {"signature": False}),
            ):
                with (
                    self.subTest(actor=actor, vals=vals),
                    self.assertRaises(UserError),
                ):
                    self._as(actor, record).sudo(su).write(vals)
            for record in (session, item, line):
                with self.assertRaises(UserError):
                    self._as(actor, record).sudo(su).unlink()
            with self.assertRaises(UserError):
                self._as(actor, self.env["beneficiary.session.item"]).sudo(su).create(
                    {"session_id": session.id, "request_id": request.id}
                )
            with self.assertRaises(UserError):
                self._as(actor, line).sudo(su).copy({"session_id": session.id})
        scan = self.env["ir.attachment"].search(
            [
                ("res_model", "=", session._name),
                ("res_id", "=", session.id),
                ("res_field", "=", "signed_paper"),
            ]
        )
        with self.assertRaises(AccessError):
            self._as("chair", scan).write({"datas": PIXEL})
        self.assertEqual(session.item_ids.outcome, "not_reached")

    def test_closed_is_sealed(self):
        """R19: closed minutes are sealed, with the agenda and the attendance."""
        session = self._reach("closed")
        with self.enter_registry_test_mode():
            cron = self.env.ref("beneficiary_relations.ir_cron_seal")
            cron.method_direct_trigger()
        self.assertEqual(session.seal_id.res_id, session.id)
        seals = self.env["beneficiary.seal"]
        self.assertEqual(seals._verify(self.company).code, "intact")
        self.env.cr.execute(
            "UPDATE beneficiary_session_attendance SET status = 'absent' WHERE id = %s",
            [session.attendance_ids[0].id],
        )
        self.env.invalidate_all()
        self.assertEqual(seals._verify(self.company).code, "tampered")

    def test_delete(self):
        """R19: only a planned, empty session is deleted, together with its meeting."""
        self._raise()
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        with self.assertRaisesRegex(UserError, "Cancel it"):
            self._as("chair", session).unlink()
        self._as("chair", session).item_ids.unlink()
        event = session.calendar_event_id
        self._as("chair", session).unlink()
        self.assertFalse(event.exists())

    def test_correction(self):
        """R19: a closed session is corrected by a later one of the same committee."""
        closed, running = self._reach("closed"), self._plan()
        for wrong in (
            {"corrects_id": running.id},
            {"corrects_id": closed.id, "start": "2026-03-01 07:00:00"},
            {"corrects_id": closed.id, "committee_id": self.far_committee.id},
        ):
            with (
                self.subTest(wrong=wrong),
                self.assertRaisesRegex(ValidationError, "corrects an earlier one"),
            ):
                self.env["beneficiary.committee.session"].create(
                    {
                        "committee_id": self.committee.id,
                        "start": "2026-04-05 07:00:00",
                        "stop": "2026-04-05 09:00:00",
                        **wrong,
                    }
                )
        later = self._plan(start="2026-04-05 07:00:00", stop="2026-04-05 09:00:00")
        self._as("chair", later).corrects_id = closed
        self.assertEqual(closed.corrected_by_ids, later)

    def test_the_form(self):
        """R19: the secretary plans, postpones and cancels a session on the forms."""
        sessions = self._as("secretary", self.env["beneficiary.committee.session"])
        with Form(sessions) as form:
            form.committee_id = self.committee
            form.start, form.stop = datetime(2026, 3, 22, 7), datetime(2026, 3, 22, 9)
        session = form.record
        wizards = self._as("secretary", self.env["beneficiary.session.move"])
        for move, state in (("postpone", "planned"), ("cancel", "cancelled")):
            context = {"default_session_id": session.id, "default_move": move}
            with Form(wizards.with_context(**context)) as form:
                form.reason = "The hall is taken"
                if move == "postpone":
                    form.start = datetime(2099, 1, 1, 7)
            form.record.action_confirm()
            self.assertEqual(session.state, state)
        self.assertEqual(session.stop, datetime(2099, 1, 1, 9))
        self.assertEqual(session.cancel_reason, "The hall is taken")

    def test_who_reads(self):
        """Roles: only members in office, managers and auditors read sessions."""
        session = self._plan()
        readers = {"manager", "chair", "secretary", "member", "auditor", "superuser"}
        for actor in ACTORS:
            with self.subTest(actor=actor):
                self.assertEqual(
                    self._as(actor, session).has_access("read"), actor in readers
                )

    def test_sessions_of_a_committee(self):
        """R19: a committee's form leads to its sessions, if the user may read them."""
        session = self._plan()
        committee = self._as("member", self.committee)
        self.assertEqual(committee.session_count, 1)
        action = committee.action_view_sessions()
        found = self._as("member", self.env[action["res_model"]])
        self.assertEqual(found.search(action["domain"]), session)
        self.assertEqual(self._as("officer", self.committee).session_count, 0)
        with self.assertRaises(AccessError):
            self._as("officer", self.committee).action_view_sessions()

    def test_bad_input(self):
        """R10: over RPC an invalid reason or time is refused with a clear message."""
        chair = self._as("chair", self._plan())
        later = "2099-01-01 07:00:00"
        for method, given, words in (
            ("action_postpone", ("Travel", "garbage"), "date and time"),
            ("action_postpone", ("Travel", 5), "date and time"),
            ("action_postpone", ("Travel", later, ["x"]), "date and time"),
            ("action_postpone", (5, later), "must be given as text"),
            ("action_cancel", (5,), "must be given as text"),
            ("action_cancel", (["x"],), "must be given as text"),
        ):
            with (
                self.subTest(method=method, given=given),
                self.assertRaisesRegex(UserError, words),
            ):
                call_kw(chair, method, [chair.ids, *given], {})
        self.assertEqual(chair.state, "planned")


@tagged("post_install", "-at_install", "with_demo")
class TestSessionAgenda(SessionCase):
    def _due(self, request, day):
        request._write_flow({"reply_due_on": f"2026-04-{day:02} 07:00:00"})

    def test_fill(self):
        """R19: one click adds the committee's waiting requests, earliest due first."""
        late, soon, middle = self._raise(3)
        for request, day in ((late, 30), (soon, 1), (middle, 15)):
            self._due(request, day)
        self._make_request("declared")
        self._decide(self._raise())
        session = self._plan()
        self._as("secretary", session).action_fill_agenda()
        self.assertEqual(list(session.item_ids.request_id), [soon, middle, late])
        self.assertEqual(
            session.item_ids.decision_id, (soon | middle | late).decision_ids
        )
        action = self._as("secretary", session).action_fill_agenda()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(len(session.item_ids), 3)

    def test_fill_puts_in_order(self):
        """R19: until the session begins, filling again sorts all by due date."""
        late, soon, later = self._raise(3)
        for request, day in ((late, 20), (soon, 10), (later, 30)):
            self._due(request, day)
        session = self._plan()
        chair = self._as("chair", session)
        chair.action_fill_agenda()
        moved = session.item_ids.filtered(lambda item: item.request_id == later)
        self._as("chair", moved).sequence = 1
        urgent, held = self._raise(2)
        self._due(urgent, 1)
        # A policy with a first day for replies, but no last one.
        held._write_flow(
            {"reply_due_on": False, "review_floor_on": "2026-04-15 07:00:00"}
        )
        chair.action_fill_agenda()
        ordered = [urgent, soon, held, late, later]
        self.assertEqual(list(session.item_ids.request_id), ordered)
        self._as("chair", moved).sequence = 1
        chair.action_fill_agenda()  # nothing else waits
        self.assertEqual(list(session.item_ids.request_id), ordered)
        chair.action_open()
        self._as("chair", moved).sequence = 1
        last = self._raise()
        self._due(last, 2)
        chair.action_fill_agenda()
        self.assertEqual(
            list(session.item_ids.request_id), [later, *ordered[:-1], last]
        )

    def test_fill_again(self):
        """R19: postponed and studied requests do not keep new ones off the agenda."""
        postponed, studied = self._raise(2)
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        items = {item.request_id: item for item in session.item_ids}
        self._as("chair", items[postponed]).action_postpone("The lease is missing")
        self._as("chair", items[studied]).action_study()
        late = self._raise()
        self._as("chair", session).action_fill_agenda()
        self.assertEqual(session.item_ids.request_id, postponed | studied | late)
        self.assertEqual(items[postponed].outcome, "postponed")

    def test_fill_is_for_keepers(self):
        """R19: only chair and secretary fill an agenda, until the session ends."""
        self._raise()
        session = self._plan()
        for actor in ("manager", "member", "superuser"):
            with self.assertRaises(AccessError):
                self._as(actor, session).action_fill_agenda()
        for state in ("minutes", "closed", "cancelled"):
            with self.assertRaisesRegex(UserError, "before the session ends"):
                self._as("chair", self._reach(state)).action_fill_agenda()

    @mute_logger("odoo.sql_db")
    def test_one_agenda_at_a_time(self):
        """R19: a request is on one agenda; if postponed, it may go on a later one."""
        request = self._raise()
        first, second = self._plan(), self._plan()
        self._as("chair", first).action_fill_agenda()
        self._as("chair", second).action_fill_agenda()
        self.assertFalse(second.item_ids)
        vals = {"session_id": second.id, "request_id": request.id}
        items = self._as("chair", self.env["beneficiary.session.item"])
        with self.assertRaisesRegex(ValidationError, "another session"):
            items.create(vals)
        item = self._as("chair", first.item_ids)
        with self.assertRaisesRegex(UserError, "why the study is postponed"):
            item.action_postpone()
        for actor in ("member", "manager", "superuser"):
            with self.assertRaises(AccessError):
                self._as(actor, first.item_ids).action_postpone("Later")
        item.action_postpone("The lease is missing")
        self._as("chair", second).action_fill_agenda()
        self.assertEqual(second.item_ids.request_id, request)
        self.assertEqual(request.decision_ids.session_id, second)
        self._as("chair", second).action_cancel("Nobody can come")
        third = self._plan()
        self._as("chair", third).action_fill_agenda()
        self.assertEqual(third.item_ids.request_id, request)

    def test_put_by_hand(self):
        """R19: only this committee's requests go on the agenda, in a fixed place."""
        request, draft = self._raise(), self._make_request("declared")
        session, far = self._plan(), None
        far = self.env["beneficiary.committee.session"].create(
            {"committee_id": self.far_committee.id, "start": START, "stop": STOP}
        )
        items = self._as("secretary", self.env["beneficiary.session.item"])
        item = items.create({"session_id": session.id, "request_id": request.id})
        self.assertEqual(item.decision_id, request.decision_ids)
        for vals in (
            {"session_id": session.id, "request_id": draft.id},
            {"session_id": session.id, "request_id": 0},
            {"session_id": session.id},
        ):
            with self.assertRaisesRegex(UserError, "own committee|not open to you"):
                items.create(vals)
        with self.assertRaises(UserError):
            self._as("far_chair", items).create(
                {"session_id": far.id, "request_id": request.id}
            )
        item.write({"note": "See the lease", "sequence": 5})
        for name in sorted(KEPT_FIELDS | {"session_id", "request_id"}):
            with self.assertRaises(UserError, msg=name):
                item.write({name: False})
        for name in sorted(KEPT_FIELDS):
            with self.assertRaises(UserError, msg=name):
                items.create(
                    {"session_id": session.id, "request_id": request.id, name: False}
                )
        for actor in ("member", "manager"):
            with self.assertRaises(AccessError):
                self._as(actor, item).write({"note": "Otherwise"})

    def test_what_came_of_it(self):
        """R19: when the session ends, each item gets its outcome."""
        requests = self._raise(5)
        decided, studied, returned, postponed, left = requests
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        items = {item.request_id: item for item in session.item_ids}
        with self.assertRaisesRegex(UserError, "Open the session"):
            self._as("chair", items[studied]).action_study()
        self._as("chair", session).action_open()
        self._decide(decided)
        self._as("chair", items[studied]).action_study()
        returned.with_user(self.manager).action_return("A newer lease")
        self._as("chair", items[postponed]).action_postpone("The researcher visits")
        with self.assertRaisesRegex(UserError, "is decided"):
            self._as("chair", items[decided]).action_postpone("Later")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            self._as("chair", items[left]).unlink()
        self._mark_all(session)
        self._as("chair", session).action_end()
        self.assertEqual(
            [items[request].outcome for request in requests],
            ["decided", "studied", "returned", "postponed", "not_reached"],
        )
        later = self._plan()
        self._as("chair", later).action_fill_agenda()
        self.assertEqual(later.item_ids.request_id, studied | postponed | left)

    def test_settled_before(self):
        """R19: a request settled before the opening is no result of the session."""
        decided, returned, here = self._raise(3)
        session = self._plan()
        with freeze_time("2030-01-01 07:00:00"):  # before the session
            self._as("chair", session).action_fill_agenda()
            items = {item.request_id: item for item in session.item_ids}
            self._decide(decided)
            returned.with_user(self.manager).action_return("A newer lease")
        with freeze_time("2030-01-03 07:00:00"):
            self._as("chair", session).action_open()
            self._decide(here)
            self._mark_all(session)
            self._as("chair", session).action_end()
        self.assertEqual(
            [items[request].outcome for request in (decided, returned, here)],
            ["settled_before", "settled_before", "decided"],
        )
        self.assertEqual(session.minutes.count("Settled Before the Session"), 2)
        self.assertEqual(session.minutes.count("Decided by majority"), 1)

    def test_own_case_on_the_agenda(self):
        """R42: recused chairs and secretaries write nothing on the request."""
        request, other = self._raise(2)
        session = self._plan()
        items = self._as("secretary", self.env["beneficiary.session.item"])
        vals = {"session_id": session.id, "request_id": request.id}
        for actor in ("chair", "secretary"):
            decision = self._as(actor, request.decision_ids)
            decision.action_vote("recused", "A relative of mine")
        refusal = "You are recused from"
        with self.assertRaisesRegex(AccessError, refusal):
            items.create({**vals, "note": "Reject it"})
        self.assertFalse(
            items.with_context(default_note="Reject it").create(vals).note,
        )
        self._as("chair", session).action_fill_agenda()
        item, free = session.item_ids.sorted(lambda item: item.request_id == other)
        for attempt in (
            lambda: self._as("chair", item).unlink(),
            lambda: self._as("chair", session).write(
                {"item_ids": [Command.delete(item.id)]}
            ),
        ):
            with self.assertRaisesRegex(AccessError, refusal):
                attempt()
        self._as("chair", session).action_open()
        for actor in ("chair", "secretary"):
            own = self._as(actor, item)
            for attempt in (
                lambda own=own: own.write({"note": "Reject it"}),
                lambda own=own: own.action_study(),
                lambda own=own: own.action_postpone("Later"),
                lambda own=own: (own | self._as("chair", free)).action_study(),
            ):
                with self.assertRaisesRegex(AccessError, refusal):
                    attempt()
            own.sequence = 30
            self._as(actor, free).write({"note": "See the lease"})
        self.assertEqual((item.note, item.outcome), (False, False))
        self._as("chair", free).action_study()
        self.assertEqual(free.outcome, "studied")

    def test_postponed_from_the_decision(self):
        """R19: a postponed study is marked on the agenda, wherever it was postponed."""
        request = self._raise()
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", request.decision_ids).action_postpone("A visit is needed")
        item = session.item_ids
        self.assertEqual(
            (item.outcome, item.outcome_reason), ("postponed", "A visit is needed")
        )
        self.assertEqual(request.decision_ids.postpone_reason, "A visit is needed")

    def test_query_count(self):
        """Scale: the queries to fill an agenda do not grow with its requests."""

        def fill(session):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            session.action_fill_agenda()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        session = self._as("chair", self._plan())
        self._raise()
        fill(session)  # fill the caches
        self._raise(3)
        few = fill(session)
        self._raise(9)
        # Six more requests need fewer than six more queries: a cache may be cold.
        self.assertLess(fill(session), few + 6)
        self.assertEqual(len(session.item_ids), 13)

    def test_circular(self):
        """R19: a committee that decides only in sessions closes votes only there."""
        # Who is present is the matter of test_presence.
        request = self._raise()
        decision = request.decision_ids
        self.committee.circular = False
        voters = self.chair | self.secretary | self.member | self.member2
        for voter in voters:  # votes may be cast before the session
            decision.with_user(voter).action_vote("accept")
        session = self._plan()

        def close():
            return decision.with_user(self.chair).action_close_vote()

        def check_refused():
            """Check that closing is refused, and the button is hidden."""
            self.env.invalidate_all()
            self.assertFalse(self._as("chair", decision).can_close)
            with self.assertRaisesRegex(UserError, "only in its sessions"):
                close()

        check_refused()
        self._as("chair", session).action_fill_agenda()
        check_refused()
        self._as("chair", session).action_open()
        self._mark_all(session)
        item = self._as("chair", session.item_ids)
        with closing(self.env.cr.savepoint()):
            item.action_postpone("The lease is missing")
            check_refused()
        self.env.invalidate_all()
        offered = {
            actor: self._as(actor, decision).can_close
            for actor in ("chair", "secretary", "member", "manager")
        }
        self.assertEqual(
            offered,
            {"chair": True, "secretary": True, "member": False, "manager": False},
        )
        close()
        self.assertEqual(request.state, "decided")
        self.assertFalse(self._as("chair", decision).can_close)

    def test_circulation(self):
        """R19: other committees may close a vote without a session."""
        decision = self._raise().decision_ids
        self.assertTrue(self._as("chair", decision).can_close)
        arch = self._as("chair", decision).get_view(view_type="form")["arch"]
        buttons = [
            button
            for button in etree.fromstring(arch).iter("button")
            if "'default_move': 'close'" in button.get("context", "")
        ]
        self.assertTrue(buttons)
        for button in buttons:  # highlighted, or not
            self.assertIn("not can_close", button.get("invisible"))


@tagged("post_install", "-at_install")
class TestSessionCalendar(SessionCase):
    def _seen(self, actor, event):
        """Return the meeting, guests and messages that ``actor`` can read."""
        found = [
            self._as(actor, self.env[model]).search(domain)
            for model, domain in (
                ("calendar.event", [("id", "=", event.id)]),
                ("calendar.attendee", [("event_id", "=", event.id)]),
                (
                    "mail.message",
                    [("model", "=", "calendar.event"), ("res_id", "=", event.id)],
                ),
            )
            if self._as(actor, self.env[model]).has_access("read")
        ]
        return bool([records for records in found if records])

    def test_invitation(self):
        """R19: members in office are invited; the meeting names no person."""
        request = self._raise()
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        event = session.calendar_event_id
        members = self.chair | self.secretary | self.member | self.member2
        self.assertEqual(event.partner_ids, members.partner_id)
        self.assertEqual(event.name, f"Research Committee {session.name}")
        self.assertEqual((event.privacy, event.location), ("private", "Meeting room"))
        told = f"{event.name} {event.description} {event.location}"
        self.assertNotIn(request.beneficiary_id.name, told)

    def test_kept_in_step(self):
        """R19: the meeting follows the session, and cannot be changed directly."""
        session = self._plan()
        event = session.calendar_event_id
        self._as("manager", session).action_postpone("Travel", "2099-01-01 07:00:00")
        self.assertEqual(event.start, datetime(2099, 1, 1, 7))
        self.assertEqual(event.stop, datetime(2099, 1, 1, 9))
        self._as("chair", session).place = "The old hall"
        self.assertEqual(event.location, "The old hall")
        meeting = self._as("chair", event)
        for vals in (
            {"start": datetime(2099, 1, 2, 7)},
            {"name": "Otherwise"},
            {"privacy": "public"},
            {"description": "<p>Bring the money</p>"},
            {"videocall_location": "https://example.com/evil"},
            {"res_model_id": False},
            {"partner_ids": [Command.link(self.stranger.partner_id.id)]},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                meeting.write(vals)
        with self.assertRaises(UserError):
            meeting.unlink()
        guests = self._as("member", event.attendee_ids)
        with self.assertRaisesRegex(UserError, "Postpone or cancel the session"):
            guests.create(
                {"event_id": event.id, "partner_id": self.stranger.partner_id.id}
            )
        with self.assertRaises(UserError):
            guests[:1].partner_id = self.stranger.partner_id
        with self.assertRaises(UserError):
            guests.unlink()
        # Members may answer their own invitation.
        invited = event.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.member.partner_id
        )
        self._as("member", invited).do_decline()
        self.assertEqual(invited.state, "declined")
        self._as("chair", session).action_cancel("Nothing to study")
        self.assertFalse(event.active)

    def test_own_answer(self):
        """R19: nobody answers another member's invitation or reads its token."""
        event = self._plan().calendar_event_id
        invitations = event.attendee_ids
        chairs = invitations.filtered(
            lambda attendee: attendee.partner_id == self.chair.partner_id
        )
        state = chairs.state
        for actor in ("member2", "secretary", "manager", "stranger"):
            others = self._as(actor, chairs)
            for method, *args in (
                ("do_decline",),
                ("do_accept",),
                ("do_tentative",),
                ("write", {"state": "declined"}),
                ("write", {"access_token": "known"}),
                ("write", {"availability": "busy"}),
                ("read", ["access_token"]),
            ):
                with self.subTest(actor=actor, method=method):
                    self.env.invalidate_all()
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        call_kw(others, method, [others.ids, *args], {})
            found = call_kw(
                others,
                "search_count",
                [[("access_token", "=", chairs.access_token)]],
                {},
            )
            self.assertFalse(found)
            self.assertEqual(chairs.state, state)
        self.assertFalse(
            event.message_ids.filtered(lambda note: "declined" in note.body)
        )
        own = invitations.filtered(
            lambda attendee: attendee.partner_id == self.member2.partner_id
        )
        self.env.invalidate_all()
        call_kw(self._as("member2", own), "do_decline", [own.ids], {})
        self.assertEqual(own.state, "declined")

    def test_meeting_opens(self):
        """R19: an invited member can open the meeting and sees their own answer."""
        event = self._plan().calendar_event_id
        self.env.invalidate_all()
        meeting = self._as("member", event)
        answer = call_kw(
            meeting,
            "web_read",
            [event.ids, {"attendee_ids": {"fields": {"state": {}}}, "name": {}}],
            {},
        )
        self.assertEqual(len(answer[0]["attendee_ids"]), 1)
        partners = self._as("member", event.partner_ids)
        details = call_kw(
            partners, "get_attendee_detail", [partners.ids, event.ids], {}
        )
        self.assertEqual([one["id"] for one in details], self.member.partner_id.ids)
        call_kw(meeting, "change_attendee_status", [event.ids, "accepted", ""], {})
        states = event.attendee_ids.mapped("state")
        self.assertEqual(states.count("accepted"), 1)

    def test_new_members_are_invited(self):
        """R19: new members are invited to planned sessions; former members are not."""
        session = self._plan()
        guests = session.calendar_event_id.partner_ids
        self.committee.with_user(self.manager).member_ids = [
            Command.create({"user_id": self.former.id, "date_from": "2021-01-01"})
        ]
        event = session.calendar_event_id
        self.assertEqual(event.partner_ids, guests | self.former.partner_id)
        self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member
        ).date_to = "2021-01-01"
        self.assertNotIn(self.member.partner_id, event.partner_ids)
        self._as("chair", session).action_open()
        self.assertIn(self.former.partner_id, session.calendar_event_id.partner_ids)
        self.assertIn(self.former, session.attendance_ids.user_id)

    def test_removed_seats_are_not_invited(self):
        """R19: a member whose seat was removed or moved is no longer invited."""
        session = self._plan()
        event = session.calendar_event_id
        seats = self.committee.with_user(self.manager).member_ids
        seats.filtered(lambda seat: seat.user_id == self.member).unlink()
        self.assertEqual(
            event.partner_ids,
            (self.chair | self.secretary | self.member2).partner_id,
        )
        moved = seats.exists().filtered(lambda seat: seat.user_id == self.member2)
        moved.committee_id = self.far_committee
        self.assertEqual(event.partner_ids, (self.chair | self.secretary).partner_id)

    def test_other_meetings(self):
        """R19: other meetings and their guests are not affected by these rules."""
        lunch, dinner = (
            self._as("member", self.env["calendar.event"]).create(
                {"name": name, "start": START, "stop": STOP}
            )
            for name in ("Lunch", "Dinner")
        )
        guest = lunch.attendee_ids.create(
            {"event_id": lunch.id, "partner_id": self.stranger.partner_id.id}
        )
        guest.event_id = dinner
        event = self._plan().calendar_event_id
        with self.assertRaises(UserError):
            guest.event_id = event
        guest.unlink()

    def test_isolation(self):
        """R43: nobody else sees when a committee meets and which files it studies."""
        event = self._plan().calendar_event_id
        readers = {"chair", "secretary", "member", "superuser"}
        for actor in ACTORS:
            with self.subTest(actor=actor):
                self.assertEqual(self._seen(actor, event), actor in readers)
        other = self.env["calendar.event"].create(
            {"name": "Lunch", "start": START, "stop": STOP}
        )
        self.assertTrue(self._seen("stranger", other))
        self.assertTrue(self._seen("outsider", other))
