"""A table of a form as a .docx holds it (ECMA-376 part 1, 17.4), with its numbers, as the official form prints it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlcheck.copies.splice import escaped, quoted
from xlcheck.model.form import Table
from xlcheck.model.tuples import NamedTuple

_WIDTH = 8900
"""Of the whole table, in twentieths of a point: what an upright A4 page has room for."""
_LOOK = (
    '<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)
_BORDER = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_RUN = (
    '<w:r><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:hint="eastAsia"/><w:sz w:val="18"/></w:rPr>'
    '<w:t xml:space="preserve">{}</w:t></w:r>'
)


class _Spot(NamedTuple):
    row: int
    column: int
    rows: int
    columns: int
    text: str


def drawn_table(table: Table, values: Mapping[str, str], namespace: str) -> bytes:
    """The table as an element that may stand in any part with elements of `namespace`.

    Args:
        table: the form's.
        values: what its fields hold, by their keys.
        namespace: of the document's elements: there are two.
    """
    unit = _WIDTH / sum(table.widths)
    widths = [round(width * unit) for width in table.widths]
    spots = _spots(table, values)
    rows = "".join(
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(_cells(spots, row, widths))}</w:tr>"
        for row in range(len(table.heights))
    )
    look = _LOOK.format(width=sum(widths), borders="".join(map(_BORDER.format, _SIDES)))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    declared = b'<w:tbl xmlns:w="%s">' % quoted(namespace)
    return declared + f"{look}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>".encode()


def drawn_line(text: str, namespace: str) -> bytes:
    """A paragraph with a text, or without one."""
    run = f"<w:r><w:t>{escaped(text).decode()}</w:t></w:r>" if text else ""
    return b'<w:p xmlns:w="%s">' % quoted(namespace) + f"{run}</w:p>".encode()


def _spots(table: Table, values: Mapping[str, str]) -> list[_Spot]:
    """The cells of the table, from its corner."""
    top, left = table.corner
    printed = [(label.cell, label.last, label.text) for label in (*table.labels, *table.idle)]
    printed += [(field.cell, field.last, values[field.key]) for field in table.fields]
    return [
        _Spot(row - top, column - left, last[0] - row + 1, last[1] - column + 1, text)
        for (row, column), last, text in sorted(printed)
    ]


def _cells(spots: list[_Spot], row: int, widths: list[int]) -> Iterator[str]:
    """The cells of a row; what is merged downwards goes on in one of each row, and what nothing is printed in is blank."""
    here = {spot.column: spot for spot in spots if spot.row <= row < spot.row + spot.rows}
    column = 0
    while column < len(widths):
        spot = here.get(column, _Spot(row, column, 1, 1, ""))
        merged = ""
        if spot.rows > 1:
            merged = f'<w:vMerge w:val="{"restart" if spot.row == row else "continue"}"/>'
        span = f'<w:gridSpan w:val="{spot.columns}"/>' if spot.columns > 1 else ""
        width = sum(widths[column : column + spot.columns])
        run = _RUN.format(escaped(spot.text).decode()) if spot.text and spot.row == row else ""
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{run}</w:p></w:tc>'
        )
        column += spot.columns
