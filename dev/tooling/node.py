"""Programs from npm: the right-to-left CSS compiler, checkers, the browser's driver."""

import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from . import process
from .console import step

# The linter is of the last series that reads Odoo's own `.eslintrc`.
PACKAGES = (
    *("rtlcss@4.3.0", "eslint@8.57.1", "axe-core@4.10.3"),
    "playwright-core@1.65.1",
)
HINT = "npm's registry is chosen with the variable npm_config_registry"


def ensure(settings):
    """Install the programs into the home and return the folder to put on PATH."""
    folder = settings.home / "npm"
    complete = folder / "complete"
    with settings.lock("npm"):
        if not complete.exists() or complete.read_text() != " ".join(PACKAGES):
            step(f"Install from npm: {' '.join(PACKAGES)}")
            folder.mkdir(parents=True, exist_ok=True)
            _npm(folder, "install", "--prefix", folder, *PACKAGES)
            complete.write_text(" ".join(PACKAGES))
    return folder / "node_modules" / ".bin"


def unpack(package, wanted, target):
    """Copy `wanted`, a file or folder of an npm package, to `target`."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        name = _npm(scratch, "pack", "--silent", package).splitlines()[-1]
        with tarfile.open(Path(scratch) / name) as archive:
            for member in archive.getmembers():
                path = PurePosixPath(member.name)
                if member.isfile() and path.is_relative_to(f"package/{wanted}"):
                    content = archive.extractfile(member).read()
                    (target / path.name).write_bytes(content)


def _npm(folder, *arguments):
    """Run npm in the folder, without its usual messages."""
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    return process.run(["npm", *arguments, *quiet], hint=HINT, cwd=folder)
