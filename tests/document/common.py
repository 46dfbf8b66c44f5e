"""What tests of papers share."""

from ..common import PIXEL, BeneficiaryCommon


class DocumentCase(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["beneficiary.document.type"].create({"name": "Lease"})
        cls.documents = cls.env["beneficiary.document"].with_user(cls.officer)

    def setUp(self):
        super().setUp()
        # What a file states is matched beside its papers; here, the papers are asked.
        self.file.with_user(self.officer).action_match("The card")

    def _make(self, user=None, **vals):
        """Return a paper of the plain kind, scanned and nothing more."""
        return self.documents.with_user(user or self.officer).create(
            {
                "beneficiary_id": self.file.id,
                "type_id": self.kind.id,
                "file": PIXEL,
                **vals,
            }
        )
