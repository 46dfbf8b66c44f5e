from odoo import fields, models

from ...rules import arabic


class BeneficiaryNewcomer(models.Model):
    """A file that came about on the portal, until an officer has looked at it (R47).

    Until then no code opens an account for it: whoever typed an identity number would
    learn from it whether the number was known.
    """

    _inherit = "beneficiary.beneficiary"

    source = fields.Selection(
        [("office", "Office"), ("portal", "Portal")],
        string="Made By",
        default="office",
        required=True,
        readonly=True,
        copy=False,
        help="Portal: the person wrote it, and confirmed the telephone by a code.",
    )
    newcomer_need = fields.Text(
        string="What Is Needed", readonly=True, copy=False, help="As the person wrote."
    )

    _newcomer_index = models.Index(
        "(company_id, id) WHERE source = 'portal' AND state = 'new'"
    )

    def _may_open_account(self):
        file = self.sudo()
        is_unchecked = file.source == "portal" and file.state == "new"
        return not is_unchecked and super()._may_open_account()

    def _tell_of_newcomer(self):
        """Make it somebody's task the same day to look who this is (R48)."""
        self._tell_of_news(
            lambda env: env._("Somebody wrote on the portal that they are new: check")
        )

    def _note_newcomer(self, newcomer):
        """Write down what was typed; nothing in the file changes."""
        self._message_log(
            body=self.env._(
                "Somebody made themselves known on the portal with the name %(name)s, "
                "the identity number %(number)s and the mobile %(phone)s, which they "
                "confirmed by a code. They need: %(need)s. Ask them who they are "
                "before you change the file.",
                name=newcomer.name,
                number=newcomer.identity_number,
                phone=arabic.isolated(newcomer.phone, self.env.lang or ""),
                need=newcomer.need,
            )
        )
