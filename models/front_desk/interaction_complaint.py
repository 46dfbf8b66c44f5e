from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...rules import arabic, flow
from ...rules.evidence import says_nothing
from ..association.res_company_sequence import CONTACT
from ..mixins.refusal import Problem, refusal
from .interaction_news import RECENT_DAYS

# Kinds of contact that the association owes an answer (R27).
ANSWERED_KINDS = frozenset(["complaint", "dispute", "suggestion"])
ENQUIRY = "question"
# Only the moves write these fields: create, write, import and RPC refuse them.
ANSWER_FIELDS = frozenset(["answer_state", "answered_on", "answered_by_id", "number"])
# Content of the answer: it cannot be changed once the answer was given.
GIVEN_FIELDS = frozenset(
    [
        "answer",
        "answer_channel_id",
        "answer_letter_number",
        "answer_letter_date",
        "kind",
    ]
)
NOBODY = (False, SUPERUSER_ID)
ACTIVITY = "beneficiary_relations.mail_activity_type_answer"


class InteractionComplaint(models.Model):
    """The life of what the association owes an answer: owned, answered, closed (R27).

    That is a complaint, a dispute or a suggestion, and an enquiry that was not answered
    at once (R48). Each gets a number. A dispute is a complaint by any party:
    beneficiary, supporter or volunteer. The answer goes back through a channel, and is
    logged as a separate contact. The outcome of an enquiry answers it too, unless the
    person wrote it on the portal and reads the answer there.

    :Who may: the owner and managers answer, close and reopen the complaint, and make
        it confidential. Only they read a confidential complaint, with its messages
        and papers.
    :States: open -> answered -> closed; open again if the answer was not enough.
    """

    _inherit = "beneficiary.interaction"
    _next_depends = ("answer_state", "beneficiary_id", "kind", "request_id")

    number = fields.Char(
        readonly=True,
        copy=False,
        help="The number that the person is given, to ask about the answer.",
    )
    answer_state = fields.Selection(
        [("open", "Open"), ("answered", "Replied"), ("closed", "Closed")],
        string="Answer Status",
        compute="_compute_answer_state",
        store=True,
        precompute=True,
        copy=False,
        tracking=True,
    )
    owner_id = fields.Many2one(
        "res.users",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        copy=False,
        tracking=True,
        domain=lambda self: self._get_role_domain(flow.DELEGATE),
        help="The colleague who makes sure that the person gets an answer.",
    )
    answer_due_on = fields.Date(
        string="Answer Due",
        compute="_compute_answer_due_on",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_confidential = fields.Boolean(
        string="Confidential",
        copy=False,
        tracking=True,
        help="Only its owner and managers read it, with its messages and papers.",
    )
    answer = fields.Text(string="Reply", copy=False, help="What the person is told.")
    answer_channel_id = fields.Many2one(
        "beneficiary.channel", string="Answered Through", copy=False
    )
    answer_channel_is_letter = fields.Boolean(
        related="answer_channel_id.is_letter", string="Answered by Letter"
    )
    answer_letter_number = fields.Char(copy=False)
    answer_letter_date = fields.Date(copy=False, span="past")
    answered_on = fields.Datetime(string="Replied On", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", string="Replied By", readonly=True, copy=False
    )
    improvement_ids = fields.One2many(
        "beneficiary.improvement", "interaction_id", string="Improvements"
    )
    improvement_count = fields.Integer(compute="_compute_improvement_count")

    _answer_due = models.Index(
        "(company_id, answer_due_on) WHERE answer_state = 'open'"
    )

    # -- computed ----------------------------------------------------------------------

    @api.depends("kind", "direction", "outcome")
    def _compute_answer_state(self):
        for interaction in self:
            known = interaction._origin.answer_state
            interaction.answer_state = interaction._owes_answer() and (known or "open")

    @api.depends("kind", "direction", "outcome")
    def _compute_owner_id(self):
        """Somebody owns what is to be answered, until it is handed over."""
        for interaction in self:
            if interaction._owes_answer():
                owner = interaction.owner_id or interaction._get_first_owner()
                interaction.owner_id = owner
            elif not interaction._origin and not interaction.is_confidential:
                interaction.owner_id = False  # a form that is still being filled in

    @api.depends("kind", "direction", "outcome")
    def _compute_answer_due_on(self):
        for interaction in self:
            interaction.answer_due_on = interaction._owes_answer() and (
                interaction.answer_due_on or interaction._get_answer_day()
            )

    def _owes_answer(self):
        """Whether the association owes the person an answer (R27, R48).

        An enquiry that was answered at once, or long ago, is owed none.
        """
        self.ensure_one()
        if self.kind != ENQUIRY or self._origin.answer_state:
            return self.kind in (*ANSWERED_KINDS, ENQUIRY)
        company = self.company_id or self.env.company
        first = company._get_beneficiary_today() - timedelta(RECENT_DAYS)
        return (
            self.direction == "in"
            and arabic.is_blank(self.outcome or "")
            and self._get_contact_day() >= first
        )

    def _get_first_owner(self):
        """Return who owns a new contact: who took it, or the officer of the person."""
        user = self.kind == ENQUIRY and self._get_news_user()
        company = self.company_id or self.env.company
        is_able = user and user._has_part((flow.DELEGATE,), company)
        return user if is_able else self.officer_id

    def _get_answer_day(self, moment=None):
        """Return the day by which the association wants to have answered.

        :param moment: when it was asked (UTC); by default the time of the contact
        """
        company = self.company_id or self.env.company
        moment = moment or self.date or fields.Datetime.now()
        return company._get_beneficiary_due_day(moment, company.beneficiary_answer_days)

    @api.depends("answer_state", "answer_due_on")
    def _compute_is_overdue(self):
        for interaction in self:
            due = interaction.answer_state == "open" and interaction.answer_due_on
            interaction.is_overdue = bool(
                due and due < interaction.company_id._get_beneficiary_today()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("answer_state", "=", "open") & Domain(
            "answer_due_on", "<", self.env.company._get_beneficiary_today()
        )
        return late if True in value else ~late

    def _compute_improvement_count(self):
        counts = dict(
            self.env["beneficiary.improvement"]._read_group(
                [("interaction_id", "in", self.ids)], ["interaction_id"], ["__count"]
            )
        )
        for interaction in self:
            interaction.improvement_count = counts.get(interaction, 0)

    def _get_next_step(self):
        if self.answer_state in ("open", "answered"):
            return "answer" if self.answer_state == "open" else "close"
        if not self.beneficiary_id:
            return "file"
        return self.kind == "request" and not self.request_id and "request"

    # -- constraints -------------------------------------------------------------------

    @api.constrains("owner_id", "company_id", "branch_id", "beneficiary_id")
    def _check_owner(self):
        """An owner must have the right to write the contact, in order to answer."""
        # Contacts without an owner, or owned by the system (demo data), are skipped. So
        # are one's own: the rules say whether one may write them.
        skipped = (*NOBODY, self.env.uid)
        owned = self.filtered(lambda contact: contact.owner_id.id not in skipped)
        for (owner, company), contacts in owned.grouped(
            lambda contact: (contact.owner_id, contact.company_id)
        ).items():
            if not contacts._may(owner, company, "write"):
                raise ValidationError(
                    self.env._(
                        "%(owner)s cannot answer this. Choose a colleague of the "
                        "relations office who may read it.",
                        owner=owner.name,
                    )
                )

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_answer_vals(vals)
        clean = self._without_defaults(ANSWER_FIELDS)
        interactions = super(InteractionComplaint, clean).create(vals_list)
        interactions = interactions.with_env(self.env)
        interactions._restrict_readers()
        owed = interactions.filtered("answer_state")
        owed._draw_numbers()
        owed._schedule_answer()
        return interactions

    def write(self, vals):
        self._refuse_answer_vals(vals)
        if GIVEN_FIELDS & vals.keys():
            self._check_not_answered()
        if {"is_confidential", "owner_id"} & vals.keys():
            self._check_may_hand_over(vals)
        result = super().write(vals)
        if {"is_confidential", "owner_id"} & vals.keys():
            self._restrict_readers()
        if {"kind", "direction"} & vals.keys():
            self.filtered("answer_state")._draw_numbers()
        if {"kind", "direction", "owner_id", "answer_due_on"} & vals.keys():
            self._plan_answer()
        if not arabic.is_blank(str(vals.get("outcome") or "")):
            self._settle_enquiries()
        return result

    def _draw_numbers(self):
        """Give a number to those of these contacts that have none."""
        new = self.filtered(lambda contact: not contact.number)
        for company, contacts in new.grouped("company_id").items():
            sequences = self.env["ir.sequence"].with_company(company)
            numbers = sequences._next_by_code_batch(CONTACT, len(contacts))
            for contact, number in zip(contacts, numbers, strict=True):
                contact._write_answer({"number": number})

    def _settle_enquiries(self):
        """Note that open enquiries were answered by what their outcome says."""
        settled = self.filtered(
            lambda contact: (
                contact.kind == ENQUIRY
                and contact.answer_state == "open"
                and not contact.asked_by_id
            )
        )
        if settled:
            settled._write_answer(settled._prepare_answered_vals())
            settled.sudo().activity_feedback([ACTIVITY])

    def _prepare_answered_vals(self):
        return {
            "answer_state": "answered",
            "answered_on": fields.Datetime.now(),
            "answered_by_id": self.env.uid,
        }

    @api.model
    def _refuse_answer_vals(self, vals):
        if ANSWER_FIELDS & vals.keys():
            raise UserError(
                self.env._("An answer is recorded with the button “Record the Reply”.")
            )

    def _write_answer(self, vals):
        """Write the fields of an answer past :meth:`write`, which refuses them."""
        return super().write(vals)

    def _check_not_answered(self):
        if any(contact.answer_state in ("answered", "closed") for contact in self):
            raise UserError(
                self.env._("This was already answered. Reopen it to change the answer.")
            )

    # -- who may read ------------------------------------------------------------------

    def _may(self, user, company, operation):
        """Whether ``user`` may do ``operation`` on these contacts in ``company``."""
        return company in user.company_ids and self.with_user(user).with_context(
            allowed_company_ids=company.ids
        ).has_access(operation)

    def _is_open_to(self, user):
        """Whether ``user`` may know the content of this contact."""
        self.ensure_one()
        return (
            not self.is_confidential
            or self.owner_id == user
            or user.has_group("beneficiary_relations.group_manager")
        )

    def _check_may_hand_over(self, vals):
        """Raise unless the acting user may decide who reads these contacts.

        The owner and managers make a complaint confidential, or end that. Only
        managers hand over a confidential complaint.
        """
        user = self.env.user
        if self.env.su or user.has_group("beneficiary_relations.group_manager"):
            return
        for interaction in self:
            turned = vals.get("is_confidential", interaction.is_confidential)
            if turned != interaction.is_confidential and interaction.owner_id != user:
                raise AccessError(
                    self.env._(
                        "Only the owner or a manager can make a complaint "
                        "confidential, or end that."
                    )
                )
            owner_id = vals.get("owner_id", interaction.owner_id.id)
            if turned and owner_id != interaction.owner_id.id:
                raise AccessError(
                    self.env._("Only managers hand over a confidential complaint.")
                )

    def _restrict_readers(self):
        """Keep out everybody who may not read a confidential contact.

        Its follow-up contacts become confidential too. Followers who may not read it
        are removed, because followers get its messages by mail.
        """
        confidential = self.sudo().filtered("is_confidential")
        for interaction in confidential:
            barred = interaction.message_partner_ids.filtered(
                lambda partner, contact=interaction: (
                    not any(map(contact._is_open_to, partner.user_ids))
                )
            )
            interaction.message_unsubscribe(barred.ids)
            following = interaction.follow_up_ids.filtered(
                lambda contact, origin=interaction: (
                    not contact.is_confidential or contact.owner_id != origin.owner_id
                )
            )
            following.write(
                {"is_confidential": True, "owner_id": interaction.owner_id.id}
            )

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        result = super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        self._restrict_readers()
        return result

    # -- moves -------------------------------------------------------------------------

    def action_answer(self):
        """Record that the person was answered, and log the answer as a contact.

        :raise UserError: when the complaint is not open, or when the answer or its
            channel is missing
        """
        self._check_answerer()
        for interaction in self:
            interaction._check_state("open")
            if problems := interaction._get_answer_problems():
                raise refusal("\n".join(problems), problems)
        self.create([interaction._prepare_answer_vals() for interaction in self])
        self._write_answer(self._prepare_answered_vals())
        self.activity_feedback([ACTIVITY])
        self._tell_answer()
        return True

    def _get_answer_problems(self):
        """Return sentences about what the record of the answer still lacks."""
        self.ensure_one()
        problems = []
        if says_nothing(self.answer):
            sentence = self.env._("Write the answer that the person was given.")
            problems.append(Problem(sentence, self, "answer"))
        if not self.answer_channel_id:
            sentence = self.env._(
                "Choose the channel on which the person was answered."
            )
            problems.append(Problem(sentence, self, "answer_channel_id"))
        elif self.answer_channel_id.is_letter and not (
            self.answer_letter_number and self.answer_letter_date
        ):
            sentence = self.env._("Write the number and the date of the letter.")
            names = ("answer_letter_number", "answer_letter_date")
            problems.append(Problem(sentence, self, *names))
        return problems

    def action_close(self):
        """Close an answered complaint: no answer is owed any more."""
        self._check_answerer()
        for interaction in self:
            interaction._check_state("answered")
        return self._write_answer({"answer_state": "closed"})

    def action_reopen(self):
        """Reopen the complaint: the answer was not enough, and a new one is owed."""
        self._check_answerer()
        for interaction in self:
            interaction._check_state("answered", "closed")
        self._reopen()
        self._plan_answer()
        return True

    def _reopen(self):
        self._write_answer(
            {"answer_state": "open", "answered_on": False, "answered_by_id": False}
        )

    def _check_answerer(self):
        self.check_access("write")
        user = self.env.user
        if not user.has_group("beneficiary_relations.group_manager") and any(
            interaction.owner_id != user for interaction in self
        ):
            raise AccessError(self.env._("Only the owner or a manager can do this."))

    def _check_state(self, *states):
        self.ensure_one()
        if self.answer_state not in states:
            raise UserError(
                self.env._("“%(subject)s” is not at this step.", subject=self.subject)
            )

    def _prepare_answer_vals(self):
        """Return the values of the contact in which the person was answered."""
        return {
            **self._prepare_follow_up_vals(),
            "channel_id": self.answer_channel_id.id,
            "letter_number": self.answer_letter_number,
            "letter_date": self.answer_letter_date,
            "outcome": self.answer,
            "words": self.answer,
        }

    def _plan_answer(self, summary=None):
        """Plan one activity for the owner to answer, and delete all earlier ones.

        :param summary: the news in words, a function as :meth:`_tell_of_news` takes it
        """
        self.activity_unlink([ACTIVITY])
        self._schedule_answer(summary)

    def _schedule_answer(self, summary=None):
        for interaction in self.filtered(
            lambda contact: contact.answer_state == "open" and contact.owner_id
        ):
            interaction.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY,
                date_deadline=interaction.answer_due_on,
                user_id=interaction.owner_id.id,
                **interaction._prepare_summary(summary),
            )

    def _prepare_summary(self, summary):
        if not summary:
            return {}
        lang = self.owner_id.lang
        return {"summary": summary(self.with_context(lang=lang).env)}

    def action_improve(self):
        """Begin an improvement that comes from this complaint or suggestion (R31)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.improvement_action"
        )
        action["context"] = {
            "default_interaction_id": self.id,
            "default_name": self.subject,
            "default_company_id": self.company_id.id,
        }
        action["domain"] = [("interaction_id", "=", self.id)]
        if not self.improvement_count:
            action["views"] = [(False, "form")]
        return action
