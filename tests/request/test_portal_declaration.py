import base64

from odoo import Command
from odoo.tests import tagged

from ..common import PIXEL
from .common import PortalCase, select


@tagged("post_install", "-at_install", "without_demo")
class TestPortalDeclaration(PortalCase):
    """What is signed is seen before: item by item, and by whom (R16, R33)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.applicant.lang = cls.officer.lang = "en_US"

    def setUp(self):
        super().setUp()
        self.file.write(
            {
                "lang": "en_US",
                "street": "شارع الأمثلة 7",
                "short_address": "ABCD1234",
                "birth_date": "1980-05-06",
                "housing_rent": 812,
                "household_member_ids": [
                    Command.create({"name": "سارة المثال", "relation": "child"}),
                ],
                "income_line_ids": [Command.create({"type": "salary", "amount": 1234})],
            }
        )
        self.request = self._make_request("verified", description="سلة غذائية")

    def _get_text(self, page, selector):
        return " ".join(" ".join(node.text_content() for node in select(page, selector))
                        .replace(",", "").split())  # fmt: skip

    def _get_leaves(self, data):
        """Return every value of ``data`` that a person reads."""
        if isinstance(data, dict):
            data = list(data.values())
        if isinstance(data, (list, tuple)):
            return [leaf for part in data for leaf in self._get_leaves(part)]
        return [data] if data else []

    def test_all_that_is_sealed(self):
        """R16: every value that is sealed stands on the page and on the paper."""
        page = self._get(f"/my/requests/{self.request.id}")
        shown = self._get_text(page, ".o_br_declared")
        paper = self.env["ir.actions.report"]._render_qweb_html(
            "beneficiary_relations.declaration_report", self.request.ids
        )[0]
        data = self.request._get_declared_data()
        for key in ("identity", "address", "household", "income", "papers"):
            self.assertTrue(data[key], key)
        pages = {"page": shown, "paper": paper.decode().replace(",", "")}
        for name, where in pages.items():
            with self.subTest(where=name):
                for value in (
                    self.request.name,
                    self.service.name,
                    "سلة غذائية",
                    "500.00",
                    "1000000008",
                    "شارع الأمثلة 7",
                    "ABCD1234",
                    "1980",
                    "سارة المثال",
                    "1234.00",
                    "812.00",
                    self.identity_type.name,
                    data["papers"][0]["scans"][0][:8],
                ):
                    self.assertIn(value, where)
        # What is written as it is sealed has no part that the page leaves out.
        written = [
            leaf
            for part in (data["request"], data["address"])
            for leaf in self._get_leaves(part)
            if isinstance(leaf, str)
        ]
        for leaf in written:
            self.assertIn(leaf, shown)

    def test_changed_meanwhile(self):
        """R16: what changed since the page was opened is read again before signing."""
        seen = self.request._portal_get_seen()
        self.file.sudo().household_member_ids.income = 900
        self.file.with_user(self.officer).action_match("The card")
        path = f"/my/requests/{self.request.id}/sign"
        for mark in (f"/{seen}", "/x", ""):
            answer = self.make_jsonrpc_request(
                f"{path}{mark}", {"name": "سالم المثال", "signature": PIXEL}
            )
            self.assertIn("changed", answer["error"])
        self.assertEqual(self.request.state, "verified")
        self.assertTrue(self._sign(self.request)["force_refresh"])

    def test_printed(self):
        """R16: the declaration is printed before and after; a stranger prints none."""
        path = f"/my/requests/{self.request.id}/declaration"
        for _time in ("before", "after"):
            page = self._get(f"/my/requests/{self.request.id}")
            self.assertEqual(select(page, "a.o_br_print")[0].get("href"), path)
            # Tests render the page that becomes the PDF.
            self.assertIn("1000000008", self.url_open(path).text)
            self._sign(self.request)
        action = self.env.ref("beneficiary_relations.declaration_report_action")
        self.assertFalse(self.applicant.all_group_ids & action.group_ids)
        self._sign_in(self.neighbour)
        self.assertRegex(self.url_open(path).url, r"/my(/home)?$")

    def test_sealed_scans_are_opened(self):
        """R16: scans by the office are opened by those who declare them, until then."""
        paper = self.request.verified_document_ids
        path = f"/my/requests/{self.request.id}/papers/{paper.id}"
        self.assertEqual(self.url_open(path).content, base64.b64decode(PIXEL))
        self._sign(self.request)
        self.assertRegex(self.url_open(path).url, r"/my(/home)?$")

    def test_signer(self):
        """R16: the page names the signer, and asks for no name."""
        page = self._get(f"/my/requests/{self.request.id}")
        self.assertIn("سالم المثال", self._get_text(page, ".o_br_signer"))
        (pad,) = page.xpath(
            "//owl-component[@name='beneficiary_relations.signature_form']/@props"
        )
        self.assertIn('"defaultName"', pad)
        self.assertIn("error", self._sign(self.request, "سعيد الغريب"))
        self._sign(self.request)
        self.assertFalse(self.request.declaration_on_behalf_of)

    def test_guardian(self):
        """R33: a guardian signs in the guardian's own name, on behalf of the ward."""
        self.file.portal_user_ids = [Command.clear()]
        guardian = self._make_guardian()
        guardian.lang = "en_US"
        self._sign_in(guardian)
        page = self._get(f"/my/requests/{self.request.id}")
        signer = self._get_text(page, ".o_br_signer")
        self.assertIn("Guardian on behalf of سالم المثال", signer.replace(",", ""))
        for name in (self.file.name, "سعيد الغريب"):
            self.assertIn("error", self._sign(self.request, name))
        self._sign(self.request, "Guardian")
        declaration = self.request.declaration_id
        self.assertEqual(
            (declaration.signed_by, declaration.on_behalf_of),
            ("Guardian", "سالم المثال"),
        )
        self.assertIn("on_behalf_of", declaration._sealed_fields)
        page = self._get(f"/my/requests/{self.request.id}")
        self.assertIn("on behalf of", self._get_text(page, ".o_br_declarer"))

    def test_representative_at_the_desk(self):
        """R16: at the desk too a representative signs on behalf, and a stranger never;
        declaration and receipt compare by one rule."""
        self._make_guardian()
        declare = self.request.with_user(self.officer).action_declare
        declare(signed_by="Guardian", signature=PIXEL)
        self.assertEqual(self.request.declaration_on_behalf_of, "سالم المثال")
        file = self.file
        for name, expected in (
            ("سالم المثال", True),
            (" سَالم  المثال ", True),
            ("أسرة سالم المثال", True),
            ("سعيد الغريب", False),
            ("", False),
        ):
            signer = file._get_own_signer()
            self.assertEqual(file._is_one_of(name, [signer]), expected)
        file.write({"kind": "family", "name": "أسرة سالم المثال"})
        self.assertEqual(file._get_own_signer(), "سالم المثال")
        self.assertEqual(file._get_principal("Guardian"), "سالم المثال")
