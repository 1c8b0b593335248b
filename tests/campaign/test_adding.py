"""Files and folders taken in as users do it: a run that is killed leaves nothing half, and two at once nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests import ROOT
from tests.making.campaigns import BEFORE, UNITS, WRONG, handed_in, made_campaign, states
from tests.making.command import PROGRAM, Ran, process
from xlcheck.campaign.adding import add_files
from xlcheck.campaign.ledger.arrivals import arrivals_of
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.contents import has_content
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.tasks.given import CannotDo


def put(path: Path, data: bytes, hours: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (1_700_000_000 + 3600 * hours,) * 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a campaign, and with two rounds of each unit as files."""
    made_campaign(tmp_path / "2025")
    for number, unit in enumerate(UNITS):
        for hours in range(2):
            changes = WRONG if hours < 1 else {}
            put(
                tmp_path / "报送" / f"{9 - hours}" / f"{number}.xlsx",
                handed_in(unit.name, filler=f"{hours}", **changes),
                hours,
            )
    return tmp_path


def rounds(folder: Path) -> dict[str, list[str]]:
    """The digests of what each unit handed in; each is there whole."""
    with open_campaign(folder / "2025") as opened, reading(opened.engine) as connection:
        found = {}
        for unit in campaign_units(connection, opened.campaign.id):
            arrivals = arrivals_of(connection, unit.id)
            checks = checks_of(connection, [one.id for one in arrivals])
            assert set(checks) == {one.id for one in arrivals}
            for check in checks.values():
                assert all(has_content(connection, digest) for digest in (check.copy, check.drawn) if digest)
            found[unit.unit.name] = [one.digest for one in arrivals]
        return found


def started(folder: Path) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        [*PROGRAM, "campaign", "add", "报送", "--quiet"],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def added(folder: Path) -> Ran:
    return process("campaign", "add", "报送", "--quiet", folder=folder)


def test_a_run_that_is_killed_leaves_nothing_half_and_the_next_nothing_twice(folder: Path) -> None:
    expected = 6
    for entered in (1, 3):
        run = started(folder)
        deadline = time.monotonic() + 60
        while sum(map(len, rounds(folder).values())) < entered and run.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert entered <= sum(map(len, rounds(folder).values())) <= expected
    ran = added(folder)
    assert ran.code == 1, ran.err  # the first round of each was wrong
    assert all(len(digests) == len(set(digests)) == 2 for digests in rounds(folder).values())
    with open_campaign(folder / "2025") as opened:
        assert set(states(opened).values()) == {("passed", 2)}  # the file that was written last counts
    again = added(folder)
    assert "收入 0 份，以前收过的 6 份" in again.out


def test_two_at_once_take_nothing_in_twice(folder: Path) -> None:
    runs = [started(folder) for _ in range(2)]
    outs = [run.communicate()[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [1, 1], outs
    assert all(len(digests) == len(set(digests)) == 2 for digests in rounds(folder).values())


def test_one_that_was_taken_in_as_anothers_is_not_passed_over_in_silence(folder: Path) -> None:
    blank = folder / "同一份.xlsx"
    put(blank, handed_in("", 2025, ""))
    first = process("campaign", "add", blank.name, "--unit", "市教育局", "--quiet", folder=folder)
    assert "市教育局　第 1 次" in first.out
    other = process("campaign", "add", blank.name, "--unit", "市水利局", "--quiet", folder=folder)
    assert (other.code, "已经作为“市教育局”的收下过（第 1 号材料" in other.err) == (2, True)
    again = process("campaign", "add", blank.name, "--unit", "市教育局", "--quiet", folder=folder)
    assert "以前收过" in again.out


def test_copies_of_ours_are_passed_over_unless_somebody_mended_them(folder: Path) -> None:
    added(folder)
    with open_campaign(folder / "2025") as opened:
        with reading(opened.engine) as connection:
            unit = campaign_units(connection, opened.campaign.id)[0]
            from xlcheck.campaign.ledger.contents import content_of

            first = arrivals_of(connection, unit.id)[0]
            copy = content_of(connection, checks_of(connection, [first.id])[first.id].copy)
        put(folder / "发回" / "0.审核.xlsx", copy)
        with pytest.raises(CannotDo, match="没有找到工作簿"):
            list(add_files(opened, [str(folder / "发回")], "王科", 1))
        import openpyxl

        book = openpyxl.load_workbook(folder / "发回" / "0.审核.xlsx")
        book["依申请公开"]["D5"] = book["依申请公开"]["J5"] = 6
        book.save(folder / "发回" / "0.审核.xlsx")
        (only,) = add_files(opened, [str(folder / "发回")], "王科", 1 << 31)
        assert only.taken is not None
        assert (only.taken.arrival.number, only.taken.check.status, only.taken.arrival.way) == (3, "passed", "folder")


def test_what_the_system_does_not_give_is_told_and_stops_nothing(folder: Path) -> None:
    (folder / "报送" / "管道.xlsx").unlink(missing_ok=True)
    os.mkfifo(folder / "报送" / "管道.xlsx")
    with open_campaign(folder / "2025") as opened:
        found = {Path(one.path).name: one for one in add_files(opened, [str(folder / "报送")], "王科", 1)}
    assert found["管道.xlsx"].taken is None
    assert "不是普通文件" in found["管道.xlsx"].refusal
    assert found["2.xlsx"].taken is not None


def test_rounds_of_one_unit_that_are_looked_at_at_once_are_compared_one_after_the_other(
    opened: OpenCampaign, tmp_path: Path
) -> None:
    for number in range(5):
        put(tmp_path / "报送" / f"{5 - number}.xlsx", handed_in(filler=f"第 {number} 人"), number)
    found = [one.taken for one in add_files(opened, [str(tmp_path / "报送")], "王科", BEFORE, workers=2)]
    assert [(one.arrival.name, one.arrival.number) for one in found if one] == [
        (f"{5 - number}.xlsx", number + 1) for number in range(5)
    ]
    compared = [json.loads(one.check.entry).get("previous") for one in found if one]
    assert [one is None for one in compared] == [True, False, False, False, False]
    again = [one.taken for one in add_files(opened, [str(tmp_path / "报送")], "王科", BEFORE, workers=2)]
    assert [one.is_new for one in again if one] == [False] * 5


def test_a_zip_is_taken_apart_and_nothing_of_it_is_taken_in_twice(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "汇集.zip", "w") as archive:
        archive.writestr("各局/一.xlsx", handed_in(UNITS[0].name))
        archive.writestr("里.zip", b"PK")
    with open_campaign(made_campaign(tmp_path / "2025")) as opened:
        for is_new in (True, False):
            found = {one.path: one for one in add_files(opened, [str(tmp_path / "汇集.zip")], "王科", 1_700_000_000)}
            taken = found[f"{tmp_path / '汇集.zip'}/各局/一.xlsx"].taken
            assert taken is not None
            assert (taken.unit is not None, taken.is_new) == (True, is_new)
            assert "请解压后再交" in found[f"{tmp_path / '汇集.zip'}/里.zip"].refusal
