from odoo import api, models

from ...rules import amount as amount_rules


class ResCurrency(models.Model):
    """The riyal has its Arabic sign and words where the language is Arabic (R44).

    Odoo keeps one sign for all languages, and words Arabic amounts as English ones.
    """

    _inherit = "res.currency"

    @api.model
    def _get_local_symbol(self, symbol):
        """Return the sign as the user's language writes it."""
        is_arabic = (self.env.lang or "").startswith("ar")
        return "ر.س" if symbol == "SR" and is_arabic else symbol

    @api.model
    def get_all_currencies(self):
        currencies = super().get_all_currencies()
        return {
            id_: {**currency, "symbol": self._get_local_symbol(currency["symbol"])}
            for id_, currency in currencies.items()
        }

    def amount_to_text(self, amount):
        """Return the amount in words, as Arabic counts riyals and halalas."""
        if self.name == "SAR" and (self.env.lang or "").startswith("ar"):
            return amount_rules.riyals(round(amount * 100))
        return super().amount_to_text(amount)

    def format(self, amount):
        return self._localize(super().format(amount))

    def _localize(self, written):
        """Return a written amount with the sign of the user's language."""
        if not self.symbol:
            return written
        return written.replace(self.symbol, self._get_local_symbol(self.symbol))


class IrQwebFieldMonetary(models.AbstractModel):
    """Amounts on papers, in e-mails and on the portal."""

    _inherit = "ir.qweb.field.monetary"

    @api.model
    def value_to_html(self, value, options):
        written = super().value_to_html(value, options)
        return options["display_currency"].with_env(self.env)._localize(written)
