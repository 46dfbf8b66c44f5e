"""Recompute every figure of the evidence pack from its registers, and check the chain.

Needs Python 3.9 or later and nothing else. Unpack the ZIP and run in its folder:

    python3 check_evidence.py

Ends with 0 if all is as the pack says, else with 1 after a list of what differs.
"""

import csv
import hashlib
import json
import sys
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations
from pathlib import Path

STEPS = ("receive", "verify", "refer", "declare", "notify", "register", "deliver")
ORDERED = tuple(code for code in STEPS if code != "refer")
STUDIED = (
    "in_review",
    "decided",
    "accepted",
    "rejected",
    "registered",
    "delivered",
    "closed",
)
CAST = ("accept", "reject", "abstain")
GENESIS = "0" * 64
CLOSE_SECONDS = 60
SATISFIED = 4
DAYS = ("day", "due_on", "closed_on", "answer_due_on", "review_due")
NUMBERS = (
    "round",
    "minutes",
    "valid_count",
    "void_count",
    "unexplained_count",
    "refer_count",
    "count",
)


def read_value(name, text):
    """Return the value of a cell: a moment, a day, a number, a truth or a text."""
    if text == "":
        return None
    if text in ("True", "False"):
        return text == "True"
    if name in NUMBERS:
        return int(text)
    if name == "rating":
        return float(text)
    if name == "amount":
        return Decimal(text)
    if name.endswith("_day") or name in DAYS:
        return date.fromisoformat(text)
    if name.endswith("_on") or name == "left_before":
        return datetime.fromisoformat(text)
    return text


