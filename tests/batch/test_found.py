"""Which files of a folder are submissions, and what copies of copies are called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.making.command import xlcheck
from tests.making.copies import untouched
from tests.making.filling import edit, workbook
from xlcheck.batch.found import files_in
from xlcheck.files.names import original_name

FAULTY = workbook(disclosure__regulations__issued=-1, disclosure__penalties__decisions=-2)


def saved(data: bytes, **values: Any) -> bytes:
    """What a spreadsheet program writes of a copy in which somebody typed."""
    book, bytes_of = edit(data)
    for cell, value in values.items():
        book["主动公开"][cell] = value
    return bytes(bytes_of())


def names(folder: Path, output: Path | None = None) -> tuple[list[str], int]:
    found = files_in(folder, output)
    return [path.name for path, _ in found.submissions], found.skipped


def test_the_seal_tells_an_untouched_copy_from_a_mended_one(tmp_path: Path) -> None:
    for name, data in (
        ("甲.xlsx", FAULTY),
        ("甲.审核.xlsx", untouched()),
        ("乙.审核.xlsx", saved(untouched(), B4=1)),
        ("丙.审核.2.xlsx", saved(untouched())),
        ("丁.审核.xls", b"saved as another kind"),
        ("坏.审核.xlsx", b"PK damaged"),
        ("戊.建议.xlsx", saved(untouched())),
        ("己.审核.txt", b""),
        ("~$甲.审核.xlsx", b""),
    ):
        (tmp_path / name).write_bytes(data)
    assert names(tmp_path) == (["丁.审核.xls", "丙.审核.2.xlsx", "乙.审核.xlsx", "坏.审核.xlsx", "甲.xlsx"], 3)


def test_copies_where_copies_go_are_ours_whoever_looked_at_them(tmp_path: Path) -> None:
    for folder in ("发回", "审核结果/下级"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "甲.审核.xlsx").write_bytes(saved(untouched()))
    assert names(tmp_path, tmp_path / "审核结果") == (["甲.审核.xlsx"], 1)
    assert names(tmp_path / "审核结果") == (["甲.审核.xlsx"], 0)


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("甲.审核.xlsx", "甲.xlsx"),
        ("甲.审核.2.xlsx", "甲.xlsx"),
        ("甲.审核.审核.xls", "甲.xls"),
        ("甲.v2.xlsx", "甲.v2.xlsx"),
        (".审核.xlsx", ".审核.xlsx"),
        ("审核.xlsx", "审核.xlsx"),
    ],
)
def test_a_copy_is_named_after_its_original(name: str, original: str) -> None:
    assert original_name(name) == original


def test_a_mended_copy_is_checked_again_and_its_copy_has_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("报送").mkdir()
    Path("报送/甲.xlsx").write_bytes(FAULTY)
    assert xlcheck("verify", "报送", "-o", "结果").code == 1
    sent = Path("结果/甲.审核.xlsx").read_bytes()
    for folder in ("发回", "再发回"):
        Path(folder).mkdir()
        Path(folder, "甲.审核.xlsx").write_bytes(saved(sent, B4=1))
        ran = xlcheck("verify", folder, "-o", "结果", "--format", "json")
        (file,) = json.loads(ran.out)["files"]
        assert (file["annotated"], [one["code"] for one in file["findings"]]) == ("结果/甲.审核.xlsx", ["C102"])
        assert "没有覆盖" not in ran.err
        assert sorted(path.name for path in Path("结果").glob("甲*")) == ["甲.审核.xlsx"]


def test_beside_a_mended_copy_nothing_is_overwritten(tmp_path: Path) -> None:
    mended = saved(untouched(), B4=-1)
    (tmp_path / "甲.审核.xlsx").write_bytes(mended)
    (file,) = json.loads(xlcheck("verify", tmp_path, "--format", "json").out)["files"]
    assert Path(file["annotated"]).name == "甲.审核.2.xlsx"
    assert (tmp_path / "甲.审核.xlsx").read_bytes() == mended
    assert json.loads(xlcheck("verify", tmp_path, "--format", "json").out)["summary"]["files"] == 1
