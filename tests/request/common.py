"""Shared parts of the tests of requests and the portal."""

import re
from contextlib import closing
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase

from ..common import PIXEL, BeneficiaryCommon

# Sunday 15 March 2026, 10:00 in Riyadh (UTC+3, no summer time).
RAISED = datetime(2026, 3, 15, 7)
# The reply leaves early, on Monday 16 March at 10:00 in Riyadh.
REPLIED = datetime(2026, 3, 16, 7)
# Appeals end thirty days later, at the midnight that ends the last day in Riyadh.
LAST = datetime(2026, 4, 15, 20, 59, 59)
SELECTOR = re.compile(
    r"(?P<tag>\w*)(?:\.(?P<css>[\w-]+))?(?:\[(?P<name>[\w-]+)=(?P<value>.+)\])?"
)
MINUTE = timedelta(minutes=1)
# A request raised at RAISED is decided on the Friday after.
DECIDED = datetime(2026, 3, 20, 7)
# The floor is Sunday two weeks later, at the same hour. The replies of that day have
# already left at 09:00, so this reply leaves on Monday.
FLOOR = datetime(2026, 3, 29, 7)
RELEASE = datetime(2026, 3, 30, 6)
DUE = datetime(2026, 4, 5, 7)

# The applicants' pages that need no record, and those of visitors.
PAGES = (
    "/my",
    "/my/requests",
    "/my/requests/new",
    "/my/services",
    "/my/papers",
    "/my/deliveries",
    "/my/contacts",
    "/my/contacts/new",
    "/my/visits",
    "/my/visits/new",
    "/my/data",
    "/my/help",
)
# JavaScript: the conversation loads late, and a page that is closed before complains.
SETTLED = """
(async () => {
    if (document.querySelector(".o_portal_chatter")) {
        while (!odoo.portalChatterReady) {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        await odoo.portalChatterReady;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
})()
"""
PUBLIC_PAGES = ("/my/signin", "/my/new", "/policy", "/services")


class AppealCase(BeneficiaryCommon):
    def setUp(self):
        super().setUp()
        self.manager.lang = "en_US"  # the tests compare messages
        with freeze_time(RAISED):
            self.request = self._make_request("in_review")
            self.first = self.request.decision_ids
            self._decide(self.request, "rejected")
        with freeze_time(REPLIED):
            self.request.with_user(self.manager).action_release(reason="Urgent")

    def _seat(self, login, **vals):
        user = self._make_user(login, "committee", self.company)
        self.committee.member_ids = [Command.create({"user_id": user.id, **vals})]
        return user

    def _appeal(self, moment=REPLIED + timedelta(days=1), user=None):
        with freeze_time(moment):
            self.request.with_user(user or self.officer).action_appeal(
                reason="My income fell since", channel_id=self._channel("phone").id
            )
        return self.request._get_current_decision()


def select(node, selector):
    """Return the elements below ``node`` that match ``selector``.

    Each word of the selector is ``tag.class[name=value]``; every word is searched below
    the word before it.
    """
    path = "."
    for part in selector.split():
        match = SELECTOR.fullmatch(part)
        path += f"//{match['tag'] or '*'}"
        if match["css"]:
            path += f"[contains(concat(' ', @class, ' '), ' {match['css']} ')]"
        if match["name"]:
            path += f"[@{match['name']}='{match['value']}']"
    return node.xpath(path)


