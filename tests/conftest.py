"""How tests run here."""

from __future__ import annotations

import sys

import pytest
from hypothesis import settings

from xlcheck.workers import child

pytest_plugins = ["tests.servers.fixtures"]

# Machines are slow now and then: no deadline for property tests.
settings.register_profile("xlcheck", deadline=None, max_examples=25)
settings.load_profile("xlcheck")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that need LibreOffice together, so that one of its processes serves them all."""
    for item in items:
        if item.get_closest_marker("office"):
            item.add_marker(pytest.mark.xdist_group("office"))


@pytest.fixture(autouse=True)
def _forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that run in this process fork their children: pytest-xdist's own thread does no harm, and it is quicker.

    Tests that run a command in a process of its own, or several files at a time, start new interpreters.
    """
    can_fork = child._can_fork
    quick = sys.platform == "linux" and sys.version_info < (3, 12)  # later versions warn
    monkeypatch.setattr(child, "_can_fork", lambda: can_fork() or (quick and _is_main()))


def _is_main() -> bool:
    import threading

    return threading.current_thread() is threading.main_thread()
