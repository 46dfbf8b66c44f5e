from lxml import html

from odoo import Command
from odoo.tests import Form, tagged

from ..common import PIXEL, BeneficiaryCommon
from ..request.common import PortalCase


class AmendedCase(BeneficiaryCommon):
    """A policy that the board amends while requests are under way."""

    def _amend(self):
        """Put a version in force: a channel dropped, the order turned, 30 working days.

        The telephone and a document have names of their own.
        """
        draft = self.company._get_beneficiary_policy().copy(
            {
                "review_days": 30,
                "review_unit": "working",
                "review_minimum_days": 30,
                "notice_text": "The reply takes not less than 30 working days.",
            }
        )
        dropped = self._channel("volunteering")
        draft.channel_line_ids.filtered(
            lambda line: line.channel_id == dropped
        ).unlink()
        for sequence, line in enumerate(draft.channel_line_ids.sorted(reverse=True)):
            line.sequence = sequence
        phone = self._channel("phone")
        draft.channel_line_ids.filtered(
            lambda line: line.channel_id == phone
        ).name = "Our hotline"
        draft.invalidate_recordset(["channel_line_ids"])
        draft.with_user(self.manager).action_put_in_force()
        return draft

    def _suggest(self, record, name=""):
        """Return what the list of channels of a form suggests, as the form asks."""
        channels = (
            self.env["beneficiary.channel"]
            .with_user(self.officer)
            .with_context(beneficiary_policy=record.policy_id.id)
        )
        domain = [("id", "in", record.allowed_channel_ids.ids)]
        return [label for _id, label in channels.name_search(name, domain)]


@tagged("post_install", "-at_install")
class TestChannelNames(AmendedCase):
    """R2, R4, R8: channels and documents in the policy's order and under its names."""

    def test_name_by_the_policy_in_force(self):
        """R2: lists and groups use the names of the policy in force."""
        phone = self._channel("phone").with_user(self.officer)
        self.assertEqual(phone.display_name, phone.name)
        self._amend()
        self.assertEqual(phone.display_name, "Our hotline")
        self.assertEqual(
            phone.with_user(self.outsider)
            .with_context(allowed_company_ids=self.other.ids)
            .display_name,
            phone.name,
            "another association has its own policy",
        )

    def test_foreign_policy(self):
        """R43: a policy of another association lends its names to nobody."""
        other = self.other._get_beneficiary_policy()
        phone = self._channel("phone").with_user(self.outsider)
        policy = self._amend()
        for given in (policy.id, 0, -1, 2**31, "1", [policy.id], True):
            with self.subTest(given=given):
                named = phone.with_context(
                    beneficiary_policy=given, allowed_company_ids=self.other.ids
                )
                self.assertEqual(named.display_name, phone.name)
        self.assertTrue(other)

    def test_tools(self):
        """R8: each document of the policy with the association's latest file."""
        guide = self.env.ref("beneficiary_relations.tool_support_guide")
        draft = self.company._get_beneficiary_policy().copy(
            {"tool_line_ids": [Command.create({"tool_id": guide.id, "name": "Guide"})]}
        )
        draft.action_put_in_force()
        request = self._make_request().with_user(self.officer)
        line = request.policy_tool_ids
        self.assertEqual((line.display_name, line.document_id), ("Guide", guide))
        versions = self.env["beneficiary.tool"].create(
            [
                {
                    "name": "Support guide",
                    "code": guide.code,
                    "version": version,
                    "company_id": self.company.id,
                    "file": PIXEL,
                    "file_name": f"guide-{version}.png",
                }
                for version in ("1", "2")
            ]
        )
        self.env.invalidate_all()
        self.assertEqual(line.document_id, versions[1])
        self.assertEqual((line.version, line.file_name), ("2", "guide-2.png"))
        interaction = self.env["beneficiary.interaction"].with_user(self.officer)
        interaction = interaction.create(
            {
                "subject": "Asks for the guide",
                "channel_id": self._channel("phone").id,
                "beneficiary_id": self.file.id,
                "tool_ids": versions[1].ids,
            }
        )
        self.assertEqual(interaction.allowed_tool_ids, versions[1])
        interaction.tool_ids = versions[0]  # an earlier version was shown


@tagged("post_install", "-at_install")
class TestAmendedPolicy(PortalCase, AmendedCase):
    """R3, R35: an amended policy, on screens, on the portal and on paper."""

    def test_must_show(self):
        """R3, R35: a new version changes screens, portal and papers of new requests.

        A request under way keeps its channels, their names, its period and its notice.
        """
        old = self._make_request("in_review")
        old_names = self._suggest(old)
        draft = self._amend()
        new = self._make_request("in_review")
        self.assertNotEqual(old.policy_id, draft)
        self.assertEqual(new.policy_id, draft)

        # Screens: the lists of the forms.
        expected = [line.display_name for line in draft.channel_line_ids]
        self.assertEqual(self._suggest(new), expected)
        self.assertIn("Our hotline", expected)
        self.assertNotIn(self._channel("volunteering").name, expected)
        self.assertEqual(self._suggest(old), old_names)
        self.assertEqual(old_names[1], self._channel("phone").name)
        self.assertIn(self._channel("volunteering").name, old_names)
        self.assertEqual(self._suggest(new, "hotl"), ["Our hotline"])
        self.assertEqual(self._suggest(old, "hotl"), [])
        form = Form(self.env["beneficiary.interaction"].with_user(self.officer))
        self.assertEqual(
            form.allowed_channel_ids.ids, draft.channel_line_ids.channel_id.ids
        )
        form = Form(self.env["beneficiary.request"].with_user(self.officer))
        self.assertEqual(
            form.allowed_channel_ids.ids, draft.channel_line_ids.channel_id.ids
        )

        # The clock.
        self.assertEqual((old.review_floor_on - old.raised_on).days, 14)
        self.assertGreaterEqual((new.review_floor_on - new.raised_on).days, 40)

        # The portal: what each applicant is told.
        self.applicant.lang = "en_US"
        pages = {}
        for request in (old, new):
            response = self.url_open(f"/my/requests/{request.id}")
            pages[request] = html.fromstring(response.content).text_content()
        self.assertIn("not less than two weeks", pages[old])
        self.assertNotIn("30 working days", pages[old])
        self.assertIn("30 working days", pages[new])
        self.assertNotIn("two weeks", pages[new])

        # Papers: the form of each request names its channel as its policy does.
        self.file.lang = "en_US"
        for request, name in ((old, self._channel("phone").name), (new, "Our hotline")):
            paper = self.env["ir.qweb"]._render(
                "beneficiary_relations.request_report",
                {"docs": request.sudo().with_context(lang="en_US")},
            )
            self.assertIn(name, str(paper))
