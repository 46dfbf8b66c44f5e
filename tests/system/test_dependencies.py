import ast
import re
import sys
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

from packaging.requirements import Requirement

from odoo.exceptions import UserError
from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged

MODULE = "beneficiary_relations"
ROOT = Path(__file__).parents[2]
# Packages of which the addon imports a module of another name.
MODULES = {"pillow-heif": "pillow_heif", "python-stdnum": "stdnum"}
# Modules that Odoo itself cannot run without.
ODOO = {"PIL", "dateutil", "lxml", "markupsafe", "odoo", "psycopg2", "werkzeug"}
ODOO |= {"reportlab", "xlsxwriter"}
FOLDERS = ("controllers", "models", "report", "rules", "wizard")
# The last version below each bound.
TOO_LOW = {
    "hijridate": "2.2.9",
    "phonenumbers": "9.0.22",
    "pikepdf": "8.15.1",
    "pillow-heif": "1.1.1",
    "python-stdnum": "1.16",
}


def read_imports():
    """Return the names of all modules that the addon imports, wherever it does."""
    names = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names


@tagged("post_install", "-at_install")
class TestDependencies(TransactionCase):
    """The Python packages of the addon, each with the lowest version that will do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manifest = Manifest.for_addon(MODULE)
        cls.stated = manifest["external_dependencies"]["python"]
        cls.needed = [Requirement(stated) for stated in cls.stated]

    def _check(self, versions):
        """Check the addon as its installation does, with these ``versions``."""

        def installed(name):
            return versions.get(name) or version(name)

        with patch("importlib.metadata.version", installed):
            self.env["ir.module.module"].check_external_dependencies(MODULE)

    def test_all_are_stated(self):
        """R44: what the addon imports comes with Odoo, or has a bound."""
        stated = {MODULES.get(need.name, need.name) for need in self.needed}
        self.assertEqual(read_imports() - ODOO, stated)
        for need in self.needed:
            operators = {bound.operator for bound in need.specifier}
            self.assertEqual(operators, {">="}, need.name)

    def test_install(self):
        """R44: an earlier version is refused by name, before anything is installed."""
        self._check({})
        self.assertEqual(set(TOO_LOW), {need.name for need in self.needed})
        for need in self.needed:
            [bound] = need.specifier
            self._check({need.name: bound.version})
            low = TOO_LOW[need.name]
            with (
                self.subTest(need=need.name),
                self.assertRaisesRegex(UserError, re.escape(str(need))),
            ):
                self._check({need.name: low})

    def test_told(self):
        """R53: README and the developers' list name the same packages."""
        readme = (ROOT / "README.md").read_text()
        listed = (ROOT / "dev" / "requirements.txt").read_text()
        for stated, need in zip(self.stated, self.needed, strict=True):
            self.assertIn(f'"{stated}"', readme)
            [pinned] = re.findall(rf"^{need.name}==(\S+)$", listed, re.MULTILINE)
            self.assertIn(pinned, need.specifier)
