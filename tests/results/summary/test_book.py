"""审核汇总.xlsx, read back as others read it."""

from __future__ import annotations

import datetime
import io
import re
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from tests.making.records import RULES, UNITS, batches, line, record, roster
from xlcheck.drawing import listing
from xlcheck.results.record import Record
from xlcheck.results.summary import book
from xlcheck.roster.units import Unit

WHEN = datetime.datetime(2026, 1, 20, 15, 30)
BATCH = [
    record("报送/乙.xlsx", "乙局", line("B103"), line("B103", "又一处"), line("P101", explanation="已经核实"), code="B1", modified=5.0),
    record("报送/甲.xlsx", "甲局", line("B101"), modified=1_769_000_000.0),
    record("报送/甲2.xlsx", "甲局", modified=1_769_100_000.0),
    record("报送/丁.xlsx", "丁局", line("B103")),
    record("报送/坏.xlsx", "", line("F101", "文件“坏.xlsx”已损坏"), status="unreadable"),
]  # fmt: skip
"""乙局 fails, 甲局 passes at the second go, 丙局 is missing; 丁局 is not on the list, and nobody knows whose the last is."""


def data_of(records: Sequence[Record], units: Sequence[Unit] = (), **more: Any) -> bytes:
    buffer = io.BytesIO()
    book.write_summary(buffer, lambda: iter(records), RULES, roster(units, records) if units else None, **more)
    return buffer.getvalue()


def opened(records: Sequence[Record], units: Sequence[Unit] = (), **more: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data_of(records, units, **more)))


