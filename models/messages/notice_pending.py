from odoo import models


class NoticePending(models.Model):
    """Notices that a person has to look after, in words."""

    _inherit = "beneficiary.notice"

    def _get_next_step(self):
        if self.state == "failed" and self._has_address():
            return "again"
        return self.state in ("failed", "waiting") and "tell"

    def _get_pending(self):
        """Return those of these notices that did not reach their person on any channel.

        Of several channels of one event, only the latest notice is among them.
        """
        pending = {}
        for notice in self.sorted("id"):
            if notice.state in ("waiting", "failed") and not notice._was_reached():
                pending[notice._get_happening()] = notice
        return self.browse([notice.id for notice in pending.values()])

    def _is_settled(self):
        """Whether the person has it, or it is not owed: notices to the dead stop."""
        return self._was_reached() or self.state == "stopped"

    def _describe_pending(self):
        """Return a sentence about each of these notices: what happened, what to do."""
        return [notice._describe_one_pending() for notice in self]

    def _describe_one_pending(self):
        values = {
            "event": self._get_label("event"),
            "channel": self._get_label("channel"),
            "reason": (self.failure_reason or self.env._("no reason was given")).rstrip(
                "."
            ),
        }
        if self.event == "rating":
            return self.env._("Ask how satisfied the person is, and record the answer.")
        if self.state == "waiting":
            return self.env._(
                "“%(event)s”: no electronic message can reach the person. Tell them, "
                "and press “Record as Told”.",
                **values,
            )
        if self.retry_on:
            return self.env._(
                "“%(event)s” (%(channel)s) did not arrive: %(reason)s. It is tried "
                "again by itself. Correct the file, or tell the person.",
                **values,
            )
        return self.env._(
            "“%(event)s” (%(channel)s) did not arrive: %(reason)s. Correct the file "
            "and send it again, or tell the person and press “Record as Told”.",
            **values,
        )
