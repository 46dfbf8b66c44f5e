import json

from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestClicksTour(HttpCase, BeneficiaryCommon):
    """An officer's day in Arabic, by the shortest ways there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.lang = "ar_001"
        cls.kinds = [
            cls.env.ref("beneficiary_relations.document_type_family_register"),
            cls.env.ref("beneficiary_relations.document_type_letter"),
        ]
        cls._ask_for_papers(cls.kinds)

    def _tour(self, name, path="beneficiary-requests", most=None):
        """Run a tour; it fails if it takes more than ``most`` says."""
        path = f"/odoo/{path}"
        options = json.dumps({"startUrl": path})
        self.start_tour(
            path,
            name,
            login=self.officer.login,
            timeout=300,
            code=f"window.mostEffort = {json.dumps(most)};"
            f" odoo.startTour({name!r}, {options})",
        )
        self.env.invalidate_all()

    def test_from_the_telephone_to_raised(self):
        """R10-R18: at most 22 clicks and 4 texts, and every step is on record."""
        self._tour("beneficiary_clicks_raise", most={"clicks": 22, "texts": 4})
        request = self.file.request_ids
        self.assertEqual(request.state, "in_review")
        self.assertIn("يطلب سلة غذائية", request.interaction_ids.mapped("subject"))
        self.assertEqual(
            request.document_ids.mapped("type_id.id"), [kind.id for kind in self.kinds]
        )
        self.assertEqual(request.document_ids.matched_by_id, self.officer)
        self.assertTrue(all(request.document_ids.mapped("source")))
        self.assertEqual(
            [step.code for step in request._get_steps()],
            ["receive", "verify", "declare", "notify"],
        )
        evidence = request._get_steps().mapped("evidence")
        self.assertNotEqual(evidence[0], evidence[1])
        self.assertTrue(all(request._get_steps("verify").mapped("evidence")))

    def test_from_acceptance_to_closing(self):
        """R20, R24, R25: at most 10 clicks, where the reply has reached the person."""
        self.service.delivery_kind = "cash"
        request = self._make_request("accepted")
        notices = request.sudo().notice_ids
        notices.notification_id.notification_status = "sent"
        self._tour("beneficiary_clicks_close", most={"clicks": 10, "texts": 3})
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.delivery_ids.state, "received")
        self.assertTrue(request._get_steps("register").evidence)
        self.assertTrue(request._get_steps("deliver").evidence)

    def test_quick_form_by_keyboard(self):
        """R5: a call is logged from its first to its last field without a mouse."""
        self._make_request("submitted")
        self._tour("beneficiary_clicks_keyboard")
        self.assertEqual(self.file.interaction_ids.outcome, "أُفيد بالموعد")

    def test_palette(self):
        """R9: the palette finds a file by a telephone number in Arabic digits."""
        self._make_request("submitted")
        self.officer.lang = "en_US"  # the commands are chosen by their words
        self._tour("beneficiary_clicks_palette")

    def test_number_of_another_file(self):
        """A new file says whose number it is while it is typed (DESIGN, 9)."""
        self._tour("beneficiary_clicks_known", "beneficiary-files/new")
