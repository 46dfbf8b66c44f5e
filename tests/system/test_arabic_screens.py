import re

from lxml import etree, html

from odoo.tests import tagged

from ..common import BeneficiaryCommon

# Names of products, formats and units that stay in Latin letters, and examples to type.
NAMES = re.compile(
    r"\b(Odoo|Font Awesome|WhatsApp|PDF|IBAN|SMS|QR|XLSX|CSV|ZIP|HEIC|MB|SHA-?256"
    r"|https?|05X+|SA[\dX]+|fa-[a-z]+|[A-Z]{4}\d+|Alt\+Shift\+C)\b"
    r"|\S+@\S+|\S+://\S+|/[a-z]+\S*|&\w+;"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
ATTRIBUTES = ("string", "placeholder", "help", "title", "confirm", "aria-label")
# No person reads what these hold.
CODE = ("script", "style")


@tagged("post_install", "-at_install")
class TestArabicScreens(BeneficiaryCommon):
    """R44: an Arabic screen shows no English word."""

    def _assert_arabic(self, texts):
        """Fail for each text that has Latin letters besides those of known names."""
        for place, text in texts:
            if text and LATIN.search(NAMES.sub(" ", text)):
                with self.subTest(place=place):
                    self.fail(f"{place}: {text.strip()}")

    def _read_arch(self, arch):
        for node in arch.iter(etree.Element):
            if node.tag not in CODE:
                yield node.text
            yield node.tail
            for attribute in ATTRIBUTES:
                yield node.get(attribute)

    def _search(self, model, domain):
        return self.env[model].with_context(lang="ar_001").search(domain)

    def test_views(self):
        """R44: every word of our views is Arabic."""
        views = self._search(
            "ir.ui.view",
            [("model", "=like", "beneficiary.%"), ("inherit_id", "=", False)],
        )
        self._assert_arabic(
            (view.xml_id, text)
            for view in views
            for text in self._read_arch(view._get_combined_arch())
        )

    def test_fields(self):
        """R44: every label, help and choice of our fields is Arabic."""
        for name in self.env:
            if not name.startswith("beneficiary.") or self.env[name]._abstract:
                continue
            fields = self.env[name].with_context(lang="ar_001").fields_get()
            for field in self.env[name]._fields.values():
                if field._module != "beneficiary_relations":
                    continue
                words = [fields[field.name]["string"], fields[field.name].get("help")]
                # Other choices are made by code, such as the languages that are active.
                if field.store and isinstance(getattr(field, "selection", None), list):
                    words += [label for _code, label in fields[field.name]["selection"]]
                self._assert_arabic((f"{name}.{field.name}", word) for word in words)

    def test_menus_and_actions(self):
        """R44: every menu, and what an action calls and explains itself, is Arabic."""
        ours = self.env["ir.model.data"].search(
            [("module", "=", "beneficiary_relations")]
        )
        for model in ("ir.ui.menu", "ir.actions.act_window"):
            ids = ours.filtered(lambda data, model=model: data.model == model)
            for record in self._search(model, [("id", "in", ids.mapped("res_id"))]):
                words = [record.name]
                if model == "ir.actions.act_window" and record.help:
                    words.append(html.fromstring(record.help).text_content())
                self._assert_arabic((record.display_name, word) for word in words)
