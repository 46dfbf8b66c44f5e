"""What a run of `make servers` shows: times, shares, what was lost or doubled."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes

# What a page is, by its address; the first that fits.
KINDS = (
    ("portal list", re.compile(r"GET /my/requests(/page/\d+)?$")),
    ("portal request", re.compile(r"GET /my/requests/\d+$")),
    ("portal home", re.compile(r"(GET /my|POST /my/counters)$")),
    ("public page", re.compile(r"GET /(policy|services)(/\d+)?$")),
    ("backend list", re.compile(r"POST \S*/web_search_read$")),
    ("backend form", re.compile(r"POST \S*/web_read$")),
    ("analysis", re.compile(r"POST \S*/formatted_read_group$")),
    ("first screen", re.compile(r"POST \S*/beneficiary\.home/get_\w+$")),
)
# Where a page was read, as the servers' logs say it.
REPLICA, PRIMARY = "ro", "rw"
STAMP = r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (\d+) "
SERVED = re.compile(
    STAMP + r'INFO \S+ werkzeug: .*?"(\w+) ([^ ?#]*)\S* HTTP/[\d.]+" (\d+) '
    r"- \d+ [\d.]+ [\d.]+ (\S+)$"
)
JOB = re.compile(STAMP + r"INFO \S+ \S+: Job '(.+?)' \((\d+)\) (\w+)")
# Each way to write, and the rows that it left under a key.
WRITES = {
    "portal request": """
        SELECT description, count(*) FILTER (WHERE state <> 'draft'), count(*)
          FROM beneficiary_request WHERE description LIKE 'load-%' GROUP BY 1""",
    "request": """
        SELECT description, count(*), count(*)
          FROM beneficiary_request WHERE description LIKE 'load-%' GROUP BY 1""",
    "submission": """
        SELECT evidence, count(*), count(*)
          FROM beneficiary_request_step WHERE evidence LIKE 'load-%' GROUP BY 1""",
    "cancellation": """
        SELECT description, count(*), count(*) FROM beneficiary_request
         WHERE description LIKE 'load-%' AND state = 'cancelled' GROUP BY 1""",
    "interaction": """
        SELECT subject, count(*), count(*)
          FROM beneficiary_interaction WHERE subject LIKE 'load-%' GROUP BY 1""",
}
# Rows that there are twice although the scheduled actions make each once.
DOUBLED = {
    "activities": """
        SELECT coalesce(sum(times - 1), 0) FROM (
            SELECT count(*) AS times FROM mail_activity WHERE active
             GROUP BY res_model, res_id, activity_type_id, user_id, summary) AS same""",
    "notices": """
        SELECT coalesce(sum(times - 1), 0) FROM (
            SELECT count(*) AS times FROM beneficiary_notice
             GROUP BY request_id, event, round, channel, occasion, delivery_id
        ) AS same""",
    "request numbers": """
        SELECT count(*) - count(DISTINCT (company_id, name)) FROM beneficiary_request
         WHERE name LIKE 'R/%'""",
}
# Scheduled actions that were due at a moment, and have not ended since: ours, and the
# queue of e-mails. Odoo's clean-up of the whole database takes its time.
WAITING = """
    SELECT count(*) FROM ir_cron
     WHERE active AND nextcall < '{moment}'
       AND (cron_name LIKE 'Beneficiary Relations: %'
            OR cron_name = 'Mail: Email Queue Manager')"""
RELEASED = """
    SELECT count(*) FROM beneficiary_decision AS decision
      JOIN beneficiary_request AS request ON request.id = decision.request_id
     WHERE request.description = 'due' AND decision.released_on IS NOT NULL"""


@dataclass(frozen=True)
class Served:
    """One line of a server's log: a request that it answered."""

    server: str
    moment: datetime
    kind: str
    mode: str


@dataclass(frozen=True)
class JobRun:
    """One run of a scheduled action."""

    server: str
    name: str
    start: datetime
    end: datetime


def read_served(logs):
    """Return what the servers answered.

    :param logs: file by server
    """
    found = []
    for server, file in logs.items():
        for line in file.read_text(errors="replace").splitlines():
            if match := SERVED.match(line):
                stamp, _process, verb, path, _status, mode = match.groups()
                kind = _name_kind(f"{verb} {path}")
                found.append(Served(server, _read_stamp(stamp), kind, mode))
    return found


