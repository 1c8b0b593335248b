"""The documentation tells the truth: generated parts are fresh, links lead somewhere, every command has its page."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from docs import generate, summary, visible
from tests import ROOT
from tests.making.documents import SCHEMAS
from xlcheck.commands.cli import cli
from xlcheck.forms.file import load_form
from xlcheck.forms.rules import catalogue

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*.md")])


def test_generated_parts_are_fresh() -> None:
    for path, text in generate.pages():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `poe docs`"


def test_every_rule_page_belongs_to_a_rule() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("*.md")} - {"index"}
    assert pages == set(catalogue(load_form()))


def test_every_command_has_its_page_and_its_help() -> None:
    for name in cli.commands:
        page = (ROOT / "docs" / "commands" / f"{name}.md").read_text(encoding="utf-8")
        assert f"用法：xlcheck {name}" in page
        assert f"xlcheck {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_of_what_is_visible_knows_every_field_and_relation() -> None:
    page = (ROOT / "docs" / "visible.md").read_text(encoding="utf-8")
    assert visible.cover_table(load_form()) in page
    simulated = re.findall(r"^\| `([a-z_.]+)` \| \d+ / \d+ / \d+ \|", page, re.MULTILINE)
    assert simulated == [field.key for field in load_form().fields]


def test_fields_without_relations_are_said_to_be_invisible() -> None:
    form = load_form()
    shares, _, opposite = visible.simulate(form, form.by_key["disclosure.fees.amount"], tries=3)
    assert (shares.seen, opposite) == (0, None)
    shares, _, _ = visible.simulate(form, form.by_key["requests.granted.person"], tries=3)
    assert (shares.seen, shares.located) == (100, 100)


def test_the_example_of_the_summary_can_be_made(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(summary.make(tmp_path / "out"))
    cells = [cell for row in book["单位"].iter_rows() for cell in row]
    links = [str(cell.hyperlink.target) for cell in cells if cell.hyperlink]
    assert sorted(links) == sorted(path.name for path in (tmp_path / "out").glob("*.审核.xlsx"))
    assert len(links) >= len(summary.FAULTS)
    assert {cell.value for cell in cells} >= {"通过", "不通过", "无法读取", "缺报"}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_changelog_begins_with_what_is_new() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (.*)$", text, re.MULTILINE)[1].startswith("Unreleased")  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "page"), [("results", "json"), *((name, f"commands/{name}") for name in ("total", "inbox", "fields"))]
)
def test_every_key_of_a_document_is_on_its_page(kind: str, page: str) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") + (ROOT / "docs" / "json.md").read_text(
        encoding="utf-8"
    )
    for part in (SCHEMAS[kind], *SCHEMAS[kind]["$defs"].values()):
        assert [key for key in part["properties"] if f"`{key}`" not in text] == []
