"""Taking in what came: files, folders, letters and zips that are handed over, and what is new in the office's mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.responses import Response

from xlcheck.campaign.accounts import PasswordMissing, secret_of
from xlcheck.campaign.adding import GivenFile, unpacked
from xlcheck.campaign.fetching import FetchWish, fetch_into, take_in_letter
from xlcheck.campaign.former import last_years_campaign
from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import OfNoConcern, TakenIn, take_in
from xlcheck.mail.account import InvalidAccount
from xlcheck.model.errors import Error
from xlcheck.model.text import names, quote
from xlcheck.model.times import said_time
from xlcheck.tasks.events import Event, FileDone, LetterFetched, Listener, Notice, Started
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.campaigns import day_of
from xlcheck.web.pages.frame import address_of_campaign
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see
from xlcheck.web.routing import Asked, post

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from xlcheck.campaign.opening import OpenCampaign
    from xlcheck.mail.fetching.receive import Arrival

_MOST_FILES = 1000
_LETTER = ".eml"
"""The ending of a letter that a mail program saved."""
_NAMED = 5
"""Of more documents only the first are named."""
FOLDER_FIELD = "folder"
"""The field of files that were not chosen one by one."""


# --- files -----------------------------------------------------------------------------------------------------------


def _intake(asked: Asked) -> Response:
    """Take in all files that were handed over, while a page shows how far it is."""
    if not asked.files:
        raise NotDone(409, "没有选择文件")
    with opened(asked) as one:
        return _take_all(asked, nullcontext(one), address_of_campaign(asked), "请到“收件记录”指定")


def _keep_former(asked: Asked) -> Response:
    """Take in files of last year, to be compared with, while a page shows how far it is."""
    if not asked.files:
        raise NotDone(409, "没有选择文件")
    by, at, key = asked.visitor.name, asked.at, str(asked.path["campaign"])

    @contextmanager
    def former() -> Iterator[OpenCampaign]:
        with opened(asked) as one, last_years_campaign(one, by, at) as found:
            yield found
        asked.site.campaigns.change(key, lambda known: known)  # opened anew, it knows of last year

    return _take_all(asked, former(), f"{address_of_campaign(asked)}/settings", "没有用于比对")


def _take_all(asked: Asked, into: AbstractContextManager[OpenCampaign], after: str, strays: str) -> Response:
    given = [(file.name, file.data, file.field == FOLDER_FIELD) for file in asked.files]
    by, at = asked.visitor.name, asked.at

    def work(listen: Listener) -> str:
        with into as one:
            told = _Taking(one, by, at, asked.live.checks.crew, strays)
            total = len(given)
            listen(Started(total))
            for name, data, is_found in given:
                # One after the other: of two of one unit the one that was given last is its newest.
                files = list(unpacked(name, data))
                total += max(0, len(files) - 1)
                listen(Started(total, told.files))
                for file in files:
                    told.take(file, is_found=is_found or file.is_packed)
                    listen(FileDone(file.name))
        for text in told.said():
            listen(Notice(text))
        return after

    undertaking = asked.live.undertakings.start(f"核对 {len(given)} 个文件", asked.visitor, work)
    return see(asked, f"/progress/{undertaking.key}")


class _Taking:
    """Takes in file after file, and remembers what a person should look at."""

    def __init__(self, one: OpenCampaign, by: str, at: int, crew: Executor, strays: str) -> None:
        self.files = 0
        self._strays = strays
        """What becomes of files that nobody knows whose they are, in a clerk's words."""
        self._one, self._by, self._at, self._crew = one, by, at, crew
        self._told: list[str] = []
        self._others: list[str] = []
        """Documents that are no reports."""
        self._of_unit: dict[str, list[str]] = {}
        """The names of what was new, by unit."""

    def take(self, file: GivenFile, *, is_found: bool) -> None:
        """Take in a file, or what a letter that was saved as one holds."""
        self.files += 1
        try:
            if file.trouble:
                self._told.append(f"没有收下“{quote(file.name)}”：{file.trouble}")
            elif file.name.lower().endswith(_LETTER):
                self._letter(file)
            else:
                name = PurePosixPath(file.name).name
                incoming = Incoming(name, file.data, "hand", is_found=is_found)
                self._note(file.name, take_in(self._one, incoming, self._by, self._at, self._crew))
        except OfNoConcern:
            self._others.append(file.name)
        except Error as error:
            self._told.append(f"没有收下“{quote(file.name)}”：{error.message}")

    def _letter(self, file: GivenFile) -> None:
        letter = take_in_letter(self._one, file.data, self._by, self._at, self._crew)
        for taken in letter.taken:
            self._note(taken.arrival.name, taken)
        self._told += [f"信函“{quote(file.name)}”：{text}" for text in letter.said]

    def _note(self, name: str, taken: TakenIn) -> None:
        if not taken.is_new:
            self._told.append(f"“{quote(name)}”已经收下过，没有重复登记")
        elif taken.unit is None:
            self._told.append(f"收下了“{quote(name)}”，但不知道是哪个单位的，{self._strays}：{'；'.join(taken.said)}")
        else:
            self._of_unit.setdefault(taken.unit.unit.name, []).append(name)

    def said(self) -> Iterator[str]:
        """What a person should look at, and the sum."""
        told = [*self._told, *self._several()]
        if self._others:
            told.append(
                f"不是年报的文档没有收下：{names(self._others)}；确是报送材料的，请到该单位的页面用“代这个单位收一份表”"
            )
        yield from told
        yield f"核对完了：{self.files} 个文件" + (f"，有 {len(told)} 处请看一看" if told else "，都已收下")

    def _several(self) -> Iterator[str]:
        for unit, given in self._of_unit.items():
            if len(given) > 1:
                last = quote(given[-1])
                yield f"{unit}这次有 {len(given)} 份，以“{last}”为最近一次；不对的，请把要用的那一份再收一次"


