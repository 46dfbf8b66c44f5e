"""Gates over HTTP: pages of the portal, and many users at once.

The server is Odoo's own, with two worker processes.
"""

import json
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, perf_counter, sleep

import psutil

from odoo.sql_db import db_connect

import client
from bench_orm import OFFICER, OPEN, REQUEST, get_peers
from watch import FEWEST, REPETITIONS, Figures, Sample, read_processor

INTERFACE = "127.0.0.1"
WORKERS = 2
IN_FLIGHT = 16
SECONDS = 10
ROUNDS = 2
PATIENCE = 120
# Requests that make each worker load what it keeps.
WARM_UP = 12
MESSAGES = 30
# Odoo's websocket process is started by this name too. A script that does not know it
# would end and start again all the time, and its processor time would be counted.
RUN_ODOO = Path(__file__).resolve().parents[1] / "dev" / "servers" / "run_odoo.py"
# 127.0.0.1 - - [date] "GET /my HTTP/1.1" 200 - QUERIES SECONDS SECONDS
LOGGED = re.compile(r'werkzeug: .*"(\w+) (\S+) HTTP/[\d.]+" \d+ - (\d+) ')
LISTS = {"ours": "/my/requests", "oca": "/my/tickets", "task": "/my/tasks"}
PAGES = {"ours": "/my/requests/{}", "oca": "/my/ticket/{}", "task": "/my/tasks/{}"}


@dataclass(frozen=True)
class Burst:
    """What a server did while many requests were in flight."""

    seconds: float
    latencies: list  # seconds, sorted
    cpu: float  # milliseconds of all processes

    @property
    def rate(self):
        """Return how many requests were answered in a second."""
        return len(self.latencies) / self.seconds

    @property
    def cost(self):
        """Return the processor time of a request in milliseconds."""
        return self.cpu / len(self.latencies)

    def get_latency(self, share):
        """Return the milliseconds within which this share was answered."""
        place = min(int(len(self.latencies) * share), len(self.latencies) - 1)
        return self.latencies[place] * 1000


def measure(env, options):
    """Measure the portal's pages one by one, then with many in flight.

    :param env: environment of the superuser
    :param options: options of the server's command line
    :return: ({(gate, operation): {name: Figures}}, {(gate, operation): {name: Burst}})
    """
    names = ["ours", *get_peers(env)]
    users = env["res.users"].search(
        [("login", "=like", "bench_portal_%")], limit=IN_FLIGHT, order="login"
    )
    logins = users.mapped("login")
    pages = {name: _get_page(env, name, users[0]) for name in names}
    mixes = {name: _get_mix(env, name) for name in names if name != "task"}
    with _serving(env.cr.dbname, options) as server:
        sessions = [server.sign_in(login) for login in logins]
        officers = [server.sign_in(OFFICER)] * IN_FLIGHT  # one user, many windows
        lists = {name: [(LISTS[name], None)] for name in names}
        single = {
            ("P1", "Portal list"): server.compare(
                {name: LISTS[name] for name in names}, sessions[0]
            ),
            ("P3", "Portal request page"): server.compare(pages, sessions[0]),
        }
        bursts = {
            ("L1", f"Portal list, {IN_FLIGHT} in flight"): server.burst(
                lists, sessions
            ),
            ("L2", f"List, form and thread, {IN_FLIGHT} in flight"): server.burst(
                mixes, officers
            ),
        }
    return single, bursts


def _get_page(env, name, user):
    """Return the address of the newest document that the user sees on the portal."""
    model = {"ours": REQUEST, **get_peers(env)}[name]
    owner = (
        [("beneficiary_id.portal_user_ids", "in", user.ids)]
        if name == "ours"
        else [("partner_id", "=", user.partner_id.id)]
    )
    document = env[model].search(owner, limit=1)
    document.ensure_one()
    return PAGES[name].format(document.id)


def _get_mix(env, name):
    """Return (path, parameters) of a list, a form and its thread."""
    model = {"ours": REQUEST, **get_peers(env)}[name]
    user = env["res.users"].search([("login", "=", OFFICER)])
    env = env(user=user.id, context={"allowed_company_ids": user.company_ids.ids})
    record = env[model].search(OPEN[name], limit=1)
    context = {"allowed_company_ids": user.company_ids.ids, "bin_size": True}

    def call(method, arguments, **options):
        return (
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": arguments,
                "kwargs": {"context": context, **options},
            },
        )

    list_fields = client.get_specification(env[model], "list")
    form_fields = client.get_specification(env[model], "form")
    return [
        call(
            "web_search_read",
            [],
            domain=OPEN[name],
            specification=list_fields,
            limit=client.LIST_PAGE,
            count_limit=client.COUNT_LIMIT,
        ),
        call("web_read", record.ids, specification=form_fields),
        (
            "/mail/thread/messages",
            {
                "thread_model": model,
                "thread_id": record.id,
                "fetch_params": {"limit": MESSAGES},
            },
        ),
    ]


