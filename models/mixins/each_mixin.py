from odoo import models
from odoo.exceptions import AccessError, UserError

# Refusals that are told one by one; of more of them only the number is told.
MOST_TOLD = 10


def notify(message, is_warning):
    """Return the client action that shows ``message`` and closes a dialog.

    :param is_warning: whether it stays on screen until it was read
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "warning" if is_warning else "success",
            "message": message,
            "sticky": is_warning,
            "className": "text-prewrap",
            "next": {"type": "ir.actions.act_window_close"},
        },
    }


class EachMixin(models.AbstractModel):
    """An action on many records of a list: it works on what fits, and says the rest.

    The rules are those of the action on one record: nothing is decided here. The action
    is tried on all records at once. If it is refused, the records are halved, until
    those that are refused stand alone. So the number of queries follows the number of
    refusals and not the number of records.
    """

    _name = "beneficiary.each.mixin"
    _description = "Action on Many Records"

    def _on_each(self, act, alone=False):
        """Call ``act`` on as many of these records as it accepts, and tell the user.

        :param act: called with some of the records
        :param alone: whether each record stands alone, because ``act`` does what a
            later refusal cannot take back
        :return: a client action that says how many were done, and which not and why
        :raise AccessError: when the user may not read one of the records, or may do
            the action on none of them
        :raise UserError: with all reasons, when the action fits none of the records
        """
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose the records in the list first."))
        refused = []
        for records in self if alone else [self]:
            refused += records._try_each(act)
        if len(self) == 1:
            return self._tell_one(refused)
        if len(refused) == len(self):
            errors = {type(error) for _record, error in refused}
            error = AccessError if errors == {AccessError} else UserError
            raise error(self._describe_refusals(refused))
        return self._tell_done(len(self) - len(refused), refused)

    def _tell_one(self, refused):
        """Do as the action on one record does: raise its error, or close the form."""
        for _record, error in refused:
            raise error
        return {"type": "ir.actions.act_window_close"}

    def _try_each(self, act):
        """Call ``act`` on these records, and return those that are refused.

        :return: list of pairs (record, error)
        """
        try:
            with self.env.cr.savepoint():
                act(self)
        except UserError as error:
            if len(self) == 1:
                return [(self, error)]
        else:
            return []
        half = len(self) // 2
        return self[:half]._try_each(act) + self[half:]._try_each(act)

    def _tell_done(self, count, refused):
        """Return the message: how many records are done, and why others are not."""
        message = self.env._("Done: %(count)s of %(all)s.", count=count, all=len(self))
        if refused:
            message += "\n" + self._describe_refusals(refused)
        return notify(message, is_warning=bool(refused))

    def _describe_refusals(self, refused):
        """Return why the records are refused, in a paragraph for each reason."""
        by_reason = {}
        for record, error in refused[:MOST_TOLD]:
            by_reason.setdefault(str(error), []).append(record.display_name)
        lines = [
            self.env._(
                "Not done: %(records)s. %(reason)s",
                records=self._list_words(names),
                reason=reason,
            )
            for reason, names in by_reason.items()
        ]
        if len(refused) > MOST_TOLD:
            lines.append(
                self.env._(
                    "Not done, too: %(count)s. Choose fewer records to see why.",
                    count=len(refused) - MOST_TOLD,
                )
            )
        return "\n".join(lines)
