"""Messages to the person at the terminal, and the failure of a command."""

import sys


class Problem(Exception):
    """An error that the person can act on: shown without a traceback."""


def step(text):
    """Announce the next step."""
    print(f"==> {text}", flush=True)


def note(text):
    """Add a detail to the current step."""
    print(f"    {text}", flush=True)


def complain(text):
    """Print a complaint about something that is wrong."""
    print(f"!!! {text}", flush=True)


def table(headings, rows):
    """Print rows below headings, with each column as wide as its widest cell."""
    lines = [headings, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headings))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("    " + "  ".join(cells).rstrip())
    sys.stdout.flush()
