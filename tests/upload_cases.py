"""The worst uploads that were found: code that makes each, and its expected verdict.

Plain Python: ``bench/fuzz_upload.py`` measures and mutates the same files.
"""

import io
import struct
import zlib

MB = 1024 * 1024


def make_pdf(objects=(), catalog=b"", head=b"%PDF-1.4\n"):
    """Return a PDF with one empty page; ``objects`` get the numbers from 4 on."""
    bodies = [
        b"<</Type /Catalog /Pages 2 0 R " + catalog + b">>",
        b"<</Type /Pages /Count 1 /Kids [3 0 R]>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]>>",
        *objects,
    ]
    pdf = bytearray(head)
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(pdf)
    pdf += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    pdf += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    pdf += b"trailer\n<</Size %d /Root 1 0 R>>\n" % (len(bodies) + 1)
    return bytes(pdf) + b"startxref\n%d\n%%%%EOF\n" % start


def make_stream(data, entries=b""):
    """Return the body of a stream object."""
    head = b"<<%b /Length %d>>\nstream\n" % (entries, len(data))
    return head + data + b"\nendstream"


def make_packed_pdf(packed, catalog=b"", filters=b"/FlateDecode", count=1, extra=()):
    """Return a PDF that packs its objects from 10 on into one object stream.

    :param packed: the bodies of the objects, one for each object
    :param filters: filters of the stream; the data are always compressed by zlib
    :param count: number of copies of the object stream
    """
    heads, bodies = [], bytearray()
    for number, body in enumerate(packed):
        heads.append(b"%d %d" % (10 + number, len(bodies)))
        bodies += body + b"\n"
    head = b" ".join(heads) + b"\n"
    data = zlib.compress(head + bodies, 9)
    if filters != b"/FlateDecode":
        data = data.hex().encode() + b">"
    entries = b"/Type /ObjStm /N %d /First %d /Filter %b" % (
        len(packed),
        len(head),
        filters,
    )
    stream = make_stream(data, entries)
    pdf = bytearray(b"%PDF-1.5\n")
    fields = {0: (0, 0, 65535)}
    numbered = {
        1: b"<</Type /Catalog /Pages 2 0 R " + catalog + b">>",
        2: b"<</Type /Pages /Count 1 /Kids [3 0 R]>>",
        3: b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]>>",
    }
    first = 10 + len(packed)
    for copy in range(count):
        numbered[first + copy] = stream
    for number, body in numbered.items():
        fields[number] = (1, len(pdf), 0)
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    for number in range(len(packed)):
        fields[10 + number] = (2, first + number % count, number)
    last = first + count
    fields[last] = (1, len(pdf), 0)
    rows = b"".join(
        struct.pack(">BIH", *fields.get(number, (0, 0, 65535)))
        for number in range(last + 1)
    )
    table = make_stream(
        rows, b"/Type /XRef /W [1 4 2] /Size %d /Root 1 0 R" % (last + 1)
    )
    start = len(pdf)
    pdf += b"%d 0 obj\n%b\nendobj\n" % (last, table)
    return bytes(pdf) + b"startxref\n%d\n%%%%EOF\n" % start


