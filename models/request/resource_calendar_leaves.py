from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...rules import flow


class ResourceCalendarLeaves(models.Model):
    """A holiday that is announced late moves what the clock has fixed (R21).

    The feast is announced on its eve, holidays by royal order within days: by then
    the day on which a reply leaves, and where working days are counted the period
    itself, are long fixed.

    So an association's holidays are entered, changed and deleted by its managers, and
    those of all associations by administrators. Odoo lets every colleague enter one,
    and make one of their own time off.
    """

    _inherit = "resource.calendar.leaves"

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
        """Raise where one of these is a holiday of an association that the acting
        user does not manage (R21).

        :raise AccessError: says who enters it
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

        Time off of one person moves none. A reply that is due by now leaves with the
        next run of the scheduled action, whatever is entered meanwhile.
        """
        # Who enters holidays may read no request.
        requests = self.env["beneficiary.request"].sudo()
        if not self.filtered(lambda leave: not leave.resource_id):
            return requests
        held = Domain("state", "=", "decided") & Domain(
            "release_on", ">", fields.Datetime.now()
        )
        # Calendar days go on over a holiday; of a period in working days they are off.
        counted = (
            Domain("raised_on", "!=", False)
            & Domain("released_on", "=", False)
            & Domain("policy_id.review_unit", "=", "working")
            & Domain("state", "in", [*flow.PREPARING, "in_review"])
        )
        touched = [
            company.id
            for (company,) in requests._read_group(held | counted, ["company_id"])
            if self.filtered_domain(company._get_beneficiary_holiday_domain())
        ]
        return requests.search(Domain("company_id", "in", touched) & (held | counted))
