from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestHistory(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = branch
        cls.request = cls._make_request(cls(), "in_review")
        cls.env["beneficiary.interaction"].create(
            {
                "subject": "When does the reply come?",
                "company_id": cls.company.id,
                "channel_id": cls._channel("phone").id,
                "beneficiary_id": cls.file.id,
            }
        )
        cls.history = cls.env["beneficiary.history"]

    def _get_rows(self, user, file=None):
        """Return (kind, title) of the rows that ``user`` sees, latest first."""
        self.env.flush_all()
        self.env.invalidate_all()
        file = file or self.file
        history = self.history.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        rows = history.search([("beneficiary_id", "=", file.id)])
        return [(row.kind, row.title) for row in rows]

    def _get_kinds(self, user, file=None):
        return {kind for kind, _title in self._get_rows(user, file)}

    def test_all_in_one_list(self):
        """Issue 3: interactions, requests, papers, decisions, deliveries, by date."""
        self._advance(self.request, "delivered")
        rows = self._get_rows(self.officer)
        self.assertCountEqual(
            rows,
            [
                ("interaction", "When does the reply come?"),
                ("interaction", "Committee and Period"),  # told by telephone
                ("request", "Food basket"),
                ("document", self.identity_type.name),
                ("decision", "Accepted"),
                ("delivery", "Food basket"),
            ],
        )
        dates = self.history.search([("beneficiary_id", "=", self.file.id)]).mapped(
            "date"
        )
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_rows_by_their_identifiers(self):
        """Issue 3: the same rows are found by file, one by one, and all but these."""
        history = self.history.with_user(self.officer)
        mine = [("beneficiary_id", "=", self.file.id)]
        rows = history.search(mine)
        self.assertGreater(len(set(rows.mapped("kind"))), 2)
        self.assertEqual(history.search([("id", "in", rows.ids)]), rows)
        self.assertEqual(history.search([("id", "in", [False])]), history)
        for row in rows:
            self.assertEqual(history.search([("id", "=", row.id)]), row)
            self.assertEqual(
                history.search([*mine, ("id", "not in", row.ids)]), rows - row
            )

    def test_a_held_decision_is_not_there(self):
        """R21: nobody finds a decision here before its reply is released."""
        self._decide(self.request)
        for user in (self.officer, self.manager, self.chair, self.auditor):
            with self.subTest(user=user.login):
                self.assertNotIn("decision", self._get_kinds(user))
        self.request.with_user(self.manager).action_release(reason="Urgent need")
        for user in (self.officer, self.manager, self.chair, self.auditor):
            with self.subTest(user=user.login):
                self.assertIn("decision", self._get_kinds(user))
        # Users without access to decisions find none, released or not.
        self.assertNotIn("decision", self._get_kinds(self.researcher))

    def test_by_role(self):
        """Roles: users find the records that they may read in the lists themselves."""
        desk = {"request", "document"}
        for user, expected in (
            (self.officer, desk | {"interaction"}),
            (self.researcher, desk | {"interaction"}),
            (self.auditor, desk | {"interaction"}),
            # The interaction takes its branch from the file.
            (self.delegate, desk | {"interaction"}),
            (self.chair, desk),
            (self.outsider, set()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._get_kinds(user), expected)
        for user in (self.applicant, self.stranger):
            with self.assertRaises(AccessError):
                self._get_rows(user)

    def test_follows_the_rules_of_the_source(self):
        """Privacy: a rule that hides a paper hides its row as well."""
        self.env["ir.rule"].create(
            {
                "name": "No papers",
                "model_id": self.env["ir.model"]._get_id("beneficiary.document"),
                "domain_force": "[(0, '=', 1)]",
            }
        )
        self.assertEqual(self._get_kinds(self.officer), {"interaction", "request"})

    def test_of_the_committee(self):
        """Roles: a member's history has no requests that were never raised."""
        other = self.file.copy({"branch_id": self.file.branch_id.id})
        self._make_request("submitted", beneficiary_id=other.id)
        self.assertFalse(self._get_rows(self.chair, other))
        self.assertTrue(self._get_rows(self.delegate, other))

    def test_opens_the_record(self):
        """Issue 3: a row opens its record and cannot be written."""
        rows = self.history.with_user(self.officer).search(
            [("beneficiary_id", "=", self.file.id)]
        )
        for row in rows:
            action = call_kw(row, "action_open", [row.ids], {})
            self.assertTrue(
                self.env[action["res_model"]].browse(action["res_id"]).exists()
            )
        for method, args in (
            ("write", [rows.ids, {"reference": "x"}]),
            ("create", [{"reference": "x"}]),
            ("unlink", [rows.ids]),
        ):
            with self.assertRaises(AccessError):
                call_kw(rows, method, args, {})
        with self.assertRaises(AccessError):
            call_kw(rows.with_user(self.applicant), "action_open", [rows[:1].ids], {})

    def test_by_month(self):
        """Issue 3: the list is grouped by month, and paginated."""
        history = self.history.with_user(self.officer)
        domain = [("beneficiary_id", "=", self.file.id)]
        groups = history.formatted_read_group(domain, ["date:month"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), 4)
        page = call_kw(
            history, "web_search_read", [domain, {"title": {}}], {"limit": 2}
        )
        self.assertEqual((len(page["records"]), page["length"]), (2, 4))

    def test_queries(self):
        """Scale: a page of the history needs the same queries for 5 and 20 rows."""
        specification = {"date": {}, "kind": {}, "title": {}, "reference": {}}
        history = self.history.with_user(self.officer)
        counts = []
        for count in (1, 5, 20):
            for _number in range(count):
                self._make_document(self.file, self.identity_type)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            history.web_search_read(
                [("beneficiary_id", "=", self.file.id)], specification
            )
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])
