"""``xlcheck inbox`` against a real IMAP server (Dovecot)."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests import ROOT
from tests.making.command import PROGRAM, Ran, process, xlcheck
from tests.making.filling import form
from tests.servers.dovecot import PASSWORD, Server, a_mailbox, running
from tests.servers.replies import attached, letter, workbook_of
from xlcheck.mail.account import parse_account, tls_context
from xlcheck.mail.fetching import imap
from xlcheck.mail.fetching.imap import Envelope, Mailbox, open_mailbox
from xlcheck.mail.fetching.ledger import open_ledger
from xlcheck.mail.fetching.opened import Sorting, open_letter
from xlcheck.mail.fetching.receive import Desk, FetchLimits, receive, within
from xlcheck.mail.fetching.sort import addresses
from xlcheck.roster.stems import file_stems
from xlcheck.roster.units import parse_units
from xlcheck.tasks.inbox import IMAP_VARIABLE

pytestmark = pytest.mark.xdist_group("dovecot")

UNITS = """单位名称,统一社会信用代码,电子邮箱
市教育局,11510400008000000P,jyj@example.org
市卫生健康委员会,,wjw@example.org
江北街道,,jiedao@example.org
江南街道,,jiedao@example.org
"""
JYJ = "jyj@example.org"
AT = datetime.datetime(2025, 11, 3, 9, 30, tzinfo=datetime.timezone.utc)


class Box:
    """One mailbox, and a folder to fetch it into."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.user = a_mailbox()
        self.folder = folder / "收件"
        self.units = folder / "单位名单.csv"
        self.units.write_text(UNITS, encoding="utf-8")

    def deliver(self, *letters: bytes, folder: str = "INBOX") -> list[int]:
        return self.server.deliver(self.user, *letters, folder=folder, at=AT)

    def arguments(self, *more: str, url: str = "") -> list[str]:
        trust = ["--ca", str(self.server.certificate)]
        target = url or self.server.url(self.user)
        return ["inbox", target, "-o", str(self.folder), "--units", str(self.units), *trust, *more]

    def fetch(self, *more: str, url: str = "") -> Ran:
        return xlcheck(*self.arguments(*more, url=url))

    def files(self) -> list[str]:
        """The workbooks that were saved."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*.xls*"))
        return sorted(path.as_posix() for path in found)

    def listed(self) -> list[list[str]]:
        """The lines of the list of what is held back."""
        path = self.folder / "隔离清单.csv"
        if not path.exists():
            return []
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))[1:]


@pytest.fixture
def box(imap: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    monkeypatch.setenv(IMAP_VARIABLE, PASSWORD)
    return Box(imap, tmp_path)


def book(number: int) -> bytes:
    return workbook_of("市教育局", received=number)


def test_new_letters_go_into_the_folders_of_their_units(box: Box) -> None:
    box.deliver(
        letter(JYJ, attached(book(1)), subject="Re: 年报"),
        letter("wjw@example.org", attached(workbook_of(), "卫健委.xlsx")),
        letter(JYJ),
        letter("news@example.com"),
    )
    ran = box.fetch()
    assert (ran.code, ran.err) == (0, "")
    assert box.files() == ["市卫生健康委员会/卫健委.xlsx", "市教育局/年报.xlsx"]
    assert (box.folder / "市教育局" / "年报.xlsx").read_bytes() == book(1)
    assert f"{AT.astimezone():%Y-%m-%d %H:%M}　{JYJ}　“Re: 年报”\n  已保存　市教育局/年报.xlsx\n" in ran.out
    assert "已保存　市卫生健康委员会/卫健委.xlsx（封面没有填单位名称和代码）" in ran.out
    assert "没有工作簿，也没有年报" in ran.out
    assert "新信 4 封：保存 2 个文件，有内容被隔离的 0 封，与报送无关的 1 封" in ran.out
    assert ran.out.splitlines()[-2] == f"接下来：xlcheck verify {box.folder} -o 审核结果 --units {box.units}"
    assert "以前报送的不在" in ran.out.splitlines()[-1]
    assert not (box.folder / "隔离清单.csv").exists()


def test_what_was_saved_is_what_verify_finds(box: Box, tmp_path: Path) -> None:
    box.deliver(letter(JYJ, attached(book(6), "年报.审核.xlsx")), letter("x@example.com", attached(book(7))))
    assert box.fetch().code == 1
    ran = xlcheck("verify", box.folder, "-o", tmp_path / "out")
    assert ran.code == 0
    assert "市教育局/年报.xlsx" in ran.out
    assert "共 1 个文件" in ran.out


def test_a_file_is_as_old_as_its_letter(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))), letter(JYJ, attached(book(2))))
    box.fetch()
    dates = [(box.folder / name).stat().st_mtime for name in ("市教育局/年报.xlsx", "市教育局/年报_2.xlsx")]
    assert dates == [AT.timestamp(), AT.timestamp() + 60]


def test_the_mailbox_stays_as_it_was(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))))
    box.fetch()
    with box.server.client(box.user) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search("UNSEEN") == [1]
        assert client.search("DELETED") == []


def test_no_letter_is_taken_twice(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1)), message_id="<1@x>"))
    assert "已保存" in box.fetch().out
    ran = box.fetch()
    assert (ran.code, "已保存" in ran.out) == (0, False)
    assert "新信 0 封" in ran.out
    box.deliver(letter(JYJ, attached(book(2)), message_id="<2@x>"))
    assert "新信 1 封" in box.fetch().out
    assert box.files() == ["市教育局/年报.xlsx", "市教育局/年报_2.xlsx"]


def test_nor_when_the_server_numbers_all_letters_anew(box: Box) -> None:
    box.deliver(*(letter(JYJ, attached(book(n)), message_id=f"<{n}@x>") for n in range(3)))
    box.fetch()
    saved = box.files()
    with box.server.client(box.user) as client:
        before = client.select_folder("INBOX")[b"UIDVALIDITY"]
    time.sleep(1.1)  # UIDVALIDITY is made of the seconds
    box.server.forget_uids(box.user)
    with box.server.client(box.user) as client:
        assert client.select_folder("INBOX")[b"UIDVALIDITY"] != before
    assert "新信 0 封" in box.fetch().out
    assert box.files() == saved


def test_nor_when_a_copy_lies_in_another_folder(box: Box) -> None:
    raw = letter(JYJ, attached(book(1)), message_id="<1@x>")
    box.deliver(raw)
    box.fetch()
    with box.server.client(box.user) as client:
        client.create_folder("年报")
    box.deliver(b"Received: by filter\r\n" + raw, folder="年报")
    ran = box.fetch(url=box.server.url(box.user, "%E5%B9%B4%E6%8A%A5"))
    assert (ran.code, "新信 0 封" in ran.out) == (0, True)
    assert box.files() == ["市教育局/年报.xlsx"]


def test_the_same_workbook_again_is_noted_and_is_the_newest_again(box: Box) -> None:
    box.deliver(
        *(letter(JYJ, attached(data), message_id=f"<{n}@x>") for n, data in enumerate((book(1), book(2), book(1))))
    )
    ran = box.fetch()
    assert "已有　市教育局/年报.xlsx，内容相同，没有重复保存" in ran.out
    assert box.files() == ["市教育局/年报.xlsx", "市教育局/年报_2.xlsx"]
    first, second = (box.folder / "市教育局" / name for name in ("年报.xlsx", "年报_2.xlsx"))
    assert first.stat().st_mtime == second.stat().st_mtime + 60


def test_what_a_clerk_put_away_does_not_come_back(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1)), message_id="<1@x>"))
    box.fetch()
    (box.folder / "市教育局" / "年报.xlsx").unlink()
    box.deliver(letter(JYJ, attached(book(1)), message_id="<2@x>"))
    assert box.fetch().code == 0
    assert box.files() == []


def test_a_lost_ledger_makes_no_second_files(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))), letter(JYJ, attached(book(2))))
    box.fetch()
    saved = box.files()
    for path in (box.folder / ".xlcheck").iterdir():
        path.unlink()
    assert "保存 2 个文件" in box.fetch().out
    assert box.files() == saved


def test_somebody_else_is_quarantined_and_listed(box: Box) -> None:
    raw = letter("boss@example.com", attached(book(1)), subject="=HYPERLINK(1)\u202e")
    box.deliver(raw)
    ran = box.fetch()
    assert ran.code == 1
    assert "隔离　发件人“boss@example.com”不在单位名单的电子邮箱里" in ran.out
    assert "\u202e" not in ran.out
    assert box.files() == []
    ((when, sender, subject, name, reason, kept),) = box.listed()
    assert (when, sender) == (f"{AT.astimezone():%Y-%m-%d %H:%M}", "boss@example.com")
    assert (subject, name) == ("'=HYPERLINK(1)\ufffd", "")
    assert reason.startswith("发件人“boss@example.com”不在")
    assert (box.folder / kept).read_bytes() == raw
    assert box.fetch().code == 0
    (box.folder / kept).unlink()
    box.fetch()
    assert box.listed() == []


def test_a_sender_who_is_listed_later_is_let_in(box: Box) -> None:
    box.deliver(letter("new@example.org", attached(workbook_of())))
    assert box.fetch().code == 1
    with box.units.open("a", encoding="utf-8") as units:
        units.write("新设的局,,new@example.org\n")
    ran = box.fetch()
    assert (ran.code, box.files(), box.listed()) == (0, ["新设的局/年报.xlsx"], [])
    assert list((box.folder / "隔离").iterdir()) == []
    assert "新信 0 封" in box.fetch().out


def test_also_when_all_letters_got_new_numbers_meanwhile(box: Box) -> None:
    box.deliver(letter("new@example.org", attached(workbook_of())))
    box.fetch()
    time.sleep(1.1)
    box.server.forget_uids(box.user)
    assert (box.fetch().code, len(box.listed())) == (0, 1)
    with box.units.open("a", encoding="utf-8") as units:
        units.write("新设的局,,new@example.org\n")
    assert (box.fetch().code, box.files(), box.listed()) == (0, ["新设的局/年报.xlsx"], [])


def test_part_of_a_letter_may_be_held_back(box: Box) -> None:
    box.deliver(
        letter(
            "jiedao@example.org",
            attached(workbook_of("江南街道")),
            attached(b"PK\3\4", "a.zip"),
            attached(workbook_of("市教育局"), "b.xlsx"),
        )
    )
    ran = box.fetch()
    assert (ran.code, box.files()) == (1, ["江南街道/年报.xlsx"])
    assert [line[3:5] for line in box.listed()] == [
        ["a.zip", "附件是压缩包，没有打开；请对方直接发送工作簿"],
        ["b.xlsx", "封面是“市教育局”的，发件人却是“江北街道”、“江南街道”的；请核实后人工处理"],
    ]


HOSTILE_NAMES = (
    "../../../evil.xlsx",
    "/etc/evil.xlsx",
    "..\\evil.xlsx",
    "CON.xlsx",
    "a" * 500 + ".xlsx",
    "\u202exslx.exe.xlsx",
    "~$x.xlsx",
    ".x.xlsx",
    "a\nb.xlsx",
    "x.审核.xlsx",
)


def test_hostile_names_stay_in_the_folder_of_their_unit(box: Box) -> None:
    box.deliver(letter(JYJ, *(attached(book(n), name) for n, name in enumerate(HOSTILE_NAMES))))
    assert box.fetch().code == 0
    assert {Path(saved).parent for saved in box.files()} == {Path("市教育局")}
    found = xlcheck("verify", box.folder, "-o", box.folder.parent / "out").out
    assert f"共 {len(HOSTILE_NAMES)} 个文件" in found


def test_equal_names_get_numbers_also_where_only_the_case_differs(box: Box) -> None:
    box.deliver(
        letter(
            JYJ,
            attached(book(1), "A.xlsx"),
            attached(book(2), "a.xlsx"),
            attached(book(3), "A.XLSX"),
            attached(book(1), "a.xlsx"),
        )
    )
    box.fetch()
    assert box.files() == ["市教育局/A.xlsx", "市教育局/A_3.xlsx", "市教育局/a_2.xlsx"]


def test_large_letters_are_listed_and_fetched_once_they_may_be(box: Box) -> None:
    import random

    noise = random.Random(1).randbytes(2 << 20)
    box.deliver(letter(JYJ, attached(book(1)), attached(noise, "photo.jpg"), subject="大信"))
    ran = box.fetch("--max-size", "1")
    assert (ran.code, box.files()) == (1, [])
    assert "信有 2.8 MB，超过 1 MB，没有取" in ran.out
    assert [line[1:3] for line in box.listed()] == [[JYJ, "大信"]]
    assert box.fetch("--max-size", "1").code == 0
    ran = box.fetch()
    assert (ran.code, box.files(), box.listed()) == (0, ["市教育局/年报.xlsx"], [])
    assert "没有取的其他附件：“photo.jpg”" in ran.out


def test_a_run_ends_after_so_many_letters_and_the_next_goes_on(box: Box) -> None:
    box.deliver(*(letter(JYJ, attached(book(n))) for n in range(3)))
    ran = box.fetch("--max-count", "2")
    assert (ran.code, len(box.files())) == (1, 2)
    assert "还有 1 封没有取" in ran.out
    assert (box.fetch("--max-count", "2").code, len(box.files())) == (0, 3)


def test_older_letters_can_be_left_out_and_deleted_ones_are(box: Box) -> None:
    box.server.deliver(box.user, letter(JYJ, attached(book(1))), at=AT - datetime.timedelta(days=30))
    box.deliver(letter(JYJ, attached(book(2))), letter(JYJ, attached(book(3))))
    with box.server.client(box.user) as client:
        client.select_folder("INBOX")
        client.delete_messages([3])
    box.fetch("--since", "2025-11-01")
    assert (box.folder / "市教育局" / "年报.xlsx").read_bytes() == book(2)
    assert len(box.files()) == 1
    box.fetch()
    assert len(box.files()) == 2


def test_json(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))), letter("x@example.com", attached(book(1)), subject="年报"))
    ran = box.fetch("--format", "json")
    document = json.loads(ran.out)
    assert ran.code == 1
    assert document["schema"] == 1
    assert document["summary"] == {
        "letters": 2,
        "saved": 1,
        "repeated": 0,
        "held": 1,
        "unrelated": 0,
        "known": 0,
        "left": 0,
    }
    first, second = document["letters"]
    assert first["items"] == [
        {"name": "年报.xlsx", "state": "saved", "unit": "市教育局", "path": "市教育局/年报.xlsx", "reason": ""}
    ]
    assert datetime.datetime.fromisoformat(first["received"]) == AT
    assert (second["state"], second["subject"], second["kept"][:3]) == ("stranger", "年报", "隔离/")


def test_the_example_of_the_page(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    monkeypatch.chdir(box.folder.parent)
    box.deliver(
        letter(JYJ, attached(book(1))),
        letter(
            "jiedao@example.org",
            attached(workbook_of("江南街道"), "江南.xlsx"),
            attached(b"PK\3\4", "江北.zip"),
            subject="街道年报",
        ),
        letter("someone@example.com", attached(book(1)), subject="年报"),
        letter("news@example.com"),
    )
    trust = ("--ca", str(box.server.certificate))
    ran = xlcheck("inbox", box.server.url(box.user), "-o", "收件", "--units", "单位名单.csv", *trust)
    page = (ROOT / "docs" / "use" / "commands" / "inbox.md").read_text(encoding="utf-8")
    shown = page.partition("--units 单位名单.csv\n2025")[2].partition("```")[0]
    assert re.sub("-[0-9a-f]{12}", "", ran.out) == "2025" + re.sub("-[0-9a-f]{12}", "", shown)
    monkeypatch.undo()
    time.tzset()


# --- the connection --------------------------------------------------------------------------------------------------


def test_starttls(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))))
    ran = box.fetch(url=f"imap://{box.user}@127.0.0.1:{box.server.imap}/inbox")
    assert (ran.code, box.files()) == (0, ["市教育局/年报.xlsx"])
    assert "新信 0 封" in box.fetch().out


def test_a_server_without_tls_is_told_no_password(box: Box) -> None:
    with running(tls="no") as bare:
        ran = box.fetch(url=f"imap://{box.user}@127.0.0.1:{bare.imap}/INBOX")
        log = bare.root / "log"
        told = False  # Dovecot writes it a little later
        for _ in range(100):
            told = "no auth attempts" in log.read_text()
            if told:
                break
            time.sleep(0.1)
    assert (ran.code, ran.out) == (2, "")
    assert "不支持加密连接，没有登录" in ran.err
    assert told


def test_a_wrong_password(box: Box, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("geheim")
    ran = box.fetch("--password-file", str(tmp_path / "password"))
    assert (ran.code, ran.out) == (2, "")
    assert f"不让“{box.user}”登录（它说：" in ran.err
    assert "请检查用户名和密码；QQ、163 等邮箱要在邮箱的网页上开启 IMAP/SMTP 服务，并用那里生成的授权码" in ran.err
    assert "geheim" not in ran.err
    assert not box.folder.exists()


def test_a_certificate_that_nobody_vouches_for(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))))
    for url in (box.server.url(box.user), f"imap://{box.user}@127.0.0.1:{box.server.imap}/INBOX"):
        arguments = [a for a in box.arguments(url=url) if a not in ("--ca", str(box.server.certificate))]
        ran = xlcheck(*arguments)
        assert ran.code == 2
        assert "证书不可信" in ran.err
        assert xlcheck(*arguments, "--insecure", "localhost").code == 2
        assert xlcheck(*arguments, "--insecure", "127.0.0.1").code == 0


def test_a_certificate_of_another_host(box: Box) -> None:
    ran = box.fetch(url=f"imaps://{box.user}@localhost:{box.server.imaps}/INBOX")
    assert (ran.code, "证书不可信" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("imaps://{user}@127.0.0.1:{imaps}/%E6%B2%A1%E6%9C%89", "邮箱里打不开文件夹“没有”（服务器说："),
        ("imaps://{user}@127.0.0.1:1/INBOX", "服务器拒绝连接"),
        ("imaps://{user}@nowhere.invalid/INBOX", "找不到服务器“nowhere.invalid”"),
        ("imaps://{user}@127.0.0.1:{imap}/INBOX", "加密连接没有建立"),
        ("imaps://{user}:secret@127.0.0.1:{imaps}/INBOX", "服务器地址里不能写密码"),
        ("imaps://127.0.0.1:{imaps}/INBOX", "服务器地址里没有用户名"),
        ("pop3://{user}@127.0.0.1/", "以 imaps:// 或 imap:// 开头"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_one_sentence(box: Box, url: str, said: str) -> None:
    ran = box.fetch(url=url.format(user=box.user, imap=box.server.imap, imaps=box.server.imaps))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


@contextmanager
def dropping(port: int, after: int) -> Iterator[int]:
    """A way to the server that breaks after so many bytes from it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, target: socket.socket, most: float) -> None:
        passed = 0
        try:
            while passed < most and (data := source.recv(4096)):
                target.sendall(data)
                passed += len(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def serve() -> None:
        inside, _ = listener.accept()
        with inside, socket.create_connection(("127.0.0.1", port)) as outside:
            up = threading.Thread(target=pump, args=(inside, outside, float("inf")))
            up.start()
            pump(outside, inside, after)
            up.join()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(20)
        listener.close()


@pytest.mark.parametrize("after", [500, 6_000, 40_000, 90_000, 150_000])
def test_a_connection_that_drops_is_one_sentence_and_the_next_run_goes_on(box: Box, after: int) -> None:
    box.deliver(*(letter(JYJ, attached(book(n), f"{n}.xlsx")) for n in range(10)))
    with dropping(box.server.imaps, after) as port:
        ran = box.fetch(url=f"imaps://{box.user}@127.0.0.1:{port}/INBOX")
    assert ran.code == 2
    assert "中断" in ran.err
    assert ran.err.count("\n") == 1
    before = ran.out.count("已保存")
    again = box.fetch()
    assert (again.code, before + again.out.count("已保存")) == (0, 10)
    assert box.files() == [f"市教育局/{n}.xlsx" for n in range(10)]


@contextmanager
def opened(box: Box) -> Iterator[Mailbox]:
    account = parse_account(box.server.url(box.user), "imaps")
    with open_mailbox(account, PASSWORD, tls_context(account, box.server.certificate)) as mailbox:
        yield mailbox


def test_letters_are_asked_for_in_windows_of_numbers(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    uids = box.deliver(*(letter(JYJ, subject=str(n)) for n in range(7)))
    monkeypatch.setattr(imap, "_WINDOW", 3)
    with opened(box) as mailbox:
        assert mailbox.uids() == uids == [1, 2, 3, 4, 5, 6, 7]
        assert [envelope.uid for envelope in mailbox.envelopes([7, 99, 2])] == [7, 2]
        assert mailbox.letter(99) is None
        assert mailbox.head(2) == b"From: jyj@example.org\r\nSubject: 1\r\n\r\n"


def test_a_letter_that_the_server_does_not_give_is_asked_for_again(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))))
    listed = parse_units(UNITS.encode()).units
    with opened(box) as mailbox, open_ledger(box.folder) as ledger:
        sorting = Sorting(listed, addresses(listed), form(), "")
        opening = partial(open_letter, sorting=sorting)
        desk = Desk(box.folder, ledger, listed, file_stems(listed), addresses(listed), "box", opening)
        arrival = receive(mailbox, desk, Envelope(99, 100, AT), FetchLimits())
        assert (arrival.state, arrival.is_held) == ("unavailable", True)
        assert ledger.settled("box", mailbox.validity, 1, ()) == set()


