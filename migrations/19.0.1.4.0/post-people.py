"""Search keys fold more spellings, and also have the numbers of a file's people.

Kinds of paper say whether they prove an identity.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, split_every

# Records whose keys are computed at a time: few enough for the memory.
BATCH = 2000
KEYS = {
    "beneficiary.beneficiary": ("name_key", "search_key"),
    "beneficiary.question.answer": ("search_key",),
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for model, names in KEYS.items():
        records = env[model].with_context(active_test=False)
        cr.execute(SQL("SELECT id FROM %s ORDER BY id", SQL.identifier(records._table)))
        for ids in split_every(BATCH, [row[0] for row in cr.fetchall()]):
            batch = records.browse(ids)
            for name in names:
                env.add_to_compute(records._fields[name], batch)
            env.flush_all()
            env.invalidate_all()
    cr.execute(
        "UPDATE beneficiary_document_type SET identity_proof = 'card'"
        " WHERE code = 'identity' AND identity_proof IS NULL"
    )
