"""Drawing locked tables: one, or one for each unit of a list."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.content import tidy, why, write_bytes
from xlcheck.model.submission import NoValue
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, form_of, units_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlcheck.batch.earlier import Shelf
    from xlcheck.checking.verify import LastYear
    from xlcheck.model.form import Form
    from xlcheck.roster.units import Unit
    from xlcheck.tasks.last_year import YearOfUnit

_NAMED = 5
"""Of more units only the first are named."""


class TemplateOptions(NamedTuple):
    """Which templates are written."""

    out: Path | None = None
    """The file, or with `units` the folder; None for a name of ours in the folder we are in."""
    year: int | None = None
    """报告年度 on the cover."""
    unit: str | None = None
    """单位名称 on the cover."""
    units: Path | bytes | None = None
    """A list of units (CSV or a workbook): one template for each."""
    form: str | None = None
    last_year: Path | str | Shelf | None = None
    """A file or folder of last year's submissions, or what is known of them: what is carried over from them is filled in."""
    totals: bool = False
    """Whether sums are worked out by formulas."""
    zeros: bool = False
    """Whether all other fields hold 0."""


def drawn_for(
    form: Form,
    *,
    unit: str = "",
    code: str = "",
    email: str = "",
    year: int | None = None,
    last_year: LastYear | None = None,
    totals: bool = False,
    zeros: bool = False,
) -> bytes:
    """The locked table with what is known of its unit, as the bytes of an .xlsx file.

    Args:
        form: the form.
        unit: 单位名称 on the cover.
        code: 统一社会信用代码 on the cover.
        email: 电子邮箱 on the cover.
        year: 报告年度 on the cover.
        last_year: what the unit's table of the year before says.
        totals: whether sums are worked out by formulas.
        zeros: whether all other fields hold 0.
    """
    from xlcheck.drawing.prefill import prefilled
    from xlcheck.drawing.template import render

    cover = {"unit": unit, "code": code, "email": email, "year": str(year or "")}
    before = year - 1 if year else None
    values, doubtful = (last_year.values, last_year.doubtful) if last_year else (None, ())
    known = prefilled(form, values, doubtful=doubtful, year=before, totals=totals, zeros=zeros)
    return render(form, {key: clean(text) for key, text in cover.items() if text}, known=known)


def write_templates(options: TemplateOptions, listen: Listener = ignore) -> None:
    """Write what was asked for; templates that nobody has filled in yet are replaced.

    Raises:
        CannotDo: the form or the list cannot be used, or something is in the way.
    """
    from xlcheck.roster.stems import file_stems
    from xlcheck.roster.units import Unit

    form = form_of(options.form)
    if options.units is None:
        path = options.out or Path(f"{form.title}.xlsx")
        data = drawn_unit(
            form,
            Unit(options.unit or ""),
            options.year,
            options.last_year,
            totals=options.totals,
            zeros=options.zeros,
            listen=listen,
        )
        _write(path, data, form)
        listen(Notice(f"已生成“{path}”"))
        return
    listed = units_of(options.units, listen)
    known = _each_last_year(options, form, listed, listen)
    folder = options.out or Path("模板")
    tidy([folder])
    for each, last_year, stem in zip(listed, known, file_stems(listed), strict=True):
        data = drawn_for(
            form,
            unit=each.name,
            code=each.code,
            email=each.email,
            year=options.year,
            last_year=last_year,
            totals=options.totals,
            zeros=options.zeros,
        )
        _write(folder / f"{stem}.xlsx", data, form)
    listen(Notice(f"已生成 {len(listed)} 个模板，在文件夹“{folder}”"))


def drawn_unit(
    form: Form,
    unit: Unit,
    year: int | None,
    given: Path | str | bytes | Shelf | None,
    *,
    totals: bool = False,
    zeros: bool = False,
    listen: Listener = ignore,
) -> bytes:
    """The template of one unit, with what a workbook of last year knows of it.

    Args:
        form: the form.
        unit: the unit; without a name it is that of last year's only workbook.
        year: of the template; None for the one after last year's only workbook.
        given: last year's file or folder, its bytes, or what is known of last year's files; None for none.
        totals: whether sums are worked out by formulas.
        zeros: whether all other fields hold 0.
        listen: is told what cannot be relied on.

    Raises:
        CannotDo: last year's submission is not there, or cannot be read.
    """
    known = None
    if given is not None:
        from xlcheck.tasks.last_year import one_last_year

        found = one_last_year(given, form, unit, year, listen)
        _tell_doubts([found], form, listen)
        unit, year, known = found.unit, found.year, found.last_year
    return drawn_for(
        form, unit=unit.name, code=unit.code, email=unit.email, year=year, last_year=known, totals=totals, zeros=zeros
    )


def _each_last_year(
    options: TemplateOptions, form: Form, listed: Sequence[Unit], listen: Listener
) -> Sequence[LastYear | None]:
    """What is known of each unit's year before; what is not, and what is doubtful, is told."""
    if options.last_year is None:
        return [None] * len(listed)
    if options.year is None:
        raise CannotDo("options", "--prior 和 --units 一起使用时，要用 --year 指明报告年度")
    from xlcheck.tasks.last_year import each_last_year

    found = each_last_year(options.last_year, form, options.year, listed, listen)
    if missing := [one.last_year.missing for one in found if one.last_year.values is None]:
        listen(Notice(f"{len(missing)} 个单位没有预填上年数：{_some(missing)}"))
    _tell_doubts(found, form, listen)
    return [one.last_year for one in found]


def _tell_doubts(found: Iterable[YearOfUnit], form: Form, listen: Listener) -> None:
    """Tell whose numbers of last year cannot all be relied on."""
    known = [(one, one.last_year.values) for one in found if one.last_year.values is not None]
    carried = set(form.carried.values())
    if wrong := [one.unit.name for one, _ in known if not one.is_sound]:
        listen(Notice(f"{len(wrong)} 份上年的报送表审核不通过，预填的上年数请核对：{_some(wrong)}"))
    if unsettled := [one.unit.name for one, _ in known if one.last_year.doubtful & carried]:
        listen(Notice(f"{len(unsettled)} 份上年的报送表里有结转数不平衡，相应的格没有预填：{_some(unsettled)}"))
    if short := [one.unit.name for one, values in known if not values.keys() >= carried]:
        listen(Notice(f"{len(short)} 份上年的报送表里有结转数空着或读不出，相应的格没有预填：{_some(short)}"))


def _some(texts: Sequence[str]) -> str:
    return "；".join(texts[:_NAMED]) + ("等" if len(texts) > _NAMED else "")


def _write(path: Path, data: bytes, form: Form) -> None:
    if os.path.lexists(path) and not _may_be_replaced(path, data, form):
        raise CannotDo("output", f"已有“{path}”，里面有内容，没有覆盖；请先移走，或用 -o 换一个名称")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data)
    except (OSError, UnicodeError) as error:
        raise CannotDo("output", f"无法写入“{path}”（{why(error)}）") from error


def _may_be_replaced(path: Path, data: bytes, form: Form) -> bool:
    """Whether a workbook is a template that nobody has filled in yet, or one with nothing but what is filled in anew."""
    from xlcheck.batch.earlier import submission_alone
    from xlcheck.model.errors import Refused
    from xlcheck.reading.open import open_submission

    try:
        there = submission_alone(path, form)
    except Refused:
        return False
    if not there.held or there.notes:
        return False
    if all(isinstance(held, NoValue) and held.kind == "blank" for held in there.held.values()):
        return True
    new = open_submission(data, form).submission
    return (there.held, there.cover) == (new.held, new.cover)
