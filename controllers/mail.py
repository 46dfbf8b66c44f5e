from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.portal.controllers.mail import MailController

from .portal import LARGEST_ID

# Prefix of the names of the addon's models.
PREFIX = "beneficiary."
FILE = "beneficiary.beneficiary"
# With these parameters Odoo lets in anybody who has the link.
KEYS = frozenset(["access_token", "pid", "hash"])


class BeneficiaryMail(MailController):
    """Links in e-mails about our records need sign-in and the right to read (R26).

    No parameter of a link lets anybody in.
    """

    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        if not cls._is_ours(model):
            return super()._redirect_to_record(
                model, res_id, access_token=access_token, **kwargs
            )
        kwargs = {name: value for name, value in kwargs.items() if name not in KEYS}
        records = request.env[model]
        if not records._auto or not res_id or not 0 < res_id <= LARGEST_ID:
            return cls._redirect_to_generic_fallback(model, None)
        if request.env.user._is_portal() and "access_url" not in records._fields:
            record = records.browse(res_id).exists()
            if not record or not record.has_access("read"):
                return cls._refuse()
            # Of records without a page, the portal's home leads on.
            page = f"/my/file/{record.id}" if model == FILE else "/my"
            return request.redirect(page)
        return super()._redirect_to_record(model, res_id, **kwargs)

    @route()
    def mail_thread_message_redirect(self, message_id, **kwargs):
        """Lead to the record of a message; refuse in plain words, not by an error."""
        if message_id > LARGEST_ID:
            return self._refuse()
        try:
            return super().mail_thread_message_redirect(message_id, **kwargs)
        except NotFound:
            if request.env.user._is_portal():
                return self._refuse()
            raise

    @route()
    def mail_action_unfollow(self, model, res_id, pid, token, **kwargs):
        """Refuse a link about our records that is not valid in plain words."""
        try:
            return super().mail_action_unfollow(model, res_id, pid, token, **kwargs)
        except (AccessError, ValueError):
            if self._is_ours(model):
                return self._refuse()
            raise

    @classmethod
    def _redirect_to_generic_fallback(cls, model, res_id, access_token=None, **kwargs):
        if cls._is_ours(model) and request.session.uid is not None:
            return cls._refuse()
        return super()._redirect_to_generic_fallback(
            model, res_id, access_token=access_token, **kwargs
        )

    @classmethod
    def _is_ours(cls, model):
        return bool(model and model.startswith(PREFIX) and model in request.env)

    @classmethod
    def _refuse(cls):
        """Refuse in plain words, alike for foreign and for missing records."""
        return request.redirect("/my/file/elsewhere")
