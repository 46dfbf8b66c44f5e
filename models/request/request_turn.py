from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import flow
from ...rules.flow import PORTAL_NEWS

# Look of each status on the portal: a Bootstrap colour and a Font Awesome icon.
STATUS_LOOKS = {
    "draft": ("secondary", "fa-pencil"),
    "complete": ("warning", "fa-hand-o-right"),
    "reopened": ("info", "fa-refresh"),
    "submitted": ("info", "fa-inbox"),
    "completed": ("info", "fa-inbox"),
    "verified": ("primary", "fa-check-square-o"),
    "sign": ("warning", "fa-pencil-square-o"),
    "declared": ("info", "fa-file-text-o"),
    "in_review": ("info", "fa-users"),
    "accepted": ("success", "fa-check-circle"),
    "registered": ("success", "fa-check-circle"),
    "planned": ("success", "fa-calendar"),
    "receive": ("warning", "fa-pencil-square-o"),
    "delivered": ("success", "fa-gift"),
    "rejected": ("danger", "fa-times-circle"),
    "closed": ("secondary", "fa-archive"),
    "cancelled": ("secondary", "fa-ban"),
}
# Statuses in which the person does the next step; in these others nobody does.
PERSON_TURN = frozenset(["draft", "complete", "sign", "receive"])
NOBODY_TURN = frozenset(["delivered", "rejected", "closed", "cancelled"])


