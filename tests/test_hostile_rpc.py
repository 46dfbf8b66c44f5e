import inspect
from functools import partial
from zlib import crc32

from odoo.tests import tagged

from .hostile import (
    ACTORS,
    ARGUMENTS,
    KEYWORDS,
    REQUEST,
    TARGET_FIELDS,
    WHOLE,
    WRITERS,
    Aim,
    HostileCase,
)

# Wrong by type, each: what a robot sends.
WRONG = ("zzz", [[0]], {"a": 1}, -1, None)


@tagged("post_install", "-at_install")
class TestHostileRpc(HostileCase):
    """R43, R21, R20: over RPC nobody reads or changes what is not theirs."""

    def test_methods(self):
        """R43: every public method, called on what belongs to another."""
        for model, name, method in self.get_calls():
            for actor in ACTORS:
                for aim in self.get_aims(actor, model, name):
                    self._try_method(actor, aim, name, method)
        self.tell("methods")

    def _try_method(self, actor, aim, name, method):
        if self.env[aim.model]._transient and not getattr(method, "_api_model", False):
            return  # the forms of others are nobody's; see test_writers
        start = [] if getattr(method, "_api_model", False) else [[aim.id]]
        for context in self.get_contexts(aim, name):
            for args, kwargs in self._make_variants(aim, name, method):
                self.rpc(actor, aim.model, name, [*start, *args], kwargs, context)

    def _make_variants(self, aim, name, method):
        """Return positional and keyword arguments: right, few, wrong by type."""
        parameters = list(inspect.signature(method).parameters.values())[1:]
        named = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        given = KEYWORDS[name](aim) if name in KEYWORDS else {}
        needed = {p.name for p in named if p.default is p.empty}
        full = {
            p.name: self._make(aim, p.name)
            for p in named
            if p.name in needed or p.name in ARGUMENTS
        } | given
        args = tuple(full.pop(p.name) for p in named if p.name in needed)
        variants = [(args, full)]
        if WHOLE:
            variants.append((args, {}))
            variants += [(tuple(wrong for _p in named), {}) for wrong in WRONG]
        return variants

    def _make(self, aim, name):
        return ARGUMENTS.get(name, lambda aim: False)(aim)

    def test_writers(self):
        """R43, R21: what takes any record and then acts, made and used on a foreign one.

        Wizards of ours are of that kind: they are filled in with foreign records.
        """
        for model in (*WRITERS, *self._get_wizards()):
            for name, method in self._get_actions(model).items():
                for actor in ACTORS:
                    for target in self._get_targets(actor, model, name):
                        self._try_writer(actor, model, name, method, target)
        self.tell("writers")

    def _get_wizards(self):
        return [name for name in self._our_models() if self.env[name]._transient]

    def _get_actions(self, model):
        """Return the methods that make a writer act: not what every model has."""
        common = {*dir(self.env.registry["base"]), *dir(self.env.registry["mail.thread"])}
        methods = self.get_methods(model)
        actions = {name: methods[name] for name in methods.keys() - common}
        return {"": None, **dict(sorted(actions.items()))}

    def _get_targets(self, actor, model, name):
        """Return the records to write on; for a wizard of ours its fields say."""
        if model not in WRITERS:
            return self.get_aims(actor, REQUEST, model)
        threads = self.env.registry.descendants(["beneficiary.thread.mixin"], "_inherit")
        threads = sorted(name for name in threads if self.victims.get(name))
        if not WHOLE:
            salt = crc32(f"{actor}{model}{name}".encode())
            threads = {REQUEST, threads[salt % len(threads)]}
        return [aim for thread in threads for aim in self.get_aims(actor, thread, name)]

    def _try_writer(self, actor, model, name, method, target):
        for vals in self._make_writers(actor, model, target):
            self.try_call(
                f"{model}.{name or 'create'}",
                actor,
                partial(self._write_and_act, actor, model, name, method, target, vals),
            )

    def _write_and_act(self, actor, model, name, method, target, vals):
        number = self.call(actor, model, "create", [vals], {})
        if not name:
            return self.call(actor, model, "web_read", [[number], target.spec(model)], {})
        aim = Aim(self, target.actor, model, number)
        ((args, kwargs), *_rest) = self._make_variants(aim, name, method)
        return self.call(actor, model, name, [[number], *args], kwargs)

    def _make_writers(self, actor, model, target):
        """Return the values of the forms to make, on ``target``."""
        if model in WRITERS:
            return [{**WRITERS[model](target), **self._get_target_vals(model, target)}]
        fields = self.env[model]._fields
        texts = {
            name: "hacked"
            for name, field in fields.items()
            if field.type in ("char", "text") and not field.compute
        }
        links = self.get_links(model, target.one)
        choices = [
            {name: value}
            for name, field in fields.items()
            if field.type == "selection" and not field.related
            for value, _label in field._description_selection(self.env)
        ]
        return [{**texts, **links, **choice} for choice in choices or [{}]]

    def _get_target_vals(self, model, target):
        model_name, number, convert = TARGET_FIELDS.get(model, ("res_model", "res_id", int))
        vals = {model_name: target.model, number: convert(target.id)}
        if "res_model_id" in self.env[model]._fields:
            vals["res_model_id"] = self.env["ir.model"]._get_id(target.model)
            del vals["res_model"]
        return {name: vals[name] for name in vals if name in self.env[model]._fields}
