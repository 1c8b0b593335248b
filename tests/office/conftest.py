"""Tables that several tests of this folder open."""

from __future__ import annotations

from pathlib import Path

import pytest

from samples.make import COVER, published
from tests.making.filling import form
from xlcheck.drawing.template import render


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
