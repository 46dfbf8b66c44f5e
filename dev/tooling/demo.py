"""The demo database of `make run`: installed once, updated when the addon changes."""

import hashlib
import os

from . import databases
from .console import Problem, complain, step
from .settings import MODULE

# Files of the repository that are not part of the addon.
NOT_THE_ADDON = {"dev", "doc", "Makefile"}


def ensure_database(runner, purpose="run"):
    """Install or update the demo database for the addon's present code.

    :param purpose: what the database is for; each purpose has one of its own
    :return: the name of the database, and whether it was installed or updated
    """
    settings, server = runner.settings, runner.server
    name = databases.own_name(settings, purpose)
    with settings.lock(name):
        now = fingerprint(settings.checkout)
        before = "" if os.environ.get("RESET") else server.remark(name)
        if not before:
            template = databases.ensure_template(runner, demo=True)
            step("Install the addon with demo data")
            databases.create(runner, template, name)
            update(runner, name, f"--init={MODULE}")
        elif before != now:
            step("Update the addon, whose files changed")
            update(runner, name, f"--update={MODULE}", "--i18n-overwrite")
        server.set_remark(name, now)
    return name, before != now


def update(runner, name, *arguments):
    """Install or update the addon with its demo data, and show the complaints."""
    log = runner.settings.logs / "install.log"
    for line in runner.update(name, *arguments, log=log):
        complain(line)
    # If demo data cannot be loaded, Odoo warns and installs the addon without them.
    query = f"SELECT demo FROM ir_module_module WHERE name = '{MODULE}'"
    if runner.server.query(query, name) != [["t"]]:
        raise Problem(f"the demo data could not be loaded, the log is {log}")


def fingerprint(checkout, without=()):
    """Return a hash that changes when a file of the addon changes.

    :param without: names of folders that do not count
    """
    digest = hashlib.sha256()
    for path in sorted(_files(checkout, {*NOT_THE_ADDON, *without})):
        digest.update(f"{path.relative_to(checkout)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(checkout, skipped):
    """Yield the addon's files, without the skipped files and folders."""
    for entry in checkout.iterdir():
        if entry.name.startswith(".") or entry.name in skipped:
            continue
        for path in entry.rglob("*") if entry.is_dir() else [entry]:
            if path.is_file() and path.suffix != ".pyc":
                yield path
