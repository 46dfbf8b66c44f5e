import inspect
import json
import re
from zlib import crc32

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .hostile import ACTORS, ARGUMENTS, REQUEST, WHOLE, Aim, HostileCase

SIGNED_OUT = "signed out"
# Modules whose routes lead to the addon's records, or tell of them.
MODULES = {
    "auth_signup",
    "base_import",
    "beneficiary_relations",
    "bus",
    "calendar",
    "html_editor",
    "mail",
    "portal",
    "portal_rating",
    "rating",
    "sms",
    "web",
}
# What ends a session, serves the program's own files, or is kept by a master password.
SKIPPED = re.compile(
    r"/web/(database|session/(logout|destroy|authenticate)|assets|bundle|tests|become)"
    r"|/web/(webclient|service-worker|manifest|filestore|sign|profile|set_profiling)"
    r"|font_to_img|/websocket|/report/barcode|/logo|shape/|/robots|/health|/speedscope"
    r"|link_preview_external|media_library|generate_text|get_ice_servers|video_url"
)
# What the parameters of a route are given beside those of a method.
PARAMETERS = ARGUMENTS | {
    "action": lambda aim: "add",
    "action_id": lambda aim: aim.case.env.ref("beneficiary_relations.request_action").id,
    "app_id": lambda aim: "mail",
    "attachment_id": lambda aim: aim.one("ir.attachment"),
    "args": lambda aim: [[aim.id]],
    "content": lambda aim: "hacked",
    "converter": lambda aim: "html",
    "counters": lambda aim: ["beneficiary_request_count"],
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
    "decision_id": lambda aim: aim.one("beneficiary.decision"),
    "delivery_id": lambda aim: aim.one("beneficiary.delivery"),
    "docids": lambda aim: str(aim.one(REQUEST)),
    "document_id": lambda aim: aim.one("beneficiary.document"),
    "emails": lambda aim: [f"{marker}@example.com" for marker in ("a", "b")],
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
    ],
    "field": lambda aim: "raw" if aim.model == "ir.attachment" else "display_name",
    "file_ids": lambda aim: f"{aim.one('ir.attachment')}",
    "filename": lambda aim: "x",
    "follower_id": lambda aim: aim.one("mail.followers"),
    "id": lambda aim: aim.id,
    "ids": lambda aim: [aim.one("ir.attachment")],
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
        "attachment_ids": [aim.one("ir.attachment")],
    },
    "rating_id": lambda aim: aim.one("rating.rating"),
    "reportname": lambda aim: "beneficiary_relations.request_report",
    "request_id": lambda aim: aim.one(REQUEST),
    "size": lambda aim: 1,
    "subpath": lambda aim: f"action-beneficiary_relations.request_action/{aim.id}",
    "thread_id": lambda aim: aim.id,
    "thread_model": lambda aim: aim.model,
    "token": lambda aim: "x",
    "update_data": lambda aim: {"body": "hacked"},
    "xmlid": lambda aim: "base.main_company",
}


class RouteAim(Aim):
    """A try at an address, with what is sent along to open it."""

    secrets = {}  # noqa: RUF012


