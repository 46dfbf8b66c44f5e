from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BY_BRANCH, TODAY, WIZARDS, AccessCase


@tagged("post_install", "-at_install")
class TestForm(AccessCase):
    """R43: a form reveals nothing about a record that its user may not read."""

    def _get_targets(self, model):
        """Return the fields of form ``model`` that refer to records of the worlds."""
        names = self.env[model]._get_target_names()
        fields = {name: self.env[model]._fields[name] for name in names}
        return {
            name: field
            for name, field in fields.items()
            if field.comodel_name in self.own
        }

    def _prepare_vals(self, form, world):
        """Return values for the required fields of ``form``, using ``world``."""
        fillers = {"char": "x", "text": "x", "date": str(TODAY), "integer": 1}
        vals = {}
        for name, field in form._fields.items():
            if not field.required or field.compute:
                continue
            if field.type == "selection":
                vals[name] = field.get_values(self.env)[0]
            elif field.type in fillers:
                vals[name] = fillers[field.type]
            elif field.comodel_name in world:
                vals[name] = self._point_at(field, world[field.comodel_name][0])
            elif field.comodel_name in WIZARDS:
                parent = form.env[field.comodel_name]
                vals[name] = parent.create(self._prepare_vals(parent, world)).id
                parent.env.flush_all()
            elif field.comodel_name == "res.users":
                vals[name] = self.researcher.id
        return vals

    def _point_at(self, field, record):
        return record.id if field.type == "many2one" else [(6, 0, record.ids)]

    def _answer(self, form, method, vals):
        """Return the answer of ``form`` over RPC for all of its fields."""
        spec = {name: {"fields": {"display_name": {}}} for name in form._fields}
        args = [vals, spec] if method == "web_save" else [vals, list(vals), spec]
        answer = call_kw(form, method, [[], *args], {"context": dict(form.env.context)})
        form.env.flush_all()  # as the same user, like at the end of each call
        return answer

    def _refuse(self, role, model, name, record):
        """Check that ``role`` gets no answer if field ``name`` refers to ``record``."""
        field = self.env[model]._fields[name]
        pointed = {name: self._point_at(field, record)}
        form = self._as(role, self.env[model])
        for method in ("onchange", "web_save"):
            vals = self._prepare_vals(form, self.own) | pointed
            with (
                self.subTest(role=role, model=model, field=name, method=method),
                self.assertRaises(AccessError),
            ):
                self._answer(form, method, vals)
        opened = form.with_context(**{f"default_{name}": pointed[name]})
        for asked, vals in ((form, pointed), (opened, {})):
            with (
                self.subTest(role=role, model=model, field=name, vals=vals),
                self.assertRaises(AccessError),
            ):
                self._answer(asked, "onchange", vals)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_association(self):
        """R43: no form gives an answer about a record of another association."""
        for model, roles in WIZARDS.items():
            for name, field in self._get_targets(model).items():
                for role in roles:
                    self._refuse(role, model, name, self.beyond[field.comodel_name][0])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_branch(self):
        """R43: no form answers a delegate about a record of another branch."""
        for model, roles in WIZARDS.items():
            for name, field in self._get_targets(model).items():
                if "delegate" in roles and field.comodel_name in BY_BRANCH:
                    foreign = self.foreign[field.comodel_name][0]
                    self._refuse("delegate", model, name, foreign)

    def test_own(self):
        """R43: each form answers the roles that use it about their own records."""
        for model, roles in WIZARDS.items():
            for role in sorted(roles):
                form = self._as(role, self.env[model])
                for method in ("onchange", "web_save"):
                    with self.subTest(role=role, model=model, method=method):
                        vals = self._prepare_vals(form, self.own)
                        self.assertTrue(self._answer(form, method, vals))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_change_of_target(self):
        """R43: an opened form cannot be changed to another association's record."""
        form = self._as("member", self.env["beneficiary.vote.wizard"])
        form = form.create(self._prepare_vals(form, self.own))
        with self.assertRaises(AccessError):
            form.decision_id = self.beyond["beneficiary.decision"]

    def test_no_form_reads_as_superuser(self):
        """R43: all forms use the mixin, and none computes as superuser."""
        for model in WIZARDS:
            form = self.env[model]
            self.assertIsInstance(form, self.env.registry["beneficiary.form.mixin"])
            for field in form._fields.values():
                if field.compute:
                    with self.subTest(field=str(field)):
                        self.assertFalse(field.compute_sudo)
