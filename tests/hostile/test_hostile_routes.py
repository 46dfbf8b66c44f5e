import inspect
import json
import re
from zlib import crc32

from werkzeug.exceptions import HTTPException

from odoo.http import (
    HttpDispatcher,
    JsonRPCDispatcher,
    Request,
    SessionExpiredException,
)
from odoo.tests import HttpCase, tagged

from .arguments import ARGUMENTS, REQUEST, Aim
from .common import ACTORS, WHOLE, HostileCase

SIGNED_OUT = "signed out"
# Modules whose routes can show the addon's records.
MODULES = {
    "auth_signup",
    "base_import",
    "beneficiary_relations",
    "bus",
    "calendar",
    "html_editor",
    "mail",
    "mail_bot",
    "portal",
    "portal_rating",
    "rating",
    "sms",
    "web",
}
# Routes that are not tried: they end a session, serve Odoo's own files or empty pages,
# need the master password, are for channels, or call an external service.
SKIPPED = re.compile(
    r"""^/odoo/ | ^/web/(login|reset_password|session|become) | ^/web/(assets|bundle)
    | ^/web/(database|filestore|manifest|profile|service-worker|set_profiling|sign)
    | ^/web/(tests|webclient) | /(logo|offline|robots|health|speedscope|scoped_app)
    | /report/barcode | font_to_img | shape/ | worklet | /websocket
    | ^/(chat|meet)/ | ^/discuss/(?!search) | ^/mail/(guest|rtc)
    | link_preview_external | media_library | generate_text | get_ice_servers
    | video_url | /translate$""",
    re.VERBOSE,
)
# Routes of conversations on a record: every secret is tried at each of them.
TALKS = ("/mail/", "/portal/")
# Parameters by which a link grants access.
KEYS = {"access_token", "token", "hash", "_hash", "pid", "fetch_params"}
# Values for parameters of routes, in addition to those of methods.
PARAMETERS = ARGUMENTS | {
    "action": lambda aim: "add",
    "action_id": lambda aim: (
        aim.case.env.ref("beneficiary_relations.request_action").id
    ),
    "app_id": lambda aim: "mail",
    "attachment_id": lambda aim: aim.one("ir.attachment"),
    "args": lambda aim: [[aim.id]],
    "content": lambda aim: "hacked",
    "change_id": lambda aim: aim.one("beneficiary.change"),
    "converter": lambda aim: "html",
    "counters": lambda aim: [],
    "data": lambda aim: json.dumps(
        {
            "model": aim.model,
            "fields": [{"name": "display_name", "label": "x", "type": "char"}],
            "ids": [aim.id],
            "domain": [],
            "import_compat": False,
            "context": {},
            "groupby": [],
        }
    ),
    "contact_id": lambda aim: aim.one("beneficiary.interaction"),
    "decision_id": lambda aim: aim.one("beneficiary.decision"),
    "delivery_id": lambda aim: aim.one("beneficiary.delivery"),
    "disbursement_id": lambda aim: aim.one("beneficiary.disbursement"),
    "docids": lambda aim: str(aim.one(REQUEST)),
    "document_id": lambda aim: aim.one("beneficiary.document"),
    "emails": lambda aim: [f"{marker}@example.com" for marker in ("a", "b")],
    "field": lambda aim: "raw" if aim.model == "ir.attachment" else "display_name",
    "file_id": lambda aim: aim.one("beneficiary.beneficiary"),
    "file_ids": lambda aim: f"{aim.one('ir.attachment')}",
    "filename": lambda aim: "x",
    "follower_id": lambda aim: aim.one("mail.followers"),
    "id": lambda aim: aim.id,
    "ids": lambda aim: [aim.one("ir.attachment")],
    "kind": lambda aim: "json",
    "kwargs": lambda aim: {},
    "message_id": lambda aim: aim.one("mail.message"),
    "method": lambda aim: "read",
    "model": lambda aim: aim.model,
    "model_names": lambda aim: json.dumps([aim.model]),
    "model_names_to_fetch": lambda aim: json.dumps([aim.model]),
    "name": lambda aim: "zarq",
    "partner": lambda aim: aim.one("res.partner"),
    "pid": lambda aim: aim.one("res.partner"),
    "post_data": lambda aim: {
        "body": "hacked",
        "message_type": "comment",
        "subtype_xmlid": "mail.mt_comment",
    },
    "rest": lambda aim: "withdraw",
    "rating_id": lambda aim: aim.one("rating.rating"),
    "reportname": lambda aim: "beneficiary_relations.request_report",
    "request_id": lambda aim: aim.one(REQUEST),
    "seen": lambda aim: "x",
    "size": lambda aim: 1,
    "step": lambda aim: "check",
    "subpath": lambda aim: f"action-beneficiary_relations.request_action/{aim.id}",
    "thread_id": lambda aim: aim.id,
    "thread_model": lambda aim: aim.model,
    "visit_id": lambda aim: aim.one("beneficiary.appointment"),
    "token": lambda aim: "x",
    "tool_id": lambda aim: aim.one("beneficiary.tool"),
    "update_data": lambda aim: {"body": "hacked"},
    "what": lambda aim: "read",
    "xmlid": lambda aim: "base.main_company",
}


