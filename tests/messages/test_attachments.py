import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common import PIXEL, BeneficiaryCommon
from ..request.common import PortalCase

REQUEST = "beneficiary.request"
PAPER = "beneficiary.document"
PENDING = {"res_model": "mail.compose.message", "res_id": 0}
OPEN = {"default_public": True}
# Changes that would lose a file, replace it, or open it to others.
CHANGES = (
    {"datas": PIXEL},
    {"raw": "other"},
    {"name": "other.txt"},
    {"public": True},
    {"type": "url", "url": "https://example.com"},
    {"access_token": "x"},
    {"res_id": 0},
    {"res_model": False},
)


class AttachmentCase(BeneficiaryCommon):
    def setUp(self):
        super().setUp()
        self.request = self._make_request("submitted")

    def _rpc(self, user, name, method, *args, **kwargs):
        """Call a method as ``user`` would over RPC."""
        context = kwargs.pop("context", {})
        records = self.env(user=user.id, context={}, su=False)[name]
        result = call_kw(records, method, list(args), {**kwargs, "context": context})
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def _refuse(self, user, name, method, *args, **kwargs):
        """Check that a call is refused."""
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._rpc(user, name, method, *args, **kwargs)
        self.env.invalidate_all()

    def _make_pending(self, user, name="plan.txt", **vals):
        ids = self._rpc(
            user,
            "ir.attachment",
            "create",
            [{"name": name, "raw": "the plan", **PENDING, **vals}],
        )
        return self.env["ir.attachment"].browse(ids)

    def _post(self, user, file, record=None, **kwargs):
        ids = self._rpc(
            user,
            (record or self.request)._name,
            "message_post",
            (record or self.request).ids,
            **{"body": "See", "subtype_xmlid": "mail.mt_comment", **kwargs},
            attachment_ids=file.ids,
        )
        return self.env["mail.message"].browse(ids)


