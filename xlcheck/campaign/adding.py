"""Taking in files and folders, oldest file first; run again, it goes on where it stopped, and nothing is taken in twice."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING

from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import LookedAt, OfNoConcern, TakenIn, look_ahead, take_in
from xlcheck.campaign.ledger.values import ActRefused, Way
from xlcheck.campaign.opening import OpenCampaign
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


class _Given(NamedTuple):
    """A file that was read, and what looking at it came to."""

    incoming: Incoming | None
    """None where it could not be read."""
    looked: LookedAt | None
    refusal: str
    """Why it is not taken in, in a clerk's words; or empty."""


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

        def looked_at(job: Job) -> _Given:
            return _looked_at(opened, job, at, unit_id, crew.executor)

        # Of several of one unit the one written last is its newest.
        in_order = sorted(jobs, key=lambda job: job.modified)
        for job, given in zip(in_order, _ahead(looked_at, in_order, crew.workers), strict=True):
            yield _added(opened, job, given, by, at, crew.executor)


def _ahead(look: Callable[[Job], _Given], jobs: Sequence[Job], workers: int) -> Iterator[_Given]:
    """What looking at each came to, in order; a few are looked at ahead."""
    rest, waiting = iter(jobs), deque[Future[_Given]]()
    with ThreadPoolExecutor(workers, thread_name_prefix="add") as pool:
        try:
            while True:
                waiting += (pool.submit(look, job) for job in islice(rest, workers * 2 - len(waiting)))
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _looked_at(opened: OpenCampaign, job: Job, at: int, unit_id: int | None, executor: Executor) -> _Given:
    try:
        if job.missed:
            raise Refused("F101", job.missed)
        data = read_bytes(job.path)
    except Refused as refused:
        return _Given(None, None, refused.message)
    way: Way = "folder" if job.found else "hand"
    name = job.path.name
    origin = f"file {hashlib.sha256(data).hexdigest()} {clean(name)}"
    sender = clean(str(job.path.parent)) if job.found else ""
    incoming = Incoming(name, data, way, sender, unit_id, origin, job.found)
    try:
        return _Given(incoming, look_ahead(opened, incoming, at, executor), "")
    except ActRefused as refused:
        return _Given(None, None, refused.message)


def _added(opened: OpenCampaign, job: Job, given: _Given, by: str, at: int, executor: Executor) -> AddedFile:
    if given.incoming is None:
        return AddedFile(job.shown, None, given.refusal)
    try:
        return AddedFile(job.shown, take_in(opened, given.incoming, by, at, executor, given.looked))
    except ActRefused as refused:
        return AddedFile(job.shown, None, refused.message, isinstance(refused, OfNoConcern))
