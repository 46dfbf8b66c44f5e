import base64

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from ..common import PIXEL, AssociationMixin, BeneficiaryCommon, pdf_base64
from ..request.common import PortalCase
from ..upload_cases import make_pdf, make_photo, make_png

REQUEST = "beneficiary.request"
PROGRAM = b"MZ\x90\x00" + bytes(60)
HUGE = make_png(30_000, 30_000, b"x")
SCRIPT = make_pdf(catalog=b"/OpenAction <</S /JavaScript /JS (x)>>")
DEVICE = "Telephone 9"

MAIL = """MIME-Version: 1.0
From: {sender}
To: {to}
Subject: Help
Message-ID: <1@example.com>
Content-Type: multipart/mixed; boundary="X"

--X
Content-Type: text/plain; charset=utf-8

My papers are attached.
--X
Content-Type: application/octet-stream; name="card.exe"
Content-Disposition: attachment; filename="card.exe"
Content-Transfer-Encoding: base64

{program}
--X
Content-Type: application/pdf; name="form.pdf"
Content-Disposition: attachment; filename="form.pdf"
Content-Transfer-Encoding: base64

{script}
--X
Content-Type: image/jpeg; name="card.jpg"
Content-Disposition: attachment; filename="card.jpg"
Content-Transfer-Encoding: base64

{photo}
--X--
"""


def encode(content):
    return base64.b64encode(content).decode()


def make_telephone_photo():
    """Return a photo whose metadata name the telephone that took it."""
    exif = Image.Exif()
    exif[0x0110] = DEVICE
    return make_photo("JPEG", exif=exif.tobytes())


@tagged("post_install", "-at_install")
class TestUpload(BeneficiaryCommon):
    """Uploads into file fields: by form, import and RPC."""

    def test_every_field(self):
        """Safety: every field of the addon that takes files is checked."""
        for name in self.registry:
            if not name.startswith("beneficiary."):
                continue
            model = self.env[name]
            taken = {
                field.name
                for field in model._fields.values()
                if isinstance(field, fields.Binary) and field.store
            }
            with self.subTest(model=name):
                self.assertEqual(taken, set(getattr(model, "_upload_fields", ())))

    def test_refused(self):
        """Safety: for every field, the refusal is a sentence that says what to do."""
        request = self._make_request("verified")
        paper = request.document_ids[:1]
        wizard = self.env["beneficiary.request.move"].with_user(self.officer)
        vals = {"request_id": request.id, "move": "declare"}
        tools = self.env["beneficiary.tool"].with_user(self.manager)
        tool = {"name": "Form", "code": "form", "company_id": self.company.id}
        for content, words in (
            (HUGE, "12 megapixels are enough"),
            (PROGRAM, "not a photo"),
        ):
            for records, method, args in (
                (paper.with_user(self.officer), "write", [{"file": encode(content)}]),
                (wizard, "create", [{**vals, "signature": encode(content)}]),
                (wizard, "create", [{**vals, "paper": encode(content)}]),
                (tools, "create", [{**tool, "file": encode(content)}]),
            ):
                ids = [records.ids] if method == "write" else []
                with (
                    self.subTest(model=records._name, words=words),
                    self.assertRaisesRegex(ValidationError, words),
                ):
                    call_kw(records, method, [*ids, *args], {})
        with self.assertRaisesRegex(ValidationError, "not a photo"):
            wizard.create({**vals, "signature": pdf_base64()})

    def test_default(self):
        """Safety: a file in a default value of the context is dropped."""
        wizard = self.env["beneficiary.request.move"].with_context(
            default_signature=encode(PROGRAM), default_paper=encode(PROGRAM)
        )
        request = self._make_request("verified")
        made = wizard.create({"request_id": request.id, "move": "declare"})
        self.assertFalse(made.signature or made.paper)

    def test_kept(self):
        """Privacy: the place and the device of a photo are not stored."""
        paper = self._make_document(self.file, self.identity_type)
        content = make_telephone_photo()
        self.assertIn(DEVICE.encode(), content)
        for cached in (True, False):
            if cached:
                paper.file = base64.b64encode(content)
            else:
                paper.invalidate_recordset()
            kept = base64.b64decode(paper.file)
            self.assertNotIn(DEVICE.encode(), kept)
        self.assertEqual(paper.file_name, "scan.jpg")

    def test_file_of_a_field(self):
        """Safety: a field's attachment can be changed only on its record."""
        paper = self._make_document(self.file, self.identity_type)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", paper._name),
                ("res_id", "=", paper.id),
                ("res_field", "=", "file"),
            ]
        )
        mine = attachment.with_user(self.officer)
        place = {"res_model": paper._name, "res_id": paper.id, "res_field": "file_back"}
        loose = mine.create({"name": "a", "raw": PROGRAM})
        for write in (
            lambda: call_kw(mine, "write", [mine.ids, {"raw": "MZ"}], {}),
            lambda: call_kw(mine, "write", [mine.ids, {"datas": PIXEL}], {}),
            lambda: call_kw(mine, "create", [{"name": "b", "raw": "MZ", **place}], {}),
            lambda: call_kw(loose, "write", [loose.ids, place], {}),
        ):
            with self.assertRaisesRegex(AccessError, "on the record itself"):
                write()
        # The stored file is still the original.
        self.assertEqual(base64.b64decode(paper.file), base64.b64decode(PIXEL))

    def test_staff(self):
        """Staff can attach other kinds of files; a huge picture is refused."""
        request = self._make_request("submitted").with_user(self.officer)
        message = request.message_post(body="See", attachments=[("a.csv", b"a;b")])
        self.assertEqual(message.attachment_ids.name, "a.csv")
        with self.assertRaisesRegex(UserError, "12 megapixels are enough"):
            request.message_post(body="See", attachments=[("a.png", HUGE)])


