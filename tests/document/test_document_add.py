import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ..common import PIXEL
from .common import DocumentCase

PROGRAM = base64.b64encode(b"MZ" + bytes(200)).decode()


@tagged("post_install", "-at_install")
class TestDocumentAdd(DocumentCase):
    """R12: papers that are dropped onto a request become papers of its file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = cls.env.ref(
            "beneficiary_relations.document_type_family_register"
        )
        cls.letter = cls.env.ref("beneficiary_relations.document_type_letter")
        cls._ask_for_papers([cls.register, cls.letter])

    def setUp(self):
        super().setUp()
        self.request = self._make_request()

    def _drop(self, *files, user=None, request=None):
        """Return the form as the screen makes it when ``files`` are dropped."""
        user = user or self.officer
        lines = [[0, 0, {"file": file, "file_name": "scan.png"}] for file in files]
        vals = {"request_id": (request or self.request).id, "line_ids": lines}
        wizards = self.env(user=user.id)["beneficiary.document.add"]
        [wizard_id] = call_kw(wizards, "create", [[vals]], {"context": {}})
        return wizards.browse(wizard_id)

    def test_missing_kinds_are_proposed(self):
        """R12: each paper gets the next missing kind, and no other is offered."""
        wizard = self._drop(PIXEL, PIXEL)
        self.assertEqual(
            wizard.line_ids.mapped("type_id.id"), [self.register.id, self.letter.id]
        )
        self.assertEqual(wizard.allowed_type_ids, self.register | self.letter)
        wizard.action_confirm()
        self.assertEqual(self.request.document_ids.type_id, self.register | self.letter)
        self.assertFalse(any(self.request.document_ids.mapped("matched_on")))

    def test_kinds_that_are_there_are_not_offered(self):
        """R12, R14: a good paper is not asked for again, one that has ended is."""
        paper = self._make_document(self.file, self.register)
        wizard = self._drop(PIXEL)
        self.assertEqual(wizard.allowed_type_ids, self.letter)
        self.assertEqual(wizard.line_ids.type_id, self.letter)
        paper.write({"issue_date": "2020-01-01", "expiry_date": "2020-02-01"})
        self.assertEqual(
            self._drop(PIXEL).allowed_type_ids, self.register | self.letter
        )

    def test_when_nothing_is_missing(self):
        """R12: then all kinds that are asked for are offered, and none is proposed."""
        for kind in (self.register, self.letter):
            self._make_document(self.file, kind)
        wizard = self._drop(PIXEL)
        self.assertEqual(wizard.allowed_type_ids, self.register | self.letter)
        self.assertFalse(wizard.line_ids.type_id)
        with self.assertRaisesRegex(UserError, "Choose the kind of every paper"):
            wizard.action_confirm()

    def test_front_and_back(self):
        """R12: two files of a kind with two sides are one paper; a third is refused."""
        self.register.sides = "both"
        wizard = self._drop(PIXEL, PIXEL, PIXEL)
        self.assertEqual(
            wizard.line_ids.mapped("type_id.id"), [self.register.id, self.letter.id]
        )
        self.assertEqual(
            [line.type_id for line in wizard.line_ids],
            [self.register, self.register, self.letter],
        )
        with Form(wizard) as form, form.line_ids.edit(2) as line:
            line.type_id = self.register
        with self.assertRaisesRegex(UserError, "more than one paper"):
            wizard.action_confirm()
        wizard.line_ids[2].type_id = self.letter
        wizard.action_confirm()
        paper = self.file.document_ids.filtered(
            lambda one: one.type_id == self.register
        )
        self.assertTrue(paper.file and paper.file_back)

    def test_number_of_an_identity_card(self):
        """An identity card has the number of the file, and what is typed stays."""
        self._ask_for_papers([self.identity_type])
        line = self._drop(PIXEL).line_ids
        self.assertEqual(line.number, self.file.identity_number)
        line = self._drop(PIXEL).line_ids
        line.write({"number": "1000000016"})
        line.type_id = self.letter
        self.assertEqual(line.number, "1000000016")

    def test_refusals(self):
        """R43: no program is taken, and nothing for a request that is not theirs."""
        with self.assertRaises(ValidationError):
            self._drop(PROGRAM)
        for user in (self.delegate, self.outsider, self.applicant, self.researcher):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._drop(PIXEL, user=user)

    def test_restricted_kinds(self):
        """R43: kinds whose papers the user may not read are not offered."""
        report = self.env.ref("beneficiary_relations.document_type_medical")
        self._ask_for_papers([report, self.letter])
        self.assertEqual(self._drop(PIXEL).allowed_type_ids, self.letter)


@tagged("post_install", "-at_install")
class TestSourceSeen(DocumentCase):
    """R13: what was seen is said with one choice, and can be written otherwise."""

    def test_of_papers(self):
        """R13: several papers, one choice; words that were typed are kept."""
        papers = self._make() | self._make_document(self.file, self.identity_type)
        forms = self.env["beneficiary.document.match"].with_user(self.officer)
        with Form(forms.with_context(active_ids=papers.ids)) as form:
            self.assertFalse(form.source, "nothing is said before it was seen")
            form.seen = "original"
            self.assertEqual(form.source, "The original")
            form.seen = "site"
            self.assertEqual(form.source, "The site of the ministry")
            form.source = "The land registry"
            form.seen = "copy"
            self.assertEqual(form.source, "The land registry")
        form.record.action_confirm()
        self.assertEqual(set(papers.mapped("source")), {"The land registry"})

    def test_of_data_and_papers(self):
        """R13: one choice for all lines, and a line that has its own keeps it."""
        self.file.write({"street": "Example street", "city": "Riyadh"})
        request = self._make_request()
        paper = self._make_document(self.file, self.identity_type)
        forms = self.env["beneficiary.file.match"].with_user(self.officer)
        forms = forms.with_context(
            default_beneficiary_id=self.file.id, default_request_id=request.id
        )
        with Form(forms) as form:
            with form.line_ids.edit(0) as line:
                line.seen = "site"
                self.assertEqual(line.source, "The site of the ministry")
            form.seen = "original"
        form.record.action_confirm()
        self.assertEqual(paper.source, "The original")
        address = self.file._get_verified()["address"]
        self.assertEqual(address.source, "The site of the ministry")
        self.assertEqual(address.matched_by_id, self.officer)
