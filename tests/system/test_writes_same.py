"""What was rewritten for speed writes the same as before, on random data."""

import random
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.models import BaseModel
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL

from ...rules import flow
from .test_queries_writes import N, WritesCase


@tagged("post_install", "-at_install", "with_demo")
class TestWritesSame(WritesCase):
    def _fits(self, record):
        """Whether Odoo's own check of associations lets ``record`` pass."""
        try:
            BaseModel._check_company(record)
        except UserError:
            return False
        return True

    def test_associations(self):
        """R43: a batch is checked as Odoo checks each record of it."""
        chance = random.Random(43)
        requests = self._make_requests(2 * N)
        links = ["beneficiary_id", "committee_id", "service_id"]
        vals = {"name": "Elsewhere", "company_id": self.other.id}
        committee = self.env["beneficiary.committee"].create(vals)
        service = self.env["beneficiary.service"].create(
            {**vals, "committee_id": committee.id}
        )
        strange = {"committee_id": committee, "service_id": service}
        for request in requests:
            name = chance.choice([*links, None, None])
            if name == "beneficiary_id":
                moved, company = request.beneficiary_id, self.other
                self.env.cr.execute(
                    SQL(
                        "UPDATE beneficiary_beneficiary SET company_id = %s"
                        " WHERE id = %s",
                        company.id,
                        moved.id,
                    )
                )
            elif name:
                self.env.cr.execute(
                    SQL(
                        "UPDATE beneficiary_request SET %s = %s WHERE id = %s",
                        SQL.identifier(name),
                        strange[name].id,
                        request.id,
                    )
                )
        self.env.invalidate_all()
        expected = [self._fits(request) for request in requests]
        self.assertEqual(
            [request._has_fitting_links(None) for request in requests], expected
        )
        self.assertEqual({True, False}, {*expected})
        self.assertFalse(requests._has_fitting_links(None))
        with self.assertRaises(UserError):
            requests._check_company()
        fitting = requests.filtered(self._fits)
        self.assertTrue(fitting._has_fitting_links(None))
        for name in links:
            with self.subTest(field=name):
                self.assertEqual(
                    requests._has_fitting_links([name]),
                    all(self._fits_in(request, name) for request in requests),
                )

    def _fits_in(self, record, name):
        try:
            BaseModel._check_company(record, [name])
        except UserError:
            return False
        return True

    def test_stored_fields(self):
        """A new request has the values that its stored fields are computed to."""
        names = ["amount_planned", "rating_last_value", "search_key", "committee_id"]
        requests = self._make_requests(3)
        kept = [{name: one[name] for name in names} for one in requests.sudo()]
        self.assertEqual(
            requests[0].sudo().search_key, requests[0].beneficiary_id.sudo().search_key
        )
        for name in names:
            self.env.add_to_compute(requests._fields[name], requests)
        requests.flush_recordset()
        requests.invalidate_recordset()
        self.assertEqual(
            [{name: one[name] for name in names} for one in requests.sudo()], kept
        )

    def test_followers(self):
        """An activity lets its user follow, whoever follows already."""
        chance = random.Random(26)
        requests = self._make_requests(N)
        users = self.officer | self.manager
        for request in requests:
            request.message_unsubscribe(users.partner_id.ids)
            some = users.filtered(lambda user: chance.random() < 0.5)
            request.message_subscribe(some.partner_id.ids)
        before = {one: one.message_partner_ids for one in requests}
        self.assertGreater(len({*map(len, before.values())}), 1)
        requests._schedule_activities(
            flow.LATE, [(one, user, "Late") for one in requests for user in users]
        )
        for request in requests:
            self.assertEqual(
                request.message_partner_ids, before[request] | users.partner_id
            )
            activities = request.activity_ids
            self.assertEqual(activities.user_id, users)
            self.assertEqual({*activities.mapped("res_name")}, {request.display_name})
            self.assertEqual({*activities.mapped("res_model")}, {request._name})

    def test_numbers(self):
        """R40: a sequence made for an association later is drawn from at once."""
        sequences = self.env["ir.sequence"]
        draw = sequences.with_company(self.company)._next_by_code_batch
        code = "beneficiary.example"
        shared = sequences.create({"name": "S", "code": code, "prefix": "S"})
        shared.company_id = False
        self.assertEqual(draw(code, 2), ["S1", "S2"])
        own = sequences.create(
            {"name": "O", "code": code, "prefix": "O", "company_id": self.company.id}
        )
        self.assertEqual(draw(code, 1), ["O1"])
        own.active = False
        self.assertEqual(draw(code, 1), ["S3"])
        own.active = True
        self.assertEqual(draw(code, 1), ["O2"])
        own.unlink()
        self.assertEqual(draw(code, 1), ["S4"])

    def test_frozen_policy(self):
        """R3: a draft's channels are read anew, and those in force are kept."""
        policy = self.company._get_beneficiary_policy()
        self.assertTrue(policy._is_frozen())
        draft = policy.copy()
        self.assertFalse(draft._is_frozen())
        dropped = draft.channel_line_ids[-1:]
        channel = dropped.channel_id
        self.assertIn(channel, draft._get_channels())
        dropped.unlink()
        self.assertNotIn(channel, draft._get_channels())
        draft._write_state({"state": "superseded"})
        self.assertTrue(draft._is_frozen())

    def test_terms_without_locks(self):
        """R19: the daily look at a study writes its row once.

        A second UPDATE in the same transaction would also lock the request, and fail
        beside somebody who moves it.
        """
        studies = self._study(2).decision_ids
        studies.ballots_on = False
        self.env.flush_all()
        written = []
        execute = Cursor.execute

        def watch(cursor, query, *args, **kwargs):
            text = query.code if isinstance(query, SQL) else str(query)
            if 'UPDATE "beneficiary_decision"' in text:
                written.append(text)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", watch):
            studies._follow_terms()
            self.env.flush_all()
        self.assertEqual(len(written), 1, written)
        self.assertTrue(all(studies.mapped("ballots_on")))
