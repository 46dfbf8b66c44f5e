"""What the person at the terminal sees, and how a command fails."""

import sys


class Problem(Exception):
    """Something the person can act on: shown without a traceback."""


def step(text):
    """Announce what happens next."""
    print(f"==> {text}", flush=True)


def note(text):
    """Add a detail to the current step."""
    print(f"    {text}", flush=True)


def complain(text):
    """Point out something that is not as it should be."""
    print(f"!!! {text}", flush=True)


def table(headings, rows):
    """Print rows under headings, each column as wide as its widest cell."""
    lines = [headings, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headings))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("    " + "  ".join(cells).rstrip())
    sys.stdout.flush()
