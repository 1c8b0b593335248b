"""Checking files, and what that leaves in a folder."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.batch.run import Told, check_all
from xlcheck.files.content import tidied, why
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.model.errors import LedgerTrouble
from xlcheck.results.counts import Counts
from xlcheck.roster.identity import identity
from xlcheck.roster.years import collected_year
from xlcheck.tasks.events import Event, FileDone, Finished, Listener, Notice, Started, ignore
from xlcheck.tasks.given import CannotDo, form_of
from xlcheck.tasks.plan import Batch
from xlcheck.workers.spread import Crew, WorkersLost, crew_for

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from xlcheck.batch.folder import ResultFolder
    from xlcheck.batch.plan import Job
    from xlcheck.roster.match import Roster
    from xlcheck.tasks.options import Options

_NAMED = 10
"""Of more units or files only the first are named."""


def check_batch(batch: Batch, listen: Listener) -> None:
    """Check all files; the listener hears of each, and at the end of the whole.

    Raises:
        CannotDo: the results cannot be written, the workers are lost, or somebody pressed Ctrl-C. What was told until then
            holds.
    """
    done = 0

    def counted(event: Event) -> None:
        nonlocal done
        if isinstance(event, Started):
            done = event.done
        done += isinstance(event, FileDone)
        listen(event)

    files = each_file(batch, counted)
    try:
        for _ in files:
            pass
    except KeyboardInterrupt as error:
        files.close()
        if done == len(batch.jobs):
            raise
        raise _stopped(batch, done, "interrupted") from error


def each_file(
    batch: Batch, listen: Listener = ignore, executor: Executor | None = None
) -> Generator[tuple[Job, Told], None, None]:
    """Check the files one after the other, in their order; results are written when the last one was taken.

    Args:
        batch: what is to be done.
        listen: hears of each file before it is given, and of the whole before the end.
        executor: does the work, instead of this machine's processors.

    Raises:
        CannotDo: the results cannot be written, or the workers are lost.
    """
    if batch.folder is not None:
        yield from _into_folder(batch, batch.folder, listen, executor)
        return
    counts, written = Counts(), True
    skipped: list[str] = []
    years: dict[int, int] = {}
    first: dict[int, list[tuple[str, int]]] = {}
    with tidied(_targets(batch)), closing(_checked(batch, batch.jobs, 0, listen, executor)) as checked:
        for job, told in checked:
            if told.skipped:
                skipped.append(told.skipped)
                continue
            counts = counts.add(told.tally)
            written = written and not told.unwritten
            if told.year is not None:
                years[told.year] = years.get(told.year, 0) + 1
                if years[told.year] <= _NAMED:
                    first.setdefault(told.year, []).append((job.shown, told.year))
            yield job, told
    collected = collected_year(years)
    others = [one for year, files in first.items() if year != collected for one in files]
    for notice in (*_of_years(batch, years, collected, others[:_NAMED]), *_of_no_report(skipped)):
        listen(Notice(notice))
    listen(Finished(counts, written, None, None))


def _targets(batch: Batch) -> set[Path]:
    """The folders that are written into."""
    return {job.annotated.parent for job in batch.jobs if job.annotated} | ({batch.folder} if batch.folder else set())


def _into_folder(
    batch: Batch, folder: Path, listen: Listener, executor: Executor | None
) -> Generator[tuple[Job, Told], None, None]:
    from xlcheck.batch.folder import LEDGER, ResultFolder

    try:
        last_round = batch.setting.against.last_round
        before = last_round.entries() if last_round is not None else ()
        with ResultFolder(folder, _depends_on(batch), before) as results, tidied(_targets(batch)):
            yield from _recorded(batch, folder, results, listen, executor)
    except LedgerTrouble as error:
        said = f"无法使用核对记录“{folder / LEDGER}”：{error}"
        raise CannotDo("output", said) from error
    except BrokenPipeError:  # whoever listens has nobody to tell any more
        raise
    except OSError as error:
        raise CannotDo("output", f"无法把结果写入“{folder}”（{why(error)}）") from error


def _recorded(
    batch: Batch, folder: Path, results: ResultFolder, listen: Listener, executor: Executor | None
) -> Generator[tuple[Job, Told], None, None]:
    kept = results.resume(batch.jobs, batch.setting.file_bytes) if batch.options.resume else set()
    if kept:
        listen(Notice(f"{len(kept)} 个文件上次已经核对，内容没有变，不再核对"))
    if others := results.others(batch.jobs):
        said = (
            f"“{folder}”里原有 {others} 个别的文件的结果，由这次的代替，审核汇总里不再有它们；要合在一起，"
            f"请把以前核对的文件夹和这次的一起写上：xlcheck verify 以前的文件夹 {batch.what.replace('、', ' ')} -o {folder}"
        )
        listen(Notice(said))
    todo = [(position, job) for position, job in enumerate(batch.jobs) if position not in kept]
    written = True
    skipped: list[tuple[int, Job, Told]] = []
    # Closed at once where something goes wrong: until then its processes write.
    with closing(_checked(batch, [job for _, job in todo], len(kept), listen, executor)) as checked:
        for (position, _), (job, told) in zip(todo, checked, strict=True):
            if told.skipped:
                skipped.append((position, job, told))
                continue
            results.add(position, job, told)
            written = written and not told.unwritten
            yield job, told
    named = _named_after(batch, results, [job for _, job, told in skipped if told.may_be_report])
    for position, job, told in skipped:
        if job.shown in named:
            # Its unit may hand in another one before the next run, so that it is looked at again.
            results.add(position, job, told._replace(digest=""))
            listen(Notice(told.skipped))
            yield job, told
    for notice in _of_no_report([told.skipped for _, job, told in skipped if job.shown not in named]):
        listen(Notice(notice))
    _sum_up(batch, folder, results, written, listen)


def _named_after(batch: Batch, results: ResultFolder, unread: Sequence[Job]) -> set[str]:
    """Which documents of folders that could not be read are called after a unit of the list that handed in nothing else."""
    from xlcheck.roster.match import Handed, match

    if not batch.listed or not unread:
        return set()
    handed = [one.handed for one in results.records()]
    handed += [Handed(job.shown, "", "", job.modified, unread=True) for job in unread]
    year = batch.options.year or collected_year(results.years())
    newest = {entry.newest.path for entry in match(batch.listed, handed, year).entries if entry.newest}
    return newest & {job.shown for job in unread}


def _sum_up(batch: Batch, folder: Path, results: ResultFolder, written: bool, listen: Listener) -> None:
    from xlcheck.forms.file import form_ids
    from xlcheck.forms.rules import catalogue_of_all

    years = results.years()
    collected = batch.options.year or collected_year(years)
    for notice in _of_years(batch, years, collected, results.of_other_years(collected or 0, _NAMED)):
        listen(Notice(notice))
    roster = results.roster(batch.listed, collected) if batch.listed else None
    forms = [str(batch.options.form)] if batch.options.form is not None else form_ids()
    results.write(roster, catalogue_of_all(map(form_of, forms)), batch.what, collected)
    if roster is not None:
        for notice in (*_of_roster(roster), *_of_known(roster, results.heard_of(collected))):
            listen(Notice(notice))
    listen(Notice(f"审核汇总写在“{folder / SUMMARY_BOOK}”"))
    listen(Finished(results.counts, written, results.entries_from_here(), results.further(roster, collected)))


def _checked(
    batch: Batch, jobs: Sequence[Job], done: int, listen: Listener, executor: Executor | None
) -> Generator[tuple[Job, Told], None, None]:
    with _crew(batch.options, len(jobs), executor) as crew, closing(check_all(jobs, batch.setting, crew)) as all_told:
        listen(Started(len(jobs) + done, done))
        try:
            for job, told in zip(jobs, all_told, strict=True):
                listen(FileDone(job.shown, None if told.skipped else told))
                done += 1
                yield job, told
        except WorkersLost as error:
            raise _stopped(batch, done, str(error)) from error


def _stopped(batch: Batch, done: int, reason: str) -> CannotDo:
    """Not all files were checked: somebody pressed Ctrl-C (`reason` is ``interrupted``), or the workers are lost."""
    by_hand = reason == "interrupted"
    left = f"核对了 {done} 个文件，还有 {len(batch.jobs) - done} 个没有核对"
    if batch.folder is not None:
        because = "" if by_hand else f"（{reason}）"
        said = f"已停止{because}：{left}；结果记在“{batch.folder}”，用同样的命令加 --resume 可以接着核对"
    else:
        said = f"已停止：{left}" if by_hand else f"核对中断，后面的文件没有核对（{reason}）；请重新运行"
    return CannotDo("interrupted" if by_hand else "workers", said)


def _crew(options: Options, files: int, executor: Executor | None) -> AbstractContextManager[Crew | None]:
    if executor is not None:
        return nullcontext(Crew(executor, options.workers or os.cpu_count() or 1, chunk=4))
    if options.scheduler is not None:
        return _cluster(options.scheduler)
    return crew_for(files, options.workers)


@contextmanager
def _cluster(address: str) -> Iterator[Crew]:
    from xlcheck.workers.cluster import NoCluster, cluster

    try:
        with cluster(address) as crew:
            yield crew
    except NoCluster as error:
        raise CannotDo("workers", str(error)) from error


# --- what it leaves --------------------------------------------------------------------------------------------------


def _depends_on(batch: Batch) -> str:
    """All that results depend on besides the files' content and the version."""
    job = batch.jobs[0]
    form = batch.setting.forms.wanted or ""
    own = Path(form).read_text(encoding="utf-8") if form.endswith(".toml") else ""
    against = batch.setting.against
    shelves = [shelf.paths() if shelf is not None else () for shelf in (against.last_year, against.last_round)]
    others = [(path, os.stat(path).st_mtime_ns) for paths in shelves for path in paths]
    return repr(
        (
            form,
            own,
            job.fixed is not None,
            job.extent,
            job.annotated is not None,
            batch.setting.file_bytes,
            batch.setting.office,
            against.year,
            others,
            batch.listed if others else (),
            None if against.original is None else (against.original.shown, dict(against.original.submission.held)),
        )
    )


