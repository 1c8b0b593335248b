"""What last year's workbooks know of this year's templates: each unit's numbers, read in processes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlcheck.batch.earlier import Earlier, Shelf, Stocking, find, submission_behind
from xlcheck.checking.verify import LastYear, verify_submission, year_before
from xlcheck.model.errors import Refused
from xlcheck.model.form import Form
from xlcheck.model.submission import Submission
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms, open_submission
from xlcheck.roster.roll import roll_of
from xlcheck.roster.units import Unit
from xlcheck.tasks.alone import no_answer
from xlcheck.tasks.events import Listener
from xlcheck.tasks.given import CannotDo, shelf_at
from xlcheck.workers.spread import Task, crew_for, in_child, spread


class YearOfUnit(NamedTuple):
    """Whose template it is, for which year, and what is known of the year before."""

    unit: Unit
    year: int | None
    last_year: LastYear
    is_sound: bool = True
    """Whether last year's workbook passes."""


def each_last_year(
    given: Path | str | Shelf, form: Form, year: int, listed: Sequence[Unit], listen: Listener
) -> tuple[YearOfUnit, ...]:
    """Of each unit of a list what is known of the year before `year`, or why nothing is.

    Args:
        given: the file or folder with last year's workbooks, or what is known of them.
        form: the form.
        year: of the templates.
        listed: the units.
        listen: is told what is no submission.

    Raises:
        CannotDo: there is nothing, or it cannot be read.
    """
    return _read(_shelf(given, form, listed, listen), form, year, listed)


def _shelf(given: Path | str | Shelf, form: Form, listed: Sequence[Unit], listen: Listener) -> Shelf:
    if isinstance(given, Shelf):
        return given._replace(listed=roll_of(listed))
    return shelf_at(given, Stocking(form), listed, listen)


def one_last_year(
    given: Path | str | bytes | Shelf, form: Form, unit: Unit, year: int | None, listen: Listener
) -> YearOfUnit:
    """The same of one unit; what is not said of it is what last year's only workbook says.

    Raises:
        CannotDo: there is no workbook of that unit and year, or it cannot be read.
    """
    if isinstance(given, bytes):
        return _of_bytes(given, form, unit, year)
    shelf = _shelf(given, form, (), listen)
    entries = list(shelf.entries())
    where = "上年的台账" if isinstance(given, Shelf) else f"“{given}”"
    if not entries:
        raise CannotDo("input", f"{where}里没有可以读取的报送表")
    if len(entries) > 1 and not (unit.name and year):
        wanted = "、".join(option for option, known in (("--unit", unit.name), ("--year", year)) if not known)
        raise CannotDo("options", f"{where}里有 {len(entries)} 份报送表，请用 {wanted} 指明是哪一份的下一年度")
    (found,) = _read(shelf, form, year or _next(entries[0]), [_named(unit, entries[0])])
    if found.last_year.missing:
        raise CannotDo("input", f"没有可以预填的上年数：{found.last_year.missing}")
    return found


def _next(only: Earlier | Submission) -> int | None:
    return only.year + 1 if only.year is not None else None


def _named(unit: Unit, only: Earlier | Submission) -> Unit:
    """The unit, which is that of last year's only workbook where nobody says another."""
    return unit if unit.name else unit._replace(name=only.unit, code=unit.code or only.unit_code)


def _of_bytes(data: bytes, form: Form, unit: Unit, year: int | None) -> YearOfUnit:
    answer: Submission | Refused = in_child(Task(_opened, no_answer, form), data)
    if isinstance(answer, Refused):
        raise CannotDo("input", f"没有可以预填的上年数：{answer.message}")
    if answer.year is None or year not in (None, _next(answer)):
        raise CannotDo("input", f"没有可以预填的上年数：给出的报送表是 {answer.year or '未填年度'} 的")
    return _known(_named(unit, answer), _next(answer), answer, "")


def _opened(data: bytes, form: Form) -> Submission | Refused:
    try:
        return open_submission(data, Forms(usual=form)).submission
    except Refused as refused:
        return refused


def _read(shelf: Shelf, form: Form, year: int | None, listed: Sequence[Unit]) -> tuple[YearOfUnit, ...]:
    before = year - 1 if year is not None else None
    fronts = [Submission(form, {"unit": unit.name, "code": unit.code}, {}, {}, ()) for unit in listed]
    places = [find(shelf, front, before) for front in fronts]
    entries = [place for place in places if not isinstance(place, str)]
    with crew_for(len(entries)) as crew:
        read = iter([*spread(Task(_submission, no_answer, form), entries, crew)])
    return tuple(
        YearOfUnit(unit, year, LastYear(None, place))
        if isinstance(place, str)
        else _told(unit, year, place, next(read))
        for unit, place in zip(listed, places, strict=True)
    )


def _submission(entry: Earlier, form: Form) -> Submission | Refused:
    try:
        return submission_behind(entry, form, Forms(usual=form))
    except Refused as refused:
        return refused


def _told(unit: Unit, year: int | None, entry: Earlier, read: Submission | Refused) -> YearOfUnit:
    if isinstance(read, Refused):
        return YearOfUnit(unit, year, LastYear(None, f"“{quote(entry.path.name)}”{read.message}"))
    return _known(unit, year, read, entry.shown)


def _known(unit: Unit, year: int | None, read: Submission, shown: str) -> YearOfUnit:
    numbers = year_before(read, shown)
    return YearOfUnit(unit, year, numbers, verify_submission(read).passed)
