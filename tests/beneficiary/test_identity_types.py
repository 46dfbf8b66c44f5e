from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon
from .common import FILE

DEPENDANT = "beneficiary.household.member"
REPRESENTATIVE = "beneficiary.representative"
REASON = "ولد في المنزل ولم يُسجَّل بعد"
# Type, the number as it is typed, its stored form, and numbers that are refused.
TYPES = (
    ("national", "١٠٠٠ ٠٠٠ ٠١٦", "1000000016", ("2000000006", "1000000017")),
    ("iqama", "2000-000-006", "2000000006", ("1000000016", "2000000007")),
    ("gcc", " ٢٨٠-٠١٠-١٠٠٠٠١ ", "280010100001", ("2800101", "28001010000X")),
    ("border", "٣٠٠٠٠٠٠٠٠١", "3000000001", ("300000000", "1000000016")),
    ("passport", "\u200fa 0123-4567", "A01234567", ("بلا", "ABCDEF", "A1")),
    ("other", " ١٢ / أ ", "12/أ", ("لا يوجد", "-")),
)


class IdentityCase(BeneficiaryCommon):
    def _create(self, model=FILE, user=None, **vals):
        records = self.env[model].with_user(user or self.officer)
        if model != FILE:
            vals = {"beneficiary_id": self.file.id, **vals}
        ids = call_kw(records, "create", [{"name": "مثال", **vals}], {})
        return records.browse(ids)

    def _country(self, code):
        return self.env.ref(f"base.{code}")


@tagged("post_install", "-at_install", "without_demo")
class TestIdentityTypes(IdentityCase):
    """R12, R44: each type of identity has its own form, check and uniqueness."""

    def test_each_type(self):
        """R12, R44: files, dependants and representatives keep one form a type."""
        for model in (FILE, DEPENDANT, REPRESENTATIVE):
            for kind, typed, stored, refused in TYPES:
                with self.subTest(model=model, kind=kind):
                    vals = {"identity_type": kind, "nationality_id": self.kuwait}
                    record = self._create(model, identity_number=typed, **vals)
                    self.assertEqual(record.identity_number, stored)
                    for wrong in refused:
                        with self.assertRaises(ValidationError, msg=wrong):
                            self._create(model, identity_number=wrong, **vals)

    @property
    def kuwait(self):
        return self._country("kw").id

    def test_a_state_of_the_gulf(self):
        """R12: a Gulf identity has the digits of its own state."""
        vals = {"identity_type": "gcc", "identity_number": "280010100001"}
        self.assertTrue(self._create(nationality_id=self.kuwait, **vals))
        for code, message in (("qa", "Gulf state"), ("eg", "Emirates, Bahrain")):
            with self.subTest(code), self.assertRaisesRegex(ValidationError, message):
                self._create(nationality_id=self._country(code).id, **vals)

    def test_two_states_issue_one_number(self):
        """R12: a passport is one person's together with the state that issued it."""
        egypt, yemen = self._country("eg"), self._country("ye")
        vals = {"identity_type": "passport", "identity_number": "a1234567"}
        with self.assertRaisesRegex(ValidationError, "which state issued"):
            self._create(**vals)
        first = self._create(nationality_id=egypt.id, **vals)
        other = self._create(nationality_id=yemen.id, **vals)
        with self.assertRaisesRegex(ValidationError, "already has the file"):
            self._create(nationality_id=egypt.id, **vals)
        with self.assertRaises(UserError):
            call_kw(other, "write", [other.ids, {"nationality_id": egypt.id}], {})
        self.assertEqual(other.nationality_id, yemen)
        form = Form(self.env[FILE].with_user(self.officer))
        form.name = "مثال"
        form.identity_type = "passport"
        form.nationality_id = egypt
        form.identity_number = "A 1234567"
        self.assertEqual(form.same_identity_file_id, first)
        form.nationality_id = self._country("sd")
        self.assertFalse(form.same_identity_file_id)

    def test_without_identity(self):
        """R12: somebody without an identity says why, and has no number."""
        with self.assertRaisesRegex(ValidationError, "has no identity"):
            self._create(identity_type="none")
        with self.assertRaisesRegex(ValidationError, "has no identity"):
            self._create(DEPENDANT, identity_type="none", identity_reason=" ")
        with self.assertRaisesRegex(ValidationError, "has no number"):
            self._create(
                identity_type="none", identity_reason=REASON, identity_number="5"
            )
        file = self._create(identity_type="none", identity_reason=REASON)
        again = self._create(identity_type="none", identity_reason=REASON)
        self.assertFalse(file.identity_number or again.identity_number)
        with Form(file) as form:
            form.identity_type = "iqama"
            form.identity_number = "٢٠٠٠٠٠٠٠٠٦"
        self.assertEqual((file.identity_number, file.identity_reason), (TYPES[1][2], 0))

    def test_import(self):
        """R44: a sheet has every type; a row is refused by its own type's rule."""
        header = ["name", "identity_type", "identity_number", "nationality_id"]
        header += ["identity_reason", "gender", "marital_state", "sponsor_number"]
        rows = [
            ["One", "Border Number", "٣٠٠٠٠٠٠٠٠٢", "", "", "Male", "", "7001234567"],
            ["Two", "Passport", " b-765 4321", "Egypt", "", "Female", "Widowed", ""],
            ["Three", "None", "", "", REASON, "", "", ""],
        ]
        files = self.env[FILE].with_user(self.officer)
        result = call_kw(files, "load", [header, rows], {})
        made = files.browse(result["ids"])
        self.assertEqual(
            made.mapped("identity_number"), ["3000000002", "B7654321", False]
        )
        self.assertEqual(made[1].marital_state, "widowed")
        self.assertEqual(made[0].sponsor_number, "7001234567")
        again = call_kw(files, "load", [header, rows[:2]], {})
        self.assertEqual(again["ids"], made[:2].ids)
        rows[1][3] = "Yemen"
        result = call_kw(files, "load", [header, rows[1:2]], {})
        self.assertFalse(result["ids"])
        self.assertIn("another state", result["messages"][0]["message"])
        rows[0][2], rows[0][7] = "300", "12"
        result = call_kw(files, "load", [header, rows[:1]], {})
        self.assertRegex(result["messages"][0]["message"], "border number|sponsor")

    def test_import_of_a_dependant(self):
        """R44: a file and a dependant are known by a passport in any spelling."""
        passport = {
            "identity_type": "passport",
            "nationality_id": self._country("eg").id,
        }
        self._create(identity_number="B7654321", **passport)
        header = ["beneficiary_id", "name", "identity_type", "identity_number"]
        header += ["nationality_id"]
        members = self.env[DEPENDANT].with_user(self.officer)
        rows = [["b-765 4321", "ريم", "Passport", " c 1234567", "Egypt"]]
        result = call_kw(members, "load", [header, rows], {})
        made = members.browse(result["ids"])
        self.assertEqual(made.identity_number, "C1234567")
        again = call_kw(members, "load", [header, rows], {})
        self.assertEqual(again["ids"], made.ids)

    def test_former_numbers(self):
        """People: a number that changed is kept; nobody writes it by hand."""
        file = self._create(identity_type="border", identity_number="3000000001")
        call_kw(
            file,
            "write",
            [file.ids, {"identity_type": "iqama", "identity_number": "2000000006"}],
            {},
        )
        self.assertEqual(file.former_numbers, "3000000001")
        child = self._create(DEPENDANT, identity_number="1000000032")
        child.write({"identity_type": "none", "identity_reason": REASON})
        self.assertEqual(child.former_numbers, "1000000032")
        self.assertFalse(child.identity_number)
        for record in (file, child):
            with self.assertRaises(AccessError):
                call_kw(record, "write", [record.ids, {"former_numbers": "1"}], {})
        records = self.env[DEPENDANT].with_user(self.officer)
        made = records.with_context(default_former_numbers="9").create(
            {"name": "مثال آخر", "beneficiary_id": self.file.id}
        )
        self.assertFalse(made.former_numbers)

    def test_a_declared_interest_and_a_former_number(self):
        """R19: an interest that names the former number still recuses the member."""
        member = self.committee.member_ids[0].user_id
        self.env["beneficiary.committee.interest"].with_user(member).create(
            {"name": "قريب", "identity_number": self.file.identity_number}
        )
        self.file.write({"identity_number": "1000000065"})
        request = self._make_request("submitted")
        found = self.env["beneficiary.committee.interest"]._find(request.sudo())
        self.assertIn(member, found[request])


