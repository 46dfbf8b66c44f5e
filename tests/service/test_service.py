from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestService(ServiceCase):
    """The catalogue: the kinds of files that a service serves, and its papers."""

    def test_form(self):
        """R45: a manager sets up a service with all its parts on one form."""
        place = self._get_kinds("place")
        with Form(self.env["beneficiary.service"].with_user(self.manager)) as form:
            form.name = "Water tank"
            form.code = "W1"
            form.kind_ids.add(place)
            form.fund = "restricted"
            form.fund_purpose = "Mosques alone"
            with form.document_line_ids.new() as line:
                line.type_id = self.identity_type
            with form.question_ids.new() as question:
                question.name = "What is needed?"
                question.kind = "choice"
                with question.option_ids.new() as option:
                    option.name = "A tank"
            with form.budget_ids.new() as budget:
                budget.date_from = date(2026, 1, 1)
                budget.date_to = date(2026, 12, 31)
                budget.amount = 1000
        service = form.record
        self.assertEqual(service.kind_ids, place)
        self.assertTrue(service.document_line_ids.is_required)
        self.assertEqual(service.question_ids.option_ids.name, "A tank")
        self.assertEqual(service.budget_ids.remaining, 1000)
        copied = service.copy()
        self.assertEqual(copied.document_line_ids.type_id, self.identity_type)
        self.assertEqual(copied.question_ids.option_ids.name, "A tank")
        self.assertFalse(copied.code)
        self.assertFalse(copied.budget_ids)

    def test_search(self):
        """R45: a service is found by name, by code and by kind of file."""
        self.service.code = "FB"
        services = self.env["beneficiary.service"].with_user(self.officer)
        self.assertIn(self.service, services.search([("display_name", "ilike", "FB")]))
        self.service.kind_ids = self._get_kinds("group", "place")
        for kind, found in (("place", True), ("person", False)):
            with self.subTest(kind=kind):
                seen = services.search(services._get_kind_domain(kind))
                self.assertEqual(self.service in seen, found)
                self.assertEqual(bool(self.service._filter_by_kind(kind)), found)
        labels = [
            name for _id, name in services.kind_ids.browse().name_search("", limit=1)
        ]
        self.assertTrue(labels)

    def test_kinds_are_kinds(self):
        """R32: only options of the field for kinds are kinds of beneficiary."""
        other = self.env["ir.model.fields.selection"].search(
            [("field_id.name", "=", "delivery_kind")], limit=1
        )
        with self.assertRaisesRegex(ValidationError, "kinds of file"):
            self.service.with_user(self.manager).kind_ids = other

    def test_papers_by_kind(self):
        """R45: each kind of beneficiary is asked for its own papers."""
        register, letter = self.env["beneficiary.document.type"].create(
            [{"name": "Family register"}, {"name": "Letter"}]
        )
        self.service.document_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "type_id": self.identity_type.id,
                    "kind_ids": self._get_kinds("person", "family").ids,
                }
            ),
            Command.create(
                {"type_id": register.id, "kind_ids": self._get_kinds("family").ids}
            ),
            Command.create({"type_id": letter.id, "is_required": False}),
        ]
        for kind, asked, required in (
            ("person", self.identity_type | letter, self.identity_type),
            (
                "family",
                self.identity_type | register | letter,
                self.identity_type | register,
            ),
            ("place", letter, letter.browse()),
        ):
            with self.subTest(kind=kind):
                self.file.kind = kind
                self.assertEqual(self.service._get_document_types(self.file), asked)
                self.assertEqual(
                    self.service._get_document_types(self.file, required_only=True),
                    required,
                )

    def test_optional_paper_stops_nothing(self):
        """R14: an optional paper is shown, and its validity is not checked."""
        letter = self.env["beneficiary.document.type"].create({"name": "Letter"})
        self.service.document_line_ids = [
            Command.create({"type_id": letter.id, "is_required": False})
        ]
        paper = self._make_document(
            self.file, letter, issue_date="2020-01-01", expiry_date="2021-01-01"
        )
        request = self._make_request("submitted")
        self.assertIn(paper, request.document_ids)
        self.assertNotIn("Letter", request.checklist)
        self._advance(request, "verified")
        self.assertEqual(request.state, "verified")

    def test_place_to_the_end(self):
        """R32: a mosque is served to the end; its imam speaks for it, nobody signs."""
        self.service.write(
            {
                "name": "Water for mosques",
                "kind_ids": [Command.set(self._get_kinds("place").ids)],
                "delivery_kind": "maintenance",
                "document_line_ids": [Command.clear()],
            }
        )
        question = self._make_question("number", "Worshippers?", is_required=True)
        mosque = self.env["beneficiary.beneficiary"].create(
            {"name": "مسجد الحي", "kind": "place", "company_id": self.company.id}
        )
        # The person who speaks for the place follows the request on the portal.
        mosque.portal_user_ids = self._make_user("br_imam", None, self.company)
        request = self._make_request("submitted", beneficiary_id=mosque.id)
        self.assertFalse(request.eligibility_advice)
        self.assertIn("Worshippers?", request.checklist)
        officers_line = self._get_line(request, question).with_user(self.officer)
        officers_line.value = "٤٠٠"
        self._advance(request, "verified")
        request.with_user(self.officer).action_declare(
            waiver="A mosque: nobody signs for it."
        )
        self.assertEqual(request.state, "declared")
        self._advance(request, "delivered")
        # A place has no mailbox: the imam is told, and that is the proof of the reply.
        waiting = request.notice_ids.filtered(lambda notice: notice.state == "waiting")
        waiting.with_user(self.officer).action_told(
            channel_id=self._channel("phone").id, text="The imam was told."
        )
        request.with_user(self.officer).action_close()
        self.assertEqual(request.state, "closed")
        self.assertFalse(request.declaration_signed_by)
        self.assertEqual(
            set(request.step_ids.mapped("code")),
            {"receive", "verify", "declare", "notify", "register", "deliver"},
        )
