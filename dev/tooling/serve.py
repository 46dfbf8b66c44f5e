"""`make run`: the addon with demo data, served on this machine; `stop` and `shell`."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

from . import databases, odoo, postgres, setup
from .console import Problem, complain, note, step, table
from .settings import MODULE

PATIENCE = 120
# What is no part of the addon although it is in its repository.
NOT_THE_ADDON = {"dev", "Makefile"}
# Users that come with the addon's demo data, and the administrator.
LOGINS = f"""
    SELECT users.login, partner.name, company.name,
           COALESCE(
               (SELECT string_agg(groups.name ->> 'en_US', ', ' ORDER BY groups.id)
                  FROM res_groups_users_rel AS membership
                  JOIN res_groups AS groups ON groups.id = membership.gid
                  JOIN ir_model_data AS xmlid ON xmlid.res_id = groups.id
                 WHERE membership.uid = users.id
                   AND xmlid.model = 'res.groups' AND xmlid.module = '{MODULE}'),
               CASE WHEN users.share THEN 'portal' ELSE 'internal user' END
           ) AS roles
      FROM res_users AS users
      JOIN res_partner AS partner ON partner.id = users.partner_id
      JOIN res_company AS company ON company.id = users.company_id
      JOIN ir_model_data AS xmlid
        ON xmlid.res_id = users.id AND xmlid.model = 'res.users'
     WHERE users.active
       AND (xmlid.module = '{MODULE}'
            OR (xmlid.module = 'base' AND xmlid.name = 'user_admin'))
     ORDER BY users.share, roles, users.login
"""


def main(settings):
    """Serve until Ctrl-C, or in the background with DETACH=1."""
    port = _port()
    runner = setup.prepare(settings)
    database = _ensure_database(runner)
    server = _start(runner, database, port)
    try:
        address = f"http://{odoo.INTERFACE}:{port}"
        _wait_for(server, address, settings)
        everybody = _present(runner, database, address)
        if os.environ.get("DETACH"):
            server = None
            note("`make stop` ends it")
            return 0 if everybody else 1
        note("Ctrl-C ends it")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server:
            server.terminate()
            server.wait()


def stop(settings):
    """End the server of this checkout, and the database server if nobody uses it."""
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
    database = _ensure_database(runner)
    return runner.start(
        runner.command("shell", *runner.options(database), "--no-http")
    ).wait()


def _port():
    """Return the port to serve on; a busy one is a Problem."""
    port = int(os.environ.get("BR_PORT") or 8069)
    with socket.socket() as probe:
        if probe.connect_ex((odoo.INTERFACE, port)) == 0:
            raise Problem(f"port {port} is in use: `make stop`, or choose with BR_PORT")
    return port


def _ensure_database(runner):
    """Return the demo database, installed or updated when the addon changed."""
    settings, server = runner.settings, runner.server
    name = databases.own_name(settings, "run")
    with settings.lock(name):
        now = _fingerprint(settings.checkout)
        before = "" if os.environ.get("RESET") else server.remark(name)
        if not before:
            template = databases.ensure_template(runner, demo=True)
            step("Install the addon with demo data")
            databases.create(runner, template, name)
            _update(runner, name, f"--init={MODULE}")
        elif before != now:
            step("Update the addon, whose files changed")
            _update(runner, name, f"--update={MODULE}", "--i18n-overwrite")
        _check_demo(server, name)
        server.set_remark(name, now)
    return name


def _check_demo(server, name):
    """Refuse to go on without demo data: Odoo itself only warns that it failed."""
    loaded = server.query(f"SELECT demo FROM ir_module_module WHERE name = '{MODULE}'", name)
    if loaded != [["t"]]:
        server.set_remark(name, "")
        raise Problem("the demo data could not be loaded, see above")


def _update(runner, name, *arguments):
    """Run Odoo's installation and show what it complains about."""
    log = runner.settings.logs / "install.log"
    for line in runner.update(name, *arguments, log=log):
        complain(line)


def _fingerprint(checkout):
    """Return what changes when a file of the addon does."""
    digest = hashlib.sha256()
    for path in sorted(_files(checkout)):
        digest.update(f"{path.relative_to(checkout)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(checkout):
    """Yield the addon's files, without those of its development."""
    for entry in checkout.iterdir():
        if entry.name.startswith(".") or entry.name in NOT_THE_ADDON:
            continue
        for path in entry.rglob("*") if entry.is_dir() else [entry]:
            if path.is_file() and path.suffix != ".pyc":
                yield path


def _start(runner, database, port):
    """Start the server, in a session of its own if it is to stay."""
    log = runner.settings.logs / "run.log"
    log.unlink(missing_ok=True)
    step(f"Start the server; its log is {log}")
    return runner.start(
        runner.command(
            *runner.options(database, log),
            f"--db-filter=^{database}$",
            f"--http-port={port}",
            f"--pidfile={_pid_file(runner.settings)}",
            "--max-cron-threads=1",
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=bool(os.environ.get("DETACH")),
    )


def _wait_for(server, address, settings):
    """Wait until the login page answers."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        if server.poll() is not None:
            log = settings.logs / "run.log"
            raise Problem(
                f"the server ended with {server.returncode}, its log is {log}\n"
                + "\n".join(odoo.read_complaints(log)[-odoo.LAST :])
            )
        try:
            urllib.request.urlopen(f"{address}/web/login", timeout=PATIENCE).close()
        except (urllib.error.URLError, ConnectionError):
            sleep(0.3)
        else:
            return
    raise Problem(f"{address} did not answer within {PATIENCE} s")


def _present(runner, database, address):
    """Print the address and the logins, each tried out; tell whether all work."""
    people = runner.server.query(LOGINS, database)
    with ThreadPoolExecutor() as pool:
        logins = [login for login, *_details in people]
        welcome = list(
            pool.map(lambda login: _signs_in(address, database, login), logins)
        )
    step(f"{address} is ready; each password is the same as the login")
    table(
        ("login", "name", "company", "role", "signs in"),
        [
            (login, name, company, role, "yes" if works else "NO")
            for (login, name, company, role), works in zip(people, welcome, strict=True)
        ],
    )
    if not all(welcome):
        complain("not every demo login works: `make run RESET=1` begins afresh")
    return all(welcome)


def _signs_in(address, database, login):
    """Tell whether the demo password opens a session."""
    question = {"params": {"db": database, "login": login, "password": login}}
    request = urllib.request.Request(
        f"{address}/web/session/authenticate",
        data=json.dumps(question).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return bool((json.load(answer).get("result") or {}).get("uid"))


def _pid_file(settings):
    return settings.workspace / "server.pid"


def _detached(settings):
    """Return the process id of this checkout's server, if it runs."""
    file = _pid_file(settings)
    try:
        process = int(file.read_text())
        command = Path(f"/proc/{process}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None
    return process if str(file) in command else None
