"""What is to be done when files are checked: all that was asked for is looked at before the first file is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.batch.earlier import Against
from xlcheck.batch.plan import Job, from_anywhere, mended
from xlcheck.batch.run import Setting
from xlcheck.files.content import why
from xlcheck.files.names import STDIN
from xlcheck.files.paths import absolute, is_folder, is_writable, make_folder
from xlcheck.model.errors import Refused
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, form_of, no_workbooks, place_of, shelf_at, units_of, workbooks_in
from xlcheck.tasks.options import Options
from xlcheck.workers.calls import Bounds

if TYPE_CHECKING:
    from xlcheck.batch.earlier import Shelf
    from xlcheck.checking.copying import Original
    from xlcheck.roster.units import Unit


class Batch(NamedTuple):
    """What is to be done."""

    jobs: tuple[Job, ...]
    setting: Setting
    folder: Path | None
    """Where results are left; None for nowhere."""
    listed: tuple[Unit, ...]
    """The units to compare with, or empty."""
    what: str
    """What is checked, as the user gave it."""
    options: Options
    is_writable: bool
    """Whether copies can be written where they were asked for."""


def plan_batch(
    paths: Sequence[str],
    options: Options,
    listen: Listener = ignore,
    stdin: Callable[[int], bytes] | None = None,
) -> Batch:
    """Look at everything that was asked for before the first file is opened.

    Args:
        paths: files, folders and addresses.
        options: how they are checked.
        listen: is told what cannot be done, where the rest goes on.
        stdin: reads so many bytes of the standard input, which the path ``-`` stands for.

    Raises:
        CannotDo: the options do not go together, something they name cannot be used, or there are no files.
    """
    if options.form is not None:
        form_of(options.form)
    listed = units_of(options.units, listen) if options.units is not None else ()
    if options.out is None and (listed or options.resume):
        raise CannotDo("options", "--units 和 --resume 要与 -o 一起使用")
    out = place_of(options.out) if options.out is not None else None
    writable = out is None or _can_write(out, listen)
    jobs = workbooks_in(paths, out, listen, "核对")
    if not jobs:
        raise no_workbooks(paths)
    wanted = listed or options.resume or any(is_folder(place_of(path)) for path in paths)
    folder = out if writable and wanted else None
    last_year, last_round = (
        _shelf(place, options, listed, listen) for place in (options.last_year, options.last_round)
    )
    against = Against(last_year, last_round, options.year, _original(options, jobs))
    setting = Setting(
        Forms(str(options.form) if options.form is not None else None),
        against,
        Bounds(options.seconds, options.memory),
        options.file_bytes,
        absolute(folder) if folder else None,
        options.painted,
        options.office,
    )
    copies = writable and options.annotate
    jobs = [_asked(job, options, copies, folder is not None, stdin) for job in jobs]
    return Batch(tuple(jobs), setting, folder, listed, "、".join(paths), options, writable)


def _asked(job: Job, options: Options, copies: bool, digested: bool, stdin: Callable[[int], bytes] | None) -> Job:
    job = job._replace(
        annotated=job.annotated if copies else None,
        fixed=mended(job.annotated) if options.mend and job.annotated and copies else None,
        extent=options.mend or "text",
        content=stdin(options.file_bytes + 1) if stdin is not None and job.shown == STDIN else None,
        digested=digested,
    )
    return job if options.scheduler is None else from_anywhere(job)


def _shelf(given: Path | str | None, options: Options, listed: Sequence[Unit], listen: Listener) -> Shelf | None:
    """The submissions of another year or round."""
    if given is None:
        return None
    from xlcheck.batch.earlier import Stocking

    bounds = Bounds(options.seconds, options.memory)
    reading = Stocking(form_of(options.form), bounds, options.file_bytes, options.workers)
    return shelf_at(given, reading, listed, listen)


def _original(options: Options, jobs: Sequence[Job]) -> Original | None:
    """What the one file's numbers were copied from."""
    given = options.copied_from
    if given is None:
        return None
    if len(jobs) != 1:
        raise CannotDo("options", "--against 一次只能比对一个文件")
    from xlcheck.batch.earlier import submission_alone
    from xlcheck.checking.copying import Original

    try:
        submission = submission_alone(place_of(given), Forms(str(options.form) if options.form is not None else None))
    except Refused as refused:
        raise CannotDo("input", f"无法比对“{given}”：{refused.message}") from refused
    if not submission.held:
        raise CannotDo("input", f"无法比对“{given}”：{submission.structure[0].message}")
    return Original(submission, str(given))


def _can_write(out: Path, listen: Listener) -> bool:
    """Whether copies can be written there, with one sentence if not; the files are checked all the same."""
    try:
        make_folder(out)
    except OSError as error:
        listen(Notice(f"无法建立文件夹“{out}”（{why(error)}），没有写出审核副本；请换一个位置"))
        return False
    if is_writable(out):
        return True
    listen(Notice(f"文件夹“{out}”不能写入，没有写出审核副本；请检查权限，或换一个位置"))
    return False