@tagged("post_install", "-at_install")
class TestHostileRoutes(HttpCase, HostileCase):
    """R43, R21, R20: no address shows or changes what is not one's own."""

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

    def test_routes(self):
        """R43: each route of ours and of what we stand on, by each hand."""
        rules = [rule for rule in self.env["ir.http"].routing_map().iter_rules() if self._is_tried(rule)]
        for actor in (*ACTORS, SIGNED_OUT):
            user = self.actors.get(actor)
            self.authenticate(user and user.login, user and user.login)
            for rule in rules:
                for aim in self._get_route_aims(actor, rule):
                    self._try_rule(actor, rule, aim)
        self.tell("routes")

    @staticmethod
    def _is_tried(rule):
        module = rule.endpoint.original_endpoint.__module__.split(".")[2]
        methods = set(rule.methods or ["GET"])
        return module in MODULES and not SKIPPED.search(rule.rule) and bool(methods)

    def _get_route_aims(self, actor, rule):
        """Return what to try at an address: threads, attachments; with and without."""
        names = inspect.signature(rule.endpoint.original_endpoint).parameters
        models = [*self.threads, "ir.attachment", "res.partner", "mail.message"]
        if not {"model", "res_model", "thread_model"} & set(names):
            models = [REQUEST]
        elif not WHOLE:
            models = [REQUEST, models[crc32(f"{rule.rule}{actor}".encode()) % len(models)]]
        for model in models:
            for aim in self.get_aims(actor, model, rule.rule):
                for secrets in self._get_secrets(actor, aim):
                    route_aim = RouteAim(self, aim.actor, model, aim.id)
                    route_aim.secrets = secrets
                    yield route_aim

    def get_aims(self, actor, model, salt=""):
        if actor != SIGNED_OUT:
            return super().get_aims(actor, model, salt)
        return [
            Aim(self, self.env.ref("base.public_user"), model, aim.id)
            for aim in super().get_aims("plain", model, salt)
        ]

    def _get_secrets(self, actor, aim):
        """Return what may be sent to open a record: nothing, or another's."""
        record = self.env[aim.model].browse(aim.id)
        partner = aim.actor.partner_id.id
        yield {}
        yield {"token": "", "access_token": "", "hash": "", "pid": str(partner)}
        if "access_token" in record._fields and hasattr(record, "_sign_token"):
            mine = self.foreign.get(aim.model, record.browse())[:1]
            yield {"hash": mine and mine._sign_token(partner), "_hash": mine and mine._sign_token(partner), "pid": partner}
            yield {"token": mine.access_token or "", "access_token": mine.access_token or ""}

    def _try_rule(self, actor, rule, aim):
        door = f"{rule.rule}.{'+'.join(sorted(aim.secrets)) or 'nothing'}"
        is_json = rule.endpoint.routing["type"] == "jsonrpc"
        parameters = self._make_parameters(rule, aim)
        path = self._make_path(rule, parameters)
        for method in sorted(set(rule.methods or ["GET"]) & {"GET", "POST"}):
            self.try_call(door, actor, lambda method=method: self._send(path, parameters, is_json, method))
            if is_json:
                break

    def _make_parameters(self, rule, aim):
        names = inspect.signature(rule.endpoint.original_endpoint).parameters
        return {
            name: PARAMETERS[name](aim)
            for name in (*names, *rule.arguments)
            if name in PARAMETERS and name not in ("self", "kwargs", "kw")
        } | aim.secrets

    def _make_path(self, rule, parameters):
        """Return the address, with what stands in it taken out of ``parameters``."""
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
            files = {"ufile": ("x.txt", b"x")} if "ufile" not in data else None
            response = self.url_open(path, data=data, files=files, allow_redirects=False)
        else:
            response = self.url_open(path, params=parameters, allow_redirects=False)
        self.env.invalidate_all()
        return self._judge_response(response, is_json)

    def _judge_response(self, response, is_json):
        """Return the text of an answer; a fault of the server is raised."""
        if response.status_code >= 500:
            raise ServerFault(f"{response.status_code}: {response.text[-500:]}")
        text = f"{response.headers.get('Location', '')} {response.text}"
        if is_json and response.ok:
            error = response.json().get("error")
            if error:
                text = json.dumps({**error, "data": {**error["data"], "debug": ""}})
                self._judge_json_error(error["data"])
        return text

    def _judge_json_error(self, data):
        if not data["name"].startswith(("odoo.exceptions", "werkzeug", "odoo.http")):
            raise ServerFault(f"{data['name']} {data['message']} {data['debug'][-300:]}")


class ServerFault(Exception):
    """The server failed, as the browser is told."""
