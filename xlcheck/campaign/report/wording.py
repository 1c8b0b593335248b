"""What a notice says: its title, its paragraphs and the lines of its table, in the words of an official letter."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitStanding
from xlcheck.campaign.ledger.values import Campaign, CampaignTerms
from xlcheck.campaign.report.tally import NoticeTally
from xlcheck.model.form import Form
from xlcheck.model.text import clean
from xlcheck.model.times import CHINA
from xlcheck.model.tuples import NamedTuple

_NAMED = 30
"""So many units are named in a sentence; of more, how many there are: the table names all."""
TABLE_HEADS = ("序号", "单位名称", "报送情况", "最近报送时间", "报送次数", "强制性问题", "待说明问题", "备注")


class NoticePart(NamedTuple):
    """A part of a notice."""

    head: str
    """``一、总体情况``."""
    paragraphs: tuple[tuple[str, str], ...]
    """Each with what stands out at its beginning: ``（一）缺报。``, or empty."""


class NoticeText(NamedTuple):
    """All words of a notice but its table."""

    title: str
    to: str
    opening: str
    sections: tuple[NoticePart, ...]
    signed: str
    """The office."""
    date: str
    contact: str
    """Whom to ask; or empty."""


def notice_text(campaign: Campaign, terms: CampaignTerms, form: Form, tally: NoticeTally, now: int) -> NoticeText:
    """The words of a notice on how a campaign stands at a moment."""
    moment = datetime.datetime.fromtimestamp(now, CHINA)
    sections = [NoticePart("一、总体情况", tuple(("", text) for text in _overall(terms, tally)))]
    if troubles := list(_troubles(tally)):
        sections.append(
            NoticePart(
                "二、存在的问题", tuple((f"（{_NUMBERS[n]}）{head}", text) for n, (head, text) in enumerate(troubles))
            )
        )
    sections.append(
        NoticePart(f"{_NUMBERS[len(sections)]}、有关要求", tuple(("", text) for text in _wanted(terms, tally)))
    )
    return NoticeText(
        f"关于{campaign.year}年{clean(campaign.name)}报送情况的通报",
        "各有关单位：",
        f"按照{form.source.document}要求，组织各单位报送《{form.title}》，对报送的数据逐一审核。"
        f"现将截至{_day(moment.date())}{moment.hour}时{f'{moment.minute}分' if moment.minute else ''}的有关情况通报如下：",
        tuple(sections),
        clean(terms.office),
        _day(moment.date()),
        _contact(terms),
    )


_NUMBERS = "一二三四五六七八九"


def _overall(terms: CampaignTerms, tally: NoticeTally) -> Iterator[str]:
    until = f"，报送截止日期为{_day(terms.deadline)}" if terms.deadline else ""
    split = f"，其中按期报送{tally.on_time}家、逾期报送{len(tally.late)}家" if tally.late else ""
    missing = _missing_word(tally)
    yield (
        f"本次应报单位{tally.due}家{until}。已报{tally.handed}家{_share(tally.handed, tally.due)}{split}；"
        f"{missing}{len(tally.missing)}家{_share(len(tally.missing), tally.due)}。"
    )
    if tally.handed:
        yield (
            f"已报单位中，审核通过{len(tally.of('passed'))}家，退改{len(tally.of('returned'))}家，"
            f"待核实{len(tally.of('review'))}家，文件打不开{len(tally.of('unreadable'))}家。"
            f"各单位累计报送{tally.arrivals}次" + (f"，累计催报{tally.reminders}次" if tally.reminders else "") + "。"
        )
    if tally.besides:
        yield f"另有{len(tally.besides)}家不要求单独报送的单位也报送了数据：{_names(tally.besides)}。"


def _missing_word(tally: NoticeTally) -> str:
    """缺报 is said once the deadline is over; before, nobody is late."""
    return "尚未报送" if tally.of("missing") else "缺报"


def _troubles(tally: NoticeTally) -> Iterator[tuple[str, str]]:
    if tally.missing:
        word = _missing_word(tally)
        yield f"{word}。", f"截至目前，{word}的单位有{len(tally.missing)}家：{_names(tally.missing)}。"
    if tally.late:
        yield "逾期报送。", f"在截止日期之后才报送的单位有{len(tally.late)}家：{_names(tally.late)}。"
    for state, head, says in (
        ("returned", "数据有误，退回修改。", "报送的数据有必须改正的问题、已退回修改的单位有"),
        ("review", "数据待核实。", "有的数据需要核实并作出说明的单位有"),
        ("unreadable", "文件打不开。", "报送的文件打不开、需要重新报送的单位有"),
    ):
        if units := tally.states.get(state):  # type: ignore[call-overload]
            yield head, f"{says}{len(units)}家：{_names(units)}。"


def _wanted(terms: CampaignTerms, tally: NoticeTally) -> Iterator[str]:
    if tally.is_done:
        yield "各单位均已报送，数据全部审核通过。请按规定发布年度报告，公布的数据应与审核通过的数据一致。"
        return
    if not tally.due:
        yield "请先确定应报单位名单。"
    if tally.missing:
        by = f"在{_day(terms.deadline)}前" if terms.deadline and tally.of("missing") else "立即"
        yield f"请{_missing_word(tally)}的单位{by}按照下发的填报模板填写并报送。"
    if tally.of("returned"):
        yield "请退改的单位对照审核意见，核对原始登记后改正并重新报送，不得只改总计、凑平数据。"
    if tally.of("review"):
        yield "请数据待核实的单位逐条核对，有误的改正，无误的在封面“情况说明”中写明原因后重新报送。"
    if tally.of("unreadable"):
        yield "请文件打不开的单位用下发的填报模板重新填写，确认能够打开后再报送。"
    if terms.reply_to:
        yield f"报送邮箱：{clean(terms.reply_to)}。"


def _contact(terms: CampaignTerms) -> str:
    return f"（联系电话：{clean(terms.phone)}）" if terms.phone else ""


def _share(part: int, whole: int) -> str:
    """``，占87.5%``; nothing where there is no whole, and never 100 or 0 % of what is not all or nothing."""
    if not whole:
        return ""
    tenths = (1000 * part * 2 + whole) // (2 * whole)
    tenths = min(max(tenths, 1), 999) if 0 < part < whole else tenths
    return f"，占{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''}%"


def _names(units: Sequence[str]) -> str:
    more = f"等{len(units)}家（详见附件）" if len(units) > _NAMED else ""
    return "、".join(map(clean, units[:_NAMED])) + more


def _day(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def table_line(number: int, one: UnitStanding) -> tuple[str, ...]:
    """One unit's line of the table, below :data:`TABLE_HEADS`."""
    at = datetime.datetime.fromtimestamp(one.at, CHINA)
    handed = bool(one.number)
    remarks = [
        *(["逾期报送"] if handed and one.is_late else []),
        *(["不要求单独报送"] if not one.unit.hands_in else []),
        *([f"{one.unanswered}条说明待答复"] if one.unanswered else []),
        *([f"已催报{one.reminded}次"] if one.reminded and not handed else []),
    ]
    return (
        str(number),
        clean(one.unit.unit.name),
        "缺报" if one.state == "overdue" else STATE_WORDS[one.state],
        f"{at.month}月{at.day}日 {at.hour:02d}:{at.minute:02d}" if handed else "—",
        str(one.number) if handed else "—",
        str(one.errors) if handed else "—",
        str(one.unexplained) if handed else "—",
        "；".join(remarks),
    )
