"""The operations of the benchmark keep their most queries, at size XS (section 11)."""

import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...bench import association, populate

BENCH = Path(__file__).resolve().parents[2] / "bench"
# Records of one call; the second number must not cost more for each.
FEW, MORE = 40, 80
# Operations that are beyond their gate, and what they take: no more from here on.
BEYOND = {
    ("W4", "One move: return, told to the applicant"): 21,
    ("W4", "One move: release, told to the applicant"): 34,
}


@tagged("post_install", "-at_install", "without_demo")
class TestGates(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The benchmark is a program: its parts import each other from its own folder.
        with patch.object(sys, "path", [str(BENCH), *sys.path]):
            cls.gates = import_module("gates").GATES
            cls.reading = import_module("bench_orm")
            cls.writing = import_module("bench_write")
            cls.watch = staticmethod(import_module("watch").watch)
        for lang in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(lang)
        size = populate.SIZES["XS"]
        cls.company, parameters = association.make(cls.env, size.portal_users)
        populate.fill(cls.env, size, parameters)
        cls.env = cls.env(context={"allowed_company_ids": cls.company.ids})

    def _count(self, contestant):
        """Return the queries for each record, once the lasting caches are filled."""
        user = self.env["res.users"].search([("login", "=", contestant.login)])
        env = self.env(user=user.id)
        for _turn in range(2):
            with closing(env.cr.savepoint()):
                work = contestant.prepare(env, 0)
                sample = self.watch(env, work)
        return sample.queries / contestant.records

    def _check(self, operations):
        """Check operations against their limits; return their queries by name."""
        counts = {}
        for operation in operations:
            key = operation.gate, operation.operation
            most = BEYOND.get(key, self.gates[operation.gate].queries)
            with self.subTest(key):
                count = self._count(operation.contestants[0])
                counts[key] = count
                if most:
                    self.assertLessEqual(count, most)
        return counts

    def test_reading(self):
        """R1-R8, P2, D1: screens ask few queries, for every state and role."""
        self._check(self.reading.get_operations(self.env))

    def test_writing(self):
        """W1-W8, I1: creation, moves and deletion ask few queries for each record."""
        counts = []
        for number in (FEW, MORE):
            with patch.multiple(
                self.writing, MANY=number, BATCH=number, IMPORTED=number, SHEET=number
            ):
                counts.append(self._check(self.writing.get_operations(self.env)))
        for (few_key, few), more in zip(
            counts[0].items(), counts[1].values(), strict=True
        ):
            with self.subTest(operation=few_key):
                self.assertLessEqual(more, few)
