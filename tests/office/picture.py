"""Pictures of worksheets, as LibreOffice prints them.

``python -m tests.office.picture WORKBOOK SHEET PNG`` makes one, for example for the README.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from tests.office.driver import Office, running

MARGIN = 20
"""Pixels left white around what is printed."""


def picture(office: Office, workbook: Path, sheet: str, target: Path, dpi: int = 110) -> None:
    """Write the first printed page of a worksheet to `target` (PNG), without the white around it."""
    with tempfile.TemporaryDirectory(prefix="xlcheck-picture-") as folder, office.open(workbook) as document:
        document.print_only(sheet)
        page = document.save(Path(folder, "page.pdf"))
        stem = Path(folder, "page")
        subprocess.run(["pdftoppm", "-png", "-r", str(dpi), "-singlefile", str(page), str(stem)], check=True)
        with Image.open(stem.with_suffix(".png")) as image:
            _cropped(image.convert("RGB")).save(target)


def _cropped(image: Image.Image) -> Image.Image:
    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    if box is None:
        return image
    left, top, right, bottom = box
    return image.crop(
        (
            max(left - MARGIN, 0),
            max(top - MARGIN, 0),
            min(right + MARGIN, image.width),
            min(bottom + MARGIN, image.height),
        )
    )


def main() -> None:
    """Make one picture."""
    workbook, sheet, target = sys.argv[1:]
    with running() as office:
        picture(office, Path(workbook), sheet, Path(target))


if __name__ == "__main__":
    main()
