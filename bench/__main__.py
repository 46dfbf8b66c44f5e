"""Measure the addon with many rows. Run by `make bench`, with Odoo's Python.

Usage: python bench SIZE ODOO_OPTION...

The database has the addon installed, and the first run fills it. The addon imports
nothing from here.
"""

import os
import sys
from pathlib import Path
from time import perf_counter

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

import analysis
import association
import compliance
import duplicates
import peers
import populate
import release
import report
import run_gates
import search
import walk

RESULTS = Path(__file__).resolve().parent / "results"
# What ``GATES`` may name beside gates: these pages alone are measured then.
PAGES_OF_FILES = ("duplicates", "search")
PAGES = (*PAGES_OF_FILES, "analysis", "compliance", "walk")


def main(name, options):
    """Fill the database if it is empty, measure, and write the pages.

    :return: the exit code
    """
    config.parse_config(options, setup_logging=True)
    size = populate.SIZES[name]
    with Registry(config["db_name"][0]).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = association.find(env)
        if company and name == "R":  # released replies are not due a second time
            association.put_aside(env, company)
        if not company or name == "R":
            company = fill(env, size)
        env = env(context={"allowed_company_ids": company.ids, "lang": "ar_001"})
        version = cr._cnx.server_version // 10000
        circumstances = (
            f"PostgreSQL {version}, warm; {os.cpu_count()} processors, of which "
            f"{os.getloadavg()[0]:.1f} were wanted by all that ran."
        )
        if name == "R":
            return write_release(env, company, name, size, circumstances)
        wanted = set(filter(None, os.environ.get("GATES", "").split(",")))
        code = 0
        if size.requests and not wanted & set(PAGES):
            if not is_fair(env, company):
                return 1
            code = run_gates.run(env, company, name, size.requests, options, RESULTS)
        for page in PAGES if size.requests else PAGES_OF_FILES:
            if page in wanted or not wanted:
                code |= write_page(page, env, company, name, size, circumstances)
        return code


def fill(env, size):
    """Make the rows of ``size``, ours and the peers', and return the association."""
    start = perf_counter()
    company, parameters = association.make(env, size.portal_users)
    populate.fill(env, size, parameters)
    populate.attest(env, company, size)
    peers.fill(env, company, parameters)
    populate.settle(env.cr)
    print(f"    filled in {perf_counter() - start:.0f} s")
    return company


def is_fair(env, company):
    """Print what the peers have, and return whether that is what the addon has."""
    rows, fair = peers.compare(env, company)
    if len(rows) > 1:
        print(report.table(rows))
    if not fair:
        print("The peers do not have the same: not fair. RESET=1 fills it anew.")
    return fair


def write_release(env, company, name, size, circumstances):
    """Measure the release of replies; return 1 if it exceeds a limit, else 0."""
    rows, rest = release.measure(env, company)
    print(report.table(rows))
    page = report.write(
        RESULTS,
        f"release_{name}",
        f"Release of {size.requests:,} due replies",
        [
            ("Cost", f"{circumstances}\n\n{report.table(rows)}"),
            ("Left at each commit", ", ".join(map(str, rest))),
        ],
    )
    print(f"    {page}")
    return int(not rows[0]["held"])


def write_page(topic, env, company, name, size, circumstances):
    """Measure one of :data:`PAGES`, and write its page.

    :return: 1 if it exceeds a limit, else 0
    """
    if topic == "walk":
        return walk.run(env, RESULTS, name, circumstances)
    title, part = {
        "duplicates": (f"Near duplicates of one file among {size.files:,}", duplicates),
        "search": (f"Searches for a person among {size.files:,}", search),
        "analysis": (f"First screen and reports among {size.files:,}", analysis),
        "compliance": (f"Compliance page over {size.requests:,} requests", compliance),
    }[topic]
    rows, plans = part.measure(env, company)
    env.cr.rollback()
    print(report.table(rows))
    page = report.write(
        RESULTS,
        f"{topic}_{name}",
        title,
        [
            ("Times", f"{circumstances}\n\n{report.table(rows)}"),
            *(
                (f"Plan: {searched}", f"```\n{plan}\n```")
                for searched, plan in plans.items()
            ),
        ],
    )
    print(f"    {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