def test_one_run_fetches_so_many_letters_and_bytes() -> None:
    letters = [Envelope(n, size, AT) for n, size in enumerate((50, 90, 1_000, 20, 30))]

    def uids(**limits: int) -> list[int]:
        return [envelope.uid for envelope in within(letters, FetchLimits(**limits))]

    assert uids() == [0, 1, 2, 3, 4]
    assert uids(letters=2) == [0, 1]
    assert uids(total_bytes=160, letter_bytes=100) == [0, 1, 2, 3]
    assert uids(total_bytes=10) == [0]


# --- being stopped ---------------------------------------------------------------------------------------------------

_STOPPED = """
import os, sys
from xlcheck.commands import chinese
from xlcheck.commands.cli import cli
from xlcheck.mail.fetching import ledger, receive

where, left = sys.argv[1], int(sys.argv[2])

def stopping(call):
    def stop(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return call(*arguments, **options)
    return stop

if where == "before a file":
    receive.write_bytes = stopping(receive.write_bytes)
elif where == "after a file":
    os.fsync = stopping(os.fsync)
else:
    ledger.InboxLedger.settle = stopping(ledger.InboxLedger.settle)
sys.exit(chinese.run_command(cli, "xlcheck", sys.argv[3:]))
"""


@pytest.mark.parametrize("where", ["before a file", "after a file", "before it is noted"])
def test_whoever_is_stopped_anywhere_loses_nothing_and_saves_nothing_twice(box: Box, where: str) -> None:
    box.deliver(
        *(letter(JYJ, attached(book(n)), attached(book(n + 9)), attached(b"PK\3\4", "a.zip")) for n in range(2))
    )
    for left in (1, 2):
        done = subprocess.run(
            [sys.executable, "-c", _STOPPED, where, str(left), *box.arguments()], check=False, capture_output=True
        )
        assert done.returncode in (9, 0, 1), done.stderr.decode()
        assert not done.stderr, done.stderr.decode()
        assert done.returncode == 9 or left > 1
    assert box.fetch().code in (0, 1)
    assert sorted((box.folder / name).read_bytes() for name in box.files()) == sorted(book(n) for n in (0, 1, 9, 10))
    assert [line[3] for line in box.listed()] == ["a.zip", "a.zip"]
    assert len(list((box.folder / "隔离").iterdir())) == 2


