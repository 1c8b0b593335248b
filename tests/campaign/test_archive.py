"""The archive holds all that stands in the ledger at one moment, tells what was changed since, and is a ledger again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.making.campaigns import BEFORE, WRONG, address_of, handed_in, made_campaign, states, taken, unit_of
from tests.servers.postgres import DatabaseServer
from xlcheck.campaign.acts import note_call, return_to
from xlcheck.campaign.addressing import LetterWish
from xlcheck.campaign.archive import InvalidArchive, archive_campaign, verify_archive
from xlcheck.campaign.ledger.access import (
    api_tokens,
    begin_session,
    enter_user,
    grant_link,
    grant_token,
    links_of,
    office_users,
)
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.schema import CONTENTS, LINKS, METADATA, SESSIONS, TOKENS, USER_ENTRIES
from xlcheck.campaign.ledger.transfer import TABLES, content_digests, table_rows
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.campaign.restoring import restore_campaign
from xlcheck.campaign.sending import PostOptions, send_campaign_letters
from xlcheck.campaign.settings import SendSettings, load_settings, write_settings
from xlcheck.mail.address import parse_address
from xlcheck.web.passwords import is_password


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenCampaign]:
    folder = made_campaign(tmp_path / "2025")
    write_settings(folder, load_settings(folder)._replace(send=SendSettings("gkb@qq.com")))
    with open_campaign(folder) as campaign:
        found = taken(campaign, handed_in(**WRONG))
        taken(campaign, handed_in("市档案局"))
        return_to(campaign, found.arrival.id, "王科", BEFORE, "请核对")
        note_call(campaign, unit_of(campaign, "市水利局").id, "王科", BEFORE)
        yield campaign


@pytest.fixture
def archive(opened: OpenCampaign, tmp_path: Path) -> Path:
    archive_campaign(opened, tmp_path / "a.zip", BEFORE)
    return tmp_path / "a.zip"


def everything(opened: OpenCampaign) -> dict[str, object]:
    with reading(opened.engine) as connection:
        rows: dict[str, object] = {name: list(table_rows(connection, table)) for name, table in TABLES.items()}
        return {**rows, "content": content_digests(connection)}


def test_what_is_restored_is_what_was_there(opened: OpenCampaign, archive: Path, tmp_path: Path) -> None:
    counts = verify_archive(archive)
    assert (counts.campaigns, counts.contents) == (1, len(everything(opened)["content"]))  # type: ignore[arg-type]
    assert restore_campaign(archive, tmp_path / "恢复") == counts
    with open_campaign(tmp_path / "恢复") as restored:
        assert everything(restored) == everything(opened)
        assert restored.settings.send.smtp == "gkb@qq.com"
        assert taken(restored, handed_in(), at=BEFORE + 1).arrival.number == 2  # numbers go on
    with pytest.raises(InvalidArchive, match="已经是"):
        restore_campaign(archive, tmp_path / "恢复")
    with pytest.raises(InvalidArchive, match="那里已有台账"):
        restore_campaign(archive, tmp_path / "另外", "../恢复/台账.sqlite")


def test_it_goes_from_one_kind_of_database_into_the_other(
    opened: OpenCampaign, archive: Path, tmp_path: Path, postgres: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore_campaign(archive, tmp_path / "服务器", address_of(postgres.make("restored"), monkeypatch))
    with open_campaign(tmp_path / "服务器") as restored:
        assert everything(restored) == everything(opened)
        assert taken(restored, handed_in(), at=BEFORE + 1).arrival.number == 2  # what is new is numbered behind
        archive_campaign(restored, tmp_path / "b.zip", BEFORE)
        restore_campaign(tmp_path / "b.zip", tmp_path / "回来")
        with open_campaign(tmp_path / "回来") as again:
            assert everything(again) == everything(restored)
            assert states(again)["市教育局"] == ("passed", 2)


def test_people_find_a_file_in_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as box:
        rows = list(csv.DictReader(io.StringIO(box.read("目录.csv").decode("utf-8-sig"))))
        assert [row["单位"] for row in rows] == ["市教育局", "（归属不明）"]
        assert (rows[0]["第几次"], rows[0]["结论"], rows[0]["报送时间"]) == ("1", "不通过", "2026-01-19 13:20")
        assert box.read(rows[0]["原件"]) == handed_in(**WRONG)
        assert box.read(rows[0]["审核副本"]).startswith(b"PK")


def test_the_same_ledger_gives_the_same_bytes(opened: OpenCampaign, archive: Path, tmp_path: Path) -> None:
    archive_campaign(opened, tmp_path / "b.zip", BEFORE)
    assert (tmp_path / "b.zip").read_bytes() == archive.read_bytes()


@pytest.fixture
def secrets(opened: OpenCampaign) -> list[str]:
    """What of a public server's ledger lets somebody in, or is a hash of it."""
    with writing(opened.engine) as connection:
        user = enter_user(connection, "张三", "$argon2id$v=19$abc", "经办", BEFORE, "本机", must_change=False)
        enter_user(connection, "张三", "$argon2id$v=19$def", "查看", BEFORE, "本机", must_change=True)
        begin_session(connection, user, BEFORE, BEFORE + 9)
        grant_link(connection, unit_of(opened, "市水利局").id, BEFORE, "张三")
        grant_token(connection, "另一个系统", "查看", BEFORE, BEFORE + 9, "张三")
        tables = (USER_ENTRIES, SESSIONS, LINKS, TOKENS)
        rows = [row for table in tables for row in table_rows(connection, table)]
    return [row[name] for row in rows for name in ("password", "hash") if name in row]


