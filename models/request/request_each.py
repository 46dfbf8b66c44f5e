from odoo import models
from odoo.exceptions import UserError


class RequestEach(models.Model):
    """What is done with many requests of a list at once.

    Each method does the same as the step of one request, with the same checks.
    """

    _inherit = "beneficiary.request"

    def action_notify_each(self, channel_id=None, text=None):
        """Step 5 of these requests: see :meth:`action_notify` (R17).

        :return: a client action that says how many were done, and which not and why
        """
        return self._on_each(
            lambda requests: requests.action_notify(channel_id=channel_id, text=text)
        )

    def action_release_each(self, reason=None):
        """Let the replies of these requests go out: see :meth:`action_release` (R21).

        :return: a client action that says how many were done, and which not and why
        """
        return self._on_each(lambda requests: requests.action_release(reason=reason))

    def action_print_letters(self):
        """Print the latest letter of each of these requests that has one (R20, R40).

        :raise UserError: when none of them has a letter
        """
        self.check_access("read")
        letters = self.env["beneficiary.decision"]
        for request in self.sudo():  # delegates read no decisions
            letters |= request._get_letters()[:1].sudo(False)
        without = self - letters.sudo().request_id.sudo(False)
        if not letters:
            raise UserError(
                self.env._(
                    "There is no letter yet: it is numbered when the reply leaves."
                )
            )
        if without:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "message": self.env._(
                        "These have no letter yet, and are not printed: %(requests)s.",
                        requests=self._list_words(without.mapped("name")),
                    ),
                },
            )
        return letters.action_print_letter()
