"""What a death means is carried out for deaths that were recorded before.

Notices of closed and cancelled requests are stopped; lines of dependants that have the
person's number, and representations that still ran or begin later, end.
"""

import logging

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

ASKING = (
    "beneficiary_relations.mail_activity_type_next_step",
    "beneficiary_relations.mail_activity_type_notice",
    "beneficiary_relations.mail_activity_type_portal",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    files = env["beneficiary.beneficiary"].with_context(active_test=False)
    for file in files.search([("state", "=", "deceased")]):
        try:
            with cr.savepoint():
                ended = file.request_ids.filtered(
                    lambda request: request.state in ("closed", "cancelled")
                )
                ended.notice_ids._stop_for_death()
                ended.activity_unlink(ASKING)
                file._mark_dependants()
                file._end_own_representations()
        except UserError as error:  # data that contradict each other: people decide
            _logger.warning("Death of file %s: %s", file.file_number, error)
