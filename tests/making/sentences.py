"""Texts of reports put together from what tables hold: every sentence states facts, or speaks of other things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.making.filling import COVER, form
from xlcheck.model.numbers import Number

YEAR = int(COVER["year"])

STATING = (
    "全年共收到政府信息公开申请«received»，均已按时答复",
    "本年度新收政府信息公开申请«received»，上年结转«carried_in»，办结«handled»，结转下年度继续办理«carried_out»",
    "我局受理依申请公开事项«received»（其中自然人«received.person»、法人或其他组织«received.organisations»）",
    "收到信息公开申请«received»，自然人、法人或其他组织分别提出«received.person»、«received.organisations»",
    f"{YEAR}年办理政府信息公开申请«handled»（含{YEAR - 1}年结转的«carried_in»），«carried_out»结转至{YEAR + 1}年继续办理",
    (
        "办结政府信息公开申请«handled»，其中予以公开«granted»、部分公开«partly_granted»、不予公开«refused»、无法提供«unavailable»、"
        "不予处理«declined»、其他处理«other_results»"
    ),
    "答复政府信息公开申请«handled»。其中，予以公开«granted»，占«granted%handled»；不予公开«refused»，占«refused%handled»",
    "办结的«handled»信息公开申请中，«granted»予以公开，«unavailable_not_held»本机关不掌握相关政府信息，«declined_repeat»重复申请不予处理",
    "答复信息公开申请«handled»，予以公开、部分公开、不予公开分别为«granted»、«partly_granted»、«refused»",
    (
        "因政府信息公开引发行政复议«review.total»，其中结果维持«review.upheld»、结果纠正«review.corrected»、其他结果«review.other»、"
        "尚未审结«review.pending»"
    ),
    "政府信息公开行政诉讼«suits»（未经复议直接起诉«suit_direct.total»，复议后起诉«suit_after_review.total»）",
    "政府信息公开行政复议、行政诉讼分别为«review.total»、«suits»",
    "制发行政规范性文件«normative_documents.issued»，废止«normative_documents.repealed»，现行有效«normative_documents.in_force»",
    "制定规章«regulations.issued»，现行有效规章«regulations.in_force»",
    "作出行政许可决定«licensing»、行政处罚决定«penalties»、行政强制决定«coercion»",
)
"""Sentences with facts in the place of their numbers."""

ASIDE = (
    "全年主动公开政府信息{}条，其中通过门户网站公开{}条",
    "受理12345热线工单{}件，办结{}件",
    "办理人大代表建议{}件、政协提案{}件",
    f"{YEAR - 1}年收到政府信息公开申请{{}}件，办结{{}}件",
    "上半年受理依申请公开{}件",
    "政府信息公开申请较上年增加{}件，同比增长{}%",
    "其中网上申请{}件、当面申请{}件、信函申请{}件",
    "全市共收到政府信息公开申请{}件。我局高度重视",
    "收取信息处理费{}元",
    "发布政策解读{}篇，召开新闻发布会{}场",
    "受理行政复议申请{}件，审结{}件",
    "去年，我局共收到政府信息公开申请{}件，办结{}件",
    "近三年共收到政府信息公开申请{}件",
    "全年制发公文{}件，其中主动公开类{}件，依申请公开类{}件，不公开类{}件",
    "全年新收行政复议案件{}件，审结{}件，结转下年度{}件",
    "我局作为被告的行政诉讼案件{}件，其中维持{}件，撤诉{}件",
    "受理行政复议案件{}件，其中涉及政府信息公开的{}件",
    "其中涉及征地拆迁的申请{}件，涉及水费的{}件",
    "答复网民留言{}条，予以公开{}条，不予公开{}条",
    "收到档案查询申请{}件，予以提供{}件，无法提供{}件",
    "主动公开规范性文件{}件、行政许可决定{}件、行政处罚决定{}件",
    "清理规范性文件{}件，继续有效{}件，废止{}件",
    "以市政府名义答复政府信息公开申请{}件",
    "各镇（街道）共收到政府信息公开申请{}件，办结{}件。我局加强指导",
    "未收到意见建议",
    "加强组织领导，压实工作责任",
)
"""Sentences without a number that the tables hold."""

_FACT = re.compile(r"«([^»%]+)(?:%(\w+))?»")
_SUITS = {"suits": ("suit_direct.total", "suit_after_review.total")}
_CHINESE = "零一二三四五六七八九"


def table_of(random: Random, most: int) -> dict[str, Number]:
    """Values of all fields that balance, none above `most` but for totals."""
    values: dict[str, Number] = {field.key: random.randint(0, most) for field in form().fields}
    sums = {
        code: [
            (relation.left[0].fields[0].key, [one.key for term in relation.right for one in term.fields])
            for relation in form().relations
            if relation.code == code
        ]
        for code in ("B102", "B103", "B104")
    }
    for total, parts in sums["B102"]:
        values[total] = sum(values[key] for key in parts)
        received, carried_in, carried_out = (
            total.replace("handled", row) for row in ("received", "carried_in", "carried_out")
        )
        values[carried_in] = min(values[carried_in], values[total])
        values[received] = values[total] + values[carried_out] - values[carried_in]
    for total, parts in sums["B103"] + sums["B104"]:
        values[total] = sum(values[key] for key in parts)
    return values


def held(values: Mapping[str, Number], fact: str) -> int:
    """What the tables hold of a fact."""
    return int(sum(values[key] for key in keys_of(fact)))


def facts_of(sentence: str) -> list[str]:
    """The facts of which it states the number."""
    return [fact for fact, whole in _FACT.findall(sentence) if not whole]


def keys_of(fact: str) -> set[str]:
    """The fields that hold a fact."""
    return {key for one in _SUITS.get(fact, (fact,)) for key in form().facts[one]}


def spelt(number: int, random: Random) -> str:
    """A count as one office or another prints it."""
    ways = [
        str(number),
        f"{number:,}",
        str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f" {number} ",
    ]
    if 0 < number < 10:
        ways.append(_CHINESE[number])
    return random.choice(ways) + random.choice("件件件起宗")


def written(sentence: str, values: Mapping[str, Number], random: Random, wrong: tuple[str, int] | None = None) -> str:
    """A sentence with what the tables hold, or with one other number in the place of a fact."""

    def put(place: re.Match[str]) -> str:
        fact, whole = place.groups()
        number = wrong[1] if wrong and wrong[0] == fact and not whole else held(values, fact)
        if not whole:
            return spelt(number, random)
        of = held(values, whole)
        share = Decimal(100 * number) / of if of else Decimal(0)
        return f"{share.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"

    return _FACT.sub(put, sentence)


def aside(random: Random) -> str:
    """A sentence that speaks of other things."""
    sentence = random.choice(ASIDE)
    return sentence.format(*(random.randint(0, 999) for _ in range(sentence.count("{}"))))
