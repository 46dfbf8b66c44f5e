"""A hostile hand: who it is, what it must not see, and what it tries.

No test by itself: :mod:`test_hostile_rpc`, :mod:`test_hostile_routes` and
:mod:`test_hostile_fields` walk one kind of door each, with the world, the actors and
the ledger that stand here. Every find is kept, and told at the end, together.
"""

import base64
import inspect
import json
import logging
import os
import random
import re
import time
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from zlib import crc32

from psycopg2 import Error as DatabaseError
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tools import mute_logger

from .common import PIXEL
from .test_access import RIGHTS, SETTING, TODAY, AccessCase

_logger = logging.getLogger(__name__)

MODULE = "beneficiary_relations"
# `make hostile` asks for every variant, context and record; `make test` for one each.
WHOLE = os.environ.get("HOSTILE") == "whole"
SECONDS = 2
MODELS_AT_ONCE = 2
MOST_NAMES = 12
FILE = "beneficiary.beneficiary"
REQUEST = "beneficiary.request"

# What stands in every text, name and address of the association that is attacked, by
# what one must be to read it. Nine letters: in base64 they read alike everywhere.
STAGED = "zarqstage"  # of a committee and branch that no actor but the auditor shares
OFFICE = "zarqoffic"  # the association's settings
LIVED = "zarqlived"  # of the committee that the recused member sits in
BALLOT = "zarqvotes"  # how members voted, and why, before the reply is released
QUIET = "zarqquiet"  # a confidential complaint
AMOUNT = 73519531
PHONE = "0551735195"
IDENTITY = "1000000032"
EVERYTHING = {STAGED, OFFICE, LIVED, BALLOT, QUIET, str(AMOUNT), PHONE[1:], IDENTITY}
OF_FILES = EVERYTHING - {BALLOT, QUIET}
# Whoever holds one of these is somebody else, or reads without signing in.
SECRET = re.compile(r'"(\w*(?:token|hash|password))": "[^"]')
# Who tries: login, and what of the above they may read.
ACTORS = {
    "applicant": ("br_far_applicant", {OFFICE}),  # is offered its services
    "plain": ("br_stranger", set()),
    "manager of B": ("br_outsider", set()),
    "member of B": ("br_other_member", set()),
    "delegate": ("br_far_delegate", {OFFICE}),
    "recused": ("br_recused", OF_FILES - {STAGED}),
    "auditor": ("br_auditor", EVERYTHING - {QUIET}),
}
# Which world of :class:`AccessCase` is theirs.
WORLDS = {
    "applicant": "Foreign",
    "delegate": "Foreign",
    "manager of B": "Other",
    "member of B": "Other",
}
# Tables whose rows Odoo writes about whoever is there, or that hold no person's data.
FREE_TABLES = {
    "bus_bus",
    "discuss_voice_metadata",
    "ir_profile",
    "mail_presence",
    "res_device_log",
    "res_users_log",
    "res_users_settings",
}
# Columns that point at something without telling of it or changing it.
HARMLESS_COLUMNS = {
    ("ir_attachment", "original_id"),
    ("mail_compose_message", "parent_id"),
    ("mail_message", "parent_id"),
}
# The catalogue of channels is everybody's to point at, and nobody's to change.
SHARED_TABLES = {"beneficiary_channel"}
# What Odoo lets everybody do, and that does no harm: a bookmark on what one reads,
# and a fixed invitation to sign in with two factors.
HARMLESS_METHODS = {"toggle_message_starred", "unstar_all", "action_totp_invite"}
# Odoo models that take a record's model and id, or the addon's people.
ODOO_MODELS = (
    "base_import.import",
    "bus.bus",
    "calendar.attendee",
    "calendar.event",
    "discuss.channel",
    "ir.attachment",
    "ir.filters",
    "ir.sequence",
    "mail.activity",
    "mail.activity.schedule",
    "mail.blacklist",
    "mail.compose.message",
    "mail.followers",
    "mail.followers.edit",
    "mail.message",
    "mail.notification",
    "mail.presence",
    "mail.scheduled.message",
    "mail.template",
    "mail.template.preview",
    "mail.thread",
    "phone.blacklist",
    "portal.share",
    "portal.wizard",
    "portal.wizard.user",
    "rating.rating",
    "res.company",
    "res.partner",
    "res.users",
    "resource.calendar",
    "resource.calendar.leaves",
    "sms.composer",
    "sms.sms",
    "sms.template.preview",
)
MUTED = (
    "odoo.addons.base.models.ir_attachment",
    "odoo.addons.base.models.ir_mail_server",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_qweb",
    "odoo.addons.base.models.res_users",
    "odoo.addons.mail",
    "odoo.addons.rpc",
    "odoo.addons.sms",
    "odoo.addons.web",
    "odoo.api",
    "odoo.domains",
    "odoo.fields",
    "odoo.http",
    "odoo.models",
    "odoo.orm",
    "odoo.service.model",
    "odoo.sql_db",
    "odoo.tools",
    "py.warnings",
)


