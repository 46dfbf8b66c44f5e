from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.mixins.id_guard_mixin import OURS, RELATIONAL
from ..common import BeneficiaryCommon

# A word in every text of the foreign records: an answer that holds it is a leak.
MARKER = "Zarqawiyya"
PHONE = "+966500000077"


class ForeignIdsCase(BeneficiaryCommon):
    """Records of all models that belong to another branch than the actors'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_branch = cls.env["beneficiary.branch"].create(
            {"name": f"{MARKER} branch", "company_id": cls.company.id}
        )
        cls.file.write({"branch_id": cls.other_branch.id})
        cls.file.write({"name": MARKER, "phone": PHONE})
        # The delegate has no branch; the outsider belongs to another association.
        cls.actors = (cls.outsider, cls.delegate, cls.stranger, cls.applicant_of_none())

    @classmethod
    def applicant_of_none(cls):
        return cls._make_user("br_neighbour", None, cls.company)

    def setUp(self):
        super().setUp()
        self.request = self._make_request("verified")
        self.env["beneficiary.referral"].with_user(self.officer)._send(
            self.request.with_user(self.officer),
            self.researcher,
            MARKER,
            "clarification",
            self.company._get_beneficiary_today() + timedelta(days=5),
        )
        decided = self._make_request("in_review", description=MARKER)
        self.env["beneficiary.committee.session"].create(
            {
                "committee_id": self.committee.id,
                "start": fields.Datetime.now() + timedelta(days=2),
                "stop": fields.Datetime.now() + timedelta(days=2, hours=1),
                "place": MARKER,
                "item_ids": [Command.create({"request_id": decided.id})],
            }
        )
        self._advance(decided, "registered")
        self._plan_delivery(decided, goods=MARKER)
        self._make_the_rest()

    def _make_the_rest(self):
        company = self.company.id
        self.env["beneficiary.outreach"].create(
            {
                "name": MARKER,
                "company_id": company,
                "channel_id": self._channel("phone").id,
                "officer_id": self.officer.id,
                "line_ids": [Command.create({"beneficiary_id": self.file.id})],
            }
        )
        self.env["beneficiary.interaction"].create(
            {
                "subject": MARKER,
                "company_id": company,
                "beneficiary_id": self.file.id,
                "branch_id": self.other_branch.id,
                "channel_id": self._channel("phone").id,
                "officer_id": self.officer.id,
            }
        )
        self.env["beneficiary.household.member"].create(
            {
                "beneficiary_id": self.file.id,
                "name": f"{MARKER} ابن",
                "relation": "child",
            }
        )
        self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": self.file.id,
                "name": f"{MARKER} ولي",
                "phone": PHONE,
                "relation": "guardian",
            }
        )
        self.env["beneficiary.committee.interest"].create(
            {
                "user_id": self.member.id,
                "company_id": company,
                "name": MARKER,
                "identity_type": "iqama",
                "identity_number": "2000000006",
            }
        )
        self.env["res.partner"].create(
            {"name": MARKER, "company_id": company, "is_beneficiary_contact": True}
        )


@tagged("post_install", "-at_install", "without_demo")
class TestForeignIds(ForeignIdsCase):
    """The id of a record that the user may not read gives no information (R43)."""

    def _doors(self):
        """Yield (model, field) for each field of ours that can name a record."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not name.startswith(OURS) or model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                # A many2one_reference, as in a seal, names no model by itself.
                if field.type in RELATIONAL[:4] and field.name not in MAGIC_COLUMNS:
                    yield model, field

    def _find_foreign(self, model, user):
        """Return a record of ``model`` that ``user`` may not read, if there is one."""
        records = self.env[model].sudo().with_context(active_test=False)
        if records._abstract:
            return records
        for record in records.search(Domain.TRUE, order="id desc", limit=20):
            if not self._read_as(user, record).has_access("read"):
                return record
        return records.browse()

    def _value(self, field, record):
        """Return ``record`` as a form would write it into ``field``."""
        if field.type == "many2one":
            return record.id
        if field.type == "reference":
            return f"{record._name},{record.id}"
        return [[Command.LINK, record.id, False]]

    def _try(self, user, model, method, *args, context=None):
        """Return the text of the answer or refusal, and whether the call succeeded."""
        try:
            with (
                self.env.cr.savepoint(),
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.sql_db"),
            ):
                args = args if method in ("default_get", "create") else ([], *args)
                answer = self._call(user, model._name, method, *args, context=context)
                self.env.flush_all()
                return str(answer), True
        except UserError as error:
            return str(error), False

    def _call(self, user, model, method, *args, context=None):
        """Call ``method`` as the web client of ``user`` does."""
        return call_kw(
            self.env(user=user.id, context={})[model],
            method,
            list(args),
            {
                "context": {
                    "allowed_company_ids": user.company_ids.ids,
                    "lang": "en_US",
                    **(context or {}),
                }
            },
        )

    def _read_as(self, user, record):
        context = {"allowed_company_ids": user.company_ids.ids}
        return record.with_env(self.env(user=user.id, context=context, su=False))

    def _specify(self, model, user):
        """Return the specification of a form: all fields, with names of records."""
        names = self._read_as(user, model).fields_get(attributes=["type"])
        return {
            name: (
                {"fields": {"display_name": {}}}
                if description["type"] in ("many2one", "many2many", "one2many")
                else {}
            )
            for name, description in names.items()
            if name != "id" and description["type"] != "properties"
        }

    def test_no_door_answers(self):
        """``onchange``, ``default_get`` and ``create`` reveal nothing about a foreign
        id.

        Requirement R43. Each relational field of each model and form of the addon is
        tried by four users: one of another association, a delegate of no branch, one
        without a group, and a portal user.
        """
        tried = 0
        for user in self.actors:
            specifications = {}
            for model, field in self._doors():
                comodel = field.comodel_name or "beneficiary.request"
                record = self._find_foreign(comodel, user)
                if not record:
                    continue
                value = self._value(field, record)
                specification = specifications.setdefault(
                    model._name, self._specify(model, user)
                )
                context = {f"default_{field.name}": value}
                doors = {
                    "changed": ("onchange", {field.name: value}, [field.name]),
                    "create": ("create", {field.name: value}),
                }
                for door, (method, *args) in doors.items():
                    if method == "onchange":
                        args.append(specification)
                    said, _done = self._try(user, model, method, *args)
                    self._assert_silent(user, model, field, door, said)
                for door, method, args in (
                    ("default", "default_get", [[field.name]]),
                    ("default form", "onchange", [{}, [], specification]),
                    ("default create", "create", [{}]),
                ):
                    said, done = self._try(user, model, method, *args, context=context)
                    self._assert_silent(user, model, field, door, said)
                    if door == "default":
                        self.assertFalse(done, f"{user.login} {field} {said}")
                tried += 5
        self.assertGreater(tried, 1000)

    def _assert_silent(self, user, model, field, door, said):
        with self.subTest(user=user.login, field=str(field), door=door):
            self.assertNotIn(MARKER, said)
            self.assertNotIn(PHONE, said)

    def test_refusal_names_the_field(self):
        """The refusal names the field to choose again, and nothing else (R43)."""
        for name, args in (
            ("create", [{"beneficiary_id": self.file.id}]),
            (
                "onchange",
                [[], {"beneficiary_id": self.file.id}, ["beneficiary_id"], {}],
            ),
        ):
            with self.assertRaises(AccessError) as refused:
                self._call(self.outsider, "beneficiary.request", name, *args)
            self.assertIn("Beneficiary", str(refused.exception))
            self.assertIn("Choose it again", str(refused.exception))

    def test_lines_and_pairs(self):
        """An id inside a line, a pair or a dictionary is checked too (R43)."""
        outreaches = self.env["beneficiary.outreach"].with_user(self.outsider)
        specification = {
            "line_ids": {"fields": {"beneficiary_id": {"fields": {"display_name": {}}}}}
        }
        line = {"beneficiary_id": self.file.id}
        for values in (
            {"line_ids": [[Command.CREATE, "virtual_1", line]]},
            {
                "line_ids": [
                    [
                        Command.CREATE,
                        0,
                        {"beneficiary_id": {"id": self.file.id, "name": "x"}},
                    ]
                ]
            },
            {"line_ids": [line]},
        ):
            with self.subTest(values=values):
                said, _done = self._try(
                    self.outsider,
                    outreaches,
                    "onchange",
                    values,
                    ["line_ids"],
                    specification,
                )
                self.assertNotIn(MARKER, said)

    def test_odoo_models(self):
        """Odoo's own forms do not name a hidden contact or a record of ours (R43)."""
        contact = self.env["res.partner"].search([("name", "=", MARKER)], limit=1)
        activity = {
            "res_model": "beneficiary.request",
            "res_model_id": self.env["ir.model"]._get_id("beneficiary.request"),
            "res_id": self.request.id,
        }
        name = {"fields": {"display_name": {}}}
        for model, values, specification in (
            ("calendar.event", {"partner_id": contact.id}, {"partner_id": name}),
            ("res.partner", {"parent_id": contact.id}, {"parent_id": name}),
            ("mail.activity", activity, {"res_name": {}, "res_id": {}}),
        ):
            with self.subTest(model=model):
                self.stranger.group_ids += self.env.ref("base.group_partner_manager")
                said, done = self._try(
                    self.stranger,
                    self.env[model],
                    "onchange",
                    values,
                    list(values),
                    specification,
                )
                self.assertFalse(done, said)
                self.assertNotIn(MARKER, said)
                self.assertNotIn(self.request.name, said)

    def test_contact_under_a_hidden_one(self):
        """A contact under a hidden one is refused: it shows the parent name (R43)."""
        contact = self.env["res.partner"].search([("name", "=", MARKER)], limit=1)
        self.stranger.group_ids += self.env.ref("base.group_partner_manager")
        partners = self.env["res.partner"].with_user(self.stranger)
        mine = partners.create({"name": "Mine"})
        under = {"name": "Under", "parent_id": contact.id}
        for name, args in (("create", [under]), ("write", [mine.ids, under])):
            with self.assertRaises(AccessError):
                self._call(self.stranger, "res.partner", name, *args)

    def test_what_is_there_stays(self):
        """A user may save a record with a present value that the user cannot read."""
        committee = self.env["beneficiary.committee"].create(
            {"name": "Hidden", "company_id": self.company.id}
        )
        service = self.service.copy({"name": "Blankets"})
        service.committee_id = committee
        self.env["ir.rule"].create(
            {
                "name": "Hides a committee",
                "model_id": self.env["ir.model"]._get_id(committee._name),
                "domain_force": f"[('id', '!=', {committee.id})]",
            }
        )
        model = "beneficiary.service"
        for name, args in (
            ("write", [service.ids, {"committee_id": committee.id, "name": "Warm"}]),
            (
                "onchange",
                [
                    service.ids,
                    {"committee_id": committee.id, "name": "Warm"},
                    ["name"],
                    {"name": {}},
                ],
            ),
        ):
            self._call(self.manager, model, name, *args)
        self.assertEqual(service.name, "Warm")
        with self.assertRaises(AccessError):
            self._call(
                self.manager,
                model,
                "write",
                [service.id, self.service.id],
                {"committee_id": committee.id},
            )

    def test_identity_number_elsewhere(self):
        """Nobody learns whether another association knows a person (R43)."""
        with self.assertRaises(AccessError):
            self._call(
                self.outsider,
                "beneficiary.beneficiary",
                "onchange",
                [],
                {"company_id": self.company.id, "identity_number": "1000000008"},
                ["identity_number"],
                {"is_identity_taken": {}},
            )

    def test_refused_read_names_nothing(self):
        """Odoo's own refusal does not name the record, even in debug mode (R43)."""
        request = self._read_as(self.outsider, self.request)
        # Every user may switch on debug mode, in which Odoo lists names and rules.
        with patch.object(
            type(self.env["res.users"]), "has_group", lambda *_args: True
        ):
            error = request.env["ir.rule"]._make_access_error("read", request)
        self.assertNotIn(self.request.display_name, str(error))
        self.assertNotIn(str(self.request.id), str(error))
