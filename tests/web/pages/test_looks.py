"""Every page there is, in a browser, as everybody who may see it and in each of its states: anybody can read and use it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.making.campaigns import unit_of
from tests.making.ledgers import OVER
from tests.making.windows import DOUBTFUL, TOWN, Window, unit_book
from tests.web.touring import LONG, MANY_WRONG, MOST, Year, touring
from xlcheck.campaign.ledger.access import links_of, revoke_link
from xlcheck.campaign.ledger.database import writing
from xlcheck.tasks.events import Listener
from xlcheck.web import checks
from xlcheck.web.app import web_routes
from xlcheck.web.progress import Undertaking, Undertakings
from xlcheck.web.refusal import SENTENCES, NotDone
from xlcheck.web.site import Site
from xlcheck.web.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.xdist_group("browser")]

FULL, EMPTY = "/c/2025", "/c/2024"
PAGES = {
    "/": ["/"],
    "/new": ["/new"],
    "/c/{campaign}": [FULL, EMPTY, f"{FULL}?page=2", f"{FULL}?state=returned", f"{FULL}?words=none"],
    "/c/{campaign}/arrivals": [f"{FULL}/arrivals", f"{EMPTY}/arrivals"],
    "/c/{campaign}/explanations": [f"{FULL}/explanations", f"{EMPTY}/explanations"],
    "/c/{campaign}/letters": [
        f"{FULL}/letters?kind=results",
        *(f"{FULL}/letters?kind={kind}&unit={{信访局}}" for kind in ("reminders", "templates")),
        f"{EMPTY}/letters",
    ],
    "/c/{campaign}/accounts": [f"{FULL}/accounts", f"{EMPTY}/accounts"],
    "/c/{campaign}/outcome": [f"{FULL}/outcome", f"{EMPTY}/outcome"],
    "/c/{campaign}/units": [f"{FULL}/units", f"{EMPTY}/units"],
    "/c/{campaign}/settings": [f"{FULL}/settings", f"{EMPTY}/settings"],
    "/c/{campaign}/unit/{unit:int}": [
        f"{FULL}/unit/{{{name}}}" for name in ("科学技术局", "水务局", "商务局", "")
    ],
    "/c/{campaign}/arrival/{arrival:int}": [f"{FULL}/arrival/{number}" for number in (6, 7, 10)],
    "/login": ["/login"],
    "/account": ["/account"],
    "/users": ["/users"],
    "/audit": ["/audit"],
}  # fmt: skip
"""The addresses of every page of the office in all its states, by their routes; the fullest first."""
OF_UNITS = {"/u/{link}", "/u/{link}/arrival/{arrival:int}", "/u/{link}/arrival/{arrival:int}/receipt"}
OF_WORK = {"/progress/{key}", "/open"}
"""Pages that other tests here come to."""
NO_PAGES = {
    "/health", "/progress/{key}/events", "/api/v1/openapi.json",
    "/c/{campaign}/unit/{unit:int}/template", "/u/{link}/template",
    *(f"{of}/arrival/{{arrival:int}}/{what}" for of in ("/c/{campaign}", "/u/{link}") for what in ("original", "copy")),
}  # fmt: skip
"""What answers with something else."""


ENGLISH = {"Excel", "Word", "OpenAPI", "xlcheck", "serve", "imap", "smtp", "example"}
"""Names that clerks know, how the window is opened, and what an address of a mail server looks like."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with touring(tmp_path_factory.mktemp("year")) as made:
        yield made


def routes(site: Site) -> dict[str, Any]:
    """Whom each address is for that shows something."""
    return {one.path: one.may for one in web_routes(site) if one.method == "GET" and one.may != "program"}


def addresses(year: Year, path: str) -> list[str]:
    """Where a page of the office is, in each of its states."""

    def numbered(found: re.Match[str]) -> str:
        return str(unit_of(year.one, TOWN + found[1] if found[1] else LONG).id)

    return [re.sub(r"{(\w*)}", numbered, one) for one in PAGES[path]]


def look(window: Window, *, measured: bool = True) -> None:
    """One heading of the whole page, and Chinese words only, besides what makes every page usable."""
    window.look(measured=measured)
    assert window.page.locator("h1").count() == 1, window.page.url
    text = re.sub(
        r"\S+@\S+|\S+/\S+|\.\w{2,5}\b|\b[0-9a-f]{64}\b|\b[2-9A-Z]{4}-[2-9A-Z]{4}\b",
        " ",
        window.page.locator("body").inner_text(),
    )
    assert set(re.findall(r"[A-Za-z]{4,}", text)) <= ENGLISH, window.page.url


def refused(window: Window, status: int) -> str:
    """Why something was refused, which the page says where it is read next."""
    told = window.page.locator(".told.bad[autofocus]")
    told.wait_for()
    window.refusals.add(status)
    look(window)
    assert told.evaluate("told => told === document.activeElement")
    return told.inner_text()


def test_every_address_is_visited(year: Year) -> None:
    for site in year.sites:
        known = set(routes(site))
        assert known <= {*PAGES, *OF_UNITS, *OF_WORK, *NO_PAGES}, "a new address needs a visit"


@pytest.mark.parametrize("who", ["本机", "张三", "李四"])
def test_the_office(who: str, year: Year, browser: Browser) -> None:
    window = year.window(browser, who)
    lets_in = {"anybody", "viewer"} | ({"clerk"} if who != "李四" else set())
    known = routes(year.sites[0] if who == "本机" else year.sites[1])
    for path in PAGES:
        if known.get(path) in lets_in:
            for number, address in enumerate(addresses(year, path)[: None if who == "张三" else 1]):
                window.go(address)
                look(window, measured=who == "张三" and number == 0)  # all have the same colours
    window.close()


