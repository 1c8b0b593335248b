"""Times in a sentence."""

from __future__ import annotations

import pytest

from xlcheck.reading.prose.times import time_at

OWN = [
    "2024年", "2024年度", "2024年全年", "自2024年1月1日起至2024年12月31日止", "截至2024年12月31日", "截至2024年12月", "截至12月底",
    "2024年以来", "自2024年1月1日以来", "自2024年1月1日起",
]  # fmt: skip
OTHER = [
    "2023年", "自2008年5月1日以来", "2019年条例修订以来", "自2024年9月以来", "上半年", "三季度", "6月", "截至2023年12月31日",
    "结转2022年", "结转2027年",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("o", OWN),
        ("d", OTHER),
        ("C", ["2023年结转", "2023年度转结至本年度办理", "结转自2023年"]),
        ("O", ["结转至2025年", "转接2025年度继续办理", "顺延到2025年"]),
    ],
)
def test_whose_year_it_is(kind: str, texts: list[str]) -> None:
    found = {text: time_at(text, 0, 2024) for text in texts}
    assert [text for text, time in found.items() if time is None or (time.kind, time.length) != (kind, len(text))] == []


@pytest.mark.parametrize("text", [*OWN[:2], "2023年结转", "结转至2025年"])
def test_without_a_year_no_year_is_this_one(text: str) -> None:
    time = time_at(text, 0, None)
    assert time is not None
    assert time.kind == "d"


@pytest.mark.parametrize("text", ["12件", "三件", "上级", "从严", "结转下年度", "一季"])
def test_what_is_no_time(text: str) -> None:
    assert time_at(text, 0, 2024) is None
