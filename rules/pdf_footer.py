"""A line at the foot of each page of a PDF."""

import io

import pikepdf

# In points: from the edge of the paper, inside its margin.
_BOTTOM, _HEIGHT = 6, 40


def count_pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def stamp(pdf: bytes, lines: bytes) -> bytes:
    """Return ``pdf`` with a page of ``lines`` at the foot of each of its pages.

    :param lines: a PDF with as many low pages as ``pdf`` has pages
    """
    with (
        pikepdf.open(io.BytesIO(pdf)) as document,
        pikepdf.open(io.BytesIO(lines)) as strips,
    ):
        for page, strip in zip(document.pages, strips.pages, strict=False):
            left, bottom, right, _top = map(float, page.mediabox)
            foot = pikepdf.Rectangle(
                left, bottom + _BOTTOM, right, bottom + _BOTTOM + _HEIGHT
            )
            page.add_overlay(strip, foot)
        stamped = io.BytesIO()
        document.save(stamped)
        return stamped.getvalue()