# -- what they write ---------------------------------------------------------------


@dataclass
class Aim:
    """One try: an actor, the record it is after, and what is at hand."""

    case: object
    actor: object
    model: str
    id: int

    def one(self, model):
        """Return the identifier of a foreign record of ``model``."""
        ids = self.case.victims.get(model) or [0]
        return ids[crc32(f"{self.model}{self.id}".encode()) % len(ids)]

    def env(self):
        return self.case.env(user=self.actor, context={})

    def spec(self, model=None):
        """Return all that a form could ask of ``model``, names of records included."""
        shown = self.env()[model or self.model].fields_get(attributes=["type"])
        return {
            name: {"fields": {"display_name": {}}} if "2" in field["type"] else {}
            for name, field in shown.items()
        }

    def words(self):
        """Return a first text field, and a word to write into it."""
        for name, field in self.case.env[self.model]._fields.items():
            if field.type in ("char", "text", "html") and field.store:
                return {name: "hacked"}
        return {"active": False}

    def links(self):
        """Return values that tie a new record to foreign ones."""
        return self.case.get_links(self.model, self.one)


def _mail(aim):
    return (
        f"From: {LIVED}@example.com\nTo: catchall@example.com\nSubject: REJECTED\n"
        f"Message-Id: <{random.random()}@example.com>\n"
        f"In-Reply-To: <{aim.one('mail.message')}@example.com>\n\n"
        "Your request was rejected"
    )


