"""Which changes are made to a module, and which of them its tests notice."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.mutants.__main__ import CORE, files
from tests.mutants.change import mutants


def changes(code: str) -> list[str]:
    """What a mutant each makes of the code, on one line."""
    made = []
    for number in range(len(mutants(ast.parse(code)))):
        tree = ast.parse(code)
        mutants(tree)[number].apply()
        made.append("; ".join(ast.unparse(tree).split("\n")))
    return made


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a == b", ["a != b"]),
        ("x in ('p', 'q')", ["x not in ('p', 'q')", "x in ('q',)", "x in ('p',)"]),
        ("a and b", ["a or b", "b", "a"]),
        ("not a", ["a"]),
        ("a + b", ["a - b"]),
        ("a | b", ["a", "b"]),
        ("a += b", ["a -= b", "pass"]),
        ("True", ["False"]),
        ("0", ["1"]),
        ("7", ["8", "6"]),
        ("a if b else c", ["a if True else c", "a if False else c"]),
        ("[a for a in b if c]", ["[a for a in b]", "[a for a in b if False]"]),
        ("min(a)", ["pass", "max(a)"]),
        ("f(a, b=c)", ["pass", "f(a)"]),
        ("x = next(a, b)", ["x = next(a)"]),
        ("x = frozenset(['p', 'q'])", ["x = frozenset(['q'])", "x = frozenset(['p'])"]),
        ("x = {'p', 'q'}", ["x = {'q'}", "x = {'p'}"]),
        ("X = ('p', 'q')", ["X = ('q',)", "X = ('p',)"]),
        ("raise E", ["pass"]),
    ],
)  # fmt: skip
def test_what_is_changed(code: str, expected: list[str]) -> None:
    assert changes(code) == expected


@pytest.mark.parametrize(
    "code",
    ["'text'", "def f(a: int=x) -> 7:\n    'docstring'", "N = tuple[A | None, ...]", "a: 7", "f'{a:3}'", "import a", "return_ = a", "@f(b=c)\nclass A: ..."],
)  # fmt: skip
def test_texts_types_and_decorators_are_not_changed(code: str) -> None:
    assert changes(code) == []


def test_a_mutant_says_where_it_is_and_what_it_changes() -> None:
    made = mutants(ast.parse("def f(a):\n    return a if a > 1 else 0\n"))
    assert [(one.line, one.was, one.now) for one in made[:5]] == [
        (2, "return a if a > 1 else 0", "return None"),
        (2, "a if a > 1 else 0", "a if True else 0"),
        (2, "a if a > 1 else 0", "a if False else 0"),
        (2, "a > 1", "a >= 1"),
        (2, "a > 1", "a <= 1"),
    ]


@pytest.mark.parametrize("name", CORE)
def test_every_module_of_the_core_is_there_with_its_tests(name: str) -> None:
    assert all(path.exists() for path in files(name))
    assert files(name.partition("/")[2]) == files(name)


def test_another_module_is_told() -> None:
    with pytest.raises(SystemExit, match="read is none of"):
        files("read")


MODULE = """
def largest(numbers):
    found = 0
    for number in numbers:
        if number > found:
            found = number
    while found > 1000:
        found = found - 1000
    return found
"""
TESTS = """
from module import largest

def test_largest():
    assert largest([3, 1]) == 3
"""
HARNESS = """
import ast, sys
from pathlib import Path
from tests.mutants.change import mutants
from tests.mutants.run import Candidate, survivors
folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
path, tree = folder / "module.py", ast.parse((folder / "module.py").read_text())
made = [Candidate(path, folder / "test_module.py", tree, one) for one in mutants(tree)]
left = survivors(made, 2)
print(None if left is None else [(one.mutant.line, one.mutant.was, one.mutant.now) for one in left])
"""


def survived(folder: Path, tests: str) -> str:
    (folder / "module.py").write_text(MODULE)
    (folder / "test_module.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-c", HARNESS, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_those_that_no_test_notices_are_left(tmp_path: Path) -> None:
    left = ast.literal_eval(survived(tmp_path, TESTS))
    assert (5, "number > found", "number >= found") in left
    assert (8, "found - 1000", "found + 1000") in left
    assert (5, "number > found", "number <= found") not in left
    assert (7, "found > 1000", "True") not in left  # goes on for ever
    more = TESTS + "    assert largest([1000]) == 1000\n"
    assert len(ast.literal_eval(survived(tmp_path, more))) < len(left)


def test_tests_that_fail_without_a_mutant_tell_nothing(tmp_path: Path) -> None:
    assert survived(tmp_path, TESTS + "    assert largest([]) == 1\n") == "None"
