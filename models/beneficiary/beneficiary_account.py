import secrets
from contextlib import suppress

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize
from odoo.tools.misc import hash_sign, verify_hash_signed
from odoo.tools.urls import urljoin

from ...rules import flow

# Scope of the signed link by which an existing account comes to follow a file.
LINK_SCOPE = "beneficiary_portal_link"
LINK_HOURS = 6 * 24


class FileAccount(models.Model):
    """The person's account on the portal: invited, taken away, moved (R43, R46).

    An account has its own address, and its password is set through an e-mail to it.
    A new e-mail in the file therefore does not move the account: a message goes to
    the old address, and only a manager moves the account, which leaves a note. An
    account that existed before follows a file once its owner signs in and accepts
    the invitation's link.

    :Who may: people who may write the file invite and take away; managers move.
    """

    _inherit = "beneficiary.beneficiary"

    # Part of each signed invitation link. It changes whenever the followers of the
    # file change, which makes all earlier links void.
    portal_link_nonce = fields.Char(copy=False, groups=fields.NO_ACCESS)
    # Access was taken away, or given up: it needs an invitation to come back.
    is_portal_closed = fields.Boolean(copy=False, groups=fields.NO_ACCESS)

    # -- actions -----------------------------------------------------------------------

    def action_grant_portal_access(self):
        """Open the form that invites the person to the portal.

        :raise AccessError: unless the acting user may write the file
        """
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.portal_invite_action"
        )
        return {**action, "context": {"default_beneficiary_id": self.id}}

    def action_invite_to_portal(self, way=None):
        """Invite the person, also when they were invited before (R46).

        The answer is the same whether or not an account has this e-mail already, so
        that the acting user does not learn it.

        :param way: ``email``, ``sms`` or ``paper``: the printed request form leads to
            the sign-in by code; by default e-mail, or a text where there is none
        :raise AccessError: unless the acting user may write the file
        :raise UserError: when the person cannot be invited; says what to do
        """
        self.ensure_one()
        self.check_access("write")
        file = self.sudo()  # the front desk has no right to create accounts
        way = way or file._get_invitation_way()
        file._check_may_be_invited(way)
        file.is_portal_closed = False
        accounts = file._get_own_accounts()
        if way != "email":
            file._invite_by_code(way)
        elif accounts:
            accounts._send_portal_invitations(file.company_id)
        else:
            file._invite_newcomer(email_normalize(file.email))
        self._message_log(body=self.env._("The person was invited to the portal."))
        return True

    def action_take_away_portal_access(self):
        """Stop the person from following the file on the portal.

        An account that was made for this file, and follows no other one, is closed.

        :raise AccessError: unless the acting user may write the file
        :raise UserError: when nobody follows the file
        """
        self.ensure_one()
        self.check_access("write")
        file = self.sudo()
        accounts = file._get_own_accounts()
        if not accounts:
            raise UserError(
                self.env._(
                    "Nobody follows this file on the portal, so there is no "
                    "access to take away."
                )
            )
        file.portal_user_ids -= accounts
        for account in accounts & file.partner_id.user_ids:
            if not account._get_followed_files():
                account._close_portal_account()
        self._message_log(
            body=self.env._("The person does not follow this file any more.")
        )
        return True

    def action_move_account(self):
        """Move the account to the e-mail and the telephone of the file (R43).

        The move is noted in the file's chatter, and a message goes to the old address.

        :raise AccessError: unless the acting user manages the association and may
            write the file
        :raise UserError: when the account cannot be moved; says why
        """
        self.ensure_one()
        self.check_access("write")
        if flow.MANAGER not in self.env.user._get_beneficiary_roles():
            raise AccessError(
                self.env._(
                    "Only a manager can move an account to another address. "
                    "Ask a manager."
                )
            )
        file = self.sudo()
        if problem := file._get_moving_problem():
            raise UserError(problem)
        account = file._get_own_accounts()
        former = account.email
        account._move_portal_account(email_normalize(file.email), file.phone)
        self._message_log(
            body=self.env._(
                "The account on the portal was moved to the e-mail of this file. Its "
                "former address was told."
            )
        )
        if former:
            file._mail_person(
                former,
                "beneficiary_relations.mail_account_moved",
                file._with_language().env._("Your account has a new address"),
            )
        return True

    # -- the account -------------------------------------------------------------------

    def _get_own_accounts(self):
        """Return the person's accounts, without those of colleagues."""
        return self.sudo().portal_user_ids.filtered("share")

    def _get_account_state(self):
        """Return ``none``, ``invited`` (never signed in) or ``active``."""
        accounts = self._get_own_accounts()
        if not accounts:
            return "none"
        return "active" if any(accounts.mapped("login_date")) else "invited"

    def _is_account_elsewhere(self):
        """Whether the account has another address than the file."""
        file = self.sudo()
        return any(
            email_normalize(account.email) != email_normalize(file.email)
            or (account.phone and account.phone != file.phone)
            for account in file._get_own_accounts()
        )

    def _check_may_be_invited(self, way):
        """Raise if the person cannot be invited this way, and say what to do first."""
        if not self.active:
            raise UserError(
                self.env._("This file is archived. Invite the person from another one.")
            )
        if self._is_deceased():
            raise UserError("\n".join(self._get_stop_problems()))
        if self.portal_user_ids - self._get_own_accounts():
            raise UserError(
                self.env._(
                    "A colleague's own account follows this file. They sign in as "
                    "usual; no invitation is needed."
                )
            )
        if problem := self._get_way_problem(way):
            raise UserError(problem)

    def _invite_newcomer(self, email):
        """Make an account at ``email``, or ask the owner of an existing one."""
        users = self.env["res.users"].with_context(active_test=False)
        known = users.search([("login", "=", email)])
        if known.active:
            self._send_portal_link(email)
        elif not known or known._was_made_for(self):
            self._make_portal_account(email)
        else:  # only the owner of the mailbox is told that this account is closed
            self._mail_person(
                email,
                "beneficiary_relations.mail_portal_closed",
                self._with_language().env._("You are invited to the portal"),
            )

    def _make_portal_account(self, email):
        """Make an account for this person, or reopen their closed one."""
        contact = self._get_or_create_contacts()
        former = contact.with_context(active_test=False).user_ids
        if former.filtered(lambda user: user.active or user.login != email):
            self._part_from_account()  # the association did not make this account
            contact, former = self.partner_id, former.browse()
        elif former:
            former._forget_password()
            contact.write({"email": email, "phone": self.phone})
        line = self._prepare_invitation(contact, email)
        line.action_grant_access()
        self.portal_user_ids |= contact.user_ids

    def _prepare_invitation(self, contact, email):
        """Return a line of Odoo's own wizard, which makes and invites accounts.

        The superuser sends the invitation: it holds a link that sets a password, and
        the author of an e-mail may read it.
        """
        # Without the context: it may hold default contacts for the wizard.
        office = self.with_user(SUPERUSER_ID).with_context({})
        environment = office.with_company(self.company_id).env
        wizard = environment["portal.wizard"].create({"partner_ids": []})
        return environment["portal.wizard.user"].create(
            {"wizard_id": wizard.id, "partner_id": contact.id, "email": email}
        )

    # -- an existing account -----------------------------------------------------------

    def _send_portal_link(self, email):
        """Send to ``email`` a link by which its existing account follows the file."""
        token = hash_sign(
            self.sudo().env,
            LINK_SCOPE,
            self._get_link_payload(email),
            expiration_hours=LINK_HOURS,
        )
        self._mail_person(
            email,
            "beneficiary_relations.mail_portal_link",
            self._with_language().env._("You are invited to the portal"),
            link=urljoin(self.get_base_url(), f"/my/file/accept?token={token}"),
        )

    def _get_link_payload(self, email):
        return [self.id, email, self.sudo().portal_link_nonce or ""]

    def _void_portal_links(self):
        """Make all links void that were sent for this file."""
        self.sudo().portal_link_nonce = secrets.token_urlsafe(16)

    @api.model
    def _portal_find_invitation(self, token):
        """Return the file that ``token`` invites the acting portal user to.

        :return: the file as superuser; empty when the link belongs to another user or
            is no longer valid
        """
        nothing = self.sudo().browse()
        user = self.env.user
        payload = None
        with suppress(ValueError):  # the token is cut off, or not signed by Odoo
            payload = verify_hash_signed(self.sudo().env, LINK_SCOPE, token)
        if not payload or not user._is_portal():
            return nothing
        file_id, email = payload[:2]
        file = nothing.browse(file_id).exists()
        file = file.filtered(lambda file: file.active and not file._is_deceased())
        is_same = email_normalize(file.email) == email == user.login
        # A user who follows the file already may open the link again: nothing changes.
        is_valid = (
            payload == file._get_link_payload(email) or user in file.portal_user_ids
        )
        return file if is_same and is_valid else nothing

    @api.model
    def _portal_accept_invitation(self, token):
        """Let the acting portal user follow the file that ``token`` invites to.

        :return: the file as superuser; empty when the link is not valid for this user
        """
        file = self._portal_find_invitation(token)
        user = self.env.user.sudo()
        if file and user not in file.portal_user_ids:
            user.company_ids |= file.company_id
            file.portal_user_ids |= user
            file._message_log(
                body=self.env._("The person accepted the invitation to the portal.")
            )
        return file

    # -- a new address -----------------------------------------------------------------

    def _tell_accounts_of_new_address(self):
        """Tell each account of these files that the file has a new address.

        The message goes to the account's own address, so that a takeover is noticed.
        """
        for file in self.sudo().filtered("portal_user_ids"):
            for account in file._get_own_accounts().filtered("email"):
                file._mail_person(
                    account.email,
                    "beneficiary_relations.mail_new_address",
                    file._with_language().env._("We have a new address for you"),
                )

    def _get_moving_problem(self):
        """Return a sentence on why the account cannot be moved, or an empty text."""
        accounts = self._get_own_accounts()
        email = email_normalize(self.email)
        if len(accounts) != 1:
            return self.env._(
                "The account can be moved only if exactly one account follows the file."
            )
        if not email and (accounts.email or not self._has_mobile()):
            return self.env._("Write the person's e-mail in the file first.")
        if not self._is_account_elsewhere():
            return self.env._("The account is at the address of this file already.")
        if accounts._get_followed_files().company_id - self.company_id:
            return self.env._(
                "This account is used elsewhere too. Ask the administrator to change "
                "its address."
            )
        users = self.env["res.users"].with_context(active_test=False)
        taken = [("login", "=", email), ("id", "!=", accounts.id)]
        if email and users.search_count(taken):
            return self.env._(
                "The account cannot be moved to this e-mail. Write another e-mail of "
                "the person, or ask the administrator."
            )
        return ""

    # -- messages to the person --------------------------------------------------------

    def _with_language(self):
        return self.with_context(lang=self.lang or self.env.lang)

    def _mail_person(self, address, template, subject, **values):
        """Queue an e-mail to ``address`` that no colleague can read.

        The e-mail belongs to no record, and its author is the association.

        :param template: identifier of the text
        :param values: values that the text needs besides the file
        """
        file = self.with_user(SUPERUSER_ID)._with_language()
        body = file.env["ir.qweb"]._render(
            template, {"file": file, **values}, minimal_qcontext=True
        )
        file.env["mail.mail"].create(
            {
                "subject": subject,
                "body_html": file.env["res.lang"]._set_text_direction(
                    body, file.env.lang
                ),
                "email_from": file.company_id.email_formatted
                or file.env.user.email_formatted,
                "email_to": address,
                "author_id": file.company_id.partner_id.id,
                "auto_delete": True,
                "message_type": "user_notification",
            }
        )
