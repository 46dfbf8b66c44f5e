"""Shared parts of the tests of files."""

import re
from urllib.parse import urlsplit

from odoo.service.model import call_kw

from ..common import BeneficiaryCommon
from ..request.common import PortalCase

NAME = "محمد عبدالله سالم النموذجي"
MISTYPED = "محمد عبدالله سالم النموذحي"
BORN = "1985-04-17"
FILE = "beneficiary.beneficiary"
EMAIL = "person@example.com"
PERSON = "شخص المثال"


class DuplicateCase(BeneficiaryCommon):
    def _make_file(self, name=NAME, **vals):
        return self.env["beneficiary.beneficiary"].create(
            {"name": name, "company_id": self.company.id, **vals}
        )

    def _find(self, file):
        return [
            self.env["beneficiary.beneficiary"].browse(other)
            for other, _likeness in file._find_near_duplicates().get(file, [])
        ]

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "beneficiary_relations.ir_cron_duplicates"
            ).method_direct_trigger()

    def _pairs(self, files):
        return self.env["beneficiary.duplicate"].search(
            [("first_id", "in", files.ids), ("second_id", "in", files.ids)]
        )

    def _make_pair(self, first=None, second=None, **vals):
        first = first or self._make_file()
        second = second or self._make_file(MISTYPED)
        return self.env["beneficiary.duplicate"].create(
            {"first_id": first.id, "second_id": second.id, **vals}
        )


class InviteCase(PortalCase):
    """A file whose person is not on the portal yet, and the e-mails that are sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.person = cls.env[FILE].create(
            {
                "name": PERSON,
                "identity_number": "1000000024",
                "phone": "0500000007",
                "email": EMAIL,
                "lang": "ar_001",
                "branch_id": cls.branch.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.sent = []
        mails = type(self.env["mail.mail"])

        def send(mails, *args, **kwargs):
            """Record the e-mail instead of sending it; it stays in the queue."""
            self.sent += [(mail.email_to, str(mail.body_html)) for mail in mails]

        self.patch(mails, "send", send)

    def _call(self, user, method, records=None, *args):
        records = (self.person if records is None else records).with_user(user)
        records = records.with_context({})
        self.env.invalidate_all()
        return call_kw(records, method, [records.ids, *args], {})

    def _invite(self, user=None, file=None):
        """Invite as the form does, and return the form."""
        user = user or self.officer
        action = self._call(user, "action_grant_portal_access", file)
        wizards = self.env[action["res_model"]].with_user(user)
        wizard = wizards.with_context(action["context"]).create({})
        self.assertTrue(wizard.web_read({"state": {}, "email": {}, "lang": {}}))
        self._call(user, "action_invite", wizard)
        self.env.invalidate_all()
        return wizard

    def _queued(self, address):
        """Return the bodies of all e-mails to ``address``, waiting or sent."""
        queue = self.env["mail.mail"].search([("email_to", "ilike", address)])
        return [str(mail.body_html) for mail in queue]

    def _get_link(self, address):
        """Return path and query of the link in the last mail to ``address``."""
        (body,) = self._queued(address)[:1] or [""]
        (link,) = re.findall(r'href="([^"]*(?:signup|accept)[^"]*)"', body)[:1]
        parts = urlsplit(link.replace("&amp;", "&"))
        return f"{parts.path}?{parts.query}"
