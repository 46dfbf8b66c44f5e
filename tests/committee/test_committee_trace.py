from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestCommitteeTrace(BeneficiaryCommon):
    """Every change of a committee's seats and rules leaves a note."""

    def setUp(self):
        super().setUp()
        self.manager.lang = "en_US"  # the tests compare the notes
        committee = self.committee.with_user(self.manager)
        self.theirs = committee.with_context(tracking_disable=False)

    def _get_last(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.committee.message_ids.sorted("id")[-1:]

    def test_rule(self):
        """R19: a note tells the earlier quorum and majority, and who changed them."""
        self.env.cr.precommit.run()
        self.theirs.write(
            {
                "quorum_type": "number",
                "quorum": 2,
                "majority": "two_thirds",
                "circular": False,
                "appeal_committee_id": self.committee.copy().id,
            }
        )
        note = self._get_last()
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        told = {
            line.field_id.name: (line.old_value_integer, line.old_value_char)
            for line in note.sudo().tracking_value_ids
        }
        self.assertEqual(
            set(told),
            {
                "quorum_type",
                "quorum",
                "majority",
                "circular",
                "appeal_committee_id",
            },
        )
        self.assertEqual(told["quorum"][0], 51)
        self.assertEqual(told["majority"][1], "More Than Half")

    def test_seats(self):
        """R19: each seat that is added, changed or removed is noted in words."""
        seat = self.theirs.member_ids.create(
            {
                "committee_id": self.committee.id,
                "user_id": self._make_user("br_new", "committee", self.company).id,
                "date_from": "2026-01-31",
            }
        )
        note = self._get_last()
        self.assertIn(
            "New seat: br_new · Ordinary Member · from 01/31/2026.", note.body
        )
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(note.author_id, self.manager.partner_id)
        seat.write({"role": "substitute", "date_to": "2027-01-31"})
        self.assertIn(
            "Seat changed: br_new · Ordinary Member · from 01/31/2026. It is now: "
            "br_new · Substitute · from 01/31/2026 · until 01/31/2027.",
            self._get_last().body,
        )
        seat.sequence = 3
        seat.unlink()
        self.assertIn("Seat removed: br_new · Substitute", self._get_last().body)

    def test_one_note(self):
        """R19: several new seats of a committee make one note."""
        committee = self.committee.create(
            {
                "name": "Another",
                "company_id": self.company.id,
                "member_ids": [
                    Command.create({"user_id": user.id})
                    for user in (self.member, self.member2)
                ],
            }
        )
        told = committee.message_ids.filtered(lambda note: "New seat" in note.body)
        self.assertEqual(len(told), 1)
        for user in (self.member, self.member2):
            self.assertIn(user.name, told.body)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_writes_on_it(self):
        """Roles: managers write notes on a committee; its members and others read."""
        for user in (self.chair, self.officer, self.researcher, self.auditor):
            committee = self.committee.with_user(user)
            self.assertTrue(committee.message_ids)
            for method, given in (
                ("message_post", {"body": "Not so"}),
                ("message_subscribe", {"partner_ids": user.partner_id.ids}),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    call_kw(committee, method, [committee.ids], given)
        self.theirs.message_post(body="As the board decided")
