"""Reads one PDF and writes it anew; only ``sandbox_program.py`` calls this."""

import io
import re

from . import RuleError

# For sandbox_program.py: the limits, and what damage of other kinds is called.
CPU_SECONDS = 2
EXTRA_MEMORY = 150 * 1024 * 1024
DAMAGED = "damaged_pdf"
MAX_ITEMS = 500_000

# Names of objects that embed another file.
EMBEDDED = frozenset(["/EF", "/EmbeddedFile", "/EmbeddedFiles", "/Filespec"])
# Names of objects that run, play, lead out of the file, or embed another file.
ACTIVE = EMBEDDED | frozenset(
    [
        "/FileAttachment",
        "/GoToE",
        "/GoToR",
        "/ImportData",
        "/JS",
        "/JavaScript",
        "/Launch",
        "/Rendition",
        "/RichMedia",
        "/RichMediaContent",
        "/RichMediaExecute",
        "/SubmitForm",
        "/XFA",
    ]
)
# Annotations that play something; elsewhere these names are harmless.
ACTIVE_SUBTYPES = frozenset(["/3D", "/Movie", "/Screen", "/Sound"])
# {key that may hold actions: types of action that are harmless there}
ACTIONS = {
    "/A": frozenset(["/GoTo", "/Named", "/URI"]),
    "/PA": frozenset(["/GoTo", "/Named", "/URI"]),
    "/Next": frozenset(["/GoTo", "/Named", "/URI"]),
    # These actions run by themselves, without a click.
    "/AA": frozenset(["/GoTo"]),
    "/OpenAction": frozenset(["/GoTo"]),
}
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\ufeff]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SAFE_SCHEMES = frozenset(["http", "https", "mailto"])


def load():
    """Import what :func:`rebuild` needs, before the limits hold."""
    import pikepdf  # noqa: F401, PLC0415 - the server itself does not load it


def rebuild(content):
    """Return the PDF written anew twice.

    The second time checks the first result: from a damaged file, qpdf may write a file
    that it cannot read, or reads differently.

    :raise RuleError: ``active``, ``complex``, ``damaged_pdf`` or ``locked``
    """
    return write_anew(write_anew(content))


def write_anew(content):
    import pikepdf  # noqa: PLC0415 - as above

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            # What is detached is not written, and so not read the second time.
            active = ACTIVE - EMBEDDED if detach(pdf, pikepdf) else ACTIVE
            check(pdf, pikepdf, active)
            strip(pdf, pikepdf)
            if not len(pdf.pages):
                raise RuleError("damaged_pdf")
            rebuilt = io.BytesIO()
            pdf.save(
                rebuilt,
                encryption=False,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                deterministic_id=True,
            )
    except pikepdf.PasswordError as error:
        raise RuleError("locked") from error
    except MemoryError as error:
        raise RuleError("complex") from error
    return rebuilt.getvalue()


def detach(pdf, pikepdf):
    """Remove the data for computers from an e-invoice; return whether there were any.

    :raise RuleError: ``active`` if another kind of file is attached: it may be just
        what the person wanted to hand over
    """
    names = pdf.Root.get("/Names", {})
    if "/Collection" in pdf.Root:  # the attached files are the document
        raise RuleError("active")
    attached = []
    if "/EmbeddedFiles" in names:
        attached += [found.obj for found in pdf.attachments.values()]
        del names["/EmbeddedFiles"]
    for node in pdf.objects:
        if isinstance(node, pikepdf.Dictionary) and "/AF" in node:
            found = node["/AF"]
            attached += list(found) if isinstance(found, pikepdf.Array) else [found]
            del node["/AF"]
    if not all(is_data(found, pikepdf) for found in attached):
        raise RuleError("active")
    return bool(attached)


def is_data(attached, pikepdf):
    """Whether an attached file is XML, by its name."""
    if not isinstance(attached, pikepdf.Dictionary):
        return False
    names = [attached[key] for key in ("/F", "/UF") if key in attached]
    return bool(names) and all(str(name).lower().endswith(".xml") for name in names)


def check(pdf, pikepdf, active):
    """Raise RuleError unless every object of ``pdf``, used or not, is harmless.

    :param active: names of objects that are not
    """
    kinds = pikepdf.ObjectType
    count = 0
    for root in [pdf.trailer, *pdf.objects]:
        pending = [root]
        while pending:
            count += 1
            if count > MAX_ITEMS:
                raise RuleError("complex")
            node = pending.pop()
            kind = node._type_code
            if kind == kinds.stream:
                node = node.stream_dict
                kind = kinds.dictionary
                if "/F" in node:  # its content lies in another file
                    raise RuleError("active")
            if kind == kinds.dictionary:
                children = dict(node.items())
                check_dictionary(children, pikepdf, active)
                children = children.values()
            elif kind == kinds.array:
                children = node
            elif kind == kinds.name_ and str(node) in active:
                raise RuleError("active")
            else:
                continue
            # An object with its own number is checked once, under that number.
            pending += [
                child
                for child in children
                if isinstance(child, pikepdf.Object) and not child.is_indirect
            ]


def check_dictionary(items, pikepdf, active):
    """Raise RuleError if a dictionary is an active object, or leads to one."""
    if not active.isdisjoint(items) or get_name(items, "/Subtype") in ACTIVE_SUBTYPES:
        raise RuleError("active")
    for key in ACTIONS.keys() & items.keys():
        for action in get_actions(key, items[key], pikepdf):
            name = get_name(action, "/S")
            # Outlines and structures have entries with these names that are no actions.
            if name not in ACTIONS[key] and (name or key == "/AA"):
                raise RuleError("active")
    for key in {"/URI", "/Base"} & items.keys():
        if isinstance(items[key], pikepdf.String) and not is_safe_address(
            bytes(items[key])
        ):
            raise RuleError("active")


def get_actions(key, value, pikepdf):
    """Return the dictionaries in a place that may hold actions."""
    if isinstance(value, pikepdf.Dictionary) and key == "/AA":
        value = list(value.values())
    if not isinstance(value, (list, pikepdf.Array)):
        value = [value]
    return [action for action in value if isinstance(action, pikepdf.Dictionary)]


def get_name(items, key):
    """Return the name under ``key``, or an empty text."""
    value = items.get(key)
    return "" if value is None else str(value)


def is_safe_address(text):
    """Whether a link leads to a web page or a mail address, in any encoding."""
    for head, coding in (
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"", "latin-1"),
    ):
        if text.startswith(head):
            address = text.removeprefix(head).decode(coding, "replace")
            break
    scheme = _SCHEME.match(_BLANK.sub("", address))
    return not scheme or scheme[1].lower() in _SAFE_SCHEMES


def strip(pdf, pikepdf):
    """Remove the author, the program, and data that fit only the original bytes."""
    for key in {"/Metadata", "/Perms", "/DSS", "/PieceInfo"} & pdf.Root.keys():
        del pdf.Root[key]
    del pdf.docinfo
    for node in pdf.objects:
        if isinstance(node, pikepdf.Dictionary):
            value = node.get("/V")
            if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value:
                del node["/V"]
