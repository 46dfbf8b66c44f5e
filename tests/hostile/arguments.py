"""Values that an attacker sends: arguments by name, forms and contexts."""

import random
from dataclasses import dataclass
from zlib import crc32

from odoo import Command

from ..common import PIXEL
from ..system.common import TODAY

FILE = "beneficiary.beneficiary"
REQUEST = "beneficiary.request"
# Odoo models that refer to any record by model and id, or to the addon's people.
ODOO_MODELS = (
    "base_import.import",
    "bus.bus",
    "calendar.attendee",
    "calendar.event",
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


@dataclass
class Aim:
    """One attempt: an actor, a foreign record, and values to use on it."""

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
        """Return all fields of ``model`` for a form, with the names of records."""
        shown = self.env()[model or self.model].fields_get(attributes=["type"])
        return {
            name: {"fields": {"display_name": {}}} if "2" in field["type"] else {}
            for name, field in shown.items()
        }

    def asks(self, name):
        """Yield the specifications that a form could read with field ``name``.

        First the one of all fields, then one for each field that depends on ``name``:
        a refusal of one value hides the values of all other fields in the answer.
        """
        spec = self.spec()
        yield spec
        model = self.case.env[self.model]
        depends = self.case.env.registry.field_depends
        for other, field in model._fields.items():
            made_of = {path.split(".")[0] for path in depends.get(field, ())}
            if name in made_of and other in spec:
                yield {other: spec[other]}

    def words(self):
        """Return the first text field with a value to write into it."""
        for name, field in self.case.env[self.model]._fields.items():
            if field.type in ("char", "text", "html") and field.store:
                return {name: "hacked"}
        return {"active": False}

    def links(self):
        """Return values that link a new record to foreign ones."""
        return self.case.get_links(self.model, self.one)


def write_mail(aim):
    """Return an e-mail to the gateway in the applicant's name."""
    return (
        f"From: {aim.case.file.email}\nTo: catchall@example.com\nSubject: REJECTED\n"
        f"Message-Id: <{random.random()}@example.com>\n"
        f"In-Reply-To: <{aim.one('mail.message')}@example.com>\n\n"
        "Your request was rejected"
    )


# Values for parameters, by their name; other parameters get False.
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
    "death_date": lambda aim: str(TODAY),
    "decisions": lambda aim: [[aim.one(REQUEST), "continue"]],
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
    "member_id": lambda aim: aim.one("beneficiary.household.member"),
    "message": write_mail,
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
    "slot_id": lambda aim: aim.one("beneficiary.appointment.slot"),
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
# Keyword arguments to try, for methods that take any.
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
# Models that are filled in with a record, a person or wizard fields, and then act.
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
# Fields that name the record in these writers, if not ``res_model`` and ``res_id``.
TARGET_FIELDS = {
    "mail.message": ("model", "res_id", int),
    "mail.scheduled.message": ("model", "res_id", int),
    "mail.compose.message": ("model", "res_ids", lambda number: str([number])),
    "mail.activity.schedule": ("res_model", "res_ids", lambda number: str([number])),
    "mail.followers.edit": ("res_model", "res_ids", lambda number: str([number])),
    "sms.composer": ("res_model", "res_ids", lambda number: str([number])),
}
# Contexts that a client may send with a call.
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
# Methods that are not tried: they stop or rebuild the server, its files or a database.
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
