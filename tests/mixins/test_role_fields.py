from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestRoleFields(BeneficiaryCommon):
    """A user named for a role must have this role in the association (R43)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        # Also of the other association, but as officer, a role that fits these fields.
        cls.far_officer = cls._make_user("br_far_officer", "officer", cls.other)
        cls.left = cls._make_user("br_left", "manager", cls.company)
        cls.left.group_ids += cls.env.ref("beneficiary_relations.group_researcher")
        cls.left.group_ids += cls.env.ref("beneficiary_relations.group_committee")
        cls.left.active = False

    def _make_records(self):
        """Return tuples (record, field that names users, user who fits)."""
        request = self._make_request()
        interaction = self.env["beneficiary.interaction"].create(
            {
                "subject": "Complaint",
                "kind": "complaint",
                "party_kind": "beneficiary",
                "beneficiary_id": self.file.id,
                "company_id": self.company.id,
                "channel_id": self._channel("phone").id,
                "officer_id": self.officer.id,
                "owner_id": self.officer.id,
            }
        )
        outreach = self.env["beneficiary.outreach"].create(
            {
                "name": "Calls",
                "company_id": self.company.id,
                "channel_id": self._channel("phone").id,
                "officer_id": self.officer.id,
            }
        )
        improvement = self.env["beneficiary.improvement"].create(
            {
                "name": "Shorter queue",
                "company_id": self.company.id,
                "source": "other",
                "owner_id": self.officer.id,
                "due_on": "2030-01-01",
            }
        )
        seat = self.committee.member_ids[-1]
        return [
            (request, "officer_id", self.manager),
            (request, "delegate_id", self.delegate),
            (self.file, "officer_id", self.officer),
            (interaction, "officer_id", self.delegate),
            (interaction, "delegate_id", self.delegate),
            (interaction, "owner_id", self.manager),
            (outreach, "officer_id", self.manager),
            (improvement, "owner_id", self.manager),
            (seat, "user_id", self.member2),
            (self.branch, "delegate_ids", self.delegate),
            (self.company, "beneficiary_mail_officer_id", self.officer),
        ]

    def test_every_field(self):
        """R43: a field accepts a user with its role only. It refuses strangers,
        applicants, former colleagues, other roles and other associations."""
        refused = (
            self.stranger,
            self.auditor,
            self.far_officer,
            self.applicant,
            self.left,
            self.outsider,
        )
        for record, name, fitting in self._make_records():
            for user in refused:
                if user == self.left and name == "delegate_ids":
                    continue  # archived users are neither listed nor notified
                with (
                    self.subTest(record=record._name, field=name, user=user.login),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    record.write({name: self._value(record, name, user)})
            with self.subTest(record=record._name, field=name):
                record.write({name: self._value(record, name, fitting)})

    def _value(self, record, name, user):
        many = record._fields[name].type == "many2many"
        return [Command.set(user.ids)] if many else user.id

    def test_interest(self):
        """R19: only committee members can register interests."""
        interests = self.env["beneficiary.committee.interest"]
        for user in (self.stranger, self.officer, self.left, self.member):
            vals = {
                "user_id": user.id,
                "company_id": self.company.id,
                "name": "A relative",
                "identity_number": "1000000016",
            }
            if user == self.member:
                self.assertTrue(interests.create(vals))
                continue
            with self.subTest(user=user.login), self.assertRaises(ValidationError):
                interests.create(vals)

    def test_refusal_names_nobody(self):
        """R43: the error names the field and not the colleague."""
        request = self._make_request()
        for user in (self.far_officer, self.left):
            with self.assertRaises(ValidationError) as refused:
                request.officer_id = user
            self.assertIn("Relations Officer", str(refused.exception))
            self.assertNotIn(user.name, str(refused.exception))

    def test_delegate_of_the_branch(self):
        """R6: the delegate of a request must be a delegate of its branch."""
        other = self._make_user("br_delegate2", "delegate", self.company)
        request = self._make_request(branch_id=self.branch.id)
        with self.assertRaises(ValidationError):
            request.delegate_id = other
        request.delegate_id = self.delegate

    def test_who_left_stays_named(self):
        """A record that names a former colleague can still be saved."""
        request = self._make_request(branch_id=self.branch.id)
        request.delegate_id = self.delegate
        self.delegate.active = False
        self.officer.group_ids = self.env.ref("base.group_user")
        call_kw(
            self.env["beneficiary.request"].with_user(self.manager),
            "web_save",
            [request.ids, {"description": "Five baskets"}, {"description": {}}],
            {},
        )
        self.assertEqual(request.description, "Five baskets")
        self.assertEqual(request.officer_id, self.officer)
        self.assertEqual(request.delegate_id, self.delegate)

    def test_mail_officer_left(self):
        """R5: an incoming e-mail gets a responsible user if its officer left."""
        self.company.beneficiary_mail_officer_id = self.officer
        answers_for = self.company._get_beneficiary_mail_officer
        self.assertEqual(answers_for(), self.officer)
        self.officer.active = False
        self.assertEqual(answers_for(), self.company._get_beneficiary_manager())
        self.manager.active = False
        self.assertTrue(answers_for())

    def test_pickers(self):
        """The list to choose from holds all fitting users, and no others."""
        users = self.env["res.users"].with_context(active_test=True)
        for record, name, fitting in self._make_records():
            with self.subTest(record=record._name, field=name):
                domain = record._fields[name]._description_domain(record.env)
                company = record.company_id if record != self.company else record
                offered = users.search(
                    safe_eval(domain, {"company_id": company.id, "id": company.id})
                )
                self.assertIn(fitting, offered)
                for user in (self.stranger, self.far_officer, self.left, self.auditor):
                    self.assertNotIn(user, offered)
