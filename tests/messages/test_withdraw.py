import base64

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common import PIXEL
from ..request.common import PortalCase

SAID = "My income is 2,000"
EMPTY = {"body": "", "attachment_ids": [], "attachment_tokens": []}


@tagged("post_install", "-at_install")
class TestWithdraw(PortalCase):
    """R20: a message stays as it was sent; its author may mark it as withdrawn."""

    def setUp(self):
        super().setUp()
        self.request = self._make_request("in_review")

    def _get_threads(self):
        """Return ``{record: who writes on it}`` for each kind that people talk on."""
        interaction = (
            self.env["beneficiary.interaction"]
            .with_user(self.officer)
            .create(
                {
                    "subject": "When does the reply come?",
                    "channel_id": self._channel("phone").id,
                    "beneficiary_id": self.file.id,
                }
            )
        )
        referral = (
            self.env["beneficiary.referral"]
            .with_user(self.officer)
            ._send(
                self.request.with_user(self.officer),
                self.researcher,
                "Which paper is meant?",
                "clarification",
            )
        )
        return {
            self.request: self.officer,
            self.file: self.officer,
            interaction: self.officer,
            referral: self.researcher,
        }

    def _post_as(self, user, record):
        """Return a message with a file that ``user`` sent on ``record``."""
        files = self.env["ir.attachment"].with_user(user).sudo()  # as by the upload
        file = files.create({"name": "card.png", "raw": base64.b64decode(PIXEL)})
        message = record.with_user(user).message_post(
            body=SAID, attachment_ids=file.ids, subtype_xmlid="mail.mt_comment"
        )
        message = message.sudo().with_user(self.env.user)
        message.attachment_ids = file  # the portal's own upload has done this
        return message

    def _call_route(self, path, **params):
        try:
            with mute_logger("odoo.http"):
                self.make_jsonrpc_request(path, params)
            return True
        except JsonRpcException:
            return False
        finally:
            self.env.invalidate_all()

    def _delete(self, message):
        return self._call_route(
            "/mail/message/update_content", message_id=message.id, update_data=EMPTY
        )

    def _assert_withdrawn(self, message, count):
        """Check that all stays, that it is marked, and that one note says so."""
        record = self.env[message.model].browse(message.res_id)
        self.assertIn(SAID, message.body)
        self.assertEqual(message.body.count("o_br_withdrawn"), 1)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertTrue(message.attachment_ids.raw)
        self.assertTrue(message.withdrawn_on)
        note = record.message_ids[:1]
        self.assertTrue(note.is_internal)
        self.assertIn(message.author_id.name, note.body)
        self.assertEqual(len(record.message_ids), count + 1)

    def test_staff_on_every_record(self):
        """Deleting on a request, file, interaction or referral only marks it."""
        for record, author in self._get_threads().items():
            self._sign_in(author)
            with self.subTest(model=record._name):
                message = self._post_as(author, record)
                count = len(record.message_ids)
                self.assertTrue(self._delete(message))
                self._assert_withdrawn(message, count)
                self.assertTrue(self._delete(message), "the second time does nothing")
                self._assert_withdrawn(message, count)

    def test_applicant(self):
        """R26: the applicant's own message is marked, and stays for both."""
        message = self._post_as(self.applicant, self.request)
        count = len(self.request.message_ids)
        self.assertTrue(self._delete(message))
        self._assert_withdrawn(message, count)

    def test_no_other_change(self):
        """Neither route nor RPC empties, changes or strips a message, for anybody."""
        for record, author in self._get_threads().items():
            message = self._post_as(author, record)
            before = (message.body, message.attachment_ids)
            for user in (author, self.manager):
                self._sign_in(user)
                for data in (
                    {"body": "."},
                    {"body": "Otherwise", "attachment_ids": []},
                    {"body": None, "attachment_ids": []},
                ):
                    self._call_route(
                        "/mail/message/update_content",
                        message_id=message.id,
                        update_data=data,
                    )
                    self.assertEqual((message.body, message.attachment_ids), before)
                file = message.attachment_ids
                self._call_route(
                    "/mail/attachment/delete",
                    attachment_id=file.id,
                    access_token=file.with_user(user).sudo()._get_ownership_token(),
                )
                self.assertEqual((message.body, message.attachment_ids), before)
                for vals in (
                    {"body": ""},
                    {"body": "."},
                    {"attachment_ids": [(5,)]},
                    {"attachment_ids": [(3, file.id)]},
                    {"withdrawn_on": "2026-01-01"},
                ):
                    with (
                        self.subTest(model=record._name, user=user.login, vals=vals),
                        self.assertRaises(AccessError),
                        self.env.cr.savepoint(),
                    ):
                        call_kw(
                            self.env(user=user.id)["mail.message"],
                            "write",
                            [message.ids, vals],
                            {},
                        )

    def test_others_do_not_withdraw(self):
        """Nobody withdraws what somebody else said, nor a note of the record."""
        message = self._post_as(self.officer, self.request)
        for user in (self.manager, self.applicant, self.neighbour, self.outsider):
            self._sign_in(user)
            self.assertFalse(self._delete(message))
            self.assertFalse(message.withdrawn_on)
        note = self.request.message_ids.filtered(
            lambda one: one.message_type == "notification"
        )[:1]
        for user in (self.officer, self.manager):
            with self.assertRaises(AccessError):
                note.with_user(user)._withdraw()

    def test_claimed(self):
        """Nobody sends a message that says that it was withdrawn."""
        [message_id] = call_kw(
            self.env(user=self.officer.id)["mail.message"],
            "create",
            [
                [
                    {
                        "model": self.request._name,
                        "res_id": self.request.id,
                        "body": SAID,
                        "withdrawn_on": "2026-01-01",
                    }
                ]
            ],
            {},
        )
        self.assertFalse(self.env["mail.message"].browse(message_id).withdrawn_on)
