import json
from datetime import timedelta
from functools import partial
from itertools import product
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.mixins.page_mixin import PageMixin
from ..common import BeneficiaryCommon
from ..request.common import DECIDED, RAISED, ClockCase
from .common import luhn

REQUEST = "beneficiary.request"
FILE = "beneficiary.beneficiary"
N = 6
# A day on which the replies of all requests of RAISED are late.
LATE = RAISED + timedelta(days=60)
MOST_OF_A_LIST = 16
MOST_OF_THE_CARDS = 25
MOST_OF_THE_GROUPS = 4
MOST_OF_THE_COUNTERS = 4
OPEN = [("state", "not in", ("closed", "cancelled"))]
OVERDUE = [("is_overdue", "=", True)]
BAR = {
    "field": "due_status",
    "colors": {"overdue": "danger", "soon": "warning", "on_time": "success"},
}
X2MANY = ("one2many", "many2many")
ACTIVITY = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)


def specify(model, view_type):
    """Return the specification that the client sends for a view, and the view."""
    arch = etree.fromstring(model.get_view(view_type=view_type)["arch"])
    answer = {}
    for node in arch.iter("field"):
        name = node.get("name")
        answer[name] = {}
        if model._fields[name].type == "many2one":
            is_hidden = node.get("column_invisible") or node.get("invisible") == "1"
            answer[name] = {"fields": {} if is_hidden else {"display_name": {}}}
    if "activity_ids" in answer:
        answer.update(dict.fromkeys(ACTIVITY, {}))
        answer["activity_type_id"] = {"fields": {"display_name": {}}}
    return answer, arch


