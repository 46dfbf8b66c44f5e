from pathlib import Path

import polib

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..common import BeneficiaryCommon

REPORTS = Path(file_path("beneficiary_relations/report"))

# What a term says in Arabic, by its English text. Each of these was wrong or unclear
# once, most because one English text served two places.
WORDS = {
    "<strong>Not signed, because:</strong>": "<strong>لم يُوقَّع، والسبب:</strong>",
    "Check the Seals": "التحقق",
    "Person Concerned": "الشخص",
    "Session Closed By": "أغلقه",
    "Record as Told": "تسجيل الإبلاغ",
    "Is Told by Hand": "يُبلَّغ مباشرة",
    "Mark as Done": "إنجاز",
    "All Done": "مكتملة",
    "Still Open": "المفتوحة",
    "Answer Expected": "موعد الإجابة",
    "Event": "نوع الإشعار",
    "Failed": "تعذّر الإرسال",
    "Clarification": "إيضاح",
    "Put in Force": "تفعيل السياسة",
    "Start From This Template": "البدء من هذا النموذج",
    "Reply Held": "الرد محجوز حتى موعده",
    "Reply Due": "الموعد النهائي للرد",
    "Reply due": "الموعد النهائي للرد",
    "Answer Due": "الموعد النهائي للرد",
    "Reply": "الرد",
    "Replied": "تم الرد",
    "Grace Days": "فترة السماح",
    "Party": "الطرف",
    "Dispute": "خلاف",
    "In Office and Not Recused": "الأعضاء الحاليون غير المتنحّين",
    "Outreach Lists": "مبادرات التواصل",
    "Work Through": "قائمة التواصل",
    "Who Declined": "المعتذرون",
    "Without Answer": "من لم يردّوا",
    "Inquiry": "استفسار",
    "Application": "طلب",
    "Volunteer": "متطوع",
    "Supporter": "داعم",
    "Minutes Given": "المدة بالدقائق",
    "Months Between Instalments": "المدة بين الدفعات (بالأشهر)",
    "No longer valid": "غير سارٍ",
    "Good": "جيد",
    "Fair": "متوسط",
    "Unfit": "غير صالح",
    "Your role does not allow this step.": "صلاحياتكم لا تتيح هذه الخطوة.",
    "This file is not yours.": "هذا الملف لا يخصّكم.",
    "Your rating": "تقييمكم",
    "Not yet": "لم تتم بعد",
    "Is Conditional": "عند الحاجة",
    "Branch": "المكتب الفرعي",
    "Branches": "المكاتب الفرعية",
    "Dependant": "تابع",
    "Same Household": "تابع مشترك بين الملفين",
    "Allowed Tool": "الوثائق المعتمدة في السياسة",
    "Hash": "البصمة الرقمية",
    "Thumbprint Before Witnesses": "بصمة إبهام بحضور شاهدَين",
    "Tampered": "جرى العبث به",
    "Applicant": "مقدّم الطلب",
}
# Words and spellings that have a better one.
WORN = [
    "قالب",
    "معبوث",
    "صاحب التواصل",
    "نزاع",
    "أيام المهلة",
    "استيضاح",
    "مقدم الطلب",
    "صلاحيتكم",
    "حساب المستخدم الحالي",
    "خطوات السجل",
    "غير ساري",
    "تقييمك،",
    "طلبك ",
    "يدويًا",
    "شهريًا",
]


@tagged("post_install", "-at_install")
class TestArabicWords(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = file_path("beneficiary_relations/i18n/ar.po")
        cls.terms = {entry.msgid: entry.msgstr for entry in polib.pofile(path)}

    def test_words(self):
        """R44: one thing has one word, and a label fits its place."""
        for text, word in WORDS.items():
            with self.subTest(text=text):
                self.assertEqual(self.terms.get(text), word)

    def test_no_worn_word(self):
        """R44: no term has a word, or a spelling, that was replaced."""
        for word in WORN:
            found = [text for text, arabic in self.terms.items() if word in arabic]
            self.assertFalse(found, word)

    def test_the_riyal_has_its_sign(self):
        """R44: amounts have the Arabic sign in Arabic, on papers, in messages and in
        the lists of the browser; every other language keeps the Latin one."""
        riyal = self.env.ref("base.SAR")
        riyal.write({"symbol": "SR", "active": True})
        arabic = riyal.with_context(lang="ar_001")
        field = "ir.qweb.field.monetary"
        options = {"display_currency": riyal}
        for currency, sign in (
            (arabic, "ر.س"),
            (riyal.with_context(lang="en_US"), "SR"),
        ):
            paper = currency.env[field].value_to_html(950, options)
            listed = currency.get_all_currencies()[riyal.id]["symbol"]
            for text in (currency.format(950), str(paper), listed):
                self.assertIn(sign, text)
        self.assertNotIn("SR", arabic.format(950))

    def test_lists_have_the_comma_of_the_language(self):
        """R44: no report joins words, or divides them, by a Latin comma."""
        for lang, text in (("ar_001", "أ، ب"), ("en_US", "أ, ب")):
            file = self.file.with_context(lang=lang)
            self.assertEqual(file._list_words(["أ", "ب"]), text)
        for path in REPORTS.glob("*.xml"):
            for written in ("', '.join", "/>,", "/>, ", '">, '):
                self.assertNotIn(written, path.read_text(), path.name)

    def test_the_portal_counts_days(self):
        """R21, R44: the review period stands in the plural form of its number."""
        for days, unit, words in (
            (14, "calendar", "14 يومًا"),
            (10, "working", "10 أيام عمل"),
        ):
            vals = {"review_unit": unit, "review_days": days}
            self.company._get_beneficiary_policy().copy(vals).action_put_in_force()
            request = self._make_request().with_context(lang="ar_001")
            self.assertIn(words, request._portal_get_review_text())
