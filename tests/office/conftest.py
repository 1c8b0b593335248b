"""One LibreOffice for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.office.driver import Office, missing, running


@pytest.fixture(scope="session")
def installed() -> None:
    """Skip where LibreOffice is missing; fail where it is demanded."""
    lacking = missing()
    if lacking and os.environ.get("XLCHECK_REQUIRE_OFFICE") == "1":
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


@pytest.fixture(scope="session")
def office(installed: None) -> Iterator[Office]:
    """The running LibreOffice."""
    with running() as started:
        yield started
