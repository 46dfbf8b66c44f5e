from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext


@dataclass(frozen=True)
class Section:
    """One part of the copy: the records of a model that belong to a file.

    :ivar model: name of the model
    :ivar names: the fields that are copied, by their names
    :ivar path: field that leads to the file
    :ivar domain: which of its records are copied; what is held back is not among them
    """

    model: str
    names: tuple
    path: str = "beneficiary_id"
    domain: Domain = field(default=Domain.TRUE)


OF_REQUEST = "request_id.beneficiary_id"
# Only what the person may know: no notes of staff, no votes, no decision whose reply
# has not left (R21), and nothing of a confidential contact.
SECTIONS = {
    "file": Section(
        "beneficiary.beneficiary",
        (
            "name",
            "file_number",
            "kind",
            "category_ids",
            "identity_type",
            "identity_number",
            "former_numbers",
            "nationality_id",
            "registration_number",
            "headcount",
            "birth_date",
            "gender",
            "marital_state",
            "sponsor_name",
            "sponsor_number",
            "phone",
            "phone2",
            "email",
            "street",
            "city",
            "short_address",
            "location",
            "lang",
            "notice_by_email",
            "notice_by_sms",
            "branch_id",
            "housing_kind",
            "housing_condition",
            "housing_rent",
            "iban",
            "bank_account_holder",
            "health_conditions",
            "chronic_illness",
            "disability",
            "education_level",
            "employment_state",
            "employer",
            "job",
            "verified_on",
        ),
        path="id",
    ),
    "household": Section(
        "beneficiary.household.member",
        (
            "name",
            "relation",
            "identity_number",
            "birth_date",
            "gender",
            "schooling",
            "health_state",
            "income",
            "death_date",
            "active",
        ),
    ),
    "income": Section("beneficiary.income.line", ("type", "amount", "source")),
    "representatives": Section(
        "beneficiary.representative",
        ("name", "relation", "phone", "email", "scope", "date_from", "date_to"),
    ),
    "papers": Section(
        "beneficiary.document",
        (
            "type_id",
            "number",
            "issue_date",
            "expiry_date",
            "handed_on",
            "file_name",
            "matched_on",
        ),
    ),
    "requests": Section(
        "beneficiary.request",
        (
            "name",
            "service_id",
            "portal_state",
            "submitted_on",
            "description",
            "amount_requested",
            "amount_granted",
        ),
    ),
    "request_answers": Section(
        "beneficiary.request.answer", ("request_id", "label", "value"), OF_REQUEST
    ),
    "declarations": Section(
        "beneficiary.declaration",
        ("request_id", "text", "method", "signed_by", "signed_on", "voided_on"),
        OF_REQUEST,
    ),
    "replies": Section(
        "beneficiary.decision",
        (
            "request_id",
            "released_on",
            "outcome",
            "amount_granted",
            "conditions",
            "rejection_words",
            "reason",
            "letter_number",
        ),
        OF_REQUEST,
        Domain("released_on", "!=", False),
    ),
    "appeals": Section(
        "beneficiary.appeal", ("request_id", "filed_on", "reason"), OF_REQUEST
    ),
    "deliveries": Section(
        "beneficiary.delivery",
        ("name", "amount", "goods", "handed_on", "received_by", "received_on"),
        OF_REQUEST,
        Domain("state", "in", ("handed", "received")),
    ),
    "contacts": Section(
        "beneficiary.interaction",
        ("date", "channel_id", "direction", "kind", "subject"),
        domain=Domain("is_confidential", "=", False),
    ),
    "contact_answers": Section(
        "beneficiary.interaction",
        ("answered_on", "subject", "answer"),
        domain=Domain("is_confidential", "=", False)
        & Domain("answered_on", "!=", False),
    ),
    "notices": Section(
        "beneficiary.notice", ("event", "channel", "state", "sent_on"), OF_REQUEST
    ),
    "consents": Section(
        "beneficiary.consent",
        ("purpose", "decision", "decided_on", "method", "given_by"),
    ),
    "data_requests": Section(
        "beneficiary.data.request",
        ("name", "kind", "text", "asked_on", "state", "answer", "answered_on"),
        domain=Domain("state", "!=", "open"),  # an answer is written before it is given
    ),
}


