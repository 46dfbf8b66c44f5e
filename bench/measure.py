"""Measure every gate, write the page of results, and tell whether all are kept."""

import os
import time

import bench_orm
import gates
import report
from watch import Watch

# Processor time of the control, at the end beside at the start; and its wall time
# beside its processor time. Beyond these others used the machine.
MOST_DRIFT = 1.25
MOST_WAITING = 1.35


def run(env, company, size, requests, options, folder):
    """Measure all gates at a size, and write the page.

    ``GATES=R1,R4`` in the environment measures only these gates, and writes no page.

    :param requests: how many requests the size has
    :param options: options of Odoo's command line, for the server
    :return: the exit code: 1 if a gate is not kept
    """
    wanted = set(filter(None, os.environ.get("GATES", "").split(",")))
    start = time.monotonic()
    watch = Watch(env.registry, company)
    control = bench_orm.get_control(env).contestants
    before = watch.compare(control)["stock"]
    costs, bursts, memory = _measure(env, watch, options, wanted)
    after = watch.compare(control)["stock"]
    drift = after.get_cpu() / before.get_cpu()
    waiting = max(figures.wall / figures.get_cpu() for figures in (before, after))
    is_void = not 1 / MOST_DRIFT <= drift <= MOST_DRIFT or waiting > MOST_WAITING
    costs["Control", "Partner list, before"] = {"stock": before}
    costs["Control", "Partner list, after"] = {"stock": after}
    verdicts = _judge(costs, bursts, memory, size, is_void)
    circumstances = (
        f"{requests:,} requests. PostgreSQL {env.cr._cnx.server_version // 10000}, "
        f"{os.cpu_count()} processors, {(time.monotonic() - start) / 60:.0f} minutes. "
        f"The control took {before.get_cpu():.1f} ms of processor time before and "
        f"{after.get_cpu():.1f} ms after, and {waiting:.2f} times as long by the wall "
        "clock."
    )
    if is_void:
        circumstances += " **void: machine was loaded**; queries are judged, time is not."
    if wanted:
        print(report.tabulate_verdicts(verdicts))
        print(report.tabulate_costs(costs))
    else:
        verdicts += _write(folder, size, requests, circumstances, costs, bursts, verdicts, is_void)
    missed = [verdict for verdict in verdicts if verdict.verdict == gates.MISS]
    print(f"{circumstances}\n{len(verdicts)} figures, {len(missed)} missed")
    return int(bool(missed))
