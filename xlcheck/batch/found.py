"""Which files of a folder are submissions: copies that came back mended are, copies that nobody touched are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from xlcheck.files.names import is_annotated, is_copy, is_looked_for, is_workbook
from xlcheck.files.paths import absolute, files
from xlcheck.model.tuples import NamedTuple


def _unheard(place: str, reason: str) -> None:
    del place, reason


class FoundFiles(NamedTuple):
    """What a folder holds."""

    submissions: tuple[tuple[Path, float], ...]
    """In the order of their names, each with the time at which it was last written, in seconds since 1970."""
    skipped: int
    """How many copies of ours it holds besides."""
    missed: Mapping[str, str]
    """What could not be looked into, and why, in a clerk's words."""


def files_in(folder: Path, output: Path | None = None) -> FoundFiles:
    """Look through a folder and what is below it.

    Args:
        folder: where to look.
        output: where copies go; those that lie there are ours, whoever looked at them.
    """
    found: list[tuple[Path, float]] = []
    skipped = 0
    missed: dict[str, str] = {}
    for path, when in files(folder, missed.__setitem__):
        if (
            is_workbook(path.name)
            or is_looked_for(path.name)
            or (is_annotated(path.name) and not _is_below(path, output) and _is_mended(path))
        ):
            found.append((path, when))
        else:
            skipped += is_copy(path.name)
    return FoundFiles(tuple(found), skipped, missed)


def workbooks(folder: Path, miss: Callable[[str, str], object] = _unheard) -> Iterator[Path]:
    """The submissions in a folder and below it, in the order of their names; `miss` is told what could not be looked into."""
    inside = files_in(folder)
    for place, reason in inside.missed.items():
        miss(place, reason)
    return (path for path, _ in inside.submissions)


def _is_mended(path: Path) -> bool:
    from xlcheck.copies.seal import is_mended  # most folders hold no copies

    return is_mended(path)


def _is_below(path: Path, folder: Path | None) -> bool:
    if folder is None:
        return False
    above = absolute(folder)
    return any(absolute(parent) == above for parent in path.parents)
