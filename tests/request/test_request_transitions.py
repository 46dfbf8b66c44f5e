from contextlib import closing, nullcontext

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import tagged

from ...models.request.request_flow import ASKED_FIELDS, FLOW_FIELDS
from ...rules import flow
from ..common import PIXEL, BeneficiaryCommon

# 10:00 in Riyadh, on the day every request of these tests is raised and decided.
RAISED = "2026-03-15 07:00:00"
HELD = "2026-03-20 07:00:00"
FREE = "2026-04-10 07:00:00"

# The users who try every move. "applicant" acts through the portal's methods, as
# controllers do; "applicant_rpc" is the same person calling over RPC.
ACTORS = (
    "delegate",
    "other_delegate",
    "officer",
    "manager",
    "researcher",
    "member",
    "chair",
    "secretary",
    "auditor",
    "applicant",
    "applicant_rpc",
    "other_applicant",
    "stranger",
    "outsider",
    "superuser",
)
# The superuser has the groups of a manager, but cannot release a reply early.
OFFICE = {"officer", "manager", "superuser"}
FRONT = OFFICE | {"delegate"}
SEATED = {"chair", "secretary"}
BOSS = {"manager", "superuser"}
CANCEL = ("cancelled", OFFICE | {"applicant"})
REOPEN = ("submitted", BOSS)
RETURN_STUDY = ("submitted", SEATED | BOSS)

# The moves of a request, written independently of the rules: for each state the
# possible moves, with the next state and the users who may make the move. All data
# are complete, and the review period has passed.
TABLE = {
    "draft": {"submit": ("submitted", FRONT | {"applicant"}), "cancel": CANCEL},
    "submitted": {
        "verify": ("verified", OFFICE),
        "return": ("draft", OFFICE),
        "cancel": CANCEL,
    },
    "verified": {
        "declare": ("declared", FRONT | {"applicant"}),
        "notify": ("verified", FRONT),
        "return": ("submitted", OFFICE),
        "cancel": CANCEL,
    },
    "declared": {
        "notify": ("declared", FRONT),
        "raise": ("in_review", OFFICE),
        "return": ("submitted", OFFICE),
        "cancel": CANCEL,
    },
    "in_review": {
        "decide": ("decided", SEATED),
        "return": RETURN_STUDY,
        "cancel": CANCEL,
    },
    "decided for": {
        "release": ("accepted", OFFICE | {"chair"}),
        "return": RETURN_STUDY,
        "cancel": CANCEL,
    },
    "decided against": {
        "release": ("rejected", OFFICE | {"chair"}),
        "return": RETURN_STUDY,
        "cancel": CANCEL,
    },
    "accepted": {
        "register": ("registered", OFFICE),
        "reopen": REOPEN,
        "cancel": CANCEL,
    },
    "registered": {"deliver": ("delivered", OFFICE), "cancel": CANCEL},
    "registered unplanned": {"reopen": REOPEN, "cancel": CANCEL},
    "rejected": {
        "close": ("closed", OFFICE),
        "appeal": ("in_review", FRONT | {"applicant"}),
        "reopen": REOPEN,
    },
    "delivered": {"close": ("closed", OFFICE), "redeliver": ("registered", BOSS)},
    "closed against": {
        "appeal": ("in_review", FRONT | {"applicant"}),
        "reopen": REOPEN,
    },
    "closed for": {"redeliver": ("registered", BOSS)},
    "cancelled": {},
    "cancelled late": {"reopen": REOPEN},
}
# The moves of the rules that a guard refuses here, whoever tries.
GUARDED = {
    "registered": {"reopen"},  # something was handed over
    "registered unplanned": {"deliver"},
    "closed against": {"redeliver"},
    "closed for": {"appeal", "reopen"},
    "cancelled": {"reopen"},  # it was never submitted
}
# The users who may release a reply before the review period has passed, with a
# reason (R21).
EARLY = {"manager", "chair"}

# The actors that have each role of ``rules/flow.py``.
ROLE_ACTORS = {
    flow.DELEGATE: {"delegate"},
    flow.OFFICER: OFFICE,
    flow.MANAGER: {"manager", "superuser"},
    flow.RESEARCHER: {"researcher"},
    flow.APPLICANT: {"applicant"},
    flow.COMMITTEE: SEATED,
    flow.CHAIR: {"chair"},
    flow.SYSTEM: {"superuser"},
}
STATES = (
    "draft",
    "submitted",
    "verified",
    "declared",
    "in_review",
    "decided",
    "accepted",
    "rejected",
    "registered",
    "delivered",
    "closed",
    "cancelled",
)


