import base64
import hashlib
import hmac
import json

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon
from odoo.addons.mail.tools.discuss import Store

from ..common import PIXEL, AssociationMixin, BeneficiaryCommon
from ..request.common import PortalCase

REQUEST = "beneficiary.request"
MAIL = """MIME-Version: 1.0
From: {sender}
To: {to}
Subject: Your request
Message-ID: <forged@example.com>
In-Reply-To: {parent}
Content-Type: text/plain; charset=utf-8

Your request was REJECTED
"""


@tagged("post_install", "-at_install")
class TestLinks(PortalCase):
    """Door 1: nothing in a link opens a record; an empty token would be the same for
    all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file._get_or_create_contacts()

    def setUp(self):
        super().setUp()
        self.requests = self._make_request("in_review") | self._make_request()
        # The signature of earlier mails, without any token.
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        self.pid = self.file.partner_id.id
        self.old_hash = self._sign((self.env.cr.dbname, "", self.pid), secret)
        self.authenticate(None, None)

    @staticmethod
    def _sign(token, secret):
        return hmac.new(
            secret.encode(), repr(token).encode(), hashlib.sha256
        ).hexdigest()

    def _get_keys(self, record):
        """Return everything that a link to ``record`` might carry."""
        known = record.sudo()
        others = self.requests.filtered(lambda request: request != record)
        return [
            {},
            {"token": "", "hash": "", "pid": ""},
            {"hash": self.old_hash, "pid": self.pid},
            {"hash": self._sign_of(others), "pid": self.pid},
            {"hash": self._sign_of(record), "pid": self.pid},
            {"token": "False"},
            {"token": known._fields.get("access_token") and known.access_token or "x"},
        ]

    def _sign_of(self, records):
        if "access_token" not in records._fields:
            return self.old_hash
        return records[:1].sudo()._sign_token(self.pid)

    def _call(self, path, params):
        """Return the answer of a JSON route as text; a refusal becomes an empty one."""
        try:
            with mute_logger("odoo.http"):
                return json.dumps(self.make_jsonrpc_request(path, params))
        except JsonRpcException as error:
            self.assertIn(
                str(error),
                ("odoo.exceptions.AccessError", "werkzeug.exceptions.NotFound"),
            )
            return ""

    def test_each_request_has_a_secret(self):
        """R43: each request has its own token; no user reads it, no address has it."""
        tokens = self.requests.mapped("access_token")
        self.assertEqual(len(set(tokens)), 2)
        self.assertTrue(all(len(token) >= 32 for token in tokens))
        request = self.requests[0]
        for user in (self.officer, self.manager, self.auditor):
            with self.assertRaises(AccessError):
                request.with_user(user).read(["access_token"])
        message = request.with_user(self.officer).message_post(
            body="Bring the original",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.file.partner_id.ids,
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertTrue(mails)
        page = "".join(mails.mapped("body_html"))
        self.assertIn(f"/mail/view?model={REQUEST}", page)
        for secret in ("hash=", "pid=", "token="):
            self.assertNotIn(secret, page)
        for url in (request._get_share_url(pid=self.pid), request.get_portal_url()):
            self.assertNotIn(request.access_token, url)
            self.assertNotIn("hash", url)

    def test_signed_out(self):
        """R43: a link opens no record through the routes of mail, portal or rating."""
        threads = [*self.requests, self.file]
        session = self.env["beneficiary.committee.session"].create(
            {
                "committee_id": self.committee.id,
                "start": "2030-01-01 08:00:00",
                "stop": "2030-01-01 09:00:00",
            }
        )
        for record in (*threads, session):
            count = len(record.message_ids)
            for keys in self._get_keys(record):
                with self.subTest(model=record._name, keys=keys.keys()):
                    thread = {"thread_model": record._name, "thread_id": record.id}
                    answers = self._call(
                        "/mail/data",
                        {
                            "fetch_params": [
                                [
                                    "mail.thread",
                                    {
                                        **thread,
                                        "request_list": [
                                            "followers",
                                            "attachments",
                                            "activities",
                                        ],
                                        **keys,
                                    },
                                ]
                            ]
                        },
                    )
                    answers += self._call("/portal/chatter_init", {**thread, **keys})
                    answers += self._call("/mail/chatter_fetch", {**thread, **keys})
                    posted = self._call(
                        "/mail/message/post",
                        {**thread, "post_data": {"body": "Forged"}, **keys},
                    )
                    self.assertFalse(posted)
                    for secret in (self.file.name, "br_officer", "br_chair", "salem"):
                        self.assertNotIn(secret, answers)
                    self._refuse_upload(record, keys)
            self.assertEqual(len(record.message_ids), count)

    def _refuse_upload(self, record, keys):
        known = self.env["ir.attachment"].search_count([])
        with mute_logger("odoo.http"):
            response = self._post(
                "/mail/attachment/upload",
                {"thread_model": record._name, "thread_id": record.id, **keys},
                files={"ufile": ("card.png", base64.b64decode(PIXEL), "image/png")},
            )
        self.assertIn(response.status_code, (403, 404))
        self.assertEqual(self.env["ir.attachment"].search_count([]), known)

    def test_sign_in_opens_it(self):
        """R26: the applicant reads and writes on the own request after signing in."""
        self._sign_in(self.applicant)
        request = self.requests[0]
        answer = self._call(
            "/mail/message/post",
            {
                "thread_model": REQUEST,
                "thread_id": request.id,
                "post_data": {"body": "When do you reply?"},
            },
        )
        self.assertIn("When do you reply?", answer)
        self.assertEqual(
            request.activity_ids.filtered(
                lambda activity: (
                    activity.activity_type_id.get_external_id()[
                        activity.activity_type_id.id
                    ]
                    == "beneficiary_relations.mail_activity_type_portal"
                )
            ).user_id,
            self.officer,
            "the office is told that an answer is waited for",
        )


@tagged("post_install", "-at_install")
class TestGateway(AssociationMixin, MailCommon):
    """Door 5: an e-mail counts as a word only if the applicant wrote it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_associations()
        cls.company.alias_domain_id = cls.mail_alias_domain
        cls.company.partner_id.lang = "en_US"  # the language of the gateway's notes
        cls.request = cls._make_request(cls(), "in_review")
        cls.env["beneficiary.notice"]._queue(cls.request, "review_notice")

    def _receive(self, sender, user=None, parent="<x@example.com>"):
        threads = self.env["mail.thread"]
        if user:
            threads = self.env(user=user, context={})["mail.thread"]
        mail = MAIL.format(sender=sender, to="care@example.com", parent=parent)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            return call_kw(
                threads,
                "message_process",
                [REQUEST, mail],
                {"thread_id": self.request.id},
            )

    def _get_forged(self):
        return self.env["mail.message"].search(
            [("message_id", "=", "<forged@example.com>")]
        )

    def test_message_ids_are_not_guessed(self):
        """R22: a notice keeps one Message-ID for all tries, and nobody can guess it."""
        notices = self.request.notice_ids
        self.assertTrue(notices)
        for notice in notices:
            message_id = notice._get_message_id()
            self.assertEqual(message_id, notice.mail_message_id.message_id)
            self.assertNotIn(str(notice.event), message_id)
            self.assertRegex(message_id, "^<[0-9a-f]{64}@")
        ids = [notice._get_message_id() for notice in notices]
        self.assertEqual(len(set(ids)), len(ids))
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self.assertNotIn(notices[0]._get_message_id(), ids)

    def test_nobody_is_the_gateway(self):
        """R26: no user can submit an e-mail or a bounce to a record of ours."""
        applicant = self.file.email
        notice = self.request.notice_ids.filtered(
            lambda notice: notice.channel == "email"
        )[:1]
        for user in (self.stranger, self.auditor, self.officer, self.outsider):
            for parent in ("<x@example.com>", notice.mail_message_id.message_id):
                with (
                    self.subTest(user=user.login, parent=parent),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._receive(applicant, user, parent)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env(user=user, context={})["mail.thread"]._routing_handle_bounce(
                    None, {"bounced_message": notice.mail_message_id}
                )
        self.assertFalse(self._get_forged())

    def test_stranger(self):
        """R26: an e-mail from a stranger becomes a marked note without an author."""
        self._receive('"The Director" <director@example.com>')
        message = self._get_forged()
        self.assertTrue(message.subtype_id.internal)
        self.assertTrue(message.is_internal)
        self.assertFalse(message.author_id)
        self.assertIn("مرسل غير مثبت", message.body)  # for the office
        self.assertIn("director@example.com", message.body)
        self.assertTrue(self.request.activity_ids)

    def test_officer_by_mail(self):
        """R26: a sender address of the office is unproven: the e-mail has no author."""
        self.officer.email = "officer@example.com"
        for parent in self.request.message_ids.mapped("message_id"):
            with self.env.cr.savepoint() as savepoint:
                self._receive("officer@example.com", parent=parent)
                message = self._get_forged()
                self.assertTrue(message.subtype_id.internal)
                self.assertFalse(message.author_id)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_member_by_mail(self):
        """R21: an e-mail from a committee member stays internal."""
        self.member.email = "member@example.com"
        told = self.env["mail.mail"].search_count([])
        self._receive("member@example.com")
        message = self._get_forged()
        self.assertTrue(message.subtype_id.internal)
        seen = self.env(user=self.applicant, context={})["mail.message"]
        self.assertFalse(seen.search([("id", "=", message.id)]))
        with self.assertRaises(AccessError):
            seen.browse(message.id).read(["body"])
        self.assertNotIn(self.file.partner_id, message.notified_partner_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), told)

    def test_applicant(self):
        """R26: the applicant's own e-mail becomes their word, also on the portal."""
        self._receive(f"Salem <{self.file.email.upper()}>")
        message = self._get_forged()
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertFalse(message.is_internal)
        self.assertEqual(message.author_id, self.file.partner_id)
        self.assertNotIn("Unproven", message.body)

    def test_notes_are_not_read_one_by_one(self):
        """R21: an applicant cannot read the notes of steps by their ids either."""
        seen = self.env(user=self.applicant, context={})["mail.message"]
        notes = self.request.message_ids
        self.assertIn("notification", notes.mapped("message_type"))
        for note in notes:
            with self.assertRaises(AccessError):
                seen.browse(note.id).read(["body"])


