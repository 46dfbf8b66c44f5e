from urllib.parse import urlencode

from odoo.http import request, route

from ..rules.upload import MAX_FILE_MB
from .portal import LARGEST_ID
from .portal_home import BeneficiaryPortalHome

MAX_BYTES = MAX_FILE_MB * 1024 * 1024


class BeneficiaryPortalFile(BeneficiaryPortalHome):
    """The file on the portal, changes that are proposed, and papers (R26, R51).

    Every form answers with a redirect, and its address opened by itself leads to its
    page. What was typed into a form that is refused is shown again.
    """

    @route("/my/file", type="http", auth="user", website=True, methods=["GET"],
           readonly=True)  # fmt: skip
    def portal_files(self, **query):
        """Show the only file, or the files to choose from."""
        files = self._get_files()
        if not files:
            return request.redirect("/my")
        if len(files) == 1:
            return request.redirect(f"/my/file/{files.id}")
        representatives = request.env["beneficiary.representative"]
        return self._render_page(
            "portal_files",
            "beneficiary_file",
            files=files,
            representations=representatives._portal_get_all(),
        )

    @route("/my/file/<int:file_id>", type="http", auth="user", website=True,
           methods=["GET"], readonly=True)  # fmt: skip
    def portal_file(self, file_id, **query):
        """Show all that is held in a file."""
        file = self._find_file(file_id)
        if not file:
            return request.redirect("/my")
        representatives = request.env["beneficiary.representative"]
        return self._render_page(
            "portal_file",
            "beneficiary_file",
            file=file,
            res_company=file.company_id,
            page=file._portal_get_page(),
            sees_all=file._portal_sees_all(),
            representations=representatives._portal_get_all().filtered(
                lambda line: line.beneficiary_id != file
            ),
            done=self._get_file_messages().get(query.get("done")),
        )

    @route("/my/file/<int:file_id>/change", type="http", auth="user", website=True,
           methods=["GET"], readonly=True)  # fmt: skip
    def portal_change_form(self, file_id, **query):
        """Show the form that proposes a change; see ``beneficiary.change``."""
        file = self._find_file(file_id)
        about = query.get("about", "file")
        changes = request.env["beneficiary.change"]
        subject_id = self._read_id(query, "subject")
        subject = file and changes._portal_get_subject(file, about, subject_id)
        if not file or subject is None:
            return request.redirect("/my/file")
        errors, typed = self._take_refused(f"/my/file/{file.id}/change")
        return self._render_page(
            "portal_change_form",
            "beneficiary_change",
            file=file,
            res_company=file.company_id,
            about=about,
            subject=subject,
            fields=changes._portal_get_form(file, about, subject),
            form=typed,
            error=errors.get("general"),
            file_rule=self._get_file_rule(),
            submission_key=typed.get("key") or changes._new_submission_key(),
        )

    @route("/my/file/<int:file_id>/change", type="http", auth="user", website=True,
           methods=["POST"])  # fmt: skip
    def portal_change_propose(self, file_id, **post):
        file = self._find_file(file_id)
        if not file:
            return request.redirect("/my")
        about = self._read_text(post, "about")
        subject_id = self._read_id(post, "subject")
        form = {
            name.removeprefix("value_"): self._read_text(post, name)
            for name in post
            if name.startswith("value_")
        }
        form["note"] = self._read_text(post, "note")
        form["file"] = self._read_upload(post, "paper", MAX_BYTES)
        key = self._read_text(post, "submission_key")[:64]
        errors = {}
        with self._collect(errors, "general"):
            changes = request.env["beneficiary.change"]
            changes._portal_propose(file, about, subject_id, form, key)
        if not errors:
            return self._answer(f"/my/file/{file.id}?done=proposed")
        query = urlencode({"about": about, "subject": subject_id})
        del form["file"]
        return self._answer(
            f"/my/file/{file.id}/change?{query}", errors, {**form, "key": key}
        )

    @route("/my/file/<int:file_id>/changes/<int:change_id>/<any(read,back):what>",
           type="http", auth="user", website=True, methods=["GET", "POST"])  # fmt: skip
    def portal_change_answer(self, file_id, change_id, what, **post):
        """Take a proposal back, or note that its result was read."""
        changes = request.env["beneficiary.change"]
        change = changes.sudo().browse()
        if change_id <= LARGEST_ID:
            change = changes._portal_get(change_id)
        if not change or change.beneficiary_id.id != file_id:
            return request.redirect("/my/file")
        done = ""
        if request.httprequest.method == "POST":
            errors = {}
            act = change._portal_read_result
            if what == "back":
                act = change._portal_take_back
            with self._collect(errors, "general"):
                act()
            done = "?done=decided" if errors else f"?done={what}"
        return self._answer(f"/my/file/{file_id}{done}#change_{change_id}")

    # -- papers ------------------------------------------------------------------------

    @route("/my/papers", type="http", auth="user", website=True, methods=["GET"],
           readonly=True)  # fmt: skip
    def portal_papers(self, **query):
        if not self._get_files():
            return request.redirect("/my")
        return self._render_page(
            "portal_my_papers",
            "beneficiary_papers",
            groups=request.env["beneficiary.document"]._portal_get_papers(),
            file_rule=self._get_file_rule(),
            errors=self._take_refused("/my/papers")[0],
            done=self._get_file_messages().get(query.get("done")),
        )

    @route("/my/papers/<int:document_id>", type="http", auth="user", website=True,
           methods=["GET"], readonly=True)  # fmt: skip
    def portal_paper(self, document_id, side="front", **query):
        """Let the person download a paper that was sent on the portal."""
        document = self._find_paper(document_id)
        if not document or not document._portal_is_own(document.beneficiary_id):
            return request.redirect("/my/papers")
        field = "file_back" if side == "back" and document.file_back_name else "file"
        document = document.with_context(bin_size=False)
        stream = request.env["ir.binary"]._get_stream_from(
            document, field, filename_field=f"{field}_name"
        )
        return stream.get_response(as_attachment=True)

    @route("/my/papers/<int:document_id>/renew", type="http", auth="user",
           website=True, methods=["GET", "POST"])  # fmt: skip
    def portal_paper_renew(self, document_id, **post):
        """Take a newer version of a paper."""
        document = self._find_paper(document_id)
        if not document or request.httprequest.method != "POST":
            return request.redirect("/my/papers")
        front = self._read_upload(post, "paper", MAX_BYTES)
        back = self._read_upload(post, "paper_back", MAX_BYTES)
        errors = {}
        name = f"paper_{document.id}"
        if not front:
            errors[name] = request.env._("Choose a photo or a PDF first.")
        else:
            with self._collect(errors, name):
                document._portal_renew(front, back)
        if errors:
            return self._answer(f"/my/papers#{name}", errors)
        return self._answer("/my/papers?done=renewed")

    # -- input -------------------------------------------------------------------------

    def _find_file(self, file_id):
        return request.env["beneficiary.beneficiary"]._portal_get(file_id)

    def _find_paper(self, document_id):
        documents = request.env["beneficiary.document"]
        if document_id > LARGEST_ID:
            return documents.sudo().browse()
        return documents._portal_get(document_id)

    def _read_id(self, params, name):
        text = self._read_text(params, name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def _get_file_messages(self):
        return {
            "proposed": request.env._(
                "Your proposal was sent. Your file changes once the association "
                "accepts it."
            ),
            "back": request.env._("Your proposal was taken back."),
            "decided": request.env._("The association has decided about it already."),
            "renewed": request.env._("We have received your papers."),
        }
