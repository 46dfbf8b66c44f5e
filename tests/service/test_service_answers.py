from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import ServiceCase

REPORT = "beneficiary_relations.request_report_action"


@tagged("post_install", "-at_install")
class TestServiceAnswers(ServiceCase):
    """Questions belong to the service, and answers to the request (R12, R45)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = cls._make_question
        cls.text = make(cls, "text")
        cls.number = make(cls, "number", is_required=True)
        cls.date = make(cls, "date")
        cls.yes_no = make(cls, "yes_no")
        cls.choice = make(cls, "choice", options=("Tank", "Cooler"))
        labels = cls.number.with_context(lang="ar_001")._get_yes_no_labels()
        cls.yes, cls.no = labels["yes"], labels["no"]
        cls.number.with_context(lang="ar_001").name = "كم عددهم؟"
        cls.choice.option_ids[0].with_context(lang="ar_001").name = "خزان"

    def setUp(self):
        super().setUp()
        self.request = self._make_request()

    def _answer(self, question, value, user=None, **context):
        line = self._get_line(self.request, question)
        line = line.with_user(user or self.officer).with_context(**context)
        call_kw(line, "write", [line.ids, {"value": value}], {"context": context})
        return self._get_line(self.request, question)

    def test_lines(self):
        """R45: a new or copied request gets the questions of its service, in order."""
        questions = self.service.question_ids
        self.assertEqual(self.request.answer_ids.question_id, questions)
        self.assertFalse(any(self.request.answer_ids.mapped("value")))
        self.assertEqual(self.request.copy().answer_ids.question_id, questions)
        late = self._make_question("text", "Late?")
        self.assertNotIn(late, self.request.answer_ids.question_id)

    def test_change_of_service(self):
        """R45: another service replaces the questions by its own."""
        other = self.service.copy({"name": "Water"})
        self._answer(self.text, "x")
        self.request.with_user(self.officer).service_id = other
        self.assertEqual(self.request.answer_ids.question_id, other.question_ids)
        lines = self.request.answer_ids
        self.request.with_user(self.officer).write({"service_id": other.id})
        self.assertEqual(self.request.answer_ids, lines, "the same service")

    def test_typed(self):
        """R44: an answer is read by its question's type, in digits of any script."""
        for question, given, name, typed, value in (
            (self.text, " نحتاج خزانًا ", "value", "نحتاج خزانًا", "نحتاج خزانًا"),
            (self.number, "١٬٥٠٠٫٥", "number", 1500.5, "1500.5"),
            (self.number, "0", "number", 0, "0"),
            (self.date, "١٥/٣/٢٠٢٦", "date", date(2026, 3, 15), "2026-03-15"),
            (self.yes_no, "yes", "yes_no", "yes", self.yes),
            (self.yes_no, "No", "yes_no", "no", self.no),
            (self.choice, "tank", "option_id", self.choice.option_ids[0], "خزان"),
        ):
            with self.subTest(question=question.kind, given=given):
                line = self._answer(question, given)
                self.assertEqual(line[name], typed)
                self.assertEqual(line.value, value)

    def test_refused(self):
        """R45: the error for a wrong answer says what the question expects."""
        for question, given, sentence in (
            (self.number, "كثير", "digits alone"),
            (self.date, "31/02/2026", "day, month and year"),
            (self.date, "1447", "day, month and year"),
            (self.yes_no, "perhaps", "yes or no"),
            (self.choice, "Well", "one of its options"),
        ):
            with (
                self.subTest(question=question.kind, given=given),
                self.assertRaisesRegex(ValidationError, sentence),
            ):
                self._answer(question, given)

    def test_own_fields(self):
        """R45: a line accepts only yes or no, or an option of its own question."""
        other = self._make_question("choice", options=("Foreign",))
        yes_no = self._get_line(self.request, self.yes_no).with_user(self.officer)
        choice = self._get_line(self.request, self.choice).with_user(self.officer)
        yes_no.yes_no = "yes"
        self.assertEqual(yes_no.value, self.yes)
        choice.option_id = self.choice.option_ids[1]
        self.assertEqual(choice.value, "Cooler")
        for line, vals in (
            (choice, {"option_id": other.option_ids.id}),
            (choice, {"option_id": -1}),
            (choice, {"option_id": "x"}),
            (choice, {"yes_no": "yes"}),
            (yes_no, {"yes_no": "zzz"}),
            (yes_no, {"option_id": self.choice.option_ids[0].id}),
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                line.write(vals)
        choice.option_id = False
        self.assertFalse(choice.value)

    def test_emptied(self):
        """R12: an answer that is emptied leaves no value behind."""
        line = self._answer(self.number, "5")
        self._answer(self.number, " ")
        self.assertFalse(line.value)
        self.assertEqual(line.number, 0)

    def test_snapshot(self):
        """R45: the question and the option keep the applicant's language, Arabic."""
        line = self._answer(self.number, "5", lang="en_US")
        choice = self._answer(self.choice, "Tank", lang="en_US")
        self.assertEqual(line.label, "كم عددهم؟")
        self.assertEqual(choice.value, "خزان")
        # A translation of an answered question cannot be changed either.
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.number.update_field_translations("name", {"ar_001": "كم هم؟"})

    def test_form(self):
        """R33: the officer answers in a list on the form of the request."""
        with Form(self.request.with_user(self.officer)) as form:
            for index, question in enumerate(self.request.answer_ids.question_id):
                with form.answer_ids.edit(index) as line:
                    if question == self.number:
                        line.value = "۴۰"
                    elif question == self.yes_no:
                        line.yes_no = "no"
                    elif question == self.choice:
                        line.option_id = self.choice.option_ids[0]
        self.assertEqual(
            self.request.answer_ids.mapped("value"),
            [False, "40", False, self.no, "خزان"],
        )

    def test_required(self):
        """R12: a missing required answer is named, and stops the verification."""
        sentence = "The question “A number?” is not answered."
        self._advance(self.request, "submitted")
        self.assertIn(sentence, self.request.with_context(lang="en_US").checklist)
        with self.assertRaisesRegex(UserError, "A number"):
            self._advance(self.request, "verified")
        self._answer(self.number, "0")
        self._advance(self.request, "verified")
        self.assertEqual(self.request.state, "verified")

    def test_archived_question(self):
        """R12: an archived question does not stop a request."""
        self.number.active = False
        self._advance(self.request, "verified")
        self.assertNotIn(self.number, self._make_request().answer_ids.question_id)

    def test_migrated(self):
        """R12: an imported request of the past needs no answers."""
        self.request._write_flow({"origin": "migrated", "state": "accepted"})
        self.assertNotIn(self.number.name, self.request.checklist or "")
        self.request._write_flow({"origin": "lived"})
        self.request.invalidate_recordset()
        self.assertIn(self.number.name, self.request.checklist)

    def test_while_editable(self):
        """R16: answers are fixed by the verification; a return opens them again."""
        self._answer(self.number, "5")
        self._advance(self.request, "verified")
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            self._answer(self.number, "6")
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            line = self._get_line(self.request, self.number)
            self.request.with_user(self.manager).write(
                {"answer_ids": [Command.update(line.id, {"value": "6"})]}
            )
        self.request.with_user(self.officer).action_return(reason="How many?")
        self._answer(self.number, "6")

    def test_answered_question_keeps_its_meaning(self):
        """R45: an answered question can be archived, but not changed."""
        question = self.choice.with_user(self.manager)
        option = question.option_ids[0]
        question.name = "Which one?"
        self.assertFalse(question.is_answered)
        self._answer(self.choice, "Tank")
        question.invalidate_recordset()
        self.assertTrue(question.is_answered)
        for change in (
            lambda: question.write({"name": "Another?"}),
            lambda: question.write({"kind": "text"}),
            lambda: question.write({"service_id": self.service.copy().id}),
            question.unlink,
            lambda: option.write({"name": "Well"}),
            option.unlink,
            lambda: question.write({"option_ids": [Command.delete(option.id)]}),
        ):
            with self.assertRaisesRegex(UserError, "Archive it"):
                change()
        # Changes that do not affect the answer are allowed.
        question.write({"help": "Look at it first", "is_required": True})
        question.option_ids = [Command.create({"name": "Well"})]
        option.active = False
        question.active = False
        self.assertEqual(self._get_line(self.request, self.choice).value, "خزان")

    def test_unanswered_question_goes(self):
        """R45: an unanswered question can be deleted, with its empty lines."""
        line = self._get_line(self.request, self.text)
        self.text.with_user(self.manager).unlink()
        self.assertFalse(line.exists())

    def test_choice_without_options(self):
        """R12: a choice without options is not asked, and stops nothing."""
        empty = self._make_question("choice", is_required=True)
        self.choice.is_required = True
        self.assertNotIn(empty, self._make_request().answer_ids.question_id)
        self._answer(self.number, "5")
        self._advance(self.request, "submitted")
        self.assertIn(self.choice.name, self.request.checklist)
        self.choice.option_ids.active = False
        self._advance(self.request, "verified")
        self.assertEqual(self.request.state, "verified")

    def test_nothing_else_is_written(self):
        """R45: users can write only the value of a line, and cannot add lines."""
        line = self._get_line(self.request, self.text)
        other = self._make_request()
        for vals in (
            {"label": "Forged"},
            {"question_id": self.date.id},
            {"request_id": other.id},
            {"number": 5, "value": "x"},
        ):
            with self.assertRaisesRegex(UserError, "value of an answer"):
                line.with_user(self.manager).write(vals)
        for commands in (
            [Command.create({"question_id": self.text.id, "label": "x"})],
            [Command.delete(line.id)],
            [Command.set([])],
        ):
            with self.assertRaises(AccessError):
                self.request.with_user(self.manager).write({"answer_ids": commands})
        foreign = other.answer_ids[0]
        with self.assertRaises(UserError):
            self.request.with_user(self.manager).answer_ids = [Command.link(foreign.id)]

    def test_defaults_forge_nothing(self):
        """Safety: default values in the context do not reach the lines of a request."""
        requests = self.env["beneficiary.request"].with_user(self.officer)
        vals = {
            "beneficiary_id": self.file.id,
            "service_id": self.service.id,
            "channel_id": self._channel("phone").id,
        }
        context = {"default_label": "Forged", "default_value": "Forged"}
        (request_id,) = call_kw(requests, "create", [[vals]], {"context": context})
        lines = requests.browse(request_id).answer_ids
        self.assertEqual(lines.mapped("value"), [False] * 5)
        self.assertNotIn("Forged", lines.mapped("label"))

    def test_who_reads(self):
        """Roles: users who study a request read its answers, also on the decision."""
        self._answer(self.number, "5")
        self._advance(self.request, "in_review")
        for user in (self.researcher, self.member, self.auditor):
            with self.subTest(user=user.login):
                line = self._get_line(self.request, self.number).with_user(user)
                self.assertEqual(line.value, "5")
                with self.assertRaises(AccessError):
                    line.write({"value": "6"})
        decision = self.request._get_current_decision().with_user(self.member)
        self.assertIn("5", decision.answer_ids.mapped("value"))

    def test_printed(self):
        """R45: the printed form shows questions and answers in the applicant's
        language."""
        self._answer(self.number, "5")
        reports = self.env["ir.actions.report"].with_user(self.officer)
        html = reports._render_qweb_html(REPORT, self.request.ids)[0].decode()
        self.assertIn("كم عددهم؟", html)
        self.assertIn("A text?", html, "room to write what was not answered")

    def test_portal_reads_nothing_by_rpc(self):
        """Privacy: over RPC a portal user reads no question, line or service."""
        self._answer(self.number, "5")
        for record in (
            self.service,
            self.number,
            self.choice.option_ids,
            self.service.document_line_ids,
            self._get_line(self.request, self.number),
        ):
            seen = record.with_user(self.applicant)
            for method, args in (
                ("read", [record.ids, ["display_name"]]),
                ("search_read", [[], ["display_name"]]),
                ("name_search", [""]),
                ("write", [record.ids, {"active": False}]),
                ("unlink", [record.ids]),
            ):
                with (
                    self.subTest(model=record._name, method=method),
                    self.assertRaises(AccessError),
                ):
                    call_kw(seen, method, args, {})
        request = self.request.with_user(self.applicant)
        with self.assertRaises(AccessError):
            request.read(["answer_ids"])
        with self.assertRaises(AccessError):
            request.search([("answer_ids.value", "=", "5")])

    def test_other_association(self):
        """R43: an officer of another association reads and answers nothing here."""
        line = self._get_line(self.request, self.number)
        for seen in (line, self.number, self.service):
            with self.assertRaises(AccessError):
                seen.with_user(self.outsider).with_context(
                    allowed_company_ids=self.other.ids
                ).read(["display_name"])
        with self.assertRaises(AccessError):
            self._answer(self.number, "5", user=self.outsider)

    def test_create_queries(self):
        """Scale: a batch of requests gets its questions in a flat number of queries."""
        requests = self.env["beneficiary.request"].with_user(self.officer)
        vals = {
            "beneficiary_id": self.file.id,
            "service_id": self.service.id,
            "channel_id": self._channel("phone").id,
        }

        def count(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests.create([vals] * number)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(4), count(8))