# What a parameter of this name is given; others get False.
ARGUMENTS = {
    "access_uid": lambda aim: 1,
    "act_type_xmlid": lambda aim: "mail.mail_activity_data_todo",
    "act_type_xmlids": lambda aim: ["mail.mail_activity_data_todo"],
    "act_values": lambda aim: {"user_id": aim.actor.id, "summary": "hacked"},
    "aggregates": lambda aim: ["__count", "id:array_agg"],
    "allfields": lambda aim: None,
    "amount": lambda aim: 1,
    "attachment_ids": lambda aim: [aim.one("ir.attachment")],
    "attendee_id": lambda aim: aim.one("calendar.attendee"),
    "attributes": lambda aim: None,
    "author_id": lambda aim: aim.one("res.partner"),
    "body": lambda aim: "hacked",
    "channel_id": lambda aim: aim.one("beneficiary.channel"),
    "choice": lambda aim: "reject",
    "conditions": lambda aim: "hacked",
    "credential": lambda aim: {"type": "password", "login": "x", "password": "x"},
    "custom_values": lambda aim: {},
    "data": lambda aim: [[str(aim.id), "hacked"]],
    "date_deadline": lambda aim: str(TODAY),
    "domain": lambda aim: [("id", "=", aim.id)],
    "due_date": lambda aim: str(TODAY),
    "email": lambda aim: "x@example.com",
    "email_from": lambda aim: "x@example.com",
    "emails": lambda aim: ["x@example.com"],
    "evidence": lambda aim: "hacked",
    "feedback": lambda aim: "hacked",
    "field_name": lambda aim: next(iter(aim.words())),
    "field_names": lambda aim: list(aim.links()),
    "fields": lambda aim: list(aim.spec()),
    "fields_spec": lambda aim: aim.spec(),
    "fields_to_export": lambda aim: ["id", ".id", "display_name", *aim.words()],
    "file_ids": lambda aim: [aim.one(FILE)],
    "filter_recipients": lambda aim: False,
    "groupby": lambda aim: ["id"],
    "grouping_sets": lambda aim: [["id"]],
    "group_by": lambda aim: "create_uid",
    "handed_by_id": lambda aim: aim.actor.id,
    "handed_on": lambda aim: str(TODAY),
    "include_user": lambda aim: True,
    "login": lambda aim: aim.actor.login,
    "meeting_ids": lambda aim: [aim.one("calendar.event")],
    "message": _mail,
    "minutes": lambda aim: 5,
    "mode": lambda aim: "read",
    "model": lambda aim: aim.model if aim.model != "mail.thread" else REQUEST,
    "msg_dict": lambda aim: {
        "subject": "x",
        "body": "x",
        "from": "x@example.com",
        "email_from": "x@example.com",
        "to": "x@example.com",
    },
    "name": lambda aim: "zarq",
    "new_user_id": lambda aim: aim.actor.id,
    "note": lambda aim: "hacked",
    "operation": lambda aim: "read",
    "operator": lambda aim: "ilike",
    "partner_id": lambda aim: aim.one("res.partner"),
    "partner_ids": lambda aim: [aim.actor.partner_id.id, aim.one("res.partner")],
    "place": lambda aim: "hacked",
    "progress_bar": lambda aim: {"field": "create_uid", "colors": {}},
    "rate": lambda aim: 1,
    "reason": lambda aim: "hacked",
    "received_by": lambda aim: "hacked",
    "recurrence_update_setting": lambda aim: "self_only",
    "rejection_reason_id": lambda aim: aim.one("beneficiary.rejection.reason"),
    "representative_id": lambda aim: aim.one("beneficiary.representative"),
    "res_id": lambda aim: aim.id,
    "res_model": lambda aim: aim.model,
    "researcher_id": lambda aim: aim.actor.id,
    "search": lambda aim: "zarq",
    "search_term": lambda aim: "zarq",
    "signature": lambda aim: PIXEL,
    "signed_by": lambda aim: "hacked",
    "source": lambda aim: "hacked",
    "source_ref": lambda aim: aim.case.template,
    "template": lambda aim: aim.case.template,
    "template_id": lambda aim: aim.one("mail.template"),
    "full_name": lambda aim: f"{aim.model}.x",
    "specification": lambda aim: aim.spec(),
    "start": lambda aim: "2030-01-01 08:00:00",
    "status": lambda aim: "declined",
    "stop": lambda aim: "2030-01-01 09:00:00",
    "subject": lambda aim: "hacked",
    "subtype_xmlid": lambda aim: "mail.mt_comment",
    "summary": lambda aim: "hacked",
    "text": lambda aim: "hacked",
    "thread_id": lambda aim: aim.one(aim.model if aim.id else REQUEST),
    "translations": lambda aim: {"en_US": "hacked"},
    "user_id": lambda aim: aim.actor.id,
    "val": lambda aim: True,
    "vals": lambda aim: {**aim.words()},
    "vals_list": lambda aim: [{**aim.words(), **aim.links()}],
    "values": lambda aim: aim.links(),
    "views": lambda aim: [(False, "list")],
    "view_type": lambda aim: "form",
    "words": lambda aim: "hacked",
}
# Of a method that takes any keyword, what is worth a try.
KEYWORDS = {
    "message_post": lambda aim: {
        "body": "Your request was rejected",
        "message_type": "comment",
        "subtype_xmlid": "mail.mt_comment",
        "partner_ids": [aim.one("res.partner")],
        "author_id": aim.one("res.partner"),
        "attachment_ids": [aim.one("ir.attachment")],
    },
    "message_notify": lambda aim: {"partner_ids": [aim.one("res.partner")]},
    "search_panel_select_range": lambda aim: {"comodel_domain": [], "limit": 5},
    "load": lambda aim: {
        "fields": [".id", *aim.words()],
        "data": [[str(aim.id), "hacked"]],
    },
}
# Models that take a record, a person or the addon's wizard fields, and then act.
WRITERS = {
    "base_import.import": lambda aim: {"res_model": REQUEST},
    "calendar.event": lambda aim: {
        "name": "x",
        "start": "2030-01-01 08:00:00",
        "stop": "2030-01-01 09:00:00",
        "partner_ids": [Command.link(aim.one("res.partner"))],
    },
    "ir.attachment": lambda aim: {"name": "x.txt", "raw": "x"},
    "mail.activity": lambda aim: {"summary": "x", "user_id": aim.actor.id},
    "mail.activity.schedule": lambda aim: {
        "summary": "x",
        "activity_user_id": aim.actor.id,
        "date_deadline": str(TODAY),
    },
    "mail.compose.message": lambda aim: {
        "body": "hacked",
        "composition_mode": "comment",
        "partner_ids": [Command.link(aim.one("res.partner"))],
    },
    "mail.followers": lambda aim: {"partner_id": aim.actor.partner_id.id},
    "mail.followers.edit": lambda aim: {
        "operation": "add",
        "partner_ids": [Command.link(aim.actor.partner_id.id)],
    },
    "mail.message": lambda aim: {"body": "hacked", "message_type": "comment"},
    "mail.scheduled.message": lambda aim: {
        "body": "hacked",
        "author_id": aim.actor.partner_id.id,
        "scheduled_date": "2030-01-01 08:00:00",
    },
    "portal.share": lambda aim: {
        "partner_ids": [Command.link(aim.actor.partner_id.id)]
    },
    "portal.wizard": lambda aim: {
        "partner_ids": [Command.link(aim.one("res.partner"))]
    },
    "rating.rating": lambda aim: {"rating": 1, "consumed": True, "feedback": "x"},
    "resource.calendar.leaves": lambda aim: {
        "name": "x",
        "date_from": "2026-01-01 00:00:00",
        "date_to": "2027-01-01 00:00:00",
        "resource_id": False,
    },
    "sms.composer": lambda aim: {
        "body": "hacked",
        "composition_mode": "mass",
        "mass_keep_log": True,
        "mass_force_send": False,
    },
}
# How these writers name the record, where it is not ``res_model`` and ``res_id``.
TARGET_FIELDS = {
    "mail.message": ("model", "res_id", int),
    "mail.scheduled.message": ("model", "res_id", int),
    "mail.compose.message": ("model", "res_ids", lambda number: str([number])),
    "mail.activity.schedule": ("res_model", "res_ids", lambda number: str([number])),
    "mail.followers.edit": ("res_model", "res_ids", lambda number: str([number])),
    "sms.composer": ("res_model", "res_ids", lambda number: str([number])),
}
# What a client may send along.
CONTEXTS = {
    "none": lambda aim: {},
    "active": lambda aim: {
        "active_model": aim.model,
        "active_id": aim.id,
        "active_ids": [aim.id],
        "default_model": aim.model,
        "default_res_model": aim.model,
        "default_res_id": aim.id,
        "default_res_ids": str([aim.id]),
        **{f"default_{name}": value for name, value in aim.links().items()},
    },
    "quiet": lambda aim: {
        "tracking_disable": True,
        "mail_notrack": True,
        "mail_create_nolog": True,
        "mail_create_nosubscribe": True,
        "mail_post_autofollow": True,
        "import_file": True,
        "install_mode": True,
        "active_test": False,
        "bin_size": True,
        "lang": "ar_001",
    },
    "association": lambda aim: {"allowed_company_ids": aim.case.company.ids},
}
CONTEXTS_AT_ONCE = ("none", "active", "quiet")
# Methods that end or rebuild the server, its files or a database: no doors.
SKIPPED_METHODS = {
    "force_storage",
    "regenerate_assets_bundles",
    "create_unique",
    "enrich_by_domain",
    "enrich_by_duns",
    "enrich_by_gst",
    "autocomplete_by_name",
    "autocomplete_by_vat",
    "iap_partner_autocomplete_get_tag_ids",
}


