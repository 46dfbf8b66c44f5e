from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import PIXEL
from ..messages.common import NoticeCase
from ..request.common import DECIDED, RAISED, RELEASE, PortalCase

FILE = "beneficiary.beneficiary"
REQUEST = "beneficiary.request"
DIED = "has died"
LATE = "beneficiary_relations.mail_activity_type_late"
DEATH = "beneficiary_relations.mail_activity_type_death"


class DeathCase(NoticeCase):
    def _record_death(self, user=None, file=None, **given):
        file = file or self.file
        values = {"death_date": "2026-01-05", "reason": "Death certificate", **given}
        self.env.invalidate_all()
        result = call_kw(
            self.env(user=user or self.officer, context={"lang": "en_US"})[FILE],
            "action_record_death",
            [file.ids],
            values,
        )
        self.env.invalidate_all()
        return result

    def _tasks(self, record, kind):
        wanted = self.env.ref(kind)
        return record.activity_ids.filtered(
            lambda activity: activity.activity_type_id == wanted
        )

    def assertStopped(self, record, user, method, **given):
        """Check that the step is refused over RPC, because the person has died."""
        self.env.invalidate_all()
        records = self.env(user=user, context={"lang": "en_US"})[record._name]
        with self.assertRaisesRegex(UserError, DIED):
            call_kw(records, method, [record.ids], given)


