"""The chain of seals, the classes that put a record into it, and the log of exports.

Imports from: rules, mixins.
"""

from . import (
    kept_mixin,
    sealed_guard_mixin,
    sealed_mixin,
    sealed_part_mixin,
    seal,
    seal_verification,
    seal_payload,
    export_log,
    export_data,
)
