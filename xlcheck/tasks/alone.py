"""One file that a task is given, read in a process of its own."""

from __future__ import annotations

from pathlib import Path

from xlcheck.files.content import read_bytes
from xlcheck.model.errors import Refused
from xlcheck.model.submission import Submission
from xlcheck.reading.open import Forms, Opened, OpenedReport, open_submission
from xlcheck.tasks.given import form_of, place_of
from xlcheck.workers.spread import Task, in_child

KindOfFile = type[Opened] | type[OpenedReport]
"""What a file must be: a workbook or a report."""


def bytes_of(given: Path | str | bytes) -> bytes:
    """The content of a file that is given by its path or address, or as bytes."""
    return given if isinstance(given, bytes) else read_bytes(place_of(given))


def read_alone(given: Path | str | bytes, form: Path | str | None, wanted: KindOfFile) -> Submission | None:
    """What a file reports; None where it is not what is wanted.

    Args:
        given: the file's path or address, or its bytes.
        form: the form that it must be; None takes what it says.
        wanted: the kind of file.

    Raises:
        Refused: it cannot be read.
        CannotDo: there is no such form.
    """
    if form is not None:
        form_of(form)
    forms = Forms(str(form) if form is not None else None)
    answer: Submission | Refused | None = in_child(Task(_read, no_answer, (forms, wanted)), bytes_of(given))
    if isinstance(answer, Refused):
        raise answer
    return answer


def _read(data: bytes, how: tuple[Forms, KindOfFile]) -> Submission | Refused | None:
    forms, wanted = how
    try:
        opened = open_submission(data, forms)
    except Refused as refused:
        return refused
    return opened.submission if isinstance(opened, wanted) else None


def no_answer(data: bytes, reason: str, shared: object) -> Refused:
    """What is answered for a file with which the process was lost."""
    del data, shared
    return Refused("F105", reason)
