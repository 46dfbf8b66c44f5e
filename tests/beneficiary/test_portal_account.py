import importlib.util

from odoo import Command
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.http import Request
from odoo.modules import get_module_path
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EMAIL, FILE, PERSON, InviteCase

NEW = "new.address@example.com"


@tagged("post_install", "-at_install")
class TestSignup(InviteCase):
    """R43: Odoo's own ways to make an account do not work for applicants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        cls.contact = cls.person._get_or_create_contacts()
        cls.clerk = cls._make_user("br_clerk", "officer", cls.company)
        cls.clerk.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.plain_clerk = cls._make_user("br_plain_clerk", "auditor", cls.company)
        cls.plain_clerk.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.actors = (
            cls.stranger,
            cls.auditor,
            cls.officer,
            cls.outsider,
            cls.clerk,
            cls.plain_clerk,
        )

    def _try(self, user, model, method, *args, **kwargs):
        """Return the answer over RPC, or nothing if the call is refused."""
        records = self.env[model].with_user(user).with_context({})
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return call_kw(records, method, list(args), kwargs)
        except (UserError, AccessDenied):
            return None

    def test_no_token(self):
        """R43: nobody gets a token or login of an applicant."""
        other = self.env["res.partner"].create({"name": "Supplier"})
        for user in (*self.actors, self.manager):
            for partner in (self.contact, self.applicant.partner_id):
                with self.subTest(user=user.login, partner=partner.id):
                    answer = self._try(
                        user, "res.partner", "signup_get_auth_param", partner.ids
                    )
                    self.assertFalse(answer and dict(answer).get(partner.id))
            answer = self._try(user, "res.partner", "signup_get_auth_param", other.ids)
            self.assertIn("auth_signup_token", answer[other.id], "others as always")

    def test_no_token_in_mails(self):
        """R43: an e-mail about a request has no link to make an account."""
        request = self._make_request("submitted", beneficiary_id=self.person.id)
        message = request.with_user(self.officer).message_post(
            body="Please call us",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
        )
        for _name, _function, values in request._notify_get_recipients_groups(
            message, "Request", {}
        ):
            url = values.get("button_access", {}).get("url") or ""
            self.assertNotIn("auth_signup_token", url)

    def test_signup_methods(self):
        """R43: other public methods of Odoo's sign-up give no token either."""
        partners, users = "res.partner", "res.users"
        for user in self.actors:
            for model, method, *args in (
                (partners, "signup_prepare", self.contact.ids),
                (partners, "action_signup_prepare", self.contact.ids),
                (partners, "write", self.contact.ids, {"signup_type": "signup"}),
                (users, "action_reset_password", self.applicant.ids),
                (users, "reset_password", [], self.applicant.login),
            ):
                with self.subTest(user=user.login, method=method):
                    self.assertIsNone(self._try(user, model, method, *args))
        self.assertFalse(self.contact.signup_type)
        self.assertFalse(self.sent)
        for user in (self.clerk, self.plain_clerk):
            own = self.contact.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                own._get_signup_url()
            url = own._get_signup_url_for_action()[self.contact.id]
            self.assertNotIn("token", url)

    def test_portal_wizard(self):
        """R43: Odoo's wizard tells no e-mail, changes none and invites nobody."""
        for user in (self.clerk, self.plain_clerk):
            for partner in (self.contact, self.applicant.partner_id):
                with self.subTest(user=user.login, partner=partner.id):
                    self._try_wizard(user, partner)
        self.assertEqual(self.contact.email, EMAIL)
        self.assertFalse(self.contact.user_ids)
        self.assertFalse(self.sent)
        supplier = self.env["res.partner"].create(
            {"name": "Supplier", "email": "supplier@example.com"}
        )
        wizard = self.env["portal.wizard"].with_user(self.clerk)
        wizard = wizard.create({"partner_ids": [Command.set(supplier.ids)]})
        wizard.user_ids.action_grant_access()
        self.assertTrue(supplier.user_ids, "others as always")

    def _try_wizard(self, user, partner):
        wizards, lines = "portal.wizard", "portal.wizard.user"
        ids = [Command.set(partner.ids)]
        self.assertIsNone(self._try(user, wizards, "create", {"partner_ids": ids}))
        answer = self._try(
            user,
            wizards,
            "onchange",
            [],
            {"partner_ids": ids},
            ["partner_ids"],
            {"user_ids": {"fields": {"email": {}}}, "partner_ids": {}},
        )
        self.assertNotIn("@example.com", str(answer))
        empty = self._try(user, wizards, "create", {"partner_ids": []})
        line = {"wizard_id": empty, "partner_id": partner.id, "email": NEW}
        self.assertIsNone(self._try(user, lines, "create", line))
        # A line of the wizard from before the contact belonged to a file.
        line = self.env[lines].create(line)
        for method in (
            "action_grant_access",
            "action_invite_again",
            "action_revoke_access",
        ):
            self.assertIsNone(self._try(user, lines, method, line.ids))

    def test_account_on_the_contact(self):
        """R43: an account of the file's contact does not follow the file by itself."""
        request = self._make_request("submitted", beneficiary_id=self.person.id)
        intruder = self._make_user("br_intruder", None, self.company)
        intruder.partner_id = self.contact
        self.assertNotIn(intruder, self.person._get_portal_users())
        files = self.env[FILE].with_user(intruder)
        self.assertFalse(files._get_portal_files())
        for records in (self.person, request):
            with self.subTest(model=records._name):
                self.assertFalse(records.with_user(intruder).has_access("read"))
        self._sign_in(intruder)
        response = self.url_open(f"/my/requests/{request.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertFalse(
            self._try(intruder, "beneficiary.request", "search", [("id", ">", 0)])
        )

    def test_named_by_hand(self):
        """R20: the chatter notes who named an account on the file."""
        files = self.person.with_user(self.officer).with_context({})
        command = [Command.link(self.neighbour.id)]
        call_kw(files, "write", [files.ids, {"portal_user_ids": command}], {})
        note = self.person.message_ids[:1]
        self.assertEqual(note.author_id, self.officer.partner_id)
        self.assertIn(self.neighbour.name, note.body)

    def test_accounts_of_others(self):
        """R43: an officer cannot name an account of another association."""
        foreign = self._make_user("br_foreign", None, self.other)
        found = self._try(
            self.officer, "res.users", "search", [("id", "=", foreign.id)]
        )
        self.assertFalse(found)
        files = self.person.with_user(self.officer)
        with self.assertRaises(UserError):
            call_kw(
                files,
                "write",
                [files.ids, {"portal_user_ids": [Command.link(foreign.id)]}],
                {},
            )
        self.assertFalse(self.person.portal_user_ids)