def test_a_unit(year: Year, browser: Browser, tmp_path: Path) -> None:
    window = year.window(browser, "unit")
    page = window.page
    for name in ("科学技术局", "水务局", "统计局", "审计局", "商务局", "信访局"):
        page.goto(year.link(TOWN + name))
        look(window, measured=name == "审计局")
        if name in ("水务局", "商务局"):
            handed_in = page.locator(".way a").first.get_attribute("href")
            for address in (f"{handed_in}", f"{handed_in}/receipt"):
                window.go(address)
                look(window, measured=name == "水务局")
    for file, changes in (("错", MANY_WRONG), ("疑", DOUBTFUL)):
        page.goto(year.link(TOWN + "信访局"))
        _look_at(window, tmp_path / f"{file}.xlsx", unit_book("信访局", changes))
        page.locator("#looked .told").wait_for()
        look(window)
    window.close()


def _look_at(window: Window, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    window.page.set_input_files("#f-file", path)
    window.page.get_by_role("button", name="核对，先不报送").click()


def test_a_unit_behind_the_deadline_and_without_its_link(year: Year, browser: Browser) -> None:
    window, page = (opened := year.window(browser, "unit")), opened.page
    year.clock[0] += OVER - year.clock[0] + 60
    for name, says in (("教育局", "报送已经截止"), ("信访局", "截止日期已过，还没有报送"), ("统计局", "必须改正")):
        page.goto(link := year.link(TOWN + name))
        assert says in page.locator("main").inner_text()
        look(window)
    with writing(year.engine) as connection:
        for one in links_of(connection, unit_of(year.one, TOWN + "统计局").id):
            revoke_link(connection, one.id, year.clock[0])
    page.goto(link)
    assert "被收回" in refused(window, 404)
    window.close()


def test_what_is_refused(year: Year, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = year.window(browser, "nobody")
    nobody.go("/nothing")
    assert refused(nobody, 404) == SENTENCES[404]
    nobody.go("/c/2025")
    assert nobody.page.url == f"{year.public}/login"
    for status in (403, 429):
        nobody.page.fill("[name=name]", "张三")
        nobody.page.fill("[name=password]", "不是这个")
        nobody.page.keyboard.press("Enter")
        refused(nobody, status)
    nobody.close()
    nobody = year.window(browser, "本机的别人")
    nobody.go("/open?key=x")
    assert "重新打开" in refused(nobody, 401)
    nobody.close()
    viewer = year.window(browser, "李四")
    viewer.go("/users")
    assert refused(viewer, 403) == SENTENCES[403]
    viewer.page.get_by_role("link", name="回到首页").click()
    viewer.close()
    clerk = year.window(browser, "张三")
    clerk.go(f"{FULL}/unit/{unit_of(year.one, LONG).id}")
    (tmp_path / "大.xlsx").write_bytes(bytes(MOST + 2**20))
    clerk.page.set_input_files("#h-file", tmp_path / "大.xlsx")
    clerk.page.get_by_role("button", name="核对并收下").click()
    assert "超过 2 MB" in refused(clerk, 413)
    clerk.go("/new")
    clerk.page.fill("#f-year", "2025")
    clerk.page.fill("#f-office", "办公室")
    clerk.page.get_by_role("button", name="新建").click()
    refused(clerk, 409)
    clerk.close()
    unit = year.window(browser, "unit")
    unit.page.goto(year.link(LONG))
    _look_at(unit, tmp_path / "大.xlsx", bytes(MOST + 2**20))
    assert "超过 2 MB" in refused(unit, 413)

    async def full(*_: object) -> None:
        raise NotDone(503)

    monkeypatch.setattr(checks.Checks, "run", full)
    _look_at(unit, tmp_path / "对.xlsx", b"")
    unit.page.get_by_text(SENTENCES[503]).wait_for()
    assert refused(unit, 503) == SENTENCES[503]
    unit.go(f"{unit.page.url.removeprefix(year.public)}/arrival/1")
    refused(unit, 404)
    unit.page.get_by_role("link", name="回到本单位的页面").click()
    unit.page.context.set_offline(True)
    _look_at(unit, tmp_path / "对.xlsx", b"")
    assert "没有连上服务器" in unit.page.locator("#looked .told:focus").inner_text()
    unit.close()


def test_work_under_way(year: Year, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = year.window(browser, "张三")
    page, held = window.page, threading.Event()
    really = Undertakings.start

    def slowly(self: Undertakings, title: str, visitor: Visitor, work: Callable[[Listener], str]) -> Undertaking:
        return really(self, title, visitor, lambda listen: work(listen) if held.wait(60) else "")

    monkeypatch.setattr(Undertakings, "start", slowly)
    files = [tmp_path / "坏.xlsx", tmp_path / "谁.xlsx"]
    for file, data in zip(files, (b"no workbook", unit_book("某某处")), strict=True):
        file.write_bytes(data)
    window.go(FULL)
    page.set_input_files("#f-files", files)
    page.get_by_role("button", name="核对并收下").click()
    page.locator("progress").wait_for(state="attached")
    look(window)
    held.set()
    page.get_by_role("link", name="继续").wait_for()
    window.look()  # the sentences there are those of the commands, too, whose options they name
    window.close()
