from odoo import fields, models


class SetupPerson(models.TransientModel):
    """A person whom the assistant of the first hour invites (R53)."""

    _name = "beneficiary.setup.person"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Person to Invite"

    setup_id = fields.Many2one(
        "beneficiary.setup", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    email = fields.Char(string="E-mail", required=True)
    role = fields.Selection(
        [
            ("chair", "Chair of the Committee"),
            ("secretary", "Secretary of the Committee"),
            ("member", "Member of the Committee"),
            ("substitute", "Substitute in the Committee"),
            ("officer", "Relations Officer"),
            ("researcher", "Social Researcher"),
            ("delegate", "Branch Delegate"),
            ("manager", "Manager"),
            ("auditor", "Auditor"),
        ],
        required=True,
        default="member",
    )