@tagged("post_install", "-at_install")
class TestPortalAccount(InviteCase):
    """R43: an account stays at its address, whoever changes the file."""

    def setUp(self):
        super().setUp()
        self._invite()
        self.account = self.person.portal_user_ids
        self.contact = self.person.partner_id
        self.env["mail.mail"].search([]).unlink()
        self.sent.clear()

    def _assert_stays(self):
        self.env.invalidate_all()
        self.assertEqual(self.account.login, EMAIL)
        self.assertEqual(self.account.email, EMAIL)
        self.assertEqual(self.account.partner_id, self.contact)
        self.assertEqual(self.contact.phone, "+966500000007")
        self._reset(EMAIL)
        self.assertEqual([address for address, _body in self.sent], [EMAIL])
        self.sent.clear()

    def _reset(self, login):
        """Ask for a new password, as anybody may on the sign-in page."""
        self.authenticate(None, None)
        with mute_logger("odoo.addons.auth_signup.controllers.main"):
            self.url_open(
                "/web/reset_password",
                data={"csrf_token": Request.csrf_token(self), "login": login},
            )

    def test_new_email_of_the_file(self):
        """R43: a new e-mail moves no account, and the old address gets a message."""
        files = self.person.with_user(self.officer)
        for vals in ({"email": NEW}, {"phone": "0500000099"}):
            call_kw(files, "write", [files.ids, vals], {})
            self.assertEqual(len(self._queued(EMAIL)), 1)
            self.assertIn(self.company.name, self._queued(EMAIL)[0])
            self.env["mail.mail"].search([]).unlink()
            self._assert_stays()
        self._reset(NEW)
        self.assertFalse(self.sent)
        contact = self.person.partner_id
        self.assertNotEqual(contact, self.contact)
        self.assertEqual((contact.email, contact.phone), (NEW, "+966500000099"))
        self.assertTrue(contact.is_beneficiary_contact)
        self.assertTrue(self.contact.is_beneficiary_contact)
        files = self.env[FILE].with_user(self.account)
        self.assertEqual(files._get_portal_files(), self.person)

    def test_notices_go_to_the_file(self):
        """R20: notices go to the address in the file."""
        self.person.email = NEW
        self.assertEqual(self.person._get_or_create_contacts().email, NEW)

    def test_unchanged_address(self):
        """Saving a file without a change sends no message."""
        self.person.write({"email": EMAIL, "phone": "0500000007", "street": "A street"})
        self.assertFalse(self._queued(EMAIL))
        self.assertEqual(self.person.partner_id, self.contact)
        self.assertEqual(self.contact.street, "A street")

    def test_import(self):
        """R43: an imported sheet moves no account either."""
        call_kw(
            self.env[FILE].with_user(self.officer),
            "load",
            [["name", "identity_number", "email"], [["شخص", "1000000024", NEW]]],
            {},
        )
        self.assertEqual(self.person.email, NEW)
        self._assert_stays()

    def test_merge(self):
        """R43: a merge moves no account, whichever file stays."""
        double = self.env[FILE].create(
            {"name": "Double", "phone": "0500000088", "email": NEW}
        )
        self.person._merge_from(double, ["email", "phone"])
        self.assertEqual(self.person.email, NEW)
        self._assert_stays()

    def test_merged_into_another(self):
        """R43: the surviving file gets the followers, but their addresses stay."""
        double = self.env[FILE].create(
            {"name": "Double", "phone": "0500000088", "email": NEW}
        )
        double._merge_from(self.person, [])
        self.assertEqual(double.portal_user_ids, self.account)
        self.assertEqual(double.partner_id.email, NEW)
        self._assert_stays()
        self.assertIn("keeps its own address", double.message_ids[:1].body)

    def test_contact_by_staff(self):
        """R43: no staff may change the contact or the account."""
        clerk = self._make_user("br_clerk", "manager", self.company)
        clerk.group_ids |= self.env.ref("base.group_partner_manager")
        linked = self.applicant.partner_id
        for user in (clerk, self.officer, self.stranger):
            for records, vals in (
                (self.contact, {"email": NEW}),
                (self.contact, {"phone": "0500000088"}),
                (self.contact, {"parent_id": user.partner_id.id}),
                (linked, {"email": NEW}),
                (self.account, {"email": NEW}),
                (self.account, {"login": NEW}),
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    self._call(user, "write", records, vals)
        self._assert_stays()
        self._call(clerk, "write", linked, {"comment": "Calls in the morning"})

    def test_merge_of_contacts(self):
        """R43: Odoo's merge of contacts takes over no account."""
        clerk = self._make_user("br_clerk", "manager", self.company)
        clerk.group_ids |= self.env.ref("base.group_partner_manager")
        double = self.env["res.partner"].create({"name": "Double", "email": EMAIL})
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(clerk)
            .create(
                {
                    "partner_ids": [Command.set((double | self.contact).ids)],
                    "dst_partner_id": double.id,
                    "state": "selection",
                }
            )
        )
        with self.assertRaises(UserError):
            wizard.action_merge()
        self._assert_stays()

    def test_own_account(self):
        """The person changes their own e-mail, signed in; the file stays."""
        self.account.sudo().with_user(self.account).sudo().partner_id.email = NEW
        self.assertEqual(self.account.email, NEW)
        self.assertEqual(self.person.email, EMAIL)

    def test_manager_moves_the_account(self):
        """R43: a manager moves it; the chatter and the old address get a message."""
        self.person.email = NEW
        self.env["mail.mail"].search([]).unlink()
        action = self._call(self.manager, "action_grant_portal_access")
        wizards = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizards.with_context(action["context"]).create({})
        self.assertTrue(wizard.is_elsewhere)
        self._call(self.manager, "action_move", wizard)
        self.env.invalidate_all()
        self.assertEqual((self.account.login, self.account.email), (NEW, NEW))
        self.assertTrue([body for body in self._queued(EMAIL) if PERSON in body])
        note = self.person.message_ids[:1]
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertIn("was moved", note.body)
        with self.assertRaisesRegex(UserError, "already"):
            self._call(self.manager, "action_move_account")

    def test_officer_moves_no_account(self):
        """R43: officers and delegates cannot move it, by form or method."""
        self.person.email = NEW
        for user in (self.officer, self.delegate):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._call(user, "action_move_account")

    def test_used_elsewhere(self):
        """R43: an association cannot move an account that another one uses too."""
        self.account.company_ids |= self.other
        self.env[FILE].create(
            {
                "name": "Elsewhere",
                "company_id": self.other.id,
                "portal_user_ids": [Command.set(self.account.ids)],
            }
        )
        self.person.email = NEW
        with self.assertRaisesRegex(UserError, "used elsewhere"):
            self._call(self.manager, "action_move_account")

    def test_taken_address(self):
        """R43: an address that is somebody's login is refused without naming them."""
        known = self._make_user(NEW, None, self.other)
        self.person.email = NEW
        with self.assertRaisesRegex(UserError, "Write another e-mail") as refused:
            self._call(self.manager, "action_move_account")
        self.assertNotIn(known.company_id.name, str(refused.exception))

    def test_colleague_stays_recused(self):
        """R19: a colleague whose contact is a file's has an interest, no access."""
        self.account.partner_id = self.env["res.partner"].create({"name": "x"})
        self.officer.partner_id = self.contact
        paper = self._make_document(self.person, self.identity_type)
        with self.assertRaisesRegex(UserError, "You follow this file"):
            paper.with_user(self.officer).action_match("The original")


