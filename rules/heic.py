"""Photos of telephones in HEIC, made into JPEG, which every browser shows.

The picture is decoded by libheif, through pillow-heif, in a program of its own (see
:mod:`.sandbox`). Of the rest only the colour profile is kept: libheif has already
turned the picture upright.
"""

import io

from . import RuleError, sandbox
from .photo import MAX_JPEG_PIXELS, check_size, clean_jpeg

# For sandbox_program.py, which calls load and rebuild. A picture of 24 million pixels,
# the largest that is accepted, needs 2 s and 300 MB.
CPU_SECONDS = 5
EXTRA_MEMORY = 400 * 1024 * 1024
DAMAGED = "damaged"
QUALITY = 90


def convert(content: bytes) -> bytes:
    """Return a HEIC photo as a JPEG with nothing but its picture.

    :raise RuleError: ``too_many_pixels``, or ``wrong_type`` for a photo that cannot be
        read; then ``params["kind"]`` is ``heic``
    """
    try:
        return clean_jpeg(sandbox.run("heic", content))
    except RuleError as error:
        if error.code == "too_many_pixels":
            raise
        raise RuleError("wrong_type", kind="heic") from error


def load():
    """Import what :func:`rebuild` needs, before the limits hold."""
    import pillow_heif  # noqa: PLC0415 - the server itself does not load it

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False


def rebuild(content):
    """Return the primary picture of a HEIC file as JPEG.

    :raise RuleError: ``too_many_pixels`` or ``damaged``
    """
    import pillow_heif  # noqa: PLC0415 - as above

    heif = pillow_heif.open_heif(content, convert_hdr_to_8bit=True)
    # As the head states it, before anything is decoded.
    check_size(*heif.size, MAX_JPEG_PIXELS)
    picture = heif.to_pillow()
    if picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    jpeg = io.BytesIO()
    profile = heif.info.get("icc_profile")
    picture.save(jpeg, "JPEG", quality=QUALITY, icc_profile=profile, exif=b"")
    return jpeg.getvalue()
