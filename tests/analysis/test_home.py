from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ...models.analysis.home_line import LINES
from ..common import STAFF, BeneficiaryCommon

# Sunday 15 March 2026, 10:00 in Riyadh; a month later everything is late.
NOW = datetime(2026, 3, 15, 7)
LATER = datetime(2026, 4, 15, 7)


class HomeCase(BeneficiaryCommon):
    """An association with work of several kinds, for several people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        with freeze_time(NOW):
            cls._make_work(cls())

    def _make_work(self):
        self._make_request()
        self._make_request("submitted").sudo().officer_id = False
        self._make_request(
            "submitted", branch_id=self.branch.id, delegate_id=self.delegate.id
        )
        self._make_request("in_review")
        registered = self._make_request("registered")
        self._plan_delivery(registered, planned_date="2026-03-15")
        self.env["beneficiary.referral"].with_user(self.officer)._send(
            registered.with_user(self.officer),
            self.researcher,
            "Which paper is meant?",
            "clarification",
        )
        self.env["beneficiary.interaction"].create(
            {
                "company_id": self.company.id,
                "subject": "Nobody called back",
                "channel_id": self._channel("phone").id,
                "beneficiary_id": self.file.id,
                "kind": "complaint",
                "owner_id": self.officer.id,
            }
        )
        self.env["beneficiary.improvement"].create(
            {
                "company_id": self.company.id,
                "name": "Call back",
                "owner_id": self.officer.id,
                "due_on": "2026-03-20",
            }
        )

    def _get_sections(self, user):
        home = self._call_as(user, "beneficiary.home", "get_home")
        return {section["key"]: section["lines"] for section in home["sections"]}

    def _get_counts(self, user):
        return {
            line["key"]: line["count"]
            for lines in self._get_sections(user).values()
            for line in lines
        }

    def _count_list(self, user, key):
        """Return how many records the list of a line shows, as the client asks."""
        action = self._call_as(user, "beneficiary.home", "get_list", key)["action"]
        return self._call_as(
            user, action["res_model"], "search_count", action["domain"]
        )


@tagged("post_install", "-at_install")
class TestHome(HomeCase):
    """The first screen: what waits, for whom, until when (R22, R43)."""

    @freeze_time(LATER)
    def test_count_is_list(self):
        """R22: each count is the number of records in the list that it opens."""
        for role in STAFF:
            user = getattr(self, role)
            for key, count in self._get_counts(user).items():
                with self.subTest(role=role, line=key):
                    self.assertEqual(self._count_list(user, key), count)

    @freeze_time(LATER)
    def test_roles(self):
        """R22: each role is shown its own work, and nobody else's."""
        self.assertEqual(self._get_counts(self.researcher), {"referral": 1})
        self.assertEqual(self._get_counts(self.member), {"vote": 1})
        counts = self._get_counts(self.officer)
        for key in ("request", "answer", "delivery", "improvement"):
            self.assertTrue(counts[key], key)
        self.assertEqual(counts["unassigned_request"], 1)
        self.assertNotIn("overdue", counts)

    @freeze_time(LATER)
    def test_delegate(self):
        """R6: a delegate counts the records of the own branches only."""
        counts = self._get_counts(self.delegate)
        self.assertEqual(counts["request"], 1)
        self.assertEqual(counts["branch_request"], 1)
        self.assertNotIn("unassigned_request", counts)

    @freeze_time(LATER)
    def test_auditor(self):
        """R22: an auditor reads how the association stands, and has nothing to do."""
        sections = self._get_sections(self.auditor)
        self.assertEqual(list(sections), ["association"])
        counts = self._get_counts(self.auditor)
        self.assertEqual(counts["overdue"], 1)
        self.assertEqual(counts["open"], 5)
        self.assertEqual(counts["late_delivery"], 1)
        self.assertEqual(counts["stuck"], 0)

    @freeze_time(LATER)
    def test_other_association(self):
        """R43: the manager of another association counts none of these records."""
        sections = self._get_sections(self.outsider)
        self.assertEqual(sections["mine"], [])
        self.assertFalse([line for line in sections["association"] if line["count"]])

    def test_due(self):
        """R22: the next date is that of the oldest record, and says when it is late."""
        self.company.beneficiary_calendar_id = False
        for moment, is_late in ((NOW, False), (LATER, True)):
            with freeze_time(moment):
                line = next(
                    line
                    for line in self._get_sections(self.officer)["mine"]
                    if line["key"] == "improvement"
                )
            self.assertEqual(line["is_late"], is_late)
            self.assertIn("03/20/2026", line["due"])

    def test_reply_left(self):
        """R22: a reply that has left is due no more: only owed ones give the date."""
        running = self.env["beneficiary.request"].search(
            [("state", "=", "in_review"), ("company_id", "=", self.company.id)]
        )
        running.with_user(self.officer).action_cancel(reason="No longer needed")
        with freeze_time(LATER):
            lines = self._get_sections(self.officer)["mine"]
            line = next(line for line in lines if line["key"] == "request")
            self.assertTrue(line["count"])
            self.assertEqual((line["due"], line["is_late"]), ("", False))

    def test_day_of_the_association(self):
        """R22: what is due today is late from midnight in Riyadh, not in Greenwich."""
        for moment, is_late in (
            ("2026-03-20 20:59:00", False),
            ("2026-03-20 21:01:00", True),
        ):
            with freeze_time(moment):
                line = next(
                    line
                    for line in self._get_sections(self.officer)["mine"]
                    if line["key"] == "improvement"
                )
            self.assertEqual(line["is_late"], is_late)

    def test_nothing(self):
        """R22: whose work is done is told so: the section is there, and empty."""
        idle = self._make_user("br_idle", "researcher", self.company)
        self.assertEqual(self._get_sections(idle), {"mine": []})

    def test_no_role(self):
        """R43: who has no role, and an applicant, is refused; so is a foreign line."""
        for user in (self.stranger, self.applicant):
            for method, *args in (("get_home",), ("get_list", "open")):
                with self.assertRaises(AccessError):
                    self._call_as(user, "beneficiary.home", method, *args)
        for key in ("open", "no_such_line", "_count"):
            with self.assertRaises(AccessError):
                self._call_as(self.officer, "beneficiary.home", "get_list", key)

    def test_lines(self):
        """R22: each line has a name of its own, an action of its model and groups."""
        keys = [line.key for line in LINES]
        self.assertEqual(len(keys), len(set(keys)))
        for line in LINES:
            with self.subTest(line=line.key):
                action = self.env.ref(f"beneficiary_relations.{line.action}")
                self.assertEqual(action.res_model, line.model)
                self.assertTrue(self.env[line.model]._fields[line.due])
                for group in line.groups:
                    self.assertTrue(self.env.ref(f"beneficiary_relations.{group}"))

    @freeze_time(LATER)
    def test_queries(self):
        """Scale: twice the records take no query more, on the lines or the figures."""

        def count(method):
            self.env.flush_all()
            self.env.invalidate_all()
            self.manager.partner_id.fetch(["tz"])  # Odoo reads it once an environment
            before = self.env.cr.sql_log_count
            self._call_as(self.manager, "beneficiary.home", method)
            return self.env.cr.sql_log_count - before

        methods = ("get_home", "get_figures")
        for method in methods:
            count(method)  # caches
        once = [count(method) for method in methods]
        with freeze_time(NOW):
            self._make_work()
        for method in methods:
            count(method)  # making records empties caches
        twice = [count(method) for method in methods]
        self.assertEqual(twice, once)


