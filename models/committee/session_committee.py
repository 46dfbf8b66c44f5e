from odoo import api, fields, models


class SessionCommittee(models.AbstractModel):
    """A committee's sessions, and whether it decides outside them."""

    _name = "beneficiary.session.committee"
    _description = "Sessions of a Committee"

    circular = fields.Boolean(
        string="Decides Outside Sessions",
        default=True,
        help="Otherwise a vote is closed only while a session is open that has the "
        "request on its agenda. Votes may be cast before it.",
    )
    session_count = fields.Integer(string="Sessions", compute="_compute_session_count")

    @api.depends_context("uid")
    def _compute_session_count(self):
        sessions = self.env["beneficiary.committee.session"]
        counts = {}
        if sessions.has_access("read"):  # other staff read committees alone
            counts = dict(
                sessions._read_group(
                    [("committee_id", "in", self.ids)], ["committee_id"], ["__count"]
                )
            )
        for committee in self:
            committee.session_count = counts.get(committee._origin, 0)

    def action_view_sessions(self):
        """Open the sessions of this committee."""
        self.ensure_one()
        self.check_access("read")
        self.env["beneficiary.committee.session"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.committee_session_action"
        )
        action["domain"] = [("committee_id", "=", self.id)]
        action["context"] = {"default_committee_id": self.id}
        return action
