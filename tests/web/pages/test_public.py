"""The page of a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.making.campaigns import handed_in, taken
from tests.making.ledgers import DEADLINE, START
from tests.web.window import PublicServer, public_server, sent
from xlcheck.campaign.acts import answer_reply, return_to
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.replies import IN_WORKBOOK
from xlcheck.campaign.ledger.standings import closes
from xlcheck.campaign.ledger.waiting import waiting_replies

UNIT = "市水利局"


def table(unit: str = UNIT, **changes: Any) -> bytes:
    """What a unit hands in."""
    return handed_in(unit, 2025, "", **changes)


def test_what_is_another_units_is_not_there(server: PublicServer) -> None:
    theirs = taken(server.campaign, table("市教育局"), at=START).arrival.id
    browser, link = server.browser(), server.link(UNIT)
    for below in ("", "/receipt", "/original", "/copy"):
        assert browser.get(f"{link}/arrival/{theirs}{below}").status_code == 404
    said = sent(browser, link, f"{link}/arrival/{theirs}/explain", {"about": "P101\t甲", "text": "无误"})
    assert said.startswith("404")


def test_a_table_of_another_unit_is_not_taken_in(server: PublicServer) -> None:
    browser, link = server.browser(), server.link(UNIT)
    for address in ("look", "hand-in"):
        said = sent(browser, link, f"{link}/{address}", {}, table("市教育局"))
        assert f"写的单位是“市教育局”，不是“{UNIT}”，没有收下" in said
        assert "报送这份表" not in said
    assert "还没有报送" in browser.get(link).text


def test_the_same_again_is_told_with_its_receipt(server: PublicServer) -> None:
    browser, link = server.browser(), server.link(UNIT)
    first, again = (sent(browser, link, f"{link}/hand-in", {}, table()) for _ in range(2))
    assert "没有重复登记" not in first
    assert "没有重复登记" in again
    assert "第 1 次" in again


def test_explanations_go_with_the_file_as_far_as_it_has_such_warnings(server: PublicServer) -> None:
    browser, link = server.browser(), server.link(UNIT)
    doubtful = table(disclosure__regulations__issued=5)
    said = sent(browser, link, f"{link}/look", {}, doubtful)
    fields = {**beside(said), "reply-1": "年内并入一件", "about-2": "P106\t依申请公开!E6", "reply-2": "别的"}
    said = sent(browser, link, f"{link}/hand-in", fields, doubtful)
    assert said.startswith("200")
    assert "P106 的说明没有交上去" in said
    number = said.partition("/arrival/")[2].partition("/")[0]
    assert "年内并入一件" in browser.get(f"{link}/arrival/{number}").text


def beside(said: str) -> dict[str, str]:
    """What the page sends of its first warning, besides what is written beside it."""
    return {name: said.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("about-1", "seen-1")}


def test_an_explanation_of_the_numbers_that_were_looked_at_is_none_of_others(server: PublicServer) -> None:
    browser, link = server.browser(), server.link(UNIT)
    said = sent(browser, link, f"{link}/look", {}, table(disclosure__regulations__issued=5))
    other = table(disclosure__regulations__issued=50)
    said = sent(browser, link, f"{link}/hand-in", {**beside(said), "reply-1": "年内并入一件"}, other)
    assert "P101 的说明没有交上去：报送的文件与核对的那个不是同一个" in said
    assert "待核实" in browser.get(link).text


def test_what_the_office_turned_down_is_not_said_again_word_for_word(server: PublicServer) -> None:
    browser, link = server.browser(), server.link(UNIT)
    doubtful = table(notes=(("P101", "没有错"),), disclosure__regulations__issued=5)
    said = sent(browser, link, f"{link}/look", {}, doubtful)
    fields = {**beside(said), "reply-1": "没有错"}
    sent(browser, link, f"{link}/hand-in", fields, doubtful)
    with reading(server.engine) as connection:
        (reply,) = waiting_replies(connection, server.campaign.campaign.id)
    assert reply.by == IN_WORKBOOK
    answer_reply(server.campaign, reply.id, "王科", START, accepted=False, note="请写明原因")
    assert sent(browser, link, f"{link}/hand-in", fields, doubtful).startswith("200")
    where = f"{link}/arrival/{reply.arrival}"
    refused = sent(browser, where, f"{where}/explain", {"about": fields["about-1"], "text": " 没有错"})
    assert "没有采纳，请改写后再交" in refused
    assert "待核实" in browser.get(link).text


def test_behind_the_deadline_only_what_cannot_stay_is_handed_in_again(tmp_path: Path) -> None:
    over = closes(DEADLINE)
    assert over is not None
    with public_server(tmp_path, clock=lambda: over + 60) as server:
        browser, link, other = server.browser(), server.link(UNIT), server.link("市教育局")
        taken(server.campaign, table(requests__received__person=7), at=START)
        assert "必须改正的问题" in browser.get(link).text
        assert sent(browser, link, f"{link}/hand-in", {}, table()).startswith("200")
        assert "报送已经截止" in browser.get(link).text
        refused = sent(browser, other, f"{link}/hand-in", {}, table(filler="又一个"))
        assert refused.startswith("409")
        assert "不能再报" in refused


def test_what_the_office_says_is_there(server: PublicServer) -> None:
    browser, link = server.browser(), server.link(UNIT)
    arrival = taken(server.campaign, table(), at=START).arrival
    return_to(server.campaign, arrival.id, "王科", START, "请<b>盖章</b>")
    text = browser.get(link).text
    assert "请&lt;b&gt;盖章&lt;/b&gt;" in text
    assert "被退回修改" in text
