import base64
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PIXEL, pdf_base64
from ..request.common import PortalCase, select

INTERACTION = "beneficiary.interaction"
NEW = "/my/contacts/new"


@tagged("post_install", "-at_install", "without_demo")
class TestContactPortal(PortalCase):
    """R27, R48: a person writes on the portal, and reads the answer there."""

    def _write(self, follow=False, files=None, **vals):
        """Send the form of a new contact, as the browser would."""
        page = self._get(NEW)
        (key,) = select(page, "[name=submission_key]")
        self.assertTrue(select(page, "textarea[name=words]"))
        form = {
            "kind": "question",
            "subject": "متى يصل الرد؟",
            "words": "قدّمت طلبي قبل شهر.",
            "submission_key": key.get("value"),
            **vals,
        }
        return self._post(NEW, form, files=files, allow_redirects=follow)

    def _get_written(self, user=None):
        return self.env[INTERACTION].search(
            [("asked_by_id", "=", (user or self.applicant).id)]
        )

    def _answer(self, contact):
        office = contact.with_user(contact.owner_id)
        office.write(
            {"answer": "يوم الأحد", "answer_channel_id": self._channel("website").id}
        )
        office.action_answer()

    def _page(self, contact):
        return self._get(f"/my/contacts/{contact.id}")

    def _words(self, page):
        return " ".join(page.text_content().split())

    def test_every_kind(self):
        """R27: what is written has number, owner and due date, and a page."""
        self.file.officer_id = self.officer
        for kind, owner in (
            ("question", self.officer),
            ("suggestion", self.officer),
            ("complaint", self.manager),
            ("dispute", self.manager),
        ):
            with self.subTest(kind=kind):
                response = self._write(kind=kind)
                self.assertEqual(response.status_code, 303)
                contact = self._get_written()[:1]
                self.assertIn(
                    f"/my/contacts/{contact.id}", response.headers["Location"]
                )
                self.assertEqual((contact.kind, contact.owner_id), (kind, owner))
                self.assertEqual(contact.answer_state, "open")
                self.assertEqual(contact.channel_id, self._channel("website"))
                self.assertTrue(contact.answer_due_on and contact.activity_ids)
                text = self._words(self._page(contact))
                for part in (contact.number, contact.subject, contact.words):
                    self.assertIn(part, text)
        self.assertEqual(len(select(self._get("/my/contacts"), "a.o_br_contact")), 4)

    def test_answer(self):
        """R48: the person is told once of the answer, reads it, and may add to it."""
        self._write()
        contact = self._get_written()
        mails = self.env["mail.mail"].search_count([])
        texts = self.env["sms.sms"].search_count([])
        self._answer(contact)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails + 1)
        self.assertEqual(self.env["sms.sms"].search_count([]), texts + 1)
        self.assertEqual(mail.email_to, self.file.email)
        link = f"/my/contacts/{contact.id}"
        self.assertIn(link, mail.body_html)
        self.assertIn('dir="rtl"', mail.body_html)
        text = self.env["sms.sms"].search([], order="id desc", limit=1)
        self.assertIn(link, text.body)
        self.assertNotIn("الأحد", text.body)
        self.assertIn("يوم الأحد", self._words(self._page(contact)))
        self._post(f"{link}/add", {"words": "أي أحد؟", "submission_key": "again"})
        self.assertEqual(contact.answer_state, "open")
        self.assertGreaterEqual(
            contact.answer_due_on, self.company._get_beneficiary_today()
        )
        self.assertEqual(contact.activity_ids.user_id, contact.owner_id)
        words = self._words(self._page(contact))
        self.assertIn("يوم الأحد", words)
        self.assertIn("أي أحد؟", words)
        self._answer(contact)
        contact.with_user(contact.owner_id).action_close()
        self.assertFalse(select(self._page(contact), "textarea"))
        self._post(f"{link}/add", {"words": "بعد الإغلاق"})
        self.assertNotIn("بعد الإغلاق", contact.follow_up_ids.mapped("words"))

    def test_files(self):
        """R48: photos and PDFs come along, once; nobody changes or sees them but staff.

        A file of another kind refuses the letter, and what was typed stays.
        """
        self.file.officer_id = self.officer
        photo = ("letter_files", ("دخل.png", base64.b64decode(PIXEL)))
        paper = ("letter_files", ("b.pdf", base64.b64decode(pdf_base64())))
        program = ("letter_files", ("c.png", b"MZ\x90\x00"))
        for wrong in ([photo, program], [photo, paper] * 3):
            self._write(files=wrong)
            self.assertFalse(self._get_written())
            self.assertIn("قدّمت طلبي", self._get(NEW).text_content())
        self._write(files=[photo, paper])
        contact = self._get_written()
        files = contact.sent_file_ids
        self.assertEqual(sorted(files.mapped("name")), ["b.pdf", "دخل.png"])
        self.assertIn("دخل.png", self._words(self._page(contact)))
        vals = {"words": "وهذه", "submission_key": "more"}
        for _time in range(2):
            self._post(f"/my/contacts/{contact.id}/add", vals, files=[paper])
        added = contact.follow_up_ids
        self.assertEqual(added.sent_file_ids.mapped("name"), ["b.pdf"])
        self.assertEqual(self._words(self._page(contact)).count("b.pdf"), 2)
        self.assertTrue(all(files.with_user(self.officer).mapped("raw")))
        for attempt in (
            lambda: files.with_user(self.officer).unlink(),
            lambda: files[0].with_user(self.officer).write({"raw": b"x"}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()
        with self.assertRaisesRegex(UserError, "not typed in"):
            contact.with_user(self.officer).sent_file_ids = False
        for user in (self.applicant, self.neighbour):
            self._sign_in(user)
            for file in files:
                answer = self.url_open(f"/web/content/{file.id}")
                self.assertNotIn(file.raw, answer.content)

    def test_confidential_files(self):
        """R27: the files of a confidential complaint are read by its readers alone."""
        self.file.officer_id = self.officer
        photo = ("letter_files", ("x.png", base64.b64decode(PIXEL)))
        self._write(kind="complaint", is_confidential="1", files=[photo])
        files = self._get_written().sent_file_ids
        self.assertTrue(files.with_user(self.manager).raw)
        with self.assertRaises(AccessError):
            files.with_user(self.officer).read(["raw"])

    def test_twice(self):
        """R44: a form that arrives twice writes once, new or added."""
        for _time in range(2):
            self._post(
                NEW,
                {
                    "kind": "question",
                    "subject": "س",
                    "words": "سؤال",
                    "submission_key": "same",
                },
            )
        contact = self._get_written()
        self.assertEqual(len(contact), 1)
        for _time in range(2):
            self._post(
                f"/my/contacts/{contact.id}/add",
                {"words": "إضافة", "submission_key": "added"},
            )
        self.assertEqual(len(self._get_written() - contact), 1)

    def test_mistakes(self):
        """R33: a mistake is said beside the button, and what was typed stays."""
        for vals in (
            {"words": ""},
            {"words": "\u200f \u200f"},
            {"kind": "outreach"},
            {"subject": "س" * 200},
            {"words": "س" * 6000},
        ):
            with self.subTest(vals=str(vals)[:40]):
                response = self._write(**vals)
                self.assertEqual(response.status_code, 303)
                page = self._get(NEW)
                (error,) = select(page, ".o_br_error[role=alert]")
                self.assertTrue(error.text_content().strip())
                (subject,) = select(page, "input[name=subject]")
                self.assertEqual(
                    subject.get("value"), vals.get("subject", "متى يصل الرد؟")
                )
                self.assertFalse(select(self._get(NEW), ".o_br_error"))
        self.assertFalse(self._get_written())

    def test_opened_by_hand(self):
        """R33: the address of each form, opened by hand, leads to its page."""
        self._write()
        contact = self._get_written()
        page = f"/my/contacts/{contact.id}"
        response = self.url_open(f"{page}/add", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(page))

    def test_others(self):
        """R43: nobody reads, adds to or finds what others wrote."""
        self._write()
        contact = self._get_written()
        inside = self.env[INTERACTION].create(
            {
                "subject": "Suspicion",
                "outcome": "Watch him",
                "kind": "follow_up",
                "company_id": self.company.id,
                "channel_id": self._channel("phone").id,
                "beneficiary_id": self.file.id,
            }
        )
        text = self._words(self._get("/my/contacts"))
        self.assertNotIn("Suspicion", text)
        self.assertNotIn("Watch him", text)
        for record in (inside, self.env[INTERACTION].browse(2**31)):
            response = self.url_open(f"/my/contacts/{record.id}", allow_redirects=False)
            self.assertIn("/my/file/elsewhere", response.headers["Location"])
        self._sign_in(self.neighbour)
        self.assertNotIn(contact.subject, self._words(self._get("/my/contacts")))
        for path, data in (
            (f"/my/contacts/{contact.id}", None),
            (f"/my/contacts/{contact.id}/add", {"words": "x"}),
        ):
            send = self._post if data else self.url_open
            response = send(path, data, allow_redirects=False)
            self.assertIn("/my/file/elsewhere", response.headers["Location"])
        self.assertFalse(contact.follow_up_ids)

    def test_foreign_file_and_request(self):
        """R43: a foreign file is refused, and a foreign request is not linked."""
        request = self._make_request("submitted")
        self._sign_in(self.neighbour)
        self._write(file_id=self.file.id, request_id=request.id)
        contact = self._get_written(self.neighbour)
        self.assertEqual(contact.beneficiary_id, self.neighbour_file)
        self.assertFalse(contact.request_id)
        self._sign_in(self.applicant)
        self._write(request_id=request.id)
        self.assertEqual(self._get_written().request_id, request)

    def test_confidential(self):
        """R27: a guardian does not read what the person complains of in confidence."""
        guardian = self._make_guardian()
        self._write(kind="complaint", is_confidential="1")
        contact = self._get_written()
        self.assertTrue(contact.is_confidential)
        self.assertTrue(select(self._page(contact), ".o_br_said"))
        self._post(f"/my/contacts/{contact.id}/add", {"words": "وأيضًا"})
        self.assertTrue(contact.follow_up_ids.is_confidential)
        self._sign_in(guardian)
        self.assertFalse(select(self._get("/my/contacts"), "a.o_br_contact"))
        response = self.url_open(f"/my/contacts/{contact.id}", allow_redirects=False)
        self.assertIn("/my/file/elsewhere", response.headers["Location"])

    def test_guardian_writes(self):
        """R33: a guardian writes for the person, and both read it."""
        self._sign_in(self._make_guardian())
        self._write()
        self._sign_in(self.applicant)
        self.assertTrue(select(self._get("/my/contacts"), "a.o_br_contact"))

    def test_too_often(self):
        """R48: one account cannot flood the office."""
        for number in range(22):
            self._post(
                NEW,
                {"kind": "question", "subject": "س", "words": "س", "n": number},
            )
        self.assertEqual(len(self._get_written()), 20)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.env[INTERACTION].with_user(self.applicant).sudo()._portal_check_often()

    def test_scripts_are_words(self):
        """R43: what is typed is shown as it was typed, never run."""
        self._write(subject="<img src=x onerror=alert(1)>", words="<script>x</script>")
        contact = self._get_written()
        page = self._page(contact)
        self.assertFalse(select(page, "img[src=x]"))
        self.assertIn("<script>x</script>", page.text_content())

    def test_list_is_flat(self):
        """R33: the list needs as many queries for many contacts as for few."""
        contacts = self.env[INTERACTION].with_user(self.applicant)
        counts = []
        for _round in range(3):
            for _number in range(8):
                self.env[INTERACTION].create(
                    {
                        "subject": "x",
                        "company_id": self.company.id,
                        "channel_id": self._channel("phone").id,
                        "beneficiary_id": self.file.id,
                    }
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = contacts.sudo().search(contacts._portal_list_domain())
            found._portal_get_lines()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])  # the first fills the caches
