"""PDF files for storage: read and written anew by qpdf, through pikepdf.

A PDF is rebuilt, and not kept as it came, because two programs may read one file
differently: an officer's browser could find a script where qpdf finds none. A rebuilt
file can only be read in one way. Pages, pictures and texts stay byte for byte. The
author, the device and the digital signature are dropped; the signature is valid only
for the original bytes. No evidence is lost: an officer matches each paper against its
source (R13), and the seal holds the digest of the stored file.

An e-invoice (PDF/A-3) carries its figures a second time, as XML for computers. These
data are dropped too: the page says the same.
"""

from . import sandbox


def rebuild(content: bytes) -> bytes:
    """Return a PDF written anew, with its pages and nothing that runs.

    :raise RuleError: ``active``, ``complex``, ``damaged_pdf`` or ``locked``
    """
    return sandbox.run("pdf_rebuild", content)
