import base64
from ast import literal_eval

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import PIXEL, pdf_base64
from .common import SessionCase


@tagged("post_install", "-at_install", "with_demo")
class TestSessionAttendance(SessionCase):
    def test_roll(self):
        """R19: every member in office is on the list, at first without a mark."""
        session = self._reach("open")
        self.assertEqual(
            session.attendance_ids.user_id,
            self.chair | self.secretary | self.member | self.member2,
        )
        self.assertEqual(set(session.attendance_ids.mapped("status")), {False})
        with self.assertRaisesRegex(UserError, "whether they were present"):
            self._as("chair", session).action_end()

    def test_nobody_was_there(self):
        """R19: if nobody was present, the session cannot end or close."""
        session = self._reach("open")
        everybody = session.attendance_ids.user_id
        self._mark_all(session, absent=everybody)
        with self.assertRaisesRegex(UserError, "Nobody is marked as present"):
            self._as("chair", session).action_end()
        self._mark_all(session, absent=everybody - self.member)
        self._as("chair", session).action_end()
        self._mark_all(session, absent=everybody)
        with self.assertRaisesRegex(UserError, "Nobody is marked as present"):
            self._as("chair", session).action_close()

    def test_substitutes(self):
        """R19: a substitute with a ballot is called, but not counted for the quorum."""
        self.committee.member_ids = [
            Command.create(
                {"user_id": user.id, "role": "substitute", "date_from": "2021-01-01"}
            )
            for user in (self.former, self.far_chair)
        ]
        request = self._raise()
        for voter in (self.secretary, self.member):
            request.decision_ids.with_user(voter).action_vote("recused", "A relative")
        called = request.decision_ids.vote_ids.user_id & (self.former | self.far_chair)
        self.assertEqual(len(called), 1)
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        self._mark_all(session)
        members = self.chair | self.secretary | self.member | self.member2
        self.assertEqual(session.attendance_ids.user_id, members | called)
        self.assertEqual(
            session.calendar_event_id.partner_ids.user_ids, members | called
        )
        self.assertIn("4 of 4 members", session.quorum_sentence)

    def test_called_in_the_session(self):
        """R19: a substitute called during an open session is on its list, and signs."""
        self.committee.member_ids = [
            Command.create(
                {
                    "user_id": self.former.id,
                    "role": "substitute",
                    "date_from": "2021-01-01",
                }
            )
        ]
        request = self._raise()
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        self.assertNotIn(self.former, session.attendance_ids.user_id)
        self._mark_all(session)
        for voter in (self.secretary, self.member):
            request.decision_ids.with_user(voter).action_vote("recused", "A relative")
        line = session.attendance_ids.filtered(lambda line: line.user_id == self.former)
        self.assertEqual((line.role, line.status), ("substitute", False))
        self.assertIn(self.former.partner_id, session.calendar_event_id.partner_ids)
        self.assertEqual(len(session.attendance_ids), 5)
        self._as("chair", line).action_mark_present()
        self._as("chair", session).action_end()
        self._as("former", session).action_sign(PIXEL)
        self.assertTrue(line.signed_on)

    def test_called_with_a_late_request(self):
        """R19: a substitute called for a request added later is on the list too."""
        self.committee.member_ids = [
            Command.create(
                {
                    "user_id": self.former.id,
                    "role": "substitute",
                    "date_from": "2021-01-01",
                }
            )
        ]
        first, second = self._plan(), self._reach("open")
        request = self._raise()
        for voter in (self.secretary, self.member):
            request.decision_ids.with_user(voter).action_vote("recused", "A relative")
        items = self._as("chair", self.env["beneficiary.session.item"])
        item = items.create({"session_id": first.id, "request_id": request.id})
        self.assertIn(self.former.partner_id, first.calendar_event_id.partner_ids)
        self.assertFalse(first.attendance_ids)
        item.action_postpone("The other session is today")
        self._as("chair", second).action_fill_agenda()
        self.assertIn(self.former, second.attendance_ids.user_id)

    def test_seated_since(self):
        """R19: a member who takes a seat after the opening is on the list only once."""
        session = self._reach("open")
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member
        )
        with freeze_time("2030-01-02 07:00:00"):
            seat.date_to = "2030-01-01"
            self.committee.with_user(self.manager).member_ids = [
                Command.create({"user_id": user.id, "date_from": "2030-01-02"})
                for user in (self.former, self.member)
            ]
            users = self.chair | self.secretary | self.member | self.member2
            self.assertEqual(session.attendance_ids.user_id, users | self.former)
            self.assertEqual(len(session.attendance_ids), 5)

    def test_mark(self):
        """R19: chair or secretary mark the attendance until the session is closed."""
        session = self._reach("open")
        line = session.attendance_ids[0]
        for actor in ("member", "manager", "superuser"):
            with self.subTest(actor=actor), self.assertRaises(AccessError):
                self._as(actor, line).action_mark_present()
        for status in ("present", "excused", "absent"):
            getattr(self._as("secretary", line), f"action_mark_{status}")()
            self.assertEqual(line.status, status)
        for actor in ("chair", "manager"):
            with self.assertRaises(AccessError):
                self._as(actor, line).write({"status": "present"})

    def test_quorum_is_shown(self):
        """R19: the shown quorum follows from the members in office and the rule."""
        session = self._reach("open")
        self._mark_all(session, absent=self.member | self.member2)
        self.assertEqual(
            session.quorum_sentence,
            "2 of 4 members are present; 3 make a quorum.",
        )
        self.assertFalse(session.has_quorum)
        self._mark_all(session, absent=self.member)
        self.assertTrue(session.has_quorum)

    def test_quorum_of_then(self):
        """R19: a later change of the rule does not change the quorum of the session."""
        session, running = self._reach("minutes"), self._reach("open")
        told = "4 of 4 members are present; 3 make a quorum."
        self._mark_all(running)
        self.assertEqual(
            (session.quorum_sentence, running.quorum_sentence), (told,) * 2
        )
        self.committee.with_user(self.manager).write(
            {"quorum_type": "number", "quorum": 4}
        )
        self.env.invalidate_all()
        self.assertEqual(session.quorum_sentence, told)
        self.assertEqual(running.needed_count, 4)
        # Attendance may be marked again until the closing, by the earlier rule.
        self._mark_all(session, absent=self.member)
        self.assertEqual((session.present_count, session.needed_count), (3, 3))
        self.assertTrue(session.has_quorum)
        self._sign_all(session)
        self._as("chair", session).action_close()
        with self.enter_registry_test_mode():
            cron = self.env.ref("beneficiary_relations.ir_cron_seal")
            cron.method_direct_trigger()
        with self.assertRaisesRegex(UserError, "is sealed"):
            session._write_flow({"quorum_needed": 4})

    def test_sign_for_oneself(self):
        """R19: members who were present sign, each only for themselves."""
        session = self._reach("open")
        self._mark_all(session, absent=self.member2)
        with self.assertRaisesRegex(UserError, "between draft and closing"):
            self._as("member", session).action_sign(PIXEL)
        self._as("chair", session).action_end()
        for actor in ("member2", "manager", "superuser"):
            with self.assertRaises(AccessError):
                self._as(actor, session).action_sign(PIXEL)
        place = session.attendance_ids.filtered(
            lambda line: line.user_id == self.secretary
        )
        with self.assertRaisesRegex(AccessError, "for themselves"):
            place.with_user(self.chair).sudo()._sign(PIXEL)
        with self.assertRaisesRegex(UserError, "Draw your signature"):
            self._as("member", session).action_sign()
        with self.assertRaises(ValidationError):
            self._as("member", session).action_sign(base64.b64encode(b"<svg/>"))
        self.assertTrue(self._as("member", session).can_sign)
        self._as("member", session).action_sign(PIXEL)
        self.assertFalse(self._as("member", session).can_sign)
        signed = session.attendance_ids.filtered("signed_on")
        self.assertEqual(signed.user_id, self.member)
        with self.assertRaisesRegex(UserError, "br_chair, br_secretary"):
            self._as("chair", session).action_close()

    def test_sign_on_the_form(self):
        """R19: the signature form stores the signature."""
        session = self._reach("minutes")
        wizards = self._as("member", self.env["beneficiary.session.move"])
        context = {"default_session_id": session.id, "default_move": "sign"}
        with Form(wizards.with_context(**context)) as form:
            form.signature = PIXEL
        form.record.action_confirm()
        self.assertEqual(
            session.attendance_ids.filtered("signature").user_id, self.member
        )

    def test_signed_paper(self):
        """R19: instead, a scan of the signed paper may be attached (photo or PDF)."""
        session = self._reach("minutes")
        chair = self._as("chair", session)
        with self.assertRaises(ValidationError):
            chair.write({"signed_paper": "eA==", "signed_paper_name": "x.exe"})
        chair.write({"signed_paper": PIXEL, "signed_paper_name": "minutes.png"})
        chair.action_close()
        self.assertEqual((session.state, session.closed_by_id), ("closed", self.chair))

    def test_waiting_for_my_signature(self):
        """R19: members find the sessions that wait for their signature."""
        session = self._reach("minutes")
        view = self.env.ref("beneficiary_relations.committee_session_view_search")
        domain = view.arch.split('name="filter_to_sign"')[1].split('domain="')[1]
        domain = domain.split('"')[0].replace("uid", str(self.member.id))
        sessions = self._as("member", self.env["beneficiary.committee.session"])
        found = sessions.search(literal_eval(domain))
        self.assertEqual(found, session)
        self._as("member", session).action_sign(PIXEL)
        self.assertFalse(sessions.search(literal_eval(domain)))


