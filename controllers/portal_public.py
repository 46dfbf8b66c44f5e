from odoo.http import Controller, content_disposition, request, route

PUBLIC = {
    "type": "http",
    "auth": "public",
    "website": True,
    "methods": ["GET"],
    "readonly": True,
}


class BeneficiaryPublic(Controller):
    """The policy and the services of an association, for everybody (R35, R45).

    Published texts only, and no data of people. Where a website is installed, its
    association is shown; otherwise the visitor chooses among several.
    """

    @route(["/policy", "/policy/<int:company_id>"], sitemap=True, **PUBLIC)
    def public_policy(self, company_id=None, **query):
        return self._show("public_policy", "/policy", company_id)

    @route(["/services", "/services/<int:company_id>"], sitemap=True, **PUBLIC)
    def public_services(self, company_id=None, **query):
        return self._show("public_services", "/services", company_id)

    @route("/policy/tools/<int:tool_id>", **PUBLIC)
    def public_tool(self, tool_id, **query):
        """Download a published document of a published policy."""
        policies = request.env["beneficiary.policy"]._public_find()
        tool = policies.tool_line_ids.document_id.filtered(
            lambda one: one.id == tool_id
        )
        if not tool or not tool._is_public():
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            tool, "file", filename_field="file_name"
        )
        return stream.get_response(as_attachment=True)

    @route("/policy/<int:company_id>/print", **PUBLIC)
    def public_policy_print(self, company_id, **query):
        """Download the printed policy of an association, if it is published (R49)."""
        policies = request.env["beneficiary.policy"]._public_find()
        policy = policies.filtered(lambda one: one.company_id.id == company_id)
        if not policy:
            raise request.not_found()
        return request.make_response(
            policy._public_get_pdf(),
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{policy.name}.pdf")),
            ],
        )

    def _show(self, template, url, company_id):
        policies = request.env["beneficiary.policy"]._public_find()
        website = getattr(request, "website", None)
        if company_id is None and website:
            company_id = website.sudo().company_id.id
        if company_id is not None:
            policies = policies.filtered(
                lambda policy: policy.company_id.id == company_id
            )
        if not policies:
            raise request.not_found()
        if len(policies) > 1:
            values = {"policies": policies, "url": url}
            return self._render("public_associations", request.env.company, **values)
        company = policies.company_id
        services = request.env["beneficiary.service"]._public_get_services(company)
        return self._render(
            template, company, policy=policies, services=services._public_describe()
        )

    def _render(self, template, company, **values):
        return request.render(
            f"beneficiary_relations.{template}",
            {"res_company": company.sudo(), **values},
        )
