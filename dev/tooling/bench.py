"""`make bench`: measure the addon with many rows, in a database that is kept."""

import os

from . import databases, setup
from .console import Problem, note, step
from .settings import MODULE

SIZES = ("S", "M", "L", "D", "R")


def main(settings):
    """Install the addon into a separate database, fill it once, and measure."""
    size = os.environ.get("SIZE") or "S"
    if size not in SIZES:
        raise Problem(f"SIZE={size}: one of {', '.join(SIZES)}")
    runner = setup.prepare(settings)
    name = databases.own_name(settings, f"bench_{size.lower()}")
    with settings.lock(name):
        if os.environ.get("RESET") or runner.server.remark(name) != databases.READY:
            _make_database(runner, name)
        step(f"Measure size {size}; the database {name} is kept, RESET=1 makes it anew")
        log = settings.logs / "bench.log"
        script = settings.checkout / "bench"
        command = [runner.python, script, size, *runner.options(name, log)]
        return runner.start(command).wait()


def _make_database(runner, name):
    """Copy the template and install the addon, without demo data."""
    template = databases.ensure_template(runner, demo=False)
    databases.create(runner, template, name)
    log = runner.settings.logs / "bench-install.log"
    step(f"Install the addon into {name}; the log is {log}")
    runner.update(name, f"--init={MODULE}", log=log)
    runner.server.set_remark(name, databases.READY)
    note("installed")
