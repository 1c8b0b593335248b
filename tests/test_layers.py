"""Imports only go down: the modules of xlcheck against the table of layers."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "xlcheck"
TABLE = ROOT / "docs" / "architecture.md"


def layers() -> list[tuple[str, set[str], set[str]]]:
    """The table of docs/architecture.md from the top down: layer, modules, outside libraries."""
    head = r"^\| layer \| modules \| outside libraries \|\n\|[-|]+\|\n((?:\|.*\|\n)+)"
    table = re.search(head, TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert table, "docs/architecture.md has no table of layers"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]
    return [(name, _names(modules), _names(outside)) for name, modules, outside in rows]


def _names(cell: str) -> set[str]:
    return set(re.findall(r"`([\w.]+)`", cell))


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


def test_every_module_stands_in_one_layer() -> None:
    listed = [module for _, modules, _ in layers() for module in modules]
    assert sorted(listed) == sorted(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_from_its_own_layer_and_below_only(module: str) -> None:
    level = {name: number for number, (_, modules, _) in enumerate(layers()) for name in modules}
    assert module in level, f"{module} is in no layer of docs/architecture.md"
    assert {name for name in MODULES[module][0] if level.get(name, 0) < level[module]} == set()


def test_nothing_imports_in_a_circle() -> None:
    left = {module: set(own) - {module} for module, (own, _) in MODULES.items()}
    while free := {module for module, own in left.items() if not own & left.keys()}:
        left = {module: own for module, own in left.items() if module not in free}
    assert left == {}


@pytest.mark.parametrize("module", MODULES)
def test_outside_libraries_are_those_of_the_layer(module: str) -> None:
    allowed = next((outside for _, modules, outside in layers() if module in modules), set())
    assert MODULES[module][1] <= allowed


@pytest.mark.parametrize(
    ("library", "owners"),
    [
        ("xlsxwriter", {"template", "listing", "summary_book", "total_book"}),
        ("python_calamine", {"read"}),
        (
            "click",
            {
                "cli",
                "terminal",
                "chinese",
                "commands.catalogue",
                "commands.inbox",
                "commands.mail",
                "commands.template",
                "commands.total",
                "commands.verify",
            },
        ),
        ("jinja2", {"mail.letter"}),
        ("tomli", {"formfile", "rules"}),
        ("tqdm", {"progress"}),
        ("imapclient", {"mail.imap"}),
        ("keyring", {"mail.account"}),
        ("openpyxl", set()),  # it reads what the tests look into, and nothing here
        ("PIL", set()),
    ],
)
def test_each_outside_library_has_its_owner(library: str, owners: set[str]) -> None:
    assert {module for module, (_, outside) in MODULES.items() if library in outside} == owners


def test_the_package_itself_has_no_logic() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert all(isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.ImportFrom) for node in body), path


def test_there_is_no_eval() -> None:
    for path in FILES.values():
        calls = [
            n.func.id
            for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        ]
        assert not {"eval", "exec", "compile", "__import__"} & set(calls), path.name


HEAVY = ("openpyxl", "xlsxwriter", "PIL", "zipfile", "xml.etree.ElementTree")


@pytest.mark.parametrize(
    ("changes", "code", "unloaded"),
    [
        ({}, 0, (*HEAVY, "xlcheck.copies.annotate", "xlcheck.rules.catalogue")),
        ({"disclosure__regulations__issued": -1}, 1, HEAVY),
    ],
    ids=["clean", "with a copy"],
)
def test_checking_a_workbook_never_loads_what_it_does_not_need(
    changes: dict[str, int], code: int, unloaded: tuple[str, ...], tmp_path: Path
) -> None:
    import subprocess

    from tests.filling import workbook

    (tmp_path / "a.xlsx").write_bytes(workbook(**changes))
    script = (
        "import sys\nfrom xlcheck import chinese\nfrom xlcheck.cli import cli\n"
        "code = chinese.run(cli, 'xlcheck', ['verify', sys.argv[1]])\n"
        "print(code, [m for m in sys.argv[2:] if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a.xlsx"), *unloaded],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.splitlines()[-1] == f"{code} []"
    assert (tmp_path / "a.审核.xlsx").exists() == bool(changes)
