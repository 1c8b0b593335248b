"""A public server, for tests of what it shows and of whom it lets in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.window import PublicServer, public_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PublicServer]:
    """With an office, three units, and nobody who may log in."""
    with public_server(tmp_path) as made:
        yield made
