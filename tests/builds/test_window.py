"""The window of the program for machines without Python: in a browser, with PostgreSQL, and when it is killed."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builds.names import EXECUTABLE
from tests.builds import built
from tests.making.windows import TOWN, WRONG, Window, make_campaign, unit_book
from tests.servers.postgres import PASSWORD, USER, DatabaseServer
from tests.web.processes import are_over, below

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    built.binary()


@contextmanager
def opened(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The program with a window, and the address that opens it."""
    command = [str(EXECUTABLE), "serve", str(folder), "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        try:
            address = re.findall(r"http://[^（]+", process.stderr.readline().decode())[0]
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield process, address
        finally:
            process.kill()


@pytest.mark.xdist_group("browser")
def test_a_clerk_makes_a_campaign_takes_in_a_file_and_nothing_is_left_of_a_kill(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "科技.xlsx").write_bytes(unit_book("科学技术局", WRONG))
    with opened(tmp_path / "报送工作") as (process, address):
        window = Window(browser, address)
        window.address = address.partition("/open")[0]
        make_campaign(window, tmp_path)
        window.page.set_input_files("#f-files", tmp_path / "科技.xlsx")
        window.page.get_by_role("button", name="核对并收下").click()
        window.page.get_by_text(f"{TOWN}科学技术局").first.wait_for()
        window.open(f"{TOWN}科学技术局")
        assert "退改" in window.page.inner_text("main")
        window.look()
        window.close()
        processes = below(process.pid)
        process.kill()
        process.wait()
    assert processes
    assert are_over(processes)


def test_postgresql_keeps_the_users_of_a_public_server(postgres: DatabaseServer) -> None:
    postgres.make("build")
    where = postgres.url("build", USER).replace(f":{PASSWORD}@", "@")

    def user(*arguments: str) -> str:
        done = subprocess.run(
            [EXECUTABLE, "serve", "user", *arguments, "--database", where],
            input="春眠不觉晓，处处闻啼鸟。\n".encode(),
            capture_output=True,
            check=False,
            env={**os.environ, "PGPASSWORD": PASSWORD},
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode() + done.stderr.decode()

    try:
        assert "已增加用户：张三（经办）" in user("add", "张三")
        assert user("list").startswith("张三\t经办\t")
    finally:
        postgres.drop("build")
