import base64
import io
from datetime import date, datetime

from freezegun import freeze_time
from PIL import Image

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PIXEL, pdf_base64
from .common import SENT, ReferralCase

REPORT = "beneficiary_relations.referral_report_action"
SECTIONS = ["housing", "social", "health", "education", "work", "income"]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@tagged("post_install", "-at_install")
class TestCaseStudy(ReferralCase):
    def test_sections_are_laid_out_empty(self):
        """R15: accepting a case study creates the standard sections, all empty."""
        self.assertFalse(self._reach("clarification", "accepted").finding_ids)
        study = self._send("case_study")
        self.assertFalse(study.finding_ids)
        study.with_user(self.researcher).action_accept()
        self.assertEqual(study.finding_ids.mapped("section"), SECTIONS)
        self.assertFalse(any(study.finding_ids.mapped("text")))
        # A study keeps its text when another researcher takes over.
        study.finding_ids[0].text = "Two rooms"
        study.finding_ids[1].unlink()
        study.with_user(self.manager).action_reassign(self.other_researcher.id)
        study.with_user(self.other_researcher).action_accept()
        self.assertCountEqual(study.finding_ids.mapped("section"), SECTIONS)
        self.assertIn("Two rooms", study.finding_ids.mapped("text"))

    def test_what_is_missing(self):
        """R15: an incomplete study is refused, and one message names all gaps."""
        study = self._send("case_study")
        researcher = study.with_user(self.researcher)
        with self.assertRaisesRegex(UserError, "Accept the case study first"):
            researcher.action_answer()
        researcher.action_accept()
        with self.assertRaises(UserError) as refused:
            researcher.action_answer()
        for sentence in (
            "Write when the visit was made.",
            "Write where the visit took place.",
            "Write who was met.",
            "Choose a recommendation.",
            "Write the reasons for it.",
            "Nothing is written under “Health”: write what was found, or delete the "
            "section.",
        ):
            self.assertIn(sentence, str(refused.exception))
        self._write_study(study)
        researcher.finding_ids[0].unlink()
        researcher.action_answer()
        self.assertEqual((study.state, study.answer), ("answered", False))

    def test_on_the_form(self):
        """R15: the researcher writes the whole study on one form."""
        study = self._reach("case_study", "sent")
        study.with_user(self.researcher).action_accept()
        with Form(study.with_user(self.researcher)) as form:
            form.visit_date = datetime(2026, 3, 18, 7)
            form.visit_place = "At home"
            form.recommendation = "further"
            with form.finding_ids.edit(0) as finding:
                finding.text = "Two rooms"
            with form.photo_ids.new() as photo:
                photo.image = PIXEL
                photo.caption = "The kitchen"
        self.assertEqual(study.finding_ids[0].text, "Two rooms")
        self.assertEqual(study.photo_ids.caption, "The kitchen")
        visit = study.activity_ids.filtered(
            lambda activity: activity.activity_type_id.name == "Field Visit"
        )
        self.assertEqual(
            (visit.user_id, visit.date_deadline), (self.researcher, date(2026, 3, 18))
        )

    def test_a_visit_is_planned_anew(self):
        """R15: a planned visit has one activity, on its date in Riyadh.

        The activity follows every change of the date.
        """
        study = self._reach("case_study", "accepted").with_user(self.researcher)
        for moment, day in (
            ("2026-03-18 07:00:00", date(2026, 3, 18)),
            ("2026-03-18 21:30:00", date(2026, 3, 19)),
            (False, None),
        ):
            study.visit_date = moment
            visits = study.activity_ids.filtered(
                lambda activity: activity.activity_type_id.icon == "fa-home"
            )
            self.assertEqual(visits.mapped("date_deadline"), [day] if day else [])

    def test_a_visit_is_not_made_in_the_future(self):
        """R15: the date of a visit that was made cannot be in the future."""
        study = self._reach("case_study", "accepted").with_user(self.researcher)
        with freeze_time(SENT), self.assertRaisesRegex(ValidationError, "future"):
            study.visited_on = "2026-03-15 07:00:01"
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "negative"),
        ):
            study.proposed_amount = -1

    def test_a_section_stands_once(self):
        """R15: a study has each section only once."""
        study = self._reach("case_study", "accepted").with_user(self.researcher)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "this section already"),
        ):
            study.finding_ids = [Command.create({"section": "housing"})]

    # -- photos --------------------------------------------------------------------

    def test_photos_are_sniffed(self):
        """R15: photos are checked by content, not by name; also on import."""
        study = self._reach("case_study", "accepted")
        photos = self.env["beneficiary.referral.photo"].with_user(self.researcher)
        gif = io.BytesIO()
        Image.new("RGB", (4, 4)).save(gif, "GIF")
        for content in (
            base64.b64encode(PAGE).decode(),
            base64.b64encode(SVG).decode(),
            base64.b64encode(gif.getvalue()).decode(),
            pdf_base64().decode(),
        ):
            vals = {"referral_id": study.id, "image": content, "caption": "a.png"}
            with self.subTest(content=content[:12]):
                with self.assertRaises(UserError):
                    call_kw(photos, "create", [vals], {})
                rows = [[str(study.id), content]]
                result = photos.load(["referral_id/.id", "image"], rows)
                self.assertFalse(result["ids"])

    def test_photos_are_shrunk(self):
        """Scale: a large photo is shrunk to screen size."""
        large = io.BytesIO()
        Image.new("RGB", (4000, 3000), "white").save(large, "JPEG")
        study = self._reach("case_study", "accepted")
        photo = self.env["beneficiary.referral.photo"].with_user(self.researcher)
        photo = photo.create(
            {"referral_id": study.id, "image": base64.b64encode(large.getvalue())}
        )
        photo.invalidate_recordset()
        image = Image.open(io.BytesIO(base64.b64decode(photo.image)))
        self.assertEqual(image.size, (1600, 1200))

    # -- who reads what ------------------------------------------------------------

    def test_who_reads_which_section(self):
        """R43, Privacy: only certain roles read the health and income sections."""
        study = self._reach("case_study", "answered")
        hidden = {
            "delegate": {"health", "income"},
            "officer": {"health"},
            "manager": set(),
            "researcher": set(),
            "other_researcher": set(),
            "auditor": set(),
            "member": set(),  # their committee has the request
            "other_delegate": set(SECTIONS),
            "outsider": set(SECTIONS),
        }
        for actor, expected in hidden.items():
            findings = self._as(actor, self.env["beneficiary.referral.finding"])
            found = findings.search([("referral_id", "=", study.id)])
            with self.subTest(actor=actor):
                self.assertEqual(set(SECTIONS) - set(found.mapped("section")), expected)
        # Members read nothing of a request that was never raised.
        self.request._write_flow({"raised_on": False})
        self.env.invalidate_all()
        findings = self._as("member", self.env["beneficiary.referral.finding"])
        self.assertFalse(findings.search([("referral_id", "=", study.id)]))

    def test_the_step_tells_nothing_of_the_findings(self):
        """R43: the step, which delegates read, does not quote the findings."""
        study = self._reach("case_study", "accepted")
        study.finding_ids.text = "A secret of the house"
        study.with_user(self.researcher).action_answer()
        self.assertNotIn("secret", self.request._get_steps("refer")[-1].evidence)
        bodies = " ".join(map(str, study.message_ids.mapped("body")))
        self.assertNotIn("secret", bodies)

    # -- paper ---------------------------------------------------------------------

    def _print(self, referral, user):
        reports = self.env["ir.actions.report"].with_user(user)
        html = reports.with_context(lang="en_US")._render_qweb_html(
            REPORT, referral.ids
        )
        return html[0].decode()

    def test_paper_of_a_study(self):
        """R15, R40: a printed study has letterhead, both dates, sections and photos."""
        with freeze_time(SENT):
            study = self._reach("case_study", "accepted")
            study.with_user(self.researcher).photo_ids = [
                Command.create({"image": PIXEL, "caption": "The kitchen"})
            ]
            study.with_user(self.researcher).action_answer()
        html = self._print(study, self.researcher)
        for expected in (
            "Case Study",
            self.request.name,
            "26 Ramadan 1447 AH",  # answered
            "12 Ramadan 1447 AH",  # visited
            "Health",
            "As it was found",
            "The kitchen",
            "data:image/png;base64",
            "The need is plain.",
            "Support",
            "Signature",
        ):
            self.assertIn(expected, html)
        self.env.invalidate_all()
        self.assertNotIn("Health", self._print(study, self.officer))

    def test_paper_of_a_clarification(self):
        """R15: a printed clarification has its own title, and no findings."""
        html = self._print(self._reach("clarification", "answered"), self.officer)
        self.assertIn("Referral for Clarification", html)
        self.assertIn("The identity card.", html)
        self.assertNotIn("Findings", html)
