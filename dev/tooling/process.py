"""Run other programs; show their output only if they fail."""

import shlex
import subprocess

from .console import Problem

TAIL = 25


def run(command, hint="", **options):
    """Run a command to its end and return its output; raise a Problem if it fails.

    :param hint: advice to the person for the case of a failure
    """
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **options,
        )
    except FileNotFoundError as error:
        raise Problem(f"{command[0]}: {error.strerror}. {hint}".strip()) from error
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-TAIL:])
        shown = shlex.join(str(word) for word in command)
        raise Problem(f"{shown}\nended with {done.returncode}:\n{tail}\n{hint}".strip())
    return done.stdout


def succeeds(command, **options):
    """Tell whether a command succeeds; its output is dropped."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **options,
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0
