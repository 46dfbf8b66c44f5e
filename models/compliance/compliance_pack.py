import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

from odoo import fields, models
from odoo.tools import SQL, file_path

from ...rules import compliance
from .compliance import SOURCES

FETCHED = 5000
# What is in each register: source, title and SQL of each column, and joins. No register
# names a person; its rows are of both periods: the change can be recomputed too.
REGISTERS = {
    "requests.csv": (
        "request",
        {
            "number": "request.name",
            "channel": "channel.code",
            **{
                name: f"source.{name}"
                for name in (
                    "policy_id",
                    "origin",
                    "state",
                    "round",
                    "outcome",
                    "day",
                    "submitted_on",
                    "raised_on",
                    *(f"{code}_on" for code in compliance.STEPS),
                    "minutes",
                    "valid_count",
                    "void_count",
                    "unexplained_count",
                    "refer_count",
                    "has_evidence",
                    "is_named",
                    "noticed_on",
                    "left_before",
                    "is_referred",
                    "is_asked",
                    "is_rated",
                    "is_to_ask",
                )
            },
        },
        "JOIN beneficiary_request request ON request.id = source.request_id"
        " JOIN beneficiary_channel channel ON channel.id = source.channel_id",
    ),
    "replies.csv": (
        "reply",
        {
            "decision": "source.id",
            "number": "request.name",
            **{
                name: f"source.{name}"
                for name in (
                    "policy_id",
                    "origin",
                    "round",
                    "outcome",
                    "day",
                    "review_floor_on",
                    "reply_due_on",
                    "released_on",
                    "says_early",
                    "says_why",
                    "appealed_id",
                )
            },
        },
        "JOIN beneficiary_request request ON request.id = source.request_id",
    ),
    "contacts.csv": (
        "contact",
        {
            "contact": "source.id",
            "channel": "channel.code",
            **{
                name: f"source.{name}"
                for name in (
                    "policy_id",
                    "origin",
                    "kind",
                    "direction",
                    "day",
                    "answer_state",
                    "answer_due_on",
                    "answered_day",
                    "says_outcome",
                )
            },
        },
        "JOIN beneficiary_channel channel ON channel.id = source.channel_id",
    ),
    "transfers.csv": (
        "transfer",
        {
            name: f"source.{name}"
            for name in (
                "reference",
                "policy_id",
                "origin",
                "state",
                "day",
                "amount",
                "is_paid_again",
            )
        },
        "",
    ),
    "improvements.csv": (
        "improvement",
        {
            "improvement": "source.id",
            **{
                name: f"source.{name}"
                for name in (
                    "policy_id",
                    "origin",
                    "source",
                    "state",
                    "day",
                    "due_on",
                    "closed_on",
                    "says_outcome",
                )
            },
        },
        "",
    ),
    "versions.csv": (
        "version",
        {
            name: f"source.{name}"
            for name in (
                "policy_id",
                "origin",
                "state",
                "day",
                "is_approved",
                "is_circulated",
                "review_due",
            )
        },
        "",
    ),
}
# Files of the addon that the pack takes along.
TAKEN = ("README.txt", "check_evidence.py")


class Sink:
    """A file of the pack that is being written, with the digest of its bytes."""

    def __init__(self, pack, name, digests):
        self.stream = pack.open(name, "w", force_zip64=True)
        self.name, self.digests = name, digests
        self.hash = hashlib.sha256()

    def add(self, text):
        data = text.encode() if isinstance(text, str) else text
        self.hash.update(data)
        return self.stream.write(data)

    def finish(self):
        self.stream.close()
        self.digests[self.name] = self.hash.hexdigest()
        return self.digests[self.name]


