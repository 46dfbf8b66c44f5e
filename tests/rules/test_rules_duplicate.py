from odoo.tests import BaseCase, tagged

from ...rules.duplicate import (
    NAME_AGAINST_BIRTH_DATE,
    NAME_ALONE,
    NAME_WITH_BIRTH_DATE,
    NAME_WITH_PHONE,
    Likeness,
)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesDuplicate(BaseCase):
    def assertWorth(self, expected, *likeness, **more):
        with self.subTest(likeness=likeness, **more):
            self.assertIs(Likeness(*likeness, **more).is_worth_a_look(), expected)

    def test_a_phone_alone_is_nothing(self):
        """People: files that only share a telephone number are not proposed."""
        for name in (0.0, 0.5, NAME_WITH_PHONE - 0.01):
            self.assertWorth(False, name, same_phone=True)

    def test_phone_and_name(self):
        """People: files with one telephone number and similar names are proposed."""
        self.assertWorth(True, NAME_WITH_PHONE, same_phone=True)
        self.assertWorth(True, NAME_WITH_PHONE, same_phone=True, two_identities=True)

    def test_birth_date_and_name(self):
        """People: a shared birth date needs similar names. Different dates need nearly
        equal names and a shared telephone number."""
        self.assertWorth(True, NAME_WITH_BIRTH_DATE, True)
        self.assertWorth(True, NAME_WITH_BIRTH_DATE, True, two_identities=True)
        self.assertWorth(False, NAME_WITH_BIRTH_DATE - 0.01, True, same_phone=True)
        self.assertWorth(False, 1.0, False)
        self.assertWorth(False, NAME_AGAINST_BIRTH_DATE - 0.01, False, same_phone=True)
        self.assertWorth(True, NAME_AGAINST_BIRTH_DATE, False, same_phone=True)

    def test_name_alone(self):
        """People: similar names are enough if a birth date and a number are missing."""
        self.assertWorth(True, NAME_ALONE)
        self.assertWorth(False, NAME_ALONE - 0.01)
        self.assertWorth(False, 1.0, two_identities=True)

    def test_household(self):
        """People: a dependant in both files is enough, whatever the names."""
        self.assertWorth(True, 0.0, False, same_household=True, two_identities=True)

    def test_score(self):
        """People: the score rises with each agreement, from 0 to 100."""
        self.assertEqual(Likeness(0.0).score(), 0)
        self.assertEqual(Likeness(1.0).score(), 60)
        self.assertEqual(Likeness(0.8, True).score(), 73)
        self.assertEqual(Likeness(0.8, False, same_phone=True).score(), 63)
        self.assertEqual(Likeness(0.5, same_household=True).score(), 70)
        self.assertEqual(Likeness(1.0, True, same_phone=True).score(), 100)
        self.assertEqual(Likeness(1.0, True, True, same_household=True).score(), 100)
