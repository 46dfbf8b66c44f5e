"""Programs that read an uploaded file, within limits of the system.

A small file can make a reader of PDF or HEIC work for hours or fill the memory. So a
program of its own reads it (``sandbox_program.py``), and the system stops that program
at its limits.
"""

import subprocess
import sys
from pathlib import Path

from . import RuleError

# The system limits the program's CPU time. On a busy machine more time may pass: at
# most this much is allowed.
MAX_WAIT_SECONDS = 30
REFUSED = 3


def run(module: str, content: bytes) -> bytes:
    """Return what ``rebuild(content)`` of ``rules/<module>.py`` returns.

    :raise RuleError: as that module raises it, its ``DAMAGED`` for any other fault, or
        ``complex`` if the system stopped the program
    """
    program = Path(__file__).with_name("sandbox_program.py")
    try:
        done = subprocess.run(
            [sys.executable, "-P", program, module],
            input=content,
            capture_output=True,
            check=False,
            timeout=MAX_WAIT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise RuleError("complex") from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode < 0:  # stopped by the system
        raise RuleError("complex")
    if done.returncode == REFUSED:
        raise RuleError(done.stdout.decode())
    # An exit code of Python itself: a package is missing, or the program is faulty.
    raise RuntimeError(done.stderr.decode(errors="replace"))
