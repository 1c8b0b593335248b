"""Fetching letters as a task: each is told as it comes, and trouble is one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.servers.dovecot import PASSWORD, Server, a_mailbox
from tests.servers.replies import attached, letter, workbook_of
from xlcheck.mail.fetching.receive import SavedFile
from xlcheck.tasks.events import Event, LetterFetched, ignore
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.inbox import IMAP_VARIABLE, Fetched, InboxOptions, checked_before, fetch_letters
from xlcheck.tasks.options import Options
from xlcheck.tasks.plan import plan_batch
from xlcheck.tasks.verify import check_batch

pytestmark = pytest.mark.xdist_group("dovecot")

UNITS = "单位名称,电子邮箱\n市教育局,jyj@example.org\n".encode()


def test_each_letter_is_told_and_the_rest_is_counted(
    imap: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IMAP_VARIABLE, PASSWORD)
    user = a_mailbox()
    wanted = InboxOptions(imap.url(user), tmp_path / "收件", UNITS, letters=2, authorities=imap.certificate)
    imap.deliver(user, *(letter("jyj@example.org", attached(workbook_of("市教育局", received=n))) for n in range(3)))
    events: list[Event] = []
    assert fetch_letters(wanted, events.append) == Fetched(1, "")
    assert fetch_letters(wanted, events.append) == Fetched(0, "")
    arrivals = [event.arrival for event in events if isinstance(event, LetterFetched)]
    assert [(one.sender, [item.state for item in one.items]) for one in arrivals] == [
        ("jyj@example.org", ["saved"])
    ] * 3
    assert len(list((tmp_path / "收件" / "市教育局").glob("*.xlsx"))) == 3


def test_a_letter_is_done_with_only_when_its_workbooks_were_handed_on(
    imap: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IMAP_VARIABLE, PASSWORD)
    user = a_mailbox()
    wanted = InboxOptions(imap.url(user), tmp_path / "收件", UNITS, authorities=imap.certificate)
    books = [workbook_of("市教育局", received=n) for n in range(3)]
    both = letter("jyj@example.org", attached(books[0]), attached(books[1]))
    imap.deliver(
        user, both, letter("jyj@example.org", attached(books[2])), letter("jyj@example.org", attached(books[0]))
    )
    handed: list[SavedFile] = []

    def hand_on(saved: SavedFile) -> None:
        handed.append(saved)
        if len(handed) == 2:
            raise CannotDo("output", "没有地方")

    assert fetch_letters(wanted, hand_on=hand_on) == Fetched(3, "没有地方")
    assert fetch_letters(wanted, hand_on=hand_on) == Fetched(0, "")
    assert fetch_letters(wanted, hand_on=hand_on) == Fetched(0, "")
    first, second, again, same, third, repeated = handed
    assert (again, same) == (first, second)
    assert len({one.origin for one in handed}) == 4
    assert [books.index(one.data) for one in (first, second, third, repeated)] == [0, 1, 2, 0]
    assert all(one.path.read_bytes() == one.data and one.unit.name == "市教育局" for one in handed)
    assert len(list((tmp_path / "收件" / "市教育局").glob("*.xlsx"))) == 3


def test_trouble_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(IMAP_VARIABLE, raising=False)
    (tmp_path / "password").write_text("secret\n")
    good = InboxOptions("imaps://a@localhost:1/INBOX", tmp_path / "收件", UNITS, password_file=tmp_path / "password")
    for wrong, code in (
        (good._replace(form="x"), "form"),
        (good._replace(units="name\n市教育局\n".encode()), "units"),
        (good._replace(units=tmp_path / "nowhere.csv"), "units"),
        (good._replace(url="imaps://localhost/INBOX"), "letters"),
        (good._replace(password_file=tmp_path / "nowhere"), "letters"),
        (good._replace(authorities=tmp_path / "password"), "letters"),
        (good, "letters"),
    ):
        with pytest.raises(CannotDo) as caught:
            fetch_letters(wrong)
        assert (caught.value.code, caught.value.message != "") == (code, True)
    assert not (tmp_path / "收件").exists()


def test_what_was_checked_before_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert checked_before(Path("审核结果"), Path("收件")) == ()
    for path in ("报送/a.xlsx", "报送/下级/b.xlsx", "另报/c.xlsx", "d.xlsx", "收件/市教育局/e.xlsx"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(workbook_of("市教育局"))
    check_batch(plan_batch(["报送", "另报", "d.xlsx", "收件"], Options(out="审核结果")), ignore)
    assert checked_before(Path("审核结果"), Path("收件")) == ("报送", "另报", "d.xlsx")
    shutil.rmtree("另报")
    assert checked_before(Path("审核结果"), tmp_path / "收件") == ("报送", "d.xlsx")
    Path("审核结果/results.json").write_text("{", encoding="utf-8")
    assert checked_before(Path("审核结果"), Path("收件")) == ()
