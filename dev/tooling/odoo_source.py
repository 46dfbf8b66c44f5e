"""The source of Odoo's own code."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian, process
from .console import Problem, complain, note, step

SERIES = "19.0"
UPSTREAM = "https://github.com/odoo/odoo.git"


@dataclass(frozen=True)
class OdooSource:
    """Odoo's code, from any source.

    :param root: the folder with the package `odoo`
    :param identity: text that changes when the code changes; part of the templates' key
    """

    root: Path
    identity: str

    @property
    def addons(self):
        """The folder of modules outside of the package `odoo`, if there is one.

        An installed Debian package has such a folder, but without the modules' data.
        """
        folder = self.root / "addons"
        return [folder] if (folder / "web" / "views").exists() else []


def ensure(settings):
    """Return Odoo's code: ODOO_SRC, an earlier download, Debian's or upstream's."""
    if named := os.environ.get("ODOO_SRC"):
        return _named(Path(named).expanduser().resolve())
    with settings.lock("odoo"):
        return _fetched(settings) or _fetch(settings)


def _named(root):
    """Use a checkout that the user already has."""
    release = root / "odoo" / "release.py"
    if not release.exists():
        raise Problem(f"ODOO_SRC={root} has no odoo/release.py: name the source's root")
    if (root / ".git").exists():
        head = process.run(["git", "-C", root, "rev-parse", "HEAD"]).strip()
    else:
        head = hashlib.sha256(release.read_bytes()).hexdigest()
    return OdooSource(root, f"{root} {head}")


def _fetched(settings):
    """Return the complete download of an earlier run, if there is one."""
    for tree in (_debian_tree(settings), _git_tree(settings)):
        complete = tree / "complete"
        if complete.exists():
            root = tree / debian.PYTHON_ROOT
            return OdooSource(root if root.exists() else tree, complete.read_text())
    return None


def _fetch(settings):
    """Fetch Odoo from Debian, or else from upstream's repository."""
    if address := debian.mirror():
        step(f"Fetch Odoo {SERIES} from Debian's suite {debian.SUITE} ({address})")
        try:
            _from_debian(_debian_tree(settings), address)
        except Problem as problem:
            complain(f"{problem}\ntrying upstream's repository instead")
        else:
            return _fetched(settings)
    step(f"Clone Odoo {SERIES} from {UPSTREAM}")
    _from_git(_git_tree(settings))
    return _fetched(settings)


def _from_debian(tree, address):
    shutil.rmtree(tree, ignore_errors=True)
    names = debian.unpack_odoo(tree, address)
    (tree / "complete").write_text("\n".join(names))


def _from_git(tree):
    shutil.rmtree(tree, ignore_errors=True)
    note("this takes some minutes and 2 GB")
    process.run(
        ["git", "clone", "--depth=1", f"--branch={SERIES}", UPSTREAM, tree],
        hint="name a checkout of Odoo 19 with ODOO_SRC, "
        "or a Debian mirror with BR_DEBIAN_MIRROR",
    )
    head = process.run(["git", "-C", tree, "rev-parse", "HEAD"])
    (tree / "complete").write_text(head)


def _debian_tree(settings):
    return settings.home / "odoo-debian"


def _git_tree(settings):
    return settings.home / "odoo-git"
