"""The documentation tells the truth: generated parts are fresh, links lead somewhere, every command has its page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import click
import openpyxl
import pytest

from benchmarks import bounds
from docs import figures, folders, generate, summary, visible
from tests import ROOT
from tests.hostile.corpus import payloads
from tests.making.command import xlcheck
from tests.making.documents import SCHEMAS
from xlcheck.commands.cli import cli
from xlcheck.forms.file import form_ids, load_form
from xlcheck.forms.rules import catalogue_of_all
from xlcheck.model.form import CheckKind
from xlcheck.model.submission import parse_year

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*.md")])


def test_generated_parts_are_fresh() -> None:
    for path, text in generate.pages():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `poe docs`"


def test_every_rule_page_belongs_to_a_rule() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("*.md")} - {"index"}
    assert pages == set(catalogue_of_all(map(load_form, form_ids())))


def test_every_command_has_its_page_and_its_help() -> None:
    for name in cli.list_commands(click.Context(cli)):
        page = (ROOT / "docs" / "use" / "commands" / f"{name}.md").read_text(encoding="utf-8")
        assert f"用法：xlcheck {name}" in page
        assert f"xlcheck {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_tells_how_it_ends(name: str) -> None:
    page = (ROOT / "docs" / "use" / "commands" / f"{name}.md").read_text(encoding="utf-8")
    ends = " ".join(page.partition("## Exit codes")[2].split())
    assert re.search(r"\b0( \||:)", ends)
    assert xlcheck(name, "--no-such-option").code == 2
    assert re.search(r"\b2( \||:)[^|]*wrong usage", ends)


def test_the_page_of_what_is_visible_knows_every_field_and_relation() -> None:
    page = (ROOT / "docs" / "use" / "visible.md").read_text(encoding="utf-8")
    assert visible.cover_table(load_form()) in page
    simulated = re.findall(r"^\| `([a-z_.]+)` \| \d+ / \d+ / \d+ / \d+ \|", page, re.MULTILINE)
    assert simulated == [field.key for field in load_form().fields]


def test_fields_without_relations_are_said_to_be_invisible() -> None:
    form = load_form()
    shares, _, opposite = visible.simulate(form, form.by_key["disclosure.fees.amount"], tries=3)
    assert (shares.seen, opposite) == (0, None)
    shares, _, _ = visible.simulate(form, form.by_key["requests.granted.person"], tries=3)
    assert shares[:3] == (100, 100, 100)


def test_the_example_of_the_summary_can_be_made(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(summary.make(tmp_path / "out"))
    cells = [cell for row in book["单位"].iter_rows() for cell in row]
    links = [str(cell.hyperlink.target) for cell in cells if cell.hyperlink]
    assert sorted(links) == sorted(path.name for path in (tmp_path / "out").glob("*.审核.xlsx"))
    assert len(links) >= len(summary.FAULTS)
    assert {cell.value for cell in cells} >= {"通过", "不通过", "无法读取", "缺报"}


LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")


def links(page: Path) -> list[tuple[Path, str]]:
    """Where the links of a page lead within the project: file and heading."""
    found = LINK.findall(page.read_text(encoding="utf-8"))
    return [((page.parent / path).resolve() if path else page, part) for path, part in found if "://" not in path]


def headings(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for path, part in links(page):
        assert path.exists(), f"{page.name}: {path}"
        assert not part or part in headings(path), f"{page.name}: {path.name}#{part}"


def test_the_map_leads_to_every_page() -> None:
    found: set[Path] = set()
    ahead = [ROOT / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        found.add(page)
        ahead += [path for path, _ in links(page) if path.suffix == ".md" and path not in found]
    assert set(PAGES) <= found


def test_every_maker_of_figures_is_asked() -> None:
    names = {name for page in generate.written() for name in generate.figures_of(page.read_text(encoding="utf-8"))}
    assert set(figures.MAKERS) <= {name.partition(" ")[0] for name in names}


def test_an_unknown_figure_is_no_figure() -> None:
    for name in ("guard.limits.LIMITS", "guard.limits.NONE", "nowhere.LIMIT", "guard.limits"):
        with pytest.raises((LookupError, AttributeError, TypeError)):
            figures.figure(name)


def test_the_page_of_forms_tells_every_kind_of_check() -> None:
    page = (ROOT / "docs" / "change" / "forms.md").read_text(encoding="utf-8")
    table = page.partition("| rule | fails when |")[2].partition("\n\n")[0]
    assert table.count("\n| `") == len(get_args(CheckKind))


def test_every_folder_has_its_page() -> None:
    names = [name for name in folders.FOLDERS if (ROOT / "xlcheck" / name).is_dir()]
    assert names
    for name in names:
        page = (ROOT / "docs" / "inside" / f"{name}.md").read_text(encoding="utf-8")
        assert f"<!-- figure modules {name} -->" in page
        assert "## What it must not know" in page


def test_every_outside_library_has_its_line() -> None:
    page = (ROOT / "docs" / "inside" / "index.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"<!-- figure owners (\w+) -->(.*?)<!-- /figure -->", page))
    assert set(told) == {library for name in folders.FOLDERS for library in folders.libraries(name)}
    assert all(told.values())


def test_the_files_of_the_ten_changes_are_there() -> None:
    page = (ROOT / "docs" / "change" / "ten-changes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!change \|)(\w.*?) \|", page.partition("\n## ")[0], re.MULTILINE)
    assert len(rows) == 10
    named = re.findall(r"`((?:xlcheck|docs|tests)/[^`]+)`", page)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_word_has_two_meanings() -> None:
    page = (ROOT / "docs" / "inside" / "words.md").read_text(encoding="utf-8")
    words = [word for word in re.findall(r"^\| ([^|]+?) \|", page, re.MULTILINE) if not re.fullmatch("word|-+", word)]
    assert len(words) > 60
    assert len(words) == len(set(words))


FORM = load_form()
ALONE = sum(not any(field.key in relation.keys for relation in FORM.relations) for field in FORM.fields)
WORDS = {10: "Ten"}
ACCEPTED = [year for year in range(1900, 2200) if parse_year(str(year))]


@pytest.mark.parametrize(
    ("page", "pattern", "number"),
    [
        ("README.md", r"(\d+) numbers\b", len(FORM.fields)),
        ("README.md", r"bound by (\d+) balances", len(FORM.relations)),
        ("README.md", r"of the (\d+) fields stand under no balance", len(FORM.fields)),
        ("README.md", r"(\w+) of the \d+ fields stand under no balance", WORDS.get(ALONE)),
        ("README.zh-CN.md", r"三张表共 (\d+) 格", len(FORM.fields)),
        ("README.zh-CN.md", r"(\d+) 处勾稽关系", len(FORM.relations)),
        ("README.zh-CN.md", r"主动公开表的 (\d+) 格不在任何勾稽关系里", ALONE),
        ("CHANGELOG.md", r"(\d+) fields", len(FORM.fields)),
        ("docs/use/reading.md", r"no year between (\d+) and \d+", ACCEPTED[0]),
        ("docs/use/reading.md", r"no year between \d+ and (\d+)", ACCEPTED[-1]),
        ("docs/inside/hostile.md", r"(\d+) seconds of processor time", int(bounds.SECONDS)),
        ("docs/inside/hostile.md", r"less than (\d+) MB", int(bounds.MEGABYTES)),
        ("docs/inside/hostile.md", r"(\d+) texts that a spreadsheet", len(payloads.TEXTS)),
    ],
)
def test_numbers_in_sentences_are_those_of_the_code(page: str, pattern: str, number: int | str) -> None:
    found = re.findall(pattern, (ROOT / page).read_text(encoding="utf-8"))
    assert found
    assert set(found) == {str(number)}


def test_the_changelog_begins_with_what_is_new() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (.*)$", text, re.MULTILINE)[1].startswith("Unreleased")  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "page"), [("results", "json"), *((name, f"commands/{name}") for name in ("total", "inbox", "fields"))]
)
def test_every_key_of_a_document_is_on_its_page(kind: str, page: str) -> None:
    text = (ROOT / "docs" / "use" / f"{page}.md").read_text(encoding="utf-8") + (
        ROOT / "docs" / "use" / "json.md"
    ).read_text(encoding="utf-8")
    for part in (SCHEMAS[kind], *SCHEMAS[kind]["$defs"].values()):
        assert [key for key in part["properties"] if f"`{key}`" not in text] == []


def test_pages_that_the_code_names_are_there() -> None:
    for top in ("xlcheck", "tests", "benchmarks", "fuzz", "samples", "docs"):
        for path in (ROOT / top).rglob("*.py"):
            if "node_modules" not in path.parts:
                named = set(re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8")))
                assert [page for page in named if not (ROOT / page).exists()] == [], path