@pytest.mark.parametrize("has_hashes", [False, True], ids=["now", "as earlier versions wrote it"])
def test_nothing_in_it_lets_anybody_in(
    opened: OpenCampaign, secrets: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_hashes: bool
) -> None:
    if has_hashes:
        monkeypatch.setattr("xlcheck.campaign.archive.harmless_rows", lambda _, rows: rows)
        every = {table.name: table for table in METADATA.sorted_tables if table is not CONTENTS}
        monkeypatch.setattr("xlcheck.campaign.archive.TABLES", every)
    archive_campaign(opened, tmp_path / "a.zip", BEFORE)
    with zipfile.ZipFile(tmp_path / "a.zip") as box:
        text = b"".join(box.read(name) for name in box.namelist() if name.startswith("rows/"))
    assert len(secrets) == 5
    assert [one.encode() in text for one in secrets] == [has_hashes] * 5
    assert restore_campaign(tmp_path / "a.zip", tmp_path / "恢复").users == 1
    with open_campaign(tmp_path / "恢复") as restored, writing(restored.engine) as connection:
        (user,) = office_users(connection)
        assert (user.name, user.password, user.role, user.must_change) == ("张三", "", "查看", True)
        assert links_of(connection, unit_of(restored, "市水利局").id) == ()
        assert api_tokens(connection) == ()
        assert not is_password("", user.password)
        assert enter_user(connection, "张三", "$2", "查看", BEFORE, "本机", must_change=True).id == user.id
        grant_link(connection, unit_of(restored, "市水利局").id, BEFORE, "张三")


def rewritten(archive: Path, changes: dict[str, bytes | None]) -> Path:
    """The archive with members that hold something else, or are gone."""
    with zipfile.ZipFile(archive) as box:
        members = {name: box.read(name) for name in box.namelist()}
    with zipfile.ZipFile(archive, "w") as box:
        for name, data in {**members, **changes}.items():
            if data is not None:
                box.writestr(name, data)
    return archive


