from odoo import api, fields, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    """A holiday that is announced late moves the replies that are held (R21).

    The feast is announced on its eve, holidays by royal order within days: by then
    the day on which a reply leaves is long fixed.
    """

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._get_held_requests()._hold_reply()
        return leaves

    def write(self, vals):
        held = self._get_held_requests()
        result = super().write(vals)
        (held | self._get_held_requests())._hold_reply()
        return result

    def unlink(self):
        held = self._get_held_requests()
        result = super().unlink()
        held._hold_reply()
        return result

    def _get_held_requests(self):
        """Return, as superuser, the requests whose reply these leaves may move.

        Time off of one person is none of them. A reply that is due by now leaves with
        the next run of the scheduled action, whatever is entered meanwhile.
        """
        general = self.filtered(lambda leave: not leave.resource_id)
        # Who enters holidays may read no request.
        requests = self.env["beneficiary.request"].sudo()
        if not general:
            return requests
        held = requests.search(
            Domain("state", "=", "decided")
            & Domain("release_on", ">", fields.Datetime.now())
        )
        companies = held.company_id.filtered(
            lambda company: any(leave._is_holiday_of(company) for leave in general)
        )
        return held.filtered(lambda request: request.company_id in companies)

    def _is_holiday_of(self, company):
        """Whether the review clock of ``company`` reads this leave."""
        self.ensure_one()
        calendar = company._get_beneficiary_calendar()
        return self.calendar_id in (calendar, self.calendar_id.browse()) and (
            self.company_id in (company, company.browse())
        )
