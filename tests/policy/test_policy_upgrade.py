import importlib.util

from odoo.modules import get_module_path
from odoo.tests import tagged

from .common import MODULE, PolicyCase

FOLDER = f"{get_module_path(MODULE)}/migrations/19.0.1.7.0"


@tagged("post_install", "-at_install", "with_demo")
class TestPolicyUpgrade(PolicyCase):
    """Databases of before: the shipped policies are rewritten, no other one is."""

    def _migrate(self, name):
        spec = importlib.util.spec_from_file_location("text", f"{FOLDER}/{name}.py")
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.6.0")
        self.env.invalidate_all()

    def _make_old(self, policies):
        """Give ``policies`` the columns and the texts that they had before."""
        self.env.flush_all()
        for column in ("preamble", "general_objective"):
            self.env.cr.execute(
                f"ALTER TABLE beneficiary_policy ADD COLUMN {column} jsonb"
            )
            self.env.cr.execute(
                f"""UPDATE beneficiary_policy SET {column} = '{{"en_US": "Ours",
                    "ar_001": "لنا"}}' WHERE id IN %s""",  # noqa: S608
                [tuple(policies.ids)],
            )
        self.env.cr.execute(
            """UPDATE beneficiary_policy SET notice_text = '{"en_US": "Old"}'
                WHERE id IN %s""",
            [tuple(policies.ids)],
        )
        self.env.invalidate_all()

    def test_upgrade(self):
        """R1, R35: an association's own words stay; templates and examples are new."""
        own = self.company._get_beneficiary_policy()
        shipped = self.policies["water"] | self.env.ref(
            f"{MODULE}.policy_template_member"
        )
        points = {policy: policy.clause_ids.mapped("name") for policy in shipped}
        names = ["in_force_on", "version", "state"]
        dates = self.policies["water"].read(names)
        self._make_old(own | shipped)
        self._migrate("pre-text")
        self._migrate("post-text")
        self.assertEqual((own.preamble, own.general_objective), ("Ours", "Ours"))
        self.assertEqual(own.with_context(lang="ar_001").preamble, "لنا")
        self.assertEqual(own.notice_text, "Old")
        self.assertEqual(own.state, "in_force")
        for policy in shipped:
            self.assertEqual(policy.clause_ids.mapped("name"), points[policy])
            self.assertIn("not less than two weeks", policy.notice_text)
        self.assertEqual(self.policies["water"].read(names), dates)
        self.assertEqual(
            self.policies["water"].company_id._get_beneficiary_policy(),
            self.policies["water"],
        )
