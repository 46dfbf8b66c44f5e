import base64
import hashlib
import threading
from contextlib import closing
from datetime import datetime
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.seal import seal as seal_model
from ...models.seal import seal_verification
from ...rules import seal
from ..committee.common import SessionCase
from ..common import PIXEL, pdf_base64
from ..workers import WorkersCase
from .common import DECISION, DECLARATION, SealCase

N = 6
SWEEP_LOGGER = "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"


@tagged("post_install", "-at_install", "without_demo")
class TestSealing(SealCase):
    """The scheduled action seals each final record once, in one chain."""

    def test_what_is_sealed(self):
        """Seals: signed declarations and released decisions; no held decision."""
        links = self._seal()
        self.assertEqual(
            {(link.res_model, link.res_id) for link in links},
            {
                (DECISION, self.decision.id),
                (DECLARATION, self.declaration.id),
                (DECLARATION, self.held.declaration_id.id),
            },
        )
        self.assertEqual(links.mapped("position"), [1, 2, 3])
        self.assertEqual(self.decision.seal_id, links[0])
        self.assertFalse(self.held.decision_ids.seal_id)
        self._advance(self.held, "accepted")
        links = self._seal()
        self.assertEqual(links[3], self.held.decision_ids.seal_id)
        self.assertEqual(self._verify().code, seal.INTACT)

    def test_twice(self):
        """Running again seals nothing twice."""
        links = self._seal()
        self.assertEqual(self._seal(), links)

    def test_later_round_is_held(self):
        """R21: a reply of an earlier round does not release the next decision."""
        request = self._make_request("rejected")
        first = request.decision_ids
        self._seal()
        self.assertTrue(first.seal_id)
        request.with_user(self.manager).action_reopen(reason="A paper was found")
        self._advance(request, "decided")
        later = request.decision_ids - first
        self._seal()
        self.assertFalse(later.seal_id)
        self._advance(request, "accepted")
        self._seal()
        self.assertTrue(later.seal_id)
        self.assertEqual(self._verify().code, seal.INTACT)

    def test_payload(self):
        """The payload holds what was said: files by SHA-256, votes by name."""
        self.declaration.paper = pdf_base64()
        self._seal()
        sealed = self.declaration.seal_id.payload_ids.text
        digest = hashlib.sha256(base64.b64decode(pdf_base64())).hexdigest()
        self.assertIn(f'"paper":"{digest}"', sealed)
        self.assertIn('"signed_by":"سالم المثال"', sealed)
        self.assertNotIn("1000000008", sealed, "what was declared is not copied")
        sealed = self.decision.seal_id.payload_ids.text
        self.assertIn('"outcome":"accepted"', sealed)
        self.assertEqual(sealed.count('"choice":"accept"'), 3)

    def test_associations_have_their_own_chain(self):
        """R43: each association has a chain of its own, which starts at position 1."""
        other = self.env[DECLARATION].create(
            {
                "request_id": self.env["beneficiary.request"]
                .with_context(allowed_company_ids=self.other.ids)
                .create(
                    {
                        "company_id": self.other.id,
                        "beneficiary_id": self.env["beneficiary.beneficiary"]
                        .create({"name": "Else", "company_id": self.other.id})
                        .id,
                        "service_id": self.env["beneficiary.service"]
                        .create({"name": "Else", "company_id": self.other.id})
                        .id,
                        "channel_id": self._channel("phone").id,
                        "description": "Else",
                    }
                )
                .id,
                "policy_id": self.other._get_beneficiary_policy().id,
                "round": 1,
                "method": "paper",
                "signed_on": fields.Datetime.now(),
                "taken_by_id": self.outsider.id,
                "digest": "x",
            }
        )
        self._seal()
        self.assertEqual(other.seal_id.position, 1)
        self.assertEqual(other.seal_id.previous_hash, seal.GENESIS)
        self._tamper(
            "UPDATE beneficiary_declaration SET round = 9 WHERE id = %s", other.id
        )
        self.assertEqual(self._verify().code, seal.INTACT)
        self.assertEqual(self.seals._verify(self.other).problem, "record")

    def test_batches(self):
        """Many records are sealed in batches in order of id, all in one run."""
        self._make_declarations(7)
        with patch.object(seal_model, "BATCH", 3):
            links = self._seal()
        ours = links.filtered(lambda link: link.res_model == DECLARATION)
        self.assertEqual(len(ours), 9)
        self.assertEqual(ours.mapped("res_id"), sorted(ours.mapped("res_id")))
        with patch.object(seal_verification, "BATCH", 2):
            self.assertEqual(self._verify().count, len(links))

    def test_one_bad_record(self):
        """A record that cannot be sealed waits and does not stop the others."""
        bad, *others = self._make_declarations(5)
        model = self.registry[DECLARATION]
        original = model._get_sealed_data

        def failing(records):
            if bad in records:
                raise ZeroDivisionError("a fault of one record")
            return original(records)

        with (
            patch.object(model, "_get_sealed_data", failing),
            self.assertLogs(SWEEP_LOGGER, "WARNING") as logs,
        ):
            self._seal()
        self.assertEqual(len(logs.records), 1)
        self.assertFalse(bad.seal_id)
        self.assertTrue(all(record.seal_id for record in others))
        self._seal()
        self.assertEqual(bad.seal_id, self._get_chain()[-1])
        self.assertEqual(self._verify().code, seal.INTACT)

    def test_query_count(self):
        """Scale: a batch of 2N records takes as many queries as a batch of N."""
        for model, make in (
            (DECLARATION, self._make_declarations),
            (DECISION, self._make_decisions),
        ):
            counts = []
            for count in (N, N, 2 * N):
                records = make(count)
                self.env.flush_all()
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                self.seals._append(records)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - start)
            with self.subTest(model=model):
                self.assertEqual(counts[1], counts[2])

    def _make_decisions(self, count):
        first = self.env[DECISION].search_count([]) + 100
        return self.env[DECISION].create(
            [
                {
                    "request_id": self.request.id,
                    "committee_id": self.committee.id,
                    "round": first + number,
                    "state": "taken",
                    "outcome": "accepted",
                    "vote_ids": [
                        Command.create(
                            {
                                "member_id": member.id,
                                "user_id": member.user_id.id,
                                "choice": "accept",
                            }
                        )
                        for member in self.committee.member_ids
                    ],
                }
                for number in range(count)
            ]
        )

    def test_verification_query_count(self):
        """Scale: verifying 2N links takes as many queries as N, in one batch."""
        counts = []
        for _time in range(3):
            self.seals._append(self._make_declarations(N))
            self.seals._append(self._make_decisions(N))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            verdict = self.seals._verify(self.company)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(verdict.count, 6 * N)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install", "without_demo")
