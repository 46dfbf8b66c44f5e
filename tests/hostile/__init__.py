from . import (
    test_hostile_fields,
    test_hostile_named,
    test_hostile_routes,
    test_hostile_rpc,
)
