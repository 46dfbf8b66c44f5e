"""Gates of the scheduled actions, and of their memory.

What is due is arranged in committed rows, because PostgreSQL plans differently for rows
of its own transaction. The runs themselves are rolled back, and at the end every row is
as it was.
"""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command

from odoo.addons.base.models.ir_cron import IrCron

from bench_orm import REQUEST
from watch import Contestant, Figures, watch_memory

DUE = 10_000
# base_automation takes the same time for each record: fewer are enough.
PEER_DUE = 1_000
ROOT = None
KEEP = """
    CREATE TABLE bench_kept AS
    SELECT id, reply_due_on, release_on, escalation FROM beneficiary_request
     WHERE state IN ('draft', 'submitted', 'verified', 'declared', 'in_review',
                     'decided')
"""
RESTORE = """
    UPDATE beneficiary_request AS request
       SET reply_due_on = kept.reply_due_on, release_on = kept.release_on,
           escalation = kept.escalation
      FROM bench_kept AS kept
     WHERE kept.id = request.id
"""
# A quarter is late, and everybody was told; the replies leave later.
NOTHING_DUE = """
    UPDATE beneficiary_request AS request
       SET escalation = CASE WHEN number %% 4 = 0 THEN '3_manager' ELSE '0_none' END,
           reply_due_on = CASE WHEN number %% 4 = 0 THEN now() - interval '9 days'
                               ELSE now() + interval '20 days' END,
           release_on = CASE WHEN state = 'decided' THEN now() + interval '9 days' END
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS number
              FROM bench_kept) AS kept
     WHERE kept.id = request.id
"""
LATE = """
    UPDATE beneficiary_request
       SET escalation = '1_member', reply_due_on = now() - interval '1 hour'
     WHERE id IN (SELECT id FROM beneficiary_request WHERE state = 'in_review'
                   ORDER BY id LIMIT %(due)s)
"""
REPLIES = """
    UPDATE beneficiary_request SET release_on = now() - interval '1 hour'
     WHERE id IN (SELECT id FROM beneficiary_request WHERE state = 'decided'
                   ORDER BY id LIMIT %(due)s)
"""


def measure(watch):
    """Measure the scheduled action of reviews, and how much memory it takes.

    :return: ({(gate, operation): {name: Figures}}, megabytes that the sweep grows)
    """
    with _kept(watch.registry):
        nothing = watch.compare([Contestant("ours", ROOT, _review)])
        count = _arrange(watch.registry, LATE)
        grown = []
        watch.sample(Contestant("ours", ROOT, _weigh(grown)), 0)
        sweep = {"ours": _run_once(watch, _review, count)}
        if _has_automation(watch):
            sweep["automation"] = _run_once(watch, _automate, PEER_DUE)
        _arrange(watch.registry, NOTHING_DUE)
        count = _arrange(watch.registry, REPLIES)
        release = {"ours": _run_once(watch, _review, count)}
    return {
        ("C1", "Sweep of overdue requests"): sweep,
        ("C2", "Sweep, nothing due"): nothing,
        ("C3", "Release of due replies"): release,
    }, grown[0]


@contextmanager
def _kept(registry):
    """Arrange that nothing is due; restore at the end what was before."""
    _restore(registry)  # after a run that was killed
    with registry.cursor() as cr:
        cr.execute(KEEP)
    _arrange(registry, NOTHING_DUE)
    try:
        yield
    finally:
        _restore(registry)


def _restore(registry):
    with registry.cursor() as cr:
        cr.execute("SELECT to_regclass('bench_kept')")
        if not cr.fetchone()[0]:
            return
        cr.execute(RESTORE)
        cr.execute("DROP TABLE bench_kept")
    _vacuum(registry)


def _arrange(registry, statement):
    """Change rows and commit; return how many they are."""
    with registry.cursor() as cr:
        cr.execute(statement, {"due": DUE})
        count = cr.rowcount
    _vacuum(registry)
    return count


def _vacuum(registry):
    with registry.cursor() as cr:
        cr._cnx.autocommit = True  # VACUUM cannot run in a transaction
        cr.execute("VACUUM ANALYZE beneficiary_request")
        cr._cnx.autocommit = False


def _run_once(watch, prepare, records):
    return Figures([watch.sample(Contestant("", ROOT, prepare), 0)], records)


def _review(env, turn):
    return _without_commits(env, env[REQUEST]._cron_review)


def _weigh(grown):
    def prepare(env, turn):
        review = _review(env, turn)
        return lambda: grown.append(watch_memory(review))

    return prepare


def _has_automation(watch):
    return "base.automation" in watch.registry and "project.task" in watch.registry


def _automate(env, turn):
    """Plan an activity for each late task, by a rule that staff could have made."""
    tasks = env["project.task"].search([], limit=PEER_DUE)
    model_id = env["ir.model"]._get_id("project.task")
    env["base.automation"].search([]).active = False
    env["base.automation"].create(
        {
            "name": "Late",
            "model_id": model_id,
            "trigger": "on_time_created",
            "filter_domain": str([("id", "in", tasks.ids)]),
            "action_server_ids": [
                Command.create(
                    {
                        "name": "Late",
                        "model_id": model_id,
                        "state": "next_activity",
                        "activity_type_id": env.ref("mail.mail_activity_data_todo").id,
                        "activity_summary": "Late",
                        "activity_user_type": "specific",
                        "activity_user_id": env.ref("base.user_admin").id,
                    }
                )
            ],
        }
    )
    return _without_commits(
        env, env["base.automation"]._cron_process_time_based_actions
    )


def _without_commits(env, work):
    """Return the work of a scheduled action, with its commits as mere flushes."""

    def commit():
        env.cr.flush()
        env.cr.clear()

    def progress(cron, processed=0, *, remaining=None, deactivate=False):
        commit()
        return float("inf")

    def run():
        with (
            patch.object(IrCron, "_commit_progress", progress),
            patch.object(env.cr, "commit", commit),
        ):
            work()

    return run
