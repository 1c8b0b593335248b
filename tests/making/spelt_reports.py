"""One report in many spellings: what offices, word processors and web editors make of the form's tables, number by number.

Whatever the spelling, a field holds what the report says there, or the reader says that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

from tests.making.filling import form
from tests.making.written_reports import (
    HEADS,
    SIGNED,
    TITLE,
    Printed,
    cell,
    page,
    page_table,
    paragraph,
    row,
    run,
    table,
    tables,
    word,
    word_table,
)

Tables = Sequence[Sequence[Printed]]
Figures = Mapping[str, str]
"""What a report says of each field, by its key."""

_NUMBERED = re.compile(r"^(?:（[一二三四五六七八九十]）|[一二三四五六七八九十]、|\d\.)")


# --- what the cells say ----------------------------------------------------------------------------------------------


def as_printed(some: Tables) -> Tables:
    """As the form prints them."""
    return some


def _with(some: Tables, change: Callable[[Printed], Printed | None]) -> Tables:
    return [[new for one in cells if (new := change(one)) is not None] for cells in some]


def _saying(change: Callable[[Printed], str]) -> Callable[[Tables], Tables]:
    return lambda some: _with(some, lambda one: one._replace(text=change(one)))


def _label(change: Callable[[str], str]) -> Callable[[Tables], Tables]:
    return _saying(lambda one: one.text if one.key else change(one.text))


def _number(change: Callable[[Printed], str]) -> Callable[[Tables], Tables]:
    return _saying(lambda one: change(one) if one.key else one.text)


def _is_amount(one: Printed) -> bool:
    return form().by_key[one.key].kind == "amount"


def _noted(one: Printed) -> str:
    return f"{one.text}（其中修订 1 件）" if one.text != "0" and not _is_amount(one) else one.text


def _thousands(one: Printed) -> str:
    whole, dot, rest = one.text.partition(".")
    return f"{int(whole):,}{dot}{rest}"


def _in_yuan(one: Printed) -> str:
    if not _is_amount(one):
        return one.text
    whole, _, rest = one.text.partition(".")
    return f"{int(whole + rest[:4].ljust(4, '0'))}元"


def _year_in_head(text: str) -> str:
    return text.replace("本年", "本年（2025）").replace("本年（2025）度", "本年度（2025）")


def _title_rows(some: Tables) -> Tables:
    """Each table begins with its title."""
    return [
        [
            Printed(0, 0, 1, max(one.column + one.columns for one in cells), head),
            *(one._replace(row=one.row + 1) for one in cells),
        ]
        for head, cells in zip(HEADS, some, strict=True)
    ]


def _as_one(some: Tables) -> Tables:
    """All tables in one, below each other."""
    whole: list[Printed] = []
    for cells in _title_rows(some):
        first = max((one.row + one.rows for one in whole), default=0)
        whole += [one._replace(row=one.row + first) for one in cells]
    return [whole]


def _by_blocks(some: Tables) -> Tables:
    """The first table is as many as it has blocks."""
    first, *rest = some
    starts = [one.row for one in first if one.text.startswith("第二十条")]
    ends = [*starts[1:], max(one.row + 1 for one in first)]
    blocks = [
        [one._replace(row=one.row - start) for one in first if start <= one.row < end]
        for start, end in zip(starts, ends, strict=True)
    ]
    return [*blocks, *rest]


def _cut(some: Tables) -> Tables:
    """The second table goes on in another one, without its heads."""
    first, second, third = some
    at = next(one.row for one in second if one.text.startswith("（四）"))
    upper = [one._replace(rows=min(one.rows, at - one.row)) for one in second if one.row < at]
    lower = [
        one._replace(
            row=max(one.row - at, 0), rows=one.row + one.rows - max(one.row, at), text=one.text if one.row >= at else ""
        )
        for one in second
        if one.row + one.rows > at
    ]
    return [first, upper, sorted(lower), third]


def _cell_short(some: Tables) -> Tables:
    """A row lacks a cell, and what follows moves to the left."""

    def change(one: Printed) -> Printed | None:
        if not one.key.startswith("requests.granted.") or one.key.endswith(".person"):
            return one
        return None if one.key.endswith(".business") else one._replace(column=one.column - 1)

    return _with(some, change)


def _cell_merged(some: Tables) -> Tables:
    """One cell for a whole row."""

    def change(one: Printed) -> Printed | None:
        if not one.key.startswith("requests.granted."):
            return one
        return one._replace(columns=7) if one.key.endswith(".person") else None

    return _with(some, change)


def _without_spans(some: Tables) -> Tables:
    """The order of the columns is kept, but no cell spans another column."""
    flat: list[list[Printed]] = []
    for cells in some:
        lines: list[Printed] = []
        taken: dict[int, int] = {}
        for one in cells:
            lines.append(one._replace(column=taken.get(one.row, 0), columns=1, rows=1))
            taken[one.row] = taken.get(one.row, 0) + 1
        flat.append(lines)
    return flat


def _wide_numbers(one: Printed) -> str:
    return one.text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))


CELLS: Mapping[str, Callable[[Tables], Tables]] = {
    "as printed": as_printed,
    "year in the heads": _label(_year_in_head),
    "remark behind a label": _label(lambda text: "规章（县级无此项）" if text == "规章" else text),
    "labels without numbers": _label(lambda text: _NUMBERED.sub("", text)),
    "labels numbered otherwise": _label(lambda text: re.sub(r"^(\d)\.", r"（\1）", text)),
    "labels over lines": _label(lambda text: "\n".join(text[at : at + 3] for at in range(0, len(text), 3))),
    "letters apart": _label(" ".join),
    "合计": _label(lambda text: text.replace("总计", "合计")),
    "blank cells": _number(lambda one: "" if one.text == "0" else one.text),
    "strokes": _number(lambda one: "/" if one.text == "0" else one.text),
    "dashes": _number(lambda one: "-" if one.text == "0" else one.text),
    "notes": _number(_noted),
    "units": _number(lambda one: one.text if _is_amount(one) else f"{one.text}件"),
    "yuan": _number(_in_yuan),
    "thousands": _number(_thousands),
    "wide digits": _number(_wide_numbers),
    "title rows": _title_rows,
    "one table": _as_one,
    "tables by blocks": _by_blocks,
    "a table cut": _cut,
    "a cell short": _cell_short,
    "a row merged": _cell_merged,
    "no spans": _without_spans,
}
"""By what is done to the cells of the tables."""


# --- how a document spells them --------------------------------------------------------------------------------------


def _lines(text: str) -> str:
    return "".join(paragraph(run(line)) for line in text.split("\n"))


def _letters(text: str) -> str:
    return paragraph("".join(run(letter) for letter in text))


def _tracked(one: Printed) -> str:
    if not one.key:
        return _lines(one.text)
    gone = '<w:del w:id="1" w:author="a"><w:r><w:delText>9</w:delText></w:r></w:del>'
    return paragraph(f'{gone}<w:ins w:id="2" w:author="a">{run(one.text)}</w:ins>')


def _controlled(one: Printed) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{_lines(one.text)}</w:sdtContent></w:sdt>"


def _counted(one: Printed) -> str:
    """The word processor counts the labels itself: their numbers are written nowhere."""
    said = _NUMBERED.sub("", one.text)
    if one.key or said == one.text:
        return _lines(one.text)
    return paragraph(f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{run(said)}')


def _word(some: Tables, text: Callable[[Printed], str] = lambda one: _lines(one.text)) -> str:
    body = [paragraph(run(TITLE)), paragraph(run("一、总体情况"))]
    heads = [*HEADS, *[""] * len(some)]
    for head, cells in zip(heads, some, strict=False):
        body += paragraph(run(head)), word_table(cells, text)
    return "".join((*body, *(paragraph(run(line)) for line in SIGNED)))


def _nested_word(some: Tables) -> str:
    return table(row(cell(_word(some) + "<w:p/>")), columns=1)


DOCX: Mapping[str, Callable[[Tables], str]] = {
    "plain": _word,
    "letters in runs": lambda some: _word(some, lambda one: _letters(one.text)),
    "tracked": lambda some: _word(some, _tracked),
    "controls": lambda some: _word(some, _controlled),
    "labels counted by Word": lambda some: _word(some, _counted),
    "in a layout table": _nested_word,
}
"""How Word may spell the body."""


def _html(some: Tables, text: Callable[[Printed], str] = lambda one: escape(one.text).replace("\n", "<br>")) -> str:
    body = [f"<h1>{TITLE}</h1>", "<p>一、总体情况</p>"]
    for head, cells in zip([*HEADS, *[""] * len(some)], some, strict=False):
        body += f"<h3>{head}</h3>", page_table(cells, text)
    return "".join((*body, *(f"<p>{line}</p>" for line in SIGNED)))


def _spanned(one: Printed) -> str:
    return "".join(
        "<br>" if letter == "\n" else f"<span style='font-size:12pt'>{escape(letter)}</span>" for letter in one.text
    )


def _of_word(one: Printed) -> str:
    return "".join(
        f"<p class=MsoNormal align=center><span lang=EN-US>{escape(line)}<o:p></o:p></span></p>\n"
        for line in one.text.split("\n")
    )


HTML: Mapping[str, Callable[[Tables], str]] = {
    "plain": _html,
    "letters in spans": lambda some: _html(some, _spanned),
    "saved by Word": lambda some: _html(some, _of_word),
    "in a layout table": lambda some: f"<table><tr><td>{_html(some)}</td></tr></table>",
    "tables never closed": lambda some: re.sub(r"</t[dr]>", "", _html(some)),
}
"""How a web page may."""


def spelt_docx(figures: Figures, cells: str, body: str = "plain") -> bytes:
    """The report in a spelling of its cells and one of its body."""
    return word(DOCX[body](CELLS[cells](tables(figures))))


def spelt_html(figures: Figures, cells: str, body: str = "plain") -> bytes:
    """The same as a web page."""
    return page(HTML[body](CELLS[cells](tables(figures)))).encode()
