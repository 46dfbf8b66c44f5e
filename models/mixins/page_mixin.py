from odoo import api, models


class PageMixin(models.AbstractModel):
    """What the rows of a page show of activities and users is read once for the page.

    Odoo reads the activities of a list as the acting user: it asks twice more whether
    the rows may be read. Where who reads a record reads its activities too, the answer
    is known: the rows themselves are read as the acting user in any case.
    """

    _name = "beneficiary.page.mixin"
    _description = "Page of a List"

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, *args, **kwargs):
        if self._shows_activities(field_names or ()):
            field_names = [name for name in field_names if name != "activity_ids"]
        return super().search_fetch(domain, field_names, *args, **kwargs)

    @api.readonly
    def web_read(self, specification):
        if self._shows_activities(specification):
            self._prefetch_activities(specification)
        return super().web_read(specification)

    @api.model
    def _shows_activities(self, names):
        """Whether a page of these fields shows activities that each reader may read."""
        return "activity_state" in names and (
            getattr(self, "_mail_post_access", None) == "read"
        )

    def _prefetch_activities(self, specification):
        """Read the activities, and the users of them and of the rows, together."""
        records = self.sudo()
        users = records.activity_ids.user_id
        for name in specification:
            if name in self._fields and self._fields[name].comodel_name == "res.users":
                users |= records[name]
        users.partner_id.mapped("name")
