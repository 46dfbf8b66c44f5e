"""Shared base of the tests of interactions."""

from odoo import Command

from ..common import BeneficiaryCommon


class InteractionCase(BeneficiaryCommon):
    """Two branches with a delegate each, and one person in each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far_delegate = cls._make_user("br_far", "delegate", cls.company)
        cls.branch, cls.far_branch = cls.env["beneficiary.branch"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "delegate_ids": [Command.link(delegate.id)],
                }
                for name, delegate in (
                    ("North", cls.delegate),
                    ("South", cls.far_delegate),
                )
            ]
        )
        cls.file.branch_id = cls.branch
        cls.far_file = cls.env["beneficiary.beneficiary"].create(
            {
                "name": "منى المثال",
                "company_id": cls.company.id,
                "branch_id": cls.far_branch.id,
                "identity_number": "1000000024",
                "phone": "0500000002",
            }
        )

    def _log(self, user=None, **vals):
        """Return a contact by telephone with the applicant that ``user`` logged."""
        return (
            self.env["beneficiary.interaction"]
            .with_user(user or self.officer)
            .create(
                {
                    "subject": "When does the reply come?",
                    "channel_id": self._channel("phone").id,
                    "beneficiary_id": self.file.id,
                    **vals,
                }
            )
        )

    def _log_visitor(self, user=None, **vals):
        return self._log(
            user, **{"beneficiary_id": False, "party_name": "زائر", **vals}
        )
