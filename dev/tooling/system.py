"""System packages: root installs them with apt; other users are told their names."""

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from . import process
from .console import Problem, complain, step


@dataclass(frozen=True)
class Tool:
    """A program or library of the system that the commands need.

    :param packages: packages that provide it on Debian and Ubuntu
    :param optional: whether the commands can go on without it if no package exists
    """

    purpose: str
    packages: tuple[str, ...]
    found: Callable[[], bool]
    optional: bool = False


def is_root():
    return os.geteuid() == 0


def distribution():
    """Return the id and the codename of this Linux distribution."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "unknown", ""
    return release.get("ID", "unknown"), release.get("VERSION_CODENAME", "")


def ensure(tools):
    """Make sure that the tools are there, or say how to get them."""
    missing = [tool for tool in tools if not tool.found()]
    if wanted := [tool for tool in missing if _is_wanted(tool)]:
        if not (is_root() and shutil.which("apt-get")):
            _explain(wanted)
        _install(missing)
    for tool in missing:
        if not tool.found():
            _report(tool)


def _is_wanted(tool):
    """Tell whether a tool is needed; an optional one only if apt knows its package."""
    known = shutil.which("apt-cache") and all(map(_has_candidate, tool.packages))
    return known or not tool.optional


def _explain(missing):
    """Print the names of the packages for a user who must ask root to install them."""
    lines = [f"{tool.purpose}: {' '.join(tool.packages)}" for tool in missing]
    packages = " ".join(name for tool in missing for name in tool.packages)
    raise Problem(
        "these system packages are missing:\n  "
        + "\n  ".join(lines)
        + "\nInstall them, then run the same command again:\n"
        + f"  sudo apt-get install --no-install-recommends {packages}"
    )


def _install(missing):
    """Install the packages that apt knows; the caller checks the outcome."""
    names = [name for tool in missing for name in tool.packages]
    step(f"Install system packages: {' '.join(names)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    process.run(["apt-get", "update"], env=environment)
    known = [name for name in names if _has_candidate(name)]
    if known:
        process.run(
            ["apt-get", "install", "--yes", "--no-install-recommends", *known],
            env=environment,
        )


def _has_candidate(name):
    policy = process.run(["apt-cache", "policy", name])
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def _report(tool):
    """Say that a tool is still missing, and stop unless it is optional."""
    text = f"{tool.purpose} needs {' and '.join(tool.packages)}, which is not here"
    if not tool.optional:
        raise Problem(f"{text}, and apt could not bring it")
    complain(f"{text}: going on without")
