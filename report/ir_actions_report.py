import re

import lxml.html
from lxml.html.builder import SPAN

from odoo import api, models
from odoo.tools.pdf import merge_pdf

from ..rules import pdf_footer

# Arabic letters with their marks, or other characters; then the following space.
_ARABIC = r"\u0620-\u065f\u0670-\u06d3\u06d5-\u06dc\ufb50-\ufdff\ufe70-\ufeff"
_PIECES = re.compile(rf"([{_ARABIC}]+|[^\s{_ARABIC}]+)(\s*)")
_ARABIC_LETTER = re.compile(r"[\u0620-\u064a]")
_LATIN_LETTER = re.compile(r"[A-Za-z]")
RIGHT_TO_LEFT = "\u200f"  # an invisible mark


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _prepare_html(self, html, report_model=False):
        """Print Arabic completely, even if wkhtmltopdf was built on unpatched Qt.

        That WebKit measures a mixed text (Arabic with spaces, punctuation, digits or
        Latin letters) wrongly: it takes only the width of the last piece. So lines are
        broken too late and begin beyond the page. A piece in its own element is
        measured correctly. Reading order and shaping do not change.
        """
        if report_model and report_model.startswith("beneficiary."):
            parser = lxml.html.HTMLParser(encoding="utf-8")
            root = lxml.html.fromstring(html, parser=parser)
            self._isolate_all(root.find("body"))
            html = lxml.html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")
        return super()._prepare_html(html, report_model=report_model)

    @api.model
    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        """Give each page of an official paper its foot, with its number (R40).

        A wkhtmltopdf built on unpatched Qt prints no running footer, so the lines of
        all papers are printed apart, in one run, and laid onto the pages.
        """
        if not any("data-footer" in body for body in bodies):
            return super()._run_wkhtmltopdf(bodies, *args, **kwargs)
        pdfs, pages = [], []
        for paper, footer in self._split_papers("".join(bodies)):
            pdf = super()._run_wkhtmltopdf([paper], *args, **kwargs)
            pdfs.append(pdf)
            pages += self._number_pages(footer or "", pdf_footer.count_pages(pdf))
        return pdf_footer.stamp(merge_pdf(pdfs), self._print_footers(pages))

    @api.model
    def _split_papers(self, body):
        """Return each official paper of ``body`` by itself, and its footer."""
        papers = []
        path = "//div[contains(concat(' ', @class, ' '), ' o_br_paper ')]"
        for number in range(len(lxml.html.document_fromstring(body).xpath(path))):
            root = lxml.html.document_fromstring(body)
            others = root.xpath(path)
            paper = others.pop(number)
            for other in others:
                other.drop_tree()
            # Alone, but the styles of the others may follow: no empty page for them.
            paper.set("style", "page-break-after: auto")
            html = lxml.html.tostring(root, encoding="unicode")
            papers.append((html, paper.get("data-footer")))
        return papers

    @api.model
    def _number_pages(self, footer, count):
        """Return ``footer`` of each of ``count`` pages; {page} is its number."""
        text = footer.replace("{pages}", str(count))
        return [text.replace("{page}", str(page + 1)) for page in range(count)]

    @api.model
    def _print_footers(self, pages):
        """Return a PDF with a strip for each text of ``pages``."""
        html = self.env["ir.qweb"]._render(
            "beneficiary_relations.page_footers", {"pages": pages}
        )
        root = lxml.html.document_fromstring(html)
        self._isolate_all(root.find("body"))
        # Only its paper format counts: a strip as wide as the page.
        strip = self.new(
            {
                "paperformat_id": self.env.ref(
                    "beneficiary_relations.paperformat_footer"
                ).id
            }
        )
        return self._run_wkhtmltopdf(
            [lxml.html.tostring(root, encoding="unicode")], report_ref=strip
        )

    def _isolate_all(self, body):
        for node in list(body.iter("*")):
            if node.tag not in ("style", "script"):
                self._isolate_arabic(node)

    def _isolate_arabic(self, node):
        """Give each piece of an Arabic text in or after ``node`` its own element."""
        if node.tail and _ARABIC_LETTER.search(node.tail):
            parent = node.getparent()
            place = parent.index(node) + 1
            node.tail, parent[place:place] = self._split_arabic(node.tail)
        if node.text and _ARABIC_LETTER.search(node.text):
            node.text, node[0:0] = self._split_arabic(node.text)

    def _split_arabic(self, text):
        """Return the leading white space of ``text``, and its pieces as elements."""
        pieces = []
        for piece, space in _PIECES.findall(text):
            # A number after a Latin word would be drawn as a part of that word.
            mark = RIGHT_TO_LEFT if _LATIN_LETTER.search(piece) else ""
            pieces.append(SPAN(piece + mark))
            pieces[-1].tail = space
        return text[: len(text) - len(text.lstrip())], pieces
