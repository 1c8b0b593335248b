"""Checking a file, with its copies, starts no process and opens no file but its own and the program's."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.hostile.corpus.cases import CASES
from tests.hostile.corpus.make import MOST
from tests.hostile.test_corpus import run, tree_at

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the corpus is run on Linux")


def test_nothing_is_started_and_nothing_else_is_opened(tmp_path: Path) -> None:
    tree = tree_at(tmp_path)
    small = {case.name: data for case in CASES if len(data := case.maker()) <= MOST}
    for name, data in small.items():
        (tree.given / name).write_bytes(data)
    ran = run(tree, "tests.hostile.watched", "out", *(f"in/{name}" for name in small), "--self")
    assert ran.code == 0, ran.err[-2000:]
    told = dict(map(json.loads, ran.out.splitlines()))
    shown = told.pop("--self")
    assert len(told) == len(small)
    assert {name: what for name, what in told.items() if what} == {}
    assert len(list(tree.output.glob("*.审核.xlsx"))) > 60
    # What it must not do it would be seen doing.
    assert {event.partition(" ")[0] for event in shown} >= {"subprocess.Popen", "open"}
    for word in ("other", "/etc/hostname", "written"):
        assert any(word in event for event in shown), word
