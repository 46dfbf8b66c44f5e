from odoo.http import request, route

from .portal import BeneficiaryPortal


class BeneficiaryPortalHome(BeneficiaryPortal):
    """The home page of applicants; the file takes the place of Odoo's addresses.

    Who follows a file changes nothing under "My account" or "Addresses": the file's
    values are copied to the contact, and would overwrite it. What is typed there all
    the same becomes a proposal for the file, which an officer accepts or declines.
    """

    @route()
    def home(self, **kw):
        response = super().home(**kw)
        if response.is_qweb and self._get_files():
            sections = request.env["beneficiary.portal.section.mixin"]
            response.qcontext["applicant_home"] = sections._portal_get_home()
        return response

    def _get_files(self):
        return request.env["beneficiary.beneficiary"]._get_portal_files()
