"""Folders and other settings: read once from the environment, passed as one value."""

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from .console import Problem, note

MODULE = "beneficiary_relations"
# Marks a folder as a cache, and a home as made by these commands: only a home with this
# mark is removed.
TAG = "CACHEDIR.TAG"
TAG_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n"
CHECKOUT = Path(__file__).resolve().parents[2]


def short_hash(*parts):
    """Return a hash of these parts, of eight characters."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Settings:
    """The folders of one checkout of the addon.

    `home` has all downloads, and several checkouts may share it. `workspace` belongs to
    one checkout: its addons folder, logs and Odoo data.
    """

    home: Path
    checkout: Path

    @property
    def home_id(self):
        return short_hash(self.home)

    @property
    def checkout_id(self):
        return short_hash(self.home, self.checkout)

    @property
    def workspace(self):
        return self.home / "checkouts" / self.checkout_id

    @property
    def addons(self):
        """The folder with the module under its own name, whatever the clone's name."""
        return self.workspace / "addons"

    @property
    def logs(self):
        return self.workspace / "logs"

    @property
    def data(self):
        """Odoo's data folder; shared, so that files of templates can be linked."""
        return self.home / "data"

    @property
    def requirements(self):
        return self.checkout / "dev" / "requirements.txt"

    @contextmanager
    def lock(self, name):
        """Let only one process at a time do the task called `name` in this home."""
        folder = self.home / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / name, "w") as handle:
            try:
                flock(handle, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                note(f"another process is busy with '{name}', waiting for it")
                flock(handle, LOCK_EX)
            yield


def load():
    """Read the environment into Settings and link the module under its name."""
    settings = Settings(home=_home(), checkout=CHECKOUT)
    _make_home(settings.home)
    settings.logs.mkdir(parents=True, exist_ok=True)
    settings.addons.mkdir(exist_ok=True)
    link = settings.addons / MODULE
    if not link.is_symlink():
        link.symlink_to(settings.checkout)
    return settings


def number(name, default):
    """Return the value of a variable, which must be a whole number."""
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise Problem(f"{name}={value} is no number")
    return int(value)


def _make_home(home):
    """Create the home, or use an existing empty folder for it."""
    home.mkdir(parents=True, exist_ok=True)
    if not any(home.iterdir()):
        (home / TAG).write_text(TAG_TEXT)


def _home():
    """Return BR_HOME, or this project's folder in the user's cache."""
    if named := os.environ.get("BR_HOME"):
        home = Path(named).expanduser().resolve()
    else:
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        home = Path(cache).resolve() / MODULE
    if home.is_relative_to(CHECKOUT):
        raise Problem(
            f"BR_HOME={home} lies inside the addon, and Odoo reads a module's whole "
            "folder: name a folder outside of it"
        )
    return home
