"""The result sheet drawn: a title, lines of a label and a text, and a table to filter, print and follow links from.

It fits a screen of 1,366 pixels and the width of an A4 page. Texts are inline strings, so that the workbook's table of
strings stays as it is; every formula carries the value that it has when the copy is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlcheck.copies.covered import CHANGED, FILL, Covered, cell_reference, cells_of
from xlcheck.copies.package import Patch
from xlcheck.copies.richtext import t_of
from xlcheck.copies.splice import HEAD, escaped, quoted
from xlcheck.copies.styles import Styles, solid
from xlcheck.copies.workbook import Name
from xlcheck.model import marks
from xlcheck.model.cells import Place, cell_name, column_name
from xlcheck.model.text import clean, quote
from xlcheck.model.tuples import NamedTuple

ANSWER = "改动"
"""The head of the column that says whether anything was changed."""
DONE, UNDONE = "已改", "未改"
PROGRESS = "改正进度"
"""The label of the line that counts these."""
TO_DO = "怎样办"
"""The label of the line that says what to do with the copy."""
VERDICT, PASSED, REVIEW = "审核结论", "通过", "待核实，请改正或者说明后发回"

_CENTRED = frozenset({"序号", "级别", "现为", "原为", "建议改为", ANSWER})
_COLOURED = "级别"
"""The column that bears the colour of a line; the first one where it is missing."""
_LINKED = "位置"
_INDENT = 2.0
"""Characters of a column that stay free at its left, and between its text and the next one."""
_LEAST, _LINE, _TALLEST = 17.0, 14.5, 409.0
"""Heights of a row in points: at least, of each line of its text, and the most that a row can have."""
_MOST_PIECES = 200
"""Excel takes 255 arguments of a function."""

_SONG = b'<name val="\xe5\xae\x8b\xe4\xbd\x93"/><family val="1"/><charset val="134"/>'
_HEI = b'<name val="\xe9\xbb\x91\xe4\xbd\x93"/><family val="2"/><charset val="134"/>'
_SIDE = b'<%s style="thin"><color rgb="FF999999"/></%s>'
_BOX = b"<border>%s<diagonal/></border>" % b"".join(
    _SIDE % (side, side) for side in (b"left", b"right", b"top", b"bottom")
)
_XF = (
    b'<xf numFmtId="0" fontId="%d" fillId="%d" borderId="%d" xfId="0" applyFont="1" applyFill="1" applyBorder="1" '
    b'applyAlignment="1"><alignment horizontal="%s"%s vertical="center" wrapText="1"/></xf>'
)


class TableRow(NamedTuple):
    """One line of the table."""

    texts: tuple[str | int, ...]
    """One a head; that of :data:`ANSWER` stands where `answers` leads to no marked cell."""
    place: Place | None
    """Where its link leads."""
    colour: str
    answers: tuple[Place, ...] = ()
    """The marked cells of which one must be changed before it says so."""


class Page(NamedTuple):
    """What the result sheet says."""

    lines: Sequence[tuple[str, str]]
    """Labels and texts above the table."""
    heads: Sequence[str]
    widths: Sequence[float]
    """One a column, in characters."""
    rows: Sequence[TableRow]

    @property
    def head(self) -> int:
        """The row (from 1) of the heads."""
        return len(self.lines) + 3

    @property
    def last(self) -> int:
        """The last row of the table."""
        return self.head + len(self.rows)

    @property
    def corner(self) -> str:
        """The letter of the last column."""
        return column_name(len(self.heads) - 1)


def page_names(page: Page, title: str) -> list[Name]:
    """The names by which a spreadsheet program knows the filter, the printed area and the repeated heads."""
    sheet = f"'{title}'!"
    table = f"{sheet}$A${page.head}:${page.corner}${page.last}"
    return [
        Name("_xlnm._FilterDatabase", table, hidden=True),
        Name("_xlnm.Print_Area", f"{sheet}$A$1:${page.corner}${page.last}"),
        Name("_xlnm.Print_Titles", f"{sheet}${page.head}:${page.head}"),
    ]


class _Looks:
    """The styles of the sheet's cells, added to the workbook's as they are asked for."""

    def __init__(self, styles: Styles) -> None:
        self._add = styles.add
        self._known: dict[tuple[bytes, bytes, str, bool], int] = {}

    def number(self, font: bytes, across: bytes = b"left", fill: str = "", boxed: bool = True) -> int:
        key = font, across, fill, boxed
        if key not in self._known:
            parts = (
                self._add("fonts", b"<font>%s</font>" % font),
                self._add("fills", solid(fill)) if fill else 0,
                self._add("borders", _BOX) if boxed else 0,
            )
            indent = b' indent="1"' if boxed and across == b"left" else b""
            self._known[key] = self._add("cellXfs", _XF % (*parts, across, indent))
        return self._known[key]


_TITLE = b'<sz val="16"/>' + _HEI
_LABEL = b'<b/><sz val="11"/>' + _SONG
_SAID = b'<sz val="11"/>' + _SONG
_GOOD = b'<b/><sz val="11"/><color rgb="FF006100"/>' + _SONG
_BAD = b'<b/><sz val="11"/><color rgb="FF9C0006"/>' + _SONG
_OPEN = b'<b/><sz val="11"/><color rgb="FF7F6000"/>' + _SONG
_SHADES = {PASSED: _GOOD, REVIEW: _OPEN}
"""How verdicts are written; any other is a bad one."""
_PLAIN = b'<sz val="10"/>' + _SONG
_LINK = b'<u/><sz val="10"/><color rgb="FF0563C1"/>' + _SONG


def page_xml(
    page: Page,
    styles: Styles,
    patch: Patch,
    titles: Mapping[str, str],
    covered: Sequence[Covered],
    rows: Mapping[Place, int],
) -> bytes:
    """The worksheet part.

    Args:
        page: what it says.
        styles: gets the looks of its cells.
        patch: the package, whose namespaces it speaks.
        titles: those of the other worksheets, by how places call them.
        covered: what is remembered of the marked cells.
        rows: the row of each of them among these, from 1.
    """
    looks = _Looks(styles)
    lines = [*_above(page, looks), *_table(page, looks, rows)]
    for number, one in enumerate(covered):
        while number >= len(lines):
            lines.append((b"", 0.0))
        cells, height = lines[number]
        lines[number] = cells + cells_of(one, number + 1), height
    return b"".join(
        (
            HEAD,
            b'<worksheet xmlns="%s" xmlns:r="%s">' % (quoted(patch.main), quoted(patch.relating)),
            b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:%s%d"/>'
            % (column_name(FILL).encode("ascii"), len(lines)),
            b'<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews>',
            b'<sheetFormatPr defaultRowHeight="15"/>',
            _columns(page.widths),
            b"<sheetData>%s</sheetData>" % b"".join(_row(number, *line) for number, line in enumerate(lines, start=1)),
            b'<sheetProtection sheet="1" formatColumns="0" sort="0" autoFilter="0"/>',
            b'<autoFilter ref="A%d:%s%d"/>' % (page.head, page.corner.encode("ascii"), page.last),
            _merged(page),
            _links(page, titles),
            (
                b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
                b'<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>'
            ),
            escaped(f"&L{_whose(page)}&C第 &P 页，共 &N 页"),
            b"</oddFooter></headerFooter></worksheet>",
        )
    )


def _whose(page: Page) -> str:
    """Unit and year, for each printed page; what steers a footer is told as it is (ECMA-376 part 1, 18.3.1.46)."""
    return " ".join(quote(text) for _, text in page.lines[:2]).replace("&", "&&")


def _row(number: int, cells: bytes, height: float) -> bytes:
    sized = b' ht="%.2f" customHeight="1"' % height if height else b""
    return b'<row r="%d"%s>%s</row>' % (number, sized, cells)


def _columns(widths: Sequence[float]) -> bytes:
    shown = (
        b'<col min="%d" max="%d" width="%.2f" customWidth="1"/>' % (n, n, w) for n, w in enumerate(widths, start=1)
    )
    hidden = b'<col min="%d" max="%d" width="9" hidden="1" customWidth="1"/>' % (CHANGED + 1, FILL + 1)
    return b"<cols>%s%s</cols>" % (b"".join(shown), hidden)


def _above(page: Page, looks: _Looks) -> Iterable[tuple[bytes, float]]:
    """The cells and the height of each row above the table."""
    yield _text(1, 0, marks.RESULT_TITLE, looks.number(_TITLE, b"center", boxed=False)), 32
    label, said = (looks.number(font, boxed=False) for font in (_LABEL, _SAID))
    for row, (name, text) in enumerate(page.lines, start=2):
        look = looks.number(_SHADES.get(text, _BAD), boxed=False) if name == VERDICT else said
        cell = _counted(page, row, look) if name == PROGRESS else _text(row, 2, text, look)
        yield _text(row, 0, name, label) + cell, _height([(text, sum(page.widths[2:]) * 0.9)], 16)
    yield b"", 6


def _counted(page: Page, row: int, look: int) -> bytes:
    """The cell that counts what was changed."""
    column = column_name(page.heads.index(ANSWER))
    answers = f"${column}${page.head + 1}:${column}${page.last}"
    counts = (f'COUNTIF({answers},"{word}")' for word in (DONE, UNDONE))
    formula = '"{} "&{}&" 条，{} "&{}&" 条"'.format(
        *(each for pair in zip((DONE, UNDONE), counts, strict=True) for each in pair)
    )
    undone = sum(bool(line.answers) for line in page.rows)
    return _formula(row, 2, formula, f"{DONE} 0 条，{UNDONE} {undone} 条", look)


def _table(page: Page, looks: _Looks, rows: Mapping[Place, int]) -> Iterable[tuple[bytes, float]]:
    """The cells and the height of each row of the table."""
    head = looks.number(_LABEL, b"left", "FFD9E1F2")
    yield b"".join(_text(page.head, column, name, head) for column, name in enumerate(page.heads)), 24
    coloured = page.heads.index(_COLOURED) if _COLOURED in page.heads else 0
    for number, line in enumerate(page.rows, start=page.head + 1):
        cells: list[bytes] = []
        for column, (name, held) in enumerate(zip(page.heads, line.texts, strict=True)):
            font = _LINK if name == _LINKED and line.place is not None else _PLAIN
            across = b"center" if name in _CENTRED else b"left"
            look = looks.number(font, across, line.colour if column == coloured else "")
            if name == ANSWER and line.answers:
                cells.append(_formula(number, column, _answer(line.answers, rows), UNDONE, look))
            elif isinstance(held, int):
                cells.append(b'<c r="%s" s="%d"><v>%d</v></c>' % (_at(number, column), look, held))
            else:
                cells.append(_text(number, column, held, look))
        yield (
            b"".join(cells),
            _height([(str(text), width - _INDENT) for text, width in zip(line.texts, page.widths, strict=True)], _LINE),
        )


def _answer(places: Sequence[Place], rows: Mapping[Place, int]) -> str:
    """The formula that says whether one of some marked cells was changed."""
    column = column_name(CHANGED)
    pieces: list[list[int]] = []
    for row in sorted({rows[place] for place in places}):
        if pieces and pieces[-1][1] == row - 1:
            pieces[-1][1] = row
        else:
            pieces.append([row, row])
    asked = ",".join(f"${column}${first}:${column}${last}" for first, last in pieces[:_MOST_PIECES])
    return f'IF(SUM({asked})>0,"{DONE}","{UNDONE}")'


def _at(row: int, column: int) -> bytes:
    return cell_name((row - 1, column)).encode("ascii")


def _text(row: int, column: int, text: str, look: int) -> bytes:
    """A text stays one, whatever it begins with."""
    if not text:
        return b'<c r="%s" s="%d"/>' % (_at(row, column), look)
    held = t_of(text if text.isprintable() else "\n".join(map(clean, text.split("\n"))))
    return b'<c r="%s" s="%d" t="inlineStr"><is>%s</is></c>' % (_at(row, column), look, held)


def _formula(row: int, column: int, formula: str, result: str, look: int) -> bytes:
    held = escaped(formula), escaped(result)
    return b'<c r="%s" s="%d" t="str"><f>%s</f><v>%s</v></c>' % (_at(row, column), look, *held)


def _height(texts: Sequence[tuple[str, float]], line: float) -> float:
    """The height of a row that shows all of its texts, given the widths of their columns in characters."""
    lines = max(
        sum(_lines(part, width) for part in text.split("\n")) if "\n" in text else _lines(text, width)
        for text, width in texts
    )
    return min(_TALLEST, max(_LEAST, line * lines + 4))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes; a Chinese character is as wide as two others, a tenth is left for wider fonts."""
    if 2.2 * len(text) < width:
        return 1  # whatever its characters are
    return 1 + int((2 * len(text) - len(text.encode("ascii", "ignore"))) * 1.1 / width)


def _merged(page: Page) -> bytes:
    spans = [f"A1:{page.corner}1"]
    for row in range(2, len(page.lines) + 2):
        spans += f"A{row}:B{row}", f"C{row}:{page.corner}{row}"
    listed = "".join(f'<mergeCell ref="{span}"/>' for span in spans)
    return f'<mergeCells count="{len(spans)}">{listed}</mergeCells>'.encode("ascii")


def _links(page: Page, titles: Mapping[str, str]) -> bytes:
    """Links inside the workbook; never an address that a submission gives."""
    if _LINKED not in page.heads:
        return b""
    column = page.heads.index(_LINKED)
    listed = b"".join(
        b'<hyperlink ref="%s" location="%s"/>'
        % (_at(number, column), quoted(cell_reference(titles.get(line.place.sheet, line.place.sheet), line.place.cell)))
        for number, line in enumerate(page.rows, start=page.head + 1)
        if line.place is not None
    )
    return b"<hyperlinks>%s</hyperlinks>" % listed if listed else b""