# -- the ledger ----------------------------------------------------------------------


class Ledger:
    """Which rows a call changed, and whose they are.

    Counts come from PostgreSQL and cost little; where they moved, rows are compared
    with their checksums of before.
    """

    COUNTS = """
        SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
          FROM pg_stat_xact_user_tables
         WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
    """
    DRAWN = """
        SELECT sequencename, last_value FROM pg_sequences
         WHERE sequencename LIKE 'ir_sequence%'
    """

    def __init__(self, env, victims):
        self.cr = env.cr
        self.foreign = {
            env[model]._table: set(ids)
            for model, ids in victims.items()
            if env[model]._table not in SHARED_TABLES
        }
        self.models = {
            model: set(ids)
            for model, ids in victims.items()
            if model.startswith("beneficiary.") or model == "res.partner"
        }
        self.columns = self._find_columns(env)
        self.tables = [
            table
            for (table,) in self._query(
                "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'"
            )
        ]
        self.before = {table: self._sum(table) for table in self.tables}
        self.counts = self._count()
        self.drawn = self.draw()

    def _query(self, query):
        self.cr.execute(query)
        return self.cr.fetchall()

    @staticmethod
    def _find_columns(env):
        """Return ``{table: {column: table that it refers to}}``."""
        columns = defaultdict(dict)
        for model in env.registry.values():
            for name, field in model._fields.items():
                if not field.store or model._abstract:
                    continue
                if field.type == "many2one":
                    columns[model._table][name] = env[field.comodel_name]._table
                if field.type == "many2many":
                    columns[field.relation][field.column1] = model._table
                    other = env[field.comodel_name]._table
                    columns[field.relation][field.column2] = other
        return columns

    def _count(self):
        return dict(self._query(self.COUNTS))

    def draw(self):
        """Return the last number that each sequence gave; no rollback takes it back."""
        return dict(self._query(self.DRAWN))

    def _sum(self, table):
        """Return ``{row: checksum}``; a row without identifier stands for itself."""
        self.cr.execute(
            "SELECT 1 FROM pg_attribute WHERE attname = 'id' AND attnum > 0"
            " AND attrelid = to_regclass(%s)",
            [f'public."{table}"'],
        )
        key = "t.id" if self.cr.rowcount else "to_jsonb(t)::text"
        return dict(self._query(f'SELECT {key}, md5(t::text) FROM "{table}" t'))

    def is_moved(self):
        """Return the tables that were written to since the last question."""
        counts = self._count()
        moved = [
            table
            for table, count in counts.items()
            if count != self.counts.get(table) and table in self.before
        ]
        self.counts = counts
        return moved

    def compare(self, tables, is_own=lambda table, row, values: False):
        """Return what became of rows in ``tables``, as words.

        :param is_own: whether the actor may change a row that was there before
        """
        found = set()
        for table in set(tables) - FREE_TABLES:
            before, after = self.before[table], self._sum(table)
            for row, checksum in before.items():
                if after.get(row) == checksum:
                    continue
                values = self._read(table, row)
                if not is_own(table, row, values):
                    found.add(f"{table}: row {'changed' if values else 'deleted'}")
                elif to := self._refers_to(table, values):
                    found.add(f"{table}: row now on {to}")
            for row in after.keys() - before.keys():
                if to := self._refers_to(table, self._read(table, row)):
                    found.add(f"{table}: new row on {to}")
        return found

    def _refers_to(self, table, values):
        """Return the table of the foreign record that a row hangs on."""
        for column, other in self.columns[table].items():
            if (table, column) in HARMLESS_COLUMNS:
                continue
            if values.get(column) in self.foreign.get(other, ()):
                return f"{other} by {column}"
        model = values.get("res_model") or values.get("model")
        if values.get("res_id") in self.models.get(model, ()):
            return model
        return None

    def _read(self, table, row):
        """Return the values of a row as it is now; nothing when it is gone."""
        if isinstance(row, str):
            return json.loads(row)
        self.cr.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = %s', [row])
        return self.cr.rowcount and self.cr.fetchone()[0] or {}