@tagged("post_install", "-at_install")
class TestDeath(DeathCase):
    """What a death stops, from the moment that it is recorded (R20, R21, R25)."""

    def test_a_held_reply_stays(self):
        """R21: the reply to the dead never leaves; the manager is told once."""
        request = self._raise_at(RAISED)
        self._decide_at(DECIDED, request)
        self.officer.sudo().lang = "en_US"
        with freeze_time(DECIDED):
            self._record_death(death_date="2026-03-19")
        for moment in (RELEASE, RELEASE + timedelta(hours=2), RELEASE.replace(month=5)):
            self._run_cron(moment)
            self.assertEqual(request.state, "decided")
            self.assertFalse(request.clock_error)
        self.assertFalse(request.notice_ids.filtered(lambda one: one.event == "reply"))
        self.assertEqual(self._tasks(request, LATE).user_id, self.manager)
        self.assertIn(DIED, request.with_user(self.officer).file_problem)
        for user in (self.officer, self.manager, self.chair):
            with freeze_time(RELEASE):
                self.assertStopped(request, user, "action_release", reason="Urgent")
        found = self.env[REQUEST].search([("beneficiary_id.state", "=", "deceased")])
        self.assertIn(request, found)

    def test_every_step(self):
        """R10: from every state each step is refused with a sentence, but the end."""
        steps = {
            "draft": [("action_submit", {"evidence": "Asked"})],
            "submitted": [
                ("action_verify", {"evidence": "Asked"}),
                ("action_return", {"reason": "Why so"}),
            ],
            "verified": [
                ("action_declare", {"signed_by": self.file.name, "signature": PIXEL}),
                ("action_notify", {"channel_id": 1, "text": "Told"}),
            ],
            "declared": [("action_raise", {})],
            "accepted": [("action_register", {"evidence": "Asked"})],
            "registered": [("action_deliver", {"evidence": "x", "reason": "y"})],
            "rejected": [
                ("action_appeal", {"reason": "x", "channel_id": 1}),
                ("action_reopen", {"reason": "Why so"}),
            ],
        }
        requests = {state: self._make_request(state) for state in steps}
        self._record_death()
        for state, moves in steps.items():
            for method, given in moves:
                with self.subTest(state=state, method=method):
                    user = self.manager if method == "action_reopen" else self.officer
                    self.assertStopped(requests[state], user, method, **given)
        for state in ("draft", "declared", "accepted", "registered"):
            requests[state].with_user(self.officer).action_cancel(reason="Died")
            self.assertEqual(requests[state].state, "cancelled")
            self.assertFalse(
                requests[state].notice_ids.filtered(
                    lambda one: one.event != "reply" and one.event == "cancelled"
                )
            )

    def test_the_committee(self):
        """R19: nobody votes on the request of the dead, and no agenda has it."""
        request = self._make_request("in_review")
        self._record_death()
        decision = request._get_current_decision()
        for user, method, given in (
            (self.member, "action_vote", {"choice": "accept"}),
            (self.chair, "action_vote", {"choice": "reject", "reason": "Why not"}),
        ):
            self.assertStopped(decision, user, method, **given)
        session = self.env["beneficiary.committee.session"].create(
            {
                "committee_id": self.committee.id,
                "start": "2030-01-01 08:00:00",
                "stop": "2030-01-01 09:00:00",
            }
        )
        session.with_user(self.chair).action_fill_agenda()
        self.assertNotIn(request, session.item_ids.request_id)
        with self.assertRaisesRegex(UserError, DIED):
            self.env["beneficiary.referral"].with_user(self.officer)._send(
                request.with_user(self.officer), self.researcher, "Why?"
            )

    def test_deliveries(self):
        """R25: nothing is planned, handed over or signed for in that name."""
        request = self._make_request("registered")
        planned = self._plan_delivery(request, amount=100)
        handed = self._plan_delivery(request, amount=100)
        self._hand_over(handed)
        self._record_death()
        day = str(self.company._get_beneficiary_today())
        given = {"received_by": self.file.name, "signature": PIXEL, "handed_on": day}
        self.assertStopped(planned, self.officer, "action_hand_over", handed_on=day)
        for delivery in planned | handed:
            self.assertStopped(delivery, self.officer, "action_receive", **given)
        with self.assertRaisesRegex(ValidationError, DIED):
            self._plan_delivery(request, amount=100)
        self.assertEqual((planned.state, handed.state), ("planned", "handed"))

    def test_received_before(self):
        """R25: what was received before the death is still recorded as delivered."""
        request = self._make_request("registered", amount_requested=0)
        self._receive(self._plan_delivery(request))
        self._record_death(death_date=str(self.company._get_beneficiary_today()))
        request.with_user(self.officer).action_deliver(evidence="All", reason="Rest")
        self.assertEqual(request.state, "delivered")
        self.assertFalse(request.notice_ids.filtered(lambda one: one.event == "rating"))

    def test_nothing_is_sent(self):
        """R20: what is queued is stopped with the reason; nothing new is queued."""
        request = self._return()
        waiting = self._return(description="Another")
        self.file.write({"notice_by_email": True})
        self._record_death()
        notices = (request | waiting).notice_ids
        self.assertEqual(set(notices.mapped("state")), {"stopped"})
        self.assertTrue(all(DIED in reason for reason in notices.mapped("stop_reason")))
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "in", notices.mail_message_id.ids)]
        )
        self.assertEqual(set(mails.mapped("state")), {"cancel"})
        self._send_texts()
        self._follow_up(self.env.cr.now() + timedelta(days=3))
        self.assertFalse(self.texts)
        self.assertEqual(set(notices.mapped("state")), {"stopped"})
        self.assertFalse(self._get_plans(request))
        self.assertFalse(self.env["beneficiary.notice"]._queue(request, "reply"))
        for record in (request, self.file):
            message = record.with_user(self.officer).message_post(
                body="Come in", subtype_xmlid="mail.mt_comment"
            )
            told = message.sudo().notified_partner_ids
            self.assertFalse(told.filtered("partner_share"))
        self.assertFalse(self.file.partner_id.email)
        with self.assertRaises(UserError):
            self.file.with_user(self.officer).action_whatsapp()
        with self.assertRaisesRegex(UserError, DIED):
            self.file.with_user(self.officer).action_invite_to_portal()
        composer = self.env["sms.composer"].with_user(self.officer)
        for record in (self.file, request):
            text = composer.create(
                {
                    "res_model": record._name,
                    "res_ids": repr(record.ids),
                    "composition_mode": "mass",
                    "body": "x",
                }
            )
            with self.assertRaisesRegex(UserError, DIED):
                text.action_send_sms()

    def test_scheduled_actions(self):
        """R22: reviews, reminders of papers and lists to call leave out the dead."""
        self.file.with_user(self.officer).action_activate()
        paper = self._make_document(
            self.file,
            self.identity_type,
            expiry_date=self.company._get_beneficiary_today() + timedelta(days=2),
        )
        outreach = self.env["beneficiary.outreach"].create(
            {
                "name": "Winter",
                "channel_id": self._channel("phone").id,
                "company_id": self.company.id,
                "line_ids": [Command.create({"beneficiary_id": self.file.id})],
            }
        )
        self._record_death()
        self.assertFalse(outreach.line_ids)
        with self.assertRaisesRegex(ValidationError, DIED):
            outreach.line_ids = [Command.create({"beneficiary_id": self.file.id})]
        with self.assertRaises(UserError):
            outreach.with_user(self.officer).action_plan(self.file.ids)
        later = self.env.cr.now() + timedelta(days=400)
        for name, moment in (("renewal", None), ("file_review", later)):
            cron = self.env.ref(f"beneficiary_relations.ir_cron_{name}")
            with (
                freeze_time(moment or self.env.cr.now()),
                self.enter_registry_test_mode(),
            ):
                cron.method_direct_trigger()
        self.assertFalse(paper.reminded_on)
        self.assertEqual(self.file.activity_ids.activity_type_id, self.env.ref(DEATH))

    def test_what_the_office_does_next(self):
        """R10: the officer of the file is told what to decide."""
        self.file.officer_id = self.officer
        self._record_death(self.manager)
        self.assertEqual(self._tasks(self.file, DEATH).user_id, self.officer)

    def test_who_and_when(self):
        """R10: the front desk records it, with a day that can be, for a person."""
        self.file.branch_id = self._make_branch(self.delegate)
        self.file.birth_date = "1980-05-01"
        for user in (self.researcher, self.chair, self.auditor, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._record_death(user)
        tomorrow = self.company._get_beneficiary_today() + timedelta(days=1)
        for given, words in (
            ({"death_date": str(tomorrow)}, "still to come"),
            ({"death_date": "1979-01-01"}, "before the day of birth"),
            ({"death_date": False}, "Write the day of death"),
            ({"death_date": "yesterday"}, "is not a date"),
            ({"death_date": [1]}, "is not a date"),
            ({"reason": " "}, "Write the reason"),
        ):
            with self.subTest(given=given), self.assertRaisesRegex(UserError, words):
                self._record_death(**given)
        place = self.env[FILE].create({"name": "مسجد المثال", "kind": "place"})
        with self.assertRaisesRegex(UserError, "Only a person dies"):
            self._record_death(file=place)
        self._record_death(self.delegate, death_date="1447-07-16")
        self.assertEqual(self.file.state, "deceased")
        self.assertEqual(str(self.file.death_date), "2026-01-05")
        self.assertEqual(self.file.state_reason, "Death certificate")

    def test_not_written_by_hand(self):
        """Safety: write, create and import refuse what a death records."""
        for vals in ({"death_date": "2026-01-05"}, {"successor_id": self.file.id}):
            with self.assertRaises(UserError):
                self._call_as(self.manager, FILE, "write", self.file.ids, vals)
            with self.assertRaises(UserError):
                self._call_as(self.manager, FILE, "create", [{"name": "X", **vals}])

    def test_taken_back(self):
        """R11: only a manager takes it back; accounts follow and notices wait again."""
        request = self._return()
        self._record_death()
        for user, error in ((self.officer, AccessError), (self.manager, UserError)):
            with self.assertRaises(error):
                self._call_as(user, FILE, "action_correct_death", self.file.ids, " ")
        self._call_as(
            self.manager, FILE, "action_correct_death", self.file.ids, "Another person"
        )
        self.env.invalidate_all()
        self.assertEqual((self.file.state, self.file.death_date), ("active", False))
        self.assertIn(self.applicant, self.file._get_portal_users())
        self.assertEqual(set(request.notice_ids.mapped("state")), {"failed"})
        self.assertTrue(self._get_plans(request))
        self.assertFalse(self._tasks(self.file, DEATH))
        self.assertEqual(self.file.partner_id.email, self.file.email)
        request.notice_ids.with_user(self.officer).action_try_again()
        self.assertEqual(set(request.notice_ids.mapped("state")), {"queued"})

    def test_dependants(self):
        """R10: the death of a dependant is recorded in both files, and counts."""
        child = self.env[FILE].create({"name": "ابن المثال"})
        members = self.env["beneficiary.household.member"].create(
            [
                {"beneficiary_id": self.file.id, "name": "ابن", "birth_date": born}
                for born in ("2015-01-01", "2016-01-01", "2017-01-01")
            ]
        )
        members[0].member_file_id = child
        for vals in ({"death_date": "2099-01-01"}, {"death_date": "2014-01-01"}):
            with self.assertRaises(ValidationError):
                members[0].with_user(self.officer).write(vals)
        members[:2].with_user(self.officer).write({"death_date": "2026-01-05"})
        self.assertEqual(self.file.member_count, 1)
        self.assertEqual(child.state, "deceased")
        with self.assertRaises(ValidationError):
            members[0].with_user(self.officer).active = True
        other = self.env[FILE].create({"name": "ابن آخر"})
        members[2].member_file_id = other
        self._record_death(file=other)
        self.assertEqual(str(members[2].death_date), "2026-01-05")
        self.assertEqual(self.file.member_count, 0)
        self._call_as(self.manager, FILE, "action_correct_death", other.ids, "Mistake")
        self.env.invalidate_all()
        self.assertEqual(self.file.member_count, 1)

    def test_a_guardian_dies(self):
        """R33: the dead represent nobody, and the ward's office is told."""
        ward = self.env[FILE].create({"name": "طفل", "officer_id": self.officer.id})
        line = self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": ward.id,
                "name": self.file.name,
                "identity_number": self.file.identity_number,
                "date_from": "2020-01-01",
            }
        )
        self._record_death()
        self.assertFalse(line._filter_acting())
        self.assertEqual(ward.activity_ids.user_id, self.officer)

    def test_merge(self):
        """R10: a merge does not bring the dead back, nor bury the living."""
        other = self.env[FILE].create({"name": "سالم المثال"})
        self._record_death()
        for files in ((other, self.file), (self.file, other)):
            with self.assertRaisesRegex(UserError, "recorded as deceased"):
                files[0]._merge_from(files[1], [])


