"""The door of one clerk's window: who has the key, or the cookie that comes of it, and who has neither."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from xlcheck.web.door import Door, door_of


class Clock:
    """A time that the test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def key_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["key"][0]


def test_a_key_opens_once() -> None:
    clock = Clock()
    door = Door("secret", clock=clock)
    key, other = key_of(door.address(8480)), key_of(door.address(8480))
    clock.now += 100_000  # however late somebody copies it from the terminal
    assert door.opens(key)
    clock.now += 50  # a scanner was there before the browser
    assert door.opens(key)
    clock.now += 50
    assert not door.opens(key)
    assert door.opens(other)


@pytest.mark.parametrize("key", ["", ".", "..", "3e8.x.", "3e8.x.é", "é", "x" * 100_000, f"zz.x.{'0' * 64}"])
def test_what_is_no_key_opens_nothing(key: str) -> None:
    assert not Door("secret").opens(key)


def test_the_secret_stays_with_the_folder(tmp_path: Path) -> None:
    clock = Clock()
    folder = tmp_path / "年报"
    first = door_of(folder, clock)
    before = key_of(first.address(1))
    clock.now += 1
    again = door_of(folder, clock)
    assert again.knows(first.cookie)
    assert again.cookie_name == first.cookie_name
    assert not again.opens(before)  # of a server that ended
    clock.now += 1
    assert again.opens(key_of(door_of(folder, clock).address(1)))  # of a program that is started again meanwhile
    other = door_of(tmp_path / "别的")
    assert other.cookie_name != first.cookie_name
    assert not other.knows(first.cookie)
    assert not other.opens(key_of(again.address(1)))


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_nobody_else_can_read_the_secret_and_the_page(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    page = Path(door.page(8480).removeprefix("file://"))
    for path in (tmp_path / ".xlcheck/window.key", page):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = re.findall(r"url=http://127\.0\.0\.1:8480/open\?key=([^\"]+)", page.read_text())[0]
    assert key not in door.page(8480)
    assert door.opens(key)


def test_where_nothing_can_be_kept_the_window_opens_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "damaged/.xlcheck").mkdir(parents=True)
    (tmp_path / "damaged/.xlcheck/window.key").write_text("short")
    (tmp_path / "strange/.xlcheck/window.key").mkdir(parents=True)
    for name in ("file", "damaged", "strange"):
        door = door_of(tmp_path / name)
        assert door.opens(key_of(door.address(1)))
        assert not door.knows("")
    assert len((tmp_path / "damaged/.xlcheck/window.key").read_text()) == 32
    assert door_of(tmp_path / "file").page(8480).startswith("http://127.0.0.1:8480/open?key=")
