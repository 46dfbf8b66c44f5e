"""Entry point of the development commands: `python3 dev COMMAND`.

The Makefile runs it. This file and `tooling` import nothing but the standard library.
Scripts that need Odoo's own packages are in `inside`; the virtual environment's Python
runs them.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main():
    """Refuse an old Python before importing code that it cannot parse."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        versions = OLDEST_PYTHON + sys.version_info[:2]
        sys.exit(
            "Python {}.{} or newer is needed, this is {}.{}. Name another one with "
            "the variable PYTHON: make PYTHON=python3.12 …".format(*versions)
        )
    from tooling import cli

    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
