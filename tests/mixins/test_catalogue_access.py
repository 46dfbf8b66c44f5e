import importlib.util

from odoo import Command
from odoo.exceptions import AccessError
from odoo.modules import get_module_path
from odoo.tests import tagged

from ..common import BeneficiaryCommon

CATALOGUE = "beneficiary.catalogue.mixin"
CHANNEL = "beneficiary.channel"
# Part of the rules of models that belong to the association of their policy.
THROUGH_POLICY = "policy_id.company_id"


@tagged("post_install", "-at_install")
class TestCatalogueAccess(BeneficiaryCommon):
    """No association can change the catalogues that all associations share (R43)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._make_user("br_admin", "manager", cls.company)
        cls.admin.group_ids += cls.env.ref("base.group_system")

    def _get_models(self, parent=None):
        """Yield the stored models of the addon; only those that inherit ``parent``."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not name.startswith("beneficiary.") or not model._auto:
                continue
            if model._abstract or model._transient:
                continue
            if not parent or issubclass(type(model), self.registry[parent]):
                yield model

    def _get_catalogues(self):
        names = [
            name
            for name in self.registry
            if CATALOGUE in self.registry[name]._inherit_module
        ]
        return [self.env[name] for name in names if not self.env[name]._abstract]

    def _get_vals(self, model):
        vals = {"name": "Ours"}
        if "code" in model._fields:
            vals["code"] = "ours"
        return vals

    def test_shared_is_read_only(self):
        """R43: a manager can read a shared record, but not rename or archive it."""
        models = self._get_catalogues()
        self.assertEqual(len(models), 5)
        for model in models:
            shared = model.search([("company_id", "=", False)], limit=1)
            for user in (self.manager, self.outsider):
                with self.subTest(model=model._name, user=user.login):
                    self.assertTrue(
                        self._call_as(user, model._name, "read", shared.ids, ["name"])
                    )
                    for method, *args in (
                        ("write", {"name": "Mine now"}),
                        ("write", {"active": False}),
                        ("write", {"company_id": user.company_id.id}),
                        ("action_archive",),
                        ("unlink",),
                    ):
                        with self.assertRaises(AccessError):
                            self._call_as(user, model._name, method, shared.ids, *args)
                    with self.assertRaises(AccessError):
                        vals = {**self._get_vals(model), "company_id": False}
                        self._call_as(user, model._name, "create", vals)
            self._call_as(
                self.admin, model._name, "write", shared.ids, {"sequence": 77}
            )
            self.assertEqual(shared.sequence, 77)

    def test_own_lines(self):
        """R43: a record that a manager adds belongs to the own association only."""
        for model in self._get_catalogues():
            with self.subTest(model=model._name):
                ids = self._call_as(
                    self.manager, model._name, "create", [self._get_vals(model)]
                )
                own = model.browse(ids)
                self.assertEqual(own.company_id, self.company)
                self._call_as(
                    self.manager, model._name, "write", ids, {"name": "Other"}
                )
                self._call_as(
                    self.manager, model._name, "action_archive_because", ids, "Unused"
                )
                self.assertFalse(own.active)
                for method, *args in (
                    ("read", ["name"]),
                    ("write", {"name": "Theirs"}),
                    ("unlink",),
                ):
                    with self.assertRaises(AccessError):
                        self._call_as(self.outsider, model._name, method, ids, *args)
                # The same code is free in another association.
                self._call_as(
                    self.outsider, model._name, "create", self._get_vals(model)
                )

    def test_portal_stays_open(self):
        """R26: changes of one association to its channels stop no other's portal."""
        website = self._channel("website")
        for vals in ({"is_portal": False}, {"active": False}, {"name": "Closed"}):
            with self.assertRaises(AccessError):
                self._call_as(self.outsider, CHANNEL, "write", website.ids, vals)
        policy = self.company._get_beneficiary_policy()
        self.assertTrue(policy._get_channels().filtered("is_portal"))

    def test_every_model_has_an_association(self):
        """R43: every table of the addon has a rule by association, or only
        administrators may write it."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        domains = {}
        for rule in rules:
            if rule.perm_write:
                domains.setdefault(rule.model_id.model, []).append(rule.domain_force)
        for model in self._get_models():
            with self.subTest(model=model._name):
                written = self.env["ir.model.access"].search(
                    [
                        ("model_id.model", "=", model._name),
                        "|",
                        ("perm_write", "=", True),
                        ("perm_create", "=", True),
                    ]
                )
                kept = [
                    domain
                    for domain in domains.get(model._name, [])
                    if "company_id" in domain and "company_ids" in domain
                ]
                self.assertTrue(kept or not written)
                self.assertTrue(
                    "company_id" in model._fields
                    or any(THROUGH_POLICY in domain for domain in kept)
                    or not written
                )

    def test_upgrade(self):
        """An upgrade gives a channel that only one association uses to that one."""
        channels = self.env[CHANNEL].create(
            [{"name": f"Made {code}", "code": code} for code in ("own", "both", "none")]
        )
        own, both, none = channels
        for company, used in ((self.company, own | both), (self.other, both)):
            self.env["beneficiary.policy"].create(
                {
                    "name": "Draft",
                    "company_id": company.id,
                    "channel_line_ids": [
                        Command.create({"channel_id": channel.id}) for channel in used
                    ],
                }
            )
        rule = self.env.ref("beneficiary_relations.tool_rule_company_write")
        wanted = rule.domain_force
        rule.domain_force = "[('company_id', 'in', company_ids)]"
        path = get_module_path("beneficiary_relations")
        spec = importlib.util.spec_from_file_location(
            "beneficiary_lists", f"{path}/migrations/19.0.1.2.0/post-catalogues.py"
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(own.company_id, self.company)
        self.assertFalse((both | none).company_id)
        self.assertFalse(self._channel("delegate").company_id)
        self.assertEqual(rule.domain_force, wanted)
