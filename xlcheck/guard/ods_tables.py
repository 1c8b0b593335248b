"""What the tables of an .ods hold, found in one pass over the content, and what of it calamine is given.

calamine 0.37 goes by prefixes, takes blanks between the cells of a row for damage, and the text of a drawing within a cell
for the cell's own. So it is given values, paragraphs and repeats, and nothing else. Formulas, merges, what is hidden and
how texts look it does not tell; they go on beside. Where an expression told all values (:mod:`xlcheck.guard.ods_plain`), it is
not asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import DEPTH, attribute, escaped_text
from xlcheck.guard.ods_found import UNMERGED, OdsCell, OdsContent, OdsTable
from xlcheck.guard.ods_styles import OdsStyles
from xlcheck.guard.sheet import far
from xlcheck.model.errors import damaged, too_much
from xlcheck.model.text import entered

_WITH_TABLES = {
    "office:document-content", "office:body", "office:spreadsheet", "table:table-row-group", "table:table-rows",
    "table:table-header-rows", "table:table-column-group", "table:table-columns", "table:table-header-columns",
    "table:named-expressions",
}  # fmt: skip
"""What may hold the tables, rows and columns of sheets, and names (ODF 1.3 part 3, 3.7, 9.1, 9.4.11); all else is left out
with all in it."""
_NOT_SAID = ("text:note", "text:ruby-text")
"""What stands in a paragraph and is none of its text."""
_GIVEN = {
    "office:value-type", "office:value", "office:string-value", "office:date-value", "office:time-value",
    "office:boolean-value", "table:number-columns-repeated",
}  # fmt: skip
"""All attributes of a cell that calamine looks at, without formulas, which nobody asks it for."""
FILL = ("office:", "calcext:", "table:formula")
"""How the attributes begin that make a cell a filled one."""
SPANNED = {"table:number-columns-spanned", "table:number-rows-spanned"}
_UNSAID = {"table:style-name", "table:content-validation-name", *SPANNED}
_SPANS = ("text:p", "text:span", "text:a")
_UNSEEN = ("collapse", "filter")
_OTHER_VALUES = {"office:date-value", "office:time-value", "office:boolean-value"}
NUMBERS = ("float", "percentage", "currency")
_KINDS = {kind: kind for kind in ("float", "percentage", "currency", "date", "time", "boolean", "string")}


def repeats(attributes: Mapping[str, str], what: str) -> int:
    """How often a row or cell stands in a row (ODF 1.3 part 3, 19.679 and 19.681).

    Raises:
        Refused: F101 not a number above zero.
    """
    text = attributes.get(f"table:number-{what}-repeated", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
        raise damaged("重复次数不合规")
    return int(text)


class OdsTables:
    """The state of the pass: where it is, how much was counted, what was found and what was written."""

    def __init__(self, limits: Limits, styles: OdsStyles) -> None:
        self.found: list[OdsTable] = []
        self.named: dict[str, str] = {}
        self.written: list[str] = []
        self.depth = 0
        self._limits, self._styles = limits, styles
        self._table: OdsTable | None = None
        self._cells: list[OdsCell] = []
        self._in_row = False
        self._cell = self._left_out = 0  # how deep inside of each
        self._row = self._column = self._next_column = 0
        self._rows = self._columns = 1  # repeats of the row and of the cell
        self._bottom = self._right = 0
        self._counted = self._shown = self.grid = 0
        self._row_text = self._text = 0  # of the row's filled cells, of the cell
        self._attributes: Mapping[str, str] = {}
        self._is_filled = False
        self._runs: list[tuple[str, str]] = []
        self._look = ""  # of the text here, and of what is around it
        self._looks: list[str] = []
        self._is_shown = False
        self._starts = {
            "table:table": self._start_table,
            "table:table-column": self._start_column,
            "table:table-row": self._start_row,
            "table:table-cell": self._start_cell,
            "table:covered-table-cell": self._start_cell,
            "table:named-range": self._start_name,
            "table:named-expression": self._start_name,
        }
        self._ends = {"table:table": self._end_table, "table:table-row": self._end_row}

    def told(self) -> OdsContent:
        """What was found by a parser."""
        return OdsContent(self.found, self.named, self.grid, self.written, None)

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element by its usual name, with its attributes by theirs."""
        if self._left_out:
            self._leave_out()
        elif self._cell:
            self._open_in_cell(name, attributes)
        else:
            self.depth += 1
            if self.depth > DEPTH:
                raise damaged("内容嵌套过深")
            start = self._starts.get(name)
            if start:
                start(name, attributes)
            elif self._in_row:
                raise damaged("表格的一行里有不是单元格的内容")
            elif name not in _WITH_TABLES:
                self._leave_out()

    def closed(self, name: str) -> None:
        """Its end."""
        if self._left_out:
            self._left_out -= 1
            self.depth -= not (self._left_out or self._cell)
        elif self._cell > 1:
            self._cell -= 1
            if self._looks:
                self._look = self._looks.pop()
            self.written.append(f"</{name}>")
        else:
            self.depth -= 1
            if self._cell:
                self._end_cell(name)
            elif name in self._ends:
                self._ends[name]()

    def said(self, text: str) -> None:
        """A piece of text."""
        if self._cell > 1 and not self._left_out:
            self._text += 4 * len(text)
            self._runs.append((text, self._look))
            self.written.append(escaped_text(text))

    def _leave_out(self) -> None:
        self._left_out += 1
        if self._left_out > DEPTH:
            raise damaged("内容嵌套过深")

    def _open_in_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        """Something within a cell; only its paragraphs and what they say count, no drawing, note or table."""
        if name != "text:p" if self._cell == 1 else not name.startswith("text:") or name in _NOT_SAID:
            self._leave_out()
            return
        self._cell += 1
        if self.depth + self._cell > DEPTH:
            raise damaged("内容嵌套过深")
        self._is_shown = True
        if self._styles.how:
            self._looks.append(self._look)
            if name in _SPANS:
                self._look = self._styles.how.get(attributes.get("text:style-name", ""), self._look)
        if name == "text:s":
            count = attributes.get("text:c", "1")
            self._count_blanks(count)
            self.written.append(f'<text:s text:c="{count}">')
        else:
            self.written.append(f"<{name}>")

    def _start_table(self, _: str, attributes: Mapping[str, str]) -> None:
        title = attributes.get("table:name", "")
        if self._table is not None:
            raise damaged("表格里直接套有表格")
        if title.startswith("'") and "'#" in title:  # what another document's sheet held, kept beside the sheets
            self._leave_out()
            return
        hidden = attributes.get("table:style-name", "") in self._styles.hides
        self._table = OdsTable(title, hidden, [], [], [])
        self._cells = self._table.cells
        self.found.append(self._table)
        self._row = self._column = self._next_column = self._bottom = self._right = 0
        if len(self.found) > self._limits.sheets:
            raise too_much(f"工作表超过 {self._limits.sheets} 张")
        self.written.append(f"<table:table{attribute('table:name', title) if 'table:name' in attributes else ''}>")

    def _end_table(self) -> None:
        self._table = None
        self.grid += self._bottom * self._right
        if self.grid > self._limits.grid:
            raise too_much("各工作表的范围过大")
        self.written.append("</table:table>")

    def _start_name(self, _: str, attributes: Mapping[str, str]) -> None:
        if self._in_row:
            raise damaged("表格的一行里有不是单元格的内容")
        name = attributes.get("table:name", "").lower()
        is_sure = name not in self.named and self._table is None
        self.named[name] = attributes.get("table:cell-range-address", "") if is_sure else ""

    def _start_column(self, _: str, attributes: Mapping[str, str]) -> None:
        first = self._next_column
        self._next_column += repeats(attributes, "columns")
        if self._in_row or self._table is None:
            raise damaged("表格的列不在表格中")
        if self._is_unseen(attributes):
            self._table.columns.append((first, self._next_column - 1))

    def _start_row(self, _: str, attributes: Mapping[str, str]) -> None:
        if self._in_row or self._table is None:
            raise damaged("表格的行不在表格中")
        self._in_row = True
        self._rows = repeats(attributes, "rows")
        self._column = self._row_text = 0
        self._count(4)
        if self._is_unseen(attributes):
            self._table.rows.append((self._row, self._row + self._rows - 1))
        said = f' table:number-rows-repeated="{self._rows}"' if self._rows > 1 else ""
        self.written.append(f"<table:table-row{said}>")

    def _end_row(self) -> None:
        self._in_row = False
        self._row += self._rows
        self._shown += self._rows * self._row_text
        if self._shown > self._limits.text_bytes:
            raise too_much(f"单元格文字合计超过 {self._limits.text_bytes >> 20} MB")
        self.written.append("</table:table-row>")

    def _start_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._in_row:
            raise damaged("单元格不在表格的行中")
        self._cell = 1
        self._columns = repeats(attributes, "columns") if "table:number-columns-repeated" in attributes else 1
        self._count(1)
        self._attributes = attributes
        self._is_shown = False
        # A number is the same wherever on its line it stands; struck through it is none.
        look = self._styles.how.get(attributes.get("table:style-name", ""), "")
        self._look = look if look == "strike" else ""
        said = f"<{name}"
        filled = 0
        kind = attributes.get("office:value-type", "")
        # A text is what is shown, whatever number stands beside it, and a number is none of its texts: calamine takes either.
        other = "office:value" if kind == "string" else "office:string-value" if kind in NUMBERS else ""
        for key, value in attributes.items():
            if key in _UNSAID:
                continue
            if key in _GIVEN and key != other:
                said += f' {key}="{value}"' if value.isalnum() else attribute(key, value)
            # A cell without a type or value is empty for calamine, whatever its style or text.
            if key.startswith(FILL):
                filled += len(value) or 1
        self.written.append(f"{said}>")
        self._text = filled
        self._is_filled = filled > 0
        if filled:
            self._reach_to(self._column + self._columns)

    def _end_cell(self, name: str) -> None:
        self._cell = 0
        self.written.append(f"</{name}>")
        if self._is_filled or not SPANNED.isdisjoint(self._attributes):
            self._keep()
        self._column += self._columns
        # What calamine takes for empty it does not repeat.
        if self._is_filled:
            self._row_text += self._columns * self._text
        else:
            self._shown += self._text
        self._runs.clear()

    def _keep(self) -> None:
        said = self._attributes
        kind, formula = said.get("office:value-type", ""), said.get("table:formula")
        self._check_one_value(kind)
        is_error = said.get("calcext:value-type") == "error"
        is_merged = not SPANNED.isdisjoint(said)
        cell = OdsCell(
            self._row,
            self._rows,
            self._column,
            self._columns,
            _KINDS.get(kind, kind),
            said.get("office:value", ""),
            formula,
            is_error,
            bool(said.get("office:string-value")),
            self._is_shown,
            (span(said, "rows"), span(said, "columns")) if is_merged else UNMERGED,
            "".join([text for text, _ in self._runs]) if is_error or formula is not None else "",
            tuple(self._runs) if self._styles.how and any(look for _, look in self._runs) else (),
        )
        self._cells.append(cell)

    def _check_one_value(self, kind: str) -> None:
        """A value without a type is a number for some programs and none for others; beside a date it is that date."""
        values = _OTHER_VALUES if kind in NUMBERS else set() if kind in _KINDS else {*_OTHER_VALUES, "office:value"}
        if not values.isdisjoint(self._attributes):
            raise damaged(f"工作表“{self._title}”的写法不合规，各软件读出的内容可能不一样")

    def _is_unseen(self, attributes: Mapping[str, str]) -> bool:
        return (
            attributes.get("table:visibility", "") in _UNSEEN
            or attributes.get("table:style-name", "") in self._styles.hides
        )

    def _reach_to(self, right: int) -> None:
        """Note that a filled cell of the row reaches so far."""
        bottom = self._row + self._rows
        if bottom <= self._bottom and right <= self._right:
            return
        self._bottom, self._right = max(self._bottom, bottom), max(self._right, right)
        limits = self._limits
        if bottom > limits.rows or right > limits.columns or self._bottom * self._right > limits.grid:
            raise far(self._title, min(bottom, 1 << 20) - 1, min(right, 1 << 14) - 1)

    @property
    def _title(self) -> str:
        return entered(self._table.title) if self._table else ""

    def _count(self, weight: int) -> None:
        self._counted += weight
        if self._counted > self._limits.cells:
            raise too_much(f"工作表“{self._title}”的单元格或行过多（含只有格式的空白行列）")

    def _count_blanks(self, count: str) -> None:
        """A run of blanks (ODF 1.3 part 3, 6.1.3) takes a few bytes, however long it is."""
        if not (count.isascii() and count.isdigit() and len(count) < 10):
            raise damaged("空格个数不合规")
        self._text += int(count)
        if self._text > self._limits.text_bytes:
            raise too_much(f"单元格文字合计超过 {self._limits.text_bytes >> 20} MB")


def span(attributes: Mapping[str, str], what: str) -> int:
    """Over how many rows or columns a cell is merged (ODF 1.3 part 3, 19.678 and 19.676)."""
    text = attributes.get(f"table:number-{what}-spanned", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 else 1
