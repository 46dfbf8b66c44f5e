from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PIXEL, BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestPapersTour(HttpCase, BeneficiaryCommon):
    """Papers are looked at beside the list and the request, by who may read them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper = cls._make_document(
            cls(),
            cls.file,
            cls.identity_type,
            file_name="front.png",
            file_back=PIXEL,
            file_back_name="back.png",
        )
        cls.officer.lang = "ar_001"

    def test_papers(self):
        """R8, R13: both sides open in Odoo's viewer, from the list and the request."""
        self.start_tour(
            "/odoo/beneficiary-documents",
            "beneficiary_papers",
            login=self.officer.login,
        )
        request = self._make_request()
        self.start_tour(
            f"/odoo/beneficiary-requests/{request.id}",
            "beneficiary_papers_request",
            login=self.officer.login,
        )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.http")
    def test_who_may_look(self):
        """R43: the address of a scan opens it only to who may read the paper."""
        for user, is_open in (
            (self.officer, True),
            (self.auditor, True),
            (self.delegate, False),
            (self.outsider, False),
            (self.stranger, False),
            (self.applicant, False),
        ):
            self.authenticate(user.login, user.login.ljust(8, "x"))
            for kind, field in (("image", "file"), ("content", "file_back")):
                with self.subTest(user=user.login, field=field):
                    answer = self.url_open(
                        f"/web/{kind}/beneficiary.document/{self.paper.id}/{field}"
                    )
                    got = answer.content[:4] == b"\x89PNG" and len(answer.content) < 500
                    self.assertEqual(got, is_open)
