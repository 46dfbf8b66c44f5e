"""Photos without the data that a telephone adds: place, device, comments.

Each format is a row of parts. The parts that make the picture are kept byte for byte,
and the others are dropped. Of EXIF, only the orientation is kept, and written anew. The
size is read from the head before anything is decoded. The result is decoded once, to be
sure that it can be opened.
"""

import io
import re
import struct
import zlib

from PIL import Image

from . import RuleError

# The photos of telephones have 12 to 24 million pixels.
MAX_JPEG_PIXELS = 25_000_000
# Samples of a JPEG over all of its colours: progressive JPEGs are kept in memory.
MAX_JPEG_SAMPLES = 3 * MAX_JPEG_PIXELS
# PNGs are decoded whole, here and in Odoo, which makes copies: A4 at 400 dpi.
MAX_PNG_PIXELS = 16_000_000
# WebP is decoded into four copies.
MAX_WEBP_PIXELS = 12_500_000
# Cameras and scanners write about ten passes; each costs as much as a whole picture.
MAX_SCANS = 32
MAX_PARTS = 100_000

_ORIENTATION = 0x0112
_UPRIGHT = 1

# -- JPEG ------------------------------------------------------------------------------

_SOI, _EOI, _SOS = b"\xff\xd8", 0xD9, 0xDA
# Huffman and quantisation tables, restart interval.
_TABLES = frozenset([0xC4, 0xDB, 0xDD])
# Baseline, extended and progressive: the kinds that browsers show.
_FRAMES = frozenset([0xC0, 0xC1, 0xC2])
_LENGTHLESS = frozenset([0x01, *range(0xD0, 0xD8)])
_MARKER = re.compile(rb"\xff+([^\xff])", re.DOTALL)
# In coded pixels a zero follows each 0xFF; restart markers belong to the pixels.
_PIXELS_END = re.compile(rb"\xff+[^\xff\x00\xd0-\xd7]", re.DOTALL)


def clean_jpeg(content: bytes) -> bytes:
    """Return a JPEG with only its first picture.

    Data after the end of that picture (a film, a second picture, an archive) are
    dropped too.

    :raise RuleError: ``damaged`` or ``too_many_pixels``
    """
    kept = []
    orientation = _UPRIGHT
    scans = 0
    has_frame = False
    for marker, segment, pixels in _split_jpeg(content):
        if marker in _FRAMES:
            if has_frame or len(segment) < 6:
                raise RuleError("damaged")
            height, width, colours = struct.unpack(">HHB", segment[1:6])
            check_size(width, height, MAX_JPEG_PIXELS)
            check_size(width * max(colours, 1), height, MAX_JPEG_SAMPLES)
            has_frame = True
        elif marker == _SOS:
            scans += 1
            if scans > MAX_SCANS:
                raise RuleError("damaged")
        elif marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            orientation = _read_orientation(segment[6:])
            continue
        elif marker not in _TABLES:
            segment = _get_kept_application_data(marker, segment)
            if not segment:
                continue
        kept += [_jpeg_segment(marker, segment), pixels]
    if orientation != _UPRIGHT:
        kept.insert(0, _jpeg_segment(0xE1, b"Exif\0\0" + _tiff(orientation)))
    cleaned = b"".join([_SOI, *kept, b"\xff", bytes([_EOI])])
    _check_opens(cleaned, "JPEG")
    return cleaned


def _split_jpeg(content):
    """Yield marker, content and the coded pixels behind it of each segment."""
    position = len(_SOI)
    for _part in range(MAX_PARTS):
        found = _MARKER.match(content, position)
        if not found:
            break
        marker = found[1][0]
        position = found.end()
        if marker == _EOI:
            return
        if marker in _LENGTHLESS:
            continue
        length = int.from_bytes(content[position : position + 2], "big")
        start, end = position + 2, position + length
        if length < 2 or end > len(content):
            break
        position = end
        if marker == _SOS:
            behind = _PIXELS_END.search(content, end)
            position = behind.start() if behind else len(content)
        yield marker, content[start:end], content[end:position]
    raise RuleError("damaged")


def _get_kept_application_data(marker, segment):
    """Return the kept part of a segment without picture: its data on colours."""
    if marker == 0xE0 and segment.startswith(b"JFIF\0") and len(segment) >= 14:
        return segment[:12] + b"\0\0"  # without the thumbnail
    if marker == 0xE2 and segment.startswith(b"ICC_PROFILE\0"):
        return segment
    if marker == 0xEE and segment.startswith(b"Adobe"):
        return segment[:12]
    if marker & 0xF0 == 0xC0:
        raise RuleError("damaged")  # a kind of JPEG that no browser shows
    return b""


def _jpeg_segment(marker, segment):
    return struct.pack(">BBH", 0xFF, marker, len(segment) + 2) + segment


