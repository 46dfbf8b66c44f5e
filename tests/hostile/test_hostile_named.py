import base64
from datetime import timedelta
from functools import partial

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..upload_cases import fill, make_png
from .arguments import FILE, REQUEST, Aim, write_mail
from .common import EVERYTHING, IDENTITY, HostileCase

# Fields whose related and computed values once revealed a record without access.
ONCHANGES = {
    "beneficiary.outreach.line": "beneficiary_id",
    "beneficiary.request": "declaration_id",
    "beneficiary.session.item": "request_id",
    "beneficiary.committee.interest": "beneficiary_id",
    "beneficiary.referral": "request_id",
    "beneficiary.delivery.move": "delivery_id",
    "beneficiary.notice.told": "notice_id",
    "beneficiary.rating.record": "request_id",
}
# Fields that name a colleague, who then gets a notification about the record.
COLLEAGUES = ("officer_id", "delegate_id", "researcher_id", "owner_id", "taken_by_id")
INSIDERS = ("plain", "manager of B", "member of B", "delegate", "recused", "auditor")
UNKNOWN_IDENTITY = "1000000040"


@tagged("post_install", "-at_install", "without_demo")
class TestHostileNamed(HttpCase, HostileCase):
    """R43, R21, R20: attacks that once succeeded, one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("officer", "manager", "chair"):
            cls.actors[name] = getattr(cls, name)
            cls.readable[name] = EVERYTHING

    def test_one_link_opens_one_record(self):
        """R43: a secret opens only its own request; without one, none is opened."""
        self.authenticate(None, None)
        pid = self.contact.id
        digest = self.sign(self.foreign[REQUEST], pid)
        for secrets in ({}, {"hash": digest, "pid": pid}, {"token": ""}):
            for path, params in self._get_talks(secrets):
                self.try_call(path, "signed out", partial(self._open, path, params))
        self.tell("one link")

    def _get_talks(self, secrets):
        thread = {"thread_model": REQUEST, "thread_id": self.talk.id}
        ask = {
            **thread,
            "access_params": secrets,
            "request_list": ["followers", "attachments", "activities"],
        }
        post = {"body": "hacked", "subtype_xmlid": "mail.mt_comment"}
        yield "/mail/data", {"fetch_params": [["mail.thread", ask]]}
        yield "/mail/action", {"fetch_params": [["mail.thread", ask]]}
        yield "/mail/chatter_fetch", {**thread, **secrets}
        yield "/portal/chatter_init", {**thread, **secrets}
        yield "/mail/message/post", {**thread, **secrets, "post_data": post}

    def _open(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        return self.url_open(path, json=body).text

    def test_upload_by_link(self):
        """R43: the link of one request uploads no paper to another."""
        self.authenticate(None, None)
        pid = self.contact.id
        data = {
            "csrf_token": Request.csrf_token(self),
            "thread_model": REQUEST,
            "thread_id": self.talk.id,
            "hash": self.sign(self.foreign[REQUEST], pid),
            "pid": pid,
        }
        files = {"ufile": ("x.txt", b"x")}
        path = "/mail/attachment/upload"
        self.try_call(
            path,
            "signed out",
            lambda: self.url_open(path, data=data, files=files).text,
        )
        self.tell("upload by link")

    def test_no_token_of_a_hidden_contact(self):
        """R43: nobody makes an account for the hidden contact of a file."""
        for actor in INSIDERS:
            for method in ("signup_get_auth_param", "signup_prepare"):
                self.rpc(actor, "res.partner", method, [self.contact.ids], {})
        self.tell("sign-up")

    def test_onchange(self):
        """R43: a form with a foreign identifier returns nothing about the record."""
        for model, name in ONCHANGES.items():
            comodel = self.env[model]._fields[name].comodel_name
            for foreign in self.victims[comodel][-2:]:
                for actor in ("manager of B", "member of B", "delegate"):
                    aim = Aim(self, self.actors[actor], model, foreign)
                    for ask in aim.asks(name):
                        args = [[], {name: foreign}, [name], ask]
                        self.rpc(actor, model, "onchange", args, {})
        self.tell("onchange")

    def test_identity_is_no_question(self):
        """R43: a form does not reveal whether another association knows a number."""
        answers = {self._ask_about(number) for number in (IDENTITY, UNKNOWN_IDENTITY)}
        self.assertEqual(len(answers), 1, answers)

    def _ask_about(self, number):
        values = {"company_id": self.company.id, "identity_number": number}
        args = [
            [],
            values,
            ["company_id", "identity_number"],
            {"is_identity_taken": {}},
        ]
        try:
            answer = self.call("manager of B", FILE, "onchange", args, {})
        except UserError as error:
            answer = error
        self.env.invalidate_all()
        return str(answer).replace(number, "")

    def test_gateway_is_no_voice(self):
        """R20, R21: nobody writes on a request by calling the mail gateway."""
        for actor in INSIDERS:
            mail = write_mail(Aim(self, self.actors[actor], REQUEST, self.talk.id))
            for kwargs in ({}, {"thread_id": self.talk.id}):
                args = [REQUEST, mail]
                self.rpc(actor, "mail.thread", "message_process", args, kwargs)
        self.tell("gateway")

    def test_committee_does_not_follow(self):
        """R21: committee members do not follow the conversation on a request."""
        voters = self.committee.member_ids.user_id.partner_id
        followed = [
            request
            for request in self.env[REQUEST].browse(self.victims[REQUEST])
            if request.message_partner_ids & voters
        ]
        self.assertFalse(followed)

    def test_channels_stay(self):
        """R43: no association changes the channels, which all associations share."""
        channel = self._channel("phone")
        for actor in ("manager of B", "manager", "delegate"):
            for method, *vals in (("write", {"name": "hacked"}), ("unlink",)):
                args = [channel.ids, *vals]
                self.rpc(actor, "beneficiary.channel", method, args, {})
        self.tell("channels")

    def test_notes_stay(self):
        """R20: nobody may change the addon's own notes about a step."""
        requests = self.env[REQUEST].browse(self.victims[REQUEST])
        notes = requests.message_ids.filtered(
            lambda note: note.message_type == "notification"
        )
        self.assertTrue(notes)
        for actor in ("officer", "manager", "chair"):
            for note in notes:
                args = [note.ids, {"body": "hacked"}]
                self.rpc(actor, "mail.message", "write", args, {})
                self.rpc(actor, "mail.message", "unlink", [note.ids], {})
        self.tell("notes")

    def test_text_composer_leaves_nothing(self):
        """R20, R43: the text message composer leaves no note on a foreign request."""
        vals = {
            "body": "hacked",
            "composition_mode": "mass",
            "mass_keep_log": True,
            "res_model": REQUEST,
            "res_ids": str(self.talk.ids),
        }
        for actor in INSIDERS:
            self.try_call("sms.composer", actor, partial(self._text, actor, vals))
        self.tell("composer")

    def _text(self, actor, vals):
        number = self.call(actor, "sms.composer", "create", [vals], {})
        return self.call(actor, "sms.composer", "action_send_sms", [[number]], {})

    def test_leave_moves_no_date(self):
        """R21: users cannot turn their own leave into a public holiday."""
        calendar = self.company.beneficiary_calendar_id
        resource = self.env["resource.resource"].create(
            {"name": "x", "user_id": self.stranger.id, "calendar_id": calendar.id}
        )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "x",
                "calendar_id": calendar.id,
                "resource_id": resource.id,
                "date_from": fields.Datetime.now(),
                "date_to": fields.Datetime.now() + timedelta(days=60),
            }
        )
        self.env["ir.model.access"].create(  # the same rights as from `hr`
            {
                "name": "x",
                "model_id": self.env["ir.model"]._get_id(leave._name),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
            }
        )
        self.env.flush_all()
        self.take_stock()
        for vals in ({"resource_id": False}, {"name": "y"}):
            self.try_call("leave", "plain", partial(self._empty, leave, vals))
        self.assertFalse([what for what in self.finds if "beneficiary_request" in what])

    def _empty(self, leave, vals):
        return self.call("plain", leave._name, "write", [leave.ids, vals], {})

    def test_no_number_is_drawn(self):
        """R43: a refused call uses up no number of any association."""
        for actor in (*INSIDERS, "applicant"):
            for model in (REQUEST, FILE, "beneficiary.delivery"):
                self.rpc(actor, model, "create", [[{}] * 3], {})
                vals = Aim(self, self.actors[actor], model, 0).links()
                self.rpc(actor, model, "create", [[vals]], {})
        self.tell("numbers")

    def test_colleagues_have_a_role(self):
        """R43: a record is assigned only to staff of its own association."""
        for model in self._our_models():
            fields_of_model = self.env[model]._fields
            for name in COLLEAGUES:
                if name not in fields_of_model or not fields_of_model[name].store:
                    continue
                for number in self.victims[model][-2:]:
                    for user in self.stranger | self.outsider | self.applicant:
                        args = [[number], {name: user.id}]
                        self.rpc("manager", model, "write", args, {})
        self.tell("colleagues")

    def test_reactions_are_a_voice(self):
        """R21: a recused member cannot react to messages on the request."""
        user = self.actors["recused"]
        self.authenticate(user.login, user.login)
        said = self.talk.message_ids.filtered(lambda message: not message.is_internal)
        for message in said:
            params = {"message_id": message.id, "content": "👎", "action": "add"}
            path = "/mail/message/reaction"
            self.try_call(path, "recused", partial(self._open, path, params))
        self.tell("reactions")

    def test_hidden_contact_is_no_guest(self):
        """R43: users without access to a hidden contact cannot invite it."""
        vals = {
            "name": "hacked",
            "start": "2030-01-01 08:00:00",
            "stop": "2030-01-01 09:00:00",
            "partner_ids": [Command.link(self.contact.id)],
        }
        for actor in INSIDERS:
            self.rpc(actor, "calendar.event", "create", [vals], {})
        self.tell("guests")

    def test_upload_costs_little(self):
        """R43: a small file that is made to be slow is refused within two seconds."""
        for content in (
            fill(b"stream\n", size=140_000),
            make_png(30_000, 30_000, b"\0"),
        ):
            vals = {
                "beneficiary_id": self.file.id,
                "type_id": self.env["beneficiary.document.type"].search([], limit=1).id,
                "file": base64.b64encode(content).decode(),
                "file_name": "card.pdf",
            }
            self.rpc("officer", "beneficiary.document", "create", [[vals]], {})
        self.tell("uploads")

    def test_answers_are_ones_own(self):
        """R43: a member cannot decline the invitation of the chair."""
        session = self.env["beneficiary.committee.session"].search(
            [("item_ids.request_id", "=", self.talk.id)]
        )
        invited = session.sudo().calendar_event_id.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.chair.partner_id
        )
        self.assertTrue(invited)
        for method in ("do_decline", "do_tentative", "do_accept"):
            self.rpc("recused", "calendar.attendee", method, [invited.ids], {})
        vals = {"state": "declined"}
        self.rpc("recused", "calendar.attendee", "write", [invited.ids, vals], {})
        self.tell("answers")

    def test_office_invites(self):
        """R43, R46: the form that lets a person in opens for officer and manager."""
        for actor in ("officer", "manager"):
            action = self.call(
                actor, FILE, "action_grant_portal_access", [self.file.ids], {}
            )
            model, context = action["res_model"], action["context"]
            number = self.call(actor, model, "create", [{}], {}, context)
            shown = self.call(
                actor, model, "web_read", [[number], {"state": {}, "email": {}}], {}
            )
            self.assertEqual(shown[0]["id"], number)
