from odoo import api, fields, models
from odoo.tools import ormcache


class PolicyPublic(models.Model):
    """The policy in force on pages for everybody, with no data of people (R35).

    An association is shown to the public while its policy in force is published.
    """

    _inherit = "beneficiary.policy"

    is_published = fields.Boolean(
        string="On the Public Page",
        default=True,
        copy=True,
        help="While it is in force, everybody may read this policy and the services "
        "on the public pages /policy and /services.",
    )

    @api.model
    def _portal_get_card(self, files):
        """Return the card of the page that helps, and leads to the policy."""
        return {
            "label": self.env._("Help and contact"),
            "text": self.env._("How these pages are used, and how to reach us"),
            "url": "/my/help",
            "icon": "fa-question-circle",
            "counted": None,
        }

    @api.model
    def _public_find(self):
        """Return, as superuser, the published policies in force, by association."""
        return self.sudo().search(
            [("state", "=", "in_force"), ("is_published", "=", True)],
            order="company_id",
        )

    def _public_get_review_text(self):
        """Return the review period of this policy in words (R21)."""
        self.ensure_one()
        period = self._count_review_days(self.review_days)
        if self.review_mode == "deadline":
            return self.env._(
                "The committee replies, whether it accepts or not, within %(period)s.",
                period=period,
            )
        return self.env._(
            "The committee takes at least %(period)s, then replies, whether it accepts "
            "or not.",
            period=period,
        )

    def _public_get_sections(self):
        """Return the text of this policy, with the pages of its published documents.

        See :meth:`_get_sections`; a document whose file is published has a ``url``.
        """
        self.ensure_one()
        sections = self._get_sections()
        for section in sections:
            if section["code"] != "tool":
                continue
            for clause, line in zip(
                section["clauses"], self.tool_line_ids, strict=True
            ):
                if line.document_id._is_public():
                    clause["url"] = f"/policy/tools/{line.document_id.id}"
        return sections

    def _public_get_satisfaction(self):
        """Return in a sentence how many people are satisfied; "" with few answers."""
        self.ensure_one()
        overall = self.env["beneficiary.satisfaction"]._get_overall(self.company_id)
        if not overall:
            return ""
        return self.env._(
            "Satisfied with the service: %(share)s%% of the people who answered "
            "(answers: %(count)s)",
            share=round(overall.rate * 100),
            count=overall.count,
        )

    def _public_get_pdf(self):
        """Return the printed policy, in the language of the visitor.

        Printing is slow and everybody may ask for it, so each print is kept in memory
        until the policy or the letterhead changes.
        """
        self.ensure_one()
        company = self.company_id
        changed = (self.write_date, company.write_date, company.partner_id.write_date)
        return self._print_public(self.id, self.env.lang, changed)

    @api.model
    @ormcache("policy_id", "lang", "changed")
    def _print_public(self, policy_id, lang, changed):
        reports = self.env["ir.actions.report"].with_context(lang=lang)
        pdf, _kind = reports._render_qweb_pdf(
            "beneficiary_relations.policy_report", [policy_id]
        )
        return pdf
