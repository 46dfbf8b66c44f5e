import json
import re
from functools import partial

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..common import BeneficiaryCommon, pdf_base64

# This word is in the person's name and e-mail and in every text about them: an answer
# that holds it reveals something of the file.
SECRET = "zarqawiyya"
EMAIL = f"{SECRET}@example.com"
FILE = "beneficiary.beneficiary"
REQUEST = "beneficiary.request"

# Models that hold data of a file, also models of Odoo: the field that is searched for
# the word, and the fields to read. Models that only administrators read are left out.
MODELS = {
    FILE: ("name", ["display_name", "email"]),
    REQUEST: ("description", ["display_name", "description"]),
    "beneficiary.interaction": ("subject", ["display_name", "outcome"]),
    "beneficiary.document": ("number", ["display_name", "number"]),
    "beneficiary.referral": ("question", ["display_name", "question"]),
    "beneficiary.decision": ("reason", ["display_name", "reason"]),
    "beneficiary.delivery": ("goods", ["display_name", "goods"]),
    "res.partner": ("name", ["display_name", "email"]),
    "res.users": ("login", ["login"]),
    "mail.message": ("body", ["body", "record_name", "author_id"]),
    "mail.followers": ("partner_id", ["display_name", "email", "partner_id"]),
    "mail.notification": ("res_partner_id", ["res_partner_id", "mail_message_id"]),
    "mail.activity": ("summary", ["display_name", "res_name", "summary"]),
    "ir.attachment": ("name", ["display_name", "res_name"]),
}
# Methods that count, with their arguments besides the domain.
COUNTS = {
    "search_count": {},
    "formatted_read_group": {"aggregates": ["__count"]},
    "web_read_group": {"groupby": ["id"], "aggregates": ["__count"]},
}
# Calls that show the word to nobody: the names there do not hold it, or Odoo allows
# the call only to administrators.
BLIND = {
    (REQUEST, "name_search"),
    ("beneficiary.document", "name_search"),
    ("beneficiary.decision", "name_search"),
    ("mail.message", "name_search"),
    ("mail.message", "export_data"),
    # Odoo suggests only colleagues there.
    "discuss",
}