def read_jobs(logs):
    """Return the runs of the scheduled actions, by the servers' logs."""
    runs = []
    for server, file in logs.items():
        begun = {}
        for line in file.read_text(errors="replace").splitlines():
            if not (match := JOB.match(line)):
                continue
            stamp, process, name, number, word = match.groups()
            moment = _read_stamp(stamp)
            if word == "starting":
                begun[process, number] = moment
            elif start := begun.pop((process, number), None):
                runs.append(JobRun(server, name, start, moment))
    return runs


def count_overlaps(runs):
    """Return how often a scheduled action ran twice at the same time."""
    overlaps = 0
    by_name = defaultdict(list)
    for run in sorted(runs, key=lambda run: run.start):
        overlaps += sum(run.start < other.end for other in by_name[run.name])
        by_name[run.name].append(run)
    return overlaps


def count_writes(server, database, writes):
    """Return a row for each kind of write.

    A write is lost if it was acknowledged and left nothing, and doubled if it left two
    rows, whether it was acknowledged or not.

    :param server: the primary
    :param writes: the diary's: kind, key, whether it was acknowledged
    """
    rows = []
    for kind, sql in WRITES.items():
        sent = writes.get(kind, {})
        kept = {
            key: (int(whole), int(all_of_it))
            for key, whole, all_of_it in server.query(" ".join(sql.split()), database)
        }
        nothing = (0, 0)
        rows.append(
            {
                "write": kind,
                "sent": len(sent),
                "acknowledged": sum(sent.values()),
                "lost": sum(
                    sure and not kept.get(key, nothing)[0] for key, sure in sent.items()
                ),
                "doubled": sum(max(kept.get(key, nothing)[1] - 1, 0) for key in sent),
            }
        )
    return rows


def count_doubled(server, database):
    """Return how many rows there are twice, by what they are."""
    return {
        name: int(server.query(" ".join(sql.split()), database)[0][0])
        for name, sql in DOUBLED.items()
    }


def count_mail(folder):
    """Return the number of e-mails that were sent, and of those sent again."""
    files = folder.glob("*.eml") if folder.exists() else ()
    names = Counter(
        message_from_bytes(file.read_bytes())["Message-Id"] for file in files
    )
    return names.total(), names.total() - len(names)


def count_shares(served, start, end):
    """Return a row for each kind of page: how many were read from the replica."""
    counts = defaultdict(Counter)
    for one in served:
        if one.kind and start <= one.moment <= end:
            counts[one.kind][one.mode] += 1
    return [
        {
            "page": kind,
            "served": counts[kind].total(),
            "from the replica": counts[kind][REPLICA],
            "share": f"{counts[kind][REPLICA] / counts[kind].total():.0%}",
        }
        for kind, _pattern in KINDS
        if counts[kind]
    ]


def summarise(title, calls, seconds):
    """Return a row of a phase: requests per second, times, errors."""
    times = sorted(call.seconds for call in calls if not call.error)
    return {
        "phase": title,
        "requests": len(calls),
        "per second": f"{len(calls) / seconds:.1f}",
        "p50": _in_ms(times, 0.50),
        "p95": _in_ms(times, 0.95),
        "errors": sum(bool(call.error) for call in calls),
    }


def list_errors(calls):
    """Return the errors that people saw, most often first."""
    seen = Counter((call.kind, call.error[:90]) for call in calls if call.error)
    return [
        {"page": kind, "error": error, "times": times}
        for (kind, error), times in seen.most_common()
    ]


def write_table(rows):
    """Return rows (dictionaries with the same keys) as a Markdown table."""
    if not rows:
        return "None."
    lines = [list(rows[0]), ["---"] * len(rows[0])]
    lines += [[str(value).replace("|", "/") for value in row.values()] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _in_ms(times, share):
    if not times:
        return "–"
    return f"{times[min(int(len(times) * share), len(times) - 1)] * 1000:.0f} ms"


def _name_kind(request):
    return next((name for name, pattern in KINDS if pattern.match(request)), "")


def _read_stamp(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S,%f")
