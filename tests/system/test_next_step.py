from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..committee.common import SessionCase

# What a form may use in a condition besides its fields.
CONSTANTS = {"True": True, "False": False, "current_date": "2026-03-15"}


@tagged("post_install", "-at_install")
class TestNextStep(SessionCase):
    """The one highlighted button of a form is what is to be done next."""

    def _get_highlighted(self, record, user):
        """Return the texts of the highlighted buttons that ``user`` sees."""
        record = record.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )
        self.env.invalidate_all()
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        names = {
            node.get("name")
            for node in arch.iter("field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }
        values = {**CONSTANTS, **self._read(record, names)}
        buttons = [
            *arch.xpath("header//button[contains(@class, 'oe_highlight')]"),
            *arch.xpath("//sheet//page//button[contains(@class, 'oe_highlight')]"),
        ]
        return [
            button.get("string")
            for button in buttons
            if not any(parent.tag == "field" for parent in button.iterancestors())
            and not safe_eval(button.get("invisible") or "False", dict(values))
        ]

    def _read(self, record, names):
        [values] = record.read([*names & record._fields.keys()])
        return {
            name: value[0] if isinstance(value, tuple) else value
            for name, value in values.items()
        }

    def assertNext(self, record, user, *expected):
        self.assertEqual(self._get_highlighted(record, user), list(expected))

    def test_request(self):
        """R10, R18: the button of a request is what its checklist asks for next."""
        request = self._make_request()
        officer = self.officer
        self.assertNext(request, officer, "Receive and Submit")
        request.with_user(officer).description = False
        self.assertNext(request, officer)  # a field is to be filled in
        request.with_user(officer).description = "A food basket"
        self._advance(request, "submitted")
        self.assertNext(request, officer, "Match the Data")
        self.file.with_user(officer).action_match("The card")
        self.assertNext(request, officer, "Add a Document")
        self._advance(request, "verified")
        self.assertNext(request, officer, "Sign the Declaration")
        self._reach_declared(request, "declared")
        self.assertNext(request, officer, "Give the Notice")
        request.with_user(officer).action_notify(
            channel_id=self._channel("phone").id, text="Told"
        )
        self.assertNext(request, officer, "Raise to the Committee")
        request.with_user(officer).action_raise()
        self.assertNext(request, officer)
        self.assertNext(request, self.member, "Study and Vote")

    def test_request_after_the_decision(self):
        """R20, R25: plan, hand over, deliver; tell the reply before closing."""
        officer = self.officer
        request = self._make_request("accepted")
        self.assertNext(request, officer, "Register")
        self._advance(request, "registered")
        self.assertNext(request, officer, "Plan Deliveries")
        delivery = self._plan_delivery(request)
        self.assertNext(request, officer, "Hand Over")
        self._receive(delivery)
        self.assertNext(request, officer, "Deliver")
        request.with_user(officer).action_deliver(evidence="Handed over")
        self.assertNext(request, officer)  # the reply is in the queue
        request.notice_ids.notification_id.notification_status = "exception"
        self.assertNext(request, officer, "Record as Told")
        self._deliver_notices(request)
        self.assertNext(request, officer, "Close")
        request.with_user(officer).action_close()
        self.assertNext(request, officer)

    def test_file(self):
        """The button of a file: activate it, then the request, or another head."""
        self.assertNext(self.file, self.officer, "Activate")
        self.file.with_user(self.officer).action_activate()
        self.assertNext(self.file, self.officer, "New Request")
        self.file.with_user(self.officer).action_suspend("Moved away")
        self.assertNext(self.file, self.officer, "Activate")

    def test_delivery(self):
        """R25: the receipt; then nothing, or another one in its place, once."""
        delivery = self._plan_delivery(self._make_request("registered"))
        self.assertNext(delivery, self.officer, "Sign the Receipt")
        self._receive(delivery)
        self.assertNext(delivery, self.officer)
        delivery.with_user(self.officer).action_take_back("The address is old")
        self.assertNext(delivery, self.officer, "Plan Again")
        delivery.with_user(self.officer).action_plan_again()
        self.assertNext(delivery, self.officer)

    def test_referral(self):
        """R15: a question is answered; a study is accepted, written, handed over."""
        request = self._make_request("submitted").with_user(self.officer)
        referrals = self.env["beneficiary.referral"].with_user(self.officer)
        question = referrals._send(request, self.researcher, "Which paper?")
        self.assertNext(question, self.researcher, "Answer and Send Back")
        self.assertNext(question, self.officer)
        study = referrals._send(
            request, self.researcher, "How do they live?", kind="case_study"
        )
        self.assertNext(study, self.researcher, "Accept")
        study.with_user(self.researcher).action_accept()
        self.assertNext(study, self.researcher)  # the findings are to be written

    def test_decision(self):
        """R19: a member votes; who leads closes the vote once it can be closed."""
        decision = self._make_request("in_review").decision_ids
        self.assertNext(decision, self.chair, "Vote")
        for user in (self.chair, self.member, self.member2, self.secretary):
            decision.with_user(user).action_vote("accept")
        self.assertNext(decision, self.chair, "Close the Vote")
        self.assertNext(decision, self.member)

    def test_session(self):
        """R19: fill the agenda, open; end once attendance is marked; sign, close."""
        session = self._plan()
        self.assertNext(session, self.secretary, "Fill the Agenda")
        self._make_request("in_review")
        self._as("secretary", session).action_fill_agenda()
        self.assertNext(session, self.secretary, "Open the Session")
        self._as("secretary", session).action_open()
        self.assertNext(session, self.secretary)
        self._mark_all(session)
        self.assertNext(session, self.secretary, "End the Session")
        self._as("secretary", session).action_end()
        self.assertNext(session, self.chair, "Sign")
        self._sign_all(session)
        self.assertNext(session, self.chair, "Close the Minutes")

    def test_interaction(self):
        """R7, R27: a complaint is answered, an application becomes a request."""
        log = self.env["beneficiary.interaction"].with_user(self.officer)
        vals = {
            "subject": "Long waiting",
            "channel_id": self._channel("phone").id,
            "beneficiary_id": self.file.id,
        }
        complaint = log.create({**vals, "kind": "complaint"})
        self.assertNext(complaint, self.officer, "Record the Reply")
        self.assertNext(
            log.create({**vals, "kind": "request"}), self.officer, "Open a Request"
        )
        visitor = {**vals, "beneficiary_id": False, "party_name": "زائر"}
        self.assertNext(log.create(visitor), self.officer, "Record the Reply")
        told = log.create({**visitor, "outcome": "Told at once"})
        self.assertNext(told, self.officer, "Make a File")

    def test_all_forms(self):
        """Every form whose record knows its next step has the button for it."""
        models = [
            name
            for name, model in self.env.registry.items()
            if "next_step" in model._fields and not model._abstract
        ]
        self.assertGreaterEqual(len(models), 8)
        for name in models:
            with self.subTest(model=name):
                arch, _view = self.env[name]._get_view(view_type="form")
                self.assertTrue(arch.xpath("//*[contains(@invisible, 'next_step')]"))
                self.assertFalse(arch.xpath("//*[@data-step]"))

    def test_new_forms_open(self):
        """A new record of these has a form: there, nothing is highlighted yet."""
        for name in ("beneficiary.request", "beneficiary.interaction"):
            form = Form(self.env[name].with_user(self.officer))
            self.assertTrue(form)
