from odoo import api, fields, models
from odoo.tools import format_date

from ...rules import flow
from ...rules.upload import CHOICES, MAX_FILE_MB, MOST_SENT_FILES

# States in which the timeline marks the next step of the policy. While the committee
# studies the request, the timeline marks no step: the reply comes next.
MOVING_STATES = {
    "draft",
    "submitted",
    "verified",
    "declared",
    "accepted",
    "registered",
}
# What the list asks of the files of its requests: the one who asks, and whether
# something is missing of a request that is not verified yet.
LISTED_OF_FILE = (
    "name",
    "company_id",
    "kind",
    "identity_type",
    "identity_number",
    "headcount",
    "phone",
)
ENDED_STATES = flow.CLOSED | {"rejected"}
# States in which the note to the applicant is still current.
NOTED_STATES = flow.EDITABLE | {"cancelled"}


# States in which the page does not look at all that is declared of the file.
UNDECLARED_STATES = flow.EDITABLE | flow.DECLARED | {"cancelled"}
# What the page of a request shows of other records, and the rules behind it ask.
READ_OF_OTHERS = {
    "service_id": ("name",),
    "policy_id": (
        "state",
        "audience",
        "company_id",
        "officer_title",
        "notice_text",
        "declaration_text",
        "review_mode",
        "review_days",
        "review_unit",
        "review_minimum_days",
    ),
}