def test_killed_in_the_middle_it_goes_on(box: Box) -> None:
    box.deliver(*(letter(JYJ, attached(book(n), f"{n}.xlsx")) for n in range(20)))
    folder = box.folder / "市教育局"
    for wanted in (1, 9):
        running = subprocess.Popen([*PROGRAM, *box.arguments()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while running.poll() is None and (not folder.exists() or len(list(folder.glob("*.xlsx"))) < wanted):
            time.sleep(0.002)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    assert len(list(folder.glob("*.xlsx"))) < 20
    assert box.fetch().code == 0
    assert sorted(box.files()) == sorted(f"市教育局/{n}.xlsx" for n in range(20))
    assert all((folder / f"{n}.xlsx").read_bytes() == book(n) for n in range(20))


def test_two_at_once_are_kept_apart(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))))
    with open_ledger(box.folder):
        ran = box.fetch()
    assert (ran.code, "另一处正在往" in ran.err) == (2, True)
    assert box.fetch().code == 0


# --- what else can be wrong ------------------------------------------------------------------------------------------


def test_a_damaged_ledger(box: Box) -> None:
    (box.folder / ".xlcheck").mkdir(parents=True)
    (box.folder / ".xlcheck" / "inbox.sqlite").write_bytes(b"no database at all" * 100)
    ran = box.fetch()
    assert (ran.code, "请把它改名移走后重新运行" in ran.err) == (2, True)


