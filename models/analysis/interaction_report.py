from odoo import fields, models
from odoo.tools import SQL


class InteractionReport(models.Model):
    """A row for each contact: by which channel, about what, and answered when.

    No row names an officer or the owner of an answer (R30).

    :Who may: delegates read the rows of their branches; officers, managers and
        auditors those of the association. Only managers read the rows of confidential
        complaints.
    """

    _name = "beneficiary.interaction.report"
    _inherit = ["beneficiary.reading.mixin", "beneficiary.mixin"]
    _description = "Analysis of Interactions"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "interaction_id"
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.interaction": [
            "answer_due_on",
            "answer_state",
            "answered_on",
            "beneficiary_id",
            "branch_id",
            "channel_id",
            "company_id",
            "date",
            "direction",
            "is_confidential",
            "kind",
            "minutes",
            "party_kind",
            "request_id",
        ],
        "beneficiary.request": ["service_id"],
    }

    interaction_id = fields.Many2one("beneficiary.interaction", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    beneficiary_id = fields.Many2one("beneficiary.beneficiary", readonly=True)
    category_ids = fields.Many2many(
        related="beneficiary_id.category_ids", string="Categories"
    )
    service_id = fields.Many2one("beneficiary.service", readonly=True)
    channel_id = fields.Many2one("beneficiary.channel", readonly=True)
    branch_id = fields.Many2one("beneficiary.branch", readonly=True)
    date = fields.Datetime(readonly=True)
    direction = fields.Selection(
        selection=lambda self: self._get_contact_selection("direction"), readonly=True
    )
    kind = fields.Selection(
        selection=lambda self: self._get_contact_selection("kind"), readonly=True
    )
    party_kind = fields.Selection(
        selection=lambda self: self._get_contact_selection("party_kind"),
        string="Party",
        readonly=True,
    )
    answer_state = fields.Selection(
        selection=lambda self: self._get_contact_selection("answer_state"),
        string="Answer Status",
        readonly=True,
    )
    answered_on = fields.Datetime(string="Replied On", readonly=True)
    is_confidential = fields.Boolean(string="Confidential", readonly=True)
    timeliness = fields.Selection(
        [("in_time", "In Time"), ("late", "Late")],
        string="When It Was Answered",
        readonly=True,
    )
    minutes = fields.Integer(string="Minutes Given", readonly=True)
    days_to_answer = fields.Float(
        string="Days Until Answered",
        readonly=True,
        aggregator="avg",
        help="From the contact to its answer.",
    )

    def _get_contact_selection(self, name):
        contacts = self.env["beneficiary.interaction"]
        return contacts._fields[name]._description_selection(self.env)

    @property
    def _table_query(self):
        """An answer is in time until the end of its day, as the association has it."""
        return SQL(
            """
            SELECT contact.id,
                   contact.id AS interaction_id,
                   contact.company_id,
                   contact.beneficiary_id,
                   request.service_id,
                   contact.channel_id,
                   contact.branch_id,
                   contact.date,
                   contact.direction,
                   contact.kind,
                   contact.party_kind,
                   contact.answer_state,
                   contact.answered_on,
                   contact.is_confidential,
                   contact.minutes,
                   CASE WHEN (contact.answered_on AT TIME ZONE 'UTC'
                              AT TIME ZONE %(zone)s)::date <= contact.answer_due_on
                        THEN 'in_time'
                        WHEN contact.answered_on IS NOT NULL
                             AND contact.answer_due_on IS NOT NULL THEN 'late'
                   END AS timeliness,
                   CASE WHEN contact.answered_on >= contact.date
                        THEN date_part('epoch', contact.answered_on - contact.date)
                             / 86400 END AS days_to_answer
              FROM beneficiary_interaction contact
         LEFT JOIN beneficiary_request request ON request.id = contact.request_id
            """,
            zone=self.env.company._get_beneficiary_timezone(),
        )

    # -- actions -----------------------------------------------------------------------

    def action_open_record(self):
        """Open the contact of this row."""
        self.ensure_one()
        self.check_access("read")
        return self.interaction_id.get_formview_action()