class RequestPortalPage(models.Model):
    """What the applicant's pages say about a request, in plain words.

    Applicants may read only a few fields of their request, so these methods read it
    as superuser. All words depend on ``portal_state``. Until the reply leaves, the
    words are the same whether the committee accepted, rejected or has not decided
    yet (R21).
    """

    _inherit = "beneficiary.request"

    def _portal_get_lines(self):
        """Return what the list shows of these requests.

        :return: list of dicts: ``url``, ``service``, ``number``, ``day`` (on which it
            was sent, or ""), ``person`` and ``status``
        """
        requests = self.sudo()
        requests.service_id.fetch(["name"])
        requests.beneficiary_id.fetch(LISTED_OF_FILE)
        statuses = self._portal_get_statuses()
        days = requests._get_submission_days()
        return [
            {
                "url": request._get_portal_path(),
                "service": request.service_id.name,
                "number": request.name,
                "day": days.get(request.id, ""),
                "person": request.beneficiary_id.name,
                "status": statuses[request.id],
            }
            for request in requests
        ]

    def _get_submission_days(self):
        """Return ``{id: day in words}``: when each was submitted; drafts are left out.

        Dates are many, and days are few: each is put into words once.
        """
        days = {}
        for company, some in (
            self.filtered("submitted_on").grouped("company_id").items()
        ):
            here = some.with_context(tz=company._get_beneficiary_timezone())
            for request in here:
                moment = fields.Datetime.context_timestamp(here, request.submitted_on)
                days[request.id] = moment.date()
        words = {day: format_date(self.env, day) for day in {*days.values()}}
        return {request_id: words[day] for request_id, day in days.items()}

    def _portal_get_page(self):
        """Return the values that the page of this request shows, by name."""
        self.ensure_one()
        request = self.sudo()
        for name, names in READ_OF_OTHERS.items():
            request[name].fetch(names)
        if request.state in UNDECLARED_STATES:
            request.beneficiary_id.fetch((*LISTED_OF_FILE, "state", "currency_id"))
        request._get_document_types().fetch(["name", "sides", "identity_proof"])
        wanted = request._get_wanted_papers()
        missing = request._portal_get_missing(wanted)
        actions = self._portal_get_actions(missing)
        reply = self._portal_get_reply()
        waits = not reply and request.state not in flow.CLOSED
        note = request.state in NOTED_STATES and request.note_to_applicant
        return {
            "title": request.policy_id._word(self.env._("Support Request")),
            "person_label": request.policy_id._word(
                self.env._("Name of the beneficiary")
            ),
            "status": self._portal_get_status(missing),
            "note": note,
            "is_reopened": request._is_just_reopened(),
            "actions": actions,
            "missing": missing,
            "timeline": self._portal_get_timeline(),
            "papers": self._portal_get_papers(wanted),
            "reply": reply,
            "earlier_replies": self._portal_get_earlier_replies(),
            "appeal": request.appeal_id,
            "appeal_text": (request.appeal_id or "appeal" in actions)
            and request._portal_get_appeal_text(),
            "pause_text": (note or waits) and request._portal_get_pause_text(),
            "review_text": waits and request._portal_get_review_text(),
            "submitted_on": self._format_day(request.submitted_on),
            "declared_on": self._format_day(request.declaration_on),
            "declared_by": request._get_declarer_words(),
            "declaration": "sign" in actions and self._portal_get_declaration(),
            "can_print_declaration": "sign" in actions or request._stands_declared(),
        }

    def _portal_get_actions(self, missing=None):
        """Return the names of the actions that the applicant may take now.

        :param missing: what is still missing, if it is at hand
        """
        self.ensure_one()
        request = self.sudo()
        state = request.portal_state
        actions = set()
        if state == "draft":
            actions |= {"edit", "send"}
        if state in flow.EDITABLE and request._get_document_types():
            actions.add("upload")
        if request._waits_for_signature():
            actions.add("sign")
        if self._portal_can_appeal():
            actions.add("appeal")
        if flow.find_moves(flow.TRANSITIONS, state, "cancel"):
            actions.add("withdraw")
        return actions

    def _portal_get_missing(self, wanted=None):
        """Return sentences that say what the applicant still has to give.

        The list is empty once the request is verified: from then on the applicant
        has nothing to give, and the open work of the association is internal.

        :param wanted: what is wanted of the papers, if it is at hand
        """
        return [*self._portal_find_missing(wanted)]

    def _portal_find_missing(self, wanted=None):
        """Yield the sentences of :meth:`_portal_get_missing`, looked up one by one."""
        self.ensure_one()
        if self.portal_state not in flow.EDITABLE:
            return
        if self.portal_state == "draft":
            yield from self._guard_description({})
        yield from self._guard_information({})
        if wanted is None:
            wanted = self._get_wanted_papers()
        papers = self._list_lacking_papers(wanted) + self._list_ended_papers(wanted)
        yield from self._place_papers(papers)

    def _portal_get_papers(self, wanted=None):
        """Return each paper that the service asks for, with the one that is held.

        :param wanted: what is wanted of the papers, if it is at hand
        :return: list of dicts: ``kind``, ``document`` (the paper of this request, may
            be empty), ``problems`` (sentences: what is still wanted of it),
            ``held_text`` (a sentence: it is held, until when), ``is_own`` (it was
            uploaded on the portal, so the applicant may download it), ``can_remove``
            and ``is_required``
        """
        self.ensure_one()
        request = self.sudo()
        users = request.beneficiary_id._get_portal_users()
        held = request.document_ids.filtered("file_name").grouped("type_id")
        required = request._get_document_types(required_only=True)
        if wanted is None:
            wanted = request._get_wanted_papers()
        removable = request._portal_find_removable(request.document_ids)
        papers = []
        for kind in request._get_document_types():
            document = held.get(kind, request.document_ids.browse())
            papers.append(
                {
                    "kind": kind,
                    "document": document,
                    "problems": [*wanted[kind].values()] if document else [],
                    "held_text": document and document._get_held_text(),
                    "is_own": bool(document) and document.create_uid in users,
                    "can_remove": document and document in removable,
                    "is_required": kind in required,
                }
            )
        return papers

    def _portal_get_timeline(self):
        """Return the policy's steps as the applicant sees them.

        For a request that has ended, only the completed steps are returned.

        :return: list of dicts: ``code`` and ``name`` of the step, ``done_on`` (UTC or
            False), ``day`` (in both calendars), ``who`` (a role, never a name) and
            ``is_next``
        """
        self.ensure_one()
        request = self.sudo()
        # The lines are read in one query, and not their list first.
        lines = request.env["beneficiary.request.step"].search_fetch(
            [("request_id", "=", request.id), ("voided_on", "=", False)],
            ["code", "doer_id", "done_on"],
            order="id",
        )
        lines = {line.code: line for line in lines}
        done = {code: line.done_on for code, line in lines.items()}
        has_ended = request.portal_state in ENDED_STATES
        steps = [
            (code, name)
            for code, name, is_conditional in request.policy_id._portal_get_steps()
            if code in done or not (is_conditional or has_ended)
        ]
        coming = next((code for code, _name in steps if code not in done), None)
        if request.portal_state not in MOVING_STATES:
            coming = None
        return [
            {
                "code": code,
                "name": name,
                "done_on": done.get(code, False),
                "day": self._format_day(done.get(code)),
                "who": self._portal_get_doer(lines.get(code)),
                "is_next": code == coming,
            }
            for code, name in steps
        ]

    def _portal_get_doer(self, line):
        """Return who did a step, as a role: staff have no names on the portal (R30).

        :param line: a ``beneficiary.request.step`` as superuser, or None
        """
        if not line:
            return ""
        if line.doer_id == self.env.user:
            return self.env._("You")
        request = self.sudo()
        if line.doer_id in request.beneficiary_id._get_portal_users():
            return self.env._("The applicant")
        if line.code == "refer":
            return self.env._("Social research officer")
        return request.policy_id.officer_title or self.env._("The association")

    def _get_declarer_words(self):
        """Return who signed the declaration, and for whom, in words."""
        self.ensure_one()
        if not self.declaration_on_behalf_of:
            return self.declaration_signed_by or ""
        return self.env._(
            "%(name)s, on behalf of %(person)s",
            name=self.declaration_signed_by,
            person=self.declaration_on_behalf_of,
        )

    @api.model
    def _portal_get_file_rule(self):
        """Return the allowed types and size of a scan, for the upload forms."""
        return {
            "accept": ",".join(CHOICES),
            "max_mb": MAX_FILE_MB,
            "help": self.env._(
                "A photo or a PDF, up to %(size)s MB. Of a PDF we keep its pages, and "
                "no files that are attached to it.",
                size=MAX_FILE_MB,
            ),
            "several": self.env._(
                "Photos or PDFs, at most %(count)s, each up to %(size)s MB.",
                count=MOST_SENT_FILES,
                size=MAX_FILE_MB,
            ),
            "too_large": self.env._(
                "This file is larger than %(size)s MB. Choose a smaller one.",
                size=MAX_FILE_MB,
            ),
            "max_bytes": MAX_FILE_MB * 1024 * 1024,
        }

    def _portal_get_review_text(self):
        """Return the review period in words, with its date once it has begun (R21)."""
        self.ensure_one()
        policy = self._get_policy()
        floor = self._format_day(self.review_floor_on)
        due = self._format_day(self.reply_due_on)
        period = policy._count_review_days(self._get_review_period().days)
        if policy.review_mode == "deadline":
            if due:
                return self.env._(
                    "The committee replies to you, whether it accepts or not, by "
                    "%(date)s at the latest.",
                    date=due,
                )
            return self.env._(
                "The committee replies to you, whether it accepts or not, within "
                "%(period)s of receiving your request.",
                period=period,
            )
        if floor and due and policy.review_mode == "window":
            return self.env._(
                "By the board's policy the reply, whether it is acceptance or not, "
                "comes no sooner than %(floor)s and no later than %(due)s.",
                floor=floor,
                due=due,
            )
        if floor:
            return self.env._(
                "By the board's policy the reply, whether it is acceptance or not, "
                "comes no sooner than %(date)s.",
                date=floor,
            )
        return self.env._(
            "The committee takes at least %(period)s from the day it receives your "
            "request, then replies, whether it accepts or not.",
            period=period,
        )

    def _portal_get_appeal_text(self):
        """Return the end of the appeal period, or the appeal date, in words (R42)."""
        self.ensure_one()
        if self.appeal_id:
            return self.env._(
                "Sent on %(date)s. Members who did not vote on the first decision "
                "study it.",
                date=self._format_day(self.appeal_id.filed_on),
            )
        return self.env._(
            "You may appeal once, until %(date)s. Members who did not vote on your "
            "request then study it again.",
            date=self._format_day(self.appeal_until),
        )

    def _portal_get_pause_text(self):
        """Return the sentence for a paused period, or an empty text (R21)."""
        self.ensure_one()
        # A period that has not begun is not paused.
        pauses = self.raised_on and self.pause_ids
        pause = pauses and pauses.filtered(lambda pause: not pause.date_end)
        if not pause:
            return ""
        return self.env._(
            "The period of the reply is paused since %(date)s. The time until you send "
            "what is asked for does not count in it.",
            date=self._format_day(pause.date_start),
        )
