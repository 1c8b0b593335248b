"""How many mutants of the checking core its tests notice; run ``python -m tests.mutants [MODULE ...]``."""

from __future__ import annotations

import argparse
import ast
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests import ROOT
from tests.mutants.change import mutants
from tests.mutants.run import Candidate, survivors

CORE = (
    "checking/balance", "checking/verdict", "checking/plausibility", "checking/verify", "reading/placement",
    "forms/notation", "totals/sums", "totals/selection",
)  # fmt: skip
"""The modules, by their folders and names."""

LEAST = 90.0
"""Percent of the mutants that must be killed."""


def files(name: str) -> tuple[Path, Path]:
    """A module of the core, by its folder and name or by its name alone, and its tests.

    Raises:
        SystemExit: it is none.
    """
    module = next((one for one in CORE if one == name or one.endswith(f"/{name}")), None)
    if module is None:
        raise SystemExit(f"{name} is none of {' '.join(CORE)}")
    folder, _, stem = module.partition("/")
    return ROOT / "xlcheck" / folder / f"{stem}.py", ROOT / "tests" / folder / f"test_{stem}.py"


def candidates(names: Sequence[str]) -> list[Candidate]:
    """All mutants of the modules called so."""
    made = []
    for name in names:
        path, tests = files(name)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        made += [Candidate(path, tests, tree, mutant) for mutant in mutants(tree)]
    return made


def report(made: Sequence[Candidate], left: Sequence[Candidate]) -> float:
    """Print a table of the modules, and the survivors; the percent killed."""
    print("| module | mutants | killed | survived | % killed |\n|---|---:|---:|---:|---:|")
    for name in (*dict.fromkeys(each.path.stem for each in made), "all"):
        total, lived = (sum(name in (each.path.stem, "all") for each in group) for group in (made, left))
        share = 100 * (total - lived) / total
        print(f"| {name} | {total} | {total - lived} | {lived} | {share:.1f} |")
    for each in left:
        print(f"{each.path.relative_to(ROOT)}:{each.mutant.line}: {each.mutant.was} → {each.mutant.now}")
    return share


def main() -> int:
    """Do what the arguments say; 1 where too many survive, 2 where nothing could be said."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=CORE, help=f"default: {' '.join(CORE)}")
    parser.add_argument("--least", type=float, default=LEAST, help=f"percent to be killed (default: {LEAST:.0f})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a processor)")
    arguments = parser.parse_args()
    made = candidates(arguments.modules)
    left = survivors(made, arguments.jobs)
    if left is None:
        print("the tests fail without any mutant", file=sys.stderr)
        return 2
    return 0 if report(made, left) >= arguments.least else 1


if __name__ == "__main__":
    sys.exit(main())
