import hashlib

from odoo import models
from odoo.exceptions import UserError

from ...rules import flow, seal
from ..document.document import SCANS


class RequestPortalDeclaration(models.Model):
    """What a declaration seals, in words: shown and printed before it is signed (R16).

    The words are made from the very data that the signature seals. A mark of these data
    comes back with the signature: what changed meanwhile is read again first.
    """

    _inherit = "beneficiary.request"

    def _portal_get_declaration(self):
        """Return the declaration as the acting user signs it, or None.

        :return: dict of ``sections`` (see :meth:`_get_declared_sections`), ``seen``
            (the mark of the data), ``signer`` and ``signer_text`` (the sentence that
            says as whom and for whom one signs)
        """
        self.ensure_one()
        if "sign" not in self._portal_get_actions():
            return None
        request = self.sudo()
        file = request.beneficiary_id
        signer = next(iter(file._get_signers(self.env.user)), "")
        data = request._get_declared_data()
        return {
            "sections": request._list_declared_sections(data["papers"]),
            "seen": self._mark_seen(data),
            "signer": signer,
            "signer_text": file._get_signer_text(signer),
        }

    def _portal_get_seen(self):
        return self._mark_seen(self.sudo()._get_declared_data())

    def _mark_seen(self, data):
        return hashlib.sha256(seal.canonical(data).encode()).hexdigest()

    def _portal_check_seen(self, seen):
        """Raise unless the page showed the present data.

        :param seen: the mark that came with the signature
        """
        self._portal_check("sign")
        if seen != self._portal_get_seen():
            raise UserError(
                self.env._(
                    "What you declare has changed since this page was opened. Open the "
                    "page again, read it, and sign then."
                )
            )

    def _portal_has_signed(self):
        """Whether the acting user has signed already: the same call came twice."""
        self.ensure_one()
        return self._is_declared() and (
            self.sudo().declaration_id.taken_by_id == self.env.user
        )

    def _portal_may_print_declaration(self):
        """Whether the applicant may print what is declared, or was declared."""
        self.ensure_one()
        return "sign" in self._portal_get_actions() or self._is_declared()

    def _stands_declared(self):
        """Whether the declaration of this round is still valid; see `_is_declared`.

        Until the decision a change of the data voids the declaration at once. So what
        was declared is read only afterwards.
        """
        self.ensure_one()
        if self.state in flow.DECLARED:
            return bool(self.declaration_id) and not self.declaration_id.voided_on
        return self._is_declared()

    # -- in words ----------------------------------------------------------------------

    def _get_declared_sections(self):
        """Return all that is declared, in words: what :meth:`_get_declared_data` seals.

        :return: list of pairs: a title, and a list of pairs of label and value
        :raise AccessError: if the acting user may not read the request
        """
        self.ensure_one()
        self.check_access("read")
        held = self.document_ids.sorted("id")
        return self._list_declared_sections(held._get_declared_data())

    def _list_declared_sections(self, papers_data):
        """Return what is declared in words; see :meth:`_get_declared_sections`.

        :param papers_data: of each paper that the user may read, in the order of ids
        """
        file = self.beneficiary_id
        labels = self.env["beneficiary.verification"]._get_item_labels()
        sections = [(self.env._("The request"), self._describe_declared_request())]
        for item, data in file._get_items().items():
            describe = getattr(self, f"_describe_declared_{item}")
            sections.append((labels[item], describe(file, data)))
        held = self.document_ids.sorted("id")
        papers = [
            (paper.type_id.name, self._describe_declared_paper(paper, data["scans"]))
            for paper, data in zip(held, papers_data, strict=True)
        ]
        if papers:
            sections.append((self.env._("Papers"), papers))
        return sections

    def _describe_declared_request(self):
        lines = [
            (self.env._("Number"), self.name),
            (self.env._("Service"), self.service_id.name),
            (self.env._("What is asked for, and why"), self.description or ""),
        ]
        if self.amount_requested:
            amount = self.currency_id.format(self.amount_requested)
            lines.append((self.env._("Amount"), amount))
        if headcount := self.beneficiary_id.headcount:
            lines.append((self.env._("Headcount"), str(headcount)))
        answers = self.answer_ids.filtered("value").sorted("id")
        return lines + [(line.label, line.value) for line in answers]

    def _describe_declared_identity(self, file, data):
        return self._describe_declared_fields(file, data)

    def _describe_declared_address(self, file, data):
        return self._describe_declared_fields(file, data)

    def _describe_declared_household(self, file, data):
        members = file.household_member_ids.sorted("id")
        return [
            (
                member.name,
                self._list_words(
                    value
                    for _label, value in self._describe_declared_fields(
                        member, [name for name in values if name != "name"]
                    )
                ),
            )
            for member, values in zip(members, data, strict=True)
        ]

    def _describe_declared_income(self, file, data):
        lines = file.income_line_ids.sorted("id")
        described = [
            (line._get_label("type"), line.currency_id.format(line.amount))
            for line in lines
        ]
        if file.housing_rent:
            rent = file.currency_id.format(file.housing_rent)
            described += self._describe_declared_fields(
                file, ["housing_rent"], housing_rent=rent
            )
        return described

    def _describe_declared_fields(self, record, names, **written):
        """Return label and value of the fields of ``record`` that have a value.

        :param written: the values that are written otherwise than by their field
        """
        described = []
        for name in names:
            field = record._fields[name]
            if record[name]:
                value = written.get(name) or self._write_declared(record, field)
                described.append((field._description_string(self.env), value))
        return described

    def _write_declared(self, record, field):
        value = record[field.name]
        if field.type == "date":
            return self._format_both(value)
        if field.type == "monetary":
            return record.currency_id.format(value)
        return str(field.convert_to_export(value, record))

    def _describe_declared_paper(self, paper, marks):
        """Return number, dates and scans of a paper; each scan with its sealed mark.

        :param marks: the sealed mark of each scan, in the order of ``SCANS``
        """
        dates = {
            "issue_date": self.env._("issued on %(date)s"),
            "expiry_date": self.env._("expires on %(date)s"),
        }
        parts = [self.env._("number %(number)s", number=paper.number)] * bool(
            paper.number
        )
        parts += [
            words % {"date": self._format_both(paper[name])}
            for name, words in dates.items()
            if paper[name]
        ]
        for name, checksum in zip(SCANS.values(), marks, strict=True):
            if checksum:
                parts.append(
                    self.env._(
                        "scan %(name)s (mark %(mark)s)",
                        name=paper[name] or "",
                        mark=checksum[:8],
                    )
                )
        return self._list_words(parts)