# --- letters ---------------------------------------------------------------------------------------------------------


def fetching_trouble(one: OpenCampaign) -> str:
    """Why letters cannot be fetched, and what to do; empty where they can."""
    if not one.settings.fetch.imap:
        return "还没有设置收信邮箱，请先在“设置”的“收发邮箱”里填写"
    try:
        secret_of(one, "fetch")
    except PasswordMissing as missing:
        return f"{missing.message}，请在“设置”的“收发邮箱”里填写"
    except InvalidAccount:
        return "收信邮箱写得不对，请在“设置”的“收发邮箱”里重新填写"
    return ""


def _fetch(asked: Asked) -> Response:
    """Fetch what is new in the mailbox, while a page shows how far it is."""
    by, since = asked.visitor.name, day_of(asked.field("since"))
    with opened(asked) as one:
        if trouble := fetching_trouble(one):
            raise NotDone(409, trouble)

    def work(listen: Listener) -> str:
        letters: list[Arrival] = []

        def hear(event: Event) -> None:
            if isinstance(event, LetterFetched):
                letters.append(event.arrival)
                for text in _of_letter(event.arrival):
                    listen(Notice(text))
                listen(FileDone(event.arrival.subject))
            else:
                listen(event)

        with opened(asked) as one:
            fetched = fetch_into(one, by, FetchWish(since), hear, asked.live.checks.crew)
        for taken in fetched.taken:
            if taken.is_new and taken.unit is None:
                said = "；".join(taken.said)
                listen(Notice(f"收下了“{quote(taken.arrival.name)}”，但不知道是哪个单位的，请在“收件记录”指定：{said}"))
        if fetched.trouble:
            listen(Notice(f"没有取完：{fetched.trouble}"))
        listen(Notice(_sum(letters, sum(taken.is_new for taken in fetched.taken), fetched.left)))
        return f"{address_of_campaign(asked)}/arrivals"

    undertaking = asked.live.undertakings.start("收取邮件", asked.visitor, work)
    return see(asked, f"/progress/{undertaking.key}")


def _of_letter(letter: Arrival) -> Iterator[str]:
    """What a person must look at of a letter."""
    whose = f"{said_time(int(letter.received.timestamp()))}　{letter.sender or '发件人不明'}　“{quote(letter.subject)}”"
    for item in letter.items:
        if item.state == "held":
            yield f"{whose}：{item.said}"


def _sum(letters: list[Arrival], new: int, left: int) -> str:
    fresh = sum(letter.state != "known" for letter in letters)
    held = sum(letter.is_held and letter.state != "unavailable" for letter in letters)
    told = [f"收取完了：{fresh} 封新来信，收下 {new} 份表" if fresh else "收取完了：没有新来信"]
    told += [f"{held} 封有内容要人看一看，原信在“收件记录”里，标为“未收下”，可以下载"] if held else []
    told += [f"还有 {left} 封没有取，请再收取一次"] if left else []
    return "；".join(told)


INTAKE_ROUTES = (
    post("/c/{campaign}/intake", _intake, "clerk", files=_MOST_FILES, act="收表"),
    post("/c/{campaign}/settings/former", _keep_former, "clerk", files=_MOST_FILES, act="收上年的表用于比对"),
    post("/c/{campaign}/fetch", _fetch, "clerk", act="收取邮件"),
)
