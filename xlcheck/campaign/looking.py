"""Looking at one file that came in: checked in a process of its own, from its bytes to its marked copy; nothing is kept."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.batch.earlier import Against, Earlier, Shelf
from xlcheck.batch.one import check_content, marked_copy
from xlcheck.batch.plan import Job
from xlcheck.files.names import original_name
from xlcheck.model.errors import Refused
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms, Opened, OpenedReport
from xlcheck.results.checked import Checked, unreadable
from xlcheck.results.entries import file_json
from xlcheck.results.record import Record, of_entry
from xlcheck.results.writing import entry
from xlcheck.workers.spread import Crew, Task, spread

if TYPE_CHECKING:
    from xlcheck.checking.explanations import SaidBefore
    from xlcheck.results.drawn import DrawnFile

_UNCOMPARED = "与上年和上次报送的比对没有完成，只核对了这份表本身"


class FileQuestion(NamedTuple):
    """A file to look at, and what to compare it with."""

    name: str
    """What it is called, and its copy after it."""
    data: bytes
    year: int | None
    """The year that is collected; None for any."""
    last_year: Earlier | None = None
    """The unit's submission of last year, as its content; None where there is none."""
    last_round: Earlier | None = None
    """What the unit handed in before, as its content."""
    said: tuple[SaidBefore, ...] = ()
    """What was said of warnings in the rounds before that one."""
    office: Office = NO_OFFICE
    """What the copy says of where it goes back to."""


class FileAnswer(NamedTuple):
    """What looking at a file came to."""

    entry: str
    """Its entry in the JSON document; `annotated` is what its copy is to be called."""
    copy: bytes = b""
    """The marked copy; empty where nothing is to be marked, or none can be made."""
    suffix: str = ""
    """What the copy's name ends with."""
    drawn: str = ""
    """What the form with red cells is drawn from, as JSON; empty where it cannot be read."""
    trouble: str = ""
    """Why there is no copy although there should be one, in a clerk's words."""
    is_lost: bool = False
    """Whether nothing got through with it."""

    @property
    def record(self) -> Record:
        """The entry as a value."""
        return of_entry(self.entry)

    @property
    def drawing(self) -> DrawnFile | None:
        """What the form with red cells is drawn from."""
        return drawing_of(self.drawn)


def drawing_of(text: str | bytes) -> DrawnFile | None:
    """What the form with red cells is drawn from, from its JSON; None for none."""
    drawing: DrawnFile | None = json.loads(text) if text else None
    return drawing


def look(question: FileQuestion, forms: Forms, executor: Executor | None = None) -> FileAnswer:
    """Check a file in a process that it alone can bring down.

    Args:
        question: the file.
        forms: as what it is read.
        executor: hands it to a process that is there already; None starts one.

    Raises:
        WorkersLost: the executor failed.
    """
    crew = Crew(executor, workers=1, chunk=1) if executor is not None else None
    answer = _ask(question, forms, crew)
    if answer.is_lost and (question.last_year or question.last_round):
        # It may be one of the others that cannot be got through with.
        alone = _ask(question._replace(last_year=None, last_round=None), forms, crew)
        return alone if alone.is_lost else _with_notice(alone, _UNCOMPARED)
    return answer


def _ask(question: FileQuestion, forms: Forms, crew: Crew | None) -> FileAnswer:
    answer: FileAnswer
    (answer,) = spread(Task(answered, _lost, forms), (question,), crew)
    return answer


def _with_notice(answer: FileAnswer, notice: str) -> FileAnswer:
    file = json.loads(answer.entry)
    file["notices"] = [*file.get("notices", ()), notice]
    return answer._replace(entry=entry(file))


def _lost(question: FileQuestion, reason: str, forms: Forms) -> FileAnswer:
    del forms
    return FileAnswer(_entry(unreadable(question.name, Refused("F105", reason))), is_lost=True)


def answered(question: FileQuestion, forms: Forms) -> FileAnswer:
    """Check a file in this process. Never raises for what it holds.

    Raises:
        MemoryError: there is not enough for what it holds.
    """
    against = Against(_shelf(question.last_year), _shelf(question.last_round), question.year, said=question.said)
    job = Job(Path(question.name), question.name, None, digested=True)
    checked, opened = check_content(question.data, job, forms, against)
    if opened is None or checked.verification is None:
        return FileAnswer(_entry(checked))
    from xlcheck.results.drawn import drawn_file

    drawn = json.dumps(drawn_file(checked.verification), ensure_ascii=False)
    return _marked(checked, opened, question)._replace(drawn=drawn)


def _shelf(certain: Earlier | None) -> Shelf | None:
    return None if certain is None else Shelf({}, {}, (), certain=certain)


def _marked(checked: Checked, opened: Opened | OpenedReport, question: FileQuestion) -> FileAnswer:
    from xlcheck.copies.reports import NoCopy
    from xlcheck.copies.source import CannotAnnotate

    if checked.verification is None or not checked.findings:
        return FileAnswer(_entry(checked))
    name = original_name(question.name)
    try:
        copy = marked_copy(opened, checked.verification, name, question.office)
    except NoCopy as none:
        return FileAnswer(_entry(checked._replace(notices=(*checked.notices, str(none)))))
    except CannotAnnotate as error:
        return FileAnswer(_entry(checked), trouble=str(error))
    called = f"{Path(name).stem}.审核{copy.suffix}"
    return FileAnswer(_entry(checked._replace(annotated=called)), copy.data, copy.suffix)


def _entry(checked: Checked) -> str:
    file = file_json(checked)
    file["digest"] = checked.digest
    return entry(file)
