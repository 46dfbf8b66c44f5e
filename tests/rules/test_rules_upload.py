import base64
import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from unittest.mock import patch

from PIL import Image

from odoo.tests import BaseCase, tagged

from ...rules import RuleError, heic
from ...rules.upload import MAX_FILE_MB, clean_name, clean_upload, has_content
from .. import upload_cases as cases
from ..common import PIXEL

PNG = base64.b64decode(PIXEL)
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SCRIPT = b"<</S /JavaScript /JS (app.alert\\(1\\))>>"
# Metadata of a photo from a telephone: place, device and orientation.
PLACE, DEVICE, RIGHT = "Riyadh", "Telephone 9", 6
MB = 1024 * 1024
# Checks one file within the promised limits: 2 s, and a second for the start of the
# program; 200 MB of memory beyond what the start takes.
CHECK = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from PIL import WebPImagePlugin
from rules import RuleError
from rules.upload import clean_upload
content = sys.stdin.buffer.read()
with open("/proc/self/statm") as sizes:
    memory = int(sizes.read().split()[0]) * resource.getpagesize() + 200 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    clean_upload(content)
    print("accepted")
except RuleError as error:
    print(error.code)
"""


def make_zip(*names):
    """Return an archive with empty files of these names."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        for name in names:
            content.writestr(name, "")
    return archive.getvalue()


def make_exif(orientation=RIGHT):
    exif = Image.Exif()
    exif[0x0110] = DEVICE
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[29] = PLACE
    return exif.tobytes()


def link(address):
    """Return the PDF object of a link on a page to ``address``, a PDF string."""
    return b"<</Type /Annot /Subtype /Link /A <</S /URI /URI %b>>>>" % address


class UploadCase(BaseCase):
    def assertRefused(self, content, problem, **given):
        """Check that a file is refused, with code ``problem`` if given; return the
        code."""
        with self.assertRaises(RuleError) as caught:
            clean_upload(content, **given)
        if problem:
            self.assertEqual(caught.exception.code, problem)
        return caught.exception.code

    def assertKept(self, content):
        """Check that a file is accepted, and unchanged by a second check; return it."""
        cleaned = clean_upload(content)
        self.assertEqual(clean_upload(cleaned), cleaned)
        return cleaned