class TestSealed(SealCase):
    """A sealed record stays as it is, for every user and every way of writing."""

    def setUp(self):
        super().setUp()
        self._seal()
        self.vote = self.decision.vote_ids[0]

    def _get_changes(self):
        """Return pairs (record, values) that would change sealed data."""
        user = self._make_user("br_late_member", "committee", self.company)
        member = self.env["beneficiary.committee.member"].create(
            {"committee_id": self.committee.id, "user_id": user.id}
        )
        extra = self.env["beneficiary.vote"].create(
            {
                "decision_id": self.held.decision_ids.id,
                "member_id": member.id,
                "user_id": user.id,
            }
        )
        return (
            (self.decision, {"outcome": "rejected"}),
            (self.decision, {"amount_granted": 501}),
            (self.decision, {"reason": "Something else"}),
            (self.decision, {"closed_by_id": self.member.id}),
            (self.decision, {"decided_on": "2020-01-01 00:00:00"}),
            (self.decision, {"request_id": self.held.id}),
            (self.decision, {"accept_count": 0, "told": "shortage"}),
            (
                self.decision,
                {"vote_ids": [Command.update(self.vote.id, {"choice": "reject"})]},
            ),
            (self.decision, {"vote_ids": [Command.delete(self.vote.id)]}),
            (
                self.decision,
                {
                    "vote_ids": [
                        Command.create(
                            {"member_id": extra.member_id.id, "user_id": user.id}
                        )
                    ]
                },
            ),
            (self.vote, {"choice": "reject"}),
            (self.vote, {"reason": "Something else"}),
            (self.vote, {"decision_id": self.held.decision_ids.id}),
            (extra, {"decision_id": self.decision.id}),
            (self.declaration, {"signed_by": "Somebody else"}),
            (self.declaration, {"text": False}),
            (self.declaration, {"signature": pdf_base64()}),
            (self.declaration, {"signature": False}),
            (self.declaration, {"paper": pdf_base64()}),
            (self.decision.seal_id, {"digest": "0" * 64}),
            (self.decision.seal_id.payload_ids, {"text": "{}"}),
        )

    def test_write(self):
        """Seals: the superuser gets an explanation, other users an access error."""
        for record, vals in self._get_changes():
            with self.subTest(model=record._name, vals=vals):
                before = record.read(list(vals))
                with (
                    self.assertRaises(UserError) as refused,
                    closing(self.env.cr.savepoint()),
                ):
                    record.write(vals)
                self.assertRegex(str(refused.exception), "(?i)seal")
                self.env.invalidate_all()
                self.assertEqual(record.read(list(vals)), before)
                for user in (self.manager, self.chair, self.auditor, self.applicant):
                    with self.assertRaises(AccessError):
                        call_kw(record.with_user(user), "write", [record.ids, vals], {})
        self.assertEqual(self._verify().code, seal.INTACT)

    def test_no_oracle(self):
        """The refusal does not tell a user without rights whether a guess was right."""
        answers = set()
        for outcome in ("accepted", "rejected"):
            with self.assertRaises(AccessError) as refused:
                self.decision.with_user(self.applicant).write({"outcome": outcome})
            answers.add(str(refused.exception))
        self.assertEqual(len(answers), 1)

    def test_past_write(self):
        """``_write`` refuses changes too; the same value passes."""
        for record, vals in (
            (self.decision, {"outcome": "rejected"}),
            (self.decision, {"amount_granted": 501.0}),
            (self.decision, {"seal_id": None}),
            (self.vote, {"choice": "reject"}),
            (self.vote, {"decision_id": self.held.decision_ids.id}),
            (self.declaration, {"signed_on": datetime(2020, 1, 1)}),
            (self.decision.seal_id, {"position": 9}),
            (self.decision.seal_id.payload_ids, {"salt": "x"}),
            (
                self.decision.seal_id.payload_ids,
                {"seal_id": self.declaration.seal_id.id},
            ),
        ):
            with (
                self.subTest(model=record._name, vals=vals),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                record._write(vals)
        for record, vals in (
            (self.decision, {"outcome": "accepted", "amount_granted": 500.0}),
            (self.decision, {"closed_by_id": self.chair.id, "state": "taken"}),
            (self.vote, {"choice": "accept", "request_id": self.request.id}),
            (self.declaration, {"signed_on": self.declaration.signed_on}),
        ):
            with self.subTest(model=record._name, vals=vals):
                record._write(vals)

    def test_recomputed(self):
        """A value that was set only in the cache, past ``write``, is not saved."""
        field = self.decision._fields["outcome"]
        field._update_cache(self.decision, "rejected", dirty=True)
        with self.assertRaisesRegex(UserError, "is sealed"):
            self.env.flush_all()
        self.env.invalidate_all(flush=False)
        self.assertEqual(self.decision.outcome, "accepted")

    def test_same_values(self):
        """Writing the present values changes nothing and is not refused."""
        self.decision.write(
            {
                "outcome": "accepted",
                "amount_granted": 500,
                "closed_by_id": self.chair.id,
            }
        )
        self.declaration.write(
            {"signed_by": "سالم المثال", "signature": self.declaration.signature}
        )

    def test_other_fields(self):
        """Fields that are not sealed stay writable: a declaration can be voided."""
        self.declaration._void("The data were changed")
        self.decision.told = "shortage"
        self.vote.company_id = self.vote.company_id
        self.env.flush_all()
        self.assertTrue(self.declaration.voided_on)
        self.assertEqual(self._verify().code, seal.INTACT)

    def test_mixed(self):
        """One sealed record among several makes the whole write fail."""
        with self.assertRaises(UserError):
            (self.held.decision_ids | self.decision).write({"reason": "x"})
        self.assertNotEqual(self.held.decision_ids.reason, "x")

    def test_unlink(self):
        """Sealed records and their parts cannot be deleted, whatever the context."""
        for record in (
            self.decision,
            self.vote,
            self.declaration,
            self.decision.seal_id,
            self.decision.seal_id.payload_ids,
        ):
            with self.subTest(model=record._name):
                for context in ({}, {"_force_unlink": True}):
                    with self.assertRaisesRegex(UserError, "(?i)sealed"):
                        record.with_context(**context).unlink()
                for user in (self.manager, self.auditor):
                    with self.assertRaises(AccessError):
                        call_kw(record.with_user(user), "unlink", [record.ids], {})
                self.assertTrue(record.exists())

    def test_unlink_request(self):
        """R16: the database keeps a returned draft that has a sealed declaration."""
        request = self._make_request("declared")
        self._seal()
        for _time in range(2):
            request.with_user(self.officer).action_return(reason="A paper is missing")
        self.assertEqual(request.state, "draft")
        with mute_logger("odoo.sql_db"), self.assertRaises(ValidationError):
            request.with_user(self.manager).unlink()
        self.assertTrue(request.exists())

    def test_uninstall(self):
        """Seals: an uninstall may delete sealed records; the context alone may not."""
        module = self.env.ref("base.module_beneficiary_relations")
        module.state = "to remove"
        with self.assertRaises(UserError):
            self.vote.unlink()
        self.vote.with_context(_force_unlink=True).unlink()
        self.assertFalse(self.vote.exists())

    def test_nobody_sets_a_seal(self):
        """Only the system sets a seal: no value, default or copy does."""
        vals = {
            "request_id": self.request.id,
            "committee_id": self.committee.id,
            "round": 7,
        }
        link = self.decision.seal_id
        with self.assertRaises(UserError):
            self.env[DECISION].create({**vals, "seal_id": link.id})
        for record, value in (
            (self.decision, False),
            (self.held.decision_ids, link.id),
        ):
            with self.assertRaises(UserError):
                record.seal_id = value
        decisions = self.env[DECISION].with_context(default_seal_id=link.id)
        self.assertFalse(decisions.create(vals).seal_id)
        self.assertFalse(self.decision.copy({"round": 8}).seal_id)

    def test_payload_is_nobodys(self):
        """Only the verification reads the sealed payload."""
        payload = self.decision.seal_id.payload_ids
        for user in (self.manager, self.auditor):
            for name in ("text", "salt"):
                seen = payload.with_user(user)
                for ask in (
                    lambda seen=seen, name=name: seen.read([name]),
                    lambda seen=seen, name=name: seen.search([(name, "ilike", "a")]),
                    lambda seen=seen, name=name: seen.search([], order=name),
                    lambda seen=seen, name=name: seen.env["beneficiary.seal"].search(
                        [(f"payload_ids.{name}", "ilike", "a")]
                    ),
                ):
                    with self.assertRaises(AccessError):
                        ask()

    def test_attachment(self):
        """A signature cannot be replaced through its attachment; if it is replaced in
        spite of this, the verification finds it."""
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", DECLARATION),
                ("res_field", "=", "signature"),
                ("res_id", "=", self.declaration.id),
            ]
        )
        admin = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            attachment.with_user(admin).write({"datas": pdf_base64()})
        attachment.datas = pdf_base64()
        position = self.declaration.seal_id.position
        self._assert_tampered("record", position, ("signature",))

    def test_what_can_be_sealed(self):
        """Every sealed field exists and is stored, and no cascade empties it."""
        models = [
            self.registry[name]
            for name in self.registry.descendants(
                ["beneficiary.sealed.guard.mixin"], "_inherit"
            )
            if not self.registry[name]._abstract
        ]
        self.assertGreater(len(models), 2)
        for model in models:
            self.assertTrue(model._sealed_fields)
            for name in model._sealed_fields:
                field = model._fields[name]
                with self.subTest(field=str(field)):
                    self.assertFalse(field.translate or field.company_dependent)
                    if field.type == "one2many":
                        part = self.registry[field.comodel_name]
                        self.assertEqual(part._sealed_whole, field.inverse_name)
                        continue
                    self.assertTrue(field.store)
                    self.assertFalse(field.compute, "it would change later")
                    if field.type in ("many2one", "many2many"):
                        self.assertEqual(field.ondelete, "restrict")
                    if field.type in ("binary", "image"):
                        self.assertTrue(field.attachment)
            for field in model._fields.values():
                if field.type == "many2one" and field.store and not field.related:
                    with self.subTest(field=str(field)):
                        if field.name != model._sealed_whole:
                            self.assertNotEqual(field.ondelete, "cascade")