def _of_years(
    batch: Batch, years: Mapping[int, int], collected: int | None, others: Sequence[tuple[str, int]]
) -> list[str]:
    """Which files report on another year than most, in a clerk's words; where a year was asked for, each has a finding."""
    if batch.options.year is not None or collected is None or not others:
        return []
    number = sum(years.values()) - years[collected]
    named = "、".join(f"“{path}”（{year} 年）" for path, year in others)
    more = f"等 {number} 个" if number > len(others) else ""
    most = "多数文件是" if 2 * number < sum(years.values()) else "有的文件是"
    head = f"{most} {collected} 年的，不是这一年的有 {number} 个：{named}{more}"
    aside = "，没有算作单位的报送" if batch.listed else ""
    return [f"{head}{aside}；请用 --year 指明本次填报哪一年度的"]


def _of_no_report(skipped: Sequence[str]) -> list[str]:
    """Which documents of folders are no reports, and why, in a clerk's words: nobody said that they are."""
    if not skipped:
        return []
    more = [f"还有 {len(skipped) - _NAMED} 个"] if len(skipped) > _NAMED else []
    head = f"文件夹里有 {len(skipped)} 个文档不是可以核对的年报，没有核对；其中有要核对的，请直接指定该文件"
    return [head, *skipped[:_NAMED], *more]  # each begins with the file's path