# Parameters that ask for the conversation on a record.
STORE = {
    "fetch_params": lambda aim: [
        [
            "mail.thread",
            {
                "thread_model": aim.model,
                "thread_id": aim.id,
                "access_params": aim.secrets,
                "request_list": [
                    "activities",
                    "attachments",
                    "contact_fields",
                    "followers",
                    "scheduledMessages",
                    "suggestedRecipients",
                ],
            },
        ]
    ]
}
# Parameters with another meaning, by the start of the route.
ELSEWHERE = {
    "/calendar": {"id": lambda aim: aim.one("calendar.event")},
    "/mail/action": STORE,
    "/mail/data": STORE,
}


class RouteAim(Aim):
    """An attempt at a route, with the secrets that are sent to open it."""

    secrets = {}  # noqa: RUF012


@tagged("post_install", "-at_install", "without_demo")
class TestHostileRoutes(HttpCase, HostileCase):
    """R43, R21, R20: no route shows or changes foreign records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.threads = sorted(
            name
            for name in cls.env.registry.descendants(
                ["beneficiary.thread.mixin"], "_inherit"
            )
            if cls.victims.get(name)
        )
        if not WHOLE:  # only the record with the longest conversation
            said = cls.talk.message_ids
            cls.victims |= {
                REQUEST: cls.talk.ids,
                "mail.message": said.ids,
                "ir.attachment": said.attachment_ids.ids,
            }

    def setUp(self):
        super().setUp()
        self.faults = []
        for dispatcher in (HttpDispatcher, JsonRPCDispatcher):
            self.patch(dispatcher, "handle_error", self._keep(dispatcher.handle_error))

    def _keep(self, handle_error):
        def keep(dispatcher, error):
            self.faults.append(error)
            return handle_error(dispatcher, error)

        return keep

    def test_routes(self):
        """R43: each route of the addon and of Odoo's modules, by each actor."""
        rules = self._get_rules()
        for actor in (*ACTORS, SIGNED_OUT):
            user = self.actors.get(actor)
            self.authenticate(user and user.login, user and user.login)
            for rule in rules:
                for aim in self._get_route_aims(actor, rule):
                    self._try_rule(actor, rule, aim)
        self.tell("routes")

    def _get_rules(self):
        """Return the routes to try; only one of each function in the short form."""
        rules = {}
        for rule in self.env["ir.http"].routing_map().iter_rules():
            endpoint = rule.endpoint.original_endpoint
            if endpoint.__module__.split(".")[2] in MODULES and not SKIPPED.search(
                rule.rule
            ):
                known = rules.setdefault(rule.rule if WHOLE else endpoint, rule)
                if len(known.arguments) < len(rule.arguments):
                    rules[endpoint] = rule
        return list(rules.values())

    def _get_route_aims(self, actor, rule):
        """Yield the attempts at a route: foreign records, with and without secrets."""
        parameters = inspect.signature(rule.endpoint.original_endpoint).parameters
        models = [*self.threads, "ir.attachment", "res.partner", "mail.message"]
        if not {"model", "res_model", "thread_model"} & set(parameters):
            models = [REQUEST]
        elif not WHOLE:
            salt = crc32(f"{rule.rule}{actor}".encode())
            models = [[REQUEST, *models][salt % (len(models) + 1)]]
        takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        is_opened = takes_any or KEYS & {*parameters}
        for model in models:
            for aim in self.get_aims(actor, model, rule.rule)[-2:]:
                secrets = self._get_secrets(aim) if is_opened else [{}]
                if not WHOLE:
                    # One of them, and two where people talk; attackers take turns.
                    salt = crc32(f"{rule.rule}{model}{actor}".encode())
                    is_talk = rule.rule.startswith(TALKS)
                    secrets = (secrets * 2)[salt % len(secrets) :][: 1 + is_talk]
                for secret in secrets:
                    route_aim = RouteAim(self, aim.actor, model, aim.id)
                    route_aim.secrets = secret
                    yield route_aim

    def get_aims(self, actor, model, salt=""):
        if actor != SIGNED_OUT:
            return super().get_aims(actor, model, salt)
        return [
            Aim(self, self.env.ref("base.public_user"), model, aim.id)
            for aim in super().get_aims("plain", model, salt)
        ]

    def _get_secrets(self, aim):
        """Return secrets to send: none, empty ones, and those of another record."""
        pid = aim.actor.partner_id.id
        secrets = [
            {},
            {"token": "", "access_token": "", "hash": "", "_hash": "", "pid": pid},
        ]
        other = self.foreign.get(aim.model)
        if other and "access_token" in other._fields:
            token, digest = other.access_token or "False", self.sign(other, pid)
            secrets += [
                {"hash": digest, "_hash": digest, "pid": pid},
                {"token": token, "access_token": token},
            ]
        return secrets

    def _try_rule(self, actor, rule, aim):
        door = f"{rule.rule}.{'+'.join(sorted(aim.secrets)) or 'nothing'}"
        is_json = rule.endpoint.routing["type"] == "jsonrpc"
        parameters = self._make_parameters(rule, aim)
        path = self._make_path(rule, parameters)
        for method in sorted(set(rule.methods or ["GET"]) & {"GET", "POST"}):
            self.try_call(
                door,
                actor,
                lambda method=method: self._send(path, parameters, is_json, method),
            )
            if is_json:
                break

    def _make_parameters(self, rule, aim):
        named = inspect.signature(rule.endpoint.original_endpoint).parameters.values()
        known = dict(PARAMETERS)
        for start, others in ELSEWHERE.items():
            if rule.rule.startswith(start):
                known |= others
        wanted = {
            *rule.arguments,
            *(p.name for p in named if p.name in known or p.default is p.empty),
        } - {"self", "args", "kwargs", "kw", "post", "query", "query_params"}
        if "/dataset/" in rule.rule:
            wanted |= {"args", "kwargs"}
        given = {name: known.get(name, lambda aim: False)(aim) for name in wanted}
        return given | aim.secrets

    def _make_path(self, rule, parameters):
        """Return the path of ``rule``, and remove its values from ``parameters``."""
        return re.sub(
            r"<(?:[\w]+(?:\([^)]*\))?:)?(\w+)>",
            lambda match: str(parameters.pop(match[1], 1)),
            rule.rule,
        )

    def _send(self, path, parameters, is_json, method):
        if is_json:
            body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": parameters}
            response = self.url_open(path, json=body, allow_redirects=False)
        elif method == "POST":
            data = {"csrf_token": Request.csrf_token(self), **parameters}
            data.pop("ufile", None)
            files = {"ufile": ("x.txt", b"x")}
            response = self.url_open(
                path, data=data, files=files, allow_redirects=False
            )
        else:
            response = self.url_open(path, params=parameters, allow_redirects=False)
        self.env.invalidate_all()
        fault = self.faults and self.faults[-1]
        self.faults.clear()
        if fault and not isinstance(fault, (HTTPException, SessionExpiredException)):
            raise fault
        return f"{response.headers.get('Location', '')} {response.text}"