@tagged("post_install", "-at_install")
class TestSealedSession(SessionCase):
    def test_closed_minutes(self):
        """Seals: closed minutes are sealed with their attendance and agenda."""
        seals = self.env["beneficiary.seal"]
        request = self._raise()
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        self._mark_all(session)
        self._as("chair", session).action_end()
        paper = self._as("secretary", session)
        paper.write({"signed_paper": PIXEL, "signed_paper_name": "minutes.png"})
        cron = self.env.ref("beneficiary_relations.ir_cron_seal")
        for state in ("minutes", "closed"):
            if state == "closed":
                self._as("chair", session).action_close()
            self.assertEqual(session.state, state)
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(bool(session.seal_id), state == "closed")
        self.assertEqual(seals._verify(self.company).code, seal.INTACT)
        line, item = session.attendance_ids[0], session.item_ids
        self.assertEqual(item.request_id, request)
        for record, vals in (
            (session, {"minutes": "<p>Otherwise</p>"}),
            (item, {"outcome": "postponed"}),
            (line, {"status": "absent"}),
        ):
            with self.subTest(model=record._name):
                with self.assertRaisesRegex(UserError, "sealed"), self.cr.savepoint():
                    record._write(vals)
                with closing(self.cr.savepoint()):
                    [(name, value)] = vals.items()
                    self.cr.execute(
                        SQL(
                            "UPDATE %s SET %s = %s WHERE id = %s",
                            SQL.identifier(record._table),
                            SQL.identifier(name),
                            value,
                            record.id,
                        )
                    )
                    self.env.invalidate_all()
                    verdict = seals._verify(self.company)
                    self.assertEqual(verdict.problem, "record")
                self.env.invalidate_all()


