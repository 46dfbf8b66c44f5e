from odoo.http import Controller, request, route

from .portal import LARGEST_ID

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
        tool = policies.tool_line_ids.tool_id.filtered(lambda one: one.id == tool_id)
        if not tool or not tool._is_public():
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            tool, "file", filename_field="file_name"
        )
        return stream.get_response(as_attachment=True)

    def _show(self, template, url, company_id):
        policies = request.env["beneficiary.policy"]._public_find()
        policy = self._choose(policies, company_id)
        if not policy and (company_id or not policies):
            raise request.not_found()
        services = request.env["beneficiary.service"]
        return request.render(
            f"beneficiary_relations.{template if policy else 'public_associations'}",
            {
                "policies": policies,
                "policy": policy,
                "res_company": policy.company_id or request.env.company.sudo(),
                "services": services._public_get_services(
                    policy.company_id
                )._public_describe(),
                "url": url,
            },
        )

    def _choose(self, policies, company_id):
        """Return the policy to show; an empty record while the visitor must choose."""
        if company_id and company_id > LARGEST_ID:
            return policies.browse()
        wanted = (
            company_id
            or getattr(request, "website", None)
            and (request.website.sudo().company_id.id)
        )
        if wanted:
            return policies.filtered(lambda policy: policy.company_id.id == wanted)
        return policies if len(policies) == 1 else policies.browse()