class DataCopy(models.Model):
    """The copy of all that is held about a person, in words and for a program (R51).

    It is made of what the acting user may read; on the portal it is the whole copy, and
    the controller has had the person proven before.
    """

    _inherit = "beneficiary.data.request"

    def _get_section_titles(self):
        return {
            "file": self.env._("The File"),
            "household": self.env._("Household"),
            "income": self.env._("Income and Expenses"),
            "representatives": self.env._("Representatives"),
            "papers": self.env._("Papers"),
            "requests": self.env._("Requests"),
            "request_answers": self.env._("Answers to Questions"),
            "declarations": self.env._("Declarations"),
            "replies": self.env._("Replies"),
            "appeals": self.env._("Appeals"),
            "deliveries": self.env._("Deliveries"),
            "contacts": self.env._("Calls, Visits and Messages"),
            "contact_answers": self.env._("Answers Given"),
            "notices": self.env._("Notices Sent"),
            "consents": self.env._("Consents"),
            "data_requests": self.env._("Requests About Data"),
            "messages": self.env._("Messages"),
            "ratings": self.env._("Ratings"),
        }

    def _get_copied_records(self):
        """Yield ``(code, records, names)`` of each section that has records."""
        self.ensure_one()
        for code, section in SECTIONS.items():
            model = self.env[section.model].with_context(active_test=False)
            if not model.has_access("read"):
                continue
            own = Domain(section.path, "=", self.beneficiary_id.id)
            records = model.search(own & section.domain, order="id")
            names = [
                name
                for name in section.names
                if model._has_field_access(model._fields[name], "read")
            ]
            if records:
                yield code, records, names
        if self.env.su:  # each with rights of its own
            yield from self._get_copied_words()

    def _get_copied_words(self):
        """Yield the messages on the person's requests, and the person's ratings."""
        requests = self.env["beneficiary.request"].search(
            [("beneficiary_id", "=", self.beneficiary_id.id)]
        )
        about = Domain("model", "=", requests._name) & Domain(
            "res_id", "in", requests.ids
        )
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        messages = self.env["mail.message"].search(
            about
            & Domain("is_internal", "=", False)
            & Domain("subtype_id", "=", comment)
            & Domain("message_type", "in", ("comment", "email")),
            order="id",
        )
        if messages:
            yield "messages", messages, ["date", "record_name", "body"]
        ratings = self.env["rating.rating"].search(
            Domain("res_model", "=", requests._name)
            & Domain("res_id", "in", requests.ids)
            & Domain("consumed", "=", True),
            order="id",
        )
        if ratings:
            yield "ratings", ratings, ["rated_on", "res_name", "rating", "feedback"]

    # -- in words ----------------------------------------------------------------------

    def _get_copy_sections(self):
        """Return the copy for a paper: dicts of ``title`` and ``rows``.

        A row is a list of pairs (label, text), without what is empty.
        """
        titles = self._get_section_titles()
        return [
            {
                "title": titles[code],
                "rows": [self._copy_in_words(record, names) for record in records],
            }
            for code, records, names in self._get_copied_records()
        ]

    def _copy_in_words(self, record, names):
        pairs = []
        for name in names:
            kind = record._fields[name]
            value = record[name]
            if kind.type == "boolean":
                text = self.env._("Yes") if value else self.env._("No")
            elif not value:
                continue
            elif kind.type in ("date", "datetime"):
                text = self._format_paper_both(value)
            elif kind.type == "html":
                text = html2plaintext(value)
            elif kind.type == "monetary":
                currency = record[kind.get_currency_field(record)]
                text = currency.with_env(self.env).format(value)
            elif kind.type in ("one2many", "many2many"):
                text = self._list_words(value.mapped("display_name"))
            else:
                text = str(kind.convert_to_export(value, record))
            pairs.append((kind._description_string(self.env), text))
        return pairs

    # -- for a program -----------------------------------------------------------------

    def _get_copy_data(self):
        """Return the copy as plain values, to be written as JSON."""
        return {
            "number": self.name,
            "association": self.company_id.name,
            "made_on": fields.Datetime.now().isoformat() + "Z",
            **{
                code: [
                    {name: self._copy_value(record, name) for name in names}
                    for record in records
                ]
                for code, records, names in self._get_copied_records()
            },
        }

    @api.model
    def _copy_value(self, record, name):
        kind, value = record._fields[name], record[name]
        if kind.type == "boolean":
            return value
        if kind.type in ("integer", "float", "monetary"):
            return value or None
        if not value:
            return None
        if kind.type == "datetime":
            return value.isoformat() + "Z"
        if kind.type == "date":
            return value.isoformat()
        if kind.type == "many2one":
            return value.display_name
        if kind.relational:
            return value.mapped("display_name")
        return html2plaintext(value) if kind.type == "html" else str(value)
