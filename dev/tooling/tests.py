"""`make test`: install the addon into copies of the templates and run its tests."""

import json
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic

from . import databases, odoo, setup
from .console import Problem, complain, note, step
from .demo import fingerprint
from .settings import MODULE, number

# The test classes of the hostile suite. `make test` runs only a part of each.
HOSTILE = (
    "TestHostileFields",
    "TestHostileNamed",
    "TestHostileRoutes",
    "TestHostileRpc",
)


@dataclass(frozen=True)
class Flavour:
    """A database that tests run in, and the tag of the tests that run in it alone.

    Long tests that make all their own data run in only one of the databases.
    """

    title: str
    database: str
    tag: str
    demo: bool = False
    apps: tuple = ()


WITHOUT_DEMO = Flavour("tests without demo data", "test", "without_demo")
WITH_DEMO = Flavour("tests with demo data", "test_demo", "with_demo", demo=True)
# What applicants meet is tried again beside apps that change the same pages.
BESIDE_APPS = Flavour(
    "tests beside other apps",
    "test_apps",
    "beside_apps",
    apps=("website", "hr", "account", "im_livechat"),
)
FLAVOURS = {
    "0": [WITHOUT_DEMO],
    "1": [WITH_DEMO],
    "apps": [BESIDE_APPS],  # only when it is asked for: its database takes long
    "": [WITHOUT_DEMO, WITH_DEMO],
}
# More databases at a time than this only wait for each other on a small machine.
MOST_JOBS = 2


@dataclass
class Outcome:
    """The result of one run of a suite: number of passed tests, and all complaints."""

    title: str
    passed: int = 0
    failed: list = field(default_factory=list)

    def tell(self):
        """Print the complaints and the number of passed tests."""
        for reason in self.failed:
            complain(f"{self.title}: {reason}")
        note(f"{self.title}: {self.passed} passed, {len(self.failed)} failed")


def main(settings):
    """Run the tests in each database; the last line counts them."""
    try:
        outcomes = _run_flavours(settings)
    except Problem as problem:
        outcomes = [Outcome("make test", failed=[str(problem)])]
    for outcome in outcomes:
        outcome.tell()
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(len(outcome.failed) for outcome in outcomes)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def hostile(settings):
    """Run the hostile suite in full: every attack on every entry point. Takes hours."""
    os.environ["HOSTILE"] = "whole"
    os.environ.setdefault("DEMO", "0")
    os.environ.setdefault("TAGS", ",".join(f"/{MODULE}:{name}" for name in HOSTILE))
    return main(settings)


def _run_flavours(settings):
    """Run the tests side by side, or one after the other with JOBS=1."""
    flavours = _flavours()
    runner = setup.prepare(settings, browser=True)
    jobs = number("JOBS", default=min(len(flavours), MOST_JOBS))
    with (
        settings.lock(f"test-{settings.checkout_id}"),
        ThreadPoolExecutor(max_workers=jobs) as pool,
    ):
        runs = [
            pool.submit(_run_flavour, runner, flavour, _get_tags(flavour, flavours))
            for flavour in flavours
        ]
        return [run.result() for run in runs]


def _flavours():
    """Return the flavours to run, narrowed by DEMO."""
    asked = os.environ.get("DEMO", "")
    if asked not in FLAVOURS:
        raise Problem(
            f"DEMO={asked}: 0 means without demo data, 1 with, apps beside other "
            "apps; unset is the first two"
        )
    return FLAVOURS[asked]


def _get_tags(flavour, flavours):
    """Return the tags of the tests to run in a flavour: TAGS, or else all of its own.

    Beside other apps, only the tests that ask for it run.
    """
    if tags := os.environ.get("TAGS"):
        return tags
    if flavour is BESIDE_APPS:
        return f"{BESIDE_APPS.tag}/{MODULE}"
    others = {WITHOUT_DEMO, WITH_DEMO} & set(flavours) - {flavour}
    return ",".join([f"/{MODULE}", *(f"-{other.tag}" for other in others)])


def _run_flavour(runner, flavour, tags):
    """Install the addon into a copy of a template and run its tests.

    With AGAIN=1 the database of the last run serves, if nothing but tests changed.
    """
    name = databases.own_name(runner.settings, flavour.database)
    now = fingerprint(runner.settings.checkout, without={"tests"})
    modules = MODULE
    if os.environ.get("AGAIN") and runner.server.remark(name) == now:
        modules = ""
    else:
        template = databases.ensure_template(runner, flavour.demo, flavour.apps)
        databases.create(runner, template, name)
    outcome = run_suite(runner, flavour.title, name, "run_tests.py", modules, tags)
    if outcome.passed:
        runner.server.set_remark(name, now)
    return outcome


def run_suite(runner, title, database, script, modules, tags):
    """Install modules, if any, run the tests with these tags and judge the result.

    :param script: script in `dev/inside` that runs the server and writes the report
    """
    log = runner.settings.logs / f"{title.replace(' ', '-')}.log"
    report = log.with_suffix(".json")
    report.unlink(missing_ok=True)
    step(f"Run {title}: {tags}; the log is {log}")
    start = monotonic()
    command = runner.inside(
        script,
        report,
        *runner.options(database, log),
        *([f"--init={modules}"] if modules else []),
        f"--test-tags={tags}",
        f"--http-port={_free_port()}",
        "--stop-after-init",
    )
    code = runner.run_logged(command, log)
    note(f"{title} ended after {monotonic() - start:.0f} s")
    return _judge(title, code, log, report)


def _judge(title, code, log, report):
    """Return the outcome from Odoo's exit code and the report; both must be good."""
    outcome = Outcome(title)
    if report.exists():
        tally = json.loads(report.read_text())
        outcome.passed = tally["passed"]
        outcome.failed += ["\n".join(texts) for texts in tally["failed"].values()]
        outcome.failed += [
            f"SKIP: {name}: {why}" for name, why in tally["skipped"].items()
        ]
        outcome.failed += [
            f"{text} ({times} times)" if times > 1 else text
            for text, times in tally["complaints"].items()
        ]
    if code and not outcome.failed:
        outcome.failed.append(f"Odoo ended with {code}\n{odoo.last_words(log)}")
    if not outcome.passed and not outcome.failed:
        outcome.failed.append("no test ran")
    return outcome


def _free_port():
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind((odoo.INTERFACE, 0))
        return probe.getsockname()[1]
