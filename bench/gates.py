"""The gates: the most that each operation may cost, alone and beside its peers."""

from dataclasses import dataclass, field

PASS, MISS, VOID, TOLD = "PASS", "MISS", "void", "–"
PEERS = {
    "oca": "OCA helpdesk",
    "task": "task",
    "stock": "Odoo's contact",
    "crm": "lead",
    "automation": "base_automation",
    "young": "20 days old",
}


@dataclass(frozen=True)
class Gate:
    """The limits of one gate; an empty limit is only told.

    Two figures are those at size M and at size L.
    """

    code: str
    queries: float | None = None  # for each record, where an operation has several
    ratios: dict = field(default_factory=dict)  # peer: processor time beside its
    cpu: tuple | None = None  # milliseconds
    growth: float | None = None  # processor time at size L beside that at S
    rate: tuple | None = None  # answers in a second, beside OCA's
    latency: float | None = None  # milliseconds, for 95 of 100


GATES = {
    gate.code: gate
    for gate in (
        Gate("R1", 16, ratios={"oca": (0.20, 0.10)}, growth=1.5),
        Gate("R2", 25, ratios={"oca": (0.20, 0.06)}, growth=2),
        Gate("R3", 4, ratios={"oca": (0.15, 0.08)}),
        Gate("R4", 18, ratios={"oca": (0.25, 0.08), "task": (0.6, None)}, growth=1.2),
        Gate("R5", 28, ratios={"stock": (1.1, 1.1)}, growth=1.2),
        Gate("R6", 4, ratios={"oca": (0.01, 0.01)}, growth=1.5),
        Gate("R7", 4, ratios={"stock": (0.08, 0.03)}, growth=2),
        Gate("R7b", 4, ratios={"stock": (1.5, 2)}),
        Gate("R8", 16, ratios={"oca": (0.20, 0.08)}, growth=1.5),
        Gate("W1", 1.5, ratios={"oca": (0.35, 0.35), "task": (0.6, 0.6)}, growth=1.1),
        Gate("W2", 15, ratios={"oca": (0.5, 0.5)}, growth=1.1),
        Gate("W3", 32, ratios={"crm": (1.0, 1.0)}, growth=1.1),
        Gate("W4", 18, ratios={"oca": (0.5, 0.5)}, growth=1.1),
        Gate("W5", 3, ratios={"oca": (0.5, 0.5)}),
        Gate("W6", ratios={"young": (1.1, 1.1)}),
        Gate("W8", 2, ratios={"oca": (0.05, 0.02)}, growth=1.2),
        Gate("P1", 25, ratios={"oca": (0.30, 0.10), "task": (0.10, None)}, growth=1.2),
        Gate("P2", 6, ratios={"oca": (0.15, 0.05)}, growth=1.2),
        Gate("P3", 22, ratios={"oca": (1.1, 1.1), "task": (0.6, 0.6)}, growth=1.2),
        Gate("C1", 1.2, ratios={"automation": (0.06, 0.06)}, growth=1.2),
        Gate("C2", 10, cpu=(50, 50)),
        Gate("C3", 15, growth=1.2),
        Gate("D1", 3, cpu=(30, 60), growth=3),
        Gate("I1", 8, growth=1.2),
        Gate("L1", rate=(5, 15), latency=1000),
        Gate("L2", rate=(3, 6), latency=1000),
        Gate("M1"),
    )
}
# Megabytes by which the process may grow.
MEMORY = {"Create 1,000": 30, "Sweep of overdue requests": 60}


@dataclass(frozen=True)
class Verdict:
    """One figure of an operation, its limit, and whether it is kept."""

    gate: str
    operation: str
    figure: str
    seen: str
    limit: str
    verdict: str


def judge(code, operation, figures, size, is_void):
    """Return the verdicts on an operation that was compared with its peers.

    :param figures: {name: Figures}, of which "ours" is ours
    :param is_void: whether the machine was too busy to judge processor time
    """
    if code not in GATES:
        return  # the control
    gate, ours = GATES[code], figures["ours"]
    unit = "queries a record" if ours.records > 1 else "queries"
    yield _hold(code, operation, unit, ours.queries, gate.queries, False)
    for name, theirs in figures.items():
        if name != "ours":
            yield _hold(
                code,
                operation,
                f"of {PEERS[name]}",
                get_ratio(ours, theirs),
                _get_limit(gate.ratios.get(name), size),
                is_void,
            )
    if gate.cpu:
        limit = _get_limit(gate.cpu, size)
        yield _hold(code, operation, "ms", ours.get_cpu(), limit, is_void)


def judge_burst(code, operation, bursts, size, is_void):
    """Return the verdicts on requests in flight: {name: Burst}."""
    gate, ours = GATES[code], bursts["ours"]
    if "oca" in bursts:
        seen = ours.rate / bursts["oca"].rate
        limit = _get_limit(gate.rate, size)
        unit = f"answers a second, of {PEERS['oca']}'s"
        yield _hold(code, operation, unit, seen, limit, is_void, at_least=True)
    latency = ours.get_latency(0.95)
    limit = gate.latency if size in ("M", "L") else None
    yield _hold(code, operation, "ms for 95 of 100", latency, limit, is_void)


def judge_memory(operation, megabytes):
    """Return the verdict on the growth of the process."""
    return _hold("M1", operation, "MB", megabytes, MEMORY[operation], False)


def judge_growth(code, operation, small, large, size, is_void):
    """Return the verdict on the processor time beside that of size S."""
    limit = GATES[code].growth if size == "L" else None
    seen = large / small
    return _hold(code, operation, "of size S", seen, limit, is_void)


def get_ratio(ours, theirs):
    """Return the processor time of a record of ours beside one of the peer's."""
    return (ours.get_cpu() / ours.records) / (theirs.get_cpu() / theirs.records)


def _get_limit(limits, size):
    """Return the limit at a size; at M that of M, at L that of L, before that none."""
    if not limits or size not in ("M", "L"):
        return None
    return limits[size == "L"]


def _hold(code, operation, figure, seen, limit, is_void, *, at_least=False):
    if limit is None:
        verdict = TOLD
    elif is_void:
        verdict = VOID
    else:
        verdict = PASS if (seen >= limit if at_least else seen <= limit) else MISS
    sign = "≥" if at_least else "≤"
    return Verdict(
        code,
        operation,
        figure,
        f"{seen:.3g}" if seen < 1000 else f"{seen:.0f}",
        "" if limit is None else f"{sign} {limit:g}",
        verdict,
    )
