"""What a notice says: true in every state of a campaign, and nothing of what there is none of."""

from __future__ import annotations

import re

import pytest

from tests.campaign.report.standings import CAMPAIGN, FACTS, OVER, TERMS, standings
from tests.making.filling import form
from xlcheck.campaign.ledger.standings import standing_of
from xlcheck.campaign.report.tally import notice_tally
from xlcheck.campaign.report.wording import TABLE_HEADS, NoticeText, notice_text, table_line


def said(units: list[str] | None = None, now: int = OVER + 100_000, **terms: object) -> NoticeText:
    tally = notice_tally(standings(FACTS if units is None else units, now))
    return notice_text(CAMPAIGN, TERMS._replace(**terms), form(), tally, now)  # type: ignore[arg-type]


def all_of(text: NoticeText) -> str:
    parts = [
        f"{section.head} {' '.join(head + says for head, says in section.paragraphs)}" for section in text.sections
    ]
    return " ".join(parts)


def test_of_each_state_it_says_how_many_and_who() -> None:
    text = said()
    assert (text.title, text.to) == ("关于2025年政府信息公开工作年度报告报送情况的通报", "各有关单位：")
    assert (text.signed, text.date, text.contact) == ("某某市政务公开办", "2026年2月2日", "（联系电话：0812-1234567）")
    assert text.opening.endswith("现将截至2026年2月2日3时46分的有关情况通报如下：")
    assert "国办公开办函〔2021〕30号" in text.opening
    assert all_of(text) == (
        "一、总体情况 本次应报单位5家，报送截止日期为2026年1月31日。已报4家，占80%，其中按期报送3家、逾期报送1家；缺报1家，占20%。 "
        "已报单位中，审核通过1家，退改1家，待核实1家，文件打不开1家。各单位累计报送8次，累计催报2次。 "
        "另有1家不要求单独报送的单位也报送了数据：市政府。 "
        "二、存在的问题 （一）缺报。截至目前，缺报的单位有1家：戊局。 （二）逾期报送。在截止日期之后才报送的单位有1家：乙局。 "
        "（三）数据有误，退回修改。报送的数据有必须改正的问题、已退回修改的单位有1家：丙局。 "
        "（四）数据待核实。有的数据需要核实并作出说明的单位有1家：乙局。 "
        "（五）文件打不开。报送的文件打不开、需要重新报送的单位有1家：丁局。 "
        "三、有关要求 请缺报的单位立即按照下发的填报模板填写并报送。 "
        "请退改的单位对照审核意见，核对原始登记后改正并重新报送，不得只改总计、凑平数据。 "
        "请数据待核实的单位逐条核对，有误的改正，无误的在封面“情况说明”中写明原因后重新报送。 "
        "请文件打不开的单位用下发的填报模板重新填写，确认能够打开后再报送。 报送邮箱：gk@example.org。"
    )


def test_before_the_deadline_nobody_is_blamed() -> None:
    text = all_of(said(["甲局", "戊局"], OVER - 1))
    assert "缺报" not in text
    assert "尚未报送1家，占50%" in text
    assert "请尚未报送的单位在2026年1月31日前按照" in text
    assert "逾期" not in text


def test_where_all_is_done_there_are_no_problems() -> None:
    text = said(["甲局", "市政府"])
    assert [section.head for section in text.sections] == ["一、总体情况", "二、有关要求"]
    assert "已报1家，占100%；缺报0家，占0%。" in all_of(text)
    assert "数据全部审核通过" in all_of(text)


def test_nobody_handed_in_and_nobody_must() -> None:
    assert "已报0家，占0%；缺报1家，占100%" in all_of(said(["戊局"]))
    assert "审核通过" not in all_of(said(["戊局"]))
    nobody = all_of(said([], reply_to=""))
    assert "本次应报单位0家，报送截止日期为2026年1月31日。已报0家；缺报0家。" in nobody
    assert "审核通过" not in nobody and nobody.endswith("有关要求 请先确定应报单位名单。")


def test_what_the_office_does_not_say_is_left_out() -> None:
    text = said(deadline=None, phone="", reply_to="")
    assert "截止日期为" not in all_of(text)
    assert "邮箱" not in all_of(text)
    assert text.contact == ""


@pytest.mark.parametrize(("handed", "due", "share"), [(999, 1000, "99.9"), (9999, 10_000, "99.9"), (1, 10_000, "0.1"), (1, 3, "33.3"), (2, 3, "66.7")])  # fmt: skip
def test_nearly_all_is_not_all(handed: int, due: int, share: str) -> None:
    units = standings(["甲局"] * handed + ["戊局"] * (due - handed))
    text = all_of(notice_text(CAMPAIGN, TERMS, form(), notice_tally(units), OVER))
    assert f"已报{handed}家，占{share}%" in text


def test_of_many_units_the_table_names_the_rest() -> None:
    text = all_of(said(["戊局"] * 75))
    assert "缺报的单位有75家：" in text
    assert text.count("戊局") == 30
    assert "等75家（详见附件）" in text


def test_a_line_of_the_table_for_each_unit() -> None:
    lines = [table_line(number, one) for number, one in enumerate(standings(), start=1)]
    assert all(len(line) == len(TABLE_HEADS) for line in lines)
    assert lines[1] == ("2", "乙局", "待核实", "2月2日 01:00", "3", "0", "1", "逾期报送；1条说明待答复")
    assert lines[4] == ("5", "戊局", "缺报", "—", "—", "—", "—", "已催报2次")
    assert lines[5][-1] == "不要求单独报送"


def test_strangers_texts_steer_nothing() -> None:
    odd = FACTS["戊局"]._replace(
        unit=FACTS["戊局"].unit._replace(unit=FACTS["戊局"].unit.unit._replace(name="戊\x07\u202e局"))
    )
    units = [standing_of(odd, [TERMS], OVER)]
    text = all_of(notice_text(CAMPAIGN, TERMS, form(), notice_tally(units), OVER))
    assert re.search("[\x07\u202e]", text + "".join(table_line(1, units[0]))) is None
