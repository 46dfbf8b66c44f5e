from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..mixins.desk_mixin import WEEK


class RequestDue(models.Model):
    """How urgent the reply of a request is: late, due this week, or in time (R22).

    The bar above each column of the cards counts these. A request that owes no reply,
    or that waits for its applicant, is none of them.
    """

    _inherit = "beneficiary.request"

    due_status = fields.Selection(
        [("overdue", "Overdue"), ("soon", "Due This Week"), ("on_time", "In Time")],
        string="Reply Is",
        compute="_compute_due_status",
        search="_search_due_status",
        exportable=False,
    )

    @api.depends("reply_due_on", "release_on", "state", "pause_ids.date_end")
    def _compute_due_status(self):
        statuses = {}
        for status in self._fields["due_status"].get_values(self.env):
            found = self.sudo().filtered_domain(self._get_due_domain(status))
            statuses.update(dict.fromkeys(found.ids, status))
        for request in self:
            request.due_status = statuses.get(request._origin.id)

    @api.model
    def _search_is_paused(self, operator, value):
        """Find by one list of the pauses that run, and not by a search for each row."""
        if operator != "in":
            return NotImplemented
        pauses = self.env["beneficiary.request.pause"].sudo()
        running = pauses._search(Domain("date_end", "=", False))
        paused = Domain("id", "in", running.subselect("request_id"))
        return Domain.OR(paused if wanted else ~paused for wanted in value)

    @api.model
    def _search_due_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = self._fields["due_status"].get_values(self.env)
        found = Domain.OR(
            self._get_due_domain(status) for status in known if status in value
        )
        if False in value:
            found |= ~Domain.OR(self._get_due_domain(status) for status in known)
        return found

    @api.model
    def _get_due_domain(self, status):
        """Return the domain of the requests whose reply is ``status``.

        :param status: value of :attr:`due_status`
        """
        due = {
            "overdue": Domain("reply_due_on", "<", "now"),
            "soon": Domain("reply_due_on", ">=", "now")
            & Domain("reply_due_on", "<", WEEK),
            "on_time": Domain("reply_due_on", ">=", WEEK),
        }[status]
        return self._get_owing_domain() & due

    @api.model
    @api.readonly
    def read_progress_bar(self, domain, group_by, progress_bar):
        """Count the requests of each status of the reply by their group.

        Only what owes a reply is looked at. Odoo would look at each request.
        """
        if progress_bar.get("field") != "due_status":
            return super().read_progress_bar(domain, group_by, progress_bar)
        self.browse().check_access("read")
        owing = self._get_owing_domain() & Domain("reply_due_on", "!=", False)
        query = self._search(Domain(domain) & owing)
        group = self._read_group_groupby(self._table, group_by, query)
        due = self._field_to_sql(self._table, "reply_due_on", query)
        week = Domain("reply_due_on", "<", WEEK).optimize_full(self).value
        status = SQL(
            "CASE WHEN %(due)s < %(now)s THEN 'overdue'"
            " WHEN %(due)s < %(week)s THEN 'soon' ELSE 'on_time' END",
            due=due,
            now=fields.Datetime.now(),
            week=week,
        )
        query.groupby = SQL("%s, 2", group)
        rows = self.env.execute_query(query.select(group, status, SQL("COUNT(*)")))
        groups = self._read_group_postprocess_groupby(
            group_by, [row[0] for row in rows]
        )
        counts = {}
        for group, (_value, status, count) in zip(groups, rows, strict=True):
            value = group.id if isinstance(group, models.BaseModel) else group
            bar = counts.setdefault(
                str(value), dict.fromkeys(progress_bar["colors"], 0)
            )
            if status in bar:
                bar[status] = count
        return counts
