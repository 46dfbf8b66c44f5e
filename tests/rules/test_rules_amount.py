from odoo.tests import BaseCase, tagged

from ...rules.amount import riyals


@tagged("post_install", "-at_install", "without_demo")
class TestRulesAmount(BaseCase):
    def test_words(self):
        """R40, R44: number and noun agree in gender, number and case; "and" joins."""
        table = {
            0: "صفر ريال",
            1: "ريال واحد",
            2: "ريالان",
            3: "ثلاثة ريالات",
            10: "عشرة ريالات",
            11: "أحد عشر ريالًا",
            12: "اثنا عشر ريالًا",
            13: "ثلاثة عشر ريالًا",
            20: "عشرون ريالًا",
            99: "تسعة وتسعون ريالًا",
            100: "مائة ريال",
            101: "مائة ريال وريال واحد",
            103: "مائة وثلاثة ريالات",
            200: "مائتا ريال",
            250: "مائتان وخمسون ريالًا",
            1000: "ألف ريال",
            1500: "ألف وخمسمائة ريال",
            2000: "ألفا ريال",
            2500: "ألفان وخمسمائة ريال",
            3000: "ثلاثة آلاف ريال",
            11000: "أحد عشر ألف ريال",
            12345: "اثنا عشر ألفًا وثلاثمائة وخمسة وأربعون ريالًا",
            101000: "مائة ألف وألف ريال",
            200000: "مائتا ألف ريال",
            1000000: "مليون ريال",
            2000000: "مليونا ريال",
        }
        for number, words in table.items():
            with self.subTest(number=number):
                self.assertEqual(riyals(number * 100), words)

    def test_halalas(self):
        """R40, R44: halalas are feminine, and alone where there is no riyal."""
        table = {
            1: "هللة واحدة",
            2: "هللتان",
            3: "ثلاث هللات",
            11: "إحدى عشرة هللة",
            12: "اثنتا عشرة هللة",
            25: "خمس وعشرون هللة",
            150: "ريال واحد وخمسون هللة",
        }
        for number, words in table.items():
            with self.subTest(number=number):
                self.assertEqual(riyals(number), words)
