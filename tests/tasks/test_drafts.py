"""Drafting and checking form files as tasks: what is written, what is never replaced, and what stands on which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.offices import OFFICES, saved
from tests.making.tiny import TINY
from xlcheck.model.errors import Refused
from xlcheck.tasks.drafts import check_form, drafted, write_draft
from xlcheck.tasks.given import CannotDo


def table(folder: Path, name: str = "staff") -> Path:
    path = folder / "人员表.xlsx"
    path.write_bytes(saved(OFFICES[name]()))
    return path


def test_a_draft_is_written_and_has_no_faults(tmp_path: Path) -> None:
    path = write_draft(table(tmp_path), tmp_path / "new" / "my.toml")
    checked = check_form(path)
    assert checked.faults == ()
    assert checked.form is not None
    assert (checked.form.id, len(checked.form.fields)) == ("my", 15)


def test_it_is_called_after_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_draft(table(tmp_path), None) == Path("人员表.toml")
    assert (tmp_path / "人员表.toml").is_file()


def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotDo, match="没有覆盖"):
        write_draft(table(tmp_path), tmp_path / "my.toml")
    assert (tmp_path / "my.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("given", "out", "told"),
    [
        ("nowhere.xlsx", "a.toml", "无法读取（"),
        ("人员表.xlsx", "a.txt", "要以 .toml 结尾"),
        ("damaged.xlsx", "a.toml", "damaged.xlsx"),
        ("人员表.xlsx", "damaged.xlsx/a.toml", "无法写入"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, given: str, out: str, told: str) -> None:
    table(tmp_path)
    (tmp_path / "damaged.xlsx").write_bytes(b"PK\3\4 damaged")
    with pytest.raises(CannotDo) as caught:
        write_draft(tmp_path / given, tmp_path / out)
    assert told in caught.value.message
    assert "\n" not in caught.value.message


def test_a_missing_library_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CannotDo, match=r"pip install 'xlcheck\[forms\]'"):
        write_draft(table(tmp_path), tmp_path / "my.toml")


def test_the_workbook_is_read_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlcheck.reading.drawings.draft_of", _dies)
    with pytest.raises(Refused) as caught:
        drafted(table(tmp_path))
    assert caught.value.code == "F105"


def _dies(given: tuple[str, bytes]) -> str:
    import os

    os._exit(len(given))


def test_the_guard_stands_in_front() -> None:
    with pytest.raises(Refused) as caught:
        drafted(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert caught.value.code.startswith("F")


def faults(folder: Path, text: str) -> list[tuple[int | None, str]]:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return [(fault.line, fault.message) for fault in check_form(folder / "own.toml").faults]


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    text = TINY.replace('edition = "2030"', "edition = 2030").replace('terms = ["合计", "[way]"]', 'terms = ["合计"]')
    wanted = [
        number for number, line in enumerate(text.split("\n"), 1) if line in ("edition = 2030", 'terms = ["合计"]')
    ]
    found = faults(tmp_path, text)
    assert [line for line, _ in found] == wanted
    assert [message.partition(":")[0] for _, message in found] == ["edition", "relations[0].terms"]


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    ((line, message),) = faults(tmp_path, 'id = "a"\ntitle = \n')
    assert line == 2
    assert "line 2" in message


def test_an_example_that_is_not_true_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, TINY) == []
    number = TINY.split("\n").index('code = "B202"') + 1
    lines = TINY.split("\n")
    wrong = next(at for at in range(number, len(lines)) if lines[at].startswith("wrong = "))
    lines[wrong] = "wrong = { }"
    ((_, message),) = faults(tmp_path, "\n".join(lines))
    assert message == "B202.wrong: B202 is not found by it"


def test_a_file_that_is_not_there_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="无法读取"):
        check_form(tmp_path / "none.toml")
    (tmp_path / "gb.toml").write_bytes("id = '表'".encode("gb18030"))
    assert [fault.line for fault in check_form(tmp_path / "gb.toml").faults] == [None]
