"""Shared base of the seal tests."""

from odoo import fields
from odoo.tools import SQL

from ...rules import seal
from ..common import PIXEL, BeneficiaryCommon, pdf_base64

DECLARATION, DECISION = "beneficiary.declaration", "beneficiary.decision"


class SealCase(BeneficiaryCommon):
    """An association with two requests: one reply has left, the other is held."""

    def setUp(self):
        super().setUp()
        self.request = self._make_request("accepted")
        self.declaration = self.request.declaration_id
        self.decision = self.request.decision_ids
        self.held = self._make_request("decided")
        self.seals = self.env["beneficiary.seal"]
        self.cron = self.env.ref("beneficiary_relations.ir_cron_seal")

    def _seal(self):
        """Run the scheduled action as the scheduler does; return our links."""
        with self.enter_registry_test_mode():
            self.assertIs(self.cron.method_direct_trigger(), True)
        return self._get_chain()

    def _get_chain(self):
        return self.seals.search(
            [("company_id", "=", self.company.id)], order="position"
        )

    def _verify(self, known_hash=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.seals._verify(self.company, known_hash)

    def _tamper(self, statement, *values):
        """Change the database in a way that the ORM refuses."""
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, *values))
        self.env.invalidate_all()

    def _assert_tampered(self, problem, link, names=()):
        verdict = self._verify()
        self.assertEqual((verdict.code, verdict.problem), (seal.TAMPERED, problem))
        self.assertEqual(verdict.link.position, link)
        self.assertEqual(verdict.names, names)
        self.assertEqual(verdict.count, link - 1)

    def _make_declarations(self, count):
        return self.env[DECLARATION].create(
            [
                {
                    "request_id": self.request.id,
                    "policy_id": self.request.policy_id.id,
                    "round": number,
                    "method": "screen",
                    "signature": PIXEL,
                    "paper": pdf_base64(b"%d" % number),
                    "signed_on": fields.Datetime.now(),
                    "taken_by_id": self.officer.id,
                    "digest": str(number),
                }
                for number in range(count)
            ]
        )
