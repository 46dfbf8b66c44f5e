from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.duplicate import (
    NAME_AGAINST_BIRTH_DATE,
    NAME_ALONE,
    NAME_WITH_BIRTH_DATE,
    NAME_WITH_NEAR_BIRTH_DATE,
    NAME_WITH_NEAR_NUMBER,
    NAME_WITH_PHONE,
    Likeness,
    name_likeness,
    near_birth_dates,
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

    def test_near_values(self):
        """People: near dates and numbers need likelier names than equal ones."""
        dates = {"near_birth_date": True, "two_identities": True}
        self.assertWorth(True, NAME_WITH_NEAR_BIRTH_DATE, False, **dates)
        self.assertWorth(False, NAME_WITH_NEAR_BIRTH_DATE - 0.01, False, **dates)
        numbers = {"near_number": True, "two_identities": True}
        self.assertWorth(True, NAME_WITH_NEAR_NUMBER, **numbers)
        self.assertWorth(False, NAME_WITH_NEAR_NUMBER - 0.01, **numbers)
        self.assertWorth(False, NAME_AGAINST_BIRTH_DATE - 0.01, False, **numbers)
        self.assertWorth(True, NAME_AGAINST_BIRTH_DATE, False, **numbers)
        self.assertGreater(
            Likeness(0.8, True).score(), Likeness(0.8, near_birth_date=True).score()
        )

    def test_a_former_number(self):
        """People: a number that the other one had before is enough."""
        self.assertWorth(True, 0.0, False, former_number=True, two_identities=True)

    def test_near_birth_dates(self):
        """People: a day around, and day and month swapped where that is a date."""
        for born, near in (
            (date(1985, 4, 17), [date(1985, 4, 16), date(1985, 4, 18)]),
            (
                date(1987, 3, 4),
                [date(1987, 3, 3), date(1987, 3, 5), date(1987, 4, 3)],
            ),
            (date(1990, 5, 5), [date(1990, 5, 4), date(1990, 5, 6)]),
            (date.min, []),
            (date.max, []),
            (date(2000, 1, 1), [date(1999, 12, 31), date(2000, 1, 2)]),
        ):
            with self.subTest(born=born):
                self.assertEqual(near_birth_dates(born), near)

    def test_names_across_scripts(self):
        """People: only a Latin name is compared by its sound."""
        one, other = "محمد القحطاني", "mohamed alqahtani"
        self.assertEqual(name_likeness(0.1, one, other), 1)
        self.assertEqual(name_likeness(0.1, one, one), 0.1)
        self.assertEqual(name_likeness(0.1, "نور", "noor"), 0.1)