# -- the world -------------------------------------------------------------------------


class HostileCase(AccessCase):
    """Association A as it lives, and seven who have no business in it.

    ``victims`` holds, by model, the identifiers that belong to A alone.
    """

    @classmethod
    def setUpClass(cls):
        cls.victims = defaultdict(list)
        cls.possessions = {"Foreign": defaultdict(list), "Other": defaultdict(list)}
        super().setUpClass()
        cls._seat_recused()
        with _Collector(cls.env, cls.victims):
            cls._live()
        cls._mark_by_hand()
        cls.env.flush_all()
        cls.env.invalidate_all()
        (cls.template,) = cls.env["mail.template"].search(
            [("model", "=", REQUEST)], limit=1
        ).get_external_id().values()
        cls.actors = {
            name: cls.env["res.users"].search([("login", "=", login)])
            for name, (login, _readable) in ACTORS.items()
        }
        assert all(cls.actors.values())

    @classmethod
    def _make_world(cls, company, name, *users):
        if name != "Own":
            with _Collector(cls.env, cls.possessions[name]):
                return super()._make_world(company, name, *users)
        with _Collector(cls.env, cls.victims):
            world = super()._make_world(company, STAGED, *users)
        cls.victims["beneficiary.channel"] += world["beneficiary.channel"].ids
        return world

    @classmethod
    def _seat_recused(cls):
        cls.recused = cls._make_user("br_recused", "committee", cls.company)
        cls.committee.member_ids = [Command.create({"user_id": cls.recused.id})]
        cls.file.write(
            {
                "name": f"{LIVED} Example",
                "email": f"{LIVED}@example.com",
                "phone": PHONE,
                "identity_number": IDENTITY,
                "branch_id": cls.own["beneficiary.branch"].id,
            }
        )
        cls.env["beneficiary.committee.interest"].create(
            {
                "company_id": cls.company.id,
                "name": "x",
                "identity_number": IDENTITY,
                "user_id": cls.recused.id,
            }
        )

    @classmethod
    def _live(cls):
        """Let requests of the file go their way, each to another state."""
        case = cls()
        cls.contact = cls.file._get_or_create_contacts()
        cls.file.household_member_ids = [Command.create({"name": LIVED})]
        requests = {
            state: case._make_request(
                state, description=LIVED, amount_requested=AMOUNT
            )
            for state in ("submitted", "verified", "in_review", "decided", "rejected")
        }
        for user in (cls.chair, cls.member):
            decision = requests["in_review"].decision_ids.with_user(user)
            decision.action_vote("reject", BALLOT)
        for part in (requests["decided"].decision_ids, requests["decided"].decision_ids.vote_ids):
            part.write({"reason": BALLOT})
        done = case._make_request("registered", description=LIVED)
        case._plan_delivery(done, goods=LIVED).with_user(cls.officer).action_receive(
            received_by=cls.file.name, signature=PIXEL, handed_on=fields.Date.today()
        )
        done.with_user(cls.officer).action_deliver(evidence=LIVED)
        done.with_user(cls.applicant)._portal_rate("4", LIVED)
        cls.talk = requests["in_review"]
        cls._converse(cls.talk)
        cls._complain()
        cls._meet(cls.talk)

    @classmethod
    def _converse(cls, request):
        request.message_subscribe(cls.contact.ids)
        for vals in (
            {"subtype_xmlid": "mail.mt_comment", "partner_ids": cls.contact.ids},
            {"subtype_xmlid": "mail.mt_note"},
        ):
            request.with_user(cls.officer).message_post(
                body=LIVED, attachments=[(f"{LIVED}.txt", LIVED)], **vals
            )
        request.activity_schedule(summary=LIVED, user_id=cls.researcher.id)
        cls.env["mail.scheduled.message"].create(
            {
                "model": request._name,
                "res_id": request.id,
                "body": LIVED,
                "author_id": cls.officer.partner_id.id,
                "scheduled_date": "2030-01-01 08:00:00",
            }
        )

    @classmethod
    def _complain(cls):
        complaint = (
            cls.env["beneficiary.interaction"]
            .with_user(cls.manager)
            .create(
                {
                    "subject": QUIET,
                    "kind": "complaint",
                    "channel_id": cls._channel("phone").id,
                    "beneficiary_id": cls.file.id,
                    "owner_id": cls.manager.id,
                    "is_confidential": True,
                }
            )
        )
        complaint.message_post(body=QUIET, attachments=[(f"{QUIET}.txt", QUIET)])

    @classmethod
    def _meet(cls, request):
        cls.env["beneficiary.committee.session"].with_user(cls.chair).create(
            {
                "committee_id": cls.committee.id,
                "start": "2030-01-01 08:00:00",
                "stop": "2030-01-01 09:00:00",
                "place": LIVED,
                "item_ids": [Command.create({"request_id": request.id})],
            }
        )

    @classmethod
    def _mark_by_hand(cls):
        """Name by the markers what a sequence named, past every guard."""
        cls.env.flush_all()
        for model, name in (
            (REQUEST, "name"),
            (FILE, "file_number"),
            ("beneficiary.delivery", "name"),
            ("beneficiary.committee.session", "name"),
        ):
            if (field := cls.env[model]._fields.get(name)) and field.store:
                for ids, mark in cls._by_marker(model):
                    cls.env.cr.execute(
                        f'UPDATE "{cls.env[model]._table}"'
                        f' SET "{name}" = %s || id WHERE id IN %s',
                        [mark, tuple(ids)],
                    )
        cls._mark_settings()
        cls.victims[FILE] += cls.file.ids
        cls.victims["res.users"] = cls.applicant.ids
        cls.victims["res.partner"] += cls.applicant.partner_id.ids
        for records in (cls.committee, cls.committee.member_ids, cls.service):
            cls.victims[records._name] += records.ids

    @classmethod
    def _mark_settings(cls):
        """Tell apart what all staff of the association may read."""
        for model in (model for model, rights in RIGHTS.items() if rights == SETTING):
            table = cls.env[model]._table
            for name, field in cls.env[model]._fields.items():
                if field.store and field.type in ("char", "text", "html"):
                    kind = "jsonb" if field.translate else "varchar"
                    cls.env.cr.execute(
                        f'UPDATE "{table}" SET "{name}" ='
                        f' replace("{name}"::text, %s, %s)::{kind}'
                        f' WHERE "{name}"::text LIKE %s',
                        [STAGED, OFFICE, f"%{STAGED}%"],
                    )

    @classmethod
    def _by_marker(cls, model):
        staged = set(cls.own[model].ids)
        ids = {*cls.victims[model], *(cls.file.ids if model == FILE else ())}
        return [
            (part, mark)
            for part, mark in ((staged & ids, STAGED), (ids - staged, LIVED))
            if part
        ]

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(*MUTED))
        self.finds = defaultdict(lambda: defaultdict(set))  # what: door: actors
        self.made = Counter()
        self.generic = Counter()
        self.times = Counter()
        self.ledger = Ledger(self.env, self.victims)

    # -- what there is to try --------------------------------------------------------

    def get_models(self):
        """Return the names of our models, and of Odoo's that reach into them."""
        ours = [name for name in self._our_models() if name in self.env]
        return ours + [name for name in ODOO_MODELS if name in self.env]

    def get_calls(self):
        """Return ``(model, method's name, function)`` of what is called.

        Odoo's own methods are the same on every model: unless all are asked for, each
        is called on a few of them.
        """
        places = defaultdict(list)
        for model in self.get_models():
            for name, method in self.get_methods(model).items():
                places[inspect.unwrap(method)].append((model, name, method))
        for calls in places.values():
            calls.sort(key=lambda call: crc32(f"{call[0]}{call[1]}".encode()))
        most = None if WHOLE else MODELS_AT_ONCE
        return [call for calls in places.values() for call in calls[:most]]

    def get_methods(self, model):
        """Return ``{name: function}`` of what anybody may call over RPC."""
        methods = {}
        for name in dir(type(self.env[model])):
            try:
                method = get_public_method(self.env[model], name)
            except (AccessError, AttributeError):
                continue
            if inspect.isfunction(inspect.unwrap(method)):
                methods[name] = method
        return {n: m for n, m in methods.items() if n not in SKIPPED_METHODS}

    def get_links(self, model, one):
        """Return ``{many2one: foreign identifier}`` for what ``model`` points to."""
        return {
            name: one(field.comodel_name)
            for name, field in self.env[model]._fields.items()
            if field.type == "many2one"
            and self.victims.get(field.comodel_name)
            and field.comodel_name not in ("res.users", "res.partner")
        }

    def get_aims(self, actor, model, salt=""):
        """Return the records of ``model`` to try; one of them unless all are asked."""
        ids = list(dict.fromkeys(self.victims.get(model) or self._get_any(model)))
        if not WHOLE:
            ids = [ids[crc32(f"{actor}{model}{salt}".encode()) % len(ids)]]
        return [Aim(self, self.actors[actor], model, number) for number in ids]

    def _get_any(self, model):
        """Return a record of a model that holds none of the association's, or none."""
        if self.env[model]._abstract or self.env[model]._transient:
            return [0]
        return self.env[model].search([], limit=1).ids or [0]

    def get_contexts(self, aim, salt=""):
        """Return the contexts to send; one of them unless all are asked."""
        names = list(CONTEXTS) if WHOLE else CONTEXTS_AT_ONCE
        if not WHOLE:
            salt = f"{aim.actor.login}{aim.model}{salt}context"
            names = [names[crc32(salt.encode()) % len(names)]]
        return [CONTEXTS[name](aim) for name in names]

    # -- trying ------------------------------------------------------------------------

    def rpc(self, actor, model, method, args, kwargs, context=None):
        """Call over RPC as ``actor``, judge the answer and take all back."""
        self.try_call(
            f"{model}.{method}",
            actor,
            lambda: self.call(actor, model, method, args, kwargs, context),
        )

    def call(self, actor, model, method, args, kwargs, context=None):
        records = self.env(user=self.actors[actor], context={})[model]
        kwargs = {**kwargs, "context": {**(context or {})}}
        answer = call_kw(records, method, list(args), kwargs)
        self.env.cr.flush()
        return answer

    def try_call(self, door, actor, function):
        """Judge what ``function`` returns, raises, changes and costs.

        :param door: by what the finds are grouped
        """
        self.made[actor] += 1
        savepoint = self.env.cr.savepoint()
        start = time.process_time()
        error, text = None, ""
        try:
            text = json.dumps(function(), default=str, ensure_ascii=False)
            spent = time.process_time() - start
            self._judge_changes(door, actor)
        except Exception as raised:  # each is judged
            spent = time.process_time() - start
            error = raised
        savepoint.close(rollback=True)
        self._forget()
        self._judge_numbers(door, actor, error)
        if error:
            text = self._judge_error(door, actor, error)
        self.judge_text(door, actor, text)
        self.times[door.rsplit(".", 1)[-1]] += spent
        if spent > SECONDS:
            self.find(door, actor, f"took {spent:.0f} s")

    def _forget(self):
        cr = self.env.cr
        for callbacks in (cr.precommit, cr.postcommit, cr.prerollback, cr.postrollback):
            callbacks.clear()
        self.env.invalidate_all()

    def judge_text(self, door, actor, text):
        """Find the markers that ``actor`` may not read."""
        lowered = text.lower()
        for marker in EVERYTHING - ACTORS.get(actor, (None, set()))[1]:
            encoded = base64.b64encode(marker.encode()).decode()
            if marker in lowered or encoded in text:
                self.find(door, actor, f"shows {marker}")
        if secret := SECRET.search(text):
            self.find(door, actor, f"gives {secret[1]}")

    def _judge_changes(self, door, actor):
        moved = self.ledger.is_moved()
        if not moved:
            return
        if door.rsplit(".", 1)[-1] not in HARMLESS_METHODS:
            for change in self.ledger.compare(moved, partial(self._is_own, actor)):
                self.find(door, actor, change)
        if any(table.startswith(("ir_", "res_")) for table in moved):
            self.env.registry.clear_all_caches()

    def _is_own(self, actor, table, row, values):
        """Whether a row belongs to ``actor``, or to the association of ``actor``."""
        user = self.actors.get(actor)
        if not user:
            return False
        if user.company_id != self.company and values.get("company_id"):
            return values["company_id"] in user.company_ids.ids
        mine = {"res_users": user.ids, "res_partner": user.partner_id.ids}
        world = self.possessions.get(WORLDS.get(actor), {})
        return row in mine.get(table, ()) or any(
            self.env[model]._table == table and row in ids
            for model, ids in world.items()
        )

    def _judge_error(self, door, actor, error):
        """Return the words of an error; one that is meant for nobody is a find.

        Odoo answers a call of the wrong shape with TypeError, ValueError or KeyError of
        its own; where the last line is the addon's, the addon failed.
        """
        if isinstance(error, IntegrityError):  # as Odoo words it
            return self.env["base"]._sql_error_to_message(error)
        if not isinstance(error, UserError):
            name, place = type(error).__name__, self._get_place(error)
            if f"/addons/{MODULE}/" in place.filename and "/tests/" not in place.filename:
                where = f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}"
                self.find(door, actor, f"fails with {name} in {where}: {error}"[:200])
            else:
                where = f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}"
                self.generic[f"{door}: {name} {where}: {error}"[:240]] += 1
        return f"{error}"

    @staticmethod
    def _get_place(error):
        """Return the line that raised ``error``, or sent a query that failed."""
        frames = traceback.extract_tb(error.__traceback__)
        return next(
            frame for frame in reversed(frames) if "sql_db" not in frame.filename
        )

    def _judge_numbers(self, door, actor, error):
        """Who is refused draws no number: none is ever given twice."""
        drawn = self.ledger.draw()
        if drawn != self.ledger.drawn and isinstance(error, AccessError):
            self.find(door, actor, "draws a number and is refused")
        self.ledger.drawn = drawn

    # -- telling -------------------------------------------------------------------------

    def find(self, door, actor, what):
        if path := os.environ.get("HOSTILE_LOG"):
            open(f"{path}.live", "a").write(f"{door}|{actor}|{what}\n")
        self.finds[what][door].add(actor)

    def tell(self, title):
        """Print how many calls were made, and fail with all that was found."""
        rows = self.ledger.compare(self.ledger.tables)
        calls = sum(self.made.values())
        _logger.info("%s: %s calls, %s kinds of finds", title, calls, len(self.finds))
        print(f"{title}: {calls} calls", dict(self.made))  # noqa: T201
        if path := os.environ.get("HOSTILE_LOG"):
            with open(f"{path}-{title}.txt", "w") as file:
                file.write("\n".join(self._describe()))
                for text, times in self.generic.most_common():
                    file.write(f"\nGENERIC {times} {text}")
                for text, times in self.times.most_common(40):
                    file.write(f"\nTIME {times:.1f} {text}")
        self.assertFalse(rows, "rows changed that no call was caught at")
        if self.finds:
            self.fail("\n".join([f"{title}: a hostile hand found", *self._describe()]))

    def _describe(self):
        for what, doors in sorted(self.finds.items()):
            yield f"{what}\n    by {', '.join(sorted(set().union(*doors.values())))}"
            names = sorted(doors)
            more = f" and {len(names) - MOST_NAMES} more" * (len(names) > MOST_NAMES)
            yield f"    through {', '.join(names[:MOST_NAMES])}{more}"


class _Collector:
    """Collects the identifiers of records that are made inside of its block."""

    def __init__(self, env, victims):
        self.env = env
        self.victims = victims

    def _highest(self):
        self.env.flush_all()
        highest = {}
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            if name.startswith("beneficiary.") or name in ODOO_MODELS:
                self.env.cr.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{model._table}"')
                highest[name] = self.env.cr.fetchone()[0]
        return highest

    def __enter__(self):
        self.start = self._highest()

    def __exit__(self, *error):
        for name, last in self._highest().items():
            self.victims[name] += range(self.start[name] + 1, last + 1)
