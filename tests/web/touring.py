"""A year in which everything happened once: what tests look at in a browser, as everybody who comes to a window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.making.campaigns import taken, unit_of
from tests.making.ledgers import DEADLINE, START
from tests.making.windows import DOUBTFUL, NAMES, TOWN, WRONG, Window, free_port, serving, unit_book
from tests.web.window import KEPT
from xlcheck.campaign.acts import accept, answer_reply, explain, note_call, return_to
from xlcheck.campaign.ledger.access import begin_session, enter_user, grant_link
from xlcheck.campaign.ledger.checks import check_of
from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
from xlcheck.campaign.ledger.values import Role
from xlcheck.campaign.opening import NewCampaign, OpenCampaign
from xlcheck.drawing.formulas import FieldValue
from xlcheck.results.record import of_entry
from xlcheck.roster.units import Unit
from xlcheck.web.access import SESSION_COOKIE, LocalAccess, OfficeAccess
from xlcheck.web.bounds import WebBounds
from xlcheck.web.door import Door
from xlcheck.web.folders import CampaignFolders
from xlcheck.web.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from sqlalchemy import Engine

LONG = "国家级经济技术开发区管理委员会政务服务和公共资源交易监督管理局（加挂行政审批局牌子）"
"""A name of forty characters."""
HUGE = "123456789012345678901"
"""As many digits as fit on no screen's idea of a number."""
MANY_WRONG: Mapping[str, FieldValue] = {
    **WRONG,
    **{f"requests.{row}.{party}": 9 for row in ("received", "granted") for party in ("research", "welfare", "legal")},
    "requests.carried_in.other": "无",
    "requests.refused_secret.person": "3件",
    "disclosure.regulations.issued": HUGE,
    "disclosure.fees.amount": -1,
    "disputes.review.total": 2,
}
"""Dozens of findings of every kind."""
UNITS = (
    *(Unit(f"{TOWN}{name}", "", f"u{at}@example.org", parent=TOWN, contact="张老师", phone=f"0812-33{at:05}") for at, name in enumerate(NAMES)),
    Unit(LONG, "11510400MB0001234X", "a-very-long-address-of-the-clerk@department.example.org", parent="高新技术产业开发区管理委员会", contact="欧阳震华"),
    *(Unit(f"{TOWN}第{at}街道办事处") for at in range(1, 33)),
)  # fmt: skip
MOST = 2 << 20
"""Bytes of a file that the server takes."""


class Year(NamedTuple):
    """Two servers of one office in this process: on its clerk's computer, and public."""

    local: str
    public: str
    engine: Engine
    one: OpenCampaign
    """The campaign in which everything happened."""
    clock: list[int]
    """The time at both servers."""
    sites: tuple[Site, Site]
    door: Door
    """Of the window on the clerk's computer."""

    def link(self, name: str) -> str:
        """The address of the page that a new link of a unit leads to."""
        with writing(self.engine) as connection:
            _, secret = grant_link(connection, unit_of(self.one, name).id, START, "张三")
        return f"{self.public}/u/{secret}"

    def window(self, browser: Browser, who: str) -> Window:
        """The window of somebody: 本机, a user, or anybody else, who is nobody until a link is opened."""
        made = Window(browser, "about:blank")
        made.address = self.local if "本机" in who else self.public
        if who == "本机":
            made.page.goto(self.door.address(int(self.local.rpartition(":")[2])))
        if who in USERS:
            with writing(self.engine) as connection:
                user = enter_user(connection, who, KEPT, USERS[who], START, "本机", must_change=False)
                _, secret = begin_session(connection, user, START, START + 10**7)
            made.context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": self.public}])
        return made


USERS: Mapping[str, Role] = {"张三": "经办", "李四": "查看"}


@contextmanager
def touring(folder: Path) -> Iterator[Year]:
    """Such a year."""
    clock = [START + 1000]
    with ExitStack() as stack:
        ledger, port = str(folder / "台账.sqlite"), free_port()
        engine = stack.enter_context(open_ledger_database(ledger))
        campaigns = CampaignFolders(folder / "年报", ledger, engine)
        stack.callback(campaigns.close)
        new = NewCampaign(2025, UNITS, f"{TOWN}政府信息公开办公室", "0812-3333333", "gk@example.org", DEADLINE)
        key = campaigns.make(new, "张三", START)
        campaigns.make(
            new._replace(year=2024, units=(), office="", phone="", reply_to="", deadline=None), "张三", START
        )
        one = campaigns.opened(key)
        _everything(one)

        def now() -> float:
            return clock[0]

        bounds = WebBounds(file_bytes=MOST, login_tries=1)
        door = Door("甲" * 32)
        here = Site(
            "local", LocalAccess(door), CampaignFolders(folder / "年报"), bounds=bounds, logs_requests=False, clock=now
        )
        access, address = OfficeAccess(engine, now, secure=False), f"http://127.0.0.1:{port.getsockname()[1]}"
        public = Site(
            "public", access, campaigns, engine, address=address, bounds=bounds, logs_requests=False, clock=now
        )
        local = stack.enter_context(serving(here))
        yield Year(local, stack.enter_context(serving(public, port)), engine, one, clock, (here, public), door)


def _everything(one: OpenCampaign) -> None:
    """One unit passes, one mends, one explains, one is not believed, one is returned, one sends what nobody can open."""

    def come(name: str, changes: Mapping[str, FieldValue] | None = None, at: int = 0) -> int:
        file = unit_book(name, changes)
        arrival = taken(
            one, file, f"{name}年度报告统计表.xlsx", START + at, way="upload", unit_id=unit_of(one, TOWN + name).id
        )
        return arrival.arrival.id

    come("教育局")
    come("科学技术局", WRONG, 10)
    accept(
        one,
        come("科学技术局", {"requests.granted.total": 1, "disclosure.regulations.in_force": 9}, 20),
        "张三",
        START + 30,
        "电话核对过",
    )
    come("民政局", DOUBTFUL, 40)
    for name, answer in (("财政局", ""), ("水务局", "请写明是哪五件")):
        arrival = come(name, DOUBTFUL, 50)
        code, cells = _warning(one, arrival)
        said = explain(one, arrival, code, cells, "五件都是本年制发，年内又并入一件。", "链接", START + 60)
        if answer:
            answer_reply(one, said.id, "张三", START + 70, accepted=False, note=answer)
    come("统计局", MANY_WRONG, 80)
    return_to(one, come("审计局", None, 90), "张三", START + 100, "缺少盖章的扫描件，请补上后重新报送。")
    taken(one, b"no workbook", "打不开的表.xlsx", START + 110, unit_id=unit_of(one, TOWN + "商务局").id)
    taken(one, unit_book("某某办"), "谁的.xlsx", START + 120, sender="somebody@example.org")
    for at in (1, 2):
        note_call(one, unit_of(one, TOWN + "信访局").id, "张三", START + 130 + at, "李主任接的，答应周五报")


def _warning(one: OpenCampaign, arrival: int) -> tuple[str, tuple[str, ...]]:
    """The first of what was handed in."""
    with reading(one.engine) as connection:
        check = check_of(connection, arrival)
    assert check is not None
    return next((line.code, line.cells) for line in of_entry(check.entry).lines)
