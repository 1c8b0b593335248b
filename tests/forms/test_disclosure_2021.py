"""The form disclosure-2021, as the official document has it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import form
from tests.making.grids import blocks
from xlcheck.model.cells import cell_name, column_name, parse_cell

FORM = form()
ROWS = [
    "received",
    "carried_in",
    "granted",
    "partly_granted",
    "refused_secret",
    "refused_law",
    "refused_security",
    "refused_third_party",
    "refused_internal",
    "refused_process",
    "refused_enforcement",
    "refused_inquiry",
    "unavailable_not_held",
    "unavailable_to_create",
    "unavailable_unclear",
    "declined_petition",
    "declined_repeat",
    "declined_publication",
    "declined_excessive",
    "declined_confirmation",
    "other_not_corrected",
    "other_fee_unpaid",
    "other_other",
    "handled",
    "carried_out",
]
COLUMNS = ["person", "business", "research", "welfare", "legal", "other", "total"]
GROUPS, RESULTS = ["review", "suit_direct", "suit_after_review"], ["upheld", "corrected", "other", "pending", "total"]


def test_the_keys_are_the_contract() -> None:
    disclosure = [
        f"disclosure.{row}.{column}"
        for row in ("regulations", "normative_documents")
        for column in ("issued", "repealed", "in_force")
    ]
    disclosure += [f"disclosure.{row}.decisions" for row in ("licensing", "penalties", "coercion")] + [
        "disclosure.fees.amount"
    ]
    requests = [f"requests.{row}.{column}" for row in ROWS for column in COLUMNS]
    disputes = [f"disputes.{group}.{result}" for group in GROUPS for result in RESULTS]
    assert (len(disclosure), len(requests), len(disputes)) == (10, 175, 15)
    assert [field.key for field in FORM.fields] == disclosure + requests + disputes


def test_only_the_fees_are_an_amount() -> None:
    assert [field.key for field in FORM.fields if field.kind == "amount"] == ["disclosure.fees.amount"]


def test_there_are_42_relations_of_four_kinds() -> None:
    assert Counter(relation.code for relation in FORM.relations) == {"B101": 7, "B102": 7, "B103": 25, "B104": 3}


def test_the_relations_are_those_of_the_design() -> None:
    said = {(r.code, frozenset(r.left_keys), frozenset(r.right_keys)) for r in FORM.relations}
    expected = set()
    for column in COLUMNS:
        at = {row: f"requests.{row}.{column}" for row in ROWS}
        expected.add(
            ("B101", frozenset({at["received"], at["carried_in"]}), frozenset({at["handled"], at["carried_out"]}))
        )
        expected.add(("B102", frozenset({at["handled"]}), frozenset(at[row] for row in ROWS[2:23])))
    for row in ROWS:
        expected.add(
            ("B103", frozenset({f"requests.{row}.total"}), frozenset(f"requests.{row}.{c}" for c in COLUMNS[:-1]))
        )
    for group in GROUPS:
        expected.add(
            ("B104", frozenset({f"disputes.{group}.total"}), frozenset(f"disputes.{group}.{r}" for r in RESULTS[:-1]))
        )
    assert said == expected


def test_every_field_has_a_cell_of_its_own() -> None:
    covered = [
        (field.sheet, row, column)
        for field in FORM.fields
        for row in range(field.cell[0], field.last[0] + 1)
        for column in range(field.cell[1], field.last[1] + 1)
    ]
    assert len(covered) == len(set(covered))


def test_no_label_shares_a_cell_with_a_field_or_another_label() -> None:
    for table in FORM.tables:
        covered = [
            (row, column)
            for first, last in blocks(table)
            for row in range(first[0], last[0] + 1)
            for column in range(first[1], last[1] + 1)
        ]
        assert len(covered) == len(set(covered)), table.key


def test_sheets_are_named_in_order() -> None:
    assert FORM.sheets == ("封面", "主动公开", "依申请公开", "复议诉讼", "填报说明")


def test_titles_are_official() -> None:
    assert [table.title.text for table in FORM.tables] == [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]


def test_the_cover_asks_for_what_the_design_says() -> None:
    assert [entry.label.text for entry in FORM.cover.entries] == [
        "单位名称", "统一社会信用代码", "报告年度", "填报人", "联系电话", "电子邮箱", "填报日期",
    ]  # fmt: skip
    assert [entry.key for entry in FORM.cover.entries if entry.required] == ["unit", "year"]


@pytest.mark.parametrize(
    ("key", "labels"),
    [
        ("disclosure.regulations.issued", ("规章", "第二十条第（一）项", "本年制发件数")),
        ("disclosure.coercion.decisions", ("行政强制", "第二十条第（六）项", "本年处理决定数量")),
        ("disclosure.fees.amount", ("行政事业性收费", "第二十条第（八）项", "本年收费金额（单位：万元）")),
        ("requests.refused_security.welfare", ("三、本年度办理结果", "（三）不予公开", "3.危及“三安全一稳定”", "申请人情况", "法人或其他组织", "社会公益组织")),
        ("requests.handled.total", ("三、本年度办理结果", "（七）总计", "申请人情况", "总计")),
        ("disputes.review.upheld", ("行政复议", "结果维持")),
        ("disputes.suit_after_review.pending", ("行政诉讼", "复议后起诉", "尚未审结")),
    ],
)  # fmt: skip
def test_the_label_path_of_a_field(key: str, labels: tuple[str, ...]) -> None:
    found = FORM.by_key[key].labels
    assert [label for label in found if label in labels] == list(labels)


def test_every_label_of_the_design_is_printed() -> None:
    printed = {label.text for table in FORM.tables for label in table.labels}
    for text in (
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "2.其他法律行政法规禁止公开", "4.保护第三方合法权益", "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项",
        "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确", "1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物",
        "4.无正当理由大量反复申请", "5.要求行政机关确认或重新出具已获取信息",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他",
        "四、结转下年度继续办理", "未经复议直接起诉",
    ):  # fmt: skip
        assert text in printed


def test_every_field_is_said_in_a_way_of_its_own() -> None:
    for table in FORM.tables:
        paths = [field.labels for field in table.fields]
        assert len(paths) == len(set(paths))


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_cell_names_go_both_ways(row: int, column: int) -> None:
    assert parse_cell(cell_name((row, column))) == (row, column)


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_column_names(column: int, name: str) -> None:
    assert column_name(column) == name


@pytest.mark.parametrize("name", ["", "A", "1", "A0", "a1", "A-1", "ABCD1", "A1 ", "A1\n", "Ａ1", "A１", "$A$1"])
def test_what_is_no_cell_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a cell name"):
        parse_cell(name)