def test_a_folder_that_cannot_be_made_or_written(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))))
    box.folder.write_text("a file")
    assert "无法建立文件夹" in box.fetch().err
    box.folder.unlink()
    box.folder.mkdir()
    (box.folder / "市教育局").write_text("a file")
    ran = box.fetch()
    assert (ran.code, "无法写入文件夹" in ran.err) == (2, True)
    (box.folder / "市教育局").unlink()
    assert (box.fetch().code, box.files()) == (0, ["市教育局/年报.xlsx"])


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("单位名称\n市教育局\n", "里没有电子邮箱，无法核对发件人"),
        ("name\n甲\n甲\n", "重复"),
        (None, "无法读取单位名单"),
    ],
)
def test_a_list_that_cannot_be_used(box: Box, units: str | None, said: str) -> None:
    if units is None:
        box.units.unlink()
    else:
        box.units.write_text(units, encoding="utf-8")
    ran = box.fetch()
    assert (ran.code, said in ran.err) == (2, True)


def test_as_a_process_with_the_password_from_the_environment(box: Box) -> None:
    box.deliver(letter(JYJ, attached(book(1))))
    ran = process(*box.arguments(), env={IMAP_VARIABLE: PASSWORD})
    assert (ran.code, box.files()) == (0, ["市教育局/年报.xlsx"])
    assert PASSWORD not in ran.out + ran.err


