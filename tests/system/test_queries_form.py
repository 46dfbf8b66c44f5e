"""What opening a form costs, for every state and role, and each page of it (R4, R5)."""

import re
from functools import partial

from lxml import etree

from odoo import Command
from odoo.tests import tagged

from ..common import BeneficiaryCommon

RELATIONAL = {"many2one", "many2many", "one2many"}
ROLES = ("officer", "delegate", "manager", "member", "auditor")
STATES = ("draft", "submitted", "verified", "declared", "in_review", "decided")
STATES += ("accepted", "rejected", "registered", "delivered", "closed", "cancelled")
MOST_OF_A_REQUEST = 18
# The form that takes more: the ballots of a study are read for its manager.
BEYOND = {("in_review", "manager"): 20}
# Of a service with every criterion, which all are advised on.
MOST_WITH_ADVICE = 28
MOST_OF_A_FILE = 28
MOST_OF_A_DECISION = 25
# The study sheet, with all that a member reads before a vote, takes the most.
MOST_OF_A_PAGE = 28


class FormCase(BeneficiaryCommon):
    """Reads forms as the web client does."""

    def _specify(self, model):
        """Return the specification of a form, and what its pages read when opened.

        :return: a specification, and ``{name of a page: specification}``
        """
        arch = etree.fromstring(model.get_view(view_type="form")["arch"])
        fields = self._specify_nodes(
            model, arch.xpath("//field[not(ancestor::field)]"), {}
        )
        pages = {}
        for page in arch.xpath("//page[@data-later]"):
            names = list(filter(None, page.get("data-later").split(",")))
            pages[page.get("name")] = {
                name: fields.pop(name) for name in names if name in fields
            }
        return fields, pages

    def _specify_nodes(self, model, nodes, fields):
        for node in nodes:
            field = model._fields[node.get("name")]
            fields[field.name] = {}
            if field.type in RELATIONAL and node.get("invisible") not in ("1", "True"):
                fields[field.name]["fields"] = self._specify_lines(model, field, node)
        return fields

    def _specify_lines(self, model, field, node):
        lines = model.env[field.comodel_name]
        inner = node.xpath("./list/field")
        shown = field.type == "one2many" or node.get("mode")
        if not inner and shown and not node.get("widget"):
            arch = etree.fromstring(lines.get_view(view_type="list")["arch"])
            inner = arch.xpath("./field")
        return self._specify_nodes(lines, inner, {}) or {"display_name": {}}

    def _count_form(self, record):
        """Return the queries of a form, and those of each of its pages."""
        record = record.with_context(bin_size=True)
        fields, pages = self._specify(record)
        return self._count_read(record, fields), {
            name: self._count_read(record, page) for name, page in pages.items()
        }

    def _count_read(self, record, specification):
        read = partial(record.web_read, specification)
        self._count_queries(read)  # the first call fills the lasting caches
        return self._count_queries(read)

    def _count_first(self, record):
        """Return the queries of what a form reads at first."""
        record = record.with_context(bin_size=True)
        return self._count_read(record, self._specify(record)[0])