@tagged("post_install", "-at_install")
class TestHomeFigures(HomeCase):
    """The figures of those who answer for the association (R30)."""

    def _get_figures(self, user):
        return self._call_as(user, "beneficiary.home", "get_figures")

    @freeze_time(LATER)
    def test_who(self):
        """R30: managers and auditors read the figures, nobody else."""
        for role in ("officer", "delegate", "researcher", "member", "applicant"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._get_figures(getattr(self, role))
        self.assertEqual(
            self._get_figures(self.manager), self._get_figures(self.auditor)
        )

    @freeze_time(LATER)
    def test_teams(self):
        """R30: work is counted by branch, and never by officer."""
        teams = {
            row["label"]: row["text"]
            for row in self._get_figures(self.manager)["teams"]
        }
        self.assertEqual(teams, {"Head Office": "4", "North": "1"})

    @freeze_time(LATER)
    def test_budget(self):
        """Budgets: how much of the present one was granted."""
        self.service.budget_ids = [
            Command.create(
                {"date_from": "2026-01-01", "date_to": "2026-12-31", "amount": 1000}
            ),
            Command.create(
                {"date_from": "2025-01-01", "date_to": "2025-12-31", "amount": 7}
            ),
        ]
        [row] = self._get_figures(self.manager)["budgets"]
        self.assertEqual(row["label"], "Food basket")
        self.assertEqual(row["share"], 50)

    @freeze_time(LATER)
    def test_other_association(self):
        """R43: the figures of another association hold none of these records."""
        figures = self._get_figures(self.outsider)
        self.assertEqual(figures["teams"], [])
        self.assertEqual(figures["steps"], [])
        self.assertEqual({row["text"] for row in figures["replies"]}, {"0"})


@tagged("post_install", "-at_install", "with_demo")
class TestHomeTour(HttpCase, HomeCase):
    """The first screen in the browser, in Arabic."""

    def test_tour(self):
        """R22: the app opens on what waits, and a click opens that list."""
        self.manager.lang = "ar_001"
        self.env["beneficiary.improvement"].search(
            [("owner_id", "=", self.officer.id)]
        ).owner_id = self.manager
        self.start_tour("/odoo", "beneficiary_home", login=self.manager.login)
