"""A chart of a document as Word, WPS and LibreOffice draw it themselves (ECMA-376 part 1, 21.2): columns with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from xlcheck.drawing.look import drawn
from xlcheck.model.tuples import NamedTuple

_NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_SHEET = "Sheet1"
_AXES = 1001, 1002


class ChartColumn(NamedTuple):
    """One column of a chart."""

    says: str
    number: int
    colour: str
    """``5B9BD5``."""


def chart_part(columns: Sequence[ChartColumn], counted: str, font: str, table: str) -> bytes:
    """The chart, as a part of a package.

    Args:
        columns: from left to right.
        counted: what is counted.
        font: of all its texts.
        table: the relationship to its numbers as a workbook (:func:`chart_table`).
    """
    last = len(columns) + 1
    words = "".join(f'<c:pt idx="{n}"><c:v>{escape(one.says)}</c:v></c:pt>' for n, one in enumerate(columns))
    numbers = "".join(f'<c:pt idx="{n}"><c:v>{one.number}</c:v></c:pt>' for n, one in enumerate(columns))
    points = "".join(
        f'<c:dPt><c:idx val="{n}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{_fill(one.colour)}</c:dPt>'
        for n, one in enumerate(columns)
    )
    count = f'<c:ptCount val="{len(columns)}"/>'
    series = (
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>{_SHEET}!$B$1</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(counted)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'{_fill(columns[0].colour)}<c:invertIfNegative val="0"/>{points}'
        f'<c:dLbls>{_text(font, 12)}<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>{_SHEET}!$A$2:$A${last}</c:f><c:strCache>{count}{words}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{_SHEET}!$B$2:$B${last}</c:f><c:numCache><c:formatCode>General</c:formatCode>{count}{numbers}"
        "</c:numCache></c:numRef></c:val></c:ser>"
    )
    one, other = _AXES
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {_NAMESPACES}>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="80"/><c:axId val="{one}"/><c:axId val="{other}"/></c:barChart>'
        f'<c:catAx><c:axId val="{one}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_text(font, 12)}<c:crossAx val="{other}"/>'
        '<c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/></c:catAx>'
        f'<c:valAx><c:axId val="{other}"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="1"/><c:axPos val="l"/><c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="{one}"/><c:crosses val="autoZero"/>'
        '</c:valAx></c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text(font, 12)}<c:externalData r:id="{table}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()


def chart_table(columns: Sequence[ChartColumn], counted: str) -> bytes:
    """The chart's numbers as a workbook, so that whoever edits the document can change them."""

    def draw(book: Any) -> None:
        sheet = book.add_worksheet(_SHEET)
        sheet.write_row(0, 0, ("", counted))
        for row, column in enumerate(columns, start=1):
            sheet.write_string(row, 0, column.says)
            sheet.write_number(row, 1, column.number)

    return drawn(draw, counted, "")


def _fill(colour: str) -> str:
    return f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr>'


def _text(font: str, points: int) -> str:
    typeface = f'<a:latin typeface="{font}"/><a:ea typeface="{font}"/>'
    return (
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f'<a:defRPr sz="{100 * points}">{typeface}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )
