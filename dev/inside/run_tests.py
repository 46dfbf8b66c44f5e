"""Run Odoo's server in this process and write a report on its tests.

Usage: run_tests.py REPORT ODOO_OPTION...

Odoo's exit code shows that a test failed, but not that a test was skipped or that an
error was logged. Both are recorded here when they happen, so that nobody has to guess
from the text of a log.
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
# The asset bundles that the addon's pages and papers need. They are made before the
# tests: a bundle that is made during a test is lost at its end, and made again in the
# next one. Odoo itself would make the bundles of all views, with those of its own unit
# tests, and none for right-to-left pages.
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
# The website's editor prepares itself on each page, also on one that is left at once.
LEFT_EARLY = "Couldn't load preload assets"
# Odoo's own summaries of failures, which are counted already.
SUMMARIES = {
    "Module %s: %d failures, %d errors of %d tests",
    "At least one test failed when loading the modules.",
    "%s when loading database %r",
}


class Tally(logging.Handler):
    """Counts of the run: test results by name, and unexpected log records."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.started = set()
        self.failed = {}
        self.skipped = {}
        self.complaints = Counter()
        self.failing = None

    @contextmanager
    def failure_of(self, name):
        """Count log records inside the block as a failure of this test."""
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
        """Tell whether this is a warning about what is outside of the addon.

        Python warns of other files; the browser, of a page that is left early.
        """
        text = record.getMessage()
        if record.name.endswith(".browser") and record.levelno == logging.WARNING:
            return text.startswith(LEFT_EARLY)
        return record.name == "py.warnings" and MODULE not in text

    def report(self):
        """Return the tally as values for JSON."""
        unsuccessful = self.failed.keys() | self.skipped.keys()
        return {
            "passed": len(self.started - unsuccessful),
            "failed": self.failed,
            "skipped": self.skipped,
            "complaints": self.complaints,
        }


tally = Tally()


def _name(test):
    """Return the name of a test method; a subtest has the name of its method."""
    return getattr(test, "test_case", test).id()


class TalliedResult(OdooTestResult):
    """Odoo's own test result, which also reports to the tally."""

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
    """Make the asset bundles that tests need, for both writing directions."""
    for name in SCRIPTS:
        qweb._get_asset_bundle(name, css=False, js=True).js()
    for name in STYLES:
        for rtl in (False, True):
            qweb._get_asset_bundle(name, css=True, js=False, rtl=rtl).css()


def _passed_over():
    """Return the names of tests without tags: Odoo silently never runs them."""
    for module in loader.get_test_modules(MODULE):
        for test in loader.get_module_test_cases(module):
            if not hasattr(test, "test_tags"):
                yield f"{test.id()} never runs: its class is no odoo.tests.BaseCase"


def main(report, options):
    """Run the server, then write the report, and keep Odoo's exit code."""
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
