from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.document.document_reminder import DocumentReminder
from .common import DocumentCase

# 10:00 in Riyadh; papers that end by 15 March are due.
NOW = datetime(2026, 2, 13, 7)
LAST_DUE = date(2026, 3, 15)
DAY = timedelta(days=1)
SWEEP_LOGGER = "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"


@tagged("post_install", "-at_install")
class TestDocumentReminder(DocumentCase):
    """Renewal reminders: once for each paper, to the right officer and person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("beneficiary_relations.ir_cron_renewal")
        cls.activity_type = cls.env.ref(
            "beneficiary_relations.mail_activity_type_renewal"
        )
        # Exclude the papers of the demo data.
        cls.env["beneficiary.document"].search([])._write_kept(
            {"reminded_on": "2020-01-01 00:00:00"}
        )
        cls.company.beneficiary_paper_reminder_days = 30

    def _run(self, moment=NOW):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.assertIs(self.cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def _make_at(self, moment=NOW - DAY, **vals):
        with freeze_time(moment):
            return self._make(**{"expiry_date": LAST_DUE, **vals})

    def _get_activities(self, file=None):
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.activity_type.id),
                ("res_id", "in", (file or self.file).ids),
            ]
        )

    def _get_mails(self, *papers):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "beneficiary.document"),
                ("res_id", "in", [paper.id for paper in papers]),
            ]
        )

    def test_who_is_reminded(self):
        """R14: the officer of an open request has an activity, the person an e-mail."""
        self._make_request()
        paper = self._make_at()
        self._run()
        activity = self._get_activities()
        self.assertEqual(activity, paper.reminder_activity_id)
        self.assertEqual(activity.user_id, self.officer)
        self.assertEqual(activity.res_model, "beneficiary.beneficiary")
        self.assertIn("Lease", activity.summary)
        mail = self._get_mails(paper)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, self.file.email)
        # The e-mail created no contact: other staff could see it.
        self.assertFalse(
            self.env["res.partner"].search([("email", "=", self.file.email)])
        )
        self.assertEqual(paper.reminded_on, NOW)

    def test_no_open_request(self):
        """R14: without an open request the manager is reminded."""
        closed = self._make_request("cancelled")
        self.assertEqual(closed.officer_id, self.officer)
        self._make_at()
        self._run()
        self.assertEqual(self._get_activities().user_id, self.manager)

    def test_officer_who_left(self):
        """R14: the manager is reminded if the officer has left the association."""
        for vals in (
            {"active": False},
            {
                "company_id": self.other.id,
                "company_ids": self.other.ids,
            },
        ):
            self._make_request()
            self.officer.write(vals)
            paper = self._make_at(user=self.manager, type_id=self.kind.copy().id)
            self._run()
            self.assertEqual(paper.reminder_activity_id.user_id, self.manager)
            self.officer.write(
                {
                    "active": True,
                    "company_ids": self.company.ids,
                    "company_id": self.company.id,
                }
            )

    def test_restricted_papers(self):
        """R43: a restricted paper's reminder goes to a reader, without its name."""
        self._make_request()
        self.kind.restriction = "health"
        paper = self._make_at(user=self.manager)
        self._run()
        activity = paper.reminder_activity_id
        self.assertEqual(activity.user_id, self.manager)
        self.assertNotIn("Lease", activity.summary)
        # Only users who may read the paper may read the e-mail.
        message = self._get_mails(paper).mail_message_id
        for user, reads in ((self.officer, False), (self.manager, True)):
            self.assertEqual(message.with_user(user).has_access("read"), reads)

    def test_in_the_person_s_language(self):
        """R22: the message is in the language of the file, whoever runs the action."""
        template = self.env.ref("beneficiary_relations.mail_template_renewal")
        template.with_context(lang="ar_001").subject = "وثيقة في ملفكم تنتهي قريبًا"
        paper = self._make_at()
        self._run()
        self.assertEqual(self._get_mails(paper).subject, "وثيقة في ملفكم تنتهي قريبًا")

    def test_once(self):
        """R22: each paper has one reminder, however often the action runs."""
        paper = self._make_at()
        for days in range(4):
            self._run(NOW + days * DAY)
        self.assertEqual(len(self._get_activities()), 1)
        self.assertEqual(len(self._get_mails(paper)), 1)
        paper.reminder_activity_id.action_done()
        self._run(NOW + 5 * DAY)
        self.assertFalse(self._get_activities())
        self.assertEqual(len(self._get_mails(paper)), 1)

    def _get_texts(self, *papers):
        return self.env["sms.sms"].search(
            [
                ("mail_message_id.model", "=", "beneficiary.document"),
                ("mail_message_id.res_id", "in", [paper.id for paper in papers]),
            ]
        )

    def test_text_message(self):
        """R22: the person also gets one text, with a link and without the paper."""
        self.file.lang = "en_US"
        paper = self._make_at()
        for days in range(3):
            self._run(NOW + days * DAY)
        text = self._get_texts(paper)
        self.assertEqual(len(text), 1)
        self.assertEqual(text.number, "+966500000001")
        self.assertIn(paper._get_portal_link(), text.body)
        self.assertNotIn(self.kind.name, text.body)
        self.assertEqual(text.mail_message_id.record_company_id, self.company)
        self.assertIn(paper._get_portal_link(), self._get_mails(paper).body_html)

    def test_as_they_wish(self):
        """R20: reminders leave only by the channels that the person chose."""
        self.file.notice_by_email = False
        paper = self._make_at()
        self._run()
        self.assertFalse(self._get_mails(paper))
        self.assertEqual(len(self._get_texts(paper)), 1)
        self.file.write({"notice_by_email": True, "notice_by_sms": False})
        other = self._make_at(type_id=self.kind.copy().id)
        self._run()
        self.assertEqual(len(self._get_mails(other)), 1)
        self.assertFalse(self._get_texts(other))

    def test_carrier_that_comes_back(self):
        """R22: what a carrier refused is queued again the next day, and sent once."""
        paper = self._make_at()
        self._run()
        mail, text = self._get_mails(paper), self._get_texts(paper)
        mail.state = "exception"
        text.write({"state": "error", "failure_type": "sms_server"})
        self._run(NOW + DAY)
        self.assertEqual((mail.state, text.state), ("outgoing", "outgoing"))
        mail.state = "sent"
        text.state = "sent"
        self._run(NOW + 2 * DAY)
        self.assertEqual((mail.state, text.state), ("sent", "sent"))
        self.assertEqual((self._get_mails(paper), self._get_texts(paper)), (mail, text))
        mail.state = "exception"
        self._run(NOW + 9 * DAY)
        self.assertEqual(mail.state, "exception", "it is too late for this one")

    def test_which_papers(self):
        """R14: only current papers of open files that end soon have a reminder.

        The days are counted in the association's time zone.
        """
        kinds = [self.kind.copy() for _number in range(6)]
        soon, late, over, endless, closed, replaced = (
            self._make_at(type_id=kind.id, expiry_date=expiry)
            for kind, expiry in zip(
                kinds,
                (
                    LAST_DUE,
                    LAST_DUE + DAY,
                    date(2026, 2, 12),
                    False,
                    LAST_DUE,
                    LAST_DUE,
                ),
                strict=True,
            )
        )
        today = self._make_at(expiry_date=date(2026, 2, 13))
        renewed = self._make_at(type_id=kinds[5].id, expiry_date=date(2027, 1, 1))
        closed.beneficiary_id = self.file.copy({"state": "closed"})
        self._run()
        papers = soon | late | over | endless | closed | replaced | today | renewed
        self.assertEqual(papers.filtered("reminded_on"), soon | today)
        # At midnight in Riyadh the papers of the next day become due.
        self._run(datetime(2026, 2, 13, 20, 59))
        self.assertFalse(late.reminded_on)
        self._run(datetime(2026, 2, 13, 21, 0))
        self.assertTrue(late.reminded_on)

    def test_setting(self):
        """R14: the association sets the number of days; 0 means no reminders."""
        paper = self._make_at()
        for days, reminded in ((0, False), (29, False), (30, True)):
            self.company.beneficiary_paper_reminder_days = days
            self._run()
            self.assertEqual(bool(paper.reminded_on), reminded, days)

    def test_renewal_ends_it(self):
        """R14: a newer version ends the old reminder, and has its own later."""
        paper = self._make_at()
        self._run()
        newer = self._make_at(NOW, expiry_date=LAST_DUE + 365 * DAY)
        self.assertFalse(self._get_activities())
        self._run(NOW + DAY)
        self.assertFalse(paper.reminded_on or newer.reminded_on)
        self._run(NOW + 365 * DAY)
        self.assertTrue(newer.reminded_on)
        self.assertEqual(len(self._get_activities()), 1)

    def test_correction_ends_it(self):
        """R14: a corrected expiry date resets the reminder; another change does not."""
        paper = self._make_at()
        self._run()
        paper.number = "7"
        self.assertTrue(paper.reminded_on and self._get_activities())
        paper.expiry_date = LAST_DUE + 30 * DAY
        self.assertFalse(paper.reminded_on or self._get_activities())
        paper.with_user(self.manager).unlink()

    def test_no_email(self):
        """R22: without an e-mail address only the staff are reminded."""
        self.file.email = False
        paper = self._make_at()
        self._run()
        self.assertTrue(paper.reminded_on and self._get_activities())
        self.assertFalse(self._get_mails(paper))

    def test_one_that_fails(self):
        """R22: a paper that fails is tried again the next day, and stops no other."""
        bad = self._make_at(type_id=self.kind.copy({"name": "Bad"}).id)
        good = self._make_at()
        original = DocumentReminder._get_reminder_summary

        def failing(document, user):
            if document == bad:
                raise ValueError("Bad")
            return original(document, user)

        with (
            patch.object(DocumentReminder, "_get_reminder_summary", failing),
            mute_logger(SWEEP_LOGGER),
        ):
            self._run()
        self.assertTrue(good.reminded_on)
        self.assertFalse(bad.reminded_on)
        self._run(NOW + timedelta(hours=1))
        self.assertFalse(bad.reminded_on)
        self._run(NOW + DAY)
        self.assertTrue(bad.reminded_on)
        self.assertEqual(len(self._get_mails(bad)), 1)

    def test_other_association(self):
        """R43: each association's own manager is reminded of its papers."""
        manager = self._make_user("br_other_manager", "manager", self.other)
        (self.outsider | manager).active = False
        self.outsider.active = True
        file = self.env["beneficiary.beneficiary"].create(
            {"name": "Far", "company_id": self.other.id, "phone": "0500000009"}
        )
        with freeze_time(NOW - DAY):
            paper = self.env["beneficiary.document"].create(
                {
                    "beneficiary_id": file.id,
                    "type_id": self.kind.id,
                    "expiry_date": LAST_DUE,
                }
            )
        self._make_at()
        self._run()
        self.assertEqual(paper.reminder_activity_id.user_id, self.outsider)
        self.assertEqual(self._get_activities().user_id, self.manager)

    def test_queries(self):
        """R22: a batch takes few queries more for 2N papers than for N."""
        counts = []
        for count in (2, 10, 20):
            with freeze_time(NOW - DAY):
                self.env["beneficiary.document"].create(
                    [
                        {
                            "beneficiary_id": file.id,
                            "type_id": self.kind.id,
                            "expiry_date": LAST_DUE,
                        }
                        for file in self.file.concat(
                            *(
                                self.file.copy(
                                    {"email": f"{count}{number}@example.com"}
                                )
                                for number in range(count)
                            )
                        )[1:]
                    ]
                )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._run()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLess((counts[2] - counts[1]) / 10, 8, counts)
