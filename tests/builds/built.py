"""The builds that tests look at: they lie in ``dist``, and are of the package as it is now."""

from __future__ import annotations

import os
import zipfile

import pytest

from builds.names import BINARY, MARK, ZIPAPP, ZIPAPP_MARK, sources


def binary() -> None:
    """Skip where the program has not been built; fail where it is demanded."""
    _there("binary", (BINARY / MARK).read_text(encoding="utf-8") if (BINARY / MARK).is_file() else None)


def zipapp() -> None:
    """The same for the one file."""
    said = None
    if ZIPAPP.is_file():
        with zipfile.ZipFile(ZIPAPP) as packed:
            said = packed.read(ZIPAPP_MARK).decode()
    _there("zipapp", said)


def _there(task: str, made_of: str | None) -> None:
    lacking = None
    if made_of is None:
        lacking = f"not built: pip install -e '.[build]' && poe {task}"
    elif sources() not in made_of:
        lacking = f"built of other sources than these: poe {task}"
    if lacking and os.environ.get("XLCHECK_REQUIRE_BUILDS") == "1":
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)
