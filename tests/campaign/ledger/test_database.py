"""One writer at a time, readers of one moment, and trouble in a clerk's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from tests.making.ledgers import a_campaign
from tests.servers.postgres import DatabaseServer
from xlcheck.campaign.ledger import database
from xlcheck.campaign.ledger.campaigns import (
    all_terms,
    campaign_of,
    enter_campaign,
    enter_terms,
    ledger_campaigns,
    terms_of,
)
from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
from xlcheck.campaign.ledger.values import ActRefused
from xlcheck.model.errors import LedgerTrouble


def names(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [one.name for one in ledger_campaigns(connection)]


def test_what_ends_with_an_error_never_was(engine: Engine) -> None:
    with pytest.raises(ActRefused), writing(engine) as connection:
        [a_campaign(connection, ["甲局"], name) for name in ("一", "一")]
    assert names(engine) == []


def test_a_reader_sees_one_moment_and_keeps_nobody_waiting(engine: Engine) -> None:
    with reading(engine) as reader:
        assert ledger_campaigns(reader) == ()
        with writing(engine) as connection:
            a_campaign(connection, ["甲局"])
        assert ledger_campaigns(reader) == ()
    assert names(engine) == ["年报"]


def test_a_reader_writes_nothing(engine: Engine) -> None:
    with pytest.raises(LedgerTrouble), reading(engine) as connection:
        a_campaign(connection, ["甲局"])
    assert names(engine) == []
    with writing(engine) as connection:  # on the same connection of the pool
        a_campaign(connection, ["甲局"])
    assert names(engine) == ["年报"]


def test_who_waits_for_a_writer_too_long_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, opened: Callable[[], Engine]
) -> None:
    monkeypatch.setattr(database, "_WAIT", 0.2)
    with writing(engine), pytest.raises(LedgerTrouble, match="正被别人使用，请稍后再试"), writing(opened()):
        pass


def test_campaigns_and_what_their_offices_announce(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        later = terms_of(connection, campaign.id)._replace(deadline=None, by="李科")
        before = all_terms(connection, campaign.id)
        enter_terms(connection, campaign.id, later)
        assert terms_of(connection, campaign.id) == later
        assert all_terms(connection, campaign.id) == (*before, later)
        assert campaign_of(connection, campaign.id) == campaign
        assert campaign_of(connection, 77) is None
        with pytest.raises(ActRefused, match="已经有 2025 年的“年报”"):
            enter_campaign(connection, campaign.form, 2025, "年报", 0)
        with pytest.raises(LookupError):
            terms_of(connection, 77)


def test_a_ledger_is_opened_again(tmp_path: Path) -> None:
    for number in range(2):
        with open_ledger_database(tmp_path / "a.sqlite") as engine, writing(engine) as connection:
            a_campaign(connection, ["甲局"], f"第 {number}")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert plain.execute("SELECT count(*) FROM campaign").fetchone() == (2,)


def test_sqlite_waits_for_the_disk_and_holds_what_belongs_together(tmp_path: Path) -> None:
    with open_ledger_database(tmp_path / "a.sqlite") as engine, reading(engine) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("mysql://root:geheim@localhost/a", "请以 postgresql:// 开头"),
        ("postgresql://me:geheim@host:port/a", "写法不对"),
        ("postgresql://me:geheim@127.0.0.1:1/a?sslpassword=geheim", "“127.0.0.1/a”用不了；请检查服务器是否在运行"),
    ],
)
def test_addresses_that_lead_nowhere(where: str, said: str) -> None:
    with pytest.raises(LedgerTrouble, match=said) as raised, open_ledger_database(where):
        pass
    error: BaseException | None = raised.value
    while error is not None:
        assert "geheim" not in str(error)
        error = error.__cause__


def test_files_that_are_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("没有什么" * 999)
    (tmp_path / "folder").mkdir()
    for name, said in (("text", "已损坏，或者不是"), ("folder", "已损坏")):
        with pytest.raises(LedgerTrouble, match=said), open_ledger_database(tmp_path / name):
            pass


def test_trouble_of_others_stays_what_it_is(engine: Engine) -> None:
    with pytest.raises(FileNotFoundError), writing(engine):
        Path("nowhere").read_bytes()
    with (
        pytest.raises(ProgrammingError if engine.dialect.name == "postgresql" else LedgerTrouble),
        reading(engine) as connection,
    ):
        connection.execute(text("SELECT nothing FROM nowhere"))


def test_links_that_lead_elsewhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").symlink_to(tmp_path / "b.sqlite")
    with pytest.raises(LedgerTrouble, match="指向别处的链接"), open_ledger_database(tmp_path / "a.sqlite"):
        pass


def test_servers_that_refuse(postgres: DatabaseServer) -> None:
    postgres.run("CREATE ROLE nobody LOGIN PASSWORD 'nothing'")
    postgres.run("CREATE DATABASE closed")
    try:
        for url, said in (
            (postgres.url("postgres", password="wrong"), "用户名或密码不对"),
            (postgres.url("none"), "none”不存在；请先在服务器上建立"),
            (postgres.url("closed", "nobody", "nothing"), "没有权限使用"),
        ):
            with pytest.raises(LedgerTrouble, match=said), open_ledger_database(url):
                pass
    finally:
        postgres.drop("closed")
        postgres.run("DROP ROLE nobody")


def test_a_server_that_was_started_again_is_used_again(engine: Engine, postgres: DatabaseServer) -> None:
    if engine.dialect.name == "postgresql":
        assert names(engine) == []
        postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'xlcheck'")
        assert names(engine) == []


def _end_in_the_middle(engine: Engine) -> None:
    with writing(engine) as connection:
        a_campaign(connection, ["甲局"])
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_server_that_ends_in_the_middle_leaves_nothing_half(engine: Engine, postgres: DatabaseServer) -> None:
    if engine.dialect.name == "postgresql":
        with pytest.raises(LedgerTrouble, match="正在关闭；没有写完的没有写入"):
            _end_in_the_middle(engine)
        assert names(engine) == []
