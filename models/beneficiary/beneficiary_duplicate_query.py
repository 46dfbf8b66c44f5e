from contextlib import suppress

from odoo import api, models
from odoo.tools import SQL

from ...rules import arabic, duplicate, identity

# Most files of one search arm that are compared: very many may share a name.
MOST_NAMESAKES = 20


class DuplicateQuery(models.Model):
    """The one query that finds files like others; see ``beneficiary_duplicate``."""

    _inherit = "beneficiary.beneficiary"

    def _get_duplicate_probe(self, row):
        """Return this file as a row of the query's VALUES, or None without a name."""
        self.ensure_one()
        if not self.name_key:
            return None
        # In the stored form: they may be just typed.
        typed, number = [self.phone, self.phone2], self.identity_number or ""
        phones = [self._read_phone(phone) for phone in typed if phone]
        with suppress(identity.IdentityError):
            number = identity.number(self.identity_type or None, number)
        born = self.birth_date
        return SQL(
            "(%s, %s, %s, %s, %s, %s, %s::date, %s::date[], %s, %s::text[],"
            " %s::text[], %s, %s, %s::text[], %s::text[])",
            row,
            self._origin.id or 0,
            self.company_id.id,
            self.kind or None,
            self.name_key,
            arabic.is_latin(self.name_key),
            born or None,
            duplicate.near_birth_dates(born) if born else [],
            bool(born and self.is_birth_year_only),
            phones,
            [near for phone in phones for near in identity.near_numbers(phone)],
            self.identity_type or None,
            number or None,
            identity.near_numbers(number),
            (self.former_numbers or "").split(),
        )

    @api.model
    def _read_phone(self, typed):
        """Return a telephone number in its stored form; a half-typed one as it is."""
        with suppress(identity.IdentityError):
            return identity.phone(typed)
        return typed

    @api.model
    def _get_near_duplicate_query(self, probes):
        """Return the one query: each arm finds candidates by an index of its own.

        Two files are compared by name alone if one of them lacks a birth date and one
        of them lacks an identity number. A file that has neither is compared with all
        others. A name in Latin letters is compared with Arabic ones by its sound, in
        Python: among files with the same birth date, telephone or number. The last arm
        compares the pairs that wait for a person, to see whether they still are alike.
        """
        # A year alone is kept as the middle of it.
        within = SQL(
            "file.birth_date BETWEEN probe.birth_date - %(days)s::integer"
            " AND probe.birth_date + %(days)s::integer",
            days=duplicate.HALF_A_YEAR,
        )
        arms = [
            SQL(
                """file.birth_date = ANY(probe.birth_date || probe.near_birth_dates)
               AND (similarity(file.name_key, probe.name_key) >= %s
                    OR probe.is_latin OR file.name_key ~ '[a-z]')""",
                duplicate.NAME_WITH_BIRTH_DATE,
            ),
            SQL(
                """file.phone = ANY(probe.phones || probe.near_phones)
               AND (similarity(file.name_key, probe.name_key) >= %s
                    OR probe.is_latin OR file.name_key ~ '[a-z]')""",
                duplicate.NAME_WITH_PHONE,
            ),
            SQL(
                """file.phone2 = ANY(probe.phones || probe.near_phones)
               AND (similarity(file.name_key, probe.name_key) >= %s
                    OR probe.is_latin OR file.name_key ~ '[a-z]')""",
                duplicate.NAME_WITH_PHONE,
            ),
            SQL(
                """file.identity_number = ANY(probe.near_numbers)
               AND (similarity(file.name_key, probe.name_key) >= %s
                    OR probe.is_latin OR file.name_key ~ '[a-z]')""",
                duplicate.NAME_WITH_NEAR_NUMBER,
            ),
            SQL("file.identity_number = ANY(probe.former_numbers)"),
            SQL(
                """string_to_array(file.former_numbers, ' ')
                   @> ARRAY[probe.identity_number::text]
               AND file.former_numbers IS NOT NULL"""
            ),
            SQL(
                """file.id IN (
                   SELECT theirs.beneficiary_id
                     FROM beneficiary_household_member AS own
                     JOIN beneficiary_household_member AS theirs
                       ON theirs.identity_number = own.identity_number
                      AND theirs.company_id = own.company_id
                    WHERE own.beneficiary_id = probe.id
                      AND own.active
                      AND theirs.active)"""
            ),
            SQL(
                """file.name_key %% probe.name_key
               AND COALESCE(probe.birth_date::text, probe.identity_number) IS NOT NULL
               AND (file.birth_date IS NULL OR file.identity_number IS NULL)
               AND (file.birth_date IS NULL OR probe.birth_date IS NULL)
               AND (file.identity_number IS NULL
                    OR probe.identity_number IS NULL
                    OR file.identity_type != probe.identity_type)"""
            ),
            SQL(
                """file.name_key %% probe.name_key
               AND probe.birth_date IS NULL
               AND probe.identity_number IS NULL"""
            ),
            *(
                SQL(
                    """%(of_year)s
                   AND file.name_key %% probe.name_key
                   AND %(within)s
                   AND (file.identity_number IS NULL
                        OR probe.identity_number IS NULL
                        OR file.identity_type != probe.identity_type)""",
                    of_year=of_year,
                    within=within,
                )
                for of_year in (
                    SQL("file.is_birth_year_only"),
                    SQL("probe.is_birth_year_only"),
                )
            ),
        ]
        pairs = SQL(
            """file.id IN (
               SELECT CASE pair.first_id WHEN probe.id THEN pair.second_id
                                         ELSE pair.first_id END
                 FROM beneficiary_duplicate AS pair
                WHERE (pair.first_id = probe.id OR pair.second_id = probe.id)
                  AND pair.state = 'to_review')"""
        )
        return SQL(
            """
            SELECT probe.row,
                   file.id,
                   file.name_key,
                   similarity(file.name_key, probe.name_key),
                   CASE WHEN file.birth_date != probe.birth_date
                         AND (file.is_birth_year_only OR probe.is_birth_year_only)
                         AND %(within)s
                        THEN NULL
                        ELSE file.birth_date = probe.birth_date END,
                   COALESCE(file.phone = ANY(probe.phones), FALSE)
                       OR COALESCE(file.phone2 = ANY(probe.phones), FALSE),
                   EXISTS (SELECT
                             FROM beneficiary_household_member AS own
                             JOIN beneficiary_household_member AS theirs
                            USING (identity_number)
                            WHERE own.beneficiary_id = probe.id
                              AND theirs.beneficiary_id = file.id
                              AND own.active
                              AND theirs.active),
                   COALESCE(file.identity_number != probe.identity_number
                            AND file.identity_type = probe.identity_type, FALSE),
                   COALESCE(file.birth_date = ANY(probe.near_birth_dates), FALSE),
                   COALESCE(file.phone = ANY(probe.near_phones), FALSE)
                       OR COALESCE(file.phone2 = ANY(probe.near_phones), FALSE)
                       OR COALESCE(file.identity_number = ANY(probe.near_numbers),
                                   FALSE),
                   COALESCE(file.identity_number = ANY(probe.former_numbers), FALSE)
                       OR COALESCE(string_to_array(file.former_numbers, ' ')
                                   @> ARRAY[probe.identity_number::text], FALSE)
              FROM (VALUES %(probes)s) AS probe (
                       row, id, company_id, kind, name_key, is_latin, birth_date,
                       near_birth_dates, is_birth_year_only, phones, near_phones,
                       identity_type, identity_number, near_numbers, former_numbers)
             CROSS JOIN LATERAL (%(arms)s) AS candidate
              JOIN beneficiary_beneficiary AS file ON file.id = candidate.id
            """,
            within=within,
            probes=SQL(", ").join(probes),
            arms=SQL(" UNION ").join(
                [
                    *(self._get_duplicate_arm(arm, MOST_NAMESAKES) for arm in arms),
                    self._get_duplicate_arm(pairs, None),
                ]
            ),
        )

    @api.model
    def _get_duplicate_arm(self, condition, most):
        """Return one arm of the query: files of the same association and sort.

        The likest files come first: of hundreds with one birth date and similar names,
        the true one is among those that are compared. Pairs that were decided are left
        out first: they would take the places of others for good. The limit is applied
        after a materialized step. PostgreSQL then plans for all files with this name
        and uses the index; planning for a few rows, it would read the whole table
        instead.

        :param most: number of files, None for all
        """
        return SQL(
            """
            (WITH alike AS MATERIALIZED (
                SELECT file.id, similarity(file.name_key, probe.name_key) AS likeness
                  FROM beneficiary_beneficiary AS file
                 WHERE file.company_id = probe.company_id
                   AND file.id != probe.id
                   AND file.active
                   AND (file.kind = probe.kind
                        OR file.kind IN %(persons)s AND probe.kind IN %(persons)s)
                   AND %(condition)s)
             SELECT id
               FROM alike
              WHERE NOT EXISTS (
                    SELECT
                      FROM beneficiary_duplicate AS decided
                     WHERE LEAST(decided.first_id, decided.second_id)
                           = LEAST(alike.id, probe.id)
                       AND GREATEST(decided.first_id, decided.second_id)
                           = GREATEST(alike.id, probe.id)
                       AND decided.state IN ('distinct', 'merged'))
              ORDER BY likeness DESC, id
              LIMIT %(most)s)
            """,
            persons=self._get_person_kinds(),
            condition=condition,
            most=most,
        )
