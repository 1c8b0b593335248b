"""Reading plain text: rows by tabs, bars and gaps, in the encodings that are used."""

from __future__ import annotations

import pytest

from tests.making.written_reports import HEADS, numbers, tables
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.text import parse_text

ROWS = [["信息内容", "本年制发件数", "本年废止件数"], ["规章", "0", "12"], ["行政规范性文件", "7", ""]]


def rows(text: str | bytes) -> list[list[list[str]]]:
    """The texts of all grids, row by row."""
    document = parse_text(text if isinstance(text, bytes) else text.encode())
    assert not any(grid.aligned for grid in document.grids)
    out = []
    for grid in document.grids:
        by_row: dict[int, list[str]] = {}
        for cell in grid.cells:
            by_row.setdefault(cell.row, []).append(cell.text)
        out.append(list(by_row.values()))
    return out


SPELT = {
    "tabs": "\n".join("\t".join(row) for row in ROWS),
    "tabs and blank lines": "\n\n".join("\t".join(row) for row in ROWS),
    "bars": "\n".join(f"| {' | '.join(row)} |" for row in ROWS),
    "markdown": "\n".join(
        [
            "| 信息内容 | 本年制发件数 | 本年废止件数 |",
            "|---|:-:|--:|",
            "| **规章** | 0 | 12 |",
            "| 行政规范性文件 | 7 |  |",
        ]
    ),
    "a drawn frame": "\n".join(["├──┼──┤", *(f"│{'│'.join(row)}│" for row in ROWS), "└──┴──┘"][1:]),
}


@pytest.mark.parametrize("how", SPELT)
def test_rows_are_spelt_in_many_ways(how: str) -> None:
    assert rows(f"二、主动公开政府信息情况\n\n{SPELT[how]}\n\n三、其他\n") == [ROWS]


def test_gaps_part_numbers_from_their_label() -> None:
    text = "信息内容    本年制发件数  本年废止件数\n规章        0             12\n行政规范性文件　7　0"
    assert rows(text) == [[ROWS[0], ROWS[1], ["行政规范性文件", "7", "0"]]]


def test_heads_of_two_labels_are_rows_above_rows_told_by_their_gaps() -> None:
    text = "第二十条第（五）项\n信息内容    本年处理决定数量\n行政许可    5\n\n某某市教育局    2026年1月20日"
    assert rows(text) == [[["信息内容", "本年处理决定数量"], ["行政许可", "5"]]]
    assert rows("全年公开，  详见下表。\n行政许可    5") == [[["行政许可", "5"]]]


def test_text_is_no_table() -> None:
    lines = ["# 2021 年年度报告", "全年共收到  依申请公开信件6件。", "　　一是扩大公开。", "A|B"]
    document = parse_text("\n".join(lines).encode())
    assert document.grids == ()
    assert document.paragraphs == ("2021 年年度报告", "全年共收到  依申请公开信件6件。", "一是扩大公开。", "A|B")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings(codec: str) -> None:
    # Half of what UTF-16 writes of digits and tabs is empty, by which it is known where there is no mark.
    assert rows(SPELT["tabs"].encode(codec)) == [ROWS]


def test_the_whole_report() -> None:
    text = "\n\n".join(
        f"{head}\n\n"
        + "\n".join("\t".join(one.text for one in grid if one.row == row) for row in range(grid[-1].row + 1))
        for head, grid in zip(HEADS, tables(), strict=True)
    )
    found = {cell for grid in rows(text) for row in grid for cell in row}
    assert set(numbers().values()) <= found
    assert set(HEADS) <= set(parse_text(text.encode()).paragraphs)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" \r\n", "F103"),
        (b"\xff\xff\xff\x81", "F101"),
        (b"a" * (LIMITS.text_file_bytes + 1), "F104"),
        (b"1\t2\n" * 20_000, "F104"),
    ],
)
def test_what_is_no_text(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_text(data)
    assert caught.value.code == code
