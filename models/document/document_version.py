from odoo import api, fields, models


class DocumentVersion(models.Model):
    """Papers of one kind in one file are versions of one paper; the last is current.

    Nothing is overwritten: a newer paper is a record of its own. The older papers stay,
    each with its scan and the officer who matched it.
    """

    _inherit = "beneficiary.document"

    version = fields.Integer(
        default=1, required=True, readonly=True, copy=False, aggregator=None
    )
    is_current = fields.Boolean(string="Current", readonly=True, copy=False)
    version_ids = fields.Many2many(
        "beneficiary.document",
        compute="_compute_version_ids",
        string="Versions",
        help="All papers of this kind in the file, the latest first.",
    )

    @api.depends("beneficiary_id", "type_id")
    def _compute_version_ids(self):
        slots = self._get_versions(self).grouped(lambda paper: paper._get_slot())
        for document in self:
            document.version_ids = slots.get(document._get_slot(), self.browse())

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents.sudo()._arrange_versions()
        return documents

    def write(self, vals):
        if not {"beneficiary_id", "type_id"} & vals.keys():
            return super().write(vals)
        left = self._get_versions(self) - self
        # The target file may already have a current version, and only one is allowed:
        # clear the flag before moving.
        result = super().write({**vals, "is_current": False})
        (self.sudo() | left)._arrange_versions()
        return result

    def unlink(self):
        left = self._get_versions(self) - self
        result = super().unlink()
        left._arrange_versions()
        return result

    def _get_slot(self):
        """Return the file and the kind, which all versions of a paper share."""
        self.ensure_one()
        return self.beneficiary_id, self.type_id

    @api.model
    def _get_versions(self, documents):
        """Return all versions of ``documents`` as superuser, the latest first."""
        slots = {document._get_slot() for document in documents}
        found = self.sudo().search(
            [
                ("beneficiary_id", "in", documents.beneficiary_id.ids),
                ("type_id", "in", documents.type_id.ids),
            ],
            order="id desc",
        )
        return found.filtered(lambda paper: paper._get_slot() in slots)

    def _arrange_versions(self):
        """Number the versions of these papers, and make the last one current."""
        versions = self._get_versions(self)
        wanted = {}
        for papers in versions.grouped(lambda paper: paper._get_slot()).values():
            for number, paper in enumerate(reversed(papers), 1):
                wanted[paper] = {"version": number, "is_current": paper == papers[0]}
        replaced = versions.filtered(
            lambda paper: paper.is_current and not wanted[paper]["is_current"]
        )
        # Clear the flag of replaced papers first: only one may be current at any time.
        replaced._write_kept({"is_current": False})
        replaced._end_reminders()
        changed = versions.filtered(
            lambda paper: any(
                paper[name] != wanted[paper][name] for name in wanted[paper]
            )
        )
        for vals, papers in changed.grouped(
            lambda paper: tuple(wanted[paper].items())
        ).items():
            papers._write_kept(dict(vals))
