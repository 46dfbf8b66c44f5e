import base64
import binascii
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..rules.arabic import ascii_digits, is_blank
from ..rules.upload import MOST_SENT_FILES

REQUESTS_PER_PAGE = 20
# Identifiers in addresses are PostgreSQL integers; no record has a larger one.
LARGEST_ID = 2**31 - 1
# Name in the session of what a form was refused for; no text is kept beyond this.
REFUSED = "beneficiary_refused_form"
LONGEST_KEPT = 20_000


class BeneficiaryPortal(CustomerPortal):
    """The applicant's home page and list of requests (R26, R33).

    HTTP only: parse, find the person's own record, call the model's ``_portal_*``
    method as the person, render. Another person's request gets the same answer as a
    request that does not exist: back to the portal's home. Records are rendered as
    superuser, in the visitor's language; the model decides which values may be shown.
    """

    # -- list --------------------------------------------------------------------

    @route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_requests(self, page=1, **query):
        """List the person's requests.

        They are sorted only by arrival, never by later events.
        """
        requests = request.env["beneficiary.request"]
        if not requests.has_access("read"):
            return request.redirect("/my")
        self._read_visitor()
        own = requests._portal_domain()
        filters = self._get_request_filters()
        sortings = self._get_request_sortings()
        filterby = query.get("filterby") if query.get("filterby") in filters else "all"
        sortby = query.get("sortby") if query.get("sortby") in sortings else "newest"
        search = ascii_digits(self._read_text(query, "search"))
        domain = own & filters[filterby]["domain"]
        if search:
            domain &= Domain("name", "ilike", search)
        query = requests._search(domain)  # counted and read: one look at the rules
        pager_values = pager(
            url="/my/requests",
            total=len(query),
            page=page,
            step=REQUESTS_PER_PAGE,
            url_args={"filterby": filterby, "sortby": sortby, "search": search},
        )
        found = requests._portal_read_page(
            query,
            order=sortings[sortby]["order"],
            limit=REQUESTS_PER_PAGE,
            offset=pager_values["offset"],
        )
        return request.render(
            "beneficiary_relations.portal_my_requests",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_requests",
                "lines": found._portal_get_lines(),
                "several_files": len(found.sudo().beneficiary_id) > 1,
                "pager": pager_values,
                "filters": filters,
                "filterby": filterby,
                "sortings": sortings,
                "sortby": sortby,
                "search": search,
                "is_narrowed": bool(search) or filterby != "all",
            },
        )

    def _get_request_sortings(self):
        return {
            "newest": {"label": request.env._("Newest first"), "order": "id desc"},
            "oldest": {"label": request.env._("Oldest first"), "order": "id"},
        }

    def _get_request_filters(self):
        """Return filters on the state the applicant sees, never on the real state."""
        states = {
            "draft": ("draft",),
            "running": ("submitted", "verified", "declared", "in_review"),
            "accepted": ("accepted", "registered", "delivered"),
            "rejected": ("rejected",),
            "finished": ("closed", "cancelled"),
        }
        labels = {
            "draft": request.env._("Not sent yet"),
            "running": request.env._("Waiting for the reply"),
            "accepted": request.env._("Accepted"),
            "rejected": request.env._("Not accepted"),
            "finished": request.env._("Closed or cancelled"),
        }
        filters = {
            "all": {"label": request.env._("All requests"), "domain": Domain.TRUE}
        }
        for name, values in states.items():
            filters[name] = {
                "label": labels[name],
                "domain": Domain("portal_state", "in", values),
            }
        return filters

    def _read_visitor(self):
        """Read what a page needs of its visitor and the association, and no more.

        Otherwise all their fields are read when the first is asked for, on each page.
        """
        user = request.env.user
        user.fetch(["partner_id", "company_id", "share", "active"])
        user.partner_id.fetch(
            ["name", "lang", "tz", "user_id", "commercial_partner_id"]
        )
        user.company_id.fetch(
            [
                "name",
                "currency_id",
                "beneficiary_grace_days",
                "beneficiary_release_time",
            ]
        )

    # -- papers ------------------------------------------------------------------------

    def _show_paper(self, action, record, name):
        """Show the paper of ``record``, which the applicant may read, as a PDF.

        :param action: identifier of the report's action
        :param name: name of the file, without its extension
        """
        reports = request.env["ir.actions.report"].sudo()  # applicants may not read it
        pdf, _kind = reports._render_qweb_pdf(
            f"beneficiary_relations.{action}", record.ids
        )
        return request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{name}.pdf", "inline")),
            ],
        )

    def _get_done_messages(self):
        """Return the messages after a form that was taken, by the name of each."""
        return {}

    # -- input from the browser --------------------------------------------------------

    def _lead_elsewhere(self, request_id):
        """Lead whoever opens the link to a request that is not theirs (R26, R43).

        Staff get to its form. Others read in plain words that the link is not theirs,
        alike for foreign and for missing requests.
        """
        if request.env.user._is_internal():
            url = f"/mail/view?model=beneficiary.request&res_id={request_id}"
            return request.redirect(url)
        return request.redirect("/my/file/elsewhere")

    def _find_own_request(self, request_id):
        """Return the user's own request with this id, or an empty record."""
        requests = request.env["beneficiary.request"]
        if request_id > LARGEST_ID or not requests.has_access("read"):
            return requests
        self._read_visitor()
        return requests._portal_find(request_id)

    def _take_signature(self, request_id, name, signature, sign, done):
        """Answer the place to sign: sign, or return an error message.

        :param sign: called with the request, if it is the user's own
        :param done: name of the message that the page then shows
        """
        own_request = self._find_own_request(request_id)
        if not own_request:
            return {"error": request.env._("This request is not yours.")}
        if not isinstance(name, str) or not isinstance(signature, str):
            return {"error": request.env._("Write your name and draw your signature.")}
        errors = {}
        try:
            with self._collect(errors, "general"):
                sign(own_request)
        except (TypeError, ValueError, binascii.Error):
            errors["general"] = request.env._("Draw your signature again, please.")
        if errors:
            return {"error": errors["general"]}
        return {
            "force_refresh": True,
            "redirect_url": f"{own_request.access_url}?done={done}",
        }

    def _redirect_to(self, own_request, done=None):
        query = f"?done={done}" if done else ""
        return self._answer(f"{own_request.access_url}{query}")

    # -- answers to a form -------------------------------------------------------------

    def _answer(self, url, errors=None, values=None):
        """Answer a form with a redirect: a reload of the page sends nothing again.

        A script that sent the form is told the address, and goes there itself. What was
        refused is kept in the session, for the next page of the same path to show.

        :param url: the page to show; a path of this site
        :param errors: messages by field; ``general`` belongs to no field
        :param values: the typed values that no record keeps, by field
        """
        # A script that stays on its page shows the messages itself.
        if errors and not request.params.get("stay"):
            path = url.partition("?")[0].partition("#")[0]
            request.session[REFUSED] = {
                "path": path,
                "errors": errors,
                "values": {
                    name: value[:LONGEST_KEPT] for name, value in (values or {}).items()
                },
            }
        if request.httprequest.headers.get("X-Requested-With") == "XMLHttpRequest":
            return request.make_json_response({"url": url, "errors": errors or {}})
        return request.redirect(url)

    def _take_refused(self, path):
        """Return what :meth:`_answer` kept for the page at ``path``, once.

        :return: pair of dicts: errors and values, by field
        """
        kept = request.session.get(REFUSED) or {}
        if kept.get("path") != path:
            return {}, {}
        request.session.pop(REFUSED)
        return kept["errors"], kept["values"]

    @contextmanager
    def _collect(self, errors, name):
        """Turn a ``UserError`` raised inside into a message, and undo the changes."""
        try:
            with request.env.cr.savepoint():
                yield
        except UserError as error:
            errors[name] = str(error)

    def _get_file_rule(self):
        return request.env["beneficiary.request"]._portal_get_file_rule()

    def _read_files(self, name):
        """Return the files sent under ``name``: pairs of name and content (base64)."""
        uploads = request.httprequest.files.getlist(name)
        max_bytes = self._get_file_rule()["max_bytes"]
        return [
            (upload.filename, base64.b64encode(upload.read(max_bytes + 1)))
            for upload in uploads[: MOST_SENT_FILES + 1]
            if upload.filename
        ]

    def _read_text(self, params, name):
        """Return the text sent under ``name``; a file or no value counts as empty."""
        value = params.get(name)
        if not isinstance(value, str) or is_blank(value):
            return ""
        return value.replace("\0", "").strip()
