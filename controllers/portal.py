import base64
import binascii
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..rules.arabic import ascii_digits, is_blank

REQUESTS_PER_PAGE = 20
# Identifiers in addresses are PostgreSQL integers; no record has a larger one.
LARGEST_ID = 2**31 - 1
# Name in the session of what a form was refused for; no text is kept beyond this.
REFUSED = "beneficiary_refused_form"
LONGEST_KEPT = 20_000


class BeneficiaryPortal(CustomerPortal):
    """The applicant's pages: requests, papers, declaration, reply (R26, R33).

    HTTP only: parse, find the person's own record, call the model's ``_portal_*``
    method as the person, render. Another person's request gets the same answer as a
    request that does not exist: back to the portal's home. Records are rendered as
    superuser, in the visitor's language; the model decides which values may be shown.
    """

    # -- home ------------------------------------------------------------------

    @route()
    def home(self, **kw):
        response = super().home(**kw)
        if response.is_qweb:
            files = request.env["beneficiary.beneficiary"]._get_portal_files()
            response.qcontext["has_beneficiary_file"] = bool(files)
        return response

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "beneficiary_request_count" in counters:
            requests = request.env["beneficiary.request"]
            values["beneficiary_request_count"] = (
                requests.search_count(requests._portal_domain())
                if requests.has_access("read")
                else 0
            )
        return values

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
        own = requests._portal_domain()
        filters = self._get_request_filters()
        sortings = self._get_request_sortings()
        filterby = query.get("filterby") if query.get("filterby") in filters else "all"
        sortby = query.get("sortby") if query.get("sortby") in sortings else "newest"
        search = ascii_digits(self._read_text(query, "search"))
        domain = own & filters[filterby]["domain"]
        if search:
            domain &= Domain("name", "ilike", search)
        pager_values = pager(
            url="/my/requests",
            total=requests.search_count(domain),
            page=page,
            step=REQUESTS_PER_PAGE,
            url_args={"filterby": filterby, "sortby": sortby, "search": search},
        )
        found = requests.search(
            domain,
            order=sortings[sortby]["order"],
            limit=REQUESTS_PER_PAGE,
            offset=pager_values["offset"],
        )
        return request.render(
            "beneficiary_relations.portal_my_requests",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_requests",
                "requests": found.sudo().with_context(
                    tz=request.env.company._get_beneficiary_timezone()
                ),
                "statuses": requests._portal_get_statuses(),
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

    # -- one request -----------------------------------------------------------------

    @route(
        "/my/requests/<int:request_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request(self, request_id, **query):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        errors, values = self._take_refused(own_request.access_url)
        return self._render_request(
            own_request, errors, done=query.get("done"), values=values
        )

    @route(
        "/my/requests/<int:request_id>/read", type="jsonrpc", auth="user", website=True
    )
    def portal_request_read(self, request_id):
        """Record that the applicant has the reply before them (R20)."""
        if own_request := self._find_own_request(request_id):
            own_request._portal_read_reply()
        return {}

    @route(
        "/my/requests/<int:request_id>/papers",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_papers(self, request_id, **post):
        """Take the papers that are still missing."""
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        errors = {}
        if not self._save_papers(own_request, post, errors) and not errors:
            errors["general"] = request.env._("Choose a photo or a PDF first.")
        if errors:
            return self._render_request(own_request, errors)
        return self._redirect_to(own_request, "papers")

    @route(
        "/my/requests/<int:request_id>/papers/<int:document_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_paper(self, request_id, document_id, side="front", **query):
        """Let the uploader download a paper again: always as a file, never inline."""
        own_request = self._find_own_request(request_id)
        document = own_request and own_request._portal_get_paper(document_id)
        if not document:
            return request.redirect("/my")
        field = "file_back" if side == "back" and document.file_back else "file"
        stream = request.env["ir.binary"]._get_stream_from(
            document, field, filename_field=f"{field}_name"
        )
        return stream.get_response(as_attachment=True)

    @route(
        "/my/requests/<int:request_id>/letters/<int:decision_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_letter(self, request_id, decision_id, **query):
        """Show the letter of a reply; before its release there is no letter (R21)."""
        own_request = self._find_own_request(request_id)
        letter = own_request and own_request._portal_get_letter(decision_id)
        if not letter:
            return request.redirect("/my")
        return self._show_paper(
            "decision_letter_action", letter, letter._get_letter_file_name()
        )

    @route(
        "/my/requests/<int:request_id>/sign", type="jsonrpc", auth="user", website=True
    )
    def portal_request_sign(self, request_id, name=None, signature=None):
        """Sign the declaration; called by the place to sign."""
        return self._take_signature(
            request_id,
            name,
            signature,
            lambda own_request: own_request._portal_sign(name, signature),
            done="signed",
        )

    @route(
        "/my/requests/<int:request_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_withdraw(self, request_id, **post):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        reason = self._read_text(post, "reason")
        errors = {}
        if not reason:
            errors["reason"] = request.env._("Write why you withdraw the request.")
        elif not post.get("confirmed"):
            errors["confirmed"] = request.env._("Tick the box to confirm.")
        else:
            with self._collect(errors, "reason"):
                own_request._portal_withdraw(reason)
        if errors:
            return self._render_request(own_request, errors, reason=reason)
        return self._redirect_to(own_request, "withdrawn")

    @route(
        "/my/requests/<int:request_id>/appeal",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_appeal(self, request_id, **post):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        text = self._read_text(post, "appeal")
        errors = {}
        if not text:
            errors["appeal"] = request.env._("Write why it should be studied again.")
        else:
            with self._collect(errors, "appeal"):
                own_request._portal_appeal(text)
        if errors:
            return self._render_request(own_request, errors, appeal_text=text)
        return self._redirect_to(own_request, "appealed")

    def _render_request(
        self,
        own_request,
        errors=None,
        done=None,
        reason="",
        appeal_text="",
        values=None,
    ):
        request_sudo = own_request.sudo()
        return request.render(
            "beneficiary_relations.portal_request_page",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_request",
                "support_request": request_sudo,
                "object": request_sudo,  # for portal.message_thread
                "res_company": request_sudo.company_id,
                "page": own_request._portal_get_page(),
                "file_rule": own_request._portal_get_file_rule(),
                "done": self._get_done_messages().get(done),
                "errors": errors or {},
                "values": values or {},
                "reason": reason,
                "appeal_text": appeal_text,
            },
        )

    def _get_done_messages(self):
        return {
            "saved": request.env._("Your draft is saved. It has not been sent yet."),
            "sent": request.env._("Your request was sent. Keep its number."),
            "papers": request.env._("We have received your papers."),
            "signed": request.env._("Thank you: your declaration is signed."),
            "appealed": request.env._("Your appeal was sent. Keep its date."),
            "withdrawn": request.env._("Your request was withdrawn."),
        }

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

    # -- input from the browser --------------------------------------------------------

    def _find_own_request(self, request_id):
        """Return the user's own request with this id, or an empty record."""
        requests = request.env["beneficiary.request"]
        if request_id > LARGEST_ID or not requests.has_access("read"):
            return requests
        return requests.search(
            requests._portal_domain() & Domain("id", "=", request_id)
        )

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
        return request.redirect(f"{own_request.access_url}{query}")

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

    def _read_text(self, params, name):
        """Return the text sent under ``name``; a file or no value counts as empty."""
        value = params.get(name)
        if not isinstance(value, str) or is_blank(value):
            return ""
        return value.replace("\0", "").strip()

    def _save_papers(self, own_request, post, errors):
        """Add the papers that came with the form; collect errors by paper.

        :return: how many were added
        """
        count = 0
        max_bytes = own_request._portal_get_file_rule()["max_bytes"]
        for kind in own_request.sudo()._get_document_types():
            name = f"paper_{kind.id}"
            front = self._read_upload(post, name, max_bytes)
            back = self._read_upload(post, f"{name}_back", max_bytes)
            if back and not front:
                errors[name] = request.env._("Choose both sides of this paper.")
            elif front:
                with self._collect(errors, name):
                    own_request._portal_upload(kind, front, back)
                    count += 1
        return count

    def _read_upload(self, post, name, max_bytes):
        """Return name and content (base64) of an uploaded file, or None."""
        upload = post.get(name)
        if not getattr(upload, "filename", None):
            return None
        # One byte more than allowed is enough for the model to refuse the file.
        return upload.filename, base64.b64encode(upload.read(max_bytes + 1))
