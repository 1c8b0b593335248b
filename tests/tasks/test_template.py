"""Writing templates as a task."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.filling import clean_workbook, form, submission_of
from xlcheck.tasks.events import Event, Notice
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.template import TemplateOptions, drawn_for, write_templates


def test_what_is_known_stands_on_the_cover() -> None:
    data = drawn_for(form(), unit="某\x07局", code="A1", email="a@example.org", year=2025)
    cover = submission_of(data).cover
    assert (cover["unit"], cover["code"], cover["email"], cover["year"]) == ("某局", "A1", "a@example.org", "2025")
    assert data == drawn_for(form(), unit="某局", code="A1", email="a@example.org", year=2025)


def test_one_for_each_unit_and_one_sentence_at_the_end(tmp_path: Path) -> None:
    events: list[Event] = []
    units = "name,code\n市教育局,11510400008000000P\n市水利局,11510400008000001T\n".encode()
    write_templates(TemplateOptions(tmp_path / "模板", 2025, units=units), events.append)
    assert events == [Notice(f"已生成 2 个模板，在文件夹“{tmp_path / '模板'}”")]
    found = {path.name: submission_of(path.read_bytes()) for path in (tmp_path / "模板").iterdir()}
    assert {name: (one.unit_code, one.year) for name, one in found.items()} == {
        "市教育局.xlsx": ("11510400008000000P", 2025),
        "市水利局.xlsx": ("11510400008000001T", 2025),
    }


def test_a_blank_one_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    options = TemplateOptions(path, unit="某局")
    write_templates(options)
    write_templates(options)
    for content in (clean_workbook(), b"no workbook"):
        path.write_bytes(content)
        with pytest.raises(CannotDo, match="没有覆盖") as caught:
            write_templates(options)
        assert caught.value.code == "output"
        assert path.read_bytes() == content


def test_what_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for options, code in (
        (TemplateOptions(form="x"), "form"),
        (TemplateOptions(tmp_path, units=b""), "units"),
        (TemplateOptions(tmp_path, units=tmp_path / "nowhere.csv"), "units"),
        (TemplateOptions(tmp_path / "file" / "a.xlsx"), "output"),
    ):
        with pytest.raises(CannotDo) as caught:
            write_templates(options)
        assert caught.value.code == code
