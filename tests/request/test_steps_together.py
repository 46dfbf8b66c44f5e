from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import PIXEL, BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestStepsTogether(BeneficiaryCommon):
    """R10: two steps on one form, each recorded with its own evidence."""

    def _form(self, request, move, user=None, **vals):
        """Return the form of a step, filled in."""
        forms = self.env["beneficiary.request.move"].with_user(user or self.officer)
        forms = forms.with_context(
            lang="en_US", default_request_id=request.id, default_move=move
        )
        with Form(forms) as form:
            for name, value in vals.items():
                form[name] = value
        return form.record

    def _make_complete(self):
        """Return a draft whose data and papers are all matched."""
        request = self._make_request()
        paper = self._make_document(self.file, self.identity_type)
        paper.with_user(self.officer).action_match("The original")
        self.file.with_user(self.officer).action_match("The card")
        return request

    def test_submit_and_verify(self):
        """R11-R13: where nothing is missing, a person is received and verified."""
        request = self._make_complete()
        form = self._form(
            request, "submit", answered="telephone", compared="original", minutes=5
        )
        self.assertEqual(form.next_move, "verify")
        form.action_confirm_next()
        self.assertEqual(request.state, "verified")
        receive, verify = request._get_steps()
        self.assertEqual((receive.code, verify.code), ("receive", "verify"))
        self.assertEqual(receive.evidence, "Questions answered by telephone")
        self.assertEqual(verify.evidence, "Compared with the originals")
        self.assertEqual(receive.doer_id | verify.doer_id, self.officer)
        self.assertTrue(receive.done_on and verify.done_on)

    def test_each_has_its_own_evidence(self):
        """R10: without evidence of the second step, neither is taken."""
        request = self._make_complete()
        form = self._form(request, "submit", answered="office", minutes=5)
        with self.assertRaisesRegex(UserError, "what was done"), self.cr.savepoint():
            form.action_confirm_next()
        self.env.invalidate_all()
        self.assertEqual(request.state, "draft")
        form.action_confirm()
        self.assertEqual(request.state, "submitted", "the first step alone")

    def test_no_prompt_is_chosen_beforehand(self):
        """R10: no evidence has a default, and what was typed is kept."""
        request = self._make_complete()
        form = self._form(request, "submit")
        self.assertFalse(form.evidence or form.next_evidence)
        form = self._form(request, "submit", evidence="Asked", answered="office")
        self.assertEqual(form.evidence, "Asked")

    def test_not_offered(self):
        """R12: not while something is missing, and not to who may not verify."""
        draft = self._make_request()
        self.assertFalse(self._form(draft, "submit").next_move)
        form = self._form(draft, "submit", evidence="Asked", minutes=5)
        form.next_evidence = "Compared"
        with self.assertRaises(UserError), self.cr.savepoint():
            form.action_confirm_next()
        self.env.invalidate_all()
        self.assertEqual(draft.state, "draft")

        branch = self._make_branch(self.delegate)
        self.file.branch_id = branch
        request = self._make_complete()
        request.branch_id = branch
        form = self._form(request, "submit", user=self.delegate)
        self.assertFalse(form.next_move)
        form.write({"evidence": "Asked", "next_evidence": "Compared", "minutes": 5})
        with self.assertRaises(AccessError), self.cr.savepoint():
            form.action_confirm_next()

    def test_notify_and_raise(self):
        """R17, R18: the notice is recorded, then the request is raised."""
        request = self._make_request("verified")
        self.assertFalse(self._form(request, "notify").next_move, "not declared yet")
        self._advance(request, "declared")
        form = self._form(request, "notify")
        self.assertEqual(form.next_move, "raise")
        self.assertEqual(form.channel_id, self._channel("phone"))
        form.action_confirm_next()
        self.assertEqual(request.state, "in_review")
        self.assertEqual(request._get_steps("notify").channel_id, form.channel_id)

    def test_notify_without_a_committee(self):
        """R18: what else is missing for raising hides the button."""
        self.service.committee_id = False
        request = self._make_request("declared")
        self.assertFalse(self._form(request, "notify").next_move)

    def test_register_plan_and_receive(self):
        """R24, R25: from the registration to the receipt, each form opens the next."""
        request = self._make_request("accepted")
        notices = request.sudo().notice_ids  # the reply has left
        notices.notification_id.notification_status = "sent"
        action = self._form(
            request, "register", registered="complete"
        ).action_confirm_plan()
        self.assertEqual(request.state, "registered")
        plans = self.env[action["res_model"]].with_user(self.officer)
        with Form(plans.with_context(**action["context"])) as plan:
            plan.goods = "A food basket"
            plan.place = "The office"
            self.assertTrue(plan.can_hand_over)
            plan.count = 2
            self.assertFalse(plan.can_hand_over, "the second one is later")
            plan.count = 1
        action = plan.record.action_confirm_receive()
        receipts = self.env[action["res_model"]].with_user(self.officer)
        with Form(receipts.with_context(**action["context"])) as receipt:
            self.assertEqual(receipt.received_by, self.file.name)
        receipt.record.signature = PIXEL
        receipt.record.action_confirm()
        self.assertEqual(request.delivery_ids.state, "received")
        form = self._form(request, "deliver", handed="receipt")
        self.assertEqual(form.evidence, "Handed over against a signed receipt")
        self.assertEqual(form.next_move, "close")
        form.action_confirm_next()
        self.assertEqual(request.state, "closed")

    def test_deliver_before_the_receipt(self):
        """R25: what was not received is not offered to be delivered and closed."""
        request = self._make_request("registered")
        self.assertFalse(self._form(request, "deliver").next_move)
        self._plan_delivery(request)
        self.assertFalse(self._form(request, "deliver").next_move)


