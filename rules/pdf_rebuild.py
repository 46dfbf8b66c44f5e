"""The program that reads one PDF and writes it anew, within limits of the system.

The program reads the file from its input and writes the rebuilt one to its output. Its
exit code says why a file is refused. If the system stops the program, the file is too
complex.
"""

import io
import re
import sys

# Meaning of the exit codes; 1 is a fault of the program itself.
PROBLEMS = {3: "active", 4: "locked", 5: "damaged_pdf", 6: "complex"}
CODES = {problem: code for code, problem in PROBLEMS.items()}

CPU_SECONDS = 2
EXTRA_MEMORY = 150 * 1024 * 1024
MAX_ITEMS = 500_000

# Names of objects that run, play, lead out of the file, or embed another file.
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


class Refused(Exception):
    """The file is not accepted; the argument names the problem."""


def rebuild(content):
    """Return the PDF written anew twice.

    The second time checks the first result: from a damaged file, qpdf may write a file
    that it cannot read, or reads differently.

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
            # An object with its own number is checked once, under that number.
            pending += [
                child
                for child in children
                if isinstance(child, pikepdf.Object) and not child.is_indirect
            ]


def check_dictionary(items, pikepdf):
    """Raise Refused if a dictionary is an active object, or leads to one."""
    if not ACTIVE.isdisjoint(items) or get_name(items, "/Subtype") in ACTIVE_SUBTYPES:
        raise Refused("active")
    for key in ACTIONS.keys() & items.keys():
        for action in get_actions(key, items[key], pikepdf):
            name = get_name(action, "/S")
            # Outlines and structures have entries with these names that are no actions.
            if name not in ACTIONS[key] and (name or key == "/AA"):
                raise Refused("active")
    for key in {"/URI", "/Base"} & items.keys():
        if isinstance(items[key], pikepdf.String) and not is_safe_address(
            bytes(items[key])
        ):
            raise Refused("active")


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


def limit(extra_memory):
    """Make the system stop this program at its limits, without a core dump."""
    import resource  # noqa: PLC0415 - used by the program, not by the server

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
    import pikepdf  # noqa: F401, PLC0415 - imported before the limits

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
