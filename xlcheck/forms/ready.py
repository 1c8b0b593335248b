"""What comes with xlcheck as TOML, kept ready as JSON beside it: parsing and checking a form costs a process 10 ms.

What is kept counts for the very text that it was made of and no other, so that an edited file is never read as what it
was. It is plain data, and it is written by :mod:`xlcheck.forms.make`; a user's own form is never kept.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import starmap
from pathlib import Path
from typing import Any

from xlcheck.model.cells import Cell
from xlcheck.model.form import (
    Check,
    Cover,
    CoverEntry,
    Example,
    Field,
    Form,
    FormSource,
    Guide,
    Label,
    Notes,
    Relation,
    RuleText,
    Table,
    Term,
)


def kept(path: Path, text: str) -> Any:
    """What is kept ready at `path`, if it was made of `text`; None for anything else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content["content"] if content["of"] == _mark(text) else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def keep(text: str, content: Any) -> str:
    """The text of a file in which :func:`kept` finds `content` for `text`."""
    return json.dumps({"of": _mark(text), "content": content}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _mark(text: str) -> str:
    """Tells a text from another version of it. Whoever could forge it may write to the package anyway."""
    data = text.encode()
    return f"{len(data)}-{zlib.crc32(data):08x}"


def pack(form: Form) -> list[Any]:
    """A form as lists, texts and numbers; :func:`unpack` makes it a form again."""
    *names, tables, relations, checks, rule_texts, facts = form
    number = {key: number for number, key in enumerate(form.by_key)}
    return [
        *names,
        [_drawn(table) for table in tables],
        [(code, where, _numbered(left, number), _numbered(right, number)) for code, where, left, right in relations],
        [
            (*said, _numbered(left, number), _numbered(right, number), str(least), str(most), explainable)
            for *said, left, right, least, most, explainable in checks
        ],
        rule_texts,
        {fact: [number[key] for key in keys] for fact, keys in facts.items()},
    ]


def _drawn(table: Table) -> tuple[list[Any], list[Any]]:
    """A table without its fields, and the fields without what the table says of them."""
    fields = [(f.key, f.kind, f.cell, f.last, f.row_labels, f.column_labels) for f in table.fields]
    return [value for name, value in table._asdict().items() if name != "fields"], fields


def _numbered(terms: Sequence[Term], number: Mapping[str, int]) -> list[tuple[str, list[int], bool]]:
    """Terms with the numbers of their fields: all rules share the fields of the tables."""
    return [(name, [number[field.key] for field in fields], prior) for name, fields, prior in terms]


def unpack(packed: Sequence[Any]) -> Form:
    """The form that was packed."""
    form_id, title, edition, version, source, cover, guide, tables, relations, checks, rule_texts, facts = packed
    sheet, head, lines = guide
    form_tables = tuple(starmap(_table, tables))
    fields = [field for table in form_tables for field in table.fields]
    return Form(
        id=form_id,
        title=title,
        edition=edition,
        template_version=version,
        source=FormSource(*source),
        cover=_cover(*cover),
        guide=Guide(sheet, head, tuple(lines)),
        tables=form_tables,
        relations=tuple(
            Relation(code, where, _terms(left, fields), _terms(right, fields)) for code, where, left, right in relations
        ),
        checks=tuple(
            Check(
                code,
                kind,
                severity,
                where,
                _terms(left, fields),
                _terms(right, fields),
                Decimal(least),
                Decimal(most),
                explainable,
            )
            for code, kind, severity, where, left, right, least, most, explainable in checks
        ),
        rule_texts=tuple(
            RuleText(code, severity, title, why, mend, Example(*wrong), Example(*right), explainable)
            for code, severity, title, why, mend, wrong, right, explainable in rule_texts
        ),
        facts={fact: tuple(fields[number].key for number in numbers) for fact, numbers in facts.items()},
    )


def _label(text: str, cell: Sequence[int], last: Sequence[int], folded: str) -> Label:
    return Label(text, _cell(cell), _cell(last), folded)


def _cell(packed: Sequence[int]) -> Cell:
    row, column = packed
    return row, column


def _table(drawn: Sequence[Any], fields: Sequence[Any]) -> Table:
    key, title, sheet, corner, labels, widths, heights, landscape, idle = drawn
    return Table(
        key=key,
        title=_label(*title),
        sheet=sheet,
        corner=_cell(corner),
        labels=tuple(starmap(_label, labels)),
        fields=tuple(
            Field(field, kind, key, sheet, _cell(cell), _cell(last), tuple(row_labels), tuple(column_labels))
            for field, kind, cell, last, row_labels, column_labels in fields
        ),
        widths=tuple(widths),
        heights=tuple(heights),
        landscape=landscape,
        idle=tuple(starmap(_label, idle)),
    )


def _cover(sheet: str, title: str, subtitle: str, entries: Sequence[Any], notes: Sequence[Any] | None) -> Cover:
    return Cover(
        sheet,
        title,
        subtitle,
        tuple(CoverEntry(key, _label(*label), prompt, must, _cell(cell)) for key, label, prompt, must, cell in entries),
        None if notes is None else _notes(*notes),
    )


def _notes(title: Sequence[Any], heads: Sequence[Any], prompts: Sequence[str], cells: Sequence[Any]) -> Notes:
    (left, right), (about, text) = heads, prompts
    lines = tuple((_cell(first), _cell(second)) for first, second in cells)
    return Notes(_label(*title), (_label(*left), _label(*right)), (about, text), lines)


def _terms(packed: Sequence[Any], fields: Sequence[Field]) -> tuple[Term, ...]:
    return tuple(Term(name, tuple(map(fields.__getitem__, numbers)), prior) for name, numbers, prior in packed)
