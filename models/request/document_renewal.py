from odoo import models
from odoo.fields import Domain


class DocumentRenewal(models.Model):
    """A paper renewed under "My papers" counts for the requests that wait for it."""

    _inherit = "beneficiary.document"

    def _portal_renew(self, front, back=None):
        """End the pause of the requests that asked for this paper, as an upload does.

        The papers of a request are those of its file, so that a person may send the
        new one here or on the request's page (R21).
        """
        requests = self.env["beneficiary.request"].sudo()  # closed to applicants
        asked = requests.search(
            Domain("beneficiary_id", "=", self.beneficiary_id.id)
            & Domain("state", "=", "submitted")
        ).filtered(
            lambda request: (
                request._is_asked() and self.type_id in request._get_document_types()
            )
        )
        renewed = super()._portal_renew(front, back)
        asked._resume_clock()
        for request in asked:
            request._complete_if_given()
            request._portal_tell_office()
        return renewed
