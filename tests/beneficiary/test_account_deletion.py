from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EMAIL, FILE
from .signin_common import SigninCase


@tagged("post_install", "-at_install", "without_demo")
class TestAccountDeletion(SigninCase):
    """R43, R46: who deletes their account keeps the file, and can come back."""

    def _delete_account(self, account):
        """Delete the account as its owner does, and let Odoo's queue run."""
        account.password = "a long password"
        self.authenticate(account.login, "a long password")
        self._fill(
            "/my/security",
            {"validation": account.login, "password": "a long password"},
            "/my/deactivate_account",
        )
        self.env.flush_all()
        with mute_logger("odoo.addons.base.models.res_users_deletion", "odoo.sql_db"):
            self.env.ref("base.ir_cron_res_users_deletion").method_direct_trigger()
        self.env.invalidate_all()
        self.authenticate(None, None)

    def _get_file(self):
        return self.person.read(["name", "phone", "email", "identity_number", "state"])

    def test_own_account(self):
        """R43: the file stays, the office is told, and both invitations work again."""
        # The test compares a message of the association.
        self.company.partner_id.lang = self.manager.lang = "en_US"
        self._invite()
        account = self.person.portal_user_ids
        request = self._make_request("submitted", beneficiary_id=self.person.id)
        request.with_user(account).message_post(
            body="متى الموعد؟", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        said = request.message_ids[:1]
        author, before = account.partner_id, self._get_file()
        self._delete_account(account)
        self.assertFalse(account.exists().active)
        self.assertEqual(self._get_file(), before)
        self.assertFalse(self.person.portal_user_ids)
        self.assertTrue(self.person.partner_id.active)
        self.assertEqual(said.author_id, author)
        self.assertIn("portal was deleted", self.person.message_ids[:1].body)
        self.assertEqual(len(self.person.activity_ids), 1)
        self.company.beneficiary_signin_opens_account = True
        self.assertEqual(self._ask(), [], "it does not open by itself")
        self._call(self.officer, "action_invite_to_portal", None, "paper")
        self.assertEqual(len(self._ask()), 1)
        self._call(self.officer, "action_take_away_portal_access")
        self._invite()
        self.assertEqual(self.person.portal_user_ids.login, EMAIL)

    def test_known_account(self):
        """R43: an account of one's own that follows two files is parted from both."""
        known = self._make_user("known@example.com", None, self.company)
        self.person.portal_user_ids = known
        self.neighbour_file.portal_user_ids = known
        self._delete_account(known)
        for file in self.person | self.neighbour_file:
            self.assertFalse(file.portal_user_ids)
            self.assertEqual(len(file.activity_ids), 1)

    def test_representative(self):
        """R33: a representative who deletes their account stays a representative."""
        agent = self._make_user("agent@example.com", None, self.company)
        line = self.person.representative_ids.create(
            {
                "beneficiary_id": self.person.id,
                "name": "ولي المثال",
                "user_id": agent.id,
            }
        )
        self._delete_account(agent)
        self.assertTrue(line.exists())
        self.assertFalse(line.user_id)
        self.assertEqual(len(self.person.activity_ids), 1)

    def test_code_only_account(self):
        """R46: files whose account never had a password are kept likewise."""
        self._call(self.officer, "action_invite_to_portal", None, "paper")
        account = self.person.portal_user_ids
        self._delete_account(account)
        self.assertFalse(self.person.portal_user_ids)
        self.assertTrue(self.env[FILE].browse(self.person.id).active)

    def test_by_an_administrator(self):
        """R43: the same holds for an account that an administrator deletes."""
        self._call(self.officer, "action_invite_to_portal", None, "paper")
        account, before = self.person.portal_user_ids, self._get_file()
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        self._call(admin, "unlink", account)
        self.assertEqual(self._get_file(), before)
        self.assertEqual(len(self.person.activity_ids), 1)
        self.company.beneficiary_signin_opens_account = True
        self.assertEqual(self._ask(), [])

    def test_archived_account(self):
        """R43: no code opens another account beside an archived one."""
        self._call(self.officer, "action_invite_to_portal", None, "paper")
        self.person.portal_user_ids.active = False
        self.company.beneficiary_signin_opens_account = True
        self.assertEqual(self._ask(), [])
        self._call(self.officer, "action_invite_to_portal", None, "paper")
        self.assertEqual(len(self._ask()), 1)
