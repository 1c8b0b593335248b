"""A whole year of twenty units on a public server, with everything real: PostgreSQL, TLS, mail, LibreOffice, two browsers."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx2
import pytest

from tests.making.campaigns import address_of
from tests.making.command import process
from tests.making.windows import NAMES, PASSWORD, Window, log_in, make_campaign
from tests.office.driver import Office
from tests.office.sheet import cover_addresses
from tests.servers import dovecot
from tests.servers.certificates import certify
from tests.servers.postgres import DatabaseServer
from tests.servers.replies import attached, letter
from tests.servers.smtp import PASSWORD as SMTP_PASSWORD
from tests.servers.smtp import USER as SMTP_USER
from tests.servers.smtp import Running, running
from tests.web.years import (
    Served,
    added_by_hand,
    added_up,
    attachment,
    board_of,
    by_hand,
    counts,
    explained,
    fill,
    notice_of,
    numbers_of,
    received,
    restored,
    served,
    set_deadline,
    text_of,
    unit_called,
)
from xlcheck.campaign.settings import FetchSettings, SendSettings, load_settings, write_settings
from xlcheck.drawing.formulas import FieldValue
from xlcheck.model.times import CHINA
from xlcheck.tasks.inbox import IMAP_VARIABLE
from xlcheck.tasks.leaving import SMTP_VARIABLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.office

WRONG = {1: 2, 5: 6, 17: 18}
"""Units that first report one request too many as granted, and how many they should."""
DOUBTFUL = (2, 4, 15)
"""Units with more rules issued than in force: a warning."""
BY_LINK, AT_ONCE, BY_LETTER, BY_HAND, BY_API, NEVER = range(4), range(4, 12), range(12, 16), (16, 17), 18, 19
ENDINGS = (".xlsx", ".xls", ".ods")
"""In which formats units save, one after the other."""


class Year(NamedTuple):
    """All that runs for it."""

    served: Served
    smtp: Running
    imap: dovecot.Server
    folder: Path
    """Of the campaign."""
    mailbox: str
    """The office's."""


@pytest.fixture
def year(
    postgres: DatabaseServer, imap: dovecot.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Year]:
    """A public server with an empty ledger and 张三, who may do all."""
    where = address_of(postgres.make("year"), monkeypatch)
    added = process("serve", "user", "add", "张三", "--database", where, stdin=f"{PASSWORD}\n".encode())
    assert added.code == 0, added.err
    (tmp_path / "tls").mkdir()
    _, pem = certify(tmp_path / "tls", "localhost")
    options = ("--public", "--database", where, "--cert", str(pem), "--key", str(pem))
    trusted = tmp_path / "trusted.pem"
    env = {"SSL_CERT_FILE": str(trusted), SMTP_VARIABLE: SMTP_PASSWORD, IMAP_VARIABLE: dovecot.PASSWORD}
    folder = tmp_path / "年报"
    with running(tmp_path / "smtp", "tls", "auth") as smtp:
        trusted.write_text(smtp.ca.read_text() + imap.certificate.read_text())
        with served(folder, *options, scheme="https", env=env) as window:
            yield Year(window, smtp, imap, folder / "2025", dovecot.a_mailbox())
    postgres.drop("year")


def values_of(number: int) -> dict[str, FieldValue]:
    """What a unit has at the end of the year."""
    doubt = {"disclosure__regulations__issued": number + 6} if number in DOUBTFUL else {}
    return numbers_of(number, **doubt)


def first_values(number: int) -> dict[str, FieldValue]:
    """What it hands in first."""
    return values_of(number) | ({"requests.granted.total": WRONG[number] + 1} if number in WRONG else {})


def goes_to(window: Window, address: str) -> Window:
    """Open the page of a unit by its link."""
    window.page.goto(address)
    return window


def stands(window: Window) -> dict[str, tuple[str, str]]:
    """How all units stand, as the board says it line by line, and in its counts."""
    page = window.go("/c/2025")
    board = board_of(page)
    counted = Counter(state for state, _ in board.values())
    assert counts(page) == {"全部": 20, **counted}
    return board


