"""Error values and formulas never calculated in an .ods, which calamine gives as empty texts."""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.ods import repeats
from xlcheck.model.submission import NoValue, OddCells
from xlcheck.model.text import entered

_ERROR = ("#", "Err:")


def odd_cells_of_ods(parts: Mapping[str, bytes], sheet: str) -> OddCells:
    """Error cells as LibreOffice writes them, and formulas without a value (ODF 1.3 part 3, 19.642 and 19.389)."""
    walk = _Table(sheet)
    scan("表格部分", parts["content.xml"], walk.start, walk.end, walk.said)
    return walk.found


class _Table:
    """One pass over the content, looking at the table of one name."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.found: OddCells = {}
        self.wanted = False
        self.row = self.column = self.depth = 0
        self.rows = self.columns = 1
        self.attributes: dict[str, str] = {}
        self.text = ""
        self.shown = False  # whether the cell has a paragraph: LibreOffice gives one to an empty result
        self.odd: dict[int, NoValue] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if self.depth:
            self.depth += 1
            self.shown |= name == "p"
        elif name == "table":
            self.wanted = attributes.get("table:name") == self.sheet
            self.row = 0
        elif name == "table-row":
            self.rows = repeats(attributes, "rows")
            self.column = 0
            self.odd = {}
        elif name in ("table-cell", "covered-table-cell"):
            self.columns = repeats(attributes, "columns")
            self.attributes, self.text, self.depth, self.shown = attributes, "", 1, False

    def said(self, text: str) -> None:
        if self.depth:
            self.text += text

    def end(self, tag: str) -> None:
        if self.depth:
            self.depth -= 1
            if not self.depth:
                odd = self._judge()
                self.odd |= dict.fromkeys(range(self.column, self.column + self.columns), odd) if odd else {}
                self.column += self.columns
        elif local_name(tag) == "table-row":
            for row in range(self.row, self.row + self.rows) if self.odd and self.wanted else ():
                self.found |= {(row, column): odd for column, odd in self.odd.items()}
            self.row += self.rows

    def _judge(self) -> NoValue | None:
        formula = self.attributes.get("table:formula", "")
        text = self.text.strip()
        error = self.attributes.get("calcext:value-type") == "error"
        if error or (formula and text.startswith(_ERROR) and not self.attributes.get("office:string-value")):
            return NoValue("error", entered(text) or "#N/A")
        if formula and not self.shown and "office:value-type" not in self.attributes:
            return NoValue("formula", entered(formula.partition(":")[2].removeprefix("=")))
        return None
