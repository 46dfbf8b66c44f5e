from odoo import api, fields, models
from odoo.fields import Domain


class OwnedMixin(models.AbstractModel):
    """An open record with an owner who ends it by a due day.

    A model names the activity of its owners in ``_owner_activity``, and has ``state``
    (``open`` until it has ended), ``due_on``, ``owner_id`` and ``company_id``.
    """

    _name = "beneficiary.owned.mixin"
    _inherit = ["mail.activity.mixin"]
    _description = "Owned, with a Due Day"
    _owner_activity = None

    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        for record in self:
            due = record.state == "open" and record.due_on
            record.is_overdue = bool(
                due and due < record.company_id._get_beneficiary_today()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_beneficiary_today()
        late = Domain("state", "=", "open") & Domain("due_on", "<", today)
        return late if True in value else ~late

    def _plan_for_owner(self):
        """Plan one activity for the owner of each, and delete all earlier ones."""
        self.activity_unlink([self._owner_activity])
        for record in self.filtered(lambda each: each.state == "open"):
            record.with_context(mail_activity_quick_update=True).activity_schedule(
                self._owner_activity,
                date_deadline=record.due_on,
                user_id=record.owner_id.id,
            )
