"""Shared base of the tests of services."""

from odoo import Command

from ..common import BeneficiaryCommon


class ServiceCase(BeneficiaryCommon):
    def _make_question(self, kind="text", name=None, **vals):
        """Add a question to the service; ``options`` are names of options."""
        options = vals.pop("options", ())
        return self.env["beneficiary.service.question"].create(
            {
                "service_id": self.service.id,
                "name": name or f"A {kind}?",
                "kind": kind,
                "option_ids": [Command.create({"name": name}) for name in options],
                **vals,
            }
        )

    def _get_kinds(self, *kinds):
        """Return the records of kinds of beneficiary, by their codes."""
        return self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "beneficiary.beneficiary"),
                ("field_id.name", "=", "kind"),
                ("value", "in", kinds),
            ]
        )

    def _get_line(self, request, question):
        return request.answer_ids.filtered(lambda line: line.question_id == question)
