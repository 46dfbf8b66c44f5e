import re

from lxml import etree, html

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon

# Expressions of templates that print a number or an address.
NUMBER = re.compile(
    r"(phone\d?|email|iban|\w*number|replaces)(['\"]?\])?$|identity_number"
    r"|(request|object|request_id)\.name\b"
)
MARK = "\N{LEFT-TO-RIGHT MARK}"


@tagged("post_install", "-at_install")
class TestBidi(HttpCase, BeneficiaryCommon):
    """R44: within Arabic, numbers keep their own order: "+966…", never "…966+"."""

    def _assert_isolated(self, tree):
        for node in tree.iter(etree.Element):
            printed = node.get("t-out") or node.get("t-field") or ""
            printed = printed.removesuffix(" or ''").strip()
            if not NUMBER.search(printed):
                continue
            path = [node, *node.iterancestors()]
            self.assertTrue(
                any(one.get("dir") == "ltr" or one.tag == "bdi" for one in path),
                f"{node.tag}: {printed}",
            )

    def test_pages_and_papers(self):
        """R40, R44: portal and papers isolate each number that they print."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "qweb"), ("key", "=like", "beneficiary_relations.%")]
        )
        self.assertGreater(len(views), 20)
        for view in views:
            with self.subTest(view=view.key):
                self._assert_isolated(etree.fromstring(view.arch))

    def test_mails(self):
        """R20, R44: e-mails isolate the number of the request."""
        templates = self.env["mail.template"].search(
            [("model_id.model", "=like", "beneficiary.%")]
        )
        self.assertGreater(len(templates), 5)
        for template in templates:
            with self.subTest(template=template.name):
                self._assert_isolated(html.fromstring(str(template.body_html)))

    def test_sentences(self):
        """R44: a refusal quotes a typed number in the order in which it was typed."""
        file = self.file.with_context(lang="ar_001")
        member = self.env["beneficiary.household.member"].with_context(lang="ar_001")
        for record, vals in (
            (file, {"phone": "+966 55 12"}),
            (file, {"iban": "SA03 8000"}),
            (member.new({"beneficiary_id": file.id}), {"identity_number": "12 34 5"}),
        ):
            [number] = vals.values()
            with self.subTest(number=number):
                with self.assertRaises(ValidationError) as caught:
                    if record.id:
                        record.write(vals)
                    else:
                        member.create(
                            {"beneficiary_id": file.id, "name": "ريم", **vals}
                        )
                self.assertIn(f"{MARK}{number}{MARK}", str(caught.exception))
        with self.assertRaises(ValidationError) as caught:
            self.file.phone = "+966 55 12"
        self.assertNotIn(MARK, str(caught.exception))

    def test_screens(self):
        """R44: lists and forms show a telephone from left to right, and cut nothing."""
        self.officer.lang = "ar_001"
        self.start_tour(
            "/odoo/beneficiary-files", "beneficiary_numbers", login=self.officer.login
        )
