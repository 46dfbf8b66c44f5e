from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...rules import seal
from ..common import BeneficiaryCommon

REMOVAL = "beneficiary.demo.removal"


@tagged("post_install", "-at_install", "with_demo")
class TestDemoRemoval(BeneficiaryCommon):
    """R53: the demo data go in one click, and nothing else goes with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._make_user("br_admin", "base.group_system", cls.company)
        cls.admin.lang = "en_US"
        cls.demo = cls.env["res.company"]._get_demo_associations()
        # In a test all is one transaction; people come after the installation.
        cls.env.cr.execute(
            "UPDATE beneficiary_request SET create_date = %s"
            " WHERE company_id = ANY(%s)",
            [cls.demo[0].create_date, cls.demo.ids],
        )

    def _ask(self, **vals):
        return self.env[REMOVAL].with_user(self.admin).create(vals)

    def _count(self):
        """Return the number of records of each model, outside the demo."""
        others = [("company_id", "!=", False), ("company_id", "not in", self.demo.ids)]
        return {
            model._name: self.env[model._name]
            .with_context(active_test=False)
            .search_count(others)
            for model in self.env["res.company"]._get_association_models()
        }

    def test_all_goes_and_nothing_else(self):
        """R53, R43: sealed records too; the other associations keep every record."""
        self.assertEqual(len(self.demo), 5)
        self.env["beneficiary.seal"]._append(
            self._make_request("declared").declaration_id
        )
        sealed = self.env["beneficiary.declaration"].search(
            [("company_id", "in", self.demo.ids), ("seal_id", "=", False)], limit=1
        )
        self.env["beneficiary.seal"].with_company(sealed.company_id)._append(sealed)
        before = self._count()
        ids = self.demo.ids
        self._ask(takes_made=True).action_remove()
        self.assertFalse(self.demo.exists())
        self.assertEqual(self._count(), before)
        for model in self.env["res.company"]._get_association_models():
            records = self.env[model._name].with_context(active_test=False)
            self.assertFalse(records.search_count([("company_id", "in", ids)]))
        names = self.env["ir.model.data"].search(
            [("module", "=", "beneficiary_relations"), ("model", "=", "res.users")]
        )
        self.assertFalse(names, "Demo accounts are gone, and their names")
        for kind in ("beneficiary.request", "beneficiary.beneficiary"):
            messages = self.env["mail.message"].search([("model", "=", kind)])
            lost = set(messages.mapped("res_id")) - {
                *self.env[kind].with_context(active_test=False).search([]).ids
            }
            self.assertFalse(lost)
        module = self.env.ref("base.module_beneficiary_relations")
        self.assertFalse(module.demo, "An upgrade does not bring them back")
        verdict = self.env["beneficiary.seal"]._verify(self.company)
        self.assertEqual(verdict.code, seal.INTACT)

    def test_what_people_made_is_kept(self):
        """R53: records of people are named, and kept until they are given up."""
        water = self.env.ref("beneficiary_relations.company_water")
        file = self.env["beneficiary.beneficiary"].create(
            {"name": "بئر المثال", "kind": "place", "company_id": water.id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE beneficiary_beneficiary SET create_uid = %s,"
            " create_date = create_date + interval '1 day' WHERE id = %s",
            [self.officer.id, file.id],
        )
        self.env.invalidate_all()
        removal = self._ask()
        self.assertTrue(removal.has_made)
        with self.assertRaisesRegex(UserError, "People have added"):
            removal.action_remove()
        self.assertTrue(file.exists())
        removal.takes_made = True
        removal.action_remove()
        self.assertFalse(file.exists())

    def test_a_colleague_who_would_be_stranded(self):
        """R53: a colleague of a demo association alone stops it, by name."""
        water = self.env.ref("beneficiary_relations.company_water")
        colleague = self._make_user("br_stranded", "officer", water)
        with self.assertRaisesRegex(UserError, "br_stranded"):
            self._ask(takes_made=True).action_remove()
        self.assertTrue(self.demo.exists())
        colleague.company_ids = [Command.link(self.company.id)]
        self._ask(takes_made=True).action_remove()
        self.assertEqual(colleague.company_id, self.company)

    def test_only_administrators(self):
        """R53: managers and officers do not delete associations."""
        for user in (self.manager, self.officer, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env[REMOVAL].with_user(user).create({}).action_remove()