@tagged("post_install", "-at_install", "with_demo")
class TestListQueries(ClockCase):
    """R1, R2, R3, R6, R8: lists take as few queries for 2N records as for N."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.made = 1

    def _raise_more(self, count):
        first = self.made
        self.made += count
        files = self.env[FILE].create(
            [
                {
                    "name": f"Example {first + number}",
                    "company_id": self.company.id,
                    "branch_id": self.branch.id,
                    "phone": f"05000{first + number:05}",
                    "identity_number": luhn(first + number),
                }
                for number in range(count)
            ]
        )
        for file in files:
            self._raise_at(RAISED, beneficiary_id=file.id)

    def _get_calls(self, user):
        """Return what the client asks for when ``user`` opens each list, by gate."""
        requests = self.env[REQUEST].with_user(user).with_context(bin_size=True)
        columns, _arch = specify(requests, "list")
        cards, arch = specify(requests, "kanban")
        bar = arch.find("progressbar")
        self.assertEqual(
            {"field": bar.get("field"), "colors": json.loads(bar.get("colors"))}, BAR
        )

        def read_list(domain):
            return requests.web_search_read(
                domain, columns, limit=80, count_limit=10001
            )

        def read_cards():
            requests.read_progress_bar([], "state", BAR)
            return requests.with_context(read_group_expand=True).web_read_group(
                [],
                ["state"],
                auto_unfold=True,
                unfold_read_specification=cards,
                unfold_read_default_limit=40,
            )

        def read_groups(name):
            return requests.web_read_group([], [name], ["__count"], limit=80)

        calls = {
            "R1": (partial(read_list, OPEN), MOST_OF_A_LIST),
            "R2": (read_cards, MOST_OF_THE_CARDS),
            "R8": (partial(read_list, OVERDUE), MOST_OF_A_LIST),
        }
        for name in (
            "state",
            "service_id",
            "committee_id",
            "officer_id",
            "submitted_on:month",
        ):
            calls[f"R3 {name}"] = (partial(read_groups, name), MOST_OF_THE_GROUPS)
        return calls

    def test_requests(self):
        """R1, R2, R3, R8: few queries, and no more for twice the requests."""
        users = (self.officer, self.delegate, self.manager, self.member)
        with freeze_time(LATE):
            self._raise_more(N)
            seen = {}
            for user in users:
                for gate, (call, most) in self._get_calls(user).items():
                    call()  # fills the lasting caches
                    seen[user, gate] = self._count_queries(call)
                    with self.subTest(gate=gate, user=user.login):
                        self.assertLessEqual(seen[user, gate], most)
            self._raise_more(N)
            for user in users:
                for gate, (call, _most) in self._get_calls(user).items():
                    call()
                    with self.subTest(gate=gate, user=user.login):
                        self.assertEqual(self._count_queries(call), seen[user, gate])
            late = self.env[REQUEST].with_user(self.officer).search_count(OVERDUE)
            self.assertEqual(late, 2 * N)

    def test_counters(self):
        """R6: the counters of many files cost no more than those of a few."""
        counts = []
        self._raise_more(N)
        names = ["request_count", "interaction_count"]
        for _turn in range(3):
            for user in (self.officer, self.delegate, self.manager):
                files = self.env[FILE].with_user(user).search([])
                files.read(names)
                count = self._count_queries(partial(files.read, names))
                self.assertLessEqual(count, MOST_OF_THE_COUNTERS, user.login)
                counts.append((user, count))
            self._raise_more(N)
        self.assertEqual(len(set(counts)), 3)


@tagged("post_install", "-at_install", "with_demo")
class TestDueStatus(ClockCase):
    """R22: the bar above the cards counts late replies, due ones, and those in time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Days from RAISED to the day when the reply is due.
        cases = list(product(("in_review", "decided", "closed"), (-1, 3, 30)))
        with freeze_time(RAISED):
            cls.requests = cls.env[REQUEST].create(
                [
                    {
                        "company_id": cls.company.id,
                        "beneficiary_id": cls.file.id,
                        "service_id": cls.service.id,
                        "channel_id": cls._channel("phone").id,
                    }
                    for _case in cases
                ]
            )
        for request, (state, days) in zip(cls.requests, cases, strict=True):
            request._write_flow(
                {
                    "state": state,
                    "raised_on": RAISED,
                    "reply_due_on": RAISED + timedelta(days=days),
                    "release_on": DECIDED if state == "decided" else False,
                }
            )
        cls.requests[:2]._write_flow({"state": "submitted"})  # they came back
        cls.env["beneficiary.request.pause"].create(
            {"request_id": cls.requests[0].id, "date_start": RAISED}
        )

    def _get_expected(self, request, now):
        """Return the status by the words of its definition."""
        week = fields.Datetime.start_of(now + timedelta(days=7, hours=3), "day")
        owes = (
            request.state == "in_review"
            or (request.state == "submitted" and not request.is_paused)
            or (request.state == "decided" and request.release_on < now)
        )
        if not owes:
            return False
        if request.reply_due_on < now:
            return "overdue"
        return "soon" if request.reply_due_on < week - timedelta(hours=3) else "on_time"

    def test_counts(self):
        """R22: what is computed, searched and counted above the cards is the same."""
        for now in (RAISED, DECIDED + timedelta(minutes=1), LATE):
            with freeze_time(now), self.subTest(now=now):
                requests = self.requests.with_user(self.officer).with_context(
                    tz="Asia/Riyadh"
                )
                requests.invalidate_recordset()
                expected = {
                    request: self._get_expected(request, now) for request in requests
                }
                self.assertEqual(
                    {request: request.due_status for request in requests}, expected
                )
                mine = [("id", "in", requests.ids)]
                for status in ("overdue", "soon", "on_time", False):
                    found = requests.search([*mine, ("due_status", "=", status)])
                    wanted = [each for each in requests if expected[each] == status]
                    self.assertEqual({*found}, {*wanted}, status)
                late = requests.search([*mine, ("is_overdue", "=", True)])
                self.assertEqual(
                    late, requests.search([*mine, ("due_status", "=", "overdue")])
                )
                for name in ("state", "service_id", "raised_on:month"):
                    bars = requests.read_progress_bar(mine, name, BAR)
                    total = dict.fromkeys(BAR["colors"], 0)
                    for bar in bars.values():
                        for status, number in bar.items():
                            total[status] += number
                    self.assertEqual(
                        total,
                        {
                            status: [*expected.values()].count(status)
                            for status in BAR["colors"]
                        },
                    )
                bars = requests.read_progress_bar(mine, "state", BAR)
                for request in requests:
                    if status := expected[request]:
                        self.assertGreater(bars[request.state][status], 0)

    def test_rules_hold(self):
        """R43: nothing is counted that the user may not read."""
        for user in (self.outsider, self.delegate):
            requests = self.env[REQUEST].with_user(user)
            requests = requests.with_context(allowed_company_ids=user.company_ids.ids)
            with self.subTest(user=user.login):
                self.assertFalse(requests.read_progress_bar([], "state", BAR))
        requests = self.env[REQUEST].with_user(self.applicant)
        with self.assertRaises(AccessError):
            requests.read_progress_bar([], "state", BAR)


