from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from ...rules.conversation import NOTE, SAYS, TOLD, WORD
from ..common import BeneficiaryCommon

REQUEST = "beneficiary.request"
REFUSED = "refused"
SAID = "Said in the hall"
MAIL = """MIME-Version: 1.0
From: {sender}
To: care@example.com, {cc}
Subject: About my request
Message-ID: <{name}@example.com>
{more}Content-Type: text/plain; charset=utf-8

{text}
"""
# What becomes of a message, by author and by door (the way in which it was sent).
# Doors that are not named refuse the message.
BY_HAND = dict.fromkeys(("post", "composer", "create", "route"), WORD)
FRONT_DESK = {**BY_HAND, "feedback": NOTE, "text": NOTE, "gateway": NOTE, "reply": NOTE}
STAFF = dict.fromkeys(
    ("post", "composer", "route", "feedback", "gateway", "reply"), NOTE
)
OUTSIDE = dict.fromkeys(("post", "create", "route", "gateway", "reply"), WORD)
NOBODY = dict.fromkeys(("gateway", "reply"), NOTE)
DOORS = ("post", "composer", "create", "route", "feedback", "text", "gateway", "reply")
OUTCOMES = {
    "applicant": OUTSIDE,
    "guardian": OUTSIDE,
    "officer": FRONT_DESK,
    "delegate": FRONT_DESK,
    "manager": FRONT_DESK,
    "researcher": STAFF,
    "chair": STAFF,
    "member": STAFF,
    "auditor": NOBODY,
    "stranger": NOBODY,
    "outsider": NOBODY,
}
# Who is told of words and notes: the table of the rules, by actor.
HEARERS = {
    WORD: ("officer", "delegate", "manager", "researcher"),
    NOTE: (
        "officer",
        "delegate",
        "manager",
        "researcher",
        "chair",
        "member",
        "auditor",
    ),
}


