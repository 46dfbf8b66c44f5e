"""Rules that name ids let through what the paths in their place let through (Scale)."""

import random
import re
from datetime import timedelta

from odoo import Command
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from ...bench import association, populate

TERM = (
    "'|', ('date_from', '=', False), ('date_from', '<=', 'today'),"
    " '|', ('date_to', '=', False), ('date_to', '>=', 'today')"
)
BRANCHES = re.compile(r"branch_id', 'in', user\._get_beneficiary_branch_ids\(\)")
COMMITTEES = re.compile(
    r"committee_id', 'in', user\._get_beneficiary_committee_ids\((.*?)\)\)"
)
NOT_OWN = "('user_id', '!=', user.id), "
IDS = re.compile(r"_get_beneficiary_(branch|committee)_ids")
TIMES = 4


def spell_out(domain):
    """Return the text of a rule with paths instead of ids."""
    domain = BRANCHES.sub("branch_id.delegate_ids', 'in', user.ids", domain)

    def tell_seat(found):
        role = f"('role', 'in', ({found[1]})), " if found[1] else ""
        return (
            "committee_id.member_ids', 'any',"
            f" [('user_id', '=', user.id), {role}{TERM}])"
        )

    return COMMITTEES.sub(tell_seat, domain)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesSame(TransactionCase):
    """The rules of delegates and members, in the association of the benchmark."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        size = populate.Size(60, 30, 1)
        cls.company, parameters = association.make(cls.env, size.portal_users)
        populate.fill(cls.env, size, parameters)
        users = cls.env["res.users"].search([("company_id", "=", cls.company.id)])
        logins = {user.login: user for user in users}
        cls.delegate, cls.member = logins["bench_delegate"], logins["bench_member"]
        cls.rules = (
            cls.env["ir.rule"]
            .search([("domain_force", "like", "_get_beneficiary_")])
            .filtered(lambda rule: IDS.search(rule.domain_force))
        )

    def _shuffle(self, dice):
        """Give the delegate other branches, and the member other terms."""
        for branch in self.env["beneficiary.branch"].search(
            [("company_id", "=", self.company.id)]
        ):
            ids = self.delegate.ids if dice.random() < 0.5 else []
            branch.write({"delegate_ids": [Command.set(ids)]})
        today = self.company._get_beneficiary_today()
        seats = self.env["beneficiary.committee.member"].search(
            [("user_id", "=", self.member.id)]
        )
        terms = [
            (False, False),
            (today, today),
            (today - timedelta(9), False),
            (today + timedelta(1), False),
            (False, today - timedelta(1)),
            (today - timedelta(9), today + timedelta(9)),
        ]
        for seat in seats:
            date_from, date_to = dice.choice(terms)
            seat.write({"date_from": date_from, "date_to": date_to})

    def test_rules_let_the_same_through(self):
        """R6, R43: whatever the branches and terms, found in SQL and in memory."""
        self.assertGreater(len(self.rules), 50)
        dice = random.Random(16)  # noqa: S311 - the same each time
        found = set()
        for _time in range(TIMES):
            self._shuffle(dice)
            self.env.flush_all()
            for user in (self.delegate, self.member):
                names = self.env["ir.rule"].with_user(user)._eval_context()
                for rule in self.rules:
                    # As Odoo asks, of all records of the model.
                    records = self.env[rule.model_id.model].with_context(
                        active_test=False
                    )
                    new = Domain(safe_eval(rule.domain_force, names))
                    old = Domain(safe_eval(spell_out(rule.domain_force), names))
                    same = records.search(old)
                    with self.subTest(rule=rule.name, user=user.login):
                        self.assertEqual(records.search(new), same)
                        every = records.search([], limit=200)
                        self.assertEqual(every.filtered_domain(new), every & same)
                    if same:
                        found.add(rule.model_id.model)
        self.assertGreater(len(found), 15, "the rules had something to let through")

    def test_own_votes_come_once(self):
        """R22: others' votes are told without one's own, which one reads anyway."""
        for model in ("beneficiary.vote", "beneficiary.past.vote"):
            rules = self.rules.filtered(lambda rule, m=model: rule.model_id.model == m)
            for user in (self.member, self.delegate):
                names = self.env["ir.rule"].with_user(user)._eval_context()
                records = self.env[model]
                own = Domain("user_id", "=", user.id)
                for rule in rules:
                    self.assertIn(NOT_OWN, rule.domain_force)
                    old = spell_out(rule.domain_force.replace(NOT_OWN, ""))
                    new = Domain(safe_eval(rule.domain_force, names))
                    self.assertEqual(
                        records.search(own | new),
                        records.search(own | Domain(safe_eval(old, names))),
                    )

    def test_a_change_counts_at_once(self):
        """R6, R43: the next search follows the new delegate, and the end of a term."""
        branch = self.env["beneficiary.branch"].create(
            {"name": "Elsewhere", "company_id": self.company.id}
        )
        request = self.env["beneficiary.request"].search(
            [("company_id", "=", self.company.id), ("raised_on", "!=", False)], limit=1
        )
        self.env.cr.execute(
            "UPDATE beneficiary_request SET branch_id = %s WHERE id = %s",
            (branch.id, request.id),
        )
        self.env.invalidate_all()
        seen = request.with_user(self.delegate)
        self.assertFalse(seen.has_access("read"))
        branch.write({"delegate_ids": [Command.link(self.delegate.id)]})
        self.assertTrue(seen.has_access("read"))
        self.assertTrue(seen.search([("id", "=", request.id)]))
        branch.write({"delegate_ids": [Command.unlink(self.delegate.id)]})
        self.assertFalse(seen.has_access("read"))
        self.assertFalse(seen.search([("id", "=", request.id)]))

    def test_a_day_counts_without_a_change(self):
        """R43: a term is over on the next day, though nobody changed anything."""
        request = self.env["beneficiary.request"].search(
            [("company_id", "=", self.company.id), ("raised_on", "!=", False)], limit=1
        )
        seat = self.env["beneficiary.committee.member"].search(
            [
                ("user_id", "=", self.member.id),
                ("committee_id", "=", request.committee_id.id),
            ]
        )
        today = self.company._get_beneficiary_today()
        seat.date_to = today
        seen = request.with_user(self.member)
        self.assertTrue(seen.has_access("read"))
        company = type(self.company)
        tomorrow = today + timedelta(1)
        self.patch(company, "_get_beneficiary_today", lambda _self: tomorrow)
        self.assertFalse(seen.has_access("read"))
        self.assertFalse(seen.search([("id", "=", request.id)]))
