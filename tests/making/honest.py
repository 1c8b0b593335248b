"""Honest workbooks that look odd, as the usual programs write them: the guard must let each through."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font
from PIL import Image
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.hostile import makers as hostile

Fill = Callable[[Workbook, Worksheet], None]
SOFFICE = shutil.which("soffice")


def written(fill: Fill, **options: object) -> bytes:
    """A workbook by XlsxWriter: a small table on sheet 表, and what `fill` adds."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    sheet = book.add_worksheet("表")
    for row in range(20):
        for column in range(8):
            sheet.write(row, column, row * column)
    fill(book, sheet)
    book.close()
    return out.getvalue()


def nothing(book: Workbook, sheet: Worksheet) -> None:
    pass


def styled_columns(book: Workbook, sheet: Worksheet) -> None:
    sheet.set_column(0, 16383, 12, book.add_format({"bold": True}))


def far_styled(book: Workbook, sheet: Worksheet) -> None:
    sheet.write_blank(1048575, 16383, None, book.add_format({"bg_color": "#FFFF00"}))
    sheet.set_row(1048574, 30)


def styled_column_of_cells(book: Workbook, sheet: Worksheet) -> None:
    style = book.add_format({"border": 1})
    for row in range(20, 30_000):
        sheet.write_blank(row, 3, None, style)


def tall(book: Workbook, sheet: Worksheet) -> None:
    for row in range(3000):
        sheet.write_row(row, 0, [f"单位{row}", row, row * 2, "说明文字" * 5])


def pictured(book: Workbook, sheet: Worksheet) -> None:
    picture = io.BytesIO()
    Image.effect_noise((400, 300), 80).save(picture, "PNG")
    sheet.insert_image("K2", "stamp.png", {"image_data": picture})
    sheet.write_comment("B2", "请核对")


def ruled(book: Workbook, sheet: Worksheet) -> None:
    sheet.merge_range("A30:H30", "合并")
    sheet.data_validation(0, 0, 1048575, 7, {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.conditional_format(0, 0, 1048575, 16383, {"type": "blanks", "format": book.add_format({"bg_color": "red"})})
    sheet.autofilter("A1:H20")
    sheet.protect("x")
    sheet.write_url("A40", "https://example.org/#a")
    book.define_name("年度", "=表!$A$1")
    book.set_custom_property("form", "disclosure-2021")


def texts(book: Workbook, sheet: Worksheet) -> None:
    bold = book.add_format({"bold": True})
    sheet.write_rich_string("A1", "普通", bold, "粗体")
    sheet.write_string("A2", " 首尾空格 & <尖括号> \x01 ")
    sheet.write_string("A3", "长" * 32_000)
    sheet.write_array_formula("B3:B5", "{=A1:A3}")
    sheet.add_table("K1:M5", {"columns": [{"header": "甲"}, {"header": "乙"}, {"header": "丙"}]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=表!$B$1:$B$9"})
    sheet.insert_chart("K10", chart)


def reopened(change: Callable[[openpyxl.Workbook], None], data: bytes | None = None) -> bytes:
    """A workbook by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(data or written(ruled)))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def commented(book: openpyxl.Workbook) -> None:
    sheet = book["表"]
    sheet["C3"].comment = Comment("此格有误", "审核")
    sheet["D4"] = "=SUM(A1:A3)"
    sheet["XFD5"].font = Font(bold=True)


def dimension_of_a1() -> bytes:
    """As some versions of WPS write it."""
    return hostile.xlsx("".join(hostile.row(i, hostile.cell(f"B{i}")) for i in range(1, 9)), '<dimension ref="A1"/>')


def form_controls() -> bytes:
    """Anchors of controls hold rows of another namespace after the cells."""
    return hostile.xlsx(
        tail='<controls><control shapeId="1"><controlPr><anchor><from xmlns:xdr="urn:x"><xdr:col>1</xdr:col>'
        "<xdr:row>5</xdr:row></from></anchor></controlPr></control></controls>"
    )


@lru_cache(maxsize=8)
def by_libreoffice(data: bytes, extension: str) -> bytes:
    """The workbook opened and saved by LibreOffice."""
    assert SOFFICE
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.xlsx").write_bytes(data)
        subprocess.run(
            [
                SOFFICE,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                *("--convert-to", extension, "--outdir", f"{folder}/out", f"{folder}/in.xlsx"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (Path(folder) / "out" / f"in.{extension}").read_bytes()


def _saved(fill: Fill, extension: str) -> bytes:
    return by_libreoffice(written(fill), extension)


HONEST: list[tuple[str, Callable[[], bytes], str]] = [
    ("XlsxWriter", lambda: written(nothing), "xlsx"),
    ("whole columns styled", lambda: written(styled_columns), "xlsx"),
    ("far styled cell", lambda: written(far_styled), "xlsx"),
    ("30,000 styled cells", lambda: written(styled_column_of_cells), "xlsx"),
    ("3,000 rows", lambda: written(tall), "xlsx"),
    ("3,000 rows, inline texts", lambda: written(tall, constant_memory=True), "xlsx"),
    ("picture and comment", lambda: written(pictured), "xlsx"),
    ("merges, rules, links, names", lambda: written(ruled), "xlsx"),
    ("rich texts, table and chart", lambda: written(texts), "xlsx"),
    ("zip64 by XlsxWriter", lambda: written(ruled, use_zip64=True), "xlsx"),
    ("openpyxl", lambda: reopened(commented), "xlsx"),
    ("openpyxl, picture kept", lambda: reopened(commented, written(pictured)), "xlsx"),
    ("dimension of A1", dimension_of_a1, "xlsx"),
    ("form controls", form_controls, "xlsx"),
    ("streamed zip", hostile.streamed, "xlsx"),
    ("zip64 headers", hostile.zip64, "xlsx"),
    ("zip64 end record", hostile.zip64_end, "xlsx"),
    ("stored zip", lambda: hostile.pack(hostile.parts(), 0), "xlsx"),
    ("xls of many cells", lambda: hostile.xls(b"".join(hostile.number(i, j) for i in range(900) for j in range(9))), "xls"),
]  # fmt: skip

BY_LIBREOFFICE: list[tuple[str, Callable[[], bytes], str]] = [
    (f"LibreOffice, {extension}, {fill.__name__}", partial(_saved, fill, extension), extension)
    for fill in (ruled, styled_columns)
    for extension in ("xlsx", "xls", "ods")
]
