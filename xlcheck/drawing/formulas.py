"""Relations and counts as Excel formulas, and what they come to.

Only functions that Excel 2010, WPS and LibreOffice share. Each formula has its value computed here too, from the same
relation, because LibreOffice trusts the value that stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from xlcheck.model.cells import Cell, cell_name, column_name
from xlcheck.model.form import CoverEntry, Field, Form, Relation
from xlcheck.model.tuples import NamedTuple

FieldValue = int | float | Decimal | str
"""What a cell of the template is filled with."""

DONE = "已填完，勾稽关系全部平衡"
"""The cover's status when nothing is left to do."""

NOTHING_LEFT = "没有"
"""Where nothing is blank or unfit."""

_BLANK, _UNFIT = "格空着", "格不符合要求"


def absolute_name(cell: Cell) -> str:
    """``(4, 3)`` → ``$D$5``."""
    return f"${column_name(cell[1])}${cell[0] + 1}"


def reference(sheet: str, first: Cell, last: Cell | None = None, home: str | None = None) -> str:
    """A reference as formulas write it; the sheet is left out on the sheet `home`."""
    cells = absolute_name(first) if last is None or last == first else f"{absolute_name(first)}:{absolute_name(last)}"
    return cells if sheet == home else f"'{sheet}'!{cells}"


def rectangles(cells: Iterable[Cell]) -> tuple[tuple[Cell, Cell], ...]:
    """Cover `cells` exactly with few rectangles: runs along each row, then equal runs of rows that touch."""
    runs: list[tuple[Cell, Cell]] = []
    for cell in sorted(set(cells)):
        if runs and runs[-1][1] == (cell[0], cell[1] - 1):
            runs[-1] = (runs[-1][0], cell)
        else:
            runs.append((cell, cell))
    found: dict[tuple[int, int], list[tuple[Cell, Cell]]] = {}
    for first, last in runs:
        column = found.setdefault((first[1], last[1]), [])
        if column and column[-1][1][0] == first[0] - 1:
            column[-1] = (column[-1][0], last)
        else:
            column.append((first, last))
    return tuple(sorted(rectangle for column in found.values() for rectangle in column))


def references(fields: Sequence[Field], home: str | None = None) -> tuple[str, ...]:
    """References that cover `fields`, sheet by sheet."""
    sheets: dict[str, list[Cell]] = {}
    for field in fields:
        sheets.setdefault(field.sheet, []).append(field.cell)
    return tuple(
        reference(sheet, first, last, home) for sheet, cells in sheets.items() for first, last in rectangles(cells)
    )


def difference(relation: Relation, home: str | None = None) -> str:
    """Left minus right. Rounded to a fen, since amounts may carry binary noise."""
    left, right = (
        f"SUM({','.join(references(fields, home))})" for fields in (relation.left_fields, relation.right_fields)
    )
    return f"ROUND({left}-{right},6)"


def filled(relation: Relation, home: str | None = None) -> str:
    """True when all operands are numbers."""
    return f"COUNT({','.join(references(relation.fields, home))})={len(relation.fields)}"


def broken(relation: Relation, home: str | None = None) -> str:
    """1 when all operands are numbers and the relation does not hold, else 0."""
    return f"IF({filled(relation, home)},IF({difference(relation, home)}<>0,1,0),0)"


def whole_sum(parts: Sequence[Field], home: str) -> str:
    """The sum of `parts` once all of them are numbers; nothing before, so that no sum of a part is taken for the whole."""
    cells = ",".join(references(parts, home))
    return f'IF(COUNT({cells})={len(parts)},SUM({cells}),"")'


def count_broken(relations: Sequence[Relation]) -> str:
    """How many of `relations` are broken."""
    return "+".join(broken(relation) for relation in relations) or "0"


def count_blank(fields: Sequence[Field]) -> str:
    """How many of `fields` are blank."""
    return "+".join(f"COUNTBLANK({cells})" for cells in references(fields)) or "0"


def count_blank_entries(sheet: str, entries: Sequence[CoverEntry]) -> str:
    """How many of the cover's `entries` are blank."""
    return "+".join(f"IF(LEN(TRIM({reference(sheet, entry.cell)}))=0,1,0)" for entry in entries) or "0"


def count_unfit(fields: Sequence[Field]) -> str:
    """How many of `fields` hold a text, an error, a negative number (no change), or a fraction (no amount)."""
    changes = [field for field in fields if field.signed]
    # An error or a text makes no number; 1/FALSE is an error, so the last terms count the fractions (of counts, above 0).
    terms = [
        f'ROWS({cells})*COLUMNS({cells})-COUNTBLANK({cells})-COUNT({cells})+COUNTIF({cells},"<0")'
        for cells in references([field for field in fields if not field.signed])
    ]
    terms += [f"ROWS({cells})*COLUMNS({cells})-COUNTBLANK({cells})-COUNT({cells})" for cells in references(changes)]
    terms += [
        f"SUMPRODUCT(ISNUMBER({cells})*ISERROR(1/({cells}=INT({cells})))*ISERROR(1/({cells}<0)))"
        for cells in references([field for field in fields if field.kind == "count"])
    ]
    terms += [f"SUMPRODUCT(ISNUMBER({cells})*ISERROR(1/({cells}=INT({cells}))))" for cells in references(changes)]
    return "+".join(terms) or "0"


