"""The hostile suite: its actors, the data they must not see, and their attempts.

This module has no tests. :mod:`test_hostile_rpc`, :mod:`test_hostile_routes` and
:mod:`test_hostile_fields` each try one kind of entry point, with the world, the actors
and the ledger from here. All finds are collected and reported together at the end.
"""

import base64
import inspect
import json
import logging
import os
import re
import time
import traceback
from collections import Counter, defaultdict
from functools import partial
from zlib import crc32

from psycopg2 import Error as DatabaseError
from psycopg2 import IntegrityError
from requests.exceptions import RequestException

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tools import mute_logger

from ..common import PIXEL
from ..system.common import RIGHTS, SETTING, AccessCase
from .arguments import (
    CONTEXTS,
    CONTEXTS_AT_ONCE,
    FILE,
    ODOO_MODELS,
    REQUEST,
    SKIPPED_METHODS,
    Aim,
)
from .ledger import FREE_TABLES, Collector, Ledger

_logger = logging.getLogger(__name__)

MODULE = "beneficiary_relations"
# `make hostile` tries every variant, context and record; `make test` tries one of each.
WHOLE = os.environ.get("HOSTILE") == "whole"
SECONDS = 2
MOST_RECORDS = 8
MOST_NAMES = 12

# Markers in every text, name and address of the attacked association; each marks data
# that different roles may read. A marker has nine letters, so that its base64 form can
# be found in a longer text.
STAGED = "zarqstage"  # data of a committee and branch that only the auditor may read
OFFICE = "zarqoffic"  # the association's settings
LIVED = "zarqlived"  # data of the committee in which the recused member has a seat
BALLOT = "zarqvotes"  # votes and their reasons before the reply is released
QUIET = "zarqquiet"  # a confidential complaint
AMOUNT = 73519531
PHONE = "0551735195"
IDENTITY = "1000000032"
EVERYTHING = {STAGED, OFFICE, LIVED, BALLOT, QUIET, str(AMOUNT), PHONE[1:], IDENTITY}
OF_FILES = EVERYTHING - {BALLOT, QUIET}
# Secrets: their owner can act as somebody else, or read without signing in.
SECRET = re.compile(r'"(\w*(?:token|password)|_?hash)": "([^"]+)"')
# A seal's hash is a checksum of what its reader may read; it opens nothing.
CHECKSUMS = (("beneficiary.seal.", "hash"),)
# A list or a text where a method wants the values of a record. Odoo's own methods
# answer with the same errors, and no screen sends such a call.
WRONG_SHAPE = re.compile(
    r"'(list|str)' object (has no attribute '(keys|get|items)'|is not a mapping)"
    r"|dictionary update sequence|unhashable type: '(list|dict)'"
)
# Errors of Odoo's own code for calls with wrong arguments or a missing service.
TOLERATED = (
    AssertionError,
    AttributeError,
    DatabaseError,
    IndexError,
    KeyError,
    RequestException,
    TypeError,
    ValueError,
)
# The actors, each with the login and the markers that they may read.
ACTORS = {
    "applicant": ("br_far_applicant", {OFFICE}),  # is offered its services
    "plain": ("br_stranger", set()),
    "manager of B": ("br_outsider", set()),
    "member of B": ("br_other_member", set()),
    "delegate": ("br_far_delegate", {OFFICE}),
    "recused": ("br_recused", OF_FILES - {STAGED}),
    "auditor": ("br_auditor", EVERYTHING - {QUIET}),
}
# The world of :class:`AccessCase` to which each actor belongs.
WORLDS = {
    "applicant": "Foreign",
    "delegate": "Foreign",
    "manager of B": "Other",
    "member of B": "Other",
    "recused": "Session",
}
# Tables without a cache in memory. The first page shown writes its scripts there.
UNCACHED_TABLES = FREE_TABLES | {"ir_attachment"}
# Harmless methods that Odoo allows to everybody: bookmarks on readable messages, and a
# fixed invitation to sign in with two factors.
HARMLESS_METHODS = {"toggle_message_starred", "unstar_all", "action_totp_invite"}
# An actor's own work that touches records of the association: a member registers an
# interest and is recused by it, opens the form of a step on requests that the member
# reads (the step itself is refused), and an auditor verifies seals.
OWN_WORK = {
    "auditor": ("beneficiary.seal.verify",),
    "recused": (
        "beneficiary.committee.interest",
        "beneficiary.request.move.create",
        "beneficiary.request.each,request_ids.",
    ),
}
# Signed addresses that Odoo gives to staff with what they may read: pictures of people,
# and files of messages.
SIGNED_FOR = ("auditor", "recused")
SIGNED = {
    "activity_format": {"avatar_128_access_token", "im_status_access_token"},
    "message_get_followers": {"avatar_128_access_token", "im_status_access_token"},
    "portal_message_format": {"raw_access_token"},
}
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


