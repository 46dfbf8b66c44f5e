from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import PIXEL, BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestRequestFlow(BeneficiaryCommon):
    def test_seven_steps(self):
        """R10: a request takes all steps in order, each with its doer and time."""
        request = self._make_request("closed")
        self.assertEqual(request.state, "closed")
        self.assertEqual(
            request.step_ids.mapped("code"),
            ["receive", "verify", "declare", "notify", "register", "deliver"],
        )
        self.assertTrue(all(request.step_ids.mapped("done_on")))
        self.assertEqual(request.step_ids.doer_id, self.officer)

    def test_referral_is_the_third_step(self):
        """R15: an answered referral is recorded as a step of the request."""
        request = self._make_request("submitted")
        referral = (
            self.env["beneficiary.referral"]
            .with_user(self.officer)
            ._send(request.with_user(self.officer), self.researcher, "Which paper?")
        )
        referral.with_user(self.researcher).action_answer("The lease is enough.")
        self._advance(request, "declared")
        self.assertEqual(
            request.step_ids.mapped("code"), ["receive", "refer", "verify", "declare"]
        )
        step = request._get_steps("refer")
        self.assertEqual(step.evidence, "Clarification: The lease is enough.")
        self.assertEqual(step.doer_id, self.researcher)

    def test_reception(self):
        """R11: reception records the answers given and the minutes spent."""
        step = self._make_request("submitted").step_ids
        self.assertEqual(
            (step.code, step.evidence, step.minutes), ("receive", "Asked", 10)
        )

    def test_number_and_policy_of_the_day(self):
        """R1: a request carries its number and the policy in force when it was made."""
        request, later = self._make_request(), self._make_request()
        self.assertNotEqual(request.name, later.name)
        policy = self.company._get_beneficiary_policy()
        draft = policy.copy()
        draft.action_put_in_force()
        newer = self._make_request()
        self.assertEqual((request.policy_id, newer.policy_id), (policy, draft))

    def test_a_policy_without_a_step(self):
        """R3: a step that the policy leaves out is not required, without any code."""
        policy = self.company._get_beneficiary_policy().copy()
        policy.step_ids.filtered(
            lambda step: step.code in ("declare", "notify")
        ).unlink()
        policy.action_put_in_force()
        request = self._make_request("verified")
        request.with_user(self.officer).action_declare()
        request.with_user(self.officer).action_raise()
        self.assertEqual(request.state, "in_review")
        self.assertEqual(request.step_ids.mapped("code"), ["receive", "verify"])

    def test_return_begins_a_round(self):
        """R10, R16: a return voids steps, keeps them on record and starts a round."""
        request = self._make_request("in_review")
        decision = request.decision_ids
        decision.with_user(self.chair).action_vote("accept")
        request.with_user(self.manager).action_return(reason="The lease is missing")
        self.assertEqual((request.state, request.round), ("submitted", 2))
        self.assertEqual(request.note_to_applicant, "The lease is missing")
        self.assertEqual(decision.state, "withdrawn")
        self.assertFalse(request._get_current_decision())
        self.assertFalse(request.declaration_on or request.verified_by_id)
        self.assertEqual(
            request.step_ids.filtered("voided_on").mapped("code"),
            ["verify", "declare", "notify"],
        )
        self.assertEqual(request._get_steps().mapped("code"), ["receive"])
        self.assertEqual(
            set(request.step_ids.filtered("voided_on").mapped("void_reason")),
            {"The lease is missing"},
        )
        floor = request.review_floor_on
        with freeze_time(datetime.now() + timedelta(days=365)):
            self._advance(request, "in_review")
        self.assertEqual(request.review_floor_on, floor, "the floor never moves")
        self.assertEqual(len(request.decision_ids), 2)
        self.assertFalse(any(request._get_current_decision().vote_ids.mapped("choice")))

    def test_lines_are_never_edited(self):
        """R10: nobody, not even a manager, writes, adds or deletes lines of steps."""
        step = self._make_request("submitted").step_ids.with_user(self.manager)
        for attempt in (
            lambda: step.write({"evidence": "Changed"}),
            lambda: step.unlink(),
            lambda: step.copy(),
            lambda: step.request_id.write({"step_ids": [Command.delete(step.id)]}),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_nothing_is_done_twice(self):
        """R10: the second of two clicks on one button is refused."""
        request = self._make_request("submitted").with_user(self.officer)
        with self.assertRaisesRegex(UserError, "not possible in the state “Submitted”"):
            request.action_submit(evidence="Again")
        self.assertEqual(len(request.step_ids), 1)

    def test_several_at_once_or_none(self):
        """R18: several requests move together, or none of them does."""
        self._make_document(self.file, self.identity_type).with_user(
            self.officer
        ).action_match("The original")
        ready, other = self._make_request("submitted"), self._make_request()
        with self.assertRaises(UserError):
            (ready | other).with_user(self.officer).action_verify(evidence="Compared")
        self.assertEqual(ready.state, "submitted")


@tagged("post_install", "-at_install")
class TestRequestGuards(BeneficiaryCommon):
    """Every guard refuses with its sentence, and the checklist says it beforehand."""

    def assertMissing(self, request, move, *sentences, **given):
        """Check that ``move`` is refused for exactly ``sentences``, all at once."""
        with self.assertRaises(UserError) as caught:
            getattr(request.with_user(self.officer), f"action_{move}")(**given)
        heading, *reasons = str(caught.exception).split("\n- ")
        self.assertIn(request.name, heading)
        self.assertEqual(reasons, list(sentences))

    def assertChecklist(self, request, *sentences):
        """Check that officers see exactly ``sentences`` before they press a button."""
        request = request.with_user(self.officer)
        request.invalidate_recordset(["checklist"])
        self.assertEqual(request._get_missing(), list(sentences))
        for sentence in sentences:
            self.assertIn(f"<li>{sentence}</li>", str(request.checklist))

    def test_submit(self):
        """R4, R11, R12: reception asks for file, channel, description and evidence."""
        request = self._make_request(description=" ")
        self.file.state = "suspended"
        sentences = (
            "The file is suspended or closed. Reopen it first.",
            "Write what is asked for, and why.",
        )
        self.assertChecklist(request, *sentences)
        self.assertMissing(
            request,
            "submit",
            *sentences,
            "Write how many minutes the person was given.",
            "Write what was done in this step.",
        )
        self.file.state = "active"
        request.description = "A food basket"
        self.assertChecklist(request)
        self.assertMissing(
            request,
            "submit",
            "Write what was done in this step.",
            evidence=" . ",
            minutes=5,
        )

    def test_submit_without_policy(self):
        """R1, R4: without a policy in force no request is received."""
        policy = self.company._get_beneficiary_policy()
        policy._write_state({"state": "superseded"})
        request = self._make_request()
        self.assertFalse(request.policy_id)
        self.assertMissing(
            request,
            "submit",
            "The association has no policy in force. A manager puts one in force "
            "under Configuration / Policies.",
            evidence="Asked",
            minutes=5,
        )

    def test_submit_on_a_channel(self):
        """R4, R6: only the policy's channels are valid.

        The delegate's channel needs a branch and its delegate.
        """
        policy = self.company._get_beneficiary_policy().copy()
        phone = self._channel("phone")
        policy.channel_line_ids.filtered(lambda line: line.channel_id == phone).unlink()
        policy.action_put_in_force()
        request = self._make_request()
        self.assertMissing(
            request,
            "submit",
            f"The policy does not allow the channel “{phone.name}”.",
            evidence="Asked",
            minutes=5,
        )
        request.channel_id = self._channel("delegate")
        self.assertChecklist(
            request,
            "Choose the branch office.",
            "Choose a delegate of that branch office.",
        )
        request.branch_id = self.env["beneficiary.branch"].create(
            {"name": "North", "company_id": self.company.id}
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            request.delegate_id = self.delegate
        self.assertChecklist(request, "Choose a delegate of that branch office.")
        request.branch_id.delegate_ids = self.delegate
        request.delegate_id = self.delegate
        self.assertChecklist(request)

    def test_verify(self):
        """R12, R13: everything missing, unmatched or invalid is named at once."""
        lease = self.env["beneficiary.document.type"].create({"name": "Lease"})
        self.service.document_line_ids = [Command.create({"type_id": lease.id})]
        request = self._make_request("submitted")
        self.file.write({"identity_number": False, "phone": False, "email": False})
        paper = self._make_document(
            self.file,
            lease,
            issue_date=date(2020, 1, 1),
            expiry_date=date(2021, 1, 1),
        )
        identity = self.identity_type.name
        expired = (
            "The document “Lease” was not valid when it was handed over: it ended on "
            f"{paper.with_context(lang='en_US')._format_both(date(2021, 1, 1))}."
        )
        sentences = (
            "The identity number is missing in the file.",
            "A telephone number or e-mail is missing.",
            f"The document “{identity}” is missing.",
            expired,
            "The document “Lease” has not been matched against its source.",
        )
        self.assertChecklist(request, *sentences)
        self.assertMissing(
            request, "verify", *sentences, "Write what was done in this step."
        )
        self.file.write({"identity_number": "1000000008", "phone": "0500000001"})
        paper.expiry_date = False
        papers = paper | self._make_document(self.file, self.identity_type)
        papers.with_user(self.officer).action_match("The original")
        self.assertChecklist(
            request,
            "“Identity” has not been matched against its source, or was changed since.",
        )
        self.file.with_user(self.officer).action_match("The card")
        self.assertChecklist(request)
        request.with_user(self.officer).action_verify(evidence="Compared")

    def test_information_by_kind(self):
        """R12, R32: a group needs its headcount, and no identity number."""
        self.file.write({"kind": "group", "identity_number": False, "phone": False})
        self.file.email = False
        request = self._make_request("submitted")
        self.service.document_line_ids = False
        self.assertChecklist(request, "The headcount of the group is missing.")
        self.file.headcount = 40
        self.assertChecklist(request)

    def test_matching(self):
        """R13: a paper is matched by a named officer; a change makes it unmatched."""
        paper = self._make_document(self.file, self.identity_type)
        for name in ("source", "matched_by_id", "matched_on"):
            with self.assertRaisesRegex(UserError, "Use the button"):
                paper.with_user(self.manager).write({name: False})
        with self.assertRaisesRegex(UserError, "Write what you compared"):
            paper.with_user(self.officer).action_match(" ")
        paper.with_user(self.officer).action_match("The original")
        self.assertEqual(
            (paper.matched_by_id, paper.source), (self.officer, "The original")
        )
        for vals in (
            {"number": "2000000006"},
            {"issue_date": date(2024, 1, 1)},
            {"expiry_date": date(2040, 1, 1)},
            {"file": PIXEL},
        ):
            paper.with_user(self.officer).action_match("The original")
            paper.write(vals)
            self.assertFalse(paper.matched_on or paper.matched_by_id, vals)

    def test_valid_at_submission(self):
        """R14: a paper is judged by the day of submission, whenever it is viewed."""
        with freeze_time("2026-03-15 07:00:00"):
            request = self._make_request("submitted")
            self._make_document(
                self.file, self.identity_type, expiry_date=date(2026, 3, 15)
            ).with_user(self.officer).action_match("The original")
            self.file.with_user(self.officer).action_match("The card")
            self.assertChecklist(request)
        with freeze_time("2026-05-01 07:00:00"):
            self.assertChecklist(request)
            request.with_user(self.officer).action_verify(evidence="Compared")

    def test_valid_when_handed_over(self):
        """R14: a paper handed over after a return is judged by its hand-over day."""
        with freeze_time("2026-03-15 07:00:00"):
            request = self._make_request("verified")
            request.with_user(self.officer).action_return(reason="A newer paper")
        with freeze_time("2026-05-01 07:00:00"):
            self._make_document(
                self.file, self.identity_type, expiry_date=date(2026, 4, 1)
            ).with_user(self.officer).action_match("The original")
            identity = self.identity_type.name
            ended = self.file.with_context(lang="en_US")._format_both(date(2026, 4, 1))
            self.assertIn("AH)", ended)  # R38: in both calendars
            self.assertMissing(
                request,
                "verify",
                f"The document “{identity}” was not valid when it was handed over: it "
                f"ended on {ended}.",
                evidence="Compared",
            )

    def test_validity_ends_in_riyadh(self):
        """R14: a paper is valid until its last day ends in the association's zone."""
        paper = self._make_document(
            self.file,
            self.identity_type,
            issue_date=False,
            expiry_date=date(2026, 3, 15),
        )
        for zone in ("Asia/Riyadh", "UTC", "America/Los_Angeles"):
            self.officer.tz = zone
            paper = paper.with_user(self.officer).with_context(tz=zone)
            paper.sudo().handed_on = "2026-03-01 07:00:00"
            self.assertTrue(paper._is_valid_on(datetime(2026, 3, 15, 20, 59)))
            self.assertFalse(paper._is_valid_on(datetime(2026, 3, 15, 21, 0)))

    def test_declare(self):
        """R16: a declaration needs a name, and a signature or the signed paper.

        A person gets no waiver.
        """
        request = self._make_request("verified")
        nobody = "Write the name of the person who signs the declaration."
        nothing = "The declaration needs a signature, or the signed paper."
        self.assertChecklist(request, nobody, nothing)
        self.assertMissing(request, "declare", nobody, nothing, signed_by=" ")
        self.assertMissing(request, "declare", nothing, signed_by="سالم المثال")
        self.assertMissing(request, "declare", nobody, paper=PIXEL)
        self.assertMissing(
            request,
            "declare",
            "This declaration must be signed by a person. An exception is not "
            "possible.",
            signed_by="سالم المثال",
            signature=PIXEL,
            waiver="In a hurry",
        )
        request.with_user(self.officer).action_declare(
            signed_by="سالم المثال", paper=PIXEL
        )
        self.assertEqual(
            request.declaration_text, "I declare that what I gave is correct."
        )
        self.assertTrue(request.declaration_on)

    def test_declare_for_a_place(self):
        """R32: for a place, the reason why nobody can sign is required and kept."""
        self.file.write({"kind": "place"})
        request = self._make_request("verified")
        why = "Write why nobody can sign the declaration."
        self.assertMissing(request, "declare", why, signed_by="x", signature=PIXEL)
        request.with_user(self.officer).action_declare(waiver="A mosque cannot sign.")
        self.assertEqual(request.declaration_waiver, "A mosque cannot sign.")

    def test_notify(self):
        """R17: a notice needs a channel of the policy and the words that were said."""
        request = self._make_request("submitted")
        text, channel = (
            "Write what the applicant was told.",
            "Choose a channel that the policy allows.",
        )
        self.assertMissing(
            request,
            "notify",
            "The notice is given once the request is verified.",
            text,
            channel,
        )
        self._advance(request, "declared")
        self.assertMissing(request, "notify", text, channel, text=" ", channel_id=0)
        phone = self._channel("phone")
        request.with_user(self.officer).action_notify(phone.id, "Told at the door")
        step = request._get_steps("notify")
        self.assertEqual(
            (step.evidence, step.channel_id, step.doer_id),
            ("Told at the door", phone, self.officer),
        )

    def test_raise(self):
        """R16-R18: a request is raised only when all conditions are met."""
        request = self._make_request("declared")
        self.env["beneficiary.referral"].with_user(self.officer)._send(
            request.with_user(self.officer), self.researcher, "Which paper?"
        )
        self.committee.member_ids.date_to = date(2020, 1, 1)
        sentences = (
            "The social researcher has not answered the referral.",
            "The applicant has not been told of the committee and its period.",
            "The committee has no member in office.",
        )
        self.assertChecklist(request, *sentences)
        self.assertMissing(request, "raise", *sentences)
        self.assertFalse(request.raised_on)
        request.committee_id = False
        self.assertChecklist(
            request, *sentences[:-1], "Choose the committee that studies the request."
        )

    def test_clock_starts_when_raised(self):
        """R17: the clock starts when the request is raised, not with the notice."""
        request = self._make_request("declared")
        request.with_user(self.officer).action_notify(self._channel("phone").id, "Told")
        self.assertFalse(request.raised_on or request.review_floor_on)
        request.with_user(self.officer).action_raise()
        self.assertTrue(request.raised_on and request.review_floor_on)

    def test_register(self):
        """R24: at registration the requirements must still be complete."""
        request = self._make_request("accepted")
        self.file.document_ids.number = "2000000006"
        identity = self.identity_type.name
        unmatched = (
            f"The document “{identity}” has not been matched against its source."
        )
        self.assertChecklist(request, unmatched)
        self.assertMissing(request, "register", unmatched, evidence="Registered")
        self.assertMissing(
            request, "register", unmatched, "Write what was done in this step."
        )

    def test_deliver(self):
        """R25: only a registered request is delivered, with a delivery and evidence."""
        for state in ("submitted", "accepted", "rejected"):
            request = self._make_request(state)
            with self.assertRaisesRegex(UserError, "not possible in the state"):
                request.with_user(self.officer).action_deliver(evidence="Handed over")
        request = self._make_request("registered")
        planned = "No delivery is planned. Plan at least one."
        self.assertMissing(request, "deliver", planned, evidence="Handed over")
        self._receive(self._plan_delivery(request))
        self.assertMissing(request, "deliver", "Write what was done in this step.")

    def test_return_and_cancel_need_a_reason(self):
        """R10: returning or cancelling a request needs a reason."""
        request = self._make_request("submitted")
        for move in ("return", "cancel"):
            self.assertMissing(request, move, "Write the reason.", reason=" \n")

    def test_decide_without_outcome(self):
        """R19: no reply is released before the committee has decided."""
        request = self._make_request("in_review")
        self.assertChecklist(request, "The committee has not decided yet.")
        for seat in (self.chair, self.manager):
            with self.assertRaises(UserError):
                request.with_user(seat).action_release(reason="Now")
        self.assertEqual(request.state, "in_review")

    def test_checklist_says_it_in_arabic(self):
        """R12: the checklist is in the language of its reader."""
        request = self._make_request("verified").with_user(self.officer)
        arabic = request.with_context(lang="ar_001")
        source = "Write the name of the person who signs the declaration."
        translated = arabic.env._(
            "Write the name of the person who signs the declaration."
        )
        self.assertIn(source, request._get_missing())
        self.assertIn(translated, arabic._get_missing())
