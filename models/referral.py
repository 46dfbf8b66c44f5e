from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import flow


class Referral(models.Model):
    """A question about the procedure, sent to the social researcher (R15).

    Opens and closes beside the request's state; a request is not raised while one
    is open.

    :Who may: officers and delegates send, through the request; researchers answer.
    :States: sent -> answered.
    """

    _name = "beneficiary.referral"
    _inherit = ["beneficiary.mixin"]
    _description = "Referral to the Social Researcher"
    _order = "id desc"
    _rec_name = "request_id"
    _check_company_auto = True

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
    researcher_id = fields.Many2one(
        "res.users", string="Social Researcher", required=True, index=True
    )
    question = fields.Text(required=True)
    answer = fields.Text()
    state = fields.Selection(
        [("sent", "Sent"), ("answered", "Answered")],
        default="sent",
        required=True,
        readonly=True,
    )
    sent_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True)

    def write(self, vals):
        if not self.env.su and vals.keys() - {"answer"}:
            raise AccessError(self.env._("Of a referral, only the answer is written."))
        if not self.env.su and any(referral.state != "sent" for referral in self):
            raise UserError(self.env._("This referral was already answered."))
        return super().write(vals)

    @api.model
    def _send(self, request, researcher, question):
        """Ask ``researcher`` a question that the procedure of ``request`` raised.

        :raise UserError: when the question is empty or the researcher is not one
        """
        request.check_access("read")
        request._check_role(flow.FRONT_DESK)
        if not (question or "").strip():
            raise UserError(self.env._("Write the question."))
        if flow.RESEARCHER not in researcher._get_beneficiary_roles():
            raise UserError(self.env._("Choose a social researcher."))
        if request.state in flow.CLOSED:
            raise UserError(self.env._("The request is closed."))
        referral = self.sudo().create(  # checked above; nobody writes them by hand
            {
                "request_id": request.id,
                "researcher_id": researcher.id,
                "question": question.strip(),
            }
        )
        request.sudo()._schedule_activities(  # subscribes the researcher
            "beneficiary_relations.mail_activity_type_referral",
            [(request, researcher, self.env._("A question about the procedure"))],
        )
        return referral

    def action_answer(self, answer=None):
        """Answer and send back; the step is recorded on the request (R15).

        :param answer: what the applicant is to be told
        """
        self.check_access("read")
        answer = answer or self.answer
        for referral in self:
            if flow.RESEARCHER not in self.env.user._get_beneficiary_roles():
                raise AccessError(self.env._("Social researchers answer referrals."))
            if referral.state != "sent":
                raise UserError(self.env._("This referral was already answered."))
            if not (answer or "").strip():
                raise UserError(self.env._("Write the answer."))
        referrals = self.sudo()  # checked above; only the answer is theirs to write
        referrals.write(
            {
                "answer": answer.strip(),
                "state": "answered",
                "answered_on": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            }
        )
        for referral in referrals:
            referral.request_id._record_step("refer", evidence=referral.answer)
            referral.request_id.activity_feedback(
                ["beneficiary_relations.mail_activity_type_referral"],
                user_id=referral.researcher_id.id,
            )
        return True
