from dataclasses import fields as get_parts

from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import seal
from ..mixins.sweep_mixin import BATCH

PARTS = [part.name for part in get_parts(seal.Link)]


class SealVerification(models.Model):
    """Walks along the chain of an association, and compares all that belongs to it.

    Three things for each link: the arithmetic of the chain, the payload against its
    digest, and what the record says today against the payload. One batch is in memory
    at a time.
    """

    _inherit = "beneficiary.seal"

    @api.model
    def _verify(self, company, known_hash=None):
        """Return how the chain of ``company`` is found, a :class:`rules.seal.Verdict`.

        :param known_hash: a hash that was written down earlier, and must be there
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
        """Return this link as the rules know it."""
        parts = {name: self[name] for name in PARTS}
        parts["sealed_on"] = fields.Datetime.to_string(self.sealed_on)
        return seal.Link(**parts)

    def _get_evidence(self):
        """Return what each of these links is compared with, by its id."""
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
        """Return what the sealed records say today, by link.

        Without those that are gone, or that name another link or none.
        """
        present = {}
        for links, records in self._get_records():
            for record_id, data in records._get_sealed_data().items():
                link = records.browse(record_id).seal_id
                if link in links and link.res_id == record_id:
                    present[link.id] = data
        return present
