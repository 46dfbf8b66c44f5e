from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...rules import flow


class ResourceCalendarLeaves(models.Model):
    """A holiday that is announced late moves dates that are already set (R21).

    A feast is announced on its eve, and a royal order gives a holiday within days. By
    then the day on which a reply leaves is already set. So is the period itself,
    where the policy counts working days.

    For this reason only managers enter, change and delete the holidays of their
    association, and only administrators those of all associations. Odoo alone would
    let every colleague enter a holiday, or turn their own time off into one.
    """

    _inherit = "resource.calendar.leaves"

    @api.model
    def default_get(self, fields):
        """Propose today in the association's time zone, in its list of holidays.

        Odoo takes the time zone of the company's working schedule.
        """
        defaults = super().default_get(fields)
        if self.env.context.get("is_beneficiary_holiday"):
            company = self.env.company
            today = company._get_beneficiary_today()
            midnight = company._get_beneficiary_end_of_day(today - timedelta(days=1))
            day = {
                "date_from": midnight + timedelta(seconds=1),
                "date_to": company._get_beneficiary_end_of_day(today),
            }
            given = self.env.context  # a day that the screen chose stays
            defaults |= {
                name: moment
                for name, moment in day.items()
                if name in fields and f"default_{name}" not in given
            }
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._check_may_enter()
        leaves._get_touched_requests()._follow_calendar()
        return leaves

    def write(self, vals):
        self._check_may_enter()
        touched = self._get_touched_requests()
        result = super().write(vals)
        self._check_may_enter()
        (touched | self._get_touched_requests())._follow_calendar()
        return result

    def unlink(self):
        self._check_may_enter()
        touched = self._get_touched_requests()
        result = super().unlink()
        touched._follow_calendar()
        return result

    def _check_may_enter(self):
        """Raise if one of these is a holiday of an association that the acting user
        does not manage (R21).

        :raise AccessError: the message says who may enter such a holiday
        """
        leaves = self.sudo().filtered(lambda leave: not leave.resource_id)
        if self.env.su or not leaves or self.env.user._is_system():
            return
        associations = self.env["res.company"]._get_beneficiary_associations()
        for company in associations - self.env.user._get_managed_associations():
            if leaves.filtered_domain(company._get_beneficiary_holiday_domain()):
                raise AccessError(
                    self.env._(
                        "Holidays of an association move the dates of its replies. Its "
                        "managers enter and change them, and administrators those of "
                        "all associations."
                    )
                )

    def _get_touched_requests(self):
        """Return, as superuser, the requests whose dates these leaves may move.

        The time off of one person moves no date. A reply whose release time has come
        leaves with the next run of the scheduled action; a new holiday does not
        change that.
        """
        # A user who enters holidays may have no right to read requests.
        requests = self.env["beneficiary.request"].sudo()
        if not self.filtered(lambda leave: not leave.resource_id):
            return requests
        held = Domain("state", "=", "decided") & Domain(
            "release_on", ">", fields.Datetime.now()
        )
        # Holidays change a period in working days. In every period they change how soon
        # a reply can leave; it is never due before, and on no day off.
        counted = (
            Domain("raised_on", "!=", False)
            & Domain("released_on", "=", False)
            & Domain("state", "in", [*flow.PREPARING, "in_review"])
        )
        touched = [
            company.id
            for (company,) in requests._read_group(held | counted, ["company_id"])
            if self.filtered_domain(company._get_beneficiary_holiday_domain())
        ]
        return requests.search(Domain("company_id", "in", touched) & (held | counted))
