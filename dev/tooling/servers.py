"""`make servers`: two Odoo servers, a primary, a replica and nginx, killed under load.

People work on all of it, and write under keys. At the end it is counted what became of
every write. `doc/servers.md` says what is shown, and how to run it in earnest.
"""

import os
import signal
import socket
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic, sleep

from . import databases, demo, postgres, setup, system, tally
from .console import Problem, complain, note, step
from .farm import NAMES, Farm, nginx
from .load import Load
from .person import INTERFACE
from .settings import CHECKOUT, MODULE
from .system import Tool

TOOLS = (
    Tool("the front of the servers", ("nginx",), lambda: bool(nginx())),
    # Also where another server is used for everything else.
    Tool("the databases", ("postgresql",), lambda: bool(postgres.program("initdb"))),
)
SIZES = ("XS", "S", "M", "L")
RESULTS = CHECKOUT / "bench" / "results"
PEOPLE = 8  # applicants, and as many officers
REPLIES = 40  # that are due when the servers start
MEASURED = 40  # seconds
LAG = 3  # seconds that the replica is behind, in one phase
CALM = 60  # seconds in which the servers compete for the scheduled actions
LONGEST = 600
# Kinds of page that must be read from the replica, most of the time.
FROM_REPLICA = ("portal list", "public page", "backend list", "analysis")


def main(settings):
    """Start all, let people work, kill, restart, count; return 1 if it went wrong."""
    # If this process is terminated, what it started is ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    size = os.environ.get("SIZE") or "S"
    if size not in SIZES:
        raise Problem(f"SIZE={size}: one of {', '.join(SIZES)}")
    system.ensure(TOOLS)
    runner = setup.prepare(settings)
    with settings.lock(f"servers-{settings.checkout_id}"):
        source = _ensure_source(runner)
        farm = Farm(runner, source)
        try:
            return Run(farm, size).play()
        finally:
            step("Stop everything")
            farm.remove()


def _ensure_source(runner):
    """Return a database with the addon alone, made anew when the addon changed."""
    name = databases.own_name(runner.settings, "servers")
    now = demo.fingerprint(runner.settings.checkout, without={"tests", "bench"})
    if os.environ.get("RESET") or runner.server.remark(name) != now:
        step(f"Install the addon into {name}")
        template = databases.ensure_template(runner, demo=False)
        databases.create(runner, template, name)
        log = runner.settings.logs / "servers-install.log"
        runner.update(name, f"--init={MODULE}", log=log)
        runner.server.set_remark(name, now)
    return name