class HostileCase(AccessCase):
    """Association A with data of all kinds, and seven actors who attack it.

    ``victims`` has, by model, the identifiers of records that belong only to A.
    """

    @classmethod
    def setUpClass(cls):
        cls.victims = defaultdict(list)
        worlds = ("Foreign", "Other", "Session")
        cls.possessions = {name: defaultdict(list) for name in worlds}
        super().setUpClass()
        cls._seat_recused()
        with Collector(cls.env, cls.victims):
            cls._live()
        cls._mark_by_hand()
        cls.env.flush_all()
        cls.env.invalidate_all()
        (cls.template,) = (
            cls.env["mail.template"]
            .search([("model", "=", REQUEST)], limit=1)
            .get_external_id()
            .values()
        )
        cls.readable = {name: words for name, (_login, words) in ACTORS.items()}
        cls.actors = {
            name: cls.env["res.users"].search([("login", "=", login)])
            for name, (login, _readable) in ACTORS.items()
        }
        assert all(cls.actors.values())

    @classmethod
    def _make_world(cls, company, name, *users):
        if name != "Own":
            with Collector(cls.env, cls.possessions[name]):
                return super()._make_world(company, name, *users)
        with Collector(cls.env, cls.victims):
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
        """Take requests of the file to different states."""
        case = cls()
        cls.contact = cls.file._get_or_create_contacts()
        cls.file.household_member_ids = [Command.create({"name": LIVED})]
        requests = {
            state: case._make_request(state, description=LIVED, amount_requested=AMOUNT)
            for state in ("submitted", "verified", "in_review", "decided", "rejected")
        }
        for user in (cls.chair, cls.member):
            decision = requests["in_review"].decision_ids.with_user(user)
            decision.action_vote("reject", BALLOT)
        requests["decided"].decision_ids.vote_ids.filtered(
            lambda vote: vote.user_id != cls.recused
        ).write({"reason": BALLOT})
        done = case._make_request("registered", description=LIVED)
        case._plan_delivery(done, goods=LIVED).with_user(cls.officer).action_receive(
            received_by=cls.file.name,
            signature=PIXEL,
            handed_on=cls.company._get_beneficiary_today(),
        )
        done.with_user(cls.officer).action_deliver(evidence=LIVED)
        done.with_user(cls.applicant)._portal_rate("4", LIVED)
        cls.talk = requests["in_review"]
        cls._converse(cls.talk)
        cls._complain()
        # A member who is recused from one study still sits in the session.
        with Collector(cls.env, cls.possessions["Session"]):
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
        """Replace numbers from sequences by markers, in SQL."""
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
        cls.victims["res.company"] = cls.company.ids
        for records in (cls.committee, cls.committee.member_ids, cls.service):
            cls.victims[records._name] += records.ids

    @classmethod
    def _mark_settings(cls):
        """Mark the settings apart: all staff of the association may read them."""
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
        self.take_stock()

    def take_stock(self):
        """Record all rows as they are now: no call may change them."""
        self.ledger = Ledger(self.env, self.victims)

    # -- the attempts ------------------------------------------------------------------

    def get_models(self):
        """Return the names of the addon's models, and of Odoo's models around them."""
        ours = [name for name in self._our_models() if name in self.env]
        return ours + [name for name in ODOO_MODELS if name in self.env]

    def get_calls(self):
        """Yield ``(actor, model, method's name, function)`` for each call.

        Odoo's own methods are the same on every model. In the short form of the suite,
        each actor calls a method on only one model, chosen by a hash.
        """
        places = defaultdict(list)
        for model in self.get_models():
            for name, method in self.get_methods(model).items():
                places[inspect.unwrap(method)].append((model, name, method))
        for calls in places.values():
            for actor in ACTORS:
                salt = crc32(f"{calls[0][1]}{actor}".encode())
                chosen = calls if WHOLE else [calls[salt % len(calls)]]
                for call in chosen:
                    yield (actor, *call)

    def get_methods(self, model):
        """Return ``{name: function}`` of the public methods (callable over RPC)."""
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
        """Return ``{many2one: foreign identifier}`` for the many2ones of ``model``."""
        return {
            name: one(field.comodel_name)
            for name, field in self.env[model]._fields.items()
            if field.type == "many2one"
            and self.victims.get(field.comodel_name)
            and field.comodel_name not in ("res.users", "res.partner")
        }

    def get_aims(self, actor, model, salt=""):
        """Return the records of ``model`` to try; only one in the short form."""
        ids = list(dict.fromkeys(self.victims.get(model) or self._get_any(model)))
        if not WHOLE:
            ids = [ids[crc32(f"{actor}{model}{salt}".encode()) % len(ids)]]
        ids = ids[-MOST_RECORDS:]
        return [Aim(self, self.actors[actor], model, number) for number in ids]

    def _get_any(self, model):
        """Return any record of a model without victims, or 0 if it has none."""
        if self.env[model]._abstract or self.env[model]._transient:
            return [0]
        return self.env[model].search([], limit=1).ids or [0]

    def get_contexts(self, aim, salt=""):
        """Return the contexts to send; only one in the short form."""
        names = list(CONTEXTS) if WHOLE else CONTEXTS_AT_ONCE
        if not WHOLE:
            salt = f"{aim.actor.login}{aim.model}{salt}context"
            names = [names[crc32(salt.encode()) % len(names)]]
        return [CONTEXTS[name](aim) for name in names]

    @staticmethod
    def sign(record, pid):
        """Return the signed token of ``record`` for a person, if it has one."""
        try:
            return record._sign_token(pid)
        except (NotImplementedError, UserError):
            return "none"

    # -- trying ------------------------------------------------------------------------

    def rpc(self, actor, model, method, args, kwargs, context=None):
        """Call over RPC as ``actor``, judge the answer and roll back all changes."""
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
        """Judge the answer, error, changes and CPU time of ``function`` as ``actor``.

        :param door: name of the entry point, by which the finds are grouped
        """
        self.made[actor] += 1
        # The first call may fill a cache; an attack costs as much each time.
        if self._try_once(door, actor, function) > SECONDS:
            spent = self._try_once(door, actor, function)
            if spent > SECONDS:
                self.find(door, actor, f"took {spent:.0f} s")

    def _try_once(self, door, actor, function):
        """Judge one call and roll it back; return the CPU time that it took, in s."""
        savepoint = self.env.cr.savepoint()
        start = time.process_time()
        error, text = None, ""
        try:
            text = json.dumps(function(), default=str, ensure_ascii=False)
            spent = time.process_time() - start
            self._judge_changes(door, actor)
        except Exception as raised:  # every error is judged below
            spent = time.process_time() - start
            error = raised
        savepoint.close(rollback=True)
        self._forget()
        self._judge_numbers(door, actor, error)
        if error:
            text = self._judge_error(door, actor, error)
        self.judge_text(door, actor, text)
        return spent

    def _forget(self):
        cr = self.env.cr
        for callbacks in (cr.precommit, cr.postcommit, cr.prerollback, cr.postrollback):
            callbacks.clear()
        self.env.invalidate_all()

    def judge_text(self, door, actor, text):
        """Record markers and secrets in ``text`` that ``actor`` may not read."""
        lowered = text.lower()
        for marker in EVERYTHING - self.readable.get(actor, set()):
            encoded = base64.b64encode(marker.encode()).decode()
            if marker in lowered or encoded in text:
                self.find(door, actor, f"shows {marker}")
        # A default value is new, and belongs to no record yet.
        if door.endswith(".default_get") or self._is_own_work(door, actor):
            return
        method = door.rsplit(".", 1)[-1]
        signed = SIGNED.get(method, ()) if actor in SIGNED_FOR else ()
        for name, value in SECRET.findall(text):
            is_checksum = any(
                door.startswith(model) and name == field for model, field in CHECKSUMS
            )
            if is_checksum or name in signed:
                continue
            if value not in self._get_own_invitations(actor):
                self.find(door, actor, f"gives {name}")

    def _get_own_invitations(self, actor):
        """Return the secrets of the actor's own invitations to meetings."""
        partners = self.env["res.partner"].union(
            *(user.partner_id for name, user in self.actors.items() if name == actor)
        )
        attendees = self.env["calendar.attendee"].sudo()
        own = attendees.search([("partner_id", "in", partners.ids)])
        return own.mapped("access_token")

    def _judge_changes(self, door, actor):
        moved = self.ledger.is_moved()
        if not moved:
            return
        is_harmless = door.rsplit(".", 1)[-1] in HARMLESS_METHODS
        if not is_harmless and not self._is_own_work(door, actor):
            is_own, shared = partial(self._is_own, actor), self._get_shared(actor)
            for change in self.ledger.compare(moved, is_own, shared):
                self.find(door, actor, change)
        if any(table.startswith(("ir_", "res_")) for table in moved - UNCACHED_TABLES):
            self.env.registry.clear_all_caches()

    @staticmethod
    def _is_own_work(door, actor):
        return door.startswith(OWN_WORK.get(actor, ()))

    def _get_shared(self, actor):
        """Return the tables of settings: staff of the association may refer to them."""
        user = self.actors.get(actor, self.outsider)
        names = [model for model, rights in RIGHTS.items() if rights == SETTING]
        ours = names if user.company_id == self.company else []
        return {self.env[model]._table for model in ours}

    def _is_own(self, actor, table, row, values):
        """Whether a row belongs to ``actor`` or to their association."""
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
        """Return the text of an error; record an error that is no message to a user.

        Odoo answers a call with wrong arguments with its own TypeError, ValueError or
        KeyError. If the addon's code raised the error, the addon failed.
        """
        if isinstance(error, IntegrityError):  # with Odoo's message
            return self.env["base"]._sql_error_to_message(error)
        if not isinstance(error, UserError):
            name, place = type(error).__name__, self._get_place(error)
            where = f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}"
            is_ours = f"/addons/{MODULE}/" in place.filename
            is_ours = is_ours and not WRONG_SHAPE.search(str(error))
            is_tolerated = isinstance(error, TOLERATED) or type(error) is Exception
            if is_ours or not is_tolerated:
                self.find(door, actor, f"fails with {name} in {where}: {error}"[:200])
            else:
                self.generic[f"{name} in {where}"] += 1
        return f"{error}"

    @staticmethod
    def _get_place(error):
        """Return the line that raised ``error`` or sent the failing query."""
        frames = traceback.extract_tb(error.__traceback__)
        return next(
            frame for frame in reversed(frames) if "sql_db" not in frame.filename
        )

    def _judge_numbers(self, door, actor, error):
        """Record a refused call that used up a number: a rollback does not return it.

        Delegates are excepted. They may create files, and are refused only for another
        branch: the number belongs to their own association.
        """
        drawn = self.ledger.draw()
        is_refused = isinstance(error, AccessError) and actor != "delegate"
        if drawn != self.ledger.drawn and is_refused:
            self.find(door, actor, "draws a number and is refused")
        self.ledger.drawn = drawn

    # -- the report --------------------------------------------------------------------

    def find(self, door, actor, what):
        self.finds[what][door].add(actor)

    def tell(self, title):
        """Log the number of calls, and fail with a list of all finds, if any."""
        _logger.info("%s: %s calls, %s", title, sum(self.made.values()), self.made)
        _logger.info("%s: wrong shapes for Odoo: %s", title, self.generic)
        changed = self.ledger.compare(self.ledger.tables)
        self.assertFalse(changed, "rows changed and no call was caught at it")
        if self.finds:
            self.fail("\n".join([f"{title}: a hostile hand found", *self._describe()]))

    def _describe(self):
        for what, doors in sorted(self.finds.items()):
            yield f"{what}\n    by {', '.join(sorted(set().union(*doors.values())))}"
            names = sorted(doors)
            more = f" and {len(names) - MOST_NAMES} more" * (len(names) > MOST_NAMES)
            yield f"    through {', '.join(names[:MOST_NAMES])}{more}"
