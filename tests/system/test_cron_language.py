import re
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from ...models.request.request_release import RequestRelease
from ..common import PIXEL, BeneficiaryCommon

RAISED = datetime(2026, 3, 15, 7)
# Everything that waits is due by then.
LATER = datetime(2027, 4, 5, 7)
LATIN = re.compile(r"[A-Za-z]{2,}")
# Addresses, and numbers of letters and files.
REFERENCE = re.compile(r"\S*[@/\d]\S*")
# What a scheduled action may write, with the texts in it.
WRITTEN = {
    "mail.activity": ("summary", "note"),
    "mail.mail": ("subject", "body_html"),
    "mail.message": ("subject", "body"),
    "mail.tracking.value": ("old_value_char", "new_value_char"),
    "sms.sms": ("body",),
    "beneficiary.notice": ("text",),
}


@tagged("post_install", "-at_install")
class TestCronLanguage(BeneficiaryCommon):
    """R44: what scheduled actions write is in the language of the association."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"name": "جمعية المثال", "phone": False})
        cls.company.partner_id.lang = "ar_001"
        staff = (cls.officer, cls.manager, cls.researcher, cls.chair)
        for user in (*staff, cls.member, cls.member2, cls.applicant):
            user.write({"name": "موظف المثال", "lang": "ar_001"})
        cls.committee.name = "لجنة المثال"
        cls.service.name = "سلة غذائية"

    def _run_all(self):
        """Run each scheduled action of the addon, as the scheduler does."""
        crons = self.env["ir.model.data"].search(
            [("module", "=", "beneficiary_relations"), ("model", "=", "ir.cron")]
        )
        self.assertGreaterEqual(len(crons), 8)
        with freeze_time(LATER), self.enter_registry_test_mode():
            for cron in self.env["ir.cron"].browse(crons.mapped("res_id")):
                cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_written(self, since):
        """Return ``(model, field, text)`` of all that was written after ``since``."""
        written = []
        for name, fields in WRITTEN.items():
            model = self.env[name].sudo()
            if name not in since:
                continue
            for record in model.search([("id", ">", since[name])]):
                written += [
                    (name, field, html2plaintext(record[field]))
                    for field in fields
                    if field in record._fields and record[field]
                ]
        return written

    def _get_last_ids(self):
        return {
            name: self.env[name].sudo().search([], order="id desc", limit=1).id or 0
            for name in WRITTEN
        }

    def _wait_for_crons(self):
        """Leave something to do for each scheduled action."""
        with freeze_time(RAISED):
            held = self._make_request("in_review", description="سلة لأربعة")
            self._decide(held)
            late = self._make_request("in_review", description="سلة لأربعة")
            stuck = self._make_request("in_review", description="سلة لأربعة")
            self._decide(stuck)
            self.env["beneficiary.referral"].with_user(self.officer)._send(
                late.with_user(self.officer),
                self.researcher,
                "أي وثيقة تقصدون؟",
                "clarification",
            )
            # A member leaves office, and nobody may close the vote any more.
            self.committee.member_ids.filtered(
                lambda seat: seat.role == "chair"
            ).date_to = RAISED + timedelta(days=90)
            self.file.officer_id = self.officer
            self.file.with_user(self.officer).action_activate()
        with freeze_time(LATER - timedelta(days=20)):
            self._make_document(
                self.file,
                self.env.ref("beneficiary_relations.document_type_salary"),
                expiry_date=LATER.date() + timedelta(days=5),
            )
        notices = self.env["beneficiary.notice"].sudo().search([])
        notices.write({"state": "failed", "tries": 9, "retry_on": RAISED})
        return held, late, stuck

    @mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin")
    def test_all_scheduled_actions(self):
        """R22, R44: no Latin word in what they write for an Arabic association."""
        held, late, stuck = self._wait_for_crons()
        self.file.message_partner_ids = [Command.clear()]
        since = self._get_last_ids()
        stop_clock = RequestRelease._stop_clock

        def fail(requests, reason):
            if stuck in requests:
                requests._refuse([requests.env._("Write the reason.")])
            return stop_clock(requests, reason)

        with patch.object(RequestRelease, "_stop_clock", fail):
            self._run_all()
        self.assertEqual(held.state, "accepted")
        self.assertNotEqual(late.escalation, "0_none")
        self.assertTrue(stuck.clock_error)
        written = self._get_written(since)
        written.append(("beneficiary.request", "clock_error", stuck.clock_error))
        self.assertGreater(len(written), 8)
        kinds = {name for name, _field, _text in written}
        self.assertLessEqual({"mail.activity", "mail.message"}, kinds)
        for name, field, text in written:
            with self.subTest(model=name, field=field, text=text):
                self.assertFalse(LATIN.findall(REFERENCE.sub(" ", text)))

    def test_language_of_the_association(self):
        """R44: the contact's language counts, and the manager's before English."""
        self.assertEqual(self.company._get_beneficiary_lang(), "ar_001")
        self.company.partner_id.lang = "en_US"
        self.assertEqual(self.company._get_beneficiary_lang(), "ar_001")
        self.manager.lang = "en_US"
        self.assertEqual(self.company._get_beneficiary_lang(), "en_US")

    def test_moves_of_an_applicant(self):
        """R44: a step of an applicant who reads English is noted in Arabic."""
        self.applicant.lang = "en_US"
        request = self._make_request("verified")
        since = self._get_last_ids()
        as_applicant = request.with_user(self.applicant).with_context(lang="en_US")
        as_applicant._portal_sign("سالم المثال", PIXEL)
        self.assertEqual(request.state, "declared")
        label = request.with_context(lang="ar_001")._get_label("state")
        bodies = [text for _name, _field, text in self._get_written(since)]
        self.assertIn(label, bodies)

    def test_calendar_and_import(self):
        """R44: the calendar that ships and the template of an import, in Arabic."""
        calendar = self.env.ref("beneficiary_relations.resource_calendar_riyadh")
        arabic = calendar.with_context(lang="ar_001")
        self.assertFalse(LATIN.findall(arabic.display_name))
        self.assertEqual(calendar.display_name, "Sunday to Thursday, Riyadh")
        calendar.name = "Our own hours"
        self.assertEqual(arabic.display_name, "Our own hours")
        for name, model in self.env.items():
            if name.startswith("beneficiary.") and not model._abstract:
                arabic = model.with_context(lang="ar_001")
                with self.subTest(model=name):
                    for template in arabic.get_import_templates():
                        self.assertFalse(LATIN.findall(template["label"]))
