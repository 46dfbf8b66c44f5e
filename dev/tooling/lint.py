"""`make lint`: style, Odoo's rules, and code that Odoo would rewrite."""

import os

from . import databases, setup
from .console import Problem, complain, step
from .settings import MODULE
from .tests import run_suite


def main(settings):
    """Run all checks, or those that the variable CHECKS names, each to its end."""
    wanted = os.environ.get("CHECKS", "")
    checks = {name: check for name, check in CHECKS.items() if wanted in name}
    if not checks:
        raise Problem(f"CHECKS={wanted}: part of a name of {', '.join(CHECKS)}")
    runner = setup.prepare(settings)
    failed = [
        name for name, check in checks.items() if not _passes(name, check, runner)
    ]
    if failed:
        print(f"lint: failed: {', '.join(failed)}", flush=True)
        return 1
    print("lint: clean", flush=True)
    return 0


def _passes(name, check, runner):
    """Announce a check and run it."""
    step(name)
    return check(runner)


def _ruff_check(runner):
    return _succeeds(runner, [runner.venv / "bin" / "ruff", "check", runner.checkout])


def _ruff_format(runner):
    command = [runner.venv / "bin" / "ruff", "format", "--diff", runner.checkout]
    return _succeeds(runner, command)


def _pylint_odoo(runner):
    """Check the module from its parent folder, where it has its name.

    Errors that tests raise need no translation. pylint-odoo knows that only for a
    folder that is called tests, not for the rooms below it.
    """
    # Private methods that write past their own model's checks must call another
    # super method, and a context without some keys can only be replaced as a whole.
    # Disabled here and not in the code, where Odoo's own pylint would complain about
    # names of checks that it does not know.
    excused = "--disable=super-method-mismatch,context-overridden"
    runs = [
        [excused, "--ignore=tests", MODULE],
        [f"{excused},translation-required", f"{MODULE}/tests"],
    ]
    pylint = [
        runner.venv / "bin" / "pylint",
        f"--rcfile={runner.checkout / '.pylintrc'}",
    ]
    results = [
        _succeeds(runner, [*pylint, *run], cwd=runner.settings.addons) for run in runs
    ]
    return all(results)


def _eslint(runner):
    """Check the JavaScript by Odoo's own rules."""
    rules = runner.source.root / "odoo/addons/test_lint/tests/eslintrc"
    command = [runner.node_bin / "eslint", "--no-ignore", "--no-eslintrc", "-c", rules]
    files = ["--no-error-on-unmatched-pattern", runner.checkout / "static"]
    return _succeeds(runner, [*command, *files])


def _upgrade_code(runner):
    """Look for code of earlier versions that Odoo can rewrite."""
    command = runner.command(
        *("upgrade_code", "--from=17.0", "--dry-run", f"--glob={MODULE}/**/*"),
        f"--addons-path={runner.settings.addons}",
    )
    clean = _succeeds(runner, command)
    if not clean:
        complain("Odoo's upgrade scripts would rewrite the files above")
    return clean


def _test_lint(runner):
    """Run Odoo's lint tests except the one for JavaScript: see `_eslint`."""
    template = databases.ensure_template(runner, demo=False)
    name = databases.own_name(runner.settings, "lint")
    databases.create(runner, template, name)
    outcome = run_suite(
        runner,
        "lint tests",
        name,
        script="run_lint.py",
        modules=f"{MODULE},test_lint",
        tags="/test_lint,-/test_lint:TestESLint",
    )
    databases.drop(runner, name)
    outcome.tell()
    return not outcome.failed


def _succeeds(runner, command, **options):
    """Run a check that prints its own messages."""
    return runner.start(command, **options).wait() == 0


CHECKS = {
    "ruff check": _ruff_check,
    "ruff format": _ruff_format,
    "pylint-odoo": _pylint_odoo,
    "eslint": _eslint,
    "odoo upgrade_code": _upgrade_code,
    "Odoo's module test_lint": _test_lint,
}
