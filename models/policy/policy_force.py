from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import promise
from ...rules.evidence import says_nothing
from ..mixins.refusal import Problem, refusal


class PolicyForce(models.Model):
    """Putting a policy in force: what its text promises, and what it leaves out.

    A period in the text and the review period say the same, or the policy stays a
    draft. A policy may leave out steps; the form then says what will not be done and
    recorded, asks for a confirmation, and the record keeps it.
    """

    _inherit = "beneficiary.policy"

    left_out = fields.Html(
        string="What This Policy Leaves Out",
        compute="_compute_left_out",
        sanitize=False,
    )

    @api.depends("step_ids.code")
    def _compute_left_out(self):
        for policy in self:
            lines = policy._get_left_out()
            policy.left_out = lines and self._list_html(lines)

    def _get_left_out(self):
        """Return what a request of this policy goes without, as sentences (R10)."""
        self.ensure_one()
        consequences = self._get_step_consequences()
        asked = set(self.step_ids.mapped("code"))
        return [text for code, text in consequences.items() if code not in asked]

    def _get_step_consequences(self):
        """Return ``{code: sentence}``: what is missing without the step, in order."""
        return {
            "receive": self.env._(
                "Reception: that questions were answered and time was given is not "
                "a step of the request."
            ),
            "verify": self.env._(
                "Verification: that an officer matched the data and papers is not "
                "a step of the request."
            ),
            "refer": self.env._(
                "Referral: nobody is told that the social research officer explains "
                "what is not clear."
            ),
            "declare": self.env._(
                "Declaration: nobody signs that the data are correct, and nobody is "
                "directly responsible for them."
            ),
            "notify": self.env._(
                "Notice: requests reach the committee without the applicant being told "
                "of it and of the period."
            ),
            "register": self.env._(
                "Registration: that the requirements were complete is not a step of "
                "the request."
            ),
            "deliver": self.env._(
                "Delivery: that the service was provided is not a step of the request."
            ),
        }

    # -- actions -----------------------------------------------------------------------

    def action_put_in_force(self):
        """Make this draft the association's policy, and supersede the previous one.

        :raise AccessError: unless the acting user is a manager
        :raise UserError: when it is no draft of an association, has no channels or
            steps, or its text and its review period do not agree
        """
        self.ensure_one()
        self._check_manager()
        if self.state != "draft" or not self.company_id:
            raise UserError(
                self.env._("Only a draft of an association can be put in force.")
            )
        if not self.channel_line_ids or not self.step_ids:
            sentence = self.env._("Give the policy its channels and its steps first.")
            raise refusal(Problem(sentence, self, "channel_line_ids", "step_ids"))
        if problems := self._get_text_problems():
            raise refusal("\n".join(problems), problems)
        previous = self._get_in_force(self.company_id)
        if previous:
            previous._write_state({"state": "superseded"})
            previous.flush_recordset(["state"])
        self._write_state(
            {
                "state": "in_force",
                "in_force_on": self.company_id._get_beneficiary_today(),
                "supersedes_id": previous.id,
                "version": previous.version + 1 if previous else self.version,
            }
        )
        if self._get_left_out():
            self._message_log(body=self.left_out)
        return True

    # -- what the text promises --------------------------------------------------------

    def _get_text_problems(self):
        """Return why the text cannot be put in force as it is (R16, R17, R21)."""
        self.ensure_one()
        problems = [
            Problem(
                self.env._(
                    "“%(field)s” says nothing: write it in words, or leave it empty.",
                    field=self._fields[name]._description_string(self.env),
                ),
                self,
                name,
            )
            for name in ("declaration_text", "notice_text")
            if self[name] and says_nothing(self[name])
        ]
        for text in dict.fromkeys(self._get_promising_texts()):
            periods = promise.get_periods(text)
            if all(self._keeps(period) for period in periods):
                continue
            problems.append(
                Problem(
                    self.env._(
                        "The text promises another period than the review period of "
                        "the policy (%(period)s, at least %(least)s). Change the text "
                        "or the period: “%(text)s”",
                        period=self._count_review_days(self.review_days),
                        least=self._count_in_words(self.review_minimum_days, "day"),
                        text=text,
                    ),
                    self,
                    "review_days",
                    "review_minimum_days",
                    "review_unit",
                    "notice_text",
                )
            )
        return problems

    def _get_promising_texts(self):
        """Yield what applicants are told of the period, in each language."""
        for code, _name in self.env["res.lang"].get_installed():
            policy = self.with_context(lang=code)
            steps = policy.step_ids.filtered(lambda step: step.code == "notify")
            yield from filter(None, [policy.notice_text, *steps.mapped("description")])

    def _keeps(self, period):
        return promise.agrees(
            period, self.review_days, self.review_unit, self.review_minimum_days
        )
