from contextlib import suppress

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules import arabic, duplicate, identity

# Number of files that the scheduled action compares between two commits.
BATCH = 200
# Most pairs that are proposed for one file: the surest ones.
MOST_PAIRS = 5
# Most files of one search arm that are compared: very many may share a name.
MOST_NAMESAKES = 20


class DuplicateFinder(models.Model):
    """Files that may belong to the same person.

    One query finds them through indexes; :mod:`rules.duplicate` says which of them
    people should look at. An officer who types a new file sees similar files at once.
    A scheduled action compares files that were saved, imported or renamed, in
    batches, and proposes pairs (``beneficiary.duplicate``).
    """

    _inherit = "beneficiary.beneficiary"

    name_key = fields.Char(
        compute="_compute_name_key", store=True, precompute=True, prefetch=False
    )
    duplicate_check = fields.Boolean(
        string="To Compare with Other Files",
        compute="_compute_duplicate_check",
        store=True,
        precompute=True,
        copy=False,
    )
    similar_file_ids = fields.Many2many(
        "beneficiary.beneficiary",
        compute="_compute_similar_files",
        string="Similar Files",
    )
    same_identity_file_id = fields.Many2one(
        "beneficiary.beneficiary",
        compute="_compute_similar_files",
        string="File with This Identity Number",
    )
    is_identity_taken = fields.Boolean(
        compute="_compute_similar_files", string="Identity Number Already in Use"
    )
    duplicate_count = fields.Integer(
        compute="_compute_duplicate_count", string="Possible Duplicates"
    )

    _birth_date_index = models.Index(
        "(company_id, birth_date) WHERE birth_date IS NOT NULL"
    )
    _name_key_trigram = models.Index(
        lambda registry: (
            "USING gin (name_key gin_trgm_ops)" if registry.has_trigram else ""
        )
    )
    # Files that may be compared by name alone; see ``_get_near_duplicate_query``.
    _name_key_incomplete_trigram = models.Index(
        lambda registry: (
            "USING gin (name_key gin_trgm_ops)"
            " WHERE birth_date IS NULL OR identity_number IS NULL"
            if registry.has_trigram
            else ""
        )
    )
    _duplicate_check_due = models.Index("(id) WHERE duplicate_check")

    @api.depends("name")
    def _compute_name_key(self):
        for file in self:
            file.name_key = arabic.search_key(file.name or "")

    @api.depends(
        "name",
        "birth_date",
        "phone",
        "identity_number",
        "household_member_ids.identity_number",
    )
    def _compute_duplicate_check(self):
        """Mark the file for comparison when a compared value changes (import, too)."""
        self.duplicate_check = True

    @api.depends("name", "birth_date", "phone", "identity_number", "kind")
    def _compute_similar_files(self):
        """Show similar files that the user may read while a new file is typed."""
        self.similar_file_ids = False
        self.same_identity_file_id = False
        self.is_identity_taken = False
        files = self.browse()
        typed = self.filtered(lambda file: not file._origin)
        for file, found in typed._find_near_duplicates().items():
            similar = files.browse([other for other, _likeness in found])
            file.similar_file_ids = similar._filtered_access("read")
        for file in typed.filtered("identity_number"):
            taken = file._find_same_identity()
            file.is_identity_taken = bool(taken)
            file.same_identity_file_id = taken.sudo(False)._filtered_access("read")

    def _compute_duplicate_count(self):
        pairs = self.env["beneficiary.duplicate"]
        counts = dict.fromkeys(self.ids, 0)
        if pairs.has_access("read"):
            for name in ("first_id", "second_id"):
                for file, count in pairs._read_group(
                    [(name, "in", self.ids), ("state", "=", "to_review")],
                    [name],
                    ["__count"],
                ):
                    counts[file.id] += count
        for file in self:
            file.duplicate_count = counts.get(file._origin.id, 0)

    # -- looking for them --------------------------------------------------------------

    def _find_same_identity(self):
        """Return the file, as superuser, that has this file's identity number."""
        self.ensure_one()
        number = arabic.without_marks(arabic.ascii_digits(self.identity_number)).strip()
        with suppress(identity.IdentityError):
            number = identity.national_identity(self.identity_number)
        file = (
            self.sudo()  # a user who may not read it learns only that there is one
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("identity_number", "=", number),
                ],
                limit=1,
            )
        )
        return file.merged_into_id or file

    def _find_near_duplicates(self):
        """Return, for each of ``self``, similar files of the same association.

        ``self`` may be stored files or one that is still being typed. Record rules do
        not apply: the caller leaves out the files that its user may not read.

        :return: ``{file: [(id of another file, Likeness)]}``, the surest first; files
            without a similar file are left out
        """
        probes = [file._get_duplicate_probe(row) for row, file in enumerate(self)]
        probes = [probe for probe in probes if probe]
        # Names can only be compared with PostgreSQL's extension pg_trgm.
        if not probes or not self.pool.has_trigram:
            return {}
        self.flush_model()
        self.env["beneficiary.household.member"].flush_model()
        self.env.cr.execute(
            SQL(
                "SET LOCAL pg_trgm.similarity_threshold = %s",
                duplicate.NAME_ALONE,
            )
        )
        found = {}
        for row, other, *likeness in self.env.execute_query(
            self._get_near_duplicate_query(probes)
        ):
            likeness = duplicate.Likeness(*likeness)
            if likeness.is_worth_a_look():
                found.setdefault(self[row], []).append((other, likeness))
        for others in found.values():
            others.sort(key=lambda other: (-other[1].score(), other[0]))
        return found

    def _get_duplicate_probe(self, row):
        """Return this file as a row of the query's VALUES, or None without a name."""
        self.ensure_one()
        if not self.name_key:
            return None
        phone = self.phone or ""
        with suppress(identity.IdentityError):
            phone = identity.phone(phone)  # in the stored form: it may be just typed
        return SQL(
            "(%s, %s, %s, %s, %s, %s::date, %s, %s)",
            row,
            self._origin.id or 0,
            self.company_id.id,
            self.kind or None,
            self.name_key,
            self.birth_date or None,
            phone or None,
            self.identity_number or None,
        )

    @api.model
    def _get_near_duplicate_query(self, probes):
        """Return the one query: each arm finds candidates by an index of its own.

        Two files are compared by name alone if one of them lacks a birth date and one
        of them lacks an identity number. A file that has neither is compared with all
        others. The number of results is limited: if hundreds share a name, the name
        proves nothing, and it does not matter which of them are compared.
        """
        arms = [
            SQL(
                """file.birth_date = probe.birth_date
               AND similarity(file.name_key, probe.name_key) >= %s""",
                duplicate.NAME_WITH_BIRTH_DATE,
            ),
            SQL(
                """file.phone = probe.phone
               AND similarity(file.name_key, probe.name_key) >= %s""",
                duplicate.NAME_WITH_PHONE,
            ),
            SQL(
                """file.id IN (
                   SELECT theirs.beneficiary_id
                     FROM beneficiary_household_member AS own
                     JOIN beneficiary_household_member AS theirs
                       ON theirs.identity_number = own.identity_number
                      AND theirs.company_id = own.company_id
                    WHERE own.beneficiary_id = probe.id)"""
            ),
            SQL(
                """file.name_key %% probe.name_key
               AND COALESCE(probe.birth_date::text, probe.identity_number) IS NOT NULL
               AND (file.birth_date IS NULL OR file.identity_number IS NULL)
               AND (file.birth_date IS NULL OR probe.birth_date IS NULL)
               AND (file.identity_number IS NULL OR probe.identity_number IS NULL)"""
            ),
            SQL(
                """file.name_key %% probe.name_key
               AND probe.birth_date IS NULL
               AND probe.identity_number IS NULL"""
            ),
        ]
        return SQL(
            """
            SELECT probe.row,
                   file.id,
                   similarity(file.name_key, probe.name_key),
                   file.birth_date = probe.birth_date,
                   COALESCE(file.phone = probe.phone, FALSE),
                   EXISTS (SELECT
                             FROM beneficiary_household_member AS own
                             JOIN beneficiary_household_member AS theirs
                            USING (identity_number)
                            WHERE own.beneficiary_id = probe.id
                              AND theirs.beneficiary_id = file.id),
                   file.identity_number IS NOT NULL
                       AND probe.identity_number IS NOT NULL
              FROM (VALUES %(probes)s) AS probe (row, id, company_id, kind,
                                                 name_key, birth_date, phone,
                                                 identity_number)
             CROSS JOIN LATERAL (%(arms)s) AS candidate
              JOIN beneficiary_beneficiary AS file ON file.id = candidate.id
            """,
            probes=SQL(", ").join(probes),
            arms=SQL(" UNION ").join(map(self._get_duplicate_arm, arms)),
        )

    @api.model
    def _get_duplicate_arm(self, condition):
        """Return one arm of the query: files of the same association and sort.

        The limit is applied after a materialized step. PostgreSQL then plans for all
        files with this name and uses the index; planning for a few rows, it would read
        the whole table instead.
        """
        return SQL(
            """
            (WITH alike AS MATERIALIZED (
                SELECT file.id
                  FROM beneficiary_beneficiary AS file
                 WHERE file.company_id = probe.company_id
                   AND file.id != probe.id
                   AND file.active
                   AND (file.kind = probe.kind
                        OR file.kind IN %(persons)s AND probe.kind IN %(persons)s)
                   AND %(condition)s)
             SELECT id FROM alike LIMIT %(most)s)
            """,
            persons=self._get_person_kinds(),
            condition=condition,
            most=MOST_NAMESAKES,
        )

    # -- proposing pairs ---------------------------------------------------------------

    def _propose_duplicates(self):
        """Propose new pairs with these files, and mark the files as compared."""
        likenesses = {
            tuple(sorted((file.id, other))): likeness
            for file, found in self._find_near_duplicates().items()
            for other, likeness in found[:MOST_PAIRS]
        }
        self.env["beneficiary.duplicate"]._propose(likenesses)
        self.sudo().duplicate_check = False  # only the addon writes this field

    def _give_up_duplicate_check(self, error):
        """Leave out a file that cannot be compared, until its data change again."""
        self.sudo().duplicate_check = False

    @api.model
    def _cron_propose_duplicates(self):
        """Compare files that are new or changed with all others, in batches."""
        domain = [("duplicate_check", "=", True)]
        files = self.with_context(active_test=False)
        while True:
            batch = files.search(domain, limit=BATCH, order="id")
            batch = batch.try_lock_for_update().filtered_domain(domain)
            if not batch:
                return
            self._treat(
                batch,
                type(batch)._propose_duplicates,
                type(batch)._give_up_duplicate_check,
            )
            remaining = files.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=remaining
            ):
                return

    # -- actions -----------------------------------------------------------------------

    def action_view_duplicates(self):
        """Open the undecided pairs of this file."""
        self.ensure_one()
        self.check_access("read")
        self.env["beneficiary.duplicate"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.duplicate_action"
        )
        action["domain"] = [
            "|",
            ("first_id", "=", self.id),
            ("second_id", "=", self.id),
        ]
        return action
