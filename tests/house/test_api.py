"""The public Python API: every name is there, lazy, unique, documented, and its examples run."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import xlcheck
from tests import ROOT
from tests.making.filling import clean_values
from tests.making.written_reports import blank_report, page_report
from xlcheck.workers.child import close_children

PAGES = sorted((ROOT / "docs" / "api").glob("*.md"))
GOOD = "通过-攀枝花市人民政府办公室2021.xlsx"
BAD = "错例2-总计填错.xlsx"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the examples speak of: a workbook that passes, one that fails, and a folder with both."""
    (tmp_path / "报送").mkdir()
    for sample, name in ((GOOD, "好.xlsx"), (BAD, "错.xlsx")):
        shutil.copy(ROOT / "samples" / sample, tmp_path / name)
        shutil.copy(ROOT / "samples" / sample, tmp_path / "报送" / name)
    (tmp_path / "空表.docx").write_bytes(blank_report())
    (tmp_path / "年报.html").write_text(page_report(clean_values()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    close_children()


def run(test: doctest.DocTest) -> doctest.TestResults:
    said: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(test, out=said.append, clear_globs=False)
    assert not results.failed, "".join(said)
    return results


# --- the names -------------------------------------------------------------------------------------------------------


def test_every_name_leads_to_one_thing() -> None:
    found: dict[str, Any] = {name: getattr(xlcheck, name) for name in xlcheck.__all__}
    assert list(found) == sorted(found)
    assert len({id(value) for value in found.values()}) == len(found)
    for name, value in found.items():
        assert value.__name__ == name
        assert value.__module__ == f"xlcheck.{xlcheck._HOMES.get(name, 'api')}"
    assert set(xlcheck._HOMES) < set(found)


def test_api_has_no_public_name_that_the_package_does_not_hand_out() -> None:
    api = import_module("xlcheck.api")
    own = {n for n, v in vars(api).items() if getattr(v, "__module__", "") == api.__name__ and not n.startswith("_")}
    assert own == set(xlcheck.__all__) - set(xlcheck._HOMES)


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse((ROOT / "xlcheck" / "__init__.py").read_text(encoding="utf-8"))
    (condition,) = (node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.name: (node.module or "").removeprefix("xlcheck.")
        for node in condition.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == {name: xlcheck._HOMES.get(name, "api") for name in xlcheck.__all__}


def test_importing_the_package_imports_nothing() -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\nimport xlcheck\nprint(set(sys.modules) - before)\n"
        "assert set(xlcheck.__all__) <= set(dir(xlcheck))\nprint('xlcheck.tasks' in sys.modules)\n"
        "assert issubclass(xlcheck.Refused, xlcheck.Error)\nprint('xlcheck.tasks' in sys.modules)\n"
        "from xlcheck import *\nassert verify_all is xlcheck.verify_all\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split("\n") == ["{'xlcheck'}", "False", "False", ""]


def test_a_name_that_is_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'verify_everything'"):
        xlcheck.verify_everything  # type: ignore[attr-defined]  # noqa: B018


# --- examples and pages ----------------------------------------------------------------------------------------------

DOCUMENTED = [name for name in xlcheck.__all__ if xlcheck._HOMES.get(name, "tasks").startswith("tasks.o")]
VALUES = re.findall(
    r"^\| `xlcheck\.(\w+)", (ROOT / "docs" / "api" / "values.md").read_text(encoding="utf-8"), re.MULTILINE
)
FUNCTIONS = [name for name in xlcheck.__all__ if name not in xlcheck._HOMES]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", FUNCTIONS + DOCUMENTED)
def test_the_example_of_its_docstring_runs(name: str) -> None:
    text = inspect.getdoc(getattr(xlcheck, name)) or ""
    assert run(doctest.DocTestParser().get_doctest(text, {}, name, None, None)).attempted > 1


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_examples_of_its_page_run(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(code, {"Path": Path}, page.name, str(page), 0)
    assert run(test).attempted >= 3


def test_every_name_has_its_place_on_a_page() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"`xlcheck\.([A-Za-z_]+)", text))
    assert named == set(xlcheck.__all__)
    for name in xlcheck.__all__:
        assert inspect.getdoc(getattr(xlcheck, name))


def test_every_option_has_its_line() -> None:
    page = (ROOT / "docs" / "api" / "many.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)
    assert table == list(xlcheck.Options._fields)


@pytest.mark.parametrize("name", VALUES)
def test_the_page_of_values_tells_what_they_hold(name: str) -> None:
    page = (ROOT / "docs" / "api" / "values.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^\| `xlcheck\.{name}` \|(.*)\|$", page, re.MULTILINE)
    value = getattr(xlcheck, name)
    known = {*value.__annotations__, *dir(value)}
    told = set(re.findall(r"`([a-z_]+)`", line)) - {"passed", "failed", "not_evaluated"}
    assert told <= known


# --- one workbook ----------------------------------------------------------------------------------------------------


def test_paths_and_bytes_come_to_the_same(folder: Path) -> None:
    by_text, by_path = xlcheck.verify("错.xlsx"), xlcheck.verify(folder / "错.xlsx")
    by_bytes = xlcheck.verify((folder / "错.xlsx").read_bytes(), form="disclosure-2021")
    assert by_text.findings == by_path.findings == by_bytes.findings != ()
    assert by_text.document() | {"path": ""} == by_bytes.document() | {"path": ""}
    (report,) = xlcheck.verify_all(folder / "错.xlsx")
    assert report.document() == by_path.document()


@pytest.mark.parametrize("call", [xlcheck.form, xlcheck.rules, xlcheck.template])
def test_a_form_that_is_none_is_a_sentence(call: Any, tmp_path: Path) -> None:
    with pytest.raises(xlcheck.Error, match="没有编号为“x”的表") as caught:
        call("x")
    assert caught.value.code == "form"
    (tmp_path / "own.toml").write_text("id = 1", encoding="utf-8")
    with pytest.raises(xlcheck.CannotDo, match="处错误"):
        call(tmp_path / "own.toml")


def test_errors_survive_pickling() -> None:
    import pickle

    for error in (xlcheck.CannotDo("units", "名单"), xlcheck.Refused("F103", "不是工作簿")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.code, again.message) == (type(error), error.code, error.message)
        assert str(error) == error.message


# --- many files ------------------------------------------------------------------------------------------------------


def test_without_options_nothing_is_written(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    assert [report.status for report in xlcheck.verify_all([folder / "错.xlsx", "报送"])] == [
        "failed",
        "passed",
        "failed",
    ]
    assert sorted(folder.rglob("*")) == before


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same(kind: Any) -> None:
    alone = list(xlcheck.verify_all("报送"))
    with kind(2) as executor:
        assert list(xlcheck.verify_all("报送", executor=executor)) == alone


def test_results_lie_in_the_folder_only_after_the_last_report(folder: Path) -> None:
    reports = xlcheck.verify_all("报送", xlcheck.Options(out="out", units=b"name\nA\n"))
    next(reports)
    assert not (folder / "out" / "results.json").exists()
    assert [report.passed for report in reports] == [False]
    assert {"results.json", "results.csv", "审核汇总.xlsx"} < {path.name for path in (folder / "out").iterdir()}


def test_whoever_stops_in_the_middle_can_resume(folder: Path) -> None:
    reports = xlcheck.verify_all("报送", xlcheck.Options(out="out", workers=1))
    next(reports)
    reports.close()  # type: ignore[attr-defined]
    events: list[object] = []
    rest = xlcheck.verify_all("报送", xlcheck.Options(out=folder / "out", resume=True), listen=events.append)
    assert [report.path for report in rest] == ["报送/错.xlsx"]
    assert xlcheck.Started(2, 1) in events
    (done,) = (event for event in events if isinstance(event, xlcheck.FileDone))
    assert done.path == "报送/错.xlsx"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("paths", "options", "code"),
    [
        ("报送", {"resume": True}, "options"),
        ("报送", {"units": b"name\nA\n"}, "options"),
        ("报送", {"units": b"no head\n"}, "units"),
        ("报送", {"units": "nowhere.csv"}, "units"),
        ("报送", {"form": "x"}, "form"),
        ("报送", {"last_year": "nowhere"}, "input"),
        ([], {}, "input"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_first_file(paths: Any, options: dict[str, Any], code: str) -> None:
    with pytest.raises(xlcheck.CannotDo) as caught:
        xlcheck.verify_all(paths, xlcheck.Options(**options))
    assert caught.value.code == code
    assert caught.value.message


# --- adding up -------------------------------------------------------------------------------------------------------


def test_a_total_of_nothing_says_why(folder: Path) -> None:
    summed = xlcheck.total(folder / "错.xlsx", out=folder / "汇总.xlsx")
    assert (summed.is_right, summed.results) == (False, ())
    assert "不通过" in summed.selection.left_out[0].reason
    assert not (folder / "汇总.xlsx").exists()


def test_a_total_is_compared_with_one_that_was_published(folder: Path) -> None:
    xlcheck.total("好.xlsx", out="汇总.xlsx")
    assert xlcheck.total("好.xlsx", published=folder / "汇总.xlsx").is_right
    assert not xlcheck.total("好.xlsx", published=folder / "错.xlsx").is_right
    with pytest.raises(xlcheck.CannotDo, match="文件名要以"):
        xlcheck.total("好.xlsx", out="汇总.csv")