@tagged("post_install", "-at_install")
class TestSentFiles(AttachmentCase):
    """Changes over RPC to files that were sent with a message."""

    def setUp(self):
        super().setUp()
        self.sent = self._make_pending(self.officer)
        self.message = self._post(self.officer, self.sent)
        self.known = self.request.message_ids

    def _get_trace(self):
        return self.request.message_ids - self.known

    def _assert_sent(self):
        self.assertEqual(self.message.attachment_ids, self.sent)
        self.assertEqual(self.sent.raw, b"the plan")
        self.assertEqual(self.sent.name, "plan.txt")
        self.assertEqual((self.sent.res_model, self.sent.type), (REQUEST, "binary"))
        self.assertFalse(self.sent.public or self.sent.access_token)

    def test_stays_as_it_was_sent(self):
        """R20: neither the sender nor colleagues can change or delete a sent file."""
        ids = self.sent.ids
        for user in (self.officer, self.manager):
            for vals in CHANGES:
                with self.subTest(user=user.login, vals=vals):
                    self._refuse(user, "ir.attachment", "write", ids, dict(vals))
            self._refuse(user, "ir.attachment", "unlink", ids)
            self._refuse(user, "ir.attachment", "generate_access_token", ids)
            for command in (
                Command.delete(self.sent.id),
                Command.update(self.sent.id, {"name": "other.txt"}),
            ):
                vals = {"attachment_ids": [command]}
                self._refuse(user, "mail.message", "write", self.message.ids, vals)
        self._assert_sent()

    def test_author_changes_nothing(self):
        """R20: no author takes off or adds a file, or addresses the message anew."""
        late = self._make_pending(self.officer, "late.txt")
        told = self.message.partner_ids
        for vals in (
            {"attachment_ids": [Command.unlink(self.sent.id)]},
            {"attachment_ids": [Command.clear()]},
            {"attachment_ids": [Command.link(late.id)]},
            {"partner_ids": [Command.set(self.manager.partner_id.ids)]},
            {"partner_ids": [Command.clear()]},
        ):
            for user in (self.officer, self.manager):
                self._refuse(user, "mail.message", "write", self.message.ids, vals)
        self.env.invalidate_all()
        self.assertEqual(self.message.attachment_ids, self.sent)
        self.assertEqual(self.message.partner_ids, told)
        self._refuse(self.officer, "ir.attachment", "unlink", self.sent.ids)

    def test_never_public(self):
        """R43: no call makes a file of a conversation public."""
        here = {"res_model": REQUEST, "res_id": self.request.id}
        make = [{"name": "a", "raw": "a", **here}]
        self._refuse(
            self.officer, "ir.attachment", "create", [{**make[0], "public": True}]
        )
        self._refuse(self.officer, "ir.attachment", "create", make, context=OPEN)
        made = self._rpc(self.officer, "ir.attachment", "create", make)
        self._refuse(self.officer, "ir.attachment", "write", made, {"public": True})
        loose = self._make_pending(self.officer, public=True)
        self._post(self.officer, loose)
        self.assertEqual(loose.res_model, REQUEST)
        self.assertFalse(loose.public)

    def test_before_it_is_sent(self):
        """R20: files of an unsent message can still be changed and deleted."""
        pending = self._make_pending(self.officer)
        self._rpc(
            self.officer, "ir.attachment", "write", pending.ids, {"name": "new.txt"}
        )
        self._rpc(self.officer, "ir.attachment", "unlink", pending.ids)
        self.assertFalse(pending.exists())

    def test_lost_files(self):
        """R20: files that nobody sent are cleaned up; sent files stay."""
        pending = self._make_pending(self.officer)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = create_date - INTERVAL '3 days',"
            " write_date = write_date - INTERVAL '3 days' WHERE id IN %s",
            (tuple((pending | self.sent).ids),),
        )
        self.env.invalidate_all()
        self.env["mail.compose.message"]._gc_lost_attachments()
        self.assertFalse(pending.exists())
        self._assert_sent()

    def test_scheduled(self):
        """R26: a scheduled message takes its files along when it is sent."""
        pending = self._make_pending(self.officer)
        [scheduled] = self._rpc(
            self.officer,
            "mail.scheduled.message",
            "create",
            [
                {
                    "model": REQUEST,
                    "res_id": self.request.id,
                    "author_id": self.officer.partner_id.id,
                    "body": "Later",
                    "scheduled_date": fields.Datetime.now() + timedelta(hours=1),
                    "attachment_ids": [Command.link(pending.id)],
                }
            ],
        )
        self._rpc(self.officer, "mail.scheduled.message", "post_message", [scheduled])
        self.assertEqual(self._get_trace().attachment_ids, pending)
        self.assertEqual(pending.res_model, REQUEST)

    def test_feedback(self):
        """R20: the file of a completed activity goes to its message and is kept."""
        activity = self.request.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.officer.id
        )
        pending = self._make_pending(self.officer)
        self._rpc(
            self.officer,
            "mail.activity",
            "action_feedback",
            activity.ids,
            feedback="Done",
            attachment_ids=pending.ids,
        )
        self.assertEqual(self._get_trace().attachment_ids, pending)
        self._refuse(self.officer, "ir.attachment", "unlink", pending.ids)

    def test_feedback_with_a_file_of_others(self):
        """R43: a finished activity names no file that its user may not read."""
        record = self.env["res.partner"].create({"name": "A shop"})
        activity = record.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.stranger.id
        )
        args = ("mail.activity", "action_feedback", activity.ids)
        self._refuse(self.stranger, *args, attachment_ids=self.sent.ids)
        vals = {"attachment_ids": [Command.link(self.sent.id)]}
        self._refuse(self.stranger, "mail.activity", "write", activity.ids, vals)
        own = self._make_pending(self.stranger)
        self._rpc(self.stranger, *args, attachment_ids=own.ids)

    def test_request_is_deleted(self):
        """R20: deleting a draft also deletes its messages and files."""
        draft = self._make_request()
        sent = self._make_pending(self.manager)
        own = self._make_pending(self.manager)
        message = self._post(self.manager, sent | own, draft)
        own.write({"res_model": "mail.message", "res_id": message.id})
        self._rpc(self.manager, REQUEST, "unlink", draft.ids)
        self.assertFalse((sent | own).exists() or message.exists())

    def test_other_message_is_deleted(self):
        """R20: a sent file survives the deletion of another message that has it."""
        other = self.stranger.partner_id.message_post(body="Elsewhere")
        file = self._make_pending(self.officer)
        file.write({"res_model": "mail.message", "res_id": other.id})
        other.attachment_ids = file
        self._post(self.officer, file)
        with self.assertRaises(AccessError):
            other.with_user(self.manager).sudo().unlink()

    def test_merged(self):
        """R20: after a merge of two files, the files sent on both are kept."""
        other = self.file.copy({"identity_number": False, "portal_user_ids": False})
        sent = self._make_pending(self.officer)
        self._post(self.officer, sent, other)
        self.file.with_user(self.manager)._merge_from(other, [])
        self.assertEqual((sent.res_model, sent.res_id), (other._name, self.file.id))
        self.assertIn(sent, self.file.message_ids.attachment_ids)

    def test_too_large_for_an_email(self):
        """R20: Odoo can still link a large file in the e-mail of the message."""
        self.sent.with_user(self.officer).sudo().generate_access_token()
        self.assertTrue(self.sent.access_token)


