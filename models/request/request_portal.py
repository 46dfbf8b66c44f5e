import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ...rules import flow
from ...rules.flow import NOTICE, PORTAL_NEWS
from ..document.document import SCANS
from ..mixins.columns import list_columns
from ..mixins.once_mixin import LONGEST_KEY, SUBMISSION_KEY

# Fields of a request that a portal user may read, over RPC too. Before the release
# they are the same for an accepted, a rejected and an undecided request.
PORTAL_FIELDS = frozenset(
    [
        "id",
        "display_name",
        "name",
        "portal_state",
        "submitted_on",
        "review_floor_on",
        "description",
        "note_to_applicant",
        "access_url",
        # Odoo reads the company when the applicant writes a message.
        "company_id",
    ]
)
# What the list shows of a request, and what says where it stands.
LISTED = (
    "name",
    "company_id",
    "beneficiary_id",
    "service_id",
    "policy_id",
    "state",
    "round",
    "origin",
    "submitted_on",
    "completed_on",
    "released_on",
    "reopen_reason",
    "verified_by_id",
    "note_to_applicant",
)
# Values that a portal user may send; the controller passes no others on.
PORTAL_INPUT = ("service_id", "description", "amount_requested")


class RequestPortal(models.Model):
    """What the applicant sees and does on the portal.

    Portal users have no right to create or write. Controllers call the ``_portal_*``
    methods. These check that the request belongs to the user, and then act for the
    user as superuser: this is the reason for every ``sudo`` below.
    """

    _inherit = "beneficiary.request"
    _portal_fields = PORTAL_FIELDS

    # Odoo signs links to a request with this secret. Without the default it would be
    # empty, and so the same for all requests. No user may read it, and no address
    # contains it.
    access_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(32), groups=fields.NO_ACCESS
    )
    portal_state = fields.Selection(
        # The labels of the state, translated; Odoo translates no computed list.
        selection=lambda self: self._fields["state"]._description_selection(self.env),
        compute="_compute_portal_state",
        compute_sudo=True,
        search="_search_portal_state",
        string="Status",
    )

    @api.depends("state")
    def _compute_portal_state(self):
        for request in self:
            request.portal_state = flow.portal_state(request.state)

    def _search_portal_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [
            state
            for state in self._fields["state"].get_values(self.env)
            if flow.portal_state(state) in value
        ]
        return self._get_hidden_domain("state", states)

    @api.model
    def _get_hidden_domain(self, name, values):
        """Return the domain of the requests whose ``name`` is one of ``values``.

        Applicants may not use this field themselves, in domains either. The condition
        stands on the row itself: a sub-query would read the requests of everybody.

        :param name: a stored field, of the addon's choice
        :param values: a list, or a query
        """
        if isinstance(values, Query):
            values = values.subselect()
        elif not values:
            return Domain.FALSE
        else:
            values = tuple(values)
        requests = self.sudo()
        return Domain.custom(
            to_sql=lambda _model, alias, query: SQL(
                "%s IN %s", requests._field_to_sql(alias, name, query), values
            )
        )

    def _portal_ensure_token(self):
        """Return no token: a request can be opened only after sign-in."""
        return ""

    def _sign_token(self, pid):
        """Sign as superuser: no user may read the secret. This gives no access."""
        return super(RequestPortal, self.sudo())._sign_token(pid)

    def _get_share_url(self, redirect=False, *args, **kwargs):
        """Return an address that needs sign-in and the right to read the request."""
        self.ensure_one()
        return self._notify_get_action_link("view") if redirect else self.access_url

    # These inherited search methods bypass the list of readable fields. Planned
    # activities would tell an applicant whether the committee is still working (R21).

    def _search_activity_state(self, operator, value):
        self._refuse_portal_search()
        return super()._search_activity_state(operator, value)

    def _search_my_activity_date_deadline(self, operator, operand):
        self._refuse_portal_search()
        return super()._search_my_activity_date_deadline(operator, operand)

    def _search_has_message(self, operator, value):
        self._refuse_portal_search()
        return super()._search_has_message(operator, value)

    def _refuse_portal_search(self):
        if not self.env.su and self.env.user._is_portal():
            raise AccessError(self.env._("This request is not yours."))

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for request in self:
            request.access_url = request._get_portal_path()
        return result

    def _get_portal_path(self):
        return f"/my/requests/{self.id}"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Let "today" be the association's day, for a visitor without a time zone.

        The rule of those who act for a person asks for it. Without a time zone Odoo
        would read the visitor and the contact, only to take the day of Greenwich.
        """
        requests = self
        if (
            not (self.env.su or self.env.context.get("tz"))
            and self.env.user._is_portal()
        ):
            zone = self.env.company._get_beneficiary_timezone()
            requests = self.with_context(tz=zone)
        return super(RequestPortal, requests)._search(domain, *args, **kwargs)

    # -- the applicant acts ------------------------------------------------------------

    @api.model
    def _portal_domain(self, files=None):
        """Return the domain of the requests that the user may follow on the portal.

        :param files: the files that the user follows, if they are at hand
        """
        if files is None:
            files = self.env["beneficiary.beneficiary"]._get_portal_files()
        return self._get_hidden_domain("beneficiary_id", files.ids)

    @api.model
    def _portal_find(self, request_id):
        """Return the user's own request with this id, or an empty record."""
        files = self.env["beneficiary.beneficiary"]._search_portal_files()
        own = self._get_hidden_domain("beneficiary_id", files)
        query = self._search(own & Domain("id", "=", request_id))
        return self._portal_fetch(query, list_columns(self))

    @api.model
    def _portal_fetch(self, query, names):
        """Return the requests of a query, in its order, with values of theirs.

        One query does both: the user's rights find the rows, and their values are read
        as superuser, as the pages need them.

        :param query: made by ``_search``, as the acting user
        :param names: names of the fields to read; other ones cost another query
        """
        if query.is_empty():
            return self.browse()
        fields_to_read = [self._fields[name] for name in names]
        return self.sudo()._fetch_query(query, fields_to_read).sudo(False)

    @api.model
    def _portal_read_page(self, query, order, limit, offset):
        """Return the requests of one page of the list, with what the list shows.

        :param query: of all that the list finds; see :meth:`_portal_fetch`
        """
        query.order = self._order_to_sql(order, query)
        query.limit, query.offset = limit, offset
        return self._portal_fetch(query, LISTED)

    @api.model
    def _portal_create(self, file, values, key=None):
        """Make a draft request for ``file`` on behalf of the acting portal user.

        :param file: a file that the user may act for
        :param values: the typed values; only :data:`PORTAL_INPUT` is used
        :param key: the key of the form; a form that arrives again makes no request
        :return: the request, as superuser
        :raise AccessError: when the user may not act for the file
        :raise UserError: when the service is not offered on the portal
        """
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        if file not in files:
            raise AccessError(self.env._("This file is not yours."))
        file_sudo = file.sudo()
        if problem := self._portal_get_file_problem(file_sudo):
            raise UserError(problem)
        policy = file_sudo.company_id._get_beneficiary_policy()
        channel = policy.sudo()._get_channels().filtered("is_portal")[:1]
        return (
            self.sudo()
            .with_company(file_sudo.company_id)
            .create(
                {
                    **self._portal_clean(file_sudo, values),
                    "beneficiary_id": file_sudo.id,
                    "company_id": file_sudo.company_id.id,
                    "channel_id": channel.id,
                    SUBMISSION_KEY: key,
                }
            )
        )

    @api.model
    def _portal_find_sent(self, key):
        """Return the user's request that the form with this key already made."""
        sent = self._find_submission(key) if 0 < len(key) <= LONGEST_KEY else self
        return self.search(self._portal_domain() & Domain("id", "in", sent.ids))

    @api.model
    def _portal_get_file_problem(self, file_sudo):
        """Return the reason why this file can have no new request, or an empty text."""
        if file_sudo.state not in ("new", "active"):
            return self.env._(
                "This file is suspended or closed. Call the association, or visit it, "
                "before you send a request."
            )
        policy = file_sudo.company_id._get_beneficiary_policy()
        if not policy.sudo()._get_channels().filtered("is_portal"):
            return self.env._("The association does not take requests on its website.")
        return ""

    @api.model
    def _portal_get_services(self, file):
        """Return the services that are offered on the portal for ``file``."""
        return (
            self.env["beneficiary.service"]
            .sudo()
            .search(self._portal_service_domain(file.sudo()))
        )

    def _portal_write(self, values):
        """Change a draft on behalf of its applicant; see :meth:`_portal_create`."""
        self._portal_check("edit")
        self.sudo().write(self._portal_clean(self.sudo().beneficiary_id, values))

    @api.model
    def _portal_clean(self, file_sudo, values):
        vals = {name: values[name] for name in PORTAL_INPUT if name in values}
        service = self.env["beneficiary.service"].sudo().browse(vals.get("service_id"))
        if vals.get("service_id") and not service.filtered_domain(
            self._portal_service_domain(file_sudo)
        ):
            raise UserError(self.env._("Choose a service that is offered."))
        return vals

    @api.model
    def _portal_service_domain(self, file_sudo):
        offered = Domain("portal_published", "=", True) & Domain(
            "company_id", "=", file_sudo.company_id.id
        )
        return offered & self.env["beneficiary.service"]._get_kind_domain(
            file_sudo.kind
        )

    def _portal_upload(self, document_type, front=None, back=None):
        """Add a paper to the file of this request, and return it as superuser.

        The same scans again are the paper that the file has, and no newer one. One side
        alone of a paper with two sides completes the paper that was uploaded before.

        :param document_type: one of the kinds that the service asks for
        :param front: name and content (base64) of the file
        :param back: name and content of the other side, for kinds with two sides
        """
        self._portal_check("upload")
        request = self.sudo()
        if document_type.sudo() not in request._get_document_types():
            raise UserError(self.env._("This document is not asked for."))
        sides = {
            field: side
            for field, side in {"file": front, "file_back": back}.items()
            if side
        }
        if not all(content for _name, content in sides.values()):
            raise UserError(self.env._("This file is empty. Choose another one."))
        slot = {
            "beneficiary_id": request.beneficiary_id.id,
            "type_id": document_type.id,
        }
        document = request._portal_keep_side(document_type, sides)
        if not document:
            document = request._portal_keep_paper(slot, sides)
        if request.state != "draft":  # the office has to act next
            request._resume_clock()
        self._portal_tell_office()
        return document

    def _portal_keep_side(self, document_type, sides):
        """Return the uploaded paper that this one side completes; none if it does not.

        :param sides: as in :meth:`_portal_keep_paper`
        :raise UserError: for a back without a front
        """
        held = self.document_ids.filtered(lambda one: one.type_id == document_type)
        paper = self._portal_find_changeable(held)
        ((field, (name, content)),) = [*sides.items()][:1]
        is_completed = len(sides) == 1 and paper and not paper[SCANS[field]]
        if not is_completed:
            if "file" not in sides:
                raise UserError(self.env._("Choose both sides of this paper."))
            return paper.browse()
        paper.write({field: content, SCANS[field]: name})
        return paper

    @api.model
    def _portal_keep_paper(self, slot, sides):
        """Return the current paper if it has these scans, else make the next version.

        :param slot: the file and the kind of the paper
        :param sides: ``{field: (name, content in base64)}``
        """
        documents = self.env["beneficiary.document"]
        is_here = Domain.AND([(name, "=", slot[name])] for name in slot)
        current = documents.search(is_here & Domain("is_current", "=", True))
        scans = {field: content for field, (_name, content) in sides.items()}
        if current and current._has_scans(scans):
            return current
        names = {SCANS[field]: name for field, (name, _content) in sides.items()}
        key = current._get_scans_key(scans)
        return documents.create({**slot, **scans, **names, SUBMISSION_KEY: key})

    def _portal_get_paper(self, document_id):
        """Return the paper ``document_id`` as superuser, if the applicant may read it.

        :return: an empty record if the paper is not one of this request, or was not
            uploaded on the portal: scans made by officers stay with the association,
            and are shown only to those who are about to declare them correct (R16)
        """
        self._portal_check()
        is_declaring = "sign" in self._portal_get_actions()
        own = [
            paper["document"].id
            for paper in self._portal_get_papers()
            if paper["is_own"] or is_declaring
        ]
        document = self.env["beneficiary.document"].sudo().browse(document_id)
        return document if document.id in own else document.browse()

    def _portal_submit(self):
        """Submit the draft (R7: the website channel is the portal)."""
        self._portal_check("send")
        if problem := self._portal_get_file_problem(self.sudo().beneficiary_id):
            raise UserError(problem)
        # After this the applicant cannot open the form again to answer.
        self.sudo()._refuse(self.sudo()._get_answer_problems())
        self.sudo().action_submit(evidence=self.env._("Submitted on the portal"))
        self._portal_tell_office()
        return True

    def _portal_tell_office(self, summary=False):
        """Plan one activity to look at the news: for the officer, else for a manager.

        Drafts are left out, because the office does not work on them yet. The next
        move of the request ends the activity.

        :param summary: the news in words, as :meth:`_tell_office` takes it
        """
        waiting = self.sudo().filtered(lambda request: request.state != "draft")
        waiting._tell_office_once(summary)

    def _tell_office_once(self, summary):
        told = self.activity_search([PORTAL_NEWS])
        news = self.filtered(lambda request: request.id not in told.mapped("res_id"))
        news._tell_office(PORTAL_NEWS, summary)

    def _tell_of_news(self, summary):
        self._tell_office_once(summary)

    def _tell_of_bounce(self, summary):
        """Plan what a failed notice plans too, so that it is not planned twice."""
        told = self.activity_search([NOTICE])
        if self.id not in told.mapped("res_id"):
            self._tell_office(NOTICE, summary)

    def _get_mail_author(self, email):
        return self.beneficiary_id._get_mail_author(email)

    def _portal_sign(self, signed_by, signature):
        """Sign the declaration; see ``action_declare``."""
        self._portal_check("sign")
        return self.sudo().action_declare(signed_by=signed_by, signature=signature)

    def _portal_withdraw(self, reason):
        """Withdraw the request, with the reason."""
        self._portal_check("withdraw")
        request = self.sudo()
        request.action_cancel(reason=reason)
        if request.submitted_on:
            request._portal_tell_office(
                lambda env: env._("The applicant withdrew the request")
            )
        return True

    def _portal_check(self, action=None):
        """Raise unless the acting user may follow this request and do ``action`` now.

        This check comes before the checks of the moves, because their messages name
        the real state (R21).

        :param action: one of :meth:`_portal_get_actions`
        """
        self.ensure_one()
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        if self.sudo().beneficiary_id not in files:
            raise AccessError(self.env._("This request is not yours."))
        if action and action not in self._portal_get_actions():
            raise UserError(self.env._("This is not possible any more."))

    def _portal_get_reply(self):
        """Return the decision if its reply has left, else an empty record."""
        self.ensure_one()
        replies = self._portal_get_replies()
        return replies and replies & self.sudo()._get_current_decision()

    def _was_ever_answered(self):
        """Whether a reply has ever left, in this round or in an earlier one.

        Before that there are no deliveries and no rating either. It is asked first, so
        that the pages of most requests read nothing of them.
        """
        self.ensure_one()
        request = self.sudo()  # applicants may not read rounds
        return bool(
            request.released_on
            or request.round > 1
            or request.origin != "lived"
            or request.state in flow.ANSWERED
        )

    def _portal_get_earlier_replies(self):
        """Return the released decisions of earlier rounds, latest first."""
        self.ensure_one()
        return self._portal_get_replies() - self._portal_get_reply()

    def _portal_get_replies(self):
        """Return, as superuser, the released decisions of this request."""
        if not self._was_ever_answered():
            return self.env["beneficiary.decision"].sudo()
        return self.sudo().decision_ids.filtered("released_on")
