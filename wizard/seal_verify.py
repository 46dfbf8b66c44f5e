import re

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime, format_list

from ..rules import arabic


class SealVerify(models.TransientModel):
    """Verifies the seals of an association, and gives the result in one sentence.

    :Who may: managers and auditors. The result names the fields that differ, but not
        their values. Only users who may read the record can open it.
    """

    _name = "beneficiary.seal.verify"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Verify the Seals"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    known_hash = fields.Char(
        string="Hash Written Down Earlier",
        help="The last hash of an earlier verification. Only who knows one sees that "
        "the end of the chain was cut off, or that all of it was written anew.",
    )
    code = fields.Selection(
        [
            ("intact", "Intact"),
            ("erased", "Erased by Duty"),
            ("tampered", "Tampered"),
        ],
        string="Result",
        readonly=True,
    )
    sentence = fields.Text(readonly=True)
    count = fields.Integer(string="Number of Seals", readonly=True)
    last_hash = fields.Char(
        string="Last Hash, to Be Written Down",
        readonly=True,
        help="Keep it outside of the system, with the date: on paper, in the minutes "
        "of an audit.",
    )
    seal_id = fields.Many2one(
        "beneficiary.seal", string="First Seal That Does Not Fit", readonly=True
    )
    faults = fields.Text(string="All That Does Not Fit", readonly=True)

    def action_verify(self):
        """Verify the whole chain of the association, and show the result."""
        self.ensure_one()
        self.check_access("write")
        seals = self.env["beneficiary.seal"]
        seals.check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for this association."))
        company = self.company_id
        verdict = seals._verify(company, self._get_known_hash())
        links = seals.search(
            [
                ("company_id", "=", company.id),
                ("position", "in", [fault.link.position for fault in verdict.faults]),
            ]
        ).grouped("position")
        link = links.get(verdict.link and verdict.link.position, seals)
        self.write(
            {
                "code": verdict.code,
                "sentence": self._get_sentence(verdict, link),
                "count": verdict.count,
                "last_hash": verdict.last and verdict.last.hash,
                "seal_id": link.id,
                "faults": self._list_faults(verdict.faults, links),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verify the Seals"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_record(self):
        """Open the record of the first seal that does not fit."""
        self.ensure_one()
        return self.seal_id.action_open()

    def _get_known_hash(self):
        """Return the typed hash as the chain writes it: ASCII and lower case."""
        known_hash = arabic.number_text(self.known_hash or "").lower()
        if known_hash and not re.fullmatch("[0-9a-f]{64}", known_hash):
            raise UserError(
                self.env._("A hash has 64 characters: digits, and letters from a to f.")
            )
        return known_hash

    def _get_sentence(self, verdict, link):
        """Return the result of the verification in one sentence.

        :param verdict: a :class:`rules.seal.Verdict`
        :param link: the first seal that does not fit; empty if there is none
        """
        if not verdict.last and not verdict.problem:
            return self.env._("Nothing has been sealed yet.")
        sentences = {
            "intact": self.env._(
                "Intact: %(count)s records, sealed from %(first)s to %(last)s."
            ),
            "erased": self.env._(
                "Intact: %(count)s records, sealed from %(first)s to %(last)s; the "
                "content of %(erased)s was erased by duty."
            ),
            "position": self.env._(
                "Tampered: before seal %(position)s others are missing, or were put in "
                "another order. %(count)s before it fit."
            ),
            "previous": self.env._(
                "Tampered: seal %(position)s does not follow the one before it. "
                "%(count)s before it fit."
            ),
            "hash": self.env._(
                "Tampered: seal %(position)s itself was changed. %(count)s before it "
                "fit."
            ),
            "payload_missing": self.env._(
                "Tampered: what seal %(position)s sealed is gone, and nobody recorded "
                "that it was erased. %(count)s before it fit."
            ),
            "payload": self.env._(
                "Tampered: what seal %(position)s sealed was changed in the seal. "
                "%(count)s before it fit."
            ),
            "record_missing": self.env._(
                "Tampered: %(record)s, sealed on %(date)s, is gone or was cut loose "
                "from its seal. %(count)s before it fit."
            ),
            "record": self.env._(
                "Tampered: %(record)s was changed after it was sealed on %(date)s: "
                "%(fields)s. %(count)s before it fit."
            ),
            "known_hash": self.env._(
                "Tampered: none of the %(count)s seals has the hash that you wrote "
                "down. The end of the chain was cut off, or it was written anew."
            ),
        }
        first, last, broken = verdict.first, verdict.last, verdict.link
        return sentences[verdict.problem or verdict.code] % {
            "count": verdict.count,
            "erased": verdict.erased_count,
            "first": first and self._format(first.sealed_on),
            "last": last and self._format(last.sealed_on),
            "position": broken and broken.position,
            "date": broken and self._format(broken.sealed_on),
            "record": link._get_record_label() if link else "",
            "fields": self._get_labels(link, verdict.names),
        }

    def _list_faults(self, faults, links):
        """Return one line for each link that does not fit; nothing for a single one.

        :param faults: of a :class:`rules.seal.Verdict`
        :param links: the seals of these faults, by position
        """
        if len(faults) < 2:
            return False
        lines = [self.env._("%(count)s records do not fit:", count=len(faults))]
        for fault in faults:
            link = links.get(fault.link.position)
            parts = [
                self.env._("Seal %(number)s", number=fault.link.position),
                link and link._get_record_label(),
                self._get_fault_words(fault.problem),
                link and fault.names and self._get_labels(link, fault.names),
            ]
            lines.append(" · ".join(filter(None, parts)))
        return "\n".join(lines)

    def _get_fault_words(self, problem):
        """Return a problem of a link in a few words."""
        return {
            "position": self.env._("others before it are missing or exchanged"),
            "previous": self.env._("does not follow the one before it"),
            "hash": self.env._("the seal itself was changed"),
            "payload_missing": self.env._("what it sealed is gone"),
            "payload": self.env._("what it sealed was changed in the seal"),
            "record_missing": self.env._("the record is gone or was cut loose"),
            "record": self.env._("the record was changed"),
        }[problem]

    def _format(self, moment):
        return format_datetime(
            self.env, fields.Datetime.to_datetime(moment), dt_format="short"
        )

    def _get_labels(self, link, names):
        """Return the labels of the fields ``names`` of the sealed record."""
        labels = self.env["ir.model.fields"].sudo()  # labels only
        return format_list(
            self.env,
            [
                labels._get(link.res_model, name).field_description or name
                for name in names
            ],
        )
