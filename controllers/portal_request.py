import base64

from odoo.http import request, route

from ..rules.arabic import ascii_digits
from .portal import BeneficiaryPortal


class BeneficiaryPortalRequest(BeneficiaryPortal):
    """The page of one request, and what the applicant does there (R26, R33)."""

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
            return self._lead_elsewhere(request_id)
        return self._render_request(own_request, done=query.get("done"))

    @route(
        "/my/requests/<int:request_id>/<path:rest>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_part(self, request_id, rest, **query):
        """Lead to the page: the address of a form, opened by itself, shows nothing."""
        own_request = self._find_own_request(request_id)
        return request.redirect(own_request.access_url if own_request else "/my")

    @route(
        "/my/requests/<int:request_id>/read",
        type="jsonrpc",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_read(self, request_id):
        """Record that the applicant has the reply before them (R20)."""
        if own_request := self._find_own_request(request_id):
            own_request._portal_read_reply()
        return {}

    # -- papers ------------------------------------------------------------------------

    @route(
        "/my/requests/<int:request_id>/papers",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_papers(self, request_id, **post):
        """Take papers, one or several, and go back to the page that they came from."""
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        errors = {}
        if not self._save_papers(own_request, post, errors) and not errors:
            kind = ascii_digits(self._read_text(post, "kind"))
            name = f"paper_{kind}" if kind.isdecimal() else "general"
            errors[name] = request.env._("Choose a photo or a PDF first.")
        if errors:
            return self._answer(self._get_paper_place(own_request, post), errors)
        return self._answer(self._get_paper_place(own_request, post, "papers"))

    @route(
        "/my/requests/<int:request_id>/papers/<int:document_id>/remove",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_paper_remove(self, request_id, document_id, **post):
        """Take a paper back that was uploaded for this draft."""
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        errors = {}
        with self._collect(errors, "general"):
            own_request._portal_remove_paper(document_id)
        done = None if errors else "removed"
        return self._answer(self._get_paper_place(own_request, post, done), errors)

    def _get_paper_place(self, own_request, post, done=None):
        """Return the address of the page on which a paper was chosen."""
        query = f"?done={done}" if done else ""
        step = self._read_text(post, "back")
        if "edit" in own_request._portal_get_actions() and (
            step in own_request._portal_get_steps()
        ):
            return f"{own_request.access_url}/edit/{step}{query}"
        return f"{own_request.access_url}{query}"

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

    # -- declaration -------------------------------------------------------------------

    @route(
        "/my/requests/<int:request_id>/declaration",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_declaration(self, request_id, **query):
        """Show what is declared as a paper, before and after the signature (R16)."""
        own_request = self._find_own_request(request_id)
        if not own_request or not own_request._portal_may_print_declaration():
            return request.redirect("/my")
        request_sudo = own_request.sudo()
        return self._show_paper(
            "declaration_report_action",
            request_sudo,
            f"Declaration {request_sudo.name.replace('/', '-')}",
        )

    @route(
        [
            "/my/requests/<int:request_id>/sign",
            "/my/requests/<int:request_id>/sign/<string:seen>",
        ],
        type="jsonrpc",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_sign(self, request_id, seen="", name=None, signature=None):
        """Sign the declaration; called by the place to sign.

        :param seen: the mark of what the page showed
        """

        def sign(own_request):
            if not own_request._portal_has_signed():
                own_request._portal_check_seen(seen)
                own_request._portal_sign(name, signature)

        return self._take_signature(request_id, name, signature, sign, done="signed")

    # -- withdrawal and appeal ---------------------------------------------------------

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
        elif own_request.portal_state != "cancelled":
            with self._collect(errors, "reason"):
                own_request._portal_withdraw(reason)
        if errors:
            return self._answer(own_request.access_url, errors, {"reason": reason})
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
        if own_request.sudo().appeal_id:  # the form arrives again
            return self._redirect_to(own_request, "appealed")
        if not text:
            errors["appeal"] = request.env._("Write why it should be studied again.")
        else:
            with self._collect(errors, "appeal"):
                own_request._portal_appeal(text, self._read_files("appeal_files"))
        if errors:
            return self._answer(own_request.access_url, errors, {"appeal": text})
        return self._redirect_to(own_request, "appealed")

    # -- the page ----------------------------------------------------------------------

    def _render_request(self, own_request, done=None):
        request_sudo = own_request.sudo()
        errors, values = self._take_refused(own_request.access_url)
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
                "done": not errors and self._get_done_messages().get(done),
                "errors": errors,
                "values": values,
            },
        )

    def _get_done_messages(self):
        return {
            **super()._get_done_messages(),
            "saved": request.env._("Your draft is saved. It has not been sent yet."),
            "sent": request.env._("Your request was sent. Keep its number."),
            "papers": request.env._("We have received your papers."),
            "removed": request.env._("The paper was removed from your request."),
            "signed": request.env._("Thank you: your declaration is signed."),
            "appealed": request.env._("Your appeal was sent. Keep its date."),
            "withdrawn": request.env._("Your request was withdrawn."),
        }

    # -- uploads -----------------------------------------------------------------------

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
            if front or back:
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
