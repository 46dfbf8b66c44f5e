"""Shared parts of the tests of lists of disbursement."""

import base64
import io
from datetime import date

import openpyxl

from odoo import Command

from .common import DAY, REGISTERED, DeliveryCase

LIST = "beneficiary.disbursement"
# 10:00 in Riyadh, on the day of the bank's answer.
ANSWERED = "2026-03-17 07:00:00"
PAID_ON = date(2026, 3, 17)


def make_iban(number):
    """Return a valid Saudi IBAN of the account ``number``."""
    account = f"80{number:018}"
    return f"SA{98 - int(account + '281000') % 97:02}{account}"


class DisbursementCase(DeliveryCase):
    """An association that pays in cash, and whose files have accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.service.delivery_kind = "cash"
        cls.file.iban = make_iban(1)
        cls.manager2 = cls._make_user("br_manager2", "manager", cls.company)
        # Papers are in the language of the association, else of a manager.
        (cls.manager | cls.manager2 | cls.officer).lang = "en_US"
        cls.env.flush_all()

    def _plan_many(self, count, amount=100, iban=True):
        """Return planned deliveries of ``count`` files, one for each."""
        start = self.env["beneficiary.beneficiary"].search_count([]) + 10
        numbers = range(start, start + count)
        files = self.env["beneficiary.beneficiary"].create(
            [
                {
                    "name": f"Person {number}",
                    "company_id": self.company.id,
                    "identity_type": "none",
                    "identity_reason": "Lost",
                    "iban": iban and make_iban(number),
                }
                for number in numbers
            ]
        )
        files._write_flow({"state": "active"})
        requests = self.env["beneficiary.request"].create(
            [
                {
                    "company_id": self.company.id,
                    "beneficiary_id": file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                    "description": file.name,
                    "officer_id": self.officer.id,
                }
                for file in files
            ]
        )
        requests._write_flow({"state": "in_review", "raised_on": REGISTERED})
        decisions = self.env["beneficiary.decision"]._open(requests)
        decisions.write(
            {
                "state": "taken",
                "outcome": "accepted",
                "amount_granted": amount,
                "decided_on": REGISTERED,
            }
        )
        requests._write_flow({"state": "registered"})
        return self.env["beneficiary.delivery"].create(
            [
                {"request_id": request.id, "amount": amount, "planned_date": DAY}
                for request in requests
            ]
        )

    def _make_list(self, **vals):
        """Return a list that the officer gathered, in the officer's environment."""
        disbursement = (
            self.env[LIST]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "date_from": date(2026, 3, 1),
                    "date_to": date(2026, 3, 31),
                    **vals,
                }
            )
        )
        disbursement.action_gather()
        return disbursement

    def _make_approved(self, **vals):
        disbursement = self._make_list(**vals)
        disbursement.with_user(self.manager).action_approve()
        return disbursement

    def _answer(self, disbursement, rows, name="answer.xlsx"):
        """Return the form with the bank's answer of these rows, as the officer."""
        book = openpyxl.Workbook()
        for row in [["Payment reference", "Result", "Return reason", "Amount"], *rows]:
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        wizards = self.env["beneficiary.disbursement.answer"].with_user(self.officer)
        return wizards.create(
            {
                "disbursement_id": disbursement.id,
                "file": base64.b64encode(content.getvalue()),
                "file_name": name,
                "paid_on": PAID_ON,
            }
        )

    def _make_budget(self, amount):
        self.service.budget_ids = [
            Command.create(
                {
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "amount": amount,
                }
            )
        ]
        return self.service.budget_ids
