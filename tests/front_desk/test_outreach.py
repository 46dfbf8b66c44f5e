from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import InteractionCase


@tagged("post_install", "-at_install")
class TestOutreach(InteractionCase):
    """R28: the association reaches out to many people, and sees the progress."""

    def _plan(self, files, user=None):
        """Return the draft that the action in the list of files makes."""
        action = (
            self.env.ref("beneficiary_relations.outreach_action_plan")
            .with_user(user or self.officer)
            .with_context(active_model=files._name, active_ids=files.ids)
            .run()
        )
        return (
            self.env[action["res_model"]]
            .with_user(user or self.officer)
            .browse(action["res_id"])
        )

    def test_from_the_list_of_files(self):
        """R28: the selected files become the people to reach, except closed ones."""
        closed = self.file.copy({"name": "Closed"})
        closed.state = "closed"
        outreach = self._plan(self.file | self.far_file | closed)
        self.assertEqual(outreach.line_ids.beneficiary_id, self.file | self.far_file)
        self.assertEqual(outreach.channel_id, self._channel("phone"))
        self.assertEqual((outreach.state, outreach.line_count), ("draft", 2))
        with self.assertRaisesRegex(UserError, "not closed"):
            self._plan(closed)
        for user in (self.delegate, self.auditor, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._plan(self.file, user)

    def test_working_through(self):
        """R28: each result makes a contact; progress and results are counted."""
        outreach = self._plan(self.file | self.far_file)
        first, second = outreach.line_ids
        with self.assertRaisesRegex(UserError, "Start the outreach"):
            first.action_reached()
        outreach.action_start()
        first.note = "Wants to apply"
        first.action_reached()
        contact = first.interaction_id
        self.assertEqual(contact.beneficiary_id, first.beneficiary_id)
        self.assertEqual((contact.kind, contact.direction), ("outreach", "out"))
        self.assertEqual(contact.outcome, "Wants to apply")
        self.assertEqual(first.contacted_by_id, self.officer)
        second.action_no_answer()
        attempt = second.interaction_id
        self.assertEqual(attempt.outcome, "No Answer")
        self.assertEqual((outreach.progress, outreach.reached_count), (100, 1))
        second.action_declined()
        self.assertNotEqual(second.interaction_id, attempt)
        self.assertTrue(attempt.exists(), "each attempt stays on record")
        self.assertEqual((outreach.no_answer_count, outreach.declined_count), (0, 1))
        outreach.action_done()
        with self.assertRaises(UserError):
            first.action_wrong_number()

    def test_wrong_number(self):
        """R28: a wrong number is a result that makes no contact."""
        outreach = self._plan(self.file)
        outreach.action_start()
        outreach.line_ids.action_wrong_number()
        self.assertFalse(outreach.line_ids.interaction_id)
        self.assertEqual(outreach.wrong_number_count, 1)

    def test_nothing_is_forged(self):
        """R28: only contacting people sets results, and results stay on record."""
        outreach = self._plan(self.file)
        line = outreach.line_ids
        outreach.action_start()
        for vals in (
            {"contacted_by_id": self.manager.id},
            {"contacted_on": "2026-01-01 00:00:00"},
            {"beneficiary_id": self.far_file.id},
            {"interaction_id": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                call_kw(line.browse(), "write", [line.ids, vals], {})
        with self.assertRaises(UserError):
            line.write({"state": "to_contact"})
        with self.assertRaises(UserError):
            line.create(
                {
                    "outreach_id": outreach.id,
                    "beneficiary_id": self.far_file.id,
                    "state": "reached",
                }
            )
        for model, forged in (
            (outreach, {"state": "done"}),
            (outreach, {"name": "x", "state": "done"}),
        ):
            with self.assertRaises(UserError):
                model.write(forged)
        line.action_reached()
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            outreach.unlink()

    def test_delegate(self):
        """R6, R28: a delegate contacts only the people of the own branch."""
        outreach = self._plan(self.file | self.far_file)
        outreach.channel_id = self._channel("delegate")
        outreach.action_start()
        own, far = outreach.line_ids.sorted(lambda line: line.branch_id != self.branch)
        seen = outreach.with_user(self.delegate)
        seen.invalidate_recordset()
        self.assertEqual(seen.line_count, 1)
        model = own.browse().with_user(self.delegate)
        self.assertEqual(model.search([("outreach_id", "=", outreach.id)]), own)
        with self.assertRaises(AccessError):
            far.with_user(self.delegate).action_reached()
        with self.assertRaises(AccessError):
            seen.action_done()
        own.with_user(self.delegate).action_reached()
        contact = own.interaction_id
        self.assertEqual(contact.delegate_id, self.delegate)
        self.assertEqual(contact.branch_id, self.branch)

    def test_many(self):
        """R28: a thousand people take as many queries as five hundred."""
        files = self.env["beneficiary.beneficiary"].create(
            [
                {"name": f"Example {number}", "company_id": self.company.id}
                for number in range(1500)
            ]
        )
        self._plan(files[:2])
        counts = []
        for batch in (files[:500], files[500:]):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            outreach = self._plan(batch)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(outreach.line_count, len(batch))
        # Odoo writes and reads a thousand rows at a time.
        self.assertLess(counts[1] - counts[0], 10, counts)

    def test_list_queries(self):
        """Scale: the list takes as many queries for 800 people as for 80."""
        files = self.env["beneficiary.beneficiary"].create(
            [
                {"name": f"Example {number}", "company_id": self.company.id}
                for number in range(800)
            ]
        )
        outreach = self._plan(files)
        fields = {name: {} for name in ("phone", "state", "note", "outreach_state")}
        fields |= {
            name: {"fields": {"display_name": {}}}
            for name in ("beneficiary_id", "outreach_id", "branch_id")
        }
        counts = []
        for limit in (80, 80, 800):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            outreach.line_ids.browse().web_search_read([], fields, limit=limit)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])

    def test_another_association(self):
        """R43: files of another association cannot be added to an outreach."""
        other = self.env["beneficiary.beneficiary"].create(
            {"name": "Other", "company_id": self.other.id}
        )
        outreach = self._plan(self.file)
        with self.assertRaises(UserError):
            outreach.line_ids = [Command.create({"beneficiary_id": other.id})]
        with self.assertRaises(AccessError):
            outreach.browse().action_plan(other.ids)
