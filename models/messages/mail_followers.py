from functools import partial

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    # For the record rule: followers have no association of their own, and Odoo shows
    # their names and e-mail addresses to all staff.
    is_beneficiary_readable = fields.Boolean(
        compute="_compute_is_beneficiary_readable",
        search="_search_is_beneficiary_readable",
        help="The user may read the followed record of the relations office.",
    )

    def _insert_followers(self, res_model, res_ids, partner_ids, *args, **kwargs):
        """Skip followers who would be told nothing, by the table of conversations.

        Every way to follow ends here: by hand, by an activity, by creating the record.
        """
        if not partner_ids:
            return None
        # The acting user may not read the account of a new follower.
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        if not self.env["mail.thread"]._is_beneficiary_thread(res_model):
            # A follower is written to: applicants only by the relations office (R43).
            partners -= partners._filter_strange_to(self.env.user)
            return super()._insert_followers(
                res_model, res_ids, partners.ids, *args, **kwargs
            )
        records = self.env[res_model].sudo().browse(res_ids)
        for followed, allowed in records._group_by_followers(partners):
            super()._insert_followers(
                res_model, followed.ids, allowed.ids, *args, **kwargs
            )
        return None

    def _compute_is_beneficiary_readable(self):
        domain = Domain("id", "in", self.ids) & self._get_beneficiary_domain()
        readable = self.sudo().search(domain)  # the record rule itself uses this
        for follower in self:
            follower.is_beneficiary_readable = follower in readable

    def _search_is_beneficiary_readable(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_beneficiary_domain()

    def _get_beneficiary_domain(self):
        """Return the domain of followers of our records that the user may read."""
        names = self.env.registry.descendants(["beneficiary.thread.mixin"], "_inherit")
        threads = [
            self.env[name].sudo(False) for name in names if not self.env[name]._abstract
        ]
        return Domain.OR(
            Domain("res_model", "=", thread._name)
            & Domain.custom(to_sql=partial(self._readable_to_sql, thread))
            for thread in threads
            if thread.has_access("read")
        )

    @staticmethod
    def _readable_to_sql(thread, model, alias, query):
        """Return an SQL condition: the follower's record, found by id, is readable."""
        records = thread.with_context(active_test=False)._search(Domain.TRUE)
        followed = SQL(
            "%s = %s",
            SQL.identifier(records.table, "id"),
            SQL.identifier(alias, "res_id"),
        )
        records.add_where(followed)
        return SQL("EXISTS (%s)", records.select("1"))
