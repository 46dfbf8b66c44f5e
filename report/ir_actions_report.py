import re

import lxml.html
from lxml.html.builder import SPAN

from odoo import models

# Arabic letters with their marks, or anything else; then the space that follows.
_ARABIC = r"\u0620-\u065f\u0670-\u06d3\u06d5-\u06dc\ufb50-\ufdff\ufe70-\ufeff"
_PIECES = re.compile(rf"([{_ARABIC}]+|[^\s{_ARABIC}]+)(\s*)")
_ARABIC_LETTER = re.compile(r"[\u0620-\u064a]")


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _prepare_html(self, html, report_model=False):
        """Print Arabic whole, with a wkhtmltopdf built on unpatched Qt too.

        That WebKit measures Arabic that stands in one text with spaces, punctuation,
        digits or Latin letters as wide as its last piece alone: lines are broken too
        late, and begin beyond the page. A piece with an element of its own is
        measured rightly; reading order and shaping stay as they are.
        """
        if report_model and report_model.startswith("beneficiary."):
            parser = lxml.html.HTMLParser(encoding="utf-8")
            root = lxml.html.fromstring(html, parser=parser)
            for node in list(root.find("body").iter("*")):
                if node.tag not in ("style", "script"):
                    self._isolate_arabic(node)
            html = lxml.html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")
        return super()._prepare_html(html, report_model=report_model)

    def _isolate_arabic(self, node):
        """Give each piece of an Arabic text in or after ``node`` its own element."""
        if node.tail and _ARABIC_LETTER.search(node.tail):
            parent = node.getparent()
            place = parent.index(node) + 1
            node.tail, parent[place:place] = self._split_arabic(node.tail)
        if node.text and _ARABIC_LETTER.search(node.text):
            node.text, node[0:0] = self._split_arabic(node.text)

    def _split_arabic(self, text):
        """Return the white space that ``text`` begins with, and its pieces."""
        pieces = []
        for piece, space in _PIECES.findall(text):
            pieces.append(SPAN(piece))
            pieces[-1].tail = space
        return text[: len(text) - len(text.lstrip())], pieces