@tagged("post_install", "-at_install", "without_demo")
class TestConversation(HttpCase, BeneficiaryCommon):
    """Who is told and who reads: by author and door, before and after the decision."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"  # the language of the gateway's notes
        branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = branch
        cls.guardian = cls._make_guardian()
        cls.file._get_or_create_contacts()
        cls.people = {name: getattr(cls, name) for name in OUTCOMES}
        for name, user in cls.people.items():
            user.email = f"{name}@people.example.com"
        cls.request = cls._make_request(cls(), "in_review", branch_id=branch.id)
        everybody = cls.env["res.partner"].union(
            *(user.partner_id for user in cls.people.values())
        )
        cls.request.message_subscribe(everybody.ids)

    # -- the doors ---------------------------------------------------------------------

    def _rpc(self, user, name, method, *args, **kwargs):
        records = self.env(user=user, context={})[name]
        result = call_kw(records, method, list(args), kwargs)
        self.env.flush_all()
        return result

    def _through_post(self, user):
        self._rpc(
            user,
            REQUEST,
            "message_post",
            self.request.ids,
            body=SAID,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.officer.partner_id.id,
            email_from="director@example.com",
        )

    def _through_composer(self, user):
        vals = {
            "model": REQUEST,
            "res_ids": repr(self.request.ids),
            "composition_mode": "comment",
            "body": SAID,
            "subject": "About your request",
            "subtype_id": self.env.ref("mail.mt_comment").id,
        }
        ids = self._rpc(user, "mail.compose.message", "create", [vals])
        self._rpc(user, "mail.compose.message", "action_send_mail", ids)

    def _through_create(self, user):
        vals = {
            "model": REQUEST,
            "res_id": self.request.id,
            "body": SAID,
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_comment").id,
        }
        self._rpc(user, "mail.message", "create", [vals])

    def _through_route(self, user):
        self.authenticate(user.login, user.login)
        try:
            with mute_logger("odoo.http"):
                self.make_jsonrpc_request(
                    "/mail/message/post",
                    {
                        "thread_model": REQUEST,
                        "thread_id": self.request.id,
                        "post_data": {
                            "body": SAID,
                            "message_type": "comment",
                            "subtype_xmlid": "mail.mt_comment",
                        },
                    },
                )
        except JsonRpcException as error:
            raise AccessError(str(error)) from error

    def _through_feedback(self, user):
        if user.share:
            return  # portal users have no activities
        activity = self.request.activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id
        )
        self._rpc(user, "mail.activity", "action_feedback", activity.ids, feedback=SAID)

    def _through_text(self, user):
        vals = {
            "res_model": REQUEST,
            "res_ids": repr(self.request.ids),
            "composition_mode": "mass",
            "mass_keep_log": True,
            "mass_force_send": False,
            "body": SAID,
        }
        ids = self._rpc(user, "sms.composer", "create", [vals])
        self._rpc(user, "sms.composer", "action_send_sms", ids)

    def _through_gateway(self, user, more=""):
        mail = MAIL.format(
            sender=user.email,
            cc=self.applicant.email,
            name=f"{user.login}{bool(more)}",
            more=more,
            text=SAID,
        )
        threads = self.env["mail.thread"]
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            threads.message_process(REQUEST, mail, thread_id=self.request.id)

    def _through_reply(self, user):
        word = self.request.message_ids.filtered(
            lambda message: message.author_id == self.officer.partner_id
        )[:1]
        self._through_gateway(user, f"In-Reply-To: {word.message_id}\n")

    # -- the results -------------------------------------------------------------------

    def _say(self, door, user):
        """Send a message through ``door``, and return the message that it made."""
        messages = self.env["mail.message"]
        known = messages.search([("model", "=", REQUEST)])
        with suppress(AccessError), self.env.cr.savepoint():
            getattr(self, f"_through_{door}")(user)
        self.env.invalidate_all()
        return messages.search(
            [
                ("model", "=", REQUEST),
                ("id", "not in", known.ids),
                ("body", "like", SAID),
            ]
        )

    def _reads(self, user, message):
        """Whether ``user`` can read the message, by search or by its id."""
        self.env.invalidate_all()
        messages = self.env(user=user, context={})["mail.message"]
        found = messages.search([("id", "=", message.id)])
        return bool(found) or messages.browse(message.id).has_access("read")

    def _check_message(self, kind, author, message):
        user = self.people[author]
        self.assertEqual(len(message), 1)
        is_word = not (message.is_internal or message.subtype_id.internal)
        self.assertEqual(is_word, kind == WORD, message.subtype_id.name)
        if message.message_type == "email" and kind == NOTE:
            self.assertFalse(message.author_id, "a claim is under no name")
            self.assertIn("مرسل غير مثبت", message.body)  # for the office
        else:
            self.assertEqual(message.author_id, user.partner_id)
        told = message.notified_partner_ids | message.notification_ids.res_partner_id
        for name, hearer in self.people.items():
            if hearer == user:
                continue
            is_applicant = name in ("applicant", "guardian")
            if hearer.partner_id in told:
                self.assertTrue(
                    is_applicant and kind == WORD or name in HEARERS[kind],
                    f"{name} was told",
                )
            reads = self._reads(hearer, message)
            expected = kind == WORD if is_applicant else name in HEARERS[NOTE]
            self.assertEqual(reads, expected, f"{name} reads it: {reads}")

    def _walk(self):
        # The message that the others answer by e-mail.
        self._rpc(
            self.officer,
            REQUEST,
            "message_post",
            self.request.ids,
            body="Bring the original",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        for author, outcomes in OUTCOMES.items():
            for door in DOORS:
                with self.subTest(author=author, door=door):
                    message = self._say(door, self.people[author])
                    outcome = outcomes.get(door, REFUSED)
                    if outcome == REFUSED:
                        self.assertFalse(message)
                    else:
                        self._check_message(outcome, author, message)

    def test_table_of_rules(self):
        """R21: the table in the rules is the one that these tests check."""
        self.assertEqual(SAYS[WORD], {"delegate", "officer", "manager", "applicant"})
        self.assertEqual(TOLD[WORD], SAYS[WORD] | {"researcher"})
        self.assertEqual(
            TOLD[NOTE],
            {"delegate", "officer", "manager", "researcher", "member", "auditor"},
        )

    def test_before_the_decision(self):
        """R21, R26: all authors through all doors, while the committee studies."""
        self._walk()

    def test_after_the_reply(self):
        """R20, R26: all authors through all doors, after the reply was released."""
        self._advance(self.request, "accepted")
        self._walk()

    def test_members_follow_nothing(self):
        """R21: committee members do not follow a request, whatever adds them."""
        followers = self.request.message_partner_ids
        for name in ("chair", "member", "auditor", "stranger"):
            self.assertNotIn(self.people[name].partner_id, followers, name)
        for name in ("officer", "delegate", "manager", "researcher"):
            self.assertIn(self.people[name].partner_id, followers, name)
        for record in (self.request, self.file):
            record.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.member.id
            )
            self.env["mail.followers.edit"].with_user(self.manager).create(
                {
                    "res_model": record._name,
                    "res_ids": repr(record.ids),
                    "partner_ids": [Command.set(self.member.partner_id.ids)],
                }
            ).edit_followers()
            self.assertNotIn(self.member.partner_id, record.message_partner_ids)

    def test_leader_of_the_office_in_a_committee(self):
        """R21: a manager with a seat in the committee counts as its member there."""
        self.manager.group_ids += self.env.ref("beneficiary_relations.group_committee")
        self.committee.member_ids = [Command.create({"user_id": self.manager.id})]
        request = self._make_request("in_review")
        request.message_subscribe(self.manager.partner_id.ids)
        self.assertNotIn(self.manager.partner_id, request.message_partner_ids)
