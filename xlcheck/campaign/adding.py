"""Taking in files and folders, oldest file first; run again, it goes on where it stopped, and nothing is taken in twice."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import LookedAt, OfNoConcern, TakenIn, look_ahead, take_in
from xlcheck.campaign.ledger.values import ActRefused, Way
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.files.bundle import bundled_files, is_bundle
from xlcheck.files.content import read_bytes
from xlcheck.model.errors import Refused
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, Started, ignore
from xlcheck.tasks.given import no_workbooks, workbooks_in
from xlcheck.workers.spread import crew_for, local_crew

if TYPE_CHECKING:
    from xlcheck.batch.plan import Job


class AddedFile(NamedTuple):
    """What became of one file."""

    path: str
    """As it was given, or found."""
    taken: TakenIn | None
    """None where it was not taken in."""
    refusal: str = ""
    """Why not, in a clerk's words."""
    is_other: bool = False
    """Whether it is a document of a folder that is no report, which is of no concern."""


class GivenFile(NamedTuple):
    """A file that was given, by itself or packed into another one."""

    name: str
    """With what it is packed into."""
    data: bytes
    trouble: str = ""
    """Why there are no bytes, in a clerk's words."""
    is_packed: bool = False
    """Whether it lay in a zip, and nobody named it."""


def unpacked(name: str, data: bytes) -> Iterator[GivenFile]:
    """A file as it is, or the files that are packed into it (.zip), the oldest first."""
    if not is_bundle(data):
        yield GivenFile(name, data)
        return
    try:
        for one in bundled_files(data):
            yield GivenFile(f"{name}/{one.name}", one.data, one.trouble, is_packed=True)
    except Refused as refused:
        yield GivenFile(name, b"", refused.message)


class _Given(NamedTuple):
    """A file that was read, and what looking at it came to."""

    shown: str
    """As it was given, or found."""
    incoming: Incoming | None
    """None where it could not be read."""
    refusal: str = ""
    """Why it is not taken in, in a clerk's words; or empty."""
    looked: LookedAt | None = None


def add_files(
    opened: OpenCampaign,
    paths: Sequence[str],
    by: str,
    at: int,
    *,
    unit_id: int | None = None,
    listen: Listener = ignore,
    workers: int | None = None,
) -> Iterator[AddedFile]:
    """Take in files, and those of folders but for copies of ours that nobody touched.

    Several are looked at at once, and entered one after the other: of two of one unit the later one is looked at again.

    Args:
        opened: the campaign.
        paths: files, folders and addresses.
        by: who takes them in.
        at: when they reached the office.
        unit_id: whose they all are; None to go by their covers.
        listen: is told how many there are, and what is passed over.
        workers: how many are looked at at a time; None for as many as this machine has processors.

    Raises:
        CannotDo: they cannot be listed, or there are none.
        LedgerTrouble: the ledger cannot be used; what was given until then is in it.
        WorkersLost: the checking failed.
    """
    jobs = workbooks_in(paths, None, listen, "收入")
    if not jobs:
        raise no_workbooks(paths)
    listen(Started(len(jobs)))
    with crew_for(len(jobs), workers) as several, nullcontext(several) if several else local_crew(1) as crew:

        def looked_at(given: _Given) -> _Given:
            return _looked_at(opened, given, at, crew.executor)

        # Of several of one unit the one written last is its newest.
        in_order = sorted(jobs, key=lambda job: job.modified)
        files = (given for job in in_order for given in _read(job, unit_id))
        for given in _ahead(looked_at, files, crew.workers):
            yield _added(opened, given, by, at, crew.executor)


def _ahead(look: Callable[[_Given], _Given], files: Iterator[_Given], workers: int) -> Iterator[_Given]:
    """What looking at each came to, in order; a few are looked at ahead."""
    waiting = deque[Future[_Given]]()
    with ThreadPoolExecutor(workers, thread_name_prefix="add") as pool:
        try:
            while True:
                waiting += (pool.submit(look, given) for given in islice(files, workers * 2 - len(waiting)))
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _read(job: Job, unit_id: int | None) -> Iterator[_Given]:
    """The files that a job gives: one, or those that are packed into it."""
    try:
        if job.missed:
            raise Refused("F101", job.missed)
        data = read_bytes(job.path)
    except Refused as refused:
        yield _Given(job.shown, None, refused.message)
        return
    for one in unpacked(job.path.name, data):
        shown = job.shown + one.name.removeprefix(job.path.name)
        name, is_found = PurePosixPath(one.name).name, job.found or one.is_packed
        origin = f"file {hashlib.sha256(one.data).hexdigest()} {clean(name)}"
        sender = clean(str(job.path if one.is_packed else job.path.parent)) if is_found else ""
        way: Way = "folder" if is_found else "hand"
        incoming = Incoming(name, one.data, way, sender, unit_id, origin, is_found)
        yield _Given(shown, None if one.trouble else incoming, one.trouble)


def _looked_at(opened: OpenCampaign, given: _Given, at: int, executor: Executor) -> _Given:
    if given.incoming is None:
        return given
    try:
        return given._replace(looked=look_ahead(opened, given.incoming, at, executor))
    except ActRefused as refused:
        return given._replace(incoming=None, refusal=refused.message)


def _added(opened: OpenCampaign, given: _Given, by: str, at: int, executor: Executor) -> AddedFile:
    if given.incoming is None:
        return AddedFile(given.shown, None, given.refusal)
    try:
        return AddedFile(given.shown, take_in(opened, given.incoming, by, at, executor, given.looked))
    except ActRefused as refused:
        return AddedFile(given.shown, None, refused.message, isinstance(refused, OfNoConcern))
