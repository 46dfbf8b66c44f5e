from odoo import fields, models
from odoo.exceptions import UserError

from ...rules import flow
from ...rules.evidence import says_nothing
from ..mixins.refusal import Problem, refusal


class NoticeHand(models.Model):
    """Telling by hand or by telephone, if no electronic message can arrive (R20).

    The officer of the request gets an activity, and writes who was told, on which
    channel and how. That is the proof, and it is logged as an interaction.
    """

    _inherit = "beneficiary.notice"

    told_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    told_channel_id = fields.Many2one(
        "beneficiary.channel", string="Told On", readonly=True, copy=False
    )
    evidence = fields.Text(
        readonly=True, copy=False, help="Who was told, and what was said."
    )
    interaction_id = fields.Many2one(
        "beneficiary.interaction", readonly=True, copy=False, ondelete="set null"
    )

    def _send_hand(self):
        ratings = self.filtered(lambda notice: notice.event == "rating")
        ratings._ask_officers(
            self.env._("Ask how satisfied the person is, and record the answer")
        )
        (self - ratings)._ask_officers(
            self.env._(
                "Tell the applicant by hand: no electronic message can reach them"
            )
        )

    def action_told(self, channel_id=None, text=None):
        """Log that the person was told by hand or by telephone (R20).

        :param channel_id: id of the channel on which the person was told
        :param text: who was told, and what was said
        :raise AccessError: unless the acting user belongs to the front desk
        :raise UserError: when the notice already arrived, or the proof is missing
        """
        self.check_access("read")
        for notice in self:
            notice.request_id._check_role(flow.FRONT_DESK)
            notice._check_told(channel_id, text)
            channel = self.env["beneficiary.channel"].browse(channel_id)
            interaction = notice.request_id._log_contacts(notice.event, channel, text)
            notice._mark_told(channel_id, text, interaction)
        self._end_activities()
        return True

    def _mark_told(self, channel_id, text, interaction=None):
        self.sudo().write(  # nobody writes notices by hand
            {
                "told_by_id": self.env.uid,
                "told_channel_id": channel_id,
                "evidence": text,
                "interaction_id": interaction and interaction.id,
                "retry_on": False,
            }
        )

    def action_untell(self, reason=None):
        """Take back that the person was told by hand: it was recorded by mistake.

        The contact that was logged stays; what was recorded goes into a note.

        :param reason: the mistake, as it stays on record
        """
        self.check_access("read")
        for notice in self:
            request = notice.request_id
            request._check_role(frozenset([flow.MANAGER]))
            if says_nothing(reason):
                raise UserError(self.env._("Write the reason."))
            if not notice.told_by_id:
                raise UserError(self.env._("Nobody was told this notice by hand."))
            request._message_log(
                body=self.env._(
                    "Not told by hand after all: %(reason)s (recorded by %(user)s, "
                    "%(channel)s: %(evidence)s)",
                    reason=reason.strip(),
                    user=notice.told_by_id.name,
                    channel=notice.told_channel_id.display_name,
                    evidence=notice.evidence,
                )
            )
            notice._mark_told(False, False)
            notice.sudo().told_by_id = False  # nobody writes notices by hand
        self.sudo()._send_hand()
        return True

    def _end_asking(self, channel_id, text):
        """Close the open rating notices among these: the person has rated."""
        asked = self.filtered(
            lambda notice: (
                notice.event == "rating" and notice.state in ("waiting", "failed")
            )
        )
        asked._mark_told(channel_id, text)
        asked._end_activities()

    def _check_told(self, channel_id, text):
        if self.stop_reason:
            raise UserError(self.stop_reason)
        if self.state not in ("waiting", "failed"):
            raise UserError(self.env._("This notice has already reached the person."))
        if says_nothing(text):
            sentence = self.env._("Write who was told, and what was said.")
            raise refusal(Problem(sentence, None, "text"))
        channels = self.request_id.company_id._get_beneficiary_policy()._get_channels()
        if channel_id not in channels.ids:
            sentence = self.env._("Choose a channel that the policy allows.")
            raise refusal(Problem(sentence, None, "channel_id"))

    # -- activities of officers --------------------------------------------------------

    def _ask_officers(self, summary):
        """Plan one activity per request: its officer or a manager tells the person.

        Nobody is asked to tell a person who has died: that notice is stopped.
        """
        requests = self._leave_out_the_dead().request_id
        asked = requests.activity_search([flow.NOTICE])
        fresh = requests.filtered(
            lambda request: request.id not in asked.mapped("res_id")
        )
        fresh._tell_office(flow.NOTICE, summary)

    def _end_activities(self, requests=None):
        """End the activities of requests that have nobody left to tell.

        :param requests: by default those of these notices
        """
        # The activity was planned for an officer, but a delegate may have told the
        # person.
        requests = (requests or self.request_id).sudo()
        requests.filtered(
            lambda request: (
                not any(notice._needs_officer() for notice in request.notice_ids)
            )
        ).activity_unlink([flow.NOTICE])

    def _needs_officer(self):
        """Whether an officer still has to deal with this notice."""
        self.ensure_one()
        if self.state == "failed":
            return not (self.retry_on or self._was_reached())
        return self.state == "waiting"
