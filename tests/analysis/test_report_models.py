from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import BeneficiaryCommon

REQUESTS = "beneficiary.request.report"
CONTACTS = "beneficiary.interaction.report"
# Sunday 15 March 2026, 10:00 in Riyadh.
RAISED = datetime(2026, 3, 15, 7)
DECIDED = RAISED + timedelta(days=4)
# The reply leaves after the period of two weeks, and before its grace days end.
REPLIED = datetime(2026, 3, 30, 6)
DELIVERED = REPLIED + timedelta(days=3)


class ReportCase(BeneficiaryCommon):
    def _group(self, user, model, groupby, aggregates, domain=()):
        """Return the groups as the pivot and the graph ask for them."""
        records = self._as(user, model)
        return records.formatted_read_group(list(domain), groupby, aggregates)

    def _as(self, user, model):
        """Return the model as ``user`` has it, signed in to their associations."""
        context = {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"}
        return self.env(user=user.id, context=context)[model]


@tagged("post_install", "-at_install")
class TestRequestReport(ReportCase):
    """How long each step of a request took, and how it ended (R10, R21, R30)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        case = cls()
        with freeze_time(RAISED):
            cls.request = case._make_request("in_review", branch_id=cls.branch.id)
            cls.elsewhere = case._make_request("submitted")

    def _decide_and_reply(self):
        with freeze_time(DECIDED):
            self._advance(self.request, "decided")
        with freeze_time(REPLIED):
            self.request.with_user(self.officer).action_release()
        with freeze_time(DELIVERED):
            self._advance(self.request, "delivered")

    def _get_row(self, user):
        return self._as(user, REQUESTS).search([("request_id", "=", self.request.id)])

    def test_days(self):
        """R10: each step has its days, and their average is that of the pivot."""
        self._decide_and_reply()
        row = self._get_row(self.manager)
        self.assertEqual(row.outcome, "accepted")
        self.assertEqual(row.timeliness, "in_window")
        for name, days in (
            ("days_to_decide", 4),
            ("days_held", (REPLIED - DECIDED) / timedelta(days=1)),
            ("days_to_reply", (REPLIED - RAISED) / timedelta(days=1)),
            ("days_to_register", 3),
            ("days_in_all", (DELIVERED - RAISED) / timedelta(days=1)),
        ):
            with self.subTest(days=name):
                self.assertAlmostEqual(row[name], days, 3)
        [group] = self._group(
            self.manager,
            REQUESTS,
            ["service_id"],
            ["days_to_decide:avg", "days_to_verify:avg", "__count"],
        )
        self.assertEqual(group["__count"], 2)
        self.assertAlmostEqual(group["days_to_decide:avg"], 4, 3)
        # A step that took no time is a step; one that is not done is none.
        self.assertEqual(group["days_to_verify:avg"], 0)

    def test_groups(self):
        """R3: rows are grouped by all that a request has, also by several at once."""
        self.file.category_ids = self.env["beneficiary.category"].create(
            {"name": "Widows", "code": "br_widows", "company_id": self.company.id}
        )
        for name in (
            "service_id",
            "category_ids",
            "channel_id",
            "branch_id",
            "committee_id",
            "outcome",
            "timeliness",
            "state",
            "submitted_on:month",
        ):
            with self.subTest(group=name):
                groups = self._group(self.manager, REQUESTS, [name], ["__count"])
                self.assertEqual(sum(group["__count"] for group in groups), 2)

    def test_secret_until_released(self):
        """R21: before the reply leaves no row tells a decision from its absence."""
        names = ("outcome", "released_on", "amount_granted", "days_to_decide")
        before = self._get_row(self.manager).read(names)
        with freeze_time(DECIDED):
            self._advance(self.request, "decided")
        self.env.invalidate_all()
        for role in ("manager", "officer", "auditor", "delegate"):
            with self.subTest(role=role):
                row = self._get_row(getattr(self, role))
                self.assertEqual(row.read(names), before)

    def test_late_and_early(self):
        """R21: a reply is early, in the window or late, by the dates of its clock."""
        self._decide_and_reply()
        for name, value, found in (
            ("reply_due_on", REPLIED - timedelta(minutes=1), "late"),
            ("reply_due_on", REPLIED, "in_window"),
            ("review_floor_on", REPLIED + timedelta(minutes=1), "early"),
        ):
            self.request._write_flow({name: value})
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self._get_row(self.auditor).timeliness, found)

    def test_who(self):
        """R6, R43: delegates read their branches, others of a role the association."""
        for role, rows in (
            ("delegate", self.request),
            ("officer", self.request | self.elsewhere),
            ("auditor", self.request | self.elsewhere),
            ("outsider", self.request.browse()),
        ):
            user = getattr(self, role)
            with self.subTest(role=role):
                found = self._as(user, REQUESTS).search([])
                self.assertEqual(found.mapped("request_id.id"), rows.ids[::-1])
                groups = self._group(user, REQUESTS, [], ["__count"])
                self.assertEqual(groups[0]["__count"], len(rows))

    def test_open_record(self):
        """A row opens its request."""
        action = self._get_row(self.manager).action_open_record()
        self.assertEqual(action["res_model"], "beneficiary.request")
        self.assertEqual(action["res_id"], self.request.id)


@tagged("post_install", "-at_install")
class TestInteractionReport(ReportCase):
    """Contacts by channel and kind, and how long people waited (R5, R48)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        with freeze_time(RAISED):
            cls.complaint = cls.env["beneficiary.interaction"].create(
                {
                    "company_id": cls.company.id,
                    "subject": "Nobody called back",
                    "channel_id": cls._channel("phone").id,
                    "kind": "complaint",
                    "minutes": 10,
                    "owner_id": cls.officer.id,
                    "party_name": "A visitor",
                }
            )

    def test_answer(self):
        """R48: the answer is in time until the end of its day in Riyadh."""
        self.complaint.write(
            {
                "answer": "We call today",
                "answer_channel_id": self._channel("phone").id,
            }
        )
        due = self.complaint.answer_due_on
        for moment, found in (("20:59:00", "in_time"), ("21:01:00", "late")):
            with freeze_time(f"{due} {moment}"), self.env.cr.savepoint() as savepoint:
                self.complaint.with_user(self.officer).action_answer()
                self.env.flush_all()
                row = self._as(self.manager, CONTACTS).browse(self.complaint.id)
                self.assertEqual(row.timeliness, found)
                self.assertGreater(row.days_to_answer, 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_minutes(self):
        """R5: minutes are added up by channel and kind."""
        [group] = self._group(
            self.auditor, CONTACTS, ["channel_id", "kind"], ["minutes:sum"]
        )
        self.assertEqual(group["minutes:sum"], 10)

    def test_confidential(self):
        """R27: a confidential complaint is counted for managers alone."""
        self.complaint.is_confidential = True
        self.complaint.branch_id = self.branch
        self.env.flush_all()
        for role, count in (
            ("manager", 1),
            ("auditor", 0),
            ("officer", 0),
            ("delegate", 0),
            ("outsider", 0),
        ):
            with self.subTest(role=role):
                user = getattr(self, role)
                groups = self._group(user, CONTACTS, [], ["__count"])
                self.assertEqual(groups[0]["__count"], count)

    def test_no_officer(self):
        """R30: no report has a field that leads to a colleague."""
        for model in (REQUESTS, CONTACTS):
            for name, field in self.env[model]._fields.items():
                if name not in ("create_uid", "write_uid"):
                    self.assertNotEqual(field.comodel_name, "res.users", name)
