"""Whose report a text is."""

from __future__ import annotations

import pytest

from xlcheck.reading.prose.subject import subject


@pytest.mark.parametrize(
    "title",
    [
        ["某某市水利局2024年政府信息公开工作年度报告"],
        ["某某市水利局", "2024 年政府信息公开工作年度报告"],
        ["2024年度某某市水利局政府信息公开工作年度报告"],
        ["某某市水利局政府信息公开工作年度报告（2024年度）"],
        ["某某市水利局2024年度政府信息公开工作报告", "一、总体情况"],
        ["根据规定，现公布某某市水利局2024年政府信息公开工作年度报告"],
    ],
)
def test_the_title_names_the_unit_and_the_year(title: list[str]) -> None:
    about = subject(title)
    assert about.year == 2024
    assert about.named("市水利局")


def test_the_span_of_the_figures_names_the_year() -> None:
    assert subject(["本报告所列数据的统计期限自2024年1月1日起至12月31日止"]).year == 2024


def test_two_years_leave_it_open() -> None:
    assert subject(["某局2024年政府信息公开工作年度报告", "自2023年1月1日至2023年12月31日"]).year is None


def test_what_is_known_from_elsewhere_counts() -> None:
    about = subject(["某局2023年政府信息公开工作年度报告"], "某某县教育局", 2024)
    assert (about.year, about.named("县教育局")) == (2024, True)


@pytest.mark.parametrize(
    ("unit", "own", "others"),
    [
        (
            "某某市水利局",
            ["某某市水利局", "市水利局", "市局", "水利局"],
            ["市教育局", "市水利局办公室", "市政府", "某某市"],
        ),
        (
            "某某区人民政府办公室",
            ["区政府办公室", "区政府办", "区人民政府办公室"],
            ["区政府", "区外事办", "区政府督查室"],
        ),
        ("某某县某某镇人民政府", ["某某镇", "某某镇政府", "镇政府"], ["县政府", "某某县", "镇政府办公室"]),
        ("某某区某某街道办事处", ["某某街道", "某某街道办事处", "某某街道办"], ["区政府", "其他街镇"]),
        ("某某市公安局甲乙区分局", ["甲乙区公安分局", "区公安分局"], ["市公安局", "丙丁区公安分局"]),
        ("某某大学", ["学校", "某某大学"], ["学院"]),
        ("某某市公安局某某分局", ["某某分局", "市公安局某某分局"], ["市公安局", "市局"]),
        ("某某县人力资源和社会保障局", ["县人社局", "县人力社保局"], ["县司法局"]),
        ("某某县人社局", ["县人力社保局", "县人社局"], ["县社保中心"]),
    ],
)
def test_a_name_may_be_shortened(unit: str, own: list[str], others: list[str]) -> None:
    about = subject([], unit)
    assert [name for name in own if not about.named(name)] == []
    assert [name for name in others if about.named(name)] == []


@pytest.mark.parametrize("word", ["办事处", "办公室", "委员会", "人民政府", "政府", "街道办事处"])
def test_a_word_for_any_office_is_no_name_but_never_trouble(word: str) -> None:
    for unit in ("", word, f"某某区甲乙{word}", "某某局"):
        assert subject([], unit).named(word) in (True, False)
    assert not subject([], "某某市水利局").named(word)
