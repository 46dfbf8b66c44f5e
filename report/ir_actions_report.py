import re

import lxml.html
from lxml.html.builder import SPAN

from odoo import models

# Arabic letters with their marks, or other characters; then the following space.
_ARABIC = r"\u0620-\u065f\u0670-\u06d3\u06d5-\u06dc\ufb50-\ufdff\ufe70-\ufeff"
_PIECES = re.compile(rf"([{_ARABIC}]+|[^\s{_ARABIC}]+)(\s*)")
_ARABIC_LETTER = re.compile(r"[\u0620-\u064a]")


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
        """Return the leading white space of ``text``, and its pieces as elements."""
        pieces = []
        for piece, space in _PIECES.findall(text):
            pieces.append(SPAN(piece))
            pieces[-1].tail = space
        return text[: len(text) - len(text.lstrip())], pieces
