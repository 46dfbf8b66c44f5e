from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_death import FILE, DeathCase

LINE = "beneficiary.representative"
MEMBER = "beneficiary.household.member"
NUMBER = "1000000024"


@tagged("post_install", "-at_install")
class TestDeathOfRepresentative(DeathCase):
    """R33: the dead represent nobody, from the day of death."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ward = cls.env[FILE].create(
            {"name": "طفل المثال", "birth_date": "2020-01-01"}
        )
        cls.today = cls.company._get_beneficiary_today()

    def _represent(self, user=None, **vals):
        [line_id] = self._call_as(
            user or self.officer,
            LINE,
            "create",
            [
                {
                    "beneficiary_id": self.ward.id,
                    "name": self.file.name,
                    "identity_number": self.file.identity_number,
                    "phone": "0500000033",
                    "date_from": "2020-01-01",
                    **vals,
                }
            ],
        )
        return self.env[LINE].browse(line_id)

    def _take_back(self):
        self._call_as(
            self.manager, FILE, "action_correct_death", self.file.ids, "Mistake"
        )
        self.env.invalidate_all()

    def test_begun_today(self):
        """A representation that began on the day of the death ends at once."""
        line = self._represent(date_from=str(self.today))
        self.assertEqual(self.ward.notice_phone, "+966500000033")
        self._record_death(death_date=str(self.today))
        self.assertFalse(line._filter_acting())
        self.assertFalse(self.ward.notice_phone)
        self.assertFalse(self.ward.guardian_names)

    def test_begins_later(self):
        """One that begins later never begins, nor the one of an account."""
        later = str(self.today + timedelta(days=30))
        line = self._represent(date_from=later)
        self.file.portal_user_ids = self.applicant
        by_account = self._represent(identity_number=False, user_id=self.applicant.id)
        self._record_death()
        self.assertTrue(line.death_date)
        self.assertFalse((line | by_account)._filter_acting())
        self.assertNotIn(self.applicant, self.ward._get_portal_users())
        seen = self._call_as(self.applicant, FILE, "search", [])
        self.assertNotIn(self.ward.id, seen)

    def test_taken_back(self):
        """R11: after a mistake every period is as it was."""
        line = self._represent(date_to="2099-06-01")
        former = self._represent(date_to="2025-06-01")
        self._record_death()
        self.assertFalse(former.death_date, "it had ended before")
        self._take_back()
        self.assertEqual(line._filter_acting(), line)
        self.assertEqual(str(line.date_to), "2099-06-01")
        self.assertEqual(str(former.date_to), "2025-06-01")

    def test_nobody_new(self):
        """Nobody records a person who has died as a representative, by any door."""
        self.file.portal_user_ids = self.applicant
        self._record_death()
        for vals in ({}, {"identity_number": False, "user_id": self.applicant.id}):
            with self.assertRaisesRegex(ValidationError, "represents nobody"):
                self._represent(**vals)
        line = self._represent(identity_number=False)
        with self.assertRaisesRegex(ValidationError, "represents nobody"):
            self._call_as(
                self.officer,
                LINE,
                "write",
                line.ids,
                {"identity_number": self.file.identity_number},
            )
        columns = ["beneficiary_id/.id", "name", "relation", "identity_number"]
        row = [str(self.ward.id), "وليّ", "agent", self.file.identity_number]
        answer = self._call_as(self.officer, LINE, "load", columns, [row])
        self.assertFalse(answer["ids"])
        self.assertTrue(self._represent(date_to="2025-12-31"), "what was, was")

    def test_not_by_hand(self):
        """Safety: nobody records the death of a representative on the line."""
        for vals in ({"death_date": "2026-01-05"}, {"death_date": False}):
            with self.assertRaises(AccessError):
                self._represent(**vals)
        line = self._represent()
        self._record_death()
        with self.assertRaises(AccessError):
            self._call_as(self.manager, LINE, "write", line.ids, {"death_date": False})

    def test_another_state(self):
        """One number of two states is two people: the living one goes on."""
        states = self.env.ref("base.sd"), self.env.ref("base.ye")
        self.file.write(
            {
                "identity_type": "passport",
                "identity_number": "P1234567",
                "nationality_id": states[0].id,
            }
        )
        own, other = (
            self._represent(
                identity_type="passport",
                identity_number="P1234567",
                nationality_id=state.id,
            )
            for state in states
        )
        self._record_death()
        self.assertEqual((own | other)._filter_acting(), other)
        self.assertTrue(
            self._represent(
                identity_type="passport",
                identity_number="P1234567",
                nationality_id=states[1].id,
            )
        )


@tagged("post_install", "-at_install")
class TestDeathOfDependant(DeathCase):
    """A dependant and their own file are one person: by link, or by number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child = cls.env[FILE].create({"name": "ابن", "identity_number": NUMBER})

    def _add(self, user=None, **vals):
        [line_id] = self._call_as(
            user or self.officer,
            MEMBER,
            "create",
            [
                {
                    "beneficiary_id": self.file.id,
                    "name": "ابن",
                    "identity_number": NUMBER,
                    **vals,
                }
            ],
        )
        return self.env[MEMBER].browse(line_id)

    def test_by_number(self):
        """R10: the death of the child's file is noted where only the number is."""
        line = self._add()
        left = self._add(name="ابن آخر", identity_number="1000000032", active=False)
        left.member_file_id = self.child
        self._record_death(file=self.child)
        self.assertEqual(str(line.death_date), "2026-01-05")
        self.assertEqual(self.file.member_count, 0)
        self._call_as(
            self.manager, FILE, "action_correct_death", self.child.ids, "Mistake"
        )
        self.env.invalidate_all()
        self.assertEqual(self.file.household_member_ids, line, "who left stays away")

    def test_from_the_line(self):
        """R10: the death of a dependant is recorded in the file of that number."""
        line = self._add()
        self._call_as(
            self.officer, MEMBER, "write", line.ids, {"death_date": "2026-01-05"}
        )
        self.env.invalidate_all()
        self.assertEqual(self.child.state, "deceased")

    def test_another_person(self):
        """Other associations, states and the head's own number are other people."""
        foreign = self.env[FILE].create(
            {"name": "ابن", "identity_number": NUMBER, "company_id": self.other.id}
        )
        line = self._add()
        self._call_as(
            self.officer, MEMBER, "write", line.ids, {"death_date": "2026-01-05"}
        )
        self.env.invalidate_all()
        self.assertEqual(foreign.state, "new")

    def test_lives_nowhere(self):
        """R10: a person who has died is no living dependant, by any door."""
        self._record_death(file=self.child)
        for vals in ({}, {"identity_number": False, "member_file_id": self.child.id}):
            with self.assertRaisesRegex(ValidationError, "has died"):
                self._add(**vals)
        line = self._add(identity_number=False)
        with self.assertRaisesRegex(ValidationError, "has died"):
            self._call_as(
                self.officer, MEMBER, "write", line.ids, {"identity_number": NUMBER}
            )
        self.assertFalse(self._add(death_date="2026-01-05").active)

    def test_emptied(self):
        """R11: the line does not live again while the own file says otherwise."""
        for named in (False, self.child.id):
            line = self._add(member_file_id=named)
            self._record_death(file=self.child)
            with self.assertRaisesRegex(ValidationError, "takes the death back"):
                self._call_as(
                    self.officer, MEMBER, "write", line.ids, {"death_date": False}
                )
            self._call_as(
                self.manager, FILE, "action_correct_death", self.child.ids, "Mistake"
            )
            self.env.invalidate_all()
            self.assertFalse(line.death_date)
            self.assertTrue(line.active)
            line.unlink()

    def test_help_to_the_household(self):
        """R45: help to a relative's file is advised where only the number is."""
        self.service.interval_months = 6
        self._make_request("delivered")
        self._add()
        request = self._make_request(beneficiary_id=self.child.id)
        advice = request.with_user(self.officer).eligibility_advice or ""
        self.assertIn("Somebody else", advice)
        parent = self.env[FILE].create({"name": "أم"})
        self._add(beneficiary_id=parent.id, identity_number=self.file.identity_number)
        request = self._make_request(beneficiary_id=parent.id)
        advice = request.with_user(self.officer).eligibility_advice or ""
        self.assertIn("Somebody else", advice)
