"""Entry point of the development commands: `python3 dev COMMAND`.

Run by the Makefile. Nothing but the standard library is imported here or in
`tooling`; what needs Odoo's own packages lives in `inside` and is run by the
virtual environment's Python.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main():
    """Refuse an unsuitable Python before importing what it cannot parse."""
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
