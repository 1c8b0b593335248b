"""The page, open in the browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.making.pages import Shown, built, missing, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def built_page() -> Path:
    """The built page; skip where it cannot be built or shown, fail where that is demanded."""
    if lacking := missing():
        (pytest.fail if os.environ.get("XLCHECK_REQUIRE_PAGE") == "1" else pytest.skip)(lacking)
    return built()


@pytest.fixture(scope="session")
def address(built_page: Path) -> str:
    """Of the one file."""
    return (built_page / "xlcheck.html").as_uri()


@pytest.fixture(scope="session")
def shown(browser: Browser, address: str) -> Iterator[Shown]:
    """The one file, open and ready; for tests that leave nothing behind that others would see."""
    opened = Shown(browser, address).ready()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shown_site(browser: Browser, built_page: Path) -> Iterator[Shown]:
    """The same from a server."""
    with served(built_page / "site") as place:
        opened = Shown(browser, place).ready()
        yield opened
        opened.close()
