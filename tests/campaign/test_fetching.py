"""Units' letters into a campaign, from a real IMAP server (Dovecot): none lost, none doubled, wherever a run ends."""

from __future__ import annotations

import datetime
import itertools
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.making.campaigns import BEFORE, UNITS, handed_in, made_campaign, states, unit_of
from tests.making.command import PROGRAM, process
from tests.servers.dovecot import PASSWORD, Server, a_mailbox
from tests.servers.replies import attached, letter
from tests.servers.smtp import wait_for
from xlcheck.campaign import fetching, refused
from xlcheck.campaign.fetching import FetchWish, fetch_into, take_in_letter
from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import assign_to, take_in
from xlcheck.campaign.ledger.arrivals import arrivals_of, unowned_arrivals
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.unowned import unowned_of
from xlcheck.campaign.ledger.values import CampaignArrival
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.campaign.refused import keep_letter
from xlcheck.campaign.settings import FetchSettings, write_settings
from xlcheck.model.errors import LedgerTrouble
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.inbox import IMAP_VARIABLE, InboxOptions

pytestmark = pytest.mark.xdist_group("dovecot")

JYJ, SLJ, MZJ = UNITS
AT = datetime.datetime.fromtimestamp(BEFORE, datetime.timezone.utc)
LONG_AGO = FetchWish(datetime.date(2025, 1, 1))
NUMBERS = itertools.count()


class Office:
    """A campaign and its mailbox."""

    def __init__(self, server: Server, opened: OpenCampaign) -> None:
        self.server, self.user = server, a_mailbox()
        settings = opened.settings._replace(fetch=FetchSettings(server.url(self.user)))
        self.opened = opened._replace(settings=settings)

    def deliver(self, *letters: bytes) -> None:
        self.server.deliver(self.user, *letters, at=AT)

    def fetch(self, **how: Any) -> fetching.FetchedInto:
        return fetch_into(self.opened, "王科", LONG_AGO, **how)

    def held(self) -> list[tuple[CampaignArrival, str]]:
        """What the ledger holds as 未收下, and why."""
        with reading(self.opened.engine) as connection:
            found = unowned_arrivals(connection, self.opened.campaign.id, "refused")
            why = unowned_of(connection, [one.id for one in found])
        return [(one, why[one.id].reason) for one in found]

    def content(self, arrival: CampaignArrival) -> bytes:
        with reading(self.opened.engine) as connection:
            return content_of(connection, arrival.digest)

    def arrivals(self, unit: str = "市教育局") -> tuple[CampaignArrival, ...]:
        with reading(self.opened.engine) as connection:
            return arrivals_of(connection, unit_of(self.opened, unit).id)


