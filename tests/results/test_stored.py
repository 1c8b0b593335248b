"""Results read back from a folder: taken as they were written, and refused where they can't have been."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.making.checked import ALL
from tests.making.documents import json_of
from xlcheck.results.entries import file_json
from xlcheck.results.record import record
from xlcheck.results.stored import RESULTS_FILE, InvalidResults, load_results


def stored(folder: Path, change: Callable[[Any], object] = lambda document: None) -> Path:
    """A folder of results, changed."""
    document = json.loads(json_of(ALL))
    change(document)
    (folder / RESULTS_FILE).write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_what_was_written_is_read(tmp_path: Path) -> None:
    results = load_results(stored(tmp_path))
    assert results.records == tuple(record(file_json(checked)) for checked in ALL)
    assert results.year == 2025


def test_the_year_is_the_one_that_is_collected_or_else_that_of_most(tmp_path: Path) -> None:
    assert load_results(stored(tmp_path, lambda d: d["files"][1].update(year=2024))).year == 2025
    assert load_results(stored(tmp_path, lambda d: d.update(year=2024))).year == 2024
    assert load_results(stored(tmp_path, lambda d: [file.update(year=None) for file in d["files"]])).year is None


def test_keys_of_later_versions_are_passed_over(tmp_path: Path) -> None:
    def later(document: Any) -> None:
        document["more"] = document["files"][0]["more"] = document["files"][0]["findings"][0]["more"] = {"a": 1}

    assert load_results(stored(tmp_path, later)) == load_results(stored(tmp_path))


def _finding(**changes: object) -> Callable[[Any], object]:
    return lambda document: document["files"][0]["findings"][0].update(changes)


@pytest.mark.parametrize(
    "forge",
    [
        lambda d: d.pop("files"),
        lambda d: d.update(files=None),
        lambda d: d["files"].append(d["files"][0]),
        lambda d: d["files"][0].update(status="missing"),
        lambda d: d["files"][0].update(annotated="../a.xlsx"),
        lambda d: d["files"][0].update(annotated="/a.xlsx"),
        lambda d: d["files"][0].update(annotated="b/../../a.xlsx"),
        lambda d: d["files"][0].update(year=True),
        lambda d: d.update(year="2025"),
        _finding(severity="none"),
        _finding(message=None),
        _finding(cells=[1]),
        _finding(cells=None),
        _finding(suggestions=[{"cell": "a!A1", "value": "1"}]),
        _finding(suggestions=[{"cell": "a!A1", "value": "1", "reason": 1}]),
    ],
)
def test_what_nobody_wrote_like_that_is_refused(tmp_path: Path, forge: Callable[[Any], object]) -> None:
    with pytest.raises(InvalidResults, match="不是完整的核对结果"):
        load_results(stored(tmp_path, forge))


def test_another_version_and_no_document_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InvalidResults, match="请先运行 xlcheck verify"):
        load_results(tmp_path)
    with pytest.raises(InvalidResults, match="另一个版本"):
        load_results(stored(tmp_path, lambda d: d.update(schema=2)))
    (tmp_path / RESULTS_FILE).write_bytes(b"\xff{")
    with pytest.raises(InvalidResults, match="已损坏"):
        load_results(tmp_path)
