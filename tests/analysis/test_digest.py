from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import BeneficiaryCommon

NOW = datetime(2026, 4, 15, 7)
WEEK = timedelta(days=7)


@tagged("post_install", "-at_install")
class TestDigest(BeneficiaryCommon):
    """The monthly digest of the managers, by Odoo's own means (R43)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env.ref("beneficiary_relations.digest_monthly")

    def _get_kpis(self, user):
        """Return ``{name: value of the last thirty days}`` as the mail has them."""
        digest = self.digest.with_context(allowed_company_ids=user.company_ids.ids)
        kpis = digest._compute_kpis(user.company_id, user)
        return {
            kpi["kpi_name"].removeprefix("kpi_beneficiary_"): kpi["kpi_col3"]["value"]
            for kpi in kpis
        }

    def test_values(self):
        """R29: requests, overdue replies and what was delivered, of the last month."""
        with freeze_time(NOW - 5 * WEEK):
            self._make_request("in_review")
        with freeze_time(NOW - WEEK):
            registered = self._make_request("registered")
            delivery = self._plan_delivery(registered, amount=300)
            self._receive(delivery)
            self.env.flush_all()
        with freeze_time(NOW):
            kpis = self._get_kpis(self.manager)
            self.assertEqual(kpis["request"], 1)
            self.assertEqual(kpis["overdue"], 1)
            self.assertIn("300", kpis["delivered"])
            # Released early: not in the window.
            self.assertEqual(kpis["in_window"], 0)
            # Nobody rated: no figure, rather than a zero.
            self.assertEqual(kpis["satisfaction"], "–")
            # R43: the other association has none of these.
            other = self._get_kpis(self.outsider)
            self.assertEqual(other["request"], 0)
            self.assertEqual(other["overdue"], 0)
            self.assertNotIn("300", other["delivered"])

    def test_satisfaction(self):
        """R30: with fewer than five answers there is no average."""
        ratings = self.env["rating.rating"].sudo()
        with freeze_time(NOW - WEEK):
            requests = [self._make_request() for _number in range(5)]
            for request in requests[:4]:
                self._rate(ratings, request, 5)
        with freeze_time(NOW):
            self.assertEqual(self._get_kpis(self.manager)["satisfaction"], "–")
        with freeze_time(NOW - WEEK):
            self._rate(ratings, requests[4], 1)
        with freeze_time(NOW):
            self.assertEqual(self._get_kpis(self.manager)["satisfaction"], "4.20")

    def _rate(self, ratings, request, value):
        rating = ratings.create(
            {
                "res_model_id": self.env["ir.model"]._get_id(request._name),
                "res_id": request.id,
                "access_token": False,
            }
        )
        rating.write({"rating": value, "consumed": True})
        self.env.flush_all()

    def test_who(self):
        """R30, R43: the figures stay out of the mail of who is no manager."""
        with freeze_time(NOW):
            for role in ("officer", "auditor", "stranger"):
                with self.subTest(role=role):
                    self.assertEqual(self._get_kpis(getattr(self, role)), {})
        with self.assertRaises(AccessError):
            self._call_as(
                self.officer,
                "digest.digest",
                "read",
                self.digest.ids,
                ["kpi_beneficiary_overdue_value"],
            )

    def test_subscription(self):
        """R43: a manager is subscribed once, and stays away after unsubscribing."""
        self.assertIn(self.manager, self.digest.user_ids)
        self.assertNotIn(self.officer, self.digest.user_ids)
        self.officer.group_ids = [
            Command.link(self.env.ref("beneficiary_relations.group_manager").id)
        ]
        self.assertIn(self.officer, self.digest.user_ids)
        self.digest.with_user(self.officer).action_unsubscribe()
        self.officer.group_ids = [Command.link(self.env.ref("base.group_no_one").id)]
        self.assertNotIn(self.officer, self.digest.user_ids)

    def test_mail(self):
        """Odoo: the digest is a mail to each manager, in their language."""
        self.digest.user_ids = self.manager
        self.manager.lang = "en_US"
        with freeze_time(NOW):
            self.digest.action_send_manual()
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("subject", "ilike", self.digest.name)], limit=1)
        )
        self.assertEqual(mail.email_to, self.manager.email_formatted)
        self.assertIn("Replies Overdue Today", mail.body_html)
