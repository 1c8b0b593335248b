"""Folders of results as a batch writes them, made by checking real workbooks."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.filling import clean_values, form
from xlcheck.archive import Archive
from xlcheck.check import Job, check
from xlcheck.formula import Value
from xlcheck.report import json_of
from xlcheck.template import render
from xlcheck.units import Unit


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
    values: Mapping[str, Value] = {}


def batch(folder: Path, handed: Sequence[Handed]) -> Path:
    """Check what was handed in, and write results.json and the annotated copies into ``folder/out``."""
    out, came = folder / "out", folder / "in"
    for each in (out, came):
        each.mkdir(exist_ok=True)
    checked, extra = [], []
    for one in handed:
        path = came / (one.name or f"{one.unit}.xlsx")
        path.write_bytes(one.data if one.data is not None else workbook(one))
        checked.append(check(Job(path, str(path), out / f"{path.stem}.审核.xlsx")))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        extra.append({"unit_code": one.code, "modified": one.modified, "digest": digest})
    document = json.loads(json_of(checked))
    for entry, more in zip(document["files"], extra, strict=True):
        entry.update(more)
        if entry["annotated"]:
            entry["annotated"] = Path(entry["annotated"]).relative_to(out).as_posix()
    (out / "results.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return out


def workbook(one: Handed) -> bytes:
    """A filled workbook; a faulty one has broken balances."""
    wrong: dict[str, Value] = {"requests.received.person": 7, "requests.received.total": 7} if one.faulty else {}
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
    document = json.loads((out / "results.json").read_text(encoding="utf-8"))
    (model,) = document["files"]
    text = json.dumps(model, ensure_ascii=False)
    with zipfile.ZipFile(out / model["annotated"]) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "docProps/xlcheck.xml"}
    for name in names[1:]:
        assert len(name.encode()) == len(names[0].encode())
        entry = json.loads(text.replace(names[0], name))
        entry["digest"] = hashlib.sha256(name.encode()).hexdigest()
        buffer = io.BytesIO()
        with Archive(buffer, {}, {}) as copy:
            for part, content in parts.items():
                copy.writestr(part, content.replace(names[0].encode(), name.encode()))
            copy.seal(f"{name}.xlsx")
        (out / entry["annotated"]).write_bytes(buffer.getvalue())
        document["files"].append(entry)
    (out / "results.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return out
