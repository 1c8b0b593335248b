"""What LibreOffice lets a department type into."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.making.filling import form
from tests.office.driver import Office, running
from tests.office.sheet import areas, entries
from xlcheck.model.cells import cell_name

pytestmark = pytest.mark.office

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_only_entries_can_be_typed_into(office: Office, template: Path) -> None:
    with office.open(template) as document:
        sheets = document.sheets()
    assert sheets["names"] == list(form().sheets)
    assert sheets["protected"] == sheets["names"]
    unlocked = set().union(*(areas(sheet, named) for sheet, named in sheets["unlocked"].items()))
    assert unlocked == entries()


def test_the_structure_is_locked(template: Path) -> None:
    # LibreOffice 7.4 neither reads nor writes this lock in .xlsx, not even its own; Excel and WPS do.
    with zipfile.ZipFile(template) as archive:
        book = archive.read("xl/workbook.xml").decode("utf-8")
    assert re.search(r'<workbookPr[^>]*/><workbookProtection lockStructure="1"/><bookViews>', book)


def test_typing_into_a_label_is_refused(installed: None, template: Path) -> None:
    # With a LibreOffice of its own: one that has refused something twice without a window ends with a crash.
    with running() as office, office.open(template) as document:
        document.type({"依申请公开!D5": "7", "封面!C4": "某某局", "封面!C6": "2021"})
        document.type({"依申请公开!A5": "改掉"})
        shown = document.get("依申请公开!D5", "封面!C4", "封面!C6", "依申请公开!A5")
    assert shown == [7, "某某局", "2021", "一、本年新收政府信息公开申请数量"]


def test_fields_say_what_belongs_there(office: Office, template: Path) -> None:
    fields = form().fields
    with office.open(template) as document:
        rules = document.validations([field.address for field in fields])
    for field, rule in zip(fields, rules, strict=True):
        assert rule["type"] == ("WHOLE" if field.kind == "count" else "DECIMAL"), field.key
        assert (rule["operator"], rule["limit"], rule["alert"]) == ("GREATER_EQUAL", "0", "STOP"), field.key
        for text in ("prompt_title", "prompt", "error_title", "error"):
            assert CHINESE.search(rule[text]), field.key


def test_cover_entries_say_what_belongs_there(office: Office, template: Path) -> None:
    cover = form().cover
    with office.open(template) as document:
        rules = document.validations([f"{cover.sheet}!{cell_name(entry.cell)}" for entry in cover.entries])
    assert [rule["prompt"] for rule in rules] == [entry.prompt for entry in cover.entries]
    assert {rule["type"] for rule in rules} == {"ANY"}


def test_no_cell_has_a_name_that_no_message_uses(office: Office, template: Path) -> None:
    with office.open(template) as document:
        names = document.names()
    assert not {name for name in names if CHINESE.search(name) is None and not name.startswith("_xlnm")}
