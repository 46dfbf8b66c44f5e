import importlib.util

from odoo.exceptions import AccessError
from odoo.modules import get_module_path
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.association.res_company_sequence import (
    APPOINTMENT,
    CONTACT,
    DELIVERY,
    FILE,
    LETTER,
    REQUEST,
    SEQUENCES,
    SESSION,
)
from ..common import BeneficiaryCommon

FAST = (FILE, REQUEST, DELIVERY, CONTACT, APPOINTMENT)
# Those that all associations shared before 1.2.
SHARED = (FILE, REQUEST, DELIVERY)


@tagged("post_install", "-at_install")
class TestNumbers(BeneficiaryCommon):
    """Each association has its own numbers, and access is checked first (R43)."""

    def _find(self, company, code):
        return self.env["ir.sequence"].search(
            [("code", "=", code), ("company_id", "=", company.id)]
        )

    def _read_next(self):
        sequences = self.env["ir.sequence"].search([("code", "in", SEQUENCES)])
        sequences.invalidate_recordset()
        return {
            (sequence.company_id, sequence.code): sequence.number_next_actual
            for sequence in sequences
        }

    def test_refused_draws_nothing(self):
        """R43: a user who may not create uses up no numbers, by any number of calls."""
        registered = self._make_request("registered")
        foreign = {
            FILE: {"name": "x", "company_id": self.company.id},
            REQUEST: {
                "beneficiary_id": self.file.id,
                "service_id": self.service.id,
                "channel_id": self._channel("phone").id,
            },
            DELIVERY: {"request_id": registered.id},
        }
        before = self._read_next()
        for user in (self.applicant, self.stranger, self.auditor, self.outsider):
            for model, vals in foreign.items():
                for vals_list in ([vals] * 50, [{}] * 50):
                    if user == self.outsider and vals_list == [{}] * 50:
                        continue  # allowed in the own association
                    with (
                        self.subTest(user=user.login, model=model),
                        mute_logger("odoo.sql_db"),
                        self.assertRaises(AccessError),
                    ):
                        self._call_as(user, model, "create", vals_list)
        self.assertEqual(self._read_next(), before)

    def test_each_counts_for_itself(self):
        """R43: new records of one association use up no numbers of another."""
        self.assertTrue(
            all(company for company, _code in self._read_next()),
            "no sequence is shared",
        )
        before = self._read_next()
        self._make_request()
        after = self._read_next()
        moved = {key for key in before if before[key] != after[key]}
        self.assertEqual(moved, {(self.company, REQUEST)})
        files = self.env["beneficiary.beneficiary"].create(
            [
                {"name": "ا", "company_id": company.id}
                for company in (self.company, self.other)
            ]
        )
        for file, company in zip(files, (self.company, self.other), strict=True):
            self.assertEqual(int(file.file_number), before[company, FILE])

    def test_company_has_its_own(self):
        """A new association gets its sequences at once; fast ones may have gaps."""
        company = self.env["res.company"].create({"name": "Association C"})
        for code in FAST:
            self.assertEqual(self._find(company, code).implementation, "standard")
        for code in (LETTER, SESSION):
            self.assertEqual(self._find(company, code).implementation, "no_gap")

    def test_not_by_hand(self):
        """R40: users cannot draw a number without a record."""
        before = self._read_next()
        for code in SEQUENCES:
            for user in (self.stranger, self.manager, self.applicant):
                with self.assertRaises(AccessError):
                    self._call_as(user, "ir.sequence", "next_by_code", code)
            with self.assertRaises(AccessError):
                self._call_as(
                    self.stranger,
                    "ir.sequence",
                    "next_by_id",
                    self._find(self.company, code).ids,
                )
        self.assertEqual(self._read_next(), before)

    def test_upgrade(self):
        """An upgrade continues the shared numbers without repeating one."""
        sequences = self.env["ir.sequence"]
        sequences.search([("code", "in", SHARED)]).unlink()
        shared = sequences.create(
            [
                {
                    "name": code,
                    "code": code,
                    "company_id": False,
                    "prefix": "N/",
                    "padding": 7,
                    "number_next": 431,
                }
                for code in SHARED
            ]
        )
        path = get_module_path("beneficiary_relations")
        spec = importlib.util.spec_from_file_location(
            "beneficiary_sequences", f"{path}/migrations/19.0.1.2.0/post-sequences.py"
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertFalse(shared.exists())
        for code in SHARED:
            for company in (self.company, self.other):
                with self.subTest(code=code, company=company.name):
                    (number,) = sequences.with_company(company)._next_by_code_batch(
                        code, 1
                    )
                    self.assertEqual(number, "N/0000431")
        # A second run changes nothing.
        script.migrate(self.env.cr, "19.0.1.1.0")
        (number,) = sequences.with_company(self.company)._next_by_code_batch(FILE, 1)
        self.assertEqual(number, "N/0000432")
