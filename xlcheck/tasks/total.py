"""Adding submissions up: which, into which workbooks, and whether they are as they should be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.content import why
from xlcheck.files.paths import exists, is_folder, is_remote
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import FileDone, Listener, Notice, Selected, Started, ignore
from xlcheck.tasks.given import CannotDo, form_of, no_workbooks, place_of, units_of, workbooks_in

if TYPE_CHECKING:
    from xlcheck.batch.plan import Job
    from xlcheck.model.form import Form
    from xlcheck.model.submission import Submission
    from xlcheck.roster.units import Unit
    from xlcheck.totals.publish import Published
    from xlcheck.totals.selection import Given, Selection
    from xlcheck.totals.sums import Contribution, Total


class TotalOptions(NamedTuple):
    """How submissions are added up."""

    out: Path | None = None
    """The workbook, or with `by_parent` the folder; None writes nothing."""
    unit: str | None = None
    """单位名称 on the total's cover."""
    year: int | None = None
    """The only year that counts; None for the one that all have."""
    include_failed: bool = False
    """Whether submissions with errors count, as far as their numbers can be right."""
    units: Path | bytes | None = None
    """A list of units (CSV or a workbook): only theirs count."""
    by_parent: bool = False
    """Whether there is a total for each unit that others name as theirs above; wants `out` and `units`."""
    published: Path | None = None
    """A total that was published, to compare with."""
    form: str | None = None


class Summed(NamedTuple):
    """What adding up came to."""

    form: Form
    selection: Selection
    """What is in the totals, and what is not and why."""
    results: tuple[Published, ...]
    """The totals; none where nothing could be added up."""
    empty: tuple[str, ...]
    """The units above for which there was nothing."""

    @property
    def is_right(self) -> bool:
        """Whether every total that was asked for is there, and nothing is wrong with it."""
        return bool(self.results) and not self.empty and all(one.is_right for one in self.results)


def _unusable(options: TotalOptions, error: OSError) -> CannotDo:
    return CannotDo("output", f"无法使用“{options.out}”（{why(error)}）")


class _Wanted(NamedTuple):
    """One total to make."""

    unit: str
    code: str
    path: Path | None
    members: tuple[Unit, ...] | None
    """Whose submissions it takes; None for all."""


def total_up(paths: Sequence[str], options: TotalOptions, listen: Listener = ignore) -> Summed:
    """Read submissions, choose those that count, add them up, and write and check the totals.

    Args:
        paths: files, folders and addresses.
        options: how.
        listen: hears of each file, and of the selection before anything is written.

    Raises:
        CannotDo: something named cannot be used, submissions are of several years, or a total cannot be written.
    """
    form_of(options.form)
    try:
        _check_paths(paths, options)
    except OSError as error:
        raise _unusable(options, error) from error
    listed = units_of(options.units, listen) if options.units is not None else ()
    return total_of(lambda: read_given(_work(paths, options, listen), options, listen), listed, options, listen)


def total_of(
    read: Callable[[], Sequence[Given]], listed: tuple[Unit, ...], options: TotalOptions, listen: Listener = ignore
) -> Summed:
    """The same of what somebody else chose.

    Args:
        read: gives what there is to add up; called once it is known that the totals can be made.
        listed: the list of units, or empty; that of the options is not looked at.
        options: how.
        listen: as above.

    Raises:
        CannotDo: as above.
    """
    form = form_of(options.form)
    try:
        _check_place(options)
        wanted = _by_parent(listed, options, listen) if options.by_parent else [_whole(listed, options, listen)]
    except OSError as error:
        raise _unusable(options, error) from error
    there = _published(options.published, form) if options.published is not None else None
    selection = _selection(read(), listed, options)
    listen(Selected(selection, tuple(field.address for field in form.fields)))
    if not selection.contributions:
        return Summed(form, selection, (), ())
    for notice in _above(listed, selection):
        listen(Notice(notice))
    return _results(wanted, selection, form, there, listen)


# --- what is to be made ----------------------------------------------------------------------------------------------


def _check_paths(paths: Iterable[str], options: TotalOptions) -> None:
    """A folder of totals is never one that they are made of."""
    out = options.out
    if out is not None and options.by_parent and any(_is_inside(place_of(path), out) for path in paths):
        raise CannotDo("output", f"汇总表不能写到报送表所在的文件夹“{out}”；请用 -o 换一个文件夹")


def _check_place(options: TotalOptions) -> None:
    """A total never lands under a name that no program opens."""
    out = options.out
    if out is None:
        return
    if options.by_parent and exists(out) and not is_folder(out):
        raise CannotDo("output", f"“{out}”不是文件夹；有 --by 时 -o 要指明文件夹")
    if not options.by_parent and out.suffix.lower() != ".xlsx":
        raise CannotDo("output", f"汇总表的文件名要以 .xlsx 结尾，不能是“{out.name}”")


