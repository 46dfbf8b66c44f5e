"""Watch what a piece of work costs: queries, processor time, wall time, memory.

The processor time is that of this process and of its PostgreSQL server process. Other
load on the machine changes it little; wall time means something on an idle machine.
"""

import gc
import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median, median_high
from time import perf_counter, process_time

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

REPETITIONS = 9
# A heavy operation is repeated less often: no further turn starts after these seconds,
# but there are always some.
PATIENCE = 90
FEWEST = 3


@dataclass(frozen=True)
class Sample:
    """The cost of one run."""

    queries: int
    cpu: float  # milliseconds, and so is ``wall``
    wall: float


@dataclass(frozen=True)
class Figures:
    """The cost of several runs of one operation."""

    samples: list
    records: int = 1

    @property
    def queries(self):
        """Return the queries for each record; few runs fill a lasting cache first."""
        return median_high(sample.queries for sample in self.samples) / self.records

    def get_cpu(self, summarise=median):
        """Return the processor time of all records in milliseconds."""
        return summarise(sample.cpu for sample in self.samples)

    @property
    def wall(self):
        return median(sample.wall for sample in self.samples)


@dataclass(frozen=True)
class Contestant:
    """An operation of ours, or the same one of a peer.

    ``prepare`` takes the environment of the user and the number of the turn. It
    returns the work to watch; what it does itself is not counted.
    """

    name: str
    login: str
    prepare: object
    records: int = 1


class Watch:
    """Watch the work of users in one database; everything is rolled back."""

    def __init__(self, registry, company):
        self.registry = registry
        self.company_id = company.id
        # Of the scheduled actions:
        self.contexts = {None: (SUPERUSER_ID, {})}
        users = company.env["res.users"].search([("company_id", "=", company.id)])
        for user in users:
            context = user.with_user(user).context_get()
            context = {**context, "allowed_company_ids": company.ids}
            self.contexts[user.login] = user.id, context

    def compare(self, contestants):
        """Watch these by turns, after a warm-up of each; return {name: Figures}."""
        samples = {contestant.name: [] for contestant in contestants}
        start = perf_counter()
        for turn in range(REPETITIONS + 1):
            for contestant in contestants:
                sample = self.sample(contestant, turn)
                if turn:  # the first one warms the caches
                    samples[contestant.name].append(sample)
            if turn >= FEWEST and perf_counter() - start > PATIENCE:
                break
        return {
            contestant.name: Figures(samples[contestant.name], contestant.records)
            for contestant in contestants
        }

    def sample(self, contestant, turn):
        """Watch one run, in a transaction of its own."""
        user_id, context = self.contexts[contestant.login]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user_id, context)
            try:
                work = contestant.prepare(env, turn)
                return watch(env, work)
            finally:
                cr.rollback()


def watch(env, work):
    """Call ``work`` with an empty cache, and write what it leaves; return the cost."""
    env.flush_all()
    env.invalidate_all()
    ((backend,),) = env.execute_query(SQL("SELECT pg_backend_pid()"))
    gc.collect()
    queries, server = env.cr.sql_log_count, read_processor(backend)
    process, start = process_time(), perf_counter()
    work()
    env.flush_all()
    wall = (perf_counter() - start) * 1000
    cpu = (process_time() - process) * 1000
    if server is None:
        cpu = wall  # PostgreSQL is on another machine
    else:
        cpu += read_processor(backend) - server
    return Sample(env.cr.sql_log_count - queries, cpu, wall)


def read_processor(pid):
    """Return the processor time of a PostgreSQL process on this machine.

    :return: milliseconds, or None if there is no such process here
    """
    folder = Path("/proc") / str(pid)
    try:
        if not (folder / "comm").read_text().startswith("postgres"):
            return None
        return int((folder / "schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return None


def watch_memory(work):
    """Call ``work``; return by how many megabytes the process grew at most."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak
    before = _read_megabytes("VmRSS")
    work()
    return _read_megabytes("VmHWM") - before


def _read_megabytes(key):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    raise KeyError(key)


def get_load():
    """Return how many processes want a processor, for each processor."""
    return os.getloadavg()[0] / os.cpu_count()
