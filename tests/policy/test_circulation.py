from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PIXEL, BeneficiaryCommon

READING = "beneficiary_relations.mail_activity_type_policy_reading"
REVIEW = "beneficiary_relations.mail_activity_type_policy_review"
LINE = "beneficiary.policy.acknowledgement"
# Half past eleven in Riyadh, and half an hour past midnight of the next day.
EVENING = datetime(2026, 3, 15, 20, 30)
NIGHT = datetime(2026, 3, 15, 21, 30)


class CirculationCase(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.policy = cls.company._get_beneficiary_policy()
        cls.staff = (
            cls.delegate
            | cls.officer
            | cls.manager
            | cls.researcher
            | cls.chair
            | cls.member
            | cls.member2
        )
        cls.staff.lang = "en_US"
        cls.cron = cls.env.ref("beneficiary_relations.ir_cron_policy")

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _circulate(self, policy=None):
        self._as(self.manager, policy or self.policy).action_circulate()
        return (policy or self.policy).acknowledgement_ids

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_line(self, user):
        return self.policy.acknowledgement_ids.filtered(lambda a: a.user_id == user)

    def _amend(self):
        action = self._as(self.manager, self.policy).action_new_version()
        return self._as(
            self.manager, self.env["beneficiary.policy"].browse(action["res_id"])
        )


@tagged("post_install", "-at_install")
class TestCirculation(CirculationCase):
    """R35: the policy in force is circulated, and read by each member of staff."""

    def test_circulate(self):
        """R35: each colleague with a role is asked once; the auditor is not."""
        lines = self._circulate()
        self.assertLessEqual(self.staff, lines.user_id)
        self.assertNotIn(self.auditor, lines.user_id)
        self.assertNotIn(self.applicant, lines.user_id)
        self.assertNotIn(self.outsider, lines.user_id)
        self.assertEqual(len(lines), len(lines.user_id))
        self.assertEqual(self._get_line(self.manager).role, "manager")
        self.assertEqual(self._get_line(self.chair).role, "committee")
        for line in lines:
            self.assertEqual(line.activity_ids.user_id, line.user_id)
        self._circulate()
        self.assertEqual(self.policy.acknowledgement_ids, lines)
        self.assertEqual(len(lines.activity_ids), len(lines))

    def test_who_circulates(self):
        """R35: managers circulate the policy in force; nobody else, and no draft."""
        for user in self.staff - self.manager | self.auditor:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.policy).action_circulate()
        draft = self._amend()
        with self.assertRaisesRegex(UserError, "in force first"):
            draft.action_circulate()

    def test_read(self):
        """R35: the reader confirms in the reading view; the counts follow."""
        self._circulate()
        policy = self._as(self.officer, self.policy)
        self.assertTrue(policy.has_unread)
        action = policy.action_read()
        line = self._as(self.officer, self.env[LINE].browse(action["res_id"]))
        clause = self.policy.channel_line_ids[0].display_name
        self.assertIn(clause, line.text)
        with freeze_time(NIGHT):
            line.action_acknowledge()
            first = line.read_on
        self.assertEqual(first, NIGHT)
        self.assertFalse(line.activity_ids)
        self.assertFalse(line.remind_on)
        line.action_acknowledge()
        self.assertEqual(line.read_on, first)
        self.env.invalidate_all()
        self.assertFalse(policy.has_unread)
        self.assertEqual(self.policy.read_count, 1)
        self.assertEqual(self.policy.reader_count, len(self.policy.acknowledgement_ids))
        self.assertIn("16 March 2026", line.sudo()._get_read_text())

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_reads_for_another(self):
        """R35: nobody confirms for another person, also over RPC."""
        self._circulate()
        line = self._get_line(self.officer)
        for user in self.staff - self.officer | self.auditor | self.applicant:
            mine = self._as(user, line)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call_kw(mine, "action_acknowledge", [line.ids], {})
        for user in (self.officer, self.manager):
            mine = self._as(user, line)
            for call, values in (
                ("write", [line.ids, {"read_on": "2026-03-15 10:00:00"}]),
                ("unlink", [line.ids]),
                (
                    "create",
                    [{"policy_id": self.policy.id, "user_id": self.auditor.id}],
                ),
            ):
                with self.subTest(call=call), self.assertRaises(AccessError):
                    call_kw(mine, call, values, {})
        self.assertFalse(line.read_on)

    def test_who_sees(self):
        """R35: staff see their own line; manager and auditor all of them."""
        lines = self._circulate()
        for user in self.staff - self.manager:
            seen = self._as(user, self.env[LINE]).search([])
            self.assertEqual(seen.sudo().user_id, user)
        for user in (self.manager, self.auditor):
            seen = self._as(user, self.env[LINE]).search(
                [("policy_id", "=", self.policy.id)]
            )
            self.assertEqual(seen.sudo(), lines.sudo())

    def test_new_colleague(self):
        """R35: who joins later is asked by the scheduled action; who left is not."""
        self._circulate()
        self._run_cron()
        count = len(self.policy.acknowledgement_ids)
        newcomer = self._make_user("br_newcomer", "officer", self.company)
        self.member2.active = False
        self._run_cron()
        lines = self.policy.acknowledgement_ids
        self.assertIn(newcomer, lines.user_id)
        self.assertEqual(len(lines), count)
        self.assertFalse(lines.filtered(lambda line: not line.user_id.active))

    def test_not_circulated(self):
        """R35: the scheduled action circulates nothing by itself."""
        self._run_cron()
        self.assertFalse(self.policy.acknowledgement_ids)

    def test_reminders(self):
        """R22, R35: reminded after the association's days, by its own midnight."""
        self.company.beneficiary_policy_reminder_days = 7
        with freeze_time("2026-03-09 10:00"):
            self._circulate()
            self._as(self.chair, self._get_line(self.chair)).action_acknowledge()
        line = self._get_line(self.officer)
        self.assertEqual(line.remind_on, date(2026, 3, 16))
        with freeze_time(EVENING):
            self._run_cron()
        self.assertFalse(line.reminded_on)
        with freeze_time(NIGHT):
            self._run_cron()
            self._run_cron()
        self.assertEqual(line.reminded_on, NIGHT)
        self.assertEqual(line.remind_on, date(2026, 3, 23))
        self.assertEqual(len(line.activity_ids), 1)
        self.assertIn("Reminder", line.activity_ids.summary)
        self.assertFalse(self._get_line(self.chair).reminded_on)

    def test_superseded(self):
        """R35: a new version ends the questions about the old one."""
        lines = self._circulate()
        self._amend().action_put_in_force()
        self.assertFalse(lines.activity_ids)
        self.assertFalse(any(lines.mapped("remind_on")))
        with self.assertRaisesRegex(UserError, "no longer in force"):
            self._as(self.officer, self._get_line(self.officer)).action_acknowledge()

    def test_number_of_queries(self):
        """R35: circulating to twice as many takes as many questions to the database
        about who they are."""
        for number in range(6):
            self._make_user(f"br_reader_{number}", "officer", self.company)
        lines = self.env[LINE]
        lines._get_readers(self.company)
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            lines._get_readers(self.company)