@tagged("post_install", "-at_install")
class TestSaid(BeneficiaryCommon):
    """Doors 8 and 9: notes cannot be changed, and no generic model adds to them."""

    def setUp(self):
        super().setUp()
        self.request = self._make_request("in_review")

    def _rpc(self, user, name, method, *args, **kwargs):
        records = self.env(user=user, context={})[name]
        return call_kw(records, method, list(args), kwargs)

    def test_notes_of_steps(self):
        """R10, R21: nobody can change or delete the addon's own notes."""
        notes = self.request.message_ids
        self.assertTrue(notes)
        before = notes.mapped("body")
        for user in (self.officer, self.manager, self.chair, self.researcher):
            for vals in (
                {"body": "Accepted"},
                {"tracking_value_ids": [(5,)]},
                {"date": "2020-01-01"},
                {"author_id": user.partner_id.id},
                {"subtype_id": self.env.ref("mail.mt_comment").id},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._rpc(user, "mail.message", "write", notes[0].ids, vals)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._rpc(user, "mail.message", "unlink", notes[0].ids)
        self.env.invalidate_all()
        self.assertEqual(notes.mapped("body"), before)

    def test_words_stay(self):
        """R20: nobody changes the words or the time of a message: no author either."""
        [message_id] = self._rpc(
            self.officer,
            "beneficiary.request",
            "message_post",
            self.request.ids,
            body="Come on Sunday",
            subtype_xmlid="mail.mt_comment",
        )
        message = self.env["mail.message"].browse(message_id)
        for user in (self.officer, self.manager, self.chair):
            for vals in ({"body": "On Monday"}, {"date": "2020-01-01"}):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._rpc(user, "mail.message", "write", message.ids, vals)
        self.env.invalidate_all()
        self.assertIn("Come on Sunday", message.body)

    def test_nobody_writes_as_somebody_else(self):
        """R26: no call lets a user choose the author of a message."""
        other = self.chair.partner_id
        [message_id] = self._rpc(
            self.officer,
            "beneficiary.request",
            "message_post",
            self.request.ids,
            body="Rejected",
            author_id=other.id,
            email_from="chair@example.com",
            subtype_xmlid="mail.mt_comment",
        )
        message = self.env["mail.message"].browse(message_id)
        self.assertEqual(message.author_id, self.officer.partner_id)
        self.assertNotIn("chair", message.email_from)
        vals = {
            "model": REQUEST,
            "res_id": self.request.id,
            "body": "Rejected",
            "author_id": other.id,
        }
        for claims in ({"author_id": other.id}, {"author_id": False}):
            [message_id] = self._rpc(
                self.officer,
                "mail.message",
                "create",
                [
                    {
                        **vals,
                        **claims,
                        "email_from": "chair@example.com",
                        "date": "2020-01-01 00:00:00",
                        "message_type": "notification",
                        "tracking_value_ids": [(0, 0, {})],
                    }
                ],
            )
            made = self.env["mail.message"].browse(message_id)
            self.assertEqual(made.author_id, self.officer.partner_id)
            self.assertNotIn("chair", made.email_from)
            self.assertGreater(made.date.year, 2020)
            self.assertEqual(made.message_type, "comment")
            self.assertFalse(made.tracking_value_ids)

    def test_generic_writers(self):
        """R43: a user without rights on a request adds nothing to it by any model."""
        known = self.env["mail.message"].search([])
        followers = self.request.message_partner_ids
        activities = self.request.activity_ids
        one = {"res_model": REQUEST, "res_ids": repr(self.request.ids)}
        model_id = self.env["ir.model"]._get_id(REQUEST)
        for user in (self.stranger, self.auditor, self.outsider):
            writers = {
                "sms.composer": (
                    {**one, "composition_mode": "mass", "body": "x"}
                    | {"mass_keep_log": True, "mass_force_send": False},
                    "action_send_sms",
                ),
                "mail.compose.message": (
                    {
                        "model": REQUEST,
                        "res_ids": repr(self.request.ids),
                        "composition_mode": "mass_mail",
                        "auto_delete_keep_log": True,
                        "body": "x",
                        "subject": "x",
                    },
                    "action_send_mail",
                ),
                "mail.activity": (
                    {"res_model_id": model_id, "res_id": self.request.id},
                    None,
                ),
                "mail.scheduled.message": (
                    {
                        "model": REQUEST,
                        "res_id": self.request.id,
                        "author_id": user.partner_id.id,
                        "body": "x",
                        "scheduled_date": "2030-01-01 00:00:00",
                    },
                    "post_message",
                ),
                "mail.followers": (
                    {
                        "res_model": REQUEST,
                        "res_id": self.request.id,
                        "partner_id": user.partner_id.id,
                    },
                    None,
                ),
                "mail.followers.edit": (
                    {**one, "partner_ids": [(6, 0, user.partner_id.ids)]},
                    "edit_followers",
                ),
                "rating.rating": (
                    {"res_model_id": model_id, "res_id": self.request.id, "rating": 1},
                    None,
                ),
                "ir.attachment": (
                    {"res_model": REQUEST, "res_id": self.request.id, "name": "x"},
                    None,
                ),
            }
            for model, (vals, action) in writers.items():
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    ids = self._rpc(user, model, "create", [vals])
                    if action:
                        self._rpc(user, model, action, ids)
        self.env.invalidate_all()
        self.assertEqual(self.env["mail.message"].search([]), known)
        self.assertEqual(self.request.message_partner_ids, followers)
        self.assertEqual(self.request.activity_ids, activities)

    def test_hidden_contacts_are_not_written_to(self):
        """R43: users who may not know an applicant reach them from no record."""
        contact = self.file._get_or_create_contacts()
        own = self.env["res.partner"].create({"name": "A shop"})
        event = {
            "name": "Come",
            "start": "2030-01-01 08:00:00",
            "stop": "2030-01-01 09:00:00",
            "partner_ids": [(6, 0, contact.ids)],
        }
        for user in (self.stranger, self.auditor, self.outsider):
            attempts = [
                ("calendar.event", "create", [event], {}),
                (
                    "res.partner",
                    "message_post",
                    own.ids,
                    {"body": "Pay", "partner_ids": contact.ids},
                ),
                (
                    "mail.thread",
                    "message_notify",
                    [],
                    {"body": "Pay", "partner_ids": contact.ids},
                ),
            ]
            for model, method, first, kwargs in attempts:
                with (
                    self.subTest(user=user.login, model=model, method=method),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._rpc(user, model, method, first, **kwargs)
        self.assertFalse(
            self.env["mail.message"].search([("partner_ids", "in", contact.ids)])
        )

    def test_reactions_are_of_who_may_write(self):
        """R43: nobody can react to a message that was sent to somebody else."""
        message = self.request.message_notify(
            body="Yours", partner_ids=self.officer.partner_id.ids
        )
        for user in (self.stranger, self.outsider, self.auditor, self.applicant):
            messages = self.env(user=user, context={})["mail.message"]
            self.assertFalse(messages._get_with_access(message.id, mode="create"))

    def test_signs_are_words(self):
        """R21: committee members and researchers cannot react to words."""
        word = self.request.with_user(self.officer).message_post(
            body="Bring the original", subtype_xmlid="mail.mt_comment"
        )
        for user in (self.member, self.researcher):
            messages = self.env(user=user, context={})["mail.message"]
            with self.assertRaises(AccessError):
                messages.browse(word.id).sudo()._message_reaction(
                    "👎", "add", user.partner_id, self.env["mail.guest"], Store()
                )
        for user in (self.officer, self.applicant):
            messages = self.env(user=user, context={})["mail.message"]
            messages.browse(word.id).sudo()._message_reaction(
                "👍", "add", user.partner_id, self.env["mail.guest"], Store()
            )
        self.assertEqual(len(word.sudo().reaction_ids), 2)

    def test_rating_of_a_message(self):
        """R30: a rating cannot be linked to a message on a record of ours."""
        vals = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.manager.partner_id.id,
            "message_id": self.request.message_ids[0].id,
            "rating": 1,
        }
        with self.assertRaises(AccessError):
            self._rpc(self.manager, "rating.rating", "create", [vals])

    def test_templates_send_nothing_else(self):
        """R20, R43: the values that a caller adds to a template give access to no paper
        and reach no applicant."""
        paper = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "beneficiary.document"),
                ("res_id", "in", self.file.document_ids.ids),
                ("res_field", "=", "file"),
            ],
            limit=1,
        )
        self.assertTrue(paper)
        contact = self.file._get_or_create_contacts()
        template = self.env["mail.template"].create(
            {
                "name": "x",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "x",
                "body_html": "x",
            }
        )
        note = self.env.ref("mail.mt_note").id
        on_request = {"model": REQUEST, "res_id": self.request.id}
        attempts = (
            {"attachment_ids": [(6, 0, paper.ids)], "email_to": "thief@example.com"},
            {"recipient_ids": [(6, 0, contact.ids)]},
            {
                **on_request,
                "message_type": "user_notification",
                "is_internal": True,
                "recipient_ids": [(6, 0, contact.ids)],
                "author_id": False,
                "email_from": "Association <a@example.com>",
            },
            {
                **on_request,
                "message_type": "notification",
                "subtype_id": note,
                "date": "2020-01-01 00:00:00",
                "email_from": "Director <director@example.com>",
            },
        )
        mails = self.env["mail.mail"].search_count([])
        notes = self.request.message_ids
        others, to_people = attempts[1:], attempts[1:3]
        tried = {
            self.stranger: attempts,
            self.outsider: attempts,
            self.auditor: others,  # reads all papers
            self.member: to_people,
            self.researcher: to_people,
        }
        for user, tries in tried.items():
            for values in tries:
                with (
                    self.subTest(user=user.login, values=values.keys()),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._rpc(
                        user,
                        "mail.template",
                        "send_mail",
                        template.ids,
                        user.partner_id.id,
                        email_values=values,
                    )
        self.env.invalidate_all()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.request.message_ids, notes)

    def test_delegates_write_to_the_applicant(self):
        """R26: a delegate's words reach the applicant too, and nobody else."""
        branch = self._make_branch(self.delegate)
        self.file.branch_id = branch
        request = self._make_request(branch_id=branch.id)
        contact = self.file._get_or_create_contacts()
        ids = self._rpc(
            self.delegate,
            REQUEST,
            "message_post",
            request.ids,
            body="Bring the original",
            subtype_xmlid="mail.mt_comment",
        )
        message = self.env["mail.message"].browse(ids)
        self.assertIn(contact, message.notified_partner_ids)
        self.assertIn(self.applicant.partner_id, message.notified_partner_ids)
        stranger = self.env["beneficiary.beneficiary"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        with self.assertRaises(AccessError):
            self._rpc(
                self.delegate,
                REQUEST,
                "message_post",
                request.ids,
                body="Bring the original",
                subtype_xmlid="mail.mt_comment",
                partner_ids=stranger._get_or_create_contacts().ids,
            )
