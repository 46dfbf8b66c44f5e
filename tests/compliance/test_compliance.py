from datetime import datetime
from html import unescape

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DAY, HOUR, SUBMITTED, ComplianceCase


@tagged("post_install", "-at_install", "without_demo")
class TestCompliance(ComplianceCase):
    def test_a_kept_policy(self):
        """R50: a request that went through all steps keeps every clause."""
        self._live("delivered")
        figures = self._get_figures(self._open_page())
        for code in (
            "step_receive",
            "step_verify",
            "step_declare",
            "step_notify",
            "step_register",
            "step_deliver",
            "time_given",
            "notice_first",
            "in_order",
            "with_evidence",
            "by_person",
            "in_window",
            "rating_asked",
        ):
            with self.subTest(code=code):
                self.assertEqual(figures[code], (1, 1))
        for code in ("step_refer", "early_reason", "rejection_reason", "void_reason"):
            with self.subTest(code=code):
                self.assertEqual(figures[code], (0, 0))

    def test_broken_clauses(self):
        """R50: what breaks a clause is counted, and its records are found."""
        request = self._live("in_review")
        steps = request.step_ids
        steps.filtered(lambda step: step.code == "verify").evidence = "."
        receive = steps.filtered(lambda step: step.code == "receive")
        receive.minutes = 0
        steps.filtered(lambda step: step.code == "notify").done_on = SUBMITTED
        page = self._open_page()
        figures = self._get_figures(page)
        for code in (
            "with_evidence",
            "time_given",
            "in_order",
            "apart_in_time",
        ):
            with self.subTest(code=code):
                self.assertEqual(figures[code], (0, 1))
                line = page.line_ids.filtered(lambda line, code=code: line.code == code)
                self.assertEqual(line.state, "broken")
                action = line.action_open_broken()
                rows = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(rows.request_id, request)

    def test_notice_after_raising(self):
        """R17: a notice that was given after the raising does not keep the clause."""
        request = self._live("in_review")
        notice = request.step_ids.filtered(lambda step: step.code == "notify")
        notice.done_on = request.raised_on + HOUR
        page = self._open_page()
        self.assertEqual(self._get_figures(page, "notice_first"), (0, 1))
        self.assertEqual(self._get_figures(page, "step_notify"), (1, 1))

    def test_notice_of_a_returned_request(self):
        """R17, R21: a request that comes back keeps its dates and its first notice."""
        request = self._live("in_review")
        with freeze_time(SUBMITTED + 5 * DAY):
            request.with_user(self.manager).action_return(reason="A paper is missing")
            self._advance(request, "in_review")
        page = self._open_page()
        self.assertEqual(self._get_figures(page, "notice_first"), (1, 1))
        self.assertEqual(self._get_figures(page, "void_reason"), (1, 1))

    def test_window(self):
        """R21: a reply before its floor, or after its due date, breaks the clause."""
        early = self._live("decided")
        with freeze_time(early.review_floor_on - HOUR):
            early.with_user(self.manager).action_release(reason="A surgery tomorrow")
        late = self._live("decided")
        with freeze_time(late.reply_due_on + HOUR):
            late.with_user(self.manager).action_release()
        owed = self._live("in_review")
        self.assertLess(owed.reply_due_on, datetime(2026, 5, 1))
        page = self._open_page()
        self.assertEqual(self._get_figures(page, "in_window"), (0, 3))
        self.assertEqual(self._get_figures(page, "early_reason"), (1, 1))
        early.decision_ids.early_release_reason = " "
        page.action_refresh()
        self.assertEqual(self._get_figures(page, "early_reason"), (0, 1))

    def test_rejection_and_appeal(self):
        """R20, R42: a rejection has its reason, and others study the appeal."""
        request = self._live("rejected")
        with freeze_time(request.released_on + DAY):
            others = [
                self._make_user(f"br_other_{number}", "committee", self.company)
                for number in range(2)
            ]
            self.committee.member_ids = [
                Command.create({"user_id": user.id, "role": role})
                for user, role in zip(others, ("secretary", "member"), strict=True)
            ]
            request.with_user(self.officer).action_appeal(
                reason="My income fell", channel_id=self._channel("phone").id
            )
            decision = request._get_current_decision()
            for user in others:
                decision.with_user(user).action_vote("accept")
            decision.with_user(others[0]).action_close_vote()
        with freeze_time(request.review_floor_on + DAY):
            request.with_user(self.manager).action_release()
        page = self._open_page()
        self.assertEqual(self._get_figures(page, "rejection_reason"), (1, 1))
        self.assertEqual(self._get_figures(page, "appeal_others"), (1, 1))
        self.assertEqual(self._get_figures(page, "in_window"), (2, 2))
        former = request.decision_ids.sorted("round")[0].vote_ids[0]
        self.env.cr.execute(
            "UPDATE beneficiary_vote SET user_id = %s WHERE id = %s",
            [others[0].id, former.id],
        )
        page.action_refresh()
        self.assertEqual(self._get_figures(page, "appeal_others"), (0, 1))

    def test_contacts(self):
        """R27, R28, R48: answers count once they are due, and outreach is counted."""
        contacts = self.env["beneficiary.interaction"]
        values = {
            "company_id": self.company.id,
            "channel_id": self._channel("phone").id,
            "beneficiary_id": self.file.id,
            "officer_id": self.officer.id,
        }
        with freeze_time(SUBMITTED):
            contacts.create({**values, "subject": "At once", "outcome": "Told so"})
            contacts.create({**values, "subject": "Never answered"})
            late = contacts.create({**values, "subject": "Late", "kind": "complaint"})
            contacts.create(
                {
                    **values,
                    "subject": "We called",
                    "kind": "outreach",
                    "direction": "out",
                    "outcome": "Reached",
                }
            )
        with freeze_time("2026-05-19 09:00:00"):
            contacts.create({**values, "subject": "Not due yet"})
            late._write_answer(late._prepare_answered_vals())
        page = self._open_page()
        self.assertEqual(self._get_figures(page, "enquiry_answered"), (1, 2))
        self.assertEqual(self._get_figures(page, "enquiry_in_time"), (1, 2))
        self.assertEqual(self._get_figures(page, "enquiry_same_day"), (1, 1))
        self.assertEqual(self._get_figures(page, "complaint_same_day"), (0, 1))
        self.assertEqual(self._get_figures(page, "complaint_answered"), (1, 1))
        self.assertEqual(self._get_figures(page, "complaint_in_time"), (0, 1))
        self.assertEqual(self._get_figures(page, "outreach"), (1, 1))
        phone = page.line_ids.filtered(
            lambda line: line.channel_id == self._channel("phone")
        )
        self.assertEqual(phone.kept, 5)
        action = phone.action_open_kept()
        self.assertEqual(
            self.env[action["res_model"]].search_count(action["domain"]), 5
        )

    def test_improvements_and_satisfaction(self):
        """R29, R31: improvements that ended, and satisfaction from five answers on."""
        self.env["beneficiary.improvement"].create(
            [
                {
                    "company_id": self.company.id,
                    "name": f"Improvement {day}",
                    "due_on": day,
                    "owner_id": self.officer.id,
                }
                for day in ("2026-04-01", "2026-05-31")
            ]
        )
        page = self._open_page()
        self.assertEqual(self._get_figures(page, "improvement_ended"), (0, 1))
        satisfied = page.line_ids.filtered(lambda line: line.code == "satisfied")
        self.assertEqual((satisfied.state, satisfied.has_share), ("no_case", False))

    def test_days_of_riyadh(self):
        """R22: a request of 00:30 in Riyadh belongs to the new day there."""
        self._live("submitted", datetime(2026, 2, 28, 20, 59))
        self._live("submitted", datetime(2026, 2, 28, 21, 0))
        for zone in ("Asia/Riyadh", "America/Los_Angeles"):
            self.manager.tz = zone
            page = self._open_page()
            line = page.line_ids.filtered(lambda line: line.code == "step_receive")
            self.assertEqual((line.total, line.before_total), (1, 1))

    def test_apart(self):
        """R50: migrated requests, and those of before the policy, stand apart."""
        self.env["beneficiary.request.migration"].create(
            {
                "company_id": self.company.id,
                "reference": "1445/1",
                "beneficiary_id": self.file.id,
                "service_id": self.service.id,
                "channel_id": self._channel("phone").id,
                "description": "Of the past",
                "state": "submitted",
                "submitted_on": "2026-03-15 07:00:00",
            }
        )
        self._live("submitted")
        self.policy._write_state({"in_force_on": "2026-03-15"})
        self._live("submitted", SUBMITTED - DAY)
        page = self._open_page()
        self.assertEqual(self._get_figures(page, "migrated"), (1, 1))
        self.assertEqual(self._get_figures(page, "before"), (1, 1))
        self.assertEqual(self._get_figures(page, "step_receive"), (1, 1))

    def test_version_and_order(self):
        """R50: channels come in the policy's order, and one version counts alone."""
        self._live("submitted")
        draft = self.policy.copy({"name": "Second"})
        draft.channel_line_ids.sorted("sequence")[0].unlink()
        draft.step_ids.filtered(lambda step: step.code == "deliver").unlink()
        draft.action_put_in_force()
        page = self._open_page(policy_id=draft.id)
        self.assertEqual(page.line_ids.channel_id, draft._get_channels())
        self.assertEqual(self._get_figures(page, "step_receive"), (0, 0))
        deliver = page.line_ids.filtered(lambda line: line.code == "step_deliver")
        self.assertEqual(deliver.state, "not_applicable")

    @freeze_time("2026-05-20 09:00:00")
    def test_every_click_opens_its_records(self):
        """R50: the records behind a line are exactly those that it counts."""
        self._live("delivered")
        self._live("rejected")
        self._live("submitted")
        page = self._open_page()
        for line in page.line_ids.filtered("source"):
            wanted = [("kept", line.kept)]
            if not line.is_counted:
                wanted.append(("broken", line.total - line.kept))
            for mark, count in wanted:
                with self.subTest(line=line.name, mark=mark):
                    action = getattr(line, f"action_open_{mark}")()
                    rows = self.env[action["res_model"]].with_user(self.manager)
                    rows = rows.search(action["domain"])
                    self.assertEqual(len(rows), count)
                    if rows:
                        self.assertTrue(rows[0].action_open()["res_id"])

    def test_few_queries(self):
        """R50: the number of queries does not depend on the number of records."""
        self._live("delivered")
        page = self._open_page()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page.action_refresh()
            page.line_ids.mapped("name")
            return self.env.cr.sql_log_count - before

        count()  # fills the caches
        few = count()
        for _number in range(3):
            self._live("rejected")
            self._live("submitted")
        self.assertEqual(count(), few)

    def test_trend(self):
        """R50: a figure is compared with the period before it."""
        self._live("in_review", datetime(2026, 1, 15, 7, 0), step=0 * HOUR)
        self._live("in_review")
        line = self._open_page().line_ids.filtered(
            lambda line: line.code == "apart_in_time"
        )
        self.assertEqual((line.kept, line.total), (1, 1))
        self.assertEqual((line.before_kept, line.before_total), (0, 1))
        self.assertEqual(line.trend, 100)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_may(self):
        """R43, R50: managers and auditors only, and only of their association."""
        self._live("submitted")
        page = self._open_page()
        for user in (self.officer, self.researcher, self.chair, self.applicant):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._open_page(user)
                with self.assertRaises(AccessError):
                    page.with_user(user).read(["computed_on"])
                for source in ("request", "reply", "contact", "use", "improvement"):
                    rows = self.env[f"beneficiary.compliance.{source}"]
                    with self.assertRaises(AccessError):
                        rows.with_user(user).search([])
        self.assertTrue(self._open_page(self.auditor).line_ids)
        ratings = self.env["beneficiary.compliance.rating"]
        with self.assertRaises(AccessError):
            ratings.with_user(self.auditor).search([])
        outside = page.with_user(self.outsider)
        outside = outside.with_context(allowed_company_ids=self.other.ids)
        for method in ("action_refresh", "action_print", "action_pack"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(outside, method)()
        with self.assertRaises(AccessError):
            outside.create({"company_id": self.company.id})
        with self.assertRaises(AccessError):
            page.line_ids[0].with_user(self.manager).write({"kept": 100})

    def test_paper(self):
        """R40, R50: the paper has every line, both calendars and who prepared it."""
        self._live("rejected")
        page = self._open_page()
        reports = self.env["ir.actions.report"].with_user(self.manager)
        html = reports.with_context(lang="en_US")._render_qweb_html(
            "beneficiary_relations.compliance_report", page.ids
        )[0]
        words = unescape(html.decode())
        for line in page.line_ids:
            self.assertIn(line.name, words)
        for expected in ("1 of 1", "1447 AH", self.manager.name, "No Case Yet"):
            self.assertIn(expected, words)

    def test_dates_are_asked_for(self):
        """R50: one's own period has a first and a last day, in this order."""
        page = self._open_page()
        with self.assertRaisesRegex(UserError, "first and the last day"):
            page.date_to = "2026-01-01"
        with freeze_time("2026-05-20 09:00:00"):
            form = Form(page)
            form.period = "month"
            page = form.save()
        self.assertEqual(str(page.date_from), "2026-05-01")
        self.assertEqual(str(page.date_to), "2026-05-31")
