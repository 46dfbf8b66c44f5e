from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon

CONSENT = "beneficiary.consent"


@tagged("post_install", "-at_install", "without_demo")
class TestConsent(BeneficiaryCommon):
    """R51: what a person decided about the uses of their data stays on record."""

    def _record(self, user=None, **vals):
        return self._call_as(
            user or self.officer,
            CONSENT,
            "create",
            [{"beneficiary_id": self.file.id, "purpose": "study", **vals}],
        )

    def _get_lines(self):
        return self.env[CONSENT].search([("beneficiary_id", "=", self.file.id)])

    def test_form(self):
        """R51: the desk records a consent; the record says when, how, who and whom."""
        consents = self.env[CONSENT].with_user(self.officer)
        with Form(consents.with_context(default_beneficiary_id=self.file.id)) as form:
            form.purpose = "publish"
            form.method = "phone"
            self.assertEqual(form.given_by, self.file.name)
        line = form.record
        self.assertEqual(line.recorded_by_id, self.officer)
        self.assertEqual((line.decision, line.company_id), ("given", self.company))
        self.assertTrue(line.decided_on)

    def test_latest_counts(self):
        """R51: the latest decision counts; nothing recorded means no."""
        consents = self.env[CONSENT]
        self.assertFalse(consents._is_given(self.file, "study"))
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self._record(decision="withdrawn")
        self._record(decided_on=yesterday)
        self.assertFalse(consents._is_given(self.file, "study"))
        self._record()
        self.assertTrue(consents._is_given(self.file, "study"))
        self.assertFalse(consents._is_given(self.file, "publish"))
        self.assertEqual(len(self._get_lines()), 3)

    def test_nobody_changes_it(self):
        """R51: no role changes or deletes what was decided, by any door."""
        self._record()
        line = self._get_lines()
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        admin.group_ids |= self.env.ref("beneficiary_relations.group_manager")
        for user in (self.officer, self.manager, self.auditor, admin, self.applicant):
            for method, args in (
                ("write", [line.ids, {"decision": "withdrawn"}]),
                ("unlink", [line.ids]),
                ("load", [[".id", "decision"], [[str(line.id), "withdrawn"]]]),
            ):
                with self.subTest(user=user.login, method=method):
                    try:
                        with self.env.cr.savepoint():
                            answer = self._call_as(user, CONSENT, method, *args)
                    except AccessError:
                        continue
                    self.assertFalse(answer.get("ids"), "an import says what is wrong")
        self.assertEqual(line.decision, "given")

    def test_who_says_it(self):
        """R51: only who stands for the person decides; nobody records for others."""
        for vals in (
            {"given_by": "Somebody Else"},
            {"recorded_by_id": self.manager.id},
            {"method": "portal"},
            {"decided_on": fields.Datetime.now() + timedelta(days=2)},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._record(**vals)
        with self.assertRaises(AccessError):
            self._record(self.researcher)
        with self.assertRaises(AccessError):
            self._record(self.applicant)
        self._make_guardian()
        self._record(given_by="Guardian")
        self.assertEqual(self._get_lines().given_by, "Guardian")

    def test_no_default_opens(self):
        """Safety: no default of a context writes what a value may not."""
        consents = self.env[CONSENT].with_user(self.officer)
        line = consents.with_context(
            default_recorded_by_id=self.manager.id, default_method="portal"
        ).create({"beneficiary_id": self.file.id, "purpose": "study"})
        self.assertEqual((line.recorded_by_id, line.method), (self.officer, "paper"))

    def test_merged_files(self):
        """R51: what was decided follows a file that becomes part of another."""
        self._record()
        line = self._get_lines()
        other = self.env["beneficiary.beneficiary"].create(
            {"name": "سالم المثال الثاني", "company_id": self.company.id}
        )
        line.sudo()._move_to_file("beneficiary_id", other)
        self.assertEqual(line.beneficiary_id, other)
