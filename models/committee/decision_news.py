from functools import partial

from odoo import models

from .member_news import News


class DecisionNews(models.Model):
    """What members are told of a study outside the screen, without a person's name."""

    _inherit = "beneficiary.decision"

    def _get_news(self, env, get_title):
        """Return what a member is told of this study.

        :param env: the environment of the member, as superuser
        :param get_title: function that takes it and returns the heading
        """
        decision = self.with_env(env)
        request = decision.request_id
        due, amount = decision.reply_due_on, decision.amount_proposed
        facts = [
            (env._("Service"), request.service_id.name),
            (
                env._("Amount to vote on"),
                amount and decision.currency_id.format(amount),
            ),
            (
                env._("Reply due"),
                due and request._format_both(request._get_local_day(due)),
            ),
        ]
        return News(
            title=f"{get_title(env)} · {request.name}",
            facts=tuple(fact for fact in facts if fact[1]),
            path=f"/odoo/beneficiary-decisions/{decision.id}",
            button=env._("Study and vote"),
            list_path="/odoo/beneficiary-votes",
        )

    def _remind(self, wanted, get_title):
        """Remind members of the studies that wait for them.

        :param wanted: pairs of a request and a user; users who are no members of its
            committee are passed over
        :param get_title: function that takes the environment of the user and returns
            the heading
        """
        for company, decisions in self.grouped("company_id").items():
            members = {
                decision.request_id: decision.vote_ids.user_id for decision in decisions
            }
            describe = {
                decision.request_id: partial(decision._get_news, get_title=get_title)
                for decision in decisions
            }
            self.env["beneficiary.member.news"]._tell(
                company,
                [
                    (user, describe[request])
                    for request, user in wanted
                    if request in members and user in members[request]
                ],
            )
