from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rules import flow
from ...rules.evidence import says_nothing
from ..mixins.desk_mixin import WEEK


class Referral(models.Model):
    """A question about a request to a social researcher (R15).

    There are two kinds. A *clarification* explains a procedure that is unclear to the
    applicant (question, answer). A *case study* looks into the applicant's
    circumstances (visit, findings, recommendation). A referral is never both. The
    states of a referral are separate from the state of the request. A request may
    have several referrals, and it is not raised while one of them is open.

    :Who may: officers and delegates send a referral, through the request. Only the
        named researcher accepts, answers or declines it. The sender or a manager
        takes it back, and a manager names another researcher of the association.
        Committee members read the referrals of the requests before them.
    :States: sent -> accepted -> answered; declined or revoked while it is open. A
        clarification may be answered at once.
    :Parts: a file each, beside this one
        ``referral_flow``: the moves
        ``referral_clock``: the due date, and reminders
        ``referral_study``: the case study
    """

    _name = "beneficiary.referral"
    _inherit = [
        "beneficiary.next.mixin",
        "beneficiary.flow.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
        "mail.activity.mixin",
    ]
    _description = "Referral to the Social Researcher"
    _follows_request = True
    _order = "id desc"
    _rec_names_search = ["request_id"]
    _check_company_auto = True
    _role_fields = {"researcher_id": (flow.RESEARCHER,)}
    _mail_post_access = "read"

    request_id = fields.Many2one(
        "beneficiary.request",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    branch_id = fields.Many2one(related="request_id.branch_id")
    service_id = fields.Many2one(related="request_id.service_id")
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    beneficiary_phone = fields.Char(related="request_id.beneficiary_id.notice_phone")
    beneficiary_city = fields.Char(related="request_id.beneficiary_id.city")
    beneficiary_street = fields.Char(related="request_id.beneficiary_id.street")
    kind = fields.Selection(
        [("clarification", "Clarification"), ("case_study", "Case Study")],
        default="clarification",
        required=True,
        tracking=True,
        help="A clarification explains a part of the procedure that the applicant "
        "does not understand. A case study looks into the person's circumstances.",
    )
    researcher_id = fields.Many2one(
        "res.users",
        string="Social Researcher",
        required=True,
        index=True,
        tracking=True,
        domain=lambda self: self._get_role_domain(flow.RESEARCHER),
    )
    question = fields.Text(string="What Is Asked", required=True, tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    proposed_amount = fields.Monetary(copy=False)
    question_answer_ids = fields.One2many(
        "beneficiary.question.answer",
        "referral_id",
        string="Questions and Answers",
        groups="beneficiary_relations.group_officer,"
        "beneficiary_relations.group_researcher,beneficiary_relations.group_auditor",
    )

    _proposed_amount_positive = models.Constraint(
        "CHECK (proposed_amount IS NULL OR proposed_amount >= 0)",
        "A proposed amount cannot be negative.",
    )

    @api.depends("request_id.name", "request_id.beneficiary_id.name")
    def _compute_display_name(self):
        """Number and person, because calendar and activities show nothing else."""
        for referral in self:
            request = referral.request_id
            referral.display_name = f"{request.name} {request.beneficiary_id.name}"

    @api.model
    def _send(self, request, researcher, question, kind="clarification", due_date=None):
        """Ask ``researcher`` about ``request``.

        :param question: the unclear point, or the subject of the study
        :param kind: ``clarification`` or ``case_study``
        :param due_date: date by which to answer; None takes the association's
            number of days
        :raise UserError: when the question is empty or the date has passed
        :raise ValidationError: when the researcher does not work for the association
        """
        request.check_access("read")
        request._check_role(flow.FRONT_DESK)
        if says_nothing(question):
            raise UserError(self.env._("Write the question."))
        if not researcher:
            raise UserError(self.env._("Choose a social researcher."))
        if request.state in flow.CLOSED:
            raise UserError(self.env._("The request is closed."))
        request._refuse(request.sudo()._guard_alive({}))
        vals = {
            "request_id": request.id,
            "researcher_id": researcher.id,
            "question": question.strip(),
            "kind": kind,
        }
        if due_date:
            company = request.company_id
            if due_date < company._get_beneficiary_today():
                raise UserError(self.env._("The date by which to answer has passed."))
            vals["due_on"] = company._get_beneficiary_end_of_day(due_date)
        # Superuser: only this method makes referrals, users may not create them.
        referral = self.sudo().create(vals)
        referral._ask_researcher()
        return referral

    # -- whose turn it is --------------------------------------------------------------

    @api.model
    def _get_is_mine_domain(self):
        """Return the domain of the referrals that I was sent, or that I sent."""
        return Domain("researcher_id", "=", self.env.uid) | Domain(
            "sender_id", "=", self.env.uid
        )

    @api.model
    def _get_is_due_this_week_domain(self):
        return self._get_open_domain() & Domain("due_on", "<", WEEK)

    @api.model
    def _get_waits_for_me_domain(self):
        return self._get_open_domain() & Domain("researcher_id", "=", self.env.uid)

    @api.model
    def _get_open_domain(self):
        return Domain("state", "in", ["sent", "accepted"])

    # -- paper -------------------------------------------------------------------------

    def _get_letterhead(self):
        """Return the values of the letterhead on this referral's paper (R40)."""
        self.ensure_one()
        written_on = self.answered_on or self.sent_on
        date = written_on and self._get_local_day(written_on)
        return {
            "number": self.request_id.name,
            "date": date,
            "attachment_count": len(self.photo_ids),
        }

    # -- actions -----------------------------------------------------------------------

    def action_view_question_answer(self):
        """Open the entry that shares this answer, or an empty new entry (R15)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.question_answer_action"
        )
        entry = self.question_answer_ids
        return {
            **action,
            "views": [(False, "form")],
            "res_id": entry.id,
            "context": {
                "default_referral_id": self.id,
                "default_service_id": self.service_id.id,
                "default_company_id": self.company_id.id,
            },
        }
