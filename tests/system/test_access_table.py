from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from .access_table import MODULE, make_access_table


@tagged("post_install", "-at_install", "without_demo")
class TestAccessTable(TransactionCase):
    """R43: doc/access.md shows the access rights as they are."""

    maxDiff = None

    def test_table_is_current(self):
        """R43: the table lists every right and every rule; `make docs` updates it."""
        env = self.env(context={"lang": "en_US"})
        with file_open(f"{MODULE}/doc/access.md") as file:
            self.assertEqual(file.read(), make_access_table(env))
