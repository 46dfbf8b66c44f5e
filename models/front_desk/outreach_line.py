from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# All results of an attempt, and the results that are logged as a contact.
CONTACTED = ("reached", "no_answer", "wrong_number", "declined")
LOGGED = frozenset(["reached", "no_answer", "declined"])
RESULT_FIELDS = frozenset(["state", "note"])
# The only fields of a new line. The others are written with the result.
NEW_FIELDS = frozenset(["outreach_id", "beneficiary_id"])


class OutreachLine(models.Model):
    """One person of an outreach, and the result.

    Each result is logged as a contact, except a wrong number, because nobody was
    contacted. A new attempt replaces the result, but every logged attempt stays in
    the history of the file.

    :Who may: officers, and delegates for the people of their branches.
    """

    _name = "beneficiary.outreach.line"
    _inherit = ["beneficiary.mixin"]
    _description = "Person of an Outreach"
    _order = "outreach_id desc, id"
    _rec_name = "beneficiary_id"
    _check_company_auto = True
    _once_a_file = "outreach_id"

    outreach_id = fields.Many2one(
        "beneficiary.outreach",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="outreach_id.company_id", store=True, precompute=True, index=True
    )
    outreach_state = fields.Selection(related="outreach_id.state")
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    branch_id = fields.Many2one(
        related="beneficiary_id.branch_id", store=True, index="btree_not_null"
    )
    phone = fields.Char(related="beneficiary_id.notice_phone")
    state = fields.Selection(
        [
            ("to_contact", "To Contact"),
            ("reached", "Reached"),
            ("no_answer", "No Answer"),
            ("wrong_number", "Wrong Number"),
            ("declined", "Declined"),
        ],
        string="Result",
        default="to_contact",
        required=True,
        copy=False,
    )
    note = fields.Char(copy=False, help="What the person said.")
    contacted_on = fields.Datetime(readonly=True, copy=False)
    contacted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    interaction_id = fields.Many2one(
        "beneficiary.interaction",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _file_unique = models.Constraint(
        "UNIQUE (outreach_id, beneficiary_id)",
        "The file is already part of this outreach.",
    )
    _to_contact = models.Index("(outreach_id, id) WHERE state = 'to_contact'")

    @api.constrains("beneficiary_id")
    def _check_file_access(self):
        # Constraints run as superuser, but the acting user needs the access.
        self.beneficiary_id.sudo(False).check_access("read")
        for file in self.beneficiary_id:
            if file._is_deceased():
                raise ValidationError("\n".join(file._get_stop_problems()))

    @api.model
    def _leave_out(self, files):
        """Take people who have died off the lists of people to contact."""
        self.sudo().search(
            [("beneficiary_id", "in", files.ids), ("state", "=", "to_contact")]
        ).unlink()

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.keys() - NEW_FIELDS for vals in vals_list):
            raise UserError(
                self.env._("A result is written once a person was contacted.")
            )
        kept = self._fields.keys() - NEW_FIELDS
        return super(OutreachLine, self._without_defaults(kept)).create(vals_list)

    def write(self, vals):
        """Write a result with its date and user, and log it as a contact."""
        if not self.env.su and vals.keys() - RESULT_FIELDS:
            raise AccessError(self.env._("Only the result and its note are written."))
        if RESULT_FIELDS & vals.keys() and any(
            line.outreach_id.state != "running" for line in self
        ):
            raise UserError(self.env._("Start the outreach before you write results."))
        if "state" in vals and vals["state"] not in CONTACTED:
            raise UserError(self.env._("Choose what came of the contact."))
        result = super().write(vals)
        if "state" in vals:
            self._log_result()
        return result

    def _log_result(self):
        """Record date and user of the result, and log it as a contact."""
        logged = self.filtered(lambda line: line.state in LOGGED)
        interactions = self.env["beneficiary.interaction"].create(
            [line._prepare_interaction_vals() for line in logged]
        )
        of_line = dict(zip(logged, interactions, strict=True))
        for line in self:
            line._write_result(
                {
                    "contacted_on": fields.Datetime.now(),
                    "contacted_by_id": self.env.uid,
                    "interaction_id": of_line.get(line, line.interaction_id).id,
                }
            )

    def _write_result(self, vals):
        """Write the fields of a result past :meth:`write`, which refuses them."""
        return super().write(vals)

    def _prepare_interaction_vals(self):
        self.ensure_one()
        outreach = self.outreach_id
        by_delegate = outreach.channel_id.requires_branch
        results = dict(self._fields["state"]._description_selection(self.env))
        return {
            "subject": outreach.name,
            "company_id": outreach.company_id.id,
            "channel_id": outreach.channel_id.id,
            "direction": "out",
            "kind": "outreach",
            "beneficiary_id": self.beneficiary_id.id,
            "delegate_id": by_delegate and self.env.uid,
            "outcome": self.note or results[self.state],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contacted(self):
        if any(line.state != "to_contact" for line in self):
            raise UserError(self.env._("People who were contacted stay on record."))

    # Buttons of the list, one for each result.

    def action_reached(self):
        """The person was reached."""
        return self.write({"state": "reached"})

    def action_no_answer(self):
        """Nobody answered."""
        return self.write({"state": "no_answer"})

    def action_wrong_number(self):
        """The number is not the person's."""
        return self.write({"state": "wrong_number"})

    def action_declined(self):
        """The person was reached and wants no further contact."""
        return self.write({"state": "declined"})
