import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import PIXEL, BeneficiaryCommon

CHANGE = "beneficiary.change"
ACTIVITY = "beneficiary_relations.mail_activity_type_change"


@tagged("post_install", "-at_install")
class TestChange(BeneficiaryCommon):
    """A proposal changes nothing until an officer accepts it (R26, R51)."""

    def setUp(self):
        super().setUp()
        self.officer.lang = "en_US"
        self.applicant.lang = "en_US"

    def _propose(self, form, about="file", subject=None, user=None, **options):
        changes = self.env[CHANGE].with_user(user or self.applicant)
        change = changes._portal_propose(
            self.file.with_user(user or self.applicant).sudo(),
            about,
            (subject or self.file).id,
            form,
            **options,
        )
        return change.with_env(self.env)

    def _make_member(self, **vals):
        return self.env["beneficiary.household.member"].create(
            {"beneficiary_id": self.file.id, "name": "نورة المثال", **vals}
        )

    def test_nothing_changes_by_itself(self):
        """R51: the file stays as it is until an officer accepts; then it is written."""
        change = self._propose({"phone": "٠٥٠٠٠٠٠٠٧٧", "city": "أبها"})
        self.assertEqual(self.file.phone, "+966500000001")
        self.assertFalse(self.file.city)
        self.assertEqual(change.line_ids.mapped("name"), ["phone", "city"])
        self.assertEqual(change.line_ids[0].value, "+966500000077")
        self.assertTrue(self.file.activity_search([ACTIVITY]))
        self._call_as(self.officer, CHANGE, "action_accept", change.ids)
        self.assertEqual(self.file.phone, "+966500000077")
        self.assertEqual(self.file.city, "أبها")
        self.assertEqual(
            (change.state, change.decided_by_id), ("accepted", self.officer)
        )
        self.assertFalse(self.file.activity_search([ACTIVITY]))

    def test_declined_with_a_reason(self):
        """R23: a proposal is declined only with a reason that waits for the person."""
        change = self._propose({"name": "اسم آخر"})
        with self.assertRaisesRegex(UserError, "reason"):
            self._call_as(self.officer, CHANGE, "action_decline", change.ids)
        reason = {"reason": "The card says otherwise"}
        self._call_as(self.officer, CHANGE, "write", change.ids, reason)
        self._call_as(self.officer, CHANGE, "action_decline", change.ids)
        self.assertEqual(self.file.name, "سالم المثال")
        own = self.env[CHANGE].with_user(self.applicant)
        (line,) = self._get_waiting(CHANGE, self.applicant)
        self.assertIn(f"change_{change.id}", line["url"])
        own._portal_get(change.id)._portal_read_result()
        self.assertFalse(self._get_waiting(CHANGE, self.applicant))
        for method in ("action_accept", "action_decline"):
            with self.assertRaisesRegex(UserError, "decided already"):
                self._call_as(self.officer, CHANGE, method, change.ids)

    def test_the_rules_of_the_file(self):
        """R13: what the file refuses is refused on acceptance, and nothing is kept."""
        other = self.file.copy({"name": "آخر", "identity_number": "1000000016"})
        change = self._propose({"city": "أبها", "identity_number": "1000000016"})
        # The person does not learn that somebody else has this number (R47).
        with self.assertRaises(ValidationError):
            self._call_as(self.officer, CHANGE, "action_accept", change.ids)
        self.assertEqual((change.state, self.file.city), ("proposed", False))
        self.assertTrue(other)

    def test_typed_values(self):
        """R38, R44: what cannot be right is refused at once, in words."""
        for form in (
            {"phone": "12"},
            {"identity_number": "1234567890"},
            {"birth_date": "31/02/1990"},
            {"birth_date": "2090-01-01"},
            {"gender": "x"},
            {"name": " "},
            {"email": "salem"},
            {},
            {"phone": "0500000001"},  # as it is in the file
        ):
            with self.subTest(form=form), self.assertRaises(UserError):
                self._propose(form)
        change = self._propose({"birth_date": "1405-09-01"})
        self.assertEqual(change.line_ids.value, "1985-05-20")
        self.assertFalse(self.file.birth_date)

    def test_unknown_fields(self):
        """R43: a proposal holds only values that the form offers."""
        change = self._propose({"city": "أبها", "state": "closed", "notes": "x"})
        self.assertEqual(change.line_ids.mapped("name"), ["city"])

    def test_family(self):
        """R32: dependants are added, corrected and taken off only by acceptance."""
        member = self._make_member()
        added = self._propose(
            {"name": "خالد المثال", "relation": "child", "birth_date": "2020-01-01"},
            about="new_member",
        )
        corrected = self._propose({"name": "نورة سالم"}, "member", member)
        left = self._propose({"note": "تزوجت"}, "left", member)
        self.assertEqual(self.file.household_member_ids, member)
        proposals = added | corrected | left
        self._call_as(self.officer, CHANGE, "action_accept", proposals.ids)
        self.assertEqual(self.file.household_member_ids.name, "خالد المثال")
        self.assertEqual((member.name, member.active), ("نورة سالم", False))
        self.assertEqual(added.member_id, self.file.household_member_ids)
        with self.assertRaisesRegex(UserError, "Fill in"):
            self._propose({"name": "بلا صلة"}, about="new_member")

    def test_foreign_subject(self):
        """R43: nobody proposes for another file, dependant or representative."""
        stranger = self._make_user("br_other_person", None, self.company)
        with self.assertRaises(AccessError):
            self._propose({"city": "أبها"}, user=stranger)
        other = self.file.copy()
        member = self.env["beneficiary.household.member"].create(
            {"beneficiary_id": other.id, "name": "ولد"}
        )
        for about in ("member", "left", "representative", "x"):
            with self.subTest(about=about), self.assertRaises(UserError):
                self._propose({"name": "آخر"}, about, member)

    def test_no_right_over_rpc(self):
        """R43: applicants have no right here; officers write the reason alone."""
        change = self._propose({"city": "أبها"})
        for method, *args in (
            ("read", change.ids, ["state"]),
            ("action_accept", change.ids),
            ("create", [{"beneficiary_id": self.file.id}]),
            ("write", change.ids, {"state": "accepted"}),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._call_as(self.applicant, CHANGE, method, *args)
        for vals in ({"state": "accepted"}, {"beneficiary_id": 1}, {"note": "x"}):
            with self.assertRaises(AccessError):
                self._call_as(self.officer, CHANGE, "write", change.ids, vals)
        for user in (self.researcher, self.auditor, self.member, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._call_as(user, CHANGE, "action_accept", change.ids)

    def test_own_file(self):
        """R13: a colleague who follows the file decides nothing about it."""
        change = self._propose({"city": "أبها"})
        self.file.portal_user_ids |= self.officer
        with self.assertRaisesRegex(AccessError, "colleague"):
            self._call_as(self.officer, CHANGE, "action_accept", change.ids)

    def test_bank_data(self):
        """R43: who reads no bank data neither reads nor accepts a new account."""
        branch = self._make_branch(self.delegate)
        self.file.branch_id = branch
        change = self._propose({"iban": "SA0380000000608010167519"})
        self.assertEqual(change.line_ids.restriction, "finance")
        lines = change.line_ids.with_user(self.delegate)
        self.assertFalse(lines.has_access("read"))
        with self.assertRaisesRegex(AccessError, "bank"):
            self._call_as(self.delegate, CHANGE, "action_accept", change.ids)
        self._call_as(self.officer, CHANGE, "action_accept", change.ids)
        self.assertEqual(self.file.iban, "SA0380000000608010167519")

    def test_guardian(self):
        """R33: who acts for requests alone proposes no bank data, and sees none."""
        guardian = self._make_guardian()
        line = self.file.representative_ids
        line.scope = "requests"
        self.file.iban = "SA0380000000608010167519"
        change = self._propose({"city": "أبها", "iban": ""}, user=guardian)
        self.assertEqual(change.line_ids.mapped("name"), ["city"])
        page = self.file.with_user(guardian).sudo()._portal_get_page()
        self.assertNotIn("money", [group["name"] for group in page["groups"]])
        own = self._propose({"phone": "0500000055"}, "representative", line, guardian)
        self._call_as(self.officer, CHANGE, "action_accept", own.ids)
        self.assertEqual(line.phone, "+966500000055")

    def test_sent_twice(self):
        """R33: the same form again gives the same proposal; its paper is checked."""
        paper = ("card.png", PIXEL)
        first = self._propose({"city": "أبها", "file": paper}, key="one")
        again = self._propose({"city": "أبها", "file": paper}, key="one")
        self.assertEqual(first, again)
        self.assertTrue(first.file)
        program = base64.b64encode(b"<html><script>alert(1)</script></html>")
        with self.assertRaises(ValidationError):
            self._propose({"city": "الباحة", "file": ("x.png", program)})

    def test_many_proposals(self):
        """Safety: nobody floods the office; taken back, there is room again."""
        changes = self.env[CHANGE]
        for number in range(20):
            changes |= self._propose({"city": f"City {number}"})
        with self.assertRaisesRegex(UserError, "Many"):
            self._propose({"city": "One more"})
        own = changes[:1].with_user(self.applicant).sudo()
        own._portal_take_back()
        self.assertEqual(changes[:1].state, "withdrawn")
        self._propose({"city": "One more"})
        activities = self.file.activity_search([ACTIVITY])
        self.assertEqual(len(activities), 1)
