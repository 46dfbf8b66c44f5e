from lxml import html

from odoo import Command
from odoo.tests import tagged

from ..request.common import PortalCase, select
from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestServicePortal(PortalCase, ServiceCase):
    """The applicant answers the questions of a service on the portal (R33, R45)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = cls._make_question
        cls.number = make(cls, "number", is_required=True)
        cls.date = make(cls, "date")
        cls.yes_no = make(cls, "yes_no")
        cls.choice = make(cls, "choice", options=("Tank", "Cooler"))
        cls.text = make(cls, "text")

    def _field(self, question):
        return f"question_{question.id}"

    def _answers(self, **given):
        """Return the values of a form: the answers by the names of their controls."""
        return {
            self._field(getattr(self, name)): value for name, value in given.items()
        }

    def _send(self, action="send", **given):
        return self._post_form(
            {"description": "ماء", "action": action, **self._answers(**given)}
        )

    def test_answer_and_send(self):
        """R7, R45: answers of all types are stored with the request."""
        response = self._send(
            number="١٢", date="١٥/٣/٢٠٢٦", yes_no="yes", choice="Cooler", text="عاجل"
        )
        request = self._get_latest()
        self.assertEqual(request.state, "submitted")
        lines = {line.question_id: line for line in request.answer_ids}
        self.assertEqual(lines[self.number].number, 12)
        self.assertEqual(str(lines[self.date].date), "2026-03-15")
        self.assertEqual(lines[self.yes_no].yes_no, "yes")
        self.assertEqual(lines[self.choice].option_id.name, "Cooler")
        self.assertEqual(lines[self.text].value, "عاجل")
        self.assertIn("Cooler", response.text, "the page of the request shows them")

    def test_controls(self):
        """R33, R44: every question has a label; numbers open the number pad."""
        page = self._get(f"/my/requests/{self._make_request().id}/edit/questions")
        for question in self.number | self.date | self.text | self.choice:
            (control,) = select(page, f"[name={self._field(question)}]")
            self.assertTrue(select(page, f"label[for={control.get('id')}]"))
        (number,) = select(page, f"[name={self._field(self.number)}]")
        self.assertEqual(
            (number.get("type"), number.get("inputmode")), ("text", "decimal")
        )
        (group,) = select(page, "div[role=radiogroup]")
        self.assertEqual(len(select(group, "input[type=radio]")), 2)
        self.assertEqual(
            [option.get("value") for option in select(page, "select option")],
            ["", "Tank", "Cooler"],
        )

    def test_errors_beside_their_question(self):
        """R33: after a mistake all input is kept, with a message at each error."""
        response = self._send(number="كثير", date="أمس", yes_no="no", choice="Tank")
        self.assertEqual(self._get_latest().state, "draft")
        page = html.fromstring(response.content)
        for question in (self.number, self.date):
            self._assert_invalid(page, self._field(question))
        (number,) = select(page, f"[name={self._field(self.number)}]")
        self.assertEqual(number.get("value"), "كثير")
        (chosen,) = select(page, "option[selected=selected]")
        self.assertEqual(chosen.get("value"), "Tank")
        (ticked,) = select(page, "input[checked=checked]")
        self.assertEqual(ticked.get("value"), "no")

    def test_required_when_sent(self):
        """R12: required answers are asked for when sending, not when saving."""
        page = html.fromstring(self._send().content)
        self._assert_invalid(page, self._field(self.number))
        self.assertEqual(self._get_latest().state, "draft")
        self._send(action="save")
        draft = self._get_latest()
        self.assertEqual(draft.state, "draft")
        edit = f"/my/requests/{draft.id}/edit"
        page = html.fromstring(
            self._post(edit, {"description": "ماء", "action": "send"}).content
        )
        self._assert_invalid(page, self._field(self.number))
        self.assertEqual(draft.state, "draft")

    def test_draft(self):
        """R33: a draft shows the saved answers in the controls of the form."""
        self._send(action="save", number="٧", yes_no="yes", choice="Tank")
        draft = self._get_latest()
        page = self._get(f"/my/requests/{draft.id}/edit/questions")
        (number,) = select(page, f"[name={self._field(self.number)}]")
        self.assertEqual(number.get("value"), "7")
        (chosen,) = select(page, "option[selected=selected]")
        self.assertEqual(chosen.get("value"), "Tank")
        (ticked,) = select(page, "input[checked=checked]")
        self.assertEqual(ticked.get("value"), "yes")
        self._post(
            f"/my/requests/{draft.id}/edit",
            {
                "description": "ماء",
                "action": "send",
                **self._answers(number="8", choice=""),
            },
        )
        self.assertEqual(draft.state, "submitted")
        self.assertEqual(draft.answer_ids[0].number, 8)
        self.assertFalse(draft.answer_ids.option_id)

    def test_after_sending(self):
        """R12: after sending, answers are fixed until the request is returned."""
        self._send(number="7")
        request = self._get_latest()
        self._post(
            f"/my/requests/{request.id}/edit",
            {"description": "x", "action": "save", **self._answers(number="8")},
        )
        self.assertEqual(request.answer_ids[0].number, 7)

    def test_foreign_request(self):
        """Privacy: nobody can answer another person's request or a foreign question."""
        foreign = self._make_request(beneficiary_id=self.neighbour_file.id)
        self._post(
            f"/my/requests/{foreign.id}/edit",
            {"description": "x", "action": "save", **self._answers(number="8")},
        )
        self.assertFalse(any(foreign.answer_ids.mapped("value")))
        other = self.service.copy({"name": "Water", "portal_published": False})
        hidden = other.question_ids[0]
        self._send(number="7", text="mine")
        request = self._get_latest()
        self._post_form(
            {
                "description": "ماء",
                "action": "save",
                f"question_{hidden.id}": "5",
                "answer_ids": "[[5, 0, 0]]",
                "question_x": "5",
                **self._answers(number="9"),
            }
        )
        latest = self._get_latest()
        self.assertNotEqual(latest, request)
        self.assertEqual(latest.answer_ids.question_id, self.service.question_ids)
        self.assertEqual(latest.answer_ids.filtered("value").mapped("value"), ["9"])

    def test_offered_by_kind(self):
        """R32, R45: a service only for places is not offered to a person."""
        self._make_request()
        place_service = self.service.copy(
            {
                "name": "Mosques",
                "kind_ids": [Command.set(self._get_kinds("place").ids)],
            }
        )
        page = self._get("/my/requests/new")
        self.assertEqual(len(select(page, "button.o_br_begin")), 1)
        self._post(
            "/my/requests/new",
            {
                "file_id": self.file.id,
                "service_id": place_service.id,
                "description": "x",
                "action": "send",
                **self._answers(number="1"),
            },
        )
        self.assertNotEqual(self._get_latest().service_id, place_service)

    def test_optional_paper(self):
        """R45: an optional paper can be uploaded, and is never listed as missing."""
        letter = self.env["beneficiary.document.type"].create({"name": "Letter"})
        self.service.document_line_ids = [
            Command.create({"type_id": letter.id, "is_required": False})
        ]
        page = self._get(f"/my/requests/{self._make_request().id}/edit/papers")
        self.assertTrue(select(page, f"[name=paper_{letter.id}]"))
        self._send(number="7")
        page = self._get(f"/my/requests/{self._get_latest().id}")
        (missing,) = select(page, ".o_br_missing li")  # the identity card
        self.assertNotIn("Letter", missing.text)

    def test_advice_stays_inside(self):
        """R45: no page of the applicant shows the advice."""
        self.service.min_age = 90
        self._send(number="7")
        request = self._get_latest()
        self.assertTrue(request.eligibility_advice)
        for path in ("/my/requests", f"/my/requests/{request.id}"):
            self.assertNotIn("meant for", self.url_open(path).text)

    def test_queries(self):
        """Safety: the form takes as many queries for 2N questions as for N."""
        costs = []
        for _twice in range(3):
            edit = f"/my/requests/{self._make_request().id}/edit/questions"
            self._get(edit)  # fills the caches
            before = self.cr.sql_log_count
            self._get(edit)
            costs.append(self.cr.sql_log_count - before)
            for number in range(5):
                self._make_question("choice", f"Q{number}", options=("A", "B"))
        self.assertEqual(len(set(costs)), 1, costs)
