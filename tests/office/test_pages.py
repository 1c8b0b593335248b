"""Workbooks on paper: one A4 page a sheet, with all their texts."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from samples.make import COVER, published
from tests.making.filling import form
from tests.office.driver import Office
from tests.office.picture import picture
from tests.office.sheet import verify
from xlcheck.drawing.template import render

pytestmark = pytest.mark.office

A4 = (595, 842)
"""Points."""

MARGIN = 36
"""Points at the left and right that stay white."""


def printed(office: Office, workbook: Path, target: Path) -> list[str]:
    """Print a workbook to `target`; answers the text of each page, without white space."""
    with office.open(workbook) as document:
        document.save(target)
    text = subprocess.run(["pdftotext", str(target), "-"], check=True, capture_output=True, encoding="utf-8").stdout
    return ["".join(page.split()) for page in text.split("\f")[:-1]]


def test_every_sheet_of_the_template_is_one_page(office: Office, template: Path, tmp_path: Path) -> None:
    pages = printed(office, template, tmp_path / "template.pdf")
    assert len(pages) == len(form().sheets) == 5
    for table, page in zip(form().tables, pages[1:], strict=False):
        missing = [label.text for label in table.printed if not set("".join(label.text.split())) <= set(page)]
        assert not missing
    assert [f"第{n}页，共5页" in page for n, page in enumerate(pages, start=1)] == [True] * 5


def test_pages_are_a4(office: Office, template: Path, tmp_path: Path) -> None:
    printed(office, template, tmp_path / "template.pdf")
    told = subprocess.run(
        ["pdfinfo", "-f", "1", "-l", "5", str(tmp_path / "template.pdf")], check=True, capture_output=True, text=True
    )
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", told.stdout)
    assert [sorted(round(float(side)) for side in size) for size in sizes] == [list(A4)] * 5


def test_nothing_is_cut_off(office: Office, template: Path, tmp_path: Path) -> None:
    target = tmp_path / "template.pdf"
    printed(office, template, target)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(target), "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    outside = []
    for number, page in enumerate(boxes.split("<page ")[1:], start=1):
        size = re.match(r'width="([\d.]+)"', page)
        assert size
        width = float(size[1])
        for left, right, word in re.findall(r'<word xMin="([-\d.]+)" .*?xMax="([-\d.]+)" .*?>(.*?)</word>', page):
            if float(left) < MARGIN or float(right) > width - MARGIN:
                outside.append((number, word))
    assert not outside


def test_fonts_are_embedded(office: Office, template: Path, tmp_path: Path) -> None:
    printed(office, template, tmp_path / "template.pdf")
    told = subprocess.run(["pdffonts", str(tmp_path / "template.pdf")], check=True, capture_output=True, text=True)
    fonts = told.stdout.splitlines()[2:]
    assert fonts
    assert all(re.search(r" yes (yes|no ) yes ", line) for line in fonts), told.stdout


def test_an_annotated_workbook_prints_its_findings_first(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(render(form(), COVER, {**published(form()), "requests.received.person": 7}))
    (told,) = verify(path)
    pages = printed(office, Path(told.file["annotated"]), tmp_path / "annotated.pdf")
    assert len(pages) == 6
    assert pages[0].startswith("政府信息公开工作年度报告统计表审核结果")
    assert "攀枝花市人民政府办公室" in pages[0]
    for finding in told.file["findings"]:
        assert finding["code"] in pages[0]


def test_a_picture_shows_one_sheet(office: Office, template: Path, tmp_path: Path) -> None:
    shapes = {}
    for sheet in ("依申请公开", "复议诉讼"):
        target = tmp_path / f"{sheet}.png"
        picture(office, template, sheet, target)
        with Image.open(target) as image:
            shapes[sheet] = image.width > image.height
            colours = image.convert("RGB").getcolors(image.width * image.height) or []
        assert sorted(colours)[-2][1] == (255, 239, 176)  # after white, the yellow of blank fields
    assert shapes == {"依申请公开": False, "复议诉讼": True}
