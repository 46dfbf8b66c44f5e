from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestRequestOfAnotherBranch(BeneficiaryCommon):
    """R6: a delegate opens each request of the branch whole, wherever its file is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.far = cls._make_branch(cls.manager, "South")

    def setUp(self):
        super().setUp()
        self.request = self._make_request("verified", branch_id=self.branch.id)
        self.env["beneficiary.household.member"].create(
            {
                "beneficiary_id": self.file.id,
                "name": "نورة المثال",
                "relation": "child",
            }
        )
        # The person has moved.
        self.file.branch_id = self.far
        self.env.flush_all()
        self.env.invalidate_all()

    def _open(self, record):
        """Read all that a form of the record shows, with the lines on its pages."""
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])

        def specify(model, nodes):
            fields = {}
            for node in nodes:
                field = model._fields[node.get("name")]
                fields[field.name] = {}
                if field.comodel_name:
                    lines = model.env[field.comodel_name]
                    inner = specify(lines, node.xpath("./list/field"))
                    fields[field.name]["fields"] = inner or {"display_name": {}}
            return fields

        return record.web_read(
            specify(record, arch.xpath("//field[not(ancestor::field)]"))
        )

    def test_opens_whole(self):
        """R6: the request opens with its data and papers, and so does the file."""
        request = self.request.with_user(self.delegate)
        self.assertNotEqual(request.branch_id, self.file.branch_id)
        (values,) = self._open(request)
        for name in ("verification_ids", "document_ids"):
            shown = {line["id"] for line in values[name]}
            self.assertTrue(shown)
            self.assertEqual(shown, {*self.request[name].ids})
        (values,) = self._open(request.beneficiary_id)
        self.assertEqual(values["name"], self.file.name)
        for name in ("household_member_ids", "document_ids"):
            shown = {line["id"] for line in values[name]}
            self.assertEqual(shown, {*self.file[name].ids})
        self.assertIn(self.file, request.beneficiary_id.search([]))

    def test_changes_nothing(self):
        """R6: the file of another branch is read, and not changed."""
        file = self.file.with_user(self.delegate)
        for record in (
            file,
            file.document_ids,
            file.household_member_ids,
            file.verification_ids,
        ):
            with self.subTest(model=record._name):
                self.assertTrue(record)
                self.assertTrue(record.has_access("read"))
                self.assertFalse(record.has_access("write"))
                self.assertFalse(record.has_access("unlink"))
        with self.assertRaises(AccessError):
            file.write({"phone": "0500000002"})

    def test_only_own_requests_open_a_file(self):
        """R6: a file without a request in the branch stays closed, with its parts."""
        file = self.env["beneficiary.beneficiary"].create(
            {
                "name": "منى المثال",
                "company_id": self.company.id,
                "branch_id": self.far.id,
            }
        )
        self._make_document(file, self.identity_type)
        draft = self._make_request(beneficiary_id=file.id, branch_id=self.branch.id)
        for branch, is_open in ((self.branch, True), (self.far, False)):
            draft.branch_id = branch
            self.env.flush_all()
            self.env.invalidate_all()
            for model, name in (
                ("beneficiary.request", "beneficiary_id"),
                ("beneficiary.beneficiary", "id"),
                ("beneficiary.document", "beneficiary_id"),
            ):
                records = self.env[model].with_user(self.delegate)
                with self.subTest(model=model, is_open=is_open):
                    found = records.search([(name, "=", file.id)])
                    self.assertEqual(bool(found), is_open)
                    known = self.env[model].search([(name, "=", file.id)])
                    self.assertEqual(
                        known.with_user(self.delegate).has_access("read"), is_open
                    )
