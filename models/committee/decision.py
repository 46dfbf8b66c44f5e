from odoo import api, fields, models

from ...rules import flow


class Decision(models.Model):
    """The committee's decision on one round of a request (R19, R23).

    Opened when the request is raised, with a ballot for every member in office.

    :Who may: members of the committee vote; its chair or secretary closes the vote.
        Only methods write decisions. The applicant reads the outcome once the reply
        has been released, never before.
    :States: open -> taken; withdrawn when the request is returned or cancelled first.
    :Parts: a file each, beside this one
        ``decision_ballot``: ballots, recusal, substitutes
        ``decision_proposal``: what is voted on, and how it changes
        ``decision_flow``: how a vote becomes a decision
        ``decision_study``: the study sheet
        ``decision_session``: the session that studies it
        ``decision_news``: what members are told of it
        ``decision_letter``: the letter to the applicant
        ``decision_reissue``: the letters in place of one with a mistake
    """

    _name = "beneficiary.decision"
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.pages.mixin",
        "beneficiary.next.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.sealed.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.mixin",
    ]
    _description = "Committee Decision"
    _follows_request = True
    _order = "id desc"
    _rec_name = "request_id"
    _rec_names_search = ["request_id", "letter_number"]
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
        "ahead_count",
        "letter_number",
        "letter_date",
        "amount_requested",
        "rejection_words",
        "appeal_until",
        "raised_on",
        "review_floor_on",
        "reply_due_on",
        "vote_ids",
        "proposal_ids",
        "past_vote_ids",
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
    round = fields.Integer(required=True, aggregator=None)
    appeal_id = fields.Many2one(
        "beneficiary.appeal",
        string="On the Appeal",
        index="btree_not_null",
        ondelete="restrict",
    )
    appeal_reason = fields.Text(related="appeal_id.reason")
    # The rejection that is appealed against, read as superuser: the members who study
    # the appeal may not read that decision. These are only the words that the applicant
    # has read, without votes and names.
    appealed_letter_number = fields.Char(
        string="Letter of the Rejection", related="appeal_id.decision_id.letter_number"
    )
    appealed_rejection_reason = fields.Char(
        string="Reason of the Rejection",
        related="appeal_id.decision_id.rejection_words",
    )
    appealed_words = fields.Text(
        string="The Rejection in Words", related="appeal_id.decision_id.reason"
    )
    # The data of the request, shown to members on the page where they vote.
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    service_id = fields.Many2one(related="request_id.service_id")
    description = fields.Text(related="request_id.description")
    amount_requested = fields.Monetary(
        help="The amount requested when the request was raised."
    )
    answer_ids = fields.One2many(related="request_id.answer_ids")
    document_ids = fields.Many2many(
        related="request_id.document_ids", related_sudo=False
    )
    referral_ids = fields.One2many(related="request_id.referral_ids")
    # The dates of this round: a later round has its own.
    raised_on = fields.Datetime()
    review_floor_on = fields.Datetime(string="Reply Not Before")
    reply_due_on = fields.Datetime(string="Reply Due")
    released_on = fields.Datetime(string="Reply Left On")
    rejection_words = fields.Char(
        string="Reason in the Letter",
        help="The name of the listed reason when the reply was released, in the "
        "language of the letter.",
    )
    appeal_until = fields.Datetime(
        help="The date in the letter; later changes of the settings do not affect it."
    )
    early_release_reason = fields.Text()
    state = fields.Selection(
        [("open", "Open"), ("taken", "Taken"), ("withdrawn", "Withdrawn")],
        default="open",
        required=True,
    )
    withdrawn_on = fields.Datetime()
    superseded_on = fields.Datetime(
        help="When the request was reopened. The decision stays on record, and grants "
        "nothing any more."
    )
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
        decisions = self.sudo().create(  # officers may not write decisions
            [
                {
                    "request_id": request.id,
                    "committee_id": request.committee_id.id,
                    "round": request.round,
                    "ballots_on": request.company_id._get_beneficiary_today(),
                    "appeal_id": request.appeal_id.id,
                    "amount_requested": request.amount_requested,
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

    def _leave(self, moment):
        """Store what the reply says and until when it may be appealed, as it leaves.

        :param moment: when the reply leaves, UTC datetime
        """
        self.write({"released_on": moment})
        rejections = self.filtered(lambda decision: decision.outcome == "rejected")
        for company, decisions in rejections.grouped("company_id").items():
            until = company._get_beneficiary_appeal_end(moment)
            decisions.write({"appeal_until": until})
        for words, decisions in rejections.grouped(
            lambda decision: decision._get_rejection_words()
        ).items():
            decisions.write({"rejection_words": words})

    def _get_rejection_words(self):
        """Return the listed reason of the rejection in the applicant's language."""
        self.ensure_one()
        lang = self.request_id._get_applicant_lang()
        return self.rejection_reason_id.with_context(lang=lang).name

    def _withdraw(self):
        """End the study without a decision: the request left the committee.

        Decisions whose reply was already released stay as they are.
        """
        decisions = self.filtered(
            lambda decision: decision.state != "withdrawn" and not decision.released_on
        )
        # The decision before its session, in the same order as closing a vote.
        decisions._take_turns()
        decisions._take_session_turns()
        decisions.write({"state": "withdrawn", "withdrawn_on": fields.Datetime.now()})
        decisions.request_id.activity_unlink([flow.VOTE, flow.LATE])

    def _supersede(self):
        """Note that the request is decided anew; the decision stays as it is."""
        left = self.filtered(
            lambda decision: decision.released_on and not decision.superseded_on
        )
        left.write({"superseded_on": fields.Datetime.now()})

    # -- actions -----------------------------------------------------------------------

    def action_view_request(self):
        self.ensure_one()
        return self.request_id.get_formview_action()
