from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PIXEL
from ..request.common import PortalCase, select


@tagged("post_install", "-at_install", "without_demo")
class TestPublicPages(PortalCase):
    """Policy and services for everybody, and services on the portal (R35, R45)."""

    def setUp(self):
        super().setUp()
        self.policy = self.company._get_beneficiary_policy()

    def _url(self, page="services", company=None):
        return f"/{page}/{(company or self.company).id}"

    def test_signed_out(self):
        """R35: policy and services are read without an account, and on a replica."""
        self.logout()
        with self.assertNoLogs("odoo.http", "WARNING"):
            policy = self._get(self._url("policy"))
            services = self._get(self._url())
        self.assertIn(self.policy.name, policy.text_content())
        self.assertIn("Step verify", policy.text_content())
        self.assertIn("Food basket", services.text_content())

    def test_no_data_of_people(self):
        """R43: nothing of a person, a committee or a fund stands on public pages."""
        self._make_request("in_review")
        self.service.fund_purpose = "For the donors only"
        self.logout()
        for page in ("policy", "services"):
            text = self._get(self._url(page)).text_content()
            for name in (self.file.name, "1000000008", self.committee.name,
                         "For the donors only", "br_officer"):  # fmt: skip
                self.assertNotIn(name, text)

    def test_what_is_not_published(self):
        """R35: drafts, hidden services and unpublished policies are not there."""
        self.logout()
        self.service.portal_published = False
        self.assertNotIn("Food basket", self._get(self._url()).text_content())
        self.policy.with_user(self.manager).is_published = False
        for page in ("policy", "services"):
            self.assertEqual(self.url_open(self._url(page)).status_code, 404)
        for wrong in (0, 2**31, 2**70):
            self.assertEqual(self.url_open(f"/policy/{wrong}").status_code, 404)

    def test_a_policy_stays_frozen(self):
        """R1: publishing is no change of the text, which stays frozen."""
        self.policy.with_user(self.manager).is_published = False
        with self.assertRaisesRegex(UserError, "frozen"):
            self.policy.with_user(self.manager).write(
                {"is_published": True, "preamble": "Other"}
            )

    def test_each_association(self):
        """R43: each association shows its own; a visitor chooses among several."""
        self.logout()
        self.assertNotIn(
            "Food basket", self._get(self._url(company=self.other)).text_content()
        )
        page = self._get("/policy")
        links = {link.get("href") for link in select(page, "a.o_br_association")}
        self.assertLessEqual(
            {self._url("policy"), self._url("policy", self.other)}, links
        )

    def test_both_languages(self):
        """R35: the pages are in the visitor's language."""
        self.service.with_context(lang="ar_001").name = "سلة غذائية"
        self.logout()
        page = self._get(f"/ar{self._url()}")
        self.assertIn("سلة غذائية", page.text_content())
        self.assertTrue(select(page, "div.o_rtl"))

    def test_conditions(self):
        """R45: conditions, papers and the interval stand in words."""
        self.service.write({"min_age": 18, "interval_months": 3})
        self.logout()
        text = self._get(self._url()).text_content()
        for part in ("18 years", "3 months", self.identity_type.name):
            self.assertIn(part, text)

    def test_tools(self):
        """R8: a document is downloaded only if it is published and in the policy."""
        tools = self.env["beneficiary.tool"].create(
            [
                {
                    "name": name,
                    "code": name,
                    "company_id": self.company.id,
                    "file": PIXEL,
                    "file_name": "guide.png",
                    "is_published": name != "hidden",
                }
                for name in ("shown", "hidden", "elsewhere")
            ]
        )
        draft = self.policy.copy({"company_id": self.company.id})
        draft.tool_line_ids = [
            Command.create({"tool_id": tool.id}) for tool in tools[:2]
        ]
        draft.action_put_in_force()
        self.logout()
        page = self._get(self._url("policy"))
        self.assertIn("hidden", page.text_content())
        (link,) = select(page, "a.o_br_tool")
        response = self.url_open(link.get("href"))
        self.assertIn("attachment", response.headers["Content-Disposition"])
        for tool in tools[1:]:
            response = self.url_open(f"/policy/tools/{tool.id}")
            self.assertEqual(response.status_code, 404)

    def test_services_on_the_portal(self):
        """R45: a person sees whether a request runs, and asks with one button."""
        page = self._get("/my/services")
        (ask,) = select(page, "a.o_br_ask")
        self.assertIn(f"service_id={self.service.id}", ask.get("href"))
        self.assertIn("Food basket", self._get(ask.get("href")).text_content())
        self.assertFalse(select(page, ".o_br_running"))
        request = self._make_request("submitted")
        (running,) = select(self._get("/my/services"), ".o_br_running a")
        self.assertEqual(running.get("href"), f"/my/requests/{request.id}")
        self._sign_in(self.neighbour)
        self.assertFalse(select(self._get("/my/services"), ".o_br_running"))

    def test_again(self):
        """R45: after a delivery the day stands there from which it is given again."""
        self.service.interval_months = 6
        self._make_request("delivered")
        page = self._get("/my/services")
        (again,) = select(page, ".o_br_again")
        self.assertRegex(again.text_content(), r"14\d\d/\d\d/\d\d")
        self.assertFalse(select(page, ".o_br_running"))

    def test_nothing_offered(self):
        """R45: a suspended file says why nothing can be asked for."""
        self.file.with_user(self.officer).action_activate()
        self.file.with_user(self.officer).action_suspend(reason="Moved away")
        page = html.fromstring(self.url_open("/my/services").content)
        self.assertTrue(select(page, ".o_br_problem"))
        self.assertFalse(select(page, "a.o_br_ask"))
