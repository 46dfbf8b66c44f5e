from odoo import models


class ToolForm(models.Model):
    """The support request form among the tools: printed blank, at any time (R8, R9)."""

    _inherit = "beneficiary.tool"

    def action_print_form(self):
        """Print the blank form with the words of the policy in force.

        :return: the action of the paper
        :raise UserError: without a policy in force
        """
        self.check_access("read")
        paper = self.env["report.beneficiary_relations.blank_request_report"]
        policy = paper._get_policy(self.env.company)
        report = self.env.ref(
            "beneficiary_relations.blank_request_report_policy_action"
        )
        return report.sudo().report_action(policy, config=False)
