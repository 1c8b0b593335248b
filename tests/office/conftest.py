"""One LibreOffice for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from samples.make import COVER, published
from tests.making.filling import form
from tests.office.driver import Office, missing, running
from xlcheck.drawing.template import render


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


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template, freshly rendered."""
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    path.write_bytes(render(form()))
    return path


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with the published figures."""
    path = tmp_path_factory.mktemp("clean") / "clean.xlsx"
    path.write_bytes(render(form(), COVER, published(form())))
    return path
