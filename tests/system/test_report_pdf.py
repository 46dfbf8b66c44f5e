import io
import shutil
import unicodedata

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from ..committee.common import SessionCase

LETTER = "beneficiary_relations.decision_letter_action"
# Lam and alef in one sign, in each of its forms.
LAM_ALEF = "[\ufef5-\ufefc]"
REQUEST = "beneficiary_relations.request_report_action"
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

    def test_pages_of_the_minutes(self):
        """R19, R40: each page has its number, and the session's number and date.

        Signatures share their page with the end of the minutes, and the text of the
        PDF keeps the words that fonts draw as one sign.
        """
        if not shutil.which("wkhtmltopdf"):
            return
        session = self._reach("minutes")
        text = "قررت اللجنة ألا يعاد الطلب الأول، والله الموفق، ولا اعتراض من الأعضاء. "
        for lines in (36, 41):
            self._as("chair", session).minutes = "".join(
                f"<p>{number} {text}</p>" for number in range(lines)
            )
            session._write_flow({"minutes_lang": "ar_001"})
            pages = self._print(MINUTES, session, self.secretary)
            count = len(pages)
            with self.subTest(lines=lines):
                self.assertGreater(count, 1)
                for number, page in enumerate(pages, 1):
                    self.assertIn(session.name, page)
                    words = unicodedata.normalize("NFKC", page)
                    self.assertIn("2026", words)
                    self.assertIn(str(number), words)
                    self.assertIn(str(count), words)
                # The end of the text is there; the reader gives it as it is drawn.
                self.assertRegex(pages[-1], LAM_ALEF)
                drawn = unicodedata.normalize("NFKC", pages[-1])
                self.assertIn("الله", drawn + drawn[::-1])

    def test_foot_of_each_page(self):
        """R40: papers printed together have their own page numbers, on A4, and no
        empty page stands between them."""
        if not shutil.which("wkhtmltopdf"):
            return
        self.company.phone = "+966 11 000 0000"
        self.file.lang = "en_US"
        requests = self._make_request() + self._make_request()
        pages = self._print(REQUEST, requests, self.officer)
        self.assertEqual(len(pages), 2)
        for request, page in zip(requests, pages, strict=True):
            self.assertIn(request.name, page)
            self.assertIn("Page1of1", page)
            self.assertIn("+966110000000", page)
        content = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(REQUEST, requests.ids)[0]
        )
        for page in PdfFileReader(io.BytesIO(content), strict=False).pages:
            self.assertEqual([round(side) for side in page.mediabox[2:]], [595, 842])
