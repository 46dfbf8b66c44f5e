import base64

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import Form, HttpCase, tagged

from ..common import PIXEL, pdf_base64
from .common import DocumentCase

RESTRICTED = ("health", "finance")
# Which restricted papers of the association each role reads.
READS = {
    "delegate": (),
    "officer": ("finance",),
    "manager": RESTRICTED,
    "researcher": RESTRICTED,
    "auditor": RESTRICTED,
    "member": (),
    "stranger": (),
    "outsider": (),
    "applicant": (),
}


@tagged("post_install", "-at_install")
class TestDocumentAccess(HttpCase, DocumentCase):
    """Restricted kinds: who reads them, by whichever door they come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = cls.branch
        cls.kinds = {
            restriction: cls.kind.copy(
                {"name": f"Paper of {restriction}", "restriction": restriction}
            )
            for restriction in RESTRICTED
        }
        cls.papers = {
            restriction: cls.env["beneficiary.document"].create(
                {
                    "beneficiary_id": cls.file.id,
                    "type_id": kind.id,
                    "number": "1",
                    "file": PIXEL,
                    "file_back": PIXEL,
                }
            )
            for restriction, kind in cls.kinds.items()
        }
        for user in (cls.delegate, cls.officer):
            user.group_ids |= cls.env.ref("base.group_allow_export")
        cls._ask_for_papers(cls.kind.union(*cls.kinds.values()))
        cls.env["beneficiary.document"].create(
            {"beneficiary_id": cls.file.id, "type_id": cls.kind.id, "file": PIXEL}
        )

    def _as(self, role, records):
        user = getattr(self, role)
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _raise(self):
        """Return a request before the committee; a manager matches what is secret."""
        papers = self.file.document_ids.with_user(self.manager)
        papers.action_match("The originals")
        request = self._make_request("in_review")
        self.env.invalidate_all()
        return request

    def _find(self, attachments, paper):
        """Return which of ``attachments`` a search by their paper finds."""
        try:
            found = attachments.search(
                [("res_model", "=", paper._name), ("res_field", "!=", False)]
            )
        except AccessError:
            return attachments.browse()
        return found & attachments

    def _get_attachments(self, paper):
        return self.env["ir.attachment"].search(
            [("res_model", "=", paper._name), ("res_id", "=", paper.id)]
            + [("res_field", "!=", False)]
        )

    def test_who_reads(self):
        """R43: restricted papers are read by their groups alone."""
        for role, readable in READS.items():
            for restriction, paper in self.papers.items():
                with self.subTest(role=role, restriction=restriction):
                    seen = self._as(role, paper)
                    self.assertEqual(seen.has_access("read"), restriction in readable)
                    self.assertEqual(
                        seen.has_access("write"),
                        restriction in readable and role in ("officer", "manager"),
                    )

    def test_every_way_of_reading(self):
        """R43: search, count, names, groups, export and read tell nothing of them."""
        paper = self.papers["health"]
        for user in (self.delegate, self.officer):
            papers = self.env["beneficiary.document"].with_user(user)
            domain = [("id", "=", paper.id)]
            with self.subTest(user=user.login):
                self.assertFalse(papers.search(domain))
                self.assertEqual(papers.search_count(domain), 0)
                self.assertFalse(papers.name_search("", domain))
                self.assertFalse(papers.search_read(domain, ["number"]))
                self.assertFalse(papers.web_search_read(domain, {"id": {}})["records"])
                self.assertFalse(papers.formatted_read_group(domain, ["type_id"], []))
                self.assertNotIn(paper, self.file.with_user(user).document_ids)
                for method, args in (
                    ("read", [["number"]]),
                    ("web_read", [{"file": {}}]),
                    ("export_data", [["number"]]),
                    ("copy", []),
                    ("write", [{"number": "2"}]),
                    ("action_match", ["x"]),
                ):
                    with self.assertRaises(AccessError, msg=method):
                        call_kw(papers, method, [paper.ids, *args], {})

    def test_attachments(self):
        """R43: nor do attachments, by search, read or their own address."""
        for role, readable in READS.items():
            user = getattr(self, role)
            self.authenticate(user.login, user.login)
            for restriction, paper in self.papers.items():
                attachments = self._get_attachments(paper)
                self.assertEqual(len(attachments), 2)
                is_readable = restriction in readable
                with self.subTest(role=role, restriction=restriction):
                    seen = self._as(role, attachments)
                    self.assertEqual(seen.has_access("read"), is_readable)
                    self.assertEqual(bool(self._find(seen, paper)), is_readable)
                    for path in (
                        f"/web/content/{paper._name}/{paper.id}/file",
                        f"/web/content/{paper._name}/{paper.id}/file_back?download=1",
                        f"/web/image/{paper._name}/{paper.id}/file",
                        f"/web/image/{paper._name}/{paper.id}/file_back/10x10",
                        *(f"/web/content/{scan.id}" for scan in attachments),
                        *(f"/web/image/{scan.id}" for scan in attachments),
                    ):
                        response = self.url_open(path)
                        # An image that may not be seen is answered by a placeholder.
                        is_scan = response.content == base64.b64decode(PIXEL)
                        self.assertEqual(is_scan, is_readable, path)

    def test_visitor(self):
        """R43: who is not signed in has no scan, restricted or not."""
        for paper in self.file.document_ids:
            for scan in self._get_attachments(paper):
                for path in (f"/web/content/{scan.id}", f"/web/image/{scan.id}"):
                    response = self.url_open(path)
                    self.assertNotEqual(response.content, base64.b64decode(PIXEL))

    def test_committee(self):
        """R43: members read restricted papers before them when they hold the group."""
        papers = self.file.document_ids
        plain = papers - papers.browse().union(*self.papers.values())
        self.assertFalse(papers.with_user(self.member).search([]))
        self._raise()
        seen = self.env["beneficiary.document"].with_user(self.member)
        self.assertEqual(seen.search([]), plain)
        self.member.group_ids |= self.env.ref("beneficiary_relations.group_health")
        self.assertEqual(seen.search([]), plain | self.papers["health"])

    def test_screens_open_for_all(self):
        """R43: a form whose papers one may not read opens, and shows the others."""
        request = self._raise()
        decision = request.decision_ids
        for user, record, count in (
            (self.delegate, self.file, 1),
            (self.officer, self.file, 2),
            (self.delegate, request, 1),
            (self.officer, request, 2),
            (self.manager, request, 3),
            (self.member, request, 1),
            (self.member, decision, 1),
        ):
            with self.subTest(user=user.login, model=record._name):
                # The guards have read all of them, in the same transaction.
                self.assertEqual(len(request.sudo().document_ids), 3)
                shown = record.with_user(user)
                Form(shown)
                rows = shown.web_read(
                    {"document_ids": {"fields": {"number": {}}}, "display_name": {}}
                )
                self.assertEqual(len(rows[0]["document_ids"]), count)
                self.env.invalidate_all()

    def test_guards_see_all(self):
        """R12: an officer who may not read a paper is still told the truth of it."""
        request = self._make_request("submitted").with_user(self.officer)
        self.assertEqual(len(request.document_ids), 2)
        missing = request._get_missing()
        self.assertEqual(len(missing), 3, "each unmatched, none missing")
        self.assertIn("“Paper of health” has not been matched", "".join(missing))

    def test_kinds_that_are_offered(self):
        """R43: a form offers the kinds of which one may keep papers."""
        for role, readable in READS.items():
            if not readable and role != "delegate":
                continue
            papers = self.env["beneficiary.document"].with_user(getattr(self, role))
            domain = papers._get_type_domain()
            offered = self.env["beneficiary.document.type"].search(domain)
            self.assertEqual(
                {name for name, kind in self.kinds.items() if kind in offered},
                set(readable),
            )
        with self.assertRaises(AccessError):
            self._make(self.delegate, type_id=self.kinds["finance"].id)

    def test_restricting_a_kind_later(self):
        """R43: a kind that becomes restricted takes its papers out of sight."""
        paper = self._make()
        seen = paper.with_user(self.delegate)
        self.assertTrue(seen.has_access("read"))
        self.kind.restriction = "health"
        self.kind.active = False
        self.assertFalse(seen.has_access("read"))
        self.assertFalse(paper.with_user(self.officer).has_access("read"))
        self.assertTrue(paper.with_user(self.manager).has_access("read"))

    def test_own_papers_on_the_portal(self):
        """R33: the person still gets back a restricted paper they uploaded."""
        request = self._make_request("submitted")
        paper = request.with_user(self.applicant)._portal_upload(
            self.kinds["health"], ("report.html", PIXEL), ("back.pdf", pdf_base64())
        )
        self.assertEqual((paper.file_name, paper.version), ("report.png", 2))
        self.authenticate(self.applicant.login, self.applicant.login)
        url = f"/my/requests/{request.id}/papers/{paper.id}"
        for address, content in ((url, PIXEL), (f"{url}?side=back", pdf_base64())):
            response = self.url_open(address)
            self.assertEqual(response.content, base64.b64decode(content))
        other = self.papers["health"]
        response = self.url_open(f"/my/requests/{request.id}/papers/{other.id}")
        self.assertNotEqual(response.content, base64.b64decode(PIXEL))