@tagged("post_install", "-at_install", "without_demo")
class TestWithoutIdentity(IdentityCase):
    """R12, R45: who has no identity goes on with the papers that stand in for it."""

    def setUp(self):
        super().setUp()
        self.file.write({"identity_type": "none", "identity_reason": REASON})
        self.substitute = self.env.ref(
            "beneficiary_relations.document_type_identification"
        )

    def test_a_request_goes_on(self):
        """R12: the card is not asked for; what stands in for it is, and is matched."""
        request = self._make_request()
        self.assertEqual(self.identity_type.identity_proof, "card")
        self.assertNotIn(self.identity_type, request._get_document_types())
        self.assertIn(self.substitute, request._get_document_types())
        self._advance(request, "submitted")
        missing = "\n".join(request._get_missing())
        self.assertIn(self.substitute.name, missing)
        self.assertNotIn("The identity number is missing", missing)
        self.assertIn(self.substitute.name, str(request.checklist))
        with self.assertRaisesRegex(UserError, "stand in"):
            request.with_user(self.officer).action_verify()
        paper = self._make_document(self.file, self.substitute)
        self.env.invalidate_all()
        self.assertNotIn("stand in", "\n".join(request._get_missing()))
        self.assertIn(paper, request._get_required_documents())

    def test_the_reason_alone(self):
        """R12: an association without such a paper accepts the reason."""
        self.substitute.identity_proof = False
        request = self._make_request("submitted")
        self.assertNotIn("identity", "\n".join(request._get_missing()))

    def test_others_bring_their_card(self):
        """R45: who has an identity still brings the card, and nothing instead."""
        self.file.write({"identity_type": "national", "identity_number": "1000000065"})
        request = self._make_request()
        self.assertIn(self.identity_type, request._get_document_types())
        self.assertNotIn(self.substitute, request._get_document_types())

    def test_the_reason_is_verified(self):
        """R13, R16: the reason is matched like a number, until it is changed."""
        file = self.file.with_user(self.officer)
        file.action_match("محضر العمدة")
        self.assertIn("identity", file._get_verified())
        file.identity_reason = "سبب آخر"
        self.assertNotIn("identity", file._get_verified())
