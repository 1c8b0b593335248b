"""One meaning a word: no public name of the package stands for two things."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from docs.folders import FILES


def public(module: str) -> Iterator[str]:
    """The classes, functions and constants that a module defines for others."""
    for node in ast.parse(FILES[module].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def test_no_public_name_stands_for_two_things() -> None:
    homes: dict[str, list[str]] = {}
    for module in FILES:
        if module.startswith("campaign.ledger.migrations."):
            continue  # Alembic asks the same names of each
        for name in public(module):
            homes.setdefault(name, []).append(module)
    assert len(homes) > 500
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}
