"""``xlcheck campaign send`` and ``fetch``, as a clerk runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.making.campaigns import made_campaign
from tests.making.command import xlcheck
from xlcheck.campaign.settings import FetchSettings, load_settings, write_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return made_campaign(tmp_path / "2025年报送")


def test_what_would_leave_is_listed_and_what_left_is_on_record(folder: Path) -> None:
    planned = xlcheck("campaign", "send", "reminders", "--unit", "教育", "--dry-run")
    assert planned.code == 0
    assert planned.out.splitlines()[1].split() == ["市教育局", "催报", "u0@example.org", "（无附件）", "将发送"]
    assert planned.out.splitlines()[-1] == "共 1 个单位：将发 1 封，以前已发 0 封"
    sent = xlcheck("campaign", "send", "reminders")
    assert (sent.code, sent.out) == (0, "已写成 3 封信，请打开“2025年报送/信件/outbox/index.html”查看\n")
    assert len(list((folder / "信件" / "outbox").glob("*.催报.eml"))) == 3
    status = xlcheck("campaign", "send", "--status")
    assert (status.code, status.out.splitlines()[-1].split("：")[0]) == (1, "共 3 封")


def test_without_the_library_of_mailboxes_it_is_said_what_to_install(folder: Path) -> None:
    fetch = FetchSettings("imaps://a@localhost/INBOX")
    write_settings(folder, load_settings(folder)._replace(fetch=fetch))
    code = "import sys\nsys.modules['imapclient'] = None\nfrom xlcheck.commands.cli import main\nsys.exit(main())"
    arguments = (sys.executable, "-c", code, "campaign", "fetch")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "收信要用到的程序库没有安装，请运行：pip install 'xlcheck[mail]'\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("send",), "请写明发什么"),
        (("send", "letters"), "templates"),
        (("send", "results", "--unit", "没有的局"), "单位名单里没有“没有的局”"),
        (("fetch",), "没有写邮箱"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = xlcheck("campaign", *arguments)
    assert done.code == 2
    assert said in done.err and "Traceback" not in done.err
