"""The command line: exit codes, what goes where, which files are written, and nothing but Chinese."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import ROOT
from tests.making.command import PROGRAM, Ran, process, xlcheck
from tests.making.copies import comments, untouched
from tests.making.filling import clean_workbook, form, submission_of, workbook

COMMANDS = ("template", "verify", "total", "mail", "explain", "fields", "forms")
FAULTY = workbook(requests__received__person=7, requests__received__total=7)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")
ENGLISH = re.compile(
    r"\b(Usage|Error|Options?:|Commands?:|Try|Missing|Invalid|No such|Got unexpected|Show this|Traceback|default|required)\b"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a clean, a faulty and a broken file."""
    (tmp_path / "好.xlsx").write_bytes(clean_workbook())
    (tmp_path / "错.xlsx").write_bytes(FAULTY)
    (tmp_path / "坏.xlsx").write_bytes(b"PK\3\4 no zip")
    return tmp_path


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def report(ran: Ran) -> Any:
    return json.loads(ran.out)


# --- exit codes ------------------------------------------------------------------------------------------------------


def test_0_when_everything_complies(tmp_path: Path) -> None:
    ran = xlcheck("verify", put(tmp_path / "a.xlsx", clean_workbook()))
    assert ran.code == 0
    assert "通过" in ran.out
    assert files(tmp_path) == {"a.xlsx"}


def test_0_with_warnings_only(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(clean_workbook()))
    book.create_sheet("备注")
    book.save(tmp_path / "a.xlsx")
    ran = xlcheck("verify", tmp_path / "a.xlsx")
    assert ran.code == 0
    assert "S104" in ran.out


def test_1_with_an_error(tmp_path: Path) -> None:
    assert xlcheck("verify", put(tmp_path / "a.xlsx", FAULTY)).code == 1


def test_1_when_one_of_several_is_unreadable(folder: Path) -> None:
    ran = xlcheck("verify", folder / "好.xlsx", folder / "坏.xlsx")
    assert ran.code == 1
    assert "无法读取 1" in ran.out


