from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VoteCase


@tagged("post_install", "-at_install")
class TestCommitteeInterest(VoteCase):
    def _declare(self, user=None, **vals):
        return (
            self.env["beneficiary.committee.interest"]
            .with_user(user or self.member)
            .create({"name": "سالم المثال", "identity_number": "١٠٠٠٠٠٠٠٠٨", **vals})
        )

    def test_declared_before(self):
        """R19: a member with a declared interest is recused from later requests."""
        self._declare()
        self._reopen()
        self.assertEqual(
            (self._ballot(self.member).choice, self._ballot(self.member).reason),
            ("recused", "The member declared an interest."),
        )
        with self.assertRaisesRegex(AccessError, "recused"):
            self._vote(self.member, "accept")

    def test_declared_during_the_study(self):
        """R19: a cast vote is taken back, and the member no longer sees the others'."""
        self._vote(self.member, "accept")
        self._vote(self.chair, "accept")
        self.assertIn(self.chair, self._seen_by(self.member))
        self._declare()
        self.assertEqual(self._ballot(self.member).choice, "recused")
        self.assertEqual(self._seen_by(self.member), self.member)
        self.assertEqual(self.decision._get_result().base, 2)

    def test_matched_after_voting(self):
        """R19: verifying papers or data after voting takes the member's vote at once.

        They do not keep it until the vote is closed.
        """
        self.member.group_ids += self.env.ref("beneficiary_relations.group_officer")
        self.member2.group_ids += self.env.ref("beneficiary_relations.group_officer")
        for voter in (self.member, self.member2, self.chair):
            self._vote(voter, "accept")
        paper = self.request.document_ids[:1]
        paper.with_user(self.member).action_match("The original")
        self.assertEqual(self._ballot(self.member).choice, "recused")
        self.assertEqual(self._ballot(self.member2).choice, "accept")
        self.file.with_user(self.member2).action_match("The card")
        self.assertEqual(self._ballot(self.member2).choice, "recused")
        self.assertEqual(self.decision._get_result().base, 1)

    def test_dependants_and_representatives(self):
        """R19: an interest in a dependant or representative counts for the file too."""
        self.file.household_member_ids = [
            Command.create({"name": "تابع", "identity_number": "1000000016"})
        ]
        self.file.representative_ids = [
            Command.create({"name": "وكيل", "identity_number": "1000000024"})
        ]
        self._declare(identity_number="1000000016")
        self._declare(self.member2, identity_number="1000000024")
        self.assertEqual(self._ballot(self.member).choice, "recused")
        self.assertEqual(self._ballot(self.member2).choice, "recused")
        self.assertFalse(self._ballot(self.chair).choice)

    def test_files_of_one_family(self):
        """R19: an interest in a person counts for the own files of their dependants.

        It also counts the other way round, declared by number or by file.
        """
        head = self.env["beneficiary.beneficiary"].create(
            {
                "name": "والد مثال",
                "identity_number": "1000000016",
                "company_id": self.company.id,
            }
        )
        self._declare(identity_number="1000000016")
        # To choose a file, one must be able to read it.
        self.member2.group_ids += self.env.ref("beneficiary_relations.group_officer")
        self._declare(self.member2, identity_number=False, beneficiary_id=head.id)
        self.assertFalse(self._ballot(self.member).choice)
        head.household_member_ids = [
            Command.create({"name": "سالم المثال", "member_file_id": self.file.id})
        ]
        self._reopen()
        for member in (self.member, self.member2):
            self.assertEqual(self._ballot(member).choice, "recused")

    def test_file_of_a_representative(self):
        """R19: an interest in a person counts for the file that they represent."""
        guardian = self.env["beneficiary.beneficiary"].create(
            {
                "name": "وكيل مثال",
                "identity_number": "1000000024",
                "company_id": self.company.id,
            }
        )
        self.file.representative_ids = [
            Command.create({"name": "وكيل", "identity_number": "1000000024"})
        ]
        with self.assertRaises(AccessError):
            self._declare(identity_number=False, beneficiary_id=guardian.id)
        # To choose a file, one must be able to read it.
        self.member.group_ids += self.env.ref("beneficiary_relations.group_officer")
        self._declare(identity_number=False, beneficiary_id=guardian.id)
        self.assertEqual(self._ballot(self.member).choice, "recused")

    def test_comes_by_date(self):
        """R19: a member is recused from the day on which the interest begins."""
        with freeze_time("2030-03-17 12:00:00"):
            self._reopen()
        self._declare(date_from="2030-03-18")
        cron = self.env.ref("beneficiary_relations.ir_cron_terms")
        # Half past midnight in Riyadh is still the day before by UTC.
        for moment, choice in (
            ("2030-03-17 20:30:00", False),
            ("2030-03-17 21:30:00", "recused"),
        ):
            with freeze_time(moment), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self._ballot(self.member).choice, choice)

    def test_a_bad_study_stops_no_other(self):
        """R22: a study whose ballots cannot be updated is skipped until tomorrow."""
        bad, good = self.decision, self._make_request("in_review").decision_ids
        self.env["beneficiary.decision"].search([]).ballots_on = False
        update = self.registry["beneficiary.decision"]._update_ballots

        def fail(decisions):
            if bad in decisions:
                raise ValueError("No ink left")
            return update(decisions)

        with (
            patch.object(
                self.registry["beneficiary.decision"], "_update_ballots", fail
            ),
            mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("beneficiary_relations.ir_cron_terms").method_direct_trigger()
        today = self.company._get_beneficiary_today()
        self.assertEqual((bad.ballots_on, good.ballots_on), (today, today))

    def test_file(self):
        """R19: a place has no identity number, so its file is chosen."""
        self._declare(identity_number=False, beneficiary_id=self.file.id)
        self.assertEqual(self._ballot(self.member).choice, "recused")
        with self.assertRaisesRegex(ValidationError, "identity number of"):
            self._declare(identity_number=False)

    def test_period(self):
        """R19: a past or future interest recuses nobody."""
        self._declare(date_from="2020-01-01", date_to="2020-12-31")
        self._declare(date_from="2090-01-01")
        self.assertFalse(self._ballot(self.member).choice)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "ends after it begins"),
        ):
            self._declare(date_to="2020-01-01")

    def test_other_association(self):
        """R43: an interest counts only in the association where it was declared."""
        self.member.company_ids |= self.other
        interests = self.env["beneficiary.committee.interest"].with_user(self.member)
        interests.with_company(self.other).create(
            {
                "name": "سالم المثال",
                "identity_number": "1000000008",
                "company_id": self.other.id,
            }
        )
        self.assertFalse(self._ballot(self.member).choice)

    def test_register_is_not_rewritten(self):
        """R19: a declared interest is never changed or deleted, only ended."""
        interest = self._declare()
        for vals in ({"identity_number": "1000000016"}, {"user_id": self.chair.id}):
            with self.assertRaises(UserError):
                interest.write(vals)
        for user in (self.member, self.manager, self.env.user):
            with self.assertRaises(UserError):
                interest.with_user(user).unlink()
        interest.write({"date_to": "2090-01-01", "note": "Until then"})

    def test_nobody_declares_for_another(self):
        """R19: members declare only for themselves, and others cannot read it."""
        with self.assertRaises(AccessError):
            self._declare(self.member, user_id=self.member2.id)
        interest = self._declare()
        self.assertFalse(
            self.env["beneficiary.committee.interest"]
            .with_user(self.member2)
            .search_count([("id", "=", interest.id)])
        )
        for user in (self.manager, self.auditor):
            self.assertEqual(
                interest.with_user(user).read(["name"])[0]["name"], "سالم المثال"
            )
        with self.assertRaises(AccessError):
            interest.with_user(self.manager).write({"note": "x"})


