from datetime import timedelta

from odoo import api, models

ANSWER_ACTIVITY = "beneficiary_relations.mail_activity_type_answer"
# Contacts that are written down later than this belong to the past.
RECENT_DAYS = 7


class InteractionNews(models.Model):
    """What a person told or asked is somebody's task, until there is an outcome (R48).

    An incoming contact without an outcome, such as a call that was only noted down,
    plans one activity: for the officer of its request or file, else for who logged it.
    What is owed an answer has an owner of its own, see ``interaction_complaint``.
    """

    _inherit = "beneficiary.interaction"

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions.sudo()._plan_open_ones()  # delegates plan nothing for officers
        return interactions

    def write(self, vals):
        result = super().write(vals)
        if (vals.get("outcome") or "").strip():
            done = self.filtered(lambda contact: contact.answer_state != "open")
            done.sudo().activity_feedback([ANSWER_ACTIVITY])
        return result

    def _plan_open_ones(self):
        for interaction in self:
            today = interaction.company_id._get_beneficiary_today()
            if (
                interaction.direction == "in"
                and not (interaction.outcome or "").strip()
                and not interaction.answer_state
                and not interaction.words  # what a person adds is the owner's task
                and interaction._get_contact_day() >= today - timedelta(RECENT_DAYS)
            ):
                interaction._plan_reply(
                    lambda env: env._("The person waits for an answer")
                )

    def _tell_of_news(self, summary):
        for interaction in self:
            if not interaction.activity_search([ANSWER_ACTIVITY]):
                interaction._plan_reply(summary)

    def _plan_reply(self, summary):
        if user := self._get_news_user():
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                ANSWER_ACTIVITY,
                date_deadline=self.company_id._get_beneficiary_today(),
                summary=summary(self.with_context(lang=user.lang).env),
                user_id=user.id,
            )

    def _get_news_user(self):
        """Return the owner, else the officer of the request or file, else its own."""
        company = self.company_id
        officers = self.request_id.officer_id or self.beneficiary_id.officer_id
        there = (self.owner_id or officers).filtered(
            lambda user: user.active and company in user.company_ids
        )
        return there or super()._get_news_user()
