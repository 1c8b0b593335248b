"""The tests stand where what they test stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import ROOT

TESTS = ROOT / "tests"
OTHERS = {"builds", "hostile", "house", "making", "mutants", "office", "servers"}
"""Folders that are of no folder of the package; docs/change/development.md says what each is for."""

BESIDE = {
    "campaign/ledger/test_model.py": "the whole ledger beside a plain model of its rules",
    "campaign/ledger/test_writers.py": "several processes that write at once",
    "forms/test_disclosure_2021.py": "a form file, which is no module",
    "commands/test_reports.py": "documents, all the way",
    "copies/test_law.py": "the law that original and copy differ in our marks only",
    "forms/test_editions.py": "the form files that come with it, which are no modules",
    "forms/test_tiny.py": "a second form, all the way",
    "mail/sending/test_kills.py": "runs that are killed",
    "web/test_kills.py": "servers that are killed",
    "web/test_year.py": "a whole year on a public server, all of it real",
    "page/test_browser.py": "the built page in a browser, all the way",
    "web/pages/test_looks.py": "every page there is, in a browser",
    "web/test_keyboard.py": "the window without a mouse, all the way",
    "web/test_proxy.py": "what the page of `serve` puts around a public server",
    "web/test_browser.py": "the window in a browser, all the way",
    "page/test_build.py": "what the page is built from, in `page/`",
    "reading/documents/test_spelt.py": "documents in many spellings, all the way",
    "reading/prose/test_documents.py": "sentences of every kind of document, from its bytes",
}
"""Test files that are named after no module, and what they are about."""

FILES = [path for path in sorted(TESTS.rglob("test_*.py")) if path.relative_to(TESTS).parts[0] not in OTHERS]


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(TESTS).as_posix() for path in FILES])
def test_a_test_file_is_named_after_what_it_tests(path: Path) -> None:
    place = path.relative_to(TESTS)
    module = ROOT / "xlcheck" / place.parent / place.name.removeprefix("test_")
    assert module.is_file() != (place.as_posix() in BESIDE)


def test_the_exceptions_are_there() -> None:
    assert {TESTS / name for name in BESIDE} <= set(FILES)


def test_the_other_folders_are_told_of() -> None:
    page = (ROOT / "docs" / "change" / "development.md").read_text(encoding="utf-8")
    assert all((TESTS / name).is_dir() and f"`tests/{name}/`" in page for name in OTHERS)
