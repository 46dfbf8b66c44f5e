"""Every screen of the addon, as the web client opens it, costs few queries (Scale)."""

from contextlib import ExitStack, suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.tests import TransactionCase, tagged

from ...bench import association, populate, screens

# The second association is walked through; both together have two currencies.
SIZES = (populate.Size(60, 30, 1), populate.Size(120, 60, 1))
MOST = 40
# A member reads the person's papers, the budget and the interests beside a vote.
MOST_OF = {("member", "decision_action", "form"): 43}
ROLES = ("officer", "delegate", "member", "manager")
# What officers have seen, managers see too: of them only the rest counts.
ALWAYS = "home"
# These differ from the list as it opens by their condition alone.
SEARCHES = ("filter", "group", "search", "suggestions")
# Models, and the fields in which a name is typed beside numbers.
TYPED = {
    "beneficiary.decision": [["display_name"], ["committee_id"]],
    "beneficiary.delivery": [["display_name"], ["service_id"], ["branch_id"]],
    "beneficiary.disbursement.line": [["display_name"], ["beneficiary_id"]],
    "beneficiary.document": [["beneficiary_id", "number"], ["type_id"]],
    "beneficiary.household.member": [["name", "identity_number", "beneficiary_id"]],
    "beneficiary.interaction": [["display_name"], ["channel_id"], ["beneficiary_id"]],
    "beneficiary.request": [["display_name"], ["service_id"], ["committee_id"]],
}
WORDS = ("محمد", "أحمد علي", "Branch", "Cash", "1", "12", "000", "2026/", "zzz", "%")
MONEY = {
    "beneficiary.decision": ["outcome", "committee_id"],
    "beneficiary.delivery": ["state", "service_id", "planned_date:month"],
    "beneficiary.request.report": ["outcome", "service_id", "submitted_on:month"],
}


@tagged("post_install", "-at_install", "without_demo")
class TestQueriesWalk(TransactionCase):
    """The calls of all screens, in the association that the benchmark fills."""

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
        """Return the queries of ``call`` with an empty cache of records.

        What is cached for all users, such as the policy, is read before.
        """
        call.run()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        call.run()
        return self.env.cr.sql_log_count - start

    def test_every_screen(self):
        """Scale: each view of each role takes 40 queries at most."""
        known = set()
        for role in ROLES:
            user = self.users[-1][role]
            context = {"allowed_company_ids": user.company_id.ids, "lang": "en_US"}
            seen = set()
            for call in screens.walk_all(self.env(user=user.id, context=context)):
                key = call.screen, call.what
                is_known = role == "manager" and key in known and key[0] != ALWAYS
                if is_known or call.what.startswith(SEARCHES):
                    continue
                with (
                    self.subTest(role=role, screen=key),
                    suppress(AccessError, UserError),
                ):
                    most = MOST_OF.get((role, *key), MOST)
                    self.assertLessEqual(self._count(call), most)
                    seen.add(key)
            known |= seen
            self.assertGreater(len(seen), 10, role)

    def test_same_searches(self):
        """Scale: what is dropped, or looked up first, finds the same as before."""
        hits = 0
        env = self.env(user=self.users[-1]["officer"].id)
        for model, fields in TYPED.items():
            records = env[model]
            for names in fields:
                for word in WORDS:
                    domain = Domain.OR(Domain(name, "ilike", word) for name in names)
                    found = records.search(domain)
                    with ExitStack() as plain:
                        for name, answer in (
                            ("_drop_empty", lambda _self, domain: domain),
                            ("_look_up_name", lambda _self, condition, _to: condition),
                        ):
                            patched = patch.object(type(records), name, answer)
                            plain.enter_context(patched)
                        wanted = records.search(domain)
                    hits += bool(found)
                    with self.subTest(model=model, names=names, word=word):
                        self.assertEqual(found, wanted)
        self.assertGreater(hits, 20)

    def test_hidden_numbers(self):
        """R43: no search beside a name tells whether a hidden field has a text."""
        files = self.env["beneficiary.beneficiary"]
        files = files.with_user(self.users[-1]["officer"])
        for text in ("محمد", "zzz"):
            domain = ["|", ("branch_id", "ilike", "x"), ("search_key", "ilike", text)]
            with self.subTest(text=text), self.assertRaises(AccessError):
                files.search(domain)

    def test_same_branches(self):
        """R6, Scale: one's own branches are those that a sub-query finds."""
        for role in ("officer", "delegate"):
            user = self.users[-1][role]
            env = self.env(user=user.id)
            mine = Domain("delegate_ids", "in", user.ids)
            through = Domain("branch_id", "any!", mine)
            for model, wanted in (
                ("beneficiary.request", through),
                ("beneficiary.interaction", through),
                ("beneficiary.delivery", Domain("request_id", "any!", through)),
            ):
                found = env[model].search([("is_of_my_branch", "=", True)])
                self.assertEqual(found, env[model].search(wanted), model)
                self.assertEqual(bool(found), role == "delegate", model)

    def test_same_currencies(self):
        """R43, Scale: currencies of groups are those that a sorted list has."""
        companies = self.users[0]["manager"].company_id
        companies |= self.users[1]["manager"].company_id
        euro = self.env.ref("base.EUR")
        euro.active = True
        companies[0].currency_id = euro
        aggregates = ["currency_id:array_agg_distinct", "__count"]
        for model, groups in MONEY.items():
            records = self.env[model].with_context(allowed_company_ids=companies.ids)
            sets = [[], *([name] for name in groups), groups]
            for company in (companies, companies[0], companies.browse()):
                domain = [("company_id", "in", company.ids)]
                found = records._read_grouping_sets(domain, sets, aggregates)
                with patch.object(
                    type(records), "_read_group_select", BaseModel._read_group_select
                ):
                    wanted = records._read_grouping_sets(domain, sets, aggregates)
                with self.subTest(model=model, companies=len(company)):
                    self.assertEqual(
                        [sorted(map(str, rows)) for rows in found],
                        [sorted(map(str, rows)) for rows in wanted],
                    )
