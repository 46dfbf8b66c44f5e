"""The rows of the benchmark fit their tables, and are what the addon would store."""

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...bench import association, populate

MODELS = (
    "beneficiary.beneficiary",
    "beneficiary.household.member",
    "beneficiary.income.line",
    "beneficiary.verification",
    "beneficiary.document",
    "beneficiary.request",
    "beneficiary.request.step",
    "beneficiary.request.answer",
    "beneficiary.declaration",
    "beneficiary.decision",
    "beneficiary.vote",
    "beneficiary.notice",
    "beneficiary.referral",
    "beneficiary.committee.session",
    "beneficiary.session.item",
    "beneficiary.session.attendance",
    "beneficiary.delivery",
    "beneficiary.interaction",
    "beneficiary.appointment",
    "beneficiary.seal",
    "beneficiary.seal.payload",
)
SAMPLE = 40
# What is stored on the day itself is not what would be computed today.
OF_ITS_DAY = {
    ("beneficiary.beneficiary", "duplicate_check"),
    ("beneficiary.notice", "state"),
    ("beneficiary.notice", "sent_on"),
    ("beneficiary.referral", "due_on"),
}


@tagged("post_install", "-at_install", "without_demo")
class TestBench(TransactionCase):
    """Size XS, 500 requests, in a transaction that is rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(lang)
        size = populate.SIZES["XS"]
        cls.company, parameters = association.make(cls.env, size.portal_users)
        populate.fill(cls.env, size, parameters)
        populate.attest(cls.env, cls.company, size)

    def _get_rows(self, model):
        return self.env[model].search([("company_id", "=", self.company.id)])

    def test_every_kind_of_row_is_there(self):
        """No statement stopped making rows (section 11)."""
        for model in MODELS:
            with self.subTest(model):
                self.assertGreater(len(self._get_rows(model)), 20)

    def test_rows_have_valid_values(self):
        """Required fields have values, and selections known ones (section 11)."""
        for model in MODELS:
            for name, field in self.env[model]._fields.items():
                if not field.store or not field.column_type or name == "id":
                    continue
                found = {
                    value
                    for (value,) in self.env.execute_query(
                        SQL(
                            "SELECT DISTINCT %s FROM %s WHERE company_id = %s LIMIT 50",
                            SQL.identifier(name),
                            SQL.identifier(self.env[model]._table),
                            self.company.id,
                        )
                    )
                }
                with self.subTest(f"{model}.{name}"):
                    if field.required:
                        self.assertNotIn(None, found)
                    if field.type == "selection":
                        known = {*field.get_values(self.env), None}
                        self.assertLessEqual(found, known)

    def test_rows_refer_to_rows(self):
        """No foreign key of a row points into the void (section 11)."""
        for model in MODELS:
            table = self.env[model]._table
            keys = self.env.execute_query(
                SQL(
                    """
                    SELECT attname, confrelid::regclass::text
                      FROM pg_constraint
                      JOIN pg_attribute
                           ON attrelid = conrelid AND attnum = conkey[1]
                     WHERE contype = 'f' AND conrelid = %s::regclass
                    """,
                    table,
                )
            )
            for column, target in keys:
                with self.subTest(f"{table}.{column}"):
                    [(orphans,)] = self.env.execute_query(
                        SQL(
                            """
                            SELECT count(*) FROM %(table)s one
                             WHERE %(column)s IS NOT NULL AND NOT EXISTS (
                                   SELECT FROM %(target)s other
                                    WHERE other.id = one.%(column)s)
                            """,
                            table=SQL.identifier(table),
                            column=SQL.identifier(column),
                            target=SQL.identifier(target),
                        )
                    )
                    self.assertEqual(orphans, 0)

    def test_rows_are_as_the_addon_computes_them(self):
        """Stored computed values are those that the ORM computes (section 11)."""
        for model in MODELS:
            records = self._get_rows(model)
            records = records[:: max(1, len(records) // SAMPLE)]
            for name, field in records._fields.items():
                if not (field.store and field.compute) or (model, name) in OF_ITS_DAY:
                    continue
                if name.endswith("_hijri"):  # SQL does not know that calendar
                    continue
                before = {record: record[name] or False for record in records}
                self.env.add_to_compute(field, records)
                records._recompute_field(field)
                after = {record: record[name] or False for record in records}
                with self.subTest(f"{model}.{name}"):
                    self.assertEqual(before, after)

    def test_the_chain_is_intact(self):
        """The seals are a chain without a fault (section 6)."""
        verdict = self.env["beneficiary.seal"]._verify(self.company)
        self.assertEqual(verdict.code, "intact")
        self.assertEqual(verdict.count, len(self._get_rows("beneficiary.seal")))

    def test_people_read_their_own(self):
        """A user of the portal has forty requests, an officer all of them (R26)."""
        login = "bench_portal_003"
        applicant = self.env["res.users"].search([("login", "=", login)])
        officer = self.env["res.users"].search([("login", "=", "bench_officer")])
        requests = self.env["beneficiary.request"]
        self.assertEqual(requests.with_user(applicant).search_count([]), 40)
        self.assertEqual(
            requests.with_user(officer).search_count([]),
            populate.SIZES["XS"].requests,
        )

    def test_open_requests_can_be_moved(self):
        """What was matched and signed stands, so that requests can be moved (R16)."""
        requests = self._get_rows("beneficiary.request")
        for state in ("declared", "in_review"):
            request = requests.filtered(lambda one, state=state: one.state == state)[0]
            self.assertTrue(request._is_declared())
            verifications = request.beneficiary_id.verification_ids
            self.assertEqual(set(verifications.mapped("is_current")), {True})
