import re
from datetime import date, timedelta
from pathlib import Path

import lxml.html

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from ...rules import hijri
from ..committee.common import SessionCase

SOURCES = Path(file_path("beneficiary_relations"))
FORM = "beneficiary_relations.blank_request_report_action"
FORM_OF_POLICY = "beneficiary_relations.blank_request_report_policy_action"
FILE = "beneficiary_relations.beneficiary_report_action"
FINANCE = "beneficiary_relations.group_finance"
HEALTH = "beneficiary_relations.group_health"
IBAN = "SA0380000000608010167519"
# The papers about files and requests, by their actions without the end.
PAPERS = (
    "beneficiary_report",
    "blank_request_report",
    "blank_request_report_policy",
    "data_copy",
    "decision_letter",
    "declaration_report",
    "delivery_report",
    "referral_report",
    "request_report",
    "request_story",
    "session_agenda_report",
    "session_minutes_report",
    "session_study_report",
)
LATIN = re.compile(r"[A-Za-z]+")
# Numbers, addresses and names that no language translates, and what the tests type.
TYPED = re.compile(
    "|".join(
        (
            r"[A-Z]{1,3}/\d{4}/\d+",  # of requests, letters, deliveries
            r"\S+@example\.com",
            r"identity\.png",
            r"\b[0-9a-f]{8}\b",  # the start of a digest
            IBAN,
            "Arabic /",  # the language, by its own name
            "OdooBot",
            "Association A",
            r"br_\w+",
            "Food basket",
            "A food basket for four",
            "A food basket",
            "The office",
            "Child",
            "Asthma",
            "I declare that what I gave is correct",
            "The original",
            "Asked",
            "All compared",
            "Told of committee and period",
            "Committee and Period",  # the subject of a contact, as it was written
            "As studied",
            "Registered",
            "Which paper is meant",
            "Research Committee",
            "Meeting room",
        )
    )
)
# Models whose dates papers show beside those of the printed record.
PARTS = (
    "beneficiary.document",
    "beneficiary.household.member",
    "beneficiary.representative",
    "beneficiary.session.attendance",
)
WRITTEN = re.compile(r"to_hijri|long_text|hijri\.text|[0-9}]\s?هـ")
# Where Hijri dates are written: the rule, the helper of papers, the texts of screens.
WRITERS = {
    "rules/hijri.py",
    "rules/dates.py",
    "models/association/res_company.py",
    "models/mixins/date_mixin.py",
}