class PortalCase(HttpCase, BeneficiaryCommon):
    """An applicant and a neighbour, both on the portal of one association."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls._make_user("br_neighbour", None, cls.company)
        cls.neighbour_file = cls._make_file(cls.company, cls.neighbour)

    def _offer_elsewhere(self):
        """Return a service that the other association offers on its portal."""
        theirs = {"company_id": self.other.id, "name": "Course"}
        committee = self.env["beneficiary.committee"].create(theirs)
        return self.env["beneficiary.service"].create(
            {**theirs, "committee_id": committee.id}
        )

    @classmethod
    def _make_file(cls, company, user, **vals):
        return cls.env["beneficiary.beneficiary"].create(
            {
                "name": "جار المثال",
                "company_id": company.id,
                "identity_number": "1000000016",
                "phone": "0500000002",
                "portal_user_ids": [Command.set(user.ids)],
                **vals,
            }
        )

    def setUp(self):
        super().setUp()
        self._sign_in(self.applicant)

    def _sign_in(self, user):
        self.authenticate(user.login, user.login)

    def _get_pages(self):
        """Return the addresses of all pages of the applicant, and of their requests."""
        requests = self.env["beneficiary.request"].search(
            [("beneficiary_id", "=", self.file.id)]
        )
        file = f"/my/file/{self.file.id}"
        edits = [
            f"/my/requests/{request.id}/edit/{step}"
            for request in requests.filtered(lambda request: request.state == "draft")
            for step in ("need", "questions", "papers", "check")
        ]
        return [
            *PAGES,
            file,
            f"{file}/change",
            *edits,
            *(f"/my/requests/{request.id}" for request in requests),
        ]

    def _get(self, path, **kwargs):
        """Return the page at ``path`` as a tree, and check its status."""
        response = self.url_open(path, **kwargs)
        self.assertEqual(response.status_code, 200, path)
        return html.fromstring(response.content)

    def _post(self, path, data=None, files=None, **kwargs):
        """Send a form as the signed-in user's browser would."""
        data = {"csrf_token": Request.csrf_token(self), **(data or {})}
        response = self.url_open(path, data=data, files=files, **kwargs)
        self.env.invalidate_all()
        return response

    def _post_form(self, data, path="/my/requests/new", **kwargs):
        choice = {
            "file_id": self.file.id,
            "service_id": self.service.id,
            "again": "1",
        }
        return self._post(path, {**choice, **data}, **kwargs)

    def _sign(self, request, name="سالم المثال", signature=PIXEL):
        seen = request._portal_get_seen()
        result = self.make_jsonrpc_request(
            f"/my/requests/{request.id}/sign/{seen}",
            {"name": name, "signature": signature},
        )
        self.env.invalidate_all()
        return result

    def _rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _get_latest(self, company=None):
        """Return the latest request of one association, not of the demo data."""
        return self.env["beneficiary.request"].search(
            [("company_id", "=", (company or self.company).id)], limit=1
        )

    def _upload(self, name, content):
        """Return the form data that uploads the identity card."""
        return {f"paper_{self.identity_type.id}": (name, content)}

    def _assert_invalid(self, page, field):
        """Check that ``field`` is marked as wrong, with an explanation beside it."""
        (control,) = select(page, f"[name={field}]")
        self.assertIn("is-invalid", control.get("class"))
        described_by = control.get("aria-describedby").split()
        messages = [page.get_element_by_id(name) for name in described_by]
        self.assertTrue(
            any(message.text_content().strip() for message in messages), field
        )


class ClockCase(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("beneficiary_relations.ir_cron_review")

    def _set_zone(self, zone):
        """Set the time zone of the users and of the environment to ``zone``."""
        self.env.user.tz = zone
        for user in (self.officer, self.manager, self.chair, self.member):
            user.tz = zone
        self.env = self.env(context={**self.env.context, "tz": zone})

    def _make_policy(self, **vals):
        """Put a new version of the association's policy in force, for its period."""
        vals = {"notice_text": False, **vals}  # it promises another period
        policy = self.company._get_beneficiary_policy().copy(vals)
        policy.action_put_in_force()
        return policy

    def _raise_at(self, moment, **vals):
        with freeze_time(moment):
            return self._make_request("in_review", **vals)

    def _decide_at(self, moment, request, outcome="accepted"):
        with freeze_time(moment):
            self._decide(request, outcome)
        return request

    def _run_cron(self, moment):
        """Run the scheduled action as the scheduler would, at ``moment``."""
        with freeze_time(moment), self.enter_registry_test_mode():
            self.assertIs(self.cron.method_direct_trigger(), True)

    def _try_release(self, moment, request, user, reason=None):
        """Try a release and undo it; return the refusal, or None if it succeeded."""
        with freeze_time(moment), closing(self.env.cr.savepoint()):
            try:
                request.with_user(user).with_context(tz=user.tz).action_release(reason)
            except UserError as error:
                return str(error)
            self.assertEqual(request.state, "accepted")
            return None
