"""One run of ``verify`` over planned jobs: who works, what is shown meanwhile, and what is reported at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlcheck.batch.plan import Job
from xlcheck.batch.run import Setting, Told, run
from xlcheck.commands.terminal import fail, paint, say, say_stream, tell
from xlcheck.results.counts import Counts
from xlcheck.results.record import of_entry
from xlcheck.results.table import write_csv
from xlcheck.results.text import counts_text
from xlcheck.results.writing import write_json
from xlcheck.workers.spread import Crew, WorkersLost, crew_for

if TYPE_CHECKING:
    from xlcheck.batch.folder import Results
    from xlcheck.results.document import RosterJson
    from xlcheck.roster.match import Roster
    from xlcheck.roster.units import Unit

_NAMED = 10
"""Of more units or files only the first are named on the terminal."""


class Batch(NamedTuple):
    """What is to be done, and how it is told."""

    work: Sequence[Job]
    setting: Setting
    workers: int | None
    """How many files at a time; None for what the machine has."""
    style: str
    """``text``, ``json`` or ``csv``."""
    quiet: bool
    scheduler: str | None = None
    """The address of a cluster that does the work; None for this machine."""

    def report(self) -> int:
        """Check the files and report on stdout; answers the exit code."""
        counts = Counts()
        entries: list[str] = []
        unwritten = False
        try:
            for _, told in self._checked(self.work, 0):
                counts = counts.add(told.tally)
                unwritten |= told.unwritten
                if self.style != "text":
                    entries.append(told.entry)
        except KeyboardInterrupt:
            tell(f"已停止：核对了 {counts.files} 个文件，还有 {len(self.work) - counts.files} 个没有核对")
            return 2
        except WorkersLost as error:
            raise fail(f"核对中断，后面的文件没有核对（{error}）；请重新运行") from error
        self._print(counts, entries)
        return 2 if unwritten else _exit_code(counts)

    def sum_up(self, folder: Path, resume: bool, units: Sequence[Unit], what: str) -> int:
        """Check the files, and leave the results in a folder; answers the exit code.

        Args:
            folder: where copies and results go.
            resume: whether files that an earlier run did are passed over.
            units: the list to compare with, or empty.
            what: what is checked, as the user gave it.
        """
        from xlcheck.batch.folder import LEDGER, Results
        from xlcheck.batch.ledger import InvalidLedger
        from xlcheck.files.content import why

        try:
            with Results(folder, _options(self.work, self.setting)) as results:
                return self._sum_up(results, folder, resume, units, what)
        except InvalidLedger as error:
            raise fail(
                f"无法使用核对记录“{folder / LEDGER}”（{error}）；如果另一个 xlcheck 正在往这个文件夹写，请等它完成；否则请删除这个文件后重新运行"
            ) from error
        except OSError as error:
            raise fail(f"无法把结果写入“{folder}”（{why(error)}）") from error

    def _sum_up(self, results: Results, folder: Path, resume: bool, units: Sequence[Unit], what: str) -> int:
        from xlcheck.forms.file import form_ids, load_form
        from xlcheck.forms.rules import catalogue

        kept = results.resume(self.work) if resume else set()
        if kept:
            tell(f"{len(kept)} 个文件上次已经核对，内容没有变，不再核对")
        todo = [(position, job) for position, job in enumerate(self.work) if position not in kept]
        unwritten = False
        try:
            for number, told in self._checked([job for _, job in todo], len(kept)):
                results.add(*todo[number], told)
                unwritten |= told.unwritten
        except (KeyboardInterrupt, WorkersLost) as error:
            done = results.counts.files
            why = "" if isinstance(error, KeyboardInterrupt) else f"（{error}）"
            tell(
                f"已停止{why}：核对了 {done} 个文件，还有 {len(self.work) - done} 个没有核对；"
                f"结果记在“{folder}”，用同样的命令加 --resume 可以接着核对"
            )
            return 2
        roster = results.roster(units) if units else None
        named = {job.form for job in self.work if job.form} or set(form_ids())
        rules = {code: rule for name in sorted(named) for code, rule in catalogue(load_form(name)).items()}
        results.write(roster, rules, what)
        if roster is not None:
            _tell_roster(roster)
        tell(f"汇总写在“{folder / '审核汇总.xlsx'}”")
        further = results.further(roster) if self.style == "json" else None
        self._print(results.counts, results.entries_from_here(), further)
        return 2 if unwritten else _exit_code(results.counts)

    def _checked(self, work: Sequence[Job], done: int) -> Iterable[tuple[int, Told]]:
        from xlcheck.commands.progress import Progress

        with self._crew(len(work)) as crew, Progress(len(work) + done, done, self.quiet) as progress:
            for number, told in enumerate(run(work, self.setting, crew)):
                if self.style == "text" or told.trouble:
                    with progress.aside():
                        if self.style == "text":
                            say(told.text)
                        if told.trouble:
                            tell(told.trouble)
                yield number, told
                progress.step()

    def _crew(self, files: int) -> AbstractContextManager[Crew | None]:
        if self.scheduler is not None:
            return _cluster(self.scheduler)
        return crew_for(files, self.workers)

    def _print(self, counts: Counts, entries: Iterable[str], further: RosterJson | None = None) -> None:
        if self.style == "text":
            say(counts_text(counts, paint()))
            return
        with say_stream(self.style == "csv") as stream:
            if self.style == "json":
                write_json(stream, counts, entries, further)
            else:
                write_csv(stream, map(of_entry, entries))


@contextmanager
def _cluster(address: str) -> Iterator[Crew]:
    from xlcheck.workers.cluster import NoCluster, cluster

    try:
        with cluster(address) as crew:
            yield crew
    except NoCluster as error:
        raise fail(str(error)) from error


def _exit_code(counts: Counts) -> int:
    return 2 if counts.unreadable == counts.files else int(counts.errors > 0)


def _options(work: Sequence[Job], setting: Setting) -> str:
    """All that results depend on besides the files' content and the version."""
    job = work[0]
    form = job.form or ""
    own = Path(form).read_text(encoding="utf-8") if form.endswith(".toml") else ""
    shelves = [shelf.paths() if shelf is not None else () for shelf in setting.against]
    others = [(path, os.stat(path).st_mtime_ns) for paths in shelves for path in paths]
    return repr((form, own, job.fixed is not None, job.extent, job.annotated is not None, setting.file_bytes, others))


def _tell_roster(roster: Roster) -> None:
    missing = [unit.name for unit in roster.missing]
    named = f"：{'、'.join(missing[:_NAMED])}{'等' if len(missing) > _NAMED else ''}" if missing else ""
    tell(f"名单上 {len(roster.entries)} 个单位，缺报 {len(missing)} 个{named}")
    notices = [f"“{entry.unit.name}”{notice}" for entry in roster.entries for notice in entry.notices]
    notices += [f"“{stray.handed.path}”：{stray.reason}" for stray in roster.strays]
    for notice in notices[:_NAMED]:
        tell(notice)
    if len(notices) > _NAMED:
        tell(f"还有 {len(notices) - _NAMED} 条类似的情况，见汇总")