@tagged("post_install", "-at_install")
class TestSubstitutes(VoteCase):
    def _seat(self, login, **vals):
        user = self._make_user(login, "committee", self.company)
        self.committee.member_ids = [
            Command.create({"user_id": user.id, "role": "substitute", **vals})
        ]
        return user

    def test_not_called(self):
        """R19: while a quorum is possible, substitutes have no ballot."""
        substitute = self._seat("br_substitute")
        self.assertFalse(self._ballot(substitute))
        self.assertEqual(self.decision._get_result().base, 3)
        with self.assertRaises(AccessError):
            self._vote(substitute, "accept")

    def test_called_below_quorum(self):
        """R19: recusals below the quorum call substitutes, in the list's order."""
        self.committee.write({"quorum_type": "number", "quorum": 3})
        second = self._seat("br_second", sequence=20)
        first = self._seat("br_first", sequence=10)
        self._vote(self.member2, "recused", "A cousin")
        self.assertTrue(self._ballot(first))
        self.assertFalse(self._ballot(second))
        asked = self.request.activity_ids.filtered(
            lambda activity: activity.activity_category == "beneficiary_vote"
        )
        self.assertIn(first, asked.user_id)
        self._vote(self.member, "accept")
        self._vote(first, "accept")
        self._vote(self.chair, "reject")
        self._close()
        self.assertEqual(self.decision.outcome, "accepted")
        self.assertEqual(self.decision.base_count, 3)

    def test_recused_substitute(self):
        """R19: a substitute with an interest is skipped, and the next one is called."""
        self.committee.write({"quorum_type": "number", "quorum": 3})
        first = self._seat("br_first", sequence=10)
        second = self._seat("br_second", sequence=20)
        self.file.portal_user_ids |= first
        self._vote(self.member2, "recused", "A cousin")
        self.assertEqual(self._ballot(first).choice, "recused")
        self.assertTrue(self._ballot(second))
        self.assertFalse(self._ballot(second).choice)

    def test_none_is_left(self):
        """R19: without a substitute there is no decision; a message says what to do."""
        self.committee.write({"quorum_type": "number", "quorum": 3})
        self._vote(self.member2, "recused", "A cousin")
        self._vote(self.member, "accept")
        self._vote(self.chair, "accept")
        self.decision.invalidate_recordset()
        self.assertIn("Members missing: 1", self.decision.shortage)
        action = self._close()
        self.assertIn("No quorum", action["params"]["message"])
        self.assertEqual(self.request.state, "in_review")

    def test_share_of_the_whole(self):
        """R19: if two of three are recused, one member does not decide alone."""
        substitute = self._seat("br_substitute")
        self._vote(self.member, "recused", "A cousin")
        self._vote(self.member2, "recused", "A cousin")
        self._vote(self.chair, "accept")
        self.assertTrue(self._ballot(substitute))
