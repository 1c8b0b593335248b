"""Makes the samples: the passing workbook from a published report, and faulty ones from it.

Run ``python -m samples.make`` (``poe samples``). Each faulty workbook has the findings it must give beside it as JSON;
the tests verify every workbook of this folder against its JSON, so adding a pair adds a test.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.forms.file import load_form
from xlcheck.model.form import Form

FOLDER = Path(__file__).parent

COVER = {"unit": "攀枝花市人民政府办公室", "year": "2021", "date": "2022-01-24"}

FILLED = {
    "disclosure.regulations.in_force": 1,
    "disclosure.normative_documents.issued": 7,
    "disclosure.normative_documents.repealed": 49,
    "disclosure.normative_documents.in_force": 182,
    **{
        f"requests.{row}.{column}": count
        for row, count in {
            "received": 6,
            "granted": 1,
            "unavailable_not_held": 2,
            "declined_repeat": 3,
            "handled": 6,
        }.items()
        for column in ("person", "total")
    },
}
"""What is not 0 in 攀枝花市人民政府办公室 2021 年政府信息公开工作年度报告 (published 2022-01-24)."""


def published(form: Form) -> dict[str, FieldValue]:
    """The report's number for every field."""
    return {field.key: FILLED.get(field.key, 0) for field in form.fields}


def _faulty(changes: Mapping[str, FieldValue]) -> Callable[[Form], bytes]:
    return lambda form: render(form, COVER, {**published(form), **changes})


def _shifted(form: Form) -> bytes:
    """An unprotected copy in which somebody inserted a row for notes."""
    book = openpyxl.load_workbook(io.BytesIO(render(form, COVER, published(form))))
    book.security = None
    for sheet in book.worksheets:
        sheet.protection.sheet = False
    sheet = book["依申请公开"]
    _insert_row(sheet, 8)
    sheet["C8"] = "（备注：以上两项由办公室填报）"
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(data: bytes) -> bytes:
    """The same workbook without the time of saving, so that the same sample has the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as saved, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in saved.namelist():
            content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2022-01-24T00:00:00Z", saved.read(name))
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _insert_row(sheet: Worksheet, row: int) -> None:
    """Insert a row as a spreadsheet program does: merged areas grow or move with it."""
    areas = [area.bounds for area in sheet.merged_cells.ranges]
    for left, top, right, bottom in areas:
        sheet.unmerge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    sheet.insert_rows(row)
    for left, top, right, bottom in areas:
        sheet.merge_cells(
            start_row=top + (top >= row),
            start_column=left,
            end_row=bottom + (bottom >= row),
            end_column=right,
        )


SAMPLES: Mapping[str, Callable[[Form], bytes]] = {
    "通过-攀枝花市人民政府办公室2021": _faulty({}),
    "错例1-列不平衡": _faulty({"requests.received.person": 7, "requests.received.total": 7}),
    "错例2-总计填错": _faulty({"requests.granted.total": 2}),
    "错例3-漏填": _faulty({"requests.refused_law.business": "", "requests.carried_out.total": "", "disclosure.penalties.decisions": ""}),
    "错例4-负数": _faulty({"disclosure.normative_documents.repealed": -49}),
    "错例5-文本数字": _faulty(
        {"disclosure.normative_documents.issued": "７件", "requests.received.person": "6", "disclosure.fees.amount": "无"}
    ),
    "错例6-行列移动": _shifted,
    "错例7-多种错误": _faulty(
        {
            "disclosure.regulations.issued": 2.5,
            "disclosure.licensing.decisions": "见附件",
            "disclosure.coercion.decisions": "",
            "disclosure.fees.amount": 0.1234567,
            "requests.received.person": 60,
            "requests.handled.person": "",
            "requests.carried_in.legal": -1,
            "disputes.review.upheld": 1,
        }
    ),
}  # fmt: skip
"""File names and how each is made."""


def expected(data: bytes) -> list[dict[str, Any]]:
    """The findings of a workbook as they stand in its JSON; reviewed by eye when they change."""
    from xlcheck.checking.verify import verify_submission
    from xlcheck.guard.admit import admit
    from xlcheck.reading.read import read_submission

    found = verify_submission(read_submission(admit(data), data, load_form())).findings
    return [
        {
            "code": finding.code,
            "cells": [place.address for place in finding.places],
            "message": finding.message,
            "expected": finding.expected,
            "actual": finding.actual,
        }
        for finding in found
    ]


def main() -> None:
    """Write all samples and their JSON."""
    form = load_form()
    for name, make in SAMPLES.items():
        data = make(form)
        (FOLDER / f"{name}.xlsx").write_bytes(data)
        text = json.dumps(expected(data), ensure_ascii=False, indent=1) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}: {text.count(chr(34) + 'code' + chr(34))} findings")


if __name__ == "__main__":
    main()
