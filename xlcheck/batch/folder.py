"""What a batch leaves in its folder: the record that lets it go on, and its results as workbook, JSON and CSV."""

from __future__ import annotations

import datetime
import hashlib
import io
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from xlcheck import __version__
from xlcheck.batch.ledger import Known, ResultLedger
from xlcheck.batch.plan import Job
from xlcheck.batch.run import Told
from xlcheck.files.content import read_bytes, replacing, write_bytes
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.files.paths import exists, is_remote, make_folder, modified
from xlcheck.forms.rules import Rule
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.times import CHINA
from xlcheck.results.counts import Counts
from xlcheck.results.entries import roster_json
from xlcheck.results.record import Record, of_entry
from xlcheck.results.stored import RESULTS_FILE
from xlcheck.results.table import write_csv
from xlcheck.results.writing import entry_below, write_json
from xlcheck.roster.identity import identity
from xlcheck.roster.match import Roster, match
from xlcheck.roster.units import Unit

if TYPE_CHECKING:
    from xlcheck.batch.earlier import Earlier
    from xlcheck.results.document import RosterJson

LEDGER = Path(".xlcheck", "results.sqlite")
"""Where the record lies in the folder."""

_SECONDS = 60.0
"""A run that is killed loses no more than this of a record behind an address."""

_CSV = "results.csv"
_LITTLE = 4_000_000
"""Characters of entries whose records may lie in memory together; those of more are made anew each time they are asked for."""


