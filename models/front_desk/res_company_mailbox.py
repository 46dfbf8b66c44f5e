from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import flow


class ResCompany(models.Model):
    """The association's e-mail address: each e-mail to it becomes an interaction."""

    _name = "res.company"
    _inherit = ["res.company", "beneficiary.role.mixin"]
    _role_fields = {"beneficiary_mail_officer_id": (flow.OFFICER,)}

    beneficiary_answer_days = fields.Integer(
        string="Days to Answer",
        default=7,
        help="Days within which a complaint or suggestion is answered.",
    )
    beneficiary_alias_id = fields.Many2one(
        "mail.alias", copy=False, ondelete="set null", groups="base.group_system"
    )
    beneficiary_alias_name = fields.Char(
        string="E-mail Address",
        compute="_compute_beneficiary_alias_name",
        inverse="_inverse_beneficiary_alias_name",
        groups="base.group_system",
        help="E-mails to this address are logged as interactions.",
    )
    beneficiary_mail_officer_id = fields.Many2one(
        "res.users",
        string="E-mails Go To",
        copy=False,
        domain=lambda self: self._get_role_domain(flow.OFFICER, company="id"),
        help="The officer who answers for e-mails until somebody takes them over.",
    )

    _beneficiary_answer_days_positive = models.Constraint(
        "CHECK (beneficiary_answer_days IS NULL OR beneficiary_answer_days > 0)",
        "A complaint is answered within at least one day.",
    )

    @api.depends("beneficiary_alias_id.alias_name")
    def _compute_beneficiary_alias_name(self):
        for company in self:
            company.beneficiary_alias_name = company.beneficiary_alias_id.alias_name

    def _inverse_beneficiary_alias_name(self):
        for company in self:
            alias = company.beneficiary_alias_id
            name = self.env["mail.alias"]._sanitize_alias_name(
                company.beneficiary_alias_name
            )
            if alias:
                alias.alias_name = name
            elif name:
                company.beneficiary_alias_id = self.env["mail.alias"].create(
                    company._prepare_beneficiary_alias_vals(name)
                )

    def _prepare_beneficiary_alias_vals(self, name):
        return {
            "alias_name": name,
            "alias_domain_id": self.alias_domain_id.id,
            "alias_model_id": self.env["ir.model"]._get_id("beneficiary.interaction"),
            "alias_contact": "everyone",
            "alias_defaults": repr({"company_id": self.id}),
        }

    def _get_beneficiary_mail_officer(self):
        """Return the user who is responsible for e-mails that come in now.

        If the officer has left, this is a manager. If there is no manager either, it
        is the system user, so that no e-mail is ever lost.
        """
        self.ensure_one()
        officer = self.beneficiary_mail_officer_id
        if officer and officer._has_part((flow.OFFICER,), self):
            return officer
        return self._get_beneficiary_manager() or self.env.ref("base.user_root")

    @api.constrains("beneficiary_alias_id", "beneficiary_mail_officer_id")
    def _check_beneficiary_mailbox(self):
        """The address needs a responsible officer, and a policy with channels."""
        for company in self.sudo().filtered("beneficiary_alias_id.alias_name"):
            if not company.beneficiary_mail_officer_id:
                raise ValidationError(
                    self.env._(
                        "Choose an officer of this association to receive its e-mails."
                    )
                )
            if not company._get_beneficiary_policy():
                raise ValidationError(
                    self.env._(
                        "Put a policy in force before people write to this address."
                    )
                )
