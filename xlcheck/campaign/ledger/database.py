"""The ledger's database: SQLite in a file, or PostgreSQL by URL; and its trouble in a clerk's words.

One writes at a time, in both: whoever is inside :func:`writing` finds what he read still true when he writes. So nothing that
takes long may happen there. Readers never wait, and see one moment.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from xlcheck.campaign.ledger.upgrading import bring_up_to_date
from xlcheck.files.content import why
from xlcheck.files.database import database, is_busy, is_full
from xlcheck.model.errors import LedgerTrouble

_WAIT = 30
"""Seconds that one writer waits for another."""
_KEY = 0x786C636B
"""The advisory lock of writers in PostgreSQL."""
_WRITES = "xlcheck_writes"
"""The option of a connection that is for writing."""
_CONNECTIONS = 16
"""Of one process, at once."""
_OF_QUERIES = "-c jit=off -c random_page_cost=1.1"
"""Compiling a query of ours takes longer than running it, and its indexes lie in memory: a disk's costs would have tables read whole."""


@contextmanager
def open_ledger_database(where: str | Path) -> Iterator[Engine]:
    """The database, made or brought up to date where that is needed.

    Args:
        where: a file of SQLite, made with its folder, or a URL ``postgresql://…``.

    Raises:
        LedgerTrouble: it cannot be used.
    """
    engine = _engine(where)
    try:
        with _told(engine):
            _check(engine)
            bring_up_to_date(engine, lambda: _begun(engine, writes=True))
        yield engine
    finally:
        engine.dispose()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write; on the disk when the context ends without an error, and nothing of it otherwise.

    Raises:
        LedgerTrouble: it cannot be written, or others wrote for too long.
    """
    with _told(engine), _begun(engine, writes=True) as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that reads, all of one moment.

    Raises:
        LedgerTrouble: it cannot be read.
    """
    with _told(engine), _begun(engine, writes=False) as connection:
        yield connection


@contextmanager
def session_lock(engine: Engine, key: int, number: int) -> Iterator[bool]:
    """Whether a lock of PostgreSQL is ours; it is let go when the context ends, or the process, or its connection.

    Raises:
        LedgerTrouble: the server cannot be asked.
    """
    asked = {"key": key, "number": number}
    with ExitStack() as stack:
        with _told(engine):
            # Outside any transaction, which would keep the server from tidying up for as long as the lock is held.
            connection = stack.enter_context(engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
            is_ours = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key, :number)"), asked).scalar())
            if is_ours:
                stack.callback(_let_go, connection, asked)
        yield is_ours


def _let_go(connection: Connection, asked: dict[str, int]) -> None:
    try:
        connection.execute(text("SELECT pg_advisory_unlock(:key, :number)"), asked)
    except DBAPIError:
        # The server cannot be asked any more; with the session the lock ends, too.
        connection.invalidate()


def is_database_url(where: str | Path) -> bool:
    """Whether it is a URL and no file."""
    return "://" in str(where)


def is_same_ledger(where: str, other: str) -> bool:
    """Whether two files or URLs are of one database, whoever logs in to it."""
    return _place(where) == _place(other)


def _place(where: str) -> object:
    if not is_database_url(where):
        return Path(where).resolve()
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        return where
    host = url.host or "localhost"
    return "localhost" if host in ("127.0.0.1", "::1") else host.lower(), url.port or 5432, url.database or url.username


# --- engines ---------------------------------------------------------------------------------------------------------


def _engine(where: str | Path) -> Engine:
    if not is_database_url(where):
        return _sqlite(Path(where))
    try:
        url = make_url(str(where))
    except (ArgumentError, ValueError) as error:
        # Not chained: its text holds the password.
        raise LedgerTrouble("台账的数据库地址写法不对；请写成 postgresql://用户名@服务器/数据库") from _bare(error)
    if url.get_backend_name() != "postgresql":
        raise LedgerTrouble("台账只能放在文件夹里，或 PostgreSQL 数据库里；地址请以 postgresql:// 开头")
    return _postgresql(url.set(drivername="postgresql+psycopg"))


def _bare(error: Exception) -> Exception:
    return type(error)()