@pytest.mark.parametrize(
    "content",
    [b"", b"<html></html>", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b\n1,2\n", clean_workbook()[:9000]],
)
def test_2_when_nothing_is_readable(tmp_path: Path, content: bytes) -> None:
    ran = xlcheck("verify", put(tmp_path / "甲局.xlsx", content))
    assert ran.code == 2
    assert "甲局.xlsx" in ran.out
    assert files(tmp_path) == {"甲局.xlsx"}


@pytest.mark.parametrize(
    "arguments",
    [["verify"], ["verify", "--format", "xml", "x"], ["verify", "--jobs", "0", "x"], ["verify", "--jobs", "many", "x"], ["verify", "--nope", "x"],
     ["verify", "-o"], ["nope"], ["--nope"], ["template", "--year", "25"], ["template", "--year", "x"], ["template", "extra"], ["fields", "--format", "csv"],
     ["explain", "X999"], ["explain", "B101", "B102"], ["verify", "x.xlsx", "--form", "nope"], ["fields", "--form", "missing.toml"],
     ["template", "--units", "missing.csv"], ["verify", "missing.xlsx"], ["template", "--unit", "a", "--units", "b.csv"], ["forms", "x"], ["verify", "--jobs"]],
    ids=" ".join,
)  # fmt: skip
def test_2_and_one_chinese_complaint_when_the_job_cannot_be_done(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = xlcheck(*arguments)
    said = ran.out + ran.err
    assert ran.code == 2
    assert re.search("[\u4e00-\u9fff]", said)
    assert not ENGLISH.search(said), said
    assert files(tmp_path) == set()


def test_2_when_a_folder_holds_no_workbook(tmp_path: Path) -> None:
    put(tmp_path / "照片.jpg", b"")
    ran = xlcheck("verify", tmp_path)
    assert ran.code == 2
    assert "没有找到工作簿" in ran.err
    assert ran.out == ""


def test_a_missing_file_is_a_finding_when_others_are_readable(folder: Path) -> None:
    ran = xlcheck("verify", folder / "好.xlsx", folder / "没有.xlsx", "--format", "json")
    assert ran.code == 1
    assert [file["status"] for file in report(ran)["files"]] == ["passed", "unreadable"]
    assert report(ran)["files"][1]["findings"][0]["code"] == "F101"


# --- which files -----------------------------------------------------------------------------------------------------


def test_folders_are_searched_in_depth_and_lock_files_and_copies_are_skipped(tmp_path: Path) -> None:
    for name in (
        "a.xlsx",
        "下级/b.XLSX",
        "下级/更下级/c.xlsx",
        "~$a.xlsx",
        ".~lock.a.xlsx#",
        "~$a.审核.xlsx",
        "b.建议.xlsx",
        "d.txt",
        ".隐藏.xlsx",
    ):
        put(tmp_path / name, clean_workbook())
    for name in ("a.审核.xlsx", "a.审核.2.xlsx"):
        put(tmp_path / name, untouched())
    ran = xlcheck("verify", tmp_path, "--format", "json")
    assert [str(Path(file["path"]).relative_to(tmp_path)) for file in report(ran)["files"]] == [
        "a.xlsx",
        "下级/b.XLSX",
        "下级/更下级/c.xlsx",
    ]
    assert "跳过 3 个" in ran.err


def test_a_file_named_twice_is_checked_once(folder: Path) -> None:
    ran = xlcheck("verify", folder / "好.xlsx", folder, folder / "." / "好.xlsx", "--format", "json")
    assert report(ran)["summary"]["files"] == 3


def test_unreadable_files_never_stop_the_others(folder: Path) -> None:
    ran = xlcheck("verify", folder, "--format", "json")
    assert {Path(file["path"]).name: file["status"] for file in report(ran)["files"]} == {
        "坏.xlsx": "unreadable",
        "好.xlsx": "passed",
        "错.xlsx": "failed",
    }
    assert files(folder) == {"好.xlsx", "错.xlsx", "坏.xlsx", "错.审核.xlsx"}


def test_a_folder_that_looks_like_a_workbook_and_a_pipe_are_harmless(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").mkdir()
    os.mkfifo(tmp_path / "管道.xlsx")
    put(tmp_path / "x.xlsx" / "a.xlsx", clean_workbook())
    ran = xlcheck("verify", tmp_path, "--format", "json")
    assert sorted(file["status"] for file in report(ran)["files"]) == ["passed", "unreadable"]


# --- copies ----------------------------------------------------------------------------------------------------------


def test_a_copy_is_written_beside_each_faulty_input_only(folder: Path) -> None:
    xlcheck("verify", folder / "错.xlsx", folder / "好.xlsx")
    assert files(folder) == {"好.xlsx", "错.xlsx", "坏.xlsx", "错.审核.xlsx"}
    assert comments((folder / "错.审核.xlsx").read_bytes())


def test_copies_go_to_the_output_folder_with_the_same_tree(tmp_path: Path) -> None:
    put(tmp_path / "in" / "市局" / "a.xlsx", FAULTY)
    xlcheck("verify", tmp_path / "in", "-o", tmp_path / "out" / "new")
    assert {path for path in files(tmp_path) if "审核." in path} == {"out/new/市局/a.审核.xlsx"}


def test_inputs_are_never_changed(folder: Path) -> None:
    before = {
        path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in folder.iterdir()
    }
    xlcheck("verify", folder)
    xlcheck("verify", folder, "--jobs", "2")
    assert {path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in before} == before


def test_inputs_of_one_stem_get_copies_of_their_own(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.xlsm", "in/a.xlsx"):
        put(tmp_path / name, FAULTY)
    ran = xlcheck(
        "verify", tmp_path / "a.xlsm", tmp_path / "a.xlsx", tmp_path / "in", "-o", tmp_path / "out", "--format", "json"
    )
    written = [file["annotated"] for file in report(ran)["files"]]
    assert len(set(written)) == 3
    assert all(Path(path).is_file() for path in written)


def test_a_second_run_replaces_its_own_copy(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", FAULTY)
    xlcheck("verify", path)
    xlcheck("verify", path)
    assert files(tmp_path) == {"a.xlsx", "a.审核.xlsx"}


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("依申请公开!D5", 8),
        ("依申请公开!D5", ""),
        ("封面!C4", "另一局"),
        ("主动公开!B4", "8"),
        ("封面!C23", "确有其事"),
        ("主动公开!F20", "说明：已改"),
    ],
)
def test_a_copy_that_somebody_typed_into_is_never_overwritten(tmp_path: Path, address: str, typed: Any) -> None:
    path = put(tmp_path / "a.xlsx", workbook(disclosure__regulations__issued="７"))
    xlcheck("verify", path)
    copy = tmp_path / "a.审核.xlsx"
    book = openpyxl.load_workbook(copy)
    sheet, _, cell = address.rpartition("!")
    book[sheet][cell] = typed or None
    book.save(copy)
    mended = copy.read_bytes()
    ran = xlcheck("verify", path)
    assert copy.read_bytes() == mended
    assert "没有覆盖" in ran.err
    assert len(files(tmp_path)) == 3


def test_a_text_mended_to_a_number_in_the_copy_is_never_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", workbook(disclosure__regulations__issued="7"))
    xlcheck("verify", path)
    copy = tmp_path / "a.审核.xlsx"
    book = openpyxl.load_workbook(copy)
    book["主动公开"]["B4"] = 7
    book.save(copy)
    mended = copy.read_bytes()
    xlcheck("verify", path)
    assert copy.read_bytes() == mended


def test_a_sheet_added_to_the_copy_is_never_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", FAULTY)
    xlcheck("verify", path)
    copy = tmp_path / "a.审核.xlsx"
    book = openpyxl.load_workbook(copy)
    book.create_sheet("情况说明")["A1"] = "经核实无误"
    book.save(copy)
    mended = copy.read_bytes()
    xlcheck("verify", path)
    assert copy.read_bytes() == mended


def test_somebody_elses_file_of_that_name_is_never_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", FAULTY)
    for content in (b"not ours", clean_workbook()):
        put(tmp_path / "a.审核.xlsx", content)
        xlcheck("verify", path)
        assert (tmp_path / "a.审核.xlsx").read_bytes() == content


def test_an_annotated_copy_can_be_checked_itself(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", FAULTY)
    first = report(xlcheck("verify", path, "--format", "json"))["files"][0]
    again = report(xlcheck("verify", tmp_path / "a.审核.xlsx", "-o", tmp_path / "out", "--format", "json"))["files"][0]
    assert again["findings"] == first["findings"]


def test_an_output_that_is_a_file_is_told_and_the_files_are_checked_all_the_same(folder: Path) -> None:
    put(folder / "out", b"mine")
    before = files(folder)
    ran = xlcheck("verify", folder / "错.xlsx", "-o", folder / "out")
    assert ran.code == 2
    assert "out" in ran.err
    assert "B101" in ran.out or "C1" in ran.out
    assert files(folder) == before


def test_a_copy_that_cannot_be_written_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    put(tmp_path / "in" / "b" / "a.xlsx", FAULTY)
    put(tmp_path / "in" / "c.xlsx", FAULTY)
    put(tmp_path / "out" / "b", b"a file where a folder should be")
    ran = xlcheck("verify", tmp_path / "in", "-o", tmp_path / "out")
    assert ran.code == 2
    assert "无法写入" in ran.err
    assert {"b", "c.审核.xlsx"} <= files(tmp_path / "out")


def test_the_other_word_for_other_kinds_of_workbooks(tmp_path: Path) -> None:
    ran = xlcheck("verify", put(tmp_path / "a.xlsb", b"PK\3\4"), "--format", "json")
    assert report(ran)["files"][0]["status"] == "unreadable"


# --- reports ---------------------------------------------------------------------------------------------------------


def test_the_json_document_is_the_contract(folder: Path) -> None:
    ran = xlcheck("verify", folder, "--format", "json")
    document = report(ran)
    assert list(document)[:4] == ["xlcheck", "schema", "summary", "files"]
    assert document["schema"] == 1
    assert isinstance(document["xlcheck"], str)
    counts = {"files": 3, "passed": 1, "failed": 1, "unreadable": 1, "errors": 3, "warnings": 0}
    assert {key: document["summary"][key] for key in counts} == counts
    bad, good, wrong = document["files"]
    for file in document["files"]:
        assert {"path", "form", "unit", "year", "status", "annotated", "not_evaluated", "findings"} <= set(file)
    assert (good["form"], good["unit"], good["year"], good["status"]) == (
        "disclosure-2021",
        "某某市教育局",
        2025,
        "passed",
    )
    assert (good["annotated"], good["findings"], good["not_evaluated"]) == (None, [], [])
    assert (bad["form"], bad["year"], bad["status"]) == (None, None, "unreadable")
    assert wrong["annotated"] == str(folder / "错.审核.xlsx")
    finding = next(f for f in wrong["findings"] if "requests.received.person" in f["fields"])
    assert {"code", "severity", "message", "fields", "cells", "expected", "actual", "suggestions"} <= set(finding)
    assert (finding["code"], finding["severity"], finding["expected"], finding["actual"]) == ("B101", "error", "6", "7")
    assert finding["cells"] == ["依申请公开!D5", "依申请公开!D6", "依申请公开!D28", "依申请公开!D29"]
    assert finding["fields"] == [
        f"requests.{row}.person" for row in ("received", "carried_in", "handled", "carried_out")
    ]


def test_json_suggestions_and_open_relations_have_their_keys(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", workbook(requests__received__person="", disclosure__fees__amount="12.50"))
    (file,) = report(xlcheck("verify", path, "--format", "json"))["files"]
    amount = next(f for f in file["findings"] if f["code"] == "C104")
    assert amount["suggestions"][0].keys() == {"field", "cell", "value", "reason"}
    assert (amount["suggestions"][0]["value"], amount["actual"]) == ("12.5", "12.50")
    assert {item["code"] for item in file["not_evaluated"]} >= {"B101", "B103"}
    assert all(item.keys() == {"code", "reason", "fields"} for item in file["not_evaluated"])
    assert all(isinstance(s["value"], str) for f in file["findings"] for s in f["suggestions"])


def test_the_csv_has_a_line_for_every_finding_and_every_clean_file(folder: Path) -> None:
    ran = xlcheck("verify", folder, "--format", "csv")
    assert ran.out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(ran.out.lstrip("\ufeff"), newline="")))
    assert [row["code"] for row in rows] == ["F101", "", "B101", "B101"]
    assert {row["status"] for row in rows} == {"unreadable", "passed", "failed"}


def test_nothing_in_the_csv_is_taken_for_a_formula(tmp_path: Path) -> None:
    path = put(
        tmp_path / "=1+1.xlsx",
        workbook(
            disclosure__regulations__issued='=HYPERLINK("http://x")',
            disclosure__regulations__repealed="+1-1",
            disclosure__regulations__in_force="@x",
        ),
    )
    book = openpyxl.load_workbook(path)
    book["封面"]["C4"].value, book["封面"]["C4"].data_type = "-1+1|cmd", "s"
    book.save(path)
    for row in csv.reader(io.StringIO(xlcheck("verify", path, "--format", "csv").out.lstrip("\ufeff"), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_text_is_plain_in_a_pipe(folder: Path) -> None:
    assert "\x1b" not in process("verify", folder / "错.xlsx", env={"TERM": "xterm-256color"}).out


def test_the_report_is_on_stdout_and_notes_are_on_stderr(tmp_path: Path) -> None:
    put(tmp_path / "a.xlsx", FAULTY)
    put(tmp_path / "b.审核.xlsx", untouched())
    ran = xlcheck("verify", tmp_path, "--format", "json")
    assert json.loads(ran.out)
    assert "跳过" in ran.err


def test_text_names_file_rule_place_and_message(tmp_path: Path) -> None:
    ran = xlcheck("verify", put(tmp_path / "a.xlsx", FAULTY))
    for words in ("a.xlsx", "某某市教育局", "B101", "依申请公开!D5", "相差 1", "a.审核.xlsx", "共 1 个文件"):
        assert words in ran.out


def test_many_findings_of_one_kind_are_folded_in_text_and_whole_in_json(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", workbook({}))
    assert len(xlcheck("verify", path).out.splitlines()) < 40
    assert report(xlcheck("verify", path, "--format", "json"))["summary"]["errors"] == 200


@pytest.mark.parametrize("style", ["text", "json"])
def test_two_processes_give_the_same_as_one(folder: Path, style: str) -> None:
    put(folder / "又.xlsx", workbook(disclosure__regulations__issued=""))
    one = xlcheck("verify", folder, "--format", style)
    two = process("verify", folder, "--format", style, "--jobs", "2")
    assert (two.code, two.out) == (one.code, one.out)


# --- stdin -----------------------------------------------------------------------------------------------------------


def test_a_dash_reads_stdin_and_writes_no_copy(tmp_path: Path) -> None:
    ran = process("verify", "-", "--format", "json", stdin=FAULTY, folder=tmp_path)
    assert ran.code == 1
    assert report(ran)["files"][0]["path"] == "-"
    assert report(ran)["files"][0]["annotated"] is None
    assert files(tmp_path) == set()


def test_a_dash_with_an_output_folder_writes_the_copy_there(tmp_path: Path) -> None:
    process("verify", "-", "-o", "out", stdin=FAULTY, folder=tmp_path)
    assert files(tmp_path) == {"out/stdin.审核.xlsx"}


def test_a_dash_among_files_with_two_processes(tmp_path: Path) -> None:
    put(tmp_path / "a.xlsx", clean_workbook())
    ran = process("verify", "-", "a.xlsx", "--jobs", "2", "--format", "json", stdin=FAULTY, folder=tmp_path)
    assert [file["status"] for file in report(ran)["files"]] == ["failed", "passed"]


# --- strange names ---------------------------------------------------------------------------------------------------

STRANGE = [
    "a\nb",
    "a\x1b[31mb",
    "a\x1b]0;title\x07b",
    "a\u202eb",
    "a\rb",
    "a\u2066b",
    "=cmd",
    "-o",
    "a\u0085b",
    "🙂",
    "a'b\"c",
]


@pytest.mark.parametrize("content", [b"broken", FAULTY], ids=["unreadable", "faulty"])
def test_strange_file_names_never_steer_the_terminal(tmp_path: Path, content: bytes) -> None:
    names = STRANGE if content == b"broken" else STRANGE[:4]
    for name in names:
        put(tmp_path / f"{name}.xlsx", content)
    put(tmp_path / "好.xlsx", clean_workbook())
    ran = xlcheck("verify", tmp_path)
    assert ran.code == 1
    for line in (ran.out + ran.err).splitlines():
        assert not CONTROL.search(line), ascii(line)
    assert len([line for line in ran.out.split("\n") if line.startswith(("不通过", "无法读取"))]) == len(names)


def test_strange_names_in_complaints_never_steer_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nasty = "a\x1b[31mb\x07"
    put(tmp_path / f"{nasty}.xlsx", FAULTY)
    put(tmp_path / f"{nasty}.审核.xlsx", b"mine")
    put(tmp_path / "out", b"")
    (tmp_path / "empty").mkdir()
    for arguments in (
        ["verify", f"{nasty}.xlsx"], ["verify", f"missing{nasty}"], ["verify", "empty", "-o", f"{nasty}/x"], ["verify", f"{nasty}.xlsx", "-o", f"out/{nasty}"],
        ["explain", nasty], ["fields", "--form", nasty], ["template", "--units", nasty], [nasty], [f"--{nasty}"], ["template", "-o", f"out/{nasty}"],
        ["verify", "--format", nasty, "x"],
    ):  # fmt: skip
        ran = xlcheck(*arguments)
        assert not CONTROL.search((ran.out + ran.err).replace("\n", "")), arguments


def test_a_name_that_is_no_text_is_checked_like_others(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xfe.xlsx"
    Path(os.fsdecode(name)).write_bytes(FAULTY)
    for style in ("text", "csv"):
        ran = process("verify", name, "--format", style)
        assert ran.code == 1
        assert "Traceback" not in ran.err
    assert os.path.exists(os.fsencode(tmp_path) + "/\udcff\udcfe.审核.xlsx".encode("utf-8", "surrogateescape"))


def test_json_keeps_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.xlsx"
    Path(os.fsdecode(name)).write_bytes(clean_workbook())
    assert os.fsencode(report(process("verify", name, "--format", "json"))["files"][0]["path"]) == name


@pytest.mark.parametrize("encoding", ["gbk", "latin-1"])
def test_any_terminal_encoding_will_do(folder: Path, encoding: str) -> None:
    import subprocess

    for arguments in (["verify", str(folder)], ["--help"]):
        done = subprocess.run(
            [*PROGRAM, *arguments],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode in (0, 1), done.stderr
        assert b"Traceback" not in done.stderr


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese_with_one_example(command: str) -> None:
    ran = xlcheck(*filter(None, [command]), "--help")
    assert ran.code == 0
    assert ran.out.startswith("用法：")
    assert len(re.findall(r"^例：\n  xlcheck .+$", ran.out, re.MULTILINE)) == 1
    assert not ENGLISH.search(ran.out), ran.out
    for option in re.findall(r"^  (-\S.*)$", ran.out, re.MULTILINE):
        assert re.search("[\u4e00-\u9fff]", option) or re.search(
            "[\u4e00-\u9fff]", ran.out.partition(option)[2].split("\n")[1]
        )


def test_the_example_of_every_command_is_a_command() -> None:
    for command in COMMANDS:
        example = xlcheck(command, "--help").out.partition("例：\n  xlcheck ")[2].split()
        assert example[0] == command


def test_without_a_command_the_help_is_shown() -> None:
    ran = xlcheck()
    assert "用法：" in ran.out + ran.err
    assert not ENGLISH.search(ran.out + ran.err)


def test_shell_completion_is_there() -> None:
    ran = process(env={"_XLCHECK_COMPLETE": "bash_source"})
    assert "_xlcheck_completion" in ran.out


def test_version() -> None:
    assert re.fullmatch(r"xlcheck \d+\.\d+\.\d+\S*\n", xlcheck("--version").out)


# --- explain, fields, forms ------------------------------------------------------------------------------------------


def test_explain_lists_all_rules_and_prints_one() -> None:
    index = xlcheck("explain").out
    codes = re.findall(r"^([A-Z]\d{3})", index, re.MULTILINE)
    assert {"F101", "S101", "C101", "B101"} <= set(codes)
    for code in codes:
        entry = xlcheck("explain", code.lower()).out
        assert entry.startswith(code)
        assert all(head in entry for head in ("为什么：", "错误示例：", "正确示例：", "怎样改："))


def test_fields_json_is_the_contract() -> None:
    document = json.loads(xlcheck("fields", "--format", "json").out)
    assert document["form"] == "disclosure-2021"
    assert len(document["fields"]) == 200
    assert len(document["relations"]) == 42
    first = next(field for field in document["fields"] if field["key"] == "requests.received.person")
    assert first == {
        "key": "requests.received.person", "labels": ["一、本年新收政府信息公开申请数量", "申请人情况", "自然人"],
        "kind": "count", "table": "requests", "sheet": "依申请公开", "cell": "D5",
    }  # fmt: skip
    keys = {field["key"] for field in document["fields"]}
    for relation in document["relations"]:
        assert relation.keys() == {"code", "left", "right"}
        assert {*relation["left"], *relation["right"]} <= keys


def test_fields_text_has_a_line_for_every_field() -> None:
    lines = xlcheck("fields").out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [field.key for field in form().fields]


def test_forms_lists_the_form() -> None:
    assert "disclosure-2021\t政府信息公开工作年度报告统计表" in xlcheck("forms").out


# --- template --------------------------------------------------------------------------------------------------------


def test_template_writes_the_official_one(tmp_path: Path) -> None:
    assert xlcheck("template", "-o", tmp_path / "新" / "t.xlsx").code == 0
    assert submission_of((tmp_path / "新" / "t.xlsx").read_bytes()).unit == ""


def test_template_without_output_is_named_by_the_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    xlcheck("template")
    assert files(tmp_path) == {"政府信息公开工作年度报告统计表.xlsx"}


def test_template_is_filled_in_for_a_unit_and_a_year(tmp_path: Path) -> None:
    xlcheck("template", "--unit", "=市教育局", "--year", "2025", "-o", tmp_path / "t.xlsx")
    submission = submission_of((tmp_path / "t.xlsx").read_bytes())
    assert (submission.unit, submission.year) == ("=市教育局", 2025)


def test_template_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    put(tmp_path / "f", b"")
    ran = xlcheck("template", "-o", tmp_path / "f" / "t.xlsx")
    assert ran.code == 2
    assert "无法写入" in ran.err
    ran = xlcheck("template", "-o", tmp_path)
    assert ran.code == 2
    assert files(tmp_path) == {"f"}


def test_a_unit_name_that_is_no_text_is_told_without_a_traceback(tmp_path: Path) -> None:
    ran = process("template", "--unit", b"\xff\xfe", "-o", tmp_path / "t.xlsx")
    assert "Traceback" not in ran.err


def test_a_template_for_every_unit(tmp_path: Path) -> None:
    put(
        tmp_path / "u.csv",
        "name,code,email\n甲局,1,a@b.c\nCON,2,\n<a>:b/c\\d|e?f*,3,\n甲.局 .,4,\n=1+1,5,\nhttp://x,6,\n".encode(),
    )
    ran = xlcheck("template", "--units", tmp_path / "u.csv", "--year", "2025", "-o", tmp_path / "out")
    assert ran.code == 0
    assert "6 个" in ran.err
    found = {name: submission_of((tmp_path / "out" / name).read_bytes()) for name in files(tmp_path / "out")}
    assert {submission.unit for submission in found.values()} == {
        "甲局",
        "CON",
        "<a>:b/c\\d|e?f*",
        "甲.局 .",
        "=1+1",
        "http://x",
    }
    assert {submission.year for submission in found.values()} == {2025}
    assert found["甲局.xlsx"].unit_code == "1"
    assert found["甲局.xlsx"].cover["email"] == "a@b.c"


def test_a_faulty_list_of_units_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    put(tmp_path / "u.csv", "name\n甲局\n甲局\n".encode())
    ran = xlcheck("template", "--units", tmp_path / "u.csv", "-o", tmp_path / "out")
    assert ran.code == 2
    assert "第 3 行" in ran.err
    assert files(tmp_path) == {"u.csv"}
