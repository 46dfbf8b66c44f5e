"""Associations of before number their lists of disbursement (R52)."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._make_all_beneficiary_sequences()
