"""Numbers for what the association owes an answer, and for calls and visits (R48)."""

from odoo import SUPERUSER_ID, api

BATCH = 1000


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._make_all_beneficiary_sequences()
    contacts = env["beneficiary.interaction"]
    domain = [("answer_state", "!=", False), ("number", "=", False)]
    while found := contacts.search(domain, order="id", limit=BATCH):
        found._draw_numbers()
        env.flush_all()
        env.invalidate_all()
