"""Imports only go down: the folders of xlcheck in their order, and who owns which outside library."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from docs.folders import FILES, FOLDERS, PACKAGE, folder, imports, touches
from tests import ROOT

MODULES = {module: imports(path) for module, path in FILES.items()}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_from_its_own_folder_and_below_only(module: str) -> None:
    if "." in module and folder(module) in FOLDERS:
        above = FOLDERS[FOLDERS.index(folder(module)) + 1 :]
        assert {name for name in MODULES[module][0] if folder(name) in above} == set()


def test_tasks_know_no_terminal() -> None:
    tasks = {module: path for module, path in FILES.items() if folder(module) == "tasks"}
    assert {"tasks.verify", "tasks.template", "tasks.total", "tasks.mail", "tasks.inbox", "tasks.events"} <= set(tasks)
    for module, path in tasks.items():
        text = path.read_text(encoding="utf-8")
        assert not MODULES[module][1], module
        assert not {"sys", "argparse", "getpass"} & _roots(ast.parse(text)), module
        assert "print(" not in text, module


def _roots(tree: ast.AST) -> set[str]:
    """The first names of all modules that are imported."""
    found = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    found += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in found}


def test_nothing_imports_in_a_circle() -> None:
    left = {module: set(own) - {module} for module, (own, _) in MODULES.items()}
    left["__init__"] = set()  # what it hands out is loaded when somebody asks (test_api), and nobody here does:
    for path in FILES.values():
        assert set(re.findall(r"^ *from xlcheck import (.*)", path.read_text(), re.MULTILINE)) <= {"__version__"}, path
    while free := {module for module, own in left.items() if not own & left.keys()}:
        left = {module: own for module, own in left.items() if module not in free}
    assert left == {}


PURE = {"model", "guard", "locating", "roster", "reading", "checking"}
"""Folders that never touch a disk."""


def test_the_middle_touches_no_files() -> None:
    assert {module for module, path in FILES.items() if folder(module) in PURE and touches(path)} == set()
    assert {"files.content", "batch.ledger"} <= {module for module, path in FILES.items() if touches(path)}


KNOWS_NOT = {
    "locating": "xlcheck.model.submission",
    "workers": "xlcheck.model.form",
    "files": "xlcheck.model.form",
    "tasks": "click",
}
"""What each of these folders must not know, as docs/inside says."""


@pytest.mark.parametrize("name", KNOWS_NOT)
def test_a_folder_does_not_know(name: str) -> None:
    for module in FILES:
        if folder(module) == name:
            own, outside = MODULES[module]
            assert KNOWS_NOT[name] not in {f"xlcheck.{one}" for one in own} | outside, module


def test_the_package_itself_has_no_logic() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        if path.parent == PACKAGE:
            assert {node.name for part in body for node in ast.walk(part) if isinstance(node, ast.FunctionDef)} == {
                "__getattr__",
                "__dir__",
            }
            continue
        assert all(isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.ImportFrom) for node in body), path


def test_there_is_no_eval() -> None:
    for path in FILES.values():
        calls = [
            n.func.id
            for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        ]
        assert not {"eval", "exec", "compile", "__import__"} & set(calls), path.name


def test_checking_a_clean_workbook_never_loads_what_it_does_not_need(tmp_path: Path) -> None:
    import subprocess

    from tests.making.filling import clean_workbook

    (tmp_path / "a.xlsx").write_bytes(clean_workbook())
    code = (
        "import sys\nfrom xlcheck.commands import chinese\nfrom xlcheck.commands.cli import cli\n"
        "code = chinese.run_command(cli, 'xlcheck', ['verify', sys.argv[1]])\n"
        "unneeded = {'openpyxl', 'xlsxwriter', 'PIL', 'jinja2', 'tqdm', 'logging', 'concurrent', 'shutil', 'xlcheck.copies', 'xlcheck.mail', 'xlcheck.totals'}\n"
        "unneeded |= {f'xlcheck.commands.{name}' for name in ('template', 'total', 'mail', 'inbox', 'catalogue')}\n"
        "print(code, sorted(unneeded & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.xlsx")], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "0 []"
