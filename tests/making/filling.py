"""Filled workbooks for tests: the clean one, and steps that spoil it."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import openpyxl
from openpyxl.packaging.custom import StringProperty

from tests.hostile.makers import pack
from xlcheck.checking.verify import Verification, verify_submission
from xlcheck.checking.year import of_year
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.forms.file import load_form
from xlcheck.guard.admit import admit
from xlcheck.guard.parts import sheets_of
from xlcheck.model.cells import parse_cell
from xlcheck.model.form import Form
from xlcheck.model.submission import Submission
from xlcheck.reading.read import read_submission

COVER = {"unit": "某某市教育局", "code": "11510400008000000P", "year": "2025", "filler": "经办人"}


@lru_cache
def form() -> Form:
    """The form that most tests are about."""
    return load_form()


def clean_values(**changes: FieldValue) -> dict[str, FieldValue]:
    """A value for every field, balanced and not all zero; `changes` are keys with ``__`` for the dots."""
    values: dict[str, FieldValue] = {field.key: 0 for field in form().fields}
    values.update({"disclosure.regulations.in_force": 1, "disclosure.fees.amount": 12.5})
    for row, count in {
        "received": 6,
        "granted": 1,
        "unavailable_not_held": 2,
        "declined_repeat": 3,
        "handled": 6,
    }.items():
        values[f"requests.{row}.person"] = values[f"requests.{row}.total"] = count
    values.update({key.replace("__", "."): value for key, value in changes.items()})
    return values


@lru_cache
def clean_workbook() -> bytes:
    """A workbook without any fault."""
    return render(form(), COVER, clean_values())


def workbook(values: Mapping[str, FieldValue] | None = None, /, **changes: FieldValue) -> bytes:
    """A workbook holding `values` (default: the clean ones) with `changes`."""
    merged = {**(clean_values() if values is None else values)}
    merged.update({key.replace("__", "."): value for key, value in changes.items()})
    return render(form(), COVER, merged)


def submission_of(data: bytes, of: Form | None = None) -> Submission:
    """Guard and read the bytes of a workbook."""
    package = admit(data)
    return read_submission(package, package.data, of or form())


def verified(data: bytes, of: Form | None = None) -> Verification:
    """Guard, read and verify the bytes of a workbook."""
    return verify_submission(submission_of(data, of))


def codes(data: bytes) -> list[str]:
    """The codes of all findings, in their order."""
    return [finding.code for finding in verified(data).findings]


def codes_of(steps: Sequence[Any]) -> list[str]:
    """The codes that a clean workbook gives once it is spoilt."""
    year = next((step[1] for step in steps if step[0] == "collected"), None)
    text = tuple(step[1] for step in steps if step[0] == "text")
    submission = of_year(submission_of(with_steps(clean_workbook(), steps)), year)._replace(paragraphs=text)
    return [finding.code for finding in verify_submission(submission).findings]


def with_steps(data: bytes, steps: Sequence[Any]) -> bytes:
    """Spoil a workbook as the catalogue's examples say; see rules.toml for the steps."""
    for step in steps:
        data = _HOW[step[0]](data, *step[1:])
    return data


def edit(data: bytes) -> tuple[openpyxl.Workbook, Any]:
    """A workbook to change, and a function that gives its bytes."""
    book = openpyxl.load_workbook(io.BytesIO(data))

    def saved() -> bytes:
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return book, saved


def _put(data: bytes, address: str, value: Any) -> bytes:
    book, saved = edit(data)
    sheet, _, cell = address.rpartition("!")
    parse_cell(cell)
    target = book[sheet][cell]
    if isinstance(value, dict):
        ((kind, content),) = value.items()
        if kind == "date":
            target.value = datetime.date.fromisoformat(content)
            target.number_format = "yyyy-mm-dd"
        else:
            target.value = content
            target.data_type = {"error": "e", "formula": "f"}[kind]
    else:
        target.value = value if value != "" else None
    return bytes(saved())


def _fields(data: bytes, values: Mapping[str, int]) -> bytes:
    """A form of zeros with `values`, and every total that they do not name made to fit."""
    del data
    zeros: dict[str, FieldValue] = {field.key: 0 for field in form().fields}
    return render(form(), COVER, {**zeros, **values})


def _collected(data: bytes, year: int) -> bytes:
    """What year is collected makes no other workbook; :func:`codes_of` looks at it."""
    del year
    return data


def _text(data: bytes, paragraph: str) -> bytes:
    """What a report's text says makes no other workbook; :func:`codes_of` looks at it."""
    del paragraph
    return data


def _drop(data: bytes, sheet: str) -> bytes:
    book, saved = edit(data)
    for name in [name for name, defined in book.defined_names.items() if f"'{sheet}'" in (defined.attr_text or "")]:
        del book.defined_names[name]
    del book[sheet]
    return bytes(saved())


def _add(data: bytes, sheet: str) -> bytes:
    book, saved = edit(data)
    book.create_sheet(sheet)["A1"] = "备注"
    return bytes(saved())


def _copy(data: bytes, sheet: str, name: str) -> bytes:
    book, saved = edit(data)
    book.copy_worksheet(book[sheet]).title = name
    return bytes(saved())


def _merge(data: bytes, address: str) -> bytes:
    sheet, _, area = address.rpartition("!")
    parts = dict(admit(data).parts)
    member = dict(sheets_of(parts))[sheet]
    parts[member] = parts[member].replace(b"</mergeCells>", f'<mergeCell ref="{area}"/></mergeCells>'.encode())
    return pack(parts)


def _hide_row(data: bytes, sheet: str, row: int) -> bytes:
    book, saved = edit(data)
    book[sheet].row_dimensions[row].hidden = True
    return bytes(saved())


def _format(data: bytes, address: str, code: str) -> bytes:
    book, saved = edit(data)
    sheet, _, cell = address.partition("!")
    book[sheet][cell].number_format = code
    return bytes(saved())


def _insert_row(data: bytes, sheet: str, row: int) -> bytes:
    book, saved = edit(data)
    merged = [str(area) for area in book[sheet].merged_cells.ranges]
    for area in merged:
        book[sheet].unmerge_cells(area)
    book[sheet].insert_rows(row)
    return bytes(saved())


def _property(data: bytes, name: str, value: str) -> bytes:
    book, saved = edit(data)
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined]
    if name in properties.names:
        del properties[name]
    properties.append(StringProperty(name=name, value=value))
    return bytes(saved())


def _bytes(data: bytes, how: str) -> bytes:
    if how == "truncated":
        return data[: len(data) // 2]
    if how == "html":
        return "<html><body>通知</body></html>".encode()
    if how == "encrypted":
        from tests.hostile.makers import encrypted_workbook

        return encrypted_workbook()
    raise ValueError(how)


_HOW: Mapping[str, Any] = {
    "put": _put,
    "fields": _fields,
    "collected": _collected,
    "text": _text,
    "drop": _drop,
    "add": _add,
    "copy": _copy,
    "merge": _merge,
    "hide-row": _hide_row,
    "format": _format,
    "insert-row": _insert_row,
    "property": _property,
    "bytes": _bytes,
}