def watcher_and_token(browser: Browser, clerk: Window) -> tuple[Window, str]:
    """The window of 李四, who may only look, and the token of a system that hands in; both are given by the clerk."""
    page = clerk.open("用户")
    page.fill("#name", "李四")
    page.select_option("#role", "查看")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="增加用户").click()
    page.fill("#system", "报表系统")
    page.select_option("#system-role", "经办")
    page.get_by_role("button", name="发给令牌").click()
    token = page.locator("main code").inner_text()
    watcher = Window(browser, f"{clerk.address}/login", trusting=True)
    log_in(watcher, clerk.address, "李四")
    return watcher, token


def send(clerk: Window, kind: str, count: int) -> None:
    """Send all letters of a kind; so many leave."""
    page = clerk.go(f"/c/2025/letters?kind={kind}")
    page.get_by_role("button", name="发出选中的信函").click()
    page.get_by_text(re.compile(f"发出 {count} 封信函$")).first.wait_for()


def hand_in(link: str, path: Path) -> str:
    """Hand in without a browser, as the form of the page does it; the receipt."""
    with visitor(follow_redirects=True) as browser:
        (token,) = set(re.findall(r'name="token" value="(\w+)"', browser.get(link).text))
        file = {"file": (path.name, path.read_bytes())}
        return browser.post(f"{link}/hand-in", data={"token": token}, files=file).raise_for_status().text


def visitor(**how: Any) -> httpx2.Client:
    """Somebody without a browser, who takes the certificate for what it is."""
    return httpx2.Client(verify=False, timeout=120, trust_env=False, **how)


def hand_in_on_the_page(unit: Window, link: str, path: Path, why: str = "") -> None:
    """Check and hand in, with the reason for a warning beside it."""
    page = goes_to(unit, link).page
    page.set_input_files("#f-file", path)
    with page.expect_response(re.compile("/look$")) as told:
        page.get_by_role("button", name="核对，先不报送").click()
    assert told.value.ok, told.value.text()
    if why:
        page.locator("#looked").get_by_text("标黄的格请核实").wait_for()
        unit.look()
        page.get_by_label("数字无误的，写明原因").fill(why)
    page.get_by_role("button", name=re.compile("^报送这份表|^仍然报送")).click()
    page.get_by_role("heading", name="报送回执").wait_for()
    if why:
        unit.look()
    assert hashlib.sha256(path.read_bytes()).hexdigest() in page.locator("main").inner_text()


def by_letter(number: int, *paths: Path) -> bytes:
    """A letter of a unit with files."""
    files = [attached(path.read_bytes(), path.name) for path in paths]
    return letter(f"u{number}@example.org", *files, message_id=f"<{next(_MESSAGES)}@example.org>")


_MESSAGES = itertools.count()


def fetch(clerk: Window) -> str:
    """Fetch the letters of the units; what is said of them."""
    page = clerk.go("/c/2025/arrivals")
    page.get_by_role("button", name="收取邮件").click()
    page.get_by_text("收取完了：").first.wait_for()
    return page.locator("main").inner_text()


def drop(clerk: Window, paths: list[Path]) -> None:
    """Drop files on the board."""
    page = clerk.go("/c/2025")
    page.set_input_files("#f-files", paths)
    page.get_by_role("button", name="核对并收下").click()
    page.get_by_text(f"核对完了：{len(paths)} 个文件，都已收下").first.wait_for()


def answer_explanation(clerk: Window, number: int, button: str, note: str = "") -> None:
    """Answer what a unit explained."""
    page = clerk.go("/c/2025/explanations")
    one = page.locator("section.said").filter(has_text=unit_called(number))
    if note:
        one.get_by_label("答复").fill(note)
    one.get_by_role("button", name=button).click()
    page.get_by_text(re.compile("已(采纳|退回)这条说明")).wait_for()


def decide(clerk: Window, number: int, button: str, note: str) -> None:
    """Accept or return what a unit handed in."""
    page = clerk.go(f"/c/2025?words={NAMES[number]}")
    clerk.open(unit_called(number))
    page.fill("#d-note", note)
    page.get_by_role("button", name=button).click()
    page.get_by_text(re.compile("已(认可|退回)")).first.wait_for()


