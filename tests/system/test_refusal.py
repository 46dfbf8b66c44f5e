from lxml import etree

from odoo.exceptions import UserError
from odoo.http import serialize_exception
from odoo.tests import tagged

from ..committee.common import SessionCase


@tagged("post_install", "-at_install")
class TestRefusal(SessionCase):
    """Every refusal that names a field leads to it (the error carries the place)."""

    def _get_places(self, user, model, method, *args):
        """Return the places of a refusal, as the browser gets them over RPC."""
        with self.assertRaises(UserError) as caught:
            self._call_as(user, model, method, *args)
        error = serialize_exception(caught.exception)
        return error["context"].get("beneficiary_places", [])

    def _get_fields(self, *args):
        places = self._get_places(*args)
        return [name for place in places for name in place["fields"]]

    def test_complaint(self):
        """R27: the answer of a complaint and its channel, and those of the letter."""
        contacts = self.env["beneficiary.interaction"].with_user(self.officer)
        complaint = contacts.create(
            {
                "subject": "Long waiting",
                "kind": "complaint",
                "channel_id": self._channel("phone").id,
                "beneficiary_id": self.file.id,
            }
        )
        call = (self.officer, complaint._name, "action_answer", complaint.ids)
        [answer, channel] = self._get_places(*call)
        self.assertEqual(answer["fields"], ("answer",))
        self.assertEqual(
            (answer["model"], answer["id"]), (complaint._name, complaint.id)
        )
        self.assertEqual(channel["fields"], ("answer_channel_id",))
        complaint.write(
            {"answer": "Sorry", "answer_channel_id": self._channel("letter").id}
        )
        self.assertEqual(
            self._get_fields(*call), ["answer_letter_number", "answer_letter_date"]
        )

    def test_request(self):
        """R12, R18: the fields of the request, of its file, and of the dialog."""
        request = self._make_request(description=False)
        name = request._name
        self.assertEqual(
            self._get_fields(self.officer, name, "action_submit", request.ids),
            ["description", "minutes", "evidence"],
        )
        request.with_user(self.officer).description = "A basket"
        self._advance(request, "submitted")
        self.file.write({"identity_number": False, "phone": False, "email": False})
        places = self._get_places(self.officer, name, "action_verify", request.ids)
        of_file = [place for place in places if place.get("model") == self.file._name]
        self.assertEqual(
            [place["fields"] for place in of_file],
            [("identity_number",), ("phone", "email")],
        )
        self.assertEqual(of_file[0]["name"], self.file.display_name)
        self.assertIn("document_ids", [place["fields"][0] for place in places])

    def test_siblings(self):
        """R15, R19, R25: referral, session, delivery and file lead to theirs."""
        request = self._make_request("submitted").with_user(self.officer)
        referrals = self.env["beneficiary.referral"].with_user(self.officer)
        referral = referrals._send(request, self.researcher, "Which paper?")
        session = self._plan()
        self._as("secretary", session).action_open()
        delivery = self._plan_delivery(self._make_request("registered"), place=False)
        improvement = self.env["beneficiary.improvement"].create(
            {
                "name": "A second desk",
                "company_id": self.company.id,
                "owner_id": self.manager.id,
                "due_on": "2099-01-01",
            }
        )
        self.file.with_user(self.officer).action_activate()
        for user, record, method, fields in (
            (self.researcher, referral, "action_answer", ["answer"]),
            (self.secretary, session, "action_end", ["attendance_ids"]),
            (self.officer, delivery, "action_hand_over", ["handed_on", "place"]),
            (self.manager, improvement, "action_done", ["outcome"]),
            (self.officer, self.file, "action_suspend", ["reason"]),
        ):
            with self.subTest(model=record._name):
                self.assertEqual(
                    self._get_fields(user, record._name, method, record.ids), fields
                )

    def test_constraints(self):
        """Every constraint that refuses a value leads to its fields, too."""
        vals = {
            "subject": "A letter",
            "channel_id": self._channel("letter").id,
            "beneficiary_id": self.file.id,
        }
        fields = self._get_fields(
            self.officer, "beneficiary.interaction", "create", vals
        )
        self.assertIn("letter_number", fields)
        fields = self._get_fields(
            self.officer,
            "beneficiary.beneficiary",
            "write",
            self.file.ids,
            {"officer_id": self.stranger.id},
        )
        self.assertEqual(fields, ["officer_id"])

    def test_no_name_of_what_is_not_readable(self):
        """R43: a place names no record that the acting user may not read."""
        request = self._make_request("submitted")
        self.file.write({"identity_number": False, "phone": False})
        outside = request.with_user(self.outsider).with_context(
            allowed_company_ids=self.other.ids
        )
        problems = outside.sudo()._guard_information({})
        self.assertTrue(problems)
        for problem in problems:
            self.assertIsNone(problem._get_place())

    def test_labels(self):
        """Fields outside of a group, to which a refusal leads, have a label."""
        for model, names in (
            ("beneficiary.interaction", ["answer"]),
            ("beneficiary.request", ["description"]),
        ):
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            for name in names:
                with self.subTest(field=name):
                    self.assertTrue(arch.xpath(f"//label[@for='{name}']"))
