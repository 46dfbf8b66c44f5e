"""Databases: cached templates with the addon's dependencies, and copies of them."""

import hashlib
import os
import shutil

from . import odoo, python_env
from .console import note, step

# The first one becomes the language of new contacts.
LANGUAGES = "ar_001,en_US"
READY = "ready"


def prefix(settings):
    """Return the prefix of the names of all databases of this home."""
    return f"br_{settings.home_id}_"


def own_name(settings, purpose):
    """Return the name of a database of this checkout."""
    return f"{prefix(settings)}{settings.checkout_id}_{purpose}"


def filestore(settings, name):
    return settings.data / "filestore" / name


def ensure_template(runner, demo, apps=()):
    """Return a database with the dependencies installed; make it if there is none.

    :param apps: names of other addons to install
    """
    modules = sorted([*odoo.dependencies(), *apps])
    name = _template_name(runner, demo, modules)
    with runner.settings.lock(name):
        if runner.server.remark(name) != READY:
            _make_template(runner, name, demo, modules)
    return name


def create(runner, template, name):
    """Make a database from a template, and replace one of the same name."""
    settings = runner.settings
    drop(runner, name)
    runner.server.copy(template, name)
    source = filestore(settings, template)
    if source.exists():
        # Files in a filestore never change: links are enough.
        shutil.copytree(source, filestore(settings, name), copy_function=os.link)


def drop(runner, name):
    """Drop a database and its files."""
    runner.server.drop(name)
    shutil.rmtree(filestore(runner.settings, name), ignore_errors=True)


def _template_name(runner, demo, modules):
    """Return the name of a template, with a hash of everything it is made from."""
    parts = [
        runner.source.identity,
        *modules,
        python_env.requirements_hash(runner.settings),
        LANGUAGES,
    ]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]
    return f"{prefix(runner.settings)}template_{key}" + ("_demo" if demo else "")


def _make_template(runner, name, demo, modules):
    """Install these addons into a new database, then mark it as ready."""
    data = "with" if demo else "without"
    modules = ",".join(modules)
    step(f"Make a template database {data} demo data: {modules}")
    drop(runner, name)
    runner.update(
        name,
        f"--init={modules}",
        f"--load-language={LANGUAGES}",
        *(["--with-demo"] if demo else []),
        log=runner.settings.logs / f"template{'-demo' if demo else ''}.log",
    )
    runner.server.set_remark(name, READY)
    note(f"template {data} demo data is ready")
