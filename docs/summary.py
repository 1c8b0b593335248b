"""Makes the example of docs/use/summary.md: a city's submissions, checked, and summed up.

``python -m docs.summary FOLDER`` writes submissions, annotated copies and 审核汇总.xlsx into a new folder, and with LibreOffice
installed the pictures of ``docs/images``.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from samples.make import published
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.forms.file import load_form
from xlcheck.forms.rules import catalogue
from xlcheck.reading.open import Forms
from xlcheck.results.entries import file_json
from xlcheck.results.record import Record, record
from xlcheck.results.summary import book
from xlcheck.roster.match import match
from xlcheck.roster.units import Unit

IMAGES = Path(__file__).parent / "images"
PICTURES = {"概览": "summary.png", "单位": "summary-units.png"}
"""Sheets and their pictures."""

WHEN = datetime.datetime(2022, 1, 28, 9, 30)

NAMES = [
    "市发展和改革委员会",
    "市经济和信息化局",
    "市教育局",
    "市科学技术局",
    "市公安局",
    "市民政局",
    "市司法局",
    "市财政局",
    "市人力资源和社会保障局",
    "市自然资源和规划局",
    "市生态环境局",
    "市住房和城乡建设局",
    "市城市管理局",
    "市交通运输局",
    "市水利局",
    "市农业农村局",
    "市商务局",
    "市文化广播电视和旅游局",
    "市卫生健康委员会",
    "市退役军人事务局",
    "市应急管理局",
    "市审计局",
    "市市场监督管理局",
    "市统计局",
    "市医疗保障局",
]

TOTAL = {"requests.granted.total": 2}
COLUMN = {"requests.received.person": 7, "requests.received.total": 7}
BLANK: Mapping[str, FieldValue] = {"requests.refused_law.business": "", "disclosure.penalties.decisions": ""}
TEXT: Mapping[str, FieldValue] = {"disclosure.normative_documents.issued": "７件", "disclosure.fees.amount": "无"}
NEGATIVE = {"disclosure.normative_documents.repealed": -49}
YUAN = {"disclosure.fees.amount": 125000}
REVIEW = {"disputes.review.upheld": 1}

FAULTS: Mapping[str, Mapping[str, FieldValue]] = {
    "市经济和信息化局": TOTAL,
    "市科学技术局": {**BLANK, **YUAN},
    "市民政局": COLUMN,
    "市财政局": YUAN,
    "市自然资源和规划局": {**TEXT, **TOTAL},
    "市生态环境局": REVIEW,
    "市城市管理局": BLANK,
    "市水利局": {**NEGATIVE, **REVIEW},
    "市商务局": {**COLUMN, **BLANK, **TEXT},
    "市卫生健康委员会": YUAN,
    "市应急管理局": TOTAL,
    "市统计局": {**BLANK, "disputes.review.total": ""},
}
"""What is wrong with whose numbers."""

MISSING = {"市司法局", "市审计局"}
UNREADABLE = "市退役军人事务局"
AGAIN = "市民政局"
"""Hands in twice; the later one is right."""


def submissions(folder: Path) -> None:
    """Write what the units hand in."""
    form = load_form()
    numbers = published(form)
    folder.mkdir(parents=True)
    for order, name in enumerate([*NAMES, "市大数据中心"]):
        if name in MISSING:
            continue
        cover = {"unit": name, "code": code(name), "year": "2021"}
        data = render(form, cover, {**numbers, **FAULTS.get(name, {})})
        put(folder / f"{name}.xlsx", data[:4000] if name == UNREADABLE else data, order)
        if name == AGAIN:
            put(folder / f"{name}（更正）.xlsx", render(form, cover, numbers), order + 100)


def put(path: Path, data: bytes, order: int) -> None:
    """Write a file that was last changed some hours after the first."""
    path.write_bytes(data)
    at = datetime.datetime(2022, 1, 24, tzinfo=datetime.timezone.utc).timestamp() + 3600 * order
    os.utime(path, (at, at))


def code(name: str) -> str:
    """A code that no organ has."""
    return f"115104000000{(NAMES.index(name) if name in NAMES else 99):02d}000X"


def units() -> Sequence[Unit]:
    """The list."""
    contacts = ("办公室", "综合科", "政务公开科")
    return [
        Unit(name, code(name), f"unit{order:02d}@example.org", "市人民政府", contacts[order % 3])
        for order, name in enumerate(NAMES)
    ]


def checked(folder: Path, out: Path) -> list[Record]:
    """Check everything and write annotated copies."""
    found = []
    for path in sorted(folder.iterdir()):
        done = check_file(Job(path, f"{folder.name}/{path.name}", out / f"{path.stem}.审核.xlsx"), Forms())
        told = file_json(done._replace(annotated=done.annotated and Path(done.annotated).name))
        found.append(record(told)._replace(modified=path.stat().st_mtime))
    return found


def make(out: Path) -> Path:
    """Make the example; answers where its summary is."""
    submissions(out / "报送")
    records = checked(out / "报送", out)
    roster = match(units(), (one.handed for one in records))
    summary = out / SUMMARY_BOOK
    book.write_summary(summary, lambda: records, catalogue(load_form()), roster, what="报送", when=WHEN)
    return summary


def main() -> None:
    """Make the example, and its pictures."""
    from tests.office.driver import missing, running
    from tests.office.picture import picture

    book = make(Path(sys.argv[1]))
    if lacking := missing():
        print(f"no pictures: {lacking}")
        return
    with running() as office:
        for sheet, name in PICTURES.items():
            picture(office, book, sheet, IMAGES / name)


if __name__ == "__main__":
    main()
