"""The window as people use it: a running server, a browser, and a year's files of some units."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from tests.making.filling import clean_values, form
from tests.making.pages import AXE, Shown
from xlcheck.campaign.ledger.access import enter_user
from xlcheck.campaign.ledger.database import open_ledger_database, writing
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.web.access import LocalAccess, OfficeAccess
from xlcheck.web.app import application
from xlcheck.web.door import door_of
from xlcheck.web.folders import CampaignFolders
from xlcheck.web.passwords import hashed
from xlcheck.web.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREEN = {"width": 1366, "height": 768}
"""A county clerk's."""
NAMES = (
    "教育局", "科学技术局", "民政局", "财政局", "人力资源和社会保障局", "自然资源和规划局", "住房和城乡建设局", "交通运输局",
    "水务局", "农业农村局", "商务局", "文化广电和旅游局", "卫生健康委员会", "退役军人事务局", "应急管理局", "审计局",
    "市场监督管理局", "统计局", "医疗保障局", "信访局",
)  # fmt: skip
"""Of units, without the town that they belong to."""
TOWN = "某某市"
PASSWORD = "春眠不觉晓，处处闻啼鸟。"
OWN_PASSWORD = f"{PASSWORD}花落知多少"

WRONG: Mapping[str, FieldValue] = {"requests.granted.total": 2}
"""An error, and what it should certainly be: 1."""
DOUBTFUL: Mapping[str, FieldValue] = {"disclosure.regulations.issued": 5}
"""Nothing wrong, and one warning (P101): more rules are issued than are in force."""


def unit_book(name: str, changes: Mapping[str, FieldValue] | None = None, year: int = 2025) -> bytes:
    """What a unit hands in: the clean table with `changes`."""
    return render(form(), {"unit": TOWN + name, "year": str(year)}, clean_values() | dict(changes or {}))


def unit_list() -> bytes:
    """The list of all units, as a CSV file."""
    lines = [f"{TOWN}{name},张老师,0812-33{at:05},u{at}@example.org" for at, name in enumerate(NAMES)]
    return "\n".join(["单位名称,联系人,联系电话,电子邮箱", *lines]).encode()


@contextmanager
def serving(site: Site, port: socket.socket | None = None) -> Iterator[str]:
    """The address of a server that runs in this process, which ends in good order."""
    bound = port or free_port()
    app = application(site)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
    thread = threading.Thread(target=lambda: server.run([bound]))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


def free_port() -> socket.socket:
    """A port of this computer that is ours until it is closed."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


_RULES = """looks => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  rules: {'color-contrast': {enabled: looks}, 'target-size': {enabled: looks}}})"""


class Window(Shown):
    """A window on a screen as a county clerk has it, whose pages are looked through."""

    def __init__(self, browser: Browser, address: str, *, scripts: bool = True, trusting: bool = False) -> None:
        super().__init__(
            browser, address, viewport=SCREEN, locale="zh-CN", java_script_enabled=scripts, ignore_https_errors=trusting
        )
        self.address = address
        self._looked: set[str] = set()
        self.refusals: set[int] = set()
        """The statuses of answers that were asked for on purpose; the browser tells of each as a trouble."""
        self.page.set_default_timeout(30_000)
        self.page.on("filechooser", lambda _: None)  # who only listens when a key is pressed may come too late

    def go(self, path: str) -> Page:
        """A page of the server."""
        self.page.goto(self.address + path)
        return self.page

    def look(self, *, measured: bool = True) -> None:
        """What keeps people out, and what the policy had to forbid.

        Args:
            measured: whether colours and sizes are looked at, too, which takes most of the time.
        """
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(_RULES, measured)["violations"]
        assert [(self.page.url, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        expected = "|".join(map(str, self.refusals)) or "none"
        troubles = [one for one in self.troubles if not re.search(rf"tatus .*\b({expected})\b", one)]
        assert (self.violations, troubles) == ([], []), self.page.url

    def open(self, link: str) -> Page:
        """The page behind a link of this one, looked at if it is the first of its kind."""
        self.page.get_by_role("link", name=link, exact=True).first.click()
        kind = re.sub(r"\d+|\?.*", "", self.page.url)
        if kind not in self._looked:
            self._looked.add(kind)
            self.look(measured=False)
        return self.page

    def download(self, button: str) -> Path:
        """What a button or a link gives to keep."""
        with self.page.expect_download() as told:
            self.page.get_by_text(button, exact=True).click()
        kept = Path(told.value.path())
        return kept.rename(kept.with_name(told.value.suggested_filename))


@contextmanager
def local_window(browser: Browser, folder: Path) -> Iterator[Window]:
    """The window of one clerk."""
    door = door_of(folder)
    site = Site("local", LocalAccess(door), CampaignFolders(folder), logs_requests=False)
    with serving(site) as address:
        window = Window(browser, door.address(int(address.rpartition(":")[2])))
        window.address = address
        yield window
        window.close()


@contextmanager
def public_window(browser: Browser, folder: Path, clock: Callable[[], float] = time.time) -> Iterator[Window]:
    """The window of somebody of an office at its server, where units have links, too."""
    ledger, port = str(folder / "台账.sqlite"), free_port()
    folder.mkdir()
    with open_ledger_database(ledger) as engine:
        with writing(engine) as connection:
            enter_user(connection, "张三", hashed(PASSWORD, ""), "经办", 0, "测试", must_change=False)
        address = f"http://127.0.0.1:{port.getsockname()[1]}"
        access, campaigns = OfficeAccess(engine, clock, secure=False), CampaignFolders(folder, ledger, engine)
        site = Site("public", access, campaigns, engine, address=address, logs_requests=False, clock=clock)
        with serving(site, port):
            window = Window(browser, f"{address}/login")
            window.look()
            log_in(window, address, "张三")
            yield window
            window.close()


def log_in(window: Window, address: str, name: str) -> None:
    """Log in on the page that is open, and come to the campaigns; a password that somebody else chose is changed first."""
    page = window.page
    window.address = address
    _give_password(page, name, PASSWORD)
    if page.url.endswith("/account"):
        page.fill("#old", PASSWORD)
        for again in ("#new", "#again"):
            page.fill(again, OWN_PASSWORD)
        page.get_by_role("button", name="修改", exact=True).click()
        page.get_by_text("密码已修改").first.wait_for()
        _give_password(page, name, OWN_PASSWORD)
    page.get_by_text("各年度报送").first.wait_for()


def _give_password(page: Page, name: str, password: str) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def make_campaign(window: Window, folder: Path, deadline: str = "2099-01-20") -> None:
    """A new campaign of 2025 with all units."""
    (folder / "名单.csv").write_bytes(unit_list())
    page = window.go("/")
    window.look()
    window.open("新建一年的报送")
    page.fill("#f-year", "2025")
    page.fill("#f-office", f"{TOWN}政府信息公开办公室")
    page.fill("#f-phone", "0812-3333333")
    page.fill("#f-deadline", deadline)
    page.set_input_files("#f-units", folder / "名单.csv")
    page.get_by_role("button", name="新建").click()
    page.get_by_text("名单上有 20 个单位").wait_for()
