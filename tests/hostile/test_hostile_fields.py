from zlib import crc32

from odoo import Command
from odoo.tests import tagged

from .arguments import Aim
from .common import ACTORS, WHOLE, WORLDS, HostileCase

# Fields that Odoo always writes itself.
MAGIC = {"create_uid", "write_uid"}


@tagged("post_install", "-at_install", "without_demo")
class TestHostileFields(HostileCase):
    """R43, R21, R20: a foreign identifier in a field of an own record reveals nothing.

    Related and computed values run as superuser. Code that takes an identifier from
    outside must first check whether the user may read the record.
    """

    def test_relations(self):
        """R43: every relational field of every model, by every method with values."""
        for model in self._our_models():
            for name, field in self.env[model]._fields.items():
                if (
                    name not in MAGIC
                    and field.relational
                    and self.victims.get(field.comodel_name)
                ):
                    self._try_field(model, name, field)
        self.tell("fields")

    def _try_field(self, model, name, field):
        salt = crc32(f"{model}{name}".encode())
        for turn, actor in enumerate(ACTORS):
            doors = self._get_doors(model, actor)
            form = self.env[model].with_user(self.actors[actor])
            if not WHOLE:
                if (salt + turn) % 2:
                    continue  # every second attacker tries a field
                doors = [doors[(salt + turn) % len(doors)]]
            is_asked = WHOLE or (salt + turn) % 6 == 0
            if is_asked and form.has_access("create"):
                doors = [*doors, self._onchange_each]
            for foreign in self._get_foreign(field, f"{model}{name}{actor}"):
                for door in doors:
                    aim = Aim(self, self.actors[actor], model, foreign)
                    value = (
                        [Command.link(foreign)] if "2many" in field.type else foreign
                    )
                    door(actor, aim, name, value)

    def _get_foreign(self, field, salt):
        ids = list(dict.fromkeys(self.victims[field.comodel_name]))
        return ids[-2:] if WHOLE else [ids[crc32(salt.encode()) % len(ids)]]

    def _get_doors(self, model, actor):
        doors = [
            self._onchange,
            self._onchange_default,
            self._default_get,
            self._create,
            self._web_save,
            self._name_create,
            self._load,
        ]
        return [*doors, self._write] if self._get_own(model, actor) else doors

    def _get_own(self, model, actor):
        """Return a record from the actor's own world, as superuser."""
        worlds = {"Foreign": self.foreign, "Other": self.beyond}
        return worlds.get(WORLDS.get(actor), {}).get(model)

    def _get_vals(self, actor, aim, name, value):
        own = self._get_own(aim.model, actor)
        return {**(own.copy_data()[0] if own else aim.words()), name: value}

    def _field_rpc(self, actor, aim, name, method, *args, **kwargs):
        """Call ``method``; finds are grouped by field."""
        context = kwargs.pop("context", None)
        self.try_call(
            f"{aim.model},{name}.{method}",
            actor,
            lambda: self.call(actor, aim.model, method, args, kwargs, context),
        )

    def _onchange(self, actor, aim, name, value):
        values = {name: value}
        self._field_rpc(actor, aim, name, "onchange", [], values, [name], aim.spec())

    def _onchange_each(self, actor, aim, name, value):
        for ask in aim.asks(name):
            args = ([], {name: value}, [name], ask)
            self._field_rpc(actor, aim, name, "onchange", *args)

    def _onchange_default(self, actor, aim, name, value):
        context = {f"default_{name}": value}
        args = ([], {}, [], aim.spec())
        self._field_rpc(actor, aim, name, "onchange", *args, context=context)

    def _default_get(self, actor, aim, name, value):
        context = {f"default_{name}": value}
        fields = list(aim.spec())
        self._field_rpc(actor, aim, name, "default_get", fields, context=context)

    def _create(self, actor, aim, name, value):
        vals = self._get_vals(actor, aim, name, value)
        self._field_rpc(actor, aim, name, "create", vals)

    def _web_save(self, actor, aim, name, value):
        vals = self._get_vals(actor, aim, name, value)
        self._field_rpc(actor, aim, name, "web_save", [], vals, aim.spec())

    def _name_create(self, actor, aim, name, value):
        context = {f"default_{name}": value}
        self._field_rpc(actor, aim, name, "name_create", "hacked", context=context)

    def _load(self, actor, aim, name, value):
        number = str(aim.id)
        self._field_rpc(actor, aim, name, "load", [f"{name}/.id"], [[number]])

    def _write(self, actor, aim, name, value):
        own = self._get_own(aim.model, actor)
        self._field_rpc(actor, aim, name, "write", own.ids, {name: value})
