"""Which files to check, and where their copies go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Literal

from xlcheck.batch.found import files_in
from xlcheck.files.names import STDIN, is_copy, original_name
from xlcheck.files.paths import absolute, is_folder, modified, path_of
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple


class Job(NamedTuple):
    """One file to check."""

    path: Path
    """Where the workbook is."""
    shown: str
    """Its path as the user gave it."""
    annotated: Path | None
    """Where an annotated copy goes; None for no copy."""
    fixed: Path | None = None
    """Where a copy with suggested mends goes; None for no copy."""
    extent: Literal["text", "all"] = "text"
    """Which mends."""
    content: bytes | None = None
    """Its bytes, where they were read already."""
    digested: bool = False
    """Whether the result says what the file's content was."""
    modified: float = 0.0
    """When the file was last written, in seconds since 1970; 0 where that is not known."""
    out: Path | None = None
    """The folder that copies must lie in; None where they go beside the original."""
    missed: str = ""
    """Why this place cannot be looked into, in a clerk's words; empty for a file."""
    found: bool = False
    """Whether it was found in a folder, and not named: a document there that is no report is of no concern."""


def plan_jobs(paths: Iterable[str], output: Path | None) -> tuple[list[Job], int]:
    """One job a workbook, in the order given, and how many copies of ours folders hold; a workbook is checked once.

    Args:
        paths: files, folders and addresses as the user gave them; ``-`` is standard input.
        output: where copies go; None for beside their originals.
    """
    work: list[tuple[Job, Path]] = []
    seen: set[str] = set()
    empty: set[Path] = set()
    skipped = 0
    for given in paths:
        root = path_of(given)
        folder = given != STDIN and is_folder(root)
        found = [(root, modified(root))]
        if folder:
            inside = files_in(root, output)
            missed, skipped = inside.missed, skipped + inside.skipped
            # A folder without workbooks stands for itself, so that it is told like a file that cannot be read.
            found = list(inside.submissions) or ([] if missed else found)
            empty |= {root} & {path for path, _ in found}
            work += [(_missed(place, reason), root) for place, reason in missed.items() if place not in seen]
            seen |= missed.keys()
        bases: dict[Path, Path] = {}
        for path, when in found:
            if (place := absolute(path)) not in seen:
                seen.add(place)
                within = folder and path != root
                base = path.parent
                if output is not None:
                    if base not in bases:
                        bases[base] = output.joinpath(*base.relative_to(root).parts) if within else output
                    base = bases[base]
                work.append((Job(path, str(path), None, modified=when, out=output, found=within), base))
    if all(job.path in empty for job, _ in work):
        return [], skipped
    readable = [(job, base) for job, base in work if not job.missed]
    targets = _targets([(job, base) for job, base in readable if job.shown != STDIN or output is not None])
    return [job._replace(annotated=targets.get(job.path)) for job, _ in work], skipped


def _missed(place: str, reason: str) -> Job:
    """A place that cannot be looked into: it is told like a file that cannot be read."""
    return Job(Path(place), place, None, modified=modified(Path(place)), missed=reason)


def _targets(work: Sequence[tuple[Job, Path]]) -> dict[Path, Path]:
    """Where the annotated copies go. An .xlsx has the first claim to its name; a.xls beside it gets one of its own.

    The copy of a copy that came back is named like that copy.
    """
    targets: dict[Path, Path] = {}
    taken = {str(job.path).casefold() for job, _ in work}
    for job, base in sorted(work, key=lambda item: _claim(item[0].path)):
        name = Path(original_name(job.path.name))
        stem, whole = ("stdin",) * 2 if job.shown == STDIN else map(_short, (name.stem, name.name))
        first = (stem,) if is_copy(job.path.name) else (stem, whole)
        names = chain((f"{one}.审核.xlsx" for one in first), (f"{stem}.审核.{number}.xlsx" for number in count(2)))
        # Windows and macOS take names that differ in case only for the same.
        target = next(path for name in names if str(path := base / name).casefold() not in taken)
        taken.add(str(target).casefold())
        targets[job.path] = target
    return targets


def _claim(path: Path) -> tuple[bool, bool]:
    return path.suffix.lower() != ".xlsx", is_copy(path.name)


_LONGEST_NAME = 255
"""Bytes of a file's name on most systems."""
_ROOM = len(".审核.9999.9999.xlsx".encode())
"""For what is put behind the name of a file to name its copy."""


def _short(name: str) -> str:
    """A stranger's name as the beginning of one of ours: nothing that steers a terminal, and room for more behind it."""
    if not name.isprintable():
        # Bytes that are no text come as half characters, which clean would take away, and with them maybe the whole name.
        name = "".join(char if "\udc80" <= char <= "\udcff" else clean(char) for char in name)
    name = name.strip() or "文件"
    while len(os.fsencode(name)) > _LONGEST_NAME - _ROOM:
        name = name[:-1]
    return name


def mended(annotated: Path) -> Path:
    """Where the copy with mends goes: beside the annotated one."""
    head, _, tail = annotated.name.rpartition(".审核.")
    return annotated.with_name(f"{head}.建议.{tail}")


def from_anywhere(job: Job) -> Job:
    """The same job for a process that runs in another folder."""
    return job._replace(
        path=job.path if job.shown == STDIN else path_of(absolute(job.path)),
        annotated=job.annotated and path_of(absolute(job.annotated)),
        fixed=job.fixed and path_of(absolute(job.fixed)),
        out=job.out and path_of(absolute(job.out)),
    )
