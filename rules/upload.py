"""What a file from a phone, a scanner or an import may be, whatever its name says."""

import base64
import re
from pathlib import PurePath

from . import RuleError, pdf, photo
from .arabic import without_marks

# Types that are accepted, and the ending each is saved under. Nothing here can carry
# a script into an officer's browser.
FILE_TYPES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}
MAX_FILE_MB = 10
MAX_NAME_LENGTH = 80

_CLEANERS = {
    "application/pdf": pdf.rebuild,
    "image/jpeg": photo.clean_jpeg,
    "image/png": photo.clean_png,
    "image/webp": photo.clean_webp,
}
# How each type begins. A PDF begins with its head: what merely contains one is also
# something else.
_HEADS = {
    "application/pdf": re.compile(rb"%PDF-"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF.{4}WEBPVP8", re.DOTALL),
}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')


def clean_upload(content: bytes, is_photo: bool = False) -> bytes:
    """Return a file as it is kept: what it shows, and nothing else.

    A photo keeps its pixels as they came, its orientation and its colour profile. A
    PDF is rebuilt (see :mod:`.pdf`). What is returned passes again, unchanged.

    Time and memory are bounded whatever the content: see ``bench/fuzz_upload.py``.

    :param content: the file itself; neither its name nor what the sender says of
        its type is believed.
    :param is_photo: a PDF is not accepted
    :return: the file to keep
    :raise RuleError: with why, as its code: ``too_large``, ``wrong_type``,
        ``not_photo`` (where ``is_photo``), ``too_many_pixels``, ``damaged`` (a photo
        that cannot be opened), ``damaged_pdf``, ``active`` (a PDF that carries a
        program or other files, or leads to them), ``locked`` (a PDF with a password)
        or ``complex`` (a PDF that takes too long to read)
    """
    if len(content) > MAX_FILE_MB * 1024 * 1024:
        raise RuleError("too_large")
    mimetype = _get_type(content)
    if is_photo and not (mimetype or "").startswith("image/"):
        raise RuleError("not_photo")
    if not mimetype:
        raise RuleError("wrong_type")
    cleaned = _CLEANERS[mimetype](content)
    if len(cleaned) > MAX_FILE_MB * 1024 * 1024:  # a PDF that was packed tighter
        raise RuleError("too_large")
    return cleaned


def decode(value: bytes | str | None) -> bytes:
    """Return the file that ``value`` is as base64; nothing when it is none.

    :param value: as a caller sent it: a text such as ``"!!!"`` is true to Python, and
        is nothing once it is decoded.
    """
    if not isinstance(value, (bytes, str)):
        return b""
    try:
        lines = value.encode() if isinstance(value, str) else value
        return base64.b64decode(b"".join(lines.split()), validate=True)
    except ValueError:
        return b""


def has_content(value: bytes | str | None) -> bool:
    """Whether ``value``, a file as base64, is a file at all and not an empty one."""
    return bool(decode(value))


def clean_name(name: str | None, content: bytes) -> str:
    """Return a name for a file, whose ending says what the file is.

    :param name: as the sender wrote it: a path, with marks, or nothing
    """
    flat = without_marks(name or "").replace("\\", "/")
    stem = _UNSAFE.sub("", PurePath(flat).stem).strip(" .")[:MAX_NAME_LENGTH]
    return (stem or "scan") + FILE_TYPES.get(_get_type(content), "")


def _get_type(content):
    for mimetype, head in _HEADS.items():
        if head.match(content):
            return mimetype
    return None
