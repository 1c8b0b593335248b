"""The form: one edition of the mandated tables, as frozen values.

Everything here is plain data made by :mod:`xlcheck.forms.file`; nothing reads or writes a file. Values are named tuples,
which cost a fifth of a dataclass at import; those that derive something and keep it are subclasses of one.
Rows and columns count from 0 as in calamine and XlsxWriter; :func:`cell_name` says them as a clerk does (``D5``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from xlcheck.model.cells import Cell, Place, cell_name
from xlcheck.model.numbers import Number
from xlcheck.model.tuples import NamedTuple, all_at

FieldKind = Literal["count", "amount", "change"]
"""A whole number from 0 on, a number from 0 on that may have decimals, a whole number that may be below 0."""

FIELD_KINDS: tuple[FieldKind, ...] = ("count", "amount", "change")


class Label(NamedTuple):
    """A printed text of the form; its cell is the top left one of what is merged."""

    text: str
    """As official."""
    cell: Cell
    last: Cell
    """The bottom right cell of what is merged."""
    folded: str
    """`text` as :func:`xlcheck.model.labels.fold` compares it."""


class Field(NamedTuple):
    """One number that a department must give."""

    key: str
    """``table.row.column``; a public contract."""
    kind: FieldKind
    table: str
    sheet: str
    cell: Cell
    last: Cell
    """The bottom right cell of what is merged."""
    row_labels: tuple[str, ...]
    """From the outer head to the inner one."""
    column_labels: tuple[str, ...]
    """From the outer head to the inner one."""

    @property
    def whole(self) -> bool:
        """Whether only whole numbers belong there."""
        return self.kind != "amount"

    @property
    def signed(self) -> bool:
        """Whether numbers below 0 belong there, too."""
        return self.kind == "change"

    @property
    def labels(self) -> tuple[str, ...]:
        """The whole label path: the row's, then the column's."""
        return self.row_labels + self.column_labels

    @property
    def says(self) -> str:
        """The field in a clerk's words: its inner row heads and its column head."""
        if not self.row_labels:
            return " ".join(self.column_labels)
        return "／".join((" ".join(self.row_labels[-2:]), *self.column_labels[-1:]))

    @property
    def address(self) -> str:
        """``依申请公开!D5``."""
        return f"{self.sheet}!{cell_name(self.cell)}"


class _Table(NamedTuple):
    key: str
    title: Label
    sheet: str
    corner: Cell
    """The top left cell of the drawing; the title stands above it, on the sheet's first row."""
    labels: tuple[Label, ...]
    fields: tuple[Field, ...]
    widths: tuple[float, ...]
    """One a column, in characters."""
    heights: tuple[float, ...]
    """One a drawn row, in points."""
    landscape: bool
    idle: tuple[Label, ...] = ()
    """What is printed and is no label, such as running numbers, or nothing at all: a workbook need not have it."""


class Table(_Table):
    """One of the form's tables, on a worksheet of its own."""

    def __hash__(self) -> int:
        return hash(self.key)  # that of all that it holds would take longer than what is looked up by it

    @cached_property
    def printed(self) -> tuple[Label, ...]:
        """All printed texts: the title, then the labels."""
        return (self.title, *self.labels)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Where the form puts the fields, by their keys."""
        return {field.key: field.cell for field in self.fields}

    @cached_property
    def spots(self) -> frozenset[Cell]:
        """The cells of all fields."""
        return frozenset(self.cells.values())

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The same with the sheet."""
        return {key: Place(self.sheet, cell) for key, cell in self.cells.items()}

    @property
    def last(self) -> Cell:
        """The bottom right cell of the drawing."""
        return self.corner[0] + len(self.heights) - 1, self.corner[1] + len(self.widths) - 1


class _Term(NamedTuple):
    name: str
    """In a clerk's words."""
    fields: tuple[Field, ...]
    last_year: bool = False
    """Whether last year's values are meant."""


class Term(_Term):
    """One term of a relation: a field, or the sum over a set."""

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the fields added up."""
        return tuple(field.key for field in self.fields)


_Taken = Callable[[Mapping[str, Number]], tuple[Number, ...]]


class _Relation(NamedTuple):
    code: str
    where: str
    """Which column, row or group, in a clerk's words."""
    left: tuple[Term, ...]
    right: tuple[Term, ...]


class Relation(_Relation):
    """One balance (勾稽关系): the sum of the left terms equals the sum of the right terms."""

    @cached_property
    def left_fields(self) -> tuple[Field, ...]:
        """The fields added up on the left."""
        return tuple(f for term in self.left for f in term.fields)

    @cached_property
    def right_fields(self) -> tuple[Field, ...]:
        """The fields added up on the right."""
        return tuple(f for term in self.right for f in term.fields)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All operands, left ones first."""
        return self.left_fields + self.right_fields

    @cached_property
    def left_keys(self) -> tuple[str, ...]:
        """The keys of the fields on the left."""
        return tuple(key for term in self.left for key in term.keys)

    @cached_property
    def right_keys(self) -> tuple[str, ...]:
        """The keys of the fields on the right."""
        return tuple(key for term in self.right for key in term.keys)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of all operands, left ones first."""
        return self.left_keys + self.right_keys

    @cached_property
    def sides(self) -> tuple[_Taken, _Taken]:
        """What takes the numbers of the left side, and of the right side, from those of all fields."""
        return all_at(self.left_keys), all_at(self.right_keys)


