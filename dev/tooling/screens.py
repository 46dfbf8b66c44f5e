"""`make screens` opens every screen in a browser; `make pictures` takes the guides'."""

import os
import shutil
from pathlib import Path

from . import demo, serve, setup
from .console import step
from .settings import CHECKOUT

BROWSER = CHECKOUT / "dev" / "browser"


def main(settings):
    """Walk over every screen of each role; return 1 if anything was found."""
    own = settings.workspace / "screens"
    shutil.rmtree(own, ignore_errors=True)
    folder = Path(os.environ.get("OUT") or own).resolve()
    translation = settings.checkout / "i18n" / "ar.po"
    choices = [os.environ.get("ROLES", ""), os.environ.get("LANGS", "")]
    return _browse(settings, "walk.js", translation, folder, *choices)


def take_pictures(settings):
    """Take the pictures of the guides and of the app list from the demo data."""
    return _browse(settings, "pictures.js", settings.checkout, shrink=True)


def _browse(settings, script, *arguments, shrink=False):
    """Serve a demo database of its own and run a script of `dev/browser` on it.

    :param shrink: whether the script's pictures are made smaller afterwards
    """
    runner = setup.prepare(settings, browser=True)
    database, _is_new = demo.ensure_database(runner, "screens")
    with serve.serving(runner, database, settings.logs / "screens.log") as address:
        step(f"Browse {address}")
        command = ["env", f"NODE_PATH={runner.node_bin.parent}", _chromium()]
        command += ["node", BROWSER / script, address, *arguments]
        code = runner.start(command).wait()
    if shrink:
        command = runner.inside("shrink_pictures.py", *arguments)
        code = runner.start(command).wait() or code
    return code


def _chromium():
    """Return the setting that names the browser, for the script's environment."""
    program = next(filter(None, map(shutil.which, setup.BROWSERS)))
    return f"CHROMIUM={program}"
