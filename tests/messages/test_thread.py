import base64

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common import PIXEL, BeneficiaryCommon
from ..request.common import PortalCase

REQUEST = "beneficiary.request"


class ThreadCase(BeneficiaryCommon):
    """A request in review, and helpers that post and read its messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.comment = cls.env.ref("mail.mt_comment")
        cls.note = cls.env.ref("mail.mt_note")

    def setUp(self):
        super().setUp()
        self.request = self._make_request("in_review")

    def _rpc(self, user, name, method, *args, **kwargs):
        """Call a method as ``user`` would over RPC."""
        records = self.env[name].with_user(user).with_context({})
        return call_kw(records, method, list(args), kwargs)

    def _post(self, user, **kwargs):
        """Post on the request over RPC, and return the message."""
        ids = self._rpc(user, REQUEST, "message_post", self.request.ids, **kwargs)
        return self.env["mail.message"].browse(ids)

    def _message_vals(self, subtype=None, **vals):
        return {
            "model": REQUEST,
            "res_id": self.request.id,
            "body": "Your request was rejected",
            "message_type": "comment",
            "subtype_id": (subtype or self.comment).id,
            **vals,
        }

    def _read_by_applicant(self):
        """Return the texts of the messages that the applicant can read."""
        self.env.invalidate_all()
        messages = self.env["mail.message"].with_user(self.applicant)
        return messages.search([("model", "=", REQUEST)]).mapped("body")

    def _count_mails(self, partner):
        return self.env["mail.mail"].search_count([("recipient_ids", "in", partner.id)])


@tagged("post_install", "-at_install")
class TestThread(ThreadCase):
    """R21, R26: who may write to whom on the records of the addon."""

    def test_every_thread_is_ours(self):
        """Every model of the addon with messages uses the addon's own mixin."""
        registry = self.env.registry
        for name, model in registry.items():
            if name.startswith("beneficiary.") and not model._abstract:
                with self.subTest(model=name):
                    record = self.env[name]
                    self.assertEqual(
                        isinstance(record, registry["mail.thread"]),
                        isinstance(record, registry["beneficiary.thread.mixin"]),
                    )

    def test_applicant_posts_words_alone(self):
        """R26: over RPC the applicant sends a plain comment and sets nothing else."""
        stranger = self.stranger.partner_id
        foreign = self.env["ir.attachment"].create({"name": "theirs", "raw": b"x"})
        message = self._post(
            self.applicant,
            body="When do you reply?",
            subject="Reply",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=stranger.ids,
            author_id=self.officer.partner_id.id,
            email_from="officer@example.com",
            outgoing_email_to="anybody@example.com",
            attachments=[["page.html", "<script>alert(1)</script>"]],
            attachment_ids=foreign.ids,
            is_internal=True,
        )
        self.assertEqual(message.author_id, self.applicant.partner_id)
        self.assertEqual(message.message_type, "comment")
        self.assertEqual(message.subtype_id, self.comment)
        self.assertFalse(message.is_internal)
        self.assertEqual(message.subject, self.request.name)
        self.assertFalse(message.partner_ids)
        self.assertFalse(message.outgoing_email_to)
        self.assertFalse(message.attachment_ids)
        self.assertNotIn(stranger, self.request.message_partner_ids)
        self.assertIn("When do you reply?", self._read_by_applicant()[0])

    def test_applicant_speaks_for_nobody_else(self):
        """R20, R26: the applicant changes no words: the association's, nor the own."""
        answer = self.request.with_user(self.officer).message_post(
            body="Bring the original",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.applicant.partner_id.ids,
        )
        for vals in ({"body": "You are accepted"}, {"subject": "Accepted"}):
            with self.assertRaises(AccessError):
                self._rpc(self.applicant, "mail.message", "write", answer.ids, vals)
        own = self._post(self.applicant, body="Thank you")
        with self.assertRaises(AccessError):
            self._rpc(self.applicant, "mail.message", "write", own.ids, {"body": "No"})
        self.assertIn("Thank you", self._read_by_applicant()[0])

    def test_others_do_not_speak_to_the_applicant(self):
        """R21: no message that others create, post or edit reaches the applicant."""
        heard = self._read_by_applicant()
        partner = self.applicant.partner_id
        mails = self._count_mails(partner)
        talk = {"body": "Your request was rejected", "partner_ids": partner.ids}
        for user in (self.member, self.researcher, self.auditor, self.stranger):
            note = self.env["mail.message"].create(
                self._message_vals(self.note, author_id=user.partner_id.id)
            )
            attempts = [
                ("mail.message", "create", [self._message_vals()]),
                (
                    "mail.message",
                    "create",
                    [self._message_vals(self.note, partner_ids=partner.ids)],
                ),
                (
                    "mail.message",
                    "create",
                    [self._message_vals(None, message_type="user_notification")],
                ),
                (
                    "mail.message",
                    "write",
                    note.ids,
                    {"subtype_id": self.comment.id, "is_internal": False},
                ),
                ("mail.message", "write", note.ids, {"partner_ids": partner.ids}),
                (REQUEST, "message_post", self.request.ids, talk),
                (REQUEST, "message_notify", self.request.ids, talk),
                (
                    "mail.thread",
                    "message_notify",
                    [],
                    {**talk, "model": REQUEST, "res_id": self.request.id},
                ),
                (
                    "mail.activity",
                    "create",
                    [
                        {
                            "res_model_id": self.env["ir.model"]._get_id(REQUEST),
                            "res_id": self.request.id,
                            "user_id": self.applicant.id,
                            "note": "Rejected",
                        }
                    ],
                ),
                (
                    "mail.template",
                    "send_mail",
                    self.env.ref("beneficiary_relations.mail_template_reply").ids,
                    self.request.id,
                ),
            ]
            for model, method, *args in attempts:
                kwargs = args.pop() if method.startswith("message_") else {}
                with (
                    self.subTest(user=user.login, model=model, method=method),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._rpc(user, model, method, *args, **kwargs)
        self.assertEqual(self._read_by_applicant(), heard)
        self.assertEqual(self._count_mails(partner), mails)

    def test_others_do_not_change_what_was_said(self):
        """R21: other recipients of an officer's answer cannot rewrite or hide it."""
        told = self.member | self.researcher | self.auditor
        answer = self.request.with_user(self.officer).message_post(
            body="Bring the original",
            subtype_xmlid="mail.mt_comment",
            partner_ids=told.partner_id.ids,
        )
        for user in told:
            for vals in (
                {"body": "You are rejected"},
                {"subtype_id": self.note.id},
                {"is_internal": True},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                ):
                    self._rpc(user, "mail.message", "write", answer.ids, vals)
        self.assertIn("Bring the original", self._read_by_applicant()[0])

    def test_members_note_inside(self):
        """R21: members and researchers write notes, whatever subtype they ask for."""
        for user in (self.member, self.researcher):
            message = self._post(
                user, body="I would reject this", subtype_xmlid="mail.mt_comment"
            )
            self.assertEqual(message.subtype_id, self.note)
            self.assertTrue(
                self._rpc(
                    user, REQUEST, "activity_schedule", self.request.ids, summary="Read"
                )
            )
        self.assertEqual(self._read_by_applicant(), [])

    def test_auditor_writes_nothing(self):
        """Roles: auditors can read the conversation, and write nothing."""
        records = self.request | self._make_request()
        self.assertTrue(
            self._rpc(self.auditor, REQUEST, "read", self.request.ids, ["message_ids"])
        )
        own = self.auditor.partner_id.ids
        for model, ids in (
            (REQUEST, records[0].ids),
            ("beneficiary.beneficiary", self.file.ids),
            ("beneficiary.policy", self.request.policy_id.ids),
        ):
            attempts = {
                "message_post": {"body": "Hello"},
                "message_notify": {"body": "x", "partner_ids": own, "model": model},
                "message_subscribe": {"partner_ids": own},
                "message_unsubscribe": {"partner_ids": self.officer.partner_id.ids},
                "activity_schedule": {"summary": "Look", "user_id": self.auditor.id},
            }
            if model == "beneficiary.policy":
                del attempts["activity_schedule"]
            for method, kwargs in attempts.items():
                with (
                    self.subTest(model=model, method=method),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._rpc(self.auditor, model, method, ids, **kwargs)

    def test_officer_speaks(self):
        """R26: the front desk's words do reach the applicant by the same calls."""
        self._rpc(self.officer, "mail.message", "create", [self._message_vals()])
        self.assertEqual(len(self._read_by_applicant()), 1)
        self._rpc(
            self.officer,
            "mail.activity",
            "create",
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(REQUEST),
                    "res_id": self.request.id,
                    "user_id": self.researcher.id,
                }
            ],
        )
        self.assertIn(
            self.researcher.partner_id, self.request.sudo().message_partner_ids
        )

    def test_who_reads_no_more_is_told_nothing(self):
        """R19, R43: a follower who lost the role gets no more messages."""
        request = self._make_request("in_review")
        request.message_subscribe(self.researcher.partner_id.ids)
        follower = self.researcher.partner_id

        def tell():
            message = request.with_user(self.officer).message_post(
                body="We have called you", subtype_xmlid="mail.mt_comment"
            )
            return message.sudo().notified_partner_ids

        self.assertIn(follower, tell())
        self.researcher.group_ids -= self.env.ref(
            "beneficiary_relations.group_researcher"
        )
        self.assertNotIn(follower, tell())