class IsolationCase(HttpCase, BeneficiaryCommon):
    """A person with a portal account, and records of all kinds about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls._make_user("br_neighbour", None, cls.company)
        # The delegate belongs to another branch than the person.
        cls.hostile = (cls.outsider, cls.stranger, cls.neighbour, cls.delegate)
        for user in (cls.officer, cls.outsider, cls.stranger, cls.delegate):
            user.group_ids |= cls.env.ref("base.group_allow_export")

    def setUp(self):
        super().setUp()
        self.person = self.env[FILE].create(
            {
                "name": f"{SECRET} Example",
                "identity_number": "1000000024",
                "phone": "0500000009",
                "email": EMAIL,
            }
        )
        self.contact = self.person._get_or_create_contacts()
        self.person_user = mail_new_test_user(
            self.env,
            EMAIL,
            groups="base.group_portal",
            partner_id=self.contact.id,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.person.portal_user_ids = self.person_user
        self.secrets = self._write_about(self.person)
        self.env.flush_all()
        self.env.invalidate_all()

    def _write_about(self, person):
        """Return a record of each model of :data:`MODELS` that holds the word."""
        paper = self._make_document(person, self.identity_type, number=SECRET)
        paper.file = pdf_base64(SECRET.encode())
        request = self._make_request(
            "decided", beneficiary_id=person.id, description=f"For {SECRET}"
        )
        request.decision_ids.reason = f"{SECRET} is in need"
        for record in (person, request):
            record.message_subscribe(self.contact.ids)
        message = request.with_user(self.officer).message_post(
            body=f"Dear {SECRET}",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
            attachments=[(f"{SECRET}.txt", SECRET)],
        )
        interaction = self.env["beneficiary.interaction"].create(
            {
                "subject": f"Call of {SECRET}",
                "outcome": SECRET,
                "channel_id": self._channel("phone").id,
                "beneficiary_id": person.id,
            }
        )
        referral = self.env["beneficiary.referral"].create(
            {
                "request_id": request.id,
                "researcher_id": self.researcher.id,
                "question": f"Where does {SECRET} live?",
            }
        )
        registered = self._make_request("registered", beneficiary_id=person.id)
        return {
            FILE: person,
            REQUEST: request,
            "beneficiary.delivery": self._plan_delivery(
                registered, goods=f"A basket for {SECRET}"
            ),
            "beneficiary.interaction": interaction,
            "beneficiary.document": paper,
            "beneficiary.referral": referral,
            "beneficiary.decision": request.decision_ids,
            "res.partner": self.contact,
            "res.users": self.person_user,
            "mail.message": message,
            "mail.followers": self.env["mail.followers"].search(
                [("partner_id", "=", self.contact.id), ("res_model", "=", FILE)]
            ),
            "mail.notification": message.notification_ids,
            "mail.activity": request.activity_schedule(
                summary=f"Visit {SECRET}", user_id=self.researcher.id
            ),
            "ir.attachment": message.attachment_ids,
        }

    def _ask(self, user, model, method, *args, **kwargs):
        """Return the answer of RPC to ``user`` as text; a refusal is an empty text."""
        records = self.env[model].with_user(user).with_context({})
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                answer = call_kw(records, method, list(args), kwargs)
        except UserError:
            return ""
        return json.dumps(answer, default=str, ensure_ascii=False).lower()

    def _assert_hidden(self, doors):
        """Check that the officer finds the word by each call, and no other user does.

        :param doors: ``{name: function of a user that returns a text}``
        """
        for name, door in doors.items():
            for user in self.hostile:
                with self.subTest(door=name, user=user.login):
                    self.assertNotIn(SECRET, door(user))
            with self.subTest(door=name, user="officer"):
                find = self.assertNotIn if name in BLIND else self.assertIn
                find(SECRET, door(self.officer))


@tagged("post_install", "-at_install", "without_demo")
class TestIsolation(IsolationCase):
    """R43: users without a part in a file find nothing of it by any call."""

    def test_reading(self):
        """Calls that read: search, name, id, list and export, in every model."""
        doors = {}
        for model, (_field, fields) in MODELS.items():
            ids = self.secrets[model].ids
            here = [("id", "in", ids)]
            specification = {
                name: {"fields": {"display_name": {}}}
                if self.env[model]._fields[name].relational
                else {}
                for name in fields
            }
            for method, *args in (
                ("search_read", here, fields),
                ("web_search_read", here, specification),
                ("read", ids, fields),
                ("web_read", ids, specification),
                ("name_search", SECRET),
                ("export_data", ids, fields),
            ):
                doors[model, method] = (
                    lambda user, model=model, method=method, args=args: self._ask(
                        user, model, method, *args
                    )
                )
        self._assert_hidden(doors)

    def test_counting(self):
        """Calls that count or group, and so reveal that the word exists."""
        self._assert_hidden(
            {
                (model, method): partial(self._count, model=model, method=method)
                for model in MODELS
                for method in COUNTS
            }
        )

    def _count(self, user, model, method):
        """Return the word if the answer to ``user`` counts a record that holds it."""
        domain = [(MODELS[model][0], "ilike", SECRET)]
        answer = self._ask(user, model, method, domain, **COUNTS[method])
        nothing = r'\[?|0|.*"__count": 0.*|.*"length": 0.*'
        return "" if re.fullmatch(nothing, answer) else SECRET

    def test_contact_elsewhere(self):
        """Followers and notifications of the contact on any other record of Odoo."""
        colleague = self.officer.partner_id
        colleague.message_subscribe(self.contact.ids)
        message = colleague.message_post(
            body="Welcome", partner_ids=self.contact.ids, author_id=colleague.id
        )
        follower = colleague.message_follower_ids
        notification = message.notification_ids
        self.assertTrue(follower and notification)
        self._assert_hidden(
            {
                records._name: partial(self._list, records=records)
                for records in (follower, notification)
            }
        )

    def _list(self, user, records):
        model = records._name
        domain = [("id", "in", records.ids)]
        return self._ask(user, model, "search_read", domain, MODELS[model][1])

    def test_suggestions(self):
        """Names and addresses that Odoo suggests while a user types."""
        partners = "res.partner"
        request = self.secrets[REQUEST]
        self._assert_hidden(
            {
                "mention": lambda user: self._ask(
                    user, partners, "get_mention_suggestions", SECRET
                ),
                "recipients": lambda user: self._ask(
                    user, REQUEST, "message_get_followers", request.ids
                ),
                "user picker": lambda user: self._ask(
                    user, "res.users", "web_name_search", SECRET, {"display_name": {}}
                ),
            }
        )

    def test_pages(self):
        """Routes: files, images, conversations and papers."""
        request = self.secrets[REQUEST]
        attachment = self.secrets["ir.attachment"]
        paper = self.secrets["beneficiary.document"]
        thread = {"thread_model": REQUEST, "thread_id": request.id}
        self._assert_hidden(
            {
                "attachment": self._page(f"/web/content/{attachment.id}"),
                "field": self._page(
                    f"/web/content/beneficiary.document/{paper.id}/file"
                ),
                "messages": self._route("/mail/thread/messages", **thread),
                "data": self._route(
                    "/mail/data",
                    fetch_params=[
                        [
                            "mail.thread",
                            {
                                **thread,
                                "request_list": [
                                    "activities",
                                    "attachments",
                                    "followers",
                                    "suggestedRecipients",
                                ],
                            },
                        ]
                    ],
                ),
                "recipients": self._route("/mail/thread/recipients", **thread),
                "address": self._route(
                    "/mail/partner/from_email", **thread, emails=[EMAIL]
                ),
                "discuss": self._route("/discuss/search", term=SECRET),
                "paper": self._page(
                    f"/report/html/beneficiary_relations.request_report/{request.id}"
                ),
            }
        )

    def _page(self, path):
        def open_page(user):
            self.authenticate(user.login, user.login)
            with mute_logger("odoo.http", "odoo.addons.web.controllers.report"):
                response = self.url_open(path, allow_redirects=False)
            return response.text.lower() if response.status_code == 200 else ""

        return open_page

    def _route(self, path, **params):
        def call_route(user):
            self.authenticate(user.login, user.login)
            try:
                with mute_logger("odoo.http"):
                    answer = self.make_jsonrpc_request(path, params)
            except JsonRpcException:
                return ""
            return json.dumps(answer, ensure_ascii=False).lower()

        return call_route
