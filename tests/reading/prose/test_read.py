"""Sentences of reports, written for these tests: what each states, and what states nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reading.prose.test_spelling import spellings
from xlcheck.forms.facts import FACTS
from xlcheck.forms.vocabulary import vocabulary
from xlcheck.reading.prose.flow import LONGEST_PARAGRAPH
from xlcheck.reading.prose.read import MOST_PROSE, read_statements
from xlcheck.reading.prose.statement import Meant

UNIT, YEAR = "某某市水利局", 2024


def stated(*paragraphs: str) -> list[tuple[str, str]]:
    """The facts and numbers of a text of the unit and year of these tests."""
    return [(one.fact, str(one.number)) for one in read_statements(paragraphs, UNIT, YEAR)]


STATES = [
    # received
    ("2024年，我局共收到政府信息公开申请15件。", "received 15"),
    ("本年度新收政府信息公开申请八件", "received 8"),
    ("市水利局全年受理依申请公开事项 1,204 宗，均已按时答复。", "received 1204"),
    ("共接到12份公开政府信息的申请", "received 12"),
    ("全年通过网站、信函、当面提交等多种渠道共收到信息公开申请7件", "received 7"),
    ("截至2024年12月31日，累计收到公民、法人和其他组织的政府信息公开申请两件", "received 2"),
    ("2024年度依申请公开0件", "received 0"),
    ("我局办理依申请公开信息1条，为申请人提供便利", "handled 1"),
    ("全局共收到政府信息依申请公开1件次", "received 1"),
    ("本机关未收到任何政府信息公开申请", "received 0"),
    ("全年没有接到依申请公开的申请", "received 0"),
    ("收到并办结政府信息公开申请3件", "received 3, handled 3"),
    ("截至2024年12月，本行政机关收到信息公开申请5件", "received 5"),
    ("2024全年，我局未收到和处理任何单位或群众的信息公开申请", "received 0"),
    ("全年共收到信息公开申请3项全部予以公开", "received 3, granted 3"),
    ("按照《某某市依申请公开2件事办法》，收到依申请信息6条", "received 6"),
    ("刊发基层信息933件，收到处理依申请公开件4件", "received 4, handled 4"),
    ("通过各类公开途径收到和处理各类政府信息公开申请一条", "received 1, handled 1"),
    ("主动公开信息16条，收到依申请公开请求2件，按时办结2件，编发公报3期", "received 2, handled 2"),
    ("全年依申请公开受理和办结6件", "received 6, handled 6"),
    ("2023年收到信息公开申请12件，2024年收到15件，增长25%", "received 15"),
    ("上半年受理信息公开申请9件，下半年受理11件，全年共受理20件", "received 20"),
    # carried in and out, answered
    ("新收信息公开申请48件，加上2023年结转2件，共50件", "received 48, carried_in 2"),
    ("收到信息公开申请4件，其中3件已按照相关要求进行书面答复，1件结转2025年度继续办理", "received 4, handled 3, carried_out 1"),
    ("办理政府信息公开案件43件（含2023年结转1件）", "handled 43, carried_in 1"),
    ("办理信息公开申请36件，其中直接答复28件、转由他人答复8件", "handled 36"),
    ("我局没有2023年结转的信息公开申请事项，没有结转到2025年的信息公开申请事项", "carried_in 0, carried_out 0"),
    ("收到申请公开政府信息事项9件，上年结转1件，已办结8件，结转下年度继续办理2件", "received 9, carried_in 1, handled 8, carried_out 2"),
    ("办理政府信息公开申请20件（含2023年结转的3件），1件结转至2025年继续办理", "handled 20, carried_in 3, carried_out 1"),
    ("受理政府信息公开申请6件，无结转下年度办理的申请", "received 6, carried_out 0"),
    ("6件政府信息公开申请均已在法定期限内答复", "handled 6"),
    # applicants
    ("收到政府信息公开申请12件，其中自然人申请10件，法人或其他组织申请2件", "received 12, received.person 10, received.organisations 2"),
    ("共收到信息公开申请4件，均为自然人提出", "received 4, received.person 4"),
    ("共收到信息公开申请4件（3件为自然人申请，1件为商业企业申请）", "received 4, received.person 3, received.business 1"),
    (
        "办理信息公开申请7件，其中自然人6件，法人及其他组织1件，予以公开或部分公开3件",
        "handled 7, handled.person 6, handled.organisations 1, granted 3",
    ),
    # results and shares
    ("答复信息公开申请9件，因本机关不掌握等原因无法提供5件，占55.6%", "handled 9, unavailable 5, share 55.6"),
    ("收到信息公开申请9件，其中网上申请6件，占66.7%；公民个人申请8件，占88.9%", "received 9, received.person 8, share 88.9"),
    ("收到信息公开申请3件，已办理的3件均属于本机关不掌握相关政府信息", "received 3, unavailable_not_held 3"),
    (
        "办结政府信息公开申请20件，其中予以公开8件，占40%；部分公开4件、不予公开3件、无法提供2件、不予处理2件、其他处理1件",
        "handled 20, granted 8, share 40, partly_granted 4, refused 3, unavailable 2, declined 2, other_results 1",
    ),
    ("答复信息公开申请9件，予以公开和部分公开6件，占办结申请总数的66.7%", "handled 9, granted 6, share 66.7"),
    ("共答复政府信息公开申请9件，予以公开和部分公开6件，占比66.7%", "handled 9, granted 6, share 66.7"),
    ("收到依申请公开申请3件，其中，两件予以公开，一件不予公开", "received 3, granted 2, refused 1"),
    ("收到依申请公开申请3件，均予以公开", "received 3, granted 3"),
    ("收到依申请公开申请3件，公开2件，重复申请1件", "received 3, granted 2, declined_repeat 1"),
    ("收到信息公开申请9件，其中涉及水费的5件。收到信息公开申请中，予以公开3件", "received 9, granted 3"),
    ("收到信息公开申请4件，其中1件由于重复申请不予处理", "received 4, declined_repeat 1"),
    # reviews and suits
    ("因政府信息公开引发行政复议2件，其中结果维持1件、结果纠正1件", "review.total 2, review.upheld 1, review.corrected 1"),
    (
        "因政府信息公开被提起行政诉讼3起（未经复议直接起诉2起，复议后起诉1起），尚未审结1起",
        "suits.total 3, suit_direct.total 2, suit_after_review.total 1, suits.pending 1",
    ),
    ("因政府信息公开申请行政复议3件，尚未审结行政复议1件", "review.total 3, review.pending 1"),
    ("政府信息公开行政诉讼2件，均维持", "suits.total 2, suits.upheld 2"),
    ("全年未发生因政府信息公开引起的行政复议、行政诉讼案件", "review.total 0, suits.total 0"),
    ("没有因信息公开工作产生举报、投诉和行政诉讼的情况", "suits.total 0"),
    ("政府信息公开行政复议、行政诉讼各1件", "review.total 1, suits.total 1"),
    ("政府信息公开行政复议和行政诉讼均为0件", "review.total 0, suits.total 0"),
    ("因政府信息公开引起的行政复议、行政诉讼共3件", "disputes 3"),
    ("收到信息公开申请4件，无提起行政复议诉讼情况", "received 4, review.total 0, suits.total 0"),
    # documents, decisions and fees
    (
        "制发行政规范性文件2件，废止1件，现行有效十二件",
        "normative_documents.issued 2, normative_documents.repealed 1, normative_documents.in_force 12",
    ),
    ("未制发规章、行政规范性文件", "regulations.issued 0, normative_documents.issued 0"),
    (
        "制定并主动公开行政规范性文件41件，清理废止文件5件，现行有效文件181件",
        "normative_documents.issued 41, normative_documents.repealed 5, normative_documents.in_force 181",
    ),
    ("未出台规范性文件和重要政策措施", "normative_documents.issued 0"),
    ("未制定、废止行政规范性文件", "normative_documents.issued 0, normative_documents.repealed 0"),
    ("制定规章1件，未制发行政规范性文件", "regulations.issued 1, normative_documents.issued 0"),
    ("作出行政许可决定35件，收取行政事业性收费12.5万元", "licensing 35, fees 12.5"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), STATES, ids=[sentence[:24] for sentence, _ in STATES])
def test_what_a_sentence_states(sentence: str, expected: str) -> None:
    assert stated(sentence) == [tuple(one.split()) for one in expected.split(", ")]


STATES_NOTHING = [
    # made public, channels, other business
    "全年主动公开政府信息1204条，其中通过网站公开信息880条，微信公众号发布324条。",
    "主动公开规章3件、行政规范性文件12件",
    "公开行政许可信息35条、行政处罚信息12条",
    "主动公开行政许可决定119件，行政处罚决定0件",
    "主动公开政府规章13件（含新制定5件，修改4件，废止4件）",
    "2024年制作信息284条：其中，作为依申请公开文件50条，不予公开文件97条",
    "制作信息30条，其中依申请公开信息数6条，占比20%；不予公开信息数0条，占比0%",
    "公文公开属性：主动公开40件，依申请公开15件，不予公开22件",
    "依申请公开类文件15件，主动公开类文件40件，不公开类22件",
    "全年答复网民留言345条，予以公开210条，不予公开135条",
    "收到征求意见反馈12条，采纳8条",
    "收到学籍信息查询申请12件，予以提供10件，无法提供2件",
    "清理规范性文件120件，继续有效80件，废止30件，修改10件",
    "“十四五”以来制定规范性文件30件，废止12件",
    "其中当面申请3件、网上申请5件、来信申请2件",
    "全年共收到12345热线工单230件，办结230件",
    "办理人大代表建议5件、政协委员提案8件，均已答复",
    "受理行政许可申请97件，办结95件",
    "收到群众留言92条，答复92条",
    "全年信访部门受理投诉47起，全部办结",
    "举办政务公开培训2次，召开会议3次",
    # other times, comparisons, not exact
    "2023年，我局共收到政府信息公开申请18件，办结18件",
    "信息管理情况 2023年，制定规范性文件2件，废止规范性文件1件",
    "2023年收到政府信息公开申请18件",
    "2023年，全年共收到政府信息公开申请18件",
    "2022年至2024年，累计收到政府信息公开申请96件",
    "2023年我局通过信函等形式接受社会各界的申请，共受理政府信息公开申请5件",
    "近年来，我局共收到政府信息公开申请45件",
    "去年，我局共收到政府信息公开申请12件，办结12件",
    "自2008年5月1日以来，共收到政府信息公开申请503件",
    "2019年条例修订以来，我局受理信息公开申请45件",
    "2022年、2023年分别收到政府信息公开申请12件、15件",
    "政府信息公开申请数量连续三年下降，分别为30件、25件、20件",
    "上半年收到政府信息公开申请7件",
    "第三季度受理依申请公开事项4件",
    "政府信息公开申请较上年增加5件，同比增长33.3%",
    "收到政府信息公开申请约12件",
    "收到政府信息公开申请十余件",
    "自2008年以来累计收到政府信息公开申请320件",
    "收到政府信息公开申请1 2件",
    "收到政府信息公开申请12，345件",
    # other units
    "全市共收到政府信息公开申请95件，其中市教育局12件",
    "各区县共受理依申请公开申请66件",
    "市教育局收到政府信息公开申请12件",
    "代表市政府办理政府信息公开申请17件",
    "以某某市政府名义答复政府信息公开申请17件",
    "全区共受理申请公开800件，结转下年度办理39件，区政府本级共受理206件，结转下年度办理6件",
    "全省行政许可、行政处罚、行政强制决定数量分别为27万宗、31万宗和2万宗",
    "指导各单位办理政府信息公开申请30件",
    # parts that the form does not count
    "另收到政府信息公开申请2件",
    "其中涉及征地拆迁的申请8件",
    "收到要求公开征地批文的信息公开申请3件",
    "其中延期答复2件",
    "不属于本机关公开范围的3件，告知其他途径2件",
    "收取信息处理费0元",
    # reviews of others
    "全年办理行政复议案件120件，维持80件，行政诉讼15件",
    "受理行政复议申请30件，办结28件",
    "全年新收行政复议案件85件，审结80件，结转下年度5件",
    "审结行政复议案件40件，维持22件，撤销3件，驳回10件",
    "信息公开行政诉讼败诉0件",
    "受理行政复议案件12件，其中涉及政府信息公开的2件；行政应诉案件5件，未涉及政府信息公开",
    "行政应诉案件5件，均未涉及政府信息公开",
    "未发生信息公开行政诉讼败诉的情况",
    # words only
    "按照政府信息公开申请办理流程，规范答复文书",
    "第二十条第一项规定",
]


@pytest.mark.parametrize("sentence", STATES_NOTHING)
def test_what_is_never_taken_for_a_number_of_the_tables(sentence: str) -> None:
    assert stated(sentence) == []


@pytest.mark.parametrize(
    "heading",
    ["（一）主动公开情况", "（二）依申请公开情况", "四、政府信息公开行政复议、行政诉讼情况"],
)
def test_no_heading_makes_it_a_number_of_the_tables(heading: str) -> None:
    assert [(sentence, said) for sentence in STATES_NOTHING if (said := stated(heading, sentence))] == []


def test_results_of_a_part_are_not_read() -> None:
    assert stated("收到信息公开申请20件，其中自然人申请12件，其中予以公开5件") == [
        ("received", "20"),
        ("received.person", "12"),
    ]
    assert stated("收到信息公开申请20件，其中涉及征地的9件，予以公开5件") == [("received", "20")]
    assert stated("2023年结转的信息公开申请3件中，予以公开2件") == [("carried_in", "3")]
    assert stated("办结的信息公开申请3件中，予以公开2件") == [("handled", "3"), ("granted", "2")]


def test_what_was_answered_beside_what_cannot_be_read_is_not_all() -> None:
    assert stated("受理信息公开申请12件，答复7件，不予受理4件") == [("received", "12")]
    assert stated("受理信息公开申请6件，其中5件及时答复申请人，另有1件无法送达") == [("received", "6")]


def test_what_an_office_may_count_elsewhere_is_not_read() -> None:
    for listed in ("无法提供1件，信息不存在1件", "信息不存在1件，无法提供1件"):
        assert stated(f"收到信息公开申请5件，予以公开3件，{listed}") == [("received", "5"), ("granted", "3")]
    assert stated("信息公开行政诉讼5件，其中胜诉2件，其他结果2件，尚未审结1件") == [
        ("suits.total", "5"),
        ("suits.pending", "1"),
    ]


def test_a_part_is_never_added_to_its_group() -> None:
    (one,) = read_statements(["信息公开申请中，2件重复申请不予处理"], UNIT, YEAR)
    assert one.meant == (Meant(("declined_repeat",)), Meant(("declined",)))
    assert stated("办结信息公开申请5件，重复申请、不予处理3件") == [("handled", "5")]


def test_the_numbers_of_others_taint_what_follows_until_the_unit_is_named() -> None:
    assert stated("全市共收到信息公开申请95件，办结90件。予以公开30件。我局收到信息公开申请8件，办结8件。") == [
        ("received", "8"),
        ("handled", "8"),
    ]


def test_others_that_are_named_without_a_number_taint_their_sentence_only() -> None:
    assert stated("收到信息公开申请1件，依据部门职责，按时办结。因信息公开被申请行政复议数量0件。") == [
        ("received", "1"),
        ("review.total", "0"),
    ]
    assert stated("（二）依申请公开情况", "全市共收到申请95件。", "予以公开30件，不予公开5件。") == []
    assert stated("全市共收到信息公开申请95件。", "（三）被申请行政复议", "因信息公开被申请行政复议2件。") == [
        ("review.total", "2")
    ]
    assert stated("指导各部门办理申请，收到信息公开申请95件。因信息公开被申请行政复议2件。") == []


def test_a_heading_says_what_the_talk_is_of() -> None:
    assert stated("（二）依申请公开情况", "全年共收到申请5件。") == [("received", "5")]
    assert stated("（二）许可办理情况", "全年共收到申请5件。") == []
    assert stated("四、政府信息公开行政复议、行政诉讼情况", "行政复议1件，结果纠正。") == [
        ("review.total", "1"),
        ("review.corrected", "1"),
    ]


def test_a_heading_needs_no_request_to_be_named_again() -> None:
    assert stated("（二）依申请公开", "本年度未收到该项申请。") == [("received", "0")]
    assert stated("（二）依申请公开", "全年共收到申请12件（其中2件由县局转来）。被申请行政复议1件。") == [
        ("received", "12"),
        ("review.total", "1"),
    ]


def test_without_a_year_no_year_is_this_year() -> None:
    assert read_statements(["2024年收到政府信息公开申请3件"], UNIT) == ()
    assert len(read_statements(["全年收到政府信息公开申请3件"], UNIT)) == 1


def test_received_may_contain_what_was_carried_in() -> None:
    wide, narrow = (
        read_statements([f"本年{verb}政府信息公开申请3件"], UNIT, YEAR)[0].meant for verb in ("收到", "新收")
    )
    assert wide == (Meant(("received",)), Meant(("received", "carried_in")))
    assert narrow == (Meant(("received",)),)


def test_a_statement_says_where_it_stands() -> None:
    (one,) = read_statements(["", "甲。 全年收到政府信息公开申请 3 件，均已答复。"], UNIT, YEAR)
    assert (one.paragraph, one.sentence) == (1, "全年收到政府信息公开申请 3 件，均已答复")
    assert one.clause == "全年收到政府信息公开申请3件"


@given(st.integers(0, 9_999), st.sampled_from("件条起宗份例个项"))
def test_every_spelling_of_a_number_reads_the_same(number: int, unit: str) -> None:
    for spelt in spellings(number):
        (one,) = read_statements([f"共收到政府信息公开申请{spelt}{unit}"], UNIT, YEAR)
        assert (one.number, one.unit) == (Decimal(number), unit)


ASIDE = ["", "加强组织领导。", "全年主动公开信息300条。", "上半年举办培训2次；", "第 3 页", "办理提案8件，办结8件。"]


@given(st.sampled_from(STATES), st.sampled_from(ASIDE), st.sampled_from(ASIDE))
def test_sentences_beside_it_change_nothing(one: tuple[str, str], before: str, behind: str) -> None:
    sentence, expected = one
    assert stated(before, sentence, behind) == [tuple(each.split()) for each in expected.split(", ")]


COUNTS = {"12件": Decimal(12), "三件": Decimal(3), "5%": Decimal(5)}
WORDS = sorted(
    {*vocabulary().kinds, *COUNTS, *"，。；：（）、", "2023年", "2024年", "结转至2025年", "我局", "办事处", "委员会"}
)


@given(
    st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["", UNIT, "某某街道办事处", "某某大学", "办公室"])
)
def test_words_in_any_order_are_no_trouble_and_no_number_comes_from_nowhere(words: list[str], unit: str) -> None:
    printed = {Decimal(0), *(number for word, number in COUNTS.items() if word in words)}
    assert {one.number for one in read_statements(["".join(words)], unit, YEAR)} <= printed


LETTERS = "收到受理申请结转件条，。、（）0123456789 其中万元%年月行政复议诉讼规范性文件我局市未均占"


@given(st.text(LETTERS, max_size=80))
def test_whatever_is_read_is_a_fact_with_its_number_in_the_sentence(text: str) -> None:
    for one in read_statements([text], UNIT, YEAR):
        facts = {fact for meant in one.meant for fact in (*meant.plus, *meant.minus, *meant.of)}
        assert facts <= FACTS
        assert one.sentence in text
        assert one.unit == "" or any(char.isdigit() or char in "零一二两三四五六七八九十" for char in one.clause)


@given(st.text(max_size=60))
def test_a_text_without_words_of_reports_states_nothing(text: str) -> None:
    assert read_statements([text], UNIT, YEAR) == ()


def test_only_so_much_is_read() -> None:
    said = "收到政府信息公开申请3件。"
    assert read_statements([said * (LONGEST_PARAGRAPH // len(said) + 1)], UNIT, YEAR) == ()
    long = "甲" * (LONGEST_PARAGRAPH - 1) + "。"
    paragraphs = [long] * (MOST_PROSE // LONGEST_PARAGRAPH - 1)
    assert len(read_statements([*paragraphs, said], UNIT, YEAR)) == 1
    assert read_statements([*paragraphs, long, said], UNIT, YEAR) == ()


@pytest.mark.parametrize(
    "piece", ["收到", "1", "（", "一", "申请公开", "未收到", "其中、", "1,", "因复议", "公开申请的", "占"]
)
def test_repetition_is_read_in_time(piece: str) -> None:
    text = (piece * 400)[:990]
    assert read_statements([text] * 10, UNIT, YEAR) == ()


def test_shares_have_their_parts() -> None:
    share = read_statements(["办结信息公开申请3件，予以公开1件，占33.33%"], UNIT, YEAR)[-1]
    assert (share.number, share.digits, share.unit) == (Decimal("33.33"), 2, "%")
    assert {meant.of for meant in share.meant} == {("received",), ("received", "carried_in"), ("handled",)}
    assert {meant.plus for meant in share.meant} == {("granted",), ("granted", "partly_granted")}
