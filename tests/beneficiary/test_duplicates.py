from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.beneficiary import beneficiary_duplicate
from .common import BORN, MISTYPED, NAME, DuplicateCase

RESPELLED = "مُحمّد عبد الله سالم النموذجى"
BROTHER = "فيصل عبدالله سالم النموذجي"
OTHER = "هند ماجد راشد التجريبي"


@tagged("post_install", "-at_install")
class TestDuplicates(DuplicateCase):
    # -- looking for them --------------------------------------------------------------

    def test_spellings_and_typing_errors(self):
        """People: a name is found in other spellings, with errors and in any order."""
        file = self._make_file()
        for name in (
            NAME,
            RESPELLED,
            MISTYPED,
            "محمد عبدالله النموذجي",
            "عبدالله محمد سالم النموذجي",
        ):
            with self.subTest(name=name):
                self.assertEqual(self._find(self._make_file(name)).count(file), 1)

    def test_a_shared_phone_alone(self):
        """Issue 3: a shared telephone alone neither blocks a file nor makes a pair."""
        file = self._make_file(phone="0500000050")
        neighbour = self._make_file(OTHER, phone="+966 50 000 0050")
        self.assertEqual(neighbour.phone, file.phone)
        self.assertEqual(self._find(neighbour), [])

    def test_a_shared_phone_and_name(self):
        """People: like names with one telephone make a pair despite other numbers."""
        file = self._make_file(phone="0500000050", identity_number="1000000016")
        again = self._make_file(
            MISTYPED, phone="0500000050", identity_number="1000000024"
        )
        self.assertEqual(self._find(again), [file])
        self.assertEqual(self._find(file), [again])

    def test_birth_dates(self):
        """People: the same birth date makes a pair, a different one does not."""
        file = self._make_file(birth_date=BORN, identity_number="1000000016")
        twin = self._make_file(BROTHER, birth_date=BORN, identity_number="1000000024")
        namesake = self._make_file(birth_date="1991-01-01")
        unknown = self._make_file()
        self.assertEqual(self._find(twin), [file])
        self.assertEqual(self._find(namesake), [unknown])
        self.assertCountEqual(self._find(unknown), [file, namesake])

    def test_names_alone(self):
        """People: two identity numbers and no other data mean two persons."""
        file = self._make_file(identity_number="1000000016")
        again = self._make_file(identity_number="1000000024")
        self.assertEqual(self._find(again), [])
        again.identity_number = False
        self.assertEqual(self._find(again), [file])

    def test_household(self):
        """People: husband and wife who list the same child make a pair."""
        father = self._make_file(identity_number="1000000016")
        mother = self._make_file(OTHER, identity_number="1000000024")
        self._run_cron()
        self.assertFalse(self._pairs(father | mother))
        self.env["beneficiary.household.member"].create(
            [
                {
                    "beneficiary_id": parent.id,
                    "name": "ريم",
                    "identity_number": "1000000057",
                }
                for parent in father | mother
            ]
        )
        self.assertEqual(self._find(mother), [father])
        self._run_cron()
        self.assertTrue(self._pairs(father | mother).same_household)

    def test_who_is_compared(self):
        """R43: only active files of the same association and sort are compared."""
        far = self.env["beneficiary.beneficiary"].create(
            {"name": NAME, "company_id": self.other.id}
        )
        archived = self._make_file(active=False)
        place = self._make_file(kind="place")
        family = self._make_file(kind="family")
        person = self._make_file()
        self.assertEqual(self._find(person), [family])
        self.assertEqual(self._find(far), [])
        self.assertEqual(self._find(place), [])
        self.assertEqual(self._find(archived), self._find(person) + [person])

    def test_queries(self):
        """Issue 3: one query for any number of files, through indexes."""
        files = self.env["beneficiary.beneficiary"].union(
            *(self._make_file(birth_date=BORN) for _number in range(12))
        )
        for some in (files[:1], files[:6], files):
            self.env.flush_all()
            some.fetch(["name_key", "kind", "birth_date", "phone", "identity_number"])
            with self.assertQueryCount(2):  # the threshold, and the query
                found = some._find_near_duplicates()
            self.assertEqual(len(found), len(some))

    def test_indexes_exist(self):
        """Issue 3: each arm of the query has its index."""
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s",
            ["beneficiary_beneficiary"],
        )
        names = {name for (name,) in self.env.cr.fetchall()}
        for suffix in (
            "birth_date_index",
            "phone_index",
            "name_key_trigram",
            "phone2_index",
            "name_key_incomplete_trigram",
            "name_key_year_trigram",
            "duplicate_check_due",
        ):
            self.assertIn(f"beneficiary_beneficiary_{suffix}", names)

    # -- while a file is typed ---------------------------------------------------------

    def test_a_new_file_is_typed(self):
        """People: the officer sees similar files while typing a new one."""
        file = self._make_file(phone="0500000050")
        form = Form(self.env["beneficiary.beneficiary"].with_user(self.officer))
        form.name = OTHER
        form.phone = "٠٥٠٠٠٠٠٠٥٠"
        self.assertFalse(form.similar_file_ids)
        form.name = RESPELLED
        self.assertEqual(form.similar_file_ids.ids, file.ids)
        saved = form.save()
        self.assertFalse(saved.similar_file_ids, "The pair is proposed from now on")

    def test_a_delegate_types(self):
        """R6: a delegate is not told the names of another branch."""
        self._make_file(identity_number="1000000016")
        form = Form(self.env["beneficiary.beneficiary"].with_user(self.delegate))
        form.name = NAME
        form.identity_number = "١٠٠٠٠٠٠٠١٦"
        self.assertFalse(form.similar_file_ids)
        self.assertTrue(form.is_identity_taken)
        self.assertFalse(form.same_identity_file_id)

    def test_an_identity_number_is_typed_again(self):
        """Issue 3: an exact duplicate is refused, with a link to the file."""
        form = Form(self.env["beneficiary.beneficiary"].with_user(self.officer))
        form.name = OTHER
        form.identity_number = "١٠٠٠-٠٠٠-٠٠٨"
        self.assertEqual(form.same_identity_file_id, self.file)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "already has the file"),
        ):
            form.save()

    # -- pairs -------------------------------------------------------------------------

    def test_scheduled_action(self):
        """People: new, imported and renamed files are compared, each pair once."""
        file = self._make_file(birth_date=BORN)
        stranger = self._make_file(OTHER)
        result = call_kw(
            self.env["beneficiary.beneficiary"].with_user(self.officer),
            "load",
            [["name", "birth_date"], [[MISTYPED, BORN], ["ماجد المثال", BORN]]],
            {},
        )
        imported = self.env["beneficiary.beneficiary"].browse(result["ids"])
        self.assertFalse(self._pairs(file | imported))
        self._run_cron()
        pair = self._pairs(file | stranger | imported)
        self.assertEqual(pair.first_id | pair.second_id, file | imported[0])
        self.assertTrue(pair.same_birth_date)
        self.assertFalse(pair.same_phone)
        self.assertEqual(pair.score, round(pair.name_similarity * 0.6 + 25))
        self.assertEqual(file.duplicate_count, 1)
        self._run_cron()
        self.assertEqual(self._pairs(file | stranger | imported), pair)

        stranger.name = "محمد عبدالله سالم النموذجي"
        self._run_cron()
        self.assertEqual(len(self._pairs(file | stranger)), 1)

    def test_nothing_is_due(self):
        """Scale: with nothing to compare the action makes only one query."""
        self._run_cron()
        files = self.env["beneficiary.beneficiary"]
        with self.assertQueryCount(1):
            files._cron_propose_duplicates()

    def test_batches(self):
        """R22: thousands of imported files are compared in batches."""
        self._run_cron()
        files = self.env["beneficiary.beneficiary"].union(
            *(self._make_file() for _number in range(5))
        )
        with patch.object(beneficiary_duplicate, "BATCH", 2):
            self._run_cron()
        self.assertFalse(files.filtered("duplicate_check"))
        self.assertEqual(len(self._pairs(files)), 10)

    def test_one_file_that_fails(self):
        """R22: a file that cannot be compared is left out, and does not stop others."""
        self._run_cron()
        files = self._make_file() | self._make_file() | self._make_file()
        bad = files[1]
        found = beneficiary_duplicate.DuplicateFinder._find_near_duplicates

        def find(files):
            if bad in files:
                raise ValueError("This file fails")
            return found(files)

        with (
            patch.object(
                beneficiary_duplicate.DuplicateFinder, "_find_near_duplicates", find
            ),
            mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"),
        ):
            self._run_cron()
        self.assertFalse(files.filtered("duplicate_check"))
        self.assertEqual(len(self._pairs(files - bad)), 1)

    def test_not_the_same_is_remembered(self):
        """People: a decided pair is never proposed again."""
        files = self._make_file() | self._make_file()
        self._run_cron()
        pair = self._pairs(files)
        pair.with_user(self.officer).note = "Two cousins"
        call_kw(pair.with_user(self.officer), "action_not_the_same", [pair.ids], {})
        self.assertEqual(
            (pair.state, pair.decided_by_id, pair.note),
            ("distinct", self.officer, "Two cousins"),
        )
        self.assertTrue(pair.decided_on)
        files.name = NAME + "ي"
        self._run_cron()
        self.assertEqual(self._pairs(files), pair)
        self.assertEqual(pair.state, "distinct")
        self.assertFalse(files[0].duplicate_count)
        with self.assertRaisesRegex(UserError, "already decided"):
            pair.with_user(self.officer).action_propose_merge()

    def test_officers_propose(self):
        """Roles: an officer proposes a merge, but cannot make it."""
        pair = self._make_pair().with_user(self.officer)
        pair.action_propose_merge()
        self.assertEqual(pair.proposed_by_id, self.officer)
        self.assertEqual(pair.state, "to_review")
        with self.assertRaises(AccessError):
            pair.action_merge()

    def test_who_decides(self):
        """Roles: delegates and auditors read pairs, but decide nothing."""
        branch = self.env["beneficiary.branch"].create(
            {
                "name": "North",
                "company_id": self.company.id,
                "delegate_ids": self.delegate.ids,
            }
        )
        pair = self._make_pair()
        self.assertFalse(pair.with_user(self.delegate).has_access("read"))
        pair.first_id.branch_id = branch
        self.assertFalse(pair.with_user(self.delegate).has_access("read"))
        pair.second_id.branch_id = branch
        for user in (self.delegate, self.auditor):
            seen = pair.with_user(user)
            self.assertTrue(seen.has_access("read"))
            for method in ("action_not_the_same", "action_propose_merge"):
                with self.subTest(user=user.login, method=method):
                    self.assertRaises(
                        AccessError, call_kw, seen, method, [seen.ids], {}
                    )
        self.assertEqual(pair.state, "to_review")

    def test_pairs_are_written_by_methods(self):
        """Safety: RPC, imports and defaults change nothing of a pair or its mark."""
        pair = self._make_pair().with_user(self.officer)
        for vals in ({"state": "distinct"}, {"score": 1}, {"first_id": self.file.id}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                call_kw(pair, "write", [pair.ids, vals], {})
        file = pair.first_id
        for vals in (
            {"merged_into_id": self.file.id},
            {"former_numbers": "1"},
            {"duplicate_check": False},
            {"name_key": "x"},
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(AccessError):
                    call_kw(file, "write", [file.ids, vals], {})
                with self.assertRaises(AccessError):
                    call_kw(file, "create", [{"name": "x", **vals}], {})
        created = file.with_context(
            default_former_numbers="1", default_duplicate_check=False
        ).create({"name": OTHER})
        self.assertFalse(created.former_numbers)
        self.assertTrue(created.sudo().duplicate_check)

    def test_side_by_side(self):
        """People: both files are in two columns, with the differences marked."""
        pair = self._make_pair(
            self._make_file(city="الطائف", phone="0500000050"),
            self._make_file(MISTYPED, city="الطائف"),
        )
        rows = {
            label: values
            for label, *values in pair.first_id._get_comparison(pair.second_id)
        }
        self.assertEqual(rows["Name"], [NAME, MISTYPED, True])
        self.assertEqual(rows["City"], ["الطائف", "الطائف", False])
        self.assertEqual(rows["Phone"], ["+966500000050", "", True])
        self.assertNotIn("Contact", rows)
        for user in (self.officer, self.auditor):
            html = pair.with_user(user).comparison
            self.assertIn(MISTYPED, html)
            self.assertEqual(html.count("table-warning"), html.count('title="Differs"'))

    def test_review_list(self):
        """Scale: the list needs as many queries for 2N pairs as for N."""

        def count(pairs):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            pairs.with_user(self.officer).web_search_read(
                [("id", "in", pairs.ids)],
                {
                    "first_id": {"fields": {"display_name": {}}},
                    "second_id": {"fields": {"display_name": {}}},
                    "score": {},
                    "state": {},
                },
            )
            return self.env.cr.sql_log_count - start

        make = self.env["beneficiary.duplicate"].union
        small = make(*(self._make_pair() for _number in range(4)))
        large = make(*(self._make_pair() for _number in range(8)))
        count(small)
        self.assertEqual(count(small), count(large))