@tagged("post_install", "-at_install", "without_demo")
class TestRulesUpload(UploadCase):
    def test_accepted(self):
        """Safety: photos and PDFs from cameras and scanners are accepted."""
        for content in (
            cases.make_pdf(),
            PNG,
            cases.make_photo("JPEG"),
            cases.make_photo("JPEG", progressive=True),
            cases.make_photo("JPEG", mode="CMYK"),
            cases.make_photo("PNG", mode="P"),
            cases.make_photo("WEBP", mode="RGBA"),
            WEBP,
            cases.make_pdf([b"<</Title (about /JavaScripting)>>"]),
            # The bytes of a photo inside a PDF may look like a script.
            cases.make_pdf([cases.make_stream(b"x /JS (x)")]),
            cases.make_packed_pdf([b"<</Type /Font>>"], b"/X 10 0 R"),
        ):
            with self.subTest(head=content[:60]):
                self.assertKept(content)
        self.assertEqual(clean_upload(PNG), PNG)
        self.assertEqual(clean_upload(WEBP), WEBP)

    def test_refused_whatever_its_name(self):
        """Safety: pages, programs, archives and hidden PDFs are refused."""
        for content in (
            b"",
            b"just words",
            HTML,
            HTML + cases.make_pdf(),
            b"x\n" + cases.make_pdf(),
            b"\n" * 2000 + cases.make_pdf(),
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
            b"MZ\x90\x00" + bytes(60) + cases.make_pdf(),
            b"\x7fELF\x02\x01\x01" + bytes(60),
            b"#!/bin/sh\necho",
            make_zip("a.txt") + cases.make_pdf(),
            make_zip("[Content_Types].xml", "word/document.xml"),
            cases.make_photo("GIF"),
            cases.make_photo("BMP"),
            b"II*\x00\x08\x00\x00\x00",
            b"RIFF\x04\0\0\0WAVE",
        ):
            with self.subTest(head=content[:60]):
                self.assertRefused(content, "wrong_type")
                self.assertRefused(content, "not_photo", is_photo=True)
        self.assertRefused(cases.make_pdf(), "not_photo", is_photo=True)

    def test_other_kinds(self):
        """R12: the refusal knows the files that people often send by mistake."""
        for content, kind in (
            (make_zip("[Content_Types].xml", "word/document.xml"), "office"),
            (make_zip("a.txt"), "office"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
            (b"{\\rtf1 words}", "office"),
            (b"II*\0\x08\0\0\0", "photo"),
            (b"MM\0*\0\0\0\x08", "photo"),
            (cases.make_photo("BMP"), "photo"),
            (cases.make_photo("GIF"), "photo"),
            (b"\0\0\0\x20ftypavif\0\0\0\0avifmif1", "photo"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "film"),
            (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2", "film"),
            (HTML, None),
        ):
            with self.subTest(head=content[:20]):
                with self.assertRaises(RuleError) as caught:
                    clean_upload(content)
                self.assertEqual(caught.exception.code, "wrong_type")
                self.assertEqual(caught.exception.params.get("kind"), kind)

    def test_size(self):
        """Safety: a file may reach the limit, and have no byte more."""
        limit = MAX_FILE_MB * MB
        self.assertKept(PNG.ljust(limit))
        self.assertRefused(PNG.ljust(limit + 1), "too_large")

    def test_clean_name(self):
        """Safety: a cleaned name has the right ending and no special characters."""
        for name, cleaned in (
            ("card.html", "card.png"),
            ("card.pdf.exe", "card.pdf.png"),
            ("../../etc/passwd", "passwd.png"),
            ("C:\\scans\\هوية.jpg", "هوية.png"),
            ('a<b>:"c|?*\n\x00.png', "abc.png"),
            ("card\u202egnp.exe", "cardgnp.png"),
            (" . ", "scan.png"),
            ("", "scan.png"),
            (None, "scan.png"),
            ("x" * 300 + ".png", "x" * 80 + ".png"),
        ):
            with self.subTest(name=name):
                self.assertEqual(clean_name(name, PNG), cleaned)
        self.assertEqual(clean_name("card.png", cases.make_pdf()), "card.pdf")

    def test_has_content(self):
        """R16: a cheap check tells an empty value from a signature or scan."""
        for value in (PIXEL, PIXEL.encode(), PIXEL[:40] + "\n" + PIXEL[40:], "AAAA"):
            with self.subTest(value=value):
                self.assertTrue(has_content(value))
        for value in (
            "",
            None,
            False,
            "!!!",
            "=",
            " ",
            b"",
            b"!",
            "A",
            "توقيع",
            7,
            [1],
        ):
            with self.subTest(value=value):
                self.assertFalse(has_content(value))


@tagged("post_install", "-at_install", "without_demo")
class TestRulesUploadPhoto(UploadCase):
    def test_damaged(self):
        """Safety: photos that cannot be decoded to the end are refused."""
        photo = cases.make_photo("JPEG", (64, 48))
        webp = cases.make_photo("WEBP", (64, 48))
        for content in (
            b"\xff\xd8\xff\xe0" + HTML,
            b"\x89PNG\r\n\x1a\n" + HTML,
            webp[:15] + HTML,
            b"RIFF\x0c\0\0\0WEBPVP8X\0\0\0\0",
            PNG[:40],
            PNG[:-8],
            PNG[:45] + b"\0" + PNG[46:],
            photo[:-2],
            photo[: len(photo) // 2],
            webp[: len(webp) // 2],
            photo.replace(b"\xff\xc0", b"\xff\xc9"),
        ):
            with self.subTest(head=content[:60]):
                self.assertRefused(content, "damaged")

    def test_what_a_telephone_writes(self):
        """Privacy: place and device are removed, and only the orientation stays."""
        icc = bytes(range(200))
        for image_format in ("JPEG", "PNG", "WEBP"):
            with self.subTest(image_format=image_format):
                photo = cases.make_photo(
                    image_format, exif=make_exif(), icc_profile=icc
                )
                self.assertIn(DEVICE.encode(), photo)
                kept = self.assertKept(photo)
                with Image.open(io.BytesIO(kept)) as image:
                    exif = image.getexif()
                    self.assertEqual(dict(exif), {0x0112: RIGHT})
                    self.assertEqual(image.info["icc_profile"], icc)
                for secret in (DEVICE, PLACE):
                    self.assertNotIn(secret.encode(), kept)

    def test_heic(self):
        """R12: a HEIC photo becomes a JPEG of its picture, and of nothing else."""
        photo = cases.make_heic(exif=make_exif())
        self.assertIn(DEVICE.encode(), photo)
        for is_photo in (False, True):
            kept = clean_upload(photo, is_photo)
            self.assertEqual(clean_upload(kept, is_photo), kept)
            with Image.open(io.BytesIO(kept)) as image:
                self.assertEqual(image.format, "JPEG")
                self.assertFalse(dict(image.getexif()))
            for secret in (DEVICE, PLACE):
                self.assertNotIn(secret.encode(), kept)
        self.assertEqual(clean_name("IMG_1.HEIC", kept), "IMG_1.jpg")
        with Image.open(io.BytesIO(clean_upload(cases.make_heic()))) as image:
            self.assertEqual(image.size, (64, 48))

    def test_heic_refused(self):
        """R12, safety: a HEIC that cannot be opened is refused in words that help."""
        photo = cases.make_heic()
        for content in (
            photo[:200],
            photo[:-200],
            photo[:24],
            # An AVIF that names the general kind first.
            b"\0\0\0\x1cftypmif1\0\0\0\0avifmiaf" + bytes(400),
        ):
            with self.subTest(content=content[:30]):
                with self.assertRaises(RuleError) as caught:
                    clean_upload(content)
                self.assertEqual(caught.exception.code, "wrong_type")
                self.assertEqual(caught.exception.params, {"kind": "heic"})
        with (
            patch.object(heic, "MAX_JPEG_PIXELS", 64 * 48 - 1),
            self.assertRaises(RuleError) as caught,
        ):
            heic.rebuild(photo)
        self.assertEqual(caught.exception.code, "too_many_pixels")

    def test_upright_has_no_exif(self):
        for image_format in ("JPEG", "PNG", "WEBP"):
            kept = self.assertKept(
                cases.make_photo(image_format, exif=make_exif(orientation=1))
            )
            with Image.open(io.BytesIO(kept)) as image:
                self.assertFalse(dict(image.getexif()), image_format)

    def test_pixels_stay(self):
        """R16: the pixels stay exactly the same, without a lossy copy."""
        for image_format, how in (
            ("JPEG", {"quality": 70, "comment": b"at home", "exif": make_exif()}),
            ("PNG", {"exif": make_exif()}),
            ("WEBP", {"exif": make_exif(), "xmp": b"<x:xmpmeta/>"}),
        ):
            photo = io.BytesIO()
            Image.effect_noise((61, 47), 90).convert("RGB").save(
                photo, image_format, **how
            )
            kept = self.assertKept(photo.getvalue())
            with Image.open(photo) as before, Image.open(io.BytesIO(kept)) as after:
                self.assertEqual(before.tobytes(), after.tobytes(), image_format)

    def test_what_else_is_dropped(self):
        """Privacy: texts, other pictures, films and archives in a photo are removed."""
        words = b"Comment\0" + PLACE.encode()
        photo = cases.make_photo("JPEG")
        segment = b"\xff%b" + struct.pack(">H", len(words) + 2) + words
        for content in (
            cases.make_png(2, 2, parts=[(b"tEXt", words), (b"zTXt", words)]),
            cases.make_png(2, 2, parts=[(b"iTXt", words), (b"fdAT", words)]),
            PNG + words,
            photo[:2]
            + b"".join(segment % code for code in (b"\xfe", b"\xe1", b"\xed"))
            + photo[2:],
            photo + make_zip(PLACE),
            photo + cases.make_photo("JPEG", comment=words),
            cases.make_photo("WEBP", xmp=words),
            cases.make_photo("WEBP") + words,
        ):
            with self.subTest(head=content[:60]):
                self.assertIn(PLACE.encode(), content)
                self.assertNotIn(PLACE.encode(), self.assertKept(content))

    def test_moving(self):
        """Safety: an animated PNG keeps one picture; an animated WebP is refused."""
        frames = {"save_all": True, "append_images": [Image.new("RGB", (8, 6), "red")]}
        kept = self.assertKept(cases.make_photo("PNG", **frames))
        with Image.open(io.BytesIO(kept)) as image:
            self.assertEqual(getattr(image, "n_frames", 1), 1)
        self.assertRefused(cases.make_photo("WEBP", **frames), "wrong_type")


@tagged("post_install", "-at_install", "without_demo")
class TestRulesUploadPdf(UploadCase):
    def test_active(self):
        """Safety: PDFs with active content are refused, in any spelling or packing."""
        action = b"/OpenAction <</S %b>>"
        objects = [
            link(b"(javascript:alert\\(1\\))"),
            link(b"( java\\nscript:alert\\(1\\))"),
            link(b"<6A6176617363726970743A78>"),
            link(b"<FEFF" + "javascript:x".encode("utf-16-be").hex().encode() + b">"),
            link(b"<EFBBBF6A6176617363726970743A78>"),
            link(b"(file:///etc/passwd)"),
            link(b"(\\\\\\\\server\\\\share)").replace(b"/URI /URI", b"/GoToR /F"),
            SCRIPT.replace(b"/JavaScript /JS", b"/J#61vaScript /#4a#53"),
            b"<</S /Launch /F (cmd.exe)>>",
            b"<</Type /EmbeddedFile>>",
            b"<</Type /Filespec /F (x)>>",
            b"<</AcroForm <</XFA (x)>>>>",
            b"<</Subtype /Movie>>",
            b"<</Subtype /RichMedia>>",
            b"<</AA <</O <</S /Named /N /Print>>>>>>",
            b"<</AA <</O <</N /Print>>>>>>",
            b"<</A <</S /GoTo /Next [<</S /Hide>>]>>>>",
            cases.make_stream(b"", b"/F (other.bin)"),
        ]
        for content in (
            *(cases.make_pdf([body]) for body in objects),
            *(
                cases.make_pdf(catalog=action % kind)
                for kind in (
                    b"/JavaScript",
                    b"/SubmitForm",
                    b"/ImportData",
                    b"/GoToE",
                    b"/Rendition",
                    b"/URI /URI (https://example.com)",
                    b"/Named /N /Print",
                )
            ),
            # The name or text is an object of its own.
            cases.make_pdf([b"/JavaScript"], b"/OpenAction <</S 4 0 R>>"),
            cases.make_pdf([b"(javascript:x)"], b"/A <</S /URI /URI 4 0 R>>"),
            cases.make_packed_pdf([link(b"(javascript:x)")]),
        ):
            with self.subTest(content=content):
                self.assertRefused(content, "active")

    def test_harmless_actions(self):
        """Safety: links to pages and web pages, opened by a click, are accepted."""
        for content in (
            cases.make_pdf(catalog=b"/OpenAction [3 0 R /Fit]"),
            cases.make_pdf(catalog=b"/OpenAction <</S /GoTo /D [3 0 R /Fit]>>"),
            cases.make_pdf([link(b"(https://example.com)")]),
            cases.make_pdf([link(b"(mailto:care@example.com)")]),
            cases.make_pdf([link(b"(www.example.com)")]),
            # Entries with names of actions that do nothing.
            cases.make_pdf([b"<</Title (One) /Next 3 0 R>>"]),
            cases.make_pdf([b"<</S /P /A <</O /Layout>>>>"]),
            cases.make_pdf([b"<</BM /Screen>>"]),
        ):
            with self.subTest(content=content):
                self.assertKept(content)

    def test_invoice(self):
        """R12: an e-invoice (PDF/A-3) is kept without its data for computers."""
        for content in (
            cases.make_invoice(),
            cases.make_invoice(b"(FACTUR-X.XML)"),
            cases.make_invoice(is_named=False),
            cases.make_invoice(catalog=b""),
            cases.make_invoice(catalog=b"/AF 4 0 R"),
        ):
            with self.subTest(content=content):
                self.assertIn(b"4711", content)
                kept = self.assertKept(content)
                for word in (b"4711", b"/EmbeddedFile", b"/Filespec", b"/AF "):
                    self.assertNotIn(word, kept)

    def test_other_attachments(self):
        """Safety: a PDF that carries another file is refused: it may be the paper."""
        for content in (
            cases.make_invoice(b"(contract.pdf)"),
            cases.make_invoice(b"(invoice.xml.exe)"),
            cases.make_invoice(b"(macro.docm)", catalog=b""),
            cases.make_invoice(b"(macro.docm)", is_named=False),
            cases.make_invoice(catalog=b"/AF [4 0 R] /Collection <<>>"),
            # What is detached excuses nothing else.
            cases.make_invoice(catalog=b"/AF [4 0 R] /OpenAction " + SCRIPT),
            cases.make_invoice(catalog=b"/AF [4 0 R] /X 4 0 R"),
        ):
            with self.subTest(content=content):
                self.assertRefused(content, "active")

    def test_leading_blanks(self):
        """R12: blanks and a mark of text before the head of a PDF do no harm."""
        pdf = cases.make_pdf()
        for lead in (b"\n", b"\r\n \t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\0"):
            with self.subTest(lead=lead):
                self.assertTrue(self.assertKept(lead + pdf).startswith(b"%PDF-"))
                self.assertEqual(clean_name("scan.PDF", lead + pdf), "scan.pdf")

    def test_rebuilt(self):
        """Safety: data between the objects of a PDF are not kept."""
        pdf = cases.make_pdf([b"<</Creator (" + DEVICE.encode() + b")>>"])
        for content in (
            pdf.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 4 0 R"),
            pdf,  # nothing leads to the object
            cases.make_pdf(head=b"%PDF-1.4\n9 0 obj\n<</JS (Telephone 9)>>\nendobj\n"),
            cases.make_pdf() + HTML + DEVICE.encode(),
        ):
            with self.subTest(content=content):
                self.assertIn(DEVICE.encode(), content)
                kept = self.assertKept(content)
                self.assertTrue(kept.startswith(b"%PDF-"))
                self.assertNotIn(DEVICE.encode(), kept)

    def test_pages_stay(self):
        """R16: the pictures and texts of a page stay unchanged."""
        picture = cases.make_photo("JPEG", (64, 48))
        body = cases.make_stream(picture, b"/Subtype /Image /Filter /DCTDecode")
        self.assertIn(picture, self.assertKept(cases.make_pdf([body], b"/X 4 0 R")))

    def test_signed_by_computer(self):
        """Safety: a digital signature is removed, because the signed bytes change."""
        field = b"<</FT /Sig /V <</ByteRange [0 1 2 3] /Contents <00>>>>>"
        kept = self.assertKept(
            cases.make_pdf([field], b"/AcroForm <</Fields [4 0 R]>> /X 4 0 R")
        )
        self.assertNotIn(b"/ByteRange", kept)

    def test_cannot_be_read(self):
        """Safety: PDFs with a password, or that cannot be read, are refused."""
        import pikepdf  # noqa: PLC0415 - the server itself does not load it

        for user, problem in (("secret", "locked"), ("", None)):
            locked = io.BytesIO()
            with pikepdf.open(io.BytesIO(cases.make_pdf())) as pdf:
                rights = pikepdf.Encryption(user=user, owner="other")
                pdf.save(locked, encryption=rights)
            if problem:
                self.assertRefused(locked.getvalue(), problem)
            else:
                self.assertNotIn(b"/Encrypt", self.assertKept(locked.getvalue()))
        for content in (b"%PDF-1.4 example", b"%PDF-", b"%PDF-1.4\n" + HTML):
            self.assertRefused(content, "damaged_pdf")


@tagged("post_install", "-at_install", "without_demo")
class TestRulesUploadWorst(UploadCase):
    """Inputs found by ``bench/fuzz_upload.py``, within 2 s of the processor and 200 MB.

    Each input is checked in a process that the system stops at these limits, like the
    PDF reader itself. A busy machine makes the check slower, but uses up no more of
    the processor time.
    """

    def test_pdfs(self):
        self._check_all(cases.worst_pdfs())

    def test_photos(self):
        self._check_all(cases.worst_photos())

    def test_heic(self):
        self._check_all(
            [
                ("HEIC", cases.make_heic((800, 600)), "accepted"),
                ("9 MB", b"\0\0\0\x18ftypheic" + bytes(9_000_000), "wrong_type"),
            ]
        )

    def _check_limited(self, content):
        """Return the verdict on a file; ``stopped`` if the system ended the check."""
        done = subprocess.run(
            [sys.executable, "-c", CHECK, str(Path(__file__).parents[2])],
            input=content,
            capture_output=True,
            check=False,
            timeout=120,
        )
        if done.returncode > 0:
            self.fail(done.stderr.decode())
        return done.stdout.decode().strip() or "stopped"

    def _check_all(self, worst):
        for name, content, expected in worst:
            with self.subTest(name=name):
                verdict = self._check_limited(content)
                if not isinstance(expected, tuple):
                    expected = (expected,) if expected else ("damaged_pdf", "complex")
                self.assertIn(verdict, expected)
