"""Lines that were broken within a sentence, put together again: what a plain text, a page or a printout does to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LONGEST_PARAGRAPH = 20_000
"""Characters; what is longer is no paragraph of a report, and is not read."""
_ENDS = tuple("。！？；：!?;:…")
"""What a finished line ends with."""
_MARKED = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[、）)．.]|第[一二三四五六七八九十]|[（(]?\d{1,2}[、）)．.](?!\d)|附)"
)
"""What a heading, or an item of a list, begins with."""
_HEADING = 40
"""Characters of the longest heading."""
_TITLED = ("报告", "年报", "公开", "情况", "方面", "工作", "管理", "建设", "保障")
"""What headings end with that nothing marks."""
_PAGE_NUMBER = re.compile(r"[-—–－_\s·]*第?\s*[\d]{1,4}\s*页?\s*(?:[/／共,，]\s*共?\s*\d{1,4}\s*页)?[-—–－_\s·]*")
"""A page's number between two lines; it states nothing."""
_PAGE = 160
"""The widest line, in half characters, of a text whose lines end where a page does; a report has longer paragraphs."""
_FULL = 0.85
"""Of the widest line: so wide is one that ends there, at least."""
_BROKEN = 5
"""Unfinished lines of that width, at least, in a text whose lines end where a page does."""
_GOES_ON = re.compile(r"\s*(?!20\d\d\s*(?:年|全年))[\d０-９，、；。）)%％件条起宗份例项]")
"""What no paragraph begins with."""


def flowing(paragraphs: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The paragraphs of a text, each with the number of its first one; those that are too long are left out.

    Args:
        paragraphs: as the document has them, with the lines that its writer broke.
    """
    lines = [
        (number, line)
        for number, text in enumerate(paragraphs)
        for line in text.split("\n")
        if line.strip() and not _PAGE_NUMBER.fullmatch(line)
    ]
    full = _full([line for _, line in lines])
    held: list[str] = []
    first = 0
    for number, line in lines:
        if held and _goes_on(held, line, full):
            held.append(line)
            continue
        yield from _whole(first, held)
        held, first = [line], number
    yield from _whole(first, held)


def _full(lines: Sequence[str]) -> float:
    """How wide lines are that end because the page does; wider than all where none do."""
    full = max(map(_width, lines), default=0) * _FULL
    broken = sum(_width(line) >= full and not _is_finished(line) for line in lines)
    return full if broken >= _BROKEN and full <= _PAGE * _FULL else float("inf")


def _is_finished(line: str) -> bool:
    return line.rstrip().endswith(_ENDS)


def _whole(first: int, held: Sequence[str]) -> Iterator[tuple[int, str]]:
    text = "\n".join(held)
    if text and len(text) <= LONGEST_PARAGRAPH:
        yield first, text


def is_heading(paragraph: str) -> bool:
    """Whether a paragraph is so short that it may be a heading."""
    return len(paragraph) <= _HEADING


def begins_anew(paragraph: str) -> bool:
    """Whether a paragraph begins like a heading, or like an item of a list."""
    return _MARKED.match(paragraph) is not None


def _goes_on(held: Sequence[str], line: str, full: float) -> bool:
    """Whether the last of some lines was broken off before another one."""
    last = held[-1].rstrip()
    heads = len(held) == 1 and is_heading(last) and "，" not in last
    if _is_finished(last) or begins_anew(line) or (heads and last.endswith(_TITLED)):
        return False
    return _GOES_ON.match(line) is not None or (_width(last) >= full and not (heads and begins_anew(last)))


def _width(line: str) -> int:
    return sum(2 if char > "\u2e7f" else 1 for char in line)
