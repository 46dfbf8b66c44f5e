import json

from odoo.exceptions import UserError
from odoo.http import request, route

from .portal import BeneficiaryPortal

# Odoo's names of the fields of an address, which are the file's names too.
ADDRESS_FIELDS = ("name", "phone", "email", "street", "city")


class BeneficiaryPortalHome(BeneficiaryPortal):
    """The home page of applicants, and the pages that it leads to (R26).

    The file takes the place of Odoo's "My account" and "Addresses": its values are
    copied to the contact, and would overwrite what was changed there. An address that
    was typed all the same becomes a proposal, which an officer accepts or declines.
    """

    # Odoo's route is read/write; only a function may differ from it.
    @route(readonly=lambda *given: True)
    def home(self, **kw):
        response = super().home(**kw)
        if response.is_qweb:
            sections = request.env["beneficiary.portal.section.mixin"]
            response.qcontext["applicant_home"] = sections._portal_get_home()
        return response

    @route("/my/services", type="http", auth="user", website=True, methods=["GET"],
           readonly=True)  # fmt: skip
    def portal_services(self, **query):
        """Show what the person may ask for, with its conditions (R45)."""
        if not self._get_files():
            return request.redirect("/my")
        return self._render_page(
            "portal_services",
            "beneficiary_services",
            offers=request.env["beneficiary.service"]._portal_get_offers(),
        )

    @route("/my/deliveries", type="http", auth="user", website=True, methods=["GET"],
           readonly=True)  # fmt: skip
    def portal_deliveries(self, **query):
        """Show all that was handed over to the person, or is planned (R25)."""
        if not (files := self._get_files()):
            return request.redirect("/my")
        return self._render_page(
            "portal_my_deliveries",
            "beneficiary_deliveries",
            lines=request.env["beneficiary.delivery"]._portal_get_all(files),
        )

    @route("/my/help", type="http", auth="user", website=True, methods=["GET"],
           readonly=True)  # fmt: skip
    def portal_help(self, **query):
        """Show how the pages are used, and how the association is reached (R5)."""
        companies = self._get_files().company_id
        if not companies:
            return request.redirect("/my")
        return self._render_page(
            "portal_help", "beneficiary_help", associations=companies
        )

    # -- the file in place of Odoo's addresses -----------------------------------------

    @route()
    def account(self, **kwargs):
        return self._lead_to_file() or super().account(**kwargs)

    @route()
    def my_addresses(self, **query_params):
        return self._lead_to_file() or super().my_addresses(**query_params)

    @route()
    def portal_address(self, *args, **query_params):
        return self._lead_to_file() or super().portal_address(*args, **query_params)

    @route()
    def portal_address_submit(self, *args, **form_data):
        if not self._is_applicant():
            return super().portal_address_submit(*args, **form_data)
        return json.dumps(self._propose_address(form_data))

    @route()
    def address_archive(self, partner_id):
        if not self._is_applicant():
            return super().address_archive(partner_id)
        raise UserError(request.env._("Propose a change under “My file” instead."))

    def _propose_address(self, form_data):
        """Propose the typed address for the person's own file; see Odoo's page.

        :return: dict as Odoo's page reads it: where to go, or messages
        """
        own = self._get_files().filtered(
            lambda file: request.env.user in file.portal_user_ids
        )
        if len(own) != 1:
            return {"redirectUrl": "/my/file"}
        form = {
            name: self._read_text(form_data, name)
            for name in ADDRESS_FIELDS
            if name in form_data
        }
        errors = {}
        with self._collect(errors, "general"):
            changes = request.env["beneficiary.change"]
            changes._portal_propose(own, "file", own.id, form)
        if errors:
            return {"invalid_fields": [], "messages": [errors["general"]]}
        return {"redirectUrl": f"/my/file/{own.id}?done=proposed"}

    def _is_applicant(self):
        return request.env.user._is_portal() and bool(self._get_files())

    def _lead_to_file(self):
        """Return a redirect to the file for applicants, and nothing for others."""
        return request.redirect("/my/file") if self._is_applicant() else None

    # -- shared ------------------------------------------------------------------------

    def _get_files(self):
        return request.env["beneficiary.beneficiary"]._get_portal_files()

    def _render_page(self, template, page_name, **values):
        return request.render(
            f"beneficiary_relations.{template}",
            {
                **self._prepare_portal_layout_values(),
                "page_name": page_name,
                **values,
            },
        )
