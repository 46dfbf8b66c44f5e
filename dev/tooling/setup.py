"""Set up everything that Odoo needs to run; each step only if needed."""

import shutil

from . import node, odoo_source, postgres, process, python_env, system
from .console import Problem, step
from .odoo import Odoo
from .system import Tool

ARABIC_FONTS = ("Noto Naskh Arabic", "Amiri")
# In the order in which Odoo looks for a browser.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def _has_programs(*names):
    return lambda: all(shutil.which(name) for name in names)


def _has_arabic_fonts():
    if not shutil.which("fc-list"):
        return False
    families = process.run(["fc-list", ":lang=ar", "family"])
    return all(family in families for family in ARABIC_FONTS)


TOOLS = (
    Tool("Python's virtual environments", ("python3-venv",), python_env.can_be_made),
    Tool("the database", ("postgresql",), postgres.is_installed),
    Tool("right-to-left CSS", ("nodejs", "npm"), _has_programs("node", "npm")),
    Tool(
        "Arabic type",
        ("fontconfig", "fonts-noto-core", "fonts-hosny-amiri"),
        _has_arabic_fonts,
    ),
    Tool("PDF reports", ("wkhtmltopdf",), _has_programs("wkhtmltopdf"), optional=True),
)
BROWSER = Tool(
    "browser tests",
    ("chromium",),
    lambda: any(shutil.which(name) for name in BROWSERS),
)


def prepare(settings, browser=False):
    """Set up everything that is missing and return an `Odoo` to run.

    :param browser: whether a browser is needed, as for tests
    """
    if browser:
        _refuse_snap()
    system.ensure([*TOOLS, BROWSER] if browser else TOOLS)
    venv = python_env.ensure(settings)
    source = odoo_source.ensure(settings)
    node_bin = node.ensure(settings)
    server = postgres.ensure(settings)
    return Odoo(settings, source, server, venv, node_bin)


def _refuse_snap():
    """Refuse Ubuntu's `chromium-browser`: it installs a snap, which is unfit here."""
    if system.distribution()[0] == "ubuntu" and not BROWSER.found():
        raise Problem(
            "browser tests need Google Chrome, which Ubuntu does not package: install "
            "google-chrome-stable from its maker"
        )


def main(settings):
    """Set up everything, with the browser for the tests."""
    prepare(settings, browser=True)
    step(f"Everything is set up in {settings.home}")
