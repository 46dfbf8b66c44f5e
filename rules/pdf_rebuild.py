"""The program that reads one PDF and writes it anew, within limits of the system.

Takes the file from its input, gives the rebuilt one on its output. How it ends says
why a file is refused; where the system stops it, the file is too complex.
"""

import io
import re
import sys

# What the end of the program says; 1 is a fault of the program itself.
PROBLEMS = {3: "active", 4: "locked", 5: "damaged_pdf", 6: "complex"}
CODES = {problem: code for code, problem in PROBLEMS.items()}

CPU_SECONDS = 2
EXTRA_MEMORY = 150 * 1024 * 1024
MAX_ITEMS = 500_000

# Names that stand for something that runs, plays, leaves the file or lies in it.
ACTIVE = frozenset(
    [
        "/EF",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/FileAttachment",
        "/Filespec",
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
# Annotations that play something; as other values these names are harmless.
ACTIVE_SUBTYPES = frozenset(["/3D", "/Movie", "/Screen", "/Sound"])
# Where an action stands, and which are harmless there.
ACTIONS = {
    "/A": frozenset(["/GoTo", "/Named", "/URI"]),
    "/PA": frozenset(["/GoTo", "/Named", "/URI"]),
    "/Next": frozenset(["/GoTo", "/Named", "/URI"]),
    # Run by themselves, without a click.
    "/AA": frozenset(["/GoTo"]),
    "/OpenAction": frozenset(["/GoTo"]),
}
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\ufeff]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SAFE_SCHEMES = frozenset(["http", "https", "mailto"])


class Refused(Exception):
    """The file is not accepted, for the problem named."""


def rebuild(content):
    """Return the PDF written anew, and read again.

    Twice: of a damaged file qpdf may write what it cannot read, or reads otherwise.

    :raise Refused: with the problem, one of :data:`PROBLEMS`
    """
    return write_anew(write_anew(content))


def write_anew(content):
    import pikepdf  # noqa: PLC0415 - the server itself does not load it

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            check(pdf, pikepdf)
            strip(pdf, pikepdf)
            if not len(pdf.pages):
                raise Refused("damaged_pdf")
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
        raise Refused("locked") from error
    except MemoryError as error:
        raise Refused("complex") from error
    return rebuilt.getvalue()


def check(pdf, pikepdf):
    """Raise Refused unless every object of ``pdf``, used or not, is harmless."""
    kinds = pikepdf.ObjectType
    count = 0
    for root in [pdf.trailer, *pdf.objects]:
        pending = [root]
        while pending:
            count += 1
            if count > MAX_ITEMS:
                raise Refused("complex")
            node = pending.pop()
            kind = node._type_code
            if kind == kinds.stream:
                node = node.stream_dict
                kind = kinds.dictionary
                if "/F" in node:  # its content lies in another file
                    raise Refused("active")
            if kind == kinds.dictionary:
                children = dict(node.items())
                check_dictionary(children, pikepdf)
                children = children.values()
            elif kind == kinds.array:
                children = node
            elif kind == kinds.name_ and str(node) in ACTIVE:
                raise Refused("active")
            else:
                continue
            # What has a number of its own is looked at once, under it.
            pending += [
                child
                for child in children
                if isinstance(child, pikepdf.Object) and not child.is_indirect
            ]


def check_dictionary(items, pikepdf):
    """Raise Refused where a dictionary is, or leads to, something that runs."""
    if not ACTIVE.isdisjoint(items) or get_name(items, "/Subtype") in ACTIVE_SUBTYPES:
        raise Refused("active")
    for key in ACTIONS.keys() & items.keys():
        for action in get_actions(key, items[key], pikepdf):
            name = get_name(action, "/S")
            # Outlines and structures have entries of these names that do not act.
            if name not in ACTIONS[key] and (name or key == "/AA"):
                raise Refused("active")
    for key in {"/URI", "/Base"} & items.keys():
        if isinstance(items[key], pikepdf.String) and not is_safe_address(
            bytes(items[key])
        ):
            raise Refused("active")


def get_actions(key, value, pikepdf):
    """Return the dictionaries that stand where an action may."""
    if isinstance(value, pikepdf.Dictionary) and key == "/AA":
        value = list(value.values())
    if not isinstance(value, (list, pikepdf.Array)):
        value = [value]
    return [action for action in value if isinstance(action, pikepdf.Dictionary)]


def get_name(items, key):
    """Return the name under ``key``; empty where there is none."""
    value = items.get(key)
    return "" if value is None else str(value)


def is_safe_address(text):
    """Whether a link leads to a page or an address of mail, in whatever coding."""
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
    """Take away who and what made the file, and what held for its bytes alone."""
    for key in {"/Metadata", "/Perms", "/DSS", "/PieceInfo"} & pdf.Root.keys():
        del pdf.Root[key]
    del pdf.docinfo
    for node in pdf.objects:
        if isinstance(node, pikepdf.Dictionary):
            value = node.get("/V")
            if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value:
                del node["/V"]


def limit(extra_memory):
    """Have the system stop this program, and leave nothing of it behind."""
    import resource  # noqa: PLC0415 - of the program, not of the server

    with open("/proc/self/statm") as sizes:
        pages = int(sizes.read().split()[0])
    memory = pages * resource.getpagesize() + extra_memory
    for kind, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def main():
    """Rebuild the PDF that comes in."""
    content = sys.stdin.buffer.read()
    import pikepdf  # noqa: F401, PLC0415 - before the limits

    limit(EXTRA_MEMORY)
    try:
        rebuilt = rebuild(content)
    except Refused as refused:
        return CODES[refused.args[0]]
    except Exception:  # noqa: BLE001 - qpdf and Python have many names for damage
        return CODES["damaged_pdf"]
    sys.stdout.buffer.write(rebuilt)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
