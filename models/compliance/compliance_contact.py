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
    _compliance_facts = (
        "kind",
        "direction",
        "is_answered",
        "is_waiting",
        "is_late",
        "is_later",
    )
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

    def _get_facts(self, at_once=False):
        day = self._get_day(SQL("contact.date"))
        answered_day = self._get_day(SQL("contact.answered_on"))
        says = self._says(SQL("contact.outcome"))
        return SQL(
            """
            SELECT contact.id, contact.id AS interaction_id, contact.company_id,
                   contact.policy_id, contact.channel_id, contact.kind,
                   contact.number, contact.direction, contact.answer_state,
                   contact.answer_due_on, %(answered_day)s AS answered_day,
                   %(says)s AS says_outcome,
                   CASE WHEN %(is_asked)s THEN %(answered)s END AS is_answered,
                   contact.answer_state IS NOT DISTINCT FROM 'open'
                       AND contact.answer_due_on >= association.today AS is_waiting,
                   CASE WHEN contact.answered_on IS NOT NULL
                        THEN %(answered_day)s > contact.answer_due_on END AS is_late,
                   CASE WHEN contact.answered_on IS NOT NULL
                        THEN %(answered_day)s > %(day)s END AS is_later,
                   CASE WHEN %(is_asked)s AND %(answered)s
                        THEN COALESCE(%(answered_day)s - %(day)s, 0) END AS answer_days,
                   contact.date AS moment,
                   %(day)s AS day, %(origin)s AS origin
              FROM beneficiary_interaction contact
              JOIN association ON association.id = contact.company_id
            """,
            answered_day=answered_day,
            says=says,
            is_asked=SQL("(%s)", SQL(" OR ").join(self._get_kinds("contact").values())),
            # Later, or at once by its outcome.
            answered=SQL(
                "(contact.answer_state IS NOT NULL AND contact.answer_state != 'open'"
                " OR contact.answer_state IS NULL AND %s)",
                says,
            ),
            day=day,
            origin=self._get_origin(SQL("contact.date")),
        )

    def _get_kinds(self, alias):
        """Return the SQL of whether a row is an enquiry, and whether a complaint."""
        kind, direction = (
            SQL.identifier(alias, name) for name in ("kind", "direction")
        )
        return {
            "enquiry": SQL("(%s = 'question' AND %s = 'in')", kind, direction),
            "complaint": SQL("%s IN ('complaint', 'dispute', 'suggestion')", kind),
        }

    def _get_clauses(self):
        clauses = {
            "outreach": SQL(
                "CASE WHEN fact.kind = 'outreach' AND fact.direction = 'out'"
                " THEN 'kept' END"
            )
        }
        for name, of in self._get_kinds("fact").items():
            due = SQL("%s AND NOT fact.is_waiting", of)
            clauses |= {
                f"{name}_answered": self._judge(due, SQL("fact.is_answered")),
                f"{name}_in_time": self._judge(
                    due, SQL("fact.is_answered AND fact.is_late IS NOT TRUE")
                ),
                f"{name}_same_day": self._judge(
                    SQL("%s AND fact.is_answered", of),
                    SQL("fact.is_later IS NOT TRUE"),
                ),
            }
        return clauses
