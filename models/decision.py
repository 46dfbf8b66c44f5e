from odoo import api, fields, models


class Decision(models.Model):
    """The committee's decision on one round of a request (R19, R23).

    Opened when the request is raised, with a ballot for every member in office.

    :Who may: members of the committee vote; its chair or secretary closes the vote.
        Written through methods alone. The applicant reads the outcome once the reply
        has been released, never before.
    :States: open -> taken; withdrawn when the request is returned or cancelled first.
    """

    _name = "beneficiary.decision"
    _inherit = [
        "beneficiary.decision.session",
        "beneficiary.decision.study",
        "beneficiary.decision.ballot",
        "beneficiary.decision.flow",
        "beneficiary.decision.letter",
        "beneficiary.sealed.mixin",
        "beneficiary.mixin",
    ]
    _description = "Committee Decision"
    _order = "id desc"
    _rec_name = "request_id"
    _check_company_auto = True
    _sealed_fields = (
        "request_id",
        "committee_id",
        "round",
        "appeal_id",
        "state",
        "released_on",
        "early_release_reason",
        "outcome",
        "grant",
        "amount_granted",
        "conditions",
        "rejection_reason_id",
        "reason",
        "decided_on",
        "closed_by_id",
        "result_code",
        "majority",
        "base_count",
        "needed_count",
        "accept_count",
        "reject_count",
        "abstain_count",
        "letter_number",
        "letter_date",
        "vote_ids",
    )

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    committee_id = fields.Many2one(
        "beneficiary.committee", required=True, index=True, ondelete="restrict"
    )
    round = fields.Integer(required=True)
    appeal_id = fields.Many2one(
        "beneficiary.appeal",
        string="On the Appeal",
        index="btree_not_null",
        ondelete="restrict",
    )
    appeal_reason = fields.Text(related="appeal_id.reason")
    # Of the rejection appealed against, read as superuser: who studies the appeal did
    # not take that decision, and its applicant has read this much. No votes, no names.
    appealed_letter_number = fields.Char(
        string="Letter of the Rejection", related="appeal_id.decision_id.letter_number"
    )
    appealed_rejection_reason = fields.Char(
        string="Reason of the Rejection",
        related="appeal_id.decision_id.rejection_reason_id.name",
    )
    appealed_words = fields.Text(
        string="The Rejection in Words", related="appeal_id.decision_id.reason"
    )
    # What members study, on one page with their vote.
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    service_id = fields.Many2one(related="request_id.service_id")
    description = fields.Text(related="request_id.description")
    amount_requested = fields.Monetary(related="request_id.amount_requested")
    answer_ids = fields.One2many(related="request_id.answer_ids")
    document_ids = fields.Many2many(
        related="request_id.document_ids", related_sudo=False
    )
    referral_ids = fields.One2many(related="request_id.referral_ids")
    # The clock of this round: a later round has its own.
    raised_on = fields.Datetime()
    review_floor_on = fields.Datetime(string="Reply Not Before")
    reply_due_on = fields.Datetime(string="Reply Due")
    released_on = fields.Datetime(string="Reply Left On")
    early_release_reason = fields.Text()
    state = fields.Selection(
        [("open", "Open"), ("taken", "Taken"), ("withdrawn", "Withdrawn")],
        default="open",
        required=True,
    )
    withdrawn_on = fields.Datetime()
    amount_proposed = fields.Monetary(help="What members vote on.")
    amount_granted = fields.Monetary()

    _round_unique = models.UniqueIndex(
        "(request_id, round) WHERE state != 'withdrawn'",
        "The committee already studies this round of the request.",
    )
    _to_seal = models.Index(
        "(company_id, id) WHERE seal_id IS NULL AND released_on IS NOT NULL"
    )

    @api.model
    def _get_sealable_domain(self):
        return [("state", "=", "taken"), ("released_on", "!=", False)]

    # -- life --------------------------------------------------------------------------

    @api.model
    def _open(self, requests):
        """Begin the study of ``requests``: a ballot for every member in office."""
        decisions = self.sudo().create(  # officers raise, and do not write decisions
            [
                {
                    "request_id": request.id,
                    "committee_id": request.committee_id.id,
                    "round": request.round,
                    "appeal_id": request.appeal_id.id,
                    "amount_proposed": request.amount_requested,
                    "raised_on": request.raised_on,
                    "review_floor_on": request.review_floor_on,
                    "reply_due_on": request.reply_due_on,
                }
                for request in requests
            ]
        )
        decisions._update_ballots()
        return decisions

    def _withdraw(self):
        """End the study without a decision: the request left the committee.

        What was already answered stays on record.
        """
        decisions = self.filtered(
            lambda decision: decision.state != "withdrawn" and not decision.released_on
        )
        # The decision first, as who closes its vote does.
        decisions._take_turns()
        decisions._take_session_turns()
        decisions.write({"state": "withdrawn", "withdrawn_on": fields.Datetime.now()})
        decisions.request_id.activity_unlink(
            [
                "beneficiary_relations.mail_activity_type_vote",
                "beneficiary_relations.mail_activity_type_late",
            ]
        )

    # -- actions -----------------------------------------------------------------------

    def action_view_request(self):
        self.ensure_one()
        return self.request_id.get_formview_action()
