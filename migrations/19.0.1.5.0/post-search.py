"""Visitors have a search key, like the people who have a file."""

from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

# Interactions whose keys are computed at a time: few enough for the memory.
BATCH = 2000


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    interactions = env["beneficiary.interaction"]
    cr.execute(
        "SELECT id FROM beneficiary_interaction"
        " WHERE beneficiary_id IS NULL AND party_key IS NULL ORDER BY id"
    )
    for ids in split_every(BATCH, [row[0] for row in cr.fetchall()]):
        env.add_to_compute(interactions._fields["party_key"], interactions.browse(ids))
        env.flush_all()
        env.invalidate_all()