@tagged("post_install", "-at_install")
class TestSignatureActivity(SessionCase):
    def _get_asked(self, session):
        return session.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("beneficiary_relations.mail_activity_type_minutes")
            )
        ).user_id

    def test_who_was_present_is_asked(self):
        """R19: only members whose signature is missing have an activity."""
        session = self._reach("open")
        self.assertFalse(session.activity_ids)
        self._mark_all(session, absent=self.member2)
        self._as("secretary", session).action_end()
        present = self.chair | self.secretary | self.member
        self.assertEqual(self._get_asked(session), present)
        self._as("member", session).action_sign(PIXEL)
        self.assertEqual(self._get_asked(session), self.chair | self.secretary)
        late = session.attendance_ids.filtered(
            lambda line: line.user_id == self.member2
        )
        self._as("chair", late).action_mark_present()
        self.assertEqual(self._get_asked(session), present | self.member2)
        self._as("chair", late).action_mark_absent()
        self._sign_all(session)
        self.assertFalse(self._get_asked(session))

    def test_what_was_changed_is_signed_anew(self):
        """R19: changed minutes ask for signatures again, or for the signed paper."""
        session = self._reach("minutes")
        everybody = self._get_asked(session)
        self.assertEqual(len(everybody), 4)
        self._sign_all(session)
        self._as("chair", session).minutes = "<p>Another text</p>"
        self.assertEqual(self._get_asked(session), everybody)
        self._as("chair", session).write(
            {"signed_paper": pdf_base64(), "signed_paper_name": "scan.pdf"}
        )
        self.assertFalse(self._get_asked(session))

    def test_language(self):
        """Messages: each member is asked in their own language."""
        session = self._reach("open")
        self.member.lang, self.chair.lang = "ar_001", "en_US"
        self._mark_all(session)
        self._as("secretary", session).action_end()
        summaries = {
            activity.user_id: activity.summary for activity in session.activity_ids
        }
        self.assertEqual(summaries[self.chair], "Sign the minutes")
        self.assertEqual(summaries[self.member], "توقيع المحضر")

    def test_several_associations(self):
        """R43: a user who acts in two associations asks the members of each."""
        session = self._reach("open")
        self._mark_all(session)
        self.secretary.company_ids |= self.other
        both = (self.company | self.other).ids
        self.member2.write(
            {"company_id": self.other.id, "company_ids": [Command.set(self.other.ids)]}
        )
        session = session.with_user(self.secretary)
        session.with_context(allowed_company_ids=both).action_end()
        asked = self._get_asked(session.sudo())
        self.assertEqual(asked, self.chair | self.secretary | self.member)

    def test_the_calendar_plans_none(self):
        """The meeting of a session makes no activity: the calendar shows it."""
        self.assertFalse(self._plan().activity_ids)


