from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...rules import flow
from .interaction_complaint import ENQUIRY

# What a person may write about on the portal, in the order in which it is offered.
PORTAL_KINDS = (ENQUIRY, "suggestion", "complaint", "dispute")
# A complaint is not answered by the officer of the file: it may be about them.
MANAGED_KINDS = frozenset(["complaint", "dispute"])
# What the portal alone writes.
SENT_FIELDS = frozenset(["asked_by_id", "sent_file_ids"])
LONGEST_SUBJECT = 120
LONGEST_WORDS = 5000
# How often one account may write within a day.
MOST_A_DAY = 20


class InteractionPortal(models.Model):
    """What a person writes to the association on the portal, and reads (R27, R48).

    Portal users have no rights on contacts. Controllers call the ``_portal_*`` methods,
    which find the contacts of the user's own files and act as superuser. The page shows
    what the person wrote and was answered, and no note of the office: neither the
    outcome nor the subject of a contact that was logged at the desk for itself.
    """

    _name = "beneficiary.interaction"
    _inherit = [
        "beneficiary.interaction",
        "beneficiary.told.mixin",
        "beneficiary.voice.mixin",
    ]

    words = fields.Text(
        copy=False, help="What the person wrote, or was answered: they read it too."
    )
    asked_by_id = fields.Many2one(
        "res.users",
        string="Written By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The account on the portal that wrote this.",
    )
    sent_file_ids = fields.Many2many(
        "ir.attachment",
        "beneficiary_interaction_sent_file_rel",
        string="Files Sent",
        readonly=True,
        copy=False,
        help="Photos and PDFs that the person sent with this.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_asked_by(vals_list)
        clean = self._without_defaults(SENT_FIELDS)
        contacts = super(InteractionPortal, clean).create(vals_list)
        for contact in contacts.filtered("sent_file_ids"):
            # Who may read the contact may read them.
            contact.sent_file_ids.write({"res_model": self._name, "res_id": contact.id})
        return contacts.with_env(self.env)

    def write(self, vals):
        self._refuse_asked_by([vals])
        if "words" in vals and any(self.mapped("words")):
            raise UserError(
                self.env._("What was written stays as it is. Add a contact instead.")
            )
        return super().write(vals)

    @api.model
    def _refuse_asked_by(self, vals_list):
        is_claimed = any(SENT_FIELDS & vals.keys() for vals in vals_list)
        if is_claimed and self.env.uid != SUPERUSER_ID:
            raise UserError(self.env._("What came from the portal is not typed in."))

    # -- what the person reads ---------------------------------------------------------

    @api.model
    def _portal_domain(self):
        """Return the domain of the contacts that the user may see on the portal.

        A confidential one is shown only to the account that wrote it: not to a
        guardian, whom it may be about.
        """
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        return (
            Domain("beneficiary_id", "in", files.ids)
            & Domain("party_kind", "=", "beneficiary")
            & (
                Domain("is_confidential", "=", False)
                | Domain("asked_by_id", "=", self.env.uid)
            )
        )

    @api.model
    def _portal_list_domain(self):
        """Return the domain of the list: answers stand on the page of their contact."""
        return self._portal_domain() & (
            Domain("origin_id", "=", False) | Domain("words", "=", False)
        )

    @api.model
    def _portal_find(self, contact_id):
        """Return the user's own contact with a page, as superuser, or an empty one."""
        return self.sudo().search(
            self._portal_domain()
            & Domain("id", "=", contact_id)
            & Domain("number", "!=", False)
        )

    def _portal_get_lines(self):
        """Return what the list shows of these contacts, as a list of dicts."""
        return [
            {
                "date": contact._portal_format_moment(contact.date),
                "kind": contact._get_label("kind"),
                # What the desk wrote for itself is no word to the person.
                "subject": contact.number and contact.subject,
                "number": contact.number,
                "name": contact.beneficiary_id.name,
                "channel": contact.policy_id._get_channel_name(contact.channel_id),
                "is_incoming": contact.direction == "in",
                "url": contact.number and contact._get_portal_path(),
                "status": contact._portal_get_status(),
            }
            for contact in self.sudo()
        ]

    def _portal_get_status(self):
        """Return label, colour, icon and turn of what is owed an answer, else None."""
        self.ensure_one()
        return {
            "open": {
                "label": self.env._("We are working on the answer"),
                "colour": "light",
                "icon": "fa-hourglass-half",
                "turn": "office",
            },
            "answered": {
                "label": self.env._("Answered"),
                "colour": "light",
                "icon": "fa-check",
                "turn": "",
            },
            "closed": {
                "label": self.env._("Closed"),
                "colour": "light",
                "icon": "fa-archive",
                "turn": "",
            },
        }.get(self.answer_state)

    def _portal_get_page(self):
        """Return the values of the page of this contact."""
        self.ensure_one()
        contact = self.sudo()
        said = (contact | contact.follow_up_ids).sorted(lambda one: (one.date, one.id))
        answers = said.filtered(lambda one: one.words and one.direction == "out")
        return {
            "status": contact._portal_get_status(),
            "kind": contact._get_label("kind"),
            "due_on": contact.answer_state == "open"
            and self._format_both(contact.answer_due_on),
            "said": [
                {
                    "is_own": one.direction == "in",
                    "date": one._portal_format_moment(one.date),
                    "words": one.words,
                    "files": one.sent_file_ids.mapped("name"),
                }
                for one in said
                if one.words
            ],
            # The desk answered in person, and its notes are its own.
            "is_told": contact.answer_state in ("answered", "closed") and not answers,
            "can_add": contact.answer_state in ("open", "answered"),
        }

    def _portal_format_moment(self, moment):
        """Return a moment (UTC) as the person reads it, in the association's time."""
        return self._format_both(self._get_local_day(moment))

    def _get_portal_path(self):
        return f"/my/contacts/{self.id}"

    # -- what the person writes --------------------------------------------------------

    @api.model
    def _portal_get_offers(self):
        """Return the files for which the user may write, as superuser."""
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        return files.sudo().filtered(
            lambda file: self._portal_get_channel(file.company_id)
        )

    @api.model
    def _portal_get_kinds(self):
        """Return what the user may write, as pairs of value and words."""
        words = {
            ENQUIRY: self.env._("I have a question"),
            "suggestion": self.env._("I have a suggestion"),
            "complaint": self.env._("I have a complaint"),
            "dispute": self.env._("I dispute a decision or an answer"),
        }
        return [(kind, words[kind]) for kind in PORTAL_KINDS]

    @api.model
    def _portal_get_channel(self, company):
        policy = company._get_beneficiary_policy().sudo()
        return policy._get_channels().filtered("is_portal")[:1]

    @api.model
    def _portal_get_requests(self):
        """Return the requests that the user may write about, as superuser."""
        requests = self.env["beneficiary.request"]
        return requests.sudo().search(requests._portal_domain(), limit=50)

    @api.model
    def _portal_write_to_office(self, file, values, key=None):
        """Log what the acting portal user writes to the association (R7, R27, R48).

        :param file: a file that the user may act for
        :param values: ``kind``, ``subject``, ``words``, ``request_id``, ``files`` and
            ``is_confidential``; nothing else is used
        :param key: the key of the form; a form that arrives again logs nothing
        :return: the contact, as superuser
        :raise AccessError: when the user may not act for the file
        :raise UserError: when something is missing, too long or too often
        """
        if file not in self._portal_get_offers():
            raise AccessError(self.env._("This file is not yours."))
        if values["kind"] not in PORTAL_KINDS:
            raise UserError(self.env._("Choose what you want to write."))
        about = self._portal_get_requests().filtered(
            lambda one: (
                one.id == values.get("request_id") and one.beneficiary_id.id == file.id
            )
        )
        vals = {
            "kind": values["kind"],
            "subject": self._portal_read_words(values["subject"], LONGEST_SUBJECT),
            "words": self._portal_read_words(values["words"]),
            "sent_file_ids": self._portal_read_files(values.get("files")),
            "request_id": about.id,
            "is_confidential": bool(values.get("is_confidential"))
            and values["kind"] in MANAGED_KINDS,
            "channel_id": self._portal_get_channel(file.sudo().company_id).id,
            **self._portal_prepare_vals(file.sudo(), values["kind"]),
        }
        return self._portal_make(vals, key, self._portal_check_often)

    def _portal_add(self, words, key=None, files=()):
        """Add to what the user wrote; what was answered is open again (R48).

        :param words: what the person adds
        :param files: pairs of name and content (base64), photos and PDFs
        :param key: the key of the form, as in :meth:`_portal_write_to_office`
        """
        contact = self.sudo()
        if contact not in self._portal_find(contact.id):
            raise AccessError(self.env._("This is not yours."))
        if self._portal_is_known(key):
            return contact
        if not contact._portal_get_page()["can_add"]:
            raise UserError(
                self.env._("This is closed. Write to us anew, and name its number.")
            )
        vals = {
            **contact._prepare_follow_up_vals(),
            "direction": "in",
            "channel_id": self._portal_get_channel(contact.company_id).id,
            "delegate_id": False,
            "words": self._portal_read_words(words),
            "sent_file_ids": self._portal_read_files(files),
            "asked_by_id": self.env.uid,
            "officer_id": contact._portal_get_office().id,
        }
        self._portal_make(vals, key, self._portal_check_often)
        office = contact.with_user(SUPERUSER_ID)
        if contact.answer_state == "answered":
            office._reopen()
            office.answer_due_on = office._get_answer_day(fields.Datetime.now())
        office._plan_answer(lambda env: env._("The person wrote more"))
        return contact

    @api.model
    def _portal_read_words(self, text, longest=LONGEST_WORDS):
        refusal = self.env._("Write what you want to tell us.")
        return self._portal_read(text, longest, refusal)

    @api.model
    def _portal_read_files(self, files):
        """Return the commands that keep the files of a form, cleaned."""
        prepared = self.env["beneficiary.upload.mixin"]._prepare_files(files or [])
        return [Command.create(vals) for vals in prepared]

    @api.model
    def _portal_prepare_vals(self, file_sudo, kind):
        company = file_sudo.company_id
        officer = file_sudo.officer_id
        if kind in MANAGED_KINDS:
            officer = company._get_beneficiary_manager()
        officer = self._portal_choose_officer(officer, company)
        return {
            "beneficiary_id": file_sudo.id,
            "company_id": company.id,
            "party_kind": "beneficiary",
            "direction": "in",
            "asked_by_id": self.env.uid,
            "officer_id": officer.id,
            "owner_id": officer.id,
        }

    def _portal_get_office(self):
        """Return the colleague to whom this contact goes."""
        return self._portal_choose_officer(self.owner_id, self.company_id)

    @api.model
    def _portal_choose_officer(self, officer, company):
        """Return ``officer``, or who stands in for one who has left."""
        if officer and officer._has_part((flow.DELEGATE,), company):
            return officer
        return company._get_beneficiary_mail_officer()

    def _portal_check_often(self):
        """Raise if the acting user has written too often within a day."""
        day_ago = fields.Datetime.now() - timedelta(days=1)
        written = self.sudo().search_count(
            [("asked_by_id", "=", self.env.uid), ("date", ">=", day_ago)],
            limit=MOST_A_DAY,
        )
        if written >= MOST_A_DAY:
            raise UserError(
                self.env._(
                    "You have written many times today. Call the association, or write "
                    "again tomorrow."
                )
            )

    # -- what the person is told -------------------------------------------------------

    def _tell_answer(self):
        """Tell people with a page that the answer stands there (R48).

        Others were told on the channel of the answer. News of a confidential complaint
        do not go to a guardian, whom it may be about.
        """
        for contact in self.sudo():
            file = contact.beneficiary_id
            is_for_guardian = contact.is_confidential and file._get_guardians()
            if file._get_portal_users() and not is_for_guardian:
                contact._tell_person("answer")

    def _get_told_words(self, event):
        return (
            self.env._(
                "There is an answer to %(number)s. %(association)s",
                number=self.number,
                association=self.company_id.name,
            ),
            self.env._(
                "We have answered what you wrote to us under the number %(number)s. "
                "Read the answer on your page; there you can also add to it.",
                number=self.number,
            ),
            self.env._("Read the answer"),
        )
