import json
import time
from contextlib import suppress

from odoo.exceptions import AccessDenied, UserError
from odoo.http import content_disposition, request, route

from .portal import BeneficiaryPortal

# Odoo's own mark of when the person was last proven, and for how long it counts.
PROVEN = "identity-check-last"
PROVEN_SECONDS = 10 * 60
# The file of which a copy was asked for, in this session.
COPY = "beneficiary_data_copy"


def mark_as_proven():
    """Note in the session that the person was proven just now."""
    request.session[PROVEN] = time.time()


class BeneficiaryPortalData(BeneficiaryPortal):
    """The person's own data: consents, a copy, correction and erasure (R51)."""

    @route(
        "/my/data",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_data(self, **query):
        """Show what may be asked about the data of one file."""
        requests = request.env["beneficiary.data.request"]
        files = requests._portal_get_files()
        if not files:
            return request.redirect("/my")
        file = requests._portal_find_file(self._read_text(query, "file_id"))
        page = {
            **self._prepare_portal_layout_values(),
            "page_name": "beneficiary_data",
            "files": files,
            "file": file,
        }
        if file:
            errors, values = self._take_refused("/my/data")
            page |= {
                "res_company": file.company_id,
                "purposes": request.env["beneficiary.consent"]._portal_get_purposes(
                    file
                ),
                "data_requests": requests._portal_get_requests(file),
                "is_proven": self._is_proven(),
                "has_copy": self._has_copy(file),
                "errors": errors,
                "values": values,
                "done": self._get_data_messages().get(query.get("done")),
                "submission_key": requests._new_submission_key(),
            }
        response = request.render("beneficiary_relations.portal_data", page)
        response.headers["Cache-Control"] = "no-store"
        return response

    @route("/my/data/prove", type="http", auth="user", website=True, methods=["POST"])
    def portal_data_prove(self, **post):
        """Take the proof that the person is there, before a copy is given."""
        password = post.get("password")
        return self._answer_form(
            "prove",
            post,
            lambda file: self._prove(password if isinstance(password, str) else ""),
            "proven",
        )

    @route("/my/data/consent", type="http", auth="user", website=True, methods=["POST"])
    def portal_data_consent(self, **post):
        return self._answer_form(
            "consent",
            post,
            lambda file: request.env["beneficiary.consent"]._portal_decide(
                file,
                self._read_text(post, "purpose"),
                self._read_text(post, "decision") == "given",
            ),
            "consent",
        )

    @route("/my/data/copy", type="http", auth="user", website=True, methods=["POST"])
    def portal_data_copy(self, **post):
        """Make a copy; the page then leads to it, as long as the proof counts."""
        return self._answer_form("copy", post, self._make_copy, "copy")

    @route("/my/data/ask", type="http", auth="user", website=True, methods=["POST"])
    def portal_data_ask(self, **post):
        """Record that a correction or an erasure is asked for."""
        kind = self._read_text(post, "kind")
        return self._answer_form(
            kind,
            post,
            lambda file: request.env["beneficiary.data.request"]._portal_ask(
                file,
                kind,
                self._read_text(post, "text"),
                self._read_text(post, "submission_key"),
            ),
            "asked",
        )

    @route("/my/data/leave", type="http", auth="user", website=True, methods=["POST"])
    def portal_data_leave(self, **post):
        """Delete the account, as Odoo's page does for people with a password."""
        user = request.env.user
        errors = {}
        with self._collect(errors, "leave"):
            self._check_leaving(post)
            user.sudo()._deactivate_portal_user()
        if errors:
            file_id = self._read_text(post, "file_id")
            return self._answer(f"/my/data?file_id={file_id}", errors, {})
        request.session.logout()
        return request.redirect("/my/signin")

    def _check_leaving(self, post):
        if not self._is_proven():
            raise UserError(request.env._("Prove first that it is you."))
        if self._read_text(post, "sure") != "yes":
            raise UserError(
                request.env._("Tick that you want to delete your account first.")
            )

    @route(
        [
            "/my/data/prove",
            "/my/data/consent",
            "/my/data/copy",
            "/my/data/ask",
            "/my/data/leave",
        ],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_data_again(self, **query):
        """Lead who opens the address of a form to its page."""
        return request.redirect("/my/data")

    @route(
        "/my/data/<int:file_id>/copy.<string:kind>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_data_file(self, file_id, kind, **query):
        """Give the copy that was made, as a PDF or for a program."""
        requests = request.env["beneficiary.data.request"]
        file = requests._portal_find_file(str(file_id))
        copy = file and self._has_copy(file) and requests._portal_get_copy(file)
        if not copy or kind not in ("pdf", "json"):
            return request.redirect("/my/data")
        name = copy.name.replace("/", "-")
        if kind == "pdf":
            response = self._show_paper("data_copy_action", copy, name)
        else:
            response = request.make_response(
                json.dumps(copy._get_copy_data(), ensure_ascii=False, indent=2),
                headers=[
                    ("Content-Type", "application/json; charset=utf-8"),
                    ("Content-Disposition", content_disposition(f"{name}.json")),
                ],
            )
        response.headers["Cache-Control"] = "no-store"
        return response

    # -- the proof ---------------------------------------------------------------------

    def _is_proven(self):
        """Whether the person signed in, or proved who they are, a short while ago."""
        return request.session.get(PROVEN, 0) > time.time() - PROVEN_SECONDS

    def _prove(self, password):
        """Take the password as the proof, with Odoo's own limit of tries."""
        user = request.env.user
        proven = False
        with suppress(AccessDenied), user._assert_can_auth(user=user.login):
            credential = {"login": user.login, "password": password, "type": "password"}
            user._check_credentials(credential, {"interactive": True})
            proven = True
        if not proven:
            raise UserError(
                request.env._(
                    "The password is not right, or was tried too often. Wait a minute, "
                    "then try again."
                )
            )
        mark_as_proven()

    def _make_copy(self, file):
        if not self._is_proven():
            raise UserError(request.env._("Prove first that it is you."))
        request.env["beneficiary.data.request"]._portal_copy(file)
        request.session[COPY] = file.id

    def _has_copy(self, file):
        return self._is_proven() and request.session.get(COPY) == file.id

    # -- forms -------------------------------------------------------------------------

    def _answer_form(self, name, post, act, done):
        """Do what a form asks, and lead back to the page.

        :param name: of the form, beside which a refusal is shown
        :param act: called with the file, as superuser
        :param done: name of the message that the page then shows
        """
        file_id = self._read_text(post, "file_id")
        file = request.env["beneficiary.data.request"]._portal_find_file(file_id)
        if not file:
            return request.redirect("/my/data")
        errors = {}
        with self._collect(errors, name):
            act(file)
        address = f"/my/data?file_id={file.id}"
        if not errors:
            return self._answer(f"{address}&done={done}#o_br_done")
        # The refusal takes the focus; a browser keeps it from doing so at a "#".
        return self._answer(
            address, errors, {f"{name}_text": self._read_text(post, "text")}
        )

    def _get_data_messages(self):
        return {
            "proven": request.env._("Thank you: now you can take a copy."),
            "consent": request.env._("Your decision is recorded."),
            "copy": request.env._("Your copy is ready."),
            "asked": request.env._("Your request was sent. Keep its number."),
        }