@pytest.fixture
def office(imap: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv(IMAP_VARIABLE, PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    with open_campaign(made_campaign(tmp_path / "2025")) as opened:
        yield Office(imap, opened)


def from_(unit: Any, *files: bytes) -> bytes:
    return letter(unit.email, *map(attached, files), message_id=f"<{next(NUMBERS)}@example.org>")


def test_what_units_send_is_handed_in_when_the_server_took_it_in(office: Office) -> None:
    first, second = handed_in(filler="甲"), handed_in(filler="乙")
    office.deliver(
        from_(JYJ, first),
        from_(JYJ, second),
        from_(SLJ, handed_in("市水利局")),
        letter("stranger@example.org", attached(first)),
    )
    fetched = office.fetch()
    assert (fetched.left, fetched.trouble) == (0, "")
    assert [(one.unit and one.unit.unit.name, one.is_new) for one in fetched.taken] == [
        ("市教育局", True), ("市教育局", True), ("市水利局", True),
    ]  # fmt: skip
    assert [(one.way, one.sender, one.at, one.by) for one in office.arrivals()] == [
        ("letter", JYJ.email, BEFORE, "王科"), ("letter", JYJ.email, BEFORE + 60, "王科"),
    ]  # fmt: skip
    assert states(office.opened)["市民政局"] == ("missing", 0)
    assert len(list((office.opened.folder / "来信" / "隔离").iterdir())) == 1
    assert [(one.sender, reason[:24]) for one, reason in office.held()] == [
        ("stranger@example.org", "发件人“stranger@example.org")
    ]
    assert office.fetch().taken == ()


def test_the_same_table_again_is_the_newest_only_if_another_came_between(office: Office) -> None:
    first, second = handed_in(filler="甲"), handed_in(filler="乙")
    office.deliver(from_(JYJ, first), from_(JYJ, first), from_(JYJ, second), from_(JYJ, first))
    assert [one.is_new for one in office.fetch().taken] == [True, False, True, True]
    assert len({one.digest for one in office.arrivals()}) == 2
    assert len(office.arrivals()) == 3


def test_what_is_held_back_stands_in_the_ledger_with_its_reason_and_as_no_round(office: Office) -> None:
    packed = letter(JYJ.email, attached(b"PK", "甲.zip"), attached(b"Rar!", "乙.rar"), subject="Re: 2025/年报")
    both = letter(SLJ.email, attached(handed_in("市水利局")), attached(b"PK", "丙.zip"), subject="")
    photo = letter(MZJ.email, attached(b"GIF89a", "照片.gif"), subject="<b>照片</b>")
    sent = (packed, both, photo, letter(MZJ.email), letter("news@example.com"))
    office.deliver(*sent)
    assert [one.arrival.name for one in office.fetch().taken] == ["年报.xlsx"]
    held = office.held()
    assert [(one.name, one.way, one.sender, one.unit, one.number, one.at, one.by) for one, _ in held] == [
        ("Re_ 2025_年报.eml", "letter", JYJ.email, None, 0, BEFORE, "王科"),
        ("来信.eml", "letter", SLJ.email, None, 0, BEFORE + 60, "王科"),
        ("_b_照片__b_.eml", "letter", MZJ.email, None, 0, BEFORE + 120, "王科"),
    ]
    assert [reason.count("压缩包") for _, reason in held] == [2, 1, 0]
    assert "“甲.zip”：" in held[0][1] and "“乙.rar”：" in held[0][1] and "照片.gif" in held[2][1]
    assert [office.content(one) for one, _ in held] == list(sent[:3])
    assert states(office.opened)["市教育局"] == states(office.opened)["市民政局"] == ("missing", 0)
    assert states(office.opened)["市水利局"][1] == 1
    assigned = assign_to(office.opened, held[0][0].id, unit_of(office.opened, "市教育局").id, "王科", BEFORE)
    assert assigned.check.status == "unreadable"


def test_what_is_held_back_is_entered_once_wherever_a_run_ends(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(
        letter(JYJ.email, attached(b"PK", "甲.zip")), letter("x@example.net", attached(handed_in("市水利局")))
    )

    def dies(*args: Any) -> None:
        keep_letter(*args)
        raise KeyboardInterrupt

    def full(*_: Any) -> None:
        raise LedgerTrouble("台账无法使用，请检查磁盘空间和权限")

    for ends in (full, dies):
        with monkeypatch.context() as patched:
            patched.setattr(fetching, "keep_letter", ends)
            if ends is full:
                assert office.fetch()[1:] == (2, "台账无法使用，请检查磁盘空间和权限")
                assert office.held() == []
            else:
                with pytest.raises(KeyboardInterrupt):
                    office.fetch()
                assert len(office.held()) == 1
    assert office.fetch().left == 0
    first = office.held()
    assert len(first) == 2
    (tmp_path / "other").mkdir()
    office.opened = office.opened._replace(folder=tmp_path / "other")
    assert office.fetch().left == 0
    assert office.held() == first


def test_of_a_letter_that_is_too_much_the_head_is_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.deliver(
        letter(JYJ.email, attached(bytes(1 << 20), "大.zip"), subject="大"),
        *(letter("x@example.net", attached(b"PK", f"{number}.zip"), subject=f"第{number}") for number in range(3)),
    )
    monkeypatch.setattr(fetching, "InboxOptions", partial(InboxOptions, letter_bytes=1 << 20))
    monkeypatch.setattr(refused, "MOST_FILES", 2)
    office.fetch()
    large, *others, over = office.held()
    assert (large[0].name, large[0].sender) == ("大.eml", JYJ.email)
    assert "超过 1 MB，没有取" in large[1] and "--" not in large[1]
    for (arrival, reason), subject in ((large, "大"), (over, "第2")):
        assert reason.endswith("只存了信头，原信请到邮箱里看")
        assert subject.encode() in office.content(arrival)
        assert len(office.content(arrival)) < 300
    assert ["信头" in reason for _, reason in others] == [False, False]


def test_why_a_letter_is_held_back_now_is_told_as_well(office: Office) -> None:
    arguments = (Incoming("a.eml", b"letter", "letter", "x@example.net", None, "letter 1/0"), b"head")
    for reason in ("不在名单里", "不在名单里", "压缩包"):
        keep_letter(office.opened, *arguments, reason, "王科", BEFORE)
        assert [said for _, said in office.held()] == [reason]
    unit = unit_of(office.opened, "市教育局").id
    assign_to(office.opened, office.held()[0][0].id, unit, "王科", BEFORE)
    keep_letter(office.opened, *arguments, "别的", "王科", BEFORE)
    assert office.held() == []


@pytest.mark.parametrize("moment", ["before it is entered", "after it was entered"])
def test_a_run_that_ends_in_the_middle_of_a_letter_loses_and_doubles_nothing(
    office: Office, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = [handed_in(filler=name) for name in "甲乙丙"]
    office.deliver(from_(JYJ, books[0], books[1]), from_(JYJ, books[2]))
    calls = 0

    def dies(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2 and moment.startswith("before"):
            raise KeyboardInterrupt
        done = take_in(*args)
        if calls == 2:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patched:
        patched.setattr(fetching, "take_in", dies)
        with pytest.raises(KeyboardInterrupt):
            office.fetch()
    assert len(office.arrivals()) == (1 if moment.startswith("before") else 2)
    assert office.fetch().trouble == ""
    assert [one.name for one in office.arrivals()] == ["年报.xlsx"] * 3
    assert len({one.digest for one in office.arrivals()}) == 3
    assert office.fetch().taken == ()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("entered", [1, 2])
def test_a_run_that_is_killed_goes_on(office: Office, entered: int) -> None:
    write_settings(office.opened.folder, office.opened.settings)
    office.deliver(*(from_(JYJ, *(handed_in(filler=name) for name in names)) for names in ("甲乙", "丙丁")))
    arguments = ("campaign", "fetch", "--since", "2025-01-01", "--folder", str(office.opened.folder))
    killed = subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: len(office.arrivals()) >= entered)
    killed.kill()
    killed.wait()
    assert process(*arguments).code == 0
    assert len(office.arrivals()) == len({one.digest for one in office.arrivals()}) == 4
    assert process(*arguments).out.splitlines()[-1] == "收入台账 0 份"


def test_two_who_fetch_the_same_mailbox_double_nothing(office: Office, tmp_path: Path) -> None:
    office.deliver(
        from_(JYJ, handed_in(filler="甲")), from_(JYJ, handed_in(filler="乙")), from_(JYJ, handed_in(filler="甲"))
    )
    assert [one.is_new for one in office.fetch().taken] == [True] * 3
    (tmp_path / "other").mkdir()
    office.opened = office.opened._replace(folder=tmp_path / "other")
    assert [one.is_new for one in office.fetch().taken] == [False] * 3
    assert len(office.arrivals()) == 3


def test_a_ledger_that_cannot_be_written_leaves_the_letter_in_the_mailbox(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(from_(JYJ, handed_in()))

    def full(*_: Any) -> None:
        raise LedgerTrouble("台账无法使用，请检查磁盘空间和权限")

    with monkeypatch.context() as patched:
        patched.setattr(fetching, "take_in", full)
        assert office.fetch()[1:] == (1, "台账无法使用，请检查磁盘空间和权限")
    assert [one.is_new for one in office.fetch().taken] == [True]


def test_a_letter_that_somebody_saved_counts_once(office: Office) -> None:
    saved = from_(JYJ, handed_in())
    given = take_in_letter(office.opened, saved, "王科", BEFORE)
    assert [one.is_new for one in given.taken] == [True]
    assert given.said == ()
    office.deliver(saved)
    assert [one.is_new for one in office.fetch().taken] == [False]
    assert len(office.arrivals()) == 1
    for strange, said in (
        (letter("stranger@example.org", attached(handed_in())), "不在单位名单的电子邮箱里"),
        (letter(JYJ.email), "信里没有报送的文件"),
        (b"", "没有"),
    ):
        found = take_in_letter(office.opened, strange, "王科", BEFORE)
        assert found.taken == () and any(said in one for one in found.said), found.said


def test_without_a_mailbox_nothing_is_fetched(tmp_path: Path) -> None:
    with open_campaign(made_campaign(tmp_path / "2025")) as opened, pytest.raises(CannotDo, match="没有写邮箱"):
        fetch_into(opened, "王科")
