from odoo import api, models
from odoo.fields import Domain

from ...rules import arabic, identity

TEXT_OPERATORS = frozenset(["ilike", "like", "=ilike", "=like"])


class BeneficiarySearch(models.Model):
    """A search for a file reads what was pasted: its shown name, a number of a paper.

    What is found by a text is said in ``beneficiary_identity``.
    """

    _inherit = "beneficiary.beneficiary"

    @api.model
    def _search_display_name(self, operator, value):
        """Also find by "[000086] سالم", by names with commas, by a paper's number.

        Numbers are stored without the spaces and dashes of the paper.
        """
        if operator not in TEXT_OPERATORS or not isinstance(value, str):
            return super()._search_display_name(operator, value)
        text = arabic.searched_words(value) or value
        found = super()._search_display_name(operator, text)
        number = arabic.search_key(identity.any_number(text))
        if number != arabic.search_key(text) and any(map(str.isdigit, number)):
            found |= Domain("search_key", "like", number)
        return found
