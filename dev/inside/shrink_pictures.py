"""Reduce the colours of the guides' pictures, so that each is a small file.

Usage: shrink_pictures.py CHECKOUT
"""

import sys
from pathlib import Path

from PIL import Image

FOLDERS = ("doc/guide/pictures", "static/description")
KEPT = {"icon.png"}
COLOURS = 64


def main(checkout):
    """Reduce every picture that still has all its colours, and print the sizes."""
    for folder in FOLDERS:
        for path in sorted((checkout / folder).glob("*.png")):
            with Image.open(path) as picture:
                if picture.mode == "P" or path.name in KEPT:
                    continue
                reduced = picture.convert("RGB").quantize(
                    COLOURS, dither=Image.Dither.NONE
                )
            reduced.save(path, optimize=True)
            print(f"    {path.relative_to(checkout)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
