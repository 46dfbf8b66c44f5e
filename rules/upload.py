"""What a file from a phone, a scanner or an import may be, whatever its name says."""

from odoo.tools.mimetypes import guess_mimetype

# Types that are accepted, and the ending each is saved under. Nothing here can carry
# a script into an officer's browser.
FILE_TYPES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}
MAX_FILE_MB = 10


def upload_problem(content: bytes) -> str | None:
    """Return why a file is not accepted: ``too_large``, ``wrong_type``, or None.

    :param content: the file itself; neither its name nor what the sender says of
        its type is believed.
    """
    if len(content) > MAX_FILE_MB * 1024 * 1024:
        return "too_large"
    if guess_mimetype(content) not in FILE_TYPES:
        return "wrong_type"
    return None
