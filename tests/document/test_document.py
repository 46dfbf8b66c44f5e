import base64
from datetime import UTC, date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ...models.document.document import CONTENT_FIELDS, KEPT_FIELDS, MATCH_FIELDS
from ..common import PIXEL, pdf_base64
from ..upload_cases import make_pdf
from .common import DocumentCase

HTML = base64.b64encode(b"<!DOCTYPE html><html><script>alert(1)</script></html>")
# Midnight between 15 and 16 March in Riyadh.
MIDNIGHT = datetime(2026, 3, 15, 21)
MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestDocument(DocumentCase):
    def assertRefused(self, sentences, call, *args):
        """Check that ``call`` is refused with exactly these sentences."""
        with self.assertRaises(ValidationError) as caught:
            call(*args)
        self.assertEqual(str(caught.exception).split("\n"), sentences)

    # -- what a kind asks for ------------------------------------------------------

    def test_what_the_kind_asks_for(self):
        """R12: a paper that lacks data required by its kind cannot be matched."""
        self.kind.write(
            {
                "needs_number": True,
                "needs_issue_date": True,
                "needs_expiry": True,
                "sides": "both",
            }
        )
        paper = self._make(file=False)
        self.assertRefused(
            [
                "The document “Lease” is not scanned.",
                "The back of the document “Lease” is missing.",
                "Write the number of the document “Lease”.",
                "Write when the document “Lease” was issued.",
                "Write when the document “Lease” expires.",
            ],
            paper.action_match,
            "The original",
        )
        self.assertFalse(paper.matched_on)
        paper.write(
            {
                "file": PIXEL,
                "file_back": pdf_base64(),
                "number": "  ",
                "issue_date": date(2026, 1, 1),
                "expiry_date": date(2027, 1, 1),
            }
        )
        self.assertRefused(
            ["Write the number of the document “Lease”."],
            paper.action_match,
            "The original",
        )
        paper.number = "12"
        self.assertFalse(paper.missing)
        paper.action_match("The original")
        self.assertEqual(paper.matched_by_id, self.officer)

    def test_age_needs_its_beginning(self):
        """R14: a kind that is valid for some days requires the date of issue."""
        self.kind.valid_days = 90
        paper = self._make()
        self.assertEqual(paper.missing, "Write when the document “Lease” was issued.")
        paper.issue_date = date(2026, 1, 1)
        self.assertFalse(paper.missing)
        self.assertEqual(paper.valid_until, date(2026, 4, 1))

    def test_half_known_papers_are_kept(self):
        """R12: an incomplete paper can be saved, and lists what is missing."""
        form = Form(self.documents)
        form.beneficiary_id = self.file
        form.type_id = self.identity_type
        paper = form.save()
        self.assertTrue(paper.is_current)
        self.assertEqual(len(paper.missing.split("\n")), 3)

    def test_request_says_what_its_papers_lack(self):
        """R12, R13: verification is refused with all problems of a paper."""
        self.kind.write({"needs_number": True, "sides": "both"})
        self._ask_for_papers(self.kind)
        request = self._make_request("submitted")
        self._make()
        sentences = [
            "The back of the document “Lease” is missing.",
            "Write the number of the document “Lease”.",
            "The document “Lease” has not been matched against its source.",
        ]
        self.assertEqual(request.with_user(self.officer)._get_missing(), sentences)
        with self.assertRaises(UserError) as caught:
            request.with_user(self.officer).action_verify(evidence="Compared")
        self.assertEqual(str(caught.exception).split("\n- ")[1:], sentences)

    def test_one_batch_names_every_paper(self):
        """R13: matching several papers names every incomplete one."""
        self.kind.needs_number = True
        second = self.kind.copy({"name": "Deed"})
        papers = self._make() | self._make(type_id=second.id)
        self.assertRefused(
            [
                "Write the number of the document “Lease”.",
                "Write the number of the document “Deed”.",
            ],
            papers.action_match,
            "The originals",
        )

    # -- matching ------------------------------------------------------------------

    def test_who_matches(self):
        """R13: officers who may write a paper match it, and nobody else does."""
        self.file.branch_id = self.env["beneficiary.branch"].create(
            {
                "name": "North",
                "company_id": self.company.id,
                "delegate_ids": self.delegate.ids,
            }
        )
        paper = self._make()
        for user in (
            self.delegate,
            self.researcher,
            self.auditor,
            self.stranger,
            self.outsider,
            self.applicant,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call_kw(paper.with_user(user), "action_match", [paper.ids, "Seen"], {})
        for user in (self.officer, self.manager):
            call_kw(paper.with_user(user), "action_match", [paper.ids, "Seen"], {})
            self.assertEqual(paper.matched_by_id, user)

    def test_nobody_matches_own_papers(self):
        """R13: staff cannot match the papers of their own file."""
        self.file.portal_user_ids |= self.officer
        paper = self._make()
        with self.assertRaisesRegex(AccessError, "let a colleague"):
            paper.action_match("The original")
        paper.with_user(self.manager).action_match("The original")

    def test_match_several(self):
        """R13: the form matches all papers chosen in the list."""
        papers = self._make() | self._make(type_id=self.kind.copy().id)
        wizard = Form(
            self.env["beneficiary.document.match"]
            .with_user(self.officer)
            .with_context(active_ids=papers.ids)
        )
        wizard.source = "The originals"
        wizard.save().action_confirm()
        self.assertEqual(set(papers.mapped("source")), {"The originals"})
        self.assertEqual(papers.matched_by_id, self.officer)

    def test_kept_fields(self):
        """R13: nobody writes the fields of matching, version and reminder directly."""
        paper = self._make()
        for name in MATCH_FIELDS | KEPT_FIELDS:
            for value in (False, 1):
                with self.subTest(name=name):
                    with self.assertRaises(UserError):
                        paper.with_user(self.manager).write({name: value})
                    with self.assertRaises(UserError):
                        self._make(**{name: value})
        context = {
            "default_matched_on": "2026-01-01 00:00:00",
            "default_matched_by_id": self.manager.id,
            "default_source": "x",
            "default_version": 7,
            "default_reminded_on": "2026-01-01 00:00:00",
        }
        forged = self.documents.with_context(**context).create(
            {"beneficiary_id": self.file.id, "type_id": self.kind.id}
        )
        self.assertFalse(forged.matched_on or forged.source or forged.reminded_on)
        self.assertEqual(forged.version, 2)

    def test_import_forges_nothing(self):
        """R13: an import cannot create papers that are already matched."""
        result = call_kw(
            self.documents,
            "load",
            [
                ["beneficiary_id/.id", "type_id/.id", "matched_on"],
                [[str(self.file.id), str(self.kind.id), "2026-01-01 00:00:00"]],
            ],
            {},
        )
        self.assertFalse(result["ids"])
        self.assertIn("Use the button", result["messages"][0]["message"])

    def test_a_change_opens_it_again(self):
        """R13, R14: a change of any content field undoes the match of a paper."""
        values = {
            "beneficiary_id": self.file.copy().id,
            "type_id": self.kind.copy().id,
            "number": "34",
            "issue_date": date(2026, 2, 1),
            "expiry_date": date(2028, 1, 1),
            "handed_on": datetime(2026, 2, 1),
            "file": pdf_base64(),
            "file_back": PIXEL,
        }
        self.assertEqual(values.keys(), CONTENT_FIELDS)
        for name, value in values.items():
            paper = self._make()
            paper.action_match("The original")
            paper.write({name: value})
            with self.subTest(name=name):
                self.assertFalse(
                    paper.matched_on or paper.matched_by_id or paper.source
                )

    # -- scans ---------------------------------------------------------------------

    def test_names_of_scans(self):
        """Safety: a scan's name follows its content, and goes when the scan goes."""
        paper = self._make(file_name="card.exe", file_back=pdf_base64())
        self.assertEqual(paper.file_name, "card.png")
        self.assertEqual(paper.file_back_name, "scan.pdf")
        self.assertEqual((paper.front_kind, paper.back_kind), ("photo", "pdf"))
        paper.file_name = "card.html"
        self.assertEqual(paper.file_name, "card.png")
        paper.file = False
        self.assertFalse(paper.file_name or paper.front_kind)

    def test_scans_are_checked(self):
        """Safety: neither RPC nor context nor import stores a file that is no scan."""
        paper = self._make()
        for name in ("file", "file_back"):
            for content in (
                HTML,
                "not base64",
                base64.b64encode(make_pdf([b"<</JS (x)>>"])),
            ):
                with self.subTest(name=name, content=content):
                    with self.assertRaises(ValidationError):
                        call_kw(paper, "write", [paper.ids, {name: content}], {})
                    with self.assertRaises(ValidationError):
                        self._make(**{name: content})
        smuggled = self.documents.with_context(
            default_file=HTML, default_file_name="x.html"
        ).create({"beneficiary_id": self.file.id, "type_id": self.kind.id})
        self.assertFalse(smuggled.file or smuggled.file_name)
        result = self.documents.load(
            ["beneficiary_id/.id", "type_id/.id", "file", "file_name"],
            [[str(self.file.id), str(self.kind.id), HTML.decode(), "card.pdf"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("not a photo or a PDF", result["messages"][0]["message"])

    # -- versions ------------------------------------------------------------------

    def assertVersions(self, *papers):
        """Check that ``papers`` are all versions of one paper, oldest first."""
        last = papers[-1]
        self.assertEqual(
            [paper.version for paper in papers], [*range(1, len(papers) + 1)]
        )
        self.assertEqual([paper.is_current for paper in papers][-1], True)
        self.assertFalse(any(paper.is_current for paper in papers[:-1]))
        self.assertEqual(last.version_ids.ids, [paper.id for paper in papers][::-1])

    def test_versions(self):
        """R13: a newer paper of a kind is a new version; the older one is unchanged."""
        first = self._make(number="1")
        first.action_match("The original")
        second = self._make(number="2")
        self.assertVersions(first, second)
        self.assertEqual((first.number, first.matched_by_id), ("1", self.officer))
        self.assertFalse(second.matched_on)
        third = self._make(number="3")
        self.assertVersions(first, second, third)
        second.with_user(self.manager).unlink()
        self.assertVersions(first, third)
        third.with_user(self.manager).unlink()
        self.assertVersions(first)

    def test_versions_of_a_batch(self):
        """R13: papers created together are numbered in their order."""
        other = self.file.copy()
        vals = {"type_id": self.kind.id}
        papers = self.documents.create(
            [
                {**vals, "beneficiary_id": file.id}
                for file in (self.file, other, self.file)
            ]
        )
        self.assertVersions(papers[0], papers[2])
        self.assertVersions(papers[1])

    def test_versions_of_a_moved_paper(self):
        """R13: after a paper moves to its right kind or file, versions are correct."""
        other_kind = self.kind.copy({"name": "Deed"})
        old, mistaken = self._make(), self._make()
        deed = self._make(type_id=other_kind.id)
        mistaken.type_id = other_kind
        self.assertVersions(old)
        self.assertVersions(mistaken, deed)
        (mistaken | deed).with_user(self.manager).write(
            {"beneficiary_id": self.file.copy().id}
        )
        self.assertVersions(mistaken, deed)

    def test_request_takes_the_current_version(self):
        """R14: a request uses the current paper of each kind."""
        self._ask_for_papers(self.kind)
        request = self._make_request("submitted")
        self._make(expiry_date=date(2020, 1, 1))
        second = self._make(expiry_date=date(2040, 1, 1))
        self.assertEqual(request.document_ids, second)

    def test_delegate_adds_a_version(self):
        """R6: a delegate may add a newer version of a paper that others matched."""
        self.file.branch_id = self.env["beneficiary.branch"].create(
            {
                "name": "North",
                "company_id": self.company.id,
                "delegate_ids": self.delegate.ids,
            }
        )
        first = self._make()
        first.action_match("The original")
        self.assertVersions(first, self._make(self.delegate))

    # -- validity ------------------------------------------------------------------

    def test_not_handed_over_in_the_future(self):
        """R14: the hand-over of a paper cannot be in the future."""
        ahead = fields.Datetime.now() + MINUTE
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._make(handed_on=ahead)
        paper = self._make()
        with self.assertRaisesRegex(ValidationError, "in the future"):
            paper.handed_on = ahead
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self.documents.with_context(default_handed_on=ahead).create(
                {"beneficiary_id": self.file.id, "type_id": self.kind.id}
            )

    def _get_missing(self, submitted, handed_over, expiry_date, looked_on):
        """Return what the request lacks when it is viewed at ``looked_on``."""
        self._ask_for_papers(self.kind)
        with freeze_time(min(submitted, handed_over)):
            request = self._make_request()
        with freeze_time(submitted):
            self._advance(request, "submitted")
        with freeze_time(handed_over):
            self._make(expiry_date=expiry_date).action_match("The original")
        with freeze_time(looked_on):
            return request.with_user(self.officer)._get_missing()

    def test_around_midnight(self):
        """R14: a paper counts if the request is submitted by the end of its last day.

        The day ends at midnight in Riyadh, whatever the user's time zone is.
        """
        ended = self.file.with_context(lang="en_US")._format_both(date(2026, 3, 15))
        for zone in ("Asia/Riyadh", "UTC", "America/Los_Angeles"):
            self.officer.tz = zone
            for submitted, problems in (
                (MIDNIGHT - MINUTE, []),
                (
                    MIDNIGHT,
                    [
                        "The document “Lease” was not valid when it was handed over: "
                        f"it ended on {ended}."
                    ],
                ),
            ):
                with self.subTest(zone=zone, submitted=submitted):
                    self.assertEqual(
                        self._get_missing(
                            submitted=submitted,
                            handed_over=MIDNIGHT - timedelta(days=5),
                            expiry_date=date(2026, 3, 15),
                            looked_on=MIDNIGHT + timedelta(days=60),
                        ),
                        problems,
                    )

    def test_handed_over_around_midnight(self):
        """R14: a paper handed over after submission is judged at its hand-over."""
        for handed_over, is_valid in ((MIDNIGHT - MINUTE, True), (MIDNIGHT, False)):
            with self.subTest(handed_over=handed_over):
                missing = self._get_missing(
                    submitted=MIDNIGHT - timedelta(days=20),
                    handed_over=handed_over,
                    expiry_date=date(2026, 3, 15),
                    looked_on=MIDNIGHT + timedelta(days=1),
                )
                self.assertEqual(not missing, is_valid)

    def test_ended_since_still_counts(self):
        """R14: a paper that ends after submission still counts for the request."""
        with freeze_time("2026-03-15 07:00:00"):
            self._ask_for_papers(self.kind)
            self._make(expiry_date=date(2026, 3, 20))
            request = self._make_request("submitted")
        with freeze_time("2026-05-01 07:00:00"):
            paper = request.document_ids
            self.assertEqual(paper.validity, "ended")
            self._advance(request, "in_review")
        self.assertEqual(request.state, "in_review")

    def test_validity_on_screen(self):
        """R14: the list shows and finds valid, soon ending and ended papers."""
        self.company.beneficiary_paper_reminder_days = 30
        days = {
            "valid": (None, date(2026, 4, 16)),
            "ending": (date(2026, 3, 16), date(2026, 4, 15)),
            "ended": (date(2026, 3, 15),),
        }
        expected = {
            self._make(type_id=self.kind.copy().id, expiry_date=day): validity
            for validity, dates in days.items()
            for day in dates
        }
        papers = self.documents.union(*expected)
        with freeze_time(MIDNIGHT):
            papers.invalidate_recordset(["validity"])
            self.assertEqual({paper: paper.validity for paper in papers}, expected)
            for validity in days:
                found = self.documents.search([("validity", "=", validity)])
                self.assertEqual(
                    found & papers,
                    papers.filtered(lambda paper, v=validity: expected[paper] == v),
                )
            self.assertFalse(
                self.documents.search([("validity", "!=", "valid")])
                & papers.filtered(lambda paper: expected[paper] == "valid")
            )

    def test_today_is_the_association_s(self):
        """R14: a paper is valid until its last day ends in the association's zone."""
        paper = self._make(expiry_date=date(2026, 3, 15))
        for moment, validity in ((MIDNIGHT - MINUTE, "ending"), (MIDNIGHT, "ended")):
            with freeze_time(moment.replace(tzinfo=UTC)):
                paper.invalidate_recordset(["validity"])
                self.assertEqual(paper.validity, validity)
                self.assertTrue(paper.filtered_domain([("validity", "=", validity)]))
