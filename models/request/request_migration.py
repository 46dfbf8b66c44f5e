from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules import arabic

# The fields that a row must fill in, for each state of its request.
NEEDED = {
    "submitted": ("submitted_on",),
    "in_review": ("submitted_on", "raised_on"),
    "accepted": ("submitted_on", "decided_on"),
    "closed": ("submitted_on", "decided_on", "outcome"),
    "cancelled": ("submitted_on", "reason"),
}


class RequestMigration(models.Model):
    """A request from the earlier records of the association.

    Managers import these lines. Each line makes a request in the state of the line,
    marked as migrated. Steps of the past are not checked, no step is invented, and
    nobody is notified. The line stays as the evidence of its import.

    A mistake is corrected by importing the corrected row: as long as nothing was done
    with the request here, it follows its row. Its history says what was corrected, and
    a decision that was imported wrongly stays, superseded.
    """

    _name = "beneficiary.request.migration"
    _inherit = ["beneficiary.import.mixin", "beneficiary.mixin"]
    _number_fields = frozenset(["reference"])
    _description = "Request of the Past"
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True
    _import_key = ("reference",)
    _import_columns = (
        ("reference", "1445/120"),
        ("beneficiary_id", "1000000008"),
        ("service_id", ""),
        ("channel_id", ""),
        ("description", ""),
        ("amount_requested", 1500),
        ("state", ""),
        ("submitted_on", "2024-03-03 09:00:00"),
        ("raised_on", "2024-03-05 09:00:00"),
        ("outcome", ""),
        ("decided_on", "2024-03-20 09:00:00"),
        ("amount_granted", 1000),
        ("reason", ""),
    )

    reference = fields.Char(
        string="Former Number", required=True, help="As the earlier records have it."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    service_id = fields.Many2one(
        "beneficiary.service", required=True, check_company=True, ondelete="restrict"
    )
    channel_id = fields.Many2one(
        "beneficiary.channel", required=True, ondelete="restrict"
    )
    description = fields.Text(string="What Was Asked For", required=True)
    amount_requested = fields.Monetary()
    state = fields.Selection(
        [
            ("submitted", "Submitted"),
            ("in_review", "In Review"),
            ("accepted", "Accepted"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
    )
    submitted_on = fields.Datetime(span="past")
    raised_on = fields.Datetime(span="past")
    outcome = fields.Selection([("accepted", "Accepted"), ("rejected", "Rejected")])
    decided_on = fields.Datetime(string="Decided and Replied On", span="past")
    amount_granted = fields.Monetary()
    reason = fields.Text()
    request_id = fields.Many2one(
        "beneficiary.request", readonly=True, copy=False, index=True
    )

    _reference_unique = models.Constraint(
        "UNIQUE (company_id, reference)", "A request with this number was imported."
    )

    @api.constrains(
        "state",
        "service_id",
        "submitted_on",
        "raised_on",
        "decided_on",
        "outcome",
        "amount_granted",
        "reason",
    )
    def _check_needed(self):
        for migration in self:
            missing = [name for name in migration._get_needed() if not migration[name]]
            if missing:
                labels = self.fields_get(missing, ["string"])
                raise ValidationError(
                    self.env._(
                        "%(reference)s: fill in %(fields)s.",
                        reference=migration.reference,
                        fields=self._list_words(
                            labels[name]["string"] for name in missing
                        ),
                    )
                )
            moments = (
                migration.submitted_on,
                migration.raised_on,
                migration.decided_on,
            )
            known = [moment for moment in moments if moment]
            if known != sorted(known) or known[-1] > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "%(reference)s: a request is submitted, raised, then decided, "
                        "and all of it in the past.",
                        reference=migration.reference,
                    )
                )

    def _get_needed(self):
        """Return the names of the fields that this line must fill in.

        Accepted cash requests also need the granted amount, because deliveries can
        never be more than that.
        """
        self.ensure_one()
        needed = NEEDED[self.state]
        is_accepted = self.state == "accepted" or (
            self.state == "closed" and self.outcome == "accepted"
        )
        if is_accepted and self.service_id.delivery_kind == "cash":
            return (*needed, "amount_granted")
        return needed

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        migrations = super(
            RequestMigration, self._without_defaults({"request_id"})
        ).create([{**vals, "request_id": False} for vals in vals_list])
        migrations._make_requests()
        return migrations

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "What was imported is not changed by hand. Import the corrected "
                    "row again."
                )
            )
        return super().write(vals)

    def _load_records_write(self, values):
        """Correct a line and its request; a row that says the same changes nothing."""
        self.check_access("read")
        self.browse().check_access("create")  # those who import may correct
        line = self.sudo()  # nobody may write a line by hand
        return super(RequestMigration, line)._load_records_write(values)

    def _clean_import_values(self, values):
        """Leave out the request, which the line has made itself."""
        values = self._clean_lines(self._read_dates(values))
        return {name: values[name] for name in values if name != "request_id"}

    def _check_import_changes(self, vals):
        """Refuse a correction once the request has moved on: its moves correct it."""
        request = self.request_id
        is_running = self.state == "in_review"
        if is_running or request.state != self.state or request._has_lived():
            labels = self.fields_get(list(vals), ["string"])
            raise ValidationError(
                self.env._(
                    "%(reference)s was imported before, with another value of "
                    "%(fields)s, and the request %(request)s went on since. Correct it "
                    "there, with Return, Reopen or Cancel, and leave this row out.",
                    reference=self.reference,
                    request=request.name,
                    fields=self._list_words(
                        label["string"] for label in labels.values()
                    ),
                )
            )
        return super()._check_import_changes(vals)

    def _log_import_changes(self, former):
        """Also correct the request, and note there what was imported wrongly."""
        result = super()._log_import_changes(former)
        present = self._get_import_texts([field.name for field in former])
        changes = [
            self._describe_import_change(field, former[field], present[field])
            for field in former
            if former[field] != present[field]
        ]
        if changes:
            self.request_id._correct_migrated(self, self._list_words(changes))
        return result

    @api.model
    def _clean_import_key(self, reference):
        return arabic.number_line(reference or "") or None

    @api.model
    def _find_import_keys(self, keys):
        known = self.search(
            [("reference", "in", list(keys)), ("company_id", "=", self.env.company.id)]
        )
        return {migration.reference: migration.id for migration in known}

    def _make_requests(self):
        """Make the request of each line, in the state of the line."""
        requests = self.env["beneficiary.request"].create(
            [
                {
                    "company_id": migration.company_id.id,
                    **migration._prepare_request_vals(),
                }
                for migration in self
            ]
        )
        for migration, request in zip(self.sudo(), requests, strict=True):
            migration.request_id = request
            # Superuser: only managers get here, and only moves may write these fields.
            request.sudo()._become_migrated(migration)

    def _prepare_request_vals(self):
        """Return the values that the request takes from its line."""
        self.ensure_one()
        return {
            "beneficiary_id": self.beneficiary_id.id,
            "service_id": self.service_id.id,
            "channel_id": self.channel_id.id,
            "description": self.description,
            "amount_requested": self.amount_requested,
        }

    def _prepare_decision_vals(self):
        """Return the values of the decision that the line records."""
        self.ensure_one()
        return {
            "request_id": self.request_id.id,
            "committee_id": self.request_id.committee_id.id,
            "round": self.request_id.round,
            "state": "taken",
            "outcome": self.outcome or "accepted",
            "amount_requested": self.amount_requested,
            "amount_granted": self.amount_granted,
            "reason": self.reason,
            "decided_on": self.decided_on,
        }


