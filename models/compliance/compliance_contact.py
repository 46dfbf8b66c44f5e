from odoo import fields, models
from odoo.tools import SQL

from .compliance_request import STATE


class ComplianceContact(models.Model):
    """A contact, and whether it was answered, and in time (R5, R27, R28, R48, R50).

    An enquiry is answered at once by its outcome, or later by a reply. What is open and
    not due yet does not count. No row has a word of the contact, because some contacts
    are confidential.
    """

    _name = "beneficiary.compliance.contact"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of a Contact"
    _auto = False
    _rec_name = "number"
    _compliance_source = "contact"
    _compliance_record = "beneficiary.interaction"
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.interaction": [
            "answer_due_on",
            "answer_state",
            "answered_on",
            "channel_id",
            "date",
            "direction",
            "kind",
            "number",
            "outcome",
            "policy_id",
        ]
    }

    interaction_id = fields.Many2one(
        "beneficiary.interaction", string="Contact Logged", readonly=True
    )
    number = fields.Char(readonly=True)
    channel_id = fields.Many2one("beneficiary.channel", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.interaction"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    answer_due_on = fields.Date(string="Answer Due", readonly=True)
    answered_day = fields.Date(string="Replied On", readonly=True)
    answer_days = fields.Integer(
        string="Days to the Answer",
        readonly=True,
        aggregator="avg",
        help="Days from the contact to its answer; 0: answered on the same day.",
    )
    enquiry_answered = fields.Selection(STATE, readonly=True)
    enquiry_in_time = fields.Selection(STATE, readonly=True)
    enquiry_same_day = fields.Selection(STATE, readonly=True)
    complaint_answered = fields.Selection(STATE, readonly=True)
    complaint_in_time = fields.Selection(STATE, readonly=True)
    complaint_same_day = fields.Selection(STATE, readonly=True)
    outreach = fields.Selection(STATE, readonly=True)

    def _get_record(self):
        return self.interaction_id

    def _get_rows(self):
        day = self._get_day(SQL("contact.date"))
        answered_day = self._get_day(SQL("contact.answered_on"))
        enquiry = SQL("contact.kind = 'question' AND contact.direction = 'in'")
        complaint = SQL("contact.kind IN ('complaint', 'dispute', 'suggestion')")
        answered = SQL(
            "(contact.answer_state IS NOT NULL AND contact.answer_state != 'open'"
            " OR contact.answer_state IS NULL AND %s)",
            self._says(SQL("contact.outcome")),
        )
        waits = SQL(
            "(contact.answer_state IS NOT DISTINCT FROM 'open'"
            " AND contact.answer_due_on >= %s)",
            SQL("association.today"),
        )
        timely = SQL(
            "%s AND COALESCE(%s <= contact.answer_due_on, TRUE)", answered, answered_day
        )
        columns = {
            f"{name}_{column}": self._judge(SQL("%s AND NOT %s", of, waits), keeps)
            for name, of in (("enquiry", enquiry), ("complaint", complaint))
            for column, keeps in (("answered", answered), ("in_time", timely))
        }
        for name, of in (("enquiry", enquiry), ("complaint", complaint)):
            columns[f"{name}_same_day"] = self._judge(
                SQL("%s AND %s", of, answered),
                SQL("COALESCE(%s <= %s, TRUE)", answered_day, day),
            )
        return SQL(
            """
            SELECT contact.id, contact.id AS interaction_id, contact.company_id,
                   contact.policy_id, contact.channel_id, contact.kind,
                   contact.number, contact.direction, contact.answer_state,
                   contact.answer_due_on, %(answered_day)s AS answered_day,
                   %(says)s AS says_outcome,
                   CASE WHEN (%(enquiry)s OR %(complaint)s) AND %(answered)s
                        THEN COALESCE(%(answered_day)s - %(day)s, 0) END AS answer_days,
                   contact.date AS moment,
                   %(day)s AS day, %(origin)s AS origin, %(columns)s,
                   CASE WHEN contact.kind = 'outreach' AND contact.direction = 'out'
                        THEN 'kept' END AS outreach
              FROM beneficiary_interaction contact
              JOIN association ON association.id = contact.company_id
            """,
            answered_day=answered_day,
            says=self._says(SQL("contact.outcome")),
            enquiry=enquiry,
            complaint=complaint,
            answered=answered,
            day=day,
            origin=self._get_origin(SQL("contact.date")),
            columns=SQL(", ").join(
                SQL("%s AS %s", clause, SQL.identifier(name))
                for name, clause in columns.items()
            ),
        )