@tagged("post_install", "-at_install")
class TestFilesOfPapers(AttachmentCase):
    """Attempts to change the scan of a paper past the paper."""

    def setUp(self):
        super().setUp()
        self.paper = self._make_document(self.file, self.identity_type)
        self.paper.with_user(self.officer).action_match("The card")
        self.scan = self._find("file")

    def _find(self, field):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", PAPER),
                ("res_id", "=", self.paper.id),
                ("res_field", "=", field),
            ]
        )

    def test_only_through_the_paper(self):
        """R13, R43: a scan cannot be changed, published or linked past its paper."""
        for user in (self.officer, self.manager, self.env.ref("base.user_admin")):
            for vals in (*CHANGES, {"thumbnail": PIXEL}):
                with self.subTest(user=user.login, vals=vals):
                    self._refuse(
                        user, "ir.attachment", "write", self.scan.ids, dict(vals)
                    )
            self._refuse(user, "ir.attachment", "unlink", self.scan.ids)
            self._refuse(user, "ir.attachment", "generate_access_token", self.scan.ids)
        self.assertTrue(self.paper.file and self.paper.matched_on)
        self.assertFalse(self.scan.public or self.scan.access_token)

    def test_known_link(self):
        """R43: a link that was made before is not given out either."""
        self.scan.access_token = "known"
        self._refuse(
            self.officer, "ir.attachment", "generate_access_token", self.scan.ids
        )

    def test_never_public(self):
        """R43: no default value in the context makes a scan public."""
        back = {"file_back": PIXEL, "file_back_name": "b.png"}
        self._rpc(self.officer, PAPER, "write", self.paper.ids, back, context=OPEN)
        self.assertEqual(self._find("file_back").mapped("public"), [False])
        self._rpc(self.officer, PAPER, "write", self.paper.ids, {"file_back": False})
        self._refuse(
            self.officer,
            "ir.attachment",
            "create",
            [{"name": "b", "raw": "b"}],
            context={
                "default_res_model": PAPER,
                "default_res_id": self.paper.id,
                "default_res_field": "file_back",
            },
        )
        self.assertFalse(self._find("file_back"))

    def test_replaced_through_the_paper(self):
        """R13: replacing or removing the scan also removes the paper's match."""
        for value in (base64.b64encode(base64.b64decode(PIXEL) + b"\n"), False):
            self.paper.with_user(self.officer).action_match("The card")
            self._rpc(self.officer, PAPER, "write", self.paper.ids, {"file": value})
            self.assertFalse(self.paper.matched_on or self.paper.source)
            if value:
                self.assertTrue(self.paper.file)
        self.assertFalse(self.paper.file)

    def test_sent_scan(self):
        """R20: a message gets a copy of the scan; the copy survives later changes."""
        message = self._post(self.officer, self.scan)
        sent = message.attachment_ids
        self.assertNotEqual(sent, self.scan)
        self.assertEqual(sent.raw, self.scan.raw)
        self._rpc(self.officer, PAPER, "write", self.paper.ids, {"file": False})
        self.assertEqual(message.attachment_ids, sent)
        self.assertTrue(sent.raw)

    def test_sent_scan_of_others(self):
        """R43: a user who may not read a paper cannot send a copy of its scan."""
        self.identity_type.restriction = "health"
        self._refuse(
            self.officer,
            REQUEST,
            "message_post",
            self.request.ids,
            body="See",
            attachment_ids=self.scan.ids,
        )


