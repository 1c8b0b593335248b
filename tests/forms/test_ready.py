"""What is kept ready is what parsing would give, and counts for nothing but the text that it was made of."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import ROOT
from tests.making.tiny import CHANGING, TINY
from xlcheck.forms.file import EDITIONS, form_ids, form_text, load_form, parse_form
from xlcheck.forms.make import ready_files
from xlcheck.forms.ready import keep, kept, pack, unpack
from xlcheck.model.form import Form

TEXTS = {**{name: form_text(name) for name in form_ids()}, "tiny": TINY, "changing": CHANGING}


@pytest.mark.parametrize("name", TEXTS)
def test_a_form_comes_back_as_it_was_parsed(name: str) -> None:
    form = parse_form(TEXTS[name])
    again = unpack(json.loads(json.dumps(pack(form))))
    assert again == form
    assert repr(again) == repr(form)  # equal, and of the same types
    assert isinstance(again, Form)


@pytest.mark.parametrize("name", form_ids())
def test_what_comes_with_it_is_ready(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = parse_form(form_text(name))
    monkeypatch.delattr("xlcheck.forms.file.parse_form")
    assert load_form(name) == form


@pytest.mark.parametrize(("path", "text"), list(ready_files()), ids=lambda value: getattr(value, "name", ""))
def test_the_files_are_fresh(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run poe forms"


@given(st.text(), st.text(), st.recursive(st.integers() | st.text(), st.lists))
def test_what_is_kept_counts_for_its_own_text_only(
    tmp_path_factory: pytest.TempPathFactory, text: str, other: str, content: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "kept.json"
    path.write_text(keep(text, content), encoding="utf-8")
    assert kept(path, text) == content
    assert text == other or kept(path, other) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "7", "{}", '{"of": 1}', "null", '{"content": []}'])
def test_a_damaged_file_counts_for_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    assert kept(tmp_path / "a.json", TINY) is None
    assert kept(tmp_path / "missing.json", TINY) is None


def test_an_edited_form_is_read_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = form_ids()[0]
    for path in EDITIONS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    edited = form_text(name).replace('edition = "', 'edition = "edited ', 1)
    monkeypatch.setattr("xlcheck.forms.file.EDITIONS", tmp_path)
    assert load_form(name).edition.startswith("2")
    (tmp_path / f"{name}.toml").write_text(edited, encoding="utf-8")
    assert load_form(name).edition.startswith("edited 2")


def test_a_form_that_comes_with_it_costs_no_parser() -> None:
    code = (
        "import sys\nfrom xlcheck.forms.file import load_form\nfrom xlcheck.forms.rules import catalogue\n"
        "catalogue(load_form())\n"
        "print([m for m in ('tomllib', 'tomli', 'xlcheck.forms.definition') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
