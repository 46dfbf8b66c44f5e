from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import hmac

# The events that applicants are told of, with labels for staff. A new event needs one
# line here, and a ``mail_template_<event>`` and an ``sms_template_<event>`` in
# ``data/``.
EVENTS = {
    "review_notice": "Committee and Period",
    "papers": "Papers or Information Missing",
    "returned": "Returned for Completion",
    "reopened": "Reopened for a New Study",
    "sign": "Declaration to Sign",
    "reply": "Reply",
    "letter": "Letter Corrected",
    "cancelled": "Cancelled by the Office",
    "planned": "Delivery Planned",
    "receipt": "Receipt to Sign",
    "rating": "Service to Rate",
}
# Odoo's status of a notification, and our state for it.
CARRIER_STATES = {
    "ready": "queued",
    "process": "queued",
    "pending": "sent",
    "sent": "delivered",
    "bounce": "failed",
    "exception": "failed",
    "canceled": "failed",
}
# Events of which nobody is told by hand: the office sees this on the request anyway.
NEVER_BY_HAND = frozenset(["papers"])
# States in which the person was reached, as far as we know.
REACHED = ("sent", "delivered", "told")


class Notice(models.Model):
    """One message to an applicant: an event of a round, on a channel, once (R20, R22).

    What can happen several times in a round, as each delivery, has an occasion of its
    own. A notice is taken back if what it asks for is done before it left.

    The unique index makes "once" exact. E-mails and text messages leave through Odoo's
    own queues, each with its own identifier. Odoo's notification holds the status of
    each message, and this record follows that status. If no electronic message can
    reach a person, an officer tells the person and writes down how: that is the proof.

    :Who may: officers, delegates of the branch and auditors read; nobody writes by
        hand. Officers send failed notices again; the front desk logs that a person was
        told.
    :States: queued -> sent -> delivered (if the carrier says so), or failed ->
        queued again; waiting (for an officer) -> told. A failed one may be told too.
        All that are not sent yet -> stopped, if the person has died.
    :Parts: a file each, beside this one
        ``notice_email``: the e-mail
        ``notice_sms``: the text message
        ``notice_hand``: telling by hand
        ``notice_retry``: failed notices, sent again
        ``notice_pending``: notices that a person has to look after
        ``notice_stop``: notices that are not sent any more
    """

    _name = "beneficiary.notice"
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.next.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.each.mixin",
        "beneficiary.mixin",
    ]
    _description = "Notice to the Applicant"
    _follows_request = True
    _order = "id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    officer_id = fields.Many2one(related="request_id.officer_id")
    event = fields.Selection(list(EVENTS.items()), required=True)
    round = fields.Integer(required=True, aggregator=None)
    occasion = fields.Char(
        required=True,
        default="0",
        help="Which of several such events in one round it is.",
    )
    delivery_id = fields.Many2one(
        "beneficiary.delivery", index="btree_not_null", ondelete="cascade"
    )
    channel = fields.Selection(
        [("email", "E-mail"), ("sms", "Text Message"), ("hand", "By Hand")],
        required=True,
    )
    queued_on = fields.Datetime(required=True)
    mail_message_id = fields.Many2one(related="notification_id.mail_message_id")
    notification_id = fields.Many2one(
        "mail.notification", ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("queued", "In Queue"),
            ("sent", "Sent"),
            ("delivered", "Arrived"),
            ("failed", "Failed"),
            ("waiting", "To Be Told"),
            ("told", "Told by Hand"),
            ("stopped", "Stopped"),
        ],
        compute="_compute_state",
        store=True,
        precompute=True,
        copy=False,
    )
    sent_on = fields.Datetime(
        compute="_compute_state", store=True, precompute=True, copy=False
    )
    failure_reason = fields.Char(compute="_compute_failure_reason", compute_sudo=True)

    _once = models.Constraint(
        "UNIQUE (request_id, event, round, occasion, channel)",
        "This notice was already queued.",
    )
    _company_order = models.Index("(company_id, id DESC)")
    _open_order = models.Index(
        "(company_id, state, id DESC) WHERE state IN ('failed', 'waiting')"
    )

    _queued = models.Index("(retry_on, id) WHERE state = 'queued'")
    _asked_to_rate = models.Index("(request_id) WHERE event = 'rating'")

    @api.depends(
        "channel",
        "told_by_id",
        "stop_reason",
        "notification_id.notification_status",
    )
    def _compute_state(self):
        """Follow the carrier's status; if the notification is gone, keep the last one.

        If that last status was still "queued", the message never left: it failed. The
        same holds if the person was not told by hand after all.
        """
        for notice in self:
            status = notice.notification_id.notification_status
            if notice.told_by_id:
                state = "told"
            elif notice.stop_reason:
                state = "stopped"
            elif notice.channel == "hand":
                state = "waiting"
            elif status:
                state = CARRIER_STATES[status]
            elif notice.state in ("queued", "stopped", "told"):
                state = "failed"
            else:
                state = notice.state or "queued"
            if state == "delivered" and notice.channel == "email":
                state = "sent"  # nothing confirms that an e-mail was delivered
            notice.state = state
            notice.sent_on = state in REACHED and (
                notice.sent_on or fields.Datetime.now()
            )

    @api.depends(
        "state", "notification_id.failure_type", "notification_id.failure_reason"
    )
    @api.depends_context("lang")
    def _compute_failure_reason(self):
        labels = dict(
            self.env["mail.notification"]
            ._fields["failure_type"]
            ._description_selection(self.env)
        )
        for notice in self:
            failure = notice.notification_id
            words = failure.failure_type != "unknown" and labels.get(
                failure.failure_type
            )
            if notice.state == "failed" and not failure:
                words = self.env._("Its message was deleted from the queue.")
            elif not words and failure.notification_status == "canceled":
                words = self.env._("Its message was cancelled in the queue.")
            notice.failure_reason = words or failure.failure_reason

    # -- whose turn it is --------------------------------------------------------------

    @api.model
    def _get_waits_for_me_domain(self):
        """Return the domain of my notices that did not arrive, or are told by hand."""
        return self._get_is_mine_domain() & Domain("state", "in", ["failed", "waiting"])

    # -- the queue ---------------------------------------------------------------------

    @api.model
    def _queue(self, subjects, event):
        """Tell the applicants of ``subjects`` of ``event``, each on their own channels.

        Nothing is sent twice: a subject whose applicant was told of this event in this
        round is skipped.

        :param subjects: requests, or deliveries
        :param event: a key of :data:`EVENTS`
        :return: the new notices
        """
        subjects = subjects.sudo()  # nobody writes notices by hand
        places = {
            subject: subject._prepare_notice_vals(event)
            for subject in subjects
            if subject._needs_notice(event)
        }
        requests = self.env["beneficiary.request"].sudo()
        requests = requests.browse({vals["request_id"] for vals in places.values()})
        told = {
            (one.request_id.id, one.round, one.occasion)
            for one in requests.notice_ids
            if one.event == event
        }
        notices = self.sudo()._create_lines(  # as above
            [
                {
                    **vals,
                    "event": event,
                    "channel": channel,
                    "queued_on": fields.Datetime.now(),
                }
                for subject, vals in places.items()
                if (vals["request_id"], vals["round"], vals["occasion"]) not in told
                for channel in self._get_channels(subject.beneficiary_id, event)
            ]
        )
        notices._hand_to_carriers()
        return notices

    @api.model
    def _get_channels(self, file, event):
        """Return the channels on which the person of ``file`` is told of ``event``."""
        if file._is_deceased():
            return []
        channels = file._get_notice_channels()
        if event in NEVER_BY_HAND:
            channels = [channel for channel in channels if channel != "hand"]
        return channels

    def _hand_to_carriers(self):
        """Put new notices into Odoo's queues, or ask an officer, in batches."""
        for channel, notices in self.grouped("channel").items():
            getattr(notices, f"_send_{channel}")()

    def _get_template(self, kind):
        """Return the ``mail`` or ``sms`` template of the event of these notices."""
        (event,) = set(self.mapped("event"))
        template_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"beneficiary_relations.{kind}_template_{event}", raise_if_not_found=True
        )
        # The template reads the contact and the e-mail, which the user may not read.
        return self.env[f"{kind}.template"].sudo().browse(template_id)

    def _get_subject(self):
        """Return the record that the words of this notice are about."""
        self.ensure_one()
        return self.delivery_id or self.request_id

    def _with_secrets(self):
        """Return these notices with the secret links that only their messages hold.

        Staff read a notice in the conversation, and must not act in the person's name.
        """
        if set(self.mapped("event")) != {"rating"}:
            return self
        requests = self.request_id._with_rating_links()
        return self.with_context(requests.env.context)

    def _prepare_message_vals(self):
        """Return the values that the messages of both carriers have in common."""
        self.ensure_one()
        return {
            "model": "beneficiary.request",
            "res_id": self.request_id.id,
            "message_id": self._get_message_id(),
            # The association is the author, whichever user made the move.
            "author_id": self.company_id.partner_id.id,
            "is_internal": True,
            "record_company_id": self.company_id.id,
            "record_alias_domain_id": self.company_id.alias_domain_id.id,
        }

    def _get_message_id(self):
        """Return the Message-ID, which stays the same if the mail is made again.

        It must not be guessable: anybody who knows it could answer the notice.
        """
        self.ensure_one()
        domain = self.company_id.alias_domain_id.name or "localhost"
        secret = hmac(
            self.sudo().env,  # signed with the secret of the database
            "beneficiary.notice",
            self._get_message_key(),
        )
        return f"<{secret}@{domain}>"

    def _get_message_key(self):
        key = (self.request_id.id, self.event, self.round, self.channel)
        return key if self.occasion == "0" else (*key, self.occasion)

    def _was_reached(self):
        """Whether the person was told of this event in this round, on any channel."""
        self.ensure_one()
        return any(
            notice.state in REACHED and notice._get_happening() == self._get_happening()
            for notice in self.request_id.notice_ids
        )

    def _get_happening(self):
        """Return what tells apart the events that one person is told of."""
        return (self.request_id.id, self.event, self.round, self.occasion)
