from odoo import fields, models


class RequestEffect(models.AbstractModel):
    """What each move of a request writes: ``_do_<move>`` before the state, and
    ``_after_<move>`` once it stands.

    Called by the flow alone, when the move was checked.
    """

    _name = "beneficiary.request.effect"
    _description = "Effects of the Moves of a Request"

    def _do_submit(self, target, given):
        self._write_flow({"note_to_applicant": False})
        first = self.filtered(lambda request: not request.submitted_on)
        first._write_flow({"submitted_on": fields.Datetime.now()})
        # A draft that was made before any policy was in force.
        unruled = self.filtered(lambda request: not request.policy_id)
        for company, requests in unruled.grouped("company_id").items():
            requests._write_flow({"policy_id": company._get_beneficiary_policy().id})

    def _do_return(self, target, given):
        """A new round: what was done in the last one is void, and stays on record."""
        self.step_ids._void(given["reason"])
        self.declaration_id._void(given["reason"])
        self.sudo().decision_ids._withdraw()  # officers do not write decisions
        self._pause_clock(given["reason"])
        for request in self:
            request._write_flow(
                {
                    "round": request.round + 1,
                    "note_to_applicant": given["reason"],
                    "verified_by_id": False,
                    "verified_document_ids": [(5,)],
                    "declaration_id": False,
                    "escalation": "0_none",
                }
            )

    def _do_raise(self, target, given):
        self._start_clock()

    def _after_raise(self, target):
        self.env["beneficiary.decision"]._open(self)

    def _do_decide(self, target, given):
        self._hold_reply()
        self.activity_unlink(
            [
                "beneficiary_relations.mail_activity_type_vote",
                "beneficiary_relations.mail_activity_type_late",
            ]
        )

    def _do_release(self, target, given):
        self._stop_clock(given.get("reason"))

    def _after_release(self, target):
        self.env["beneficiary.notice"]._queue(self, "reply")

    def _do_cancel(self, target, given):
        self._write_flow({"note_to_applicant": given["reason"]})
        # What was already answered stays on record.
        held = self.sudo().filtered(lambda request: not request.released_on)  # as above
        held.decision_ids._withdraw()
        self.sudo().referral_ids._withdraw(given["reason"])

    def _record_step(self, code, evidence=None, minutes=0, channel=None):
        """Add a line for ``code`` to each request whose policy has that step."""
        return self.env["beneficiary.request.step"]._record(
            self.filtered(lambda request: request.policy_id._has_step(code)),
            code,
            evidence=evidence,
            minutes=minutes,
            channel=channel,
        )

    def _get_recusal_vals(self, user):
        """Return the ballot values of a member with an interest in this request."""
        self.ensure_one()
        if user in self.beneficiary_id._get_portal_users():
            reason = self.env._("The member is the applicant.")
        elif user in self.step_ids.filtered(lambda step: step.code == "verify").doer_id:
            reason = self.env._("The member verified the request.")
        elif user in self.document_ids.matched_by_id:
            reason = self.env._("The member matched papers of the request.")
        else:
            return {}
        return {"choice": "recused", "reason": reason}

    def _get_steps(self, code=None):
        """Return the lines of this request that are not void, latest last."""
        self.ensure_one()
        return self.step_ids.filtered(
            lambda step: not step.voided_on and code in (None, step.code)
        ).sorted("id")
