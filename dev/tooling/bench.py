"""`make bench`: measure the addon beside its peers, in a database that is kept.

SIZE is one of the sizes of ``bench/populate.py``; PEERS=oca fetches the OCA's helpdesk
as a peer; RESET=1 makes the database anew. GATES=R1,R4 measures only these gates, and
GATES=walk only this page (see ``bench/__main__.py``).
"""

import os

from . import databases, peers, setup
from .console import Problem, note, step
from .settings import MODULE

# Of how many requests, and whether the peers have as many records.
SIZES = {"XS": True, "S": True, "M": True, "L": True, "D": False, "R": False}


def main(settings):
    """Install the addon and its peers into a separate database, fill it, measure."""
    size = os.environ.get("SIZE") or "S"
    if size not in SIZES:
        raise Problem(f"SIZE={size}: one of {', '.join(SIZES)}")
    runner = setup.prepare(settings)
    modules, folders = peers.ensure(runner) if SIZES[size] else ((), [])
    purpose = f"bench_{size.lower()}{'_oca' if folders else ''}"
    name = databases.own_name(settings, purpose)
    options = _addons_path(runner, folders)
    with settings.lock(name):
        if os.environ.get("RESET") or runner.server.remark(name) != databases.READY:
            _make_database(runner, name, modules, options)
        step(f"Measure size {size}; the database {name} is kept, RESET=1 makes it anew")
        log = settings.logs / "bench.log"
        command = [runner.python, settings.checkout / "bench", size]
        return runner.start([*command, *runner.options(name, log), *options]).wait()


def _addons_path(runner, folders):
    """Return the option that adds ``folders`` to those that Odoo loads addons from."""
    if not folders:
        return []
    paths = [*runner.source.addons, runner.settings.addons, *folders]
    return [f"--addons-path={','.join(map(str, paths))}"]


def _make_database(runner, name, modules, options):
    """Copy a template and install the addon and its peers, without demo data."""
    stock = [module for module in modules if module in peers.STOCK]
    template = databases.ensure_template(runner, demo=False, apps=stock)
    databases.create(runner, template, name)
    log = runner.settings.logs / "bench-install.log"
    modules = [MODULE, *(module for module in modules if module not in stock)]
    step(f"Install {', '.join(modules)} into {name}; the log is {log}")
    runner.update(name, *options, f"--init={','.join(modules)}", log=log)
    runner.server.set_remark(name, databases.READY)
    note("installed")