@tagged("post_install", "-at_install")
class TestPolicyReview(CirculationCase):
    """R49: the policy in force is reviewed, yearly by default."""

    def _draft(self):
        draft = self._amend()
        with freeze_time(NIGHT):
            draft.action_put_in_force()
        return draft

    def test_due_after_a_year(self):
        """R49: putting in force sets the day, by the association's date."""
        policy = self._draft()
        self.assertEqual(policy.review_due, date(2027, 3, 16))
        with freeze_time("2027-03-15 20:59"):
            self.assertFalse(policy.is_review_due)
        policy.invalidate_recordset(["is_review_due"])
        with freeze_time("2027-03-15 21:01"):
            self.assertTrue(policy.is_review_due)
            found = policy.search([("is_review_due", "=", True)])
            self.assertIn(policy, found)
        policy.review_due = date(2028, 1, 1)
        self.assertEqual(policy.review_due, date(2028, 1, 1))

    def test_managers_are_asked_once(self):
        """R22, R49: a month before, each manager is asked once."""
        policy = self._draft()
        with freeze_time("2027-02-10 10:00"):
            self._run_cron()
        self.assertFalse(policy.activity_search([REVIEW]))
        with freeze_time("2027-02-20 10:00"):
            self._run_cron()
            asked = policy.activity_search([REVIEW])
            self.assertIn(self.manager, asked.user_id)
            self.assertEqual(set(asked.mapped("date_deadline")), {policy.review_due})
            asked.filtered(lambda a: a.user_id == self.manager)._action_done()
            self._run_cron()
        self.assertFalse(
            policy.activity_search([REVIEW], user_id=self.manager.id), "asked again"
        )

    def test_nothing_to_change(self):
        """R49: a review without changes keeps reason, date, person and next review."""
        policy = self._draft()
        with freeze_time("2027-02-20 10:00"):
            self._run_cron()
            action = policy.action_review()
            form = Form(
                self.env[action["res_model"]]
                .with_user(self.manager)
                .with_context(**action["context"], allowed_company_ids=self.company.ids)
            )
            form.reason = "The committee read it: channels and period still fit."
            review = form.save()
        self.assertEqual(review.reviewed_by_id, self.manager)
        self.assertEqual(review.reviewed_on, date(2027, 2, 20))
        self.assertEqual(policy.review_due, date(2028, 2, 20))
        self.assertFalse(policy.activity_search([REVIEW]))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_reviews(self):
        """R49: only managers, only the policy in force, with words and a later day."""
        reviews = self.env["beneficiary.policy.review"]
        vals = {
            "policy_id": self.policy.id,
            "reason": "Read it",
            "next_review": "2030-01-01",
        }
        for user in self.staff - self.manager | self.auditor | self.applicant:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, reviews).create(vals)
        mine = self._as(self.manager, reviews)
        for wrong in (
            {"reason": " "},
            {"next_review": "2020-01-01"},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                mine.create({**vals, **wrong})
        with self.assertRaisesRegex(UserError, "in force"):
            mine.create({**vals, "policy_id": self._amend().id})
        forged = mine.create({**vals, "reviewed_by_id": self.officer.id})
        self.assertEqual(forged.reviewed_by_id, self.manager)
        for call, values in (("write", [{"reason": "Other"}]), ("unlink", [])):
            with self.subTest(call=call), self.assertRaises(AccessError):
                getattr(forged, call)(*values)

    def test_scan_of_the_approval(self):
        """R36: the scan comes once, also on a policy in force whose date is kept."""
        policy = self._as(self.manager, self.policy)
        policy.write({"approval_scan": PIXEL, "approval_scan_name": "approval.png"})
        self.assertEqual(policy.approval_scan_name, "approval.png")
        with self.assertRaisesRegex(UserError, "kept as it is"):
            policy.write({"approval_scan": PIXEL, "approval_scan_name": "other.png"})


@tagged("post_install", "-at_install")
class TestPolicyCompare(CirculationCase):
    """R49: two versions side by side."""

    def test_new_version(self):
        """R3, R49: what a new version adds, drops, renames and reorders is marked."""
        draft = self._amend()
        dropped = draft.channel_line_ids[0]
        name = dropped.display_name
        dropped.unlink()
        draft.clause_ids.create(
            {"policy_id": draft.id, "kind": "practice", "name": "Visit the lonely"}
        )
        notice = "The committee replies in not less than 30 working days."
        draft.write(
            {"review_days": 30, "review_unit": "working", "notice_text": notice}
        )
        draft.action_put_in_force()
        draft.invalidate_recordset()
        form = self.env["beneficiary.policy.compare"].with_user(self.officer)
        form = Form(
            form.with_context(
                default_later_id=draft.id, allowed_company_ids=self.company.ids
            )
        )
        self.assertEqual(form.earlier_id, self.policy)
        shown = form.save()
        marks = {
            (row["words"], "".join(text for text, _ in row["old"] or row["new"]))
            for section in shown._get_sections()
            for row in section["rows"]
        }
        self.assertIn(("Removed", name), marks)
        self.assertIn(("Added", "Visit the lonely"), marks)
        self.assertIn("Changed", {words for words, _text in marks})
        self.assertIn("Removed", shown.comparison)
        self.assertIn("30 working", shown.comparison)
        form = Form(shown)
        form.only_changes = False
        self.assertGreater(len(form.comparison), len(shown.comparison))
        template = self.env.ref("beneficiary_relations.policy_template_beneficiary")
        self.assertTrue(draft._compare(template))
        nothing = draft._compare(draft)
        self.assertFalse(sum(section["count"] for section in nothing))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_association(self):
        """R43: nobody compares the policy of another association."""
        foreign = self.other._get_beneficiary_policy()
        with self.assertRaises(AccessError):
            self._as(self.officer, self.env["beneficiary.policy.compare"]).create(
                {"later_id": self.policy.id, "earlier_id": foreign.id}
            )


@tagged("post_install", "-at_install")
class TestPolicyPapers(HttpCase, CirculationCase):
    """R36, R37, R39, R40, R49: the printed policy, its record, and the public page."""

    def _print(self, report, records, user=None, lang="en_US"):
        reports = self._as(user or self.manager, self.env["ir.actions.report"])
        html, _kind = reports.with_context(lang=lang)._render_qweb_html(
            f"beneficiary_relations.{report}", records.ids
        )
        return html.decode()

    def test_policy(self):
        """R1, R37, R39: every clause, what it replaces, and "approval not recorded"."""
        self._amend().action_put_in_force()
        policy = self.company._get_beneficiary_policy()
        html = self._print("policy_report", policy, self.officer)
        self.assertIn("Approval not recorded.", html)
        self.assertIn("version 1", html)
        for section in policy._get_sections():
            for clause in section["clauses"]:
                self.assertIn(clause["text"].split("\n")[0][:30], html)

    def test_approval(self):
        """R36: session, term, both dates, and a place to sign for each signatory."""
        self.policy.signatory_ids.create(
            {"policy_id": self.policy.id, "name": "Chair of the board"}
        )
        self.policy.write(
            {
                "approval_date": "2023-05-04",
                "approval_session": "Session 9",
                "approval_term": "Term 3",
                "approval_stamp": True,
            }
        )
        html = self._print("policy_report", self.policy)
        for words in ("Session 9", "Term 3", "4 May 2023", "Shawwal", "Chair of the"):
            self.assertIn(words, html)
        self.assertNotIn("Approval not recorded", html)

    def test_template(self):
        """R1: a template, which has no association, is printed as a draft."""
        template = self.env.ref("beneficiary_relations.policy_template_member")
        for report in ("policy_report", "policy_acknowledgement_report"):
            self.assertIn("Draft: not in force", self._print(report, template))

    def test_record_of_acknowledgement(self):
        """R35, R38: names, roles, both dates; who has not read it is shown as such."""
        with freeze_time(NIGHT):
            self._circulate()
            self._as(self.officer, self._get_line(self.officer)).action_acknowledge()
        html = self._print("policy_acknowledgement_report", self.policy, self.auditor)
        self.assertIn(self.officer.name, html)
        self.assertIn("16 March 2026", html)
        self.assertIn("Ramadan", html)
        self.assertIn("Not read yet", html)

    def test_public_page(self):
        """R35, R49: the whole text in its structure, version, approval and download."""
        page = self.url_open(f"/policy/{self.company.id}").text
        for section in self.policy._get_sections():
            self.assertIn(section["title"], page)
        self.assertIn("approval of this version is not recorded", page)
        self.assertIn(f"/policy/{self.company.id}/print", page)
        self.policy.is_published = False
        self.env.flush_all()
        for url in ("/policy/%s", "/policy/%s/print"):
            self.assertEqual(self.url_open(url % self.company.id).status_code, 404)

    def test_public_print(self):
        """R49: everybody downloads the printed policy; it is printed only once."""
        answers = [
            self.url_open(f"/policy/{self.company.id}/print") for _turn in range(2)
        ]
        for answer in answers:
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answers[0].content, answers[1].content)
