from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import BeneficiaryCommon

REQUEST = "beneficiary.request"
NUMBER = "REQ/2026/00033"
TYPED = ("33", "٣٣", "۳۳", "٠٠٠٣٣", NUMBER, "٢٠٢٦/٠٠٠٣٣", "req/2026/00033")
PERSON = ("المثال سالم", "0500000001", "٠٥٠ ٠٠٠ ٠٠٠١", "+966500000001", "١٠٠٠٠٠٠٠٠٨")


@tagged("post_install", "-at_install")
class TestRequestSearch(BeneficiaryCommon):
    """Finding requests and what belongs to them, by number and by person (R44)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        cls.request = test._make_request("registered")
        cls.request._write_flow({"name": NUMBER})
        cls.delivery = test._plan_delivery(cls.request).with_env(cls.env)
        cls.referral = cls.env["beneficiary.referral"].create(
            {
                "request_id": cls.request.id,
                "researcher_id": cls.researcher.id,
                "question": "Which paper?",
            }
        )
        cls.contact = cls._log(
            cls(), beneficiary_id=cls.file.id, request_id=cls.request.id
        )
        cls.notice = cls.env["beneficiary.notice"].create(
            {
                "request_id": cls.request.id,
                "event": "cancelled",
                "round": 1,
                "channel": "hand",
                "queued_on": "2026-01-01",
            }
        )

    def _log(self, **vals):
        return self.env["beneficiary.interaction"].create(
            {
                "subject": "When does the reply come?",
                "company_id": self.company.id,
                "channel_id": self._channel("phone").id,
                **vals,
            }
        )

    def _search(self, user, model, text):
        """Return what ``user`` finds in a list, and where a record is chosen."""
        listed = self._call_as(user, model, "search", [("display_name", "ilike", text)])
        chosen = self._call_as(user, model, "name_search", text)
        return self.env[model].browse(listed), self.env[model].browse(
            record for record, _name in chosen
        )

    def assertFound(self, record, text, user=None, is_found=True):
        with self.subTest(model=record._name, text=text):
            for found in self._search(user or self.manager, record._name, text):
                self.assertEqual(record in found, is_found)

    def test_number_in_any_digits(self):
        """R44: the end of a number finds the request, whichever digits are typed."""
        for text in TYPED:
            self.assertFound(self.request, text)
        for text in ("26", "٢٦", "3", "0033", "34"):
            self.assertFound(self.request, text, is_found=text in ("3", "0033"))
        other = self._make_request()
        other._write_flow({"name": "REQ/2033/00001"})
        self.assertFound(other, "33", is_found=False)

    def test_what_belongs_to_a_request(self):
        """R44: its number and its person find referrals, deliveries and the rest."""
        for record in (
            self.request,
            self.referral,
            self.delivery,
            self.contact,
            self.notice,
            self.request.decision_ids,
        ):
            for text in (*TYPED, *PERSON):
                self.assertFound(record, text)
            for text in ("سعيد المثال", "0599999999", "REQ/2026/00044"):
                self.assertFound(record, text, is_found=False)

    def test_their_own_numbers(self):
        """R44: deliveries, decisions and letters are found by their own numbers too."""
        self.env.cr.execute(
            "UPDATE beneficiary_delivery SET name = 'DEL/2026/00077' WHERE id = %s",
            [self.delivery.id],
        )
        self.delivery.invalidate_recordset(["name"])
        decision = self.request.decision_ids
        self.contact.letter_number = "٨٨١/ص"
        letter = decision.letter_number
        for record, text in (
            (self.delivery, "٧٧"),
            (self.contact, "٨٨١"),
            (decision, letter),
        ):
            self.assertFound(record, text)

    def test_visitors(self):
        """R41, R44: a visitor is found by words in any order, and by any telephone."""
        visitor = self._log(party_name="أحمد بن علي القحطاني", party_phone="0550000044")
        for text in (
            "القحطاني احمد",
            "قحطان",
            "0550000044",
            "٠٥٥ ٠٠٠ ٠٠٤٤",
            "966550000044",
        ):
            self.assertFound(visitor, text)
            found = visitor.search([("person", "ilike", text)])
            self.assertIn(visitor, found)
        self.assertFound(visitor, "أحمد الغامدي", is_found=False)
        self.assertFound(visitor, "reply come")
        visitor.write({"party_name": "خالد", "party_phone": False})
        self.assertFound(visitor, "القحطاني", is_found=False)
        visitor.write({"party_kind": "beneficiary", "beneficiary_id": self.file.id})
        self.assertFound(visitor, "خالد", is_found=False)
        self.assertFound(visitor, self.file.name)

    def test_dependants(self):
        """People: words of a dependant's name in any order, and the head's number."""
        member = self.env["beneficiary.household.member"].create(
            {"beneficiary_id": self.file.id, "name": "ريم سالم المثال"}
        )
        for text in ("المثال ريم", "ريم"):
            for name in ("name", "display_name"):
                self.assertIn(member, member.search([(name, "ilike", text)]))
        self.assertNotIn(member, member.search([("name", "ilike", "ريم سعيد")]))

    def test_a_choice_shows_the_person(self):
        """R44: who chooses a request from a list of numbers sees whose it is."""
        requests = self.env[REQUEST].with_user(self.officer)
        given = {
            "domain": [("id", "=", self.request.id)],
            "context": {"formatted_display_name": True},
        }
        [(_id, name)] = call_kw(requests, "name_search", ["٣٣"], given)
        self.assertEqual(name, f"{NUMBER}\t--{self.file.name}--")
        self.assertEqual(self.request.display_name, NUMBER)
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        given["domain"] = [("id", "=", self.file.id)]
        [(_id, name)] = call_kw(files, "name_search", ["المثال سالم"], given)
        self.assertEqual(name, f"{self.file.display_name}\t--{self.file.phone}--")

    def test_strangers_find_nothing(self):
        """R6, R43: a search shows nobody the people of others."""
        for text in (*TYPED, *PERSON):
            self.assertFound(self.request, text, self.outsider, False)
            self.assertFound(self.request, text, self.delegate, False)
        for text in PERSON:
            self.assertFound(self.request, text, self.applicant, False)
        self.assertFound(self.request, NUMBER, self.applicant)

    def test_imports_refer_by_number(self):
        """R44: a sheet names a request by its number, in any digits."""
        found = self._call_as(
            self.officer,
            REQUEST,
            "search",
            [("display_name", "in", ["REQ/٢٠٢٦/٠٠٠٣٣"])],
        )
        self.assertEqual(found, self.request.ids)

    def test_indexes(self):
        """Scale: each of these searches has its index."""
        if not self.registry.has_trigram:
            self.skipTest("PostgreSQL has no pg_trgm here")
        wanted = {
            "beneficiary_request_name_trigram",
            "beneficiary_request_search_key_trigram",
            "beneficiary_delivery_name_trigram",
            "beneficiary_interaction_party_key_trigram",
            "beneficiary_interaction_subject_trigram",
            "beneficiary_document_number_trigram",
        }
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE indexname = ANY(%s)", [[*wanted]]
        )
        self.assertEqual({name for [name] in self.env.cr.fetchall()}, wanted)

    def test_queries(self):
        """Scale: a search that shows 2N requests takes as many queries as N."""
        requests = self.request.union(*(self._make_request() for _number in range(8)))

        def count(some):
            seen = self.env[REQUEST].with_user(self.officer)
            seen = seen.with_context(formatted_display_name=True)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            seen.name_search("سالم", [("id", "in", some.ids)], limit=None)
            return self.env.cr.sql_log_count - before

        count(requests[:4])
        self.assertEqual(count(requests[:4]), count(requests[:8]))
