import importlib.util
from datetime import timedelta

from freezegun import freeze_time

from odoo.modules import get_module_path
from odoo.tests import tagged

from ...models.association.res_company_sequence import LETTER
from ..request.common import LAST, AppealCase


@tagged("post_install", "-at_install")
class TestMigration(AppealCase):
    """Upgrade scripts for databases of earlier versions."""

    def _migrate(self, version, name="post-migration"):
        path = get_module_path("beneficiary_relations")
        spec = importlib.util.spec_from_file_location(
            "beneficiary_migration", f"{path}/migrations/{version}/{name}.py"
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_1_1(self):
        """R20, R21, R42: letters, appeals and periods under way continue unchanged."""
        running = self._make_request("in_review", amount_requested=700)
        sequence = self.env["ir.sequence"].search(
            [("code", "=", LETTER), ("company_id", "=", self.company.id)]
        )
        sequence.implementation = "standard"
        (number,) = sequence._next_by_code_batch(LETTER, 1)
        for table, names in (
            (
                "beneficiary_decision",
                ("amount_requested", "rejection_words", "appeal_until"),
            ),
            ("beneficiary_request", ("review_days",)),
        ):
            for name in names:
                self.env.flush_all()
                self.env.cr.execute(f"UPDATE {table} SET {name} = NULL")  # noqa: S608
        self.env.invalidate_all()
        self._migrate("19.0.1.1.0")
        self.assertEqual(running.review_days, 14)
        self.assertEqual(running.decision_ids.amount_requested, 700)
        self.assertFalse(running.decision_ids.appeal_until)
        self.assertEqual(self.first.appeal_until, LAST)
        words = self.rejection_reason.with_context(lang="ar_001").name
        self.assertEqual(self.first.rejection_words, words)
        self.assertEqual(sequence.implementation, "no_gap")
        (following,) = sequence._next_by_code_batch(LETTER, 1)
        self.assertEqual(int(following[-5:]), int(number[-5:]) + 1)
        with freeze_time(LAST):
            self._appeal(LAST)
        self.assertEqual(self.request.state, "in_review")

    def test_1_5_sessions(self):
        """R19: a session held during the upgrade counts votes as when it began."""
        committee = self.committee
        sessions = self.env["beneficiary.committee.session"].create(
            [
                {
                    "committee_id": committee.id,
                    "start": "2026-03-22 07:00:00",
                    "stop": "2026-03-22 09:00:00",
                }
                for _number in range(2)
            ]
        )
        running, planned = sessions
        running.with_user(self.chair).action_open()
        self._migrate("19.0.1.5.0", "post-sessions")
        self.assertEqual((running.counts_ahead, planned.counts_ahead), (True, False))
        self.assertFalse(committee.votes_ahead, "later sessions ask who is present")

    def test_1_3(self):
        """R43: the addon owns its access rules: an upgrade resets them."""
        rules = self.env["ir.model.data"].search(
            [("module", "=", "beneficiary_relations"), ("model", "=", "ir.rule")]
        )
        self.assertTrue(rules)
        self.assertFalse(any(rules.mapped("noupdate")))
        rules.noupdate = True
        self._migrate("19.0.1.3.0", "pre-rules")
        self.assertFalse(any(rules.mapped("noupdate")))

    def test_1_5_search(self):
        """Upgrade to 1.5: visitors of earlier contacts are found by their names."""
        contact = self.env["beneficiary.interaction"].create(
            {
                "subject": "A question",
                "company_id": self.company.id,
                "channel_id": self._channel("phone").id,
                "party_name": "أحمد الزائر",
            }
        )
        known = contact.copy({"beneficiary_id": self.file.id, "party_name": False})
        self.env.flush_all()
        self.env.cr.execute("UPDATE beneficiary_interaction SET party_key = NULL")
        self.env.invalidate_all()
        for _twice in range(2):
            self._migrate("19.0.1.5.0", "pre-search")
            self._migrate("19.0.1.5.0", "post-search")
            self.assertEqual(contact.party_key, "احمد الزاير")
            self.assertFalse(known.party_key)

    def test_1_8_search(self):
        """Upgrade to 1.8: requests and contacts hold the search key of their file."""
        contact = self.env["beneficiary.interaction"].create(
            {
                "subject": "A question",
                "company_id": self.company.id,
                "channel_id": self._channel("phone").id,
                "beneficiary_id": self.file.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE beneficiary_request SET search_key = NULL")
        self.env.cr.execute("UPDATE beneficiary_interaction SET party_key = NULL")
        self._migrate("19.0.1.8.0", "pre-search")
        key = self.file.search_key
        self.assertTrue(key)
        self.assertEqual([self.request.search_key, contact.party_key], [key, key])

    def test_1_6_portal_closed(self):
        """R43, R46: access taken away before the upgrade needs an invitation."""
        self.company.beneficiary_signin_opens_account = True
        taken, never = self.file.copy(), self.file.copy()
        taken._open_account()
        taken.with_user(self.officer).action_take_away_portal_access()
        self.env.flush_all()
        self.env.cr.execute("UPDATE beneficiary_beneficiary SET is_portal_closed=NULL")
        self.env.invalidate_all()
        self._migrate("19.0.1.6.0", "post-portal-closed")
        self.assertFalse(taken._may_open_account())
        self.assertTrue(never._may_open_account())

    def test_1_4_hijri_years(self):
        """R38: a date kept with a Hijri year stays; its officer is asked to look."""
        self.file.officer_id = self.officer
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE beneficiary_beneficiary SET birth_date = %s WHERE id = %s",
            ["1405-09-01", self.file.id],
        )
        self.env.invalidate_all()
        self._migrate("19.0.1.4.0", "post-hijri-years")
        self.assertEqual(str(self.file.birth_date), "1405-09-01")
        self.assertIn("1405-09-01", self.file.message_ids[:1].body)
        self.assertEqual(self.file.activity_ids.user_id, self.officer)

    def test_1_5_grace_days(self):
        """R21: requests under way keep the grace days with which they were raised."""
        request = self._make_request("in_review")
        request.with_user(self.manager).action_return(reason="A paper")
        pause = request.sudo().pause_ids
        pause.write(
            {
                "date_start": request.raised_on,
                "date_end": request.raised_on + timedelta(days=2),
            }
        )
        request.sudo()._write_flow(
            {
                # As before 1.5, on any day of the week.
                "reply_due_on": request.review_floor_on + timedelta(days=7 + 2),
                "review_grace_days": 0,
            }
        )
        self._migrate("19.0.1.5.0", "post-grace-days")
        self.assertEqual(request.review_grace_days, 7)

    def test_1_4_people(self):
        """Upgrade to 1.4: stored keys follow the new spellings and the new numbers."""
        file = self.file
        file.name = "أبو بكر ڤيصل"
        self.env["beneficiary.household.member"].create(
            {
                "beneficiary_id": file.id,
                "name": "ريم",
                "identity_number": "1000000057",
            }
        )
        card = self.env.ref("beneficiary_relations.document_type_identity")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE beneficiary_beneficiary SET search_key = 'x', name_key = 'x'"
        )
        self.env.cr.execute(
            "UPDATE beneficiary_document_type SET identity_proof = NULL"
        )
        self.env.invalidate_all()
        for _twice in range(2):
            self._migrate("19.0.1.4.0", "post-people")
            self.env.invalidate_all()
            self.assertEqual(file.name_key, "ابوبكر فيصل")
            self.assertIn("1000000057", file.search_key)
            self.assertEqual(card.identity_proof, "card")
        self.assertFalse(
            self.env["beneficiary.beneficiary"].search_count([("search_key", "=", "x")])
        )

    def test_1_5_delivery_amount(self):
        """R25: the amounts that count of earlier deliveries are filled in."""
        request = self._make_request("registered")
        kept, cancelled = (self._plan_delivery(request, amount=9) for _ in range(2))
        cancelled.with_user(self.officer).action_cancel(reason="Twice")
        self.env.flush_all()
        self.env.cr.execute("UPDATE beneficiary_delivery SET amount_kept = NULL")
        self._migrate("19.0.1.5.0", "pre-delivery-amount")
        self.assertEqual((kept | cancelled).mapped("amount_kept"), [9, 0])

    def test_1_6_sms_links(self):
        """R22: text messages as they shipped get a link; changed ones stay."""
        shipped, changed = (
            self.env.ref(f"beneficiary_relations.sms_template_{name}")
            for name in ("cancelled", "reply")
        )
        shipped.with_context(lang="en_US").body = (
            "Your request {{ object.name }} was cancelled. See why on your page, or "
            "ask us. {{ object.company_id.name }}"
        )
        shipped.with_context(lang="ar_001").body = (
            "أُلغي طلبكم رقم {{ object.name }}. السبب مبيّن في صفحتكم على الموقع، "
            "ويمكنكم التواصل مع الجمعية. {{ object.company_id.name }}"
        )
        changed.with_context(lang="en_US").body = "Come and read it"
        changed.with_context(lang="ar_001").body = "تفضلوا لقراءته"
        self._migrate("19.0.1.6.0", "pre-sms-links")
        for lang in ("en_US", "ar_001"):  # without Arabic, the English is shown
            body = shipped.with_context(lang=lang).body
            self.assertIn("_get_portal_link()", body)
        self.assertEqual(changed.with_context(lang="en_US").body, "Come and read it")
        self.assertEqual(changed.with_context(lang="ar_001").body, "تفضلوا لقراءته")

    def test_1_5_deaths(self):
        """R20, R33: upgrade to 1.5: a death ends what earlier versions left running."""
        request = self._make_request("submitted")
        ward = self.env["beneficiary.beneficiary"].create({"name": "طفل"})
        line = self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": ward.id,
                "name": self.file.name,
                "identity_number": self.file.identity_number,
                "date_from": "2099-01-01",
            }
        )
        member = self.env["beneficiary.household.member"].create(
            {
                "beneficiary_id": ward.id,
                "name": self.file.name,
                "relation": "parent",
                "identity_number": self.file.identity_number,
            }
        )
        request.with_user(self.officer).action_cancel(reason="Not needed")
        self.assertTrue(request.notice_ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE beneficiary_beneficiary SET state = 'deceased',"
            " death_date = '2026-01-05' WHERE id = %s",
            [self.file.id],
        )
        self.env.invalidate_all()
        for _twice in range(2):
            self._migrate("19.0.1.5.0", "post-deaths")
            self.assertEqual(set(request.notice_ids.mapped("state")), {"stopped"})
            self.assertEqual(str(line.death_date), "2026-01-05")
            self.assertEqual(str(member.death_date), "2026-01-05")

    def test_1_6_rating_texts(self):
        """R29: texts that ask for a rating get their link, if nobody edited them."""
        template = self.env.ref("beneficiary_relations.sms_template_rating")
        data = self.env["ir.model.data"].search(
            [("model", "=", template._name), ("res_id", "=", template.id)]
        )
        self.env.cr.execute(
            "UPDATE sms_template SET write_date = create_date WHERE id = %s",
            [template.id],
        )
        self._migrate("19.0.1.6.0", "pre-rating-texts")
        self.assertFalse(data.noupdate)
        data.noupdate = True
        self.env.cr.execute(
            "UPDATE sms_template SET write_date = create_date + interval '1 day'"
            " WHERE id = %s",
            [template.id],
        )
        self._migrate("19.0.1.6.0", "pre-rating-texts")
        self.assertTrue(data.noupdate)

    def test_1_6_data_requests(self):
        """R51: an association of before numbers its requests about data."""
        sequences = self.env["ir.sequence"].search(
            [
                ("code", "=", "beneficiary.data.request"),
                ("company_id", "=", self.company.id),
            ]
        )
        sequences.unlink()
        self._migrate("19.0.1.6.0", "post-data-requests")
        asked = self.env["beneficiary.data.request"].create(
            {"beneficiary_id": self.file.id, "kind": "copy"}
        )
        self.assertTrue(asked.name.startswith("PD/"))
