from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """A holiday that is announced late moves the answers that researchers owe (R15).

    A due date that the sender chose stays as it is.
    """

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        referrals = self.env["beneficiary.referral"]
        if not all(vals.get("resource_id") for vals in vals_list):
            referrals = referrals._get_due_by_calendar()
        leaves = super().create(vals_list)
        referrals._follow_calendar()
        return leaves

    def write(self, vals):
        referrals = self.env["beneficiary.referral"]._get_due_by_calendar()
        result = super().write(vals)
        referrals._follow_calendar()
        return result

    def unlink(self):
        referrals = self.env["beneficiary.referral"]._get_due_by_calendar()
        result = super().unlink()
        referrals._follow_calendar()
        return result
