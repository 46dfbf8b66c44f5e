from odoo import fields, models


class RequestOrigin(models.Model):
    """The origin of a request: made here, or migrated from earlier records.

    A migrated request has no steps, and screens mark it as migrated.
    """

    _inherit = "beneficiary.request"

    origin = fields.Selection(
        [("lived", "Made Here"), ("migrated", "Migrated")],
        default="lived",
        required=True,
        readonly=True,
        copy=False,
    )
    origin_reference = fields.Char(
        string="Former Number", readonly=True, copy=False, index="btree_not_null"
    )

    def _become_migrated(self, migration):
        """Take the state and the dates of an imported line, and notify nobody.

        :param migration: a ``beneficiary.request.migration``
        """
        self._write_flow(
            {
                "origin": "migrated",
                "origin_reference": migration.reference,
                "submitted_on": migration.submitted_on,
            }
        )
        if migration.state == "in_review":
            self._start_clock(migration.raised_on)
            self._write_flow({"state": "in_review"})
            self.env["beneficiary.decision"]._open(self)
            return
        if migration.decided_on:
            decision = self.env["beneficiary.decision"].create(
                migration._prepare_decision_vals()
            )
            decision._leave(migration.decided_on)
        self._write_flow(
            {
                "state": migration.state,
                "raised_on": migration.raised_on,
                "released_on": migration.decided_on,
                "note_to_applicant": migration.state == "cancelled"
                and migration.reason,
            }
        )
