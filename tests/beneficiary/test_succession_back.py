from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import PIXEL
from .test_death import FILE
from .test_succession import WIDOW, SuccessionCase


@tagged("post_install", "-at_install")
class TestSuccessor(SuccessionCase):
    """Who can head a household, and what is decided later (R10, R32)."""

    def _make_own_file(self):
        return self.env[FILE].create(
            {"name": WIDOW, "identity_number": self.widow.identity_number}
        )

    def test_a_dead_head(self):
        """R10: no household goes on under a person who has died, named or found."""
        own = self._make_own_file()
        self._record_death()
        own.sudo().state = "deceased"
        for named in (False, own):
            self.env.cr.execute(
                "UPDATE beneficiary_household_member SET member_file_id = %s"
                " WHERE id = %s",
                [named and named.id or None, self.widow.id],
            )
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "has died too"):
                self._hand_on()
        self.assertFalse(self.file.successor_id)
        self.assertIn(self.child, self.file.household_member_ids)

    def test_a_file_that_is_not_served(self):
        """R10: nor in a closed, a suspended or an archived file."""
        own = self._make_own_file()
        self.widow.member_file_id = own
        self._record_death()
        for vals in ({"state": "closed"}, {"state": "suspended"}, {"active": False}):
            own.sudo().write({"state": "active", "active": True, **vals})
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "archived, suspended or closed"),
            ):
                self._hand_on()
        own.sudo().write({"state": "active", "active": True})
        self.assertEqual(self._hand_on(), own)

    def test_decided_later(self):
        """R10: what is decided later goes to the same head, named again or not."""
        first, second, third = (self._make_request("submitted") for _time in range(3))
        self._record_death()
        head = self._hand_on((first, "continue"))
        self._hand_on((second, "continue"))
        self.assertEqual(self._hand_on((third, "continue"), member=False), head)
        self.assertEqual((first | second | third).beneficiary_id, head)
        self.assertFalse(self._get_death_tasks())

    def test_another_head_later(self):
        """R10: a household has one head: another one is refused, and said so."""
        request = self._make_request("submitted")
        self._record_death()
        self._hand_on()
        with self.assertRaisesRegex(UserError, "goes on in the file of"):
            self._hand_on((request, "continue"), member=self.child)

    def test_the_head_died_since(self):
        """R10: it goes to the last living head, else it can only be cancelled."""
        first, second = (self._make_request("submitted") for _time in range(2))
        self._record_death()
        head = self._hand_on()
        self._record_death(file=head)
        with self.assertRaisesRegex(UserError, "has died too"):
            self._hand_on((first, "continue"), member=False)
        self._hand_on((first, "cancel"), member=False)
        self.assertEqual(first.state, "cancelled")
        self._call_as(
            self.officer, FILE, "action_hand_on", head.ids, self.child.id, [], "Her"
        )
        self._hand_on((second, "continue"), member=False)
        self.assertEqual(second.beneficiary_id, head.successor_id)

    def test_form(self):
        """R10: the form shows the head who was named, and asks for none."""
        first, second = (self._make_request("submitted") for _time in range(2))
        self._record_death()
        head = self._hand_on((first, "continue"))
        action = self.file.with_user(self.officer).action_open_succession()
        wizard = self.env[action["res_model"]].with_user(self.officer)
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.successor_id, head)
        form.reason = "As before"
        with form.line_ids.edit(0) as line:
            line.decision = "continue"
        form.save().action_confirm()
        self.env.invalidate_all()
        self.assertEqual(second.beneficiary_id, head)


@tagged("post_install", "-at_install")
class TestSuccessionBack(SuccessionCase):
    """R11: a death that was recorded by mistake is taken back with all it brought."""

    def _take_back(self):
        self._call_as(
            self.manager, FILE, "action_correct_death", self.file.ids, "Mistake"
        )
        self.env.invalidate_all()

    def test_the_household_comes_back(self):
        """R11: dependants and open requests come back; what is done stays."""
        running = self._make_request("declared")
        waiting = self._make_request("submitted")
        done = self._make_request("registered", amount_requested=0)
        delivery = self._plan_delivery(done)
        self._record_death()
        head = self._hand_on((running, "continue"), (done, "continue"))
        delivery.with_user(self.officer).action_receive(
            received_by=WIDOW,
            signature=PIXEL,
            handed_on=self.company._get_beneficiary_today(),
        )
        done.with_user(self.officer).action_deliver(evidence="All", reason="All")
        added = self.child.copy({"beneficiary_id": head.id, "name": "مولود"})
        head.officer_id = self.officer
        self._take_back()
        self.assertEqual(self.file.state, "active")
        self.assertFalse(self.file.successor_id)
        self.assertEqual(self.file.household_member_ids, self.widow | self.child)
        self.assertEqual(self.widow.member_file_id, head)
        self.assertEqual((running | waiting).beneficiary_id, self.file)
        self.assertEqual(done.beneficiary_id, head)
        self.assertEqual(head.household_member_ids, added)
        self.assertEqual(head.activity_ids.user_id, self.officer)
        for file in (self.file, head):
            self.assertIn(done.name, " ".join(file.message_ids.mapped("body")))
        self._record_death()
        self.assertEqual(self._hand_on(member=self.child).name, self.child.name)

    def test_two_heads(self):
        """R11: it also comes back from the file in which it went on afterwards."""
        request = self._make_request("submitted")
        self._record_death()
        head = self._hand_on((request, "continue"))
        self._record_death(file=head)
        grandchild = self.child.copy({"name": "حفيد", "beneficiary_id": head.id})
        self._call_as(
            self.officer,
            FILE,
            "action_hand_on",
            head.ids,
            grandchild.id,
            [[request.id, "continue"]],
            "Him",
        )
        self.env.invalidate_all()
        self._take_back()
        self.assertEqual(request.beneficiary_id, self.file)
        self.assertEqual(self.file.household_member_ids, self.child)

    def test_not_by_hand(self):
        """Safety: nobody writes what was handed on."""
        for name in ("handed_member_ids", "handed_request_ids"):
            vals = {name: [Command.clear()]}
            with self.assertRaises(UserError):
                self._call_as(self.manager, FILE, "write", self.file.ids, vals)
