from odoo import api, fields, models


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
    def _portal_get_card(self):
        """Return the card of the page that helps, and leads to the policy."""
        return {
            "label": self.env._("Help and contact"),
            "text": self.env._("How these pages are used, and how to reach us"),
            "url": "/my/help",
            "icon": "fa-question-circle",
            "count": None,
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
        period = self._count_review_days(self._get_review_period().days)
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

    def _public_get_version(self):
        """Return the version of this policy, and when the board approved it (R36)."""
        self.ensure_one()
        if not self.approval_date:
            return self.env._("Version %(version)s", version=self.version)
        return self.env._(
            "Version %(version)s, approved by the board on %(date)s",
            version=self.version,
            date=self._format_paper_both(self.approval_date),
        )

    def _public_get_tools(self):
        """Return the documents of this policy: ``name``, and ``tool`` to download.

        A document has a ``tool`` only if its file is published.
        """
        self.ensure_one()
        return [
            {
                "name": line.display_name,
                "tool": line.tool_id if line.tool_id._is_public() else None,
            }
            for line in self.tool_line_ids
        ]
