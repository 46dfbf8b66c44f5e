from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from ...rules import arabic
from ..mixins.once_mixin import LONGEST_KEY, SUBMISSION_KEY


class VoiceMixin(models.AbstractModel):
    """A record that a portal user makes with a form, once for each key of the form.

    The office makes it for the user, who may read neither the record nor what it is
    linked with. The caller has checked that the user may act for the file.
    """

    _name = "beneficiary.voice.mixin"
    _description = "Made on the Portal"

    @api.model
    def _portal_make(self, vals, key, check):
        """Make the record of a form, or return the one that the form made before.

        :param vals: the values, with the association
        :param key: the key of the form, or nothing
        :param check: called before a new record is made, and not before a known one
        :return: the record, as superuser
        """
        if not self._portal_is_known(key):
            check()
        made = self.sudo()
        office = self.with_user(SUPERUSER_ID).with_company(vals["company_id"])
        office = office.with_context(
            lang=office.env.company._get_beneficiary_lang(),
            mail_create_nosubscribe=True,
        )
        return made._create_once(
            [{**vals, SUBMISSION_KEY: key}],
            lambda vals_list: office.create(vals_list).with_env(made.env),
        )

    @api.model
    def _portal_is_known(self, key):
        """Whether the acting user sent the form with this key before.

        :raise UserError: when this is no key of a form
        """
        if len(key or "") > LONGEST_KEY:
            raise UserError(self.env._("Load the page again, and send it once more."))
        return bool(key and self._find_submission(key))

    @api.model
    def _portal_read(self, text, longest, refusal):
        """Return a typed text.

        :param longest: the most characters that it may have
        :param refusal: what to do about a text that says nothing
        :raise UserError: when it says nothing, or is too long
        """
        if not isinstance(text, str) or arabic.is_blank(text):
            raise UserError(refusal)
        if len(text) > longest:
            raise UserError(
                self.env._("Write at most %(count)s characters.", count=longest)
            )
        return text
