"""The numbers of a verified workbook put into the office's own document, where the form's labels prove their cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.checking.verify import verify_submission
from xlcheck.files.names import STDIN
from xlcheck.model.errors import Error, Refused
from xlcheck.model.numbers import exact
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms, Opened
from xlcheck.tasks.alone import bytes_of, no_answer, read_alone
from xlcheck.tasks.events import Listener, ignore
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.output import check_target, write_target
from xlcheck.workers.spread import Task, in_child

if TYPE_CHECKING:
    from xlcheck.copies.documents.fill import FilledReport, Filling

_ONLY_WORD = "只能填进 .docx 文档；其他文档请先用 Word 或 WPS 另存为 .docx"


class Filled(NamedTuple):
    """A document that a workbook's numbers were put into.

    >>> import xlcheck
    >>> filled = xlcheck.fill("好.xlsx", into="空表.docx")
    >>> filled.data[:2], filled.notices
    (b'PK', ('文档的标题和落款里没有单位名称和报告年度，请补上',))
    """

    data: bytes
    """The bytes of a .docx file: the document as it was, with the numbers."""
    notices: tuple[str, ...]
    """What was overwritten or added, and what is to be looked at, in a clerk's words."""


def fill_report(given: Path | str | bytes, into: Path | str | bytes, form: Path | str | None = None) -> Filled:
    """Put the numbers of a workbook without errors into a document; whatever else stands there stays as it is.

    Args:
        given: the workbook's path or address, or its bytes.
        into: the .docx likewise.
        form: the form that the workbook must be; None takes what it says.

    Raises:
        Refused: one of the two cannot be read; the sentence says which.
        CannotDo: there is no such form, the workbook has errors, or nobody can be sure where its numbers belong.
    """
    numbers = _numbers(given, form)
    answer = in_child(Task(_fill, no_answer, numbers), bytes_of(into))
    if isinstance(answer, Refused):
        raise answer.said_of("要填的文档") from answer
    if isinstance(answer, Error):
        raise CannotDo("copy", answer.message) from answer
    return Filled(*answer)


def _numbers(given: Path | str | bytes, form: Path | str | None) -> Filling:
    """What a workbook reports, if it is free of errors."""
    from xlcheck.copies.documents.fill import Filling

    submission = read_alone(given, form, Opened)
    if submission is None:
        raise CannotDo("input", "填报表要是工作簿；文档请先用 xlcheck convert 转成填报表")
    verification = verify_submission(submission)
    if not verification.passed or len(verification.values) < len(submission.form.fields):
        errors = sum(finding.severity == "error" for finding in verification.findings)
        raise CannotDo("input", f"填报表有 {errors} 处强制性问题，没有填；请先用 xlcheck verify 核对改正")
    values = {key: exact(value) for key, value in verification.values.items()}
    return Filling(submission.form, submission.unit, submission.year, values)


def _fill(data: bytes, numbers: Filling) -> FilledReport | Error:
    from xlcheck.reading.documents.kinds import document_kind

    if document_kind(data) != "docx":
        return Refused("F103", _ONLY_WORD)
    from xlcheck.copies.documents.fill import fill_docx

    try:
        return fill_docx(data, numbers, Forms().all())
    except Error as error:
        return error


def fill_into(given: Path, into: Path, out: Path, form: str | None = None, listen: Listener = ignore) -> None:
    """Write a document with the numbers of a workbook.

    Args:
        given: the workbook.
        into: the document, which stays as it is.
        out: the filled document; nothing that is there is overwritten.
        form: the form that the workbook must be; None takes what it says.
        listen: is told what was overwritten or added.

    Raises:
        CannotDo: one of the two cannot be read, they do not fit, or nothing can be written.
    """
    check_target(out, ".docx", "填好的文档")
    if STDIN in (str(given), str(into)):
        raise CannotDo("input", "请给出填报表和文档的文件名")
    try:
        filled = fill_report(given, into, form)
    except (Refused, CannotDo) as error:
        raise CannotDo("input", f"无法把“{given}”填进“{into}”：{error.message}") from error
    write_target(out, filled.data, filled.notices, listen)
