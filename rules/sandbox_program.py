"""The program that rebuilds one uploaded file, within limits of the system.

    python -P sandbox_program.py MODULE

MODULE is a module of this folder with ``load``, ``rebuild``, ``CPU_SECONDS``,
``EXTRA_MEMORY`` and ``DAMAGED``. The program reads the file from its input and writes
the rebuilt one to its output. If the file is refused, it writes the code of the problem
instead. Only ``sandbox.py`` starts it.
"""

import importlib.util
import sys
from pathlib import Path


def load_rules():
    """Return this folder as the package ``rules``, and not a package of that name."""
    folder = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        "rules", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["rules"] = package
    spec.loader.exec_module(package)
    return package


def limit(cpu_seconds, extra_memory):
    """Make the system stop this program at its limits, without a core dump."""
    import resource  # noqa: PLC0415 - used by the program, not by the server

    with open("/proc/self/statm") as sizes:
        pages = int(sizes.read().split()[0])
    memory = pages * resource.getpagesize() + extra_memory
    for kind, value in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))


def main(module):
    """Rebuild the file that comes in."""
    rules = load_rules()
    reader = importlib.import_module(f"rules.{module}")
    sandbox = importlib.import_module("rules.sandbox")
    content = sys.stdin.buffer.read()
    reader.load()
    limit(reader.CPU_SECONDS, reader.EXTRA_MEMORY)
    try:
        result, code = reader.rebuild(content), 0
    except rules.RuleError as refused:
        result, code = refused.code.encode(), sandbox.REFUSED
    except MemoryError:
        result, code = b"complex", sandbox.REFUSED
    except Exception:  # noqa: BLE001 - each library has many names for damage
        result, code = reader.DAMAGED.encode(), sandbox.REFUSED
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