def test_without_the_library_it_is_said_what_to_install(box: Box, tmp_path: Path) -> None:
    code = "import sys\nsys.modules['imapclient'] = None\nfrom xlcheck.commands.cli import main\nsys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code, *box.arguments()], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "收信要用到的程序库没有安装，请运行：pip install 'xlcheck[mail]'\n"


def test_a_day_that_is_none(box: Box) -> None:
    ran = box.fetch("--since", "2025-13-01")
    assert (ran.code, "选项“--since”不对：要写成 2026-01-20 这样的日期。" in ran.err) == (2, True)


def test_a_forged_letter_does_not_make_the_genuine_one_vanish(box: Box) -> None:
    genuine = letter(JYJ, attached(book(1)), message_id="<1@example.org>")
    failed, passed = (f"Authentication-Results: mx.example.org; dmarc={said}\r\n".encode() for said in ("fail", "pass"))
    empty = genuine.replace(b"multipart/mixed", b"text/plain", 1)  # the same body, and nothing is attached
    box.deliver(failed + genuine, passed + empty, passed + genuine)
    ran = box.fetch("--authserv-id", "mx.example.org")
    assert (ran.code, box.files()) == (1, ["市教育局/年报.xlsx"])
    assert [line[4].partition("（")[0] for line in box.listed()] == ["邮件服务器认为发件人的地址是冒用的"]
