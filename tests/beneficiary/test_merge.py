from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import BORN, MISTYPED, NAME, DuplicateCase


@tagged("post_install", "-at_install")
class TestMerge(DuplicateCase):
    """Two files of one person become one, without loss of data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        files = cls.env["beneficiary.beneficiary"]
        cls.kept = files.create(
            {
                "name": NAME,
                "company_id": cls.company.id,
                "identity_number": "1000000016",
                "birth_date": BORN,
            }
        )
        cls.double = files.create(
            {
                "name": MISTYPED,
                "company_id": cls.company.id,
                "identity_number": "1000000024",
                "phone": "0500000050",
                "email": "double@example.com",
                "city": "الطائف",
            }
        )
        cls.pair = cls.env["beneficiary.duplicate"].create(
            {"first_id": cls.kept.id, "second_id": cls.double.id}
        )

    def _open(self, user=None):
        action = self.pair.with_user(user or self.manager).action_merge()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.manager)
            .browse(action["res_id"])
        )

    def _merge(self, **choices):
        """Merge through the form; ``choices`` give the side of each field's value."""
        wizard = self._open()
        for line in wizard.line_ids:
            line.choice = choices.get(line.field_name, line.choice)
        return wizard.action_confirm()

    def test_values(self):
        """Issue 3: the manager chooses which of two different values stays."""
        wizard = self._open()
        self.assertEqual(wizard.survivor, "first")
        proposed = {line.field_name: line.choice for line in wizard.line_ids}
        self.assertEqual(
            proposed,
            {
                "name": "first",
                "identity_number": "first",
                "birth_date": "first",
                "phone": "second",
                "email": "second",
                "city": "second",
            },
        )
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            self.assertEqual(
                (line.label, line.first_value[1:-1], line.second_value[1:-1]),
                ("Name", NAME, MISTYPED),
            )
            line.choice = "second"
        opened = wizard.action_confirm()
        self.assertEqual(opened["res_id"], self.kept.id)
        self.assertEqual(self.kept.name, MISTYPED)
        self.assertEqual(self.kept.phone, "+966500000050")
        self.assertEqual(self.kept.identity_number, "1000000016")
        self.assertEqual(str(self.kept.birth_date), BORN)
        self.assertFalse(self.double.active)
        self.assertEqual(self.double.merged_into_id, self.kept)
        self.assertEqual(
            (self.pair.state, self.pair.decided_by_id), ("merged", self.manager)
        )

    def test_identity_number_changes_sides(self):
        """Issue 3: only one file has a number at a time, and it is still found."""
        self._merge(identity_number="second")
        self.assertEqual(self.kept.identity_number, "1000000024")
        self.assertFalse(self.double.identity_number)
        for number in ("1000000016", "1000000024", "١٠٠٠٠٠٠٠١٦"):
            self.assertEqual(self._search(number), self.kept)

    def _search(self, text):
        model = self.env["beneficiary.beneficiary"].with_user(self.officer)
        found = [id_ for id_, _name in call_kw(model, "name_search", [text], {})]
        return self.env["beneficiary.beneficiary"].browse(found)

    def test_old_numbers_find_the_file(self):
        """People: the merged file's numbers find the surviving file."""
        number = self.double.file_number
        self._merge()
        for text in (number, "1000000024", "٠٥٠٠٠٠٠٠٥٠"):
            with self.subTest(text=text):
                self.assertEqual(self._search(text), self.kept)
        form = Form(self.env["beneficiary.beneficiary"].with_user(self.officer))
        form.identity_number = "1000000024"
        self.assertEqual(form.same_identity_file_id, self.kept)

    def test_a_chain(self):
        """People: a surviving file can later be merged itself."""
        number = self.double.file_number
        self._merge()
        third = self._make_file()
        pair = self._make_pair(third, self.kept)
        pair.with_user(self.manager)._merge(third, [])
        self.assertEqual(self.double.merged_into_id, third)
        self.assertEqual(self.kept.merged_into_id, third)
        self.assertEqual(self._search(number), third)

    def test_everything_comes_along(self):
        """Issue 3: requests, contacts, papers and verifications are moved."""
        kind = self.identity_type
        versions = self._make_document(self.double, kind) | self._make_document(
            self.double, kind
        )
        versions[1].with_user(self.officer).action_match("The original")
        request = self._make_request("accepted", beneficiary_id=self.double.id)
        draft = self._make_request(beneficiary_id=self.double.id)
        contact = self.env["beneficiary.interaction"].create(
            {
                "subject": "Example",
                "company_id": self.company.id,
                "beneficiary_id": self.double.id,
                "channel_id": self._channel("phone").id,
            }
        )
        steps = request.step_ids
        state = request.state
        self._merge()
        self.assertEqual((request | draft).beneficiary_id, self.kept)
        self.assertEqual(request.state, state)
        self.assertEqual(request.step_ids, steps)
        self.assertEqual(contact.beneficiary_id, self.kept)
        self.assertEqual(self.kept.document_ids, versions)
        self.assertEqual(versions[1].matched_by_id, self.officer)
        self.assertEqual(versions[1].source, "The original")
        for model, name in self.kept._get_file_references():
            if model not in ("beneficiary.duplicate", "beneficiary.beneficiary"):
                left = self.env[model].search_count([(name, "=", self.double.id)])
                self.assertFalse(left, (model, name))

    def test_household(self):
        """Issue 3: dependants are moved; a dependant of both files is kept once."""
        members = self.env["beneficiary.household.member"]
        listed, twice, child, spouse = members.create(
            [
                {"beneficiary_id": file.id, "name": name, **vals}
                for file, name, vals in (
                    (self.kept, "Listed", {"identity_number": "1000000057"}),
                    (self.double, "Twice", {"identity_number": "1000000057"}),
                    (self.double, "Child", {"active": False}),
                    (self.double, "Spouse", {"member_file_id": self.kept.id}),
                )
            ]
        )
        elsewhere = members.create(
            {
                "beneficiary_id": self.file.id,
                "name": "Elsewhere",
                "member_file_id": self.double.id,
            }
        )
        self._merge()
        everybody = members.with_context(active_test=False)
        self.assertEqual(
            everybody.search([("beneficiary_id", "=", self.kept.id)]),
            listed | child | spouse,
        )
        self.assertFalse(spouse.member_file_id, "Nobody depends on themselves")
        self.assertEqual(twice.beneficiary_id, self.double, "Nothing is deleted")
        self.assertEqual(elsewhere.member_file_id, self.kept)

    def test_household_without_numbers(self):
        """People: a dependant of both files is kept once, also without a number."""
        members = self.env["beneficiary.household.member"]
        listed, dated, _twice, numbered, other = members.create(
            [
                {"beneficiary_id": file.id, "name": name, **vals}
                for file, name, vals in (
                    (self.kept, "نورة", {}),
                    (self.kept, "سارة", {"birth_date_hijri": "1435"}),
                    (self.double, "نوره", {"birth_date": "2015-01-31"}),
                    (
                        self.double,
                        "ساره",
                        {
                            "birth_date_hijri": "1435/5/5",
                            "identity_number": "1000000057",
                        },
                    ),
                    (self.double, "سارة", {"birth_date": "2001-01-31"}),
                )
            ]
        )
        self._merge()
        self.assertEqual(self.kept.household_member_ids, listed | dated | other)
        self.assertEqual(dated.identity_number, "1000000057")
        self.assertEqual(numbered.beneficiary_id, self.double, "Nothing is deleted")

    def test_representatives(self):
        """R33: representatives are moved, with their evidence."""
        deed = self._make_document(self.double, self.identity_type)
        guardian = self._make_user("br_guardian", None, self.company)
        representative = self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": self.double.id,
                "name": "Guardian",
                "document_id": deed.id,
                "user_id": guardian.id,
            }
        )
        self._merge()
        self.assertEqual(representative.beneficiary_id, self.kept)
        self.assertFalse(self.kept.portal_user_ids, "A representative is no owner")
        self.assertIn(guardian, self.kept._get_portal_users())

    def test_thread(self):
        """Issue 3: messages, attachments, activities and followers are moved."""
        message = self.double.message_post(
            body="A call", attachments=[("paper.txt", b"x")]
        )
        activity = self.double.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.officer.id
        )
        self.double.message_subscribe(self.researcher.partner_id.ids)
        self._merge()
        self.assertIn(message, self.kept.message_ids)
        self.assertEqual(message.attachment_ids.res_id, self.kept.id)
        self.assertEqual(self.kept.activity_ids, activity)
        self.assertIn(self.researcher.partner_id, self.kept.message_partner_ids)
        self.assertFalse(self.double.message_partner_ids)

    def test_audit(self):
        """Issue 3: a note on both files tells who merged them and what was replaced."""
        number = self.double.file_number
        self._merge(name="second")
        for file in (self.kept, self.double):
            note = file.message_ids[0]
            self.assertEqual(note.author_id, self.manager.partner_id)
            self.assertTrue(note.is_internal or note.message_type == "notification")
            for text in (number, NAME, MISTYPED, "instead of"):
                self.assertIn(text, note.body)

    def test_portal_users(self):
        """Issue 3: portal followers of the merged file follow the surviving one."""
        guardian = self._make_user("br_guardian", None, self.company)
        contact = self.double._get_or_create_contacts()
        self.kept._get_or_create_contacts()
        person = self._make_user("br_person", None, self.company)
        person.partner_id = contact
        self.double.portal_user_ids = guardian | person
        self._merge()
        self.assertEqual(self.kept.portal_user_ids, guardian | person)
        for user in guardian | person:
            files = self.env["beneficiary.beneficiary"].with_user(user)
            self.assertEqual(files._get_portal_files(), self.kept)
        self.assertTrue(contact.active, "Somebody signs in with it")

    def test_contact_is_archived(self):
        """Issue 3: the merged file keeps its contact, archived with it."""
        own = self.kept._get_or_create_contacts()
        contact = self.double._get_or_create_contacts()
        self._merge()
        self.assertFalse(contact.active)
        self.assertEqual(self.double.partner_id, contact)
        self.assertEqual(self.kept.partner_id, own)
        self.assertTrue(own.active)
        self.assertEqual(own.phone, "+966500000050")

    def test_contact_is_taken_over(self):
        """Issue 3: a file without a contact takes over the merged file's contact."""
        contact = self.double._get_or_create_contacts()
        self._merge()
        self.assertEqual(self.kept.partner_id, contact)
        self.assertTrue(contact.active)
        self.assertEqual(contact.name, NAME)

    def test_other_pairs(self):
        """People: decisions on pairs of the merged file count for the surviving one."""
        third, fourth, fifth = (self._make_file() for _number in range(3))
        distinct = self._make_pair(third, self.double, state="distinct")
        known = self._make_pair(self.kept, fourth)
        decided = self._make_pair(self.double, fourth, state="distinct")
        waiting = self._make_pair(self.double, fifth)
        twice = self._make_pair(self.kept, fifth, state="distinct")
        self._merge()
        self.assertEqual(distinct.second_id, self.kept)
        self.assertFalse(known.exists())
        self.assertEqual(decided.first_id, self.kept)
        self.assertFalse(waiting.exists())
        self.assertEqual(twice.state, "distinct")

    def test_before_a_committee(self):
        """R18: two files with requests before committees are not merged."""
        self.kept.write({"phone": "0500000051"})
        self._make_request("in_review", beneficiary_id=self.double.id)
        second = self._make_request("in_review", beneficiary_id=self.kept.id)
        wizard = self._open()
        with self.assertRaisesRegex(UserError, "before a committee"):
            wizard.action_confirm()
        self.assertTrue(self.double.active)
        self.assertEqual(self.pair.state, "to_review")
        second.with_user(self.manager).action_return(reason="Two files")
        wizard.action_confirm()
        self.assertFalse(self.double.active)

    def test_declarations(self):
        """R16: a declaration stays valid only if its data stay the same."""
        for side, stands in (("second", True), ("first", False)):
            with self.subTest(values_of=side):
                kept = self._make_file(NAME, phone="0500000051")
                double = self._make_file(
                    MISTYPED, phone="0500000052", identity_number="1000000040"
                )
                request = self._make_request("declared", beneficiary_id=double.id)
                self.pair = self._make_pair(kept, double)
                wizard = self._open()
                self.assertEqual(wizard.survivor, "second", "Declared data stay")
                wizard.survivor = "first"
                wizard.line_ids.choice = side
                wizard.action_confirm()
                self.assertEqual(request.beneficiary_id, kept)
                self.assertEqual(request._is_declared(), stands)
                self.assertEqual(request.state, "declared" if stands else "verified")
                double.identity_number = False
                kept.identity_number = False

    def test_refused(self):
        """R43: no merge across associations, twice, or with unknown fields."""
        merge = self.kept.with_user(self.manager)._merge_from
        far = self.env["beneficiary.beneficiary"].create(
            {"name": NAME, "company_id": self.other.id}
        )
        for other, taken, sentence in (
            (far, [], "two associations"),
            (self.kept, [], "two different"),
            (self.double, ["company_id"], "cannot be chosen"),
            (self.double, ["partner_id"], "cannot be chosen"),
            (self.double, ["search_key"], "cannot be chosen"),
        ):
            with (
                self.subTest(sentence=sentence),
                self.assertRaisesRegex(UserError, sentence),
            ):
                merge(other, taken)
        with self.assertRaises(UserError):
            self.env["beneficiary.duplicate"].create(
                {"first_id": self.kept.id, "second_id": far.id}
            )
        self._merge()
        with self.assertRaisesRegex(UserError, "already merged"):
            merge(self.double, [])
        with self.assertRaisesRegex(ValidationError, "stays archived"):
            self.double.with_user(self.manager).action_unarchive()

    def test_one_transaction(self):
        """Issue 3: a merge that fails leaves both files as they were."""
        wizard = self._open()
        # The survivor keeps a citizen's number, which does not fit the type taken.
        self.double.write({"identity_type": "iqama", "identity_number": "2000000006"})
        wizard.line_ids = [
            Command.create({"field_name": "identity_type", "choice": "second"})
        ]
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            wizard.action_confirm()
        self.env.invalidate_all()
        self.assertTrue(self.double.active)
        self.assertFalse(self.double.merged_into_id)
        self.assertEqual(self.kept.identity_type, "national")
        self.assertEqual(self.pair.state, "to_review")

    def test_who_merges(self):
        """Roles: only managers merge, by any method."""
        for user in (
            self.officer,
            self.delegate,
            self.auditor,
            self.researcher,
            self.applicant,
            self.stranger,
            self.outsider,
        ):
            pair = self.pair.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    call_kw(pair, "action_merge", [pair.ids], {})
                with self.assertRaises(AccessError):
                    pair._merge(self.kept.with_user(user), [])
        wizard = self._open()
        with self.assertRaises(AccessError):
            wizard.with_user(self.officer).action_confirm()
        self.assertTrue(self.double.active)
