from odoo.tests import BaseCase, tagged

from ...rules import identity
from ...rules.sheet import csv_encoding, csv_separator, title_key

TEXT = "الاسم,الجوال\nنورة,0500000001\n"


@tagged("post_install", "-at_install", "without_demo")
class TestRulesSheet(BaseCase):
    def test_encodings(self):
        """R44: the encodings of Arabic Excel are told apart."""
        for written, found in (
            ("cp1256", "windows-1256"),
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16-le"),
            ("utf-16-be", "utf-16-be"),
        ):
            with self.subTest(written=written):
                self.assertEqual(csv_encoding(TEXT.encode(written)), found)
                self.assertEqual(TEXT.encode(written).decode(found), TEXT)
        self.assertEqual(csv_encoding(b"name,phone\n"), "utf-8")
        self.assertEqual(csv_encoding("été".encode("latin-1")), "")

    def test_separators(self):
        """R44: the line of titles tells the separator, and the cells do not."""
        for text, found in (
            ("a;b;c\n1,2;3,4;5,6", ";"),
            ("a,b\n1;2;3", ","),
            ("\n a\tb", "\t"),
            ("a", ""),
            ("", ""),
        ):
            with self.subTest(text=text):
                self.assertEqual(csv_separator(text), found)

    def test_titles(self):
        """R44: the spellings in each line are one title."""
        for titles in (
            ("رقم الهوية", "رقم هويه", "رقم  الهويّة:", "\ufeffرقم_الهوية"),
            ("البريد الإلكتروني", "بريد الكتروني", "البريد الالكترونى"),
            ("تاريخ الميلاد هـ", "تاريخ ميلاد (هـ)"),
        ):
            with self.subTest(titles=titles):
                self.assertEqual(len({title_key(title) for title in titles}), 1)

    def test_dialled(self):
        """R20: texts and links go to the number without its extension."""
        number = identity.phone("0112345678 ext. 12")
        self.assertEqual(identity.dialled(number), "+966112345678")
        self.assertFalse(identity.is_mobile(number))
        self.assertEqual(identity.dialled("+966500000001"), "+966500000001")
        self.assertTrue(identity.is_mobile("+966500000001;ext=5"))
