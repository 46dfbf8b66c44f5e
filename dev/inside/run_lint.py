"""Run Odoo's own lint tests on this addon only.

Usage: run_lint.py REPORT ODOO_OPTION...

The tests of Odoo's module `test_lint` check every module on the addons path, with about
six hundred of Odoo's own. While they run, all modules but this addon are hidden.
"""

import sys
from contextlib import contextmanager
from unittest.mock import patch

from odoo.modules import Manifest
from odoo.tests import loader
from odoo.tools import config

import run_tests


@contextmanager
def only_the_addon():
    """Hide all modules but this addon, and Odoo's own folder, from module listings.

    Pylint, which one of the tests starts, uses the same search path as this process.
    """
    addon = Manifest.for_addon(run_tests.MODULE)
    with (
        patch.object(Manifest, "all_addon_manifests", lambda: [addon]),
        patch.dict(vars(config), root_path=addon.path),
        patch.object(sys, "path", [*sys.path, addon.addons_path]),
    ):
        yield


def main(report, options):
    """Run the server with test suites that see only the addon."""
    run_suite = loader.run_suite

    def run_restricted_suite(*arguments, **keywords):
        with only_the_addon():
            return run_suite(*arguments, **keywords)

    loader.run_suite = run_restricted_suite
    run_tests.main(report, options)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