@tagged("post_install", "-at_install")
class TestThreadHttp(PortalCase):
    """Conversations through the routes of the web client and the portal."""

    def _say(self, request, **post_data):
        return self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": REQUEST,
                "thread_id": request.id,
                "post_data": {"body": "Hello", **post_data},
                "context": {"mail_post_autofollow": True},
            },
        )

    def test_applicant(self):
        """R26: on the portal, too, the applicant sends a plain comment."""
        request = self._make_request("submitted")
        sent = self._say(
            request,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            partner_emails=["anybody@example.com"],
            partner_ids=self.stranger.partner_id.ids,
        )
        message = self.env["mail.message"].browse(sent["message_id"])
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(message.message_type, "comment")
        self.assertFalse(message.partner_ids)

    def test_applicant_sends_own_files(self):
        """R26: the applicant can attach the own uploaded files, and no others."""
        request = self._make_request("submitted")
        upload = self._post(
            "/mail/attachment/upload",
            {"thread_model": REQUEST, "thread_id": request.id, "is_pending": "true"},
            files={"ufile": ("card.png", base64.b64decode(PIXEL), "image/png")},
        ).json()["data"]
        own = self.env["ir.attachment"].browse(upload["attachment_id"])
        token = own.with_user(self.applicant).sudo()._get_ownership_token()
        sent = self._say(request, attachment_ids=own.ids, attachment_tokens=[token])
        message = self.env["mail.message"].browse(sent["message_id"])
        self.assertEqual(message.attachment_ids, own)
        self.assertEqual((own.res_model, own.res_id), (REQUEST, request.id))
        foreign = self.env["ir.attachment"].create({"name": "theirs", "raw": b"x"})
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._say(request, attachment_ids=foreign.ids)

    def test_member_and_auditor(self):
        """R21: a member's message stays internal; an auditor cannot send one."""
        request = self._make_request("in_review")
        self._sign_in(self.member)
        sent = self._say(request, subtype_xmlid="mail.mt_comment")
        message = self.env["mail.message"].browse(sent["message_id"])
        self.assertTrue(message.subtype_id.internal)
        self._sign_in(self.auditor)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._say(request)
