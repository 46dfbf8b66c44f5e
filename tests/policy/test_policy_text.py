from functools import wraps

from odoo.tests import tagged

from .common import MODULE, PolicyCase

# What five boards wrote, point by point: words that the policy's text has to hold in
# English and in Arabic. The points stand in the board's order.
PARTIES = (
    ["policies and procedures", "all parties", "beneficiaries", "supporters"]
    + ["volunteers", "others", "its own rights", "safeguarded"],
    ["سياسات وإجراءات", "جميع الأطراف", "داعمين", "متطوعين", "حقوقها وحقوقهم"],
)
CONTRACTS = (
    ["Work regulations and contracts", "primary source", "rights and duties"]
    + ["performed", "falls short", "limits of liability", "disagreements"]
    + ["settled", "carrying out contracts and services", "protects the parties"],
    ["لوائح العمل والعقود", "المصدر", "حقوق", "وواجباتها", "التقصير في الأداء"]
    + ["حدود المسؤولية", "تسوية الخلافات", "تنفيذ العقود والخدمات", "يحمي"],
)
PREAMBLE = [
    PARTIES,
    CONTRACTS,
    (
        ["form of its relations", "priority", "mechanism"],
        ["شكل علاقتها", "الأولوية", "آلية"],
    ),
    (
        ["continually", "reviewed", "amended", "circulated", "rights"],
        ["للمراجعة والتعديل والتعميم", "باستمرار", "حقوق"],
    ),
]
GENERAL = [
    (
        ["all groups", "distinction", "mastery", "speed", "high quality"]
        + ["completing their transactions", "requirements and proposals"],
        ["جميع الفئات", "متميزة", "بإتقان وسرعة وجودة عالية", "إنجاز معاملاتهم"]
        + ["متطلباتهم ومقترحاتهم"],
    ),
    (
        ["Develop and improve continually", "co-operation with all bodies", "goals"],
        ["التطوير والتحسين", "بالتعاون مع جميع الجهات", "الأهداف"],
    ),
    (
        ["by the easiest ways", "without their having to ask"],
        ["بأيسر الطرق", "دون أن يضطروا إلى الطلب"],
    ),
]
OBJECTIVES = [
    (
        ["Esteem the need", "all the groups served", "simplify", "without hardship"],
        ["تقدير حاجة", "جميع الفئات", "بتيسير الإجراءات", "دون عناء أو مشقة"],
    ),
    (
        ["integrated services", "newest electronic means"],
        ["خدمات متكاملة", "أحدث الوسائل الإلكترونية"],
    ),
    (
        ["information and answers", "questions and enquiries", "several channels"],
        ["معلومات وإجابات", "لأسئلة", "قنوات متعددة"],
    ),
    (
        ["where they are", "time", "circumstances", "quickly"],
        ["في مكانه", "لوقته", "لظروفه", "وسرعة"],
    ),
    (
        ["satisfaction", "raising quality", "continually improving"]
        + ["how the service is provided", "performance of those who provide it"],
        ["رضا", "رفع الجودة", "للتحسين المستمر", "تقديم الخدمة"]
        + ["لأداء مقدّم الخدمة"],
    ),
    (
        ["trust", "belonging", "best standards and practices", "practices that follow"],
        ["ثقة", "وانتمائهم", "أفضل المعايير والممارسات", "الممارسات الآتية"],
    ),
]
PRACTICES = [
    (["Correct the misconceptions"], ["تصحيح", "مفاهيم خاطئة"]),
    (
        ["new, positive impressions and convictions"],
        ["انطباعات وقناعات جديدة وإيجابية"],
    ),
    (
        ["culture of rating", "encourage", "is a right", "correction and development"]
        + ["not for punishment and defamation"],
        ["ثقافة تقييم الخدمة", "والتشجيع", "حق", "للتقويم والتطوير"]
        + ["لا للعقاب والتشهير"],
    ),
    (
        ["culture of service quality", "all sections", "internal or external"],
        ["ثقافة جودة الخدمة", "جميع الأقسام", "داخل الجمعية أو خارجها"],
    ),
    (
        ["administrative concepts and techniques", "level and the kind"]
        + ["obstacles to quality", "development and improvement", "opinions"],
        ["مفاهيم وتقنيات إدارية", "مستوى الخدمات ونوعها", "معوقات الجودة"]
        + ["بالتطوير والتحسين", "استطلاع آراء"],
    ),
]
PROGRAMMES = [
    (["pilgrims"], ["سقيا الحاج والمعتمر"]),
    (["mosques and public places"], ["سقيا المساجد والأماكن العامة"]),
    (["who fast"], ["سقيا الصائم"]),
    (["workers"], ["سقيا العامل"]),
    (["endowment"], ["وقف السقيا"]),
    (["animals"], ["سقيا الكبد الرطبة"]),
    (["in need"], ["سقيا المحتاج"]),
    (["networks", "tanks"], ["صيانة شبكات المياه وخزانات المحتاجين"]),
    (["Water-saving"], ["فعاليات ترشيد المياه"]),
    (["Studies and research"], ["دراسات وأبحاث حول الماء"]),
    (["condensation"], ["تكثيف المياه"]),
    (["waste water"], ["إعادة تكرير مياه الصرف الصحي"]),
]
STEPS = {
    "receive": (
        ["courtesy and respect", "all their enquiries", "enough time"],
        ["بلباقة واحترام", "جميع استفساراته", "الوقت الكافي"],
    ),
    "verify": (
        ["all required information", "officer matches the data"]
        + ["valid at the time of submission"],
        ["جميع المعلومات المطلوبة", "يطابق الموظف", "صلاحيتها وقت التقديم"],
    ),
    "refer": (
        ["not clear", "social research officer", "answers the questions"]
        + ["regulatory side", "sends it back"],
        ["لم تتضح", "مسؤول البحث الاجتماعي", "فيجيب عن الأسئلة"]
        + ["الجوانب التنظيمية", "يعيد الطلب"],
    ),
    "declare": (
        ["Confirm the correctness", "sign", "directly responsible"],
        ["صحة البيانات", "توقيعه", "مسؤول مسؤولية مباشرة"],
    ),
    "notify": (
        ["raised to the research committee", "studied", "acceptance or rejection"]
        + ["not less than two weeks"],
        ["سيُرفع إلى لجنة البحث", "لدراسته", "بالقبول أو الرفض"] + ["لا تقل عن أسبوعين"],
    ),
    "register": (
        ["registration procedures", "completion of the requirements"],
        ["إجراءات التسجيل", "استكمال المتطلبات"],
    ),
    "deliver": (["Provide the required service."], ["تقديم الخدمة المطلوبة."]),
}
COMMON = {
    "foreword": PREAMBLE,
    "goal": GENERAL,
    "objective": OBJECTIVES,
    "practice": PRACTICES,
}
MEMBERS = {
    **COMMON,
    "goal": [
        (
            [*GENERAL[0][0], "members of the general assembly"],
            [*GENERAL[0][1], "أعضاء الجمعية العمومية"],
        ),
        *GENERAL[1:],
    ],
}
WATER = {
    "foreword": [
        (["strengthening the tie"], ["توثيق الصلة بينها وبين المستفيد"]),
        *PREAMBLE,
    ],
    "goal": [
        (
            ["watering services", "available", "target groups"],
            ["خدمات السقيا", "للفئات المستهدفة"],
        ),
        (["awareness", "saving water"], ["وعي المجتمع", "ترشيد"]),
        (
            ["Maintain and follow up", "watering sites", "scope"],
            ["صيانة مواقع السقيا ومتابعتها", "نطاق"],
        ),
    ],
    "objective": PROGRAMMES,
    "practice": PRACTICES,
}
TEXTS = {
    "textile": COMMON,
    "water": WATER,
    "rehabilitation": COMMON,
    "blood_banks": COMMON,
    "training": MEMBERS,
    "template_beneficiary": COMMON,
    "template_member": MEMBERS,
}
# Duties and promises that no board wrote.
INVENTED = ("any change", "equal terms", "promises kept", "needless", "تغيير", "يطرأ")


