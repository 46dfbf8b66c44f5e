from odoo import models
from odoo.exceptions import UserError

from ...rules import flow
from ...rules.evidence import says_nothing


class RequestReissue(models.Model):
    """The letter of the latest reply, given again because it had a mistake (R40)."""

    _inherit = "beneficiary.request"

    def action_reissue_letter(self, correction=None, reason=None):
        """Number the letter of the latest reply anew: the last one had a mistake (R40).

        :param correction: what was wrong and what is right; the applicant reads it
        :param reason: how the mistake came about, for the office
        """
        self.ensure_one()
        self.check_access("read")
        self._check_role(frozenset([flow.MANAGER]))
        self._refuse(
            self._get_input_problems({"correction": correction, "reason": reason})
        )
        problems = []
        if says_nothing(correction):
            problems.append(
                self.env._("Write what was wrong in the letter, and what is right.")
            )
        if says_nothing(reason):
            problems.append(self.env._("Write the reason."))
        self._refuse(problems)
        self._refuse(self.sudo()._guard_alive({}))
        letter = self.sudo()._get_letters()[:1]  # nobody writes letters by hand
        if not letter:
            raise UserError(
                self.env._(
                    "There is no letter yet: it is numbered when the reply leaves."
                )
            )
        replaced = letter._get_letter()[0]
        letter._reissue_letter(correction, reason)
        self._message_log(
            body=self.env._(
                "The letter %(old)s was replaced by %(new)s: %(reason)s",
                old=replaced,
                new=letter._get_letter()[0],
                reason=reason.strip(),
            )
        )
        self.env["beneficiary.notice"]._queue(self, "letter")
        self._tell_office(
            flow.NEXT_STEP,
            lambda env: env._("A letter was reissued: give it to the applicant"),
        )
        return True
