from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import InteractionCase


@tagged("post_install", "-at_install")
class TestFrontDeskCorrection(InteractionCase):
    """What was written down wrong is corrected, and stays to be read."""

    def _get_changes(self, contact):
        self.flush_tracking()
        values = contact.sudo().message_ids.tracking_value_ids
        return {
            value.field_id.name: value.old_value_char
            or value.old_value_integer
            or value.old_value_datetime
            for value in values
        }

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()
        self.cr.precommit.run()

    def test_wrong_channel(self):
        """R5: channel, direction, time and minutes show what they were."""
        contact = self._log(minutes=5).with_context(tracking_disable=False)
        self.flush_tracking()
        call_kw(
            contact,
            "write",
            [
                contact.ids,
                {
                    "channel_id": self._channel("website").id,
                    "direction": "out",
                    "minutes": 15,
                    "date": "2026-03-01 07:00:00",
                },
            ],
            {"context": {**self.env.context, "tracking_disable": False}},
        )
        changes = self._get_changes(contact)
        self.assertEqual(changes["channel_id"], self._channel("phone").name)
        self.assertEqual(changes["direction"], "Incoming")
        self.assertEqual(changes["minutes"], 5)
        self.assertTrue(changes["date"])

    def test_outreach_goes_on(self):
        """R28: an outreach that was ended by mistake goes on."""
        outreach = (
            self.env["beneficiary.outreach"]
            .with_user(self.officer)
            .action_plan(self.file.ids)
        )
        outreach = self.env["beneficiary.outreach"].browse(outreach["res_id"])
        officers = outreach.with_user(self.officer)
        officers.action_start()
        with self.assertRaisesRegex(UserError, "that has ended"):
            officers.action_reopen()
        officers.action_done()
        for user in (self.delegate, self.auditor, self.outsider):
            with self.assertRaises(AccessError):
                call_kw(outreach.with_user(user), "action_reopen", [outreach.ids], {})
        call_kw(officers, "action_reopen", [outreach.ids], {})
        self.assertEqual(outreach.state, "running")
        outreach.line_ids.with_user(self.officer).action_reached()
