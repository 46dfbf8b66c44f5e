import io
import shutil

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from ..committee.common import SessionCase

LETTER = "beneficiary_relations.decision_letter_action"
MINUTES = "beneficiary_relations.session_minutes_report_action"


@tagged("post_install", "-at_install")
class TestReportPdf(SessionCase, HttpCase):
    """The papers as PDF. Without wkhtmltopdf, as in Debian 13, only the other tests
    read them, as HTML."""

    def _print(self, report, records, user):
        """Return the text of each page, without spaces, as printed by ``user``."""
        reports = self.env["ir.actions.report"].with_user(user)
        content, kind = reports.with_context(
            force_report_rendering=True, lang="ar_001"
        )._render_qweb_pdf(report, records.ids)
        self.assertEqual(kind, "pdf")
        self.assertEqual(content[:4], b"%PDF")
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        return ["".join(page.extract_text().split()) for page in reader.pages]

    def test_print(self):
        """R19, R40: the letter and the minutes are printed as PDFs with numbers."""
        if not shutil.which("wkhtmltopdf"):
            return
        decision = self._make_request("accepted").decision_ids
        (letter,) = self._print(LETTER, decision, self.officer)
        self.assertIn(decision.letter_number, letter)
        session = self._reach("closed")
        minutes = self._print(MINUTES, session, self.secretary)
        self.assertEqual(len(minutes), 1)
        self.assertIn(session.name, minutes[0])
