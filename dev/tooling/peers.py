"""The addons that the benchmark measures the addon beside.

Odoo's own are there already. Those of the OCA are packages of Python's index, fetched
by name with this machine's own pip settings, and unpacked in the home.
"""

import os
import shutil
import zipfile

from . import process
from .console import Problem, step

STOCK = ("project", "crm", "base_automation")
OCA = ("helpdesk_mgmt", "helpdesk_mgmt_sla", "helpdesk_mgmt_rating")
SERIES = "19.0"


def ensure(runner):
    """Return (names of the peers, folders of addons) of this home.

    The OCA's are among them with PEERS=oca, and from then on.
    """
    asked = os.environ.get("PEERS", "")
    if asked not in ("", "oca"):
        raise Problem(f"PEERS={asked}: oca, or nothing")
    folder = runner.settings.home / f"oca-{SERIES}"
    complete = folder / "complete"
    if asked and not complete.exists():
        with runner.settings.lock("oca"):
            _fetch(runner, folder)
            complete.touch()
    if complete.exists():
        return (*STOCK, *OCA), [folder / "odoo" / "addons"]
    return STOCK, []


def _fetch(runner, folder):
    """Fetch the OCA's addons into ``folder``."""
    step(f"Fetch the OCA's {', '.join(OCA)} for Odoo {SERIES}")
    shutil.rmtree(folder, ignore_errors=True)
    packages = folder / "packages"
    packages.mkdir(parents=True)
    names = [f"odoo-addon-{name.replace('_', '-')}=={SERIES}.*" for name in OCA]
    process.run(
        [runner.python, "-m", "pip", "download", "--no-deps", "-d", packages, *names],
        hint="pip's index is chosen with PIP_INDEX_URL; without PEERS=oca the addon is "
        "measured beside Odoo's own addons",
    )
    for package in packages.glob("*.whl"):
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
