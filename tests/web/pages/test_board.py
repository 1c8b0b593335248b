"""The board."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.campaigns import handed_in, taken
from tests.making.ledgers import OVER, START
from tests.web.window import PublicServer, public_server
from xlcheck.campaign.acts import change_units
from xlcheck.campaign.ledger.values import CampaignArrival
from xlcheck.roster.units import Unit

THIRD = "&lt;script&gt;alert(1)&lt;/script&gt;局"


def arrived(server: PublicServer) -> CampaignArrival:
    """What one unit handed in."""
    return taken(server.campaign, handed_in("市水利局", 2025, ""), at=START).arrival


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("", ["市教育局", "市水利局", THIRD]),
        ("?state=passed", ["市水利局"]),
        ("?state=missing&words=教", ["市教育局"]),
        ("?words=11510400mb&state=none&order=up&page=-1&parent=", ["市教育局"]),
        ("?page=9", []),
        ("?order=state", ["市教育局", THIRD, "市水利局"]),
    ],
)
def test_units_are_found(server: PublicServer, query: str, units: list[str]) -> None:
    arrived(server)
    text = server.user("张三").get(f"/c/{server.key}{query}").text
    rows = text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert sorted(units, key=rows.find) == units
    assert rows.count("<tr>") == max(1, len(units))
    assert all(unit in rows for unit in units)


def test_units_that_no_letter_reaches_are_told_and_found(server: PublicServer) -> None:
    change_units(
        server.campaign,
        [Unit("市教育局", "", "a@example.org"), Unit("市水利局"), Unit("某某局", "", "b@")],
        "张三",
        START,
    )
    browser, base = server.user("张三"), f"/c/{server.key}"
    rows = browser.get(base).text.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]
    assert ["电子邮箱" in row or "邮箱地址" in row for row in rows] == [False, True, True]
    found = browser.get(f"{base}?unreachable=1&state=missing").text
    assert "没有邮箱<strong>1</strong>" in found
    assert f'href="{base}?state=missing"' in found
    assert "共 1 个单位" in found


def test_who_may_only_look_sees_no_buttons(server: PublicServer) -> None:
    arrival, browser, base = arrived(server), server.user("李四", "查看"), f"/c/{server.key}"
    below = ("arrivals", "explanations", "letters", "outcome", "units", "settings", f"unit/{arrival.unit}")
    for page in ("/", base, f"{base}/arrival/{arrival.id}", *(f"{base}/{name}" for name in below)):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        for button in ("新建", "核对并收下", "退回修改", "记下", "保存</button>", "导入</button>", "归档</button>"):
            assert button not in answer.text, page


def test_another_campaigns_unit_is_not_there(server: PublicServer) -> None:
    browser = server.user("张三")
    for address in (f"/c/{server.key}/unit/99", f"/c/{server.key}/arrival/99", "/c/2024"):
        assert browser.get(address).status_code == 404


def test_late_is_said_of_what_came_and_of_nobody_who_hands_in_nothing(tmp_path: Path) -> None:
    with public_server(tmp_path, clock=lambda: OVER + 60) as server:
        taken(server.campaign, handed_in("市水利局", 2025, ""), at=OVER + 1)
        rows = server.user("张三").get(f"/c/{server.key}").text.partition("<tbody>")[2].split("<tr>")
        assert ["迟报" in row for row in rows if "市水利局" in row] == [True]
        assert [("逾期" in row, "迟报" in row) for row in rows if "市教育局" in row] == [(True, False)]
