import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.urls import urljoin

LINK_DAYS = 30
LONGEST_TOKEN = 64


class RatingLink(models.Model):
    """A link by which one record is rated without signing in (R29).

    Each message has a secret of its own, of which only a digest is stored. Whoever has
    it may rate that one record, once, until it expires, and reads nothing about the
    person. A record that was rated already makes all its links useless.

    :Who may: nobody; only the mixin of rated records makes and follows links.
    """

    _name = "beneficiary.rating.link"
    _inherit = ["beneficiary.mixin"]
    _description = "Link to Rate a Service"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="model", required=True)
    digest = fields.Char(required=True, groups=fields.NO_ACCESS)
    expires_on = fields.Datetime(required=True, index=True)

    _digest = models.UniqueIndex("(digest)", "This link was already made.")
    _about = models.Index("(model, res_id)")

    @api.model
    def _make(self, record):
        """Return the address of a new link to rate ``record``."""
        token = secrets.token_urlsafe(32)
        self.sudo().create(  # nobody has a right to links
            {
                "company_id": record.company_id.id,
                "model": record._name,
                "res_id": record.id,
                "digest": self._digest_of(token),
                "expires_on": fields.Datetime.now() + timedelta(days=LINK_DAYS),
            }
        )
        return urljoin(record.get_base_url(), f"/rate/{token}")

    @api.model
    def _is_made(self, record):
        """Whether there is a link to rate ``record`` already."""
        about = [("model", "=", record._name), ("res_id", "=", record.id)]
        return bool(self.sudo().search_count(about, limit=1))

    @api.model
    def _find_rated(self, token):
        """Return, as superuser, the record that ``token`` opens; None if there is none.

        :param token: as it stood in the address
        """
        if not token or len(token) > LONGEST_TOKEN:
            return None
        link = self.sudo().search(
            [
                ("digest", "=", self._digest_of(token)),
                ("expires_on", ">", fields.Datetime.now()),
            ]
        )
        return link and self.env[link.model].sudo().browse(link.res_id).exists() or None

    @api.model
    def _digest_of(self, token):
        # A random secret of 256 bits needs no salt: nobody can guess it.
        return hashlib.sha256(token.encode()).hexdigest()

    @api.autovacuum
    def _gc_links(self):
        """Delete links that have expired."""
        old = [("expires_on", "<", fields.Datetime.now())]
        self.sudo().search(old, limit=10_000).unlink()