def _whole(listed: Iterable[Unit], options: TotalOptions, listen: Listener) -> _Wanted:
    """One total of all."""
    from xlcheck.model.labels import fold
    from xlcheck.model.text import clean
    from xlcheck.totals.book import UNNAMED

    if options.unit is None and options.out is not None:
        listen(Notice(f"没有用 --unit 指明单位，封面的单位名称写作“{UNNAMED}”"))
    name = clean(options.unit or "").strip() or UNNAMED
    code = next((one.code for one in listed if fold(one.name) == fold(name)), "")
    return _free([_Wanted(name, code, options.out, None)])[0]


def _by_parent(listed: tuple[Unit, ...], options: TotalOptions, listen: Listener) -> list[_Wanted]:
    """One total for each unit that others name as theirs above."""
    from xlcheck.model.text import names
    from xlcheck.roster.families import alone, families
    from xlcheck.roster.stems import file_stems
    from xlcheck.roster.units import InvalidUnits

    out, named = options.out or Path(), f"“{options.units}”" if isinstance(options.units, Path) else ""
    try:
        found = families(listed)
    except InvalidUnits as error:
        raise CannotDo("units", f"单位名单{named}：{error}") from error
    if not found:
        raise CannotDo("units", f"单位名单{named}没有填“上级单位”（parent）一列，不能用 --by parent")
    if others := alone(listed, found):
        more = f"等 {len(others)} 个单位" if len(others) > 5 else ""
        some = names(one.name for one in others[:5])
        listen(Notice(f"名单里的{some}{more}没有上级单位，也没有下级单位，没有计入任何汇总表"))
    stems = file_stems(tuple(family.head for family in found))
    return _free(
        [
            _Wanted(family.head.name, family.head.code, out / f"{stem}.xlsx", family.members)
            for family, stem in zip(found, stems, strict=True)
        ]
    )


def _free(wanted: list[_Wanted]) -> list[_Wanted]:
    """The same, if all can be written without losing what somebody else made."""
    from xlcheck.totals.publish import Occupied, is_free

    for one in wanted:
        if one.path is not None and not is_free(one.path, one.unit):
            raise CannotDo("output", Occupied(one.path, one.unit).message)
    return wanted


# --- what it is made of ----------------------------------------------------------------------------------------------


def _published(path: Path, form: Form) -> Submission:
    from xlcheck.batch.earlier import submission_alone
    from xlcheck.model.errors import Refused

    try:
        submission = submission_alone(path, form)
    except Refused as refused:
        raise CannotDo("input", f"无法比对“{path}”：{refused.message}") from refused
    if not submission.held:
        raise CannotDo("input", f"无法比对“{path}”：{submission.structure[0].message}")
    return submission


def _work(paths: Sequence[str], options: TotalOptions, listen: Listener) -> list[Job]:
    """The files to read: never what this run writes, nor what it is compared with."""
    from xlcheck.totals.publish import details_path

    jobs = workbooks_in(paths, None, listen, "汇总")
    out = options.out
    ours = [out] if options.by_parent else [out, out and details_path(out), options.published]
    jobs = [job for job in jobs if not any(one and _is_inside(job.path, one) for one in ours)]
    if not jobs:
        raise no_workbooks(paths)
    return [job._replace(annotated=None) for job in jobs]


def read_given(jobs: Sequence[Job], options: TotalOptions, listen: Listener) -> list[Given]:
    """What each file gives to a total; documents that were found in folders and are no reports are passed over."""
    from xlcheck.files.names import may_be_report
    from xlcheck.forms.file import DEFAULT
    from xlcheck.model.text import names
    from xlcheck.reading.open import Forms
    from xlcheck.totals.intake import take_all

    given: list[Given] = []
    listen(Started(len(jobs)))
    aside: list[str] = []
    for job, one in zip(jobs, take_all(jobs, Forms(options.form or DEFAULT)), strict=True):
        if job.found and one.is_other and may_be_report(job.path.name):
            aside.append(one.path)
        else:
            given.append(one)
        listen(FileDone(one.path))
    if aside:
        some = names(aside[:5]) + ("等" if len(aside) > 5 else "")
        listen(Notice(f"文件夹里有 {len(aside)} 个文档不是可以读取的年报，没有汇总：{some}"))
    return given


def _selection(given: Sequence[Given], listed: Sequence[Unit], options: TotalOptions) -> Selection:
    from xlcheck.totals.selection import MixedYears, select

    try:
        return select(given, listed, options.year, options.include_failed)
    except MixedYears as error:
        raise CannotDo("input", str(error)) from error


def _is_inside(path: Path, outer: Path) -> bool:
    """Whether a path is another one, or lies below it."""
    if is_remote(path) or is_remote(outer):
        return str(path) == str(outer) or str(path).startswith(f"{str(outer).rstrip('/')}/")
    one, other = (os.path.normcase(os.path.realpath(each)) for each in (path, outer))
    return one == other or one.startswith(other.rstrip(os.sep) + os.sep)


# --- what comes out --------------------------------------------------------------------------------------------------


