import re
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import tagged

from .common import MODULE, PolicyCase

PAGE = Path(get_module_path(MODULE), "doc/clauses.md")
NAMED = re.compile(r"`((?:beneficiary|res)\.[a-z.]+): ([a-z_, ]+)`")


@tagged("post_install", "-at_install", "with_demo")
class TestClauses(PolicyCase):
    """The page on clauses is true of the policies and of the models."""

    def test_every_clause(self):
        """R50: each clause, channel, document and step has its line."""
        page = PAGE.read_text()
        for key in ("template_beneficiary", "water", "training"):
            start = f"{MODULE}.policy_{key}_"
            policy = self.env.ref(start.rstrip("_"))
            for lines in (
                policy.clause_ids,
                policy.channel_line_ids,
                policy.tool_line_ids,
                policy.step_ids,
            ):
                for xmlid in lines.get_external_id().values():
                    self.assertIn(f"`{xmlid.removeprefix(start)}`", page)

    def test_models_and_fields(self):
        """R50: the models and fields that it names exist."""
        named = NAMED.findall(PAGE.read_text())
        self.assertGreater(len(named), 30)
        for model, names in named:
            self.assertIn(model, self.env)
            for name in names.split(", "):
                self.assertIn(name, self.env[model]._fields, model)
