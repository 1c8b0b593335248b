"""Unit and year of a document, from its title and its signature."""

from __future__ import annotations

import pytest

from xlcheck.reading.documents.who import read_who, who_findings


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["某某市教育局2024年政府信息公开工作年度报告"],
        ["某某市教育局 2024 年政府信息公开工作年度报告"],
        ["某某市教育局", "2024 年政府信息公开工作年度报告"],
        ["某某市教育局", "2024年度", "政府信息公开工作年度报告"],
        ["2024年某某市教育局政府信息公开工作年度报告"],
        ["2024年度某某市教育局政府信息公开年报"],
        ["某某市教育局关于2024年度政府信息公开工作情况的报告"],
        ["某某市教育局二〇二四年政府信息公开工作年度报告"],
        ["首页 > 信息公开", "某某市教育局2024年政府信息公开工作年度报告", "发布时间：2025-01-20"],
        ["附件1：某某市教育局2024年政府信息公开工作年度报告"],
        ["政府信息公开工作年度报告", "一、总体情况", "某某市教育局", "2025年1月20日"],
        ["政府信息公开工作年度报告", "某某市教育局 2025年1月20日"],
        ["政府信息公开工作年度报告", "某某市教育局", "二〇二五年一月二十日"],
        ["某某市教育局政府信息公开工作年度报告", "报告所列统计期限自 2024 年 1 月 1 日至 2024 年 12 月 31 日。"],
        [
            "根据《中华人民共和国政府信息公开条例》，制作政府信息公开工作年度报告。",
            "某某市教育局2024年政府信息公开工作年度报告",
        ],
        ["某某市教育局政府信息公开工作2024年度报告"],
        ["某某市教育局", "政府信息公开工作2024年度报告"],
        ["某某市教育局2024年政府信息公开工作", "年度报告", "一、总体情况"],
        ["某某市教育局2024年度政府信息公开", "工作年度报告"],
        ["某某市教育局2024年信息公开年度报告"],
        ["某某市教育局2024年政府信息与政务公开工作年度报告"],
        ["首页 / 政府信息公开 / 政府信息公开年报 / 2023年 / 正文", "某某市教育局2024年政府信息公开工作年度报告"],
        ["当前位置：首页 > 政府信息公开 > 某某市教育局2024年政府信息公开工作年度报告"],
        ["政府信息公开", "政府信息公开工作年度报告", "某某市教育局2024年政府信息公开工作年度报告", "来源：县教育局"],
        ["标　题 | 某某市教育局政府信息公开工作2024年度报告"],
        [
            "某某市教育局2019年政府信息公开工作年度报告",
            "某某市教育局2024年政府信息公开工作年度报告",
            "本报告所列数据的统计期限自2024年1月1日起至12月31日止。",
        ],
    ],
)
def test_who_reports_for_which_year(paragraphs: list[str]) -> None:
    who = read_who(paragraphs)
    assert (who.unit, who.year) == ("某某市教育局", 2024)
    assert who_findings(who) == []


@pytest.mark.parametrize(
    ("paragraphs", "codes"),
    [
        ([], ["S106", "S106"]),
        (["政府信息公开工作年度报告格式模板", "一、总体情况"], ["S106", "S106"]),
        (["2024年政府信息公开工作年度报告"], ["S106"]),
        (["某某市教育局政府信息公开工作年度报告"], ["S106"]),
        (["某某市教育局政府信息公开工作年度报告", "某某市教育局", "2025年8月1日"], ["S106"]),
        (["某某市教育局2023年政府信息公开工作年度报告", "某某市教育局", "2025年1月20日"], ["S111"]),
        (["某某市教育局2025年政府信息公开工作年度报告", "某某市教育局", "2025年1月20日"], ["S111"]),
        (["某某市教育局2024年政府信息公开工作年度报告", "某某市卫生健康委员会", "2025年1月20日"], ["S112"]),
    ],
)
def test_what_is_missing_or_does_not_agree_is_told(paragraphs: list[str], codes: list[str]) -> None:
    assert [finding.code for finding in who_findings(read_who(paragraphs))] == codes


@pytest.mark.parametrize("month", ["1月20日", "3月31日", "11月2日"])
def test_a_report_is_signed_in_the_year_after_it(month: str) -> None:
    who = read_who(["某某市教育局2024年政府信息公开工作年度报告", "某某市教育局", f"2025年{month}"])
    assert who_findings(who) == []


def test_or_at_its_very_end() -> None:
    who = read_who(["某某市教育局2024年政府信息公开工作年度报告", "某某市教育局", "2024年12月31日"])
    assert who_findings(who) == []


@pytest.mark.parametrize(
    ("title", "signed"),
    [
        ("某某市住房和城乡建设局", "市住建局"),
        ("某某市", "某某市人民政府办公室"),
        ("某某市人民政府", "某某市人民政府办公室"),
        ("某某市教育局", "某某市教育局办公室"),
    ],
)
def test_one_unit_has_a_long_and_a_short_name(title: str, signed: str) -> None:
    who = read_who([f"{title}2024年政府信息公开工作年度报告", signed, "2025年1月20日"])
    assert who.unit == title
    assert who_findings(who) == []


def test_a_sentence_of_the_text_is_no_title_and_no_signature() -> None:
    who = read_who(
        [
            "我局按时发布了2023年政府信息公开工作年度报告，得到好评。",
            "某某市教育局2024年政府信息公开工作年度报告",
            "下一步，我们将于2026年1月1日起改进。",
        ]
    )
    assert (who.unit, who.year, who.signed) == ("某某市教育局", 2024, None)


@pytest.mark.parametrize("box", ["名称 ", "标题：", "信息名称:", "文件名称："])
def test_the_box_above_a_web_page_names_the_title(box: str) -> None:
    assert read_who([f"{box}某某市2024年政府信息公开工作年度报告"]).unit == "某某市"
