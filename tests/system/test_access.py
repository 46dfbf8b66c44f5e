import inspect
from collections import defaultdict
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..common import PIXEL
from .common import BY_BRANCH, RIGHTS, SHARED, TODAY, WIZARDS, AccessCase

ROLES = (
    "delegate",
    "officer",
    "manager",
    "researcher",
    "member",
    "auditor",
    "applicant",
    "stranger",
    "contact_reader",
)
# This logger warns of notifications without recipients.
MAIL_LOGGER = "odoo.addons.mail.models.mail_thread"
# Nobody has a right to these: they are a person's.
NOBODYS = {
    "beneficiary.newcomer",
    "beneficiary.signin.code",
    "beneficiary.submission",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

# Odoo's own public methods that the addon extends. ``load`` writes through ``create``;
# another test tries every field with the last two.
OVERRIDDEN = {
    "fields_get",
    "load",
    "name_search",
    "get_import_templates",
    "search_fetch",
    "web_read",
    "read_progress_bar",
    "default_get",
    "onchange",
}
BY_COMMITTEE = {
    "beneficiary.beneficiary",
    "beneficiary.household.member",
    "beneficiary.representative",
    "beneficiary.history",
    "beneficiary.document",
    "beneficiary.request",
    "beneficiary.request.answer",
    "beneficiary.request.step",
    "beneficiary.request.pause",
    "beneficiary.verification",
    "beneficiary.declaration",
    "beneficiary.appeal",
    "beneficiary.referral",
    "beneficiary.referral.finding",
    "beneficiary.referral.photo",
    "beneficiary.delivery",
    "beneficiary.decision",
    "beneficiary.letter.reissue",
    "beneficiary.vote",
    "beneficiary.proposal",
    "beneficiary.past.vote",
    "beneficiary.committee.session",
    "beneficiary.session.item",
    "beneficiary.session.attendance",
    "beneficiary.committee.interest",
}

# The only fields that portal users may read on their own records.
PORTAL_READS = {
    "beneficiary.request": {
        "id",
        "display_name",
        "name",
        "portal_state",
        "submitted_on",
        "review_floor_on",
        "description",
        "note_to_applicant",
        "access_url",
        "company_id",
    },
    "beneficiary.beneficiary": {"id", "display_name", "name", "file_number", "active"},
}


@tagged("post_install", "-at_install")
class TestAccess(AccessCase):
    def _rights(self, role, records):
        """Return the letters of what ``role`` may do with ``records``."""
        records = self._as(role, records)
        return "".join(
            letter for letter, name in OPERATIONS.items() if records.has_access(name)
        )

    def _expected(self, role, model):
        cells = [*RIGHTS[model].split(), "-", "-"]
        return dict(zip(ROLES, cells, strict=True))[role].replace("-", "")

    def test_the_matrix_is_complete(self):
        """R43: every model of the addon is in this test, and has access rights."""
        models = self._our_models()
        self.assertEqual(models.keys(), RIGHTS.keys() | WIZARDS.keys())
        self.assertEqual(self.own.keys(), RIGHTS.keys())
        for name in models:
            with self.subTest(model=name):
                lines = self.env["ir.model.access"].search(
                    [("model_id.model", "=", name)]
                )
                self.assertTrue(lines)
                self.assertTrue(all(line.group_id for line in lines), "for everybody")

    def test_own(self):
        """Roles: the rights of each role on the records of its own world."""
        wrong = {
            (role, model): rights
            for model, record in self.own.items()
            for role in ROLES
            if (rights := self._rights(role, record)) != self._expected(role, model)
        }
        self.assertEqual(wrong, {})

    def test_foreign(self):
        """Roles: no rights on records of another branch, committee or person."""
        wrong = {}
        for model, record in self.foreign.items():
            for role in ROLES:
                expected = self._expected(role, model)
                if (
                    (role == "delegate" and model in BY_BRANCH)
                    or (role == "member" and model in BY_COMMITTEE)
                    or role == "applicant"
                ):
                    expected = ""
                if (rights := self._rights(role, record)) != expected:
                    wrong[role, model] = rights
        self.assertEqual(wrong, {})

    def test_other_association(self):
        """R43: nobody has rights on the records of another association."""
        wrong = {
            (role, model): rights
            for model, record in self.beyond.items()
            for role in ROLES
            if (rights := self._rights(role, record))
        }
        self.assertEqual(wrong, {})

    def test_search(self):
        """R43: a search finds exactly the records that the user may read."""
        wrong = {}
        for model in RIGHTS:
            worlds = [world[model] for world in (self.own, self.foreign, self.beyond)]
            ids = [id_ for records in worlds for id_ in records.ids]
            for role in ROLES:
                seen = self._as(role, self.env[model])
                if not seen.has_access("read"):
                    with self.assertRaises(AccessError):
                        seen.search([("id", "in", ids)])
                    continue
                readable = [
                    record.id
                    for records in worlds
                    for record in self._as(role, records)
                    if record.has_access("read")
                ]
                found = seen.search([("id", "in", ids)]).ids
                if sorted(found) != sorted(set(readable)):
                    wrong[role, model] = (found, readable)
        self.assertEqual(wrong, {})

    def test_company_rules(self):
        """R43: every model with an association has a global rule on it."""
        rules = defaultdict(str)
        for rule in self.env["ir.rule"].search([("groups", "=", False)]):
            rules[rule.model_id.model] += rule.domain_force or ""
        for name, model in self._our_models().items():
            if not model._transient and name not in NOBODYS:
                with self.subTest(model=name):
                    self.assertIn("company_ids", rules[name])

    def test_active_association(self):
        """R43: a user of two associations sees the records of the active ones only."""
        both = self._make_user("br_both", "manager", self.company)
        both.company_ids |= self.other
        model = self.env["beneficiary.request"].with_user(both)
        ids = [world["beneficiary.request"].id for world in (self.own, self.beyond)]
        for companies, expected in (
            (self.company, ids[:1]),
            (self.other, ids[1:]),
            (self.company | self.other, ids),
        ):
            seen = model.with_context(allowed_company_ids=companies.ids)
            self.assertCountEqual(seen.search([("id", "in", ids)]).ids, expected)

    def test_shared_records(self):
        """R43: all staff may read a record without an association; nobody writes it."""
        for model in SHARED:
            record = (
                self.own[model].sudo().copy({"company_id": False, "name": "Shared"})
            )
            for role in ("delegate", "manager", "outsider"):
                with self.subTest(model=model, role=role):
                    self.assertEqual(self._rights(role, record), "r")

    def test_wizards(self):
        """Only the user who opened a form sees it: it may hold a vote or signature."""
        values = {
            "beneficiary.request.move": {"move": "submit"},
            "beneficiary.archive.reason": {
                "res_model": "beneficiary.branch",
                "res_ids": "0",
                "reason": "Why so",
            },
            "beneficiary.file.move": {"move": "suspend", "reason": "x"},
            "beneficiary.succession": {"reason": "x"},
            "beneficiary.succession.line": {},
            "beneficiary.document.add": {},
            "beneficiary.document.add.line": {"file": PIXEL},
            "beneficiary.document.match": {"source": "x"},
            "beneficiary.notice.told": {
                "channel_id": self._channel("phone").id,
                "text": "What was told",
            },
            "beneficiary.portal.invite": {},
            "beneficiary.rating.record": {
                "rate": "5",
                "channel_id": self._channel("phone").id,
            },
            "beneficiary.referral.move": {"move": "revoke"},
            "beneficiary.appointment.move": {"move": "cancel"},
            "beneficiary.referral.send": {
                "kind": "clarification",
                "question": "x",
                "researcher_id": self.researcher.id,
            },
            "beneficiary.file.match": {},
            "beneficiary.file.match.line": {},
            "beneficiary.vote.wizard": {"choice": "reject"},
            "beneficiary.delivery.move": {"move": "hand"},
            "beneficiary.delivery.plan": {},
            "beneficiary.delivery.plan.line": {"planned_date": TODAY},
            "beneficiary.disbursement.move": {},
            "beneficiary.disbursement.answer": {"file": "eA==", "paid_on": TODAY},
            "beneficiary.decision.move": {},
            "beneficiary.merge": {},
            "beneficiary.policy.compare": dict.fromkeys(
                ("earlier_id", "later_id"), self.own["beneficiary.policy"].id
            ),
            "beneficiary.seal.verify": {},
            "beneficiary.setup": {},
            "beneficiary.setup.person": {"name": "x", "email": "x", "role": "member"},
            "beneficiary.setup.service": {"code": "x"},
            "beneficiary.demo.removal": {},
            "beneficiary.assign": {"user_id": self.officer.id},
            "beneficiary.request.each": {"move": "release"},
            "beneficiary.merge.line": {"field_name": "name", "choice": "first"},
            "beneficiary.session.move": {"move": "cancel"},
        }
        wholes = {
            "beneficiary.delivery.plan.line": ("plan_id", "request_id"),
            "beneficiary.document.add.line": ("wizard_id", "request_id"),
            "beneficiary.file.match.line": ("match_id", "beneficiary_id"),
            "beneficiary.merge.line": ("wizard_id", "pair_id"),
            "beneficiary.setup.person": ("setup_id", "policy_id"),
            "beneficiary.setup.service": ("setup_id", "policy_id"),
            "beneficiary.succession.line": ("wizard_id", "beneficiary_id"),
        }
        many = {
            "beneficiary.document.match": "document_ids",
            "beneficiary.assign": "request_ids",
            "beneficiary.request.each": "request_ids",
        }
        for model, roles in WIZARDS.items():
            vals = values[model] | {
                name: self.own[field.comodel_name].ids[0]
                for name, field in self.env[model]._fields.items()
                if name
                in (
                    "request_id",
                    "decision_id",
                    "beneficiary_id",
                    "referral_id",
                    "notice_id",
                    "delivery_id",
                    "disbursement_id",
                    "pair_id",
                    "session_id",
                    "appointment_id",
                )
            }
            if name := many.get(model):
                target = self.env[model]._fields[name].comodel_name
                vals[name] = self.own[target].ids
            for role in ROLES:
                with self.subTest(model=model, role=role):
                    wizards = self._as(role, self.env[model])
                    if role not in roles:
                        with self.assertRaises(AccessError):
                            wizards.create(vals)
                        continue
                    if model in wholes:  # only on a form of the same user
                        name, target = wholes[model]
                        whole = wizards[name]
                        about = self.own[whole._fields[target].comodel_name]
                        given = values[whole._name] | {target: about.id}
                        vals[name] = whole.create(given).id
                        whole.env.flush_all()
                    wizard = wizards.create(vals)
                    self.assertEqual(self._rights(role, wizard), "rwcu")
                    for someone in {"officer", "manager", "chair"} - {role}:
                        self.assertEqual(self._rights(someone, wizard), "")

    # -- delegates and committee members: all ways of reading ----------------------

    def _assert_sees_only_own(self, role, model, text):
        """Check by every way of reading that ``role`` sees only the own record."""
        own, foreign = self.own[model], self.foreign[model]
        seen = self._as(role, self.env[model])
        ids = [("id", "in", (own | foreign).ids)]
        self.assertEqual(seen.search(ids), own)
        self.assertEqual(seen.search_count(ids), 1)
        self.assertEqual([row["id"] for row in seen.search_read(ids, ["id"])], own.ids)
        self.assertEqual(
            [row["id"] for row in seen.web_search_read(ids, {"id": {}})["records"]],
            own.ids,
        )
        self.assertEqual(
            seen.formatted_read_group(ids, ["company_id"], ["__count"])[0]["__count"], 1
        )
        names = seen.name_search("", ids, limit=None)
        self.assertEqual([id_ for id_, _name in names], own.ids)
        for method, args in (
            ("read", [["display_name"]]),
            ("web_read", [{"display_name": {}}]),
            ("export_data", [["display_name"]]),
            ("copy", []),
        ):
            with self.assertRaises(AccessError, msg=method):
                call_kw(seen, method, [foreign.ids, *args], {})
        rows = seen.search(ids).export_data([text])["datas"]
        self.assertEqual(len(rows), 1)

    def test_delegate_sees_own_branch(self):
        """R6: a delegate sees only the own branch, by every way of reading."""
        for model, text in (
            ("beneficiary.beneficiary", "name"),
            ("beneficiary.request", "description"),
            ("beneficiary.interaction", "subject"),
        ):
            with self.subTest(model=model):
                self._assert_sees_only_own("delegate", model, text)

    def test_delegate_works_in_own_branch(self):
        """R6: a delegate creates nothing in another branch, nor for its people."""
        far = self.foreign["beneficiary.branch"]
        stranger = self.foreign["beneficiary.beneficiary"]
        for model in ("beneficiary.beneficiary", "beneficiary.interaction"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self._as("delegate", self.own[model]).copy({"branch_id": far.id})
        self.own["beneficiary.request"]._write_flow({"state": "draft"})
        for model in (
            "beneficiary.request",
            "beneficiary.interaction",
            "beneficiary.document",
        ):
            record = self._as("delegate", self.own[model])
            with self.subTest(model=model):
                with self.assertRaises(AccessError):
                    record.copy({"beneficiary_id": stranger.id})
                with self.assertRaises(AccessError):
                    record.write({"beneficiary_id": stranger.id})

    def test_member_sees_own_committee(self):
        """Roles: a committee member sees only requests of the own committee."""
        for model, text in (
            ("beneficiary.beneficiary", "name"),
            ("beneficiary.request", "description"),
        ):
            with self.subTest(model=model):
                self._assert_sees_only_own("member", model, text)

    def test_member_sees_only_what_was_raised(self):
        """Roles: the committee cannot see a request that was never raised."""
        self.own["beneficiary.request"]._write_flow({"raised_on": False})
        for model in ("beneficiary.request", "beneficiary.request.step"):
            self.assertEqual(self._rights("member", self.own[model]), "")
        self.assertEqual(
            self._rights("member", self.own["beneficiary.beneficiary"]), ""
        )

    # -- contacts -----------------------------------------------------------------

    def test_contact_is_hidden(self):
        """R43: only the office and contact readers see the contact behind a file."""
        contact = self.file._get_or_create_contacts()
        self.assertEqual(contact.company_id, self.company)
        for role in (*ROLES, "outsider"):
            with self.subTest(role=role):
                visible = role in ("officer", "manager", "contact_reader")
                seen = self._as(role, contact)
                self.assertEqual(seen.has_access("read"), visible)
                if seen.browse().has_access("read"):
                    found = seen.search([("id", "=", contact.id)])
                    self.assertEqual(bool(found), visible)
        other = self.env["res.partner"].create({"name": "Supplier"})
        self.assertTrue(self._as("stranger", other).has_access("read"))

    def test_contact_of_oneself(self):
        """R43: a portal user sees the own contact and no other hidden one."""
        contact = self.file._get_or_create_contacts()
        self.applicant.partner_id = contact
        self.assertTrue(self._as("applicant", contact).has_access("read"))
        second = self.own["beneficiary.beneficiary"]._get_or_create_contacts()
        self.assertFalse(self._as("applicant", second).has_access("read"))

    @users("br_stranger")
    def test_contact_flag_is_hidden(self):
        """R43: other staff cannot search by the flag that marks contacts of files."""
        with self.assertRaises(AccessError):
            self.env["res.partner"].search([("is_beneficiary_contact", "=", True)])

    # -- the portal ------------------------------------------------------------------

    def test_portal_fields(self):
        """Safety: on own records, a portal user can read only the listed fields."""
        for model, hidden in (
            ("beneficiary.request", "state"),
            ("beneficiary.beneficiary", "phone"),
        ):
            record = self._as("applicant", self.own[model])
            with self.subTest(model=model):
                self._assert_fields(record, PORTAL_READS[model])
                self._assert_hidden(record, hidden)

    def test_portal_related_fields(self):
        """Safety: related fields that are hidden cannot be grouped or sorted either."""
        asked = 0
        for model in ("beneficiary.request", "beneficiary.beneficiary"):
            record = self._as("applicant", self.own[model])
            hidden = [
                field
                for name, field in record._fields.items()
                if field.related and not field.store and name not in PORTAL_READS[model]
            ]
            for field in hidden:
                date = field.type in ("date", "datetime")
                name = f"{field.name}:month" if date else field.name
                for ask in (
                    ("formatted_read_group", [], [name], ["__count"]),
                    ("formatted_read_group", [], [], [f"{field.name}:count_distinct"]),
                    ("search", [], 0, None, field.name),
                ):
                    method, *args = ask
                    # Odoo cannot group some types of fields at all.
                    with (
                        self.subTest(field=str(field), ask=ask),
                        suppress(AccessError, ValueError),
                    ):
                        self.fail(getattr(record, method)(*args))
                    asked += 1
        self.assertGreater(asked, 20)

    def test_staff_related_fields(self):
        """Roles: a user who may not read a field cannot group by it either."""
        contact = self.file._get_or_create_contacts()
        self.assertTrue(contact)
        requests = self._as("delegate", self.own["beneficiary.request"])
        with self.assertRaises(AccessError):
            requests.formatted_read_group([], ["partner_id"], ["__count"])

    def _assert_fields(self, record, allowed):
        """Check that ``allowed`` are the only fields to read, and none is written."""
        access = {
            operation: {
                name
                for name, field in record._fields.items()
                if record._has_field_access(field, operation)
            }
            for operation in ("read", "write")
        }
        self.assertEqual(access, {"read": allowed, "write": set()})

    def _assert_hidden(self, record, name):
        """Check that no way of asking about field ``name`` gives an answer."""
        for ask in (
            lambda: record.read([name]),
            lambda: record.search([(name, "=", "decided")]),
            lambda: record.search([], order=name),
            lambda: record.search_read([], [name]),
            lambda: record.formatted_read_group([], [name], ["__count"]),
            lambda: record.filtered_domain([(name, "=", "decided")]),
            lambda: record[name],
        ):
            record.invalidate_recordset()
            with self.assertRaises(AccessError):
                ask()

    def _public_methods(self, model):
        """Return the methods of ``model`` from this addon that RPC may call."""
        return {
            name
            for cls in type(model).__mro__
            if cls.__module__.startswith("odoo.addons.beneficiary_relations")
            for name, value in vars(cls).items()
            if inspect.isfunction(value) and not name.startswith("_")
        }

    def _call(self, records, name):
        """Call method ``name`` on ``records`` over RPC, with plausible arguments."""
        method = getattr(type(records), name)
        plausible = {
            "vals_list": [{}],
            "vals": {"active": False},
            "choice": "accept",
            "source": "The card",
            "evidence": "What was done",
            "reason": "x",
            "signed_by": "x",
            "minutes": 5,
            "signature": "eA==",
            "channel_id": self._channel("phone").id,
            "text": "x",
            "answer": "The answer",
            "fields_to_export": ["id"],
            "file_ids": [1],
            "msg_dict": {"subject": "x", "email_from": "x@example.com"},
            "researcher_id": self.researcher.id,
            "template": 1,
            "rate": 5,
            "user_id": self.officer.id,
            "start": "2030-01-01 09:00:00",
        }
        parameters = list(inspect.signature(method).parameters.values())[1:]
        args = {
            parameter.name: plausible[parameter.name]
            for parameter in parameters
            if parameter.name in plausible
        }
        ids = [] if getattr(method, "_api_model", False) else [records.ids]
        return call_kw(records, name, ids, args)

    def _get_answered(self, role, worlds, skip=()):
        """Return which public methods of the addon do not refuse ``role``."""
        answered, tried = set(), 0
        for name in self._our_models():
            model = self.env[name]
            methods = self._public_methods(model) - OVERRIDDEN - {*skip}
            if model._transient:  # each user may fill in own forms
                methods -= {"create", "write"}
            for world in worlds:
                records = self._as(role, world.get(name, model.browse(1)))
                for method in methods:
                    tried += 1
                    try:
                        with self.env.cr.savepoint(), mute_logger(MAIL_LOGGER):
                            self._call(records, method)
                    except UserError:
                        continue
                    answered.add(f"{name}.{method}")
        self.assertGreater(tried, 60)
        return answered

    def test_hostile_portal_user(self):
        """R43: no public method does anything for a portal user on foreign records."""
        self.assertEqual(
            self._get_answered("applicant", [self.foreign, self.beyond]), set()
        )
        request = self.own["beneficiary.request"]
        before = request.read(["state", "write_date", "step_ids", "decision_ids"])
        self.assertEqual(
            self._get_answered("applicant", [self.own]),
            {
                # The own records, and the conversation about them.
                "beneficiary.beneficiary.action_view_interactions",
                "beneficiary.beneficiary.action_view_requests",
                "beneficiary.request.message_notify",
                "beneficiary.request.message_post",
                "beneficiary.request.message_subscribe",
            },
        )
        self.env.invalidate_all()
        self.assertEqual(
            request.read(["state", "write_date", "step_ids", "decision_ids"]), before
        )

    def test_hostile_staff(self):
        """R43: no public method serves strangers, or staff of another association."""
        self.assertEqual(self._get_answered("stranger", [self.own]), set())
        # Their own records they may make: among them a page of their own figures.
        made = {"create", "action_open_page"}
        self.assertEqual(self._get_answered("outsider", [self.own], skip=made), set())

    def test_public_user(self):
        """Safety: a visitor who is not signed in can read no model of ours."""
        public = self.env.ref("base.public_user")
        for name, model in self._our_models().items():
            with self.subTest(model=name):
                for operation in OPERATIONS.values():
                    self.assertFalse(model.with_user(public).has_access(operation))
