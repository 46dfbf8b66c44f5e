from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

WORDED_ATTRIBUTES = {"string", "placeholder", "title", "help", "confirm", "sum"}

# Terms that screens use for people and papers, by audience of the policy (R2): for
# beneficiaries on the left, for general-assembly members on the right. Whole strings
# only: a sentence is never built by exchanging a word.
MEMBER_WORDING = [
    (_lt("Beneficiary"), _lt("Member")),
    (_lt("Beneficiary file"), _lt("Member file")),
    (_lt("Beneficiary Support Request"), _lt("Member Service Request")),
    (_lt("Support Request"), _lt("Service Request")),
    (_lt("Relations Officer"), _lt("Shareholder Relations Officer")),
    (_lt("Name of the beneficiary"), _lt("Name of the member")),
    (_lt("Notify the beneficiary"), _lt("Notify the member")),
    (_lt("Reason the beneficiary will read"), _lt("Reason the member will read")),
]


class WordingMixin(models.AbstractModel):
    """Backend screens speak of beneficiaries or of members, as the policy does.

    The one place where the audience's wording (R2) is switched for the backend:
    labels from ``fields_get`` and strings of views, looked up whole in the
    user's language. Portal pages and papers follow their record's policy
    instead, with :meth:`_get_audience_wording`.
    """

    _name = "beneficiary.wording.mixin"
    _description = "Audience Wording"

    @api.model
    def _get_audience_wording(self, audience):
        """Return a dict: wording for beneficiaries to wording for ``audience``.

        Both sides are in the language of the environment. The dict is empty for
        beneficiaries, because the sources already use that wording.
        """
        if audience != "member":
            return {}
        lang = self.env.lang or "en_US"
        return {
            source._translate(lang): member._translate(lang)
            for source, member in MEMBER_WORDING
        }

    @api.model
    def _get_company_wording(self):
        audience = self.env.company._get_beneficiary_audience()
        return self._get_audience_wording(audience)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        descriptions = super().fields_get(allfields, attributes)
        if wording := self._get_company_wording():
            for description in descriptions.values():
                for attribute in ("string", "help"):
                    text = description.get(attribute)
                    if text in wording:
                        description[attribute] = wording[text]
                if options := description.get("selection"):
                    description["selection"] = [
                        (value, wording.get(label, label)) for value, label in options
                    ]
        return descriptions

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self.env.company._get_beneficiary_audience(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if wording := self._get_company_wording():
            for node in arch.iter("*"):
                for attribute in WORDED_ATTRIBUTES.intersection(node.attrib):
                    text = node.get(attribute)
                    node.set(attribute, wording.get(text, text))
                if (text := (node.text or "").strip()) in wording:
                    node.text = wording[text]
        return arch, view
