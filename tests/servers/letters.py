"""Folders of results as a batch writes them, made by checking real workbooks."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.making.documents import valid_file
from tests.making.filling import clean_values, form
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job
from xlcheck.copies.seal import COPY_SEAL, with_seal
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.reading.open import Forms
from xlcheck.results.entries import file_json
from xlcheck.results.writing import SCHEMA
from xlcheck.roster.units import Unit


class Handed(NamedTuple):
    """A workbook that a department handed in."""

    unit: str
    code: str = ""
    faulty: bool = True
    name: str = ""
    """Its file name; made of the unit's name if it is empty."""
    modified: float = 1_000_000.0
    data: bytes | None = None
    """Its bytes, where it is no workbook of ours."""
    year: str = "2025"
    values: Mapping[str, FieldValue] = {}


def batch(folder: Path, handed: Sequence[Handed]) -> Path:
    """Check what was handed in, and write results.json and the annotated copies into ``folder/out``."""
    out, came = folder / "out", folder / "in"
    for each in (out, came):
        each.mkdir(exist_ok=True)
    entries = []
    for one in handed:
        path = came / (one.name or f"{one.unit}.xlsx")
        path.write_bytes(one.data if one.data is not None else workbook(one))
        target = out / f"{path.stem}.审核.xlsx"
        checked = check_file(Job(path, str(path), target, digested=True), Forms())
        annotated = checked.annotated and target.name
        more = {"annotated": annotated, "modified": one.modified, "digest": checked.digest}
        entries.append(valid_file(json.dumps({**file_json(checked), **more})))
    save(out, entries)
    return out


def save(out: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write the results."""
    text = json.dumps({"xlcheck": "0", "schema": SCHEMA, "files": entries}, ensure_ascii=False)
    (out / "results.json").write_text(text, encoding="utf-8")


def workbook(one: Handed) -> bytes:
    """A filled workbook; a faulty one has broken balances."""
    wrong: dict[str, FieldValue] = {"requests.received.person": 7, "requests.received.total": 7} if one.faulty else {}
    return render(
        form(), {"unit": one.unit, "code": one.code, "year": one.year}, {**clean_values(), **wrong, **one.values}
    )


def listed(folder: Path, units: Sequence[Unit], name: str = "单位名单.csv") -> Path:
    """The list of units as an office saves it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(("单位名称", "统一社会信用代码", "电子邮箱", "上级单位", "联系人", "抄送"))
    writer.writerows(units)
    path = folder / name
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
    return path


def clones(folder: Path, names: Sequence[str]) -> Path:
    """A folder of results like :func:`batch`, of many units with the same faults: one is checked, the others copied.

    The names must be equally long in UTF-8, so that nothing but the name changes in a copy.
    """
    out = batch(folder, [Handed(names[0])])
    (model,) = json.loads((out / "results.json").read_text(encoding="utf-8"))["files"]
    entries = [model]
    text = json.dumps(model, ensure_ascii=False)
    with zipfile.ZipFile(out / model["annotated"]) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != COPY_SEAL}
    for name in names[1:]:
        assert len(name.encode()) == len(names[0].encode())
        entry = json.loads(text.replace(names[0], name))
        entry["digest"] = hashlib.sha256(name.encode()).hexdigest()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
            for part, content in parts.items():
                copy.writestr(part, content.replace(names[0].encode(), name.encode()))
        (out / entry["annotated"]).write_bytes(with_seal(buffer.getvalue(), f"{name}.xlsx", COPY_SEAL))
        entries.append(entry)
    save(out, entries)
    return out