@tagged("post_install", "-at_install")
class TestTextsByHand(AttachmentCase):
    """The text message composer, on records without a conversation."""

    def _text(self, user, record):
        composer = self._rpc(
            user,
            "sms.composer",
            "create",
            [
                {
                    "res_model": record._name,
                    "res_ids": repr(record.ids),
                    "composition_mode": "mass",
                    "mass_keep_log": False,
                    "body": "Your request was rejected",
                }
            ],
        )
        self._rpc(user, "sms.composer", "action_send_sms", composer)

    def test_who_may(self):
        """R21: only the front desk sends texts, about records that it may change."""
        member = self.env["beneficiary.household.member"].create(
            {"beneficiary_id": self.file.id, "name": "Son"}
        )
        paper = self._make_document(self.file, self.identity_type)
        decision = self._make_request("in_review").decision_ids
        self.assertTrue(decision)
        texts = self.env["sms.sms"]
        known = texts.search_count([])
        for record in (member, paper, decision):
            for user in (
                self.stranger,
                self.auditor,
                self.member,
                self.researcher,
                self.outsider,
            ):
                with (
                    self.subTest(user=user.login, record=record._name),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._text(user, record)
        self.assertEqual(texts.search_count([]), known)
        self._text(self.officer, member)
        self.assertEqual(texts.search_count([]), known + 1)


@tagged("post_install", "-at_install")
class TestFileRoutes(PortalCase):
    """The same files, through Odoo's own routes."""

    def setUp(self):
        super().setUp()
        self.request = self._make_request("submitted")

    def _upload_file(self):
        answer = self._post(
            "/mail/attachment/upload",
            {
                "thread_model": REQUEST,
                "thread_id": self.request.id,
                "is_pending": "true",
            },
            files={"ufile": ("card.png", base64.b64decode(PIXEL), "image/png")},
        ).json()["data"]
        return self.env["ir.attachment"].browse(answer["attachment_id"])

    def _send(self, user):
        """Send a message with one file as ``user``, and return it."""
        self._sign_in(user)
        file = self._upload_file()
        answer = self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": REQUEST,
                "thread_id": self.request.id,
                "post_data": {
                    "body": "See",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "attachment_ids": file.ids,
                    "attachment_tokens": [self._get_token(file, user)],
                },
            },
        )
        self.env.invalidate_all()
        message = self.env["mail.message"].browse(answer["message_id"])
        self.assertEqual(message.attachment_ids, file)
        return message

    def _get_token(self, file, user):
        return file.with_user(user).sudo()._get_ownership_token()

    def _call(self, path, **params):
        try:
            with mute_logger("odoo.http"):
                self.make_jsonrpc_request(path, params)
            return True
        except JsonRpcException:
            return False
        finally:
            self.env.invalidate_all()

    def test_delete(self):
        """R20: nobody takes a file off a message that was sent, not even its author."""
        for user in (self.applicant, self.officer):
            message = self._send(user)
            file = message.attachment_ids
            with self.subTest(user=user.login):
                self.assertFalse(
                    self._call(
                        "/mail/attachment/delete",
                        attachment_id=file.id,
                        access_token=self._get_token(file, user),
                    )
                )
                self.assertEqual(message.attachment_ids, file)
                self.assertTrue(file.raw)

    def test_delete_of_others(self):
        """R20: no member of staff can delete what the applicant sent."""
        message = self._send(self.applicant)
        file = message.attachment_ids
        for user in (self.officer, self.manager):
            self._sign_in(user)
            self.assertFalse(
                self._call("/mail/attachment/delete", attachment_id=file.id)
            )
            self.assertEqual(message.attachment_ids, file)
        self.assertTrue(file.raw)

    def test_delete_pending(self):
        """R20: the files of an unsent message can be deleted."""
        for user in (self.applicant, self.officer):
            self._sign_in(user)
            file = self._upload_file()
            self.assertTrue(
                self._call(
                    "/mail/attachment/delete",
                    attachment_id=file.id,
                    access_token=self._get_token(file, user),
                )
            )
            self.assertFalse(file.exists())

    def test_update_content(self):
        """R20: no correction of a message takes off its files."""
        for user in (self.applicant, self.officer):
            message = self._send(user)
            file = message.attachment_ids
            for body in (None, "Otherwise"):
                with self.subTest(user=user.login, body=body):
                    self.assertFalse(
                        self._call(
                            "/mail/message/update_content",
                            message_id=message.id,
                            update_data={
                                "body": body,
                                "attachment_ids": [],
                                "attachment_tokens": [],
                            },
                        )
                    )
                    self.assertEqual(message.attachment_ids, file)
                    self.assertIn("See", message.body)

    def test_scan(self):
        """R13: the route cannot empty a paper."""
        paper = self._make_document(self.file, self.identity_type)
        scan = self.env["ir.attachment"].search(
            [
                ("res_model", "=", PAPER),
                ("res_id", "=", paper.id),
                ("res_field", "=", "file"),
            ]
        )
        for user in (self.officer, self.manager):
            self._sign_in(user)
            self.assertFalse(
                self._call("/mail/attachment/delete", attachment_id=scan.id)
            )
            self.assertTrue(paper.file)
