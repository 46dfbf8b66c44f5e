from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import BORN, FILE, MISTYPED, NAME, DuplicateCase

CHILD = "1000000057"


@tagged("post_install", "-at_install", "without_demo")
class TestNearDuplicates(DuplicateCase):
    """People: data that nearly agree, and the likest files first."""

    def test_a_crowd_of_one_birth_date(self):
        """People: forty similar people of one birth date do not hide the true pair."""
        crowd = [
            {"name": f"محمد عبدالله {word} النموذجي", "birth_date": BORN}
            for word in (f"{first}{last}ان" for first in "بتجحخدرز" for last in "سشصضط")
        ]
        self.env[FILE].create([{"company_id": self.company.id, **v} for v in crowd])
        true = self._make_file(birth_date=BORN)
        again = self._make_file(MISTYPED, birth_date=BORN)
        self.assertEqual(self._find(again)[0], true)
        self._run_cron()
        self.assertTrue(self._pairs(true | again))

    def test_near_birth_dates(self):
        """People: a day apart, and day and month the other way round, make a pair."""
        for born, near in (
            ("1985-04-17", "1985-04-18"),
            ("1986-04-30", "1986-05-01"),
            ("1987-03-04", "1987-04-03"),
        ):
            file = self._make_file(birth_date=born, identity_number=False)
            again = self._make_file(MISTYPED, birth_date=near)
            with self.subTest(born=born):
                self.assertIn(file, self._find(again))
            other = self._make_file("فيصل ماجد راشد", birth_date=near)
            self.assertNotIn(file, self._find(other))
        self.assertNotIn(file, self._find(self._make_file(birth_date="1987-04-06")))

    def test_numbers_a_digit_apart(self):
        """People: a number that differs by a digit makes a pair of like names."""
        passport = {
            "identity_type": "passport",
            "nationality_id": self.env.ref("base.eg").id,
        }
        file = self._make_file(identity_number="A1234567", **passport)
        for number in ("A1234568", "A1324567"):
            again = self._make_file(identity_number=number, **passport)
            with self.subTest(number=number):
                self.assertIn(file, self._find(again))
        far = self._make_file(identity_number="A7654321", **passport)
        self.assertNotIn(file, self._find(far))
        one = self._make_file(phone="0500000061", identity_number="1000000016")
        two = self._make_file(phone="0500000094", identity_number="1000000024")
        three = self._make_file(phone="0500000062", identity_number="1000000032")
        self.assertNotIn(one, self._find(two))
        self.assertIn(one, self._find(three))

    def test_spellings_of_a_passport(self):
        """People: the Latin name of a passport is compared with the Arabic one."""
        file = self._make_file("محمد علي أحمد القحطاني", birth_date=BORN)
        for name in ("Mohammed Ali Ahmed Al-Qahtani", "MOHAMAD ALI ALKAHTANI"):
            again = self._make_file(name, birth_date=BORN)
            with self.subTest(name=name):
                self.assertIn(file, self._find(again))
                self.assertIn(again, self._find(file))
        stranger = self._make_file("John Peter Smith", birth_date=BORN)
        self.assertNotIn(file, self._find(stranger))
        file.birth_date, file.phone = False, "0500000061"
        again = self._make_file("Mohamed Ali Al Qahtani", phone="0500000061")
        self.assertIn(file, self._find(again))

    def test_a_former_number(self):
        """People: a new file with somebody's former number is shown, and proposed."""
        file = self._make_file(identity_type="border", identity_number="3000000001")
        file.write({"identity_type": "iqama", "identity_number": "2000000006"})
        form = Form(self.env[FILE].with_user(self.officer))
        form.name = "هند ماجد"
        form.identity_type = "border"
        form.identity_number = "٣٠٠٠٠٠٠٠٠١"
        self.assertEqual(form.similar_file_ids.ids, file.ids)
        again = form.save()
        self._run_cron()
        self.assertTrue(self._pairs(file | again).former_number)
        self.assertIn(again, self._find(file))

    def test_archived_ties(self):
        """People: a dependant who left a household is no reason for a pair."""
        father = self._make_file(identity_number="1000000016")
        mother = self._make_file("هند ماجد", identity_number="1000000024")
        members = self.env["beneficiary.household.member"].create(
            [
                {
                    "beneficiary_id": parent.id,
                    "name": "ريم",
                    "identity_number": CHILD,
                }
                for parent in father | mother
            ]
        )
        self._run_cron()
        pair = self._pairs(father | mother)
        self.assertEqual(pair.state, "to_review")
        members[0].active = False
        self.assertEqual(self._find(father), [])
        self._run_cron()
        self.assertEqual(pair.state, "unlike")
        members[0].active = True
        self._run_cron()
        self.assertEqual(pair.state, "to_review")

    def test_a_pair_closes_itself(self):
        """People: a pair whose data no longer clash waits for nobody."""
        file, again = self._make_file(), self._make_file(MISTYPED)
        self._run_cron()
        pair = self._pairs(file | again)
        self.assertEqual(file.duplicate_count, 1)
        call_kw(
            again.with_user(self.officer),
            "write",
            [again.ids, {"name": "هند راشد"}],
            {},
        )
        self._run_cron()
        self.assertEqual(pair.state, "unlike")
        self.assertFalse(pair.decided_by_id)
        self.env.invalidate_all()
        self.assertFalse(file.duplicate_count)
        again.name = NAME
        self._run_cron()
        self.assertEqual((pair.state, pair.name_similarity), ("to_review", 100))

    def test_what_people_decided_stays(self):
        """People: a decision, and a merge that an officer proposed, stay."""
        pair = self._make_pair()
        decided = self._make_pair()
        pair.with_user(self.officer).action_propose_merge()
        decided.with_user(self.officer).action_not_the_same()
        (pair | decided).second_id.name = "هند راشد"
        self._run_cron()
        self.assertEqual(pair.state, "to_review")
        self.assertEqual(decided.state, "distinct")

    def test_more_pairs_than_are_compared(self):
        """People: a pair that waits is judged by itself, not by a crowd's order."""
        file = self._make_file()
        pairs = self.env["beneficiary.duplicate"].union(
            *(self._make_pair(file, self._make_file()) for _number in range(25))
        )
        self._run_cron()
        self.assertEqual(set(pairs.mapped("state")), {"to_review"})

    def test_a_year_alone(self):
        """People: a year alone and a day of that year make a pair of like names."""
        for year, day, far in (
            ("1405", "1405-08-11", "1407-08-11"),
            ("1985", "1985-12-30", "1987-01-02"),
        ):
            file = self._make_file(birth_date_hijri=year)
            self.assertTrue(file.is_birth_year_only)
            again = self._make_file(MISTYPED, birth_date_hijri=day)
            with self.subTest(year=year):
                self.assertIn(file, self._find(again))
                self.assertIn(again, self._find(file))
                other = self._make_file(birth_date_hijri=far)
                self.assertNotIn(file, self._find(other))
                (file | again | other).active = False
        one = self._make_file(birth_date_hijri="1405", identity_number="1000000016")
        two = self._make_file(
            birth_date_hijri="1405-08-11", identity_number="1000000024"
        )
        self.assertNotIn(one, self._find(two))

    def test_the_second_telephone(self):
        """People: a number that one file has first, and the other one second."""
        one = self._make_file(phone="0500000061", identity_number="1000000016")
        two = self._make_file(
            MISTYPED,
            phone="0500000099",
            phone2="0500000061",
            identity_number="1000000024",
        )
        three = self._make_file(phone2="0500000061", identity_number="1000000032")
        near = self._make_file(phone2="0500000062", identity_number="1000000040")
        for file in (one, two, three, near):
            with self.subTest(file=file.identity_number):
                others = {one, two, three, near} - {file}
                self.assertEqual(set(self._find(file)), others)
        form = Form(self.env[FILE].with_user(self.officer))
        form.name = NAME
        form.phone2 = "٠٥٠٠٠٠٠٠٩٩"
        self.assertIn(two, form.similar_file_ids[:])

    def test_decided_pairs_make_room(self):
        """People: pairs that people decided about hide no others (issue 11)."""
        files = self.env[FILE].union(
            *(self._make_file(birth_date=BORN) for _number in range(8))
        )
        for _round in range(8):
            self._run_cron()
            waiting = self._pairs(files).filtered(lambda one: one.state == "to_review")
            waiting.with_user(self.officer).action_not_the_same()
        self.assertEqual(len(self._pairs(files)), 8 * 7 / 2)
        self.assertFalse(self._find(files[0]))