@tagged("post_install", "-at_install")
class TestPapers(SessionCase):
    """The papers of an association: head, foot, dates, words, and who prints them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.write(
            {
                "iban": IBAN,
                "health_conditions": "Asthma",
                "household_member_ids": [
                    Command.create({"name": "Child", "birth_date": "2015-01-01"})
                ],
            }
        )

    def _print(self, report, records, user=None, lang="en_US"):
        reports = self.env["ir.actions.report"].with_user(user or self.officer)
        reports = reports.with_context(
            lang=lang, allowed_company_ids=records.company_id.ids or self.company.ids
        )
        return reports._render_qweb_html(report, records.ids)[0].decode()

    # -- letterhead --------------------------------------------------------------------

    def test_lines_of_the_letterhead(self):
        """R40: each association writes its own lines; the Kingdom is the default."""
        kingdom = ["Kingdom of Saudi Arabia"]
        self.company.country_id = False
        self.assertEqual(self.company._get_beneficiary_letterhead(), kingdom)
        self.company.country_id = self.env.ref("base.sa")
        self.assertEqual(self.company._get_beneficiary_letterhead(), kingdom)
        self.company.country_id = self.env.ref("base.jo")
        self.assertEqual(self.company._get_beneficiary_letterhead(), [])
        self.company.beneficiary_letterhead = " The Kingdom\n\nThe Ministry "
        lines = ["The Kingdom", "The Ministry"]
        self.assertEqual(self.company._get_beneficiary_letterhead(), lines)
        page = self._print(FORM, self.service)
        self.assertIn("The Ministry", page)
        self.company.with_context(lang="ar_001").beneficiary_letterhead = "الوزارة"
        self.assertIn("الوزارة", self._print(FORM, self.service, lang="ar_001"))
        self.assertIn("The Ministry", self._print(FORM, self.service))
        with self.assertRaises(ValidationError):
            self.company.beneficiary_letterhead = "1\n2\n3\n4"

    def test_nothing_empty_in_the_letterhead(self):
        """R40: what is not known has no label; no attachments are said in words."""
        self.company.beneficiary_licence_number = False
        head = self._print(FORM, self.service).split("<h1>")[0]
        for label in ("Licence number", "Number", "Date", "Attachments"):
            self.assertNotIn(f">{label}", head)
        page = self._print(
            "beneficiary_relations.session_agenda_report_action",
            self._plan(),
            self.secretary,
        )
        self.assertIn("None attached", page)
        self.assertIn("3 Shawwal 1447 AH", page)

    def test_foot(self):
        """R40: each page has the contacts of the association, and its number."""
        self.company.write(
            {
                "street": "King Road",
                "city": "Taif",
                "phone": "+966 11 000 0000",
                "email": "office@example.com",
                "website": "https://example.com",
            }
        )
        root = lxml.html.document_fromstring(self._print(FORM, self.service))
        (paper,) = root.find_class("o_br_paper")
        self.assertEqual(
            paper.get("data-footer").splitlines(),
            [
                "King Road, Taif · +966 11 000 0000 · office@example.com · "
                "https://example.com",
                "Page {page} of {pages}",
            ],
        )

    # -- the blank form ----------------------------------------------------------------

    def test_blank_form(self):
        """R8, R9: the form of a service is printed without any person or request."""
        self.service.question_ids = [
            Command.create({"name": "Is the roof sound?", "kind": "yes_no"})
        ]
        page = self._print(FORM, self.service)
        for words in (
            "Beneficiary Support Request",
            self.service.name,
            self.identity_type.name,
            "Is the roof sound?",
            "I declare that what I gave is correct.",
            "For the Association",
        ):
            self.assertIn(words, page)
        self.assertNotIn(self.file.name, page)
        with self.assertRaises(AccessError):
            self._print(FORM, self.service, self.applicant)
        with self.assertRaises(AccessError):
            self._print(FORM, self.service, self.outsider)

    def test_blank_form_of_a_policy(self):
        """R2, R9: the form of a policy names its services, in its audience's words."""
        policy = self.company._get_beneficiary_policy()
        self.assertIn(self.service.name, self._print(FORM_OF_POLICY, policy))
        page = self._print(
            FORM_OF_POLICY, self.other._get_beneficiary_policy(), self.outsider
        )
        self.assertIn("Member Service Request", page)
        self.assertNotIn(self.service.name, page)
        with self.assertRaises(AccessError):
            self._print(FORM_OF_POLICY, policy, self.applicant)

    def test_blank_form_of_a_tool(self):
        """R8: the form among the tools prints the words of the policy in force."""
        tool = self.env.ref("beneficiary_relations.tool_request_form")
        tool = tool.with_user(self.officer)
        policy = self.company._get_beneficiary_policy()
        action = tool.action_print_form()
        self.assertEqual(action["context"]["active_ids"], policy.ids)
        nobody = self.env["res.company"].create({"name": "Association C"})
        with self.assertRaises(UserError):
            self.env.ref("beneficiary_relations.tool_request_form").with_company(
                nobody
            ).action_print_form()

    # -- the file ----------------------------------------------------------------------

    def test_file(self):
        """R40: the paper has what its reader may read, and no more."""
        request = self._make_request("submitted")
        page = self._print(FILE, self.file, self.manager)
        for words in (self.file.file_number, "Child", IBAN, "Asthma", request.name):
            self.assertIn(words, page)
        self.researcher.group_ids -= self.env.ref("beneficiary_relations.group_finance")
        clerk = self._make_user("br_clerk", "delegate", self.company)
        self.file.branch_id = self._make_branch(clerk)
        page = self._print(FILE, self.file, clerk)
        self.assertIn(self.file.file_number, page)
        self.assertEqual("Asthma" in page, clerk.has_group(HEALTH))
        self.assertEqual(IBAN in page, clerk.has_group(FINANCE))

    def test_file_is_logged(self):
        """R43: who took a file along on paper is in the log, with what was on it."""
        logs = self.env["beneficiary.export.log"]
        before = logs.search([])
        self._print(FILE, self.file, self.manager)
        log = logs.search([]) - before
        self.assertEqual(log.user_id, self.manager)
        self.assertEqual(log.record_ids, str(self.file.id))
        self.assertIn("iban", log.field_names.splitlines())

    def test_file_of_others(self):
        """R43: neither applicants nor other associations print a file."""
        for user in (self.applicant, self.outsider, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._print(FILE, self.file, user)

    # -- dates -------------------------------------------------------------------------

    def test_any_date(self):
        """R38: no paper fails over a date: before the table, after it, or none."""
        self._make_papers()
        papers = self._find_papers()
        for day in (date(1300, 1, 1), date(2100, 1, 1), None):
            for model in {*(paper.model for paper in papers), *PARTS}:
                self._set_dates(model, day)
            for paper in papers:
                records = self._find_printed(paper)
                with self.subTest(day=day, paper=paper.report_name):
                    self.assertTrue(records)
                    page = self._print_as_root(paper, records)
                    self.assertIn("o_br_paper", page)

    def _make_papers(self):
        """Make a record for each paper, each with what it prints."""
        self.env["beneficiary.data.request"].create(
            {"beneficiary_id": self.file.id, "kind": "copy"}
        )
        self._make_request("rejected")
        referral = self.env["beneficiary.referral"].with_user(self.officer)
        referral._send(
            self._make_request("submitted").with_user(self.officer),
            self.researcher,
            "Which paper is meant?",
            "case_study",
        )
        self._plan_delivery(self._make_request("registered"))
        self._reach("minutes")

    def _find_printed(self, paper):
        records = self.env[paper.model].search([("company_id", "=", self.company.id)])
        if paper.model == "beneficiary.decision":
            records = records.filtered("letter_number")
        return records

    def _print_as_root(self, paper, records, lang="en_US"):
        reports = self.env["ir.actions.report"].with_user(self.manager).sudo()
        reports = reports.with_context(allowed_company_ids=self.company.ids, lang=lang)
        return reports._render_qweb_html(paper, records.ids)[0].decode()

    def _find_papers(self):
        return self.env["ir.actions.report"].union(
            *(self.env.ref(f"beneficiary_relations.{name}_action") for name in PAPERS)
        )

    def _set_dates(self, model, day):
        """Set the dates of ``model`` that are known; None empties what may be empty."""
        records = self.env[model]
        self.env.flush_all()
        names = [
            field.name
            for field in records._fields.values()
            if field.type in ("date", "datetime")
            and field.store
            and field.column_type
            and (day or not field.required)
        ]
        # A period ends after it begins: one day later for each field.
        values = [
            SQL(
                "%(name)s = CASE WHEN %(name)s IS NOT NULL THEN %(day)s::timestamp END",
                name=SQL.identifier(name),
                day=day and day + timedelta(days=later),
            )
            for later, name in enumerate(names)
        ]
        # Together: the database compares one date with another.
        table = SQL.identifier(records._table)
        self.env.cr.execute(SQL("UPDATE %s SET %s", table, SQL(", ").join(values)))
        self.env.invalidate_all()

    def test_one_way_to_write_a_hijri_date(self):
        """R38: one rule writes Hijri dates; nothing else uses the calendar."""
        for source in SOURCES.glob("*/**/*.py"):
            name = source.relative_to(SOURCES).as_posix()
            if name.startswith(("tests/", "migrations/", "bench/", "dev/")):
                continue
            text = source.read_text()
            with self.subTest(source=name):
                if name != "rules/hijri.py":
                    self.assertNotIn("hijridate", text)
                if name not in WRITERS:
                    found = re.findall(WRITTEN, text)
                    self.assertFalse(found)
        self.assertEqual(
            hijri.long_text(hijri.from_hijri("1448/06/17"), "ar_001"),
            "١٧ جمادى الآخرة ١٤٤٨هـ",
        )

    # -- Arabic ------------------------------------------------------------------------

    def test_arabic_has_no_latin_letters(self):
        """R44: an Arabic paper has Latin letters only in numbers and addresses.

        Those stand in elements that are left-to-right; all else is a missing
        translation. What people typed is left out.
        """
        self._make_papers()
        # Minutes stay in the language in which they were drafted.
        sessions = self.env["beneficiary.committee.session"].search(
            [("company_id", "=", self.company.id)]
        )
        sessions.with_context(lang="ar_001")._draft_minutes()
        for paper in self._find_papers():
            records = self._find_printed(paper)
            page = self._print_as_root(paper, records, lang="ar_001")
            root = lxml.html.document_fromstring(page)
            for node in root.xpath("//head | //style | //script | //*[@dir='ltr']"):
                node.drop_tree()
            text = " ".join(root.text_content().split())
            with self.subTest(paper=paper.report_name):
                self.assertTrue(root.find_class("o_br_paper"))
                self.assertFalse(LATIN.findall(TYPED.sub("", text)), text)
