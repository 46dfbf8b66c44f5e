"""Odoo 19 from Debian's archive, unpacked into a folder without being installed.

Debian ships `odoo-19` in its suite `sid`. APT uses lists and a cache of this project,
so that neither root nor a change of the machine's own sources is needed. Signatures are
checked with Debian's keyring, as for any other package.
"""

import os
import shutil
import tempfile
from pathlib import Path

from . import node, process, system
from .console import Problem, note

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITE = "sid"
# Odoo's package, and the packages whose files it links to.
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
PYTHON_ROOT = Path("usr/lib/python3/dist-packages")
# Odoo needs Font Awesome 4; Debian's is newer and has other icons.
FONT_AWESOME = "font-awesome@4.7.0"
# A library that the module `mail` loads, but that is missing in the package.
SELFIE = "@mediapipe/selfie_segmentation@0.1.1675465747"
SELFIE_FILE = "selfie_segmentation.js"


def mirror():
    """Return the address of a Debian mirror, or nothing if there is none.

    The variable BR_DEBIAN_MIRROR may name one; else it is the machine's own mirror.
    """
    if named := os.environ.get("BR_DEBIAN_MIRROR"):
        return named.rstrip("/")
    if system.distribution()[0] != "debian" or not shutil.which("apt-get"):
        return ""
    return _machine_mirror()


def unpack_odoo(tree, address):
    """Download, unpack and complete Odoo; return the names of the packages' files."""
    if not KEYRING.exists():
        raise Problem(f"{KEYRING} is missing: package debian-archive-keyring")
    tree.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=tree.parent) as scratch:
        archives = _download(Path(scratch), address)
        for archive in archives:
            note(f"unpack {archive.name}")
            process.run(["dpkg", "-x", archive, tree])
        names = [archive.name for archive in archives]
    _complete(tree)
    return names


def _machine_mirror():
    """Return the mirror of the main archive from this machine's APT sources.

    APT knows it from its lists. If these were removed, as in container images, they
    are downloaded again into a temporary folder.
    """
    if address := _main_archive():
        return address
    with tempfile.TemporaryDirectory() as scratch:
        options = _apt_options(Path(scratch))
        process.succeeds(["apt-get", *options, "update"])
        return _main_archive(*options)


def _main_archive(*options):
    """Return the address of the repository of this machine's Debian release."""
    listing = process.run(
        [
            "apt-get",
            *options,
            "indextargets",
            "--format=$(REPO_URI)",
            "Created-By: Packages",
            "Origin: Debian",
            f"Codename: {system.distribution()[1]}",
        ]
    )
    return next(iter(listing.split()), "").rstrip("/")


def _download(scratch, address):
    """Download the packages with a separate APT configuration."""
    sources = scratch / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {address} {SUITE} main\n")
    apt = [
        "apt-get",
        *_apt_options(scratch),
        *("-o", f"Dir::Etc::sourcelist={sources}"),
        *("-o", "Dir::Etc::sourceparts=-"),
    ]
    note(f"read the lists of {SUITE}")
    process.run([*apt, "update"], hint="BR_DEBIAN_MIRROR names another mirror")
    note(f"download {len(PACKAGES)} packages")
    process.run([*apt, "download", *PACKAGES], cwd=scratch)
    return sorted(scratch.glob("*.deb"))


def _apt_options(scratch):
    """Return options that keep APT's lists and cache in `scratch`, without root."""
    (scratch / "lists" / "partial").mkdir(parents=True)
    (scratch / "cache" / "archives" / "partial").mkdir(parents=True)
    settings = {
        "Dir::State::Lists": scratch / "lists",
        "Dir::Cache": scratch / "cache",
        "Acquire::Languages": "none",
        "APT::Update::Error-Mode": "any",
    }
    if system.is_root():
        # The unprivileged download user could not write to a private home.
        settings["APT::Sandbox::User"] = "root"
    return [
        word for key, value in settings.items() for word in ("-o", f"{key}={value}")
    ]


def _complete(tree):
    """Add the files that no package in the list has, and check every link."""
    note(f"add {FONT_AWESOME} and {SELFIE}")
    node.unpack(FONT_AWESOME, "fonts", tree / "usr/share/fonts-font-awesome/fonts")
    addons = tree / PYTHON_ROOT / "odoo" / "addons"
    selfie = addons / "mail/static/lib/selfie_segmentation"
    node.unpack(SELFIE, SELFIE_FILE, selfie)
    inconsolata = tree / "usr/share/fonts/opentype/inconsolata/Inconsolata-Regular.otf"
    link = addons / "point_of_sale/static/src/fonts/Inconsolata.otf"
    if link.is_symlink() and not link.exists():
        link.unlink()
        link.symlink_to(os.path.relpath(inconsolata, link.parent))
    # The package also has a folder with only the Python files of the modules. Odoo
    # would add it to the addons path.
    shutil.rmtree(tree / PYTHON_ROOT / "addons")
    _check_links(tree)


def _check_links(tree):
    """Refuse a tree with dangling links: the web client would break later."""
    dangling = [
        path.relative_to(tree)
        for path in tree.rglob("*")
        if path.is_symlink() and not path.exists()
    ]
    if dangling:
        names = "\n  ".join(str(path) for path in dangling)
        raise Problem(
            f"Debian's Odoo package links to files that are not there:\n  {names}\n"
            "A checkout of Odoo 19 named by ODOO_SRC avoids the package"
        )
