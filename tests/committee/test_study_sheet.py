from odoo import Command
from odoo.tests import tagged

from .common import SessionCase


@tagged("post_install", "-at_install", "with_demo")
class TestStudySheet(SessionCase):
    def setUp(self):
        super().setUp()
        self.file.write({"birth_date": "1980-05-01", "city": "Unaizah"})
        self.env["beneficiary.income.line"].create(
            {"beneficiary_id": self.file.id, "type": "salary", "amount": 4321}
        )
        self.env["beneficiary.household.member"].create(
            {"beneficiary_id": self.file.id, "name": "Nora"}
        )
        self.request = self._raise()
        self.decision = self.request.decision_ids

    def _sheet(self, actor, decision=None):
        decision = self._as(actor, decision or self.decision)
        decision.invalidate_recordset()
        return str(decision.study_sheet or "")

    def _study(self, request):
        """Answer a case study before the request is raised."""
        referral = (
            self.env["beneficiary.referral"]
            .with_user(self.officer)
            ._send(
                request.with_user(self.officer), self.researcher, "How?", "case_study"
            )
        )
        study = referral.with_user(self.researcher)
        study.action_accept()
        study.finding_ids.text = "As it was found"
        study.write(
            {
                "visited_on": "2026-03-01 08:00:00",
                "visit_place": "At home",
                "visit_met": "The mother",
                "recommendation": "support",
                "recommendation_text": "The need is plain.",
                "proposed_amount": 400,
            }
        )
        study.action_answer()

    def test_unrecorded_is_not_zero(self):
        """R19: income that nobody wrote down is not shown as an income of 0.00."""
        self.chair.group_ids |= self._get_group("finance")
        sheet = self._sheet("chair")
        self.assertIn("4,321", sheet)
        self.assertEqual(sheet.count("Not recorded"), 1, "the expenses")
        self.file.income_line_ids.unlink()
        sheet = self._sheet("chair")
        self.assertEqual(sheet.count("Not recorded"), 2)
        self.assertNotIn("0.00", sheet.replace("500.00", ""))
        self.assertNotIn("Income per head", sheet)

    def test_what_is_on_it(self):
        """R19: the sheet has applicant, request, study, papers, earlier help, notes."""
        request = self._make_request("submitted")
        self._study(request)
        self._advance(request, "in_review")
        session = self._plan()
        self._as("chair", session).action_fill_agenda()
        item = session.item_ids.filtered(lambda item: item.request_id == request)
        self._as("secretary", item).note = "Ask for the lease"
        sheet = self._sheet("member", request.decision_ids)
        for expected in (
            self.file.name,
            "Unaizah",
            "A food basket for four.",
            "The need is plain.",
            "As it was found",
            "Ask for the lease",
            "The original",
            self.request.name,
            " years",
        ):
            self.assertIn(expected, sheet)

    def test_what_one_may_not_read(self):
        """Privacy: income and health are shown only to users who may read such data."""
        self.file.chronic_illness = "Diabetes"
        self.file.health_conditions = "Needs care"
        sheet = self._sheet("member")
        self.assertIn("Dependants", sheet)
        for hidden in ("4,321", "Diabetes"):
            self.assertNotIn(hidden, sheet)
        for group in ("finance", "health"):
            self.member.group_ids = [
                Command.link(self.env.ref(f"beneficiary_relations.group_{group}").id)
            ]
        sheet = self._sheet("member")
        for shown in ("4,321", "Diabetes"):
            self.assertIn(shown, sheet)

    def test_earlier_help(self):
        """R19: the sheet has earlier requests and grants, none that others study."""
        self._decide(self.request)
        self._advance(self.request, "accepted")
        later = self._raise()
        self.assertIn(self.request.name, self._sheet("member", later.decision_ids))
        self.assertIn("500.00", self._sheet("member", later.decision_ids))
        elsewhere = self._make_request(
            service_id=self.service.copy({"committee_id": self.far_committee.id}).id
        )
        self._advance(elsewhere, "in_review")
        self.assertNotIn(elsewhere.name, self._sheet("member", later.decision_ids))

    def test_earlier_help_of_others(self):
        """R19, R21: grants of another committee are shown after their release."""
        self.far_committee.write(
            {
                "quorum_type": "number",
                "quorum": 2,
                "member_ids": [Command.create({"user_id": self.member2.id})],
            }
        )
        far_service = self.service.copy({"committee_id": self.far_committee.id})
        elsewhere = self._make_request(service_id=far_service.id, amount_requested=712)
        self._advance(elsewhere, "in_review")
        self.assertNotIn(elsewhere.name, self._sheet("member"))
        far = elsewhere.decision_ids
        for voter in (self.far_chair, self.member2):
            far.with_user(voter).action_vote("accept")
        far.with_user(self.far_chair).action_close_vote()
        self.assertEqual(elsewhere.state, "decided")
        for hidden in (elsewhere.name, "712.00"):
            self.assertNotIn(hidden, self._sheet("member"))
        self._advance(elsewhere, "accepted")
        for shown in (elsewhere.name, "712.00"):
            self.assertIn(shown, self._sheet("member"))
        # Only a line on the sheet: the request itself cannot be read.
        self.assertFalse(self._as("member", elsewhere).has_access("read"))
        self.assertFalse(self._as("member", far).has_access("read"))

    def test_earlier_help_of_the_past(self):
        """R19, R44: imported earlier help is on the sheet, whatever its date."""
        line = self.env["beneficiary.request.migration"].create(
            {
                "reference": "1445/120",
                "company_id": self.company.id,
                "beneficiary_id": self.file.id,
                "service_id": self.service.id,
                "channel_id": self._channel("phone").id,
                "description": "A food basket",
                "state": "closed",
                "submitted_on": "2024-03-03 09:00:00",
                "decided_on": "2024-03-20 09:00:00",
                "outcome": "accepted",
                "amount_granted": 834,
            }
        )
        sheet = self._sheet("member")
        for shown in (line.request_id.name, "834.00"):
            self.assertIn(shown, sheet)

    def test_former_member(self):
        """Roles: after their term, a member reads decisions, but no study sheet."""
        self.assertTrue(self._sheet("member2"))
        for voter in ("chair", "member", "member2"):
            self._as(voter, self.decision).action_vote("accept", "As studied")
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member2
        )
        seat.write({"date_from": "2020-01-01", "date_to": "2021-01-01"})
        former = self._as("member2", self.decision)
        self.assertFalse(former.has_access("read"))
        self._as("chair", self.decision).action_close_vote()
        self.assertTrue(former.has_access("read"))
        self.assertEqual(self._sheet("member2"), "")

    def test_query_count(self):
        """Scale: all sheets printed with an agenda are read together."""

        def read(decisions):
            decisions = self._as("member", decisions)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            decisions.mapped("study_sheet")
            return self.env.cr.sql_log_count - before

        requests = self._raise(7)
        decisions = requests.decision_ids | self.decision
        read(decisions)  # fill the caches
        few = read(decisions[:4])
        self.assertLessEqual(read(decisions), few)
