"""What tests of any folder share, one of each: mail servers and parsers of mail, PostgreSQL, a browser, LibreOffice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.making.command import Ran, process
from tests.office import driver as libreoffice
from tests.servers import dovecot
from tests.servers import postgres as postgresql
from tests.servers.smtp import PASSWORD, USER, Running, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent

Parsers = Callable[[list[Path]], list[dict[str, dict[str, Any]]]]
"""Reads messages with every independent parser; by its name, what it read."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """A server with TLS and login, that has taken no letter yet."""
    with running(tmp_path / "server", "tls", "auth") as started:
        yield started


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.DatabaseServer]:
    """A PostgreSQL; skip where none is installed, fail where it is demanded."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgresql.running())
        except LookupError as error:
            if os.environ.get("XLCHECK_REQUIRE_POSTGRES") == "1":
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield server


@pytest.fixture(scope="session")
def imap() -> Iterator[dovecot.Server]:
    """The running Dovecot; skip where it is missing, fail where it is demanded."""
    if lacking := dovecot.missing():
        (pytest.fail if os.environ.get("XLCHECK_REQUIRE_MAIL") == "1" else pytest.skip)(lacking)
    with dovecot.running() as started:
        yield started


@pytest.fixture(scope="session")
def installed() -> None:
    """Skip where LibreOffice is missing; fail where it is demanded."""
    if lacking := libreoffice.missing():
        (pytest.fail if os.environ.get("XLCHECK_REQUIRE_OFFICE") == "1" else pytest.skip)(lacking)


@pytest.fixture(scope="session")
def office(installed: None) -> Iterator[libreoffice.Office]:
    """The running LibreOffice."""
    with libreoffice.running() as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one running browser, since a thread has one Playwright; skip where there is none, fail where it is demanded."""
    from tests.making.pages import browsers, missing

    if lacking := missing():
        (pytest.fail if os.environ.get("XLCHECK_REQUIRE_PAGE") == "1" else pytest.skip)(lacking)
    with browsers() as started:
        yield started


def send(server: Running, out: Path, units: Path, *options: str, scheme: str = "smtps") -> Ran:
    """``xlcheck mail … --smtp`` as a process, with short pauses."""
    url = f"{scheme}://{USER}@localhost:{server.port}"
    env = {"SSL_CERT_FILE": str(server.ca), "XLCHECK_SMTP_PASSWORD": PASSWORD}
    return process("mail", out, "--units", units, "--smtp", url, "--pause", "0.05", *options, env=env)


@pytest.fixture(scope="session")
def parsers() -> Parsers:
    """Skip where Node or the parsers are missing; fail where they are demanded."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "mailparser").is_dir():
        lacking = "needs node and `npm ci --prefix tests/servers`"
        if os.environ.get("XLCHECK_REQUIRE_MAIL") == "1":
            pytest.fail(lacking)
        pytest.skip(lacking)

    def read(paths: list[Path]) -> list[dict[str, dict[str, Any]]]:
        said = subprocess.run(
            [node, str(HERE / "parse.mjs")],
            input="\n".join(map(str, paths)).encode(),
            capture_output=True,
            check=True,
        )
        return list(json.loads(said.stdout))

    return read