class Server:
    """A running server, with its log and its processes."""

    def __init__(self, process, port, log, database):
        self.process = process
        self.port = port
        self.log = log
        self.database = database

    def ask(self, session, path, parameters=None):
        """Send a request; return (status, headers, body)."""
        connection = HTTPConnection(INTERFACE, self.port, timeout=PATIENCE)
        headers = {"Cookie": f"session_id={session}"} if session else {}
        body = None
        if parameters is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps({"jsonrpc": "2.0", "params": parameters})
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def visit(self, session, path, parameters=None):
        """Send a request that must succeed."""
        status, _headers, body = self.ask(session, path, parameters)
        if status != 200 or (parameters is not None and "error" in json.loads(body)):
            raise AssertionError(f"{path}: {status} {body[:500]}")

    def sign_in(self, login):
        """Return the session of a user whose password is the login."""
        status, headers, body = self.ask(
            None,
            "/web/session/authenticate",
            {"db": self.database, "login": login, "password": login},
        )
        cookies = ";".join(headers.get_all("Set-Cookie") or [])
        if status != 200 or "error" in json.loads(body):
            raise AssertionError(f"{login}: {status} {body[:500]}")
        return re.search(r"session_id=([^;]+)", cookies)[1]

    def compare(self, paths, session):
        """Visit pages by turns, one at a time; return {name: Figures}."""
        samples = {name: [] for name in paths}
        for path in paths.values():
            for _number in range(WARM_UP):
                self.visit(session, path)
        for _turn in range(max(REPETITIONS, FEWEST)):
            for name, path in paths.items():
                samples[name].append(self._sample(session, path))
        return {name: Figures(found) for name, found in samples.items()}

    def _sample(self, session, path):
        size, cpu = self.log.stat().st_size, self._read_processors()
        start = perf_counter()
        self.visit(session, path)
        wall = (perf_counter() - start) * 1000
        cpu = self._get_processor_time(cpu)
        return Sample(self._read_queries(path, size), cpu, wall)

    def _read_queries(self, path, size):
        """Return the queries that were logged for ``path`` after ``size`` bytes."""
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            with self.log.open("rb") as file:
                file.seek(size)
                text = file.read().decode(errors="replace")
            for _method, logged, queries in LOGGED.findall(text):
                if logged == path:
                    return int(queries)
            sleep(0.01)
        raise AssertionError(f"{path} is not in {self.log}")

    def _read_processors(self):
        """Return the milliseconds of the workers and of PostgreSQL: {process: time}."""
        times = {}
        for process in [self.process, *self.process.children(recursive=True)]:
            for task in Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
                times[task] = int(task.read_text().split()[0]) / 1e6
        for backend in self._get_backends():
            times[backend] = read_processor(backend) or 0
        return times

    def _get_backends(self):
        """Return the PostgreSQL processes of the server's connections."""
        with db_connect(self.database).cursor() as cr:
            cr.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                [self.database],
            )
            return [pid for (pid,) in cr.fetchall()]

    def _get_processor_time(self, before):
        return sum(
            time - before.get(process, 0)
            for process, time in self._read_processors().items()
        )

    def burst(self, mixes, sessions):
        """Keep requests in flight, each name by turns; return {name: Burst}."""
        for requests in mixes.values():
            for _number in range(WARM_UP):
                for path, parameters in requests:
                    self.visit(sessions[0], path, parameters)
        rounds = {name: [] for name in mixes}
        for _turn in range(ROUNDS):
            for name, requests in mixes.items():
                rounds[name].append(self._burst_once(requests, sessions))
        return {
            name: Burst(
                sum(burst.seconds for burst in bursts),
                sorted(second for burst in bursts for second in burst.latencies),
                sum(burst.cpu for burst in bursts),
            )
            for name, bursts in rounds.items()
        }

    def _burst_once(self, requests, sessions):
        latencies, failures = [], []
        deadline = perf_counter() + SECONDS

        def keep_asking(session, first):
            turn = first
            while perf_counter() < deadline and not failures:
                path, parameters = requests[turn % len(requests)]
                turn += 1
                start = perf_counter()
                try:
                    self.visit(session, path, parameters)
                except Exception as error:  # noqa: BLE001 - reported below
                    failures.append(error)
                latencies.append(perf_counter() - start)

        cpu, start = self._read_processors(), perf_counter()
        threads = [
            Thread(target=keep_asking, args=(session, number))
            for number, session in enumerate(sessions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        seconds = perf_counter() - start
        return Burst(seconds, sorted(latencies), self._get_processor_time(cpu))


@contextmanager
def _serving(database, options):
    """Run a server until the caller is done; nothing scheduled runs meanwhile."""
    port, other = _find_ports()
    with TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        command = [
            sys.executable,
            RUN_ODOO,
            *options,
            f"--smtp={INTERFACE}",  # nothing leaves this machine
            f"--logfile={log}",
            "--log-handler=werkzeug:INFO",
            f"--db-filter=^{database}$",
            f"--workers={WORKERS}",
            "--max-cron-threads=0",
            f"--http-port={port}",
            f"--gevent-port={other}",
        ]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        process = psutil.Popen(
            [str(word) for word in command], stderr=subprocess.DEVNULL, **quiet
        )
        try:
            server = Server(process, port, log, database)
            _wait_for(server)
            yield server
        finally:
            # It has nothing to save, and a worker may take long to end by itself.
            for one in [*process.children(recursive=True), process]:
                one.kill()
            process.wait()


def _find_ports():
    """Return two free ports."""
    with socket.socket() as one, socket.socket() as two:
        for probe in (one, two):
            probe.bind((INTERFACE, 0))
        return one.getsockname()[1], two.getsockname()[1]


def _wait_for(server):
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline and server.process.poll() is None:
        try:
            server.ask(None, "/web/login")
        except OSError:
            sleep(0.3)
        else:
            return
    raise RuntimeError(f"no server:\n{server.log.read_text()[-3000:]}")
