from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ...rules import file_flow
from ...rules.flow import MANAGER, OFFICER
from ..common import BeneficiaryCommon

STATES = ("new", "active", "suspended", "closed", "deceased")
MOVES = ("activate", "suspend", "close", "reopen", "record_death", "correct_death")
ACTIVITY = "beneficiary_relations.mail_activity_type_file_review"
# The due day begins in Riyadh at this moment (UTC).
MIDNIGHT = "2027-03-14 21:00:00"
BEFORE_MIDNIGHT = "2027-03-14 20:59:00"
# Noon of 15 March 2026 in Riyadh, twelve months before the due day.
VERIFIED = "2026-03-15 09:00:00"


class FileStateCase(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = branch

    def _make_files(self, count, officer=None):
        return self.env["beneficiary.beneficiary"].create(
            [
                {
                    "name": f"Example {number}",
                    "company_id": self.company.id,
                    "officer_id": officer and officer.id,
                }
                for number in range(count)
            ]
        )

    def _call(self, user, files, name, **kwargs):
        """Call a method over RPC, like a client."""
        files = files.with_user(user)
        return call_kw(files, name, [files.ids], kwargs)


@tagged("post_install", "-at_install")
class TestBeneficiaryState(FileStateCase):
    # The roles that may make a move, and the new state for each state.
    EXPECTED = {
        ("new", "activate"): ("active", {"officer", "manager"}),
        ("new", "close"): ("closed", {"manager"}),
        ("active", "suspend"): ("suspended", {"officer", "manager"}),
        ("active", "close"): ("closed", {"manager"}),
        ("suspended", "activate"): ("active", {"officer", "manager"}),
        ("suspended", "close"): ("closed", {"manager"}),
        ("closed", "reopen"): ("active", {"manager"}),
        **{
            (state, "record_death"): ("deceased", {"delegate", "officer", "manager"})
            for state in ("new", "active", "suspended", "closed")
        },
        ("deceased", "correct_death"): ("active", {"manager"}),
    }
    ROLES = (
        "delegate",
        "officer",
        "manager",
        "researcher",
        "chair",
        "auditor",
        "applicant",
        "stranger",
        "outsider",
    )

    def test_every_state_move_and_role(self):
        """R32: from every state, only the table's moves, and only by their roles."""
        for state in STATES:
            for name in MOVES:
                target, roles = self.EXPECTED.get((state, name), (None, set()))
                for role in self.ROLES:
                    with self.subTest(state=state, move=name, role=role):
                        self._try_move(state, name, role, target, role in roles)

    def _try_move(self, state, name, role, target, allowed):
        self.file.sudo().state = state
        kwargs = {} if name == "activate" else {"reason": "As asked"}
        if name == "record_death":
            kwargs["death_date"] = "2026-01-05"
        if allowed:
            self._call(getattr(self, role), self.file, f"action_{name}", **kwargs)
            self.assertEqual(self.file.state, target)
            return
        with self.assertRaises(UserError if target is None else AccessError):
            self._call(getattr(self, role), self.file, f"action_{name}", **kwargs)
        self.assertEqual(self.file.state, state)

    def test_the_table(self):
        """R32: the table has no other roles and moves than those tested above."""
        table = {
            (state, move.name): (target, set(move.roles))
            for state, moves in file_flow.TRANSITIONS.items()
            for target, move in moves.items()
        }
        self.assertEqual(table, self.EXPECTED)
        self.assertEqual({MANAGER, OFFICER}, {"manager", "officer"})

    def test_reasons_are_asked(self):
        """R32: suspending, closing and reopening need a reason in words."""
        for state, name in (
            ("active", "suspend"),
            ("active", "close"),
            ("closed", "reopen"),
        ):
            self.file.sudo().state = state
            for kwargs in ({}, {"reason": ""}, {"reason": "  "}):
                with (
                    self.subTest(move=name, **kwargs),
                    self.assertRaisesRegex(UserError, "Write the reason"),
                ):
                    self._call(self.manager, self.file, f"action_{name}", **kwargs)

    def test_a_move_stays_on_record(self):
        """R32: author, time and reason of a move are stored, and noted in chatter."""
        self._call(self.officer, self.file, "action_activate")
        wizard = Form(
            self.env["beneficiary.file.move"]
            .with_user(self.officer)
            .with_context(default_beneficiary_id=self.file.id, default_move="suspend")
        )
        wizard.reason = "Moved away <b>"
        wizard.save().action_confirm()
        self.assertEqual(self.file.state, "suspended")
        self.assertEqual(self.file.state_reason, "Moved away <b>")
        self.assertEqual(self.file.state_changed_by_id, self.officer)
        self.assertTrue(self.file.state_changed_on)
        note = self.file.message_ids[0]
        self.assertEqual(note.author_id, self.officer.partner_id)
        self.assertIn("Suspended", note.body)
        self.assertIn("Moved away &lt;b&gt;", note.body)

    def test_state_is_not_written(self):
        """Safety: create, write, defaults and import refuse the state to managers."""
        files = self.env["beneficiary.beneficiary"].with_user(self.manager)
        for vals in (
            {"state": "active"},
            {"verified_on": "2026-01-01"},
            {"review_due_on": "2099-01-01"},
            {"state_reason": "x"},
        ):
            with self.subTest(**vals):
                with self.assertRaises(AccessError):
                    call_kw(files, "create", [{"name": "Example", **vals}], {})
                with self.assertRaises(AccessError):
                    call_kw(files, "write", [self.file.ids, vals], {})
        result = call_kw(files, "load", [["name", "state"], [["X", "active"]]], {})
        self.assertFalse(result["ids"])
        made = call_kw(
            files,
            "create",
            [{"name": "Example"}],
            {
                "context": {
                    "default_state": "active",
                    "default_verified_on": "2026-01-01",
                }
            },
        )
        made = files.browse(made)
        self.assertEqual((made.state, made.verified_on), ("new", False))
        self.file.sudo().state = "suspended"
        self.assertEqual(self.file.copy().state, "new")

    def test_open_requests_keep_a_file_open(self):
        """R32: a file with an open request is not closed; the message names it."""
        request = self._make_request("submitted")
        with self.assertRaisesRegex(UserError, request.name):
            self._call(self.manager, self.file, "action_close", reason="Moved")
        self.assertEqual(self.file.state, "new")
        request.with_user(self.officer).action_cancel(reason="No longer needed")
        self._call(self.manager, self.file, "action_close", reason="Moved")
        self.assertEqual(self.file.state, "closed")

    def test_many_at_once(self):
        """R32: several files change together, or none of them does."""
        files = self._make_files(3)
        files[2].sudo().state = "closed"
        with self.assertRaises(UserError):
            self._call(self.officer, files, "action_activate")
        self.assertEqual(files.mapped("state"), ["new", "new", "closed"])
        self._call(self.officer, files[:2], "action_activate")
        self.assertEqual(files.mapped("state"), ["active", "active", "closed"])


@tagged("post_install", "-at_install")
class TestFileReview(FileStateCase):
    def _activate(self, files):
        with freeze_time(VERIFIED):
            self._call(self.officer, files, "action_activate")

    def _run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            cron = self.env.ref("beneficiary_relations.ir_cron_file_review")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_activities(self, files):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "beneficiary.beneficiary"),
                ("res_id", "in", files.ids),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )

    def test_dates(self):
        """R12: a file is verified on the association's today, and due months later."""
        self.company.beneficiary_file_review_months = 6
        with freeze_time("2026-08-31 21:30:00"):  # 1 September in Riyadh
            self._call(self.officer, self.file, "action_activate")
        self.assertEqual(self.file.verified_on, date(2026, 9, 1))
        self.assertEqual(self.file.review_due_on, date(2027, 3, 1))
        self.company.beneficiary_file_review_months = 0
        with freeze_time("2026-09-10 09:00:00"):
            self._call(self.officer, self.file, "action_review")
        self.assertEqual(self.file.verified_on, date(2026, 9, 10))
        self.assertFalse(self.file.review_due_on)

    def test_a_suspension_verifies_nothing(self):
        """R12: activating a file after a suspension does not verify it again."""
        self._activate(self.file)
        with freeze_time("2026-06-01 09:00:00"):
            self._call(self.officer, self.file, "action_suspend", reason="Away")
            self._call(self.officer, self.file, "action_activate")
        self.assertEqual(self.file.review_due_on, date(2027, 3, 15))

    def test_due_at_midnight_in_riyadh(self):
        """R22: a review is asked for when the due day begins in the association."""
        self.file.officer_id = self.officer
        self._activate(self.file)
        self._run_cron(BEFORE_MIDNIGHT)
        self.assertFalse(self._get_activities(self.file))
        self._run_cron(MIDNIGHT)
        activity = self._get_activities(self.file)
        self.assertEqual(activity.user_id, self.officer)
        # Run again on the same day and later, as another worker might.
        self._run_cron(MIDNIGHT)
        self._run_cron("2027-04-01 09:00:00")
        self.assertEqual(self._get_activities(self.file), activity)

    def test_asked_again_after_the_review(self):
        """R22: a review ends the activity; the next review is due a year later."""
        self._activate(self.file)
        self._run_cron(MIDNIGHT)
        with freeze_time("2027-03-20 09:00:00"):
            self._call(self.officer, self.file, "action_review")
        self.assertFalse(self._get_activities(self.file))
        self._run_cron("2027-03-21 09:00:00")
        self.assertFalse(self._get_activities(self.file))
        self._run_cron("2028-03-20 09:00:00")
        self.assertEqual(len(self._get_activities(self.file)), 1)

    def test_who_is_asked(self):
        """R22: the file's officer is asked, or the manager if the officer has left."""
        files = self._make_files(2, self.officer)
        files[0].officer_id = False
        self._activate(files)
        self.officer.active = False
        self._run_cron(MIDNIGHT)
        for file in files:
            self.assertEqual(self._get_activities(file).user_id, self.manager)

    def test_only_active_files(self):
        """R22: nobody is asked to review closed or suspended files."""
        files = self._make_files(3)
        self._activate(files)
        with freeze_time("2026-12-01 09:00:00"):
            self._call(self.officer, files[0], "action_suspend", reason="Away")
            self._call(self.manager, files[1], "action_close", reason="Moved")
        self._run_cron(MIDNIGHT)
        self.assertEqual(self._get_activities(files).mapped("res_id"), files[2].ids)

    def test_closing_ends_the_activity(self):
        """R22: closing a file ends its activity."""
        self._activate(self.file)
        self._run_cron(MIDNIGHT)
        self._call(self.manager, self.file, "action_close", reason="Moved")
        self.assertFalse(self._get_activities(self.file))

    def test_queries(self):
        """R22: a batch of files needs as many queries as one of twice the size."""
        counts = []
        for count in (1, 10, 20):
            files = self._make_files(count, self.officer)
            self._activate(files)
            self.env.flush_all()
            with freeze_time(MIDNIGHT):
                start = self.env.cr.sql_log_count
                files.sudo()._ask_for_review()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - start)
        # One query more for each activity; nothing else grows with the batch.
        self.assertLessEqual(counts[2] - counts[1], 20 - 10, counts)

    def test_roles(self):
        """R12: only officers review, and not new or closed files."""
        for role in ("delegate", "researcher", "chair", "auditor", "applicant"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._call(getattr(self, role), self.file, "action_review")
        with self.assertRaises(UserError):
            self._call(self.officer, self.file, "action_review")

    def test_filter(self):
        """R12: the list's filter finds only files that are due."""
        self._activate(self.file)
        search = self.env.ref("beneficiary_relations.beneficiary_view_search")
        self.assertIn("filter_review_due", search.arch)
        domain = [("state", "=", "active"), ("review_due_on", "<=", "today")]
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        for moment, found in ((VERIFIED, False), ("2027-03-15 09:00:00", True)):
            with freeze_time(moment):
                self.assertEqual(self.file in files.search(domain), found)
