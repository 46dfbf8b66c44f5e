from odoo import api, models


class PageMixin(models.AbstractModel):
    """What the rows of a page show of activities and users is read once for the page.

    Odoo reads the activities of a list as the acting user: it asks twice more whether
    the rows may be read. Where who reads a record reads its activities too, the answer
    is known: the rows themselves are read as the acting user in any case.
    """

    _name = "beneficiary.page.mixin"
    _description = "Page of a List"

    @api.readonly
    def web_read(self, specification):
        if "activity_state" in specification and (
            getattr(self, "_mail_post_access", None) == "read"
        ):
            self._prefetch_activities(specification)
        return super().web_read(specification)

    def _prefetch_activities(self, specification):
        """Read the activities, and the users of them and of the rows, together."""
        records = self.sudo()
        users = records.activity_ids.user_id
        for name in specification:
            if name in self._fields and self._fields[name].comodel_name == "res.users":
                users |= records[name]
        users.partner_id.mapped("name")
