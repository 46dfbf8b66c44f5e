from dataclasses import fields as get_parts

from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import seal
from ..mixins.sweep_mixin import BATCH

PARTS = [part.name for part in get_parts(seal.Link)]


class SealVerification(models.Model):
    """Walks along the chain of an association and compares everything in it.

    Each link has three checks: the arithmetic of the chain, the payload against its
    digest, and the record's present values against the payload. One batch is in memory
    at a time.
    """

    _inherit = "beneficiary.seal"

    @api.model
    def _verify(self, company, known_hash=None):
        """Return the :class:`rules.seal.Verdict` on the chain of ``company``.

        :param known_hash: a hash that was written down earlier, and must be in the
            chain
        """
        return seal.verify(self.sudo()._stream(company), known_hash)

    def _stream(self, company):
        """Yield each link of the chain of ``company``, with its evidence."""
        ours = ahead = Domain("company_id", "=", company.id)
        while links := self.search_fetch(ahead, PARTS, order="position", limit=BATCH):
            evidence = links._get_evidence()
            for link in links:
                yield link._get_link(), evidence[link.id]
            ahead = ours & Domain("position", ">", links[-1].position)
            self.env.invalidate_all()  # memory stays flat

    def _get_link(self):
        """Return this link as a :class:`rules.seal.Link`."""
        parts = {name: self[name] for name in PARTS}
        parts["sealed_on"] = fields.Datetime.to_string(self.sealed_on)
        return seal.Link(**parts)

    def _get_evidence(self):
        """Return the evidence to compare each of these links with, by link id."""
        payloads = self.env["beneficiary.seal.payload"].search_fetch(
            [("seal_id", "in", self.ids)], ["seal_id", "text", "salt", "erased_on"]
        )
        payloads = {payload.seal_id: payload for payload in payloads}
        none = self.env["beneficiary.seal.payload"]
        present = self._get_present_data()
        evidence = {}
        for link in self:
            payload = payloads.get(link, none)
            evidence[link.id] = seal.Evidence(
                text=payload.text or None,
                salt=payload.salt or None,
                erased=bool(payload.erased_on),
                present=present.get(link.id),
            )
        return evidence

    def _get_present_data(self):
        """Return the present values of the sealed records, by link id.

        Deleted records, and records that name another link or none, are left out.
        """
        present = {}
        for links, records in self._get_records():
            for record_id, data in records._get_sealed_data().items():
                link = records.browse(record_id).seal_id
                if link in links and link.res_id == record_id:
                    present[link.id] = data
        return present
