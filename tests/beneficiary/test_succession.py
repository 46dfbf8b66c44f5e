from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import PIXEL
from .test_death import FILE, DeathCase

WIDOW = "زوجة المثال"
DEATH = "beneficiary_relations.mail_activity_type_death"


class SuccessionCase(DeathCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.write({"city": "الرياض", "officer_id": cls.officer.id})
        members = cls.env["beneficiary.household.member"]
        cls.widow, cls.child = members.create(
            [
                {
                    "beneficiary_id": cls.file.id,
                    "name": WIDOW,
                    "relation": "spouse",
                    "identity_number": "1000000032",
                    "birth_date": "1985-01-01",
                },
                {"beneficiary_id": cls.file.id, "name": "ابنة المثال"},
            ]
        )

    def _hand_on(self, *decisions, member=None, user=None, reason="She heads it now"):
        member = self.widow if member is None else member
        self._call_as(
            user or self.officer,
            FILE,
            "action_hand_on",
            self.file.ids,
            member and member.id,
            [[request.id, decision] for request, decision in decisions],
            reason,
        )
        self.env.invalidate_all()
        return self.file.successor_id

    def _get_death_tasks(self):
        return self._tasks(self.file, DEATH)


@tagged("post_install", "-at_install")
class TestSuccession(SuccessionCase):
    """The household goes on under another head (R10, R25, R32)."""

    def test_the_household_goes_on(self):
        """R32: the new head gets a file, the dependants and the requests move."""
        running = self._make_request("submitted")
        unwanted = self._make_request("submitted")
        done = self._make_request("closed")
        owed = self._make_request("registered")
        delivery = self._plan_delivery(owed, amount=100)
        self._record_death()
        self._hand_on((running, "continue"), (owed, "continue"), (unwanted, "cancel"))
        head = self.file.successor_id
        self.assertEqual(head.name, WIDOW)
        self.assertEqual(head.identity_number, self.widow.identity_number)
        self.assertEqual((head.city, head.officer_id), ("الرياض", self.officer))
        self.assertEqual(head.household_member_ids, self.child)
        self.assertEqual(self.widow.member_file_id, head)
        self.assertEqual((running | owed).beneficiary_id, head)
        self.assertEqual(delivery.beneficiary_id, head)
        self.assertEqual(unwanted.state, "cancelled")
        self.assertEqual(done.beneficiary_id, self.file)
        self.assertFalse(unwanted.notice_ids)
        self.assertFalse(self._tasks(self.file, DEATH), "everything is decided")
        delivery.with_user(self.officer).action_receive(
            received_by=WIDOW,
            signature=PIXEL,
            handed_on=self.company._get_beneficiary_today(),
        )
        self.assertEqual(delivery.received_by, WIDOW)

    def test_declared_again(self):
        """R16: nobody inherits a signature: the new head declares anew."""
        request = self._make_request("declared")
        self._record_death()
        self._hand_on((request, "continue"))
        self.assertEqual(request.state, "verified")
        self.assertTrue(request.declaration_id.voided_on)

    def test_own_file(self):
        """R32: a dependant who has a file already keeps it, named or found."""
        own = self.env[FILE].create(
            {"name": WIDOW, "identity_number": self.widow.identity_number}
        )
        self._record_death()
        self.assertEqual(self._hand_on(), own)

    def test_later_decisions(self):
        """R10: what is not decided yet waits, and the task stays."""
        first, second = (self._make_request("submitted") for _time in range(2))
        self._record_death()
        self._hand_on((first, "continue"))
        self.assertEqual(second.beneficiary_id, self.file)
        self.assertTrue(self._tasks(self.file, DEATH))
        self._hand_on((second, "cancel"), member=False)
        self.assertEqual(second.state, "cancelled")
        self.assertFalse(self._tasks(self.file, DEATH))

    def test_nobody_is_left(self):
        """R10: without a household what is open is cancelled with a reason."""
        request = self._make_request("registered")
        self._record_death()
        with self.assertRaisesRegex(UserError, "Choose the new head"):
            self._hand_on((request, "continue"), member=False)
        self._hand_on((request, "cancel"), member=False)
        self.assertEqual(request.state, "cancelled")
        self.assertFalse(self.file.successor_id)

    def test_refusals(self):
        """Safety: other people's requests, dependants and rights are refused."""
        request = self._make_request("submitted")
        with self.assertRaisesRegex(UserError, "Record the death"):
            self._hand_on((request, "continue"))
        self._record_death()
        other = self.env[FILE].create({"name": "أخرى"})
        foreign = self._make_request(beneficiary_id=other.id)
        stranger = self.child.copy({"beneficiary_id": other.id})
        for wrong in (
            {"member": stranger},
            {"reason": " "},
            {"reason": False},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self._hand_on((request, "continue"), **wrong)
        for decision in ((foreign, "continue"), (request, "delete"), (request, [])):
            with self.assertRaisesRegex(UserError, "Decide about the open requests"):
                self._hand_on(decision)
        for user in (self.delegate, self.researcher, self.auditor, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._hand_on((request, "continue"), user=user)
        self.assertEqual(request.beneficiary_id, self.file)

    def test_form(self):
        """R10: the form lists what is open, and passes the decisions on."""
        request = self._make_request("submitted")
        self._record_death()
        action = self.file.with_user(self.officer).action_open_succession()
        wizard = self.env[action["res_model"]].with_user(self.officer)
        form = Form(wizard.with_context(**action["context"]))
        form.member_id = self.widow
        form.reason = "She heads it now"
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.request_id, request)
            line.decision = "continue"
        form.save().action_confirm()
        self.env.invalidate_all()
        self.assertEqual(request.beneficiary_id.name, WIDOW)
