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
        self._prefetch_users(specification, self.sudo().activity_ids.user_id)

    def _read_format(self, fnames, load="_classic_read"):
        """Read the people of a form together: each field would read its own."""
        self._prefetch_users(fnames)
        return super()._read_format(fnames, load)

    def _prefetch_users(self, names, users=None):
        """Read the acting user and the users of these fields with one query.

        The contact of the association is read with theirs: dates ask its language.

        :param names: names of fields, of which those that hold a user count
        :param users: more users to read with them
        """
        found = {
            name
            for name in names
            if (field := self._fields.get(name))
            and (field.type, field.comodel_name) == ("many2one", "res.users")
            and field.store
        }
        if not found and users is None:
            return
        users = (users or self.env.user.sudo()) | self.env.user.sudo()
        for name in found:
            users |= self.sudo()[name]
        contacts = users.partner_id | self.env.company.sudo().partner_id
        contacts.mapped("name")
