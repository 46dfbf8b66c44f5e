"""Every screen of the addon, as the web client opens it, costs few queries (Scale)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ...bench import association, populate, screens

SIZES = (populate.Size(60, 30, 1), populate.Size(120, 60, 1))
MOST = 40
# A page of so few rows says nothing about how its cost grows.
FEW = 3
# The views of all roles; the filters, groups and search fields of those who use most.
WHOLE = ("officer", "auditor")
ROLES = ("officer", "delegate", "member", "manager", "auditor")
SEARCHES = ("filter", "group", "search", "suggestions")


@tagged("post_install", "-at_install", "without_demo")
class TestQueriesWalk(TransactionCase):
    """The calls of all screens in an association of N requests, and in one of 2N."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.users = []
        for size in SIZES:
            company, parameters = association.make(cls.env, size.portal_users)
            populate.fill(cls.env, size, parameters)
            users = cls.env["res.users"].search([("company_id", "=", company.id)])
            logins = {user.login: user for user in users}
            cls.users.append({role: logins[f"bench_{role}"] for role in ROLES})
            association.put_aside(cls.env, company)
            cls.env.cr.execute("DROP TABLE sealed")  # of the first association's seals

    def _count(self, call):
        """Return the rows of ``call``, and its queries with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        rows = call.run()
        return rows, self.env.cr.sql_log_count - start

    def _walk(self, user, whole):
        """Return ``{(screen, what): (rows, queries)}`` of all screens of ``user``."""
        context = {"allowed_company_ids": user.company_id.ids, "lang": "en_US"}
        env = self.env(user=user.id, context=context)
        found = {}
        for call in screens.walk_all(env):
            if not whole and call.what.startswith(SEARCHES):
                continue
            try:
                found[call.screen, call.what] = self._count(call)
            except (AccessError, UserError):
                continue
        return found

    def test_every_screen(self):
        """Scale: 40 queries at most, and no more for 2N records than for N."""
        for role in ROLES:
            small, large = (
                self._walk(users[role], role in WHOLE) for users in self.users
            )
            self.assertGreater(len(small), 20, role)
            for key, (rows, queries) in large.items():
                with self.subTest(role=role, screen=key, rows=rows):
                    self.assertLessEqual(queries, MOST)
                    if small.get(key, (0, 0))[0] >= FEW:
                        self.assertLessEqual(queries, small[key][1])