@pytest.fixture
def clerk(browser: Browser, year: Year, tmp_path: Path) -> Iterator[Window]:
    """The window of 张三, with the campaign in it, and its mailboxes set."""
    window = Window(browser, f"{year.served.address}/login", trusting=True)
    log_in(window, year.served.address, "张三")
    make_campaign(window, tmp_path)
    settings = load_settings(year.folder)
    write_settings(
        year.folder,
        settings._replace(
            send=SendSettings(f"smtps://{SMTP_USER}@localhost:{year.smtp.port}"),
            fetch=FetchSettings(year.imap.url(year.mailbox)),
        ),
    )
    yield window
    window.close()


def test_a_year_on_a_public_server(browser: Browser, office: Office, year: Year, clerk: Window, tmp_path: Path) -> None:
    page = clerk.page
    out, filled = tmp_path / "下发", tmp_path / "填好"
    out.mkdir()
    filled.mkdir()
    watcher, token = watcher_and_token(browser, clerk)

    # Templates go out by mail, each to its unit with its own link; what is filled in is what came.
    send(clerk, "templates", 20)
    letters = received(year.smtp)
    links = {number: re.findall(r"https://\S+/u/\S+", text_of(one))[0] for number, one in letters.items()}
    assert len(set(links.values())) == 20
    books = {
        number: fill(
            office,
            attachment(one, out),
            first_values(number),
            filled / f"{unit_called(number)}{ENDINGS[number % 3]}",
            explained("五件都是本年制发") if number == 15 else None,
        )
        for number, one in letters.items()
        if number != NEVER
    }

    # The first round comes in by every way at once.
    unit = Window(browser, links[0], trusting=True)
    with ThreadPoolExecutor(len(AT_ONCE)) as pool:
        handing = {number: pool.submit(hand_in, links[number], books[number]) for number in AT_ONCE}
        for number in BY_LINK:
            hand_in_on_the_page(unit, links[number], books[number], "年内又并入一件" if number in DOUBTFUL else "")
    for number, one in handing.items():
        assert hashlib.sha256(books[number].read_bytes()).hexdigest() in one.result()
    year.imap.deliver(
        year.mailbox,
        by_letter(12, books[12], books[13]),  # one clerk writes for two units, and the other one's is held back
        by_letter(13, books[13]),
        by_letter(14, books[14]),
        by_letter(14, books[14]),
        by_letter(15, books[15]),
        letter("nobody@example.com", attached(books[16].read_bytes(), books[16].name)),
    )
    held = fetch(clerk)
    assert "发件人却是" in held
    assert "收下 4 份表" in held
    drop(clerk, [books[number] for number in BY_HAND])
    with visitor(headers={"authorization": f"Bearer {token}"}) as system:
        data, file = {"unit": unit_called(BY_API)}, {"file": (books[BY_API].name, books[BY_API].read_bytes())}
        answer = system.post(f"{clerk.address}/api/v1/campaigns/2025/arrivals", data=data, files=file)
    assert (answer.status_code, answer.json()["unit"]) == (201, unit_called(BY_API))
    expected = {unit_called(number): ("通过", "1") for number in range(20)}
    expected |= {unit_called(number): ("退改", "1") for number in WRONG}
    expected |= {unit_called(4): ("待核实", "1"), unit_called(NEVER): ("未报送", "")}
    assert stands(watcher) == expected

    # Results go back by mail. Two mend the marked copy itself, as it came; the office takes the third one's anew.
    send(clerk, "results", 17)  # the office first answers what two explained
    letters = received(year.smtp)
    assert "疑为" in text_of(letters[1])
    for number in WRONG:
        copy = attachment(letters[number], out)
        books[number] = fill(office, copy, values_of(number), filled / f"{copy.stem}.改{copy.suffix}")
    hand_in_on_the_page(unit, links[1], books[1])
    assert "已通过核对，不用再做什么" in goes_to(unit, links[1]).page.locator(".told").inner_text()
    year.imap.deliver(year.mailbox, by_letter(5, books[5]))
    fetch(clerk)
    clerk.go(f"/c/2025?words={NAMES[17]}")
    clerk.open(unit_called(17))
    page.set_input_files("#h-file", books[17])
    page.get_by_role("button", name="核对并收下").click()
    page.get_by_text("已收下，是第 2 次报送").wait_for()
    assert "与建议一致" in page.get_by_role("row").filter(has_text="依申请公开!J7").inner_text()
    expected |= {unit_called(number): ("通过", "2") for number in WRONG}
    assert stands(watcher) == expected

    # Explanations: one is turned down, said again and accepted; one is accepted at once; one unit never wrote any.
    answer_explanation(clerk, 2, "退回", "请写明是哪五件")
    assert stands(watcher)[unit_called(2)] == ("待核实", "1")
    goes_to(unit, links[2])
    assert "有 1 处要核实" in unit.page.locator(".told").inner_text()
    unit.open("第 1 次")
    assert "请写明是哪五件" in unit.page.locator(".said-list").inner_text()
    unit.page.get_by_label("数字无误的，写明原因").fill("五件的名称见附函")
    unit.page.get_by_role("button", name="交说明").click()
    unit.page.get_by_text("说明已交给办公室").wait_for()
    unit.look()
    answer_explanation(clerk, 2, "采纳")
    answer_explanation(clerk, 15, "采纳")
    decide(clerk, 4, "认可第 1 次，通过", "电话里问清楚了")

    # What balances is returned all the same, and comes again; the one that hands in nothing is called.
    decide(clerk, 3, "退回修改", "请填报日期")
    assert stands(watcher)[unit_called(3)] == ("退改", "1")
    assert "请填报日期" in goes_to(unit, links[3]).page.locator("main").inner_text()
    books[3] = fill(office, books[3], {}, filled / "再报.ods", cover_addresses({"date": "2026-01-10"}))
    hand_in_on_the_page(unit, links[3], books[3])
    expected |= {unit_called(3): ("通过", "2"), unit_called(4): ("通过", "1")}
    clerk.go("/c/2025?state=missing")
    clerk.open(unit_called(NEVER))
    page.fill("#c-note", "李主任接的，答应周五报")
    page.get_by_role("button", name="记下").click()
    page.get_by_text("已记下电话催报").wait_for()
    send(clerk, "reminders", 1)
    assert "【催报】" in str(received(year.smtp)[NEVER]["subject"])

    # The deadline is over: who handed in before it was set is not late, who did not is, and what passed is closed.
    set_deadline(clerk, datetime.datetime.now(CHINA).date() - datetime.timedelta(1))
    expected[unit_called(NEVER)] = ("逾期", "")
    assert stands(watcher) == expected
    assert "报送已经截止" in goes_to(unit, links[0]).page.locator("main").inner_text()
    assert watcher.page.get_by_text("迟报").count() == 0
    assert watcher.page.get_by_role("button", name="核对并收下").count() == 0

    # Who lost his link gets in by none.
    clerk.go(f"/c/2025?words={NAMES[0]}")
    clerk.open(unit_called(0))
    page.get_by_role("button", name="作废链接").click()
    page.get_by_text("链接已作废").wait_for()
    assert unit_called(0) not in goes_to(unit, links[0]).page.locator("body").inner_text()

    # What it comes to: the total, the notice, the archive.
    clerk.open("汇总与通报")
    handed = [number for number in range(20) if number != NEVER]
    assert added_up(clerk.download("下载汇总表")) == added_by_hand(map(values_of, handed))
    said = notice_of(clerk.download("下载通报"))
    assert "应报单位20家" in said.text
    assert "已报19家" in said.text
    assert "缺报1家" in said.text
    assert "审核通过19家，退改0家，待核实0家，文件打不开0家" in said.text
    assert "逾期报送" not in said.text
    assert {
        name: ({"逾期": "缺报"}.get(state, state), number) for name, (state, number) in expected.items()
    } == said.units
    archive = clerk.download("下载归档")
    assert by_hand(archive) == expected
    assert restored(archive, tmp_path / "恢复") == expected

    # Nothing of the year stands in the log but what was asked for.
    log = year.served.log.read_text(encoding="utf-8")
    assert not [
        secret for secret in (*(link.rpartition("/")[2] for link in links.values()), token, "教育局") if secret in log
    ]
    for window in (unit, watcher):
        assert window.violations == []
        window.close()
