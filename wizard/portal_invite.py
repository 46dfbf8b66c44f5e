from odoo import api, fields, models


class PortalInvite(models.TransientModel):
    """Shows whether the person of a file has a portal account, and can invite them.

    It holds no rule: the methods of the file check the rights and the conditions.
    """

    _name = "beneficiary.portal.invite"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Account on the Portal"

    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary", string="File", required=True
    )
    email = fields.Char(related="beneficiary_id.email", related_sudo=False)
    phone = fields.Char(related="beneficiary_id.phone", related_sudo=False)
    lang = fields.Selection(related="beneficiary_id.lang", related_sudo=False)
    way = fields.Selection(
        [("email", "E-mail"), ("sms", "Text Message"), ("paper", "Printed Form")],
        string="Invite By",
        compute="_compute_way",
        compute_sudo=False,
        readonly=False,
        store=True,
        help="Text message and printed form lead to the sign-in with the mobile or "
        "identity number and a code; no e-mail is needed.",
    )
    state = fields.Selection(
        [
            ("none", "No Account"),
            ("invited", "Invited, Never Signed In"),
            ("active", "Signs In"),
        ],
        string="Account",
        compute="_compute_account",
        compute_sudo=False,
    )
    is_elsewhere = fields.Boolean(
        compute="_compute_account",
        compute_sudo=False,
        help="The account has another e-mail or telephone than the file.",
    )

    @api.depends("beneficiary_id")
    def _compute_account(self):
        self._check_targets()
        for wizard in self:
            wizard.state = wizard.beneficiary_id._get_account_state()
            wizard.is_elsewhere = wizard.beneficiary_id._is_account_elsewhere()

    @api.depends("beneficiary_id")
    def _compute_way(self):
        self._check_targets()
        for wizard in self:
            wizard.way = wizard.beneficiary_id._get_invitation_way()

    def action_invite(self):
        """Send the invitation, or send it again."""
        self.ensure_one()
        way = self.way or self.beneficiary_id._get_invitation_way()
        self.beneficiary_id.action_invite_to_portal(way)
        messages = {
            "email": self.env._("The invitation was sent to the person's e-mail."),
            "sms": self.env._("The invitation was sent to the person's mobile."),
            "paper": self.env._(
                "The account is open. Hand over the printed request form: its square "
                "leads to the page where the person signs in."
            ),
        }
        return self._say(messages[way])

    def action_take_away(self):
        """Stop the person from following the file on the portal."""
        self.ensure_one()
        self.beneficiary_id.action_take_away_portal_access()
        return self._say(self.env._("The person does not follow this file any more."))

    def action_move(self):
        """Move the account to the address of the file."""
        self.ensure_one()
        self.beneficiary_id.action_move_account()
        return self._say(
            self.env._("The account was moved. We sent a notice to its former address.")
        )

    def _say(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
