"""Measure every gate, write the page of results, and tell whether all are kept."""

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import bench_cron
import bench_http
import bench_orm
import bench_write
import floors
import gates
import report
from watch import Watch

_logger = logging.getLogger(__name__)

# Others used the machine if the control takes another processor time at the end than
# at the start, or much longer by the wall clock than it computes.
MOST_DRIFT = 1.25
MOST_WAITING = 1.35


@dataclass
class Result:
    """What was measured; see the parts of the benchmark for the figures."""

    costs: dict = field(default_factory=dict)
    bursts: dict = field(default_factory=dict)
    memory: dict = field(default_factory=dict)
    failures: dict = field(default_factory=dict)
    is_void: bool = False


def run(env, company, size, requests, options, folder):
    """Measure all gates at a size, and write the page.

    ``GATES=R1,R4`` in the environment measures only these gates, and writes no page.

    :param requests: how many requests the size has
    :param options: options of Odoo's command line, for the server
    :return: the exit code: 1 if a gate is not kept
    """
    wanted = set(filter(None, os.environ.get("GATES", "").split(",")))
    start = monotonic()
    watch = Watch(env.registry, company)
    control = bench_orm.get_control(env).contestants
    before = watch.compare(control)["stock"]
    result = _measure(env, watch, options, wanted)
    after = watch.compare(control)["stock"]
    drift = after.get_cpu() / before.get_cpu()
    waiting = max(figures.wall / figures.get_cpu() for figures in (before, after))
    result.is_void = not 1 / MOST_DRIFT <= drift <= MOST_DRIFT or waiting > MOST_WAITING
    circumstances = (
        f"{requests:,} requests. PostgreSQL {env.cr._cnx.server_version // 10000}, "
        f"{os.cpu_count()} processors, {(monotonic() - start) / 60:.0f} minutes. "
        f"The control (list of contacts) took {before.get_cpu():.1f} ms of processor "
        f"time at the start and {after.get_cpu():.1f} ms at the end, and "
        f"{waiting:.2f} times as long by the wall clock."
    )
    if result.is_void:
        circumstances += " **void: machine was loaded**: only queries are judged."
    verdicts = list(_judge(result, size))
    if wanted:
        print(report.tabulate_costs(result.costs))
    else:
        results = report.keep(folder, size, requests, result.costs)
        verdicts += _judge_growth(results, size, result.is_void)
        rows = floors.measure(env, company)
        print(f"    {_write(folder, size, circumstances, result, verdicts, rows)}")
    print(report.tabulate_verdicts(verdicts))
    missed = [verdict for verdict in verdicts if verdict.verdict == gates.MISS]
    print(f"{circumstances}\n{len(verdicts)} figures, {len(missed)} missed")
    return int(bool(missed))


def _measure(env, watch, options, wanted):
    result = Result()
    for part in (bench_orm, bench_write):
        operations = list(part.get_operations(env))
        env.cr.rollback()  # an open transaction would hold VACUUM back
        for operation in operations:
            if not wanted or operation.gate in wanted:
                key = operation.gate, operation.operation
                with _noting(result, key):
                    result.costs[key] = watch.compare(operation.contestants)
                    _tell(key, result.costs[key])
    if not wanted or "M1" in wanted:
        with _noting(result, ("M1", "Create 1,000")):
            result.memory["Create 1,000"] = bench_write.watch_creation(watch)
    if not wanted or wanted & {"C1", "C2", "C3", "M1"}:
        print("    the scheduled action", flush=True)
        with _noting(result, ("C1", "The scheduled action")):
            costs, grown = bench_cron.measure(watch)
            for item in costs.items():
                _tell(*item)
            result.costs.update(costs)
            result.memory["Sweep of overdue requests"] = grown
    if not wanted or wanted & {"P1", "P3", "L1", "L2"}:
        print("    pages over HTTP", flush=True)
        with _noting(result, ("P1", "Pages over HTTP")):
            costs, result.bursts = bench_http.measure(env, options)
            for item in costs.items():
                _tell(*item)
            result.costs.update(costs)
    return result


def _tell(key, figures):
    """Print what an operation costs, and what it costs beside its peers."""
    ours = figures["ours"]
    beside = "".join(
        f", {gates.get_ratio(ours, theirs):.2f} of {gates.PEERS[name]}"
        for name, theirs in figures.items()
        if name != "ours"
    )
    cost = f"{ours.queries:.3g} queries, {ours.get_cpu():.1f} ms{beside}"
    print(f"    {' '.join(key)}: {cost}", flush=True)


@contextmanager
def _noting(result, key):
    """Note that an operation failed, and go on with the others."""
    try:
        yield
    except Exception as error:
        _logger.exception("%s %s", *key)
        result.failures[key] = f"{type(error).__name__}: {error}"


def _judge(result, size):
    for (code, operation), figures in result.costs.items():
        yield from gates.judge(code, operation, figures, size, result.is_void)
    for (code, operation), bursts in result.bursts.items():
        yield from gates.judge_burst(code, operation, bursts, size, result.is_void)
    for operation, megabytes in result.memory.items():
        yield gates.judge_memory(operation, megabytes)
    for (code, operation), error in result.failures.items():
        yield gates.Verdict(code, operation, error, "failed", "", gates.MISS)


def _judge_growth(results, size, is_void):
    """Return the verdicts on the growth since size S, if that was measured."""
    if size not in ("M", "L") or "S" not in results:
        return
    small, large = results["S"]["costs"], results[size]["costs"]
    for operation in large:
        code, _space, name = operation.partition(" ")
        if code in gates.GATES and operation in small:
            yield gates.judge_growth(
                code,
                name,
                small[operation]["ours"],
                large[operation]["ours"],
                size,
                is_void,
            )


def _write(folder, size, circumstances, result, verdicts, floor_rows):
    """Write the page; return its path."""
    sections = [
        ("Gates", f"{circumstances}\n\n{report.tabulate_verdicts(verdicts)}"),
        ("Costs", report.tabulate_costs(result.costs)),
        ("Many at once", report.tabulate_bursts(result.bursts)),
        ("Floors: PostgreSQL alone, for the same rows", report.table(floor_rows)),
        ("Growth", "![Growth](growth.svg)"),
    ]
    return report.write(folder, size, f"Gates at size {size}", sections)
