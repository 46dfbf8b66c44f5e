from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ...rules import arabic
from ..common import BeneficiaryCommon

PEOPLE = (
    "محمد علي النجار",
    "علي محمد القحطاني",
    "فاطمة أبو بكر الحداد",
    "سالم عبد الله النجار",
    "نورة محمد",
)
TYPED = (
    "محمد",
    "النجار محمد",
    "محمد الغامدي",
    "ابوبكر فاطمه",
    "عبدالله",
    "0500000",
    "٠٥٠ ٠٠٠ ٠٠١١",
    "+966500000012",
    "1000",
    "3",
    "33",
    "٣٣",
    "26",
    "REQ/2026/00033",
    "req/2026",
    "OLD-7",
    "OLD",
    "100%",
    "_",
    "[0001] محمد علي النجار",
    "سؤال",
    "zzz",
)
VISITORS = Domain("beneficiary_id", "=", False)


def shown(text):
    return [("display_name", "ilike", text)]


@tagged("post_install", "-at_install", "without_demo")
class TestSearchKey(BeneficiaryCommon):
    """Requests and contacts hold the key of their file, and find the same (R44)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        files = cls.env["beneficiary.beneficiary"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "phone": f"05000000{number}",
                    "email": f"person{number}@example.com",
                }
                for number, name in enumerate(PEOPLE, 11)
            ]
        )
        test = cls()
        cls.requests = cls.env["beneficiary.request"]
        for number, file in enumerate(files):
            for turn in range(2):
                request = test._make_request(beneficiary_id=file.id)
                request._write_flow({"name": f"REQ/2026/1{number}{turn}33"})
                cls.requests |= request
        cls.requests[2]._write_flow({"name": "REQ/2026/00033"})
        cls.requests[0]._write_flow({"origin_reference": "OLD-7"})
        cls.contacts = cls.env["beneficiary.interaction"].create(
            [
                {
                    "subject": f"سؤال {number}",
                    "company_id": cls.company.id,
                    "channel_id": test._channel("phone").id,
                    **(
                        {
                            "request_id": request.id,
                            "beneficiary_id": request.beneficiary_id.id,
                        }
                        if number % 3
                        else {"party_name": f"زائر محمد {number}"}
                    ),
                }
                for number, request in enumerate(cls.requests)
            ]
        )
        cls.env.flush_all()

    def test_finds_the_same(self):
        """R44: each text finds what a search of files, numbers and subjects finds."""
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        requests = self.requests.with_user(self.officer)
        contacts = self.contacts.with_user(self.officer)
        for text in TYPED:
            people = Domain("beneficiary_id", "in", files._search(shown(text)))
            asked = requests.search(people | requests._get_numbers_domain(text))
            said = contacts.search(
                people
                | Domain("subject", "ilike", text)
                | Domain("number", "ilike", arabic.number_line(text))
                | Domain("request_id", "in", asked.ids)
                | (contacts._get_key_domain("party_key", text) & VISITORS)
            )
            with self.subTest(text=text):
                self.assertEqual(requests.search(shown(text)), asked)
                self.assertEqual(contacts.search(shown(text)), said)

    def test_follows_the_file(self):
        """R44: a new name or telephone of the file finds its requests and contacts."""
        file = self.requests[0].beneficiary_id
        file.write({"name": "هند الصالح", "phone": "0500000099"})
        for text in ("الصالح هند", "0500000099"):
            found = self.requests.search(shown(text))
            self.assertEqual(found, self.requests[:2].sorted("id", reverse=True))
            self.assertIn(self.contacts[1], self.contacts.search(shown(text)))

    def test_nobody_reads_a_key(self):
        """R43: a key holds the numbers of a household; it is read by no-one."""
        for record, name in (
            (self.requests[0], "search_key"),
            (self.contacts[0], "party_key"),
            (self.requests[0].beneficiary_id, "search_key"),
        ):
            record = record.with_user(self.manager)
            with self.assertRaises(AccessError):
                record.read([name])
            with self.assertRaises(AccessError):
                record.search([(name, "like", "05")])