@tagged("post_install", "-at_install")
class TestDeathPortal(PortalCase):
    """Nobody follows the file of the dead on the portal."""

    def test_accounts(self):
        """R43: the person's account and the guardian's see nothing any more."""
        request = self._make_request("submitted")
        guardian = self._make_guardian()
        self.file.with_user(self.officer).action_record_death(
            "2026-01-05", "Death certificate"
        )
        for user in (self.applicant, guardian):
            with self.subTest(user=user.login):
                self._sign_in(user)
                self.assertNotEqual(
                    self.url_open(
                        f"/my/requests/{request.id}", allow_redirects=False
                    ).status_code,
                    200,
                )
                for model in (FILE, REQUEST):
                    self.assertFalse(self._rpc(model, "search", []))


@tagged("post_install", "-at_install")
class TestSuspension(NoticeCase):
    """What a suspension or a closure stops after the submission (R18, R24, R25)."""

    def _try(self, record, method, **given):
        with self.assertRaisesRegex(UserError, "suspended or closed"):
            self.env.invalidate_all()
            records = self.env(user=self.officer, context={"lang": "en_US"})
            call_kw(records[record._name], method, [record.ids], given)

    def test_suspended_and_closed(self):
        """R10: raising, registering and handing over stop, and go on afterwards."""
        declared = self._make_request("declared")
        declared.with_user(self.officer).action_notify(
            channel_id=self._channel("phone").id, text="Told"
        )
        accepted = self._make_request("accepted")
        delivery = self._plan_delivery(self._make_request("registered"), amount=100)
        day = str(self.company._get_beneficiary_today())
        receipt = {"received_by": self.file.name, "signature": PIXEL, "handed_on": day}
        for state in ("suspended", "closed"):
            self.file.sudo().state = state
            self._try(declared, "action_raise")
            self._try(accepted, "action_register", evidence="Done so")
            self._try(delivery, "action_hand_over", handed_on=day)
            self._try(delivery, "action_receive", **receipt)
            self.assertIn("suspended", declared.checklist)
        self.file.with_user(self.manager).action_reopen(reason="Back")
        declared.with_user(self.officer).action_raise()
        accepted.with_user(self.officer).action_register(evidence="Done so")
        delivery.with_user(self.officer).action_receive(**receipt)
        self.assertEqual(delivery.state, "received")
