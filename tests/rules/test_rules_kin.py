from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules import kin
from ...rules.arabic import search_key

BORN = date(2015, 1, 31)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesKin(BaseCase):
    """R32, R44: whether two names, or two lines of a household, are one person."""

    def test_other_name(self):
        """R44: a spelling, or a name written out, stays the name of the same person."""
        for one, other, is_other in (
            ("سالم المثال", "سالم بن سعد المثال", False),
            ("سالم أحمد المثال", "سالم احمد المثل", False),
            ("إبراهيم المثال", "ابراهيم المثال", False),
            ("محمد علي المثال", "محمود علي المثال", False),
            ("Salem Almithal", "سالم المثال", False),
            ("سالم المثال", "خالد القحطاني", True),
            ("سالم المثال", "سالم القحطاني", True),
            # Brothers and sisters.
            ("نورة المثال", "سارة المثال", True),
            ("نورة سالم سعد المثال", "سارة سالم سعد المثال", True),
            ("محمد أحمد علي المثال", "عبد الله أحمد علي المثال", True),
        ):
            for first, second in ((one, other), (other, one)):
                with self.subTest(first=first, second=second):
                    keys = search_key(first), search_key(second)
                    self.assertEqual(kin.is_other_name(*keys), is_other)

    def test_same_number(self):
        """R32: a number is one person's, within the state that issued it."""
        person = kin.Person("x", ("1000000008", False))
        for other, is_same in (
            (("1000000008", False), True),
            (("1000000016", False), False),
            (("1000000008", 3), False),
        ):
            found = kin.same_number(person, kin.Person("y", other))
            self.assertEqual(found, is_same)
        self.assertFalse(kin.same_number(kin.Person("x"), kin.Person("x")))

    def test_indistinct(self):
        """R32: one name is one person, unless a number or a birth date says not."""
        plain = kin.Person("x")
        for other, is_same in (
            (kin.Person("x"), True),
            (kin.Person("y"), False),
            (kin.Person("x", born=BORN), True),
            (kin.Person("x", ("1", False)), True),
        ):
            with self.subTest(other=other):
                self.assertEqual(kin.indistinct(plain, other), is_same)
                self.assertEqual(kin.indistinct(other, plain), is_same)
        born = kin.Person("x", born=BORN)
        self.assertFalse(kin.indistinct(born, kin.Person("x", born=date(2016, 1, 1))))
        self.assertTrue(kin.indistinct(born, kin.Person("x", born=BORN)))
        numbered = kin.Person("x", ("1", False), BORN)
        self.assertFalse(kin.indistinct(numbered, kin.Person("x", ("2", False), BORN)))
