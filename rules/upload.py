"""What a file from a phone, a scanner or an import may be, whatever its name says."""

import base64
import io
import re
import zlib
from pathlib import PurePath

from PIL import Image

from odoo.tools.mimetypes import guess_mimetype

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

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
# A name in a PDF may be written with codes: /J#61vaScript.
_CODED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_OBJECT_STREAM = re.compile(rb"/ObjStm.{0,400}?stream\r?\n(.*?)endstream", re.DOTALL)
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)(?![A-Za-z0-9])")
# How far packed objects of a PDF are unpacked: more is no scan of a paper.
_MAX_UNPACKED = 4 * 1024 * 1024


def upload_problem(content: bytes) -> str | None:
    """Return why a file is not accepted, or None.

    :param content: the file itself; neither its name nor what the sender says of
        its type is believed.
    :return: ``too_large``, ``wrong_type``, ``damaged`` (a photo that cannot be
        opened) or ``active`` (a PDF that carries a program or other files)
    """
    if len(content) > MAX_FILE_MB * 1024 * 1024:
        return "too_large"
    mimetype = guess_mimetype(content)
    if mimetype not in FILE_TYPES:
        return "wrong_type"
    if mimetype == "application/pdf":
        # What merely contains a PDF is also something else.
        if not content.startswith(b"%PDF-"):
            return "wrong_type"
        return "active" if _is_active(content) else None
    # Odoo runs Pillow without WebP.
    is_sound = mimetype == "image/webp" or _is_photo(content)
    return None if is_sound else "damaged"


def has_content(value: bytes | str | None) -> bool:
    """Whether ``value``, a file as base64, is a file at all and not an empty one.

    :param value: as a caller sent it: a text such as ``"!!!"`` is true to Python, and
        is nothing once it is decoded.
    """
    if not isinstance(value, (bytes, str)):
        return False
    try:
        lines = value.encode() if isinstance(value, str) else value
        return bool(base64.b64decode(b"".join(lines.split()), validate=True))
    except ValueError:
        return False


def clean_name(name: str | None, content: bytes) -> str:
    """Return a name for a file, whose ending says what the file is.

    :param name: as the sender wrote it: a path, with marks, or nothing
    """
    flat = without_marks(name or "").replace("\\", "/")
    stem = _UNSAFE.sub("", PurePath(flat).stem).strip(" .")[:MAX_NAME_LENGTH]
    return (stem or "scan") + FILE_TYPES.get(guess_mimetype(content), "")


def _is_photo(content):
    try:
        photo = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        photo.verify()
    except Exception:  # noqa: BLE001 - each format has errors of its own
        return False
    return True


def _is_active(content):
    """Whether a PDF names something that runs, in its objects, packed or not."""
    objects = _STREAM.sub(b"", content)
    packed = (_unpack(match[1]) for match in _OBJECT_STREAM.finditer(content))
    return any(_ACTIVE.search(_decode(part)) for part in (objects, *packed))


def _decode(part):
    return _CODED.sub(lambda code: bytes([int(code[1], 16)]), part)


def _unpack(stream):
    try:
        return zlib.decompressobj().decompress(stream, _MAX_UNPACKED)
    except zlib.error:
        return stream
