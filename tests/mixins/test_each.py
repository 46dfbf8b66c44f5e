from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

REQUEST = "beneficiary.request"
FILE = "beneficiary.beneficiary"


@tagged("post_install", "-at_install")
class TestEach(BeneficiaryCommon):
    """An action on many records does what fits, and says what does not and why."""

    def setUp(self):
        super().setUp()
        self.colleague = self._make_user("br_colleague", "officer", self.company)
        self.people = self.env[FILE].create(
            [
                {
                    "name": f"Person {number}",
                    "company_id": self.company.id,
                    "email": f"p.{number}@example.com",
                    "phone": f"05000000{number}",
                }
                for number in range(20, 24)
            ]
        )

    def _message(self, action):
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["message"]

    def assertPart(self, action, count, of, *texts):
        """Check that ``count`` records are done, and that the message has the rest."""
        message = self._message(action)
        self.assertIn(f"Done: {count} of {of}.", message)
        for text in texts:
            self.assertIn(text, message)
        expected = "warning" if count < of else "success"
        self.assertEqual(action["params"]["type"], expected)

    def test_assign(self):
        """Mass actions: files and requests are handed over, each with its own rules."""
        requests = self._make_request() | self._make_request("submitted")
        for user in (self.officer, self.manager):
            for records in (requests, self.people):
                action = self._call_as(
                    user,
                    records._name,
                    "action_assign_each",
                    records.ids,
                    self.colleague.id,
                )
                self.assertPart(action, len(records), len(records))
                self.assertEqual(records.officer_id, self.colleague)
        with self.assertRaises(UserError):  # no officer
            self._call_as(
                self.officer,
                REQUEST,
                "action_assign_each",
                requests.ids,
                self.researcher.id,
            )

    def test_assign_from_the_list(self):
        """Mass actions: the form takes the records that are chosen in the list."""
        wizards = self.env["beneficiary.assign"].with_user(self.officer)
        wizards = wizards.with_context(active_model=FILE, active_ids=self.people.ids)
        wizard = wizards.create({"user_id": self.colleague.id})
        self.assertEqual(wizard.beneficiary_ids.ids, self.people.ids)
        self.assertFalse(wizard.request_ids)
        self.assertPart(wizard.action_confirm(), 4, 4)
        self.assertEqual(self.people.officer_id, self.colleague)

    def test_assign_complaints(self):
        """R48: only what is still to be answered is handed to a colleague."""
        contacts = self.env["beneficiary.interaction"].create(
            [
                {
                    "subject": kind,
                    "kind": kind,
                    "company_id": self.company.id,
                    "channel_id": self._channel("phone").id,
                    "party_name": "زائر",
                    "officer_id": self.officer.id,
                }
                for kind in ("complaint", "outreach", "suggestion")
            ]
        )
        action = self._call_as(
            self.officer,
            contacts._name,
            "action_assign_each",
            contacts.ids,
            self.colleague.id,
        )
        self.assertPart(action, 2, 3, "Not done: outreach.", "to be answered")
        self.assertEqual(contacts.owner_id, self.colleague)
        self.assertFalse(contacts[1].owner_id)

    def test_notify(self):
        """R17: the requests that are ready get the notice, the others the reason."""
        requests = self._make_request("verified") | self._make_request()
        ready, draft = requests
        channel = self._channel("phone")
        action = self._call_as(
            self.officer,
            REQUEST,
            "action_notify_each",
            requests.ids,
            channel.id,
            "Told",
        )
        self.assertPart(action, 1, 2, draft.name, "once the request is verified")
        self.assertTrue(ready.step_ids.filtered(lambda step: step.code == "notify"))
        self.assertFalse(draft.step_ids)

    def test_release(self):
        """R21: the chair releases what is decided, with a reason; not what is not."""
        decided = self._make_request("decided")
        requests = decided | self._make_request("in_review")
        for reason, done in ((None, False), ("Urgent", True)):
            with self.subTest(reason=reason):
                if not done:
                    with self.assertRaises(UserError):
                        self._call_as(
                            self.chair, REQUEST, "action_release_each", requests.ids
                        )
                    self.assertEqual(decided.state, "decided")
                    continue
                action = self._call_as(
                    self.chair, REQUEST, "action_release_each", requests.ids, reason
                )
                self.assertPart(action, 1, 2, requests[1].name)
        self.assertEqual(requests.mapped("state"), ["accepted", "in_review"])

    def test_the_form_of_many(self):
        """Mass actions: the form passes what was typed to the requests of the list."""
        requests = self._make_request("decided") | self._make_request("in_review")
        wizards = self.env["beneficiary.request.each"].with_user(self.chair)
        wizards = wizards.with_context(active_model=REQUEST, active_ids=requests.ids)
        wizard = wizards.create({"move": "release", "reason": "Urgent"})
        self.assertPart(wizard.action_confirm(), 1, 2)
        with self.assertRaises(AccessError):
            self.env["beneficiary.request.each"].with_user(self.outsider).create(
                {"move": "release", "request_ids": requests.ids}
            )

    def test_match(self):
        """R13: papers that are complete are matched, the others say what they lack."""
        papers = self.env["beneficiary.document"].union(
            *(self._make_document(file, self.identity_type) for file in self.people)
        )
        papers[1].expiry_date = False
        wizards = self.env["beneficiary.document.match"].with_user(self.officer)
        wizard = wizards.create({"document_ids": papers.ids, "source": "The card"})
        self.assertPart(wizard.action_confirm(), 3, 4, "expires")
        self.assertEqual(papers.filtered("matched_on"), papers - papers[1])

    def test_invite(self):
        """R46: who can be reached is invited, once; the others are named."""
        mails = []
        self.patch(
            type(self.env["mail.mail"]),
            "send",
            lambda mails_sent, *args, **kwargs: mails.extend(
                mails_sent.mapped("email_to")
            ),
        )
        self.people[2].write({"email": False, "phone": False})
        action = self._call_as(
            self.officer, FILE, "action_invite_each", self.people.ids
        )
        self.assertPart(action, 3, 4, "Write the person's e-mail or mobile number")
        invited = self.people - self.people[2]
        self.assertEqual(len(invited.portal_user_ids), 3)
        self.assertFalse(self.people[2].portal_user_ids)
        self.assertEqual(len(mails), len(set(mails)), "Nobody is invited twice")

    def test_try_again(self):
        """R22: failed notices leave again; those that did not fail are named."""
        requests = self._make_request() | self._make_request()
        notices = self.env["beneficiary.notice"]._queue(requests, "cancelled")
        failed = notices.filtered(lambda notice: notice.channel == "email")[0]
        failed.notification_id.notification_status = "exception"
        self.assertEqual(failed.state, "failed")
        action = self._call_as(
            self.officer, notices._name, "action_try_each", notices.ids
        )
        self.assertPart(action, 1, len(notices), "Only a failed notice")
        self.assertEqual(failed.tries, 2)

    def test_letters(self):
        """R40: the letters of many requests are one paper; drafts have none."""
        accepted = self._make_request("accepted")
        requests = accepted | self._make_request()
        action = self._call_as(
            self.officer, REQUEST, "action_print_letters", requests.ids
        )
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(action["context"]["active_ids"], accepted.decision_ids.ids)
        with self.assertRaises(UserError):
            self._call_as(
                self.officer, REQUEST, "action_print_letters", requests[1].ids
            )

    def test_one_record(self):
        """Mass actions: with one record the refusal is that of the record itself."""
        request = self._make_request()
        with self.assertRaisesRegex(UserError, "once the request is verified"):
            self._call_as(
                self.officer,
                REQUEST,
                "action_notify_each",
                request.ids,
                self._channel("phone").id,
                "Told",
            )
        with self.assertRaisesRegex(UserError, "Choose the records"):
            self._call_as(self.officer, REQUEST, "action_release_each", [])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_hostile(self):
        """Mass actions: nobody does over RPC with many what they may not with one."""
        requests = self._make_request("decided") | self._make_request("decided")
        calls = (
            (requests, "action_assign_each", [self.colleague.id]),
            (requests, "action_notify_each", [self._channel("phone").id, "Told"]),
            (requests, "action_release_each", ["Urgent"]),
            (requests, "action_print_letters", []),
            (self.people, "action_assign_each", [self.colleague.id]),
            (self.people, "action_invite_each", []),
        )
        for user in (self.applicant, self.outsider, self.stranger, self.delegate):
            for records, method, args in calls:
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(UserError),
                ):
                    self._call_as(user, records._name, method, records.ids, *args)
        for user in (self.researcher, self.auditor, self.member):
            for records, method, args in calls:
                if method == "action_print_letters":
                    continue
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(UserError),
                ):
                    self._call_as(user, records._name, method, records.ids, *args)
        self.assertEqual(set(requests.mapped("state")), {"decided"})
        self.assertNotIn(self.colleague, self.people.officer_id)
        self.assertFalse(self.people.portal_user_ids)

    def test_queries(self):
        """Scale: an action on 2N records takes as many queries as on N."""
        requests = self.env[REQUEST].union(*(self._make_request() for _n in range(8)))

        def count(some):
            seen = some.with_user(self.officer)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            seen.action_assign_each(self.colleague.id)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(requests[:2])
        self.assertEqual(count(requests[:4]), count(requests))
