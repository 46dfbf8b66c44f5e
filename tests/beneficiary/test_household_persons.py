from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

MEMBER = "beneficiary.household.member"
AGENT = "beneficiary.representative"


@tagged("post_install", "-at_install")
class TestHouseholdPersons(BeneficiaryCommon):
    """R32: nobody depends on themselves, represents themselves or is listed twice."""

    def _add(self, model=MEMBER, **vals):
        """Add a person over RPC, as an officer."""
        vals = {"beneficiary_id": self.file.id, **vals}
        ids = self._call_as(self.officer, model, "create", [vals])
        return self.env[model].browse(ids)

    def assertRefused(self, words, call, *args, **given):
        with self.assertRaises(ValidationError) as caught:
            call(*args, **given)
        self.assertIn(words, str(caught.exception))

    def test_the_head(self):
        """R32: a dependant with the head's own number, in any digits, is refused."""
        self.assertRefused(
            "no dependant", self._add, name="X", identity_number="1000000008"
        )
        self.assertRefused(
            "no dependant", self._add, name="X", identity_number="١٠٠٠٠٠٠٠٠٨"
        )
        child = self._add(name="نورة المثال", identity_number="1000000016")
        self.assertRefused(
            "no dependant", child.write, {"identity_number": "1000000008"}
        )
        self.assertRefused(
            "no dependant", self.file.write, {"identity_number": "1000000016"}
        )
        with (
            Form(self.file.with_user(self.officer)) as form,
            form.household_member_ids.new() as line,
        ):
            line.name = "سارة المثال"
            line.identity_number = "1000000024"
        self.assertEqual(len(self.file.household_member_ids), 2)

    def test_by_sheet(self):
        """R32, R44: a sheet makes nobody a dependant of their own."""
        result = (
            self.env[MEMBER]
            .with_user(self.officer)
            .load(
                ["beneficiary_id", "name", "identity_number"],
                [["1000000008", "فهد المثال", "1000000008"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("no dependant", result["messages"][0]["message"])

    def test_same_name(self):
        """R32: one name is one person, unless a number or a birth date says not."""
        self.assertRefused("same name", self._add, name="سالم  المثال")
        self.assertTrue(self._add(name="سالم المثال", identity_number="1000000016"))
        child = self._add(name="نورة المثال", birth_date="2015-01-31")
        for vals in ({}, {"birth_date": "2015-01-31"}):
            self.assertRefused(
                "already a dependant", self._add, name="نورة المثال", **vals
            )
        self.assertTrue(self._add(name="نورة المثال", birth_date="2020-01-31"))
        child.active = False
        self.assertTrue(self._add(name="نورة المثال", birth_date="2015-01-31"))

    def test_spouse_twice(self):
        """R32: the same spouse is listed once; a wife has one husband at a time."""
        self._add(name="منى", relation="spouse", identity_number="1000000016")
        with mute_logger("odoo.sql_db"):  # the index refuses the number
            self.assertRefused(
                "already",
                self._add,
                name="منى",
                relation="spouse",
                identity_number="1000000016",
            )
        self.assertRefused("already", self._add, name="منى", relation="spouse")
        self.file.gender = "male"
        self._add(name="سعاد", relation="spouse")
        self.file.gender = "female"
        self.assertRefused("spouses", self._add, name="هند", relation="spouse")
        self.file.household_member_ids.active = False
        self.assertTrue(self._add(name="هند", relation="spouse"))

    def test_representative(self):
        """R32, R43: nobody represents themselves: by number, name or account."""
        self.assertRefused(
            "themselves", self._add, AGENT, name="X", identity_number="1000000008"
        )
        self.assertRefused("same name", self._add, AGENT, name="سالم المثال")
        self.assertRefused(
            "the person's own", self._add, AGENT, name="X", user_id=self.applicant.id
        )
        agent = self._add(AGENT, name="الوكيل", identity_number="1000000016")
        self.assertRefused("themselves", agent.write, {"identity_number": "1000000008"})

    def test_merge(self):
        """Merge: a dependant of both files is on the file that stays once."""
        other = self.env["beneficiary.beneficiary"].create(
            {"name": "سالم بن سعد المثال", "company_id": self.company.id}
        )
        for file in (self.file, other):
            self._add(beneficiary_id=file.id, name="نورة", birth_date="2015-01-31")
        self._add(beneficiary_id=other.id, name="سارة")
        self._add(beneficiary_id=other.id, name="X", identity_number="1000000008")
        self.file._merge_from(other, [])
        self.assertEqual(
            sorted(self.file.household_member_ids.mapped("name")), ["سارة", "نورة"]
        )
