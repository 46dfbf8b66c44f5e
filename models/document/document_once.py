import base64
import hashlib

from odoo import api, models

from ...rules.upload import decode
from .document import SCANS


class DocumentOnce(models.Model):
    """A paper that is sent twice is kept once (R44).

    Over RPC the key of the call says so. On the portal it is the content: who presses
    a button again sends the same photo, and no newer paper.
    """

    _inherit = "beneficiary.document"

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)

    def _has_scans(self, scans):
        """Return whether this paper has these scans and no others.

        :param scans: ``{field: content in base64}``, as they were sent
        """
        paper = self.with_context(bin_size=False)
        return {name for name in SCANS if paper[name]} == scans.keys() and all(
            self._clean_upload(decode(content)) == base64.b64decode(paper[name])
            for name, content in scans.items()
        )

    def _get_scans_key(self, scans):
        """Return the key of a form that sends these scans in place of this paper.

        Of two such forms that arrive at the same moment, the second waits for the
        first, and then finds its paper.

        :param scans: ``{field: content in base64}``, as they were sent
        """
        digest = hashlib.sha256(f"{self.id}".encode())
        for name, content in sorted(scans.items()):
            digest.update(name.encode() + decode(content))
        return digest.hexdigest()