class CompliancePack(models.TransientModel):
    """The evidence pack: a ZIP for the assessor of the association's governance (R50).

    It holds the policy, the compliance report, registers without personal data, the
    chain of the seals, and a program that recomputes every figure from the registers
    and checks the chain, without Odoo. The rows are read in batches.
    """

    _inherit = "beneficiary.compliance"

    def action_pack(self):
        """Download the evidence pack of this page."""
        self.ensure_one()
        self.check_access("read")
        self._check_reader()
        return {
            "type": "ir.actions.act_url",
            "url": f"/beneficiary_relations/evidence/{self.id}",
            "target": "download",
        }

    def _get_pack_name(self):
        self.ensure_one()
        return f"evidence-{self.date_from}-{self.date_to}.zip"

    def _write_pack(self, file):
        """Write the evidence pack, and log what was taken out (R43).

        :param file: a binary file, open for writing
        :raise AccessError: unless the acting user is a manager or auditor
        """
        self.ensure_one()
        self.check_access("read")
        self._check_reader()
        self._refresh()  # the page and the registers are of the same moment
        digests = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:

            def put(name, *parts):
                sink = Sink(pack, name, digests)
                for part in parts:
                    sink.add(part)
                sink.finish()

            for name, register in REGISTERS.items():
                sink = Sink(pack, name, digests)
                self._write_register(sink, *register)
                sink.finish()
            for name, query in self._get_other_registers().items():
                sink = Sink(pack, name, digests)
                self._write_rows(sink, query)
                sink.finish()
            put("figures.json", self._dump(self._get_pack_figures()))
            # Without a policy in force there is none to hand over.
            for policy in self._get_clause_policy(self._get_period()):
                put(*self._print_paper("policy", policy))
            put(*self._print_paper("compliance", self))
            for name in TAKEN:
                path = Path(file_path(f"beneficiary_relations/static/evidence/{name}"))
                put(name, path.read_bytes())
            pack.writestr("manifest.json", self._dump(digests))

    def _dump(self, data):
        return json.dumps(data, ensure_ascii=False, indent=1, default=str)

    # -- registers ---------------------------------------------------------------------

    def _write_register(self, sink, source, columns, joins):
        """Write the rows of both periods, and log their records."""
        model = self.env[SOURCES[source]]
        titles = [
            SQL("%s AS %s", SQL(column), SQL.identifier(title))  # pylint: disable=sql-injection
            for title, column in columns.items()
        ]
        query = SQL(
            "SELECT %s, source.id AS record_id FROM (%s) source %s WHERE %s"
            " ORDER BY source.id",
            SQL(", ").join(titles),
            model._table_query,
            SQL(joins),  # pylint: disable=sql-injection
            model._get_chosen(self.company_id, self._get_period(), self.policy_id),
        )
        ids = self._write_rows(sink, query, keyed=True)
        self.env["beneficiary.export.log"]._write_lines(
            model._compliance_record, "\n".join(columns), {self.company_id: ids}
        )

    def _write_rows(self, sink, query, keyed=False):
        """Write the rows of ``query`` as CSV, batch by batch.

        :param keyed: whether the last column is an id: it is returned, not written
        :return: list of these ids
        """
        cr = self.env.cr
        cr.execute(SQL("DECLARE evidence NO SCROLL CURSOR FOR %s", query))
        ids, is_first = [], True
        while True:
            cr.execute(SQL("FETCH %s FROM evidence", FETCHED))
            text = io.StringIO()
            writer = csv.writer(text)
            if is_first:
                names = [column.name for column in cr.description]
                writer.writerow(names[:-1] if keyed else names)
                is_first = False
            rows = cr.fetchall()
            for row in rows:
                if keyed:
                    ids.append(row[-1])
                writer.writerow(row[:-1] if keyed else row)
            sink.add(text.getvalue())
            if not rows:
                break
        cr.execute(SQL("CLOSE evidence"))
        return ids

    def _get_other_registers(self):
        """Return ``{file: query}`` of the registers that list no records one by one."""
        period = self._get_period()
        rating = self.env[SOURCES["rating"]]
        reply = self.env[SOURCES["reply"]]
        reading = self.env[SOURCES["reading"]]
        chosen = rating._get_chosen(self.company_id, period, self.policy_id)
        return {
            # A rating belongs to nobody here: only how often each one was given.
            "satisfaction.csv": SQL(
                "SELECT source.day >= %s AS is_now, source.origin, source.rating,"
                " count(*) AS count FROM (%s) source WHERE %s"
                " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                period.start,
                rating._table_query,
                chosen,
            ),
            "acknowledgements.csv": SQL(
                "SELECT source.policy_id, source.origin, source.role, source.day,"
                " 'S' || dense_rank() OVER (ORDER BY source.user_id) AS reader,"
                " source.read_day FROM (%s) source WHERE %s ORDER BY source.id",
                reading._table_query,
                reading._get_chosen(self.company_id, period, self.policy_id),
            ),
            # Who voted on appeals and on what they are against; members are numbered.
            "votes.csv": SQL(
                """
                WITH appealed AS (
                    SELECT source.id, source.appealed_id FROM (%s) source
                     WHERE %s AND source.appealed_id IS NOT NULL
                )
                SELECT decision_id AS decision,
                       'M' || dense_rank() OVER (ORDER BY user_id) AS member, choice
                  FROM beneficiary_vote
                 WHERE choice IS NOT NULL
                   AND decision_id IN (SELECT id FROM appealed
                                 UNION SELECT appealed_id FROM appealed)
              ORDER BY decision_id, 2
                """,
                reply._table_query,
                reply._get_chosen(self.company_id, period, self.policy_id),
            ),
            "chain.csv": SQL(
                """
                SELECT position, res_model, res_id,
                       to_char(sealed_on, 'YYYY-MM-DD HH24:MI:SS') AS sealed_on,
                       digest, previous_hash, hash
                  FROM beneficiary_seal WHERE company_id = %s ORDER BY position
                """,
                self.company_id.id,
            ),
        }

    # -- figures and policy ------------------------------------------------------------

    def _get_pack_figures(self):
        """Return what the program compares its own figures with."""
        verdict = self.env["beneficiary.seal"]._verify(self.company_id)
        period = self._get_period()
        policies = self.env["beneficiary.policy"].with_context(active_test=False)
        policies = policies.search(
            [("company_id", "=", self.company_id.id), ("state", "!=", "draft")]
        )
        lines = self.line_ids.filtered(lambda line: not line.is_title)
        return {
            "association": self.company_id.name,
            "licence": self.company_id.beneficiary_licence_number or "",
            "computed_on": self.computed_on,
            "today": self.company_id._get_beneficiary_today(),
            "time_zone": self.company_id._get_beneficiary_timezone(),
            "start": period.start,
            "end": period.end,
            "before": period.before,
            "policy_id": self.policy_id.id or None,
            "policies": {
                str(policy.id): {
                    "version": policy.version,
                    "in_force_on": policy.in_force_on,
                    "steps": policy.step_ids.mapped("code"),
                    "channels": policy._get_channels().mapped("code"),
                }
                for policy in policies
            },
            "figures": [
                {
                    "code": line.code,
                    "channel": line.channel_id.code or None,
                    "name": line.name,
                    "kept": line.kept,
                    "total": line.total,
                    "before_kept": line.before_kept,
                    "before_total": line.before_total,
                    "amount": line.amount,
                    "before_amount": line.before_amount,
                    "state": line.state,
                }
                for line in lines
            ],
            "chain": {
                "result": verdict.code,
                "count": verdict.count,
                "erased": verdict.erased_count,
                "head": verdict.last.hash if verdict.last else None,
                "verified_on": fields.Datetime.now(),
            },
        }

    def _print_paper(self, name, record):
        """Return file name and content of a printed paper of the pack."""
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            f"beneficiary_relations.{name}_report", record.ids
        )
        return f"{name}.{kind}", content
