"""The list of commands, and the call of one of them by the command line."""

import sys

from . import (
    bench,
    clean,
    console,
    docs,
    i18n,
    lint,
    screens,
    serve,
    servers,
    settings,
    setup,
    tests,
)
from .console import Problem

COMMANDS = {
    "setup": (setup.main, "install or download what the other commands need"),
    "run": (serve.main, "serve the addon with demo data until Ctrl-C"),
    "stop": (serve.stop, "stop a server started with DETACH=1, and the database"),
    "test": (tests.main, "run the addon's tests, without and with demo data"),
    "hostile": (tests.hostile, "try every door as a hostile hand does, for hours"),
    "screens": (screens.main, "open every screen of each role, list what is wrong"),
    "pictures": (screens.take_pictures, "take the pictures of the guides anew"),
    "lint": (lint.main, "check style, Odoo's own lint tests, and deprecated code"),
    "bench": (bench.main, "measure the addon on many rows, into bench/results"),
    "servers": (servers.main, "run two servers and a replica, kill them under load"),
    "i18n": (i18n.main, "export the texts and bring i18n/ar.po up to date"),
    "docs": (docs.main, "draw the rooms and write the access rights into doc/"),
    "shell": (serve.shell, "open Odoo's Python shell on the database of `run`"),
    "clean": (clean.main, "drop our databases, remove all that was downloaded"),
}
VARIABLES = {
    "BR_HOME": "where downloads and data go (default: the user's cache folder)",
    "BR_PORT": "run: the port to serve on (default: 8069)",
    "DETACH=1": "run: return once the server answers, `make stop` ends it",
    "RESET=1": "run, screens, pictures, bench: begin with a fresh database",
    "AGAIN=1": "test: on the database of the last run, if only tests changed",
    "TAGS": "test, hostile: Odoo's test tags (default: /beneficiary_relations)",
    "DEMO=0|1|apps": "test, hostile: only without or with demo data, or beside apps",
    "ROLES, LANGS": "screens: only these logins, only these languages (a,b)",
    "OUT": "screens: the folder for the pictures of all screens",
    "SIZE=XS|S|M|L|D|R": "bench, servers: how many rows (default: S); D is files "
    "alone, R replies that are due",
    "PEERS=oca": "bench: beside the OCA's helpdesk too, fetched by pip",
    "CHECKS": "lint: only the checks with this in their names",
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
    function, _description = COMMANDS[command]
    try:
        return function(settings.load()) or 0
    except Problem as problem:
        print(f"!!! {problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _help():
    print("make COMMAND [VARIABLE=value …]\n")
    commands = [(name, text) for name, (_function, text) in COMMANDS.items()]
    console.table(("command", ""), commands)
    print()
    console.table(("variable", ""), list(VARIABLES.items()))
    return 0
