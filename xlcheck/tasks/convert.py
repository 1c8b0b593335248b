"""A report turned into the official workbook: what its cells say, to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.names import STDIN
from xlcheck.model.errors import Refused
from xlcheck.model.submission import UNPROVED, NoValue, Submission, held_text
from xlcheck.model.text import names
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import OpenedReport
from xlcheck.tasks.alone import read_alone
from xlcheck.tasks.events import Listener, ignore
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.output import check_target, write_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlcheck.drawing.formulas import FieldValue

_NAMED = 5
"""Of more fields only the first are named."""
_DOUBTED = "{}（请人工核对）"
"""What is written for a number that nobody can be sure of: no program takes it for one."""


class Converted(NamedTuple):
    """A workbook made of a report.

    >>> import xlcheck
    >>> converted = xlcheck.convert("年报.html")
    >>> converted.submission.unit, converted.data[:2], converted.notices
    ('某某市教育局', b'PK', ())
    """

    data: bytes
    """The bytes of an .xlsx file: the official template, filled in."""
    submission: Submission
    """What was read."""
    notices: tuple[str, ...]
    """Which fields are left blank or must be looked at, and why, in a clerk's words."""


def convert_report(given: Path | str | bytes, form: Path | str | None = None) -> Converted:
    """The official workbook of a report. Blanks stay blank, odd cells stay as they are, and nothing is mended.

    Args:
        given: the document's path or address, or its bytes.
        form: the form it must be; None takes the one whose labels it bears.

    Raises:
        Refused: it cannot be read, or is no report.
        CannotDo: there is no such form, or it is a workbook already.
    """
    answer = read_alone(given, form, OpenedReport)
    if answer is None:
        raise CannotDo("input", "这已经是工作簿，不用转换；要核对请用 xlcheck verify")
    from xlcheck.drawing.template import render

    return Converted(render(answer.form, answer.cover, _values(answer)), answer, _notices(answer))


def _values(submission: Submission) -> Mapping[str, FieldValue]:
    values: dict[str, FieldValue] = {}
    for key, held in submission.held.items():
        if isinstance(held, int | float) and not isinstance(held, bool):
            values[key] = held
        elif isinstance(held, NoValue) and held.kind == "doubtful":
            values[key] = _DOUBTED.format(held.text)
        elif text := held_text(held):
            values[key] = text
    return values


def _notices(submission: Submission) -> tuple[str, ...]:
    fields = submission.form.fields
    lost = [field.says for field in fields if submission.held.get(field.key) == UNPROVED]
    doubted = [
        f"{field.says}（{submission.places[field.key].found}）"
        for field in fields
        if isinstance(held := submission.held.get(field.key), NoValue) and held.kind == "doubtful"
    ]
    told = []
    if lost:
        told.append(f"{len(lost)} 格在文档里找不到，空着没有填：{_some(lost)}")
    if doubted:
        told.append(f"{len(doubted)} 格看不准，请对照原文人工核对后改成数字：{_some(doubted)}")
    return tuple(told)


def _some(says: list[str]) -> str:
    return names(says[:_NAMED]) + ("等" if len(says) > _NAMED else "")


def convert_to(given: Path, out: Path, form: str | None = None, listen: Listener = ignore) -> None:
    """Write the official workbook of a report.

    Args:
        given: the document.
        out: the workbook; nothing that is there is overwritten.
        form: the form it must be; None takes the one whose labels it bears.
        listen: is told what was left blank.

    Raises:
        CannotDo: it cannot be read or written, or is no report.
    """
    check_target(out, ".xlsx", "填报表")
    if str(given) == STDIN:
        raise CannotDo("input", "请给出文档的文件名")
    try:
        converted = convert_report(given, form)
    except Refused as refused:
        raise CannotDo("input", f"无法转换“{given}”：{refused.message}") from refused
    write_target(out, converted.data, converted.notices, listen)
