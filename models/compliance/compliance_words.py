from odoo import fields, models

from ...rules import compliance


class ComplianceWords(models.TransientModel):
    """The words of the compliance page and of its paper, in the user's language."""

    _inherit = "beneficiary.compliance"

    def _get_section_titles(self):
        return {
            "channels": self.env._("Channels offered, and how often they were used"),
            "steps": self.env._("The steps of each request"),
            "reply": self.env._("The reply to the applicant"),
            "transfers": self.env._("Disbursement by bank transfer"),
            "answers": self.env._("Enquiries, complaints and suggestions"),
            "outreach": self.env._("Contacts on the association's own initiative"),
            "satisfaction": self.env._("Satisfaction"),
            "improvement": self.env._("Improvements"),
            "policy": self.env._("The policy itself"),
            "apart": self.env._("Apart from these figures"),
        }

    def _get_figure_names(self, policy):
        """Return the name of each line by its code; steps have the policy's names."""
        own = {f"step_{step.code}": step.name for step in policy.step_ids}
        labels = dict(self.env["beneficiary.policy.step"]._selection_code())
        steps = {f"step_{code}": labels[code] for code in compliance.STEPS}
        return {
            **steps,
            **own,
            "time_given": self.env._("Minutes given at the reception are written down"),
            "notice_first": self.env._("Notice given before the committee studied it"),
            "in_order": self.env._("Steps done in the policy's order"),
            "with_evidence": self.env._("Every step with its evidence"),
            "by_person": self.env._("Every step done by a named person"),
            "apart_in_time": self.env._("No two steps within a minute of each other"),
            "void_reason": self.env._("Void steps have a reason"),
            "in_window": self.env._("Reply left inside its period"),
            "early_reason": self.env._("Early replies have a written reason"),
            "rejection_reason": self.env._("Rejections have a readable reason"),
            "appeal_others": self.env._("Appeals studied by other members"),
            "transfer_made": self.env._("Transfers paid, of those the bank answered"),
            "transfer_returned": self.env._("Transfers sent back by the bank"),
            "transfer_repaid": self.env._("Transfers sent back, then paid again"),
            "enquiry_answered": self.env._("Enquiries answered"),
            "enquiry_in_time": self.env._("Enquiries answered in time"),
            "enquiry_same_day": self.env._("Enquiries answered on the same day"),
            "complaint_same_day": self.env._(
                "Complaints and suggestions answered on the same day"
            ),
            "complaint_answered": self.env._("Complaints and suggestions answered"),
            "complaint_in_time": self.env._(
                "Complaints and suggestions answered in time"
            ),
            "outreach": self.env._("People contacted without having asked"),
            "rating_asked": self.env._("Asked for a rating at the end"),
            "rating_given": self.env._("Requests that were rated"),
            "satisfied": self.env._("Satisfied, of those who rated"),
            "improvement_ended": self.env._("Improvements ended with an outcome"),
            "policy_approved": self.env._("Approval by the board recorded"),
            "policy_circulated": self.env._("Circulated to the staff"),
            "acknowledged": self.env._("Staff who have read the policy"),
            "policy_reviewed": self.env._("Reviewed when due"),
            compliance.MIGRATED: self.env._("Requests from earlier records"),
            compliance.BEFORE: self.env._("Requests from before the policy"),
        }

    # -- paper -------------------------------------------------------------------------

    def _get_letterhead(self):
        """Return the values of the letterhead on the compliance report (R40)."""
        self.ensure_one()
        day = self.company_id._get_beneficiary_today()
        return {
            "number": "",
            "date": day,
            "hijri_date": self._format_hijri_long(day),
            "attachment_count": 0,
            "footer": self._get_footer(),
        }

    def _get_footer(self):
        return self.env._("Compliance report – page {page} of {pages}")

    def _get_period_text(self):
        """Return the period of the figures, in both calendars."""
        return self.env._(
            "From %(start)s to %(end)s",
            start=self._format_paper_both(self.date_from),
            end=self._format_paper_both(self.date_to),
        )

    def _get_policy_text(self):
        """Return which versions of the policy the figures are about."""
        if not self.policy_id:
            return self.env._("All versions")
        policy = self.policy_id
        return self.env._(
            "Version %(version)s, in force since %(date)s",
            version=policy.version,
            date=self._format_paper_both(policy.in_force_on),
        )

    def _get_computed_text(self):
        return self._format_paper_both(fields.Datetime.to_datetime(self.computed_on))

    def _get_paper_sections(self):
        """Return the lines for the paper: dicts of ``title`` and ``lines``."""
        sections = []
        for line in self.line_ids:
            if line.is_title:
                sections.append({"title": line.name, "lines": []})
            else:
                sections[-1]["lines"].append(line)
        return sections
