"""What a copy is made of: the department's own package, or the template with its numbers in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

from xlcheck.copies import workbook
from xlcheck.copies.earlier import unmarked
from xlcheck.copies.package import Patch
from xlcheck.copies.seal import sealed
from xlcheck.copies.sheet import Sheet
from xlcheck.copies.survey import survey
from xlcheck.drawing.formulas import FieldValue
from xlcheck.guard.admit import Package
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import sheets_of
from xlcheck.model.cells import Cell, Place
from xlcheck.model.errors import Error
from xlcheck.model.submission import Submission, held_text
from xlcheck.model.text import told_apart
from xlcheck.model.tuples import NamedTuple

_PROGRAMS = "宏（VBA 代码）"
_LOCK = "文件加密（原文件用程序自带的默认密码加了密，打开时不询问；本文件没有加密）"
_SIGNATURES = "数字签名（加了批注，签名不再有效）"


class Source(NamedTuple):
    """The workbook to copy."""

    data: bytes
    """Its bytes, unlocked as the package has them."""
    package: Package
    name: str = ""
    """The file's name, to which the seal of the copy ties it."""
    ask: Ask = afresh
    """May know what was found out about parts of other workbooks."""


class CannotAnnotate(Error):
    """No copy can be made of a workbook that could be read."""

    code = "copy"


class Copy(NamedTuple):
    """A copy to write into."""

    patch: Patch
    members: Mapping[str, str]
    """The part of each worksheet, by how it is called in places."""
    titles: Mapping[str, str]
    """The title that each worksheet bears, by how it is called in places: strangers' titles are called otherwise."""
    lost: tuple[str, ...]
    """What it does not hold of the original, in a clerk's words."""
    places: Mapping[str, Place]
    """Where the fields and the cover's entries stand in it, by key."""
    is_own: bool
    """Whether it is made of the department's own workbook, and not of the template."""
    looked: dict[str, Sheet]
    """The worksheets that were looked through, by how they are called."""

    def sheet(self, name: str, cells: Collection[Cell]) -> Sheet:
        """A worksheet with some of its cells, looked through no oftener than needed."""
        known = self.looked.get(name)
        if known is None or not known.asked.issuperset(cells):
            wanted = known.asked.union(cells) if known else cells
            known = self.looked[name] = survey(self.patch[self.members[name]], wanted, self.patch.ask)
        return known


def made(source: Source, submission: Submission, mark: Callable[[Copy], None]) -> bytes:
    """A copy that `mark` wrote into, as the bytes of an .xlsx file; the same input gives the same bytes.

    An .xls, .et or .ods submission is copied into the official template. So is an .xlsx with a part that is not
    well-formed: that costs the department its formats, and nobody the copy.

    Args:
        source: the workbook.
        submission: what was read from it.
        mark: writes into the copy.

    Raises:
        CannotAnnotate: not even that can be done.
    """
    cause: Exception | None = None
    for start in (_of_own, _of_template) if source.package.kind == "xlsx" else (_of_template,):
        try:
            copy = start(source, submission)
            mark(copy)
            return sealed(copy.patch, source.name)
        except MemoryError:
            raise
        except Exception as error:  # a stranger's parts can be wrong in more ways than are known
            cause = error
    raise CannotAnnotate("无法生成副本；请用 WPS 或 Excel 另存为新的 .xlsx 后再审核") from cause


def _of_own(source: Source, submission: Submission) -> Copy:
    patch = Patch(source.data, source.package.parts, source.ask)
    lost = [_LOCK] if source.package.locked else []
    if workbook.without_signatures(patch):
        lost.append(_SIGNATURES)
    if workbook.without_programs(patch):
        lost.append(_PROGRAMS)
    named = _named(patch)
    members = unmarked(patch)
    titles = {name: title for name, title in named.items() if title in members}
    return Copy(
        patch,
        {name: members[title] for name, title in titles.items()},
        titles,
        tuple(lost),
        submission.places,
        True,
        {},
    )


def _named(patch: Patch) -> dict[str, str]:
    """The title of each sheet, by how reading calls it."""
    titles = [title for title, _ in sheets_of(patch, patch.ask)]
    return dict(zip(told_apart(titles), titles, strict=True))


def _of_template(source: Source, submission: Submission) -> Copy:
    from xlcheck.drawing import template  # late: most files are .xlsx
    from xlcheck.guard.container import inflate
    from xlcheck.guard.limits import LIMITS

    form = submission.form
    data = template.render(form, submission.cover, _template_values(submission), submission.notes)
    patch = Patch(data, inflate(data, LIMITS).parts)
    places = {field.key: Place(field.sheet, field.cell) for field in form.fields}
    places.update({entry.key: Place(form.cover.sheet, entry.cell) for entry in form.cover.entries})
    lost = ["原文件的格式、批注、公式和表格以外的内容（本文件是填入了原数的官方模板，原文件请自行保留）"]
    if source.package.macros:
        lost.append(_PROGRAMS)
    return Copy(patch, dict(sheets_of(patch)), _named(patch), tuple(lost), places, False, {})


def _template_values(submission: Submission) -> dict[str, FieldValue]:
    values: dict[str, FieldValue] = {}
    for key, held in submission.held.items():
        if isinstance(held, int | float) and not isinstance(held, bool) and math.isfinite(held):
            values[key] = held
        else:
            values[key] = held_text(held)
    return values
