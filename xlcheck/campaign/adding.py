"""Taking in files and folders, oldest file first; run again, it goes on where it stopped, and nothing is taken in twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import OfNoConcern, TakenIn, take_in
from xlcheck.campaign.ledger.values import ActRefused, Way
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.files.content import read_bytes
from xlcheck.model.errors import Refused
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, Started, ignore
from xlcheck.tasks.given import no_workbooks, workbooks_in

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


def add_files(
    opened: OpenCampaign,
    paths: Sequence[str],
    by: str,
    at: int,
    *,
    unit_id: int | None = None,
    listen: Listener = ignore,
    executor: Executor | None = None,
) -> Iterator[AddedFile]:
    """Take in files, and those of folders but for copies of ours that nobody touched.

    Args:
        opened: the campaign.
        paths: files, folders and addresses.
        by: who takes them in.
        at: when they reached the office.
        unit_id: whose they all are; None to go by their covers.
        listen: is told how many there are, and what is passed over.
        executor: does the checking in processes that are there already; None starts one for each file.

    Raises:
        CannotDo: they cannot be listed, or there are none.
        LedgerTrouble: the ledger cannot be used; what was given until then is in it.
        WorkersLost: the executor failed.
    """
    jobs = workbooks_in(paths, None, listen, "收入")
    if not jobs:
        raise no_workbooks(paths)
    listen(Started(len(jobs)))
    # Of several of one unit the one written last is its newest.
    for job in sorted(jobs, key=lambda job: job.modified):
        yield _added(opened, job, by, at, unit_id, executor)


def _added(
    opened: OpenCampaign, job: Job, by: str, at: int, unit_id: int | None, executor: Executor | None
) -> AddedFile:
    try:
        if job.missed:
            raise Refused("F101", job.missed)
        data = read_bytes(job.path)
    except Refused as refused:
        return AddedFile(job.shown, None, refused.message)
    way: Way = "folder" if job.found else "hand"
    name = job.path.name
    origin = f"file {hashlib.sha256(data).hexdigest()} {clean(name)}"
    sender = clean(str(job.path.parent)) if job.found else ""
    incoming = Incoming(name, data, way, sender, unit_id, origin, job.found)
    try:
        return AddedFile(job.shown, take_in(opened, incoming, by, at, executor))
    except ActRefused as refused:
        return AddedFile(job.shown, None, refused.message, isinstance(refused, OfNoConcern))
