from odoo.tests import BaseCase, tagged

from ...rules.evidence import says_nothing


@tagged("post_install", "-at_install", "without_demo")
class TestRulesEvidence(BaseCase):
    """What counts as written evidence, in any script."""

    def test_says_nothing(self):
        """R10: points, digits, one letter or a row of it are no evidence."""
        for text in (
            *("", " ", ".", "-", "x", "ok", "تم", "123", "٤٥٦", "xxxx", "ههههه"),
            *("ـــ", "\u200f.\u200f", "َُِ", "a.1", None, False, 7, [], b"done"),
        ):
            with self.subTest(text=text):
                self.assertTrue(says_nothing(text))

    def test_says_something(self):
        """R10, R44: a short word does, in every script."""
        for text in ("Met", "تمت", "لبّى", "Told", "通知", "দেখা", "देखा", "No: gone"):
            with self.subTest(text=text):
                self.assertFalse(says_nothing(text))
