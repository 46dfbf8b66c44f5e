from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestConstraints(BeneficiaryCommon):
    """Every refusal of the database becomes a sentence, whatever the way of writing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(mute_logger("odoo.sql_db"))
        cls.policy = cls.company._get_beneficiary_policy().copy()
        cls.contact = cls.env["res.partner"].create({"name": "سالم المثال"})

    def _cases(self):
        """Return tuples (model, constraint, base values, clashing values, free values).

        A unique constraint clashes with a record that has the clashing values already.
        """
        ours = {"company_id": self.company.id}
        named = {**ours, "name": "Example"}
        request = self._make_request("in_review")
        registered = self._make_request("registered")
        decision = request.decision_ids
        decision.state = "taken"  # so that no new ballots are made
        other = self.file.copy()
        outreach = self.env["beneficiary.outreach"].create(
            {**named, "channel_id": self._channel("phone").id}
        )
        paper = {"beneficiary_id": self.file.id, "type_id": self.identity_type.id}
        dependant = {"beneficiary_id": self.file.id, "name": "Example"}
        tools = self.env["beneficiary.tool"].create(
            [{"name": code, "code": code} for code in ("one", "two")]
        )
        line = {"policy_id": self.policy.id}
        files = self.file.copy() | self.file.copy()
        self.policy.step_ids[-1:].unlink()
        spare = {"channel_id": self._channel("letter").id}
        self.policy.channel_line_ids.filtered(
            lambda line: line.channel_id.id in spare.values()
        ).unlink()
        ask = {
            "request_id": request.id,
            "researcher_id": self.researcher.id,
            "question": "Which paper?",
        }
        clarification = self.env["beneficiary.referral"].create(ask)
        clarification.with_user(self.researcher).action_answer("The lease.")
        study = self.env["beneficiary.referral"].create({**ask, "kind": "case_study"})
        member = self.committee.member_ids[0]
        decision.vote_ids[0].unlink()
        period = {
            "service_id": self.service.id,
            "date_from": date(2026, 1, 1),
            "date_to": date(2026, 1, 31),
        }
        return [
            (
                "beneficiary.channel",
                "code_unique",
                {"name": "Example"},
                {"code": "phone"},
                {"code": "fax"},
            ),
            ("beneficiary.tool", "code_unique", named, {"code": "one"}, {"code": "x"}),
            (
                "beneficiary.branch",
                "name_unique",
                ours,
                {"name": "North"},
                {"name": "South"},
            ),
            (
                "beneficiary.committee",
                "quorum_in_range",
                named,
                {"quorum_type": "number", "quorum": 1},
                {},
            ),
            (
                "beneficiary.committee.member",
                "term_ordered",
                {"committee_id": self.committee.copy().id, "user_id": self.member.id},
                {"date_from": date(2026, 2, 1), "date_to": date(2026, 1, 1)},
                {},
            ),
            (
                "beneficiary.beneficiary",
                "housing_rent_positive",
                named,
                {"housing_rent": -1},
                {},
            ),
            (
                "beneficiary.category",
                "code_unique",
                named,
                {"code": "one"},
                {"code": "two"},
            ),
            (
                "beneficiary.household.member",
                "identity_unique",
                dependant,
                {"identity_number": "1000000016"},
                {"identity_number": "1000000024"},
            ),
            (
                "beneficiary.household.member",
                "income_positive",
                {**dependant, "name": "Another"},
                {"income": -1},
                {},
            ),
            (
                "beneficiary.income.line",
                "amount_positive",
                {"beneficiary_id": self.file.id, "type": "salary"},
                {"amount": 0},
                {"amount": 1},
            ),
            (
                "beneficiary.representative",
                "period_ordered",
                dependant,
                {"date_from": date(2026, 2, 1), "date_to": date(2026, 1, 1)},
                {},
            ),
            (
                "beneficiary.beneficiary",
                "partner_unique",
                named,
                {"partner_id": self.contact.id},
                {},
            ),
            (
                "beneficiary.duplicate",
                "pair_unique",
                {"second_id": files[0].id},
                {"first_id": self.file.id},
                {"first_id": files[1].id},
            ),
            (
                "beneficiary.duplicate",
                "pair_of_two",
                {"first_id": files[0].id},
                {"second_id": files[0].id},
                {"second_id": files[1].id},
            ),
            (
                "beneficiary.document",
                "dates_ordered",
                paper,
                {"issue_date": date(2026, 2, 1), "expiry_date": date(2026, 1, 1)},
                {},
            ),
            (
                "beneficiary.document.type",
                "code_unique",
                {"name": "Example"},
                {"code": "identity"},
                {"code": "passport"},
            ),
            (
                "beneficiary.document.type",
                "valid_days_positive",
                named,
                {"valid_days": -1},
                {},
            ),
            (
                "beneficiary.service",
                "code_unique",
                named,
                {"code": "S1"},
                {"code": "S2"},
            ),
            (
                "beneficiary.service",
                "restricted_fund_has_purpose",
                named,
                {"fund": "restricted", "fund_purpose": " "},
                {},
            ),
            (
                "beneficiary.service",
                "ages_ordered",
                named,
                {"min_age": 18, "max_age": 17},
                {},
            ),
            (
                "beneficiary.service",
                "income_positive",
                named,
                {"max_income_per_head": -1},
                {},
            ),
            (
                "beneficiary.service",
                "review_days_positive",
                named,
                {"review_days": -1},
                {},
            ),
            (
                "beneficiary.service",
                "interval_positive",
                named,
                {"interval_months": -1},
                {},
            ),
            (
                "beneficiary.service.budget",
                "amount_positive",
                period,
                {"amount": 0},
                {"amount": 1},
            ),
            (
                "beneficiary.service.budget",
                "dates_ordered",
                {**period, "amount": 1},
                {"date_to": date(2025, 1, 1)},
                {},
            ),
            (
                "beneficiary.disbursement",
                "dates_ordered",
                {**ours, "date_from": date(2026, 1, 1), "date_to": date(2026, 1, 31)},
                {"date_to": date(2025, 1, 1)},
                {},
            ),
            (
                "beneficiary.interaction",
                "minutes_positive",
                {
                    **ours,
                    "subject": "Example",
                    "party_name": "x",
                    "channel_id": self._channel("phone").id,
                },
                {"minutes": -1},
                {},
            ),
            (
                "beneficiary.appointment",
                "minutes_positive",
                {**ours, "subject": "Example", "beneficiary_id": self.file.id},
                {"minutes": 0},
                {},
            ),
            (
                "beneficiary.interaction",
                "letter_attachments_positive",
                {
                    **ours,
                    "subject": "Example",
                    "party_name": "x",
                    "channel_id": self._channel("phone").id,
                },
                {"letter_attachment_count": -1},
                {},
            ),
            (
                "beneficiary.outreach.line",
                "file_unique",
                {"outreach_id": outreach.id},
                {"beneficiary_id": self.file.id},
                {"beneficiary_id": other.id},
            ),
            (
                "beneficiary.notice",
                "once",
                {
                    "request_id": request.id,
                    "queued_on": datetime.now(),
                    "channel": "email",
                },
                {"event": "reply", "round": 1},
                {"event": "reply", "round": 2},
            ),
            (
                "beneficiary.request.migration",
                "reference_unique",
                {
                    **ours,
                    "beneficiary_id": self.file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                    "description": "Example",
                    "state": "submitted",
                    "submitted_on": datetime(2024, 1, 1),
                },
                {"reference": "1445/1"},
                {"reference": "1445/2"},
            ),
            (
                "beneficiary.request.pause",
                "open_unique",
                {"request_id": request.id, "date_start": datetime.now()},
                {"date_end": False},
                {"date_end": datetime.now()},
            ),
            (
                "beneficiary.request",
                "amount_requested_positive",
                {
                    **ours,
                    "beneficiary_id": self.file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                },
                {"amount_requested": -1},
                {},
            ),
            (
                "beneficiary.policy",
                "review_days_positive",
                named,
                {"review_days": 0},
                {},
            ),
            (
                "beneficiary.policy.channel",
                "channel_unique",
                line,
                {"channel_id": self._channel("phone").id},
                spare,
            ),
            (
                "beneficiary.policy.tool",
                "tool_unique",
                line,
                {"tool_id": tools[0].id},
                {"tool_id": tools[1].id},
            ),
            (
                "beneficiary.policy.step",
                "code_unique",
                {**line, "name": "Example"},
                {"code": "receive"},
                {"code": "deliver"},
            ),
            (
                "beneficiary.referral.finding",
                "section_unique",
                {"referral_id": study.id},
                {"section": "housing"},
                {"section": "work"},
            ),
            (
                "beneficiary.question.answer",
                "referral_unique",
                {**ours, "question": "Which paper?", "answer": "The lease."},
                {"referral_id": clarification.id},
                {},
            ),
            *(
                (
                    "beneficiary.delivery",
                    name,
                    {
                        "request_id": registered.id,
                        "goods": "A basket",
                        "planned_date": date(2026, 3, 15),
                    },
                    clash,
                    {},
                )
                for name, clash in (
                    ("amount_positive", {"amount": -1}),
                    ("quantity_positive", {"quantity": 0}),
                )
            ),
            (
                "beneficiary.decision",
                "round_unique",
                {"request_id": request.id, "committee_id": self.committee.id},
                {"round": 1},
                {"round": 2},
            ),
            (
                "beneficiary.vote",
                "member_unique",
                {"decision_id": decision.id, "user_id": self.member.id},
                {"member_id": self.committee.member_ids[1].id},
                {"member_id": member.id},
            ),
        ]

    # Constraints that callers cannot reach: only methods write these values.
    BY_METHOD = {
        # A check refuses before and names the other record; kept for concurrent writes.
        "beneficiary_beneficiary_identity_unique",
        "beneficiary_beneficiary_file_number_unique",
        "beneficiary_document_one_current",
        "beneficiary_policy_one_in_force",
        "beneficiary_policy_in_force_of_company",
        # The same key gives the same record.
        "beneficiary_submission_once",
        "beneficiary_policy_acknowledgement_reader_once",
        # Drawn by the record itself, and random.
        "beneficiary_data_request_number_unique",
        "beneficiary_rating_link_digest",
        # A guard refuses before; kept for concurrent writes.
        "beneficiary_appeal_once",
        "beneficiary_appointment_officer_once",
        "beneficiary_committee_session_name_unique",
        "beneficiary_committee_session_one_open",
        "beneficiary_decision_letter_number_unique",
        "beneficiary_letter_reissue_name_unique",
        "beneficiary_session_attendance_member_unique",
        # The record rules keep people from services of no association.
        "beneficiary_service_catalogue_is_not_studied",
        # Values that are written once, or by a step: tested with their models.
        "beneficiary_committee_interest_period_ordered",
        "beneficiary_committee_session_dates_ordered",
        "beneficiary_session_item_once",
        "beneficiary_session_item_one_open_agenda",
        "beneficiary_delivery_name_unique",
        "beneficiary_disbursement_name_unique",
        "beneficiary_disbursement_line_name_unique",
        # Written only in an open study; tested there.
        "beneficiary_referral_proposed_amount_positive",
        "beneficiary_request_name_unique",
        "beneficiary_request_answer_question_unique",
        # Users cannot write a link of the chain; tested with two workers.
        "beneficiary_seal_position_unique",
    }

    def _get_sentence(self, name, lang=None):
        """Return the message of the constraint called ``name`` in ``lang``."""
        constraint = self.env["ir.model.constraint"].search([("name", "=", name)])
        self.assertTrue(constraint.message, name)
        return constraint.with_context(lang=lang).message

    def assertRefused(self, sentence, call, *args):
        """Check that ``call`` raises ``sentence`` and leaves the transaction usable."""
        # No assertRaises: its own savepoint would hide a broken transaction.
        try:
            call(*args)
        except ValidationError as error:
            self.assertEqual(str(error), sentence)
        else:
            self.fail(f"Not refused: {sentence}")
        self.env.cr.execute("SELECT 1")
        self.env["beneficiary.branch"].search([], limit=1)

    def test_every_constraint(self):
        """Each constraint gives its sentence in create and write, also over RPC."""
        for model, suffix, base, clash, free in self._cases():
            name = f"{self.env[model]._table}_{suffix}"
            for lang in self._get_languages(model, clash):
                records = self.env[model].with_context(lang=lang)
                rpc = {"context": {"lang": lang}}
                sentence = self._get_sentence(name, lang)
                with self.subTest(constraint=name, lang=lang):
                    if "unique" in name or suffix == "once":
                        known = [(field, "=", value) for field, value in clash.items()]
                        known += [
                            (field, "=", value)
                            for field, value in base.items()
                            if field.endswith("_id")
                        ]
                        if not records.search(known):
                            records.create({**base, **clash})
                    self.assertRefused(
                        sentence, call_kw, records, "create", [{**base, **clash}], rpc
                    )
                    self.assertRefused(
                        sentence, records.create, [{**base, **clash}, {**base, **free}]
                    )
                    record = records.create({**base, **free})
                    self.assertRefused(
                        sentence, call_kw, records, "write", [record.ids, clash], rpc
                    )
                    self.assertRefused(sentence, record.write, clash)
                    record.unlink()

    def _get_languages(self, model, clash):
        """Return the languages to test: a translated name clashes only in its own."""
        if any(self.env[model]._fields[name].translate for name in clash):
            return ["en_US"]
        return ["en_US", "ar_001"]

    def test_every_constraint_is_tested(self):
        """Every constraint of the addon has a sentence, and a case in this test."""
        tested = {
            f"{self.env[model]._table}_{suffix}"
            for model, suffix, *_values in self._cases()
        }
        ours = {
            name: table_object
            for model in self.env.registry.values()
            if model._original_module == "beneficiary_relations" and not model._abstract
            for name, table_object in model._table_objects.items()
        }
        refusing = {name for name, table_object in ours.items() if table_object.message}
        self.assertEqual(refusing, tested | self.BY_METHOD)

    def test_by_method(self):
        """Numbers and states give their sentence too, if a method has a fault."""
        first, second = self._make_request(), self._make_request()
        self.assertRefused(
            self._get_sentence("beneficiary_request_name_unique"),
            second._write_flow,
            {"name": first.name},
        )
        file = self.env["beneficiary.beneficiary"].create(
            {"name": "منى المثال", "company_id": self.company.id}
        )
        self.assertRefused(
            self._get_sentence("beneficiary_beneficiary_file_number_unique"),
            file.write,
            {"file_number": self.file.file_number},
        )
        with patch.object(type(file), "_refuse_known_identities"):
            self.assertRefused(
                self._get_sentence("beneficiary_beneficiary_identity_unique"),
                file.write,
                {"identity_number": self.file.identity_number},
            )
        self.assertRefused(
            self._get_sentence("beneficiary_policy_one_in_force"),
            self.policy._write_state,
            {"state": "in_force"},
        )

    def test_what_is_used_is_not_deleted(self):
        """A record that others need is not deleted; the sentence says what to do."""
        self._make_request("submitted")
        paper = self._make_document(self.file, self.identity_type)
        for record in (
            self.service,
            self.file,
            self._channel("phone"),
            paper.type_id,
        ):
            with self.subTest(model=record._name):
                for unlink in (
                    record.unlink,
                    lambda record=record: call_kw(record, "unlink", [record.ids], {}),
                ):
                    try:
                        unlink()
                    except ValidationError as error:
                        self.assertIn("archiving", str(error))
                    else:
                        self.fail("deleted")
                    self.assertTrue(record.exists())

    def test_what_is_required(self):
        """The error for a missing value names the field by its label."""
        with self.assertRaisesRegex(ValidationError, "'Name' \\(name\\)"):
            self.env["beneficiary.branch"].create({"company_id": self.company.id})

    def test_import(self):
        """An import names the refused row and the reason, and imports nothing."""
        model = self.env["beneficiary.branch"].with_user(self.manager)
        model.create({"name": "North", "company_id": self.company.id})
        for lang in ("en_US", "ar_001"):
            result = call_kw(
                model.with_context(lang=lang),
                "load",
                [["name"], [["East"], ["North"], ["West"]]],
                {"context": {"lang": lang}},
            )
            self.assertFalse(result["ids"])
            self.assertIn(
                (1, self._get_sentence("beneficiary_branch_name_unique", lang)),
                self._get_refusals(result),
            )
            self.assertNotIn(2, dict(self._get_refusals(result)))
        self.assertFalse(model.search([("name", "in", ("East", "West"))]))
        self.assertTrue(
            call_kw(model, "load", [["name"], [["East"], ["West"]]], {})["ids"]
        )

    def _get_refusals(self, result):
        """Return pairs (row, sentence) of an import.

        Odoo reports an error of the whole batch at the first row, too.
        """
        return [(entry["record"], entry["message"]) for entry in result["messages"]]

    def test_branch_names_in_two_languages(self):
        """A branch name is unique, whatever translations the branch has."""
        branches = self.env["beneficiary.branch"]
        first = branches.create({"name": "North", "company_id": self.company.id})
        first.with_context(lang="ar_001").name = "الشمال"
        self.assertRefused(
            self._get_sentence("beneficiary_branch_name_unique"),
            branches.create,
            {"name": "North", "company_id": self.company.id},
        )

    def test_import_of_files(self):
        """R44: an import checks identifiers row by row, in digits of any script."""
        model = self.env["beneficiary.beneficiary"].with_user(self.manager)
        result = call_kw(
            model,
            "load",
            [
                ["name", "identity_number", "phone"],
                [
                    ["منى المثال", "١٠٠٠٠٠٠٠١٦", "٠٥٠٠٠٠٠٠٠٢"],
                    ["خطأ", "1234567890", "0500000003"],
                    ["سالم المثال", "۱۰۰۰۰۰۰۰۰۸", "0500000004"],
                ],
            ],
            {},
        )
        self.assertFalse(result["ids"])
        refusals = dict(self._get_refusals(result))
        self.assertIn("1234567890", refusals[1])
        self.assertNotIn(2, refusals, "A known person's file is updated")

    def test_a_refusal_undoes_nothing_else(self):
        """A refusal keeps the earlier changes of the same transaction."""
        branch = self.env["beneficiary.branch"].create(
            {"name": "North", "company_id": self.company.id}
        )
        with self.assertRaises(UserError):
            branch.copy({"name": "North"})
        self.assertEqual(branch.exists().name, "North")