def read_register(folder, name):
    """Yield the rows of a register as dicts."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: read_value(key, text) for key, text in row.items()}


class Tally:
    """Counts and amounts of each figure, in the period and in the one before it."""

    def __init__(self, told):
        self.start = date.fromisoformat(told["start"])
        self.counts = {}
        self.amounts = {}

    def add(self, code, is_now, keeps, amount=0):
        """Count one record; ``keeps`` is None where the clause does not apply."""
        if keeps is None:
            return
        pair = self.counts.setdefault((code, is_now), [0, 0])
        pair[0] += bool(keeps)
        pair[1] += 1
        if keeps:
            self.amounts[code, is_now] = self.amounts.get((code, is_now), 0) + amount

    def get(self, code, is_now):
        return tuple(self.counts.get((code, is_now), (0, 0)))

    def get_amount(self, code, is_now):
        return self.amounts.get((code, is_now), 0)


def judge_request(row, steps):
    """Return what each clause says of a request: True, False or None."""
    moments = {code: row[f"{code}_on"] for code in STEPS}
    is_studied = row["state"] in STUDIED
    is_accepted = row["outcome"] == "accepted"
    reached = {
        "receive": True,
        "verify": is_studied,
        "refer": row["is_referred"],
        "declare": is_studied,
        "notify": is_studied,
        "register": is_accepted
        and row["state"] in ("registered", "delivered", "closed"),
        "deliver": is_accepted and row["state"] in ("delivered", "closed"),
    }
    found = {}
    for code in STEPS:
        done = row["refer_count"] if code == "refer" else moments[code] is not None
        is_due = reached[code] and code in steps
        found[f"step_{code}"] = bool(done) if is_due else None
    if "receive" in steps and moments["receive"]:
        found["time_given"] = (row["minutes"] or 0) > 0
    if is_studied and "notify" in steps:
        first = row["noticed_on"]
        found["notice_first"] = bool(
            moments["notify"]
            and first
            and (row["left_before"] is None or first >= row["left_before"])
        )
    valid = row["valid_count"] or 0
    if valid > 1:
        found["in_order"] = not any(
            moments[one] and moments[two] and moments[one] > moments[two]
            for one, two in combinations(ORDERED, 2)
        )
        found["apart_in_time"] = not any(
            moments[one]
            and moments[two]
            and abs((moments[one] - moments[two]).total_seconds()) < CLOSE_SECONDS
            for one, two in combinations(STEPS, 2)
        )
    if valid:
        found["with_evidence"] = row["has_evidence"]
        found["by_person"] = row["is_named"]
    if row["void_count"]:
        found["void_reason"] = row["unexplained_count"] == 0
    is_asked = row["is_asked"] or row["is_rated"]
    if row["state"] in ("delivered", "closed") and (row["is_to_ask"] or is_asked):
        found["rating_asked"] = is_asked
    if row["is_rated"]:
        found["rating_given"] = True
    return found


def judge_reply(row, votes, now):
    """Return what each clause says of a reply."""
    floor, due, left = row["review_floor_on"], row["reply_due_on"], row["released_on"]
    found = {}
    if left and (floor or due):
        found["in_window"] = (not floor or left >= floor) and (not due or left <= due)
    elif not left and due and due < now:
        found["in_window"] = False
    if left and floor and left < floor:
        found["early_reason"] = row["says_early"]
    if left and row["outcome"] == "rejected":
        found["rejection_reason"] = row["says_why"]
    if left and row["appealed_id"]:
        here = votes.get(row["decision"], set())
        found["appeal_others"] = not here & votes.get(row["appealed_id"], set())
    return found


def judge_contact(row, today):
    """Return what each clause says of a contact."""
    found = {}
    if row["kind"] == "outreach" and row["direction"] == "out":
        found["outreach"] = True
    if row["kind"] == "question" and row["direction"] == "in":
        name = "enquiry"
    elif row["kind"] in ("complaint", "dispute", "suggestion"):
        name = "complaint"
    else:
        return found
    state, due = row["answer_state"], row["answer_due_on"]
    if state == "open" and (due is None or due >= today):
        return found  # nothing is due yet
    answered = state != "open" if state else row["says_outcome"]
    late = due and row["answered_day"] and row["answered_day"] > due
    found[f"{name}_answered"] = answered
    found[f"{name}_in_time"] = answered and not late
    if answered:
        found[f"{name}_same_day"] = (row["answered_day"] or row["day"]) <= row["day"]
    return found


def judge_transfer(row):
    """Return what each line says of a transfer that the bank answered."""
    found = {"transfer_made": row["state"] == "paid"}
    if row["state"] == "returned":
        found["transfer_returned"] = True
        found["transfer_repaid"] = bool(row["is_paid_again"])
    return found


def judge_improvement(row, today):
    """Return what the clause says of an improvement."""
    if row["state"] == "open" and row["due_on"] >= today:
        return {}
    return {"improvement_ended": row["state"] != "open" and row["says_outcome"]}


def judge_version(row, today):
    """Return what each clause says of a version of the policy."""
    found = {
        "policy_approved": row["is_approved"],
        "policy_circulated": row["is_circulated"],
    }
    if row["state"] == "in_force":
        due = row["review_due"]
        found["policy_reviewed"] = bool(due and due >= today)
    return found


def recompute(folder, told):
    """Return the :class:`Tally` of all registers."""
    tally = Tally(told)
    now = datetime.fromisoformat(told["computed_on"])
    today = date.fromisoformat(told["today"])
    policies = told["policies"]
    votes = {}
    for row in read_register(folder, "votes.csv"):
        if row["choice"] in CAST:
            votes.setdefault(row["decision"], set()).add(row["member"])

    def count(row, found):
        is_now = row["day"] >= tally.start
        for code, keeps in found.items():
            tally.add(code, is_now, keeps, row.get("amount") or 0)
        if "channel" in row:
            tally.add(("channel", row["channel"]), is_now, True)

    for row in read_register(folder, "requests.csv"):
        if row["origin"] != "lived":
            tally.add(row["origin"], row["day"] >= tally.start, True)
            continue
        policy = policies.get(row["policy_id"] or "", {})
        count(row, judge_request(row, policy.get("steps", ())))
    for name, judge in (
        ("replies.csv", lambda row: judge_reply(row, votes, now)),
        ("contacts.csv", lambda row: judge_contact(row, today)),
        ("transfers.csv", judge_transfer),
        ("improvements.csv", lambda row: judge_improvement(row, today)),
        ("versions.csv", lambda row: judge_version(row, today)),
    ):
        for row in read_register(folder, name):
            if row["origin"] == "lived":
                count(row, judge(row))
    for row in read_register(folder, "acknowledgements.csv"):
        has_read = row["read_day"] is not None
        tally.add("acknowledged", row["day"] >= tally.start, has_read)
    for row in read_register(folder, "satisfaction.csv"):
        if row["origin"] == "lived":
            for _number in range(row["count"]):
                tally.add("satisfied", row["is_now"], row["rating"] >= SATISFIED)
    return tally


def check_figures(folder, told):
    """Yield a sentence for each figure that the registers do not give."""
    tally = recompute(folder, told)
    for figure in told["figures"]:
        code = figure["code"]
        if figure["channel"]:
            code = (code, figure["channel"])
        for is_now, names in (
            (True, ("kept", "total")),
            (False, ("before_kept", "before_total")),
        ):
            said = tuple(figure[name] for name in names)
            found = tally.get(code, is_now)
            if said != found:
                period = "the period" if is_now else "the period before"
                yield (
                    f"{figure['code']} ({figure['name']}), {period}: the pack says"
                    f" {said[0]} of {said[1]}, the registers {found[0]} of {found[1]}"
                )
        for is_now, name in ((True, "amount"), (False, "before_amount")):
            said, found = Decimal(str(figure[name])), tally.get_amount(code, is_now)
            if said != found:
                yield (
                    f"{figure['code']} ({figure['name']}), {name}: the pack says"
                    f" {said}, the registers {found}"
                )


def check_chain(folder, told):
    """Yield a sentence for each link of the chain that does not fit."""
    previous, position = GENESIS, 0
    for row in read_register(folder, "chain.csv"):
        position += 1
        with_text = {key: str(value) for key, value in row.items()}
        parts = (
            previous,
            with_text["position"],
            with_text["res_model"],
            with_text["res_id"],
            with_text["sealed_on"],
            with_text["digest"],
        )
        link = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        if with_text["position"] != str(position):
            yield f"chain: link {with_text['position']} stands in place {position}"
        elif with_text["previous_hash"] != previous:
            yield f"chain: link {position} does not follow the one before it"
        elif with_text["hash"] != link:
            yield f"chain: link {position} was changed"
        previous = with_text["hash"]
    if told["chain"]["result"] == "tampered":
        yield "chain: the verification inside the system found it tampered with"
        return
    if told["chain"]["count"] != position:
        count = told["chain"]["count"]
        yield f"chain: {count} links were verified, {position} are here"
    if position and told["chain"]["head"] != previous:
        yield "chain: its head is not the one that was verified"


def check_files(folder):
    """Yield a sentence for each file that is not as it was packed."""
    packed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in packed.items():
        path = folder / name
        if not path.is_file():
            yield f"{name}: is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name}: was changed after it was packed"


def main(folder):
    told = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    wrong = [
        *check_files(folder),
        *check_figures(folder, told),
        *check_chain(folder, told),
    ]
    for sentence in wrong:
        print("DIFFERS:", sentence)
    if wrong:
        return 1
    print(f"OK: {len(told['figures'])} figures, {told['chain']['count']} links")
    print("Head of the chain:", told["chain"]["head"] or "-")
    return 0


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    sys.exit(main(folder))
