from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import arabic

# Lines above the name of the association, as official letters have them.
LETTERHEAD_LINES = 3


class ResCompany(models.Model):
    """What every official paper says of its association, at its head and foot (R40)."""

    _inherit = "res.company"

    beneficiary_letterhead = fields.Text(
        string="Letterhead",
        translate=True,
        help="Up to three lines above the name of the association on every official "
        "paper: the country, and the ministry or centre that supervises it. Empty: the "
        "Kingdom of Saudi Arabia, unless the association is in another country.",
    )

    @api.constrains("beneficiary_letterhead")
    def _check_beneficiary_letterhead(self):
        for company in self:
            text = company.beneficiary_letterhead or ""
            if len(self._split_beneficiary_letterhead(text)) > LETTERHEAD_LINES:
                raise ValidationError(
                    self.env._("The letterhead has room for three lines.")
                )

    @api.model
    def _split_beneficiary_letterhead(self, text):
        """Return the lines of ``text`` without the empty ones."""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def _get_beneficiary_letterhead(self):
        """Return the lines above the association's name on its papers (R40)."""
        self.ensure_one()
        written = self._split_beneficiary_letterhead(self.beneficiary_letterhead or "")
        if written or self.country_id.code not in (False, "SA"):
            return written
        return [self.env._("Kingdom of Saudi Arabia")]

    def _get_beneficiary_page_footer(self, paper):
        """Return what each page says at its foot, with places for its number (R40).

        :param paper: what ``_get_letterhead`` of the printed record returns; its
            ``footer`` names the paper on each page
        :return: lines of text, with ``{page}`` and ``{pages}``
        """
        self.ensure_one()
        company = self.sudo()  # applicants print papers, and do not read contacts
        place = [company.street, company.city, company.zip]
        contacts = [
            self.env["beneficiary.mixin"]._list_words(filter(None, place)),
            *(
                arabic.isolated(one, self.env.lang or "")
                for one in (company.phone, company.email, company.website)
                if one
            ),
        ]
        lines = [
            " · ".join(filter(None, contacts)),
            paper.get("footer") or self.env._("Page {page} of {pages}"),
        ]
        return "\n".join(filter(None, lines))