def table(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the names of its columns; blanks are left out."""
    head, *rows = book[name].iter_rows(values_only=True)
    return [{str(key): value for key, value in zip(head, row, strict=True) if value is not None} for row in rows]


def front(book: openpyxl.Workbook) -> str:
    """All texts and numbers of 概览, a line each row."""
    return "\n".join(" ".join(str(v) for v in row if v is not None) for row in book["概览"].iter_rows(values_only=True))


# --- the sheets ------------------------------------------------------------------------------------------------------


def test_sheets_that_need_a_list_are_there_only_with_one() -> None:
    always = ["概览", "单位", "问题", "规则", "规则×单位"]
    assert opened(BATCH).sheetnames == always
    assert opened(BATCH, UNITS).sheetnames == [*always, "缺报", "名单外与重复"]


def test_nothing_checked_is_a_workbook_as_well() -> None:
    assert "没有需要处理的事项" in front(opened([]))
    assert "缺报的 3 家" in front(opened([], UNITS))


def test_units_without_a_list_are_the_files_in_their_order() -> None:
    rows = table(opened(BATCH), "单位")
    assert [row["文件"] for row in rows] == [one.path for one in BATCH]
    assert rows[0] == {
        "单位": "乙局",
        "代码": "B1",
        "年度": 2025,
        "结论": "不通过",
        "强制性": 2,
        "核实性": 1,
        "已说明": 1,
        "文件": "报送/乙.xlsx",
        "报送时间": "1970-01-01 08:00",
        "审核副本": "打开",
    }
    assert [row["结论"] for row in rows] == ["不通过", "不通过", "通过", "不通过", "无法读取"]
    assert rows[4]["单位"] == "（不详）"


def test_units_with_a_list_stand_in_its_order_and_others_behind() -> None:
    rows = table(opened(BATCH, UNITS), "单位")
    assert [(row["单位"], row["结论"], row.get("文件"), row.get("备注")) for row in rows] == [
        ("甲局", "通过", "报送/甲2.xlsx", "报送了 2 份，以最新的“报送/甲2.xlsx”为准"),
        ("乙局", "不通过", "报送/乙.xlsx", None),
        ("丙局", "缺报", None, None),
        ("丁局", "不通过", "报送/丁.xlsx", "名单外：单位名单里没有这个单位"),
        ("（不详）", "无法读取", "报送/坏.xlsx", "名单外：文件无法读取，看不出是哪个单位的"),
        ("甲局", "不通过", "报送/甲.xlsx", "旧件：重复报送，以最新的“报送/甲2.xlsx”为准"),
    ]
    assert {row.get("上级单位") for row in rows[:3]} == {"市人民政府"}


def test_every_finding_is_told() -> None:
    rows = table(opened(BATCH, UNITS), "问题")
    assert [(row["单位"], row["规则"], row.get("备注")) for row in rows] == [
        ("乙局", "B103", None),
        ("乙局", "B103", None),
        ("乙局", "P101", None),
        ("甲局", "B101", "旧件"),
        ("丁局", "B103", "名单外"),
        ("（不详）", "F101", "名单外"),
    ]
    assert rows[2] == {
        "单位": "乙局",
        "文件": "报送/乙.xlsx",
        "规则": "P101",
        "名称": RULES["P101"].title,
        "级别": "核实性",
        "单元格": "依申请公开!J7",
        "问题": "合计不符",
        "应为": "1",
        "现为": "2",
        "建议": "依申请公开!J7 应为 1（打错一位）",
        "单位说明": "已经核实",
    }


def test_of_several_cells_none_should_be_what_they_come_to_together() -> None:
    balance = line()._replace(cells=("依申请公开!D5", "依申请公开!D6"))
    (row,) = table(opened([record("a.xlsx", "甲", balance)]), "问题")
    assert (row.get("现为"), row.get("应为"), row["问题"]) == (None, None, "合计不符")


def test_several_possible_answers_are_kept_apart() -> None:
    suggestions = (("依申请公开!D5", "6"), ("依申请公开!J5", "6"), ("主动公开!D29", "1"))
    reasons = ("可能之1：打错一位", "可能之1：打错一位", "可能之2：漏了一位")
    doubtful = line()._replace(suggestions=suggestions, reasons=reasons)
    told = line()._replace(suggestions=suggestions[:2], reasons=())
    rows = table(opened([record("a.xlsx", "甲", doubtful, told)]), "问题")
    assert [row["建议"] for row in rows] == [
        "可能1：依申请公开!D5 应为 6，J5 应为 6；可能2：主动公开!D29 应为 1",
        "依申请公开!D5 应为 6，J5 应为 6",
    ]


def test_rules_and_matrix_count_what_counts() -> None:
    book = opened(BATCH, UNITS)
    rules = table(book, "规则")
    assert [(row["规则"], row["问题数"], row["单位数"]) for row in rules] == [
        ("B103", 3, 2),
        ("F101", 1, 1),
        ("P101", 1, 1),
        ("合计", 5, 3),
    ]
    head, *rows = book["规则×单位"].iter_rows(values_only=True)
    assert [str(cell).split("\n")[0] for cell in head] == ["单位", "文件", "合计", "B103", "F101", "P101"]
    assert [row[:1] + row[2:] for row in rows] == [
        ("乙局", 3, 2, None, 1),
        ("丁局", 1, 1, None, None),
        ("（不详）", 1, None, 1, None),
        ("合计", 5, 3, 1, 1),
    ]


def test_missing_units_and_whom_to_ask() -> None:
    units = [Unit("甲局"), Unit("戊局", "C5", "wu@example.org", "甲局", "办公室"), *UNITS[1:]]
    assert table(opened(BATCH, units), "缺报") == [
        {"单位": "戊局", "代码": "C5", "上级单位": "甲局", "联系人": "办公室", "电子邮箱": "wu@example.org"},
        {"单位": "丙局", "上级单位": "市人民政府"},
    ]


def test_files_that_do_not_count_and_why() -> None:
    rows = table(opened(BATCH, UNITS), "名单外与重复")
    assert [(row["类别"], row["文件"], row.get("报送时间"), row["原因"]) for row in rows] == [
        ("名单外", "报送/丁.xlsx", None, "单位名单里没有这个单位"),
        ("名单外", "报送/坏.xlsx", None, "文件无法读取，看不出是哪个单位的"),
        ("旧件", "报送/甲.xlsx", "2026-01-21 20:53", "重复报送，以最新的“报送/甲2.xlsx”为准"),
    ]


@pytest.mark.parametrize("modified", [1e300, -1e300, float("nan"), float("inf")])
def test_a_time_that_is_none_is_left_out(modified: float) -> None:
    (row,) = table(opened([record("a.xlsx", "戊局", modified=modified)], UNITS), "名单外与重复")
    assert "报送时间" not in row


def test_the_first_sheet_says_what_came_in_and_what_to_do() -> None:
    text = front(opened(BATCH, UNITS, what="报送", when=WHEN))
    for words in (
        "核对范围 报送",
        "核对时间 2026 年 1 月 20 日 15:30",
        "应报 3 家，已报 2 家，缺报 1 家；名单外 2 份，重复报送的旧件 1 份",
        "强制性 5 处，核实性 1 处（已说明 1 处）；其中重复报送的旧件里强制性 1 处，核实性 0 处",
        "单位（家） 1 0 1 0 1 3",
        "文件（份） 1 0 3 1 — 5",
        "1. 不通过的 1 家",
        "缺报的 1 家",
        "名单外的 2 份",
        "重复报送的旧件 1 份",
    ):
        assert words in text, words
    assert "没有说明" not in text


def test_units_that_must_still_explain_are_told_apart_from_those_that_passed() -> None:
    batch = [
        record("a.xlsx", "甲局", line("P105")),
        record("b.xlsx", "乙局", line("P105", explanation="确实如此")),
        record("c.xlsx", "丙局"),
    ]
    book = opened(batch, UNITS)
    assert [row["结论"] for row in table(book, "单位")] == ["待核实", "通过", "通过"]
    text = front(book)
    assert "单位（家） 2 1 0 0 0 3" in text
    assert "1. 待核实的 1 家" in text
    assert "1. 待核实的 1 份" in front(opened(batch))


def test_the_first_sheet_without_a_list_counts_files() -> None:
    text = front(opened(BATCH))
    assert "核对时间" not in text
    assert "不通过的 3 份" in text
    assert "无法读取的 1 份" in text
    assert "缺报的" not in text


@settings(max_examples=12)
@given(batches())
def test_sums_agree_on_all_sheets(records: list[Record]) -> None:
    book = opened(records)
    findings = Counter(row["规则"] for row in table(book, "问题"))
    *rules, total = table(book, "规则")
    assert {row["规则"]: row["问题数"] for row in rules} == findings
    *units, bottom = table(book, "规则×单位")
    assert total["问题数"] == bottom["合计"] == findings.total() == sum(row["合计"] for row in units)
    assert total["单位数"] == len(units)
    assert sum(row["强制性"] + row["核实性"] for row in table(book, "单位")) == findings.total()


def test_other_readers_see_the_same() -> None:
    data = data_of(BATCH, UNITS, what="报送")
    book, other = openpyxl.load_workbook(io.BytesIO(data)), CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in other.sheet_names:
        seen = [[None if cell == "" else cell for cell in row] for row in other.get_sheet_by_name(name).to_python()]
        assert seen == [list(row) for row in book[name].iter_rows(values_only=True)], name


def test_the_chart_shows_the_commonest_rules_from_their_table() -> None:
    codes = ["B101", "B102", "B103", "B104", "C101", "C102", "C103", "C104", "C105", "C106", "C107", "P101"]
    records = [record(f"{n}.xlsx", f"{n}局", *(line(code) for code in codes[n:])) for n in range(len(codes))]
    with zipfile.ZipFile(io.BytesIO(data_of(records))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:f>(.*?)</c:f>", chart) == ["规则!$B$2:$B$11", "规则!$E$2:$E$11"]
    names = [RULES[code].title for code in codes[::-1][:10]]
    assert re.findall(r"<c:v>(.*?)</c:v>", chart)[1:] == [*names, *map(str, range(12, 2, -1))]
    rows = table(opened(records), "规则")[:10]
    assert [(row["名称"], row["单位数"]) for row in rows] == list(zip(names, range(12, 2, -1), strict=True))


def test_verdicts_are_coloured_and_tables_can_be_filtered() -> None:
    book = opened(BATCH, UNITS)
    coloured = {rule.formula[0] for area in book["单位"].conditional_formatting for rule in area.rules}
    assert coloured == {'"通过"', '"待核实"', '"不通过"', '"无法读取"', '"缺报"'}
    assert all(sheet.auto_filter.ref and sheet.freeze_panes for sheet in book.worksheets[1:])


# --- what strangers write --------------------------------------------------------------------------------------------

NASTY = [
    '=HYPERLINK("http://x")',
    "<r></t></is></c><c>&</r>",
    "甲\u202e局",
    "甲\n局",
    "甲" * 40_000,
    "http://example.org",
    "mailto:x@example.org",
    "\uffff\ud800",
    "@SUM(A1)",
    "_x000D_",
    "internal:概览!A1",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_becomes_a_formula_or_a_link_or_breaks_the_file(nasty: str) -> None:
    hostile = line(message=nasty)._replace(
        cells=(nasty, nasty), actual=nasty, expected=nasty, explanation=nasty, suggestions=((nasty, nasty),), reasons=(nasty,)
    )  # fmt: skip
    records = [record(f"{nasty}/{n}.xlsx", name, hostile, code=nasty, annotated="") for n, name in enumerate((nasty, "甲局", "甲局"))]  # fmt: skip
    data = data_of(records, [Unit("甲局", nasty, nasty, nasty, nasty), Unit(f"{nasty}己")], what=nasty)
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    texts = [str(cell.value) for cell in cells if cell.value is not None]
    assert not [text for text in texts if len(text) > 32_767 or "\u202e" in text or "\uffff" in text]
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == book.sheetnames


# --- links -----------------------------------------------------------------------------------------------------------

NAMES = ["甲 局.审核.xlsx", "a#1.审核.xlsx", "100%.审核.xlsx", "%41.审核.xlsx", "[a](b){c}.审核.xlsx", "子/乙&'丙'.审核.xlsx", "../外/丁.审核.xlsx"]  # fmt: skip


def test_links_lead_to_the_copies_from_where_the_workbook_stands(tmp_path: Path) -> None:
    out = tmp_path / "审核 #1"
    for name in NAMES:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(b"")
    records = [record(f"{n}.xlsx", f"{n}局", line(), annotated=name) for n, name in enumerate(NAMES)]
    book.write_summary(out / "审核汇总.xlsx", lambda: records, RULES)
    sheet = openpyxl.load_workbook(out / "审核汇总.xlsx")["单位"]
    targets = [str(cell.hyperlink.target) for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(targets) == len(NAMES)
    for target, name in zip(targets, NAMES, strict=True):
        assert not re.search(r"[\s#\\]", target)
        assert (out / unquote(target)).samefile(out / name)


def test_a_copy_that_cannot_be_linked_to_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_LINKS", 2)
    names = ["a.审核.xlsx", "x:y.审核.xlsx", "b.审核.xlsx", "c.审核.xlsx"]
    book = opened([record(f"{n}.xlsx", f"{n}局", line(), annotated=name) for n, name in enumerate(names)])
    assert [bool(book["单位"].cell(row, 10).hyperlink) for row in range(2, 6)] == [True, False, True, False]
    rows = table(book, "单位")
    assert [row["审核副本"] for row in rows] == ["打开", names[1], "打开", names[3]]
    assert ["路径太长或有特殊字符" in row.get("备注", "") for row in rows] == [False, True, False, False]
    assert ["一张表最多" in row.get("备注", "") for row in rows] == [False, False, False, True]
    assert "有 2 份审核副本没有链接" in front(book)


# --- many, and the file ----------------------------------------------------------------------------------------------


def test_findings_go_on_on_further_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 4)
    records = [record(f"{n}.xlsx", f"{n}局", *(line() for _ in range(3))) for n in range(3)]
    book = opened(records)
    assert book.sheetnames == ["概览", "单位", "问题", "问题 2", "问题 3", "规则", "规则×单位"]
    rows = [row for name in ("问题", "问题 2", "问题 3") for row in table(book, name)]
    assert [row["单位"] for row in rows] == [f"{n}局" for n in range(3) for _ in range(3)]


def test_the_same_inputs_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = data_of(BATCH, UNITS, what="报送", when=WHEN)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert data_of(BATCH, UNITS, what="报送", when=WHEN) == first


def test_an_earlier_summary_stays_when_something_goes_wrong(tmp_path: Path) -> None:
    target = tmp_path / "审核汇总.xlsx"
    target.write_bytes(b"before")

    def records() -> Iterator[Record]:
        yield from BATCH
        raise ZeroDivisionError

    def once(again: list[int]) -> Callable[[], Iterator[Record]]:
        return lambda: records() if again.pop() else iter(BATCH)

    for calls in ([1], [1, 0]):
        with pytest.raises(ZeroDivisionError):
            book.write_summary(target, once(calls), RULES)
        assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("审核汇总.xlsx", b"before")]
    book.write_summary(target, lambda: BATCH, RULES)
    assert [path.name for path in tmp_path.iterdir()] == ["审核汇总.xlsx"]
    assert openpyxl.load_workbook(target).sheetnames


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"."):
        book.write_summary(tmp_path / "没有" / "审核汇总.xlsx", lambda: BATCH, RULES)


def test_ten_times_the_files_take_hardly_more_memory(tmp_path: Path) -> None:
    def peak(files: int) -> int:
        def records() -> Iterator[Record]:
            for n in range(files):
                yield record(f"{n}.xlsx", f"第{n}单位", line(message=f"第 {n} 处"), line("P101"), annotated="")

        tracemalloc.start()
        book.write_summary(tmp_path / "审核汇总.xlsx", records, RULES)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(1_500) < 2 * peak(150)
