from datetime import datetime, time
from operator import itemgetter

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext


class RequestStory(models.Model):
    """The whole story of a request on one page, in the order of time.

    Every kind of event is read as the acting user: the page of each reader has what
    they may read anyway. Decisions and votes are told once the reply has left (R21).
    """

    _inherit = "beneficiary.request"

    def action_open_story(self):
        """Open the page; it can be printed from there."""
        self.ensure_one()
        self._check_story()
        report = "beneficiary_relations.request_story_action"
        return self.env.ref(report).sudo().report_action(self, config=False)

    def _check_story(self):
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(
                self.env._("This page is for the office. Yours is on the portal.")
            )

    def _get_story(self):
        """Return the days of the story, each with its events.

        :return: list of pairs: the day in both calendars, and a list of dicts with
            ``time``, ``title``, ``text`` and ``who``; earliest first
        :raise AccessError: if the acting user may not read the request
        """
        self.ensure_one()
        self._check_story()
        events = [
            *self._tell_steps(),
            *self._tell_papers(),
            *self._tell_referrals(),
            *self._tell_decisions(),
            *self._tell_notices(),
            *self._tell_deliveries(),
            *self._tell_contacts(),
            *self._tell_messages(),
        ]
        days = {}
        # What has no time has no place in the story; migrated records may lack one.
        dated = filter(itemgetter(0), events)
        for moment, title, text, who in sorted(dated, key=itemgetter(0)):
            local = self._get_local_time(moment)
            days.setdefault(local.date(), []).append(
                {
                    "time": f"{local:%H:%M}",
                    "title": title,
                    "text": text or "",
                    "who": who.sudo().name or "",  # the names of colleagues
                }
            )
        return [(self._format_both(day), told) for day, told in days.items()]

    def _search_told(self, model):
        """Return the records of ``model`` on this request that the user may read."""
        lines = self.env[model]
        if not lines.has_access("read"):
            return lines
        return lines.search([("request_id", "=", self.id)], order="id")

    def _tell_steps(self):
        nobody = self.env["res.users"]
        if self.submitted_on and not self.step_ids:
            yield self.submitted_on, self._get_label("state", "submitted"), "", nobody
        for step in self.step_ids:
            title = step._get_label("code")
            yield step.done_on, title, step.evidence, step.doer_id
            if step.voided_on:
                title = self.env._("No longer valid: %(step)s", step=title)
                yield step.voided_on, title, step.void_reason, step.voided_by_id
        for appeal in self.appeal_ids:
            title = self.env._("Appeal")
            yield appeal.filed_on, title, appeal.reason, appeal.filed_by_id

    def _tell_papers(self):
        for paper in self.document_ids._filtered_access("read"):
            title = self.env._("Handed over: %(paper)s", paper=paper.type_id.name)
            yield paper.handed_on, title, paper.number, paper.create_uid
            if paper.matched_on:
                title = self.env._("Matched: %(paper)s", paper=paper.type_id.name)
                yield paper.matched_on, title, paper.source, paper.matched_by_id

    def _tell_referrals(self):
        for referral in self._search_told("beneficiary.referral"):
            kind = referral._get_label("kind")
            title = self.env._("Referred: %(kind)s", kind=kind)
            yield referral.sent_on, title, referral.question, referral.sender_id
            if referral.answered_on:
                title = self.env._("Answered: %(kind)s", kind=kind)
                text = referral._get_evidence()
                yield referral.answered_on, title, text, referral.answered_by_id
            if referral.closed_on:
                title = referral._get_label("state")
                text = referral.close_reason
                yield referral.closed_on, title, text, referral.closed_by_id

    def _tell_decisions(self):
        nobody = self.env["res.users"]
        if self.raised_on:
            yield self.raised_on, self._get_label("state", "in_review"), "", nobody
        decisions = self._search_told("beneficiary.decision")
        votes = self._search_told("beneficiary.vote")
        for decision in decisions.filtered("released_on"):
            text = decision.explanation or decision.reason
            outcome = decision._get_label("outcome")
            yield decision.decided_on, outcome, text, decision.closed_by_id
            title = self.env._("The reply left: %(outcome)s", outcome=outcome)
            yield decision.released_on, title, decision.letter_number, nobody
            cast = votes.filtered("voted_on").grouped("decision_id")
            for vote in cast.get(decision, votes.browse()):
                title = self.env._("Vote: %(choice)s", choice=vote._get_label("choice"))
                yield vote.voted_on, title, vote.reason, vote.user_id
        if self.reply_read_on:
            title = self.env._("The reply was read on the portal")
            yield self.reply_read_on, title, "", nobody

    def _tell_notices(self):
        for notice in self._search_told("beneficiary.notice"):
            title = self.env._(
                "Notice: %(event)s (%(channel)s, %(state)s)",
                event=notice._get_label("event"),
                channel=notice._get_label("channel"),
                state=notice._get_label("state"),
            )
            text = notice.evidence or notice.failure_reason
            moment = notice.sent_on or notice.queued_on
            yield moment, title, text, notice.told_by_id

    def _tell_deliveries(self):
        for delivery in self._search_told("beneficiary.delivery"):
            what = delivery.goods or delivery.currency_id.format(delivery.amount)
            values = {"number": delivery.name, "what": what}
            nobody = self.env["res.users"]
            yield (
                delivery.create_date,
                self.env._("Planned: %(number)s, %(what)s", **values),
                "",
                nobody,
            )
            if delivery.handed_on:
                # Only its day is known.
                moment = datetime.combine(delivery.handed_on, time(9))
                title = self.env._("Handed over: %(number)s, %(what)s", **values)
                yield moment, title, delivery.place, delivery.handed_by_id
            if delivery.received_on:
                title = self.env._("Receipt signed: %(number)s, %(what)s", **values)
                text = delivery.received_by
                yield delivery.received_on, title, text, delivery.recorded_by_id
            if delivery.corrected_on:
                moment = fields.Datetime.to_datetime(delivery.corrected_on)
                title = f"{delivery.name}: {delivery._get_label('state')}"
                text = delivery.correction_reason
                yield moment, title, text, delivery.corrected_by_id

    def _tell_contacts(self):
        for contact in self._search_told("beneficiary.interaction"):
            title = f"{contact.channel_id.display_name}: {contact.display_name}"
            yield contact.date, title, contact.outcome, contact.officer_id

    def _tell_messages(self):
        """Tell what people wrote; what the addon noted is told by the events above."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "in", ("comment", "email")),
            ],
            order="id",
        )
        for message in messages:
            text = html2plaintext(message.body or "").strip()
            if text or message.attachment_ids:
                title = (
                    self.env._("Note")
                    if message.is_internal or message.subtype_id.internal
                    else self.env._("Message")
                )
                yield message.date, title, text, message.author_id