@tagged("post_install", "-at_install")
class TestFormerAccounts(InviteCase):
    """R43: accounts from before version 1.2."""

    def _upgrade(self):
        self.env.flush_all()
        script = self._load_migration()
        with mute_logger(script.__name__):
            script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def _load_migration(self):
        path = get_module_path("beneficiary_relations")
        spec = importlib.util.spec_from_file_location(
            "portal_accounts", f"{path}/migrations/19.0.1.2.0/post-portal-accounts.py"
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        return script

    def _make_account(self, login, maker):
        contact = self.person._get_or_create_contacts()
        user = self._make_user(login, None, self.company)
        user.write({"partner_id": contact.id, "password": "known to its maker"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_users SET create_uid = %s WHERE id = %s", [maker.id, user.id]
        )
        self.env.invalidate_all()
        return user

    def test_made_by_a_colleague(self):
        """R43: an account that a colleague made is kept."""
        user = self._make_account("br_invited", self.env.ref("base.user_admin"))
        self._upgrade()
        self.assertEqual(self.person.portal_user_ids, user)
        self.assertTrue(self._signs_in(user))

    def test_made_through_a_link(self):
        """R43: an account at the file's own e-mail is kept, with a new password."""
        user = self._make_account(EMAIL, self.env.ref("base.public_user"))
        self.assertTrue(self._signs_in(user))
        self._upgrade()
        self.assertEqual(self.person.portal_user_ids, user)
        self.assertFalse(self._signs_in(user))

    def test_made_by_a_stranger(self):
        """R43: accounts by another link or an unauthorised colleague are not kept."""
        for maker in (self.env.ref("base.public_user"), self.stranger):
            with self.subTest(maker=maker.login):
                self.person._part_from_account()
                self._make_account(f"br_of_{maker.id}", maker)
                self._upgrade()
                self.assertFalse(self.person.portal_user_ids)

    def test_colleagues(self):
        """R19: a colleague's own contact on a file makes them no follower."""
        self.member.partner_id = self.person._get_or_create_contacts()
        self._upgrade()
        self.assertFalse(self.person.portal_user_ids)

    def test_links_that_were_given_out(self):
        """R43: an old token makes no account."""
        contact = self.person._get_or_create_contacts()
        contact.signup_prepare()
        token = contact._generate_signup_token()
        partners = self.env["res.partner"]
        self.assertEqual(partners._get_partner_from_token(token), contact)
        self._upgrade()
        self.assertFalse(partners._get_partner_from_token(token))

    def _signs_in(self, user):
        credential = {"type": "password", "password": "known to its maker"}
        try:
            user.with_user(user)._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            return False
        return True