class RequestOrigin(models.Model):
    """The origin of a request: made here, or migrated from earlier records.

    A migrated request has no steps, and screens mark it as migrated.
    """

    _inherit = "beneficiary.request"

    origin = fields.Selection(
        [("lived", "Made Here"), ("migrated", "Migrated")],
        default="lived",
        required=True,
        readonly=True,
        copy=False,
    )
    origin_reference = fields.Char(
        string="Former Number", readonly=True, copy=False, index="btree_not_null"
    )

    def _has_lived(self):
        """Return whether anything was done with this migrated request here."""
        return bool(self.step_ids or self.delivery_ids)

    def _correct_migrated(self, migration, changes):
        """Follow a line that was corrected; a wrong decision stays on record.

        :param migration: a ``beneficiary.request.migration``
        :param changes: what was corrected, in words
        """
        request = self.sudo()  # only those who import get here
        request._write_flow(migration._prepare_request_vals())
        if request.decision_ids:
            request.decision_ids._supersede()
            request._write_flow({"round": request.round + 1})
        request._become_migrated(migration)
        request._message_log(
            body=self.env._(
                "Imported wrongly, and corrected by an import: %(changes)s",
                changes=changes,
            )
        )

    def _become_migrated(self, migration):
        """Take the state and the dates of an imported line, and notify nobody.

        :param migration: a ``beneficiary.request.migration``
        """
        self._write_flow(
            {
                "origin": "migrated",
                "origin_reference": migration.reference,
                "submitted_on": migration.submitted_on,
            }
        )
        if migration.state == "in_review":
            self._start_clock(migration.raised_on)
            self._write_flow({"state": "in_review"})
            self.env["beneficiary.decision"]._open(self)
            return
        if migration.decided_on:
            decision = self.env["beneficiary.decision"].create(
                migration._prepare_decision_vals()
            )
            decision._leave(migration.decided_on)
        self._write_flow(
            {
                "state": migration.state,
                "raised_on": migration.raised_on,
                "released_on": migration.decided_on,
                "note_to_applicant": migration.state == "cancelled"
                and migration.reason,
            }
        )
