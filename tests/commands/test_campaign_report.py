"""``xlcheck campaign report``: both papers are written, once, and nothing else is touched."""

from __future__ import annotations

import re
from pathlib import Path

from tests.making.campaigns import made_campaign
from tests.making.command import xlcheck


def test_both_papers_are_written_and_where_is_said(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "2025")
    ran = xlcheck("campaign", "report", "--folder", folder)
    assert (ran.code, ran.out) == (0, "")
    found = re.fullmatch(r"已写出“(.*)”和“(.*)”\n", ran.err)
    assert found is not None
    assert all(Path(path).stat().st_size > 5_000 for path in found.groups())
    assert Path(found[1]).parent.parent == folder / "通报"


def test_what_is_there_stays(tmp_path: Path) -> None:
    folder, out = made_campaign(tmp_path / "2025"), tmp_path / "给领导"
    assert xlcheck("campaign", "report", "--folder", folder, "-o", out).code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    ran = xlcheck("campaign", "report", "--folder", folder, "-o", out)
    assert (ran.code, "没有覆盖" in ran.err) == (2, True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
