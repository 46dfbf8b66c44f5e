"""The virtual environment with Odoo's Python packages."""

import hashlib
import shutil
import sys

from . import process
from .console import step


def can_be_made():
    """Tell whether this Python can make virtual environments with pip."""
    return process.succeeds([sys.executable, "-c", "import venv, ensurepip"])


def requirements_hash(settings):
    """Return a hash of the required packages and the Python in use."""
    text = settings.requirements.read_bytes() + sys.version.encode()
    return hashlib.sha256(text).hexdigest()[:8]


def ensure(settings):
    """Return the environment's folder; make a new one if the requirements changed.

    The folder's name has the hash, so that checkouts with different requirements use
    different environments.
    """
    folder = settings.home / "venvs" / requirements_hash(settings)
    complete = folder / "complete"
    with settings.lock("venv"):
        if not complete.exists():
            step(f"Install the Python packages of {settings.requirements.name}")
            shutil.rmtree(folder, ignore_errors=True)
            _create(folder, settings.requirements)
            complete.touch()
    return folder


def _create(folder, requirements):
    process.run([sys.executable, "-m", "venv", folder])
    process.run(
        [folder / "bin" / "python", "-m", "pip", "install", "-r", requirements],
        hint="pip's index is chosen with PIP_INDEX_URL; "
        "another Python with: make PYTHON=python3.12 …",
    )
