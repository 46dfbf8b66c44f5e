from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import InteractionCase

NEW_FORM = "beneficiary_relations.interaction_view_form_new"


@tagged("post_install", "-at_install")
class TestInteraction(InteractionCase):
    def test_the_subject_goes_on(self):
        """R7: a request that begins with a call has its subject, if all may read it."""
        contact = self._log(kind="request", subject="A food basket for four")
        action = contact.with_user(self.officer).action_open_request()
        form = Form(
            self.env["beneficiary.request"]
            .with_user(self.officer)
            .with_context(**action["context"])
        )
        self.assertEqual(form.description, "A food basket for four")
        secret = self._log(kind="complaint", subject="A secret")
        secret.with_user(self.officer).is_confidential = True
        context = secret.with_user(self.officer).action_open_request()["context"]
        self.assertFalse(context["default_description"])

    def test_quick_form(self):
        """R5: a person is found by number, and the form shows their known contacts."""
        request = self._make_request("submitted")
        earlier = self._log(subject="Earlier")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.interaction_action_new"
        )
        self.assertEqual(action["target"], "new")
        model = self.env["beneficiary.interaction"].with_user(self.officer)
        form = Form(
            model.with_context(
                default_channel_id=self._channel("phone").id,
            ),
            NEW_FORM,
        )
        ((found, _name),) = self.env["beneficiary.beneficiary"].name_search(
            "٠٥٠٠٠٠٠٠٠١", [("company_id", "=", self.company.id)]
        )
        form.beneficiary_id = self.file.browse(found)
        self.assertEqual(form.party_kind, "beneficiary")
        self.assertEqual(form.open_request_ids.ids, request.ids)
        self.assertEqual(form.recent_interaction_ids.ids, earlier.ids)
        form.subject = "When does the reply come?"
        form.kind = "question"
        form.minutes = 4
        form.outcome = "Told that the request is being studied"
        interaction = form.save()
        self.assertEqual(interaction.officer_id, self.officer)
        self.assertEqual(interaction.branch_id, self.branch)
        self.assertEqual(interaction.channel_id, self._channel("phone"))
        self.assertEqual(interaction.action_new()["target"], "new")
        action = interaction.action_open_request()
        self.assertEqual(action["context"]["default_beneficiary_id"], self.file.id)

    def test_quick_form_visitor(self):
        """R5: a caller without a file is a visitor; the number is normalised."""
        model = self.env["beneficiary.interaction"].with_user(self.officer)
        form = Form(
            model.with_context(default_channel_id=self._channel("phone").id), NEW_FORM
        )
        form.party_name = "زائر"
        form.party_phone = "٠٥٠ ٠٠٠ ٠٠٠٩"
        form.subject = "How to apply"
        interaction = form.save()
        self.assertEqual(interaction.party_kind, "visitor")
        self.assertEqual(interaction.party_phone, "+966500000009")
        with self.assertRaisesRegex(UserError, "Make a file"):
            interaction.action_open_request()

    def test_visitor_becomes_a_file(self):
        """R41: a visitor gets a file, and the contact is linked to it."""
        interaction = self._log_visitor(party_phone="0500000009")
        action = interaction.action_make_file()
        form = Form(
            self.env["beneficiary.beneficiary"]
            .with_user(self.officer)
            .with_context(**action["context"])
        )
        self.assertEqual(form.name, "زائر")
        file = form.save()
        self.assertEqual(file.phone, "+966500000009")
        self.assertEqual(interaction.beneficiary_id, file)
        self.assertEqual(interaction.party_kind, "beneficiary")
        self.assertEqual(interaction.action_make_file()["res_id"], file.id)

    def test_every_form_of_a_number(self):
        """R44: a person is found by any spelling of number, identity or name."""
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        for typed in (
            "٠٥٠٠٠٠٠٠٠١",
            "۰۵۰۰۰۰۰۰۰۱",
            "0500000001",
            "050 000 0001",
            "050-000-0001",
            "+966500000001",
            "+966 50 000 0001",
            "00966500000001",
            "٠٠٩٦٦٥٠٠٠٠٠٠٠١",
            "966500000001",
            "500000001",
            "\u202a+966500000001\u202c",
            "1000000008",
            "١٠٠٠٠٠٠٠٠٨",
            "1000 0000 08",
            "سالم المثال",
            "سآلم",
            self.file.file_number,
        ):
            with self.subTest(typed=typed):
                found = [id_ for id_, _name in files.name_search(typed)]
                self.assertIn(self.file.id, found)
                self.assertNotIn(self.far_file.id, found)

    def test_find_contacts_of_a_person(self):
        """R44: the log is searched by any form of a number, also of visitors."""
        known = self._log()
        visitor = self._log_visitor(party_phone="0500000009")
        for typed, expected in (
            ("٠٥٠٠٠٠٠٠٠١", known),
            ("سالم", known),
            ("٠٥٠٠٠٠٠٠٠٩", visitor),
            ("00966500000009", visitor),
            ("050 000 0009", visitor),
            ("زائر", visitor),
        ):
            with self.subTest(typed=typed):
                found = known.search([("person", "ilike", typed)])
                self.assertEqual(found, expected)

    def test_letters(self):
        """R40: a letter needs number and date; the date has a Hijri form."""
        letter = self._channel("letter").id
        with self.assertRaisesRegex(ValidationError, "number and the date"):
            self._log(channel_id=letter)
        interaction = self._log(
            channel_id=letter,
            letter_number="٤٥/١٢٠",
            letter_date="2026-03-15",
            letter_attachment_count=2,
        )
        self.assertEqual(interaction.letter_number, "45/120")
        self.assertEqual(interaction.letter_date_hijri, "1447-09-26")
        with self.assertRaisesRegex(ValidationError, "number and the date"):
            interaction.letter_date = False
        with self.assertRaisesRegex(ValidationError, "Check the year"):
            interaction.letter_date = "1066-10-14"

    def test_tools_of_the_policy(self):
        """R8: only the documents of the policy are offered and accepted."""
        known, unknown = self.env["beneficiary.tool"].create(
            [{"name": name, "code": name} for name in ("known", "unknown")]
        )
        draft = self.company._get_beneficiary_policy().copy(
            {"tool_line_ids": [Command.create({"tool_id": known.id})]}
        )
        draft.action_put_in_force()
        interaction = self._log(tool_ids=known.ids)
        self.assertEqual(interaction.allowed_tool_ids, known)
        with self.assertRaisesRegex(ValidationError, "unknown"):
            interaction.tool_ids = unknown

    def test_policy_of_its_time(self):
        """R4: a contact follows the policy that was in force at its time."""
        first = self.company._get_beneficiary_policy()
        draft = first.copy()
        draft.channel_line_ids.filtered(
            lambda line: line.channel_id.code == "social"
        ).unlink()
        draft.action_put_in_force()
        first._write_state({"in_force_on": "2026-01-01"})
        draft._write_state({"in_force_on": "2026-06-01"})
        social = self._channel("social").id
        for day, policy in (
            (datetime(2025, 5, 1), first),  # before the first one: the first one
            (datetime(2026, 5, 31, 20, 59), first),
            (datetime(2026, 5, 31, 21, 0), draft),  # midnight in Riyadh
        ):
            with self.subTest(day=day):
                self.assertEqual(self._log(date=day).policy_id, policy)
        self._log(date=datetime(2026, 5, 1), channel_id=social)
        with self.assertRaisesRegex(ValidationError, "does not allow"):
            self._log(channel_id=social)

    def test_over_rpc(self):
        """Bad values are refused with an explanation, also over RPC."""
        model = self.env["beneficiary.interaction"].with_user(self.officer)
        good = {
            "subject": "x",
            "channel_id": self._channel("phone").id,
            "beneficiary_id": self.file.id,
        }
        other_request = self._make_request(beneficiary_id=self.far_file.id)
        for bad, sentence in (
            ({"minutes": -1}, "negative"),
            ({"party_phone": "12"}, "not a telephone"),
            ({"officer_id": self.outsider.id}, "has that role"),
            ({"officer_id": self.applicant.id}, "has that role"),
            ({"request_id": other_request.id}, "another file"),
            ({"beneficiary_id": False}, "Choose a file"),
            (
                {
                    "beneficiary_id": False,
                    "party_name": "x",
                    "party_kind": "beneficiary",
                },
                "has a file",
            ),
        ):
            with (
                self.subTest(bad=bad),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(ValidationError, sentence),
            ):
                call_kw(model, "create", [{**good, **bad}], {})
        (id_,) = call_kw(model, "create", [[good]], {})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "negative"),
        ):
            call_kw(model, "write", [[id_], {"minutes": -1}], {})

    def test_delegate_links_own_people_only(self):
        """R6: a delegate cannot link a request, contact or file of another branch."""
        far_request = self._make_request(beneficiary_id=self.far_file.id)
        far_contact = self._log(beneficiary_id=self.far_file.id)
        own = self._log(self.delegate)
        for name, record in (
            ("request_id", far_request),
            ("origin_id", far_contact),
            ("beneficiary_id", self.far_file),
        ):
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    own.write({name: record.id})
                with self.assertRaises(AccessError):
                    self._log(self.delegate, **{name: record.id})
        with self.assertRaises(AccessError):
            self._log_visitor(self.delegate, branch_id=self.far_branch.id)

    def test_delegate_sees_own_people_only(self):
        """R6: a delegate's log shows no contact of another branch's person."""
        mixed = self._log(beneficiary_id=self.far_file.id, branch_id=self.branch.id)
        model = self.env["beneficiary.interaction"].with_user(self.delegate)
        self.assertFalse(model.search([("id", "=", mixed.id)]))
        visitor = self._log_visitor(self.delegate)
        self.assertEqual(visitor.branch_id, self.branch)
        self.assertEqual(model.search([("id", "=", visitor.id)]), visitor)

    def test_follow_up(self):
        """A follow-up of a contact has the same file and request."""
        request = self._make_request("submitted")
        first = self._log(request_id=request.id)
        action = first.action_follow_up()
        form = Form(
            first.browse().with_context(**action["context"]),
            NEW_FORM,
        )
        follow_up = form.save()
        self.assertEqual(follow_up.origin_id, first)
        self.assertEqual(follow_up.request_id, request)
        self.assertEqual(follow_up.direction, "out")

    def test_plan_calls_and_visits(self):
        """Calls and visits can be planned as activities of a contact."""
        interaction = self._log()
        for method, summary in (
            ("action_plan_call", "Call"),
            ("action_plan_visit", "Visit the person"),
        ):
            action = getattr(interaction, method)()
            wizard = Form(
                self.env["mail.activity.schedule"]
                .with_user(self.officer)
                .with_context(**action["context"])
            ).save()
            wizard.action_schedule_activities()
            self.assertIn(summary, interaction.activity_ids.mapped("summary"))
        with self.assertRaises(AccessError):
            interaction.with_user(self.auditor).action_plan_call()

    # -- WhatsApp -----------------------------------------------------------------

    def _open_whatsapp(self, record):
        """Return the number and the text of the link that the button opens."""
        action = record.action_whatsapp()
        self.assertEqual(
            (action["type"], action["target"]), ("ir.actions.act_url", "new")
        )
        url = urlsplit(action["url"])
        self.assertEqual(url.netloc, "wa.me")
        return url.path.strip("/"), parse_qs(url.query)["text"][0]

    def test_whatsapp(self):
        """R7: the button opens WhatsApp with the person's number and logs a contact."""
        number, text = self._open_whatsapp(self.file.with_user(self.officer))
        self.assertEqual(number, "966500000001")
        self.assertIn(self.file.file_number, text)
        logged = self.file.interaction_ids
        self.assertEqual(logged.channel_id, self._channel("social"))
        self.assertEqual((logged.direction, logged.officer_id), ("out", self.officer))
        self.assertEqual(logged.outcome, text)
        visitor = self._log_visitor(party_phone="0500000009")
        number, text = self._open_whatsapp(visitor)
        self.assertEqual(number, "966500000009")
        self.assertEqual(visitor.follow_up_ids.channel_id, self._channel("social"))

    def test_whatsapp_tells_no_decision(self):
        """R21: before the release, the text tells no more than the portal."""
        request = self._make_request("in_review").with_user(self.officer)
        _number, before = self._open_whatsapp(request)
        self._advance(request, "decided")
        request.invalidate_recordset()
        _number, after = self._open_whatsapp(request)
        self.assertEqual(after, before)
        self.assertIn(request.name, after)
        request.beneficiary_id.lang = "en_US"
        self.assertIn("Before the committee", self._open_whatsapp(request)[1])

    def test_whatsapp_refused(self):
        """The button needs a mobile number, and the right to log a contact."""
        for phone in (False, "0112345678"):
            self.file.phone = phone
            with self.subTest(phone=phone), self.assertRaisesRegex(UserError, "mobile"):
                self.file.with_user(self.officer).action_whatsapp()
        self.file.phone = "0500000001"
        for user in (self.auditor, self.researcher, self.outsider, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call_kw(
                    self.env["beneficiary.beneficiary"].with_user(user),
                    "action_whatsapp",
                    [self.file.ids],
                    {},
                )
        self.assertFalse(self.file.interaction_ids)

    # -- lists ----------------------------------------------------------------------

    def test_list_queries(self):
        """Scale: the list takes as many queries for 800 rows as for 80."""
        now = datetime.now()
        self.env["beneficiary.interaction"].with_user(self.officer).create(
            [
                {
                    "subject": f"Contact {number}",
                    "channel_id": self._channel("phone").id,
                    "beneficiary_id": (self.file, self.far_file)[number % 2].id,
                    "kind": "complaint" if number % 5 == 0 else "question",
                    "date": now - timedelta(minutes=number),
                }
                for number in range(800)
            ]
        )
        model = self.env["beneficiary.interaction"].with_user(self.officer)
        fields = dict.fromkeys(("date", "person", "subject", "kind", "is_overdue"), {})
        fields |= {
            name: {"fields": {"display_name": {}}}
            for name in ("channel_id", "officer_id", "request_id", "owner_id")
        }
        counts = []
        for limit in (80, 80, 800):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            rows = model.web_search_read([], fields, limit=limit)["records"]
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(rows), limit)
        self.assertEqual(counts[1], counts[2])
