"""How tests run here."""

from __future__ import annotations

import pytest
from hypothesis import settings

# Machines are slow now and then: no deadline for property tests.
settings.register_profile("xlcheck", deadline=None, max_examples=25)
settings.load_profile("xlcheck")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that need LibreOffice together, so that one of its processes serves them all."""
    for item in items:
        if item.get_closest_marker("office"):
            item.add_marker(pytest.mark.xdist_group("office"))
