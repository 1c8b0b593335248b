"""The tables of the summary: units, findings, rules, rules by unit, missing units, and files that do not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlcheck.drawing.listing import MOST_LINKS, Book, CellValue, Column, ListTable, link_target
from xlcheck.forms.rules import SEVERITIES, Rule
from xlcheck.model import marks
from xlcheck.model.finding import POSSIBLE
from xlcheck.model.times import said_time
from xlcheck.results.counts import CONCLUSIONS, Conclusion
from xlcheck.results.record import Line, Record
from xlcheck.results.summary.overview import FileResult, Overview, SummaryRow
from xlcheck.roster.match import Roster

RULES = "规则"
"""The name of the sheet with the table of rules: codes, titles, severities, findings, units."""

COLOURS: Mapping[Conclusion, Mapping[str, str]] = {
    "passed": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    "review": {"bg_color": "#FFF2CC", "font_color": "#7F6000"},
    "failed": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "unreadable": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "missing": {"bg_color": "#FFE699", "font_color": "#7F3F00"},
}
"""Of what becomes of files and units."""

_STANDINGS = {
    "counts": "",
    "besides": "",
    "missing": "",
    "above": "",
    "stray": "名单外",
    "other_year": "他年",
    "older": "旧件",
}
_SEVERITIES: Mapping[str, str] = {str(key): says for key, says in SEVERITIES.items()}
_OPEN = "打开"
"""What a link says."""


def _verdict(book: Book) -> Column:
    return Column("结论", 10, "middle", {CONCLUSIONS[one]: book.add_format(dict(COLOURS[one])) for one in COLOURS})


def _severity(book: Book) -> Column:
    fills = {"error": marks.RED, "warning": marks.AMBER}
    return Column(
        "级别",
        9,
        "middle",
        {says: book.add_format({"bg_color": f"#{fills[key][2:]}"}) for key, says in SEVERITIES.items()},
    )


def _name(row: SummaryRow) -> str:
    if row.name or row.result is None:
        return row.name
    return "（不详）" if row.conclusion == "unreadable" else "（未填）"


def _aside(row: SummaryRow) -> str:
    return f"{_STANDINGS[row.standing]}：" if _STANDINGS[row.standing] else ""


class Units:
    """单位: a line for each unit, or for each file where there is no list."""

    def __init__(self, book: Book, rows: int, parents: bool, listed: bool) -> None:
        """Begin the table.

        Args:
            book: where it stands.
            rows: how many there will be.
            parents: whether the list of units has units above others.
            listed: whether there is a list.
        """
        columns = [
            Column("单位", 24),
            Column("代码", 23, "middle"),
            *([Column("上级单位", 14)] if parents else ()),
            Column("年度", 7.5, "middle"),
            _verdict(book),
            Column("强制性", 9, "middle"),
            Column("核实性", 9, "middle"),
            Column("已说明", 9, "middle"),
            Column("报送时间", 17, "middle"),
            *([Column("第几次", 8, "middle")] if listed else ()),
            Column("文件", 23),
            Column("审核副本", 10, "link"),
            Column("备注", 29),
        ]
        self._parents, self._listed = parents, listed
        self._table = ListTable(book, "单位", columns, rows)
        self._link_at = len(columns) - 2
        self.unlinked = 0
        """Annotated copies that could not be linked to."""

    def add(self, row: SummaryRow) -> None:
        """Write a line."""
        one = row.result
        link, note = self._link(one)
        counts: tuple[CellValue, ...] = one.tally[1:] if one else (None, None, None)
        cells: tuple[CellValue, ...] = (
            _name(row),
            row.code,
            *((row.parent,) if self._parents else ()),
            one.year if one else None,
            "—" if row.standing == "above" else CONCLUSIONS[row.conclusion],
            *counts,
            _time(one.modified) if one else None,
            *((row.round or None,) if self._listed else ()),
            one.path if one else None,
            _OPEN if link else one.annotated if one else None,
            _aside(row) + "；".join((*row.remarks, *note)),
        )
        self._table.add(cells, (self._link_at, link) if link else None)

    def _link(self, one: FileResult | None) -> tuple[str | None, tuple[str, ...]]:
        if one is None or not one.annotated:
            return None, ()
        target = link_target(one.annotated)
        if target and self._table.takes_links:
            return target, ()
        self.unlinked += 1
        why = f"一张表最多 {MOST_LINKS} 个链接" if target else "路径太长或有特殊字符"
        return None, (f"审核副本没有链接（{why}），请按文件名打开",)


class Findings:
    """问题: a line for each finding of each file."""

    def __init__(self, book: Book, rows: int, rules: Mapping[str, Rule], listed: bool) -> None:
        """Begin the table."""
        columns = [
            Column("单位", 22),
            Column("文件", 16),
            Column("规则", 7.5, "middle"),
            Column("名称", 14),
            _severity(book),
            Column("单元格", 13),
            Column("问题", 38),
            Column("现为", 8, "middle"),
            Column("应为", 8, "middle"),
            Column("建议", 21),
            Column("单位说明", 13),
            *([Column("备注", 9, "middle")] if listed else ()),
        ]
        self._rules = rules
        self._listed = listed
        self._table = ListTable(book, "问题", columns, rows)

    def add(self, record: Record, row: SummaryRow) -> None:
        """Write the lines of a file."""
        name = _name(row)
        for line in record.lines:
            rule = self._rules.get(line.code)
            # Of several cells none is, or should be, what they come to together.
            actual, expected = (line.actual, line.expected) if len(line.cells) <= 1 else ("", "")
            cells: tuple[CellValue, ...] = (
                name,
                record.path,
                line.code,
                rule.title if rule else "",
                _SEVERITIES[line.severity],
                _where(line.cells),
                line.message,
                actual,
                expected,
                _suggested(line),
                line.explanation,
            )
            self._table.add((*cells, _STANDINGS[row.standing]) if self._listed else cells)


def _where(cells: tuple[str, ...]) -> str:
    """``依申请公开!D5 等 7 格``."""
    if len(cells) > 1:
        return f"{cells[0]} 等 {len(cells)} 格"
    return cells[0] if cells else ""


def _suggested(line: Line) -> str:
    """``依申请公开!J7 应为 1（疑为打错一位数字：2 应为 1）``; of several possible answers without the reasons."""
    reasons = line.reasons or ("",) * len(line.suggestions)
    groups: dict[str, list[str]] = {}
    sheet = ""
    for (cell, value), reason in zip(line.suggestions, reasons, strict=True):
        answer, _, _ = reason.partition("：") if reason.startswith(POSSIBLE) else ("", "", "")
        why = f"（{reason}）" if reason and not answer else ""
        place = cell.removeprefix(sheet)
        sheet = cell[: cell.rfind("!") + 1]
        groups.setdefault(answer.replace(POSSIBLE, "可能"), []).append(f"{place} 应为 {value}{why}")
    return "；".join(f"{answer}：{'，'.join(said)}" if answer else "，".join(said) for answer, said in groups.items())


def draw_rules(book: Book, overview: Overview, rules: Mapping[str, Rule]) -> None:
    """规则: the rules that were broken, that of the most units first."""
    columns = [
        Column("规则", 8, "middle"),
        Column("名称", 36),
        _severity(book),
        Column("问题数", 10, "middle"),
        Column("单位数", 10, "middle"),
        Column("怎样改", 70),
    ]
    table = ListTable(book, RULES, columns, len(overview.rules), total=True)
    for broken in overview.rules:
        rule = rules.get(broken.code)
        says = (rule.title, rule.mend) if rule else ("", "")
        severity = _SEVERITIES[broken.severity]
        table.add((broken.code, says[0], severity, broken.findings, broken.units, says[1]))
    findings = sum(broken.findings for broken in overview.rules)
    table.total(
        ("合计", "", "", findings, overview.affected, "一个单位可能违反几条规则，所以单位数的合计不是各行之和。")
    )


class Matrix:
    """规则×单位: the findings of each unit by rule; only units and rules that have any."""

    def __init__(self, book: Book, overview: Overview, rules: Mapping[str, Rule]) -> None:
        """Begin the table."""
        codes = sorted(broken.code for broken in overview.rules)
        titles = (f"{code}\n{rules[code].title}" if code in rules else code for code in codes)
        columns = [
            Column("单位", 26),
            Column("文件", 26),
            Column("合计", 8, "middle"),
            *(Column(title, 9, "middle") for title in titles),
        ]
        self._place = {code: number for number, code in enumerate(codes, start=3)}
        self._totals = {broken.code: broken.findings for broken in overview.rules}
        self._table = ListTable(book, "规则×单位", columns, overview.affected, total=True, frozen=3, height=96)

    def add(self, row: SummaryRow) -> None:
        """Write a line, if the file counts and has findings."""
        one = row.result
        if one is None or not one.broken or row.standing == "older":
            return
        cells: list[CellValue] = [None] * (3 + len(self._place))
        cells[:3] = _name(row), one.path, one.tally.findings
        for code, _, number in one.broken:
            cells[self._place[code]] = number
        self._table.add(cells)

    def end(self) -> None:
        """Write the line of totals."""
        counts = (self._totals[code] for code in self._place)
        self._table.total(("合计", "", sum(self._totals.values()), *counts))


def draw_missing(book: Book, roster: Roster, rows: Iterable[SummaryRow]) -> None:
    """缺报: the units that handed in nothing, and whom to ask."""
    columns = [
        Column("单位", 34),
        Column("代码", 22, "middle"),
        Column("上级单位", 28),
        Column("联系人", 14),
        Column("联系电话", 16, "middle"),
        Column("电子邮箱", 32),
    ]
    parents = {row.name: row.parent for row in rows if row.standing == "missing"}
    table = ListTable(book, "缺报", columns, len(roster.missing))
    for unit in roster.missing:
        table.add((unit.name, unit.code, parents[unit.name], unit.contact, unit.phone, unit.email))


def draw_unlisted(book: Book, roster: Roster, rows: Iterable[SummaryRow]) -> None:
    """名单外与重复: the files that belong to no unit of the list, and those that newer ones replace."""
    columns = [
        Column("类别", 10, "middle"),
        Column("文件", 36),
        Column("所填单位名称", 24),
        Column("所填代码", 21, "middle"),
        Column("报送时间", 17, "middle"),
        _verdict(book),
        Column("原因", 46),
    ]
    aside = [(row, row.result) for row in rows if row.standing in ("stray", "other_year", "older") and row.result]
    times = {stray.handed.path: stray.handed.modified for stray in roster.strays}
    times |= {handed.path: handed.modified for entry in roster.entries for handed in entry.older}
    table = ListTable(book, "名单外与重复", columns, len(aside))
    for row, one in aside:
        kind, when = _STANDINGS[row.standing], _time(times[one.path])
        table.add((kind, one.path, one.unit, one.code, when, CONCLUSIONS[row.conclusion], "；".join(row.remarks)))


def _time(seconds: float) -> str:
    """Of China, where these files are from; empty where it is not known or no time at all."""
    try:
        return said_time(seconds) if seconds else ""
    except (OverflowError, ValueError, OSError):
        return ""
