"""The office's year on the command line: what is said, and how each command ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests import ROOT
from tests.making.campaigns import CODES, WRONG, handed_in
from tests.making.command import xlcheck
from tests.making.tiny import TINY
from xlcheck.commands.campaign import campaign_command

LIST = "单位名称,统一社会信用代码,上级单位\n" + "".join(f"{name},{code},市政府\n" for name, code in CODES.items())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a list of units and a campaign."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "名单.csv").write_text(LIST, encoding="utf-8")
    ran = xlcheck("campaign", "new", "2025", "--units", "名单.csv", "--deadline", "2099-01-20")
    assert (ran.code, ran.err) == (0, "")
    return tmp_path


def put(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return name


def test_a_year_from_new_to_total(here: Path) -> None:
    put(here, "教.xlsx", handed_in(**WRONG))
    put(here, "水.xlsx", handed_in("市水利局"))
    ran = xlcheck("campaign", "add", "教.xlsx", "水.xlsx")
    assert (ran.code, ran.err) == (1, "")
    assert "收入 2 份\n" in ran.out
    status = xlcheck("campaign", "status")
    assert status.code == 1
    assert "应报 3　通过 1　待核实 0　退改 1　打不开 0　未报送 1　逾期 0" in status.out
    assert xlcheck("campaign", "add", put(here, "教.xlsx", handed_in())).code == 0
    assert xlcheck("campaign", "add", put(here, "民.xlsx", handed_in("市民政局"))).code == 0
    status = xlcheck("campaign", "status", "--all")
    assert status.code == 0
    assert "通过　市民政局　第 1 次" in status.out
    assert xlcheck("campaign", "status", "教育").code == 0
    assert xlcheck("campaign", "status", "--format", "json").code == 0  # held against its schema
    ran = xlcheck("campaign", "total", "-o", "各级", "--by", "parent")
    assert (ran.code, (here / "各级" / "市政府.xlsx").is_file()) == (0, True)


def test_what_the_office_says(here: Path) -> None:
    xlcheck("campaign", "add", put(here, "教.xlsx", handed_in(**WRONG)), put(here, "水.xlsx", handed_in("市水利局")))
    ran = xlcheck("campaign", "accept", "教育", "水利")
    assert (ran.code, ran.out) == (2, "通过　市水利局\n")
    assert ran.err.startswith("“市教育局”：这次报送还有 2 处错误，不能通过")
    ran = xlcheck("campaign", "return", "水利", "民政", "--note", "请附依据", "--clerk", "王科")
    assert (ran.code, ran.out, ran.err) == (2, "退改　市水利局\n", "“市民政局”：还没有报送\n")
    assert xlcheck("campaign", "note", "民政", "周五前", "报").code == 0
    assert "王科　请附依据" in xlcheck("campaign", "status", "水利").out
    assert "周五前 报" in xlcheck("campaign", "status", "民政").out
    assert xlcheck("campaign", "accept", "档案").err == "单位名单里没有“档案”\n"


def test_whose_it_is_may_be_said(here: Path) -> None:
    ran = xlcheck("campaign", "add", put(here, "档.xlsx", handed_in("市档案局")))
    assert ran.code == 1
    assert "归属不明 1 份" in ran.out
    assert xlcheck("campaign", "assign", "1", "民政").code == 0
    assert xlcheck("campaign", "assign", "1", "民政").err == "这份材料已经归这个单位了\n"
    assert xlcheck("campaign", "assign", "7", "民政").err == "没有第 7 号材料\n"


def test_what_is_no_submission_is_set_aside(here: Path) -> None:
    xlcheck("campaign", "add", put(here, "档.xlsx", handed_in("市档案局")))
    assert xlcheck("campaign", "assign", "1", "--aside", "--note", "会议通知").out == "已标为不是报送材料\n"
    assert "归属不明" not in xlcheck("campaign", "status").out
    assert xlcheck("campaign", "assign", "1", "民政").code == 0
    for wrong in (["1"], ["1", "民政", "--aside"], ["1", "民政", "--note", "x"]):
        assert xlcheck("campaign", "assign", *wrong).code == 2


def test_a_file_of_another_year_is_told_with_what_to_do(here: Path) -> None:
    put(here, "旧.xlsx", handed_in("市水利局", 2024))
    ran = xlcheck("campaign", "add", "旧.xlsx")
    assert ran.code == 2
    assert "报告年度是 2024，不是本次的 2025" in ran.err
    assert "--unit" in ran.err
    ran = xlcheck("campaign", "add", "旧.xlsx", "--unit", "水利")
    assert (ran.code, "市水利局　第 1 次　强制性 1 处" in ran.out) == (1, True)


def test_documents_of_a_folder_that_are_no_reports_are_told_once(here: Path) -> None:
    (here / "报送").mkdir()
    put(here / "报送", "会议.html", "<html><body>通知</body></html>".encode())
    put(here / "报送", "教.xlsx", handed_in())
    ran = xlcheck("campaign", "add", "报送")
    assert (ran.code, ran.out.endswith("收入 1 份\n")) == (0, True)
    assert "不是年报的文档没有收入：报送/会议.html" in ran.err


def test_terms_and_lists_are_changed(here: Path) -> None:
    assert xlcheck("campaign", "set").code == 2
    assert xlcheck("campaign", "set", "--deadline", "2099-02-01", "--phone", "010-9").code == 0
    (here / "新.csv").write_text("单位名称\n市教育局\n市档案局\n", encoding="utf-8")
    ran = xlcheck("campaign", "set", "--units", "新.csv")
    assert ran.out == "单位名单：新增 1 个，改动 1 个，去掉 2 个：市水利局、市民政局\n"
    (here / "补.csv").write_text("单位名称\n市统计局\n", encoding="utf-8")
    assert "新增 1 个" in xlcheck("campaign", "set", "--more-units", "补.csv").out
    assert "截止 2099-02-01" in xlcheck("campaign", "status").out
    assert "应报 3" in xlcheck("campaign", "status").out


def test_it_is_archived_and_restored(here: Path) -> None:
    xlcheck("campaign", "add", put(here, "教.xlsx", handed_in()))
    assert xlcheck("campaign", "archive", "-o", "a.zip").code == 0
    ran = xlcheck("campaign", "archive", "--verify", "a.zip")
    assert (ran.code, "1 项报送工作" in ran.out) == (0, True)
    assert xlcheck("campaign", "restore", "a.zip", "--folder", "恢复").code == 0
    ran = xlcheck("campaign", "status")
    assert (ran.code, "--folder" in ran.err) == (2, True)
    assert (
        xlcheck("campaign", "status", "--folder", "恢复").out
        == xlcheck("campaign", "status", "--folder", "2025年报送").out
    )
    for wrong in (["archive"], ["archive", "-o", "a.txt"], ["archive", "-o", "b.zip", "--verify", "a.zip"]):
        assert xlcheck("campaign", *wrong, "--folder", "恢复").code == 2
    assert xlcheck("campaign", "archive", "--verify", "名单.csv").code == 2


def test_last_years_folder_is_compared_with(here: Path) -> None:
    (here / "上年").mkdir()
    put(here / "上年", "教.xlsx", handed_in("市教育局", 2024))
    put(here / "上年", "错.xlsx", handed_in("市水利局", 2023))
    ran = xlcheck("campaign", "set", "--prior", "上年")
    assert (ran.code, ran.out) == (1, "上年的报送表收入 1 份，用于比对\n")
    assert "报告年度是 2023" in ran.err
    ran = xlcheck("campaign", "add", put(here, "教.xlsx", handed_in()))
    assert "待核实　教.xlsx　市教育局" in ran.out
    ran = xlcheck("campaign", "new", "2026", "--units", "名单.csv", "--prior", "2025年报送")
    assert ran.code == 0
    assert 'last_year = "../2025年报送"' in (here / "2026年报送" / "campaign.toml").read_text(encoding="utf-8")


def test_a_form_of_ones_own_lies_in_the_folder(here: Path) -> None:
    (here / "my.toml").write_text(TINY, encoding="utf-8")
    ran = xlcheck("campaign", "new", "2025", "--units", "名单.csv", "--form", "my.toml", "--folder", "自")
    assert (ran.code, ran.err) == (0, "")
    (here / "my.toml").unlink()
    put(here, "教.xlsx", handed_in())
    ran = xlcheck("campaign", "add", "教.xlsx", "--folder", "自")
    assert "强制性" in ran.out  # another form
    assert xlcheck("campaign", "status", "教育", "--folder", "自").code == 1
    xlcheck("campaign", "archive", "-o", "a.zip", "--folder", "自")
    xlcheck("campaign", "restore", "a.zip", "--folder", "恢复")
    assert (here / "恢复" / "my.toml").read_text(encoding="utf-8") == TINY


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "2026"], "--units"),
        (["new", "2026", "--units", "无.csv"], "无法读取单位名单"),
        (["new", "2025", "--units", "名单.csv"], "已经是一项报送工作的文件夹"),
        (
            ["new", "2026", "--units", "名单.csv", "--folder", "x", "--ledger", "postgresql://u:p@db/x"],
            "地址写法不对|写了密码|程序库|无法|登录|用不了",
        ),
        (["add", "无.xlsx"], "没有找到|无法读取|找不到"),
        (["add", "名单.csv"], "没有收入“名单.csv”.*--unit"),
        (["add", "名单.csv", "--received", "2999-01-01"], "以后的日期"),
        (["status", "--folder", "无"], "没有 campaign.toml"),
        (["total", "-o", "a.xlsx"], "没有可以汇总的报送表"),
        (["total"], "-o"),
        (["return", "教育"], "--note"),
        (["none"], "没有命令“none”"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(here: Path, arguments: list[str], said: str) -> None:
    import re

    ran = xlcheck("campaign", *arguments)
    assert ran.code == 2, ran.out
    assert re.search(said, ran.err), ran.err
    assert "Traceback" not in ran.err


_WITHOUT = """
import json, sys
sys.modules["sqlalchemy"] = None
from xlcheck.commands import chinese
from xlcheck.commands.cli import cli
for arguments in json.loads(sys.argv[1]):
    assert chinese.run_command(cli, "xlcheck", ["campaign", *arguments]) == 2, arguments
    assert chinese.run_command(cli, "xlcheck", ["campaign", arguments[0], "--help"]) == 0, arguments
"""


def test_without_its_libraries_each_command_says_so_and_each_helps(here: Path) -> None:
    """In a process of its own: here all of the campaign was imported long ago."""
    given = {
        "new": ["2025", "--units", "单位名单.csv"], "add": ["a"], "assign": ["1", "市教育局"], "accept": ["市教育局"],
        "return": ["市教育局", "--note", "x"], "note": ["市教育局", "x"], "restore": ["a.zip", "--folder", "新"], "total": ["-o", "a.xlsx"],
    }  # fmt: skip
    commands = [
        [name, *given.get(name, [])] for name in campaign_command.list_commands(click.Context(campaign_command))
    ]
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT, json.dumps(commands)],
        cwd=here, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("pip install 'xlcheck[campaign]'") == len(commands)
