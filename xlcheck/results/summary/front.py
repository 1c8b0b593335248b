"""The first sheet of the summary: what was checked, the totals, what to do next, and a chart of the commonest rules."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xlcheck import __version__
from xlcheck.drawing.listing import FONT, Book, RowWriter, shown_text
from xlcheck.drawing.look import breadth, lines
from xlcheck.forms.rules import Rule
from xlcheck.model.text import literal
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import CONCLUSIONS, Conclusion, Counts
from xlcheck.results.summary.overview import Overview, RuleCount, SummaryRow
from xlcheck.results.summary.tables import COLOURS

FRONT_SHEET = "概览"
TITLE = "政府信息公开工作年度报告统计表审核汇总"

BARS = 10
"""How many rules the chart shows."""

_WIDTHS = (16, 21, 21, 22, 22, 22, 22)
_LAST = len(_WIDTHS) - 1
_TEXT_WIDTH = sum(_WIDTHS[1:]) * 10 / 11
"""Of the texts, in characters of their own size; widths are in those of 10 points."""
_ROW = 20
"""Pixels of a row whose height is not set."""
_BARS = {"error": "#D98880", "warning": "#E8C15A"}
_BOXED = {**FONT, "font_size": 11, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"font_name": "黑体", "font_charset": 134, "font_size": 18, "align": "center", "valign": "vcenter"},
    "label": {**_BOXED, "bold": True, "align": "center", "bg_color": "#F2F2F2"},
    "text": {**_BOXED, "text_wrap": True, "indent": 1},
    "number": {**_BOXED, "align": "center", "font_size": 14},
    **{one: {**_BOXED, **colours, "bold": True, "align": "center"} for one, colours in COLOURS.items()},
}


class Totals(NamedTuple):
    """What the first sheet tells."""

    overview: Overview
    units: Mapping[Conclusion, int] | None = None
    """How many units of the list there are of each conclusion; None without a list."""
    strays: int = 0
    other_years: int = 0
    """Files of listed units that report on another year than the one collected."""
    unlinked: int = 0
    """Annotated copies that could not be linked to."""
    what: str = ""
    """What was checked, as the user gave it."""
    when: datetime.datetime | None = None

    @property
    def counted(self) -> Mapping[Conclusion, int]:
        """How many there are of each conclusion: units of the list, or where there is none files."""
        return self.overview.files.conclusions if self.units is None else self.units


def by_conclusion(rows: Iterable[SummaryRow]) -> Mapping[Conclusion, int]:
    """How many units of the list there are of each conclusion, from their rows."""
    return Counter(row.conclusion for row in rows if row.standing in ("counts", "missing"))


def draw(book: Book, sheet: RowWriter, totals: Totals, rules: Mapping[str, Rule], place: str) -> None:
    """Draw the first sheet.

    Args:
        book: where it stands.
        sheet: empty.
        totals: what it tells.
        rules: the catalogue.
        place: the name of the sheet with the table of rules, for the chart.
    """
    looks = {name: book.add_format(dict(look)) for name, look in _LOOKS.items()}
    sheet.set_header("")
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer(f"&C第 &P 页，共 &N 页&R核对程序 {__version__} 版")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 40)
    sheet.merge_range(0, 0, 0, _LAST, TITLE, looks["title"])
    row = 1
    for label, text in facts(totals):
        row = _line(sheet, row, label, text, looks)
    row = _counts(sheet, row, totals, looks)
    steps = "\n".join(f"{number}. {text}" for number, text in enumerate(todo(totals), start=1))
    row = _line(sheet, row, "下一步", steps, looks)
    shown_rules = totals.overview.rules[:BARS]
    if shown_rules:
        height = 80 + 26 * len(shown_rules)
        sheet.insert_chart(row, 0, _chart(book, shown_rules, rules, place, height), {"y_offset": 12})
        row += 1 + (height + 12) // _ROW
    # A sliver beyond the table, or the chart's border would be cut off.
    sheet.set_column(_LAST + 1, _LAST + 1, 1)
    sheet.print_area(0, 0, row, _LAST + 1)
    sheet.fit_to_pages(1, 1)


def facts(totals: Totals) -> Iterator[tuple[str, str]]:
    """What stands above the table: a label and a text each."""
    overview, files = totals.overview, totals.overview.files
    if totals.what:
        yield "核对范围", shown_text(totals.what)
    if totals.when:
        at = totals.when
        yield "核对时间", f"{at.year} 年 {at.month} 月 {at.day} 日 {at.hour:02}:{at.minute:02}"
    if totals.units is not None:
        listed, missing = sum(totals.units.values()), totals.units.get("missing", 0)
        text = f"应报 {listed} 家，已报 {listed - missing} 家，缺报 {missing} 家"
        yield "报送情况", f"{text}；名单外 {totals.strays} 份，重复报送的旧件 {overview.older.files} 份"
    text = _findings(files)
    if overview.older.files:
        text += f"；其中重复报送的旧件里{_findings(overview.older)}，“规则”等表不计"
    yield "问题数量", text


def _findings(counts: Counts) -> str:
    explained = f"（已说明 {counts.explained} 处）" if counts.explained else ""
    return f"强制性 {counts.errors} 处，核实性 {counts.warnings} 处{explained}"


def todo(totals: Totals) -> list[str]:
    """What to do next."""
    overview, counted = totals.overview, totals.counted
    each = "份" if totals.units is None else "家"
    unexplained = (
        overview.files.warnings - overview.files.explained - (overview.older.warnings - overview.older.explained)
    )
    steps = [
        (
            counted.get("failed", 0),
            f"不通过的 {{}} {each}：在“单位”表的“结论”列筛选“不通过”，把审核副本发回报送单位，改正后重新报送。",
        ),
        (
            counted.get("unreadable", 0),
            f"无法读取的 {{}} {each}：原因见“问题”表，请报送单位用下发的模板填好后重新报送。",
        ),
        (
            counted.get("review", 0),
            f"待核实的 {{}} {each}：还有核实性问题没有说明，请把审核副本发回，有误的改正，无误的填写封面“情况说明”（文档在回信里写明），再报送一次。",
        ),
        (unexplained, "核实性问题共有 {} 处没有说明：见“问题”表，级别筛选“核实性”。"),
        (counted.get("missing", 0), "缺报的 {} 家：联系方式见“缺报”表，请催报。"),
        (totals.strays, "名单外的 {} 份：原因见“名单外与重复”表，请核对单位名称和代码，或者补入名单，再核对一次。"),
        (
            totals.other_years,
            "不是本次年度的 {} 份：见“名单外与重复”表，没有算作报送，请报送单位改报本次年度的；只是年度填错的，改正封面（文档改正标题）后重新报送。",
        ),
        (overview.older.files, "重复报送的旧件 {} 份：见“名单外与重复”表，以最新的为准，旧件不用处理。"),
        (totals.unlinked, "有 {} 份审核副本没有链接：原因见“单位”表的“备注”，请按文件名打开。"),
    ]
    said = [text.format(number) for number, text in steps if number]
    return said or ["没有需要处理的事项。"]


def _line(sheet: RowWriter, row: int, label: str, text: str, looks: Mapping[str, Any]) -> int:
    sheet.set_row(row, 8 + 17 * sum(lines(breadth(part) / _TEXT_WIDTH) for part in text.split("\n")))
    sheet.write_string(row, 0, label, looks["label"])
    sheet.merge_range(row, 1, row, _LAST, "", looks["text"])
    sheet.write_string(row, 1, literal(text), looks["text"])
    return row + 1


def _counts(sheet: RowWriter, row: int, totals: Totals, looks: Mapping[str, Any]) -> int:
    """The table of files, and with a list of units, by conclusion."""
    sheet.set_row(row, 24)
    sheet.write_blank(row, 0, None, looks["label"])
    for column, one in enumerate(COLOURS, start=1):
        sheet.write_string(row, column, CONCLUSIONS[one], looks[one])
    sheet.write_string(row, _LAST, "合计", looks["label"])
    told: list[tuple[str, Mapping[Conclusion, int]]] = [("文件（份）", totals.overview.files.conclusions)]
    if totals.units is not None:
        told.insert(0, ("单位（家）", totals.units))
    for label, counts in told:
        row += 1
        sheet.set_row(row, 30)
        sheet.write_string(row, 0, label, looks["label"])
        for column, one in enumerate(COLOURS, start=1):
            if one == "missing" and counts is not totals.units:
                sheet.write_string(row, column, "—", looks["number"])
            else:
                sheet.write_number(row, column, counts.get(one, 0), looks["number"])
        sheet.write_number(row, _LAST, sum(counts.get(one, 0) for one in COLOURS), looks["number"])
    return row + 1


def _chart(book: Book, shown_rules: Sequence[RuleCount], rules: Mapping[str, Rule], place: str, height: int) -> Any:
    """Bars, the commonest rule on top; the numbers are those of the table of rules."""
    chart = book.add_chart({"type": "bar"})
    last = len(shown_rules)
    chart.add_series(
        {
            "name": "单位数",
            "categories": [place, 1, 1, last, 1],
            "values": [place, 1, 4, last, 4],
            # Rows that went to disk cannot be asked any more.
            "categories_data": [rules[rule.code].title if rule.code in rules else "" for rule in shown_rules],
            "values_data": [rule.units for rule in shown_rules],
            "points": [{"fill": {"color": _BARS[rule.severity]}} for rule in shown_rules],
            "data_labels": {"value": True, "font": {"size": 10}},
            "gap": 60,
        }
    )
    font = {"name": "宋体", "size": 10}
    chart.set_title(
        {
            "name": "最常见的规则（涉及的单位数；红为强制性，黄为核实性）",
            "name_font": {"name": "黑体", "size": 12, "bold": False},
        }
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": font, "major_tick_mark": "none", "line": {"color": "#BFBFBF"}})
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    chart.set_chartarea({"border": {"color": "#BFBFBF"}})
    chart.set_size({"width": sum(int(width * 7 + 5) for width in _WIDTHS), "height": height})
    return chart
