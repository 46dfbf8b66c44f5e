import ast
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

FOLDERS = ("models", "wizard", "report")


@tagged("post_install", "-at_install")
class TestPublicAnswers(BeneficiaryCommon, HttpCase):
    """Public methods return a value, because XML-RPC cannot return None."""

    def test_every_method_answers(self):
        """Every public method of the addon returns a value or raises an error."""
        root = Path(get_module_path("beneficiary_relations"))
        checked = 0
        for path in (path for name in FOLDERS for path in root.glob(f"{name}/**/*.py")):
            for method in self._find_public(ast.parse(path.read_text())):
                checked += 1
                with self.subTest(file=path.name, method=method.name):
                    self.assertTrue(self._ends(method.body))
                    self.assertFalse(
                        [
                            node
                            for node in ast.walk(method)
                            if isinstance(node, ast.Return) and node.value is None
                        ]
                    )
        self.assertGreater(checked, 150)

    def _find_public(self, tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(
                        method, ast.FunctionDef
                    ) and not method.name.startswith("_"):
                        yield method

    def _ends(self, body):
        """Whether the statements end with a return or raise, on every path."""
        last = body[-1]
        if isinstance(last, ast.With):
            return self._ends(last.body)
        return isinstance(last, (ast.Return, ast.Raise))

    # Odoo warns that its next version removes the protocol.
    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")
    def test_over_xml_rpc(self):
        """R1, R13: XML-RPC can call the moves that returned None in the past."""
        draft = self.company._get_beneficiary_policy().copy({"name": "Next"})
        request = self._make_request("verified")
        self.file.household_member_ids.unlink()
        calls = (
            (self.manager, draft, "action_put_in_force", []),
            (self.officer, self.file, "action_match", ["The card"]),
            (
                self.officer,
                request,
                "action_notify",
                [self._channel("phone").id, "Told"],
            ),
        )
        for user, record, method, args in calls:
            with self.subTest(method=method):
                answer = self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname,
                    user.id,
                    user.login,
                    record._name,
                    method,
                    [record.ids, *args],
                )
                self.assertIs(answer, True)