def make_png(width, height, pixels=None, colour=2, depth=8, parts=()):
    """Return a PNG whose header states any size and format, true or not.

    :param pixels: compressed pixels; if None, as many white ones as the header states
    :param parts: pairs (kind, content) of more chunks, placed before the pixels
    """
    if pixels is None:
        samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
        line = b"\0" + b"\xff" * ((width * samples * depth + 7) // 8)
        packer = zlib.compressobj(9)
        pixels = b"".join(packer.compress(line) for _row in range(height))
        pixels += packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    rows = [(b"IHDR", head), *parts, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I4s", len(data), kind)
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in rows
    )


def make_photo(image_format, size=(8, 6), mode="RGB", **how):
    """Return a photo like one from a telephone, in one of Pillow's formats."""
    from PIL import Image, WebPImagePlugin  # noqa: F401 - registers itself

    photo = io.BytesIO()
    Image.new(mode, size, 200).save(photo, image_format, **how)
    return photo.getvalue()


def make_heic(size=(64, 48), **how):
    """Return a photo as iPhones take it."""
    import pillow_heif
    from PIL import Image

    photo = io.BytesIO()
    grey = Image.linear_gradient("L").resize(size).convert("RGB")
    pillow_heif.from_pillow(grey).save(photo, quality=50, **how)
    return photo.getvalue()


def make_invoice(name=b"(invoice.xml)", catalog=b"/AF [4 0 R]", is_named=True):
    """Return an e-invoice as PDF/A-3: one page, and its figures as an attached file.

    :param name: the name of the attached file, a PDF string
    :param is_named: whether the catalog lists the file by its name
    """
    attached = (
        b"<</Type /Filespec /F %b /UF %b /AFRelationship /Alternative "
        b"/EF <</F 5 0 R /UF 5 0 R>>>>" % (name, name)
    )
    data = make_stream(
        b"<Invoice>4711</Invoice>", b"/Type /EmbeddedFile /Subtype /text#2Fxml"
    )
    if is_named:
        catalog += b" /Names <</EmbeddedFiles <</Names [%b 4 0 R]>>>>" % name
    return make_pdf([attached, data], catalog)


def resize_jpeg(photo, width, height):
    """Return a JPEG whose header states another size than its pixels have."""
    for frame in (b"\xff\xc0", b"\xff\xc2"):
        at = photo.find(frame)
        if at > 0:
            sides = struct.pack(">HH", height, width)
            return photo[: at + 5] + sides + photo[at + 9 :]
    raise ValueError("no frame")


def repeat_scans(photo, count):
    """Return a progressive JPEG that repeats its last pass ``count`` times."""
    at = photo.rfind(b"\xff\xda")
    return photo[:at] + photo[at:-2] * count + photo[-2:]


def fill(unit, size=9_800_000, head=b"%PDF-1.4\n", tail=b""):
    """Return a file of about ``size`` bytes that repeats ``unit``."""
    count = (size - len(head) - len(tail)) // len(unit)
    return head + unit * count + tail


def make_bomb(size, byte=b"\0", tail=b""):
    """Return zlib data that unpacks to ``size`` equal bytes and ``tail``."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(byte * MB) for _number in range(size // MB))
    return packed + packer.compress(tail) + packer.flush()


def nest(depth, opening=b"[", closing=b"]"):
    return opening * depth + closing * depth


def worst_pdfs():
    """Yield name, content and verdict.

    The verdict is None if damage or a limit may end the reading, whichever comes first,
    and a tuple if it depends on the machine what comes first.
    """
    script = b"<</S /JavaScript /JS (app.alert\\(1\\))>>"
    yield "140 KB of stream lines", fill(b"stream\n", 140_000), None
    yield "9.8 MB of stream lines", fill(b"stream\n"), None
    yield "heads of objects", fill(b"1 0 obj\n"), None
    yield "many objects", make_pdf([b"<</A 1>>"] * 190_000), None
    yield "small objects", fill(b"1 0 obj<<>>endobj\n"), None
    yield "rows of xref", fill(b"0000000000 00000 n \n", head=b"%PDF-1.4\nxref\n"), None
    yield "brackets", make_pdf([b"[" * 9_000_000]), None
    yield "nested arrays", make_pdf([nest(4_000_000)]), None
    yield "nested dictionaries", make_pdf([nest(400_000, b"<</A ", b">>")]), None
    yield "numbers", make_pdf([b"[" + b"0 " * 4_500_000 + b"]"]), None
    yield (
        "keys",
        make_pdf([b"<<" + b"".join(b"/%x 0" % n for n in range(1_000_000)) + b">>"]),
        None,
    )
    yield "bomb of numbers", make_packed_pdf([b"[" + b"0 " * 30_000_000 + b"]"]), None
    yield "bomb of blanks", make_packed_pdf([b" " * 100_000_000]), None
    yield (
        "6 MB of packed objects",
        make_packed_pdf([b"[" + b"0 " * 1_000_000 + b"]"] * 40, count=40),
        None,
    )
    bomb = zlib.compress(make_bomb(250 * MB), 9)
    yield (
        "bomb in filters",
        make_pdf(
            [make_stream(bomb, b"/Type /ObjStm /N 1 /First 9 /Filter [/Fl /Fl]")],
            b"/X 4 0 R",
        ),
        ("damaged_pdf", "complex", "accepted"),  # read in time on a quick machine
    )
    rows = make_stream(
        make_bomb(200 * MB),
        b"/Type /XRef /W [1 4 2] /Size 57000000 /Root 1 0 R /Filter /FlateDecode",
    )
    yield (
        "bomb in the table",
        (b"%PDF-1.5\n1 0 obj\n" + rows + b"\nendobj\nstartxref\n9\n%%EOF\n"),
        None,
    )
    many = b"/Filter [" + b"/AHx " * 1_000_000 + b"]"
    yield "many filters", make_pdf([make_stream(b"00>", many)]), None
    yield "cyclic pages", make_pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"), None
    yield "deep pages", _deep_pages(60_000), None
    yield "updates", _updates(make_pdf(), 100_000), "accepted"
    yield (
        "updates in a ring",
        make_pdf().replace(
            b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % make_pdf().rfind(b"xref\n0")
        ),
        "accepted",
    )
    yield "script, packed", make_packed_pdf([script], b"/OpenAction 10 0 R"), "active"
    yield (
        "script, packed twice",
        make_packed_pdf(
            [script], b"/OpenAction 10 0 R", b"[/ASCIIHexDecode /FlateDecode]"
        ),
        "active",
    )
    yield (
        "script in an update",
        _updates(make_pdf(), 1, b"/OpenAction " + script),
        "active",
    )


def _deep_pages(depth):
    nodes = [
        b"<</Type /Pages /Count 1 /Kids [%d 0 R] /Parent %d 0 R>>" % (n + 1, n - 1)
        for n in range(5, 4 + depth)
    ]
    last = b"<</Type /Page /Parent %d 0 R /MediaBox [0 0 9 9]>>" % (3 + depth)
    return make_pdf([b"null", *nodes, last]).replace(b"/Kids [3 0 R]", b"/Kids [5 0 R]")


def _updates(pdf, count, catalog=b""):
    """Return ``pdf`` with appended updates; each writes the catalog again."""
    pdf = bytearray(pdf)
    start = pdf.rfind(b"xref\n0")
    for _number in range(count):
        at = len(pdf)
        pdf += b"1 0 obj\n<</Type /Catalog /Pages 2 0 R %b>>\nendobj\n" % catalog
        table = len(pdf)
        pdf += b"xref\n1 1\n%010d 00000 n \n" % at
        pdf += b"trailer\n<</Size 4 /Root 1 0 R /Prev %d>>\n" % start
        pdf += b"startxref\n%d\n%%%%EOF\n" % table
        start = table
        if len(pdf) > 9_800_000:
            break
    return bytes(pdf)


def worst_photos():
    """Yield name, content and verdict."""
    yield "30,000 by 30,000", make_png(30_000, 30_000, b"x"), "too_many_pixels"
    yield (
        "30,000 by 30,000, whole",
        make_png(30_000, 30_000, colour=0, depth=1),
        "too_many_pixels",
    )
    yield "the largest number", make_png(2**31, 2**31, b"x"), "too_many_pixels"
    yield "no pixels", make_png(0, 9, b"x"), "damaged"
    yield "4,000 by 4,000", make_png(4_000, 4_000, colour=6, depth=16), "accepted"
    yield "more pixels than said", make_png(9, 9, make_bomb(250 * MB)), "accepted"
    bomb = make_bomb(100 * MB)
    for kind, head in ((b"zTXt", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")):
        yield (
            f"bomb in {kind.decode()}",
            make_png(9, 9, parts=[(kind, head + bomb)]),
            "accepted",
        )
    yield (
        "bomb of colours",
        make_png(9, 9, parts=[(b"iCCP", b"a\0\0" + bomb)]),
        "damaged",
    )
    yield "empty parts", make_png(9, 9, parts=[(b"tEXt", b"")] * 800_000), "damaged"
    yield (
        "pixels in crumbs",
        make_png(9, 9, parts=[(b"IDAT", b"")] * 800_000),
        "damaged",
    )
    photo = make_photo("JPEG")
    yield "65,535 by 65,535", resize_jpeg(photo, 65_535, 65_535), "too_many_pixels"
    yield "a JPEG that is too short", resize_jpeg(photo, 5_000, 5_000), "accepted"
    large = make_photo("JPEG", (5_000, 5_000), progressive=True, subsampling=0)
    yield "largest in passes", large, "accepted"
    yield "passes without end", repeat_scans(large, 60), "damaged"
    yield "passes up to the limit", repeat_scans(large, 20), "accepted"
    yield (
        "passes of four colours",
        make_photo("JPEG", (5_000, 5_000), "CMYK", progressive=True),
        "too_many_pixels",
    )
    yield "empty segments", photo[:2] + b"\xff\xe5\0\2" * 2_400_000, "damaged"
    yield "filling", photo[:2] + b"\xff" * 9_800_000, "damaged"
    yield "restarts", photo[:-2] + b"\xff\xd0" * 4_800_000 + photo[-2:], "accepted"
    yield "pixels without end", photo[:-2] + b"\xff\0" * 4_800_000, "damaged"
    yield "EXIF of many tags", photo[:2] + _greedy_exif() * 150 + photo[2:], "accepted"
    webp = make_photo("WEBP", lossless=True)
    yield "16,383 by 16,383", make_photo("WEBP", (16_383, 1_000)), "too_many_pixels"
    yield "largest WebP", make_photo("WEBP", (3_500, 3_500), "RGBA"), "accepted"
    yield "WebP of crumbs", fill(b"JUNK\0\0\0\0", head=webp), "accepted"


def _greedy_exif():
    """Return an EXIF segment in which every tag claims most of the segment."""
    count = 5_400
    tags = b"".join(
        struct.pack("<HHII", number, 7, 60_000, 8) for number in range(count)
    )
    tiff = b"II*\0" + struct.pack("<IH", 8, count) + tags
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff
