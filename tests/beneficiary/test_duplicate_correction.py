from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateCorrection(DuplicateCase):
    """Two files that were said not to be the same by mistake."""

    def test_look_again(self):
        """R39: the pair is looked at again; who had decided stays in a note."""
        pair = self._make_pair()
        with self.assertRaisesRegex(UserError, "not to be the same"):
            pair.with_user(self.officer).action_review_again()
        pair.with_user(self.officer).action_not_the_same()
        for user in (self.delegate, self.researcher, self.auditor):
            with self.assertRaises(AccessError):
                call_kw(pair.with_user(user), "action_review_again", [pair.ids], {})
        call_kw(pair.with_user(self.officer), "action_review_again", [pair.ids], {})
        self.assertEqual(pair.state, "to_review")
        self.assertFalse(pair.decided_by_id)
        for file in pair.first_id | pair.second_id:
            self.assertIn(self.officer.name, "".join(file.message_ids.mapped("body")))
        pair.with_user(self.officer).action_propose_merge()
