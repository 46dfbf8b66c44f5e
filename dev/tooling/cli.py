"""The commands, and the way from a command line to one of them."""

import sys

from . import console, settings
from .console import Problem

COMMANDS = {
    "setup": "install or download everything the other commands need",
    "run": "serve the addon with demo data on http://127.0.0.1:8069 until Ctrl-C",
    "stop": "stop a server started with DETACH=1, and the database server",
    "test": "run the addon's tests, without and with demo data",
    "lint": "check style, Odoo's own lint tests and deprecated code",
    "i18n": "export the translation template and bring i18n/ar.po up to date",
    "shell": "open Odoo's Python shell on the database of `make run`",
    "clean": "drop our databases and remove everything that was downloaded",
}
VARIABLES = {
    "BR_HOME": "where downloads and data go (default: the user's cache folder)",
    "BR_PORT": "run: the port to serve on (default: 8069)",
    "DETACH=1": "run: return once the server answers, `make stop` ends it",
    "RESET=1": "run: begin with a fresh database",
    "TAGS": "test: Odoo's test tags (default: /beneficiary_relations)",
    "DEMO=0|1": "test: only without or only with demo data",
    "JOBS=1": "test: one run after the other instead of side by side",
    "ODOO_SRC": "a checkout of Odoo 19 to use instead of downloading one",
    "BR_DEBIAN_MIRROR": "the Debian mirror to download Odoo from",
    "PGHOST, PGPORT, PGUSER, PGPASSWORD": "a database server to use instead of ours",
    "PYTHON": "the Python to run with (default: python3)",
}


def main(arguments):
    """Run the command named on the command line and return its exit code."""
    if arguments in ([], ["--help"]):
        return _help()
    command = arguments[0]
    if len(arguments) > 1 or command not in COMMANDS:
        print(f"unknown command: {' '.join(arguments)}", file=sys.stderr)
        return 2
    try:
        return _run(command) or 0
    except Problem as problem:
        print(f"!!! {problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command):
    """Import the command's module only now: most need none of the others."""
    from . import clean, i18n, lint, serve, setup, tests

    functions = {
        "setup": setup.main,
        "run": serve.main,
        "stop": serve.stop,
        "test": tests.main,
        "lint": lint.main,
        "i18n": i18n.main,
        "shell": serve.shell,
        "clean": clean.main,
    }
    return functions[command](settings.load())


def _help():
    print("make COMMAND [VARIABLE=value …]\n")
    console.table(("command", ""), list(COMMANDS.items()))
    print()
    console.table(("variable", ""), list(VARIABLES.items()))
    return 0