class RequestTurn(models.Model):
    """Where a request stands, and whose turn it is (R26).

    This is the one answer for the list, the page, the home page, e-mails, text messages
    and WhatsApp. All words depend on ``portal_state``. Until the reply leaves, they are
    the same whether the committee accepted, rejected or has not decided yet (R21).
    """

    _inherit = "beneficiary.request"

    completed_on = fields.Datetime(
        string="Completed by the Applicant On",
        readonly=True,
        copy=False,
        help="When the applicant said that all that was asked for is given.",
    )

    def _portal_get_status(self, missing=None):
        """Return where this request stands; see :meth:`_portal_get_statuses`.

        :param missing: what is still missing, if it is at hand
        """
        self.ensure_one()
        return self._portal_get_statuses(missing)[self.id]

    def _portal_get_statuses(self, missing=None):
        """Return where each of these requests stands, in the language of ``self``.

        :param missing: what is still missing of one request, if it is at hand
        :return: ``{id: dict}`` with ``code``, ``label`` and ``text`` (in words),
            ``colour`` and ``icon``, ``turn`` (``person``, ``office`` or empty) and
            ``turn_text`` (in words)
        """
        words = self._get_status_words()
        turns = {
            "person": self.env._("It is your turn"),
            "office": self.env._("It is with the association"),
            "": "",
        }
        statuses = {}
        # Applicants may read only a few fields of their requests.
        requests = self.sudo()
        # Only of these is asked what is missing: answers and papers of the others on
        # the page are not read with theirs.
        preparing = requests.filtered(lambda one: one.portal_state == "submitted")
        codes = {
            one.id: one._get_status_code(missing)
            for some in (preparing, requests - preparing)
            for one in some.with_prefetch()
        }
        for request in requests:
            code = codes[request.id]
            label, text = words[code]
            colour, icon = STATUS_LOOKS[code]
            turn = (
                "person"
                if code in PERSON_TURN
                else ""
                if code in NOBODY_TURN
                else "office"
            )
            if code == "complete" and not request.note_to_applicant:
                text = self.env._("See what is still missing, and send it.")
            elif code == "planned":
                text = request._portal_get_planned_text()
            statuses[request.id] = {
                "code": code,
                "label": label,
                "text": text,
                "colour": colour,
                "icon": icon,
                "turn": turn,
                "turn_text": turns[turn],
            }
        return statuses

    def _get_status_words(self):
        """Return ``{code: (label, text)}`` of :data:`STATUS_LOOKS`."""
        needs_signature = self.env._("Your signature is needed")
        checking = self.env._("We are checking your information and your papers.")
        return {
            "draft": (
                self.env._("Not sent yet"),
                self.env._("Complete your request, then send it."),
            ),
            "complete": (
                self.env._("Needs completing"),
                self.env._("Read what is asked of you, and send it."),
            ),
            "reopened": (
                self.env._("Reopened"),
                self.env._("Your request is studied again."),
            ),
            "submitted": (self.env._("Received"), checking),
            "completed": (
                self.env._("Completed by you"),
                self.env._("We have been told, and check what you gave."),
            ),
            "verified": (
                self.env._("Checked"),
                self.env._("Your information and your papers are in order."),
            ),
            "sign": (
                needs_signature,
                self.env._("Read the declaration and sign it."),
            ),
            "declared": (
                self.env._("Declaration signed"),
                self.env._("Your request goes to the research committee next."),
            ),
            "in_review": (
                self.env._("Before the committee"),
                self.env._("The research committee is studying your request."),
            ),
            "accepted": (
                self.env._("Accepted"),
                self.env._("Your request was accepted. Its registration comes next."),
            ),
            "registered": (
                self.env._("Registered"),
                self.env._("Your request was registered. Delivery comes next."),
            ),
            "planned": (self.env._("Delivery planned"), ""),
            "receive": (
                needs_signature,
                self.env._("Sign that you received what was handed over to you."),
            ),
            "delivered": (
                self.env._("Delivered"),
                self.env._("You have received what was granted."),
            ),
            "rejected": (
                self.env._("Not accepted"),
                self.env._("Your request was not accepted. Read the reason."),
            ),
            "closed": (self.env._("Closed"), self.env._("This request is finished.")),
            "cancelled": (
                self.env._("Cancelled"),
                self.env._("This request is not studied any more."),
            ),
        }

    def _get_status_code(self, missing=None):
        """Return the code of where this request stands, of :data:`STATUS_LOOKS`.

        :param missing: what is still missing, if it is at hand
        """
        state = self.portal_state
        if state == "draft":
            return "complete" if self.note_to_applicant else "draft"
        if state == "submitted":
            return self._get_preparing_code(missing)
        if state == "verified" and self._waits_for_signature():
            return "sign"
        if state in flow.CLOSED:
            return state
        return self._portal_get_delivery_code() or state

    def _get_preparing_code(self, missing=None):
        """Return where a request stands that was sent and is not verified yet."""
        if self.completed_on:
            return "completed"
        is_reopened = self._is_just_reopened()
        if self.note_to_applicant and not is_reopened:
            return "complete"
        if missing is None:
            missing = any(self._portal_find_missing())  # one is enough to know
        if missing:
            return "complete"
        return "reopened" if is_reopened else "submitted"

    def _waits_for_signature(self):
        """Whether the declaration of this request waits for its signature (R16)."""
        return (
            self.state == "verified"
            and self.policy_id._has_step("declare")
            and self.beneficiary_id._can_sign()
        )

    @api.model
    def _portal_get_waiting(self, files):
        """Return what waits for the acting user on their requests.

        :param files: the files that the user follows, as superuser
        :return: list of dicts: ``text`` (a sentence), ``url``, ``button`` (its words)
            and ``date`` (since when it waits, in UTC, or False)
        """
        ended = tuple(NOBODY_TURN)
        requests = self.search(
            self._portal_domain(files) & Domain("portal_state", "not in", ended)
        )
        buttons = {
            "draft": self.env._("Complete and send"),
            "complete": self.env._("See what is asked"),
            "sign": self.env._("Read and sign"),
            "receive": self.env._("Sign the receipt"),
        }
        return super()._portal_get_waiting(files) + [
            {
                "text": self.env._(
                    "Request %(number)s, %(service)s: %(status)s. %(text)s",
                    number=request.name,
                    service=request.service_id.name,
                    status=status["label"],
                    text=status["text"],
                ),
                "url": request.access_url,
                "button": buttons[status["code"]],
                "date": request.submitted_on,
            }
            for request, status in zip(
                requests.sudo(), requests._portal_get_statuses().values(), strict=True
            )
            if status["turn"] == "person"
        ]

    # -- "I have completed it" ---------------------------------------------------------

    def _portal_get_actions(self, missing=None):
        """Let a person say that all that was asked for is given.

        A draft that came back is sent again instead.
        """
        actions = super()._portal_get_actions(missing)
        if self.sudo()._is_asked(missing):
            actions.add("complete")
        return actions

    def _is_asked(self, missing=None):
        """Whether the applicant is asked to complete this request, which was sent.

        :param missing: what is still missing, if it is at hand
        """
        is_sent = self.state == "submitted"
        return is_sent and self._get_status_code(missing) == "complete"

    def _portal_complete(self):
        """Take the applicant's word that all that was asked for is given (R21).

        If nothing is missing any more, the pause of the period ends. An officer checks
        the same day what was given, and ends the pause or returns the request. The same
        word again changes nothing.

        :raise AccessError: when the request is not the acting user's
        :raise UserError: when nothing is asked of the applicant
        """
        self._portal_check()
        request = self.sudo()
        if request.state == "submitted" and request.completed_on:
            return
        self._portal_check("complete")
        request._mark_completed()
        # A plan to look at an earlier paper may still be open: this word is new.
        request.activity_unlink([PORTAL_NEWS])
        self._portal_tell_office(
            lambda env: env._("The applicant says that the request is complete: check")
        )

    def _portal_upload(self, document_type, front=None, back=None):
        """The last paper that was missing completes a request by itself."""
        request = self.sudo()
        was_asked = request._is_asked()
        document = super()._portal_upload(document_type, front, back)
        if was_asked:
            request._complete_if_given()
        return document

    def _complete_if_given(self):
        """Mark this request as completed if nothing is missing any more."""
        if not self._portal_get_missing():
            self._mark_completed()

    def action_resume(self):
        result = super().action_resume()
        self.sudo()._write_flow({"completed_on": fields.Datetime.now()})
        return result

    def _mark_completed(self):
        self._write_flow({"completed_on": fields.Datetime.now()})
        self.notice_ids._drop_needless()
        if not self._portal_get_missing():
            self._resume_clock()

    # -- WhatsApp ----------------------------------------------------------------------

    def _get_whatsapp_text(self):
        """Return the text for the applicant; it reveals no decision still held."""
        file = self.beneficiary_id
        translated = self.with_context(lang=file.lang)
        status = translated._portal_get_status()
        return translated.env._(
            "Peace be upon you, %(name)s. This is %(association)s about your request "
            "%(number)s. %(status)s: %(text)s Your request: %(link)s",
            name=file.name,
            association=self.company_id.sudo().name,
            number=self.name,
            status=status["label"],
            text=status["text"],
            link=self._get_portal_link(),
        )

    def _get_stand(self):
        """Return where this request stands, in two short sentences, for messages."""
        status = self._portal_get_status()
        return f"{status['label']}. {status['text']}"

    def _get_portal_link(self):
        """Return the whole address of this request's page on the portal."""
        return f"{self.get_base_url()}{self.access_url}"
