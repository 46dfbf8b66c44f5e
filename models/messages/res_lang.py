import re

from markupsafe import Markup

from odoo import api, models

# Where the text of a whole page begins and ends; a fragment has neither.
_BODY = re.compile(r"(<body\b[^>]*>)(.*)(</body>)", re.DOTALL)


class ResLang(models.Model):
    """The direction of e-mails: mail programs do not follow the language (R44)."""

    _inherit = "res.lang"

    @api.model
    def _get_text_direction(self, code):
        """Return "rtl" or "ltr" for the language ``code``."""
        return self._get_data(code=code or "en_US").direction or "ltr"

    @api.model
    def _set_text_direction(self, html, code):
        """Return ``html`` with its content in the direction of the language ``code``.

        The direction stands on an element of the content: mail programs drop what a
        page says on ``html`` and ``body``.

        :param html: a page or a part of one
        """
        opened = Markup('<div dir="%s">') % self._get_text_direction(code)
        page = _BODY.search(str(html))
        if not page:
            return Markup("%s%s</div>") % (opened, Markup(html))
        return Markup(
            f"{html[: page.start()]}{page[1]}{opened}{page[2]}</div>{page[3]}"
            f"{html[page.end() :]}"
        )