class Run:
    """The phases of one run, and what each showed."""

    def __init__(self, farm, size):
        self.farm = farm
        self.size = size
        self.phases = []  # rows of the table of times
        self.moments = {}  # begin and end of the phases, by the servers' clock
        self.errors = []  # rows of the table of errors
        self.facts = []  # pairs of what was shown, and whether it is as it should be
        self.load = None

    def play(self):
        self._build()
        self._compete()
        self._measure("two servers, with a replica")
        self._lag()
        self._kill_server()
        self._kill_replica()
        self._measure_one()
        return self._judge()

    # -- phases ------------------------------------------------------------------------

    def _build(self):
        farm = self.farm
        step("Make the primary, and copy the database into it")
        farm.make_primary(farm.database)
        step(f"Fill it: size {self.size}")
        world = farm.fill(self.size, PEOPLE, REPLIES)
        step("Make the replica")
        farm.make_replica()
        farm.wait_for_replica()
        step("Start two servers, nginx before them, and a postbox")
        farm.start_front()
        for name in NAMES:
            farm.start_odoo(name)
        self.load = Load(farm.address, {**world, "database": farm.database})
        self.load.sign_in()
        status = _open_websocket(farm.address)
        self._note_fact(f"a websocket through nginx: {status}", status == "101")

    def _compete(self):
        """Let both servers work off what the scheduled actions find, under load."""
        step("Two servers compete for the scheduled actions, while people work")
        with self._phase("scheduled actions at work"):
            begin, today = monotonic(), datetime.now(UTC)
            waiting = tally.WAITING.format(moment=f"{today:%Y-%m-%d %H:%M:%S}")
            while monotonic() - begin < LONGEST:
                sleep(5)
                if monotonic() - begin > CALM and not self._ask(waiting):
                    break
        left = self._ask(waiting)
        self._note_fact(f"scheduled actions that did not run: {left}", not left)
        released = self._ask(tally.RELEASED)
        self._note_fact(f"replies released: {released}", released == REPLIES)
        sent, again = tally.count_mail(self.farm.mail)
        self._note_fact(f"e-mails sent: {sent}, of which again: {again}", not again)

    def _measure(self, title):
        step(f"Measure: {title}")
        with self._phase(title):
            sleep(MEASURED)

    def _lag(self):
        """Show that one's own writes are read, however late the replica is."""
        step(f"The replica is {LAG} s late")
        self.farm.delay_replica(LAG)
        before = len(self.load.diary.own)
        with self._phase(f"the replica {LAG} s late"):
            sleep(MEASURED / 2)
        self.farm.delay_replica(0)
        self.farm.wait_for_replica()
        looks = Counter(self.load.diary.own[before:])
        self._note_fact(f"looked at one's own write {looks.total()} times", looks)
        for what in sorted({what for what, _shown in looks}):
            stale, fresh = looks[what, False], looks[what, True]
            self._note_fact(
                f"{LAG} s late, right after one's own write, {what} showed it "
                f"{fresh} times of {fresh + stale}",
                not stale,
            )

    def _kill_server(self):
        step("Kill a server under load, and start it again")
        with self._phase("one of the two servers killed, later started again"):
            sleep(MEASURED / 4)
            self.farm.kill("b")
            note("server b was killed")
            sleep(MEASURED / 4)
            self.farm.start_odoo("b")
            note("server b is back")
            back = datetime.now()
            sleep(MEASURED / 4)
        served = self._count_served(back, server="b")
        self._note_fact(f"started again, the server answered {served} requests", served)

    def _kill_replica(self):
        step("Kill the replica under load, start it again, reload the servers")
        with self._phase("the replica killed, later started again"):
            sleep(MEASURED / 4)
            self.farm.kill_replica()
            note("the replica was killed")
            gone = datetime.now()
            sleep(MEASURED / 2)
            alone = datetime.now()
            self.farm.revive_replica()
            self.farm.wait_for_replica()
            note("the replica is back")
            for name in NAMES:
                self.farm.reload_odoo(name)
            note("the servers were reloaded, one after the other")
            back = datetime.now()
            sleep(MEASURED / 4)
        fallen = self._count_served(gone, alone, mode=tally.PRIMARY)
        read = self._count_served(back, mode=tally.REPLICA)
        self._note_fact(
            f"without the replica, {fallen} reads went to the primary", fallen
        )
        self._note_fact(f"once it was back, it answered {read} reads", read)

    def _measure_one(self):
        """Measure the same load on one server that knows of no replica."""
        for name in NAMES:
            self.farm.stop(name)
        self.farm.start_odoo("a", replica=False)
        with self._phase(""):
            sleep(5)  # its caches are warm then, as they were in the other phase
        self._measure("one server, without a replica")

    # -- what was shown ----------------------------------------------------------------

    def _judge(self):
        """Count what became of everything, write the page, and return the exit code."""
        step("Count")
        farm = self.farm
        primary, name = farm.primary.server(), farm.database
        writes = tally.count_writes(primary, name, self.load.diary.writes)
        for word in ("lost", "doubled"):
            count = sum(row[word] for row in writes)
            self._note_fact(f"writes that were {word}: {count}", not count)
        for what, count in tally.count_doubled(primary, name).items():
            self._note_fact(f"doubled {what}: {count}", not count)
        logs = {one: farm.log(one) for one in NAMES}
        jobs = tally.read_jobs(logs)
        overlaps = tally.count_overlaps(jobs)
        self._note_fact(
            f"scheduled actions that ran twice at the same time: {overlaps}",
            not overlaps,
        )
        shares = tally.count_shares(
            tally.read_served(logs), *self.moments["two servers, with a replica"]
        )
        for row in shares:
            if row["page"] in FROM_REPLICA:
                text = f"{row['page']}: {row['share']} read from the replica"
                self._note_fact(text, row["from the replica"] * 2 > row["served"])
        calm = sum(row["errors"] for row in self.phases if "killed" not in row["phase"])
        self._note_fact(f"errors while nothing was killed: {calm}", not calm)
        page = self._write_page(writes, shares, _describe_jobs(jobs))
        print(page)
        wrong = [text for text, good in self.facts if not good]
        for text in wrong:
            complain(text)
        note(f"{len(self.facts) - len(wrong)} as it should be, {len(wrong)} wrong")
        return 1 if wrong else 0

    def _write_page(self, writes, shares, jobs):
        """Write the results into the folder of the benchmark's, and return them."""
        ((version,),) = self.farm.primary.server().query("SHOW server_version_num")
        facts = "\n".join(
            f"- {'' if good else '**WRONG** '}{text}" for text, good in self.facts
        )
        parts = [
            "# Two servers, a primary and a replica",
            f"Written by `make servers`. Size {self.size}; {PEOPLE} applicants and "
            f"{PEOPLE} officers at work without a pause; two workers a server. All of "
            f"it, and the people, on one machine of {os.cpu_count()} processors, with "
            f"PostgreSQL {int(version) // 10000}: the times compare with each other "
            "only.",
            "## What was shown",
            facts,
            "## Times",
            tally.write_table(self.phases),
            "## Pages read from the replica",
            tally.write_table(shares),
            "## Writes",
            "Lost: acknowledged, and not in the database. Doubled: there twice.",
            tally.write_table(writes),
            "## Runs of the scheduled actions",
            tally.write_table(jobs),
            "## Errors that people saw",
            tally.write_table(self.errors),
        ]
        text = "\n\n".join(parts) + "\n"
        (RESULTS / "servers.md").write_text(text)
        return text

    # -- helpers -----------------------------------------------------------------------

    @contextmanager
    def _phase(self, title):
        """Let people work meanwhile, and keep the times and errors under a title."""
        calls = self.load.diary.calls
        first, begin, start = len(calls), datetime.now(), monotonic()
        self.load.start()
        try:
            yield
        finally:
            self.load.stop()
        made = calls[first:]
        if not title:
            return
        self.moments[title] = begin, datetime.now()
        self.phases.append(tally.summarise(title, made, monotonic() - start))
        self.errors += [{"phase": title, **row} for row in tally.list_errors(made)]
        note(", ".join(f"{name} {value}" for name, value in self.phases[-1].items()))

    def _note_fact(self, text, good):
        self.facts.append((text, bool(good)))
        (note if good else complain)(text)

    def _ask(self, sql):
        """Return the number that the primary answers."""
        server = self.farm.primary.server()
        return int(server.query(" ".join(sql.split()), self.farm.database)[0][0])

    def _count_served(self, start, end=None, server=None, mode=None):
        """Return how many requests were served in a time.

        :param mode: count only reads, and those on this database
        """
        logs = {name: self.farm.log(name) for name in NAMES}
        return sum(
            start <= one.moment <= (end or datetime.now())
            and server in (None, one.server)
            and (mode is None or (bool(one.kind) and one.mode == mode))
            for one in tally.read_served(logs)
        )


def _describe_jobs(jobs):
    """Return a row for each scheduled action: its runs on each server."""
    counts = Counter((job.name, job.server) for job in jobs)
    return [
        {"scheduled action": name, **{one: counts[name, one] for one in NAMES}}
        for name in sorted({job.name for job in jobs})
    ]


def _open_websocket(port):
    """Return the status with which the handshake of a websocket is answered."""
    lines = (
        "GET /websocket?version=1 HTTP/1.1",
        f"Host: {INTERFACE}:{port}",
        f"Origin: http://{INTERFACE}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
    )
    with socket.create_connection((INTERFACE, port), timeout=60) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection.recv(64).decode(errors="replace").split()[1]
