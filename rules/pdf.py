"""PDF files for storage: read and written anew by qpdf, through pikepdf.

A PDF is rebuilt, and not kept as it came, because two programs may read one file
differently: an officer's browser could find a script where qpdf finds none. A rebuilt
file can only be read in one way. Pages, pictures and texts stay byte for byte. The
author, the device and the digital signature are dropped; the signature is valid only
for the original bytes. No evidence is lost: an officer matches each paper against its
source (R13), and the seal holds the digest of the stored file.

A small file can make any reader of PDF work for hours or fill the memory. So a separate
program reads the file (``pdf_rebuild.py``), and the system stops that program at its
limits.
"""

import subprocess
import sys
from pathlib import Path

from . import RuleError, pdf_rebuild

# The system limits the reader's CPU time. On a busy machine more time may pass: at most
# this much is allowed.
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
    # An exit code of Python itself: pikepdf is not installed, or the program is faulty.
    raise RuntimeError(done.stderr.decode(errors="replace"))
