from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SHARED, AccessCase


@tagged("post_install", "-at_install")
class TestCompanyStays(AccessCase):
    """R43: a record stays with the association in which it was created."""

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nothing_moves(self):
        """R43: nobody can move a record, not even a user of both associations."""
        self.manager.company_ids |= self.other
        self.member.company_ids |= self.other
        for model, record in self.own.items():
            field = record._fields.get("company_id")
            if not field or not field.store:
                continue
            before = record.company_id
            self.assertEqual(before, self.company)
            for user in (self.env.user, self.manager, self.member):
                mine = record.with_user(user).with_context(
                    allowed_company_ids=(self.company | self.other).ids
                )
                for company in (self.other.id, False):
                    with (
                        self.subTest(model=model, user=user.login, company=company),
                        self.assertRaises(UserError),
                    ):
                        mine.write({"company_id": company})
            self.env.invalidate_all()
            self.assertEqual(record.company_id, before)

    def test_nothing_is_made_elsewhere(self):
        """R43: a part of a record belongs to the association of that record."""
        question = self.env["beneficiary.service.question"].create(
            {
                "service_id": self.own["beneficiary.service"].id,
                "name": "Why?",
                "kind": "text",
                "company_id": self.other.id,
            }
        )
        self.assertEqual(question.company_id, self.company)
        # The same holds for every model whose association follows from another record.
        for model in self.own:
            field = self.env[model]._fields.get("company_id")
            if field and field.related and field.store:
                with self.subTest(model=model):
                    self.assertTrue(field.precompute and field.readonly)

    def test_shared_records(self):
        """R43: a shared record may be given to an association; then it stays there."""
        for model in SHARED:
            vals = {"company_id": False, "name": "Shared", "code": "shared"}
            vals = {
                name: vals[name] for name in vals if name in self.env[model]._fields
            }
            shared = self.own[model].copy(vals)
            with self.subTest(model=model):
                shared.company_id = self.company
                shared.company_id = self.company  # forms and imports write it again
                with self.assertRaisesRegex(UserError, "stays with the association"):
                    shared.company_id = self.other
