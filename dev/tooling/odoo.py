"""Run Odoo's programs with our configuration."""

import ast
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .console import Problem
from .odoo_source import OdooSource
from .postgres import Server
from .settings import CHECKOUT, MODULE, Settings

INTERFACE = "127.0.0.1"
LAST = 40
INSIDE = Path(__file__).resolve().parents[1] / "inside"


@dataclass(frozen=True)
class Odoo:
    """Everything that is needed to run Odoo; made by `setup`."""

    settings: Settings
    source: OdooSource
    server: Server
    venv: Path
    node_bin: Path

    @property
    def checkout(self):
        return self.settings.checkout

    @property
    def python(self):
        return self.venv / "bin" / "python"

    @property
    def environment(self):
        """The environment of Odoo's processes, without the user's own settings."""
        paths = [self.venv / "bin", self.node_bin, os.environ["PATH"]]
        environment = {
            **self.server.environment,
            "PATH": os.pathsep.join(str(path) for path in paths),
            "PYTHONPATH": str(self.source.root),
            # Keep compiled and cached files out of the checkout.
            "PYTHONPYCACHEPREFIX": str(self.settings.home / "pycache"),
            "RUFF_CACHE_DIR": str(self.settings.home / "ruff"),
            "PYLINTHOME": str(self.settings.home / "pylint"),
        }
        for name in ("ODOO_RC", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(name, None)
        return environment

    def command(self, *arguments):
        """Return the command line of one of Odoo's own commands."""
        return [self.python, "-m", "odoo", *arguments]

    def inside(self, script, *arguments):
        """Return the command line of a script in `dev/inside`."""
        return [self.python, INSIDE / script, *arguments]

    def options(self, database, log=None):
        """Return the options of every server command."""
        options = ["-c", self.write_configuration(), "-d", database]
        return [*options, f"--logfile={log}"] if log else options

    def start(self, command, cwd=None, **options):
        """Start a process in Odoo's environment, by default in the folder of Odoo."""
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd or self.source.root,
            env=self.environment,
            **options,
        )

    def run_logged(self, command, log):
        """Run a server command to its end and return its exit code.

        Odoo writes its log itself. The output of Odoo and its libraries goes to another
        file beside the log.
        """
        log.unlink(missing_ok=True)
        with open(printed_beside(log), "w") as output:
            return self.start(command, stdout=output, stderr=output).wait()

    def update(self, database, *arguments, log):
        """Install or update modules; return the log records of warnings and errors."""
        code = self.run_logged(
            [
                *self.command(*self.options(database, log), *arguments),
                *("--no-http", "--stop-after-init"),
            ],
            log,
        )
        if code:
            raise Problem(
                f"Odoo ended with {code}, its log is {log}\n{last_words(log)}"
            )
        return read_complaints(log)

    def write_configuration(self):
        """Write the file with the options that never change."""
        file = self.settings.workspace / "odoo.conf"
        paths = [*self.source.addons, self.settings.addons]
        options = {
            "addons_path": ",".join(str(path) for path in paths),
            "data_dir": self.settings.data,
            "http_interface": INTERFACE,
            "screenshots": self.settings.workspace / "screenshots",
            # No limit: it counts address space, and Node.js reserves a lot of it.
            "limit_memory_hard": 0,
            "limit_memory_soft": 0,
        }
        lines = [f"{name} = {value}" for name, value in options.items()]
        text = "\n".join(["[options]", *lines, ""])
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        return file


def dependencies():
    """Return the addon's dependencies, as the manifest names them."""
    manifest = CHECKOUT / "__manifest__.py"
    if not manifest.exists():
        raise Problem(f"{manifest} is missing: there is no addon {MODULE} to run")
    return ast.literal_eval(manifest.read_text())["depends"]


def printed_beside(log):
    """Return the file for the output that a process printed instead of logging it."""
    return log.with_suffix(".out")


def last_words(log):
    """Return the last complaints of a process."""
    printed = printed_beside(log).read_text(errors="replace").splitlines()
    return "\n".join([*read_complaints(log)[-LAST:], *printed[-LAST:]])


def read_complaints(log):
    """Return the log records at level WARNING or above, with all their lines.

    A line that does not start a record, such as a line of a traceback, belongs to the
    record above it.
    """
    complaints, taking = [], False
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        words = line.split(maxsplit=4)
        if len(words) > 3 and words[2].isdigit() and words[3].isupper():
            taking = words[3] in ("WARNING", "ERROR", "CRITICAL")
        if taking:
            complaints.append(line)
    return complaints
