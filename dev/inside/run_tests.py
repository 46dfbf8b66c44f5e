"""Run Odoo's server in this process and write down how its tests went.

Usage: run_tests.py REPORT ODOO_OPTION...

Odoo tells by its exit code that a test failed, but not that one was skipped or that
something was logged as an error. Both are recorded here at their source, so nobody
has to guess from the text of a log.
"""

import json
import logging
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from odoo import cli
from odoo.tests import loader
from odoo.tests.result import OdooTestResult

from odoo.addons.base.models.ir_qweb import IrQweb

MODULE = "beneficiary_relations"
# What pages and papers of the addon are made with. Odoo makes all bundles that any
# view names, its own unit tests' too, and none for right-to-left pages; what is made
# during a test is lost at its end, and made anew in the next one.
SCRIPTS = [
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.assets_tests",
    "web.assets_web",
]
STYLES = [
    "web.assets_frontend",
    "web.assets_web",
    "web.assets_web_print",
    "web.report_assets_common",
]
# Odoo's own summing up of failures that are counted already.
SUMMARIES = {
    "Module %s: %d failures, %d errors of %d tests",
    "At least one test failed when loading the modules.",
    "%s when loading database %r",
}


class Tally(logging.Handler):
    """What happened: tests by name, and log records nobody should have caused."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.started = set()
        self.failed = {}
        self.skipped = {}
        self.complaints = Counter()
        self.failing = None

    @contextmanager
    def failure_of(self, name):
        """Take what is logged meanwhile as the failure of this test."""
        self.failing = name
        try:
            yield
        finally:
            self.failing = None

    def emit(self, record):
        if self.failing:
            self.failed.setdefault(self.failing, []).append(self.format(record))
        elif record.msg not in SUMMARIES and not self._is_foreign_warning(record):
            text = self.format(record)
            self.complaints[f"{record.levelname} {record.name}: {text}"] += 1

    @staticmethod
    def _is_foreign_warning(record):
        """Tell whether Python warns about a file that is not the addon's."""
        return record.name == "py.warnings" and MODULE not in record.getMessage()

    def report(self):
        """Return the tally as JSON can hold it."""
        unsuccessful = self.failed.keys() | self.skipped.keys()
        return {
            "passed": len(self.started - unsuccessful),
            "failed": self.failed,
            "skipped": self.skipped,
            "complaints": self.complaints,
        }


tally = Tally()


def _name(test):
    """Return the name of a test method; a subtest has its method's."""
    return getattr(test, "test_case", test).id()


class TalliedResult(OdooTestResult):
    """Odoo's own result, which also tells the tally."""

    def startTest(self, test):
        tally.started.add(_name(test))
        super().startTest(test)

    def addSkip(self, test, reason):
        tally.skipped[_name(test)] = reason
        super().addSkip(test, reason)

    def logError(self, flavour, test, error):
        with tally.failure_of(_name(test)):
            super().logError(flavour, test, error)


def _make_bundles(qweb):
    """Make the bundles that tests ask for, in both directions."""
    for name in SCRIPTS:
        qweb._get_asset_bundle(name, css=False, js=True).js()
    for name in STYLES:
        for rtl in (False, True):
            qweb._get_asset_bundle(name, css=True, js=False, rtl=rtl).css()


def _passed_over():
    """Name the tests that Odoo never runs and never mentions: they have no tags."""
    for module in loader.get_test_modules(MODULE):
        for test in loader.get_module_test_cases(module):
            if not hasattr(test, "test_tags"):
                yield f"{test.id()} never runs: its class is no odoo.tests.BaseCase"


def main(report, options):
    """Run the server, then write the report; the exit code stays Odoo's."""
    loader.OdooTestResult = TalliedResult
    IrQweb._pregenerate_assets_bundles = _make_bundles
    logging.getLogger().addHandler(tally)
    sys.argv[1:] = options
    try:
        cli.main()
    finally:
        if tally.started:
            tally.complaints.update(_passed_over())
        Path(report).write_text(json.dumps(tally.report()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
