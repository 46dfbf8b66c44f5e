"""The rules for files from phones, scanners and imports, whatever their names say."""

import base64
import re
from pathlib import PurePath

from . import RuleError, heic, pdf, photo
from .arabic import without_marks

# Accepted types, each with the file extension for saving. None of these can carry a
# script into an officer's browser.
FILE_TYPES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}
# What a form offers to choose; HEIC becomes JPEG. Browsers that know no HEIC go by the
# extension.
CHOICES = (*FILE_TYPES, "image/heic", "image/heif", ".heic", ".heif")
MAX_FILE_MB = 10
# The most files that come with one text, an appeal or a letter.
MOST_SENT_FILES = 5
MAX_NAME_LENGTH = 80

_CLEANERS = {
    "application/pdf": pdf.rebuild,
    "image/jpeg": photo.clean_jpeg,
    "image/png": photo.clean_png,
    "image/webp": photo.clean_webp,
    "image/heic": heic.convert,
}
# The first bytes of each type. A PDF must begin with its head, behind blanks or a mark
# of text at most: a file that only contains a PDF is also something else.
_HEADS = {
    "application/pdf": re.compile(rb"(?:\xef\xbb\xbf)?[\0\t\n\f\r ]{0,1000}(?=%PDF-)"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF.{4}WEBPVP8", re.DOTALL),
    "image/heic": re.compile(rb".{4}ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL),
}
# Files that people often send by mistake, each with what the refusal explains.
_OTHERS = {
    # Word, Excel and archives, new and old.
    "office": re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0|\{\\rtf|Rar!"),
    # TIFF, BMP, GIF, AVIF and JPEG XL.
    "photo": re.compile(
        rb"II\*\0|MM\0\*|BM.{4}\0{4}|GIF8|.{4}ftypavi[fs]|.{4}JXL |\xff\x0a",
        re.DOTALL,
    ),
    "film": re.compile(rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI ", re.DOTALL),
}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')


def clean_upload(content: bytes, is_photo: bool = False) -> bytes:
    """Return a file as it is stored: its visible content and nothing else.

    A photo keeps its original pixels, its orientation and its colour profile; HEIC
    becomes JPEG (see :mod:`.heic`). A PDF is rebuilt (see :mod:`.pdf`). A returned file
    passes again, unchanged.

    Time and memory are bounded whatever the content: see ``bench/fuzz_upload.py``.

    :param content: the file itself; its name and the type that the sender claims are
        ignored.
    :param is_photo: whether only photos are accepted, and no PDF
    :return: the file to keep
    :raise RuleError: with the reason as its code: ``too_large``, ``wrong_type`` (if the
        type is well known, ``params["kind"]`` names it), ``not_photo`` (if
        ``is_photo``), ``too_many_pixels``, ``damaged`` (a photo that cannot be opened),
        ``damaged_pdf``, ``active`` (a PDF that carries a program or other files, or
        leads to them), ``locked`` (a PDF with a password) or ``complex`` (a PDF that
        takes too long to read)
    """
    if len(content) > MAX_FILE_MB * 1024 * 1024:
        raise RuleError("too_large")
    mimetype = _get_type(content)
    if is_photo and not (mimetype or "").startswith("image/"):
        raise RuleError("not_photo")
    if not mimetype:
        raise RuleError("wrong_type", **_get_other(content))
    if mimetype == "application/pdf":
        content = content[_HEADS[mimetype].match(content).end() :]
    cleaned = _CLEANERS[mimetype](content)
    if len(cleaned) > MAX_FILE_MB * 1024 * 1024:  # a PDF may have grown
        raise RuleError("too_large")
    return cleaned


def decode(value: bytes | str | None) -> bytes:
    """Return the file that ``value`` holds as base64; empty if it holds none.

    :param value: as a caller sent it; a text such as ``"!!!"`` is true in Python, but
        is empty once it is decoded.
    """
    if not isinstance(value, (bytes, str)):
        return b""
    try:
        lines = value.encode() if isinstance(value, str) else value
        return base64.b64decode(b"".join(lines.split()), validate=True)
    except ValueError:
        return b""


def has_content(value: bytes | str | None) -> bool:
    """Whether ``value`` holds a file as base64, and not an empty one."""
    return bool(decode(value))


def clean_name(name: str | None, content: bytes) -> str:
    """Return a name for a file, with the extension of its real type.

    :param name: as the sender wrote it; it may be a path, have marks, or be empty
    """
    flat = without_marks(name or "").replace("\\", "/")
    stem = _UNSAFE.sub("", PurePath(flat).stem).strip(" .")[:MAX_NAME_LENGTH]
    return (stem or "scan") + FILE_TYPES.get(_get_type(content), "")


def _get_other(content):
    """Return the kind of a file that is not accepted, as parameters of the refusal."""
    kinds = [kind for kind, head in _OTHERS.items() if head.match(content)]
    return {"kind": kinds[0]} if kinds else {}


def _get_type(content):
    for mimetype, head in _HEADS.items():
        if head.match(content):
            return mimetype
    return None