@tagged("post_install", "-at_install")
class TestSamePlans(BeneficiaryCommon):
    """What is read in another way than Odoo reads it is the same as Odoo reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.services = cls.service | cls.env["beneficiary.service"].create(
            [
                {"name": name, "company_id": cls.company.id, "sequence": sequence}
                for name, sequence in (("Rent", 30), ("Aid", 20), ("Clothes", 20))
            ]
        )
        cls.files = cls.env[FILE].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("Nora", "Amal", "Huda", "Amal")
            ]
        )
        officers = (cls.officer, cls.manager, cls.env["res.users"])
        cls.requests = cls.env[REQUEST].create(
            [
                {
                    "company_id": cls.company.id,
                    "beneficiary_id": cls.files[number % 4].id,
                    "service_id": cls.services[number % 3].id,
                    "officer_id": officers[number * 7 % 3].id,
                    "channel_id": cls._channel("phone").id,
                    "amount_requested": 100 * number,
                }
                for number in range(12)
            ]
        )
        types = cls.env["beneficiary.document.type"].search([], limit=3)
        cls.papers = cls.env["beneficiary.document"].create(
            [
                {
                    "beneficiary_id": cls.files[number % 4].id,
                    "type_id": types[number * 5 % len(types)].id,
                    "number": f"P{number}",
                }
                for number in range(10)
            ]
        )

    def _plan(self, request, days, alarm=False, done=False):
        kind = self.env["mail.activity.type"].create(
            {"name": f"Kind {days}", "icon": "fa-check", "decoration_type": alarm}
        )
        activity = request.activity_schedule(
            date_deadline=fields.Date.today() + timedelta(days=days),
            activity_type_id=kind.id,
            summary=f"In {days}",
            user_id=self.officer.id,
        )
        activity.active = not done

    def test_pages(self):
        """Scale: a page shows the values that Odoo would read, row by row."""
        plans = (
            [(-3, False)],
            [(0, "warning"), (5, "danger")],
            [(5, "warning"), (2, "warning"), (-1, False, True)],
            [(4, False), (0, False)],
            [(-2, "danger", True)],
        )
        for request, plan in zip(self.requests, plans, strict=False):
            for planned in plan:
                self._plan(request, *planned)
        self.services[1].active = False
        seen = set()
        for records, user in product(
            (self.requests, self.files, self.papers),
            (self.officer, self.auditor, self.manager),
        ):
            for context in ({}, {"active_test": False}, {"lang": "ar_001"}):
                page = records.with_user(user).with_context(**context)
                specification = {
                    name: {}
                    for name, field in page._fields.items()
                    if page._has_field_access(field, "read")
                }
                self.env.invalidate_all()
                ours = page.web_read(specification)
                self.env.invalidate_all()
                with (
                    patch.object(PageMixin, "_read_columns", lambda *args: {}),
                    patch.object(PageMixin, "_shows_activities", lambda *args: False),
                ):
                    theirs = page.web_read(specification)
                with self.subTest(model=page._name, user=user.login, context=context):
                    self.assertEqual(len(ours), len(theirs))
                    for row, other in zip(ours, theirs, strict=True):
                        self.assertEqual(row, other)
                seen.update(row.get("activity_state") for row in ours)
        self.assertEqual(seen, {"overdue", "today", "planned", False, None})

    def test_deleted(self):
        """Scale: a page leaves out a row that was deleted meanwhile, as Odoo does."""
        names = ["name", "service_id", "amount_requested", "is_overdue"]
        for gone in (self.requests[3], self.requests[0]):
            gone.unlink()
            rows = self.requests.with_user(self.officer).read(names, load=None)
            self.assertEqual([row["id"] for row in rows], self.requests.exists().ids)

    def test_guest(self):
        """R43: the groups tell who is a guest, from the moment they change."""
        officer, guest = self.officer, self.applicant
        for user, is_guest in ((officer, False), (guest, True)):
            env = self.env(user=user.id)
            env.user._is_internal()  # fills the lasting cache
            env.invalidate_all()
            with self.assertQueryCount(0):
                self.assertEqual(env.user.share, is_guest)
        requests = self.requests.with_user(officer)
        self.assertTrue(requests.mapped("name"))
        officer.group_ids = self.env.ref("base.group_portal")
        with self.assertRaises(AccessError):
            requests.mapped("amount_requested")

    def test_groups(self):
        """Scale: groups are those of Odoo, in the same order, cut at the same place."""
        requests = self.env[REQUEST].with_user(self.officer)
        domain = [("id", "in", self.requests.ids)]
        sets = (
            ["service_id"],
            ["officer_id"],
            ["committee_id"],
            ["beneficiary_id"],
            ["service_id", "state"],
            ["officer_id", "service_id"],
            ["create_date:month", "officer_id"],
        )
        sums = ["__count", "amount_requested:sum", "id:recordset", "id:max"]
        ways = (("", None, 0), (" desc", None, 0), ("", 2, 1), (" desc", 1, 0))
        for groupby, (direction, limit, offset) in product(sets, ways):
            order = ", ".join(f"{name}{direction}" for name in groupby)
            given = (domain, groupby, sums, (), offset, limit, order)
            with self.subTest(groupby=groupby, order=order, limit=limit):
                self.assertTrue(requests._is_ordered_by_names(groupby, order))
                self.assertEqual(
                    requests._read_group(*given),
                    models.BaseModel._read_group(requests, *given),
                )

    def test_groups_that_odoo_reads(self):
        """Scale: other orders and conditions on groups are left to Odoo."""
        requests = self.env[REQUEST].with_user(self.officer)
        for order in ("__count desc", "amount_requested:sum, service_id", None):
            self.assertFalse(requests._is_ordered_by_names(["service_id"], order))
        groups = requests._read_group(
            [("id", "in", self.requests.ids)],
            ["service_id"],
            ["__count"],
            [("__count", ">", 100)],
            order="service_id",
        )
        self.assertEqual(groups, [])

    def test_papers(self):
        """R8: papers stand in the order of files, kinds and versions, as before."""
        papers = self.env["beneficiary.document"].with_user(self.officer)
        expected = self.papers.sorted(
            lambda paper: (
                paper.beneficiary_id.name,
                paper.beneficiary_id.id,
                paper.type_id.sequence,
                paper.type_id.id,
                -paper.id,
            )
        )
        mine = [("id", "in", self.papers.ids)]
        self.assertEqual(papers.search(mine).ids, expected.ids)
        backwards = papers.search(mine, order="beneficiary_id desc, type_id, id desc")
        self.assertEqual(
            list(dict.fromkeys(backwards.beneficiary_id.ids)),
            list(reversed(dict.fromkeys(expected.beneficiary_id.ids))),
        )
        groups = papers.web_read_group(mine, ["beneficiary_id"], ["__count"])["groups"]
        self.assertEqual(
            [group["beneficiary_id"][0] for group in groups],
            list(dict.fromkeys(expected.beneficiary_id.ids)),
        )

    def test_history_by_id(self):
        """Scale: rows of a history are found by their ids; unknown ids find none."""
        history = self.env["beneficiary.history"].with_user(self.officer)
        rows = history.search([("beneficiary_id", "in", self.files.ids)])
        self.assertEqual({*rows.mapped("kind")}, {"request", "document"})
        self.assertEqual(history.search([("id", "in", rows.ids)]), rows)
        titles = rows.mapped("title")
        rows.invalidate_recordset()
        self.assertEqual(history.browse(rows.ids).mapped("title"), titles)
        subquery = rows._search([("id", "in", rows[:2].ids)])
        self.assertEqual({*history.search([("id", "in", subquery)])}, {*rows[:2]})
        for unknown in ([5, 6, 7], [8 * 10**8], [False], []):
            self.assertFalse(history.search([("id", "in", unknown)]))
        self.assertEqual(history.search([("id", "not in", rows.ids)]) & rows, rows[:0])

    def test_fields_of_each_user(self):
        """R43: who may read and write which field is as it was, for every field."""
        users = (
            self.officer,
            self.delegate,
            self.manager,
            self.member,
            self.auditor,
            self.applicant,
            self.stranger,
        )
        for name, user in product(self.env.registry, users):
            model = self.env[name].with_user(user)
            if not hasattr(model, "_portal_fields"):
                continue
            is_portal = user._is_portal()
            for field, operation in product(model._fields.values(), ("read", "write")):
                expected = (
                    not field.groups
                    or (field.groups != "." and user.has_groups(field.groups))
                ) and (
                    model._portal_fields is None
                    or not is_portal
                    or (operation == "read" and field.name in model._portal_fields)
                )
                if model._has_field_access(field, operation) != expected:
                    self.fail(f"{user.login}: {field}, {operation}")