def _of_known(roster: Roster, heard_of: frozenset[tuple[str, str]]) -> list[str]:
    """Who is called missing only because what was checked before was not checked again, in a clerk's words."""
    known = [unit.name for unit in roster.missing if identity(unit.name, unit.code).keys & heard_of]
    named = f"{'、'.join(known[:_NAMED])}{'等' if len(known) > _NAMED else ''}"
    said = f"缺报的单位里有 {len(known)} 个以前报送过、这次没有一起核对：{named}；请把以前报送的文件夹也写上，一起核对"
    return [said] if known else []


def _of_roster(roster: Roster) -> list[str]:
    """Who is missing, and what is doubtful, in a clerk's words."""
    missing = [unit.name for unit in roster.missing]
    named = f"：{'、'.join(missing[:_NAMED])}{'等' if len(missing) > _NAMED else ''}" if missing else ""
    head = f"名单上 {len(roster.entries) - len(roster.unasked)} 个单位，缺报 {len(missing)} 个{named}"
    notices = [f"“{entry.unit.name}”{notice}" for entry in roster.entries for notice in entry.notices]
    notices += [f"“{stray.handed.path}”：{stray.reason}" for stray in roster.strays]
    if unasked := roster.unasked:
        told = f"{'、'.join(unit.name for unit in unasked[:_NAMED])}{'等' if len(unasked) > _NAMED else ''}"
        head += f"；另有 {len(unasked)} 个上级单位只由下级单位汇总，没有单独报送，不计缺报：{told}"
    more = [f"还有 {len(notices) - _NAMED} 条类似的情况，见“{SUMMARY_BOOK}”"] if len(notices) > _NAMED else []
    return [head, *notices[:_NAMED], *more]
