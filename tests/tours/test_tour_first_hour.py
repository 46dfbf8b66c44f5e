import json

from odoo import Command
from odoo.tests import HttpCase, tagged

# Less than 60 interactions in all, with the click that takes the role.
MOST = {"clicks": 43, "texts": 15}


@tagged("post_install", "-at_install", "without_demo")
class TestFirstHourTour(HttpCase):
    """R53: from an empty database to the first raised request, in Arabic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        cls.company = cls.env.ref("base.main_company")
        cls.installer = (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Installer",
                    "login": "br_installer",
                    "password": "br_installer",
                    "lang": "ar_001",
                    "tz": "Asia/Riyadh",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_system").ids)],
                }
            )
        )

    def test_from_nothing_to_a_raised_request(self):
        """R53, R10-R18: nobody else is needed after installing, nor many clicks."""
        self.assertFalse(self.company._get_beneficiary_policy())
        path = "/odoo/beneficiary-first-steps"
        login = self.installer.login
        self.start_tour(path, "beneficiary_first_hour_role", login=login)
        name = "beneficiary_first_hour"
        options = json.dumps({"startUrl": path})
        self.start_tour(
            path,
            name,
            login=login,
            timeout=300,
            code=f"window.mostEffort = {json.dumps(MOST)};"
            f" odoo.startTour({name!r}, {options})",
        )
        self.env.invalidate_all()
        request = self.env["beneficiary.request"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(request.state, "in_review")
        self.assertTrue(request.name.endswith("/00001"), request.name)
        self.assertEqual(request.beneficiary_id.identity_number, "1000000008")
        self.assertEqual(len(request.committee_id.member_ids), 2)
        self.assertFalse(
            [one for one in self.company._get_setup_missing() if one.is_needed]
        )