class TransitionCase(BeneficiaryCommon):
    """One request in every state, and a user for each role that tries a move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch, cls.other_branch = cls.env["beneficiary.branch"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "delegate_ids": [Command.set(delegate.ids)],
                }
                for name, delegate in (
                    ("North", cls.delegate),
                    ("South", cls._make_user("br_far", "delegate", cls.company)),
                )
            ]
        )
        cls.other_delegate = cls.other_branch.delegate_ids
        cls.file.branch_id = cls.branch
        cls.secretary = cls._make_user("br_secretary", "committee", cls.company)
        cls.committee.member_ids = [
            Command.create({"user_id": cls.secretary.id, "role": "secretary"})
        ]
        cls.other_applicant = cls._make_user("br_other_applicant", None, cls.company)
        cls.superuser = cls.env["res.users"].browse(SUPERUSER_ID)
        cls.env["beneficiary.beneficiary"].create(
            {
                "name": "منى المثال",
                "company_id": cls.company.id,
                "identity_number": "1000000016",
                "phone": "0500000002",
                "portal_user_ids": [Command.set(cls.other_applicant.ids)],
            }
        )

    def _make_all_states(self):
        """Return a request for each state of :data:`TABLE`, ready for its moves."""
        with freeze_time(RAISED):
            requests = {
                state: self._make_request(state) for state in TABLE if " " not in state
            }
            requests["closed for"] = self._make_request("closed")
            requests["registered unplanned"] = self._make_request("registered")
            requests["cancelled late"] = self._make_request("in_review")
            requests["cancelled late"].with_user(self.officer).action_cancel(
                reason="No longer needed"
            )
            requests["closed against"] = self._make_request("rejected")
            for state in ("rejected", "delivered", "closed against"):
                self._deliver_notices(requests[state])
            requests["closed against"].with_user(self.officer).action_close()
            for state, outcome in (("for", "accepted"), ("against", "rejected")):
                request = self._make_request("in_review")
                self._decide(request, outcome)
                requests[f"decided {state}"] = request
            requests["declared"].with_user(self.officer).action_notify(
                channel_id=self._channel("phone").id, text="Told"
            )
            self._receive(self._plan_delivery(requests["registered"]))
            decision = requests["in_review"].decision_ids
            for voter in (self.chair, self.secretary, self.member, self.member2):
                decision.with_user(voter).action_vote("accept")
        self.env.flush_all()
        return requests

    def _as(self, actor, records):
        """Return ``records`` as ``actor`` would reach them."""
        user = getattr(self, actor.removesuffix("_rpc"))
        records = records.with_user(user).with_context(
            allowed_company_ids=user.company_id.ids
            if actor in ("outsider", "superuser")
            else self.company.ids
        )
        if actor in ("applicant", "other_applicant"):
            return records.sudo()
        return records

    def _given(self, move):
        """Return all arguments that ``move`` may need from the user."""
        return {
            "submit": {"evidence": "Questions answered", "minutes": 5},
            "verify": {"evidence": "Compared"},
            "return": {"reason": "A paper is missing"},
            "declare": {"signed_by": "سالم المثال", "signature": PIXEL},
            "notify": {"channel_id": self._channel("phone").id, "text": "Told"},
            "raise": {},
            "decide": {"reason": "As studied"},
            "release": {"reason": "Urgent need"},
            "register": {"evidence": "Registered"},
            "deliver": {"evidence": "Handed over"},
            "close": {},
            "appeal": {
                "reason": "Look again",
                "channel_id": self._channel("phone").id,
            },
            "reopen": {"reason": "New papers"},
            "redeliver": {"reason": "Not delivered"},
            "cancel": {"reason": "No longer needed"},
        }[move]

    def _attempt(self, request, move, actor):
        """Make ``move`` over RPC; return the new state, or None if it was refused."""
        record, method = request, f"action_{move}"
        if move == "decide":
            record, method = request.decision_ids, "action_close_vote"
            if not record:
                return None
        try:
            call_kw(self._as(actor, record), method, [record.ids], self._given(move))
        except UserError:
            return None
        return request.state


@tagged("post_install", "-at_install", "with_demo")
class TestRequestTransitions(TransitionCase):
    def test_table(self):
        """R10, R18-R25: the table in the rules is the same as this test's own table."""
        outcomes = {"decided for": "rejected", "decided against": "accepted"}
        for state, moves in TABLE.items():
            written = {
                move.name: (to, roles_to_actors(move.roles))
                for to, move in flow.TRANSITIONS[state.split()[0]].items()
                if to != outcomes.get(state)
                and move.name not in GUARDED.get(state, ())
                and move.name != "void"  # only a change of declared data makes it
            }
            expected = {
                name: (to, actors | EARLY if name == "release" else actors)
                for name, (to, actors) in moves.items()
                if name != "notify"  # a step that keeps the state
            }
            with self.subTest(state=state):
                self.assertEqual(written, expected)
        self.assertEqual(set(flow.TRANSITIONS), set(STATES))
        selection = self.env["beneficiary.request"]._fields["state"].selection
        self.assertEqual([state for state, _label in selection], list(STATES))

    def test_every_move(self):
        """R10, R18: each state, move and user is allowed or refused as in the table."""
        requests = self._make_all_states()
        before = {name: self._trace(r) for name, r in requests.items()}
        possible = [actors for moves in TABLE.values() for _, actors in moves.values()]
        wrong, allowed = [], 0
        with freeze_time(FREE):
            for state, request in requests.items():
                for move in {name for moves in TABLE.values() for name in moves}:
                    target, actors = TABLE[state].get(move, (None, ()))
                    for actor in ACTORS:
                        expected = target if actor in actors else None
                        # A refused move is not rolled back: it must leave no trace.
                        undo = self.env.cr.savepoint() if expected else nullcontext()
                        with closing(undo) if expected else undo:
                            got = self._attempt(request, move, actor)
                        allowed += bool(got)
                        if got != expected:
                            wrong.append((state, move, actor, got, expected))
        self.assertEqual(wrong, [])
        self.assertEqual(allowed, sum(map(len, possible)))
        self.assertEqual(before, {name: self._trace(r) for name, r in requests.items()})

    def test_early_release(self):
        """R21: while a reply is held, only the chair and managers can release it."""
        requests = self._make_all_states()
        with freeze_time(HELD):
            for state in ("decided for", "decided against"):
                released = set()
                for actor in ACTORS:
                    with closing(self.env.cr.savepoint()):
                        if self._attempt(requests[state], "release", actor):
                            released.add(actor)
                self.assertEqual(released, EARLY)

    def test_state_is_never_written(self):
        """R10: nobody writes the state, by write, web_save or nested writes."""
        requests = self._make_all_states()
        for request in requests.values():
            for actor in ACTORS:
                record = self._as(actor, request)
                for target in STATES:
                    self._assert_refused(record, "write", {"state": target})
            for actor in ("officer", "manager", "superuser"):
                record = self._as(actor, request)
                vals = {"state": "accepted"}
                self._assert_refused(record, "web_save", vals, {"state": {}})
                self._assert_refused(record, "web_save_multi", [vals], {"state": {}})
                self._assert_refused(
                    self._as(actor, self.file),
                    "write",
                    {"request_ids": [Command.update(request.id, vals)]},
                )
        self.env.invalidate_all()
        for state, request in requests.items():
            self.assertEqual(request.state, state.split()[0])

    def test_flow_fields_are_never_written(self):
        """R10: not even a manager writes the fields of the moves directly."""
        request = self._make_request().with_user(self.manager)
        values = request._convert_to_write(request.sudo().read(list(FLOW_FIELDS))[0])
        for name in FLOW_FIELDS:
            with self.subTest(field=name):
                with self.assertRaisesRegex(UserError, "written by the steps"):
                    request.write({name: values[name]})
                with self.assertRaisesRegex(UserError, "written by the steps"):
                    request.create([self._vals(), {**self._vals(), name: values[name]}])

    def test_flow_fields_are_complete(self):
        """R10: only the moves write the stored read-only fields."""
        fields = self.env["beneficiary.request"]._fields
        self.assertLessEqual(FLOW_FIELDS | ASKED_FIELDS, fields.keys())
        own = {
            name
            for name, field in fields.items()
            if field.readonly
            and field.model_name == "beneficiary.request"
            and (field.store or field.type == "one2many")
            and not (field.related or field.compute)
            and field._module == "beneficiary_relations"
        }
        self.assertEqual(own - set(MAGIC_COLUMNS) - FLOW_FIELDS, set())

    def test_no_request_is_born_further_on(self):
        """R10: every new request is a draft: other states are refused or ignored."""
        for actor in ACTORS:
            requests = self._as(actor, self.env["beneficiary.request"])
            for state in STATES:
                with (
                    self.subTest(actor=actor, state=state),
                    self.assertRaises(UserError),
                ):
                    call_kw(requests, "create", [{**self._vals(), "state": state}], {})
        defaults = {
            "default_state": "accepted",
            "default_round": 7,
            "default_released_on": FREE,
            "default_verified_by_id": self.officer.id,
            "default_escalation": "3_manager",
            "default_declaration_waiver": "None needed",
            "default_step_ids": [
                Command.create(
                    {
                        "code": "declare",
                        "doer_id": self.officer.id,
                        "done_on": FREE,
                        "round": 1,
                    }
                )
            ],
        }
        for actor in ("delegate", "officer", "manager", "superuser"):
            requests = self._as(actor, self.env["beneficiary.request"])
            created = call_kw(requests, "create", [self._vals()], {"context": defaults})
            self._assert_untouched(requests.browse(created))

    def test_copy(self):
        """R10: a copy is a new draft, whatever it was copied from."""
        for state, request in self._make_all_states().items():
            record = self._as("manager", request)
            with self.subTest(state=state):
                copy = record.browse(call_kw(record, "copy", [request.ids], {}))
                self._assert_untouched(copy)
                self.assertNotEqual(copy.name, request.name)
                tokens = (copy | request).sudo().mapped("access_token")
                self.assertEqual(len(set(tokens)), 2)
                with self.assertRaises(UserError):
                    call_kw(record, "copy", [request.ids, {"state": state}], {})

    def test_load(self):
        """R10: an import neither makes a request in a later state nor moves one."""
        requests = self._as("manager", self.env["beneficiary.request"])
        request = self._make_request("submitted")
        vals = self._vals()
        for names, row in (
            (
                ["beneficiary_id/.id", "service_id/.id", "channel_id/.id", "state"],
                [
                    str(vals["beneficiary_id"]),
                    str(vals["service_id"]),
                    str(vals["channel_id"]),
                    "Accepted",
                ],
            ),
            ([".id", "state"], [str(request.id), "Accepted"]),
        ):
            result = call_kw(requests, "load", [names, [row]], {})
            self.assertFalse(result["ids"])
            self.assertIn("written by the steps", result["messages"][0]["message"])
        self.assertEqual(request.state, "submitted")

    def test_what_was_asked_is_fixed(self):
        """R10: the content of a request can be changed only before verification."""
        for state, request in self._make_all_states().items():
            record = self._as("manager", request)
            for name in ASKED_FIELDS:
                value = record._fields[name].convert_to_write(record[name], record)
                with self.subTest(state=state, field=name):
                    if state in ("draft", "submitted"):
                        record.write({name: value})
                    else:
                        with self.assertRaisesRegex(UserError, "no longer be changed"):
                            record.write({name: value})

    def test_only_drafts_are_deleted(self):
        """R10: only a draft can be deleted."""
        for state, request in self._make_all_states().items():
            record = self._as("manager", request)
            with self.subTest(state=state):
                if state == "draft":
                    record.unlink()
                else:
                    with self.assertRaisesRegex(UserError, "Only a draft"):
                        record.unlink()

    # -- tools --------------------------------------------------------------------

    def _assert_refused(self, records, method, *args):
        """Check that ``records`` refuse ``method`` over RPC."""
        # No assertRaises: its savepoints are slow in thousands of calls.
        try:
            call_kw(records, method, [records.ids, *args], {})
        except UserError:
            return
        self.fail(f"{records.env.user.login}: {method}{args} of {records} was done")

    def _trace(self, request):
        """Return all values of ``request`` that a move can change."""
        request.invalidate_recordset()
        votes = request.decision_ids.vote_ids.mapped("choice")
        counts = [len(request[name]) for name in FLOW_FIELDS if name.endswith("_ids")]
        return request.state, request.round, counts, votes, len(request.message_ids)

    def _vals(self):
        return {
            "beneficiary_id": self.file.id,
            "service_id": self.service.id,
            "channel_id": self._channel("phone").id,
            "description": "A food basket for four.",
            "company_id": self.company.id,
            "branch_id": self.branch.id,
        }

    def _assert_untouched(self, request):
        """Check that ``request`` is a draft without a trace of any step."""
        request.ensure_one()
        self.assertEqual((request.state, request.round), ("draft", 1))
        self.assertEqual(request.escalation, "0_none")
        given = {"state", "round", "escalation", "name", "policy_id", "origin"}
        given.add("access_token")  # each request has its own
        traces = {name: request.sudo()[name] for name in FLOW_FIELDS - given}
        self.assertEqual({name for name, value in traces.items() if value}, set())


def roles_to_actors(roles):
    return set().union(*(ROLE_ACTORS[role] for role in roles))
