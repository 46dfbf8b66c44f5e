from odoo import Command
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import EMAIL, FILE, InviteCase


@tagged("post_install", "-at_install", "without_demo")
class TestPortalInvite(InviteCase):
    """R43, R46: the front desk invites people, and learns nothing about others."""

    def test_who_invites(self):
        """R46: officer, manager and the branch's delegate need no group of Odoo."""
        for number, user in enumerate((self.officer, self.manager, self.delegate)):
            with self.subTest(user=user.login):
                self.assertFalse(user.has_group("base.group_partner_manager"))
                self.person.email = f"person{number}@example.com"
                wizard = self._invite(user)
                self.assertEqual(wizard.state, "invited")
                account = self.person.portal_user_ids
                self.assertEqual(account.login, self.person.email)
                self.assertTrue(account._is_portal())
                self.assertEqual(account.company_ids, self.company)
                self.assertEqual(account.lang, "ar_001")
                self._call(user, "action_take_away", wizard)
                self.assertFalse(self.person.portal_user_ids)
                self.assertFalse(account.active)

    def test_who_does_not(self):
        """R43: nobody else invites, by form or method."""
        self.person.branch_id = False
        actors = (
            self.delegate,
            self.researcher,
            self.member,
            self.auditor,
            self.stranger,
            self.outsider,
            self.neighbour,
        )
        for user in actors:
            for method in (
                "action_grant_portal_access",
                "action_invite_to_portal",
                "action_take_away_portal_access",
                "action_move_account",
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    self._call(user, method)
        with self.assertRaises(AccessError):
            self._call(self.officer, "action_move_account")

    def test_base_wizard_stays_shut(self):
        """R43: the right to invite gives no right to Odoo's own wizard."""
        for user in (self.officer, self.manager):
            wizards = self.env["portal.wizard"].with_user(user)
            self.assertFalse(wizards.has_access("create"))

    def test_person_comes_in(self):
        """R46: the person sets a password by the e-mail's link, and sees the file."""
        self._invite()
        path = self._get_link(EMAIL)
        self.authenticate(None, None)
        self._post(
            path,
            {
                "login": EMAIL,
                "name": "x",
                "password": "a long password",
                "confirm_password": "a long password",
            },
        )
        account = self.person.portal_user_ids
        self.authenticate(EMAIL, "a long password")
        files = self.env[FILE].with_user(account)
        self.assertEqual(files._get_portal_files(), self.person)
        self.assertEqual(
            self._get("/my").xpath("//a[@href='/my/requests']") != [], True
        )

    def test_mail_is_nobodys(self):
        """R43: no colleague can read the e-mail with the password link."""
        self._invite()
        self.person.invalidate_recordset()
        token = self._get_link(EMAIL).rpartition("token=")[2][:40]
        self.assertTrue(token)
        for user in (self.officer, self.manager, self.stranger, self.auditor):
            with self.subTest(user=user.login):
                self.assertFalse(self._find_messages(user, token))

    def _find_messages(self, user, text):
        messages = self.env["mail.message"].with_user(user).with_context({})
        self.env.invalidate_all()
        return call_kw(messages, "search", [[("body", "ilike", text)]], {})

    def test_again(self):
        """R46: the invitation is sent again to the existing account."""
        wizard = self._invite()
        account = self.person.portal_user_ids
        self._call(self.delegate, "action_invite_to_portal")
        self.assertEqual(self.person.portal_user_ids, account)
        self.assertEqual(len(self._queued(EMAIL)), 2)
        self.assertEqual(wizard.state, "invited")

    def test_no_email(self):
        """R46: without an e-mail and a mobile a message says what to do."""
        self.person.write({"email": False, "phone": False})
        with self.assertRaisesRegex(UserError, "Write the person's e-mail or mobile"):
            self._call(self.officer, "action_invite_to_portal")

    def test_known_address(self):
        """R43: the owner of an existing account must sign in and agree first."""
        known = self._make_user(EMAIL, None, self.other)
        known.name = "Known Elsewhere"
        self._invite()
        self.assertFalse(self.person.portal_user_ids)
        path = self._get_link(EMAIL)
        self._sign_in(self.neighbour)
        response = self.url_open(path)
        self.assertEqual(response.status_code, 403)
        self.assertIn("o_br_not_yours", response.text)
        self.assertNotIn(self.person.name, response.text)
        token = path.rpartition("token=")[2]
        self.assertEqual(
            self._post("/my/file/accept", {"token": token}).status_code, 403
        )
        self.assertFalse(self.person.portal_user_ids)
        self._sign_in(known)
        self.assertEqual(self.url_open(path).status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(self.person.portal_user_ids, "a page changes nothing")
        self._post("/my/file/accept", {"token": token})
        self.assertEqual(self.person.portal_user_ids, known)
        self.assertEqual(known.company_ids, self.company | self.other)
        self.assertEqual(known.company_id, self.other)
        files = self.env[FILE].with_user(known)
        self.assertEqual(files._get_portal_files(), self.person)
        for bad in ("", "x", token[:-4], token + "AAAA"):
            with self.subTest(token=bad):
                response = self._post("/my/file/accept", {"token": bad})
                self.assertEqual(response.status_code, 403)

    def _accept(self, user, token):
        self._sign_in(user)
        response = self._post(
            "/my/file/accept", {"token": token}, allow_redirects=False
        )
        return response.status_code == 303

    def test_link_is_used_once(self):
        """R43: after access was taken away, the old link does not give it back."""
        known = self._make_user(EMAIL, None, self.other)
        for last in ("action_take_away_portal_access", "unlink by hand"):
            with self.subTest(last=last):
                self._invite()
                token = self._get_link(EMAIL).rpartition("token=")[2]
                self.assertTrue(self._accept(known, token))
                self.assertTrue(self._accept(known, token), "who follows goes on")
                self.assertEqual(self.person.portal_user_ids, known)
                if last.startswith("action"):
                    self._call(self.officer, last)
                else:
                    vals = {"portal_user_ids": [Command.unlink(known.id)]}
                    self._call(self.officer, "write", self.person, vals)
                self.assertFalse(self._accept(known, token))
                self.assertFalse(self.person.portal_user_ids)
                self.env["mail.mail"].search([]).unlink()

    def test_earlier_links_end(self):
        """R43: an earlier, unused link does not give access back either."""
        known = self._make_user(EMAIL, None, self.other)
        tokens = []
        for _number in range(2):
            self._invite()
            tokens.append(self._get_link(EMAIL).rpartition("token=")[2])
            self.env["mail.mail"].search([]).unlink()
        self.assertTrue(self._accept(known, tokens[1]))
        self._call(self.officer, "action_take_away_portal_access")
        for token in tokens:
            self.assertFalse(self._accept(known, token))
        self._invite()
        token = self._get_link(EMAIL).rpartition("token=")[2]
        self.assertTrue(self._accept(known, token), "a new invitation is a new one")

    def test_nobody_names_them_again(self):
        """R43: a person who left the association must be invited again."""
        known = self._make_user(EMAIL, None, self.other)
        self._invite()
        token = self._get_link(EMAIL).rpartition("token=")[2]
        self.assertTrue(self._accept(known, token))
        self.neighbour_file.portal_user_ids |= known
        self._call(self.officer, "action_take_away_portal_access")
        self.assertIn(self.company, known.company_ids, "another file of it is theirs")
        vals = {"portal_user_ids": [Command.unlink(known.id)]}
        self._call(self.officer, "write", self.neighbour_file, vals)
        self.assertEqual(known.company_ids, self.other)
        vals = {"portal_user_ids": [Command.link(known.id)]}
        with self.assertRaises(UserError):
            self._call(self.officer, "write", self.person, vals)

    def test_link_is_nobodys(self):
        """R43: no colleague can read the e-mail that asks to agree."""
        self._make_user(EMAIL, None, self.other)
        self._invite()
        for user in (self.officer, self.manager, self.stranger, self.auditor):
            with self.subTest(user=user.login):
                self.assertFalse(self._find_messages(user, "/my/file/accept"))

    def test_link_ends_with_the_address(self):
        """R43: a link sent to a wrong address is void once the address is corrected."""
        known = self._make_user(EMAIL, None, self.other)
        self._invite()
        path = self._get_link(EMAIL)
        self.person.email = "right@example.com"
        self._sign_in(known)
        self.assertEqual(self.url_open(path).status_code, 403)

    def test_address_of_a_colleague(self):
        """R19: an invitation cannot make a colleague an applicant."""
        self.member.login = EMAIL
        self._invite()
        path = self._get_link(EMAIL)
        self.authenticate(EMAIL, "br_member")
        self._post("/my/file/accept", {"token": path.rpartition("token=")[2]})
        self.assertFalse(self.person.portal_user_ids)

    def test_same_answer(self):
        """R43: the answer does not tell whether an address is or was in use."""
        self._make_user(EMAIL, None, self.other)
        self._make_user("closed@example.com", None, self.other).active = False
        answers = []
        for address in ("new@example.com", EMAIL, "closed@example.com"):
            self.person.write({"email": address, "portal_user_ids": [Command.clear()]})
            wizard = self._invite()
            answer = self._call(self.officer, "action_invite", wizard)
            note = self.person.message_ids[:1]
            answers.append((answer, note.body, note.author_id))
        self.assertEqual(answers, answers[:1] * 3)

    def test_closed_account_elsewhere(self):
        """R43: an account closed elsewhere stays closed; only its owner is told."""
        closed = self._make_user(EMAIL, None, self.other)
        closed.active = False
        self.person.lang = "en_US"
        self.assertIs(self._call(self.officer, "action_invite_to_portal"), True)
        self.assertFalse(self.person.portal_user_ids)
        self.assertFalse(closed.active)
        (body,) = self._queued(EMAIL)
        self.assertIn("give the association another e-mail", body)
        self.assertNotIn("/my/file/accept", body)
        self.assertFalse(self._find_messages(self.officer, "another e-mail of yours"))

    def test_stranger_on_the_contact(self):
        """R43: an uninvited account on the contact gets no access."""
        contact = self.person._get_or_create_contacts()
        squatter = self._make_user("br_squatter", None, self.company)
        squatter.partner_id = contact
        self._invite()
        account = self.person.portal_user_ids
        self.assertNotEqual(account, squatter)
        self.assertEqual(account.login, EMAIL)
        self.assertNotEqual(self.person.partner_id, contact)

    def test_back_after_leaving(self):
        """R43: a person invited again sets a new password; the old one is void."""
        wizard = self._invite()
        account = self.person.portal_user_ids
        account.password = "the old password"
        self._call(self.officer, "action_take_away", wizard)
        self._call(self.officer, "action_invite", wizard)
        self.assertEqual(self.person.portal_user_ids, account)
        self.assertTrue(account.active)
        with self.assertRaises(AccessDenied):
            account.with_user(account)._check_credentials(
                {"type": "password", "password": "the old password"},
                {"interactive": True},
            )

    def test_two_files_of_one_account(self):
        """R43: an account that leaves one file, but follows another, is not closed."""
        self._invite()
        account = self.person.portal_user_ids
        self.neighbour_file.portal_user_ids = account
        self._call(self.officer, "action_take_away_portal_access")
        self.assertTrue(account.active)
        files = self.env[FILE].with_user(account)
        self.assertEqual(files._get_portal_files(), self.neighbour_file)

    def test_mail_is_not_taken_over(self):
        """R43: a colleague with the person's e-mail as their own gets nothing."""
        self.officer.partner_id.email = EMAIL
        self._invite()
        messages = self.env["mail.message"].with_user(self.officer)
        domain = [("partner_ids", "in", self.officer.partner_id.ids)]
        self.assertFalse(messages.search(domain))
        self.assertEqual([address for address, _body in self.sent], [EMAIL])

    def test_recorded(self):
        """R20: the chatter notes who invited the person."""
        self._invite(self.delegate)
        note = self.person.message_ids[:1]
        self.assertIn("invited to the portal", note.body)
        self.assertEqual(note.author_id, self.delegate.partner_id)
