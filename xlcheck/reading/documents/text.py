"""Reports as plain text (.txt, .md): rows of a table are lines with tabs, with bars, or with wide gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xlcheck.guard.encodings import marked, unmarked_utf16
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Document, Grid, GridCell

_RULE = re.compile(r"[\s|:+=\-─━│┃┼├┤┬┴┌┐└┘]+")
"""A line that is drawn between rows."""
_BARS = re.compile(r"(?<!\\)[|│┃｜]")
_GAP = re.compile(r"[ \u3000\xa0]{2,}|\u3000")
_NUMBER = re.compile(r"[-+−－]?[0-9０-９][0-9０-９,，.．]*|[/／—－-]|无")
_LEAST = 2
"""Numbers, or labels of a head, in a row that is told by its gaps."""
_SENTENCE = re.compile(r"[。；，]")
_STRONG = re.compile(r"\*\*|__|`")


class _Row(NamedTuple):
    """The cells of one line."""

    kind: str
    """What parts them."""
    cells: Sequence[str]


def parse_text(data: bytes, limits: Limits = LIMITS) -> Document:
    """The grids and the paragraphs of a plain text.

    Columns of plain text do not line up: a row has as many cells as its line, from the left.

    Args:
        data: the file's bytes, in UTF-8, UTF-16 or GB 18030.
        limits: what it may hold.

    Raises:
        Refused: F101 it is no text, F103 it is empty, F104 it is beyond `limits`.
    """
    if len(data) > limits.text_file_bytes:
        raise too_much(f"文本超过 {limits.text_file_bytes >> 20} MB")
    text = _decoded(data)
    if not text.strip():
        raise Refused("F103", "文件是空的，请重新报送填好的报告")
    grids: list[Grid] = []
    paragraphs: list[str] = []
    cells = 0
    for block in _blocks(text):
        if isinstance(block, str):
            paragraphs.append(block)
            continue
        cells += sum(len(row.cells) for row in block)
        if cells > limits.document_cells:
            raise too_much(f"表格有 {cells:,} 个单元格")
        grids.append(Grid(len(grids) + 1, _cells(block), aligned=False))
    return Document("text", tuple(grids), tuple(paragraphs))


def _decoded(data: bytes) -> str:
    """The text of bytes, whichever of the usual encodings they are in.

    Raises:
        Refused: F101 they are in none.
    """
    codec, length = marked(data)
    if codec := codec or unmarked_utf16(data):
        return data[length:].decode(codec, "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise damaged("文字的编码无法识别，请另存为 UTF-8 的文本")


def _blocks(text: str) -> Iterator[str | list[_Row]]:
    """Paragraphs and tables, in their order. Blank lines within a table do not end it, another kind of row does."""
    rows: list[_Row] = []
    for bare, row in _lines(text):
        if rows and _RULE.fullmatch(bare):
            continue
        if row is None or (rows and row.kind != rows[-1].kind):
            if rows:
                yield rows
            rows = []
        if row is None:
            yield entered(re.sub(r"^\s*#{1,6}\s+", "", bare).strip(), LONGEST_CELL)
        else:
            rows.append(row)
    if rows:
        yield rows


def _lines(text: str) -> list[tuple[str, _Row | None]]:
    """The lines that say something, each with its cells if it is a row of a table."""
    lines = [line for line in (_STRONG.sub("", line) for line in text.splitlines()) if line.strip()]
    rows: list[_Row | None] = []
    for line in reversed(lines):
        row = _row(line)
        if row is None and rows and rows[-1] is not None and rows[-1].kind == " ":
            row = _head(line)
        rows.append(row)
    return list(zip(lines, reversed(rows), strict=True))


def _head(line: str) -> _Row | None:
    """The cells of a line above a row that is told by its gaps: labels of a head, however few; None for a line of text."""
    pieces = _pieces(line)
    return _Row(" ", pieces) if len(pieces) > 1 and not _SENTENCE.search(line) else None


def _pieces(line: str) -> list[str]:
    """What wide gaps part."""
    return [piece for piece in _GAP.split(line.strip()) if piece]


def _row(line: str) -> _Row | None:
    """The cells of a line; None for a line of text."""
    if "\t" in line:
        return _Row("\t", line.split("\t"))
    if len(_BARS.findall(line)) > 1 or line.lstrip().startswith("|"):
        return _Row("|", [cell.replace("\\|", "|") for cell in _BARS.split(_unbarred(line))])
    pieces = _pieces(line)
    numbers = sum(bool(_NUMBER.fullmatch(piece)) for piece in pieces)
    if len(pieces) > 1 and (numbers or len(pieces) > _LEAST):
        return _Row(" ", pieces)
    return None


def _unbarred(line: str) -> str:
    """A line without the bars around it."""
    line = line.strip()
    line = line[1:] if _BARS.match(line) else line
    return line[:-1] if len(line) > 1 and _BARS.match(line[-1]) and line[-2] != "\\" else line


def _cells(rows: Sequence[_Row]) -> tuple[GridCell, ...]:
    return tuple(
        GridCell(number, column, 1, 1, entered(re.sub(r"<br\s*/?>", "\n", text).strip(), LONGEST_CELL, lines=True))
        for number, row in enumerate(rows)
        for column, text in enumerate(row.cells)
    )
