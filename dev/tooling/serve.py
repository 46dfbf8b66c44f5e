"""`make run`: the addon with demo data, served on this machine; `stop` and `shell`."""

import os
import signal
import socket
import subprocess
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from . import demo, logins, odoo, postgres, setup
from .console import Problem, note, step
from .settings import number

PATIENCE = 120


def main(settings):
    """Serve until Ctrl-C, or in the background with DETACH=1."""
    # If this process is terminated, a server in the foreground is ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    port = _port()
    runner = setup.prepare(settings)
    database, is_new = demo.ensure_database(runner)
    pid_file = f"--pidfile={_pid_file(settings)}"
    server = _start(runner, database, port, _log(settings), pid_file)
    try:
        address = f"http://{odoo.INTERFACE}:{port}"
        _wait_for(server, address, _log(settings))
        step(f"{address} is ready; each password is the same as the login")
        works = logins.present(runner.server, database, address, thorough=is_new)
        if os.environ.get("DETACH"):
            server = None
            note("`make stop` ends it")
            return 0 if works else 1
        note("Ctrl-C ends it")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server:
            server.terminate()
            server.wait()


def stop(settings):
    """Stop the server of this checkout, and the database server if nobody uses it."""
    process = _detached(settings)
    if process:
        step("Stop the server")
        os.kill(process, signal.SIGTERM)
        while _detached(settings):
            sleep(0.1)
    postgres.stop_if_idle(settings)


def shell(settings):
    """Open Odoo's shell on the database of `make run`."""
    runner = setup.prepare(settings)
    database, _is_new = demo.ensure_database(runner)
    command = runner.command("shell", *runner.options(database), "--no-http")
    return runner.start(command).wait()


@contextmanager
def serving(runner, database, log):
    """Serve a database on a free port while the caller works, without scheduled jobs.

    :return: a context manager that gives the server's address
    """
    with socket.socket() as probe:
        probe.bind((odoo.INTERFACE, 0))
        port = probe.getsockname()[1]
    server = _start(runner, database, port, log, "--max-cron-threads=0")
    try:
        address = f"http://{odoo.INTERFACE}:{port}"
        _wait_for(server, address, log)
        yield address
    finally:
        server.terminate()
        server.wait()


def _port():
    """Return the server's port; raise a Problem if it is busy."""
    port = number("BR_PORT", default=8069)
    with socket.socket() as probe:
        if probe.connect_ex((odoo.INTERFACE, port)) == 0:
            raise Problem(f"port {port} is in use: `make stop`, or choose with BR_PORT")
    return port


def _start(runner, database, port, log, *options):
    """Start the server; one in the background gets a session of its own."""
    mail = runner.settings.workspace / "mail"
    log.unlink(missing_ok=True)
    step(f"Start the server; its log is {log}")
    note(f"the e-mail it sends is kept in {mail}")
    return runner.start(
        runner.inside(
            "run_server.py",
            mail,
            *runner.options(database, log),
            f"--db-filter=^{database}$",
            f"--http-port={port}",
            "--max-cron-threads=1",
            *options,
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=bool(os.environ.get("DETACH")),
    )


def _wait_for(server, address, log):
    """Wait until the login page answers."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        if server.poll() is not None:
            complaints = "\n".join(odoo.read_complaints(log)[-odoo.LAST :])
            raise Problem(
                f"the server ended with {server.returncode}, its log is {log}\n"
                f"{complaints}"
            )
        try:
            urllib.request.urlopen(f"{address}/web/login", timeout=PATIENCE).close()
        except OSError:
            sleep(0.3)
        else:
            return
    raise Problem(f"{address} did not answer within {PATIENCE} s, the log is {log}")


def _log(settings):
    return settings.logs / "run.log"


def _pid_file(settings):
    return settings.workspace / "server.pid"


def _detached(settings):
    """Return the process id of this checkout's server, if it is running."""
    file = _pid_file(settings)
    try:
        process = int(file.read_text())
        command = Path(f"/proc/{process}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None
    return process if str(file) in command else None
