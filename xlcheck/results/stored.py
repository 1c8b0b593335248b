"""The results of a batch, read back from its folder and trusted no further than they can be checked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from xlcheck.files.below import is_inner
from xlcheck.files.content import open_file, why
from xlcheck.model.errors import Error
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Conclusion
from xlcheck.results.record import Record, record
from xlcheck.results.writing import SCHEMA
from xlcheck.roster.years import collected_year

RESULTS_FILE = "results.json"
"""The document in a folder of results."""

_LARGEST = 512 << 20


class InvalidResults(Error):
    """A folder without results that can be used; the message says why, for a clerk."""

    code = "results"


class FormerResult(NamedTuple):
    """A file that was handed in before, of which the last run tells no result."""

    path: str
    unit: str
    unit_code: str
    year: int | None
    conclusion: Conclusion | None
    """What became of it; None where no run into the folder checked it."""


class StoredResults(NamedTuple):
    """What the batch found."""

    records: tuple[Record, ...]

    collected: int | None = None
    """The year that is collected, as the batch knew it; None where it does not say so."""

    former: tuple[FormerResult, ...] = ()
    """Other files: what runs before found in them, and those of the submission before."""

    @property
    def year(self) -> int | None:
        """The year that is collected: as the batch knew it, or else the one that most workbooks report on."""
        if self.collected is not None:
            return self.collected
        return collected_year(Counter(one.year for one in self.records if one.year is not None))


def load_results(folder: Path) -> StoredResults:
    """The results in `folder`.

    Raises:
        InvalidResults: there are none, or they are damaged or of another kind.
    """
    path = folder / RESULTS_FILE
    document = _document(path, f"请先运行 xlcheck verify … -o {folder}")
    try:
        if document["schema"] == SCHEMA:
            return StoredResults(_records(document["files"]), _year(document), _former(document))
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise InvalidResults(f"“{path}”不是完整的核对结果，请重新运行 xlcheck verify") from error
    raise InvalidResults(f"核对结果“{path}”是另一个版本的 xlcheck 写的，请重新运行 xlcheck verify")


def _document(path: Path, otherwise: str) -> Any:
    import json

    try:
        if path.stat().st_size > _LARGEST:
            raise InvalidResults(f"“{path}”太大，不是核对结果")
        with open_file(path) as file:
            content = file.read()
    except OSError as error:
        raise InvalidResults(f"无法读取核对结果“{path}”（{why(error)}）；{otherwise}") from error
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidResults(f"核对结果“{path}”已损坏，请重新运行 xlcheck verify") from error


def _year(document: Any) -> int | None:
    year = document.get("year")
    _must(year is None or type(year) is int)
    return None if year is None else int(year)


def _former(document: Any) -> tuple[FormerResult, ...]:
    found = []
    for one in document.get("former", ()):
        _must(one["status"] in ("passed", "failed"))
        found.append(_handed_before(one, "review" if one["review"] is True else one["status"]))
    found += [_handed_before(one, None) for one in document.get("last_round", ())]
    return tuple(found)


def _handed_before(one: Any, conclusion: Conclusion | None) -> FormerResult:
    texts = (one["path"], one["unit"], one["unit_code"])
    _must(all(isinstance(text, str) for text in texts))
    _must(one["year"] is None or type(one["year"]) is int)
    return FormerResult(*texts, one["year"], conclusion)


def _records(files: Any) -> tuple[Record, ...]:
    records = tuple(_sound(record(file)) for file in files)
    _must(len({one.path for one in records}) == len(records))
    return records


def _must(holds: bool) -> None:
    if not holds:
        raise ValueError


def _sound(one: Record) -> Record:
    """The record, if every value is of its kind and its copy lies in the folder."""
    texts: list[Any] = [one.path, one.unit, one.unit_code, one.annotated, one.digest, one.document]
    for line in one.lines:
        texts += [line.code, line.message, line.expected, line.actual, line.explanation, *line.cells, *line.reasons]
        texts += [text for pair in line.suggestions for text in pair]
        _must(line.severity in ("error", "warning"))
    _must(all(isinstance(text, str) for text in texts))
    _must(one.path != "" and one.status in ("passed", "failed", "unreadable"))
    _must(one.year is None or type(one.year) is int)
    _must(type(one.modified) in (int, float))
    _must(is_inner(one.annotated))
    return one
