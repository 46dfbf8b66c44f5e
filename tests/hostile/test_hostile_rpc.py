import ast
import inspect
import textwrap
from functools import partial
from zlib import crc32

from odoo.tests import tagged

from .arguments import ARGUMENTS, KEYWORDS, REQUEST, TARGET_FIELDS, WRITERS, Aim
from .common import ACTORS, MODULE, WHOLE, HostileCase

# Values of wrong types, as a robot sends them.
WRONG = ("zzz", [[0]], {"a": 1})


@tagged("post_install", "-at_install", "without_demo")
class TestHostileRpc(HostileCase):
    """R43, R21, R20: over RPC nobody reads or changes foreign records."""

    def test_methods(self):
        """R43: every public method is called on foreign records."""
        for actor, model, name, method in self.get_calls():
            on_records = not getattr(method, "_api_model", False)
            if on_records and self.env[model]._transient:
                continue  # wizards have no foreign records; see test_writers
            for aim, context, args, kwargs in self._get_tries(actor, model, name):
                start = [[aim.id]] * on_records
                self.rpc(actor, model, name, [*start, *args], kwargs, context)
        self.tell("methods")

    def _get_tries(self, actor, model, name):
        """Yield the calls of a method: each record, each context, each variant."""
        aims = self.get_aims(actor, model, name)
        first, *contexts = self.get_contexts(aims[0], name)
        right, *variants = self._make_variants(aims[0], name)
        for aim in aims:
            yield (aim, first, *self._make_variants(aim, name)[0])
        for context in contexts:
            yield (aims[0], context, *right)
        for variant in variants:
            yield (aims[0], first, *variant)

    def _make_variants(self, aim, name):
        """Return positional and keyword arguments: correct, few, and of wrong types."""
        method = getattr(type(self.env[aim.model]), name)
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
        """R43, R21: models that take any record and then act, with a foreign record.

        The addon's wizards are such models: they are filled in with foreign records.
        """
        for model in (*WRITERS, *self._get_wizards()):
            for name in self._get_actions(model):
                for actor in ACTORS:
                    for target in self._get_targets(actor, model, name):
                        self._try_writer(actor, model, name, target)
        self.tell("writers")

    def _get_wizards(self):
        return [name for name in self._our_models() if self.env[name]._transient]

    def _get_actions(self, model):
        """Return the public methods of a writer that not every model has."""
        common = {
            *dir(self.env.registry["base"]),
            *dir(self.env.registry["mail.thread"]),
        }
        return ["", *sorted(self.get_methods(model).keys() - common)]

    def _get_targets(self, actor, model, name):
        """Return the records to write on; an addon's wizard has them in its fields."""
        if model not in WRITERS:
            return self.get_aims(actor, REQUEST, model)
        threads = self.env.registry.descendants(
            ["beneficiary.thread.mixin"], "_inherit"
        )
        threads = sorted(name for name in threads if self.victims.get(name))
        if not WHOLE:
            salt = crc32(f"{actor}{model}{name}".encode())
            threads = [[REQUEST, *threads][salt % (len(threads) + 1)]]
        return [aim for thread in threads for aim in self.get_aims(actor, thread, name)]

    def _try_writer(self, actor, model, name, target):
        for vals in self._make_writers(actor, model, name, target):
            self.try_call(
                f"{model}.{name or 'create'}",
                actor,
                partial(self._write_and_act, actor, model, name, target, vals),
            )

    def _write_and_act(self, actor, model, name, target, vals):
        number = self.call(actor, model, "create", [vals], {})
        if not name:
            return self.call(
                actor, model, "web_read", [[number], target.spec(model)], {}
            )
        aim = Aim(self, target.actor, model, number)
        args, kwargs = self._make_variants(aim, name)[0]
        return self.call(actor, model, name, [[number], *args], kwargs)

    def _make_writers(self, actor, model, method, target):
        """Return the values for forms on ``target``."""
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
        if not WHOLE:
            salt = crc32(f"{actor}{model}{method}".encode())
            choices = choices[salt % max(len(choices), 1) :][:1]
        return [{**texts, **links, **choice} for choice in choices or [{}]]

    def _get_target_vals(self, model, target):
        model_name, number, convert = TARGET_FIELDS.get(
            model, ("res_model", "res_id", int)
        )
        vals = {model_name: target.model, number: convert(target.id)}
        if "res_model_id" in self.env[model]._fields:
            vals["res_model_id"] = self.env["ir.model"]._get_id(target.model)
            del vals["res_model"]
        return {name: vals[name] for name in vals if name in self.env[model]._fields}

    def test_methods_answer(self):
        """R43: every public method returns a value: XML-RPC cannot return None."""
        silent = set()
        for model in self._our_models():
            for name, method in self.get_methods(model).items():
                function = inspect.unwrap(method)
                if f".{MODULE}." in function.__module__ and not answers(function):
                    silent.add(f"{function.__module__.split('.')[-1]}.{name}")
        self.assertFalse(silent, "these return nothing")


def answers(function):
    """Whether every path through ``function`` returns a value or raises an error."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    return _ends(definition.body) and not any(
        isinstance(node, ast.Return) and node.value is None
        for node in ast.walk(definition)
    )


def _ends(body):
    last = body[-1]
    if isinstance(last, ast.If):
        return _ends(last.body) and bool(last.orelse) and _ends(last.orelse)
    if isinstance(last, ast.With | ast.Try):
        return _ends(last.body)
    return isinstance(last, ast.Return | ast.Raise)