class SideKeys(NamedTuple):
    """The keys of the fields that are added up on one side of a check."""

    now: tuple[str, ...]
    """Those whose value of this year counts."""
    last_year: tuple[str, ...]
    """Those whose value of last year counts."""
    taken: _Taken
    """Takes the numbers of this year from those of all fields."""

    @classmethod
    def of(cls, terms: tuple[Term, ...]) -> SideKeys:
        """Those of these terms."""
        now, last_year = (
            [key for term in terms if term.last_year is then for key in term.keys] for then in (False, True)
        )
        return cls(tuple(now), tuple(last_year), all_at(now))


CheckKind = Literal["at_most", "implies", "equal", "nonzero", "repeated", "yuan", "jump", "swing"]
"""What a check looks for; :mod:`xlcheck.forms.notation` has the words."""


class _Check(NamedTuple):
    code: str
    kind: CheckKind
    severity: Literal["error", "warning"]
    where: str
    """Which column, row or group, in a clerk's words."""
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    least: Decimal
    """Smaller numbers are not looked at."""
    percent: Decimal
    """Smaller changes are not looked at."""
    explainable: bool = False
    """Of an error: whether the department may explain it on the cover; it is a warning then."""


class Check(_Check):
    """One plausibility check, or one comparison with last year: what is unlikely, not what is impossible."""

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of this year's operands that it is about."""
        # What an amount is measured by is not doubted itself.
        about = self.left if self.kind == "yuan" else self.left + self.right
        return tuple(key for term in about if not term.last_year for key in term.keys)

    @cached_property
    def sides(self) -> tuple[SideKeys, SideKeys]:
        """Which fields are added up on the left, and which on the right."""
        return SideKeys.of(self.left), SideKeys.of(self.right)

    @cached_property
    def needed_keys(self) -> tuple[str, ...]:
        """The keys of the fields whose value of this year it takes; empty where it takes all."""
        return tuple(key for term in self.left + self.right if not term.last_year for key in term.keys)

    @cached_property
    def last_year_keys(self) -> tuple[str, ...]:
        """The keys of the operands whose value of last year counts."""
        named = tuple(key for term in self.left + self.right if term.last_year for key in term.keys)
        return named + self.keys if self.kind in ("jump", "swing") else named

    @cached_property
    def needs_last_year(self) -> bool:
        """Whether last year's submission is needed."""
        return self.kind in ("jump", "swing", "repeated") or any(term.last_year for term in self.left + self.right)


class Example(NamedTuple):
    """An example of a rule: what it says, and field values, set into a form of zeros."""

    says: str
    values: Mapping[str, int | float]
    last_year: Mapping[str, int | float]
    """Last year's values."""


class RuleText(NamedTuple):
    """What the rule catalogue says of a relation or check; see :class:`xlcheck.forms.rules.Rule` for the words."""

    code: str
    severity: Literal["error", "warning"]
    title: str
    why: str
    mend: str
    wrong: Example
    right: Example
    explainable: bool = False


class Notes(NamedTuple):
    """Where the cover lets a department explain warnings: a title, two heads, and lines below them."""

    title: Label
    heads: tuple[Label, Label]
    prompts: tuple[str, str]
    cells: tuple[tuple[Cell, Cell], ...]
    """A line's cells: which warning is meant, and the explanation."""


class CoverEntry(NamedTuple):
    """One line of the cover."""

    key: str
    label: Label
    prompt: str
    required: bool
    cell: Cell


class Cover(NamedTuple):
    """The first sheet: who reports, and for which year."""

    sheet: str
    title: str
    subtitle: str
    entries: tuple[CoverEntry, ...]
    notes: Notes | None

    def entry(self, key: str) -> CoverEntry:
        """The entry called `key`."""
        return next(entry for entry in self.entries if entry.key == key)


class Guide(NamedTuple):
    """The last sheet: how to fill the workbook in."""

    sheet: str
    title: str
    lines: tuple[str, ...]


class FormSource(NamedTuple):
    """Where the form comes from."""

    document: str
    title: str
    clause: str
    law: str


CHECK_LINES = 3
"""Lines below the cover's status that count what is blank or unfit; a line for each code of relations follows."""


class _Form(NamedTuple):
    id: str
    title: str
    edition: str
    template_version: str
    source: FormSource
    cover: Cover
    guide: Guide
    tables: tuple[Table, ...]
    relations: tuple[Relation, ...]
    checks: tuple[Check, ...]
    rule_texts: tuple[RuleText, ...]
    facts: Mapping[str, tuple[str, ...]]
    """What a report's text may state, by the name of the fact: the keys of the fields that add up to it."""


class Form(_Form):
    """One edition of the mandated tables."""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the tables, each row from left to right."""
        return tuple(f for table in self.tables for f in table.fields)

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by their keys."""
        return {f.key: f for f in self.fields}

    @cached_property
    def amounts(self) -> tuple[str, ...]:
        """The keys of the fields that are amounts."""
        return tuple(f.key for f in self.fields if f.kind == "amount")

    @cached_property
    def carried(self) -> Mapping[str, str]:
        """The keys of the fields whose number stood in last year's table already, with the keys of the fields it stood in."""
        return {
            check.keys[0]: check.last_year_keys[0]
            for check in self.checks
            if check.kind == "equal" and len(check.keys) == len(check.last_year_keys) == 1
        }

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the worksheets, in order."""
        return (self.cover.sheet, *(table.sheet for table in self.tables), self.guide.sheet)
