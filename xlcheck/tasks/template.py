"""Drawing locked tables: one, or one for each unit of a list."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.content import tidy, why, write_bytes
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, form_of, units_of

if TYPE_CHECKING:
    from xlcheck.model.form import Form


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


def drawn_for(form: Form, *, unit: str = "", code: str = "", email: str = "", year: int | None = None) -> bytes:
    """The locked table with what is known of its unit on the cover, as the bytes of an .xlsx file."""
    from xlcheck.drawing.template import render

    known = {"unit": unit, "code": code, "email": email, "year": str(year or "")}
    return render(form, {key: clean(text) for key, text in known.items() if text})


def write_templates(options: TemplateOptions, listen: Listener = ignore) -> None:
    """Write what was asked for; templates that nobody has filled in yet are replaced.

    Raises:
        CannotDo: the form or the list cannot be used, or something is in the way.
    """
    from xlcheck.roster.stems import file_stems

    form = form_of(options.form)
    if options.units is None:
        path = options.out or Path(f"{form.title}.xlsx")
        _write(path, drawn_for(form, unit=options.unit or "", year=options.year), form)
        listen(Notice(f"已生成“{path}”"))
        return
    listed = units_of(options.units, listen)
    folder = options.out or Path("模板")
    tidy([folder])
    for each, stem in zip(listed, file_stems(listed), strict=True):
        data = drawn_for(form, unit=each.name, code=each.code, email=each.email, year=options.year)
        _write(folder / f"{stem}.xlsx", data, form)
    listen(Notice(f"已生成 {len(listed)} 个模板，在文件夹“{folder}”"))


def _write(path: Path, data: bytes, form: Form) -> None:
    if os.path.lexists(path) and not _is_blank(path, form):
        raise CannotDo("output", f"已有“{path}”，里面有内容，没有覆盖；请先移走，或用 -o 换一个名称")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data)
    except (OSError, UnicodeError) as error:
        raise CannotDo("output", f"无法写入“{path}”（{why(error)}）") from error


def _is_blank(path: Path, form: Form) -> bool:
    """Whether a workbook is a template that nobody has filled in yet."""
    from xlcheck.batch.earlier import submission_alone
    from xlcheck.model.errors import Refused
    from xlcheck.model.submission import BLANK

    try:
        submission = submission_alone(path, form)
    except Refused:
        return False
    return (
        bool(submission.held) and not any(held != BLANK for held in submission.held.values()) and not submission.notes
    )
