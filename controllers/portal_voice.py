from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager

from .portal import LARGEST_ID, BeneficiaryPortal

CONTACTS_PER_PAGE = 20
# The name under which a session keeps a form that has a mistake.
KEPT = "beneficiary_kept_form"
FOREIGN = "/my/file/elsewhere"


class BeneficiaryPortalVoice(BeneficiaryPortal):
    """What a person writes to the association, and is answered (R27, R48).

    Each form is answered with a redirect, and its address, opened by hand, leads to the
    page. A form with a mistake keeps what was typed in the session of the visitor until
    its page is shown.
    """

    # -- list --------------------------------------------------------------------------

    @route(
        ["/my/contacts", "/my/contacts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_contacts(self, page=1, **query):
        """List the person's calls, visits and what they wrote, the latest first."""
        contacts = request.env["beneficiary.interaction"]
        own = contacts._portal_list_domain()
        pager_values = pager(
            url="/my/contacts",
            total=contacts.sudo().search_count(own),
            page=page,
            step=CONTACTS_PER_PAGE,
        )
        found = contacts.sudo().search(
            own, limit=CONTACTS_PER_PAGE, offset=pager_values["offset"]
        )
        visits = request.env["beneficiary.appointment"]._portal_get_upcoming()
        return request.render(
            "beneficiary_relations.portal_my_contacts",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_contacts",
                "visits": visits._portal_get_lines(),
                "lines": found._portal_get_lines(),
                "several_files": len(found.beneficiary_id) > 1,
                "pager": pager_values,
            },
        )

    # -- write -------------------------------------------------------------------------

    @route(
        "/my/contacts/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_contact_new(self, **query):
        contacts = request.env["beneficiary.interaction"]
        kept = self._take_kept("/my/contacts/new")
        return request.render(
            "beneficiary_relations.portal_contact_form",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_contact_new",
                "files": contacts._portal_get_offers(),
                "kinds": contacts._portal_get_kinds(),
                "requests": contacts._portal_get_requests(),
                "file_rule": self._get_file_rule(),
                "form": {"request_id": query.get("request_id"), **kept["form"]},
                "error": kept["error"],
                "submission_key": kept["form"].get("submission_key")
                or contacts._new_submission_key(),
            },
        )

    @route("/my/contacts/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_contact_create(self, **post):
        contacts = request.env["beneficiary.interaction"]
        form = self._read_fields(
            post, "file_id", "kind", "subject", "words", "request_id", "is_confidential"
        )
        errors = {}
        with self._collect(errors, "general"):
            contact = contacts._portal_write_to_office(
                self._choose_file(contacts._portal_get_offers(), form),
                {
                    **form,
                    "request_id": self._read_number(form["request_id"]),
                    "files": self._read_files("letter_files"),
                },
                form["submission_key"],
            )
        if errors:
            return self._keep("/my/contacts/new", form, errors)
        return request.redirect(f"{contact._get_portal_path()}?done=sent")

    # -- read, and add -----------------------------------------------------------------

    @route(
        "/my/contacts/<int:contact_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_contact(self, contact_id, **query):
        contact = self._find_own("beneficiary.interaction", contact_id)
        if not contact:
            return request.redirect(FOREIGN)
        kept = self._take_kept(contact._get_portal_path())
        return request.render(
            "beneficiary_relations.portal_contact_page",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_contact",
                "contact": contact,
                "res_company": contact.company_id,
                "page": contact._portal_get_page(),
                "file_rule": self._get_file_rule(),
                "done": self._get_voice_messages().get(query.get("done")),
                "form": kept["form"],
                "error": kept["error"],
                "submission_key": kept["form"].get("submission_key")
                or contact._new_submission_key(),
            },
        )

    @route(
        "/my/contacts/<int:contact_id>/add",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_contact_add_page(self, contact_id, **query):
        return request.redirect(f"/my/contacts/{contact_id}")

    @route(
        "/my/contacts/<int:contact_id>/add",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_contact_add(self, contact_id, **post):
        contact = self._find_own("beneficiary.interaction", contact_id)
        if not contact:
            return request.redirect(FOREIGN)
        form = self._read_fields(post, "words")
        errors = {}
        with self._collect(errors, "general"):
            contact._portal_add(
                form["words"],
                form["submission_key"],
                self._read_files("letter_files"),
            )
        if errors:
            return self._keep(contact._get_portal_path(), form, errors)
        return request.redirect(f"{contact._get_portal_path()}?done=added")

    def _get_voice_messages(self):
        return {
            "sent": request.env._("We have received it. Keep its number."),
            "added": request.env._("We have received what you added."),
        }

    # -- input -------------------------------------------------------------------------

    def _find_own(self, model, record_id):
        """Return the user's own record of ``model``, as superuser, or an empty one."""
        records = request.env[model]
        return records._portal_find(record_id if record_id <= LARGEST_ID else 0)

    def _read_fields(self, post, *names):
        return {
            name: self._read_text(post, name) for name in (*names, "submission_key")
        }

    def _read_number(self, text):
        return int(text) if text.isascii() and text.isdecimal() else 0

    def _choose_file(self, files, form):
        """Return the file that the form names, or the only one."""
        if len(files) == 1:
            return files
        return files.filtered(lambda file: str(file.id) == form["file_id"])

    def _keep(self, path, form, errors):
        """Keep a form with its mistake for the page at ``path``, and lead there."""
        request.session[KEPT] = {
            "path": path,
            "form": form,
            "error": errors["general"],
        }
        return request.redirect(path)

    def _take_kept(self, path):
        """Return what was kept for the page at ``path``: ``form`` and ``error``."""
        kept = request.session.get(KEPT)
        if not kept or kept["path"] != path:
            return {"form": {}, "error": ""}
        request.session.pop(KEPT)
        return kept
