"""What IMAP servers say beyond what Dovecot says: it is borne, or told in their own words with what to do."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests import ROOT
from tests.making.command import PROGRAM, Ran, xlcheck
from tests.servers.imap import Answers, Speaking, mailbox, speaking
from tests.servers.replies import attached, letter, workbook_of
from xlcheck.tasks.inbox import IMAP_VARIABLE

LETTER = letter("jyj@example.org", attached(workbook_of("市教育局")))
OTHER = letter("jyj@example.org", attached(workbook_of("市教育局", received=7), "另一份.xlsx"))


def fetch(folder: Path, server: Speaking, *more: str) -> Ran:
    units = folder / "单位名单.csv"
    units.write_text("单位名称,电子邮箱\n市教育局,jyj@example.org\n", encoding="utf-8")
    return xlcheck("inbox", server.url(), "-o", folder / "收件", "--units", units, "--ca", server.ca, *more)


def ran(folder: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers, greeting: str = "* OK ready\r\n") -> Ran:
    monkeypatch.setenv(IMAP_VARIABLE, "geheim")
    with speaking(folder / "server", answers, greeting) as server:
        return fetch(folder, server)


AHEAD = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=5)
DATES = [pytest.param(f'"{AHEAD:%d-%b-%Y %H:%M:%S} +0000"', id="a clock that is ahead"), "NIL", '""', '"yesterday"', '"99-Foo-2025 99:99:99 +9999"', '"31-Dec-9999 23:59:59 -1200"', "5", "(1 2)", '"01-Jan-2999 00:00:00 +0000"']  # fmt: skip


@pytest.mark.parametrize("date", DATES)
def test_a_letter_whose_time_cannot_be_is_taken_as_of_now(
    date: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = datetime.datetime.now().timestamp()
    done = ran(tmp_path, monkeypatch, mailbox({1: OTHER, 2: LETTER}, {2: date}))
    assert (done.code, done.err) == (0, "")
    saved = {path.name: path.stat().st_mtime for path in tmp_path.rglob("*.xlsx")}
    assert set(saved) == {"年报.xlsx", "另一份.xlsx"}
    assert before - 1 <= saved["年报.xlsx"] <= datetime.datetime.now().timestamp() + 1
    assert saved["另一份.xlsx"] == datetime.datetime(2025, 11, 3, 9, 30, tzinfo=datetime.timezone.utc).timestamp()


def test_one_letter_that_the_server_refuses_to_describe_keeps_back_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = mailbox({1: OTHER, 2: LETTER})
    described = honest["UID FETCH"]
    assert callable(described)

    def refused(command: str) -> str:
        return (
            "TAG NO [SERVERBUG] internal\r\n"
            if "2" in command.split()[2] and "BODY" not in command
            else described(command)
        )

    done = ran(tmp_path, monkeypatch, {**honest, "UID FETCH": refused})
    assert done.code == 0
    assert len(list(tmp_path.rglob("*.xlsx"))) == 2


REFUSALS = {
    "LOGIN of 163": (
        {"LOGIN": "TAG NO LOGIN Login error or password error\r\n"},
        ["Login error or password error", "授权码", "IMAP/SMTP 服务"],
    ),
    "LOGIN of QQ": (
        {"LOGIN": "TAG NO Login fail. Account is abnormal, service is not open, password is incorrect\r\n"},
        ["service is not open", "授权码"],
    ),
    "too many logins": ({"LOGIN": "TAG NO login frequency limited\r\n"}, ["login frequency limited", "过一会儿"]),
    "unsafe login of 163": (
        {"EXAMINE": "TAG NO EXAMINE Unsafe Login. Please contact kefu@188.com for help\r\n"},
        ["Unsafe Login. Please contact kefu@188.com for help", "授权码", "网易"],
    ),
    "a folder that is not there": (
        {"EXAMINE": "TAG NO [NONEXISTENT] Unknown Mailbox\r\n"},
        ["打不开文件夹“INBOX”", "Unknown Mailbox", "检查名称"],
    ),
    "SEARCH": ({"UID SEARCH": "TAG NO [CANNOT] search is disabled\r\n"}, ["不肯列出信件", "search is disabled"]),
    "SEARCH of 163": ({"UID SEARCH": "TAG BAD Unsafe Login\r\n"}, ["Unsafe Login", "授权码"]),
    "a farewell": ({"UID SEARCH": "* BYE Too many connections\r\n"}, ["Too many connections", "过一会儿"]),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_servers_own_words_are_told_with_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, told = REFUSALS[name]
    done = ran(tmp_path, monkeypatch, {**answers, **mailbox({1: LETTER}), **answers})
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert [words for words in told if words not in line] == []


def test_a_servers_words_are_bounded_and_steer_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = ran(tmp_path, monkeypatch, {"LOGIN": f"TAG NO \x1b[2J{'x' * 9000}\x07\r\n"})
    assert done.code == 2
    assert "\x1b" not in done.err and "\x07" not in done.err
    assert len(done.err) < 600


def test_the_password_is_asked_on_the_terminal_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import pty

    monkeypatch.delenv(IMAP_VARIABLE, raising=False)
    with speaking(tmp_path / "server", mailbox({1: LETTER})) as server:
        units = tmp_path / "单位名单.csv"
        units.write_text("单位名称,电子邮箱\n市教育局,jyj@example.org\n", encoding="utf-8")
        pid, terminal = pty.fork()
        if pid == 0:
            environment = {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            }
            command = [
                "inbox",
                server.url(),
                "-o",
                str(tmp_path / "收件"),
                "--units",
                str(units),
                "--ca",
                str(server.ca),
            ]
            os.execve(PROGRAM[0], [*PROGRAM, *command], environment)
        shown, typed = b"", False
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # how Linux tells that the other end is closed
                break
            shown += piece
            if not piece:
                break
            if not typed and "输入时不显示".encode() in shown:
                os.write(terminal, b"geheim-42\n")
                typed = True
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
    assert (os.waitstatus_to_exitcode(status), b"geheim" in shown) == (0, False), shown.decode("utf-8", "replace")
    assert any('"geheim-42"' in command for command in server.commands)


@pytest.mark.parametrize("largest", [0, 4_000, 20_000, 33_000])
def test_letters_that_cannot_be_saved_are_a_sentence_and_saved_by_the_next_run(
    largest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os
    import resource
    import subprocess

    monkeypatch.setenv(IMAP_VARIABLE, "geheim")
    with speaking(tmp_path / "server", mailbox({1: OTHER, 2: LETTER})) as server:
        units = tmp_path / "单位名单.csv"
        units.write_text("单位名称,电子邮箱\n市教育局,jyj@example.org\n", encoding="utf-8")
        command = ["inbox", server.url(), "-o", str(tmp_path / "收件"), "--units", str(units), "--ca", str(server.ca)]
        done = subprocess.run(
            [*PROGRAM, *command],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
        )
        assert "Traceback" not in done.stderr
        assert done.returncode == 2, done.stderr
        assert "无法" in done.stderr or "磁盘空间" in done.stderr
        assert list(tmp_path.rglob("*.tmp")) == []
        assert fetch(tmp_path, server).code == 0
    assert sorted(path.name for path in tmp_path.rglob("*.xlsx")) == ["另一份.xlsx", "年报.xlsx"]
