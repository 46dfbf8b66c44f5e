"""PDF as it is kept: read and written anew by qpdf, through pikepdf.

Rebuilt, and not kept as it came, because two programs may read one file differently:
what qpdf finds harmless, an officer's browser could find a script in. Of what is
written anew there is one reading. Pages, pictures and texts stay byte for byte; what
goes is the author, the device and the digital signature, which holds for the bytes
that came and no longer for these. That is no loss of evidence: an officer matches each
paper against its source (R13), and what is sealed is the digest of what is kept.

A small file can make any reader of PDF work for hours or fill the memory. Reading is
therefore done by a program of its own (``pdf_rebuild.py``), which the system stops.
"""

import subprocess
import sys
from pathlib import Path

from . import RuleError, pdf_rebuild

# The system counts the reader's own time; this much passes on a busy machine.
MAX_WAIT_SECONDS = 30


def rebuild(content: bytes) -> bytes:
    """Return a PDF written anew, with its pages and nothing that runs.

    :raise RuleError: ``active``, ``complex``, ``damaged_pdf`` or ``locked``
    """
    script = Path(pdf_rebuild.__file__)
    try:
        done = subprocess.run(
            [sys.executable, "-P", script],
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
    if problem := pdf_rebuild.PROBLEMS.get(done.returncode):
        raise RuleError(problem)
    # Python's own: pikepdf is not installed, or the program is faulty.
    raise RuntimeError(done.stderr.decode(errors="replace"))
