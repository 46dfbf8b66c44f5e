from functools import partial

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged

from ..common import PIXEL
from ..request.common import DECIDED, RAISED, RELEASE, ClockCase
from .common import luhn

N = 6
# The client also asks for the names of the records in these fields.
RELATIONAL = {"many2one", "many2many", "one2many"}
# The steps that officers make with many requests at once, and their values.
MOVES = {
    "submit": {"evidence": "Asked", "minutes": 5},
    "verify": {"evidence": "Compared"},
    "declare": {"signed_by": "سالم المثال", "signature": PIXEL},
    "notify": {"text": "Told"},
    "raise": {},
}
# With all that Odoo does on a write: a key of the context switches it off for nobody.
MOST = 3
MOST_OF_A_REPLY = 1
MOST_OF_ONE_MOVE = 18
MOST_OF_NOTHING = 10
# What was signed is compared while a request is declared.
MOST_OF_A_FORM = {"draft": 18, "declared": 20, "in_review": 18, "delivered": 18}


@tagged("post_install", "-at_install", "with_demo")
class TestPerformance(ClockCase):
    """The number of queries is the same for N and for 2N records (Scale)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)

    def _make_files(self, count):
        first = self.env["beneficiary.beneficiary"].search_count([])
        return self.env["beneficiary.beneficiary"].create(
            [
                {
                    "name": f"Example {number}",
                    "company_id": self.company.id,
                    "branch_id": self.branch.id,
                    "phone": f"05000{first + number:05}",
                    "email": f"example{first + number}@example.com",
                    "identity_number": luhn(first + number),
                }
                for number in range(count)
            ]
        )

    def _make_world(self, count):
        """Return ``count`` records of each model that has a list in daily use."""
        files = self._make_files(count)
        requests = self._raise_many(files)
        return {
            "beneficiary.beneficiary": files,
            "beneficiary.document": files.document_ids,
            "beneficiary.request": requests,
            "beneficiary.decision": requests.decision_ids,
            "beneficiary.vote": requests.decision_ids.vote_ids.filtered(
                lambda vote: vote.user_id == self.member
            ),
            "beneficiary.interaction": self.env["beneficiary.interaction"].create(
                [
                    {
                        "subject": file.name,
                        "company_id": self.company.id,
                        "beneficiary_id": file.id,
                        "channel_id": self._channel("phone").id,
                        "branch_id": self.branch.id,
                        "request_id": request.id,
                    }
                    for file, request in zip(files, requests, strict=True)
                ]
            ),
            "beneficiary.referral": self.env["beneficiary.referral"].create(
                [
                    {
                        "request_id": request.id,
                        "researcher_id": self.researcher.id,
                        "question": "Which paper?",
                    }
                    for request in requests
                ]
            ),
            "beneficiary.question.answer": self.env[
                "beneficiary.question.answer"
            ].create(
                [
                    {
                        "company_id": self.company.id,
                        "question": "Which paper?",
                        "answer": "The identity card.",
                        "service_id": self.service.id,
                    }
                    for _request in requests
                ]
            ),
        }

    def _raise_many(self, files):
        requests = self.env["beneficiary.request"]
        for file in files:
            requests |= self._raise_at(RAISED, beneficiary_id=file.id)
        return requests

    def _get_specification(self, model, view_type):
        """Return the specification that the client sends to show a view."""
        view = model.get_views([(False, view_type)])["views"][view_type]
        names = {
            node.get("name")
            for node in etree.fromstring(view["arch"]).iter("field")
            if node.getparent().tag != "groupby"
        }
        return {
            name: {"fields": {"display_name": {}}}
            if model._fields[name].type in RELATIONAL
            else {}
            for name in names
        }

    def _get_form_specification(self, model):
        """Return the specification of a form, but for what its pages read later."""
        arch = etree.fromstring(model.get_view(view_type="form")["arch"])

        def specify(model, nodes):
            fields = {}
            for node in nodes:
                field = model._fields[node.get("name")]
                fields[field.name] = {}
                if field.type in RELATIONAL:
                    lines = model.env[field.comodel_name]
                    inner = specify(lines, node.xpath("./list/field"))
                    fields[field.name]["fields"] = inner or {"display_name": {}}
            return fields

        fields = specify(model, arch.xpath("//field[not(ancestor::field)]"))
        for page in arch.xpath("//page[@data-later]"):
            for name in filter(None, page.get("data-later").split(",")):
                fields.pop(name, None)
        return fields

    def test_lists(self):
        """Lists and cards take as many queries for 2N records as for N."""
        user = {"beneficiary.vote": self.member, "beneficiary.decision": self.member}
        small, large = self._make_world(N), self._make_world(2 * N)
        for name in small:
            model = self.env[name].with_user(user.get(name, self.officer))
            types = self.env["ir.ui.view"].search(
                [("model", "=", name), ("type", "in", ("list", "kanban"))]
            )
            for view_type in set(types.mapped("type")):
                with self.subTest(model=name, view=view_type):
                    fields = self._get_specification(model, view_type)
                    counts = []
                    for records in (small[name], small[name], large[name]):
                        domain = [("id", "in", records.ids)]
                        counts.append(
                            self._count_queries(
                                lambda model=model, domain=domain, fields=fields: (
                                    model.web_search_read(domain, fields, limit=80)
                                )
                            )
                        )
                    # The first call fills lasting caches, such as access rights.
                    self.assertEqual(counts[1], counts[2])

    def test_long_pages(self):
        """Scale: a page of 800 rows takes as many queries as one of 80."""
        files = self._make_files(800)
        requests = self.env["beneficiary.request"].create(
            [
                {
                    "company_id": self.company.id,
                    "beneficiary_id": file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                    "description": file.name,
                }
                for file in files
            ]
        )
        self.env["beneficiary.interaction"].create(
            [
                {
                    "company_id": self.company.id,
                    "subject": request.name,
                    "beneficiary_id": request.beneficiary_id.id,
                    "request_id": request.id,
                    "channel_id": self._channel("phone").id,
                }
                for request in requests
            ]
        )
        for name in (
            "beneficiary.beneficiary",
            "beneficiary.request",
            "beneficiary.interaction",
        ):
            model = self.env[name].with_user(self.officer)
            fields = self._get_specification(model, "list")
            domain = [("company_id", "=", self.company.id)]
            counts = [
                self._count_queries(
                    lambda model=model, limit=limit, domain=domain, fields=fields: (
                        model.web_search_read(domain, fields, limit=limit)
                    )
                )
                for limit in (80, 80, 800)
            ]
            with self.subTest(model=name):
                self.assertEqual(counts[1], counts[2])

    def test_lists_load_nothing_heavy(self):
        """Scale: lists never load one2many or binary fields."""
        for name in (
            "beneficiary.beneficiary",
            "beneficiary.request",
            "beneficiary.document",
            "beneficiary.interaction",
        ):
            model = self.env[name].with_user(self.officer)
            # Every list of Odoo shows the next activity, in one query.
            for field in self._get_specification(model, "list").keys() - {
                "activity_ids"
            }:
                with self.subTest(model=name, field=field):
                    self.assertNotIn(
                        model._fields[field].type, ("one2many", "binary", "image")
                    )

    def test_create(self):
        """Files and requests are created in batches with a flat number of queries."""
        requests = self.env["beneficiary.request"].with_user(self.officer)

        def make(count):
            files = self._make_files(count)
            vals = [
                {
                    "beneficiary_id": file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                    "description": file.name,
                }
                for file in files
            ]
            return self._count_queries(lambda: requests.create(vals))

        make(1)
        self.assertEqual(make(N), make(2 * N))

    def test_create_files(self):
        """An import of files takes a flat number of queries for each batch."""
        self._make_files(1)
        self.assertEqual(
            self._count_queries(lambda: self._make_files(N)),
            self._count_queries(lambda: self._make_files(2 * N)),
        )

    def test_release(self):
        """The scheduled action takes a bounded number of queries for each reply."""
        counts = []
        for count in (1, N, 2 * N):
            for request in self._raise_many(self._make_files(count)):
                self._decide_at(DECIDED, request)
            counts.append(self._count_queries(lambda: self._run_cron(RELEASE)))
        for_each = (counts[2] - counts[1]) / N
        self.assertLess(for_each, 12, counts)

    def _decide_many(self, files):
        """Return a request of each file whose reply is held until :data:`RELEASE`."""
        with freeze_time(RAISED):
            requests = self.env["beneficiary.request"].create(
                [
                    {
                        "company_id": self.company.id,
                        "beneficiary_id": file.id,
                        "service_id": self.service.id,
                        "channel_id": self._channel("phone").id,
                        "description": file.name,
                    }
                    for file in files
                ]
            )
            requests._start_clock()
            requests._write_flow({"state": "in_review"})
            decisions = self.env["beneficiary.decision"]._open(requests)
        decisions.write({"state": "taken", "outcome": "accepted"})
        requests._write_flow({"state": "decided", "release_on": RELEASE})
        return requests

    def test_release_of_many(self):
        """C3: releasing replies in batches takes few queries for each reply."""
        counts = []
        for count in (1, 50, 100):
            requests = self._decide_many(self._make_files(count))
            requests.officer_id = False  # a manager is then told of acceptance
            counts.append(self._count_queries(lambda: self._run_cron(RELEASE)))
            self.assertEqual(set(requests.mapped("state")), {"accepted"})
            self.assertEqual(len(requests.notice_ids), 2 * count)
        for_each = (counts[2] - counts[1]) / 50
        self.assertLessEqual(for_each, MOST_OF_A_REPLY, counts)

    def test_moves(self):
        """A step of a batch takes a bounded number of queries for each request."""
        counts = {name: [] for name in MOVES}
        for count in (1, N, 2 * N):
            files = self._make_files(count)
            files.name = MOVES["declare"]["signed_by"]  # they sign for themselves
            for file in files:
                self._make_document(file, self.identity_type)
            files.document_ids.with_user(self.officer).action_match("The original")
            files.with_user(self.officer).action_match("The card")
            requests = self.env["beneficiary.request"].with_user(self.officer)
            requests = requests.create(
                [
                    {
                        "beneficiary_id": file.id,
                        "service_id": self.service.id,
                        "channel_id": self._channel("phone").id,
                        "description": file.name,
                    }
                    for file in files
                ]
            )
            for name, given in MOVES.items():
                if name == "notify":
                    given = {**given, "channel_id": self._channel("phone").id}
                move = partial(getattr(requests, f"action_{name}"), **given)
                counts[name].append(self._count_queries(move))
        for name, (_first, small, large) in counts.items():
            with self.subTest(move=name):
                self.assertLessEqual((large - small) / N, MOST, counts[name])

    def test_nothing_due(self):
        """Scale: the scheduled action takes few queries if no reply is due."""
        reviewed = self.env["beneficiary.request"]
        reviewed._cron_review()  # fills the caches
        self.assertLessEqual(
            self._count_queries(reviewed._cron_review), MOST_OF_NOTHING
        )

    def test_one_move(self):
        """W4: one move of a request, or one vote, takes a bounded number of queries."""
        for request in self._raise_many(self._make_files(2)):
            # Without prefetching from another record, as in a call of the browser.
            decision = request.decision_ids.browse(request.decision_ids.ids)
            counts = [
                self._count_queries(
                    partial(decision.with_user(user).action_vote, "accept")
                )
                for user in (self.member, self.member2, self.chair)
            ]
        # The second request counts: the first one has filled the lasting caches.
        self.assertLessEqual(max(counts), MOST_OF_ONE_MOVE)

    def test_forms(self):
        """Scale: a form opens with few queries; what stands on top costs none."""
        for state, most in MOST_OF_A_FORM.items():
            request = self._make_request(state)
            record = request.with_user(self.officer).with_context(bin_size=True)
            fields = self._get_form_specification(record)
            self._count_queries(
                partial(record.web_read, fields)
            )  # fills the lasting caches
            count = self._count_queries(partial(record.web_read, fields))
            for name in ("attention", "pending_notice_id", "amount_granted"):
                fields.pop(name)
            with self.subTest(state=state, count=count):
                self.assertLessEqual(count, most)
                less = self._count_queries(partial(record.web_read, fields))
                self.assertLessEqual(count, less + 1)

    def test_search_a_name(self):
        """Finding a file takes as many queries among 2N files as among N."""
        model = self.env["beneficiary.beneficiary"].with_user(self.officer)
        self._make_files(N)
        model.name_search("Example")
        small = self._count_queries(lambda: model.name_search("Example"))
        self._make_files(2 * N)
        self.assertEqual(
            self._count_queries(lambda: model.name_search("Example")), small
        )
