import inspect
from zlib import crc32

from odoo.tests import tagged

from .hostile import ARGUMENTS, KEYWORDS, WHOLE, HostileCase, ACTORS

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