def _sqlite(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        try:
            opened = database(path.parent, path.name, isolation_level=None, timeout=_WAIT, check_same_thread=False)
        except OSError as error:
            raise LedgerTrouble(f"台账“{path}”无法打开（{why(error)}）") from error
        try:
            opened.execute("PRAGMA foreign_keys=ON")
            # A receipt is a promise: what it stands for outlasts a machine without power, too.
            opened.execute("PRAGMA synchronous=FULL")
        except BaseException:
            opened.close()
            raise
        return opened

    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=connect,
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        pool_timeout=_WAIT,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql(f"PRAGMA query_only={0 if writes else 1}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            pool_size=_CONNECTIONS,
            pool_timeout=_WAIT,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "application_name": "xlcheck", "options": _OF_QUERIES},
        )
    except ImportError as error:
        said = "连接 PostgreSQL 要用到的程序库没有安装，请运行：pip install 'xlcheck[web]'"
        raise LedgerTrouble(said) from error


def _check(engine: Engine) -> None:
    """Set what is set once in a file of SQLite."""
    if engine.dialect.name != "sqlite":
        return
    # Nobody is waited for here by SQLite itself, where two make the file at once.
    end = time.monotonic() + _WAIT
    while True:
        try:
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
                return
        except sqlite3.Error as error:
            if not is_busy(error) or time.monotonic() > end:
                raise LedgerTrouble(_sentence(engine, error)) from error
            time.sleep(0.05)


@contextmanager
def _begun(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execution_options(**{_WRITES: writes})
        elif not writes:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            if writes and engine.dialect.name != "sqlite":
                connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEY})
            yield connection


# --- trouble ---------------------------------------------------------------------------------------------------------


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Trouble of the database becomes a sentence; what is wrong with the program stays what it is."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
        raise LedgerTrouble(_sentence(engine, getattr(error, "orig", None) or error)) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError and _state(error.orig) not in _OF_STATES:
            raise
        raise LedgerTrouble(_sentence(engine, error.orig)) from error


def _sentence(engine: Engine, cause: BaseException | None) -> str:
    if isinstance(cause, PoolTimeout) or _state(cause) == "55P03" or (cause and is_busy(cause)):
        return f"{_name(engine)}正被别人使用，请稍后再试"
    if engine.dialect.name == "sqlite":
        if cause and is_full(cause):
            return f"{_name(engine)}无法使用，请检查磁盘空间和权限"
        return f"{_name(engine)}已损坏，或者不是 xlcheck 写的；请从备份恢复"
    return f"{_name(engine)}{_of_server(_state(cause), str(cause))}"


_OF_STATES = {
    "28P01": "登录不了：用户名或密码不对",
    "28000": "登录不了：服务器不接受这个用户从这里登录",
    "3D000": "不存在；请先在服务器上建立这个数据库",
    "42501": "没有权限使用；请让管理员授权",
    "53100": "写不进去：服务器的磁盘满了",
    "53300": "连接太多；请稍后再试",
    "57P01": "正在关闭；没有写完的没有写入，请稍后再试",
    "57P02": "正在重新启动；没有写完的没有写入，请稍后再试",
    "57P03": "正在启动；请稍后再试",
}
"""By SQLSTATE (PostgreSQL's manual, appendix A)."""


def _of_server(state: str, said: str) -> str:
    if state in _OF_STATES:
        return _OF_STATES[state]
    # What is refused before there is a session has no SQLSTATE in psycopg, only words.
    words = {"password authentication": "28P01", "no password": "28P01", "does not exist": "3D000", "pg_hba": "28000"}
    found = next((_OF_STATES[known] for word, known in words.items() if word in said), "")
    if found:
        return found
    return (
        "用不了；请检查服务器是否在运行、地址是否正确，仍不行时请从备份恢复"
        if not state
        else f"用不了（{state}）；请让管理员查看服务器"
    )


def _state(cause: BaseException | None) -> str:
    return str(getattr(cause, "sqlstate", None) or "")


def _name(engine: Engine) -> str:
    """What the trouble is about, without user, password and options."""
    url: Any = engine.url
    if engine.dialect.name == "sqlite":
        return f"台账“{url.database}”"
    return f"台账的数据库“{url.host or '本机'}/{url.database or ''}”"
