from contextlib import suppress

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules import arabic, duplicate, identity

# Number of files that the scheduled action compares between two commits.
BATCH = 200
# Most pairs that are proposed for one file: the surest ones.
MOST_PAIRS = 5


class DuplicateFinder(models.Model):
    """Files that may belong to the same person.

    One query finds them through indexes, the likest first
    (``beneficiary_duplicate_query``); :mod:`rules.duplicate` says which of them people
    should look at. An officer who types a new file sees similar files at once.
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
        compute="_compute_counts", string="Possible Duplicates"
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
    _name_key_year_trigram = models.Index(
        lambda registry: (
            "USING gin (name_key gin_trgm_ops) WHERE is_birth_year_only"
            if registry.has_trigram
            else ""
        )
    )
    _duplicate_check_due = models.Index("(id) WHERE duplicate_check IS TRUE")

    @api.depends("name")
    def _compute_name_key(self):
        for file in self:
            file.name_key = arabic.search_key(file.name or "")

    @api.depends(
        "name",
        "birth_date",
        "is_birth_year_only",
        "phone",
        "phone2",
        "identity_number",
        "identity_type",
        "former_numbers",
        "kind",
        "household_member_ids.identity_number",
        "household_member_ids.active",
    )
    def _compute_duplicate_check(self):
        """Mark the file for comparison when a compared value changes (import, too)."""
        self.duplicate_check = True

    @api.depends(
        "name",
        "birth_date",
        "is_birth_year_only",
        "phone",
        "phone2",
        "identity_type",
        "identity_number",
        "nationality_id",
        "kind",
    )
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
        # The number of a file that is there already may be changed, too.
        for file in self.filtered(lambda file: not file.id and file.identity_number):
            taken = file._find_same_identity()
            file.is_identity_taken = bool(taken)
            file.same_identity_file_id = taken.sudo(False)._filtered_access("read")

    # -- looking for them --------------------------------------------------------------

    def _find_same_identity(self):
        """Return the file, as superuser, that has this file's identity number."""
        self.ensure_one()
        kind, number = self.identity_type or None, self.identity_number
        with suppress(identity.IdentityError):  # half-typed: nobody has it
            number = identity.number(kind, number)
        file = self._search_identities(
            self.company_id.id, [(number, kind, self.nationality_id.id)]
        )
        return file.merged_into_id or file

    def _find_near_duplicates(self):
        """Return, for each of ``self``, similar files of the same association.

        ``self`` may be stored files or one that is still being typed. Record rules do
        not apply: the caller leaves out the files that its user may not read. Pairs
        that people decided about are left out: they take nobody's place.

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
        self.env["beneficiary.duplicate"].flush_model()
        self.env.cr.execute(
            SQL(
                "SET LOCAL pg_trgm.similarity_threshold = %s",
                duplicate.NAME_ALONE,
            )
        )
        found = {}
        for row, other, name_key, similarity, *rest in self.env.execute_query(
            self._get_near_duplicate_query(probes)
        ):
            file = self[row]
            name = duplicate.name_likeness(similarity, file.name_key, name_key)
            likeness = duplicate.Likeness(name, *rest)
            if likeness.is_worth_a_look():
                found.setdefault(file, []).append((other, likeness))
        for others in found.values():
            others.sort(key=lambda other: (-other[1].score(), other[0]))
        return found

    # -- proposing pairs ---------------------------------------------------------------

    def _propose_duplicates(self):
        """Propose new pairs with these files, and mark the files as compared.

        Pairs whose files are no longer alike are closed.
        """
        found = self._find_near_duplicates()
        pairs = self.env["beneficiary.duplicate"]
        if self.pool.has_trigram:  # without it no file is like any other
            pairs._refresh(
                self,
                {
                    frozenset((file.id, other)): likeness
                    for file, others in found.items()
                    for other, likeness in others
                },
            )
        pairs._propose(
            {
                tuple(sorted((file.id, other))): likeness
                for file, others in found.items()
                for other, likeness in others[:MOST_PAIRS]
            }
        )
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
            for mine in batch._group_by_association():
                self._treat(
                    mine,
                    type(mine)._propose_duplicates,
                    type(mine)._give_up_duplicate_check,
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