@tagged("post_install", "-at_install")
class TestRequestDefaults(BeneficiaryCommon):
    """What stands in a form already: from the last call, the file and the policy."""

    def _log(self, code, **vals):
        return self.env["beneficiary.interaction"].create(
            {
                "subject": "A question",
                "company_id": self.company.id,
                "channel_id": self._channel(code).id,
                "beneficiary_id": self.file.id,
                **vals,
            }
        )

    def test_channel_of_the_last_contact(self):
        """R5: a request and a notice come by the last contact's channel."""
        requests = self.env["beneficiary.request"].with_user(self.officer)
        with Form(requests) as form:
            form.beneficiary_id = self.file
            self.assertFalse(form.channel_id, "nothing is known yet")
            self._log("interview")
            form.beneficiary_id = self.file.browse()
            form.beneficiary_id = self.file
            self.assertEqual(form.channel_id, self._channel("interview"))
            form.service_id = self.service
        self._log("phone")
        request = form.record
        self.assertEqual(request._get_usual_channel(), self._channel("phone"))
        self._log("letter", letter_number="1", letter_date="2026-01-01")
        self.assertEqual(request._get_usual_channel(), self._channel("phone"))

    def test_channel_that_the_policy_dropped(self):
        """R4: a channel that the policy no longer allows is not proposed."""
        self._log("social")
        policy = self.company._get_beneficiary_policy()
        newer = policy.copy()
        newer.channel_line_ids.filtered(
            lambda line: line.channel_id == self._channel("social")
        ).unlink()
        newer.action_put_in_force()
        with Form(self.env["beneficiary.request"].with_user(self.officer)) as form:
            form.beneficiary_id = self.file
            self.assertFalse(form.channel_id)
            form.channel_id = self._channel("phone")
            form.service_id = self.service

    def test_who_signs(self):
        """R16: the one who may sign stands there; of several, none is chosen."""
        request = self._make_request("verified")
        forms = self.env["beneficiary.request.move"].with_user(self.officer)
        vals = {"request_id": request.id, "move": "declare"}
        self.assertEqual(forms.create(vals).signed_by, self.file.name)
        self._make_guardian()
        self.assertFalse(forms.create(vals).signed_by)
