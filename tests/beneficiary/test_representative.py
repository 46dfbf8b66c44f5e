from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import BeneficiaryCommon

FIRST, LAST = "2026-03-10", "2026-03-15"
# Begin and end of the period in UTC: midnight in Riyadh.
PERIOD = (
    ("2026-03-09 20:59:00", False),
    ("2026-03-09 21:00:00", True),
    ("2026-03-15 20:59:00", True),
    ("2026-03-15 21:00:00", False),
)


@tagged("post_install", "-at_install")
class TestRepresentative(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guardian = cls._make_user("br_guardian", None, cls.company)
        cls.guardian.tz = "Asia/Riyadh"
        cls.representative = cls.env["beneficiary.representative"].create(
            {
                "beneficiary_id": cls.file.id,
                "name": "Guardian",
                "user_id": cls.guardian.id,
                "date_from": FIRST,
                "date_to": LAST,
            }
        )
        cls.request = cls._make_request(cls())

    def _get_seen(self, user):
        """Return everything that ``user`` can read on the portal."""
        files = self.env["beneficiary.beneficiary"].with_user(user)
        requests = self.env["beneficiary.request"].with_user(user)
        mine = [("id", "in", self.file.ids)]
        return {
            "files": bool(files._get_portal_files() & self.file),
            "users": user in self.file._get_portal_users(),
            "search": bool(call_kw(files, "search", [mine], {})),
            "request": bool(
                call_kw(requests, "search", [[("id", "in", self.request.ids)]], {})
            ),
            "portal": bool(requests.search(requests._portal_domain())),
        }

    def test_period(self):
        """R33: a guardian acts from the first day to the end of the last day."""
        for moment, expected in PERIOD:
            with self.subTest(moment=moment), freeze_time(moment):
                self.env.invalidate_all()
                seen = self._get_seen(self.guardian)
                self.assertEqual(seen, dict.fromkeys(seen, expected))

    def test_acts_within_the_period(self):
        """R33: after the period a guardian sends nothing in the person's name."""
        requests = self.env["beneficiary.request"].with_user(self.guardian)
        self.service.portal_published = True
        vals = {"service_id": self.service.id, "description": "A food basket"}
        with freeze_time("2026-03-12 09:00:00"):
            request = requests._portal_create(self.file, vals)
        with freeze_time("2026-03-16 09:00:00"):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                requests._portal_create(self.file, vals)
            with self.assertRaises(AccessError):
                request.with_user(self.guardian)._portal_submit()
            with self.assertRaises(AccessError):
                call_kw(
                    request.with_user(self.guardian),
                    "read",
                    [request.ids, ["name"]],
                    {},
                )

    def test_scope(self):
        """R33: a representative for receipt only follows nothing on the portal."""
        with freeze_time("2026-03-12 09:00:00"):
            for scope, expected in (("requests", True), ("receipt", False)):
                self.representative.scope = scope
                self.env.flush_all()
                self.env.invalidate_all()
                seen = self._get_seen(self.guardian)
                self.assertEqual(seen, dict.fromkeys(seen, expected), scope)

    def test_the_person_stays(self):
        """R33: the person's own login is not limited by a period."""
        with freeze_time("2030-01-01 09:00:00"):
            seen = self._get_seen(self.applicant)
            self.assertEqual(seen, dict.fromkeys(seen, True))

    def test_hidden_from_the_portal(self):
        """Safety: portal users cannot read the representatives of a file."""
        with freeze_time("2026-03-12 09:00:00"):
            representatives = self.representative.with_user(self.guardian)
            for method, args in (
                ("search", [[]]),
                ("read", [representatives.ids, ["name"]]),
                ("write", [representatives.ids, {"date_to": "2099-01-01"}]),
                ("create", [{"beneficiary_id": self.file.id, "name": "x"}]),
            ):
                with self.subTest(method=method), self.assertRaises(AccessError):
                    call_kw(representatives, method, args, {})
            files = self.file.with_user(self.guardian)
            with self.assertRaises(AccessError):
                files.search([("representative_ids.name", "=", "Guardian")])

    def test_recused(self):
        """Seals: a committee member who represents the file cannot vote on it."""
        self.representative.write({"user_id": self.member.id, "date_to": False})
        request = self._make_request("in_review")
        vote = request.decision_ids.vote_ids.filtered(
            lambda vote: vote.user_id == self.member
        )
        self.assertEqual(vote.choice, "recused")

    def test_accounts_of_others(self):
        """R43: an officer of two associations cannot mix their accounts (R33)."""
        foreign = self._make_user("br_foreign", None, self.other)
        self.officer.company_ids |= self.other
        lines = self.env["beneficiary.representative"].with_user(self.officer)
        companies = (self.company | self.other).ids
        lines = lines.with_context(allowed_company_ids=companies)
        vals = {
            "beneficiary_id": self.file.id,
            "name": "Agent",
            "user_id": foreign.id,
        }
        for method, args in (
            ("create", [vals]),
            ("write", [self.representative.ids, {"user_id": foreign.id}]),
        ):
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(ValidationError, "does not belong") as refused,
                self.env.cr.savepoint(),
            ):
                call_kw(lines, method, args, {})
            self.assertNotIn(foreign.name, str(refused.exception))
        self.env.invalidate_all()
        self.assertNotIn(foreign, self.file.representative_ids.user_id)
        self.assertNotIn(foreign, self.file._get_portal_users())
        columns = ["beneficiary_id/.id", "name", "relation", "user_id/.id"]
        row = [str(self.file.id), "Agent", "agent", str(foreign.id)]
        answer = call_kw(lines, "load", [columns, [row]], {})
        self.assertFalse(answer["ids"])

    def test_former_account(self):
        """R43: an account that no longer acts leaves the association."""
        guest = self._make_user("br_guest", None, self.other)
        guest.company_ids |= self.company
        lines = self.representative.with_user(self.officer).with_context({})
        call_kw(lines, "write", [lines.ids, {"user_id": guest.id}], {})
        self.assertIn(self.company, guest.company_ids)
        self.assertIn(self.company, self.guardian.company_ids, "it was made here")
        call_kw(lines, "write", [lines.ids, {"user_id": False}], {})
        self.env.invalidate_all()
        self.assertEqual(guest.company_ids, self.other)

    def test_identifiers(self):
        """R44: a representative's numbers are checked like the file's."""
        representative = self.representative.with_user(self.officer)
        representative.write({"identity_number": "١٠٠٠٠٠٠٠١٦", "phone": "٠٥٠٠٠٠٠٠٠٢"})
        self.assertEqual(representative.identity_number, "1000000016")
        self.assertEqual(representative.phone, "+966500000002")
        with self.assertRaises(ValidationError):
            representative.phone = "12"

    def test_evidence(self):
        """R33: the evidence is a paper of the same file."""
        paper = self._make_document(self.file, self.identity_type)
        self.representative.document_id = paper
        other = self.file.copy()
        with self.assertRaises(ValidationError):
            self.representative.document_id = self._make_document(
                other, self.identity_type
            )
