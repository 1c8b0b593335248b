"""The conditional formats of a worksheet of an .xlsx, where one could show a number otherwise (ECMA-376 part 1, 18.3.1.18)."""

from __future__ import annotations

from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.parts import block, position
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.colours import BLACK, WHITE
from xlcheck.reading.looks import StyleSheet
from xlcheck.reading.written import Block, CellRule, Dress, WrittenSheet

_SIGNS = {
    "lessThan": "<", "lessThanOrEqual": "<=", "equal": "=", "notEqual": "<>", "greaterThanOrEqual": ">=", "greaterThan": ">",
}  # fmt: skip
_ASKED = {
    "containsBlanks": "ISBLANK({})",
    "notContainsBlanks": "NOT(ISBLANK({}))",
    "containsErrors": "ISERROR({})",
    "notContainsErrors": "NOT(ISERROR({}))",
}
_TRUE = ("1", "true", "on")
_MOST = 2_000
"""Areas of all rules of a sheet, at the most; the form as it is sent out has some fifty."""
_USUAL = Dress("", BLACK, WHITE, is_struck=False)


def with_rules(sheet: WrittenSheet, data: bytes, styles: StyleSheet) -> WrittenSheet:
    """A worksheet with its conditional formats and what the cells under them wear.

    Args:
        sheet: the rest of it.
        data: the part.
        styles: those of the workbook.
    """
    walk = _Rules(styles)
    scan("工作表", data, walk.start, walk.end, walk.said)
    if sum(len(found.rule.areas) for found in walk.found) > _MOST:
        return sheet
    rules = tuple(found.rule for found in sorted(walk.found, key=lambda found: found.priority))
    return sheet._replace(rules=rules, dresses={cell: walk.dress(cell) for cell in sheet.cells})


class _Found(NamedTuple):
    priority: int
    rule: CellRule


class _Rules:
    """One pass over the part."""

    def __init__(self, styles: StyleSheet) -> None:
        self.found: list[_Found] = []
        self._styles = styles
        self._worn: dict[Cell, int] = {}
        """The numbers of the styles of cells."""
        self._row = self._column = 0
        self._areas: tuple[Block, ...] = ()
        self._said: dict[str, str] | None = None
        self._formulas: list[str] = []
        self._in_formula = False

    def dress(self, cell: Cell) -> Dress:
        """What a cell wears."""
        style = self._worn.get(cell, 0)
        return self._styles.dresses[style] if style < len(self._styles.dresses) else _USUAL

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + bool(self._worn)
            self._column = -1
        elif name == "c":
            here = position(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
            self._column = here[1]
            style = attributes.get("s", "0")
            self._worn[here] = int(style) if style.isdecimal() and len(style) < 6 else 0
        elif name == "conditionalFormatting":
            self._areas = tuple(block(one) for one in attributes.get("sqref", "").split())
        elif name == "cfRule":
            self._said, self._formulas = attributes, []
        elif name == "formula" and self._said is not None:
            self._formulas.append("")
            self._in_formula = True

    def said(self, text: str) -> None:
        if self._in_formula:
            self._formulas[-1] += text

    def end(self, tag: str) -> None:
        name = local_name(tag)
        if name == "formula":
            self._in_formula = False
        elif name == "cfRule" and self._said is not None:
            self._end_rule(self._said)
            self._said = None
        elif name == "conditionalFormatting":
            self._areas = ()

    def _end_rule(self, said: dict[str, str]) -> None:
        number, priority = said.get("dxfId", ""), said.get("priority", "")
        if not self._areas:
            return
        known = number.isdecimal() and len(number) < 6 and int(number) < len(self._styles.rules)
        rule = CellRule(
            self._areas,
            self._condition(said) if priority.isdecimal() else "",
            self._styles.rules[int(number)] if known else Dress(),
            said.get("stopIfTrue", "") in _TRUE,
        )
        self.found.append(_Found(int(priority) if priority.isdecimal() and len(priority) < 10 else 0, rule))

    def _condition(self, said: dict[str, str]) -> str:
        """The condition as a formula; empty for one that is none, as of the largest ten."""
        kind, formulas = said.get("type", ""), self._formulas
        # From which cell of several areas a formula is seen, is plain only where one begins before all others.
        if any(one[0] < self._areas[0][0] or one[1] < self._areas[0][1] for one in self._areas):
            return ""
        if kind == "expression" and len(formulas) == 1:
            return formulas[0]
        top, left, _, _ = self._areas[0]
        here, sign = cell_name((top, left)), said.get("operator", "")
        if kind in _ASKED:
            return _ASKED[kind].format(here)
        if kind == "cellIs" and sign in _SIGNS and len(formulas) == 1:
            return f"{here}{_SIGNS[sign]}({formulas[0]})"
        if kind == "cellIs" and sign in ("between", "notBetween") and len(formulas) == 2:
            inside = f"AND({here}>=({formulas[0]}),{here}<=({formulas[1]}))"
            return inside if sign == "between" else f"NOT({inside})"
        return ""
