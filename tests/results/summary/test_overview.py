"""Counting: whatever way one looks at a batch, the sums agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given

from tests.making.documents import counted
from tests.making.records import UNITS, batches, line, record, roster
from xlcheck.results.record import Record
from xlcheck.results.summary.overview import Overview, SummaryRow, overview, replaced, result, row, rows
from xlcheck.roster.units import Unit


def seen(records: Sequence[Record], units: Sequence[Unit] = ()) -> tuple[Overview, list[SummaryRow]]:
    """The totals and the rows, with a list if there are units."""
    results = [result(one) for one in records]
    if not units:
        return overview(results), [row(one) for one in results]
    matched = roster(units, records)
    older = {handed.path for _, handed in replaced(matched)}
    return overview(results, older), list(rows({one.path: one for one in results}, matched))


def counting(lines: Sequence[SummaryRow]) -> list[SummaryRow]:
    return [one for one in lines if one.result and one.standing != "older"]


@given(batches())
def test_without_a_list_all_findings_are_in_every_view(records: list[Record]) -> None:
    totals, lines = seen(records)
    by_rule = Counter(found.code for one in records for found in one.lines)
    by_unit: Counter[str] = Counter()
    for one in lines:
        assert one.result
        for code, _, number in one.result.broken:
            by_unit[code] += number
    assert {rule.code: rule.findings for rule in totals.rules} == by_rule == by_unit
    assert totals.findings == by_rule.total()
    assert totals.files == counted(one.tally for one in records)


@given(batches())
def test_with_a_list_what_counts_and_what_is_replaced_make_up_everything(records: list[Record]) -> None:
    totals, lines = seen(records, UNITS)
    files = sorted(one.result.path for one in lines if one.result)
    assert files == sorted(one.path for one in records), "each file once"
    counted = sum(number for one in counting(lines) if one.result for _, _, number in one.result.broken)
    old = totals.older.errors + totals.older.warnings
    assert sum(rule.findings for rule in totals.rules) == counted == totals.findings - old
    assert totals.affected == sum(bool(one.result.broken) for one in counting(lines) if one.result)


@given(batches())
def test_verdicts_add_up(records: list[Record]) -> None:
    totals, lines = seen(records, UNITS)
    assert totals.files.passed + totals.files.failed + totals.files.unreadable == totals.files.files == len(records)
    assert sum(totals.files.conclusions.values()) == len(records)
    assert Counter(one.conclusion for one in lines if one.result) == Counter(one.tally.conclusion for one in records)
    listed = [one for one in lines if one.standing in ("counts", "missing")]
    assert [one.name for one in listed] == [unit.name for unit in UNITS], "in the order of the list"


@given(batches())
def test_a_rule_has_as_many_units_as_rows_that_break_it(records: list[Record]) -> None:
    totals, lines = seen(records, UNITS)
    for rule in totals.rules:
        breaking = [
            one for one in counting(lines) if one.result and rule.code in {code for code, *_ in one.result.broken}
        ]
        assert rule.units == len(breaking) <= rule.findings


def test_the_rule_of_the_most_units_comes_first() -> None:
    records = [
        record("a.xlsx", "甲局", line("C101"), line("C101"), line("C101")),
        record("b.xlsx", "乙局", line("B103")),
    ]
    records.append(record("c.xlsx", "丙局", line("B103"), line("B101")))
    totals, _ = seen(records)
    assert [(rule.code, rule.units, rule.findings) for rule in totals.rules] == [
        ("B103", 2, 2),
        ("C101", 1, 3),
        ("B101", 1, 1),
    ]


def test_strays_and_replaced_files_come_last_and_say_why() -> None:
    records = [
        record("旧.xlsx", "甲局", line(), modified=1.0),
        record("新.xlsx", "甲局", modified=2.0),
        record("丁.xlsx", "丁局"),
        record("坏.xlsx", "", line("F101"), status="unreadable"),
    ]
    totals, lines = seen(records, UNITS)
    assert [(one.name, one.standing, one.conclusion) for one in lines] == [
        ("甲局", "counts", "passed"),
        ("乙局", "missing", "missing"),
        ("丙局", "missing", "missing"),
        ("丁局", "stray", "passed"),
        ("", "stray", "unreadable"),
        ("甲局", "older", "failed"),
    ]
    assert [one.remarks for one in lines[3:]] == [
        ("单位名单里没有这个单位",),
        ("文件无法读取，看不出是哪个单位的",),
        ("重复报送，以最新的“新.xlsx”为准",),
    ]
    assert totals.older == counted(one.tally for one in records[:1])
    assert [rule.code for rule in totals.rules] == ["F101"]


def test_a_parent_given_by_code_is_named() -> None:
    units = [Unit("市教育局", "115104X"), Unit("第一小学", parent="115104X"), Unit("第二小学", parent="区教育局")]
    _, lines = seen([], units)
    assert [one.parent for one in lines] == ["", "市教育局", "区教育局"]