@tagged("post_install", "-at_install", "with_demo")
class TestSealConcurrency(WorkersCase):
    """Two workers seal the same chain."""

    def _prepare(self):
        for _number in range(4):
            self._make_request("declared")

    def _work(self):
        """Run the scheduled action on a connection of its own."""
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["beneficiary.seal"]._cron_seal()

    def _assert_one_chain(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].browse(self.company_ids[0])
            verdict = env["beneficiary.seal"]._verify(company)
            self.assertEqual((verdict.code, verdict.count), (seal.INTACT, 4))

    def test_race(self):
        """Two workers that start together seal each record once, in one chain."""
        start = threading.Barrier(2)

        def worker():
            start.wait(10)
            self._work()

        with mute_logger("odoo.sql_db"), patch.object(seal_model, "BATCH", 1):
            self._run_workers(worker, worker)
            self._run_workers(self._work)
        self._assert_one_chain()

    def test_chain_that_is_held(self):
        """While one worker seals a chain, another worker skips that chain."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].browse(self.company_ids[0])
            self.assertTrue(env["beneficiary.seal"]._try_lock_chain(company))
            self._run_workers(self._work)
            self.assertFalse(
                env["beneficiary.seal"].search([("company_id", "=", company.id)])
            )
        self._run_workers(self._work)
        self._assert_one_chain()

    def test_backstop(self):
        """If all else fails, the database refuses a second link in one position."""
        with self.registry.cursor() as late:
            env = api.Environment(late, SUPERUSER_ID, {})
            declarations = env[DECLARATION].search(
                [("company_id", "in", self.company_ids)]
            )
            self._run_workers(self._work)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(
                    ValidationError, "cannot have the same position"
                ),
            ):
                env["beneficiary.seal"]._append(declarations)
            late.rollback()
        self._assert_one_chain()
