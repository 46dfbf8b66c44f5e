import base64
import io
import zipfile
import zlib

from odoo.tests import BaseCase, tagged

from ..rules.upload import MAX_FILE_MB, clean_name, has_content, upload_problem
from .common import PIXEL

PNG = base64.b64decode(PIXEL)
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
PDF = b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n%%EOF"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def make_image(image_format):
    """Return a photo as a telephone would make it, in one of Pillow's formats."""
    from PIL import Image

    photo = io.BytesIO()
    Image.new("RGB", (2, 2)).save(photo, image_format)
    return photo.getvalue()


def make_zip(*names):
    """Return an archive with empty files of these names."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        for name in names:
            content.writestr(name, "")
    return archive.getvalue()


def make_pdf(objects, packed=b""):
    """Return a PDF of these objects; ``packed`` ones are compressed, as most do."""
    body = PDF.replace(b"%%EOF", objects)
    if packed:
        stream = zlib.compress(packed)
        body += b"2 0 obj\n<</Type /ObjStm /Filter /FlateDecode>>\nstream\n"
        body += stream + b"\nendstream\nendobj\n"
    return body + b"%%EOF"


@tagged("post_install", "-at_install")
class TestRulesUpload(BaseCase):
    def test_accepted(self):
        """Trap 6: photos and PDF, as cameras and scanners make them."""
        for content in (
            PDF,
            PNG,
            make_image("JPEG"),
            WEBP,
            make_pdf(b"<</Title (about /JavaScripting)>>"),
            # Bytes of a photo inside of a PDF may spell anything.
            make_pdf(b"<</Length 9>>\nstream\nx /JS (x)\nendstream\n"),
            make_pdf(b"", b"<</Type /Page>>"),
        ):
            with self.subTest(head=content[:60]):
                self.assertIsNone(upload_problem(content))

    def test_refused_whatever_its_name(self):
        """Trap 6: pages, programs, archives and what only contains a PDF."""
        for content in (
            b"",
            b"just words",
            HTML,
            HTML + PDF,
            b"\n" + PDF,
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
            b"MZ\x90\x00" + bytes(60) + PDF,
            b"\x7fELF\x02\x01\x01" + bytes(60),
            b"#!/bin/sh\necho",
            b"\x89PNG\r\n\x1a\n" + HTML,
            make_zip("a.txt") + PDF,
            make_zip("[Content_Types].xml", "word/document.xml"),
            make_image("GIF"),
            make_image("BMP"),
            b"II*\x00\x08\x00\x00\x00",
        ):
            with self.subTest(head=content[:60]):
                self.assertEqual(upload_problem(content), "wrong_type")

    def test_damaged_photos(self):
        """Trap 6: what begins like a photo and is none, or cannot be opened."""
        for content in (
            b"\xff\xd8\xff\xe0" + HTML,
            PNG[:40],
        ):
            with self.subTest(head=content[:60]):
                self.assertEqual(upload_problem(content), "damaged")

    def test_active_pdf(self):
        """Trap 6: a PDF that runs something, spelled plainly, in codes or packed."""
        script = b"<</S /JavaScript /JS (app.alert\\(1\\))>>\n"
        for content in (
            make_pdf(script),
            make_pdf(script.replace(b"/JavaScript /JS", b"/J#61vaScript /#4a#53")),
            make_pdf(b"", script),
            make_pdf(b"<</S /Launch /F (cmd.exe)>>\n"),
            make_pdf(b"<</Type /EmbeddedFile>>\n"),
            make_pdf(b"<</Type /ObjStm>>\nstream\n" + script + b"endstream\n"),
        ):
            with self.subTest(content=content):
                self.assertEqual(upload_problem(content), "active")

    def test_size(self):
        """Trap 6: up to the limit, and not one byte more."""
        limit = MAX_FILE_MB * 1024 * 1024
        self.assertIsNone(upload_problem(PDF.ljust(limit)))
        self.assertEqual(upload_problem(PDF.ljust(limit + 1)), "too_large")

    def test_clean_name(self):
        """Trap 6: a name says what the file is, and holds nothing else."""
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
        self.assertEqual(clean_name("card.png", PDF), "card.pdf")

    def test_has_content(self):
        """R16: what a signature or a scan is, before anybody believes it is one."""
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
