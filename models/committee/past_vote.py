from odoo import fields, models


class PastVote(models.Model):
    """A vote that was cast and counts no more; it stays on record (R19).

    :Who may: only methods make one. Those read it who may read the votes that count:
        its member, the other members once they have voted, managers and auditors once
        the decision is taken.
    """

    _name = "beneficiary.past.vote"
    _inherit = ["beneficiary.sealed.part.mixin", "beneficiary.mixin"]
    _description = "Earlier Vote"
    _order = "id desc"
    _rec_name = "user_id"
    _check_company_auto = True
    _sealed_fields = ("user_id", "choice", "reason", "voted_on", "ended_on", "why")
    _sealed_whole = "decision_id"

    decision_id = fields.Many2one(
        "beneficiary.decision", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="decision_id.company_id", store=True, precompute=True
    )
    user_id = fields.Many2one("res.users", required=True, index=True)
    choice = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.vote"]
            ._fields["choice"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    reason = fields.Text()
    voted_on = fields.Datetime()
    ended_on = fields.Datetime(string="Counted Until", required=True)
    why = fields.Selection(
        [
            ("proposal", "The Proposal Changed"),
            ("changed", "The Member Voted Anew"),
            ("recused", "The Member Stepped Aside"),
        ],
        string="Why It Counts No More",
        required=True,
    )
