"""Shared parts of the tests of papers."""

from ..common import PIXEL, BeneficiaryCommon


class DocumentCase(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["beneficiary.document.type"].create({"name": "Lease"})
        cls.documents = cls.env["beneficiary.document"].with_user(cls.officer)

    def setUp(self):
        super().setUp()
        # Match the data of the file: these tests are about its papers only.
        self.file.with_user(self.officer).action_match("The card")

    def _make(self, user=None, **vals):
        """Return a paper of the plain kind, with a scan and no other data."""
        return self.documents.with_user(user or self.officer).create(
            {
                "beneficiary_id": self.file.id,
                "type_id": self.kind.id,
                "file": PIXEL,
                **vals,
            }
        )
