"""Write the generated parts of the documents from the code and a database.

Usage: write_docs.py FOLDER ODOO_OPTION...
"""

import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main(folder, options):
    """Write the diagram of the rooms in architecture.md, and access.md."""
    config.parse_config(options)
    (database,) = config["db_name"]
    registry = Registry(database)
    from odoo.addons.beneficiary_relations.tests.system import access_table, plan

    architecture = folder / "architecture.md"
    architecture.write_text(plan.put_picture(architecture.read_text()))
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        (folder / "access.md").write_text(access_table.make_access_table(env))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
