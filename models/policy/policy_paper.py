from odoo import models


class PolicyPaper(models.Model):
    """What the printed policy and its record of acknowledgement say (R36, R37, R39)."""

    _inherit = "beneficiary.policy"

    def _get_status_text(self):
        """Return in words whether this version is in force, and since when."""
        self.ensure_one()
        since = self._format_paper_both(self.in_force_on)
        if self.state == "in_force":
            return self.env._("In force since %(date)s", date=since)
        if self.state == "superseded":
            return self.env._("Superseded; it came into force on %(date)s", date=since)
        return self.env._("Draft: not in force")

    def _get_approval_facts(self):
        """Return ``(label, value)`` of what is recorded of the board's approval (R36).

        Without a date the approval is not recorded (R37); see ``approval_recorded``.
        """
        self.ensure_one()
        facts = [
            (self.env._("Approving body"), self.approval_body),
            (self.env._("Approved on"), self._format_paper_both(self.approval_date)),
            (self.env._("Board session"), self.approval_session),
            (self.env._("Board term"), self.approval_term),
        ]
        return [(label, value) for label, value in facts if value]

    def _get_replaced(self):
        """Return what this policy replaces: a version, and rules in free text (R39)."""
        self.ensure_one()
        replaced = []
        if earlier := self.sudo().supersedes_id:  # a public page names the version
            replaced.append(
                self.env._(
                    "%(name)s, version %(version)s",
                    name=earlier.name,
                    version=earlier.version,
                )
            )
        if self.supersedes_text:
            replaced.append(self.supersedes_text)
        return replaced

    def _get_signatories(self):
        """Return ``name`` and ``role`` of the signatories, each with a place to sign.

        Without any, the chair of the board signs.
        """
        self.ensure_one()
        signatories = [
            {"name": signatory.person_name or "", "role": signatory.name}
            for signatory in self.signatory_ids
        ]
        return signatories or [{"name": "", "role": self.env._("Chair of the board")}]

    def _get_officer_title(self):
        """Return the title of the relations officer in this policy (R2)."""
        self.ensure_one()
        return self.officer_title or self._word(self.env._("Relations Officer"))

    def _get_page_footer(self):
        """Return what each page of this paper says, with places for its number."""
        self.ensure_one()
        return self.env._(
            "%(policy)s, version %(version)s – page {page} of {pages}",
            policy=self.name,
            version=self.version,
        )

    def _get_letterhead(self):
        """Return the values of the letterhead on the papers of this policy (R40)."""
        self.ensure_one()
        company = self.company_id or self.env.company
        day = self.approval_date or self.in_force_on or company._get_beneficiary_today()
        return {
            "number": self.env._("Version %(version)s", version=self.version),
            "date": day,
            "hijri_date": self._format_hijri_long(day),
            "attachment_count": 0,
        }

    def _get_circulation_letterhead(self):
        """Return the letterhead of the record of acknowledgement, written today."""
        company = self.company_id or self.env.company
        day = company._get_beneficiary_today()
        return {
            **self._get_letterhead(),
            "date": day,
            "hijri_date": self._format_hijri_long(day),
        }

    def _get_circulation_text(self):
        """Return in words how many of the readers have read this version."""
        self.ensure_one()
        return self.env._(
            "Read and confirmed: %(read)s of %(readers)s",
            read=self.read_count,
            readers=self.reader_count,
        )

    def _get_acknowledgements_by_role(self):
        """Return the lines for the record, by role and then by name."""
        lines = self.acknowledgement_ids
        order = {
            role: place
            for place, role in enumerate(dict(lines._fields["role"].selection))
        }
        return lines.sorted(lambda line: (order[line.role], line.user_id.name))
