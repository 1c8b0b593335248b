"""The styles of an .ods that may show a number otherwise than it is, or not at all (ODF 1.3 part 3, 16 and 17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xlcheck.guard.markup import DEPTH, local_name, parse_xml
from xlcheck.guard.ods_tables import repeats
from xlcheck.model.errors import damaged
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.colours import WHITE, Colour, parse_colour
from xlcheck.reading.formats_ods import FORMAT_ELEMENTS, Format, code_of
from xlcheck.reading.looks import look_of
from xlcheck.reading.patches import Patches
from xlcheck.reading.written import CellLook

_SEEN_THROUGH = "transparent"
_HIDDEN = "hidden-and-protected"
"""Of a cell of a protected sheet: nobody sees what it holds."""
_DEEPEST = 20
"""Parents of parents that are looked at; a style may be its own parent in a file that no program wrote."""
_GROUPS = frozenset(
    (
        "table-row-group",
        "table-rows",
        "table-header-rows",
        "table-column-group",
        "table-columns",
        "table-header-columns",
    )
)
_DEFAULT = ""
"""The name of the style that stands behind all others."""


class _Style(NamedTuple):
    """A style of cells, or what stands behind all of them."""

    parent: str | None
    said: dict[str, str]
    """Its properties, by their names without prefixes."""


def looks_of_ods(content: bytes, styles: bytes) -> Mapping[str, Patches[CellLook]]:
    """The looks of cells that are not as usual and hold something, by the title of their sheet.

    Args:
        content: the member with the tables, which the guard admitted.
        styles: that with the styles.
    """
    walk = _Walk()
    for what, data in (("单元格格式", styles), ("表格部分", content)):
        if data:
            walk.path.clear()
            parse_xml(what, data, walk.start, walk.end, walk.text)
    return walk.looks


class _Walk:
    """One pass over both members: styles come before the tables that name them."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.looks: dict[str, Patches[CellLook]] = {}
        self._styles: dict[str, _Style] = {_DEFAULT: _Style(None, {})}
        self._formats: dict[str, Format] = {}
        self._known: dict[tuple[str, bool], CellLook | None] = {}
        self._style: _Style | None = None
        self._format: Format | None = None
        self._table = _Table()
        self._starts: Mapping[str, Callable[[dict[str, str]], None]] = {
            "style": self._start_style,
            "default-style": self._start_style,
            "table": self._start_table,
            "table-column": self._start_column,
            "table-row": self._start_row,
            "table-cell": self._start_cell,
            "covered-table-cell": self._start_cell,
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        self.path.append(name)
        if len(self.path) > DEPTH:
            raise damaged("内容嵌套过深")
        said = {local_name(key): value for key, value in attributes.items()}
        if name in FORMAT_ELEMENTS:
            self._format = self._formats[said.get("name", "")] = Format(name)
        elif self._format is not None:
            self._format.take(name, said)
        elif name in ("text-properties", "table-cell-properties"):
            if self._style is not None and self.path[-2] in ("style", "default-style"):
                self._style.said.update(said)
        elif name in self._starts and self._is_place(name):
            self._starts[name](said)

    def end(self, _: str) -> None:
        name = self.path.pop()
        if name in FORMAT_ELEMENTS:
            self._format = None
        elif name in ("style", "default-style"):
            self._style = None
        elif name == "table-row" and self._is_place(name, self.path):
            self._table.row += self._table.rows

    def text(self, text: str) -> None:
        if self._format is not None:
            self._format.say(self.path[-1], text)

    def _is_place(self, name: str, path: list[str] | None = None) -> bool:
        """Whether an element stands where it counts."""
        around = self.path[:-1] if path is None else path
        if name in ("style", "default-style"):
            return around[-1:] in (["styles"], ["automatic-styles"])
        if around[:3] != ["document-content", "body", "spreadsheet"]:
            return False
        inner = [one for one in around[3:] if one not in _GROUPS]
        wanted = {"table": [], "table-column": ["table"], "table-row": ["table"]}
        return inner == wanted.get(name, ["table", "table-row"])

    # --- styles ---

    def _start_style(self, said: dict[str, str]) -> None:
        if said.get("family") != "table-cell":
            return
        if self.path[-1] == "default-style":
            self._style = self._styles[_DEFAULT]
            return
        parent = said.get("parent-style-name", _DEFAULT)
        self._style = self._styles[said.get("name", "?")] = _Style(parent, {"format": said.get("data-style-name", "")})

    def _look(self, name: str, is_protected: bool) -> CellLook | None:
        """The look of a style; None for one as usual."""
        key = name, is_protected
        if key not in self._known:
            self._known[key] = self._looked(self._chain(name), is_protected)
        return self._known[key]

    def _chain(self, name: str) -> list[dict[str, str]]:
        """What a style and those behind it say, its own first."""
        found: list[dict[str, str]] = []
        style = self._styles.get(name)
        while style is not None and len(found) < _DEEPEST:
            found.append(style.said)
            style = None if style.parent is None else self._styles.get(style.parent, self._styles[_DEFAULT])
        return found or [self._styles[_DEFAULT].said]

    def _looked(self, chain: list[dict[str, str]], is_protected: bool) -> CellLook | None:
        ink: Colour | None = None
        for said in chain:
            if said.get("use-window-font-color") == "true":
                break
            if "color" in said:
                ink = parse_colour(said["color"])
                break
        ground = _first(chain, "background-color") or _SEEN_THROUGH
        code = code_of(next((said["format"] for said in chain if said.get("format")), ""), self._formats)
        lines = (_first(chain, f"text-line-through-{key}") or "none" for key in ("style", "type"))
        is_struck = any(line != "none" for line in lines)
        look = look_of(code, ink, WHITE if ground == _SEEN_THROUGH else parse_colour(ground), is_struck)
        if is_protected and _first(chain, "cell-protect") == _HIDDEN:
            return (look or CellLook("", True, False))._replace(is_lost=True)
        return look

    # --- tables ---

    def _start_table(self, said: dict[str, str]) -> None:
        self._table = _Table()
        self._table.is_protected = said.get("protected") == "true"
        # Of two of one name, the first.
        self.looks.setdefault(said.get("name", ""), self._table.looks)

    def _start_column(self, said: dict[str, str]) -> None:
        count = repeats({"table:number-columns-repeated": said.get("number-columns-repeated", "1")}, "columns")
        self._table.columns.append((count, said.get("default-cell-style-name", _DEFAULT)))

    def _start_row(self, said: dict[str, str]) -> None:
        table = self._table
        table.rows = repeats({"table:number-rows-repeated": said.get("number-rows-repeated", "1")}, "rows")
        table.column, table.style = 0, said.get("default-cell-style-name", "")

    def _start_cell(self, said: dict[str, str]) -> None:
        table = self._table
        count = repeats({"table:number-columns-repeated": said.get("number-columns-repeated", "1")}, "columns")
        if "value-type" in said or "formula" in said:
            own = said.get("style-name") or table.style
            for column in range(table.column, table.column + count):
                look = self._look(own or table.default(column), table.is_protected)
                if look is not None:
                    table.looks.put((table.row, table.rows, column, 1), look)
        table.column += count


class _Table:
    """Where the pass is in a table."""

    def __init__(self) -> None:
        self.is_protected = False
        self.looks: Patches[CellLook] = Patches()
        self.columns: list[tuple[int, str]] = []
        """How many there are, and the style of their cells that have none."""
        self.row = self.column = 0
        self.rows = 1
        self.style = ""
        """Of the row's cells that have none."""

    def default(self, column: int) -> str:
        """The style of a cell that has none."""
        for count, style in self.columns:
            if column < count:
                return style
            column -= count
        return _DEFAULT


def _first(chain: list[dict[str, str]], key: str) -> str | None:
    return next((said[key] for said in chain if key in said), None)