# -- PNG -------------------------------------------------------------------------------

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# The picture, and data on its colours and its size on paper.
_PNG_PARTS = frozenset(
    [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT"]
    + [b"bKGD", b"pHYs", b"IDAT", b"IEND"]
)


def clean_png(content: bytes) -> bytes:
    """Return a PNG with only its picture; if it is animated, the first picture.

    :raise RuleError: ``damaged`` or ``too_many_pixels``
    """
    before, pixels, behind = [], [], []
    exif = b""
    for kind, data in _split_png(content):
        if kind == b"IDAT":
            pixels.append(data)
        elif kind == b"eXIf":
            orientation = _read_orientation(data)
            exif = b"" if orientation == _UPRIGHT else _tiff(orientation)
        else:
            (behind if pixels else before).append(_png_part(kind, data))
    if exif:
        before.append(_png_part(b"eXIf", exif))
    # Some programs write many small parts; a single part is quicker to read.
    picture = _png_part(b"IDAT", b"".join(pixels))
    cleaned = b"".join([_PNG_HEAD, *before, picture, *behind])
    _check_opens(cleaned, "PNG")
    return cleaned


def _split_png(content):
    """Yield kind and content of each part to keep, and of EXIF."""
    position = len(_PNG_HEAD)
    for number in range(MAX_PARTS):
        head = content[position : position + 8]
        if len(head) < 8:
            break
        length, kind = struct.unpack(">I4s", head)
        data = content[position + 8 : position + 8 + length]
        position += length + 12
        if position > len(content) or (number == 0) != (kind == b"IHDR"):
            break
        if kind == b"IHDR":
            if length != 13:
                break
            check_size(*struct.unpack(">II", data[:8]), MAX_PNG_PIXELS)
        if kind in _PNG_PARTS or kind == b"eXIf":
            checksum = content[position - 4 : position]
            if zlib.crc32(data, zlib.crc32(kind)) != int.from_bytes(checksum, "big"):
                break
            yield kind, data
        if kind == b"IEND":
            return
    raise RuleError("damaged")


def _png_part(kind, data):
    checksum = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", checksum)


# -- WebP ------------------------------------------------------------------------------

# Parts that state the size, with the length of their heads.
_WEBP_HEADS = {b"VP8X": 10, b"VP8 ": 10, b"VP8L": 5}
# Flags of the first part: they tell which other parts there are.
_WEBP_ICC, _WEBP_ALPHA, _WEBP_EXIF, _WEBP_MOVES = 0x20, 0x10, 0x08, 0x02


def clean_webp(content: bytes) -> bytes:
    """Return a WebP with only its picture.

    :raise RuleError: ``damaged``, ``too_many_pixels`` or, for an animated one,
        ``wrong_type``
    """
    kept = []
    orientation = _UPRIGHT
    for kind, data in _split_webp(content):
        if kind == b"EXIF":
            # Some programs write the head of JPEG's EXIF here too.
            orientation = _read_orientation(data.removeprefix(b"Exif\0\0"))
            continue
        if kind in _WEBP_HEADS:
            check_size(*_read_webp_size(kind, data), MAX_WEBP_PIXELS)
        elif kind not in (b"ICCP", b"ALPH"):
            continue
        if kind == b"VP8X":
            if data[0] & _WEBP_MOVES:
                raise RuleError("wrong_type")
            data = bytes([data[0] & (_WEBP_ICC | _WEBP_ALPHA)]) + data[1:]
        kept.append((kind, data))
    if orientation != _UPRIGHT and kept and kept[0][0] == b"VP8X":
        head = kept[0][1]
        kept[0] = (b"VP8X", bytes([head[0] | _WEBP_EXIF]) + head[1:])
        kept.append((b"EXIF", _tiff(orientation)))
    body = b"WEBP" + b"".join(_webp_part(kind, data) for kind, data in kept)
    cleaned = b"RIFF" + struct.pack("<I", len(body)) + body
    _check_opens(cleaned, "WEBP")
    return cleaned


def _split_webp(content):
    """Yield kind and content of each part."""
    end = min(8 + int.from_bytes(content[4:8], "little"), len(content))
    position = 12
    for _part in range(MAX_PARTS):
        if position + 8 > end:
            return
        kind, length = struct.unpack("<4sI", content[position : position + 8])
        data = content[position + 8 : position + 8 + length]
        if len(data) < length:
            break
        position += 8 + length + length % 2
        yield kind, data
    raise RuleError("damaged")


def _read_webp_size(kind, data):
    if len(data) < _WEBP_HEADS[kind]:
        raise RuleError("damaged")
    if kind == b"VP8X":
        width, height = (
            int.from_bytes(data[at : at + 3], "little") + 1 for at in (4, 7)
        )
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", data[6:10]))
    else:
        bits = int.from_bytes(data[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return width, height


def _webp_part(kind, data):
    return struct.pack("<4sI", kind, len(data)) + data + b"\0" * (len(data) % 2)


# -- all -------------------------------------------------------------------------------


def check_size(width: int, height: int, limit: int) -> None:
    """Raise unless a picture has pixels, and at most ``limit``.

    :raise RuleError: ``damaged`` or ``too_many_pixels``
    """
    if not width or not height:
        raise RuleError("damaged")
    if width * height > limit:
        raise RuleError("too_many_pixels")


def _check_opens(content, image_format):
    """Raise unless Pillow can decode ``content``; its size was checked before.

    Odoo loads Pillow without WebP, so that Odoo's own code opens no rare formats. WebP
    is loaded by name here, and nowhere else.
    """
    if image_format == "WEBP":
        from PIL import WebPImagePlugin  # noqa: F401, PLC0415 - registers itself
    try:
        with Image.open(io.BytesIO(content), formats=(image_format,)) as picture:
            # A JPEG is decoded at a small size; all of its pixels are still read.
            picture.draft(None, (1, 1))
            picture.load()
    except Exception as error:  # noqa: BLE001 - each format has errors of its own
        raise RuleError("damaged") from error


def _read_orientation(tiff):
    """Return the orientation that EXIF states, or upright without one.

    EXIF is read by hand, because Pillow copies the content of every tag, and tags may
    name the same large part of the file many times.
    """
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if not order or len(tiff) < 8:
        return _UPRIGHT
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return _UPRIGHT
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for number in range(count):
        at = start + 2 + 12 * number
        if at + 12 > len(tiff):
            break
        tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if tag == _ORIENTATION:
            return value if value in range(1, 9) else _UPRIGHT
    return _UPRIGHT


def _tiff(orientation):
    """Return EXIF data with the orientation and nothing else."""
    return struct.pack(
        "<2sHIHHHIHHI", b"II", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0
    )