@pytest.mark.parametrize(
    "kind", ["content", "rows", "settings", "gone", "more", "manifest", "later", "cut", "other", "none"]
)
def test_what_was_changed_is_told(archive: Path, tmp_path: Path, kind: str) -> None:
    with zipfile.ZipFile(archive) as box:
        names = box.namelist()
        content = next(name for name in names if name.startswith("content/"))
        units = box.read("rows/unit_entry.jsonl")
        manifest = json.loads(box.read("manifest.json"))
    if kind == "cut":
        archive.write_bytes(archive.read_bytes()[:-100])
    elif kind == "other":
        archive.write_bytes(b"PK\5\6" + bytes(18))
    elif kind == "none":
        archive.unlink()
    else:
        changes: dict[str, dict[str, bytes | None]] = {
            "content": {content: b"other"},
            "rows": {"rows/unit_entry.jsonl": units.replace("市水利局".encode(), "市水务局".encode())},
            "settings": {"campaign.toml": b"campaign = 1"},
            "gone": {content: None},
            "more": {"rows/more.jsonl": b"{}\n"},
            "manifest": {"manifest.json": b"{}"},
            "later": {"manifest.json": json.dumps({**manifest, "archive": 2}).encode()},
        }
        rewritten(archive, changes[kind])
    with pytest.raises(InvalidArchive) as error:
        verify_archive(archive)
    assert str(archive) in error.value.message
    with pytest.raises(InvalidArchive):
        restore_campaign(archive, tmp_path / "恢复")
    assert not (tmp_path / "恢复").exists()


def test_a_content_that_rows_name_and_nobody_lists_is_missed(archive: Path) -> None:
    with zipfile.ZipFile(archive) as box:
        manifest = json.loads(box.read("manifest.json"))
        content = next(name for name in box.namelist() if name.startswith("content/"))
    del manifest["members"][content]
    rewritten(archive, {content: None, "manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(InvalidArchive, match="缺少 1 份"):
        verify_archive(archive)


def test_rows_of_earlier_versions_name_fewer_contents(opened: OpenCampaign, tmp_path: Path) -> None:
    post = PostOptions(None, parse_address("gk@example.org"))
    assert send_campaign_letters(opened, LetterWish("reminders"), post, "王科").went
    archive_campaign(opened, tmp_path / "a.zip", BEFORE)
    turns = "rows/letter_turn.jsonl"
    with zipfile.ZipFile(tmp_path / "a.zip") as box:
        rows = [json.loads(line) for line in box.read(turns).splitlines()]
        manifest = json.loads(box.read("manifest.json"))
    assert all(row.pop("text_digest") for row in rows[-2:])
    lines = "".join(json.dumps({**row, "text_digest": None}) + "\n" for row in rows)
    for text in (lines, lines.replace(', "text_digest": null', "")):
        manifest["members"][turns]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        changes: dict[str, bytes | None] = {turns: text.encode(), "manifest.json": json.dumps(manifest).encode()}
        assert verify_archive(rewritten(tmp_path / "a.zip", changes)).campaigns == 1


def test_it_is_of_one_moment_while_others_write(opened: OpenCampaign, tmp_path: Path) -> None:
    stop = threading.Event()

    def calls() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            note_call(opened, unit_of(opened, "市水利局").id, "王科", BEFORE + number, f"{number}")

    other = threading.Thread(target=calls)
    other.start()
    try:
        for number in range(3):
            archive_campaign(opened, tmp_path / f"{number}.zip", BEFORE)
            verify_archive(tmp_path / f"{number}.zip")
    finally:
        stop.set()
        other.join()
    restore_campaign(tmp_path / "2.zip", tmp_path / "恢复")
    with open_campaign(tmp_path / "恢复") as restored:
        assert states(restored) == states(opened)


def test_one_that_cannot_be_written_leaves_the_one_before(
    opened: OpenCampaign, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive.read_bytes()

    def fails(*_: object) -> None:
        raise InvalidArchive("里的“x”与写的时候不一样")

    with monkeypatch.context() as patch:
        patch.setattr("xlcheck.campaign.archive._verified", fails)
        with pytest.raises(InvalidArchive):
            archive_campaign(opened, archive, BEFORE)
    assert archive.read_bytes() == before
    with pytest.raises(InvalidArchive, match="无法写出"):
        archive_campaign(opened, archive.parent / "none" / "a.zip", BEFORE)