class ResultFolder:
    """The results of one run into one folder; use it in a ``with`` statement."""

    def __init__(self, folder: Path, options: str, last_round: Collection[Earlier] = ()) -> None:
        """Open the folder's record.

        Args:
            folder: where everything is written; it exists.
            options: all that a result depends on besides a file's content.
            last_round: the submissions before these ones, where they are compared with any.

        Raises:
            LedgerTrouble: another run works there, or the record is damaged.
            OSError: the folder cannot be written to.
        """
        self._folder = folder
        self._options = hashlib.sha256(f"{__version__}\n{options}".encode()).hexdigest()[:16]
        self._away = _Away(folder / LEDGER) if is_remote(folder) else None
        if self._away:
            self._ledger = ResultLedger(self._away.near.parent, self._away.near.name)
        else:
            self._ledger = ResultLedger(folder, LEDGER.as_posix())
        self.counts = Counts()
        self._last_round = last_round

    def __enter__(self) -> ResultFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._bring()
        finally:
            self._ledger.__exit__(kind, error, trace)
            if self._away:
                self._away.close()

    def _bring(self) -> None:
        if self._away:
            self._away.bring(self._ledger.content())

    def resume(self, jobs: Sequence[Job], file_bytes: int = LIMITS.file_bytes) -> set[int]:
        """Take over what an earlier run found in files that are still the same; answers their positions.

        Args:
            jobs: the files of this run.
            file_bytes: of the largest file that is read, as when they were checked.
        """
        kept = set()
        for position, job in enumerate(jobs):
            known = self._ledger.known(job.shown)
            if known is None or not known.key or known.key != self._key(_digest(job, file_bytes)):
                continue
            if all(exists(self._folder / copy) for copy in (known.annotated, known.fixed) if copy):
                self._ledger.keep(job.shown, position)
                if known.modified != job.modified:
                    self._ledger.redate(job.shown, job.modified)
                self.counts = self.counts.add(known.tally)
                kept.add(position)
        return kept

    def heard_of(self, year: int | None) -> frozenset[tuple[str, str]]:
        """By what the units are known that handed in a file for that year before: one that this run did not check."""
        former = [(one.year, one.unit, one.unit_code) for one in self._ledger.former()]
        former += [(one.year, one.unit, one.unit_code) for one in self._before()]
        return frozenset(pair for of, *who in former if of in (None, year) for pair in identity(*who).keys)

    def _before(self) -> list[Earlier]:
        """The submissions before these ones that this run did not check."""
        checked = self._ledger.tallies().keys() if self._last_round else ()
        return sorted((one for one in self._last_round if one.shown not in checked), key=lambda one: one.shown)

    def others(self, jobs: Iterable[Job]) -> int:
        """How many files an earlier run has results of that are none of this run's."""
        return self._ledger.others({job.shown for job in jobs})

    def add(self, position: int, job: Job, told: Told) -> None:
        """Put down what came of a file."""
        known = Known(self._key(told.digest), told.tally, told.annotated)
        self._ledger.add(job.shown, position, known, told.entry)
        self.counts = self.counts.add(told.tally)
        if self._away and self._away.is_due():
            self._bring()

    def save(self) -> None:
        """Make the record outlive this process."""
        self._ledger.save()

    def _key(self, digest: str) -> str:
        # Without a digest the file could not be read or not be finished; it is tried again.
        return f"{digest}:{self._options}" if digest else ""

    def entries(self) -> Iterator[str]:
        """The entries of the JSON document, in the order of the files; copies are told from the folder on."""
        return self._ledger.documents()

    def entries_from_here(self) -> Iterator[str]:
        """The same with paths of copies that lead there from where the run was started."""
        return (entry_below(self._folder, entry) for entry in self.entries())

    def records(self) -> Iterator[Record]:
        """The same as values."""
        return map(of_entry, self.entries())

    def years(self) -> Mapping[int, int]:
        """How many files report on each year."""
        return self._ledger.years()

    def of_other_years(self, year: int, most: int) -> list[tuple[str, int]]:
        """The first files that report on another year, and which."""
        return self._ledger.of_other_years(year, most)

    def roster(self, units: Sequence[Unit], year: int | None) -> Roster:
        """The list of units with what came in for that year."""
        return match(units, (one.handed for one in self.records()), year)

    def write(self, roster: Roster | None, rules: Mapping[str, Rule], what: str, year: int | None = None) -> None:
        """Write ``results.json``, ``results.csv`` and 审核汇总.xlsx; each is there whole or as it was before.

        Args:
            roster: the list of units with what came in.
            rules: the catalogue.
            what: what was checked, as the user gave it.
            year: the year that is collected, if that is known.

        Raises:
            OSError: one cannot be written.
        """
        self._ledger.finish()
        state = hashlib.sha256(
            repr((self._ledger.state(), roster, what, year, self.further(None))).encode("utf-8", "replace")
        ).hexdigest()
        if self._stamp(state) == self._ledger.written(RESULTS_FILE):
            return  # all that would be written stands there already
        records = self._records_again()
        with (
            replacing(self._folder / RESULTS_FILE) as file,
            io.TextIOWrapper(file, "utf-8", "backslashreplace") as stream,
        ):
            write_json(stream, self.counts, self.entries(), self.further(roster, year))
        with replacing(self._folder / _CSV) as file:
            # Excel and WPS take a CSV file for UTF-8 only when it begins with a mark.
            file.write(b"\xef\xbb\xbf")
            with io.TextIOWrapper(file, "utf-8", "backslashreplace", newline="") as stream:
                write_csv(stream, records())
        from xlcheck.results.summary import book

        now = datetime.datetime.now(CHINA).replace(tzinfo=None)
        with replacing(self._folder / SUMMARY_BOOK) as file:
            book.write_summary(file, records, rules, roster, what=what, when=now)
        self._ledger.write(RESULTS_FILE, self._stamp(state))

    def _records_again(self) -> Callable[[], Iterable[Record]]:
        """Gives all records as often as it is called."""
        if self._ledger.characters() > _LITTLE:
            return self.records
        few = tuple(self.records())
        return lambda: few

    def _stamp(self, state: str) -> str:
        """The state together with the times of the files that tell it; whoever changes one makes it another."""
        return f"{state} {[modified(self._folder / name) for name in (RESULTS_FILE, _CSV, SUMMARY_BOOK)]}"

    def further(self, roster: Roster | None, year: int | None = None) -> RosterJson:
        """What the document says of the whole batch besides its counts."""
        told: RosterJson = {} if year is None else {"year": year}
        if roster is not None:
            told.update(roster_json(roster, self._ledger.tallies()))
        if former := self._ledger.former():
            told["former"] = [one._asdict() for one in former]  # type: ignore[misc]
        if before := self._before():
            told["last_round"] = [
                {"path": one.shown, "unit": one.unit, "unit_code": one.unit_code, "year": one.year} for one in before
            ]
        return told


class _Away:
    """A record that belongs behind an address: it is kept here, and brought there now and then, and at the end."""

    def __init__(self, there: Path) -> None:
        self._there = there
        self._folder = tempfile.TemporaryDirectory(prefix="xlcheck-")
        self._brought = time.monotonic()
        self.near = Path(self._folder.name, there.name)
        if exists(there):
            with suppress(Refused):
                self.near.write_bytes(read_bytes(there, 1 << 40))

    def is_due(self) -> bool:
        """Whether it is time to bring it there."""
        return time.monotonic() - self._brought > _SECONDS

    def bring(self, content: bytes) -> None:
        """Bring it there."""
        make_folder(self._there.parent)
        write_bytes(self._there, content)
        self._brought = time.monotonic()

    def close(self) -> None:
        """Remove it from here."""
        self._folder.cleanup()


def _digest(job: Job, file_bytes: int) -> str:
    """SHA-256 of the file; empty where it cannot be read."""
    try:
        return hashlib.sha256(read_bytes(job.path, file_bytes)).hexdigest()
    except Refused:
        return ""
