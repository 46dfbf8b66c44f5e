from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import BeneficiaryCommon

REQUEST = "beneficiary.request"
REFUSED = "Among these recipients is an applicant"


@tagged("post_install", "-at_install")
class TestApplicantReach(BeneficiaryCommon):
    """R43: a user who may not know an applicant cannot write to them outside our
    records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = cls.branch
        cls.guardian = cls._make_guardian()
        cls.applicants = {
            "hidden contact": cls.file._get_or_create_contacts(),
            "account that was linked": cls.applicant.partner_id,
            "account of a representative": cls.guardian.partner_id,
        }
        cls.supplier = cls.env["res.partner"].create({"name": "A shop"})
        cls.client_user = cls._make_user("br_client", None, cls.company)
        cls.channel = cls.env["discuss.channel"].create(
            {"name": "All", "channel_type": "channel", "group_public_id": False}
        )
        cls.request = cls._make_request(cls(), "in_review")
        cls.outsiders = (
            cls.stranger,
            cls.member,
            cls.researcher,
            cls.auditor,
            cls.outsider,
        )

    def _rpc(self, user, model, method, *args, **kwargs):
        self.env.invalidate_all()
        records = self.env(user=user, context={})[model]
        return call_kw(records, method, list(args), kwargs)

    def _event(self, partners, **vals):
        return {
            "name": "REJECTED",
            "start": "2030-01-01 08:00:00",
            "stop": "2030-01-01 09:00:00",
            "partner_ids": [Command.set(partners.ids)],
            **vals,
        }

    def _on_request(self):
        model_id = self.env["ir.model"]._get_id(REQUEST)
        return {"res_model_id": model_id, "res_id": self.request.id}

    def _get_doors(self, partner):
        """Return every call by which a colleague can reach ``partner``."""
        word = {"body": "REJECTED", "partner_ids": partner.ids}
        channel = {
            "name": "Group",
            "channel_type": "group",
            "channel_member_ids": [Command.create({"partner_id": partner.id})],
        }
        return (
            ("mail.thread", "message_notify", [[]], word),
            ("discuss.channel", "message_post", [self.channel.ids], word),
            ("calendar.event", "create", [self._event(partner)], {}),
            ("discuss.channel", "create", [channel], {}),
            ("discuss.channel", "_create_group", [partner.ids], {}),
        )

    def _knock(self, user, model, method, args, kwargs):
        if not method.startswith("_"):
            return self._rpc(user, model, method, *args, **kwargs)
        records = self.env(user=user, context={})[model]
        return getattr(records, method)(*args, **kwargs)  # called by the route

    def test_who_may_not(self):
        """R43: no message, meeting or channel reaches any kind of contact."""
        for kind, partner in self.applicants.items():
            for user in self.outsiders:
                for model, method, args, kwargs in self._get_doors(partner):
                    with (
                        self.subTest(kind=kind, user=user.login, door=(model, method)),
                        self.assertRaises(AccessError),
                        self.env.cr.savepoint(),
                    ):
                        self._knock(user, model, method, args, kwargs)
        partners = self.env["res.partner"].union(*self.applicants.values())
        messages = self.env["mail.message"].search([("body", "ilike", "REJECTED")])
        self.assertFalse(messages.partner_ids & partners)

    def test_refusal(self):
        """R43: the refusal says what to do, and does not name the applicant."""
        for partner in self.applicants.values():
            with self.assertRaisesRegex(AccessError, REFUSED) as refused:
                self._rpc(
                    self.member,
                    "mail.thread",
                    "message_notify",
                    [],
                    body="x",
                    partner_ids=partner.ids,
                )
            self.assertNotIn(partner.name, str(refused.exception))

    def _make_event(self, user):
        events = self.env(user=user, context={})["calendar.event"]
        return events.create({"name": "x", "user_id": user.id})

    def test_followers_of_other_records(self):
        """R43: an applicant follows a record of other modules by the office alone."""
        for user in self.outsiders:
            event = self._make_event(user)
            for kind, partner in self.applicants.items():
                ids = [*partner.ids, self.supplier.id]
                with self.subTest(kind=kind, user=user.login):
                    self._rpc(user, event._name, "message_subscribe", event.ids, ids)
                    followers = event.sudo().message_partner_ids
                    self.assertNotIn(partner, followers)
                    self.assertIn(self.supplier, followers)
        event = self._make_event(self.officer)
        event.message_subscribe(self.applicant.partner_id.ids)
        self.assertIn(self.applicant.partner_id, event.message_partner_ids)

    def test_who_may(self):
        """R26: the front desk writes to the people of the files that it may read."""
        for kind, partner in self.applicants.items():
            for user in (self.officer, self.manager, self.delegate):
                with self.subTest(kind=kind, user=user.login):
                    partner._check_may_be_written_to(user)
        self.file.branch_id = False
        self.env.flush_all()
        for kind, partner in self.applicants.items():
            with self.subTest(kind=kind):  # the request is still of the branch
                partner._check_may_be_written_to(self.delegate)
        self.request._write_flow({"branch_id": False})
        self.env.flush_all()
        for kind, partner in self.applicants.items():
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                partner._check_may_be_written_to(self.delegate)

    def test_another_association(self):
        """R43: the front desk of another association may not write to our people."""
        officer = self._make_user("br_other_officer", "officer", self.other)
        for kind, partner in self.applicants.items():
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                partner._check_may_be_written_to(officer)

    def test_others_as_always(self):
        """Everybody may still write to suppliers, clients and colleagues."""
        partners = self.supplier | self.client_user.partner_id | self.officer.partner_id
        for user in self.outsiders:
            partners._check_may_be_written_to(user)
        for model, method, args, kwargs in self._get_doors(self.officer.partner_id):
            self.assertTrue(self._knock(self.stranger, model, method, args, kwargs))

    def test_administrators_and_oneself(self):
        """R43: administrators and Odoo may write to applicants, and each to oneself."""
        administrator = self._make_user("br_administrator", "auditor", self.company)
        administrator.group_ids |= self.env.ref("base.group_erp_manager")
        for partner in self.applicants.values():
            partner._check_may_be_written_to(administrator)
            partner._check_may_be_written_to(self.env.ref("base.user_root"))
        self.guardian.partner_id._check_may_be_written_to(self.guardian)
        with self.assertRaises(AccessError):
            self.guardian.partner_id._check_may_be_written_to(self.applicant)

    def test_cost(self):
        """A message among colleagues costs no database query."""
        colleagues = self.env["res.partner"].union(
            *(user.partner_id for user in (self.officer, self.chair, self.auditor))
        )
        colleagues._check_may_be_written_to(self.stranger)  # fills the cache
        with self.assertQueryCount(0):
            colleagues._check_may_be_written_to(self.stranger)
            self.env["res.partner"]._check_may_be_written_to(self.stranger)
        self.supplier.mapped("partner_share")
        self.supplier.mapped("is_beneficiary_contact")
        with self.assertQueryCount(1):
            self.supplier._check_may_be_written_to(self.stranger)

    def test_meetings_on_a_request(self):
        """R21: only the front desk invites outsiders to a meeting about a request."""
        guests = (self.applicant.partner_id, self.supplier)
        for user in (self.member, self.researcher):
            for partner in guests:
                event = self._event(partner, **self._on_request())
                with (
                    self.subTest(user=user.login, partner=partner.name),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    self._rpc(user, "calendar.event", "create", event)
            colleagues = self._event(self.officer.partner_id, **self._on_request())
            self.assertTrue(self._rpc(user, "calendar.event", "create", colleagues))
        event = self._event(guests[0] | guests[1], **self._on_request())
        self.assertTrue(self._rpc(self.officer, "calendar.event", "create", event))

    def test_call_of_a_meeting(self):
        """R43: anybody can start a meeting's call; it adds no other applicant."""
        partners = self.env["res.partner"].union(*self.applicants.values())
        event_id = self._rpc(
            self.officer,
            "calendar.event",
            "create",
            self._event(partners | self.researcher.partner_id),
        )
        event = self.env["calendar.event"].browse(event_id)
        for user in (self.researcher, self.guardian, self.officer):
            event.videocall_channel_id = False
            event.with_user(user).sudo()._create_videocall_channel()
            members = event.videocall_channel_id.channel_member_ids.partner_id
            self.assertLessEqual(members & partners, user.partner_id)
            self.assertIn(self.researcher.partner_id, members)

    def test_meetings_that_are_moved(self):
        """R21: a meeting with outsiders cannot be linked to a request later."""
        event_id = self._rpc(
            self.researcher, "calendar.event", "create", self._event(self.supplier)
        )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._rpc(
                self.researcher,
                "calendar.event",
                "write",
                [event_id],
                self._on_request(),
            )
        event = self.env["calendar.event"].browse(event_id)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._rpc(
                self.researcher,
                "calendar.event",
                "write",
                event.ids,
                {"partner_ids": [Command.link(self.guardian.partner_id.id)]},
            )
