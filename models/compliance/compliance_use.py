from odoo import fields, models
from odoo.tools import SQL


class ComplianceUse(models.Model):
    """A use of a channel: a contact or a request on it (R4, R50).

    The figures count them with the contacts and the requests; these are the records
    behind a channel.
    """

    _name = "beneficiary.compliance.use"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Use of a Channel"
    _auto = False
    _rec_name = "channel_id"
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.interaction": ["channel_id", "date", "policy_id"],
        "beneficiary.request": ["channel_id", "origin", "policy_id", "submitted_on"],
    }

    channel_id = fields.Many2one("beneficiary.channel", readonly=True)
    request_id = fields.Many2one("beneficiary.request", readonly=True)
    interaction_id = fields.Many2one(
        "beneficiary.interaction", string="Contact Logged", readonly=True
    )

    def _get_record(self):
        return self.request_id or self.interaction_id

    def _get_facts(self, at_once=False):
        contacted, submitted = SQL("contact.date"), SQL("request.submitted_on")
        return SQL(
            """
            SELECT contact.id * 2 + 1 AS id, NULL::integer AS request_id,
                   contact.id AS interaction_id, contact.company_id,
                   contact.policy_id, contact.channel_id, contact.date AS moment,
                   %s AS day, %s AS origin
              FROM beneficiary_interaction contact
              JOIN association ON association.id = contact.company_id
             UNION ALL
            SELECT request.id * 2, request.id, NULL, request.company_id,
                   request.policy_id, request.channel_id, request.submitted_on, %s, %s
              FROM beneficiary_request request
              JOIN association ON association.id = request.company_id
             WHERE request.submitted_on IS NOT NULL
            """,
            self._get_day(contacted),
            self._get_origin(contacted),
            self._get_day(submitted),
            self._get_origin(submitted, SQL("request.origin = 'migrated'")),
        )
