from datetime import timedelta

from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "without_demo", "beside_apps")
class TestPersonTour(HttpCase, BeneficiaryCommon):
    """What the person signs, sends, receives and is told, in Arabic, on a phone."""

    browser_size = "360x640"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.applicant.lang = "ar_001"

    def _tour(self, name, path="/my", user=None):
        user = user or self.applicant
        self.start_tour(path, f"beneficiary_person_{name}", login=user.login)
        self.env.invalidate_all()

    def test_guardian_signs(self):
        """R16, R33: a guardian reads all that is sealed, and signs as themself."""
        request = self._make_request("verified")
        guardian = self._make_guardian()
        guardian.lang = "ar_001"
        self._tour("guardian", user=guardian)
        declaration = request.declaration_id
        self.assertEqual(
            (declaration.signed_by, declaration.on_behalf_of),
            ("Guardian", self.file.name),
        )

    def test_expired_paper(self):
        """R14, R26: a paper that has expired is asked for, and a newer one is taken."""
        today = self.company._get_beneficiary_today()
        paper = self._make_document(
            self.file, self.identity_type, expiry_date=today - timedelta(days=3)
        )
        request = self._make_request()
        self._tour("paper", f"/my/requests/{request.id}/edit/papers")
        self.assertEqual(self.file.document_ids.mapped("version"), [2, 1])
        self.assertTrue(paper.exists().file)

    def test_asked_again(self):
        """R33, R45: one that runs is said; a reload after a mistake loses nothing."""
        self.service.interval_months = 12
        self._make_request("submitted")
        self._tour("again", "/my/services")
        drafts = self.file.request_ids.filtered(lambda one: one.state == "draft")
        self.assertEqual(drafts.mapped("description"), ["لأخي أيضًا"])

    def test_receipt_and_rating(self):
        """R25, R29-R31: a receipt signed, and a low rating whose end is not shown."""
        request = self._make_request("registered")
        delivery = self._plan_delivery(request, amount=500)
        self._hand_over(delivery)
        self._tour("receipt")
        self.assertEqual((delivery.state, delivery.method), ("received", "portal"))
        request.with_user(self.officer).action_deliver(evidence="Handed over")
        self._tour("rating", request.access_url)
        improvement = self.env["beneficiary.improvement"].search(
            [("rating_id", "=", request._get_rating().id)]
        )
        self.assertEqual(improvement.source, "rating")
        improvement.outcome = "نوقش مع الفرع"
        for path in ("/my", request.access_url):
            page = self.url_open(path).text
            self.assertNotIn(improvement.outcome, page)
            self.assertNotIn(improvement.name, page)

    def test_changes_answered(self):
        """R23, R51: the answers to what was proposed, and the reason of a refusal."""
        changes = self.env["beneficiary.change"].with_user(self.applicant)
        file = self.file.with_user(self.applicant).sudo()
        declined, accepted = (
            changes._portal_propose(file, "file", file.id, form).with_user(self.officer)
            for form in ({"name": "اسم آخر"}, {"city": "أبها"})
        )
        declined.reason = "الاسم في الهوية غير ذلك"
        declined.action_decline()
        accepted.action_accept()
        self._tour("change")
        self.assertEqual(self.file.city, "أبها")
        self.assertTrue(declined.read_on)

    def test_letter_with_files(self):
        """R27, R48: photos come with a letter."""
        self._tour("letter", "/my/contacts/new")
        letter = self.env["beneficiary.interaction"].search(
            [("asked_by_id", "=", self.applicant.id)]
        )
        self.assertEqual(letter.kind, "question")
