from odoo import api, fields, models
from odoo.tools import unique

from ...rules import file_flow, identity
from ...rules.arabic import head_of_household, search_key


def has_address(person):
    """Whether an electronic message can reach ``person``, a file or representative."""
    return bool(person.email or (person.phone and identity.is_mobile(person.phone)))


class BeneficiaryReach(models.Model):
    """By which addresses the person of a file is reached, and who signs for them.

    A person is reached at their own addresses. Guardians are reached instead, if the
    person is a minor or has no address of their own: a child has no telephone. These
    guardians are the representatives who act now, see ``representative``.
    """

    _inherit = "beneficiary.beneficiary"

    notice_by_email = fields.Boolean(
        string="By E-mail",
        default=True,
        help="Notices go to the e-mail, if there is one.",
    )
    notice_by_sms = fields.Boolean(
        string="By Text Message",
        default=True,
        help="Notices go to the telephone, if it is a mobile.",
    )
    notice_email = fields.Char(
        string="E-mail for Notices", compute="_compute_notice_addresses"
    )
    notice_phone = fields.Char(
        string="Telephone for Notices", compute="_compute_notice_addresses"
    )
    guardian_names = fields.Char(
        string="Notices Reach",
        compute="_compute_notice_addresses",
        help="The representatives who receive the notices of this person.",
    )
    is_told_by_hand = fields.Boolean(
        string="Is Told by Hand",
        compute="_compute_is_told_by_hand",
        help="No notice reaches this person: an officer tells them.",
    )

    @api.depends(
        "birth_date",
        "company_id",
        "email",
        "phone",
        "representative_ids.date_from",
        "representative_ids.date_to",
        "representative_ids.death_date",
        "representative_ids.email",
        "representative_ids.name",
        "representative_ids.phone",
        "representative_ids.scope",
    )
    def _compute_notice_addresses(self):
        for file in self:
            guardians = file._get_guardians()
            people = guardians or file
            emails = unique(filter(None, people.mapped("email")))
            phones = [phone for phone in people.mapped("phone") if phone]
            mobiles = [phone for phone in phones if identity.is_mobile(phone)]
            file.notice_email = ", ".join(emails)
            file.notice_phone = next(iter(mobiles + phones), False)
            file.guardian_names = file._list_words(guardians.mapped("name"))

    @api.depends(
        "company_id.beneficiary_sends_texts",
        "notice_email",
        "notice_phone",
        "notice_by_email",
        "notice_by_sms",
    )
    def _compute_is_told_by_hand(self):
        for file in self:
            file.is_told_by_hand = file._get_notice_channels() == ["hand"]

    def _get_notice_channels(self):
        """Return the channels by which the person receives notices (R20).

        :return: ``email`` and ``sms`` where they are known and wanted, else ``hand``;
            none at all for a person who has died
        """
        self.ensure_one()
        if self._is_deceased():
            return []
        channels = []
        if self.notice_email and self.notice_by_email:
            channels.append("email")
        phone = self.notice_phone
        is_sent = self.notice_by_sms and self._is_texted()
        if phone and is_sent and identity.is_mobile(phone):
            channels.append("sms")
        return channels or ["hand"]

    def _is_texted(self):
        """Whether the association of this file sends text messages at all."""
        company = self.company_id.sudo()  # applicants do not read its settings
        return company.beneficiary_sends_texts

    def _get_guardians(self):
        """Return, as superuser, the representatives whom the file's notices reach."""
        self.ensure_one()
        file = self.sudo()
        if not file._is_minor() and has_address(file):
            return file.env["beneficiary.representative"]  # none is looked for
        return file.representative_ids._filter_acting().filtered(has_address)

    def _is_minor(self):
        """Whether the person of this file is under age today."""
        company = self.company_id or self.env.company
        return bool(self.filtered_domain(self._get_minor_domain(company)))

    def _get_contact_addresses(self):
        """Return the addresses of the hidden contact: none for the dead."""
        if self._is_deceased():
            return {"email": False, "phone": False}
        return {"email": self.notice_email, "phone": self.notice_phone}

    def _is_deceased(self):
        return self.state == file_flow.DECEASED  # false for no file at all

    def _get_signers(self, user):
        """Return the names of the people who may sign for this file now (R16).

        :param user: the acting user; on the portal people sign in their own name only
        """
        if not self:  # a form may not have its file yet
            return []
        file = self.sudo()  # applicants may not read it, nor delegates every guardian
        acting = file.representative_ids._filter_acting()
        is_own = file._is_person()
        if user._is_portal():
            is_own = is_own and user in file.portal_user_ids
            acting = acting.filtered(lambda one: one.user_id == user)
        own = [file._get_own_signer()] if is_own else []
        return [*own, *acting.mapped("name")]

    def _get_own_signer(self):
        """Return the name in which the person of the file signs; empty for a place.

        A family signs by its head.
        """
        return head_of_household(self.name) if self._is_person() else ""

    @api.model
    def _is_one_of(self, name, signers):
        """Return whether ``name`` is one of ``signers``, however it is spelt.

        The one comparison of who signs, for declarations and receipts (R16, R25).
        """
        return search_key(head_of_household(name)) in map(search_key, signers)

    def _get_principal(self, signed_by):
        """Return for whom ``signed_by`` signs; empty if people sign for themselves."""
        own = self._get_own_signer()
        if not signed_by or (own and self._is_one_of(signed_by, [own])):
            return ""
        return own or self.name

    def _get_signer_text(self, signer):
        """Return the sentence that tells the acting user as whom they sign."""
        if not signer:
            return ""
        if principal := self._get_principal(signer):
            return self.env._(
                "You sign as %(name)s, on behalf of %(person)s.",
                name=signer,
                person=principal,
            )
        return self.env._("You sign as %(name)s.", name=signer)
