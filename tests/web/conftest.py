"""A public server, for tests of what it shows and of whom it lets in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.window import QUICK, PublicServer, public_server
from xlcheck.web import passwords


@pytest.fixture(scope="package", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashing takes its time on purpose, which only the tests of passwords are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", QUICK)
        patch.setattr(passwords, "_NONE", QUICK.hash("nobody has this password"))
        yield


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PublicServer]:
    """With an office, three units, and nobody who may log in."""
    with public_server(tmp_path) as made:
        yield made
