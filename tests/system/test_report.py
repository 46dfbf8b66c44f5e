from types import SimpleNamespace

from odoo import fields
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import BeneficiaryCommon

REPORT = "beneficiary_relations.request_report_action"


@tagged("post_install", "-at_install")
class TestReport(BeneficiaryCommon):
    def _print(self, request, **context):
        reports = self.env["ir.actions.report"].with_user(self.officer)
        html = reports.with_context(**context)._render_qweb_html(REPORT, request.ids)[0]
        return html.decode()

    def test_letterhead_and_contents(self):
        """R9, R40: the form shows title, number, both dates, attachments, licence and
        declaration."""
        self.company.beneficiary_licence_number = "000"
        request = self._make_request("declared")
        request._write_flow({"submitted_on": fields.Datetime.to_datetime("2026-03-15")})
        request.invalidate_recordset()
        letterhead = request._get_letterhead()
        self.assertEqual(letterhead["attachment_count"], 1)
        self.file.lang = "en_US"
        html = self._print(request)
        for expected in (
            "Beneficiary Support Request",
            request.name,
            "26 Ramadan 1447 AH",
            "Licence number",
            "A food basket for four.",
            "I declare that what I gave is correct.",
            "data:image/png;base64",
        ):
            self.assertIn(expected, html)

    def test_direction_follows_the_applicant(self):
        """R44: the form has the applicant's text direction, whoever prints it."""
        request = self._make_request()
        self.assertIn('dir="rtl"', self._print(request, lang="en_US"))
        self.env["res.lang"]._activate_lang("en_US")
        self.file.lang = "en_US"
        paper = self._print(request, lang="ar_001").split("o_br_paper", 1)[1]
        self.assertNotIn('dir="rtl"', paper.split("</style>")[-1])

    def test_arabic_is_printed_in_pieces(self):
        """Arabic lines are split at punctuation: old WebKit loses their start."""
        report = self.env.ref(REPORT)
        text = "رجل، و(طفلان)\xa0500 ريال"
        page = (
            f"<html><body><main><div id='wrapwrap'><p>{text}</p><p>None, here</p>"
            "</div></main></body></html>"
        )
        bodies = report._prepare_html(page, report_model="beneficiary.request")[0]
        body = str(bodies[0])
        self.assertIn("<span>رجل</span><span>،</span> <span>و</span>", body)
        self.assertIn("<p>None, here</p>", body)
        self.assertIn(text, str(report._prepare_html(page, "res.partner")[0][0]))

    def test_file_names(self):
        """R40: the papers of one record have different file names."""
        request = SimpleNamespace(name="A/1")
        record = SimpleNamespace(name="A/1", file_number="A/1", request_id=request)
        papers = self.env["ir.actions.report"].search(
            [
                ("report_name", "=like", "beneficiary_relations.%"),
                ("model", "!=", "beneficiary.decision"),  # the letter has its own name
            ]
        )
        names = [
            safe_eval(paper.print_report_name, {"object": record}) for paper in papers
        ]
        self.assertGreater(len(names), 9)
        self.assertEqual(len(set(names)), len(names), names)
        for name in names:
            self.assertRegex(name, r"\bA-1$")
