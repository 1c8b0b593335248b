"""Which files are checked, and what is said of places that cannot be looked into."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.making.command import PROGRAM, process, xlcheck
from tests.servers.letters import listed
from tests.servers.replies import workbook_of
from xlcheck.batch.plan import plan_jobs
from xlcheck.roster.units import Unit

UNITS = [
    Unit("市教育局", "", "jyj@example.org"),
    Unit("市水利局", "", "slj@example.org"),
    Unit("市审计局", "", "sjj@example.org"),
]


@pytest.fixture
def came(tmp_path: Path) -> Path:
    folder = tmp_path / "报送"
    for name in ("市教育局", "市水利局"):
        (folder / name).mkdir(parents=True)
        (folder / name / "年报.xlsx").write_bytes(workbook_of(name))
    return folder


def links(folder: Path, elsewhere: Path) -> None:
    """The folder lies elsewhere, and a link is in its place."""
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)


def test_a_linked_folder_is_named_and_its_unit_is_not_missing(came: Path, tmp_path: Path) -> None:
    links(came / "市水利局", tmp_path / "别处")
    out, units = tmp_path / "out", listed(tmp_path, UNITS)
    done = xlcheck("verify", came, "-o", out, "--units", units)
    assert done.code == 1
    assert f"无法读取　{came / '市水利局'}" in done.out
    assert "这是指向别处的链接" in done.out
    assert "名单上 3 个单位，缺报 1 个：市审计局" in done.err
    told = {one["name"]: one["status"] for one in json.loads((out / "results.json").read_text("utf-8"))["units"]}
    assert told == {"市教育局": "passed", "市水利局": "unreadable", "市审计局": "missing"}
    sent = xlcheck("mail", out, "--units", units, "--remind", "--dry-run")
    lines = {line.split()[0]: line for line in sent.out.splitlines()}
    assert "无法读取" in lines["市水利局"] and "催报" in lines["市审计局"]
    # Whoever names the folder itself means what is in it.
    assert xlcheck("verify", came / "市水利局", "-o", tmp_path / "out2").code == 0


def test_nobody_is_reminded_who_may_be_in_a_folder_that_was_not_looked_into(came: Path, tmp_path: Path) -> None:
    links(came / "市水利局", tmp_path / "别处")
    (came / "市水利局").rename(came / "各局")
    out, units = tmp_path / "out", listed(tmp_path, UNITS)
    assert xlcheck("verify", came, "-o", out, "--units", units).code == 1
    sent = xlcheck("mail", out, "--units", units, "--remind", "--dry-run")
    assert sent.code == 1
    assert "没有打开，可能已经报送在里面" in sent.out and "将发送" not in sent.out


def test_links_in_a_circle_are_named_once(came: Path) -> None:
    (came / "市教育局" / "loop").symlink_to(came)
    (came / ".hidden").symlink_to(came)
    jobs, _ = plan_jobs([str(came), str(came)], None)
    assert [job.missed != "" for job in jobs].count(True) == 1
    assert len(jobs) == 3


def test_a_total_and_last_year_name_it_too(came: Path, tmp_path: Path) -> None:
    links(came / "市水利局", tmp_path / "别处")
    summed = xlcheck("total", came, "-o", tmp_path / "汇总.xlsx", "--unit", "市")
    assert "市水利局" in summed.err and "链接" in summed.err
    compared = xlcheck("verify", came / "市教育局", "--prior", came, "-o", tmp_path / "out")
    assert f"“{came / '市水利局'}”不是可以读取的报送表" in compared.err


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or not sys.platform.startswith("linux"), reason="gives rights up"
)
def test_a_folder_without_permission_is_named_and_its_unit_is_not_missing(came: Path, tmp_path: Path) -> None:
    (came / "市水利局").chmod(0)
    units = listed(tmp_path, UNITS)
    # Root opens everything, so it gives that right up.
    command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
    command += [
        *PROGRAM,
        "verify",
        str(came),
        "-o",
        str(tmp_path / "out"),
        "--units",
        str(units),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    (came / "市水利局").chmod(0o755)
    assert done.returncode == 1, done.stderr
    assert "文件夹打不开" in done.stdout
    assert "缺报 1 个：市审计局" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["A:x.xlsx", "C:年报.xlsx", "\\\\server\\x.xlsx", "a\\..\\b.xlsx"])
def test_a_name_that_is_a_path_elsewhere_stops_no_mail(name: str, came: Path, tmp_path: Path) -> None:
    (came / name).write_bytes(workbook_of("市审计局", received=99))
    out, units = tmp_path / "out", listed(tmp_path, UNITS)
    assert process("verify", came, "-o", out).code == 1
    sent = xlcheck("mail", out, "--units", units, "--passed")
    assert (sent.code, len(list((out / "outbox").glob("*.eml")))) == (0, 3), sent.err
