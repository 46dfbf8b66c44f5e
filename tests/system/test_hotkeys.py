import re
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import BaseCase, tagged

# Where Odoo's keys are at hand on every screen, or in every form.
ODOO = {
    "web": (
        "search/action_menus",
        "search/breadcrumbs",
        "search/cog_menu",
        "search/search_bar_menu",
        "views/form",
        "views/list",
        "webclient",
    ),
    "mail": ("chatter", "core/web", "views/web/fields"),
}
KEY = re.compile(r"""hotkey["']?\s*[:=]\s*["'](?:alt\+)?([a-z+]+)["']""")
# Keys of dialogs, which are above the form: they are ours while one is open.
DIALOG_KEYS = {"a", "c", "j", "n", "q", "t", "v", "x", "z"}


def read_keys(folder):
    """Return the keys named in the sources below ``folder``."""
    return {
        key
        for path in Path(folder).rglob("*")
        if path.suffix in (".js", ".xml")
        for key in KEY.findall(path.read_text())
    }


@tagged("post_install", "-at_install", "without_demo")
class TestHotkeys(BaseCase):
    def test_none_is_taken(self):
        """R5: no key of the addon does something else in Odoo on the same screen."""
        taken = set()
        for module, folders in ODOO.items():
            for folder in folders:
                taken |= read_keys(f"{get_module_path(module)}/static/src/{folder}")
        self.assertLessEqual({"h", "m", "s", "shift+i", "shift+u"}, taken)
        ours = get_module_path("beneficiary_relations")
        keys = read_keys(f"{ours}/views") | read_keys(f"{ours}/static/src")
        self.assertIn("shift+c", keys)
        self.assertEqual(keys & (taken - DIALOG_KEYS), set())
