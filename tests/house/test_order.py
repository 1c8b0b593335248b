"""Imports only go down: the folders of xlcheck in their order, and who owns which outside library."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests import ROOT

PACKAGE = ROOT / "xlcheck"

FOLDERS = (
    "model", "forms", "guard", "files", "workers", "drawing", "locating", "roster", "reading", "checking", "copies",
    "results", "batch", "totals", "mail", "tasks", "api", "commands",
)  # fmt: skip
"""From the ground up: a module imports from its own folder and from those before it."""


def imports(path: Path) -> tuple[set[str], set[str]]:
    """What a module imports, wherever it stands: modules of xlcheck, and outside libraries."""
    own: set[str] = set()
    outside: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            module = node.module or ""
            inside = [f"{module}.{alias.name}" for alias in node.names]
            names = inside if module.partition(".")[0] == "xlcheck" else [module]
        for name in names:
            first, _, rest = name.partition(".")
            if first == "xlcheck":
                own.add(next((m for m in (rest, rest.rpartition(".")[0]) if m in FILES), "__init__"))
            elif first not in sys.stdlib_module_names | {"tomllib"}:  # 3.10 does not know it yet
                outside.add(first)
    return own, outside


FILES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent == PACKAGE or path.stem != "__init__"
}
MODULES = {module: imports(path) for module, path in FILES.items()}


def folder(module: str) -> str:
    """The folder that a module stands in; a module of the package itself is a folder of its own."""
    return module.partition(".")[0]


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
        "code = chinese.run(cli, 'xlcheck', ['verify', sys.argv[1]])\n"
        "unneeded = {'openpyxl', 'xlsxwriter', 'PIL', 'jinja2', 'tqdm', 'xlcheck.copies', 'xlcheck.mail', 'xlcheck.totals'}\n"
        "unneeded |= {f'xlcheck.commands.{name}' for name in ('template', 'total', 'mail', 'inbox', 'catalogue')}\n"
        "print(code, sorted(unneeded & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.xlsx")], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "0 []"
