"""The folders of xlcheck, as their docstrings and imports tell them: the tables of docs/inside."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "xlcheck"

FOLDERS = (
    "model", "forms", "guard", "files", "workers", "drawing", "locating", "roster", "reading", "checking", "copies",
    "results", "batch", "totals", "mail", "tasks", "api", "page", "campaign", "web", "commands",
)  # fmt: skip
"""From the ground up: a module imports from its own folder and from those before it."""

FILES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent == PACKAGE or path.stem != "__init__"
}
"""The modules by their names, without ``xlcheck.``."""


def folder(module: str) -> str:
    """The folder that a module stands in; a module of the package itself is a folder of its own."""
    return module.partition(".")[0]


@cache
def imports(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """What a module imports, wherever it stands: modules of xlcheck, and outside libraries."""
    own: set[str] = set()
    outside: set[str] = set()
    for name in _imported(path):
        first, _, rest = name.partition(".")
        if first == "xlcheck":
            own.add(next((m for m in (rest, rest.rpartition(".")[0]) if m in FILES), "__init__"))
        elif first not in sys.stdlib_module_names | {"tomllib"}:  # 3.10 does not know it yet
            outside.add(first)
    return frozenset(own), frozenset(outside)


def _imported(path: Path) -> Iterator[str]:
    """All names that a module imports; of xlcheck with what is taken from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{path.name} imports relatively")
            module = node.module or ""
            own = module.partition(".")[0] == "xlcheck"
            yield from (f"{module}.{alias.name}" for alias in node.names) if own else [module]


def libraries(name: str) -> list[str]:
    """The outside libraries that a folder imports."""
    return sorted({library for module, path in FILES.items() if folder(module) == name for library in imports(path)[1]})


def owners(library: str) -> str:
    """The folders that import an outside library."""
    return ", ".join(f"`{name}`" for name in FOLDERS if library in libraries(name))


def says(path: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def table() -> str:
    """The folders in their order: what each is, its modules, and its outside libraries."""
    lines = ["| folder | what it is | modules | outside libraries |", "|---|---|---|---|"]
    for name in FOLDERS:
        members = [module for module in FILES if folder(module) == name]
        if not members:
            continue
        alone = members == [name]
        text = says(FILES[name] if alone else PACKAGE / name / "__init__.py")
        named = ", ".join(f"`{module.removeprefix(f'{name}.')}`" for module in members if module != name)
        link = f"`{name}`" if alone else f"[`{name}`]({name}.md)"
        lines.append(f"| {link} | {text} | {named} | {', '.join(f'`{one}`' for one in libraries(name))} |")
    return "\n".join(lines)


def modules(name: str) -> str:
    """The modules of a folder with a line each, those of its subfolders behind them, and its outside libraries."""
    members = [module for module in FILES if module.startswith(f"{name}.")]
    lines = [f"{says(PACKAGE / name / '__init__.py')}\n", "| module | |", "|---|---|"]
    for module in sorted(members, key=lambda module: (module.count("."), module)):
        lines.append(f"| `{module.removeprefix(f'{name}.')}` | {says(FILES[module])} |")
    outside = ", ".join(f"`{one}`" for one in libraries(name)) or "none"
    return "\n".join([*lines, f"\nOutside libraries: {outside}."])


_WRITES = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "mkdir", "unlink", "fdopen", "rmdir"}
_HOLDS = {"sqlite3", "tempfile"}


def touches(path: Path) -> bool:
    """Does a module read or write files, by itself or through ``files.content``?"""
    if any(name.split(".")[0] in _HOLDS or name.startswith("xlcheck.files.content.") for name in _imported(path)):
        return True
    calls = (node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return any(
        (isinstance(call, ast.Name) and call.id == "open") or (isinstance(call, ast.Attribute) and call.attr in _WRITES)
        for call in calls
    )


def touching() -> str:
    """The modules that touch files, folder by folder."""
    lines = []
    for name in FOLDERS:
        members = [module for module in FILES if folder(module) == name and touches(FILES[module])]
        found = [module.removeprefix(f"{name}.") for module in members]
        if found:
            lines.append(f"- `{name}`: {', '.join(f'`{short}`' for short in found)}")
    return "\n".join(lines)


def attribute_docs(module: str, name: str) -> Mapping[str, str]:
    """What stands below the attributes of a class."""
    body = ast.parse(FILES[module].read_text(encoding="utf-8")).body
    inside = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == name)
    return {
        before.target.id: " ".join(node.value.value.split())
        for before, node in pairwise(inside)
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