def unfit(field: Field) -> str:
    """True when the cell of `field` holds something that does not belong there; written for that cell alone."""
    cell = cell_name(field.cell)
    wrong = [f"{cell}<0"] * (not field.signed) + [f"{cell}<>INT({cell})"] * field.whole
    return f'IF(ISERROR({cell}),TRUE,AND({cell}<>"",IF(ISNUMBER({cell}),OR({",".join(wrong)}),TRUE)))'


class Live(NamedTuple):
    """What the cover's live checks come to for given values."""

    blank_entries: int
    """Required entries of the cover that are blank."""
    blank: int
    unfit: int
    broken: Mapping[str, int]
    """How many relations of each code."""
    left: str = NOTHING_LEFT
    """Where something is blank or unfit, as the formula of :func:`left` says it."""

    @property
    def status(self) -> str:
        """The cover's status line."""
        if self.blank_entries:
            return f"封面还有 {self.blank_entries} 项未填"
        if self.blank:
            return f"还有 {self.blank} 格未填"
        if self.unfit:
            return f"有 {self.unfit} 格填写不符合要求"
        total = sum(self.broken.values())
        return f"有 {total} 处勾稽关系不平衡" if total else DONE


def status(blank_entries: str, blank: str, unfit: str, broken: str) -> str:
    """The formula of the status line, from the cells that hold the counts; says what :attr:`Live.status` says."""
    return (
        f'IF({blank_entries}>0,"封面还有 "&{blank_entries}&" 项未填",'
        f'IF({blank}>0,"还有 "&{blank}&" 格未填",'
        f'IF({unfit}>0,"有 "&{unfit}&" 格填写不符合要求",'
        f'IF({broken}>0,"有 "&{broken}&" 处勾稽关系不平衡","{DONE}"))))'
    )


def left(form: Form, counts: Sequence[str]) -> str:
    """The formula that says which required entries are blank, and on which sheets fields are blank or unfit.

    Args:
        form: the form.
        counts: the cells that count blank entries, blank fields and unfit ones.
    """
    cover = form.cover
    parts = [
        f'IF(LEN(TRIM({reference(cover.sheet, entry.cell, home=cover.sheet)}))=0,"{_of_entry(cover.sheet, entry)}","")'
        for entry in cover.entries
        if entry.required
    ]
    for table in form.tables:
        for number, kind in ((count_blank(table.fields), _BLANK), (count_unfit(table.fields), _UNFIT)):
            parts.append(f'IF({number}>0,"{table.sheet}："&({number})&" {kind}{_APART}","")')
    return f'{"&".join(parts)}&IF({"+".join(counts)}=0,"{NOTHING_LEFT}","")'


_APART = "　"


def _of_entry(sheet: str, entry: CoverEntry) -> str:
    return f"{sheet}：{entry.label.text}{_APART}"


def _left(form: Form, cover: Mapping[str, str], values: Mapping[str, FieldValue]) -> str:
    """What the formula of :func:`left` comes to."""
    parts = [_of_entry(form.cover.sheet, entry) for entry in _blank_entries(form, cover)]
    for table in form.tables:
        held = [(field, values.get(field.key, "")) for field in table.fields]
        blank = sum(value == "" for _, value in held)
        unfit = sum(_is_unfit(field, value) for field, value in held)
        parts += [
            f"{table.sheet}：{number} {kind}{_APART}" for number, kind in ((blank, _BLANK), (unfit, _UNFIT)) if number
        ]
    return "".join(parts) or NOTHING_LEFT


def _blank_entries(form: Form, cover: Mapping[str, str]) -> list[CoverEntry]:
    return [entry for entry in form.cover.entries if entry.required and not cover.get(entry.key, "").strip()]


def live(form: Form, cover: Mapping[str, str], values: Mapping[str, FieldValue]) -> Live:
    """What the formulas of the cover come to when `values` are typed in."""
    numbers = {key: value for key, value in values.items() if not isinstance(value, str)}
    counts: dict[str, int] = {relation.code: 0 for relation in form.relations}
    for relation in form.relations:
        if all(field.key in numbers for field in relation.fields):
            left, right = (
                sum(Decimal(str(numbers[field.key])) for field in fields)
                for fields in (relation.left_fields, relation.right_fields)
            )
            counts[relation.code] += left != right
    return Live(
        blank_entries=len(_blank_entries(form, cover)),
        blank=sum(values.get(field.key, "") == "" for field in form.fields),
        unfit=sum(_is_unfit(field, values.get(field.key, "")) for field in form.fields),
        broken=counts,
        left=_left(form, cover, values),
    )


def _is_unfit(field: Field, value: FieldValue) -> bool:
    if isinstance(value, str):
        return value != ""
    return (value < 0 and not field.signed) or (field.whole and value != int(value))