def _results(
    wanted: Iterable[_Wanted], selection: Selection, form: Form, there: Submission | None, listen: Listener
) -> Summed:
    from xlcheck.totals.publish import Occupied, Published, publish
    from xlcheck.totals.room import TooManyUnits

    results: list[Published] = []
    empty: list[str] = []
    for one in wanted:
        added = _added(one, selection, form)
        if not added.contributions:
            listen(Notice(f"“{one.unit}”没有可以汇总的报送表，没有写出它的汇总表"))
            empty.append(one.unit)
            continue
        try:
            result = publish(added, one.unit, one.code, one.path) if one.path else Published(added, one.unit, one.code)
        except (Occupied, TooManyUnits) as error:
            raise CannotDo("output", error.message) from error
        except (OSError, UnicodeError) as error:
            raise CannotDo("output", f"无法写入“{one.path}”（{why(error)}）") from error
        for notice in _doubled(added):
            listen(Notice(notice))
        results.append(_compared(result, there, listen))
    return Summed(form, selection, tuple(results), tuple(empty))


def _added(wanted: _Wanted, selection: Selection, form: Form) -> Total:
    from xlcheck.roster.identity import identity
    from xlcheck.totals.sums import add_up

    if wanted.members is None:
        return add_up(form, selection.year, selection.contributions, selection.left_out)
    known = {pair for unit in wanted.members for pair in identity(unit.name, unit.code).keys}
    names = {unit.name for unit in wanted.members}
    return add_up(
        form,
        selection.year,
        (one for one in selection.contributions if one.unit in names),
        (one for one in selection.left_out if identity(one.unit, one.code).keys & known),
    )


def _compared(result: Published, there: Submission | None, listen: Listener) -> Published:
    from xlcheck.totals.book import UNNAMED
    from xlcheck.totals.sums import differences

    if there is None:
        return result
    if there.year is not None and there.year != result.total.year:
        listen(Notice(f"比对的表是 {there.year} 年的，汇总的是 {result.total.year} 年的"))
    other = there.unit if _is_anothers(result, there) else ""
    if result.unit == UNNAMED and there.unit:
        ask = "它是参加汇总的单位之一；请核对文件" if other else "请核对，或用 --unit 指明汇总的单位后重新比对"
        listen(Notice(f"没有用 --unit 指明汇总的是哪个单位，比对的表封面的单位是“{quote(there.unit)}”，{ask}"))
    elif other:
        listen(Notice(f"比对的表封面的单位是“{quote(other)}”，汇总的是“{result.unit}”，不是同一单位的；请核对文件"))
    return result._replace(differences=differences(result.total, there), other_unit=other)


def _is_anothers(result: Published, there: Submission) -> bool:
    """Whether a published total is another unit's than the one that was added up, as far as both say whose they are."""
    from xlcheck.roster.identity import identity
    from xlcheck.roster.roll import is_short_for
    from xlcheck.totals.book import UNNAMED

    mine, theirs = identity(result.unit, result.code), identity(there.unit, there.unit_code)
    if mine.code and theirs.code:
        return mine.code != theirs.code
    if result.unit == UNNAMED:
        # The total of several units is none of theirs.
        given = result.total.contributions
        return len(given) > 1 and any(identity(one.unit, one.code).keys & theirs.keys for one in given)
    if not theirs.name:
        return False
    return mine.name != theirs.name and not is_short_for(mine.name, theirs.name)


def _doubled(total: Total) -> list[str]:
    """What may be added up twice, in a clerk's words."""
    from xlcheck.totals.disguise import repeating

    others = len(total.contributions) - 1
    return [_said_twice(one, f"其余 {others} 个单位") for one in repeating(total)[:1]]


def _above(listed: tuple[Unit, ...], selection: Selection) -> list[str]:
    """Submissions that are exactly the sum of others, in a clerk's words; not where these are all others.

    The list says whose sum a unit may be; where it does not, large numbers do.
    """
    from xlcheck.model.text import names
    from xlcheck.roster.families import families
    from xlcheck.totals.disguise import disguised, holding

    found: dict[str, str] = {}
    given = {one.unit: one for one in selection.contributions}
    for family in families(listed):
        head = given.get(family.head.name)
        below = [unit for unit in family.members if unit.name in given and unit.name != family.head.name]
        direct = [unit for unit in below if unit.parent in (family.head.name, family.head.code)]
        for units in (below, direct):
            if head and 0 < len(units) < len(given) - 1 and holding(head, [given[unit.name] for unit in units]):
                found[head.path] = _said_twice(head, f"它下面 {len(units)} 个单位")
                break
    for one, others in disguised(selection.contributions):
        more = f"等 {len(others)} 个单位" if len(others) > 5 else f"这 {len(others)} 个单位"
        some = names(other.unit for other in others[:5])
        found.setdefault(one.path, _said_twice(one, f"{some}{more}"))
    return list(found.values())


def _said_twice(one: Contribution, others: str) -> str:
    return (
        f"“{one.path}”（{one.unit}）的数正好是{others}之和，可能已经包含它们的数，相加就重复了；"
        "请核实，是汇总数的，请移走后重新汇总"
    )
