"""C3: the scheduled action that releases many replies due at once."""

import gc
import resource
from time import perf_counter
from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron

# Limits of the release: queries per reply, and growth of memory in megabytes.
MAX_QUERIES = 15
MAX_MEGABYTES = 60


def measure(env, company):
    """Release all due replies; return (rows, replies left at each commit).

    The release commits, as in the server, so it cannot be repeated.
    """
    requests = env["beneficiary.request"]
    ours = [("company_id", "=", company.id)]
    due = requests.search_count([*ours, ("state", "=", "decided")])
    rest, memory = [], [_get_megabytes()]
    commit = IrCron._commit_progress

    def watch(cron, processed=0, *, remaining=None, deactivate=False):
        rest.append(remaining)
        memory.append(_get_megabytes())
        return commit(
            cron, processed, remaining=remaining, deactivate=deactivate
        ) or float("inf")

    gc.collect()
    queries, start = env.cr.sql_log_count, perf_counter()
    with patch.object(IrCron, "_commit_progress", watch):
        requests._cron_review()
    seconds = perf_counter() - start
    queries = env.cr.sql_log_count - queries
    left = requests.search_count([*ours, ("state", "=", "decided")])
    notices = env["beneficiary.notice"].search_count(ours)
    # The first batch fills caches and compiled templates, which the process keeps.
    growth = memory[-1] - memory[min(2, len(memory) - 1)]
    return [
        {
            "replies": due - left,
            "notices": notices,
            "queries a reply": f"{queries / due:.2f}",
            "seconds": f"{seconds:.1f}",
            "MB at first": f"{memory[0]:.0f}",
            "MB after a batch": f"{memory[min(2, len(memory) - 1)]:.0f}",
            "MB at most": f"{max(memory):.0f}",
            "held": not left
            and queries / due <= MAX_QUERIES
            and growth <= MAX_MEGABYTES,
        }
    ], rest


def _get_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