@tagged("post_install", "-at_install")
class TestQueriesForm(FormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = cls.branch

    def _add_lines(self, request, count):
        """Give the request ``count`` of what a form lists or counts."""
        self.env["beneficiary.interaction"].create(
            [
                {
                    "company_id": self.company.id,
                    "subject": "A call",
                    "beneficiary_id": request.beneficiary_id.id,
                    "request_id": request.id,
                    "branch_id": self.branch.id,
                    "channel_id": self._channel("phone").id,
                }
            ]
            * count
        )

    def _ask_all(self):
        """Let the service have every criterion, a question and a budget."""
        self.service.write(
            {
                "interval_months": 6,
                "min_age": 18,
                "max_income_per_head": 2000,
                "question_ids": [Command.create({"name": "How many?", "kind": "text"})],
                "budget_ids": [
                    Command.create(
                        {
                            "date_from": "2020-01-01",
                            "date_to": "2090-12-31",
                            "amount": 100000,
                        }
                    )
                ],
            }
        )

    def _make_in(self, state):
        request = self._make_request(state, branch_id=self.branch.id)
        self._add_lines(request, 6)
        return request

    def test_request(self):
        """R4: a request opens in few queries, in every state and for every role."""
        for state in STATES:
            request = self._make_in(state)
            for role in ROLES:
                record = request.with_user(getattr(self, role))
                if not record.has_access("read"):
                    continue
                most = BEYOND.get((state, role), MOST_OF_A_REQUEST)
                with self.subTest(state=state, role=role):
                    self.assertLessEqual(self._count_first(record), most)

    def test_request_advice(self):
        """R4, R45: advice on every criterion stays within its limit."""
        self._ask_all()
        record = self._make_in("submitted").with_user(self.officer)
        self.assertLessEqual(self._count_first(record), MOST_WITH_ADVICE)

    def test_request_pages(self):
        """R4: each page takes few queries, as many for 2N lines as for N."""
        request = self._make_in("delivered")
        for role in ("officer", "delegate"):
            record = request.with_user(getattr(self, role))
            with self.subTest(role=role):
                small = self._count_form(record)
                self.assertLessEqual(max(small[1].values()), MOST_OF_A_PAGE, small)
                self._add_lines(request, 6)
                self.assertEqual(self._count_form(record), small)

    def test_pages_keep_secrets(self):
        """R19: the page of the votes, read alone, shows no vote of the others yet."""
        decision = self._make_in("in_review").decision_ids.with_user(self.member)
        _fields, pages = self._specify(decision)
        self._count_queries(lambda: None)
        [read] = decision.web_read(pages["votes"])
        self.assertEqual(
            [vote["user_id"]["id"] for vote in read["vote_ids"]], self.member.ids
        )

    def test_later_fields(self):
        """A field that is needed outside its page is not left for later."""
        for name in ("request", "beneficiary", "decision"):
            model = self.env[f"beneficiary.{name}"].with_user(self.officer)
            arch = etree.fromstring(model.get_view(view_type="form")["arch"])
            for page in arch.xpath("//page[@data-later]"):
                later = set(filter(None, page.get("data-later").split(",")))
                inside = set(page.iterdescendants())
                outside = " ".join(
                    node.get(attribute) or ""
                    for node in arch.iter(etree.Element)
                    if node not in inside
                    for attribute in ("invisible", "readonly", "required", "context")
                )
                with self.subTest(model=name, page=page.get("name")):
                    words = set(re.findall(r"\w+", outside))
                    self.assertFalse(later & words)

    def test_file(self):
        """R5: a file opens in few queries, and so does each page."""
        request = self._make_in("submitted")
        for role in ROLES:
            record = request.beneficiary_id.with_user(getattr(self, role))
            if not record.has_access("read"):
                continue
            with self.subTest(role=role):
                form, pages = self._count_form(record)
                self.assertLessEqual(form, MOST_OF_A_FILE)
                self.assertLessEqual(max(pages.values()), MOST_OF_A_PAGE, pages)

    def test_decision(self):
        """R4: a decision opens in few queries, before and after it is taken."""
        for state in ("in_review", "decided", "delivered"):
            request = self._make_in(state)
            for role in (*ROLES, "chair"):
                record = request.decision_ids.with_user(getattr(self, role))
                if not record.has_access("read"):
                    continue
                with self.subTest(state=state, role=role):
                    form, pages = self._count_form(record)
                    self.assertLessEqual(form, MOST_OF_A_DECISION)
                    self.assertLessEqual(max(pages.values()), MOST_OF_A_PAGE, pages)

    def test_votes(self):
        """Scale: the list of one's votes takes as many queries for 2N as for N."""
        counts = []
        for count in (3, 3, 6):
            files = self.env["beneficiary.beneficiary"].create(
                [
                    {"name": f"Example {number}", "company_id": self.company.id}
                    for number in range(count)
                ]
            )
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
            votes = self.env["beneficiary.vote"].with_user(self.member)
            view = etree.fromstring(votes.get_view(view_type="list")["arch"])
            fields = self._specify_nodes(votes, view.xpath("./field"), {})
            domain = [("user_id", "=", self.member.id)]
            domain += [("decision_id", "in", decisions.ids)]
            read = partial(votes.web_search_read, domain, fields, limit=80)
            counts.append(self._count_queries(read))
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 16)
