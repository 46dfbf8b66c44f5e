from urllib.parse import urlencode

from odoo import models


class RequestLink(models.AbstractModel):
    """Links to a request say which one it is, and let nobody in (R26).

    Who opens one signs in, and then reads the page if the request is theirs.
    """

    _name = "beneficiary.request.link"
    _description = "Links to a Request"

    def _get_share_url(
        self, redirect=False, signup_partner=False, pid=None, share_token=True
    ):
        """Return the address of the page, without token, hash or invitation."""
        self.ensure_one()
        if not redirect:
            return self.access_url
        query = urlencode({"model": self._name, "res_id": self.id})
        return f"/mail/view?{query}"