@tagged("post_install", "-at_install", "with_demo")
class TestSessionMinutes(SessionCase):
    def _hold(self):
        """Return a session with a decision against a vote, and a postponed request."""
        self.decided, self.postponed = self._raise(2)
        decision = self.decided.decision_ids
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        decision.with_user(self.chair).action_vote("accept")
        decision.with_user(self.secretary).action_vote("accept")
        decision.with_user(self.member).action_vote("reject", "The income suffices")
        decision.with_user(self.member2).action_vote("recused", "A neighbour of mine")
        decision.with_user(self.chair).action_close_vote()
        item = session.item_ids.filtered(lambda item: not item.outcome)
        item = item.filtered(lambda item: item.request_id == self.postponed)
        self._as("chair", item).action_postpone("The lease is missing")
        self._mark_all(session)
        self._as("secretary", session).action_end()
        return session

    def test_draft(self):
        """R19, R23: minutes have counts, reasons and dissent, but no named vote."""
        session = self._hold()
        text = str(session.minutes)
        for expected in (
            self.decided.name,
            "Accepted",
            "Decided by majority: 2 for, 1 against, 0 abstained.",
            "The income suffices",
            "Stepped aside",
            self.postponed.name,
            "Postponed",
            "The lease is missing",
        ):
            self.assertIn(expected, text)
        self.assertNotIn(self.file.name, text)
        self.assertNotIn("A neighbour of mine", text)
        self.assertIn("br_member2", text)  # stepping aside is no vote
        for voter in ("br_chair", "br_secretary", "br_member<"):
            self.assertNotIn(voter, text)

    def test_no_decision(self):
        """R19: the minutes report a vote without a decision, with the reason."""
        undecided, in_circulation = self._raise(2)
        decision = undecided.decision_ids
        session = self._plan()
        items = self._as("chair", self.env["beneficiary.session.item"])
        item = items.create({"session_id": session.id, "request_id": undecided.id})
        self._as("chair", session).action_open()
        decision.with_user(self.chair).action_vote("abstain")
        decision.with_user(self.member).action_vote("reject", "The income suffices")
        for study in (decision, in_circulation.decision_ids):
            study.with_user(self.secretary).action_vote("accept")
        for study in (decision, in_circulation.decision_ids):
            action = self._as("secretary", study).action_close_vote()
        self.assertEqual(
            action["params"]["next"], {"type": "ir.actions.act_window_close"}
        )
        # Members who have not voted learn only that there is no decision.
        told = self._as("member2", session.item_ids)
        told.invalidate_recordset()
        self.assertEqual((told.outcome, told.outcome_reason), ("undecided", False))
        for actor in ("member2", "chair", "manager"):
            with self.assertRaises(AccessError):
                self._as(actor, item).read(["result_code"])
        decision.with_user(self.member2).action_vote("accept")  # as it stood before
        self._mark_all(session)
        self._as("secretary", session).action_end()
        # They do not learn how the chair voted: the study goes on, and all read this.
        told = "No Decision</strong>: <span>The votes cast made no decision."
        text = str(session.minutes).replace(' dir="auto"', "")
        self.assertIn(told, " ".join(text.split()))
        self.assertNotIn("A tie of 1 to 1", text)
        self.assertNotIn("The income suffices", text)
        self.assertEqual(text.count("No Decision"), 1)

    def test_decided_after_all(self):
        """R19: a request decided later in the same session is reported as decided."""
        request = self._raise()
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        decision = request.decision_ids
        decision.with_user(self.chair).action_vote("accept")
        decision.with_user(self.chair).action_close_vote()
        self.assertEqual(session.item_ids.outcome, "undecided")
        self._decide(request)
        self._mark_all(session)
        self._as("chair", session).action_end()
        self.assertEqual(session.item_ids.outcome, "decided")
        self.assertNotIn("Too few members", session.minutes)

    def test_language(self):
        """R44: minutes are in the language of the user who ends the session."""
        template = self.env.ref("beneficiary_relations.session_minutes_draft")
        template.update_field_translations(
            "arch_db", {"ar_001": {"Requests Studied": "الطلبات المدروسة"}}
        )
        session = self._hold()
        self.assertIn("Requests Studied", session.minutes)
        self._as("chair", session).with_context(lang="ar_001").action_draft_minutes()
        self.assertIn("الطلبات المدروسة", session.minutes)

    def test_editing_voids_signatures(self):
        """R19: a change of the minutes clears the signatures and asks for new ones."""
        session = self._reach("minutes")
        self._as("member", session).action_sign(PIXEL)
        chair = self._as("chair", session)
        chair.minutes = session.minutes  # nothing has changed
        self.assertTrue(session.attendance_ids.filtered("signed_on"))
        chair.minutes = "<p>Otherwise</p>"
        self.assertFalse(session.attendance_ids.filtered("signed_on"))
        self.assertFalse(session.attendance_ids.filtered("signature"))
        self._sign_all(session)
        session.attendance_ids.filtered(
            lambda line: line.user_id == self.member
        ).with_user(self.chair).action_mark_absent()
        self.assertFalse(session.attendance_ids.filtered("signed_on"))
        self._sign_all(session)
        chair.action_draft_minutes()
        self.assertFalse(session.attendance_ids.filtered("signed_on"))

    def test_editing_voids_the_signed_paper(self):
        """R19: a change of the minutes removes the signed paper."""
        session = self._reach("minutes")
        chair = self._as("chair", session)
        place = session.attendance_ids.filtered(lambda line: line.user_id == self.chair)
        paper = {"signed_paper": PIXEL, "signed_paper_name": "minutes.png"}
        changes = {
            "edited": lambda: chair.write({"minutes": "<p>Otherwise</p>"}),
            "drafted again": chair.action_draft_minutes,
            "attendance": lambda: place.with_user(self.chair).action_mark_absent(),
            "with a paper": lambda: chair.write({"minutes": "<p>Forged</p>", **paper}),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                chair.write(paper)
                change()
                self.assertFalse(session.signed_paper)
                self.assertFalse(session.signed_paper_name)
                self.assertIn("signed again", session.message_ids[0].body)
                with self.assertRaisesRegex(UserError, "have not signed yet"):
                    chair.action_close()
        chair.write(paper)
        chair.minutes = session.minutes  # nothing has changed
        self.assertTrue(session.signed_paper)

    def test_who_drafts(self):
        """R19: only chair and secretary draft again, and only before closing."""
        session = self._reach("minutes")
        for actor in ("member", "manager", "superuser"):
            with self.subTest(actor=actor), self.assertRaises(AccessError):
                self._as(actor, session).action_draft_minutes()
        with self.assertRaises(AccessError):
            self._as("superuser", session).write({"minutes": "<p>Mine</p>"})
        self._sign_all(session)
        self._as("chair", session).action_close()
        with self.assertRaisesRegex(UserError, "when a session ends"):
            self._as("chair", session).action_draft_minutes()

    def test_hostile_html(self):
        """R19: scripts in edited minutes are never run."""
        session = self._reach("minutes")
        self._as(
            "chair", session
        ).minutes = "<p onclick='x()'>A<script>x()</script></p>"
        self.assertNotIn("script", session.minutes)
        self.assertNotIn("onclick", session.minutes)

    def _print(self, session, name, **context):
        reports = self._as("chair", self.env["ir.actions.report"])
        action = f"beneficiary_relations.{name}_report_action"
        html = reports.with_context(**context)._render_qweb_html(action, session.ids)[0]
        return html.decode()

    def test_attendance_is_printed_as_marked(self):
        """R19: attendance that is marked again is printed as it is now."""
        session = self._hold()
        for status, quorum in (("Present", "4 of 4"), ("Excused", "3 of 4")):
            paper = self._print(session, "session_minutes")
            roll = paper.split("Attendance")[1].split("Requests Studied")[0]
            with self.subTest(status=status):
                self.assertIn(f"{quorum} members are present", roll)
                self.assertIn(status, roll)
                self.assertEqual(roll.count("<tr"), 4)
            self.assertNotIn("members are present", session.minutes)
            line = session.attendance_ids.filtered(
                lambda line: line.user_id == self.member
            )
            self._as("chair", line).action_mark_excused()

    def test_papers(self):
        """R40, R44: agenda, sheets and minutes have the letterhead, also in Arabic."""
        session = self._hold()
        self._as("member", session).action_sign(PIXEL)
        agenda = self._print(session, "session_agenda")
        for expected in (session.name, self.decided.name, "3 Shawwal 1447 AH"):
            self.assertIn(expected, agenda)
        self.assertNotIn(self.file.name, agenda)
        sheets = self._print(session, "session_study")
        self.assertEqual(sheets.count("o_br_study"), 2)
        minutes = self._print(session, "session_minutes")
        self.assertIn("The income suffices", minutes)
        self.assertEqual(minutes.split("Signatures")[1].count("data:image/png"), 1)
        # Minutes are printed in the language they were written in, by any user.
        minutes = self._print(session, "session_minutes", lang="ar_001")
        self.assertIn("Signatures", minutes)
        self._as("chair", session).with_context(lang="ar_001").action_draft_minutes()
        for lang in ("ar_001", "en_US"):
            minutes = self._print(session, "session_minutes", lang=lang)
            self.assertIn('dir="rtl"', minutes)
            self.assertNotIn("Signatures", minutes)

    def test_papers_tell_when_it_was_held(self):
        """R19, R40: minutes state the real hours, in the association's time zone."""
        self.chair.tz = "Pacific/Auckland"  # a time zone with another day
        with freeze_time("2026-03-24 20:15:00"):
            request = self._make_request("in_review")
            session = self._plan()
            self._as("chair", session).action_fill_agenda()
            self._as("chair", session).action_open()
            self._mark_all(session)
        self.assertIn("10:00", self._print(session, "session_agenda"))  # as planned
        with freeze_time("2026-03-24 20:55:00"):
            self._as("chair", session).action_end()
            self._as("member", session).action_sign(PIXEL)
        request._write_flow({"reply_due_on": "2026-04-01 20:00:00"})
        minutes = self._print(session, "session_minutes", tz="Pacific/Auckland")
        facts, signatures = minutes.split("Signatures")
        for expected in ("23:15", "23:55", "5 Shawwal 1447 AH"):
            self.assertIn(expected, facts)
        self.assertNotIn("10:00", facts)
        self.assertIn("24 March 2026", signatures)
        self.assertNotIn("25 March 2026", signatures)
        for name in ("session_agenda", "session_study"):
            paper = self._print(session, name, tz="Pacific/Auckland")
            self.assertIn("1 April 2026", paper)
            self.assertNotIn("2 April 2026", paper)
            self.assertIn("3 Shawwal 1447 AH", paper)
