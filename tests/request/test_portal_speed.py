import gzip
from datetime import timedelta
from itertools import combinations, product
from urllib.parse import urlsplit

from lxml import html

from odoo import Command
from odoo.tests import tagged

from ..system.common import luhn
from .common import PortalCase

FEW, MANY = 5, 40
FILES = 5
# Queries of a page and of a call, with those that Odoo makes for every page.
MOST = {"/my": 32, "/my/requests": 16}
MOST_OF_A_REQUEST = 22
MOST_OF_COUNTERS = 6
STATES = PortalCase.PATH
# Bytes of a page that comes over the network when Odoo's own bundles are cached.
HEAVIEST = 30_000


@tagged("post_install", "-at_install", "without_demo")
class TestPortalSpeed(PortalCase):
    """The applicants' pages stay light and quick, however many requests (Scale).

    A page that may be read from a replica and tries to write logs a warning, and a
    warning is a failure.
    """

    def _make_requests(self, count):
        return self.env["beneficiary.request"].create(
            [
                {
                    "beneficiary_id": self.file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                    "description": "A food basket for four.",
                }
                for _number in range(count)
            ]
        )

    def _count(self, path):
        """Return how many queries the page at ``path`` makes, with warm caches."""
        return self._count_call(lambda: self._get(path))

    def _count_call(self, call):
        call()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        return self.cr.sql_log_count - before

    def _make_files(self, count):
        for number in range(count):
            self._make_file(
                self.company,
                self.neighbour,
                name=f"جار {number}",
                identity_number=luhn(100 + number),
                phone=f"05001{number:05}",
            )

    def test_queries(self):
        """The list, the home and the page of a request ask the same number of times.

        It depends neither on how many requests the person has, nor on how many files
        the association has.
        """
        requests = self._make_requests(FEW)
        page = f"/my/requests/{requests[0].id}"
        paths = [*MOST, page]
        few = {path: self._count(path) for path in paths}
        self._make_requests(MANY - FEW)
        many = {path: self._count(path) for path in paths}
        self.assertEqual(few, many)
        self._make_files(FILES)
        self.assertEqual(few, {path: self._count(path) for path in paths})
        for path, most in {**MOST, page: MOST_OF_A_REQUEST}.items():
            self.assertLessEqual(few[path], most, path)

    def test_states(self):
        """The page of a request asks for what it shows in its state, and no more."""
        for state in STATES:
            request = self._make_request(state)
            with self.subTest(state=state):
                self.assertLessEqual(self._count(request.access_url), MOST_OF_A_REQUEST)

    def test_counters(self):
        """All cards of the home page are counted by one query."""
        self._make_requests(FEW)
        home = self.env["beneficiary.portal.section.mixin"].with_user(self.applicant)
        cards = home._portal_get_home()["cards"]
        with self.assertQueryCount(1):
            self.assertEqual(home._portal_count(cards), cards)
        counts = {card["url"]: card["count"] for card in cards}
        self.assertEqual(counts["/my/requests"], FEW)
        self.assertEqual(counts["/my/papers"], 0)
        self.assertIsNone(counts["/my/file"])
        call = lambda: self.make_jsonrpc_request("/my/counters", {"counters": []})  # noqa: E731
        self.assertLessEqual(self._count_call(call), MOST_OF_COUNTERS)

    def test_what_is_left_out(self):
        """R21: what a page does not read is empty, in each state and after a return."""
        requests = [self._make_request(state) for state in STATES]
        refused, reopened = (self._make_request("in_review") for _number in range(2))
        for request in (refused, reopened):
            self._decide(request, "rejected")
            request.with_user(self.manager).action_release(reason="Urgent")
        reopened.with_user(self.manager).action_reopen(reason="A new paper")
        for request in [*requests, refused, reopened]:
            own = request.with_user(self.applicant)
            released = request.decision_ids.filtered("released_on")
            with self.subTest(state=request.state):
                if not own._was_ever_answered():
                    self.assertFalse(released)
                    self.assertFalse(request.delivery_ids)
                    self.assertFalse(request.rating_ids)
                self.assertEqual(
                    own._portal_get_reply() | own._portal_get_earlier_replies(),
                    released,
                )
                self.assertEqual(request._stands_declared(), request._is_declared())
        self.file.household_member_ids = [  # what was declared changes afterwards
            Command.create({"name": "ابن المثال", "relation": "child"})
        ]
        for request in requests:
            self.assertEqual(request._stands_declared(), request._is_declared())

    def test_one_and_many(self):
        """R26: the list says of each request what its own page says of it."""
        requests = self.env["beneficiary.request"].union(
            *(self._make_request(state) for state in STATES)
        )
        returned = self._make_request("submitted")
        returned.with_user(self.officer).action_return(reason="A paper is missing.")
        own = (requests | returned).with_user(self.applicant)
        statuses = own._portal_get_statuses()
        for line, request in zip(own._portal_get_lines(), own, strict=True):
            page = request._portal_get_page()
            with self.subTest(state=request.portal_state):
                self.assertEqual(line["status"], page["status"])
                self.assertEqual(line["status"], statuses[request.id])
                self.assertEqual(page["status"], request._portal_get_status())
                self.assertEqual(page["missing"], request.sudo()._portal_get_missing())
                self.assertEqual(page["actions"], request._portal_get_actions())
                self.assertEqual(page["papers"], request._portal_get_papers())
                self.assertEqual(bool(line["day"]), bool(page["submitted_on"]))

    def test_files_followed(self):
        """R26, R43: the files that a user follows, beside a search for each of them."""
        files = self.env["beneficiary.beneficiary"]
        guardian = self._make_user("br_follower", None, self.company)
        today = self.company._get_beneficiary_today()
        ends = (False, today - timedelta(days=1), today)
        for number, (is_own, scope, end) in enumerate(
            product((False, True), (None, "all", "requests", "receipt"), ends)
        ):
            file = self._make_file(
                self.company,
                guardian if is_own else self.neighbour,
                identity_number=luhn(500 + number),
                phone=f"05002{number:05}",
            )
            if scope and not is_own:
                self.env["beneficiary.representative"].create(
                    {
                        "beneficiary_id": file.id,
                        "name": "وكيل المثال",
                        "relation": "guardian",
                        "scope": scope,
                        "user_id": guardian.id,
                        "date_from": today - timedelta(days=9),
                        "date_to": end,
                    }
                )
        for user in (guardian, self.applicant, self.neighbour):
            followed = files.search([]).filtered(
                lambda file, user=user: user in file._get_portal_users()
            )
            self.assertEqual(files.with_user(user)._get_portal_files(), followed)

    def test_states_found(self):
        """R21: the search by the status that the applicant sees finds what it shows."""
        for state in STATES:
            self._make_request(state)
        requests = self.env["beneficiary.request"].with_user(self.applicant)
        own = requests.search(requests._portal_domain())
        shown = set(own.mapped("portal_state"))
        self.assertEqual(len(own), len(STATES))
        for count in range(len(shown) + 1):
            for states in combinations(sorted(shown), count):
                found = requests.search([("portal_state", "in", states)])
                rest = requests.search([("portal_state", "not in", states)])
                kept = own.filtered(
                    lambda one, states=states: one.portal_state in states
                )
                self.assertEqual(found, kept)
                self.assertEqual(rest, own - kept)

    def test_weight(self):
        """A phone that knows Odoo's bundles loads little more than the words (R33)."""
        requests = [
            self._make_request(state)
            for state in ("submitted", "verified", "delivered")
        ]
        paths = [f"/my/requests/{request.id}" for request in requests]
        for path in ["/my", "/my/requests", *paths]:
            with self.subTest(path=path):
                page = self.url_open(path).content
                weight = len(gzip.compress(page)) + sum(
                    len(self.url_open(source).content)
                    for source in set(html.fromstring(page).xpath("//img/@src"))
                    if urlsplit(source).path.startswith("/beneficiary_relations/")
                )
                self.assertLess(weight, HEAVIEST)