def for_each_text(test):
    """Run ``test(self, policy, points, place)`` for each policy in both languages."""

    @wraps(test)
    def run(self):
        for key, points in TEXTS.items():
            policy = self.env.ref(f"{MODULE}.policy_{key}")
            for place, lang in enumerate(("en_US", "ar_001")):
                with self.subTest(policy=key, lang=lang):
                    test(self, policy.with_context(lang=lang), points, place)

    return run


@tagged("post_install", "-at_install", "with_demo")
class TestPolicyText(PolicyCase):
    """R1: the boards' whole text stands in the policies, and nothing beside it."""

    def assertHolds(self, text, point, place):
        for words in point[place]:
            self.assertIn(words, text)

    @for_each_text
    def test_points(self, policy, points, place):
        """R1: preamble, general objective, objectives, practices: every point."""
        kinds = policy.clause_ids.mapped("kind")
        expected = [kind for kind, lines in points.items() for _line in lines]
        self.assertEqual(kinds, expected)
        for kind, lines in points.items():
            clauses = policy._get_clauses(kind)
            for clause, point in zip(clauses, lines, strict=True):
                self.assertHolds(clause.name, point, place)

    @for_each_text
    def test_steps(self, policy, points, place):
        """R10: seven steps in their order, with all their verbs."""
        self.assertEqual(policy.step_ids.mapped("code"), list(STEPS))
        for step in policy.step_ids:
            self.assertHolds(step.description, STEPS[step.code], place)

    @for_each_text
    def test_declaration_and_notice(self, policy, points, place):
        """R16, R17: what is signed and what is told, and no duty beside it."""
        self.assertEqual(
            policy.declaration_text,
            (
                "I confirm that the data I have given are correct, and I am "
                "directly responsible for their correctness.",
                "أقر بصحة البيانات التي قدمتها، وأتحمل المسؤولية المباشرة عن صحتها.",
            )[place],
        )
        notice = (
            ["raised to the research committee", "studied", "acceptance or"]
            + ["rejection", "not less than two weeks"],
            ["سيُرفع", "لجنة البحث", "لدراسته", "بالقبول أو الرفض"]
            + ["لا تقل عن أسبوعين"],
        )
        self.assertHolds(policy.notice_text, notice, place)

    @for_each_text
    def test_nothing_invented(self, policy, points, place):
        """R1: no duty and no promise that no board wrote."""
        texts = [
            policy.declaration_text,
            policy.notice_text,
            *policy.clause_ids.mapped("name"),
            *policy.step_ids.mapped("description"),
        ]
        for invented in INVENTED:
            self.assertNotIn(invented, "\n".join(texts))

    def test_whole_text(self):
        """R1: preamble and general objective read as one text, point after point."""
        policy = self.policies["water"].with_context(lang="en_US")
        self.assertEqual(len(policy.preamble.splitlines()), 5)
        self.assertTrue(policy.preamble.startswith("The association is convinced"))
        self.assertEqual(len(policy.general_objective.splitlines()), 3)

    def test_title(self):
        """R2: the members' policy is about the provision of services too."""
        policy = self.policies["training"].with_context(lang="ar_001")
        self.assertEqual(
            policy.name, "سياسة تنظيم العلاقة مع أعضاء الجمعية العمومية وتقديم الخدمات"
        )

    def test_signatories(self):
        """R36: who signs, by role and name, and which body approved."""
        for key, roles in (("textile", 5), ("rehabilitation", 2)):
            policy = self.policies[key]
            self.assertEqual(len(policy.signatory_ids), roles)
            self.assertTrue(all(policy.signatory_ids.mapped("person_name")))
            self.assertEqual(policy.approval_body, "Board of Directors")
        self.assertFalse(self.policies["water"].approval_body)

    def test_labels_arabic(self):
        """R2, R4, R8: the members' own names of a channel and of documents."""
        policy = self.policies["training"].with_context(lang="ar_001")
        names = {
            line.channel_id.code: line.display_name for line in policy.channel_line_ids
        }
        self.assertEqual(names["social"], "وسائل التواصل الاجتماعي الخاصة بالجمعية")
        documents = {
            line.tool_id.code: line.display_name for line in policy.tool_line_ids
        }
        self.assertEqual(documents["support_guide"], "دليل سياسة الدعم للأعضاء")
        self.assertEqual(documents["request_form"], "طلب خدمة عضو")
        self.assertEqual(policy.officer_title, "موظف علاقات المساهمين")
        guide = self.env.ref(f"{MODULE}.tool_support_guide")
        self.assertEqual(
            guide.with_context(lang="ar_001", allowed_company_ids=[]).name,
            "دليل سياسة الدعم للمستفيدين",
        )
