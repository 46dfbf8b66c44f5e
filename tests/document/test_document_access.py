import base64

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import Form, HttpCase, tagged

from ..common import PIXEL, pdf_base64
from .common import DocumentCase

RESTRICTED = ("health", "finance")
# The restricted papers of the association that each role may read.
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
    """Restricted papers and the users who may read them, by every way of reading."""

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
        """Return a request before the committee; a manager has matched all papers."""
        papers = self.file.document_ids.with_user(self.manager)
        papers.action_match("The originals")
        request = self._make_request("in_review")
        self.env.invalidate_all()
        return request

    def _find(self, attachments, paper):
        """Return those of ``attachments`` that a search for scans of papers finds."""
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
        """R43: only users with the right group read restricted papers."""
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
        """R43: no RPC method reads, exports, copies or changes a restricted paper."""
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
        """R43: search, read and direct links do not open the scans either."""
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
                        # Odoo sends a placeholder for an image that is not readable.
                        is_scan = response.content == base64.b64decode(PIXEL)
                        self.assertEqual(is_scan, is_readable, path)

    def test_visitor(self):
        """R43: a visitor who is not signed in gets no scan, restricted or not."""
        for paper in self.file.document_ids:
            for scan in self._get_attachments(paper):
                for path in (f"/web/content/{scan.id}", f"/web/image/{scan.id}"):
                    response = self.url_open(path)
                    self.assertNotEqual(response.content, base64.b64decode(PIXEL))

    def test_committee(self):
        """R43: members read restricted papers before them only with the group."""
        papers = self.file.document_ids
        plain = papers - papers.browse().union(*self.papers.values())
        self.assertFalse(papers.with_user(self.member).search([]))
        self._raise()
        seen = self.env["beneficiary.document"].with_user(self.member)
        self.assertEqual(seen.search([]), plain)
        self.member.group_ids |= self.env.ref("beneficiary_relations.group_health")
        self.assertEqual(seen.search([]), plain | self.papers["health"])

    def test_screens_open_for_all(self):
        """R43: a form opens for users who may read only some of its papers."""
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
                # Read all papers as superuser first, as the guards do.
                self.assertEqual(len(request.sudo().document_ids), 3)
                shown = record.with_user(user)
                Form(shown)
                rows = shown.web_read(
                    {"document_ids": {"fields": {"number": {}}}, "display_name": {}}
                )
                self.assertEqual(len(rows[0]["document_ids"]), count)
                self.env.invalidate_all()

    def test_guards_see_all(self):
        """R12: the checklist also covers papers that the officer may not read."""
        request = self._make_request("submitted").with_user(self.officer)
        self.assertEqual(len(request.document_ids), 2)
        missing = request._get_missing()
        self.assertEqual(len(missing), 3, "each unmatched, none missing")
        self.assertIn("“Paper of health” has not been matched", "".join(missing))

    def test_kinds_that_are_offered(self):
        """R43: a form offers only the kinds whose papers the user may read."""
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
        """R43: restricting a kind also hides its existing papers."""
        paper = self._make()
        seen = paper.with_user(self.delegate)
        self.assertTrue(seen.has_access("read"))
        self.kind.restriction = "health"
        self.kind.active = False
        self.assertFalse(seen.has_access("read"))
        self.assertFalse(paper.with_user(self.officer).has_access("read"))
        self.assertTrue(paper.with_user(self.manager).has_access("read"))

    def test_own_papers_on_the_portal(self):
        """R33: an applicant can download a restricted paper that they uploaded."""
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