@tagged("post_install", "-at_install")
class TestUploadPortal(PortalCase):
    """Uploads of an applicant: signatures, and files in the conversation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.applicant.lang = "en_US"

    def _attach(self, request, content, pending="true"):
        response = self._post(
            "/mail/attachment/upload",
            {"thread_model": REQUEST, "thread_id": request.id, "is_pending": pending},
            files={"ufile": ("card.exe", content, "image/png")},
        )
        self.assertEqual(response.status_code, 200)
        return response.json()

    def _assert_told(self, route, params):
        """Check that a route answers with an explanation and not with a fault."""
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "ValidationError"),
        ):
            self.make_jsonrpc_request(route, params)
        self.env.invalidate_all()

    def test_conversation(self):
        """Safety: only photos and PDFs; a refusal is a sentence for the client."""
        request = self._make_request("submitted")
        attachments = self.env["ir.attachment"]
        count = attachments.search_count([])
        for content, words in (
            (PROGRAM, "not a photo or a PDF"),
            (b"", "not a photo or a PDF"),
            (HUGE, "12 megapixels are enough"),
            (SCRIPT, "carries a program"),
        ):
            for pending in ("true", "false"):
                with self.subTest(words=words, pending=pending):
                    answer = self._attach(request, content, pending)
                    self.assertIn(words, answer["error"]["message"])
        self.assertEqual(attachments.search_count([]), count)
        for pending in ("true", "false"):
            answer = self._attach(request, make_telephone_photo(), pending)
            attachment = attachments.browse(answer["data"]["attachment_id"])
            self.assertEqual(attachment.name, "card.jpg")
            self.assertEqual(attachment.mimetype, "image/jpeg")
            self.assertNotIn(DEVICE.encode(), attachment.raw)

    def test_conversation_of_others(self):
        """R43: users who may not write there learn nothing about a file."""
        request = self._make_request("submitted")
        self._sign_in(self.neighbour)
        response = self._post(
            "/mail/attachment/upload",
            {"thread_model": REQUEST, "thread_id": request.id},
            files={"ufile": ("card.exe", PROGRAM, "image/png")},
        )
        self.assertEqual(response.status_code, 404)

    def test_file_from_elsewhere(self):
        """Safety: a file that was uploaded elsewhere is checked when it is moved."""
        request = self._make_request("submitted")
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.applicant)
            .sudo()
            .create(
                {
                    "name": "card.exe",
                    "raw": PROGRAM,
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        )
        post = {
            "thread_model": REQUEST,
            "thread_id": request.id,
            "post_data": {
                "body": "Hello",
                "attachment_ids": attachment.ids,
                "attachment_tokens": [attachment._get_ownership_token()],
            },
        }
        self._assert_told("/mail/message/post", post)
        self.env.invalidate_all()
        self.assertEqual(attachment.res_model, "mail.compose.message")
        attachment.with_user(self.env.user).raw = make_telephone_photo()
        self.make_jsonrpc_request("/mail/message/post", post)
        self.env.invalidate_all()
        self.assertEqual(attachment.res_model, REQUEST)
        self.assertEqual(attachment.name, "card.jpg")
        self.assertNotIn(DEVICE.encode(), attachment.raw)

    def test_thumbnail(self):
        """Safety: the thumbnail of a PDF is checked too."""
        request = self._make_request("submitted")
        answer = self._attach(request, make_pdf())
        attachment = self.env["ir.attachment"].browse(answer["data"]["attachment_id"])
        token = attachment.with_user(self.applicant).sudo()._get_ownership_token()
        given = {"attachment_id": attachment.id, "access_token": token}
        for content in (HUGE, PROGRAM):
            self._assert_told(
                "/mail/attachment/update_thumbnail",
                {**given, "thumbnail": encode(content)},
            )
        for thumbnail in (PIXEL, None):
            self.make_jsonrpc_request(
                "/mail/attachment/update_thumbnail", {**given, "thumbnail": thumbnail}
            )

    def test_signature(self):
        """R16: a signature is a picture of acceptable size; otherwise it is refused."""
        request = self._make_request("verified")
        for content in (HUGE, PROGRAM, SCRIPT, make_pdf()):
            answer = self._sign(request, signature=encode(content))
            self.assertTrue(answer["error"])
        for signature in ("!!!", "A"):
            self.assertIn("error", self._sign(request, signature=signature))
        self.assertEqual(request.state, "verified")
        self.assertNotIn("error", self._sign(request))


@tagged("post_install", "-at_install")
class TestUploadMail(AssociationMixin, MailCommon):
    """Attachments of incoming e-mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_associations()
        cls.company.alias_domain_id = cls.mail_alias_domain
        cls.company.write(
            {
                "beneficiary_mail_officer_id": cls.officer.id,
                "beneficiary_alias_name": "care",
            }
        )

    def test_attachments(self):
        """Safety: the e-mail is kept, and names each refused file and the reason."""
        for sender in ("stranger@example.com", self.officer.email):
            before = self.env["beneficiary.interaction"].search([])
            with mute_logger("odoo.addons.mail.models.mail_thread"):
                self.env["mail.thread"].message_process(
                    None,
                    MAIL.format(
                        sender=sender,
                        to=f"care@{self.alias_domain}",
                        program=encode(PROGRAM),
                        script=encode(SCRIPT),
                        photo=encode(make_telephone_photo()),
                    ).replace("<1@", f"<{sender}-1@"),
                )
            interaction = self.env["beneficiary.interaction"].search([]) - before
            message = interaction.message_ids.filtered("attachment_ids")
            self.assertEqual(message.attachment_ids.mapped("name"), ["card.jpg"])
            self.assertNotIn(DEVICE.encode(), message.attachment_ids.raw)
            self.assertIn("My papers are attached.", message.body)
            for words in ("card.exe", "not a photo or a PDF", "form.pdf", "a program"):
                self.assertIn(words, message.body)
            self.assertNotIn("card.jpg", message.body)
