from odoo import api, models
from odoo.exceptions import AccessError, UserError


class BlankRequestReport(models.AbstractModel):
    """The support request form without a request: to be filled in by hand (R8, R9).

    It has the title and the declaration of the policy in force, and says nothing of
    anybody. Staff print it.
    """

    _name = "report.beneficiary_relations.blank_request_report"
    _description = "Blank Support Request Form"

    @api.model
    def _get_report_values(self, docids, data=None):
        services = self.env["beneficiary.service"].browse(docids).exists()
        return self._prepare_values(
            services,
            [
                self._prepare_form(
                    service.company_id, self._get_policy(service.company_id), service
                )
                for service in services
            ],
        )

    @api.model
    def _prepare_values(self, docs, forms):
        if self.env.user.share:
            raise AccessError(self.env._("Staff of the association print the form."))
        docs.check_access("read")
        return {"doc_ids": docs.ids, "doc_model": docs._name, "forms": forms}

    @api.model
    def _get_policy(self, company):
        """Return the policy in force of ``company``, whose words the form carries.

        :raise UserError: if there is none
        """
        policy = company._get_beneficiary_policy()
        if not policy:
            raise UserError(
                self.env._(
                    "The association has no policy in force. A manager puts one in "
                    "force under Configuration / Policies."
                )
            )
        return policy

    @api.model
    def _prepare_form(self, company, policy, service):
        """Return what one form says.

        :param service: the service that is asked for; if empty, the form offers all of
            ``company``
        """
        services = service or service.search([("company_id", "=", company.id)])
        return {
            "company": company,
            "policy": policy,
            "service": service,
            "services": services,
            "papers": service.document_line_ids,
            "questions": service.question_ids._filter_askable(),
        }


class BlankRequestReportOfPolicy(models.AbstractModel):
    """The form for any service, with the words of the policy that prints it (R9)."""

    _name = "report.beneficiary_relations.blank_request_report_policy"
    _inherit = ["report.beneficiary_relations.blank_request_report"]
    _description = "Blank Support Request Form of a Policy"

    @api.model
    def _get_report_values(self, docids, data=None):
        policies = self.env["beneficiary.policy"].browse(docids).exists()
        any_service = self.env["beneficiary.service"]
        return self._prepare_values(
            policies,
            [
                self._prepare_form(
                    policy.company_id or self.env.company, policy, any_service
                )
                for policy in policies
            ],
        )
